"""Several returns of one authority: what a notebook sees of them."""

import datetime as dt

import polars
import pytest
import staysafe as ss


def plans(rows):
    columns = ["child", "referral", "plan", "plan_start", "plan_end"]
    return polars.DataFrame(
        rows,
        schema={
            "child": polars.String,
            "referral": polars.Int64,
            "plan": polars.Int64,
            "plan_start": polars.Date,
            "plan_end": polars.Date,
        },
        orient="row",
    ).select(columns)


def test_a_table_of_records_that_stood_twice():
    rows = polars.DataFrame({"child": ["A", "A", "B"], "disability": ["VIS", "VIS", "VIS"]})
    data = ss.from_tables({"disability": rows}, area="999", kind="cin-census")
    [found] = data.revisions().to_arrow().to_pylist()
    assert found["what"] == "duplicate"
    assert found["record"] == "child (masked), disability VIS"
    [shown] = data.revisions(show_values=True).to_arrow().to_pylist()
    assert shown["record"] == "child A, disability VIS"
    assert "child A" not in repr(data.revisions(show_values=True))


def test_nothing_stood_twice(data):
    assert data.revisions().to_arrow().num_rows == 0


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    import subprocess

    from conftest import program

    folder = tmp_path_factory.mktemp("years")
    made = [program("STAYSAFE_SYNTH", "staysafe-synth"), "--out", str(folder), "--children", "400"]
    subprocess.run([*made, "--year", "2025", "--years", "2"], check=True)
    return [folder / "cin2024.xml", folder / "cin2025.xml"]


def test_two_years_in_any_order(framework, years):
    asked = {"periods": ["2023-24", "2024-25", "2024-25 Q1"], "indicators": ["ctx-referrals", "cs-06", "cs-09"]}
    forwards = framework.calculate(ss.read_returns(*years), **asked).to_arrow()
    backwards = framework.calculate(ss.read_returns(*reversed(years)), **asked).to_arrow()
    assert forwards.equals(backwards)
    figures = [row for row in forwards.to_pylist() if row["indicator"] == "ctx-referrals"]
    assert [row["outcome"] for row in figures] == ["figure"] * 3
    revised = ss.read_returns(*years).revisions().to_polars()
    assert set(revised["what"]) == {"revised"}
    assert revised.height > 10
