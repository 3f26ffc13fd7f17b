"""A long calculation says how far it is, and stops when somebody presses Ctrl-C."""

import subprocess
import sys
import textwrap

import pytest
import staysafe as ss

# Large enough to be at work when the signal comes, in whatever profile the package was built.
PRESSED = textwrap.dedent(
    """
    import datetime, os, signal, sys, threading, time
    import pyarrow as pa
    import staysafe as ss

    rows, after = 100_000, float(sys.argv[1])
    days = [datetime.date(2022, 4, 1) + datetime.timedelta(days=at * 7 % 700) for at in range(rows)]
    children = [f"c{at % 50_000}" for at in range(rows)]
    referrals = pa.table({"child": children, "referral": range(rows), "referral_date": days})
    data = ss.from_tables({"referral": referrals}, area="999", kind="cin-census")
    wanted = dict(periods=ss.quarters("2018-19", "2023-24"), indicators=["ctx-referrals"])
    framework = ss.lscb()
    framework.check()

    def press():
        global pressed
        time.sleep(after)
        pressed = time.perf_counter()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    try:
        while True:
            framework.calculate(data, **wanted)
    except KeyboardInterrupt:
        print(time.perf_counter() - pressed)

    again = framework.calculate(data, periods="2022-23", indicators=["ctx-referrals"]).to_arrow()
    expected = sum(day < datetime.date(2023, 4, 1) for day in days)
    assert again["numerator"].to_pylist() == [expected], (again["numerator"].to_pylist(), expected)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("after", [0.05, 0.5])
def test_ctrl_c_stops_it_at_once_and_leaves_nothing_broken(after):
    done = subprocess.run([sys.executable, "-c", PRESSED, str(after)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # Promised is a tenth of a second; a busy machine is given more.
    assert float(done.stdout) < 0.4, done.stdout


def test_progress_is_told_and_what_it_raises_stops_the_calculation(framework, data):
    told = []
    calm = framework.calculate(data, periods=ss.quarters("2022-23", "2023-24"))
    watched = framework.calculate(
        data, periods=ss.quarters("2022-23", "2023-24"), progress=lambda done, of: told.append((done, of))
    )
    assert watched.to_json() == calm.to_json()
    assert told and told == sorted(told)
    done, of = told[-1]
    assert done == of > 0

    class Enough(Exception):
        pass

    def stop(done, of):
        raise Enough(f"{done} of {of}")

    with pytest.raises(Enough):
        framework.calculate(data, progress=stop)
