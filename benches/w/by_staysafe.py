"""Workload W by the engine through Python: from polars frames, loaded once, to results with figures and intervals finished."""

import numpy as np
import polars as pl
import staysafe as ss
from peers import AREAS, COUNTERS

# An indicator's numerator, and its denominator where it has one: `definitions.rs`.
FILLS = [
    ["referrals"],
    ["re_referrals", "referrals"],
    ["assessments_in_45", "assessments"],
    ["assessments_in_10", "assessments"],
    ["conferences_in_15", "conferences"],
    ["s47s_to_conference", "s47s"],
    ["referrals_to_s47", "referrals"],
    ["plans_open"],
    ["plans_reviewed", "plans_open"],
    ["plans_repeated", "plans_begun"],
    ["plans_of_two_years", "plans_ended"],
    ["placements_open"],
    ["placements_far", "placements_open"],
    ["children_moved"],
]
FILTERS = ["", "-minority", "-white", "-black-or-mixed", "-asian-or-black"]


class Program:
    def __init__(self, folder, threads):
        self.folder = folder
        self.tables = {n: pl.read_ipc(folder / f"{n}.arrow") for n in ("journey", "plan", "episode")}
        self.frameworks = {}
        self.loaded = None
        first, last = (2010, 2019)
        self.periods = {
            40: ss.quarters(f"{first}-{first % 100 + 1}", f"{last}-{last % 100 + 1}"),
            120: [f"{m} {y + (n > 8)}" for y in range(first, last + 1) for n, m in enumerate(MONTHS)],
        }

    def prepare(self, indicators, periods):
        if indicators not in self.frameworks:
            self.frameworks[indicators] = ss.load(self.folder / f"framework-{indicators}")
        if self.loaded is None:
            self.loaded = self.frameworks[indicators].load(self.tables, area="region", kind="region-return")
            assert self.loaded.as_records is None and len(self.loaded.rejects) == 0

    def run(self, indicators, periods):
        return self.frameworks[indicators].calculate(self.loaded, periods=self.periods[periods], by=["area"])

    def counts(self, found, indicators, periods):
        filters = FILTERS[:1] if indicators == 14 else FILTERS[1:]
        counts = np.zeros((AREAS, periods, len(filters), len(COUNTERS)), dtype=np.int64)
        names = {f"w-{n:02}{f}": (at, fills) for at, f in enumerate(filters) for n, fills in enumerate(FILLS, 1)}
        order = {str(period): n for n, period in enumerate(self.periods[periods])}
        rows = found.to_polars().select("indicator", "area", "period", "numerator", "denominator", "value")
        for indicator, area, period, numerator, denominator, value in rows.iter_rows():
            at, fills = names[indicator]
            told = [value if len(fills) == 1 else numerator, denominator]
            if not (area[0] == "A" and area[1:].isdigit()) and not any(told):
                continue
            for name, count in zip(fills, told):
                counts[int(area[1:]) - 1, order[period], at, COUNTERS.index(name)] = int(count or 0)
        return counts.reshape(AREAS, periods, -1)


MONTHS = "Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar".split()
