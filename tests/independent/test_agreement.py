"""Every figure of the command against the independent script's: exactly equal, or absent for the same reason."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

import pytest

from census import Census, read
from days import Period, financial_year, inside
from figures import FORMULAS, figures
from messy import Messy

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "cin-census"
REAL = SHARED / "fake_CIN_data.xml"
SEEDS = [1, 2, 20260331]


def program(name: str) -> str:
    return os.environ.get(name.upper().replace("-", "_")) or str(ROOT / "target" / "debug" / name)


def calculated(file: Path, periods: list[Period], *options: str) -> dict[tuple[str, str], list[dict]]:
    """The command's rows by indicator and period: the one that a row speaks of, and those it is shown for.

    A measure that is not due in a period shows there what its definition says, under that period's own name.
    """
    asked = ",".join(period.label for period in periods)
    command = [program("staysafe"), "calculate", str(file), "--format", "json", "--periods", asked, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows: dict[tuple[str, str], list[dict]] = {}
    for row in json.loads(done.stdout)["rows"]:
        for period in (row["period"], *row["shown_for"]):
            rows.setdefault((row["indicator"], period), []).append(row)
    return rows


def as_figure(rows: list[dict]) -> dict:
    """The command's rows of one indicator and period, in the script's form."""
    if any(row["category"] is not None for row in rows):
        counts = {row["category"]: row["numerator"] for row in rows}
        return {"categories": {category: n for category, n in counts.items() if n}}
    [row] = rows
    if row["outcome"] != "figure":
        return {"absent": row["outcome"]}
    if row["statistic"] == "count":
        return {"count": row["value"]}
    return {"numerator": row["numerator"], "denominator": row["denominator"]}


def over_nothing(expected: dict) -> dict:
    """A share of nothing is undefined (ruling 10)."""
    return {"absent": "undefined"} if expected.get("denominator") == 0 else expected


def agree(census: Census, file: Path, periods: list[Period], *options: str) -> None:
    """Compares every figure of every period, and says all that differ at once."""
    rows = calculated(file, periods, *options)
    different = []
    for period in periods:
        for indicator, expected in figures(census, period).items():
            found = as_figure(rows[indicator, period.label])
            if found != over_nothing(expected):
                different.append(f"{indicator} {period.label}: script {expected}, command {found}")
    assert not different, "\n".join(different)


def all_years(census: Census) -> list[Period]:
    """Financial years from the first referral on, up to the reference date."""
    days = [day for day in census.tables["referral"]["referral_date"] if isinstance(day, dt.date)]
    first = min(days)
    start = first.year if first.month >= 4 else first.year - 1
    return [year for year in map(financial_year, range(start, census.last.year + 1)) if year.first <= census.last]


real = pytest.mark.skipif(not REAL.exists(), reason="left out: ../shared/data/cin-census is not there")


@real
def test_real_file_inside_its_cover():
    census = read(REAL)
    agree(census, REAL, inside(census.first, census.last))


@real
def test_real_file_in_all_years_beyond_its_cover():
    census = read(REAL)
    agree(census, REAL, all_years(census), "--beyond-cover")


@real
def test_real_file_refuses_an_earlier_quarter():
    rows = calculated(REAL, [Period("2019-20 Q1", dt.date(2019, 4, 1), dt.date(2019, 6, 30))])
    assert {row["outcome"] for row in rows["ctx-referrals", "2019-20 Q1"]} == {"not-reported"}


@real
@pytest.mark.parametrize("name", ["CIN_Census_2021.xml", "CIN_Census_2024.xml"])
def test_real_files_with_every_module(name):
    census = read(SHARED / name)
    agree(census, SHARED / name, inside(census.first, census.last))


@pytest.mark.parametrize("seed", SEEDS)
def test_synthetic_council(seed, tmp_path):
    file = tmp_path / "census.xml"
    made = [program("staysafe-synth"), "--seed", str(seed), "--children", "500", "--out", str(file)]
    subprocess.run(made, check=True, capture_output=True)
    census = read(file)
    assert len(census.tables) == 9, "the synthetic council carries every module that the script knows"
    agree(census, file, inside(census.first, census.last))
    agree(census, file, all_years(census), "--beyond-cover")


def test_every_calculated_indicator_of_a_census_has_an_independent_twin():
    """A new indicator that a census can feed needs a line here, or a reason."""
    shown = subprocess.run(
        [program("staysafe"), "plan", "--periods", "2021-22", "--format", "json"], capture_output=True, text=True, check=True
    )
    census = {
        "child", "disability", "referral", "assessment", "assessment_factor", "cin_plan", "section_47",
        "child_protection_plan", "child_protection_review", "pre_proceedings",
    }  # fmt: skip
    fed = {
        planned["id"]
        for planned in json.loads(shown.stdout)["indicators"]
        if planned["computable"] and planned["reads"] and set(planned["reads"]) <= census
    }
    assert fed - set(FORMULAS) == set()
    assert set(FORMULAS) - fed == set(), "the script knows indicators that the framework does not calculate"


@pytest.mark.parametrize("seed", range(4))
def test_messy_census(seed, tmp_path):
    file = tmp_path / "messy.xml"
    file.write_text(Messy(seed).census(120), encoding="utf-8")
    census = read(file)
    agree(census, file, inside(census.first, census.last))
    agree(census, file, all_years(census), "--beyond-cover")
