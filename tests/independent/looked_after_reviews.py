"""When reviews of a looked-after child fall due (rulings 5 and 15), by possible histories.

A due date has a status only where every history that the return leaves open leads to it. The day of a due date
that is not known is the last on which it may lie. One that nobody can judge puts the child aside where the review
that met it was held inside the return's cover, or not at all: what was held before the cover can be late only there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from days import bank_holidays
from looked_after_tables import Care, add_days, add_months

IN_TIME, LATE, OVERDUE, NOT_YET, MISSING = "held in time", "held late", "overdue", "not yet due", "history missing"
NEW_RULE = dt.date(2011, 4, 1)


@dataclass
class Due:
    day: dt.date
    status: str
    held: dt.date | None = None


def first_due(start: dt.date) -> dt.date:
    """28 days, or 20 working days for periods of care from 1 April 2011."""
    if start < NEW_RULE:
        return add_days(start, 28)
    # The nth working day after the start; numpy counts a start on a free day from the working day before it.
    found = np.busday_offset(np.datetime64(start), 20, roll="backward", holidays=bank_holidays())
    return found.astype(dt.date)


def due_dates(care: Care, reviews: list[dt.date], has_reviews_before: bool, first: dt.date, last: dt.date) -> list[Due]:
    """Every due date of a period of care up to the last day, in order."""
    hidden = last_hidden_day(care, has_reviews_before, first)
    if hidden is None:
        held = sorted({r for r in reviews if care.start < r <= last})
        return known(first_due(care.start), held, [3], last)
    held = sorted({r for r in reviews if hidden < r <= last})
    # With nothing held unseen, the first is due by the start; what was held unseen can only put it off.
    soonest = first_due(care.start) if care.is_start_known else None
    found = [between(soonest, add_months(hidden, 6), held[0] if held else None, last)]
    if held:
        # The first review that is seen may be the child's first, or a later one.
        second = held[1] if len(held) > 1 else None
        found.append(between(add_months(held[0], 3), add_months(held[0], 6), second, last))
    if len(held) > 1:
        found += known(add_months(held[1], 6), held[2:], [], last)
    return found


def last_hidden_day(care: Care, has_reviews_before: bool, first: dt.date) -> dt.date | None:
    """The last day that may hide a review; none where the whole life is seen."""
    days = []
    if not care.is_start_known:
        days.append(care.start)
    before = first - dt.timedelta(1)
    if not has_reviews_before and (before > care.start or not care.is_start_known):
        days.append(before)
    return max(days, default=None)


def known(due: dt.date, held: list[dt.date], intervals: list[int], last: dt.date) -> list[Due]:
    """Due dates from one that is known: `intervals` months after the reviews that follow, then six."""
    found = []
    for review in held:
        found.append(Due(due, IN_TIME if review <= due else LATE, review))
        due = add_months(review, intervals.pop(0) if intervals else 6)
    found.append(Due(due, OVERDUE if last > due else NOT_YET))
    return found


def between(soonest: dt.date | None, latest: dt.date, review: dt.date | None, last: dt.date) -> Due:
    """A due date that lies somewhere up to `latest`, and not before `soonest`."""
    if soonest is not None and (review or last) <= soonest:
        return Due(soonest, IN_TIME if review else NOT_YET, review)
    if (review or last) > latest:
        return Due(latest, LATE if review else OVERDUE, review)
    return Due(latest, MISSING, review)
