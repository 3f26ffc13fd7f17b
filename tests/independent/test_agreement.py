"""Every figure of the command against the independent script's: exactly equal, or absent for the same reason."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from census import read
from days import financial_year, inside
from figures import FORMULAS, figures

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "cin-census" / "fake_CIN_data.xml"
SEEDS = [1, 2, 3, 20260331]


def program(name: str, variable: str) -> str:
    return os.environ.get(variable) or str(ROOT / "target" / "debug" / name)


def calculated(file: Path, periods: list[str], *options: str) -> dict[tuple[str, str], list[dict]]:
    """The command's rows by indicator and period."""
    command = [program("staysafe", "STAYSAFE"), "calculate", str(file), "--format", "json"]
    done = subprocess.run(
        [*command, "--periods", ",".join(periods), *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows: dict[tuple[str, str], list[dict]] = {}
    for row in json.loads(done.stdout)["rows"]:
        rows.setdefault((row["indicator"], row["period"]), []).append(row)
    return rows
