"""Statistics take what notebooks hold, and refuse what they cannot work out."""

import numpy
import pandas
import polars
import pytest
import staysafe as ss
from staysafe import stats


@pytest.mark.parametrize("column", [list, tuple, numpy.array, pandas.Series, polars.Series])
def test_columns_of_every_kind(column):
    assert stats.mean_interval(column([2.0, 4.0, 6.0])).value == 4.0
    assert len(stats.xmr(column([5.0, 6.0, 5.0, 7.0]))) == 4


def test_blanks_are_none_and_not_nan():
    assert stats.quantiles(polars.Series([1.0, None, 2.0]), 2, invert=False) == [1, None, 2]
    with pytest.raises(ss.Error, match="not finite"):
        stats.mean_interval([1.0, float("nan")])


def test_a_mean_of_one_has_no_interval():
    one = stats.mean_interval([3])
    assert (one.value, one.lower, one.upper) == (3.0, None, None)


def test_a_chart_goes_out_as_a_table():
    values = [50, 52, 49, 51, 50, 48] * 2 + [90]
    chart = stats.xmr(values, improvement="higher", target=10)
    points = chart.to_polars()
    assert points["cause"][-1] == "Above UCL"
    assert points["point_type"][-1] == "special_cause_improvement"
    assert chart.assurance == "consistent_pass"
    assert chart.rules == "mdc-r-0.2.2"


def test_an_area_that_cannot_be_judged_says_why():
    funnel = stats.funnel([50, 480, 5], [100, 1000, 0]).to_arrow().to_pylist()
    assert [area["problem"] is None for area in funnel] == [True, True, False]
    assert funnel[2]["significance"] is None


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (lambda: stats.wilson(3, 2), "this is no proportion"),
        (lambda: stats.wilson(1, 2, confidence=0.5), "0.5 is not a confidence level"),
        (lambda: stats.dsr([1], [100, 100], [1, 1]), "do not belong together"),
        (lambda: stats.dsr([1], [100], [1]), "needs at least 10"),
        (lambda: stats.trend([1, 2], [1, 2], [9, 9]), "at least 5"),
        (lambda: stats.benchmark(0.1, 0.2, 0.3, "up"), "polarity is"),
        (lambda: stats.funnel([1], [2], kind="shares"), "kind is"),
        (lambda: stats.xmr([1, 2], rules="mdc"), "no rules are called 'mdc'"),
        (lambda: stats.xmr([1, 2], fix_after=5), "at least 12"),
    ],
)
def test_what_cannot_be_worked_out(asked, message):
    with pytest.raises(ss.Error, match=message):
        asked()
