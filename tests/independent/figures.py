"""The figures of a census, worked out from the words of the definitions with pandas.

Nothing here is shared with the library: another XML parser, another calendar, another way of counting. A figure is
`{"count": n}`, `{"numerator": n, "denominator": d}`, `{"categories": {...}}` or, where the file does not carry a
module that it needs, `{"absent": "not-reported"}`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys

import pandas as pd

from census import REJECTED, Census, read
from days import Period, add_months, inside, working_days

# Ruling 17: 'BME' is an ethnic group that is known and is not White British.
NOT_KNOWN = ("REFU", "NOBT", REJECTED)
UNKNOWN = "unknown"


def figures(census: Census, period: Period) -> dict[str, dict]:
    return {indicator: figure(census, period, *formula) for indicator, formula in FORMULAS.items()}


def figure(census: Census, period: Period, needs: list[str], formula) -> dict:
    if any(name not in census.tables for name in needs):
        return {"absent": "not-reported"}
    tables = {name: census.tables.get(name, pd.DataFrame()) for name in ALL_TABLES}
    return formula({**tables, "first day of the cover": census.first}, period)


ALL_TABLES = [
    "child", "disability", "referral", "assessment", "assessment_factor", "cin_plan", "section_47",
    "child_protection_plan", "child_protection_review",
]  # fmt: skip


# Which rows


def happened(table: pd.DataFrame, field: str, period: Period) -> pd.DataFrame:
    """Rows whose date lies in the period."""
    return table[table[field].map(period.holds)]


def is_open(row, start: str, end: str, day: dt.date) -> bool:
    """`[start, end)` holds the day; an end that cannot be read is not an open end."""
    begun, ended = row[start], row[end]
    if not isinstance(begun, dt.date) or begun > day or ended == REJECTED:
        return False
    return not isinstance(ended, dt.date) or ended > day


def open_on(table: pd.DataFrame, start: str, end: str, day: dt.date) -> pd.DataFrame:
    return table[[is_open(row, start, end, day) for _, row in table.iterrows()]]


def open_plans(tables, period: Period) -> pd.DataFrame:
    return open_on(tables["child_protection_plan"], "plan_start", "plan_end", period.last)


def open_referrals(tables, period: Period) -> pd.DataFrame:
    return open_on(tables["referral"], "referral_date", "closure_date", period.last)


# Counts and shares of one table


def events(dataset: str, field: str, distinct: list[str] | None = None):
    def formula(tables, period):
        rows = happened(tables[dataset], field, period)
        return {"count": len(rows.drop_duplicates(distinct) if distinct else rows)}

    return [dataset], formula


def stock(dataset: str, start: str, end: str, distinct: list[str] | None = None):
    def formula(tables, period):
        rows = open_on(tables[dataset], start, end, period.last)
        return {"count": len(rows.drop_duplicates(distinct) if distinct else rows)}

    return [dataset], formula


def share(dataset: str, field: str, is_counted):
    """Rows whose date lies in the period, and those of them that count."""

    def formula(tables, period):
        rows = happened(tables[dataset], field, period)
        counted = [is_counted(tables, row) for _, row in rows.iterrows()]
        return {"numerator": sum(counted), "denominator": len(rows)}

    return [dataset], formula


def categories(dataset: str, field: str, category: str):
    def formula(tables, period):
        return {"categories": tally(happened(tables[dataset], field, period)[category])}

    return [dataset], formula


def tally(values: pd.Series) -> dict[str, int]:
    return {str(key): int(n) for key, n in values.fillna(UNKNOWN).replace(REJECTED, UNKNOWN).value_counts().items()}


# What counts


def yes(field: str):
    return lambda _, row: row[field] in ("true", "1")


def referred_within_a_year(tables, row) -> bool:
    day = row["referral_date"]
    same = tables["referral"]
    earlier = [d for d in same.loc[same["child"] == row["child"], "referral_date"] if isinstance(d, dt.date) and d < day]
    return any(add_months(d, 12) >= day for d in earlier)


def was_assessed(tables, row) -> bool:
    of = tables["assessment"]
    own = of[of["referral"] == row["referral"]] if len(of) else of
    return any(isinstance(d, dt.date) for d in own["authorisation_date"]) if len(own) else False


def authorised_within_45(_, row) -> bool:
    start, end = row["assessment_start"], row["authorisation_date"]
    return isinstance(start, dt.date) and start <= end and working_days(start, end) <= 45


def found(*factors: str):
    def is_counted(tables, row):
        of = tables["assessment_factor"]
        return bool(len(of)) and bool(of.loc[of["assessment"] == row["assessment"], "factor"].isin(factors).any())

    return is_counted


def two_years(_, row) -> bool:
    start = row["plan_start"]
    return isinstance(start, dt.date) and add_months(start, 24) <= row["plan_end"]


def had_a_plan_before(_, row) -> bool:
    before = row["previous_plans"]
    return isinstance(before, str) and before.isdigit() and int(before) >= 1


# Figures that need more than one table


def conferences_within_15(tables, period):
    """A child's conference, timed from the latest enquiry that names it and began on or before it (ruling 11)."""
    held = happened(tables["section_47"], "icpc_date", period)
    in_time = total = 0
    for (_, conference), enquiries in held.groupby(["child", "icpc_date"]):
        starts = [d for d in enquiries["s47_start"] if isinstance(d, dt.date) and d <= conference]
        if starts:
            total += 1
            in_time += working_days(max(starts), conference) <= 15
    return {"numerator": in_time, "denominator": total}


def conferences_without_enquiry(tables, period):
    """Where an enquiry's start is not known, nobody can say that none came before: not counted."""
    starts: dict[str, list] = {}
    for child, start in zip(tables["section_47"]["child"], tables["section_47"]["s47_start"]):
        starts.setdefault(child, []).append(start)
    held = happened(tables["referral"], "icpc_date", period)
    pairs = set(zip(held["child"], held["icpc_date"]))
    return {"count": sum(all(isinstance(d, dt.date) and d > day for d in starts.get(child, [])) for child, day in pairs)}


def categories_of_open_plans(tables, period):
    """Children by the latest category of their open plan: the latest start where there are two (ruling 13).

    Where nobody can say whether another plan of the child is the later one, the child is left out.
    """
    of = tables["child_protection_plan"]
    by_child = {child: plans for child, plans in of.groupby("child")}
    chosen = {}
    for _, plan in open_plans(tables, period).iterrows():
        others = [other for _, other in by_child[plan["child"]].iterrows()]
        if all(is_later_and_open(other, plan, period.last) is False for other in others):
            chosen[plan["child"]] = plan["latest_category"]
    return {"categories": tally(pd.Series(chosen, dtype=object))}


def is_later_and_open(other, plan, day: dt.date) -> bool | None:
    """True, false, or None where a date that decides it is not known."""
    start, end = other["plan_start"], other["plan_end"]
    begun = start <= day if isinstance(start, dt.date) else None
    running = None if end == REJECTED else not isinstance(end, dt.date) or end > day
    later = (start, other["plan"]) > (plan["plan_start"], plan["plan"]) if isinstance(start, dt.date) else None
    parts = [begun, running, later]
    return False if False in parts else None if None in parts else True


def is_bme_by_child(tables, period) -> list[bool]:
    """For each child on a plan whose group is known: whether it is a BME group.

    Of a child that stands in the file twice with two groups nobody knows the group (ruling 8).
    """
    named: dict[str, set] = {}
    for child, ethnicity in zip(tables["child"]["child"], tables["child"]["ethnicity"]):
        named.setdefault(child, set()).add(ethnicity if isinstance(ethnicity, str) else None)
    known = {child: groups for child, groups in named.items() if len(groups) == 1 and not groups & {None, *NOT_KNOWN}}
    children = open_plans(tables, period)["child"].unique()
    return [known[child] != {"WBRI"} for child in children if child in known]


def reviewed_in_time(tables, period):
    """Children on a plan that has run three months, all of whose review conferences were held in time (ruling 15)."""
    reviews: dict[int, set[dt.date]] = {}
    if len(tables["child_protection_review"]):
        for plan, day in zip(tables["child_protection_review"]["plan"], tables["child_protection_review"]["review_date"]):
            if isinstance(day, dt.date):
                reviews.setdefault(plan, set()).add(day)
    of = tables["child_protection_plan"]
    cover = tables["first day of the cover"]
    # A file that holds a review from before its cover holds all of them.
    whole_lives = any(
        isinstance(start, dt.date) and start < day < cover
        for plan, start in zip(of["plan"], of["plan_start"])
        for day in reviews.get(plan, ())
    )
    best: dict[str, int] = {}
    for _, plan in open_plans(tables, period).iterrows():
        start = plan["plan_start"]
        if add_months(start, 3) > period.last:
            continue
        held = sorted(day for day in reviews.get(plan["plan"], ()) if start < day <= period.last)
        hidden = None if whole_lives or cover <= start + dt.timedelta(1) else cover - dt.timedelta(1)
        # Neither count, the denominator, the numerator: of two plans of one child the better.
        rank = {None: 0, False: 1, True: 2}[all_in_time(start, held, hidden, period.last)]
        best[plan["child"]] = max(rank, best.get(plan["child"], 0))
    return {
        "numerator": sum(rank == 2 for rank in best.values()),
        "denominator": sum(rank >= 1 for rank in best.values()),
    }


def all_in_time(start: dt.date, held: list[dt.date], hidden: dt.date | None, last: dt.date) -> bool | None:
    """Whether each review was in time; None where that depends on one held on or before a hidden day."""
    surely = due = add_months(start, 3)
    if hidden:
        held = [day for day in held if day > hidden]
        due = max(due, add_months(hidden, 6))
    in_time = True
    for day in [*held, None]:
        at = last if day is None else day
        if at > due:
            in_time = False
        elif at > surely:
            return None
        if day is not None:
            surely = due = add_months(day, 6)
    return in_time


def bme_children(tables, period):
    return {"count": sum(is_bme_by_child(tables, period))}


def bme_share(tables, period):
    known = is_bme_by_child(tables, period)
    return {"numerator": sum(known), "denominator": len(known)}


def assessments_to_referrals(tables, period):
    return {
        "numerator": len(happened(tables["assessment"], "authorisation_date", period)),
        "denominator": len(happened(tables["referral"], "referral_date", period)),
    }


def factors_found(tables, period):
    """Each factor of an assessment once; one that cannot be read is no factor, and is counted beside the figure."""
    done = happened(tables["assessment"], "authorisation_date", period)["assessment"]
    factors = tables["assessment_factor"]
    readable = factors[factors["factor"] != REJECTED]
    named = readable[readable["assessment"].isin(done)].drop_duplicates(["assessment", "factor"])
    return {"categories": tally(named["factor"])}


def children_with_a_disability(tables, period):
    recorded: dict[str, set[str]] = {}
    if len(tables["disability"]):
        for child, disability in zip(tables["disability"]["child"], tables["disability"]["disability"]):
            if isinstance(disability, str) and disability != REJECTED:
                recorded.setdefault(child, set()).add(disability)
    known = [recorded[child] for child in open_referrals(tables, period)["child"].unique() if child in recorded]
    return {"numerator": sum(found != {"NONE"} for found in known), "denominator": len(known)}


CONFERENCE = (["section_47"], conferences_within_15)
CHILDREN_ON_PLANS = stock("child_protection_plan", "plan_start", "plan_end", ["child"])
PLANS_AND_CHILDREN = ["child_protection_plan", "child"]
ASSESSED = ["assessment", "assessment_factor"]

FORMULAS = {
    "cs-06": share("child_protection_plan", "plan_end", two_years),
    "cs-07": share("child_protection_plan", "plan_start", had_a_plan_before),
    "cs-09": (["child_protection_plan", "child_protection_review"], reviewed_in_time),
    "cs-10": (["assessment", "referral"], assessments_to_referrals),
    "cs-14": CONFERENCE,
    "cs-15": CHILDREN_ON_PLANS,
    "cs-16": (PLANS_AND_CHILDREN, bme_children),
    "cs-17": (PLANS_AND_CHILDREN, bme_share),
    "nsdu-02": CONFERENCE,
    "rev-01": CHILDREN_ON_PLANS,
    "rev-02": (["child_protection_plan"], categories_of_open_plans),
    "rev-04": events("child_protection_plan", "plan_start"),
    "rev-05": events("child_protection_plan", "plan_end"),
    "ctx-assessment-45": share("assessment", "authorisation_date", authorised_within_45),
    "ctx-assessments-authorised": events("assessment", "authorisation_date"),
    "ctx-cin-episodes-open": stock("referral", "referral_date", "closure_date"),
    "ctx-cin-open": stock("referral", "referral_date", "closure_date", ["child"]),
    "ctx-cin-plans-ended": events("cin_plan", "cin_plan_end"),
    "ctx-cin-plans-open": stock("cin_plan", "cin_plan_start", "cin_plan_end"),
    "ctx-cin-plans-started": events("cin_plan", "cin_plan_start"),
    "ctx-closures": events("referral", "closure_date"),
    "ctx-conference-dates": events("referral", "icpc_date", ["child", "icpc_date"]),
    "ctx-disability": (["referral", "child", "disability"], children_with_a_disability),
    "ctx-factor-domestic-abuse": (ASSESSED, share("assessment", "authorisation_date", found("3A", "3B", "3C"))[1]),
    "ctx-factor-exploitation": (
        ASSESSED,
        share("assessment", "authorisation_date", found("11A", "12A", "13A", "24A"))[1],
    ),
    "ctx-factor-parental-mental-health": (ASSESSED, share("assessment", "authorisation_date", found("4B"))[1]),
    "ctx-factor-substances": (ASSESSED, share("assessment", "authorisation_date", found("1B", "2B"))[1]),
    "ctx-factors": (["assessment_factor"], factors_found),
    "ctx-icpc": events("section_47", "icpc_date", ["child", "icpc_date"]),
    "ctx-icpc-without-s47": (["referral", "section_47"], conferences_without_enquiry),
    "ctx-nfa": share("referral", "referral_date", yes("no_further_action")),
    "ctx-plans-ended-children": events("child_protection_plan", "plan_end", ["child"]),
    "ctx-plans-open-episodes": stock("child_protection_plan", "plan_start", "plan_end"),
    "ctx-plans-started-children": events("child_protection_plan", "plan_start", ["child"]),
    "ctx-primary-need": categories("referral", "referral_date", "primary_need"),
    "ctx-re-referrals-12m": share("referral", "referral_date", referred_within_a_year),
    "ctx-referral-source": categories("referral", "referral_date", "referral_source"),
    "ctx-referrals": events("referral", "referral_date"),
    "ctx-referrals-assessed": (
        ["referral", "assessment"],
        share("referral", "referral_date", was_assessed)[1],
    ),
    "ctx-reviews-held": events("child_protection_review", "review_date"),
    "ctx-s47": events("section_47", "s47_start"),
    "ctx-s47-no-conference": share("section_47", "s47_start", yes("icpc_not_required")),
}


def main() -> None:
    census = read(sys.argv[1])
    found_in = {period.label: figures(census, period) for period in inside(census.first, census.last)}
    json.dump(found_in, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
