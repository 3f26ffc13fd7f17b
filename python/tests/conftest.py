"""The census of a council that does not exist, and where the project's programs are."""

import os
import subprocess
from pathlib import Path

import pytest
import staysafe as ss

ROOT = Path(__file__).parents[2]


def program(variable: str, name: str) -> str:
    path = os.environ.get(variable) or str(ROOT / "target" / "debug" / name)
    if not Path(path).is_file():
        pytest.skip(f"left out: {name} is not built; run: cargo build -p staysafe-cli -p staysafe-synth")
    return path


@pytest.fixture(scope="session")
def council(tmp_path_factory):
    def make(*words: str) -> Path:
        path = tmp_path_factory.mktemp("census") / "cin.xml"
        subprocess.run([program("STAYSAFE_SYNTH", "staysafe-synth"), "--out", str(path), *words], check=True)
        return path

    return make


@pytest.fixture(scope="session")
def census(council) -> Path:
    return council("--children", "400", "--seed", "7", "--year", "2024")


@pytest.fixture(scope="session")
def framework() -> ss.Framework:
    return ss.lscb()


@pytest.fixture(scope="session")
def data(census) -> ss.Returns:
    return ss.read_returns(census)


@pytest.fixture(scope="session")
def results(framework, data) -> ss.Results:
    return framework.calculate(data)


@pytest.fixture(scope="session")
def cli():
    path = program("STAYSAFE", "staysafe")

    def run(*words) -> str:
        done = subprocess.run([path, *map(str, words)], check=True, capture_output=True, text=True)
        return done.stdout

    return run
