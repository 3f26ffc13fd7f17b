"""Every measure of the shipped framework that a children in need census feeds, as one polars program, for the four quarters of
its year and the year.

Written for a file that shows whole lives, as the synthetic council's does: no review of a plan is missing from it. Numbers
of children are small whole numbers here, and codes are categories; that is loading, and timed for nobody.
"""

import datetime as dt

import polars as pl

TABLES = [
    "assessment",
    "assessment_factor",
    "child",
    "child_protection_plan",
    "child_protection_review",
    "cin_plan",
    "disability",
    "referral",
    "section_47",
]
FACTORS = {
    "ctx-factor-domestic-abuse": ["3A", "3B", "3C"],
    "ctx-factor-exploitation": ["11A", "12A", "13A", "24A"],
    "ctx-factor-parental-mental-health": ["4B"],
    "ctx-factor-substances": ["1B", "2B"],
}
NOT_KNOWN = ["REFU", "NOBT"]
EPOCH = dt.date(1970, 1, 1)


def number(day):
    return (day - EPOCH).days


class Program:
    def __init__(self, folder, threads):
        assert pl.thread_pool_size() == threads
        tables = {name: pl.read_ipc(folder / f"{name}.arrow") for name in TABLES}
        children = pl.concat([t.select("child") for t in tables.values() if "child" in t.columns]).unique()
        children = children.with_row_index("number")
        self.tables = {name: self.loaded(table, children) for name, table in tables.items()}
        days = pl.read_csv(folder / "days.csv")
        self.first = days["day"][0]
        self.working = days["working"].cast(pl.Int32)
        date = (pl.col("day").cast(pl.Int32)).cast(pl.Date)
        self.later = {
            months: days.select(date.dt.offset_by(f"{months}mo").cast(pl.Int32)).to_series() for months in (3, 6, 12, 24)
        }
        self.year = int((folder / "year").read_text())

    @staticmethod
    def loaded(table, children):
        dates = [name for name, kind in table.schema.items() if kind == pl.Date]
        texts = [name for name, kind in table.schema.items() if kind == pl.String and name != "child"]
        if "child" in table.columns:
            table = table.join(children, on="child", how="left", maintain_order="left").drop("child")
            table = table.rename({"number": "child"})
        return table.with_columns(pl.col(dates).cast(pl.Int32), pl.col(texts).cast(pl.Categorical)).rechunk()

    def of(self, series, column):
        return pl.lit(series).gather(pl.col(column) - self.first)

    def prepare(self, indicators, periods):
        pass

    def run(self, indicators, periods):
        return Query(self).run()

    def counts(self, found, indicators, periods):
        """A line for each figure, as `whole.rs` writes it: categories that nothing is in are left out."""
        lines = [
            f"{indicator}\t{category or ''}\t{period}\t{n}\t{'' if d is None else d}"
            for indicator, category, period, n, d in found
            if category is None or n > 0
        ]
        return "\n".join(sorted(lines)) + "\n"


class Query:
    def __init__(self, program):
        self.program, self.of = program, program.of
        self.tables = {name: table.lazy() for name, table in program.tables.items()}
        year = program.year
        starts = [dt.date(year, 4, 1), dt.date(year, 7, 1), dt.date(year, 10, 1), dt.date(year + 1, 1, 1)]
        self.starts = [number(day) for day in [*starts, dt.date(year + 1, 4, 1)]]
        self.lasts = [day - 1 for day in self.starts[1:]]
        label = f"{year}-{(year + 1) % 100:02}"
        self.labels = [*(f"{label} Q{n}" for n in range(1, 5)), label]
        self.parts = []

    def run(self):
        self.referrals()
        self.assessments()
        self.section_47s()
        self.plans()
        self.others()
        frames = pl.collect_all([frame for frame, _ in self.parts], engine="streaming")
        figures = []
        for frame, told in zip(frames, (told for _, told in self.parts)):
            figures.extend(told(frame))
        return figures

    # What is asked

    def ask(self, frame, told):
        self.parts.append((frame, told))

    def inside(self, rows, field):
        """Rows of the year, with their quarter."""
        first, last = self.starts[0], self.lasts[3]
        rows = rows.filter(pl.col(field).is_between(first, last))
        quarter = sum((pl.col(field) >= start).cast(pl.Int8) for start in self.starts[1:4])
        return rows.with_columns(quarter.alias("quarter"))

    def events(self, rows, field, counts, shares=None):
        """How many in each quarter and the year; `shares` by indicator: a condition, of all rows."""
        shares = shares or {}
        sums = [condition.fill_null(False).sum().alias(name) for name, condition in shares.items()]
        frame = self.inside(rows, field).group_by("quarter").agg(pl.len(), *sums)

        def told(found):
            by = {row["quarter"]: row for row in found.iter_rows(named=True)}

            def count(name):
                quarters = [by[n][name] if n in by else 0 for n in range(4)]
                return [*quarters, sum(quarters)]

            for at, whole in zip(self.labels, count("len")):
                yield from ((name, None, at, whole, None) for name in counts)
            for name in shares:
                yield from ((name, None, at, n, d) for at, n, d in zip(self.labels, count(name), count("len")))

        self.ask(frame, told)

    def distinct_children(self, rows, field, indicator):
        """Of a year each child once: not the sum of its quarters."""
        by_child = self.inside(rows, field).group_by("child").agg((pl.col("quarter") == n).any().alias(str(n)) for n in range(4))
        frame = by_child.select(*(pl.col(str(n)).sum() for n in range(4)), pl.len().alias("4"))
        self.ask(frame, lambda found: [(indicator, None, at, n, None) for at, n in zip(self.labels, found.row(0))])

    def categories(self, rows, field, category, indicator):
        frame = self.inside(rows, field).group_by("quarter", pl.col(category).cast(pl.String).fill_null("unknown").alias("of")).len()

        def told(found):
            for quarter, of, count in found.iter_rows():
                yield indicator, of, self.labels[quarter], count, None
            for of, count in found.group_by("of").agg(pl.col("len").sum()).iter_rows():
                yield indicator, of, self.labels[4], count, None

        self.ask(frame, told)

    def is_open(self, start, end, last):
        return (pl.col(start) <= last) & (pl.col(end).is_null() | (pl.col(end) > last))

    def stock(self, rows, start, end, of_rows, of_children):
        opens = [self.is_open(start, end, last).alias(str(n)) for n, last in enumerate(self.lasts)]
        names = [str(n) for n in range(4)]
        if of_rows:
            self.snapshot(rows.select(opens).select(pl.col(names).sum()), of_rows)
        if of_children:
            by_child = rows.select("child", *opens).group_by("child").agg(pl.col(names).any())
            self.snapshot(by_child.select(pl.col(names).sum()), of_children)

    def snapshot(self, frame, indicators):
        """The year shows its last day."""

        def told(found):
            counts = [*found.row(0), found.row(0)[3]]
            for name in indicators:
                yield from ((name, None, at, count, None) for at, count in zip(self.labels, counts))

        self.ask(frame, told)

    def shares_of_stock(self, frame, shares):
        """Columns `n0` to `n3` and `d0` to `d3` of one row, for indicators with a numerator or none."""

        def told(found):
            row = found.row(0, named=True)
            for name, with_denominator, labels in shares:
                for at, n in zip(labels, [0, 1, 2, 3, 3]):
                    yield name, None, at, row[f"n{n}"], row[f"d{n}"] if with_denominator else None

        self.ask(frame, told)

    # The tables

    def referrals(self):
        of, rows = self.of, self.tables["referral"]
        days = rows.select("child", "referral_date").unique().sort("child", "referral_date")
        before = pl.col("referral_date").shift(1)
        again = days.with_columns(before=pl.when(pl.col("child") == pl.col("child").shift(1)).then(before))
        again = again.filter(of(self.program.later[12], "before") >= pl.col("referral_date"))
        again = again.select("child", "referral_date", again=True)
        assessed = self.tables["assessment"].filter(pl.col("authorisation_date").is_not_null())
        assessed = assessed.select("referral").unique().with_columns(assessed=True)
        first, last = self.starts[0], self.lasts[3]
        year = rows.filter(pl.col("referral_date").is_between(first, last))
        year = year.join(again, on=["child", "referral_date"], how="left").join(assessed, on="referral", how="left")
        shares = {
            "ctx-nfa": pl.col("no_further_action"),
            "ctx-re-referrals-12m": pl.col("again"),
            "ctx-referrals-assessed": pl.col("assessed"),
        }
        self.events(year, "referral_date", ["ctx-referrals"], shares)
        self.categories(rows, "referral_date", "primary_need", "ctx-primary-need")
        self.categories(rows, "referral_date", "referral_source", "ctx-referral-source")
        self.events(rows, "closure_date", ["ctx-closures"])
        self.stock(rows, "referral_date", "closure_date", ["ctx-cin-episodes-open"], ["ctx-cin-open"])
        held = rows.select("child", "icpc_date").filter(pl.col("icpc_date").is_between(first, last)).unique()
        enquiries = self.tables["section_47"].group_by("child").agg(
            pl.col("s47_start").min().alias("earliest"), pl.col("s47_start").null_count().alias("blank")
        )
        without = pl.col("blank").is_null() | ((pl.col("blank") == 0) & (pl.col("earliest") > pl.col("icpc_date")))
        self.events(held, "icpc_date", ["ctx-conference-dates"])
        self.events(held.join(enquiries, on="child", how="left").filter(without), "icpc_date", ["ctx-icpc-without-s47"])
        disabled = self.tables["disability"].filter(pl.col("disability").is_not_null())
        disabled = disabled.group_by("child").agg((pl.col("disability").cast(pl.String) != "NONE").any().alias("disabled"))
        opens = [self.is_open("referral_date", "closure_date", last).any().alias(f"d{n}") for n, last in enumerate(self.lasts)]
        known = rows.join(disabled, on="child").group_by("child").agg(pl.col("disabled").first(), *opens)
        sums = [pl.col(f"d{n}").sum() for n in range(4)] + [
            (pl.col(f"d{n}") & pl.col("disabled")).sum().alias(f"n{n}") for n in range(4)
        ]
        self.shares_of_stock(known.select(sums), [("ctx-disability", True, self.labels)])

    def assessments(self):
        of, working = self.of, self.program.working
        rows = self.tables["assessment"].filter(pl.col("authorisation_date").is_between(self.starts[0], self.lasts[3]))
        factors = self.tables["assessment_factor"].select("assessment", pl.col("factor").cast(pl.String))
        found = [pl.col("factor").is_in(codes).any().alias(name) for name, codes in FACTORS.items()]
        some = factors.filter(pl.col("factor").is_in(sum(FACTORS.values(), []))).group_by("assessment").agg(found)
        took = of(working, "authorisation_date") - of(working, "assessment_start")
        in_time = (pl.col("assessment_start") <= pl.col("authorisation_date")) & (took <= 45)
        shares = {"ctx-assessment-45": in_time, **{name: pl.col(name) for name in FACTORS}}
        rows = rows.join(some, on="assessment", how="left")
        self.events(rows, "authorisation_date", ["ctx-assessments-authorised"], shares)
        named = self.tables["assessment_factor"].unique(["assessment", "factor"])
        self.categories(named, "authorisation_date", "factor", "ctx-factors")
        frame = pl.concat(
            [
                self.inside(self.tables["assessment"].select(day="authorisation_date"), "day").select("quarter", a=1, r=0),
                self.inside(self.tables["referral"].select(day="referral_date"), "day").select("quarter", a=0, r=1),
            ]
        )

        def told(found):
            by = {quarter: (a, r) for quarter, a, r in found.iter_rows()}
            quarters = [by.get(n, (0, 0)) for n in range(4)]
            for at, (a, r) in zip(self.labels, [*quarters, tuple(map(sum, zip(*quarters)))]):
                yield "cs-10", None, at, a, r

        self.ask(frame.group_by("quarter").agg(pl.col("a").sum(), pl.col("r").sum()), told)

    def section_47s(self):
        of, working, rows = self.of, self.program.working, self.tables["section_47"]
        self.events(rows, "s47_start", ["ctx-s47"], {"ctx-s47-no-conference": pl.col("icpc_not_required")})
        held = rows.filter(pl.col("icpc_date").is_between(self.starts[0], self.lasts[3]))
        start = pl.col("s47_start").filter(pl.col("s47_start") <= pl.col("icpc_date")).max()
        held = held.group_by("child", "icpc_date").agg(start.alias("start"))
        self.events(held, "icpc_date", ["ctx-icpc"])
        in_time = of(working, "icpc_date") - of(working, "start") <= 15
        timed = held.filter(pl.col("start").is_not_null())
        self.events(timed, "icpc_date", [], {"cs-14": in_time, "nsdu-02": in_time})

    def plans(self):
        of, rows = self.of, self.tables["child_protection_plan"]
        before = {"cs-07": pl.col("previous_plans") >= 1}
        long = {"cs-06": of(self.program.later[24], "plan_start") <= pl.col("plan_end")}
        self.events(rows, "plan_start", ["rev-04"], before)
        self.events(rows, "plan_end", ["rev-05"], long)
        self.distinct_children(rows, "plan_start", "ctx-plans-started-children")
        self.distinct_children(rows, "plan_end", "ctx-plans-ended-children")
        self.stock(rows, "plan_start", "plan_end", ["ctx-plans-open-episodes"], ["cs-15", "rev-01"])
        # The latest category of a child's open plan: of several, of the one that began last.
        last_open = [
            pl.col("latest_category").filter(self.is_open("plan_start", "plan_end", last)).last().alias(f"of{n}")
            for n, last in enumerate(self.lasts)
        ]
        opens = [self.is_open("plan_start", "plan_end", last).any().alias(str(n)) for n, last in enumerate(self.lasts)]
        chosen = rows.sort("plan_start", "plan").group_by("child", maintain_order=True).agg(*last_open, *opens)
        for n in range(4):
            of_day = chosen.filter(pl.col(str(n))).group_by(pl.col(f"of{n}").cast(pl.String).fill_null("unknown").alias("of")).len()
            labels = [self.labels[n]] if n < 3 else self.labels[3:]
            self.ask(of_day, lambda found, labels=labels: [("rev-02", of, at, n, None) for of, n in found.iter_rows() for at in labels])
        groups = self.tables["child"].group_by("child").agg(
            pl.col("ethnicity").cast(pl.String).first().alias("group"),
            (pl.col("ethnicity").n_unique() == 1).alias("one"),
        )
        groups = groups.filter("one", pl.col("group").is_not_null(), ~pl.col("group").is_in(NOT_KNOWN))
        on_plans = rows.group_by("child").agg(opens).join(groups, on="child")
        bme = pl.col("group") != "WBRI"
        sums = [pl.col(str(n)).sum().alias(f"d{n}") for n in range(4)] + [(pl.col(str(n)) & bme).sum().alias(f"n{n}") for n in range(4)]
        self.shares_of_stock(on_plans.select(sums), [("cs-16", False, self.labels), ("cs-17", True, self.labels)])
        self.reviewed(rows)

    def reviewed(self, plans):
        """Children whose plan has run three months: all reviews in time, and the next not overdue."""
        of, later = self.of, self.program.later
        plans = plans.select("child", "plan", "plan_start", "plan_end")
        held = self.tables["child_protection_review"].select("plan", "review_date").unique()
        held = held.join(plans.select("plan", "plan_start"), on="plan").filter(pl.col("review_date") > pl.col("plan_start"))
        held = held.sort("plan", "review_date")
        follows = pl.col("plan") == pl.col("plan").shift(1)
        held = held.with_columns(before=pl.when(follows).then(pl.col("review_date").shift(1)))
        due = of(later[6], "before").fill_null(of(later[3], "plan_start"))
        day = pl.col("review_date")
        by_plan = held.group_by("plan").agg(
            day.filter(day > due).min().alias("late"),
            *(day.filter(day <= last).max().alias(f"last{n}") for n, last in enumerate(self.lasts)),
        )
        joined = plans.join(by_plan, on="plan", how="left")
        ranks = []
        for n, last in enumerate(self.lasts):
            next_due = of(later[6], f"last{n}").fill_null(of(later[3], "plan_start"))
            asked = self.is_open("plan_start", "plan_end", last) & (of(later[3], "plan_start") <= last)
            good = (pl.col("late").is_null() | (pl.col("late") > last)) & (next_due >= last)
            ranks += [asked.any().alias(f"d{n}"), (asked & good).any().alias(f"n{n}")]
        frame = joined.group_by("child").agg(ranks).select(pl.col(f"{side}{n}").sum() for side in "nd" for n in range(4))
        days = [EPOCH + dt.timedelta(last) for last in self.lasts]
        labels = [f"{day.day} {day:%b %Y}" for day in days]
        self.shares_of_stock(frame, [("cs-09", True, [*labels, self.labels[4]])])

    def others(self):
        plans = self.tables["cin_plan"]
        self.events(plans, "cin_plan_start", ["ctx-cin-plans-started"])
        self.events(plans, "cin_plan_end", ["ctx-cin-plans-ended"])
        self.stock(plans, "cin_plan_start", "cin_plan_end", ["ctx-cin-plans-open"], None)
        self.events(self.tables["child_protection_review"], "review_date", ["ctx-reviews-held"])
