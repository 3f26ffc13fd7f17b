"""Workload W as one polars program.

What pays: all counts collected together by the streaming engine; what a date comes to looked up in a small series, not worked
out with functions on dates; one small whole number a row that holds area, period, filters and class (which conditions hold),
grouped once and spread into counters at the end; snapshots from changes added up; placements sorted once for all areas and
children, by a single number of 128 bits.
"""

import numpy as np
import polars as pl
from peers import AREAS, COUNTERS, load, taken

DATES = {
    "journey": ["referral_date", "previous_referral_date", "assessment_date", "s47_start", "icpc_date"],
    "plan": ["plan_start", "plan_end", "latest_review_date"],
    "episode": ["placement_start", "placement_end"],
}
# A day takes 14 bits of the sorting key and uses 13: two keys lie closer than this where they are of one child.
DAY, NEAR = 1 << 14, 1 << 13


class Program:
    def __init__(self, folder, threads):
        assert pl.thread_pool_size() == threads
        self.tables = {}
        for name, dates in DATES.items():
            table, codes = load(folder, name)
            if name != "episode":
                table = table.drop_columns("child")
            table = pl.from_arrow(table).with_columns(pl.col(dates).cast(pl.Int32))
            self.tables[name] = table.rechunk()
        masks = np.zeros(len(codes), dtype=np.uint32)
        for bit, numbers in enumerate(taken(codes)):
            masks[numbers] |= 1 << bit
        self.masks = pl.Series(masks)
        self.days = {n: Days(pl.read_csv(folder / f"days-{n}.csv"), n) for n in (40, 120)}

    def prepare(self, indicators, periods):
        pass

    def run(self, indicators, periods):
        query = Query(self.days[periods], self.masks if indicators == 56 else None)
        tables = {name: table.lazy() for name, table in self.tables.items()}
        parts = [*query.journeys(tables["journey"]), *query.plans(tables["plan"]), *query.episodes(tables["episode"])]
        found = pl.collect_all(parts, engine="streaming")
        return query.together(found)

    def counts(self, found, indicators, periods):
        return found.select(Query.names(indicators // 14)).to_numpy().reshape(AREAS, periods, -1)


class Days:
    """What each day comes to, as series to look things up in."""

    def __init__(self, table, periods):
        self.periods, self.window = periods, 4 if periods == 40 else 12
        self.first = table["day"][0]
        self.working = table["working"].cast(pl.Int16)
        self.year_before = table["year_before"].cast(pl.Int32)
        self.two_years_on = table["two_years_on"].cast(pl.Int32)
        free = table["period"].to_numpy()
        # The period that a day lies in: one behind all others is outside. And the first whose last day is not before it.
        self.event = pl.Series(np.where((free < 0) | (free > periods), periods, free).astype(np.uint32))
        after = np.append(free[1:], free[-1]) != free
        self.upto = pl.Series(np.clip(free, 0, periods).astype(np.uint32))
        self.free = pl.Series(free.astype(np.int32))
        days = np.arange(self.first, self.first + len(free))
        self.seen = (int(days[free >= -self.window].min()), int(days[after & (free == periods - 1)].max()))

    def of(self, series, column):
        return pl.lit(series).gather(pl.col(column) - self.first)


class Query:
    def __init__(self, days, masks):
        self.days, self.masks = days, masks
        self.width = days.periods + 1
        self.filters = 1 if masks is None else 4

    @staticmethod
    def names(filters):
        return [f"{name}_{n}" for n in range(filters) for name in COUNTERS]

    def group(self):
        """Area, and the filters that a row passes."""
        area = pl.col("area").cast(pl.UInt32)
        return area if self.masks is None else area * 16 + pl.lit(self.masks).gather(pl.col("ethnicity"))

    def tally(self, rows, period, classes, **counters):
        """Rows by cell and class, spread into counters: of each, the classes that it counts."""
        key = (self.group() * self.width + period) * 4 + sum(
            condition.cast(pl.UInt32) * weight for weight, condition in classes
        )
        counted = rows.select(key.alias("key")).group_by("key").len()
        return self.spread(counted, pl.col("len").cast(pl.Int64), counters)

    def spread(self, counted, count, counters):
        cell = pl.col("key") // 4
        group, period = cell // self.width, cell % self.width
        passes = [None] if self.masks is None else [(group % 16) // (1 << bit) % 2 == 1 for bit in range(4)]
        area = group if self.masks is None else group // 16
        sums = []
        for number, passed in enumerate(passes):
            for name, taken_classes in counters.items():
                of = pl.col("key") % 4
                takes = of.is_in(taken_classes) if passed is None else of.is_in(taken_classes) & passed
                sums.append(pl.when(takes).then(count).otherwise(0).sum().alias(f"{name}_{number}"))
        return counted.group_by((area * self.width + period).alias("cell")).agg(sums)

    def journeys(self, rows):
        of, days = self.days.of, self.days
        again = (pl.col("previous_referral_date") >= of(days.year_before, "referral_date")).fill_null(False)
        yield self.tally(
            rows,
            of(days.event, "referral_date"),
            [(1, again), (2, pl.col("s47_start").is_not_null())],
            referrals=[0, 1, 2, 3],
            re_referrals=[1, 3],
            referrals_to_s47=[2, 3],
        )
        took = of(days.working, "assessment_date") - of(days.working, "referral_date")
        yield self.tally(
            rows.filter(pl.col("assessment_date").is_not_null()),
            of(days.event, "assessment_date"),
            [(1, took <= 45), (1, took <= 10)],
            assessments=[0, 1, 2],
            assessments_in_45=[1, 2],
            assessments_in_10=[2],
        )
        yield self.tally(
            rows.filter(pl.col("s47_start").is_not_null()),
            of(days.event, "s47_start"),
            [(1, pl.col("icpc_date").is_not_null())],
            s47s=[0, 1],
            s47s_to_conference=[1],
        )
        took = of(days.working, "icpc_date") - of(days.working, "s47_start")
        yield self.tally(
            rows.filter(pl.col("icpc_date").is_not_null()),
            of(days.event, "icpc_date"),
            [(1, took <= 15)],
            conferences=[0, 1],
            conferences_in_15=[1],
        )

    def plans(self, rows):
        of, days = self.days.of, self.days
        yield self.tally(
            rows,
            of(days.event, "plan_start"),
            [(1, pl.col("previous_plans") > 0)],
            plans_begun=[0, 1],
            plans_repeated=[1],
        )
        yield self.tally(
            rows.filter(pl.col("plan_end").is_not_null()),
            of(days.event, "plan_end"),
            [(1, of(days.two_years_on, "plan_start") <= pl.col("plan_end"))],
            plans_ended=[0, 1],
            plans_of_two_years=[1],
        )
        begins = of(days.upto, "plan_start")
        ends = of(days.upto, "plan_end").fill_null(days.periods)
        yield from self.stock(rows, begins, ends, [], plans_open=[0])
        held = of(days.upto, "latest_review_date")
        lapses = pl.lit(days.upto).gather(pl.col("latest_review_date") + 184 - days.first)
        reviewed = rows.filter(pl.col("latest_review_date").is_not_null())
        begins, ends = pl.max_horizontal(begins, held), pl.min_horizontal(ends, lapses)
        reviewed = reviewed.select("area", "ethnicity", begins.alias("begins"), ends.alias("ends"))
        reviewed = reviewed.filter(pl.col("begins") < pl.col("ends"))
        yield from self.stock(reviewed, pl.col("begins"), pl.col("ends"), [], plans_reviewed=[0])

    def episodes(self, rows):
        of, days = self.days.of, self.days
        begins = of(days.upto, "placement_start")
        ends = of(days.upto, "placement_end").fill_null(days.periods)
        far = (pl.col("miles_from_home") > 20).fill_null(False)
        yield from self.stock(rows, begins, ends, [(1, far)], placements_open=[0, 1], placements_far=[1])
        yield from self.moved(rows)

    def stock(self, rows, begins, ends, classes, **counters):
        """What begins less what ends, to be added up over periods. What begins and ends between two last days adds nothing."""
        yield self.tally(rows, begins, classes, **counters)
        yield self.tally(rows, ends, classes, **{f"-{name}": of for name, of in counters.items()})

    def moved(self, rows):
        """Of each child's different starts in order, the periods at whose end the first of three is still inside the window."""
        days = self.days
        first, last = days.seen
        rows = rows.filter(pl.col("placement_start").is_between(first, last))
        child = self.group().cast(pl.Int128) * (1 << 63) + pl.col("child").cast(pl.Int128)
        key = child * DAY + (pl.col("placement_start") - days.first).cast(pl.Int128)
        sorted_keys = rows.select(key.alias("third")).sort("third")
        different = sorted_keys.filter(pl.col("third") != pl.col("third").shift(1).fill_null(-1))
        threes = different.with_columns(first=pl.col("third").shift(2)).filter(pl.col("third") - pl.col("first") < NEAR)
        period = lambda name: pl.lit(days.free).gather((pl.col(name) % DAY).cast(pl.UInt32))
        spans = threes.select(
            pl.col("third"),
            (pl.col("third") // (DAY << 63)).cast(pl.UInt32).alias("group"),
            pl.max_horizontal(period("third"), 0).alias("begins"),
            pl.min_horizontal(period("first") + days.window, days.periods).alias("ends"),
        )
        same = pl.col("third") - pl.col("third").shift(1) < NEAR
        counted = pl.when(same).then(pl.col("ends").shift(1)).otherwise(0)
        spans = spans.select("group", pl.max_horizontal("begins", counted).alias("begins"), "ends")
        spans = spans.filter(pl.col("begins") < pl.col("ends"))
        for name, column in [("children_moved", "begins"), ("-children_moved", "ends")]:
            key = (pl.col("group") * self.width + pl.col(column).cast(pl.UInt32)) * 4
            counted = spans.select(key.alias("key")).group_by("key").len()
            yield self.spread(counted, pl.col("len").cast(pl.Int64), {name: [0]})

    def together(self, found):
        """One row for each area and period, a column for each counter."""
        cells = pl.DataFrame({"cell": np.arange(AREAS * self.width, dtype=np.uint32)})
        for part in found:
            cells = cells.join(part, on="cell", how="left", maintain_order="left")
        cells = cells.fill_null(0)
        area = pl.col("cell") // self.width
        changes = [name[1:] for name in cells.columns if name.startswith("-")]
        stocks = [(pl.col(name) - pl.col(f"-{name}")).cum_sum().over(area).alias(name) for name in changes]
        cells = cells.with_columns(stocks)
        return cells.filter(pl.col("cell") % self.width < self.days.periods).select("cell", *self.names(self.filters))
