"""The tables of a looked-after return: whose and of which year is said, and what is odd is counted."""

from datetime import date

import polars as pl
import pytest
import staysafe as ss

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/2008,WBRI,UN1,,\n2,2,01/03/2009,WBRI,UN1,,\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "1,01/05/2017,S,C2,N1,U4,PR1,,,,,,7\n2,1/6/2016,S,C2,N1,U4,PR1,,,,,,8\n"
)


@pytest.fixture
def tables(tmp_path):
    def make(path: str):
        folder = tmp_path / path
        folder.mkdir(parents=True)
        (folder / "header.csv").write_text(HEADER)
        (folder / "episodes.csv").write_text(EPISODES)
        return folder

    return make


def test_a_folder_beside_a_census(tables, census):
    data = ss.read_returns(census, tables("ssda903"), year=2018, area="999")
    assert len(data) == 2 and data.areas == ["999", "999"]
    assert len(data.tables["episode"]) == 2 and len(data.tables["referral"]) > 0


def test_an_authority_goes_by_any_of_its_codes_and_the_year_is_the_cover(tables):
    data = ss.read_returns(tables("ssda903"), year=2018, area="805")
    assert data.areas == ["E06000001"]
    rejects = data.rejects.to_polars()
    assert rejects.select("return", "line", "element", "code", "value").rows() == [
        ("ssda903/episodes.csv", 3, "DECOM", "bad-date", "(masked)")
    ]
    episodes = data.tables["episode"].to_polars()
    assert episodes["decom"].null_count() == 1 and episodes["child"].to_list() == ["1", "2"]
    figures = ss.lscb().calculate(data, indicators=["cs-20"]).to_polars()
    assert set(figures["period"]) >= {"2017-18"} and not any("2016" in period for period in figures["period"])


def test_without_a_year_there_is_no_figure(tables):
    data = ss.read_returns(tables("ssda903"), area="E06000001")
    assert any("return year unknown" in notice for notice in data.notices)
    figures = ss.lscb().calculate(data, "2017-18", indicators=["cs-20"]).to_polars()
    assert figures["outcome"].to_list() == ["not-reported"]


def test_folders_named_by_a_pattern(tables, tmp_path):
    tables("returns/805/2017-18")
    tables("returns/E09000001/2018")
    data = ss.read_returns(tmp_path / "returns", pattern="{area}/{year}/*.csv")
    assert sorted(data.areas) == ["E06000001", "E09000001"]
    with pytest.raises(ss.ReturnError, match="say it once"):
        ss.read_returns(tmp_path / "returns", pattern="{area}/{year}/*.csv", year=2018)
    with pytest.raises(ss.ReturnError, match="neither {area} nor {year}"):
        ss.read_returns(tmp_path / "returns", pattern="*.csv", year=2018, area="805")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"year": 2018}, "says whose it is"),
        ({"year": 18, "area": "805"}, "four digits"),
        ({"year": 2018, "area": "Hartlepool"}, "give the code of Hartlepool: E06000001"),
    ],
)
def test_what_is_not_given_is_asked_for(tables, words, message):
    with pytest.raises(ss.ReturnError, match=message):
        ss.read_returns(tables("ssda903"), **words)


XML = """<EXPSSDA903 LA="805" YEAR="2018">
<CHILD><HEADER><CHILDID>1</CHILDID><SEX>1</SEX><DOB>01/02/2008</DOB></HEADER>
<EPISODE><DECOM>01/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL></EPISODE></CHILD>
<CHILD><HEADER><CHILDID>2</CHILDID><SEX>2</SEX><DOB>soon</DOB></HEADER></CHILD>
</EXPSSDA903>
"""


def test_the_xml_form_says_itself_whose_it_is_and_stands_beside_a_census(tmp_path, census):
    path = tmp_path / "903.xml"
    path.write_text(XML)
    data = ss.read_returns(path)
    assert data.areas == ["E06000001"]
    assert data.tables["episode"].to_polars()["placement_urn"].null_count() == 1
    rejects = data.rejects.to_polars()
    assert ("903.xml", 4, "DOB", "bad-date") in rejects.select("return", "line", "element", "code").rows()
    figures = ss.lscb().calculate(data, "2017-18", indicators=["cs-20"]).to_polars()
    assert figures["value"].to_list() == [1.0]
    assert len(ss.read_returns(census, path)) == 2
    with pytest.raises(ss.ReturnError, match="the return of 2018, and 2019 was given"):
        ss.read_returns(path, year=2019)
    with pytest.raises(ss.ReturnError, match="which is another"):
        ss.read_returns(path, area="E06000002")


def test_a_second_reading_stands_beside_its_indicator(tmp_path):
    (tmp_path / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/2010,WBRI,UN1,,\n")
    head = EPISODES.splitlines()[0]
    moves = [
        "1,01/05/2017,S,C2,N1,U4,PR1,01/08/2017,X1,CHILD,,,7",
        "1,01/08/2017,T,C2,N1,U4,PR1,01/12/2017,X1,CHILD,,,8",
        "1,01/12/2017,U,C2,N1,U6,PR1,,,,,,9",
    ]
    (tmp_path / "episodes.csv").write_text("\n".join([head, *moves]) + "\n")
    data = ss.read_returns(tmp_path, year=2018, area="805")
    lscb = ss.lscb()
    both = lscb.calculate(data, "2017-18", indicators=["cs-04"], readings=True)
    assert both.indicators == ["cs-04", "cs-04@same-carer"]
    assert both["cs-04"].to_polars()["numerator"].to_list() == [0]
    assert both["cs-04@same-carer"].to_polars()["numerator"].to_list() == [1]
    assert both.title("cs-04@same-carer").endswith(": With a move that keeps the carer counted as another placement")
    alone = lscb.calculate(data, "2017-18", indicators=["cs-04@same-carer"])
    assert alone.indicators == ["cs-04@same-carer"]
    with pytest.raises(KeyError, match="did you mean 'cs-04@same-carer'"):
        alone["cs-04@same-carrer"]


def test_a_population_table_beside_the_return_gives_the_rate():
    episodes = pl.DataFrame(
        {
            "child": ["A", "B", "C"],
            "decom": [date(2017, 5, 1)] * 3,
            "rne": ["S"] * 3,
            "legal_status": ["C2", "C2", "V4"],
            "dec": pl.Series([None, None, None], dtype=pl.Date),
        }
    )
    children = pl.DataFrame({"child": ["A", "B", "C"], "birth_date": [date(2008, 1, 1)] * 3})
    people = pl.DataFrame(
        {
            "area": ["E06000001"] * 2,
            "mid_year": [date(2017, 6, 30)] * 2,
            "age": [5, 17],
            "persons": [9_000, 1_000],
            "used_from": [date(2017, 4, 1)] * 2,
            "used_to": [date(2018, 4, 1)] * 2,
        }
    )
    looked_after = ss.from_tables(
        {"episode": episodes, "looked_after_child": children},
        area="E06000001",
        kind="ssda903",
        cover=(date(2017, 4, 1), date(2018, 3, 31)),
    )
    data = looked_after + ss.from_tables({"population": people}, area="E06000001", kind="ons-population")
    assert len(data) == 2
    rows = ss.lscb().calculate(data, periods=["2017-18"])["cs-21"].to_polars()
    assert rows.select("numerator", "denominator", "value").row(0) == (2, 10_000, 2.0)
    alone = ss.lscb().calculate(looked_after, periods=["2017-18"])["cs-21"].to_polars()
    assert alone["outcome"].to_list() == ["not-reported"]


def test_scores_of_an_earlier_year_are_not_those_of_the_latest(tmp_path):
    def year(ending: int, score: int):
        folder = tmp_path / str(ending)
        folder.mkdir()
        (folder / "header.csv").write_text(HEADER)
        (folder / "episodes.csv").write_text(EPISODES.replace("01/05/2017,S", "01/05/2014,S"))
        (folder / "oc2.csv").write_text(
            "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
            "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n"
            f"1,01/02/2008,{score},,0,1,1,1,1,0,0,0\n"
        )
        return folder

    earlier, later = year(2017, 10), year(2018, 20)

    def scores(*folders, **options):
        data = ss.read_returns(*folders, area="E06000001", **options)
        rows = ss.lscb().calculate(data, periods=["2016-17", "2017-18"], indicators=["cs-24"])["cs-24"].to_polars()
        return {row["period"]: (row["outcome"], row["value"]) for row in rows.to_dicts()}

    both = scores(tmp_path, pattern="{year}/*.csv")
    assert both["2017-18"] == ("figure", 20.0)
    assert both["2016-17"] == ("not-reported", None), "no row says of which year it is"
    assert scores(earlier, year=2017)["2016-17"] == ("figure", 10.0)
    assert scores(later, year=2018)["2017-18"] == ("figure", 20.0)
