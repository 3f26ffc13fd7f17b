//! What the board asked for and what came of it: returns that were due, counts of a partner without records, audits of reports.

use std::io;

use super::Desk;
use crate::periods;

/// Agencies and the registers that each owes for every year.
const OWED: [(&str, &str); 3] = [
    ("police", "missing_from_home"),
    ("pct-public-health", "hospital_admission"),
    ("education-welfare", "missing_education"),
];

const GRADES: [&str; 4] = ["inadequate", "adequate", "good", "outstanding"];

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    expected(desk)?;
    counted(desk)?;
    audits(desk)
}

/// Each came in time and was accepted: no figure is of fewer than were asked for.
fn expected(desk: &mut Desk<'_>) -> io::Result<()> {
    let mut sheet =
        desk.open("expected_return", "agency,dataset,area,period,due,received,nil_declared,accepted")?;
    for year in desk.first.parts().0 + 1..=desk.last.parts().0 {
        let of = periods::financial_year(year);
        let (due, came) = (of.last.plus(60), of.last.plus(50));
        for (agency, dataset) in OWED {
            sheet.row(&[&agency, &dataset, &desk.area, &of.label, &due, &came, &"no", &"yes"])?;
        }
    }
    sheet.close()
}

/// Of the year before the registers begin a partner has counts only: no record of the council speaks of it.
fn counted(desk: &mut Desk<'_>) -> io::Result<()> {
    let before = periods::financial_year(desk.first.parts().0);
    let mut sheet = desk.open("partner_count", "indicator,area,period,agency,numerator,denominator,note")?;
    let count = desk.children / 40 + 6;
    sheet.row(&[&"jd-01b", &desk.area, &before.label, &"schools", &count, &"", &"counted by hand"])?;
    sheet.close()
}

/// Audits of agencies' reports: no figure of the list is made of them.
fn audits(desk: &mut Desk<'_>) -> io::Result<()> {
    let mut sheet = desk.open("report_audit", "report,agency,audit_date,grade")?;
    for (number, grade) in (1..=desk.records(60)).zip(GRADES.iter().cycle()) {
        let span = desk.last.since(desk.first).max(1);
        let day = desk.first.plus(i32::try_from(number).unwrap_or(0).wrapping_mul(37).rem_euclid(span));
        sheet.row(&[&format_args!("REP{number:05}"), &"pct-public-health", &day, grade])?;
    }
    sheet.close()
}
