"""Every measure of the shipped framework that a children in need census feeds, as one DuckDB query, for the four quarters of its
year and the year.

Written for a file that shows whole lives, as the synthetic council's does: no review of a plan is missing from it. Numbers of
children are small whole numbers here, and codes are enumerations; that is loading, and timed for nobody.

What pays: grouping sets, so that the year is counted with its quarters; an as-of join for the referral before; stocks of four days
in one reading; working days by joining a calendar to the few rows that are timed.
"""

import datetime as dt
import warnings

import duckdb
import pyarrow as pa
import pyarrow.ipc
from whole_polars import FACTORS, NOT_KNOWN, TABLES


class Program:
    def __init__(self, folder, threads):
        # It warns that a table of results is copied; so few rows are not worth a word.
        warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
        self.database = duckdb.connect(":memory:", config={"threads": threads, "preserve_insertion_order": False})
        self.database.execute("SET enable_progress_bar = false")
        for name in TABLES:
            with pa.ipc.open_file(folder / f"{name}.arrow") as file:
                loaded = file.read_all()
            self.database.execute(f"CREATE TABLE text_{name} AS SELECT * FROM loaded")
            del loaded
        children = " UNION ".join(f"SELECT child FROM text_{name}" for name in TABLES)
        self.database.execute(f"CREATE TABLE children AS SELECT child, row_number() OVER ()::UINTEGER AS number FROM ({children})")
        for name in TABLES:
            self.database.execute(
                f"""CREATE TABLE {name} AS SELECT number AS child, t.* EXCLUDE (child)
                    FROM text_{name} AS t JOIN children USING (child)"""
            )
            self.database.execute(f"DROP TABLE text_{name}")
        self.coded()
        self.database.execute(
            f"""CREATE TABLE days AS SELECT DATE '1970-01-01' + day::INTEGER AS day, working::SMALLINT AS working
                FROM read_csv('{folder}/days.csv')"""
        )
        self.query, self.labels = query(int((folder / "year").read_text()))

    def coded(self):
        for name in TABLES:
            for column, kind in self.database.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall():
                if kind == "VARCHAR":
                    values = f"SELECT DISTINCT {column} FROM {name} WHERE {column} IS NOT NULL ORDER BY 1"
                    # A number of its own for each pupil is no code.
                    if 0 < len(self.database.execute(f"SELECT * FROM ({values}) LIMIT 1000").fetchall()) < 1000:
                        self.database.execute(f"CREATE TYPE {name}_{column} AS ENUM ({values})")
                        self.database.execute(f"ALTER TABLE {name} ALTER {column} TYPE {name}_{column}")

    def prepare(self, indicators, periods):
        pass

    def run(self, indicators, periods):
        return self.database.execute(self.query).to_arrow_table()

    def counts(self, found, indicators, periods):
        """A line for each figure, as `whole.rs` writes it. A quarter in which nothing happened is a 0."""
        rows = [tuple(row.values()) for row in found.to_pylist()]
        told = {(indicator, category or "", period): (n, d) for indicator, category, period, n, d in rows if category is None or n}
        for indicator, category, _, _, d in rows:
            if category is None and indicator != "cs-09":
                for label in self.labels:
                    told.setdefault((indicator, "", label), (0, None if d is None else 0))
        lines = [f"{i}\t{c}\t{p}\t{n}\t{'' if d is None else d}" for (i, c, p), (n, d) in told.items()]
        return "\n".join(sorted(lines)) + "\n"


def query(year):
    starts = [dt.date(year, 4, 1), dt.date(year, 7, 1), dt.date(year, 10, 1), dt.date(year + 1, 1, 1), dt.date(year + 1, 4, 1)]
    lasts = [start - dt.timedelta(1) for start in starts[1:]]
    label = f"{year}-{(year + 1) % 100:02}"
    labels = [*(f"{label} Q{n}" for n in range(1, 5)), label]
    days = [*(f"{day.day} {day:%b %Y}" for day in lasts), label]

    def quarter(field):
        arms = " ".join(f"WHEN {field} < DATE '{start}' THEN {n}" for n, start in enumerate(starts[1:4], 1))
        return f"CASE {arms} ELSE 4 END"

    def inside(field):
        return f"{field} BETWEEN DATE '{starts[0]}' AND DATE '{lasts[3]}'"

    def events(rows, field, *sums):
        """By quarter, and for the year, where the quarter is blank."""
        columns = "".join(f", {of}" for of in sums)
        return f"SELECT {quarter(field)} AS quarter{columns} FROM {rows} AND {inside(field)} GROUP BY GROUPING SETS ((quarter), ())"

    def opens(start, end):
        return [f"({start} <= DATE '{last}' AND ({end} IS NULL OR {end} > DATE '{last}'))" for last in lasts]

    def stock(table, start, end):
        rows = ", ".join(f"bool_or({of}) AS o{n}, count(*) FILTER ({of}) AS r{n}" for n, of in enumerate(opens(start, end)))
        both = ", ".join(f"count(*) FILTER (o{n}) AS o{n}, sum(r{n})::BIGINT AS r{n}" for n in range(4))
        return f"SELECT {both} FROM (SELECT child, {rows} FROM {table} GROUP BY child)"

    told = []

    def tell(part, **indicators):
        """Columns of events: a count, or a numerator and a denominator."""
        for name, columns in indicators.items():
            n, d = (columns.split(" / ") + ["NULL"])[:2]
            period = f"{labels!r}[coalesce(quarter, 5)]"
            told.append(f"SELECT '{name.replace('_', '-')}', NULL, {period}, {n}::BIGINT, {d}::BIGINT FROM {part}")

    def tell_stock(part, names=labels, **indicators):
        for name, columns in indicators.items():
            for period, at in zip(names, [0, 1, 2, 3, 3]):
                n, d = (columns.split(" / ") + [None])[:2]
                d = "NULL" if d is None else f"{d}{at}"
                told.append(f"SELECT '{name.replace('_', '-')}', NULL, '{period}', {n}{at}::BIGINT, {d}::BIGINT FROM {part}")

    def tell_categories(part, indicator):
        period = f"{labels!r}[coalesce(quarter, 5)]"
        told.append(f"SELECT '{indicator}', coalesce(category, 'unknown'), {period}, n, NULL FROM {part}")

    def categories(rows, field, category):
        return f"""SELECT {quarter(field)} AS quarter, {category}::VARCHAR AS category, count(*) AS n
            FROM {rows} AND {inside(field)} GROUP BY GROUPING SETS ((quarter, category), (category))"""

    parts = {}
    # Referrals
    parts["days_of_referral"] = "SELECT DISTINCT child, referral_date FROM referral"
    parts["assessed"] = "SELECT DISTINCT referral FROM assessment WHERE authorisation_date IS NOT NULL"
    parts["referred"] = events(
        """referral AS r ASOF LEFT JOIN days_of_referral AS e ON r.child = e.child AND r.referral_date > e.referral_date
            LEFT JOIN assessed AS a ON r.referral = a.referral WHERE TRUE""",
        "r.referral_date",
        "count(*) AS n",
        "count(*) FILTER (no_further_action) AS nfa",
        "count(*) FILTER (e.referral_date + INTERVAL 12 MONTH >= r.referral_date) AS again",
        "count(a.referral) AS assessed",
    )
    tell(
        "referred",
        ctx_referrals="n",
        ctx_nfa="nfa / n",
        ctx_re_referrals_12m="again / n",
        ctx_referrals_assessed="assessed / n",
    )
    for category, indicator in [("primary_need", "ctx-primary-need"), ("referral_source", "ctx-referral-source")]:
        parts[category] = categories("referral WHERE TRUE", "referral_date", category)
        tell_categories(category, indicator)
    parts["closed"] = events("referral WHERE TRUE", "closure_date", "count(*) AS n")
    tell("closed", ctx_closures="n")
    parts["in_need"] = stock("referral", "referral_date", "closure_date")
    tell_stock("in_need", ctx_cin_episodes_open="r", ctx_cin_open="o")
    parts["conferences"] = f"SELECT DISTINCT child, icpc_date FROM referral WHERE {inside('icpc_date')}"
    parts["enquiries"] = """SELECT child, min(s47_start) AS earliest, count(*) - count(s47_start) AS blank
        FROM section_47 GROUP BY child"""
    parts["conferred"] = events(
        "conferences LEFT JOIN enquiries USING (child) WHERE TRUE",
        "icpc_date",
        "count(*) AS n",
        "count(*) FILTER (blank IS NULL OR (blank = 0 AND earliest > icpc_date)) AS without",
    )
    tell("conferred", ctx_conference_dates="n", ctx_icpc_without_s47="without")
    parts["disabled"] = """SELECT child, bool_or(disability <> 'NONE') AS disabled
        FROM disability WHERE disability IS NOT NULL GROUP BY child"""
    ever = ", ".join(f"bool_or({of}) AS o{n}" for n, of in enumerate(opens("referral_date", "closure_date")))
    parts["known_of"] = f"SELECT child, any_value(disabled) AS yes, {ever} FROM referral JOIN disabled USING (child) GROUP BY child"
    both = ", ".join(f"count(*) FILTER (o{n}) AS d{n}, count(*) FILTER (o{n} AND yes) AS n{n}" for n in range(4))
    parts["disability_known"] = f"SELECT {both} FROM known_of"
    tell_stock("disability_known", ctx_disability="n / d")
    # Assessments
    lists = {name: ", ".join(f"'{code}'" for code in codes) for name, codes in FACTORS.items()}
    found = ", ".join(f"bool_or(factor IN ({codes})) AS f{n}" for n, codes in enumerate(lists.values()))
    parts["found"] = f"SELECT assessment, {found} FROM assessment_factor WHERE factor IN ({', '.join(lists.values())}) GROUP BY assessment"
    parts["authorised"] = events(
        """assessment AS a LEFT JOIN found AS f ON a.assessment = f.assessment LEFT JOIN days AS s ON assessment_start = s.day
            LEFT JOIN days AS e ON authorisation_date = e.day WHERE TRUE""",
        "authorisation_date",
        "count(*) AS n",
        "count(*) FILTER (assessment_start <= authorisation_date AND e.working - s.working <= 45) AS in_time",
        *(f"count(*) FILTER (f{n}) AS f{n}" for n in range(len(FACTORS))),
    )
    tell("authorised", ctx_assessments_authorised="n", ctx_assessment_45="in_time / n")
    tell("authorised", **{name: f"f{n} / n" for n, name in enumerate(FACTORS)})
    parts["factors"] = categories(
        "(SELECT DISTINCT assessment, authorisation_date, factor FROM assessment_factor) WHERE TRUE", "authorisation_date", "factor"
    )
    tell_categories("factors", "ctx-factors")
    tell("(SELECT quarter, a.n AS above, r.n AS below FROM authorised AS a JOIN referred AS r USING (quarter) UNION ALL "
         "SELECT NULL, a.n, r.n FROM authorised AS a, referred AS r WHERE a.quarter IS NULL AND r.quarter IS NULL)",
         cs_10="above / below")  # fmt: skip
    # Enquiries
    parts["enquired"] = events(
        "section_47 WHERE TRUE", "s47_start", "count(*) AS n", "count(*) FILTER (icpc_not_required) AS without"
    )
    tell("enquired", ctx_s47="n", ctx_s47_no_conference="without / n")
    parts["held"] = f"""SELECT child, icpc_date, max(s47_start) FILTER (s47_start <= icpc_date) AS start
        FROM section_47 WHERE {inside('icpc_date')} GROUP BY child, icpc_date"""
    parts["timed"] = events(
        "held LEFT JOIN days AS s ON start = s.day LEFT JOIN days AS e ON icpc_date = e.day WHERE TRUE",
        "icpc_date",
        "count(*) AS n",
        "count(start) AS d",
        "count(*) FILTER (e.working - s.working <= 15) AS in_time",
    )
    tell("timed", ctx_icpc="n", cs_14="in_time / d", nsdu_02="in_time / d")
    # Plans
    parts["begun"] = events(
        "child_protection_plan WHERE TRUE",
        "plan_start",
        "count(*) AS n",
        "count(DISTINCT child) AS children",
        "count(*) FILTER (previous_plans >= 1) AS again",
    )
    tell("begun", rev_04="n", ctx_plans_started_children="children", cs_07="again / n")
    parts["ended"] = events(
        "child_protection_plan WHERE TRUE",
        "plan_end",
        "count(*) AS n",
        "count(DISTINCT child) AS children",
        "count(*) FILTER (plan_start + INTERVAL 24 MONTH <= plan_end) AS long",
    )
    tell("ended", rev_05="n", ctx_plans_ended_children="children", cs_06="long / n")
    parts["on_plans"] = stock("child_protection_plan", "plan_start", "plan_end")
    tell_stock("on_plans", ctx_plans_open_episodes="r", cs_15="o", rev_01="o")
    open_plans = opens("plan_start", "plan_end")
    latest = ", ".join(
        f"arg_max({{'of': latest_category}}, (plan_start, plan)) FILTER ({of}) AS c{n}" for n, of in enumerate(open_plans)
    )
    ever = ", ".join(f"bool_or({of}) AS o{n}" for n, of in enumerate(open_plans))
    parts["by_child"] = f"SELECT child, {latest}, {ever} FROM child_protection_plan GROUP BY child"
    for n in range(4):
        for period in [labels[n]] if n < 3 else labels[3:]:
            told.append(
                f"""SELECT 'rev-02', coalesce(c{n}.of::VARCHAR, 'unknown'), '{period}', count(*), NULL
                    FROM by_child WHERE o{n} GROUP BY ALL"""
            )
    unknown = ", ".join(f"'{code}'" for code in NOT_KNOWN)
    parts["groups"] = f"""SELECT child, any_value(ethnicity) AS ethnicity FROM child GROUP BY child
        HAVING count(DISTINCT ethnicity) = 1 AND count(ethnicity) = count(*) AND any_value(ethnicity) NOT IN ({unknown})"""
    both = ", ".join(f"count(*) FILTER (o{n}) AS d{n}, count(*) FILTER (o{n} AND ethnicity <> 'WBRI') AS n{n}" for n in range(4))
    parts["of_groups"] = f"SELECT {both} FROM by_child JOIN groups USING (child)"
    tell_stock("of_groups", cs_16="n", cs_17="n / d")
    # Reviews
    parts["reviews"] = """SELECT plan, review_date, plan_start, lag(review_date) OVER (PARTITION BY plan ORDER BY review_date) AS before
        FROM (SELECT DISTINCT plan, review_date FROM child_protection_review) JOIN child_protection_plan USING (plan)
        WHERE review_date > plan_start"""
    due = "coalesce(before + INTERVAL 6 MONTH, plan_start + INTERVAL 3 MONTH)"
    seen = ", ".join(f"max(review_date) FILTER (review_date <= DATE '{last}') AS last{n}" for n, last in enumerate(lasts))
    parts["by_plan"] = f"SELECT plan, min(review_date) FILTER (review_date > {due}) AS late, {seen} FROM reviews GROUP BY plan"
    ranks = []
    for n, (last, of) in enumerate(zip(lasts, open_plans)):
        asked = f"{of} AND plan_start + INTERVAL 3 MONTH <= DATE '{last}'"
        next_due = f"coalesce(last{n} + INTERVAL 6 MONTH, plan_start + INTERVAL 3 MONTH)"
        good = f"(late IS NULL OR late > DATE '{last}') AND {next_due} >= DATE '{last}'"
        ranks += [f"bool_or({asked}) AS d{n}", f"bool_or({asked} AND {good}) AS n{n}"]
    parts["ranked"] = f"SELECT child, {', '.join(ranks)} FROM child_protection_plan LEFT JOIN by_plan USING (plan) GROUP BY child"
    both = ", ".join(f"count(*) FILTER ({side}{n}) AS {side}{n}" for n in range(4) for side in "nd")
    parts["reviewed"] = f"SELECT {both} FROM ranked"
    tell_stock("reviewed", days, cs_09="n / d")
    # The rest
    parts["cin_begun"] = events("cin_plan WHERE TRUE", "cin_plan_start", "count(*) AS n")
    parts["cin_ended"] = events("cin_plan WHERE TRUE", "cin_plan_end", "count(*) AS n")
    parts["cin_plans"] = stock("cin_plan", "cin_plan_start", "cin_plan_end")
    parts["reviews_held"] = events("child_protection_review WHERE TRUE", "review_date", "count(*) AS n")
    tell("cin_begun", ctx_cin_plans_started="n")
    tell("cin_ended", ctx_cin_plans_ended="n")
    tell_stock("cin_plans", ctx_cin_plans_open="r")
    tell("reviews_held", ctx_reviews_held="n")
    ctes = ",\n".join(f"{name} AS MATERIALIZED ({text})" for name, text in parts.items())
    head = "SELECT NULL::VARCHAR AS indicator, NULL::VARCHAR AS category, NULL::VARCHAR AS period, NULL::BIGINT AS n, NULL::BIGINT AS d WHERE FALSE"
    return f"WITH {ctes} {head} UNION ALL " + " UNION ALL ".join(told), labels
