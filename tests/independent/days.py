"""Periods and working days, from numpy and the `holidays` package."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included, and how the sector prints it."""

    label: str
    first: dt.date
    last: dt.date

    def holds(self, day) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last


def financial_year(start: int) -> Period:
    return Period(f"{start}-{(start + 1) % 100:02}", dt.date(start, 4, 1), dt.date(start + 1, 3, 31))


def quarters_of(start: int) -> list[Period]:
    year = financial_year(start).label
    edges = [
        (dt.date(start, 4, 1), dt.date(start, 6, 30)),
        (dt.date(start, 7, 1), dt.date(start, 9, 30)),
        (dt.date(start, 10, 1), dt.date(start, 12, 31)),
        (dt.date(start + 1, 1, 1), dt.date(start + 1, 3, 31)),
    ]
    return [Period(f"{year} Q{n}", first, last) for n, (first, last) in enumerate(edges, 1)]


def inside(first: dt.date, last: dt.date) -> list[Period]:
    """Every quarter and financial year that lies wholly inside."""
    found = []
    for start in range(first.year - 1, last.year + 1):
        found += [p for p in [*quarters_of(start), financial_year(start)] if first <= p.first and p.last <= last]
    return found


@cache
def bank_holidays() -> np.ndarray:
    days = holidays.country_holidays("GB", subdiv="ENG", years=range(2005, 2031))
    return np.array(sorted(days), dtype="datetime64[D]")


def working_days(start: dt.date, end: dt.date) -> int:
    """Working days after the start, up to and including the end."""
    one = np.timedelta64(1, "D")
    return int(np.busday_count(np.datetime64(start) + one, np.datetime64(end) + one, holidays=bank_holidays()))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
