"""Limits of many rows: staysafe beside numpy, scipy and statsmodels, in turn, in one run, on one thread.

    cargo xtask bench stats.py             # 10 million rows; makes .venv, with the package as it is shipped
    python benches/stats.py --rows 100000  # in an environment that has all of them

Each method runs once before it is timed, and its limits must agree with ours. Then all take turns; the median of the
rounds counts. A ratio of 3 says that ours takes a third of the time.
"""

import argparse
import statistics
import time

import numpy as np
import scipy
import statsmodels
from scipy import special
from staysafe import stats
from statsmodels.stats.proportion import proportion_confint

Z = 1.959963984540054
TAIL = 0.025
BLOCK = 16_384


def wilson_in_one(x, n):
    z2 = Z * Z
    reach = Z * np.sqrt(z2 + 4 * x * (1 - x / n))
    centre, scale = 2 * x + z2, 2 * (n + z2)
    return (centre - reach) / scale, (centre + reach) / scale


def byar_in_one(x, n):
    def limit(count, z):
        root = 1 - 1 / (9 * count) + z / (3 * np.sqrt(count))
        return count * (root * root * root) / n * 10_000

    return limit(x, -Z), limit(x + 1, Z)


def in_blocks(method):
    """The same on blocks that stay in the cache: what is worked out on the way never goes to memory."""

    def blocks(x, n):
        lower, upper = np.empty_like(x), np.empty_like(x)
        for at in range(0, len(x), BLOCK):
            part = slice(at, at + BLOCK)
            lower[part], upper[part] = method(x[part], n[part])
        return lower, upper

    return blocks


def wilson_in_place(x, n):
    """Blocks, and every step into memory that is there already."""
    z2 = Z * Z
    lower, upper = np.empty_like(x), np.empty_like(x)
    reach, scale = np.empty(BLOCK), np.empty(BLOCK)
    for at in range(0, len(x), BLOCK):
        part = slice(at, at + BLOCK)
        xs, ns, low, high = x[part], n[part], lower[part], upper[part]
        r, s = reach[: len(xs)], scale[: len(xs)]
        np.divide(xs, ns, out=r)
        np.subtract(1, r, out=r)
        np.multiply(r, xs, out=r)
        np.multiply(r, 4, out=r)
        np.add(r, z2, out=r)
        np.sqrt(r, out=r)
        np.multiply(r, Z, out=r)
        np.add(ns, z2, out=s)
        np.multiply(s, 2, out=s)
        np.multiply(xs, 2, out=high)
        np.add(high, z2, out=high)
        np.subtract(high, r, out=low)
        np.add(high, r, out=high)
        np.divide(low, s, out=low)
        np.divide(high, s, out=high)
    return lower, upper


def byar_in_place(x, n):
    lower, upper = np.empty_like(x), np.empty_like(x)
    scratch = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for at in range(0, len(x), BLOCK):
        part = slice(at, at + BLOCK)
        xs, ns = x[part], n[part]
        more, root, square = (each[: len(xs)] for each in scratch)
        np.add(xs, 1, out=more)
        for counts, z, out in ((xs, -Z, lower[part]), (more, Z, upper[part])):
            np.multiply(counts, 9, out=root)
            np.divide(-1, root, out=root)
            np.sqrt(counts, out=square)
            np.divide(z / 3, square, out=square)
            np.add(root, square, out=root)
            np.add(root, 1, out=root)
            np.multiply(root, root, out=square)
            np.multiply(square, root, out=square)
            np.multiply(square, counts, out=out)
            np.divide(out, ns, out=out)
            np.multiply(out, 10_000, out=out)
    return lower, upper


def exact(x, n):
    return special.gammaincinv(x, TAIL) / n * 10_000, special.gammainccinv(x + 1, TAIL) / n * 10_000


def exact_by_table(x, n):
    """Whole counts: each worked out once."""
    known = np.arange(x.max() + 1)
    at = x.astype(np.intp)
    return (
        special.gammaincinv(known, TAIL)[at] / n * 10_000,
        special.gammainccinv(known + 1, TAIL)[at] / n * 10_000,
    )


def published_rule(x, n):
    """Exact below 10 events, Byar's from 10 on."""
    lower, upper = byar_in_place(np.maximum(x, 10.0), n)
    few = np.flatnonzero(x < 10)
    lower[few], upper[few] = exact_by_table(x[few], n[few])
    return lower, upper


def clopper_pearson(x, n):
    # The exact limits of none and of all are 0 and 1; neither occurs here.
    return special.betaincinv(x, n - x + 1, TAIL), special.betainccinv(x + 1, n - x, TAIL)


def of_statsmodels(x, n):
    return proportion_confint(x, n, method="wilson")


def ours(function, /, *arguments, **options):
    def call(x, n):
        found = function(x, n, *arguments, **options)
        return found.lower, found.upper

    return call


def rate(method):
    return ours(stats.rate_interval, 10_000, method=method)


CASES = {
    "Wilson": (
        1.0,
        ours(stats.wilson),
        {
            "numpy, one expression": wilson_in_one,
            "numpy, in blocks": in_blocks(wilson_in_one),
            "numpy, in blocks, in place": wilson_in_place,
            "statsmodels": of_statsmodels,
        },
    ),
    "Byar": (
        1.0,
        rate("byar"),
        {
            "numpy, one expression": byar_in_one,
            "numpy, in blocks": in_blocks(byar_in_one),
            "numpy, in blocks, in place": byar_in_place,
        },
    ),
    "rate: exact below 10, else Byar": (1.0, rate("exact-below-10"), {"numpy and scipy, by table": published_rule}),
    "exact Poisson, whole counts": (0.1, rate("exact"), {"scipy": exact, "scipy, by table": exact_by_table}),
    "exact Poisson, parts of counts": (0.01, rate("exact"), {"scipy": exact}),
    "Clopper-Pearson": (0.01, ours(stats.clopper_pearson), {"scipy": clopper_pearson}),
}


def counts(case, rows):
    """Counts of 1 to 999 in denominators of up to 5,000; the same in every run."""
    random = np.random.default_rng(20261125)
    x = random.integers(1, 1000, rows).astype(float)
    if "parts" in case:
        x += 0.5
    return x, np.floor(x) + random.integers(2, 4000, rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}; median of {given.rounds} rounds, each in turn")
    for case, (share, own, theirs) in CASES.items():
        rows = max(int(given.rows * share), 1000)
        x, n = counts(case, rows)
        methods = {"staysafe": own, **theirs}
        expected = own(x, n)
        for name, method in theirs.items():
            for mine, limit in zip(expected, method(x, n), strict=True):
                np.testing.assert_allclose(mine, limit, rtol=1e-9, atol=1e-12, err_msg=f"{case}, {name}")
        times = {name: [] for name in methods}
        for _ in range(given.rounds):
            for name, method in methods.items():
                start = time.perf_counter()
                method(x, n)
                times[name].append(time.perf_counter() - start)
        median = {name: statistics.median(spent) for name, spent in times.items()}
        print(f"\n{case}, {rows:,} rows")
        for name, spent in median.items():
            ratio = f"{spent / median['staysafe']:6.1f} times ours" if name != "staysafe" else ""
            print(f"  {name:28} {spent * 1e3:10.1f} ms  {spent / rows * 1e9:8.1f} ns a row  {ratio}")


if __name__ == "__main__":
    main()
