"""Tables are loaded once and calculated from often, and no figure depends on it."""

from datetime import date

import numpy
import pandas
import polars
import pytest
import staysafe as ss

DAY = date(2023, 5, 2)


def referrals(numbers):
    return polars.DataFrame({"child": [f"K{n}" for n in numbers], "referral": list(numbers), "referral_date": [DAY] * len(numbers)})


@pytest.fixture(scope="module")
def tables(data):
    """A whole census as tables, without the column that says whose they are."""
    return {name: table.to_polars().drop("area") for name, table in data.tables.items()}


def figures(results):
    return results.to_polars().drop("notes").rows()


def test_a_census_gives_the_same_from_tables_loaded_and_as_records(framework, tables):
    handed = ss.from_tables(tables, area="E06000001", kind="cin-census")
    loaded = framework.load(tables, area="E06000001", kind="cin-census")
    assert loaded.as_records is None and repr(loaded).endswith("rows in columns, 0 rejects>")
    assert loaded.rows == sum(len(table) for table in handed.tables.values())
    assert (loaded.fingerprint, loaded.areas) == (handed.fingerprint, handed.areas)
    # Parts of several returns are counted from records.
    records = framework.finish(framework.calculate_part(handed, ["2023-24", "2023-24 Q2"]))
    for given in (handed, loaded):
        found = framework.calculate(given, ["2023-24", "2023-24 Q2"], beyond_cover=False)
        assert found.to_json() == records.to_json()
        assert framework.calculate(given, beyond_cover=True).to_polars().height > found.to_polars().height


def test_what_was_read_from_files_is_loaded_too(framework, data):
    loaded = framework.load(data)
    assert type(loaded) is ss.Loaded and isinstance(loaded, ss.Returns)
    assert framework.calculate(loaded).to_json() == framework.calculate(data).to_json()
    assert loaded.rejects.to_polars().equals(data.rejects.to_polars())
    assert loaded.profile.to_polars().equals(data.profile.to_polars())


def test_several_returns_of_an_authority_stand_side_by_side(framework):
    people = polars.DataFrame({"area": ["999"], "mid_year": [date(2023, 6, 30)], "age": [5], "persons": [5000]})
    census = ss.from_tables({"referral": referrals([3, 1])}, area="999", kind="cin-census")
    population = ss.from_tables({"population": people}, area="999", kind="ons-population")
    both = framework.load([census, population])
    assert repr(both) == "<Loaded: 2 returns, 3 rows in columns, 0 rejects>"
    assert both.fingerprint == (census + population).fingerprint == (population + census).fingerprint
    found = framework.calculate(both, "2023-24 Q1", indicators=["ctx-referrals"])
    assert found.to_json() == framework.calculate(census + population, "2023-24 Q1", indicators=["ctx-referrals"]).to_json()
    assert sorted((census + population).tables) == ["population", "referral"]


def test_rows_that_only_records_can_settle_stay_records(framework):
    twice = polars.DataFrame({"child": ["A", "B", "B"], "disability": ["VIS", "VIS", "VIS"]})
    loaded = framework.load({"disability": twice}, area="999", kind="cin-census")
    assert "1 rows of 'disability' under keys" in loaded.as_records and "as records" in repr(loaded)
    handed = ss.from_tables({"disability": twice}, area="999", kind="cin-census")
    assert len(handed.revisions()) == len(loaded.revisions()) == 1
    one = ss.from_tables({"referral": referrals([1])}, area="999", kind="cin-census", cover=(date(2022, 4, 1), date(2023, 3, 31)))
    two = ss.from_tables({"referral": referrals([1])}, area="999", kind="cin-census", cover=(date(2023, 4, 1), date(2024, 3, 31)))
    both = framework.load([one, two])
    assert "both carry 'referral'" in both.as_records
    assert framework.calculate(both).to_json() == framework.calculate(one + two).to_json()


def test_single_rows_are_as_they_were_handed_over(framework):
    table = referrals([1, 2, 3]).with_columns(child=polars.Series(["A", None, "C"]))
    loaded = framework.load({"referral": table}, area="999", kind="cin-census", cover=(date(2023, 4, 1), date(2024, 3, 31)))
    assert [reject["code"] for reject in loaded.rejects.to_arrow().to_pylist()] == ["blank"]
    cases = framework.cases(loaded, "ctx-referrals", period="2023-24").to_arrow().to_pylist()
    assert [case["record"] for case in cases] == [1, 3]


def test_what_is_written_into_an_array_afterwards_changes_nothing(framework):
    numbers = numpy.array([1, 2])
    frame = pandas.DataFrame({"referral": numbers, "child": ["A", "B"], "referral_date": [DAY, DAY]}, copy=False)
    data = ss.from_tables({"referral": frame}, area="999", kind="cin-census")
    numbers[:] = 7
    assert data.tables["referral"].to_polars()["referral"].to_list() == [1, 2]
    assert framework.calculate(data, "2023-24", indicators=["ctx-referrals"]).to_polars()["numerator"].to_list() == [2]


def test_definitions_change_and_what_was_loaded_stays(tmp_path):
    def framework(title, field):
        (tmp_path / "datasets").mkdir(exist_ok=True)
        (tmp_path / "indicators").mkdir(exist_ok=True)
        (tmp_path / "framework.toml").write_text('id = "f"\ntitle = "F"\nscope = "all"')
        (tmp_path / "agencies.toml").write_text('[[agency]]\nid = "h"\nname = "H"')
        (tmp_path / "datasets" / "cases.toml").write_text(
            'id = "cases"\ntitle = "C"\ncarried_by = "cases"\nholder = "h"\narea = "given"\nrow = "a case"\n'
            f'field = [{{ name = "opened", type = "date" }}, {{ name = "score", type = "{field}" }}]'
        )
        (tmp_path / "indicators" / "i.toml").write_text(
            f'id = "i"\ntitle = "{title}"\nkind = "proportion"\npolarity = "neutral"\ncycle = "quarter"\nholder = "h"\n'
            '[calculation]\nfrom = "cases"\nwhen = { date = "opened" }\nnumerator = "score > 1"\n'
        )
        loaded = ss.load(tmp_path)
        assert not loaded.check().has_errors, str(loaded.check())
        return loaded

    first = framework("One", "whole number")
    loaded = first.load({"cases": polars.DataFrame({"opened": [DAY] * 3, "score": [1, 2, 3]})}, area="a", kind="cases")
    for other in (first, framework("Another", "whole number"), framework("Another", "number")):
        assert other.calculate(loaded, "2023-24 Q1").to_polars()["numerator"].to_list() == [2]


def test_what_cannot_be_loaded_is_told(framework, data):
    with pytest.raises(TypeError, match=r"area=\.\.\., kind="):
        framework.load({"referral": referrals([1])})
    with pytest.raises(TypeError, match="those of tables"):
        framework.load(data, area="999")
    for nothing in ([], 7, [7], "returns"):
        with pytest.raises(TypeError, match="a dict of tables is expected"):
            framework.load(nothing)
    with pytest.raises(ss.ReturnError, match="did you mean 'referral_date'"):
        framework.load({"referral": referrals([1]).rename({"referral_date": "referal_date"})}, area="9", kind="cin-census")
