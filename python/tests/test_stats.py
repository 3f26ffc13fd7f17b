"""staysafe.stats against reference vectors that the established R packages and exact arithmetic made, and its shapes.

The vectors lie beside the repository (`../shared/reference/vectors`); each quirk of those tools that is not followed is
named where it is met.
"""

import csv
import datetime
import inspect
import json
import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import staysafe as ss

VECTORS = Path(__file__).parents[3] / "shared" / "reference" / "vectors"
LEVELS = {"95_0": 0.95, "99_8": 99.8}

# The R package's answer is no answer: limits of no width, a crash, a verdict without limits.
XMR_QUIRKS = {
    "missing_in_trend",
    "missing_all_but_one",
    "constant_screened",
    "short_1",
    "rebase_single_point_group",
    "step_of_zero_mr",
}


def vectors(name):
    path = VECTORS / name
    if not path.is_file():
        print(f"left out: ../shared/reference/vectors/{name} is not there")
        pytest.skip(f"../shared/reference/vectors/{name} is not there")
    text = path.read_text(encoding="utf-8")
    if name.endswith(".json"):
        return json.loads(text)
    rows = list(csv.DictReader(text.splitlines()))
    return {column: [row[column] for row in rows] for column in rows[0]}


def floats(column):
    return [float(value) for value in column]


def close(ours, theirs, what):
    if theirs is None:
        assert ours is None, what
    else:
        assert ours is not None, what
        assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12), f"{what}: {ours} is not {theirs}"


def all_close(ours, theirs, what):
    assert len(ours) == len(theirs), what
    for row, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        close(one, other, f"{what}, row {row}")


def test_proportions():
    rows = vectors("proportions.csv")
    x, n, multiplier = (np.array(floats(rows[name])) for name in ("x", "n", "multiplier"))
    for name, level in LEVELS.items():
        ours = ss.stats.wilson(x, n, level)
        # Quirk: at x = n the R package prints 100.00000000000003; ours is the multiplier itself.
        assert set(np.array(ours.upper)[x == n]) == {1.0}
        all_close(list(np.array(ours.lower) * multiplier), floats(rows[f"lower{name}cl"]), name)
        all_close(list(np.array(ours.upper) * multiplier), floats(rows[f"upper{name}cl"]), name)


def test_rates():
    rows = vectors("rates.csv")
    for multiplier in set(rows["multiplier"]):
        of = [row for row, other in enumerate(rows["multiplier"]) if other == multiplier]
        x, n = ([float(rows[name][row]) for row in of] for name in ("x", "n"))
        for name, level in LEVELS.items():
            ours = ss.stats.rate_interval(x, n, float(multiplier), level)
            for side, limits in (("lower", ours.lower), ("upper", ours.upper)):
                all_close(limits, [float(rows[f"{side}{name}cl"][row]) for row in of], f"{side} {name}")


def test_other_levels_of_confidence():
    rows = vectors("other_confidence.csv")
    for row, level in enumerate(floats(rows["confidence_arg"])):
        x, n = float(rows["x"][row]), float(rows["n"][row])
        ours = ss.stats.wilson(x, n, level)
        close(ours.lower * 100, float(rows["prop_lower"][row]), f"row {row}")
        close(ours.upper * 100, float(rows["prop_upper"][row]), f"row {row}")
        ours = ss.stats.rate_interval(x, n, confidence=level)
        if level in (1, 100):
            # Quirk: at 100% the R package has no lower limit from 10 events on; ours is 0.
            assert (ours.lower, ours.upper) == (0, math.inf)
        else:
            close(ours.lower, float(rows["rate_lower"][row]), f"row {row}")
            close(ours.upper, float(rows["rate_upper"][row]), f"row {row}")


def test_edge_cases_of_intervals():
    cases = {case["id"] for case in vectors("ci_edge_cases.json")["cases"]}
    assert {"prop_x_gt_n", "prop_na_x", "prop_conf_089", "rate_n0"} <= cases
    # Quirk: one bad row ends the R package's whole table; here it has an outcome of its own.
    assert "greater than the denominator" in ss.stats.wilson(5, 4).outcome
    assert "must be greater than 0" in ss.stats.rate_interval(0, 0).outcome
    missing = ss.stats.wilson([None, 3], [10, 10])
    assert missing.lower[0] is None
    close(missing.lower[1], 0.10779126740630107, "the row beside it")
    with pytest.raises(ss.Error, match=r"0\.89 is not a confidence level"):
        ss.stats.wilson(1, 2, 0.89)


def test_means():
    for case in vectors("means.json")["cases"]:
        for name, level in LEVELS.items():
            ours, theirs = ss.stats.mean_interval(case["values"], level), case["result"]
            close(ours.value, theirs["value"], case["id"])
            close(ours.lower, theirs[f"lower{name}cl"], case["id"])
            close(ours.upper, theirs[f"upper{name}cl"], case["id"])


def test_quantiles():
    for case in vectors("quantiles.json")["cases"]:
        ours = ss.stats.quantiles(case["values"], case["nquantiles"], case["invert"])
        assert ours == case["quantile"], case["id"]
        assert [why is None for why in ours.outcome] == [band is not None for band in ours]


def test_rounding():
    rows = vectors("decimal_rounding.csv")
    for row, expected in enumerate(rows["expected_half_up"]):
        parts = (int(rows[name][row]) for name in ("x", "n", "multiplier", "dp"))
        assert str(ss.stats.round_half_up(*parts)) == expected, f"row {row}"


def standardised(ours, theirs, name, what):
    close(ours.value, theirs["value"], what)
    close(ours.lower, theirs[f"lower{name}cl"], what)
    close(ours.upper, theirs[f"upper{name}cl"], what)


def test_directly_standardised_rates():
    file = vectors("dsr.json")
    for name, level in LEVELS.items():
        for case in file["independent"]:
            ours = ss.stats.dsr(case["events"], case["population"], case["stdpop"], case["multiplier"], level)
            if "error" in case:
                assert ours.value is None and ours.outcome, case["id"]
            else:
                standardised(ours, case["result"], name, case["id"])
                assert (ours.value is None) == ("at least 10" in (ours.outcome or "")), case["id"]
        for case in file["non_independent"]:
            columns = (case[column] for column in ("individuals", "population", "stdpop", "multiplier"))
            ours = ss.stats.dsr(*columns, level, each=case["eventfreq"])
            standardised(ours, case["result"], name, case["id"])


def test_indirectly_standardised_rates():
    for case in vectors("isr.json")["cases"]:
        columns = [case[name] for name in ("events", "population", "ref_events", "ref_population")]
        for name, level in LEVELS.items():
            ours = ss.stats.isr(*columns, case["rate_multiplier"], level)
            standardised(ours, case["israte"], name, case["id"])
            if ours.value is None:
                # Quirk: with nothing expected the R package gives infinities.
                assert "no events are expected" in ours.outcome, case["id"]
                continue
            for key in ("observed", "expected"):
                close(getattr(ours, key), case["israte"][key], case["id"])
            close(ours.reference_rate, case["israte"]["ref_rate"], case["id"])
            times, ratio = case["ratio_refvalue"], case["isratio"]
            close(ours.ratio.value * times, ratio["value"], case["id"])
            close(ours.ratio.lower * times, ratio[f"lower{name}cl"], case["id"])
            close(ours.ratio.upper * times, ratio[f"upper{name}cl"], case["id"])
            assert (None in columns[0] + columns[2]) == (ours.outcome is not None), case["id"]


def test_funnels():
    for case in vectors("funnels.json")["cases"]:
        kind = "standardised-rate" if case.get("rate_type") == "dsr" else case["statistic"]
        if kind == "ratio":
            x, n = case["observed"], case["expected"]
        elif kind == "proportion":
            x, n = case["x"], case["n"]
        else:
            # The denominator that gives the published rate; no event gives none, so it is taken as given.
            rates = zip(case["x"], case["n"], case["rate"], strict=True)
            x, n = case["x"], [x / rate * case["multiplier"] if rate else n for x, n, rate in rates]
        assert ss.stats.funnel(x, n, kind).significance == case["significance"], case["id"]


def test_benchmarks():
    rows = vectors("benchmark_banding.csv")
    for row, polarity in enumerate(rows["polarity"]):
        for level, word, better in (("95", "word95", polarity), ("95", "band95", None), ("998", "band998", "neutral")):
            numbers = (float(rows[name][row]) for name in (f"lower{level}", f"upper{level}", "benchmark"))
            assert ss.stats.benchmark(*numbers, better) == rows[word][row], f"row {row}"


def test_trends():
    for case in vectors("trend_markers.json")["cases"]:
        if case["type"] == "proportion":
            ours = ss.stats.trend(case["year"], case["numerator"], case["denominator"])
        else:
            limits = {"lower": case["lower95"], "upper": case["upper95"]}
            ours = ss.stats.trend(case["year"], values=case["value"], **limits)
        # Quirk: where the R code stops with an error of its own (equal years, no width), ours says which.
        assert ours.word == (case.get("recent_trend") or "Cannot be calculated"), case["id"]
        assert ours.outlier == (case.get("reason") == "Outlier found"), case["id"]
        if ours.word == "Cannot be calculated":
            assert ours.slope is None and ours.outcome, case["id"]
        else:
            close(ours.slope, case["beta"], case["id"])
            close(ours.chi_squared, case["chi2"], case["id"])


def xmr(series, **others):
    options = series["options"]
    return ss.stats.xmr(
        series["values"],
        improvement=options["improvement_direction"],
        target=options["target"],
        rebase=[series["dates"].index(date) for date in options["rebase_dates"] or []],
        fix_after=options["fix_after_n_points"],
        screen_outliers=options["screen_outliers"],
        **others,
    )


XMR_NUMBERS = {
    "value": "value",
    "mean": "mean",
    "lpl": "lpl",
    "upl": "upl",
    "near_lower": "near_lpl",
    "near_upper": "near_upl",
    "moving_range": "moving_range",
    "moving_range_used": "moving_range_used",
}
XMR_FLAGS = {
    "outside": "rule_outside",
    "trend": "rule_trend7",
    "shift": "rule_shift7",
    "two_in_three": "rule_two_in_three",
}


def test_control_charts():
    compared = 0
    for series in vectors("spc_xmr.json")["series"]:
        what, chart, points = series["id"], xmr(series), series["points"]
        if what in XMR_QUIRKS:
            # One point, alone or in its group: no limits, hence no assurance; the R package says "inconsistent".
            if what in {"short_1", "rebase_single_point_group"}:
                assert (chart.lpl[-1], chart.assurance) == (None, None) and chart.outcome[-1]
            # The only range that is not 0 is screened out; the R package calls all points outside.
            if what == "step_of_zero_mr":
                assert not any(chart.outside) and chart.lpl == [None] * len(chart)
            continue
        for ours, theirs in XMR_NUMBERS.items():
            all_close(getattr(chart, ours), [point[theirs] for point in points], f"{what}, {ours}")
        for ours, theirs in XMR_FLAGS.items():
            assert getattr(chart, ours) == [bool(point[theirs]) for point in points], f"{what}, {ours}"
        assert chart.point_type == [point["point_type"] for point in points], what
        assert [cause or "Common Cause" for cause in chart.cause] == [p["special_cause_type"] for p in points], what
        assert chart.group == [point["group"] for point in points], what
        assert chart.assurance == series["assurance_type"], what
        compared += 1
    assert compared > 20


def test_quirks_of_control_charts_that_need_no_vectors():
    # constant_screened: nothing moves, so nothing is an outlier; the R package screens all ranges out and has no limits.
    chart = ss.stats.xmr([0.1] * 24, "higher", target=0.2)
    assert chart.lpl == chart.mean == chart.upl == [0.1] * 24 and set(chart.cause) == {None}
    # missing_in_trend: a missing value breaks a trend; the R package stops.
    chart = ss.stats.xmr([*range(6), None, *range(7, 13)])
    assert not any(chart.trend) and None not in chart.lpl and "missing" in chart.outcome[6]
    # missing_all_but_one: one value has a mean and no limits, hence no assurance; the R package stops.
    chart = ss.stats.xmr([None] * 3 + [7] + [None] * 10, "higher", target=9)
    assert (set(chart.mean), set(chart.lpl), chart.assurance) == ({7}, {None}, None)


def test_control_charts_of_two_areas():
    file = vectors("spc_facets.json")
    for case in file["cases"]:
        of_area = lambda given, area: given.get(area) if isinstance(given, dict) else given  # noqa: E731
        for area in ("A", "B"):
            rows = [row for row in file["input"] if row["a"] == area]
            date = of_area(case["rebase"], area)
            dates = [date] if isinstance(date, str) else date or []
            rebase = [[row["d"] for row in rows].index(date) for date in dates]
            points = [point for point in case["points"] if point["f"] == area]
            target = of_area(case["target"], area)
            chart = ss.stats.xmr([row["y"] for row in rows], target=target, rebase=rebase, improvement="neutral")
            all_close(chart.mean, [point["mean_col"] for point in points], area)
            all_close(chart.lpl, [point["lpl"] for point in points], area)
            all_close(chart.upl, [point["upl"] for point in points], area)
            assert [cause or "Common Cause" for cause in chart.cause] == [p["special_cause_type"] for p in points]


def test_variants_of_the_rules():
    known = {series["id"]: series for series in vectors("spc_xmr.json")["series"]}
    variants = [
        ("shift6", "shift", {"shift_of": 6}),
        ("shift8", "shift", {"shift_of": 8}),
        ("trend6", "trend", {"trend_of": 6}),
        ("two_in_three_mdc2023", "two_in_three", {"rules": "mdc-excel-2023"}),
    ]
    compared = 0
    for variant in vectors("spc_rule_variants_own.json")["series"]:
        if variant["id"] in XMR_QUIRKS or variant["id"] not in known:
            continue
        for column, flag, others in variants:
            chart = xmr(known[variant["id"]], **others)
            assert getattr(chart, flag) == [point[column] for point in variant["points"]], f"{variant['id']}, {column}"
        compared += 1
    assert compared > 5


def test_run_charts():
    for series in vectors("run_chart_rules_qicharts2.json")["series"]:
        ours, theirs = ss.stats.run_chart(series["values"]), series["run"]
        close(ours.median, theirs["median"], series["id"])
        assert ours.useful == theirs["n_useful"], series["id"]
        assert (ours.longest, ours.longest_expected) == (theirs["longest_run"], theirs["longest_run_max"]), series["id"]
        assert (ours.crossings, ours.fewest_expected) == (theirs["n_crossings"], theirs["n_crossings_min"]), series
        assert ours.signal == theirs["runs_signal"], series["id"]


RULES = ("mdc-r-0.2.2", "mdc-excel-2023")

X, N = [3, 0, 11, 5, None], [11, 20, 11, 4, 10]
SHAPES = {
    "list": (X, N),
    "tuple": (tuple(X), tuple(N)),
    "numpy float": (np.array([3, 0, 11, 5, np.nan]), np.array(N, dtype=float)),
    "numpy float32": (np.array([3, 0, 11, 5, np.nan], dtype="f4"), np.array(N, dtype="i4")),
    "numpy strided": (np.array([3, 9, 0, 9, 11, 9, 5, 9, np.nan])[::2], np.array(N)),
    "numpy masked": (np.ma.masked_array([3.0, 0, 11, 5, 7], mask=[0, 0, 0, 0, 1]), np.array(N)),
    "polars": (pl.Series(X), pl.Series(N)),
    "polars chunks": (pl.Series(X[:2]).append(pl.Series(X[2:])), pl.Series(N, dtype=pl.UInt16)),
    "pandas": (pd.Series(X, dtype="Int64"), pd.Series(N)),
    "pandas missing": ([3, 0, 11, 5, pd.NA], pd.Series(N, dtype=float)),
    "pyarrow": (pa.array(X), pa.array(N, pa.float32())),
    "pyarrow chunks": (pa.chunked_array([X[:3], X[3:]]), pa.array(N)),
    "pyarrow decimal": (pa.array([None if x is None else Decimal(x) for x in X], pa.decimal128(9, 2)), pa.array(N)),
    "pyarrow dictionary": (pa.array(X).dictionary_encode(), N),
}


def plain(column):
    """Python's own numbers out of any shape, None for what is missing."""
    values = column.to_pylist() if hasattr(column, "to_pylist") else column
    values = values.tolist() if hasattr(values, "tolist") else values
    return [None if value is pd.NA else value for value in values]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_and_comes_back(shape):
    x, n = SHAPES[shape]
    ours = ss.stats.wilson(x, n)
    ones = [ss.stats.wilson(x, n) for x, n in zip(X, N, strict=True)]
    for side in ("lower", "upper"):
        column = getattr(ours, side)
        assert plain(column) == [getattr(one, side) for one in ones]
        family = list if isinstance(x, tuple) else pa.Array if isinstance(x, pa.ChunkedArray | pa.Array) else type(x)
        assert isinstance(column, np.ndarray if family is np.ndarray else family)
    assert ours.outcome == [one.outcome for one in ones]
    assert ours.outcome[:3] == [None] * 3 and plain(ours.lower)[3:] == [None, None]


def test_a_shape_keeps_what_belongs_to_it():
    series = pd.Series([3, 5], index=["Barking", "Bexley"])
    assert ss.stats.wilson(series, 10).upper.index.tolist() == ["Barking", "Bexley"]
    masked = ss.stats.wilson(np.array([3.0, np.nan]), 10).lower
    # Nothing that could be taken for a number lies under the mask, and an array without gaps is a plain one.
    assert masked.mask.tolist() == [False, True] and math.isnan(masked.filled()[1])
    whole = ss.stats.wilson(np.array([3.0, 4.0]), 10).lower
    assert type(whole) is np.ndarray and whole.dtype == np.float64 and (whole * 100 > 0).all()
    # Arrow of another hand comes back as a column that reads like a list and that everybody takes.
    stranger = type("Stranger", (), {"__arrow_c_array__": lambda self, requested_schema=None: pa.array([3, 50]).__arrow_c_array__()})
    column = ss.stats.wilson(stranger(), 10).lower
    assert column == [ss.stats.wilson(3, 10).lower, None] and len(column) == 2 and column[1] is None
    assert pl.Series(column).to_list() == pa.array(column).to_pylist() == column.to_list()
    assert np.asarray(ss.stats.wilson(stranger(), 100).lower).tolist() == ss.stats.wilson([3, 50], 100).lower


def test_large_arrays_are_worked_on_in_blocks():
    x = np.arange(100_001.0)
    ours = ss.stats.wilson(x, x[-1])
    for row in (0, 32_767, 32_768, 65_536, 100_000):
        assert (ours.lower[row], ours.upper[row]) == (lambda one: (one.lower, one.upper))(ss.stats.wilson(x[row], x[-1]))
    x[70_000] = np.nan
    outcome = ss.stats.wilson(x, x[-1]).outcome
    assert [row for row, why in enumerate(outcome) if why] == [70_000]
    every_other = ss.stats.rate_interval(x[::2], 1000)
    assert every_other.upper[40_000] == ss.stats.rate_interval(80_000, 1000).upper and every_other.outcome[35_000]


@pytest.mark.parametrize("rows", [1_000, 600_000])
def test_arrays_of_every_size_and_make_give_the_same(rows):
    # The larger ones get memory in large pages.
    x = np.arange(rows) % 1_000
    n = x + 1 + np.arange(rows) % 77
    n[7] = 0
    expected = ss.stats.wilson(x[:1_000].tolist(), n[:1_000].tolist(), confidence=[0.95, 0.998])
    columns = {"int64": (x, n), "float": (x * 1.0, n * 1.0), "int32": (x.astype("i4"), n.astype("u2")),
               "back": (x[::-1].copy()[::-1], n), "pyarrow": (pa.array(x), pa.array(n)), "polars": (pl.Series(x), pl.Series(n)),
               "chunks": (pa.chunked_array([x[:300], x[300:]]), pa.chunked_array([n[:10], n[10:]]))}
    for make, (x_given, n_given) in columns.items():
        ours = ss.stats.wilson(x_given, n_given, confidence=[0.95, 0.998])
        for name in ("lower", "upper", "lower_99_8", "upper_99_8"):
            found = getattr(ours, name)
            assert len(found) == rows and plain(found[:1_000]) == getattr(expected, name), (make, name)
        if make in ("int64", "pyarrow"):
            assert ours.outcome[:1_000] == expected.outcome
            table = ours.to_arrow()
            assert table.num_rows == rows and table["upper_99_8"].null_count == 1


def test_rows_without_an_outcome_are_as_many_as_rows():
    kept = []
    for rows in (3, 1_200_000, 5, 1_300_000, 0):  # Longer and shorter than what was asked for before.
        limits = ss.stats.wilson(np.full(rows, 3.0), 11.0)
        kept.append((rows, limits.to_arrow()["outcome"]))
        assert len(limits.outcome) == rows and not any(limits.outcome)
    for rows, outcome in kept:
        outcome.validate(full=True)
        assert (len(outcome), outcome.null_count) == (rows, rows)
        assert pl.Series(outcome).null_count() == rows


def test_limits_outlive_what_they_came_from_and_cannot_be_overwritten():
    x = np.full(600_000, 3.0)
    limits = ss.stats.wilson(x, 11.0)
    lower, upper = limits.lower, limits.upper
    x[:] = 5.0
    del limits
    one = ss.stats.wilson(3, 11)
    assert (lower == one.lower).all() and (upper == one.upper).all()
    with pytest.raises(ValueError):
        lower[0] = 1.0


def test_exact_limits_of_many_blocks_are_those_of_one():
    x = np.arange(100_000) % 30 + 0.0
    n = np.full(100_000, 500)
    ours = ss.stats.rate_interval(x, n, method="exact", confidence=[0.95, 0.998])
    for row in (0, 29, 32_767, 32_768, 99_999):
        one = ss.stats.rate_interval(x[row], 500, method="exact", confidence=[0.95, 0.998])
        assert (ours.lower[row], ours.upper_99_8[row]) == (one.lower, one.upper_99_8)


def test_many_results_are_a_table():
    table = ss.stats.rate_interval(pl.Series([3, None]), 100).to_polars()
    assert table.columns == ["lower", "upper", "outcome"]
    assert table["outcome"].to_list() == [None, "the count is missing or not finite"]
    assert not table["lower"].is_nan().any()
    chart = ss.stats.xmr(np.arange(20.0), improvement="higher")
    assert chart.to_polars()["trend"].all() and len(chart) == 20


def test_several_levels_in_one_call():
    both = [0.95, 0.998]
    for of in (
        lambda level: ss.stats.wilson(3, 11, confidence=level),
        lambda level: ss.stats.rate_interval(12, 1000, 10_000, level),
        lambda level: ss.stats.clopper_pearson(3, 11, level),
        lambda level: ss.stats.mean_interval([1, 2, 4], level),
        lambda level: ss.stats.median_interval(range(40), level),
        lambda level: ss.stats.difference(3, 11, 4, 10, level),
        lambda level: ss.stats.rate_ratio(3, 11, 4, 10, level),
        lambda level: ss.stats.rate_difference(3, 11, 4, 10, 100, level),
        lambda level: ss.stats.clustered_proportion([1, 2, 0], [2, 3, 2], level),
        lambda level: ss.stats.clustered_mean([1, 2, 0], [2, 3, 2], level),
        lambda level: ss.stats.survey_proportion([1, 0, 1, 1], confidence=level),
        lambda level: ss.stats.dsr([30, 10], [5000, 1000], [1000, 1000], 1000, level),
        lambda level: ss.stats.isr([30], [1000], [200], [10_000], 1000, level),
        lambda level: ss.stats.kaplan_meier(range(1, 30), [True] * 29, level),
        lambda level: ss.stats.funnel_limits(50, 0.4, confidence=level),
    ):
        one, other, several = of(0.95), of(99.8), of(both)
        assert (several.lower, several.upper) == (one.lower, one.upper)
        assert (several.lower_95, several.upper_95) == (one.lower, one.upper)
        assert (several.lower_99_8, several.upper_99_8) == (other.lower, other.upper)
        assert several.lower_99_8 < several.lower_95 < several.upper_95 < several.upper_99_8
    rows = ss.stats.wilson(pl.Series([3, 5]), [11, 4], np.array(both))
    assert rows.levels == both
    assert rows.to_polars().columns == ["lower_95", "upper_95", "lower_99_8", "upper_99_8", "outcome"]
    assert isinstance(rows.lower_99_8, pl.Series) and rows.lower_99_8[1] is None
    with pytest.raises(AttributeError, match="lower_95"):
        _ = rows.lower_90


def test_a_single_number_goes_with_every_row():
    assert ss.stats.wilson([1, 2], 10).lower == ss.stats.wilson([1, 2], [10, 10]).lower
    assert ss.stats.wilson(np.float64(1), np.array(10)).lower == ss.stats.wilson(1, 10).lower
    assert ss.stats.wilson([], []).lower == []


def test_rows_are_like_lists():
    rows = ss.stats.benchmark([0.1, 0.7, None], [0.5, 0.8, 0.9], 0.6, "lower")
    assert rows == ["better", "worse", None]
    assert (len(rows), rows[0], rows[-2:], list(rows)) == (3, "better", ["worse", None], ["better", "worse", None])
    assert rows.outcome == [None, None, "a limit is missing or not finite"]
    figures = ss.stats.round_half_up(pl.Series([113, 1, None]), [800, 0, 5], 100, 2)
    assert figures == [Decimal("14.13"), None, None] and None not in figures.outcome[1:]


def test_whole_numbers_stay_exact():
    assert ss.stats.round_half_up(2**62 + 1, 1, 1, 0) == Decimal(2**62 + 1)
    for many in ([2**62 + 1], np.array([2**62 + 1]), pa.array([2**62 + 1]), pl.Series([2**62 + 1])):
        assert ss.stats.round_half_up(many, 1, 1, 0) == [Decimal(2**62 + 1)]
    assert "too large" in ss.stats.round_half_up([2**70], 1, 1, 0).outcome[0]
    assert "too large" in ss.stats.round_half_up([2.0**60], 1, 1, 0).outcome[0]
    assert "no whole number" in ss.stats.round_half_up([1.5], 2, 1, 0).outcome[0]


NONSENSE = [0, None, -1, True, "2", 10**400, 1j, np.True_, math.inf, math.nan, [], pd.NA, np.ma.masked, 1e308, 1e-308]


def test_no_row_spoils_a_table():
    good, n = (3, 11), len(NONSENSE)
    for method in (ss.stats.wilson, ss.stats.rate_interval, ss.stats.clopper_pearson):
        alone = method(*good)
        for x, d in ((NONSENSE, [5] * n), ([3] * n, NONSENSE), (NONSENSE, NONSENSE)):
            ours = method([*x, good[0]], [*d, good[1]])
            assert (ours.lower[-1], ours.upper[-1], ours.outcome[-1]) == (alone.lower, alone.upper, None)
            for lower, upper, why in zip(ours.lower, ours.upper, ours.outcome, strict=True):
                assert (lower is None) == (upper is None) == (why is not None)
                assert lower is None or (math.isfinite(lower) and math.isfinite(upper) and lower <= upper)
    for method in (ss.stats.difference, ss.stats.rate_ratio, ss.stats.rate_difference):
        alone = method(3, 11, 4, 10)
        for place in range(4):
            columns = [[given] * n for given in (3, 11, 4, 10)]
            columns[place] = NONSENSE
            ours = method(*([*column, given] for column, given in zip(columns, (3, 11, 4, 10), strict=True)))
            assert (ours.value[-1], ours.lower[-1], ours.outcome[-1]) == (alone.value, alone.lower, None)
            for numbers, why in zip(zip(ours.value, ours.lower, ours.upper, strict=True), ours.outcome, strict=True):
                assert all((number is None) == (why is not None) for number in numbers)
                assert all(number is None or math.isfinite(number) for number in numbers)
    assert "not bool" in ss.stats.wilson(True, 3).outcome and "too large" in ss.stats.wilson(10**400, 3).outcome
    bands = ss.stats.quantiles([*NONSENSE, 1, 2, 3], 2)
    assert bands[-3:].count(None) == 0 and "not str" in bands.outcome[4]
    areas = ss.stats.funnel([*NONSENSE, 3], [*[5] * n, 11])
    assert areas.significance[-1] == "Not significant" and "not bool" in areas.outcome[3]
    words = ss.stats.benchmark([*NONSENSE, 0.7], [*NONSENSE, 0.8], 0.6, "higher")
    assert words[-1] == "better" and "not str" in words.outcome[4]
    figures = ss.stats.round_half_up([*NONSENSE, 1], [8] * (n + 1), 100, 1)
    assert figures[-1] == Decimal("12.5") and "bool" in figures.outcome[3]
    chart = ss.stats.xmr([1, 2, "x", True, 5.0])
    assert chart.value == [1, 2, None, None, 5] and "not str" in chart.outcome[2]
    empty = [], [], []
    assert (ss.stats.wilson([], []).lower, ss.stats.quantiles([], 3), ss.stats.funnel([], []).significance) == empty
    assert ss.stats.xmr([]).lpl == [] and ss.stats.mean_interval([]).outcome and ss.stats.isr(*empty, []).outcome
    assert ss.stats.dsr(*empty).outcome and ss.stats.trend(*empty).outcome and ss.stats.run_chart([]).outcome


def test_rebases_have_a_reason_and_a_date():
    values, day = [50, 52, 49, 51, 50, 48, 30, 32, 29, 31, 30, 28], datetime.date(2025, 10, 1)
    days = [datetime.date(2025, 4 + month, 1) if month < 9 else datetime.date(2026, month - 8, 1) for month in range(12)]
    why = "a second team began"
    for given in (ss.stats.Rebase(6, why, day), (6, why, day), (day, why), (day, why, day)):
        chart = ss.stats.xmr(values, rebase=[given], dates=days)
        assert (chart.mean[5], chart.mean[6], chart.group[5:7]) == (50, 30, [0, 1])
        assert chart.rebases == [ss.stats.Rebase(6, why, day)]
        table = chart.to_polars()
        assert table["rebase_reason"].to_list() == [None] * 6 + [why] + [None] * 5
        assert table["rebase_date"][6] == day and table["date"][0] == days[0]
    assert ss.stats.xmr(values, rebase=np.array([6])).rebases == [ss.stats.Rebase(6)]
    for slip, words in (
        ({"rebase": [day]}, "no dates"),
        ({"rebase": [datetime.date(2020, 1, 1)], "dates": days}, "no point"),
        ({"rebase": ["6"]}, "Rebase"),
        ({"dates": days[::-1]}, "comes after"),
        ({"dates": [days[0]] * 12}, "twice"),
        ({"dates": days[:3]}, "as many of each"),
    ):
        with pytest.raises(ss.Error, match=words):
            ss.stats.xmr(values, **slip)


def test_targets_change_within_a_series():
    values = [10, 12] * 10
    targets = [None, *[100] * 9, *[11] * 10]
    chart = ss.stats.xmr(values, "higher", target=targets)
    assert chart.target == targets and chart.assurance == "inconsistent"
    assert chart.assurances[:2] == [None, "consistent_fail"] and chart.assurances[-1] == "inconsistent"
    assert ss.stats.xmr(values, "higher", target=np.array([100.0] * 20)).assurance == "consistent_fail"
    with pytest.raises(ss.Error):
        ss.stats.xmr(values, target=[1, 2])


def test_rule_sets_are_named_and_versioned():
    six = ss.stats.xmr(range(30), shift_of=6, trend_of=6)
    assert six.rules == "mdc-r-0.2.2, shift of 6, trend of 6"
    assert ss.stats.xmr(range(30), rules=six.rules).cause == six.cause
    # Far above the mean, and falling: a concern to the R package, an improvement to the spreadsheet.
    values = [10 + n % 2 for n in range(20)] + [60 - n for n in range(20, 40)]
    kinds = [ss.stats.xmr(values, screen_outliers=False, rules=rules).point_type[20] for rules in RULES]
    assert kinds == ["special_cause_concern", "special_cause_improvement"]


def test_newer_methods():
    # Newcombe RG, Statistics in Medicine 17 (1998), table II, method 10.
    change = ss.stats.difference([9, 10], [10, 10], [3, 0], [10, 10])
    assert [f"{lower:.4f}" for lower in change.lower] == ["0.1705", "0.6075"]
    # As scipy.stats.beta and scipy.stats.chi2 give them.
    exact = ss.stats.clopper_pearson([3, 250], [11, 1000])
    close(exact.lower[0], 0.06021773417290665, "Clopper-Pearson")
    close(exact.upper[1], 0.27805000622375553, "Clopper-Pearson")
    count = ss.stats.rate_interval([132, 2500.5], 1, 1, 0.9, method="exact")
    close(count.upper[0], 152.520_655_065_655_46, "exact Poisson")
    assert ss.stats.rate_interval(5, 1, 1, method="byar").lower != ss.stats.rate_interval(5, 1, 1).lower
    waits = ss.stats.kaplan_meier(np.array([20, 30, 45, 40, 60]), pl.Series([True, True, True, False, False]))
    assert (waits.median, waits.longest, len(waits)) == (45, 60, 3)
    assert "fewer than half" in ss.stats.kaplan_meier([5, 9], [0, 0]).outcome
    survey = ss.stats.survey_proportion([1, 1, 0, 0], [2, 1, 2, 1], ["a", "b", "a", "b"], ["x", "x", "x", "x"])
    assert survey.value == 0.5 and survey.outcome is None and 0 < survey.lower < 0.5 < survey.upper < 1
    assert "single cluster" in ss.stats.survey_proportion([1, 0, 1], stratum=[1, 1, 2]).outcome
    assert ss.stats.clustered_proportion([5], [4]).outcome and ss.stats.clustered_mean([], []).outcome
    rare = ss.stats.t_chart([40, 95, 12, 60, 33, 80])
    assert rare.rarer == [False] * 6 and ss.stats.g_chart([1] * 30 + [50]).rarer[-1]
    assert ss.stats.five_bands(([0.1, 0.3], [0.2, 0.4]), ([0.05, 0.27], [0.3, 0.5]), 0.25) == ["lower-95", "higher-99.8"]
    lines = ss.stats.funnel_limits([10, 40], kind="ratio", confidence=[0.95, 0.998])
    assert lines.lower_99_8[0] < lines.lower_95[0] < 1 < lines.upper_95[1] < lines.upper_99_8[1]
    rows = vectors("count_rounding.csv")
    counts = [int(count) for count in rows["count"]]
    for base, ties, column in ((3, "up", "3_half_up"), (5, "up", "5_half_up"), (10, "up", "10_half_up"), (10, "even", "10_half_even"), (100, "up", "100_half_up")):
        assert list(ss.stats.round_count(counts, base, ties=ties)) == [int(x) for x in rows[f"round{column}"]]
    rows = vectors("decimal_rounding.csv")
    for row, expected in enumerate(rows["expected_half_even"]):
        parts = (int(rows[name][row]) for name in ("x", "n", "multiplier", "dp"))
        assert str(ss.stats.round_half_even(*parts)) == expected, f"row {row}"


def test_no_number_is_invented_for_a_series():
    chart = ss.stats.xmr([1.0, math.inf, None, 4.0])
    assert chart.value == [1.0, None, None, 4.0]
    assert chart.lpl == [None] * 4 and all(chart.outcome)
    nothing = ss.stats.run_chart([None, math.nan])
    assert (nothing.median, nothing.signal) == (None, False) and "at least 1" in nothing.outcome
    areas = ss.stats.funnel([50, 480, 5], [100, 1000, 0])
    assert areas.significance == areas.to_arrow()["significance"].to_pylist()
    assert areas.significance[2] is None and "greater than 0" in areas.outcome[2]
    funnel = ss.stats.funnel([5], [0])
    assert (funnel.average, funnel.significance) == (None, [None]) and funnel.outcome[0]
    large = [1e308] * 5, [1.1e308] * 5
    assert ss.stats.funnel(*large).average is None
    assert "too large" in ss.stats.trend(range(5), *large).outcome
    missing = ss.stats.dsr([None, 30], [1000, 1000], [1, 1])
    assert missing.value == 1500 and "counts as 0" in missing.outcome


MISUSE = {
    "a confidence of 5%": lambda: ss.stats.wilson(1, 2, 0.05),
    "lists that differ": lambda: ss.stats.wilson([1, 2], [1, 2, 3]),
    "text": lambda: ss.stats.wilson("12", 20),
    "an array of text": lambda: ss.stats.wilson(np.array(["1", "2"]), 20),
    "an array of yes and no": lambda: ss.stats.wilson(np.array([True, False]), 20),
    "a column of yes and no": lambda: ss.stats.wilson(pl.Series([True]), 20),
    "text in a sample": lambda: ss.stats.mean_interval([1, "2"]),
    "no confidence": lambda: ss.stats.wilson(1, 2, []),
    "one confidence twice": lambda: ss.stats.wilson(1, 2, [0.95, 95]),
    "yes as a confidence": lambda: ss.stats.wilson(1, 2, True),
    "a method that is none": lambda: ss.stats.rate_interval(1, 2, method="wald"),
    "an answer that is none": lambda: ss.stats.survey_proportion([1, 2]),
    "a missing cluster": lambda: ss.stats.survey_proportion([1, 0], cluster=["a", None]),
    "rules with half a variant": lambda: ss.stats.xmr([1, 2, 3], rules="mdc-r-0.2.2, shift of one"),
    "a column of text": lambda: ss.stats.wilson(pl.Series(["1"]), 20),
    "a whole table": lambda: ss.stats.wilson(pl.DataFrame({"x": [1]}), 20),
    "two dimensions": lambda: ss.stats.wilson(np.ones((2, 2)), 20),
    "one number as a series": lambda: ss.stats.xmr(3),
    "a multiplier of 0": lambda: ss.stats.rate_interval(1, 2, multiplier=0),
    "no bands": lambda: ss.stats.quantiles([1, 2], 0),
    "a kind that is none": lambda: ss.stats.funnel([1], [2], kind="mean"),
    "a polarity that is none": lambda: ss.stats.benchmark(1, 2, 3, "up"),
    "half a trend": lambda: ss.stats.trend([1, 2, 3, 4, 5], numerators=[1, 2, 3, 4, 5]),
    "limits on 5 points": lambda: ss.stats.xmr([1, 2, 3], fix_after=5),
    "a rebase at no point": lambda: ss.stats.xmr([1, 2, 3], rebase=[7]),
    "rules without a version": lambda: ss.stats.xmr([1, 2, 3], rules="mdc"),
    "a shift of 1": lambda: ss.stats.xmr([1, 2, 3], shift_of=1),
    "a figure of nothing": lambda: ss.stats.round_half_up(1, 0, 100, 1),
}


@pytest.mark.parametrize("slip", MISUSE)
def test_misuse_is_refused(slip):
    with pytest.raises(ss.Error) as error:
        MISUSE[slip]()
    assert len(str(error.value)) > 20


@pytest.mark.parametrize("name", [name for name in ss.stats.__all__ if name.islower()])
def test_every_method_has_an_example_and_a_source(name):
    text = inspect.getdoc(getattr(ss.stats, name))
    assert ">>>" in text and "Source:" in text
