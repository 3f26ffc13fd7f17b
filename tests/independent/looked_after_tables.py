"""Reads the CSV tables of an SSDA903 return, with the standard library and nothing of the library's.

The tables name neither year nor authority: the year is given. What a day is, how months are added and who is of
what age is worked out here, from `datetime` alone.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

TABLES = ["header", "episodes", "reviews", "missing", "oc2", "ad1", "placed_for_adoption", "uasc"]
DATES = ["DOB", "DECOM", "DEC", "REVIEW", "MIS_START", "MIS_END", "DATE_INT", "DATE_PLACED", "DATE_PLACED_CEASED", "DUC"]
SHORT_BREAKS = ("V3", "V4")


@dataclass
class Episode:
    """A row of Episodes."""

    child: str
    start: dt.date
    why: str
    legal: str
    place: str
    postcode: str
    urn: str
    end: dt.date | None
    reason: str
    number: int


@dataclass
class Care:
    """A period of care: episodes that follow on (ruling 20)."""

    episodes: list[Episode]

    @property
    def start(self) -> dt.date:
        return self.episodes[0].start

    @property
    def is_start_known(self) -> bool:
        return self.episodes[0].why == "S"

    @property
    def end(self) -> dt.date | None:
        """The first end whose reason is neither X1 nor blank."""
        ends = (e.end for e in self.episodes if e.end is not None and e.reason not in ("", "X1"))
        return next(ends, None)

    @property
    def reason(self) -> str:
        return self.episodes[-1].reason


@dataclass
class Placement:
    """A stretch in one place, or with one carer (ruling 21)."""

    episodes: list[Episode]

    @property
    def start(self) -> dt.date:
        return self.episodes[0].start

    @property
    def end(self) -> dt.date | None:
        return self.episodes[-1].end


@dataclass
class Return:
    """A year's return: the rows of each table by child, and what the rulings make of them."""

    first: dt.date
    last: dt.date
    births: dict[str, dt.date | None] = field(default_factory=dict)
    episodes: dict[str, list[Episode]] = field(default_factory=dict)
    care: dict[str, list[Care]] = field(default_factory=dict)
    rows: dict[str, list[dict]] = field(default_factory=dict)

    def of(self, table: str, child: str) -> list[dict]:
        return [row for row in self.rows.get(table, []) if row["CHILD"] == child]

    def age(self, child: str, day: dt.date) -> int | None:
        """Whole years; nobody is of any age before birth."""
        born = self.births.get(child)
        return None if born is None or born > day else age(born, day)


def read(folder: str | Path, year: int) -> Return:
    found = Return(dt.date(year - 1, 4, 1), dt.date(year, 3, 31))
    for name in TABLES:
        file = Path(folder) / f"{name}.csv"
        if file.exists():
            found.rows[name] = rows_of(file)
    found.births = {row["CHILD"]: row["DOB"] for row in found.rows["header"]}
    for number, row in enumerate(found.rows["episodes"]):
        found.episodes.setdefault(row["CHILD"], []).append(episode(row, number))
    for child, episodes in found.episodes.items():
        episodes.sort(key=lambda e: (e.start, e.number))
        found.care[child] = periods_of_care([e for e in episodes if e.legal not in SHORT_BREAKS])
    return found


def rows_of(file: Path) -> list[dict]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        seen: dict[tuple, dict] = {}
        for row in csv.DictReader(opened):
            row = {name: (text or "").strip() for name, text in row.items()}
            # Identical rows under a declared key count once (ruling 8); every table of the return has one.
            seen.setdefault(tuple(row.values()), {n: day(text) if n in DATES else text for n, text in row.items()})
        return list(seen.values())


def day(text: str) -> dt.date | None:
    return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None


def episode(row: dict, number: int) -> Episode:
    return Episode(
        row["CHILD"], row["DECOM"], row["RNE"], row["LS"], row["PLACE"], row.get("PL_POST", ""), row.get("URN", ""),
        row["DEC"], row["REC"], number,
    )  # fmt: skip


def periods_of_care(episodes: list[Episode]) -> list[Care]:
    made: list[Care] = []
    before: Episode | None = None
    for now in episodes:
        if before is not None and before.reason == "X1" and before.end == now.start:
            made[-1].episodes.append(now)
        else:
            made.append(Care([now]))
        before = now
    return made


NO_PLACEMENT = ("T0", "T1", "T2", "T3", "T4", "M1", "M2", "M3")
ADOPTION = ("A3", "A4", "A5", "A6")


def placements(care: Care, moves_open: bool = False) -> list[Placement]:
    """Ruling 21. `moves_open` is the parameter: a move with the same carer (T, U) opens a placement."""
    made: list[Placement] = []
    was_away = False
    for now in care.episodes:
        if now.place in NO_PLACEMENT:
            was_away = True
            continue
        if made and continues(made[-1].episodes[-1], now, was_away, moves_open):
            made[-1].episodes.append(now)
        else:
            made.append(Placement([now]))
        was_away = False
    return made


def continues(before: Episode, now: Episode, was_away: bool, moves_open: bool) -> bool:
    if now.place in ("A3", "A5") or now.why == "L":
        return True
    if now.why in ("T", "U"):
        return not moves_open
    return was_away and same_place(before, now)


def opens(first: Episode, moves_open: bool) -> bool:
    """Whether an episode says that a placement began with it."""
    return first.why in ("S", "P", "B") or (moves_open and first.why in ("T", "U"))


def settled(care: Care, moves_open: bool) -> list[Placement]:
    """Placements, where one for adoption takes over the start of the one before (ruling 23)."""
    made: list[Placement] = []
    for placement in placements(care, moves_open):
        if made and placement.episodes[0].place in ADOPTION:
            made[-1] = Placement(made[-1].episodes + placement.episodes)
        else:
            made.append(placement)
    return made


def same_place(a: Episode, b: Episode) -> bool:
    """The postcode and the registered number say which place it is; the kind says only that it may be."""
    if a.place and b.place and a.place != b.place:
        return False
    present = [(x, y) for x, y in ((a.postcode, b.postcode), (a.urn, b.urn)) if x and y]
    return bool(present) and all(x == y for x, y in present)


# Days


def add_days(at: dt.date, days: int) -> dt.date:
    return at + dt.timedelta(days)


def add_months(at: dt.date, months: int) -> dt.date:
    """The same day of that month, or its last (ruling 1): found by stepping back from the day that is not there."""
    year, month = at.year + (at.month - 1 + months) // 12, (at.month - 1 + months) % 12 + 1
    for candidate in range(at.day, 27, -1):
        try:
            return dt.date(year, month, candidate)
        except ValueError:
            continue
    return dt.date(year, month, at.day)


def age(born: dt.date, at: dt.date) -> int:
    """Whole years: the birthday of a 29 February falls on the 28th where there is none (ruling 1)."""
    years = at.year - born.year
    return years if add_months(born, 12 * years) <= at else years - 1
