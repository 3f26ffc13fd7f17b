"""A return of looked-after children as nobody would wish to receive it: every edge that a ruling names, from a seed."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

HEADERS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
    "oc2": "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
    "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "placed_for_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "uasc": "CHILD,SEX,DOB,DUC",
}
FIRST, LAST = dt.date(2017, 4, 1), dt.date(2018, 3, 31)
# Days on which rules turn: edges of the year, thresholds before its end, month ends, a leap day.
EDGES = [
    "2013-02-28", "2015-09-30", "2015-10-01", "2016-02-29", "2016-03-31", "2016-04-01", "2017-03-30", "2017-03-31",
    "2017-04-01", "2017-04-02", "2017-08-31", "2017-09-30", "2017-10-01", "2017-11-30", "2018-02-28", "2018-03-01",
    "2018-03-02", "2018-03-03", "2018-03-30", "2018-03-31", "2018-04-01",
]  # fmt: skip
STAYS = ["T0", "T1", "T2", "T3", "T4"]
PLACES = ["U1", "U4", "U4", "U6", "K2", "P1", "A3", "A4", "A5", "A6", "R3"]
LEGAL = ["C1", "C2", "C2", "V2", "E1", "L1"]
ENDS = ["E11", "E12", "E43", "E45", "E48", "E41", "E3", "E4A", "E8"]


class Messy:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        # A return of some years holds no review from before its cover.
        self.has_reviews_before = seed % 3 != 0
        self.rows: dict[str, list[list]] = {name: [] for name in HEADERS}

    def write(self, folder: Path, children: int) -> None:
        for number in range(children):
            self.child(f"C{number:04}")
        for name, header in HEADERS.items():
            rows = self.rows[name]
            self.random.shuffle(rows)
            rows += [row for row in rows if self.maybe(0.01)]
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as opened:
                writer = csv.writer(opened)
                writer.writerow(header.split(","))
                writer.writerows([[text(value) for value in row] for row in rows])

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, values):
        return self.random.choice(values)

    def some_day(self, first=dt.date(2013, 1, 1), last=dt.date(2018, 4, 10)) -> dt.date:
        edges = [day for day in map(dt.date.fromisoformat, EDGES) if first <= day <= last]
        if edges and self.maybe(0.35):
            return self.pick(edges)
        return first + dt.timedelta(self.random.randrange((last - first).days + 1))

    def birth(self) -> dt.date | None:
        if self.maybe(0.04):
            return None
        years = self.pick([0, 3, 4, 4, 5, 9, 12, 15, 16, 16, 17, 18])
        day = dt.date(2018 - years, 3, 31) + dt.timedelta(self.pick([-200, -30, -1, 0, 1, 30, 200]))
        return min(day, dt.date(2018, 3, 1))

    def child(self, name: str) -> None:
        born = self.birth()
        self.rows["header"].append([name, self.pick("12"), born, self.pick(["WBRI", "ABAN", "REFU"]), None, None, None])
        starts, ended = self.life(name)
        self.reviews(name, born, starts)
        if self.maybe(0.7):
            score = self.pick(["0", "0", "13", "17", "40", ""])
            self.rows["oc2"].append([name, born, score, "" if score else "SDQ2", *"00110000"])
        if self.maybe(0.15):
            self.rows["uasc"].append([name, "1", born, self.pick([None, *map(dt.date.fromisoformat, EDGES[-6:])])])
        for _ in range(self.pick([0, 0, 0, 1, 2])):
            gone = self.some_day(dt.date(2017, 3, 1))
            self.rows["missing"].append([name, born, self.pick("MMA"), gone, gone + dt.timedelta(3)])
        if ended and self.maybe(0.9):
            self.adoption(name, born, ended)

    def adoption(self, name: str, born, ended: dt.date) -> None:
        decided = ended - dt.timedelta(self.random.randrange(900))
        if self.maybe(0.9):
            self.rows["ad1"].append([name, born, decided, decided, "0", "2", "MF", "L0"])
        turns = [anniversary(decided), anniversary(decided) + dt.timedelta(1), decided, decided - dt.timedelta(1)]
        for placed in self.random.sample(turns, self.pick([0, 1, 1, 2])):
            over = self.pick([None, None, ended, ended - dt.timedelta(1)])
            self.rows["placed_for_adoption"].append([name, born, placed, over, "RD1" if over else None])

    def life(self, name: str) -> tuple[list[dt.date], dt.date | None]:
        """One or two periods of care, with all that goes wrong; their starts, and an adoption in the year."""
        day, starts, adopted, taken = self.some_day(), [], None, set()
        for _ in range(self.pick([1, 1, 1, 2])):
            why = self.pick(["S", "S", "S", "P", "L", "T", "U", ""])
            home = self.place()
            starts.append(day)
            for _ in range(self.pick([1, 2, 2, 3, 4, 6])):
                end = day + dt.timedelta(self.pick([1, 5, 14, 40, 200, 400, 731, 1000]))
                legal = self.pick(["V3", "V4"]) if self.maybe(0.08) else self.pick(LEGAL)
                # Not before an episode that begins after the year: what it says of its period of care would count.
                legal = "" if end < LAST and self.maybe(0.02) else legal
                reason = "X1" if self.maybe(0.85) else self.pick(ENDS)
                if day in taken or day > dt.date(2018, 4, 10):
                    break
                taken.add(day)
                is_last = end > dt.date(2018, 4, 5) and self.maybe(0.9)
                shown, said = (None, self.pick(["", "", "X1", "E3"])) if is_last else (end, reason)
                if shown and self.maybe(0.02):
                    said = ""
                if shown and self.maybe(0.02):
                    shown = day - dt.timedelta(30)
                self.rows["episodes"].append(
                    [name, day, why, legal, "N1", home[0], "PR1", shown, said, None, None, home[1], home[2]]
                )
                if shown and said in ("E11", "E12"):
                    adopted = shown
                if is_last or said != "X1":
                    break
                day = end + dt.timedelta(1 if self.maybe(0.06) else 0)
                why = self.pick(["P", "P", "P", "L", "L", "T", "U", "B", "S", ""] if self.maybe(0.3) else ["P", "L", "P"])
                home = self.next_place(home, why)
            day = day + dt.timedelta(self.pick([0, 1, 30, 400]))
        return starts, adopted

    def place(self) -> tuple[str, str, str]:
        kind = self.pick(STAYS) if self.maybe(0.12) else self.pick(PLACES)
        postcode = "" if self.maybe(0.25) else self.pick(["AB1 1AA", "AB1 2BB", "AB1 3CC"])
        return kind, postcode, "" if self.maybe(0.25) else self.pick(["SC1", "SC2", "SC3"])

    def next_place(self, home, why) -> tuple[str, str, str]:
        if why == "L" and self.maybe(0.8):
            return home
        if self.maybe(0.3):
            self.before, kept = home, getattr(self, "before", home)
            # Back where the child was, now and then with a part of it not written.
            return tuple(part if number == 0 or self.maybe(0.9) else "" for number, part in enumerate(kept))
        self.before = home
        return (self.pick(STAYS), "", "") if self.maybe(0.3) else self.place()

    def reviews(self, name: str, born, starts: list[dt.date]) -> None:
        day = self.pick(starts) + dt.timedelta(self.pick([-20, 0, 1, 20, 28, 29, 35]))
        used = set()
        while day < dt.date(2018, 6, 1) and len(used) < 14:
            if self.has_reviews_before or day >= FIRST:
                code = "" if self.maybe(0.02) else self.pick(["PN0", "PN1", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7"])
                if born is not None and self.maybe(0.8):
                    code = "PN0" if (day - born).days < 1461 else self.pick(["PN1", "PN5", "PN1", "PN2", "PN1"])
                if day not in used:
                    self.rows["reviews"].append([name, born, day, code])
                used.add(day)
            day += dt.timedelta(self.pick([5, 80, 88, 90, 91, 92, 120, 150, 180, 181, 182, 184, 200, 400]))


def anniversary(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else dt.date(day.year + 1, 2, 28)


def text(value) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else "" if value is None else value
