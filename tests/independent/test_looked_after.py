"""Every looked-after figure of the command against the independent script's, history-missing counts included."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import looked_after
from days import Period, financial_year, quarters_of
from looked_after import Choices, figures
from looked_after_messy import Messy
from looked_after_tables import Return, read
from test_agreement import ROOT, program

REAL = ROOT.parent / "shared" / "data" / "ssda903"
YEAR, AREA = 2018, "E06000001"
real = pytest.mark.skipif(not REAL.exists(), reason="left out: ../shared/data/ssda903 is not there")

# A parameter of the framework, and the script's own word for it.
PARAMETERS = {
    "same_carer_move_is_a_placement": ("true", Choices(moves_open=True)),
    "special_guardianship_or_order": ("true", Choices(orders_e41=True)),
    "leave_out_unaccompanied": ("true", Choices(without_uasc=True)),
    "sdq_youngest_age": ("5", Choices(sdq_from=5)),
    "review_owed_from_before": ("false", Choices(owed_from_before=False)),
}


def calculated(folder: Path, periods: list[Period], *options: str) -> dict[tuple[str, str], list[dict]]:
    """The command's rows by indicator and period."""
    command = [
        program("staysafe"), "calculate", str(folder), "--year", str(YEAR), "--area", AREA, "--format", "json",
        "--periods", ",".join(period.label for period in periods), *options,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1) and done.stdout, done.stderr
    rows: dict[tuple[str, str], list[dict]] = {}
    for row in json.loads(done.stdout)["rows"]:
        rows.setdefault((row["indicator"], row["period"]), []).append(row)
    return rows


def said(rows: list[dict], expected: dict) -> dict:
    """The command's rows of one indicator and period, in the script's form."""
    if "categories" in expected:
        found: dict = {"categories": {row["category"]: row["numerator"] for row in rows if row["numerator"]}}
    else:
        [row] = rows
        if "total" in expected:
            found = {"total": row["numerator"] or 0, "count": row["denominator"] or 0}
        elif "numerator" in expected:
            found = {"numerator": row["numerator"], "denominator": row["denominator"]}
            if row["outcome"] == "undefined":
                found = {"numerator": expected["numerator"], "denominator": 0}
        else:
            found = {"count": row["value"]}
    notes = dict(rows[0]["notes"])
    # A birth after the day is counted under a name of its own; to the script nobody's age is known before birth.
    notes["unknown"] = notes.get("unknown", 0) + notes.get("dates-inverted", 0)
    return {**found, "notes": {name: notes.get(name, 0) for name in expected["notes"]}}


def agree(data: Return, folder: Path, choices: Choices | None = None, *options: str) -> None:
    """Compares every figure of the year and its quarters, and says all that differ at once."""
    periods = [financial_year(YEAR - 1), *quarters_of(YEAR - 1)]
    rows = calculated(folder, periods, *options)
    different = []
    for period in periods:
        for indicator, expected in figures(data, period, choices).items():
            found = said(rows[indicator, period.label], expected)
            if found != expected:
                different.append(f"{indicator} {period.label}:\n  script  {expected}\n  command {found}")
    assert not different, "\n".join(different)


@real
def test_the_real_return():
    agree(read(REAL, YEAR), REAL)


@real
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_real_return_under_every_other_reading(parameter):
    value, choices = PARAMETERS[parameter]
    agree(read(REAL, YEAR), REAL, choices, "--parameter", f"{parameter}={value}")


@pytest.mark.parametrize("seed", range(8))
def test_messy_returns(seed, tmp_path):
    Messy(seed).write(tmp_path, 250)
    agree(read(tmp_path, YEAR), tmp_path)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_messy_return_under_every_other_reading(parameter, tmp_path):
    Messy(100).write(tmp_path, 400)
    value, choices = PARAMETERS[parameter]
    data = read(tmp_path, YEAR)
    agree(data, tmp_path, choices, "--parameter", f"{parameter}={value}")
    year = financial_year(YEAR - 1)
    assert figures(data, year, choices) != figures(data, year), "the parameter changes nothing: this test cannot fail"


def test_messy_returns_hold_what_they_are_for(tmp_path):
    """Every rung of every measure is reached by some child of some seed."""
    seen: dict[str, set[str]] = {}
    for seed in range(8):
        Messy(seed).write(tmp_path, 250)
        for indicator, found in figures(read(tmp_path, YEAR), financial_year(YEAR - 1)).items():
            counts = {**{k: v for k, v in found.items() if k not in ("notes", "categories")}, **found["notes"]}
            seen.setdefault(indicator, set()).update(name for name, count in counts.items() if count)
    for indicator in ("cs-05", "cs-08", "cs-22", "cs-23"):
        assert seen[indicator] == {"numerator", "denominator", "unknown", "history-missing"}, indicator
    assert seen["cs-03"] >= {"numerator", "denominator", "unknown"}
    assert seen["cs-24"] == {"total", "count", "unknown", "history-missing"}


def test_the_rate_is_the_stock_over_the_population(tmp_path):
    """cs-21 needs a table of population, which no return of children carries: as a test inside the definition."""
    framework = tmp_path / "framework"
    shutil.copytree(ROOT / "crates" / "staysafe-lscb" / "framework", framework)
    definition = framework / "indicators" / "cs-21.toml"
    for seed in range(3):
        Messy(seed).write(tmp_path, 120)
        data = read(tmp_path, YEAR)
        for quarter in quarters_of(YEAR - 1):
            expected = looked_after.rate(10_000)(data, quarter, Choices())
            assert expected["numerator"] > 0
            with definition.open("a", encoding="utf-8") as opened:
                opened.write(as_test(data, quarter, f"seed {seed}, {quarter.label}", expected))
    done = subprocess.run([program("staysafe"), "verify", str(framework)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def as_test(data: Return, period: Period, name: str, expected: dict) -> str:
    """A test as it stands in a definition: the rows of the return, a population, and what the script found."""
    born = [{"child": child, "birth_date": day} for child, day in data.births.items()]
    episodes = [
        {"child": e.child, "decom": e.start, "dec": e.end, "legal_status": e.legal or None}
        for each in data.episodes.values()
        for e in each
    ]
    year, next_year = (dt.date(y, 4, 1) for y in (YEAR - 1, YEAR))
    people = [
        {"area": "test", "mid_year": day, "sex": "F", "age": age, "persons": n, "used_from": start, "used_to": end}
        for day, age, n, start, end in [
            (dt.date(YEAR - 1, 6, 30), 5, 9_000, year, next_year),
            (dt.date(YEAR - 1, 6, 30), 17, 1_000, year, next_year),
            (dt.date(YEAR - 1, 6, 30), 18, 500, year, next_year),
            (dt.date(YEAR, 6, 30), 5, 7_000, next_year, dt.date(YEAR + 1, 4, 1)),
        ]
    ]
    found = f"numerator = {expected['numerator']}, denominator = {expected['denominator']}"
    return (
        f'\n[[test]]\nname = "{name}"\nperiod = "{period.label}"\nrecords.looked_after_child = {inline(born)}\n'
        f"records.episode = {inline(episodes)}\nrecords.population = {inline(people)}\nexpect = {{ {found} }}\n"
    )


def inline(rows: list[dict]) -> str:
    """Rows as TOML has them: text in quotes, days as they are, nothing for what is blank."""
    written = [
        ", ".join(f"{k} = {json.dumps(v) if isinstance(v, str) else v}" for k, v in row.items() if v is not None)
        for row in rows
    ]
    return "[" + ", ".join(f"{{ {row} }}" for row in written) + "]"
