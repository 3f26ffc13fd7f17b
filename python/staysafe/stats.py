"""Statistics of public health and of improvement: one method to a name, each with where it was published.

Numbers, lists, numpy arrays and any Arrow column (polars, pandas, pyarrow) go in, and limits come out in the same
shape: single numbers as attributes, lists as lists, arrays as arrays, columns as columns; many rows are a table too.
A row that cannot be worked out is None (masked in numpy, null in a column) and its `outcome` says why; no row spoils
another, and no NaN comes out. Misuse raises `staysafe.Error`.

A confidence is a share or a percentage, or several: `confidence=[0.95, 0.998]` gives `lower_95`, `upper_95`,
`lower_99_8` and `upper_99_8`, and `lower` and `upper` are those of the first.

>>> from staysafe import stats
>>> interval = stats.wilson(3, 11)  # 3 of 11 families: anything from one in ten to more than half
>>> round(interval.lower, 3), round(interval.upper, 3)
(0.097, 0.566)
>>> stats.wilson([3, 5], [11, 4]).outcome
[None, 'the numerator 5 is greater than the denominator 4: this is no proportion']
"""

from staysafe._native import (
    Clustered,
    Column,
    Estimate,
    Estimates,
    Funnel,
    Interval,
    Intervals,
    KaplanMeier,
    RareChart,
    Rebase,
    Rows,
    RunChart,
    Standardised,
    Trend,
    Xmr,
    benchmark,
    clopper_pearson,
    clustered_mean,
    clustered_proportion,
    difference,
    dsr,
    five_bands,
    funnel,
    funnel_limits,
    g_chart,
    isr,
    kaplan_meier,
    mean_interval,
    median_interval,
    quantiles,
    rate_difference,
    rate_interval,
    rate_ratio,
    round_count,
    round_half_even,
    round_half_up,
    run_chart,
    survey_proportion,
    t_chart,
    trend,
    wilson,
    xmr,
)

__all__ = [
    "Clustered",
    "Column",
    "Estimate",
    "Estimates",
    "Funnel",
    "Interval",
    "Intervals",
    "KaplanMeier",
    "RareChart",
    "Rebase",
    "Rows",
    "RunChart",
    "Standardised",
    "Trend",
    "Xmr",
    "benchmark",
    "clopper_pearson",
    "clustered_mean",
    "clustered_proportion",
    "difference",
    "dsr",
    "five_bands",
    "funnel",
    "funnel_limits",
    "g_chart",
    "isr",
    "kaplan_meier",
    "mean_interval",
    "median_interval",
    "quantiles",
    "rate_difference",
    "rate_interval",
    "rate_ratio",
    "round_count",
    "round_half_even",
    "round_half_up",
    "run_chart",
    "survey_proportion",
    "t_chart",
    "trend",
    "wilson",
    "xmr",
]
