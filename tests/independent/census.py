"""Reads a CIN census into pandas tables, with the standard library's XML parser and nothing of the library's.

One row per element, in the words of the fixed dataset names. A date that cannot be read is kept apart from one
that is not there: `REJECTED` in place of a day.
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

REJECTED = "rejected"

# Element, and the fields it gives: our name, the file's name, and whether it is a date.
CHILD = [("birth_date", "PersonBirthDate", True)]
REFERRAL = [
    ("referral_date", "CINreferralDate", True),
    ("closure_date", "CINclosureDate", True),
    ("closure_reason", "ReasonForClosure", False),
    ("primary_need", "PrimaryNeedCode", False),
    ("referral_source", "ReferralSource", False),
    ("icpc_date", "DateOfInitialCPC", True),
    ("no_further_action", "ReferralNFA", False),
]
ASSESSMENT = [
    ("assessment_start", "AssessmentActualStartDate", True),
    ("authorisation_date", "AssessmentAuthorisationDate", True),
]
CIN_PLAN = [("cin_plan_start", "CINPlanStartDate", True), ("cin_plan_end", "CINPlanEndDate", True)]
SECTION_47 = [
    ("s47_start", "S47ActualStartDate", True),
    ("icpc_date", "DateOfInitialCPC", True),
    ("icpc_not_required", "ICPCnotRequired", False),
]
PLAN = [
    ("plan_start", "CPPstartDate", True),
    ("plan_end", "CPPendDate", True),
    ("initial_category", "InitialCategoryOfAbuse", False),
    ("latest_category", "LatestCategoryOfAbuse", False),
    ("previous_plans", "NumberOfPreviousCPP", False),
]


# Codes that a value must be one of; any other is rejected, and its record stays (as the census's guide lists them).
CODES = {
    "Ethnicity": "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT",
    "Disability": "NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA",
    "ReferralSource": "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10",
    "PrimaryNeedCode": "N1 N2 N3 N4 N5 N6 N7 N8 N9 N0",
    "AssessmentFactors": "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A "
    "14A 15A 16A 17A 18A 18B 18C 19A 19B 19C 20 21 22A 23A 24A",
    "InitialCategoryOfAbuse": "NEG PHY SAB EMO MUL",
    "LatestCategoryOfAbuse": "NEG PHY SAB EMO MUL",
}


@dataclass
class Census:
    """Tables by dataset; a dataset that the file does not carry is not among them."""

    tables: dict[str, pd.DataFrame]
    first: dt.date
    last: dt.date


def read(path: str | Path) -> Census:
    rows: dict[str, list[dict]] = {}
    reference: dt.date | None = None
    number = {"referral": 0, "assessment": 0, "plan": 0}
    for _, element in ET.iterparse(path, events=("end",)):
        tag = local(element.tag)
        if tag == "ReferenceDate":
            reference = dt.date.fromisoformat((element.text or "").strip())
        if tag == "Child":
            take_child(element, rows, number)
            element.clear()
    assert reference is not None, "the file names no reference date"
    tables = {name: pd.DataFrame(list_of_rows) for name, list_of_rows in rows.items()}
    return Census(tables, dt.date(reference.year - 1, 4, 1), reference)


def take_child(element, rows, number) -> None:
    identifiers = first_of(element, "ChildIdentifiers")
    characteristics = first_of(element, "ChildCharacteristics")
    # Whatever stands in the file is carried, even where the child cannot be used.
    child = text_of(identifiers, "LAchildID") if identifiers is not None else None
    add = rows.setdefault("child", [])
    if child:
        ethnicity = code("Ethnicity", text_of(characteristics, "Ethnicity")) if characteristics is not None else None
        add.append({"child": child, "ethnicity": ethnicity, **fields(identifiers, CHILD)})
    for found in inner(characteristics, "Disability"):
        value = code("Disability", (found.text or "").strip() or None)
        put(rows, "disability", {"child": child}, {"disability": value})
    for details in all_of(element, "CINdetails"):
        number["referral"] += 1
        key = {"child": child, "referral": number["referral"]}
        put(rows, "referral", key, fields(details, REFERRAL))
        for found in all_of(details, "Assessments"):
            number["assessment"] += 1
            assessment = {**key, "assessment": number["assessment"]}
            put(rows, "assessment", assessment, fields(found, ASSESSMENT))
            for factor in inner(found, "AssessmentFactors"):
                value = code("AssessmentFactors", (factor.text or "").strip() or None)
                put(rows, "assessment_factor", assessment, {"factor": value})
        for found in all_of(details, "CINPlanDates"):
            put(rows, "cin_plan", key, fields(found, CIN_PLAN))
        for found in all_of(details, "Section47"):
            put(rows, "section_47", key, fields(found, SECTION_47))
        for found in all_of(details, "ChildProtectionPlans"):
            number["plan"] += 1
            plan = {**key, "plan": number["plan"]}
            put(rows, "child_protection_plan", plan, fields(found, PLAN))
            for review in inner(found, "CPPreviewDate"):
                put(rows, "child_protection_review", plan, {"review_date": day(review.text)})


def put(rows, dataset, key, values) -> None:
    """Adds a row; an element without a single value makes none, and its module is carried all the same."""
    found = rows.setdefault(dataset, [])
    if key["child"] and any(value is not None for value in values.values()):
        found.append({**key, **values})


def fields(element, wanted) -> dict:
    values = {}
    for name, tag, is_date in wanted:
        text = text_of(element, tag)
        values[name] = day(text) if is_date else code(tag, text)
    return values


def code(tag: str, text: str | None):
    """A code, None where there is nothing, REJECTED where it is none of the codes."""
    return REJECTED if text and tag in CODES and text not in CODES[tag].split() else text


def day(text: str | None):
    """A day, None where there is nothing, REJECTED where there is something else."""
    text = (text or "").strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return REJECTED
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return REJECTED


def local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def first_of(element, tag):
    return next(iter(all_of(element, tag)), None)


def all_of(element, tag):
    return [child for child in element if local(child.tag) == tag]


def inner(element, tag):
    """Elements of that name at any depth."""
    return [] if element is None else [found for found in element.iter() if local(found.tag) == tag]


def text_of(element, tag) -> str | None:
    found = first_of(element, tag)
    text = (found.text or "").strip() if found is not None else ""
    return text or None
