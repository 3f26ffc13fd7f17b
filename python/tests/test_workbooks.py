"""Workbooks as partners and inspectors' templates leave them: sheets renamed, sheets gone, headings gone."""

import zipfile
from datetime import date

import staysafe as ss

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

REFERRALS = [
    ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of referral", "Referral Source"],
    ["K1", "a) Male", "WBRI", "01/02/2005", "01/11/2010", "g) Police"],
    ["K2", "a) Male", "WBRI", "01/02/2005", "15/12/2010", "g) Police"],
]
ENQUIRIES = [
    [
        "Child Unique ID",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Gender",
    ],
    ["K1", "01/11/2010", "No", "15/11/2010", "a) Male"],
]


def workbook(path, sheets):
    """The smallest workbook that a spreadsheet would open, of text alone."""

    def cells(row):
        return "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)

    numbered = list(enumerate(sheets.items(), start=1))
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, (name, _) in numbered)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>' for n, _ in numbered
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n, _ in numbered
    )
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
        )
        out.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        out.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
        for n, (_, rows) in numbered:
            body = "".join(f"<row>{cells(row)}</row>" for row in rows)
            out.writestr(f"xl/worksheets/s{n}.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>')
    return path


def read(path):
    return ss.read_returns(path, area="E06000001", extracted=date(2010, 12, 31))


def figures(data):
    res = ss.lscb().calculate(data, periods=["2010-11 Q3"], indicators=["ctx-referrals", "ctx-s47"])
    return {row["indicator"]: row["value"] for row in res.to_arrow().to_pylist()}


def says(data, *parts):
    return any(all(part in notice for part in parts) for notice in data.notices)


def test_a_renamed_sheet_is_known_by_its_headings(tmp_path):
    sheets = {"Copy of Sheet1": REFERRALS, "list 5": ENQUIRIES}
    data = read(workbook(tmp_path / "annex-a.xlsx", sheets))
    assert figures(data) == {"ctx-referrals": 2.0, "ctx-s47": 1.0}


def test_a_missing_sheet_is_named_with_what_it_costs_and_the_others_compute(tmp_path):
    data = read(workbook(tmp_path / "annex-a.xlsx", {"List 5": ENQUIRIES, "Notes": [["by the team"]]}))
    assert figures(data) == {"ctx-referrals": None, "ctx-s47": 1.0}
    assert says(data, "List 3: referrals is not there; what needs referrals is not reported"), data.notices
    assert says(data, "passed over", "Notes")


def test_a_sheet_without_its_headings_is_told_which_they_are(tmp_path):
    headless = [["Child", "Day", "From"], *[row[:3] for row in REFERRALS[1:]]]
    data = read(workbook(tmp_path / "annex-a.xlsx", {"List 3": headless, "List 5": ENQUIRIES}))
    assert says(data, "'List 3'", "'Date of referral'", "put the headings back"), data.notices
    assert figures(data) == {"ctx-referrals": None, "ctx-s47": 1.0}
