"""The stubs say what is there."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def check(*words):
    done = subprocess.run([sys.executable, "-m", *words], cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_stubs_agree_with_the_package():
    check("mypy.stubtest", "staysafe", "--mypy-config-file", "pyproject.toml")


def test_the_package_is_typed():
    check("mypy", "--config-file", "pyproject.toml", "--cache-dir", "/dev/null")
