"""A census as nobody would wish to receive it: every edge that a rule names, at random, from a seed."""

from __future__ import annotations

import datetime as dt
import random
from xml.sax.saxutils import escape

REFERENCE = dt.date(2024, 3, 31)
# Days on which rules turn: edges of the cover and of quarters, month ends, leap days, bank holidays.
EDGES = [
    "2021-03-31", "2022-02-28", "2022-03-31", "2022-04-01", "2023-03-31", "2023-04-01", "2023-04-07", "2023-04-10",
    "2023-05-01", "2023-05-08", "2023-05-29", "2023-06-30", "2023-07-01", "2023-08-28", "2023-12-25", "2023-12-26",
    "2023-12-31", "2024-01-01", "2024-02-29", "2024-03-29", "2024-03-31", "2024-04-01", "2020-02-29",
]  # fmt: skip
BAD_DATES = ["31/03/2024", "2024-02-30", "2023-13-01", "unknown", "20230401"]


class Messy:
    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def census(self, children: int) -> str:
        blocks = [self.child(n) for n in range(children)]
        self.random.shuffle(blocks)
        return (
            "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>"
            f"<ReferenceDate>{REFERENCE}</ReferenceDate></CollectionDetails><Source><LEA>201</LEA></Source></Header>"
            f"<Children>{''.join(blocks)}</Children></Message>"
        )

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def some_day(self) -> dt.date:
        if self.maybe(0.3):
            return dt.date.fromisoformat(self.random.choice(EDGES))
        return dt.date(2022, 1, 1) + dt.timedelta(self.random.randrange(900))

    def after(self, day: dt.date, days: int) -> dt.date:
        """A later day; now and then the same one, or an earlier."""
        if self.maybe(0.08):
            return day - dt.timedelta(self.random.randrange(1, 40))
        return day + dt.timedelta(self.random.randrange(days))

    def date(self, tag: str, day: dt.date | None, missing: float = 0.05) -> str:
        if day is None or self.maybe(missing):
            return self.random.choice(["", f"<{tag}/>"])
        text = self.random.choice(BAD_DATES) if self.maybe(0.04) else str(day)
        return f"<{tag}>{text}</{tag}>"

    def code(self, tag: str, codes: list[str], missing: float = 0.05) -> str:
        if self.maybe(missing):
            return self.random.choice(["", f"<{tag}></{tag}>"])
        code = self.random.choice(codes)
        if self.maybe(0.05):
            code = self.random.choice(["ZZZ", "n/a", "<&>", f" {code} "])
        return f"<{tag}>{escape(code)}</{tag}>"

    def child(self, number: int) -> str:
        # Now and then a child stands in the file twice, or without an identifier.
        name = f"C{number - 1 if number and self.maybe(0.03) else number:05}"
        identifier = "" if self.maybe(0.03) else f"<LAchildID>{name}</LAchildID>"
        return (
            f"<Child><ChildIdentifiers>{identifier}{self.date('PersonBirthDate', dt.date(2015, 6, 1))}"
            f"{self.code('Sex', ['M', 'F', 'U'])}</ChildIdentifiers><ChildCharacteristics>"
            f"{self.code('Ethnicity', ['WBRI', 'WBRI', 'WIRI', 'WROM', 'AIND', 'REFU', 'NOBT', 'BCRB'])}"
            f"{self.disabilities()}</ChildCharacteristics>"
            f"{''.join(self.details() for _ in range(self.random.choice([1, 1, 1, 2, 3])))}</Child>"
        )

    def disabilities(self) -> str:
        found = "".join(self.code("Disability", ["NONE", "MOB", "AUT"]) for _ in range(self.random.randrange(3)))
        return f"<Disabilities>{found}</Disabilities>" if found or self.maybe(0.3) else ""

    def details(self) -> str:
        start = self.some_day()
        conference = self.after(start, 60) if self.maybe(0.4) else None
        closed = self.after(start, 400) if self.maybe(0.5) else None
        return (
            f"<CINdetails>{self.date('CINreferralDate', start)}{self.code('ReferralSource', ['1A', '2A', '6', '10'])}"
            f"{self.code('PrimaryNeedCode', ['N1', 'N2', 'N8'])}{self.date('CINclosureDate', closed)}"
            f"{self.code('ReasonForClosure', ['RC1', 'RC8']) if closed else ''}"
            f"{self.date('DateOfInitialCPC', conference)}{self.many(0.7, self.assessment, start)}"
            f"{self.many(0.3, self.cin_plan, start)}{self.many(0.6, self.section_47, start, conference)}"
            f"{self.code('ReferralNFA', ['0', '1', 'true', 'false'])}{self.many(0.5, self.plan, start)}</CINdetails>"
        )

    def many(self, share: float, make, *about) -> str:
        return "".join(make(*about) for _ in range(self.random.choice([1, 1, 2]) if self.maybe(share) else 0))

    def assessment(self, start: dt.date) -> str:
        factors = "".join(
            self.code("AssessmentFactors", ["1B", "2B", "3A", "3C", "4B", "11A", "24A", "21"])
            for _ in range(self.random.randrange(4))
        )
        begun = self.after(start, 10)
        return (
            f"<Assessments>{self.date('AssessmentActualStartDate', begun)}"
            f"{self.date('AssessmentAuthorisationDate', self.after(begun, 90), 0.15)}"
            f"<FactorsIdentifiedAtAssessment>{factors}</FactorsIdentifiedAtAssessment></Assessments>"
        )

    def cin_plan(self, start: dt.date) -> str:
        begun = self.after(start, 60)
        return (
            f"<CINPlanDates>{self.date('CINPlanStartDate', begun)}"
            f"{self.date('CINPlanEndDate', self.after(begun, 300), 0.4)}</CINPlanDates>"
        )

    def section_47(self, start: dt.date, conference: dt.date | None) -> str:
        begun = self.after(start, 20)
        held = conference if conference and self.maybe(0.7) else self.after(begun, 40)
        return (
            f"<Section47>{self.date('S47ActualStartDate', begun)}{self.date('DateOfInitialCPC', held, 0.3)}"
            f"{self.code('ICPCnotRequired', ['0', '1', 'true', 'false'])}</Section47>"
        )

    def plan(self, start: dt.date) -> str:
        begun = self.after(start, 80) - dt.timedelta(self.random.choice([0, 0, 0, 365, 731]))
        ended = self.random.choice([self.after(begun, 900), two_years_after(begun), begun])
        reviews = "".join(
            f"<Reviews>{self.date('CPPreviewDate', self.after(begun, 300))}</Reviews>"
            for _ in range(self.random.randrange(3))
        )
        categories = ["NEG", "PHY", "SAB", "EMO", "MUL"]
        return (
            f"<ChildProtectionPlans>{self.date('CPPstartDate', begun)}{self.date('CPPendDate', ended, 0.4)}"
            f"{self.code('InitialCategoryOfAbuse', categories)}{self.code('LatestCategoryOfAbuse', categories)}"
            f"{self.code('NumberOfPreviousCPP', ['0', '0', '1', '2', '02'])}{reviews}</ChildProtectionPlans>"
        )


def two_years_after(day: dt.date) -> dt.date:
    """On, or a day around, the second anniversary."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return dt.date(day.year + 2, 2, 28)
