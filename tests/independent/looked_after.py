"""The figures of an SSDA903 return, worked out from the words of the rulings in plain Python.

Nothing here is shared with the library: another reader, other dates, another way of counting. A figure is
`{"count": n}`, `{"numerator": n, "denominator": d}`, `{"total": t, "count": n}` of a mean, or
`{"categories": {...}}`; beside it, under `notes`, how many children could not be placed: `unknown`,
`history-missing`.

Run as `looked_after.py FOLDER YEAR`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from dataclasses import dataclass

from days import Period, financial_year, quarters_of
from looked_after_reviews import LATE, MISSING, OVERDUE, due_dates
from looked_after_reviews import first_due as first_review_due
from looked_after_tables import SHORT_BREAKS, Care, Episode, Return, add_days, add_months, opens, placements, read, settled

# How far a record comes; of a child's records the furthest counts.
OUT, UNKNOWN, HISTORY_MISSING, DENOMINATOR, UNJUDGED, NUMERATOR = range(6)

ADOPTED = ("E11", "E12")
GUARDIANSHIP = ("E43", "E44", "E45", "E46", "E47", "E48")
TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")


@dataclass
class Choices:
    """The parameters that the rulings name."""

    moves_open: bool = False
    orders_e41: bool = False
    without_uasc: bool = False
    sdq_from: int = 4
    owed_from_before: bool = True


# Who is looked after


@dataclass
class Standing:
    """A child's open episodes on a day: those that are of a child looked after, and those that may be."""

    sure: list[Episode]
    doubtful: list[Episode]

    @property
    def is_unknown(self) -> bool:
        return not self.sure


def stock(data: Return, day: dt.date) -> dict[str, Standing]:
    """Children who are, or may be, looked after on a day (ruling 19)."""
    found: dict[str, Standing] = {}
    for child, episodes in data.episodes.items():
        age = data.age(child, day)
        others = [e for e in episodes if is_open(e, day) and e.legal not in SHORT_BREAKS]
        if not others or (age is not None and age >= 18):
            continue
        sure = [e for e in others if e.legal and age is not None]
        found[child] = Standing(sure, [e for e in others if e not in sure])
    return found


def is_open(episode: Episode, day: dt.date) -> bool:
    return episode.start <= day and (episode.end is None or episode.end > day)


def judged(data: Return, day: dt.date, rung, concerned=None) -> dict[str, int]:
    """For each child looked after on the day, the furthest that any of its open episodes comes.

    An episode in doubt is unknown, unless what `concerned` asks of its care is surely not so.
    """
    found = {}
    for child, standing in stock(data, day).items():
        reached = [rung(child, care_of(data, e)) for e in standing.sure]
        in_doubt = [care_of(data, e) for e in standing.doubtful]
        reached += [UNKNOWN for care in in_doubt if concerned is None or concerned(child, care)]
        found[child] = max(reached, default=OUT)
    return found


def care_of(data: Return, episode: Episode) -> Care:
    return next(care for care in data.care[episode.child] if episode in care.episodes)


def cared_for(care: Care, is_long_enough) -> int | None:
    """NUMERATOR, OUT or HISTORY_MISSING: whether a threshold is met (ruling 20)."""
    if is_long_enough(care.start):
        return NUMERATOR
    return OUT if care.is_start_known else HISTORY_MISSING


def months(n: int, day: dt.date):
    return lambda start: add_months(start, n) <= day


def share(rungs: dict[str, int]) -> dict:
    n = Counter(rungs.values())
    return {
        "numerator": n[NUMERATOR],
        "denominator": n[NUMERATOR] + n[DENOMINATOR] + n[UNJUDGED],
        "notes": notes(n[UNKNOWN] + n[UNJUDGED], n[HISTORY_MISSING]),
    }


def notes(unknown: int = 0, history_missing: int = 0) -> dict:
    return {"unknown": unknown, "history-missing": history_missing}


# Stocks


def children(data: Return, period: Period, _) -> dict:
    looked_after = stock(data, period.last)
    unknown = sum(standing.is_unknown for standing in looked_after.values())
    return {"count": len(looked_after) - unknown, "notes": notes(unknown)}


def by(field: str):
    """Children by a field of their open episode; where two disagree, unknown."""

    def figure(data: Return, period: Period, _) -> dict:
        looked_after = stock(data, period.last)
        found: Counter[str] = Counter()
        for standing in looked_after.values():
            if not standing.is_unknown:
                values = {getattr(e, field) for e in standing.sure}
                found[values.pop() if len(values) == 1 and "" not in values else "unknown"] += 1
        unknown = sum(standing.is_unknown for standing in looked_after.values())
        return {"categories": dict(found), "notes": notes(unknown)}

    return figure


def is_unaccompanied(data: Return, child: str, day: dt.date) -> bool:
    return any(row["DUC"] is None or row["DUC"] > day for row in data.of("uasc", child))


def unaccompanied(data: Return, period: Period, _) -> dict:
    looked_after = {c: s for c, s in stock(data, period.last).items() if is_unaccompanied(data, c, period.last)}
    unknown = sum(standing.is_unknown for standing in looked_after.values())
    return {"count": len(looked_after) - unknown, "notes": notes(unknown)}


# Starting and ceasing


def started(data: Return, period: Period, _) -> dict:
    """A child whose start is only "on or before" a day of the period may have started before it."""
    rungs = {}
    for child, periods in data.care.items():
        found = [NUMERATOR if c.is_start_known else HISTORY_MISSING for c in periods if period.holds(c.start)]
        if found:
            rungs[child] = max(found)
    n = Counter(rungs.values())
    return {"count": n[NUMERATOR], "notes": notes(0, n[HISTORY_MISSING])}


def ceased_by(data: Return, period: Period, reasons=None) -> dict[str, list[dt.date]]:
    """Children whose period of care ended in the period, with the days."""
    found: dict[str, list[dt.date]] = {}
    for child, periods in data.care.items():
        for care in periods:
            if period.holds(care.end) and (reasons is None or care.reason in reasons):
                found.setdefault(child, []).append(care.end)
    return found


def ceased(data: Return, period: Period, _) -> dict:
    return {"count": len(ceased_by(data, period)), "notes": notes()}


def adopted_or_guardianship(data: Return, period: Period, choices: Choices) -> dict:
    """Ruling 24: two totals, neither inside the other."""
    reasons = ADOPTED + GUARDIANSHIP + (("E41",) if choices.orders_e41 else ())

    def is_left_out(child):
        return choices.without_uasc and is_unaccompanied(data, child, period.last)

    def rung(child, care):
        return OUT if is_left_out(child) else cared_for(care, months(6, period.last))

    below = share(judged(data, period.last, rung, lambda child, care: rung(child, care) != OUT))
    above = [child for child in ceased_by(data, period, reasons) if not is_left_out(child)]
    return {"numerator": len(above), "denominator": below["denominator"], "notes": below["notes"]}


def adopted_in_time(data: Return, period: Period, _) -> dict:
    """Ruling 25: placed within twelve months of the decision, and adopted from that placement."""
    rungs = {}
    for child, days in ceased_by(data, period, ADOPTED).items():
        decisions = [row["DATE_INT"] for row in data.of("ad1", child) if row["DATE_INT"]]
        placed = [row for row in data.of("placed_for_adoption", child) if row["DATE_PLACED"]]
        in_time = bool(decisions) and any(
            max(decisions) <= row["DATE_PLACED"] <= add_months(max(decisions), 12)
            and (row["DATE_PLACED_CEASED"] is None or row["DATE_PLACED_CEASED"] >= max(days))
            for row in placed
        )
        rungs[child] = NUMERATOR if in_time else DENOMINATOR if decisions and placed else UNJUDGED
    return share(rungs)


# Stability


def many_moves(data: Return, period: Period, choices: Choices) -> dict:
    """Ruling 22: placements in the year, over all periods of care."""

    def rung(child, _):
        in_year = [
            p
            for care in data.care[child]
            for p in placements(care, choices.moves_open)
            if p.start <= period.last and (p.end is None or p.end > period.first)
        ]
        return NUMERATOR if len(in_year) >= 3 else DENOMINATOR

    return share(judged(data, period.last, rung))


def long_placement(data: Return, period: Period, choices: Choices) -> dict:
    """Ruling 23."""

    def rung(child, care):
        if data.age(child, period.last) >= 16:
            return OUT
        reached = cared_for(care, months(30, period.last))
        if reached != NUMERATOR:
            return reached
        made = [
            p
            for other in data.care[child]
            for p in settled(other, choices.moves_open)
            if care.start <= p.start <= period.last
        ]
        if not made:
            return DENOMINATOR
        last = max(made, key=lambda p: p.start)
        if add_months(last.start, 24) <= period.last:
            return NUMERATOR
        # Where its first episode goes on with what an earlier return may show, nobody can say.
        may_be_older = not care.is_start_known and not opens(last.episodes[0], choices.moves_open)
        return UNJUDGED if may_be_older else DENOMINATOR

    def concerned(child, _):
        age = data.age(child, period.last)
        return age is None or age < 16

    return share(judged(data, period.last, rung, concerned))


# Reviews


def reviewed_in_time(data: Return, period: Period, choices: Choices) -> dict:
    dates = {child: [row["REVIEW"] for row in rows] for child, rows in rows_by_child(data, "reviews").items()}
    has_before = any(day < data.first for days in dates.values() for day in days)

    def rung(child, care):
        reached = cared_for(care, lambda start: first_review_due(start) < period.last)
        if reached != NUMERATOR:
            return reached
        due = due_dates(care, dates.get(child, []), has_before, data.first, period.last)
        unseen = [d for d in due if d.status == MISSING and d.day >= period.first]
        if any(d.held is None or d.held >= period.first for d in unseen):
            return HISTORY_MISSING
        six_months = add_months(add_days(period.first, -1), 6)
        late = any(
            d.status in (LATE, OVERDUE)
            and (
                period.holds(d.day)
                or (choices.owed_from_before and d.day < period.first and (d.held or period.last) > six_months)
            )
            for d in due
        )
        return DENOMINATOR if late else NUMERATOR

    return share(judged(data, period.last, rung))


def rows_by_child(data: Return, table: str) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in data.rows[table]:
        found.setdefault(row["CHILD"], []).append(row)
    return found


def took_part(data: Return, period: Period, _) -> dict:
    """Ruling 26: age at the review, and every review of the year."""
    reviews = rows_by_child(data, "reviews")

    def rung(child, care):
        reached = cared_for(care, lambda start: add_days(start, 28) < period.last)
        if reached != NUMERATOR:
            return reached
        found = [(data.age(child, r["REVIEW"]), r["REVIEW_CODE"]) for r in reviews.get(child, []) if period.holds(r["REVIEW"])]
        # A review before birth or without a code may or may not be one of those that count.
        sure = [code for age, code in found if age is not None and age >= 4 and code not in ("", "PN0")]
        doubt = [code for age, code in found if code != "PN0" and (age is None or (age >= 4 and code == ""))]
        if not sure:
            return UNKNOWN if doubt else OUT
        if any(code not in TOOK_PART for code in sure):
            return DENOMINATOR
        return UNJUDGED if any(code not in TOOK_PART for code in doubt) else NUMERATOR

    return share(judged(data, period.last, rung))


def contradictory_reviews(data: Return, period: Period) -> int:
    """Reviews of the period where age and PN0 disagree (ruling 26)."""
    ages = [(data.age(r["CHILD"], r["REVIEW"]), r["REVIEW_CODE"]) for r in data.rows["reviews"] if period.holds(r["REVIEW"])]
    return sum(age is not None and code != "" and (age < 4) != (code == "PN0") for age, code in ages)


# Health, missing


def difficulties(data: Return, period: Period, choices: Choices) -> dict:
    """Ruling 27: the mean of the scores that are there; how many have none stands beside it."""
    scores = {child: [r["SDQ_SCORE"] for r in rows] for child, rows in rows_by_child(data, "oc2").items()}

    def rung(child, care):
        if not choices.sdq_from <= data.age(child, period.last) <= 16:
            return OUT
        reached = cared_for(care, months(12, period.last))
        if reached != NUMERATOR:
            return reached
        return NUMERATOR if any(scores.get(child, [])) else UNJUDGED

    def concerned(child, care):
        age = data.age(child, period.last)
        of_age = age is None or choices.sdq_from <= age <= 16
        return of_age and cared_for(care, months(12, period.last)) != OUT

    rungs = judged(data, period.last, rung, concerned)
    found = [int(next(filter(None, scores[child]))) for child, reached in rungs.items() if reached == NUMERATOR]
    n = Counter(rungs.values())
    return {
        "total": sum(found),
        "count": len(found),
        "notes": notes(n[UNKNOWN] + n[UNJUDGED], n[HISTORY_MISSING]),
    }


def missing(distinct: bool):
    """Ruling 28: episodes of being missing from care (M, not A) that began in the period; children."""

    def figure(data: Return, period: Period, _) -> dict:
        found = [r["CHILD"] for r in data.rows["missing"] if r["MISSING"] == "M" and period.holds(r["MIS_START"])]
        return {"count": len(set(found)) if distinct else len(found), "notes": notes()}

    return figure


def rate(population: int):
    """Ruling 2 of the catalogue's cs-21: the stock for each 10,000 people under 18."""

    def figure(data: Return, period: Period, choices: Choices) -> dict:
        found = children(data, period, choices)
        return {"numerator": found["count"], "denominator": population, "notes": found["notes"]}

    return figure


# The measures, and whether a quarter of the return's year can be asked about too.
ANY_PERIOD, WHOLE_YEAR = True, False
MEASURES = {
    "cs-03": (WHOLE_YEAR, adopted_in_time),
    "cs-04": (WHOLE_YEAR, many_moves),
    "cs-05": (WHOLE_YEAR, long_placement),
    "cs-08": (WHOLE_YEAR, reviewed_in_time),
    "cs-13b": (ANY_PERIOD, missing(False)),
    "cs-13c": (ANY_PERIOD, missing(True)),
    "cs-20": (ANY_PERIOD, children),
    "cs-22": (WHOLE_YEAR, adopted_or_guardianship),
    "cs-23": (WHOLE_YEAR, took_part),
    "cs-24": (WHOLE_YEAR, difficulties),
    "ctx-looked-after-started": (ANY_PERIOD, started),
    "ctx-looked-after-ceased": (ANY_PERIOD, ceased),
    "ctx-looked-after-legal-status": (ANY_PERIOD, by("legal")),
    "ctx-looked-after-placement": (ANY_PERIOD, by("place")),
    "ctx-looked-after-uasc": (ANY_PERIOD, unaccompanied),
}


def figures(data: Return, period: Period, choices: Choices | None = None) -> dict[str, dict]:
    whole = period.first == data.first and period.last == data.last
    asked = {name: of for name, (any_period, of) in MEASURES.items() if any_period or whole}
    return {name: of(data, period, choices or Choices()) for name, of in asked.items()}


def main() -> None:
    folder, year = sys.argv[1], int(sys.argv[2])
    data = read(folder, year)
    periods = [financial_year(year - 1), *quarters_of(year - 1)]
    json.dump({period.label: figures(data, period) for period in periods}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
