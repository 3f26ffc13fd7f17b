"""Python says what the command line says."""

import json
from datetime import date

import pytest
import staysafe as ss


def test_figures_are_those_of_the_command_line(cli, census, results):
    said = json.loads(cli("calculate", census, "--by", "area", "--format", "json"))
    ours = json.loads(results.to_json())
    assert ours == said
    assert sum(row["outcome"] == "figure" for row in ours["rows"]) > 100


def test_figures_beyond_the_cover_are_those_of_the_command_line(cli, census, framework, data):
    words = ["--beyond-cover", "--indicator", "ctx-referrals", "--format", "json"]
    said = json.loads(cli("calculate", census, *words))
    ours = framework.calculate(data, by=[], beyond_cover=True, indicators=["ctx-referrals"])
    assert json.loads(ours.to_json()) == said
    assert any("survivors-only" in row["flags"] for row in said["rows"])


def test_the_table_holds_the_figures_of_the_json(results):
    table = results.to_arrow().to_pylist()
    rows = json.loads(results.to_json())["rows"]
    assert len(table) == len(rows) == len(results)
    for cell, row in zip(table, rows, strict=True):
        assert (cell["indicator"], cell["period"], cell["outcome"]) == (row["indicator"], row["period"], row["outcome"])
        assert cell["numerator"] == row["numerator"]
        assert cell["denominator"] == row["denominator"]
        if row["value"] is not None:
            assert cell["value"] == pytest.approx(row["value"], abs=1e-6)
        else:
            assert cell["value"] is None


def test_periods_may_be_labels_or_periods(framework, data):
    quarters = ss.quarters("2023-24", "2023-24")
    assert [str(quarter) for quarter in quarters] == [f"2023-24 Q{number}" for number in (1, 2, 3, 4)]
    asked = [quarters, [str(quarter) for quarter in quarters], [quarters[0], "2023-24 Q2", *quarters[2:]]]
    given = {framework.calculate(data, periods, indicators=["ctx-referrals"]).to_json() for periods in asked}
    assert len(given) == 1
    alone = framework.calculate(data, quarters[0], indicators=["ctx-referrals"])
    assert [row["period"] for row in alone.to_arrow().to_pylist()] == ["2023-24 Q1"]


def test_one_indicator_is_chosen_by_its_id(results):
    one = results["ctx-referrals"]
    assert one.indicators == ["ctx-referrals"]
    assert 0 < len(one) < len(results)
    assert set(one.to_polars()["indicator"]) == {"ctx-referrals"}


def test_the_gap_is_that_of_the_command_line(cli, census, framework, data):
    said = json.loads(cli("gap", census, "--date", "2024-06-01", "--format", "json"))
    gap = framework.gap(data, date=date(2024, 6, 1))
    assert json.loads(gap.to_json()) == said
    assert sum(gap.headlines.values()) == 76
    assert set(gap.to_polars().filter(listed=True)["headline"]) == set(gap.headlines)


def test_the_gap_matrix_is_that_of_the_command_line(cli, census, framework, data):
    periods = ["2023-24 Q1", "2023-24"]
    said = cli(
        "gap", census, "--date", "2024-06-01", "--periods", ",".join(periods), "--by", "period,agency", "--format", "csv"
    )
    rows = framework.gap(data, date=date(2024, 6, 1), periods=periods, by=["period", "agency"]).to_polars()
    assert len(said.splitlines()) == len(rows) + 1
    assert set(rows["agency"]) >= {"childrens-services", "police"}
    with pytest.raises(ss.Error, match="period, area, agency"):
        framework.gap(data, by=["ward"])


def test_a_loss_that_is_supposed_moves_those_that_need_it(framework, data):
    gap = framework.gap(data, date=date(2024, 6, 1))
    moved = gap.what_if("lose dataset section_47").to_polars()
    assert set(moved.filter(listed=True)["indicator"]) == {"cs-14", "nsdu-02"}
    assert len(gap.what_if("lose dataset section_47", "gain dataset section_47").to_polars().filter(listed=True)) == 0
    with pytest.raises(ss.Error, match="did you mean 'section_47'"):
        gap.what_if("lose dataset section_4")
    absent = gap.absences(framework.calculate(data, periods="2023-24 Q1", indicators=["cs-20"])).to_polars()
    assert absent["obstacle"].to_list() == ["held-not-yet-supplied"]
    assert max(gap.bundles.to_polars()["unlocks"]) > 3
    assert "referral" in set(gap.arrived.to_polars()["dataset"])
    plans = gap.arrived.to_polars().filter(dataset="child_protection_plan", field="plan_start").to_dicts()
    assert [(row["rows"], row["known"], row["rejected_records"]) for row in plans] == [(plans[0]["rows"],) * 2 + (0,)]
    assert (plans[0]["last"] - plans[0]["first"]).days in (364, 365)
    [need] = gap.needed.to_polars().filter(indicator="cs-06").to_dicts()
    assert (need["dataset"], need["fields"], need["due"]) == ("child_protection_plan", "plan_end, plan_start", "quarter")
    assert "24 months (anniversary)" in need["reaches_back"]
    databases = gap.supplied.to_polars().filter(agency="caf-coordinator").to_dicts()
    assert [row["dataset"] for row in databases] == ["caf"]



def test_why_is_that_of_the_command_line(cli, census, framework, data):
    late = framework.cases(data, "ctx-assessment-45", period="2023-24", late=True).to_arrow().to_pylist()
    assert late, "the council has a late assessment"
    key = late[0]["key"]
    words = ["--indicator", "ctx-assessment-45", "--key", key, "--period", "2023-24", "--format", "json"]
    said = json.loads(cli("why", census, *words))
    ours = framework.why(data, "ctx-assessment-45", key=key, period="2023-24").to_arrow().to_pylist()
    assert [(case["standing"], case["why"]) for case in ours] == [(case["standing"], case["words"]) for case in said]


def test_the_tests_inside_the_definitions_hold(framework):
    verified = framework.verify()
    assert verified.run > 20
    assert len(verified.findings) == 0, str(verified.findings)


def test_a_scorecard_is_written(framework, data, tmp_path):
    card = framework.report(data, tmp_path, date=date(2024, 6, 1))
    assert card.html.read_text(encoding="utf-8").startswith("<!")
    assert json.loads(card.json.read_text(encoding="utf-8"))["audience"] == {"for": "publication"}
    assert card.markdown.is_file()
    assert "76" in str(card)
    board = framework.report(data, tmp_path / "board", for_="board", recipient="The board", date=date(2024, 6, 1))
    assert "The board" in board.html.read_text(encoding="utf-8")


def test_before_anything_has_arrived_the_framework_says_what_it_needs(framework):
    gap = framework.gap(date=date(2010, 7, 1))
    assert gap.headlines == {"out-of-scope": 1, "superseded": 1, "discontinued": 4, "gap": 70}
    assert gap.unlocks.to_arrow().to_pylist()[0]["name"] == "Local authority children's social care"
    assert len(gap.arrived) == 0


def test_a_notebook_shows_the_gaps_as_pictures(framework, data):
    gap = framework.gap(data, date=date(2024, 6, 1))
    cells = gap.by_source.to_arrow().to_pydict()
    assert cells["supply"][cells["indicator"].index("cs-14")] == "available"
    shown = gap._repr_html_()
    assert shown.count('<span class="said">') == len(gap.by_source)
    assert "<script" not in shown
    assert shown in gap.to_html()


def test_identities_hold_or_are_broken_with_the_places_behind(framework, tmp_path):
    plans = tmp_path / "plans.csv"
    plans.write_text(
        "Return,child_protection_plan\nArea,E06000001\nFirst day,2010-04-01\nLast day,2011-03-31\n"
        "child,plan,plan_start,plan_end,latest_category\n"
        "one,1,2010-05-01,,NEG\ntwo,2,2010-07-01,2010-12-01,EMO\nthree,3,2010-09-15,2010-05-15,NEG\n"
    )
    asked = ["ctx-plans-open-episodes", "rev-04", "rev-05"]
    results = framework.calculate(ss.read_returns(plans), ["2010-11 Q1", "2010-11 Q2", "2010-11 Q3"], indicators=asked)
    rows = {row["period"]: row for row in results.identities.to_polars().to_dicts()}
    assert [row["outcome"] for row in rows.values()] == ["cannot-be-checked", "broken", "holds"]
    assert rows["2010-11 Q1"]["indicator"] == "ctx-plans-open-episodes"
    # A plan that ended before it began started in this quarter, ended in the one before, and was never open.
    broken = rows["2010-11 Q2"]
    assert (broken["found"], broken["expected"], broken["records"]) == (2, 3, 1)
    assert broken["places"] == "plans.csv: child_protection_plan, row 8"
    assert "three" not in str(rows)
