"""Workload W as one DuckDB query.

What pays: a calendar joined to each date (a small hash join) in place of functions on dates; snapshots from
changes added up, not from a join of ranges; a child's starts gathered in a list, and sorted only where there are three; ethnic
groups spread over filters once they are counted. What was slower: a window over all placements in order, a key of 128 bits
for it, functions on dates, a larger `perfect_ht_threshold`.

`greatest` and `least` pass over NULL: a plan without an end would end at once. So a blank end is made the last period first.
"""

import warnings

import duckdb
import numpy as np
from peers import AREAS, COUNTERS, load, taken


class Program:
    def __init__(self, folder, threads):
        # It warns that a table of results is copied; so few rows are not worth a word.
        warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
        self.database = duckdb.connect(":memory:", config={"threads": threads, "preserve_insertion_order": False})
        self.database.execute("SET enable_progress_bar = false")
        for name in ("journey", "plan", "episode"):
            loaded, codes = load(folder, name)
            if name != "episode":
                loaded = loaded.drop_columns("child")
            self.database.execute(f"CREATE TABLE {name} AS SELECT * FROM loaded")
            del loaded
        pairs = [(number, at) for at, numbers in enumerate(taken(codes)) for number in numbers]
        self.database.execute("CREATE TABLE filters (ethnicity UTINYINT, filter UTINYINT)")
        self.database.executemany("INSERT INTO filters VALUES (?, ?)", pairs)
        for periods in (40, 120):
            self.database.execute(days(folder, periods))

    def prepare(self, indicators, periods):
        pass

    def run(self, indicators, periods):
        return self.database.execute(query(periods, indicators == 56)).to_arrow_table()

    def counts(self, found, indicators, periods):
        filters = indicators // 14
        counts = np.zeros((AREAS, periods, filters, len(COUNTERS)), dtype=np.int64)
        at = [found[name].to_numpy() for name in ("area", "period", "filter")]
        for number, name in enumerate(COUNTERS):
            counts[*at, number] = found[name].to_numpy()
        return counts.reshape(AREAS, periods, -1)


def days(folder, periods):
    """What each day comes to: `event` is the period that it lies in, `upto` the first whose last day is not before it."""
    return f"""
        CREATE TABLE days_{periods} AS
        WITH days AS (
            SELECT DATE '1970-01-01' + day::INTEGER AS day, working::SMALLINT AS working,
                DATE '1970-01-01' + year_before::INTEGER AS year_before,
                DATE '1970-01-01' + two_years_on::INTEGER AS two_years_on,
                CASE WHEN period BETWEEN 0 AND {periods - 1} THEN period ELSE {periods} END::UTINYINT AS event,
                (CASE WHEN period < 0 THEN 0 WHEN period > {periods} THEN {periods} ELSE period END)::UTINYINT AS upto,
                period::SMALLINT AS free
            FROM read_csv('{folder}/days-{periods}.csv')
        )
        SELECT days.*, coalesce(later.upto, {periods})::UTINYINT AS lapses
        FROM days LEFT JOIN days AS later ON later.day = days.day + 184
        ORDER BY days.day"""


def query(periods, filtered):
    by = "area, ethnicity" if filtered else "area"
    days = f"days_{periods}"
    window = 4 if periods == 40 else 12
    counters = {
        "referred": f"""
            SELECT {by}, d.event AS period, count(*) AS referrals,
                count(*) FILTER (previous_referral_date >= d.year_before) AS re_referrals,
                count(s47_start) AS referrals_to_s47
            FROM journey JOIN {days} AS d ON referral_date = d.day WHERE d.event < {periods} GROUP BY ALL""",
        "assessed": f"""
            SELECT {by}, d.event AS period, count(*) AS assessments,
                count(*) FILTER (d.working - r.working <= 45) AS assessments_in_45,
                count(*) FILTER (d.working - r.working <= 10) AS assessments_in_10
            FROM journey JOIN {days} AS d ON assessment_date = d.day JOIN {days} AS r ON referral_date = r.day
            WHERE d.event < {periods} GROUP BY ALL""",
        "enquired": f"""
            SELECT {by}, d.event AS period, count(*) AS s47s, count(icpc_date) AS s47s_to_conference
            FROM journey JOIN {days} AS d ON s47_start = d.day WHERE d.event < {periods} GROUP BY ALL""",
        "conferred": f"""
            SELECT {by}, d.event AS period, count(*) AS conferences,
                count(*) FILTER (d.working - s.working <= 15) AS conferences_in_15
            FROM journey JOIN {days} AS d ON icpc_date = d.day JOIN {days} AS s ON s47_start = s.day
            WHERE d.event < {periods} GROUP BY ALL""",
        "begun": f"""
            SELECT {by}, d.event AS period, count(*) AS plans_begun, count(*) FILTER (previous_plans > 0) AS plans_repeated
            FROM plan JOIN {days} AS d ON plan_start = d.day WHERE d.event < {periods} GROUP BY ALL""",
        "ended": f"""
            SELECT {by}, d.event AS period, count(*) AS plans_ended,
                count(*) FILTER (s.two_years_on <= plan_end) AS plans_of_two_years
            FROM plan JOIN {days} AS d ON plan_end = d.day JOIN {days} AS s ON plan_start = s.day
            WHERE d.event < {periods} GROUP BY ALL""",
    }
    changes = {
        "plans_in": f"""
            SELECT {by}, d.upto AS period, count(*) AS plans_open
            FROM plan JOIN {days} AS d ON plan_start = d.day GROUP BY ALL""",
        "plans_out": f"""
            SELECT {by}, d.upto AS period, -count(*) AS plans_open
            FROM plan JOIN {days} AS d ON plan_end = d.day GROUP BY ALL""",
        "placed": f"""
            SELECT {by}, d.upto AS period, count(*) AS placements_open, count(*) FILTER (miles_from_home > 20) AS placements_far
            FROM episode JOIN {days} AS d ON placement_start = d.day GROUP BY ALL""",
        "left_again": f"""
            SELECT {by}, d.upto AS period, -count(*) AS placements_open, -count(*) FILTER (miles_from_home > 20) AS placements_far
            FROM episode JOIN {days} AS d ON placement_end = d.day GROUP BY ALL""",
        "reviewed_in": f"SELECT {by}, begins AS period, sum(plans) AS plans_reviewed FROM reviewed GROUP BY ALL",
        "reviewed_out": f"SELECT {by}, ends AS period, -sum(plans) AS plans_reviewed FROM reviewed GROUP BY ALL",
        "moved_in": f"SELECT {by}, begins AS period, count(*) AS children_moved FROM moved GROUP BY ALL",
        "moved_out": f"SELECT {by}, ends AS period, -count(*) AS children_moved FROM moved GROUP BY ALL",
    }
    rows = f"""
        reviewed AS MATERIALIZED (
            SELECT {by}, greatest(s.upto, r.upto) AS begins, least(coalesce(e.upto, {periods})::UTINYINT, r.lapses) AS ends,
                count(*) AS plans
            FROM plan JOIN {days} AS s ON plan_start = s.day JOIN {days} AS r ON latest_review_date = r.day
                LEFT JOIN {days} AS e ON plan_end = e.day
            WHERE greatest(s.upto, r.upto) < least(coalesce(e.upto, {periods})::UTINYINT, r.lapses)
            GROUP BY ALL
        ),
        children AS (
            SELECT {by}, child, list_sort(list_distinct(list(placement_start))) AS starts
            FROM episode GROUP BY ALL HAVING count(*) >= 3
        ),
        threes AS (
            SELECT {by}, unnest(starts[3:]) AS third, unnest(starts[:-3]) AS first, unnest([NULL] || starts[:-4]) AS before
            FROM children WHERE len(starts) >= 3
        ),
        spans AS (
            SELECT {by}, greatest(t.free, 0, coalesce(b.free + {window}, 0))::SMALLINT AS begins,
                least(f.free + {window}, {periods})::SMALLINT AS ends
            FROM threes JOIN {days} AS t ON third = t.day JOIN {days} AS f ON first = f.day
                LEFT JOIN {days} AS b ON before = b.day
        ),
        moved AS MATERIALIZED (SELECT * FROM spans WHERE begins < ends)"""
    parts = {**counters, **changes}
    ctes = ",\n".join(f"{name} AS ({text})" for name, text in parts.items())
    union = " UNION ALL BY NAME ".join(f"FROM {name}" for name in parts)
    sums = ", ".join(f"sum({name}) AS {name}" for name in COUNTERS)
    stocks = [name for name in COUNTERS if any(name in text.split("FROM")[0] for text in changes.values())]
    named = ", ".join(
        f"coalesce(sum({name}) OVER so_far, 0)::BIGINT AS {name}" if name in stocks else f"coalesce({name}, 0)::BIGINT AS {name}"
        for name in COUNTERS
    )
    spread = "everything JOIN filters USING (ethnicity)" if filtered else "(SELECT *, 0 AS filter FROM everything)"
    return f"""
        WITH {rows}, {ctes},
        everything AS ({union}),
        cells AS (SELECT area, period, filter, {sums} FROM {spread} GROUP BY ALL),
        grid AS (
            SELECT area::UTINYINT AS area, period::UTINYINT AS period, filter::UTINYINT AS filter
            FROM range({AREAS}) AS a(area), range({periods}) AS p(period), range({4 if filtered else 1}) AS f(filter)
        )
        SELECT area, period, filter, {named}
        FROM grid LEFT JOIN cells USING (area, period, filter)
        WINDOW so_far AS (PARTITION BY area, filter ORDER BY period)"""
