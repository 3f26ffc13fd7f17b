"""Intervals, standardised rates, funnels, benchmarks, trends and control charts.

>>> from staysafe import stats
>>> interval = stats.wilson(3, 11)  # 3 of 11 families: anything from one in ten to more than half
>>> round(interval.lower, 3), round(interval.upper, 3)
(0.097, 0.566)

What cannot be worked out is refused (`staysafe.Error`), never NaN.
"""

from staysafe._native import (
    Estimate,
    Funnel,
    Interval,
    RunChart,
    Standardised,
    Trend,
    Xmr,
    benchmark,
    dsr,
    funnel,
    isr,
    mean_interval,
    quantiles,
    rate_interval,
    round_half_up,
    run_chart,
    trend,
    wilson,
    xmr,
)

__all__ = [
    "Estimate",
    "Funnel",
    "Interval",
    "RunChart",
    "Standardised",
    "Trend",
    "Xmr",
    "benchmark",
    "dsr",
    "funnel",
    "isr",
    "mean_interval",
    "quantiles",
    "rate_interval",
    "round_half_up",
    "run_chart",
    "trend",
    "wilson",
    "xmr",
]
