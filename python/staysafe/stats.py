"""Statistics of public health and of improvement: one method to a name, each with where it was published.

Numbers, lists, numpy arrays and any Arrow column (polars, pandas, pyarrow) go in. Single numbers give attributes;
many give lists, and a table that polars, pandas and pyarrow take. A row that cannot be worked out is None and its
`outcome` says why; no row spoils another, and no NaN comes out. Misuse raises `staysafe.Error`.

>>> from staysafe import stats
>>> interval = stats.wilson(3, 11)  # 3 of 11 families: anything from one in ten to more than half
>>> round(interval.lower, 3), round(interval.upper, 3)
(0.097, 0.566)
>>> stats.wilson([3, 5], [11, 4]).outcome
[None, 'the numerator 5 is greater than the denominator 4: this is no proportion']
"""

from staysafe._native import (
    Estimate,
    Funnel,
    Interval,
    Intervals,
    Rows,
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
    "Intervals",
    "Rows",
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
