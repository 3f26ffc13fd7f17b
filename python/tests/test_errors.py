"""What goes wrong says what it is, what was expected and how to mend it."""

import pickle
from datetime import date, datetime

import polars
import pytest
import staysafe as ss

REFERRALS = polars.DataFrame({"child": ["A"], "referral": [1], "referral_date": [date(2023, 5, 2)]})


def made(tables=None, **words):
    return ss.from_tables(tables or {"referral": REFERRALS}, **{"area": "999", "kind": "cin-census", **words})


def test_the_tree_of_exceptions():
    assert issubclass(ss.DefinitionError, ss.Error)
    assert issubclass(ss.ReturnError, ss.Error)
    assert issubclass(ss.Error, ValueError)


@pytest.mark.parametrize(
    ("tables", "words", "message"),
    [
        ({"referal": REFERRALS}, {}, "no dataset 'referal'; did you mean 'referral'"),
        ({"referral": REFERRALS.rename({"referral_date": "referal_date"})}, {}, "did you mean 'referral_date'"),
        ({"referral": REFERRALS.drop("child")}, {}, "no column 'child', which may not be blank"),
        ({"referral": REFERRALS.with_columns(referral_date=5)}, {}, "the field is a date"),
        (None, {"kind": "school-census"}, "is carried by 'cin-census', not by 'school-census'"),
        (None, {"cover": (date(2024, 1, 1), date(2023, 1, 1))}, "ends on 2023-01-01, before it begins"),
    ],
)
def test_tables_that_do_not_fit(tables, words, message):
    with pytest.raises(ss.ReturnError, match=message):
        made(tables, **words)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (REFERRALS.lazy(), "call .collect\\(\\)"),
        ({"child": ["A"]}, "a table is expected .*, not dict"),
        (REFERRALS["child"], "cannot be read|a table is expected"),
    ],
)
def test_things_that_are_no_table(table, message):
    with pytest.raises(TypeError, match=message):
        made({"referral": table})


def test_files_that_are_no_return(tmp_path):
    other = tmp_path / "plan.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(ss.ReturnError) as error:
        ss.read_returns(tmp_path / "none.xml", other)
    assert "none.xml" in str(error.value) and "plan.csv" in str(error.value), "every refused file is named at once"
    with pytest.raises(TypeError, match="at least one file"):
        ss.read_returns()


def test_of_a_truncated_census_the_whole_children_count_and_every_figure_is_marked(census, tmp_path):
    whole = census.read_bytes()
    part = tmp_path / "part.xml"
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ss.ReturnError, match="truncated"):
        ss.read_returns(part, refuse_truncated=True)
    read = ss.read_returns(part)
    assert 0 < len(read.tables["child"]) < len(ss.read_returns(census).tables["child"])
    figures = ss.lscb().calculate(read, indicators=["ctx-referrals"]).to_pandas()
    assert figures["flags"].str.contains("partly-reported").all()


def test_a_census_that_names_itself_refuses_another_name(census):
    with pytest.raises(ss.ReturnError, match="not of 2019; leave year out"):
        ss.read_returns(census, year=2019)
    with pytest.raises(ss.ReturnError, match="not E06000001; leave area out"):
        ss.read_returns(census, area="E06000001")
    assert len(ss.read_returns(census, year=2024, area="999")) == 1


def test_an_authority_goes_by_any_of_its_codes(council):
    census = council("--lea", "201", "--children", "5")
    assert ss.read_returns(census, area="E09000001").areas == ["201"]


def test_tables_of_two_authorities_stay_apart(council, census):
    both = ss.read_returns(census, council("--lea", "201", "--children", "5", "--year", "2024"))
    assert len(both) == 2 and both.areas == ["999", "201"]
    assert both.tables["child"].to_polars()["area"].unique().sort().to_list() == ["201", "999"]


def test_an_unknown_indicator_is_a_key_error_with_the_nearest_name(framework, results):
    data = made()
    for asked in (
        lambda: results["ctx-referal"],
        lambda: framework.calculate(data, "2023-24", indicators=["ctx-referal"]),
        lambda: framework.why(data, "ctx-referal", key="A"),
    ):
        with pytest.raises(KeyError, match="did you mean 'ctx-referrals'"):
            asked()


def test_questions_that_cannot_be_answered(framework):
    data = made()
    with pytest.raises(ss.Error, match="no period to calculate"):
        framework.calculate(data)
    with pytest.raises(ss.Error, match="is not a period"):
        framework.calculate(data, "2010-13")
    with pytest.raises(ss.Error, match="cannot be kept apart by 'ward'"):
        framework.calculate(data, "2023-24", by=["ward"])
    with pytest.raises(ss.Error, match="need a recipient"):
        framework.report(data, "nowhere", for_="board")
    with pytest.raises(ss.Error, match="a publication has no recipient"):
        framework.report(data, "nowhere", recipient="The board")
    with pytest.raises(TypeError, match="take its .date"):
        ss.working_days(datetime(2023, 1, 3, 9), date(2023, 1, 4))


def test_definitions_with_mistakes(tmp_path):
    (tmp_path / "framework.toml").write_text('id = "board"\ntitle = "A board"\nscope = "all"\n')
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "a.toml").write_text('id = "a"\ntitel = "A"\nkind = "propotion"\n')
    framework = ss.load(tmp_path)
    findings = framework.check()
    assert findings.has_errors
    assert findings.to_polars().filter(code="unknown-key")["line"].to_list() == [2]
    assert "propotion" in str(findings) and "propotion" in findings._repr_html_()
    with pytest.raises(ss.DefinitionError) as error:
        framework.calculate(made(), "2023-24")
    assert len(error.value.diagnostics) == len(findings) > 1
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ss.Error, match="no definitions are here"):
        ss.load(empty)


def test_parameters_are_checked():
    framework = ss.lscb(parameters={"no_such_parameter": 3})
    assert framework.check().has_errors
    assert "no_such_parameter" in str(framework.check())


def test_a_period_is_a_value():
    period = ss.Period("2010-11 q1")
    assert period == ss.Period("2010-11 Q1") and hash(period) == hash(ss.Period("2010-11 Q1"))
    assert period < ss.Period("2010-11 Q2")
    assert repr(period) == "Period('2010-11 Q1')"
    assert pickle.loads(pickle.dumps(period)) == period
