//! Reports that the board is owed each year, and checks of those who work with children.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::{Told, runs};
use crate::shelf::{Maybe, yes_no};

const DOCUMENTS: [(&str, &str); 5] =
    [("jd-20", "CDOP"), ("jd-21", "MAPPA"), ("jd-22", "MARAC"), ("jd-23", "YJB"), ("jd-24", "COMPLAINTS")];

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    documents(desk)?;
    checks(desk)
}

/// As the register stands when the last report has come, late in the year after.
fn documents(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "document_type,area,reporting_year,title,due,received,considered_at";
    let mut sheet = desk.open("document", fields)?;
    let years = desk.first.parts().0 + 1..=desk.last.parts().0;
    for ((indicator, document), place) in DOCUMENTS.into_iter().zip(1..) {
        desk.ledger.count(indicator, Told::Flow);
        desk.ledger.yearly_only(indicator);
        for year in years.clone() {
            let mut random = desk.random(Register::Document, u64::from(year.unsigned_abs()) * 10 + place);
            let ends = Day::new(year, 3, 31);
            let due = ends.plus_months(6);
            let in_time = random.chance(600);
            let received =
                due.plus(if in_time { -random.pick(&[(1, 0), (1, 40)], 0) } else { random.between(1, 60) });
            if in_time {
                desk.ledger.event(indicator, ends, true);
            }
            let considered = Maybe(random.chance(500).then(|| received.plus(20)));
            sheet.row(&[&document, &desk.area, &ends, &"report", &due, &received, &considered])?;
        }
    }
    sheet.close()
}

/// A check stands for three years from its day.
fn checks(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.share("jd-16", Told::Stock);
    desk.ledger.yearly_only("jd-16");
    let fields = "agency,worker,post,role,engagement,regulated,post_from,post_to,crb_date,isa_status";
    let mut sheet = desk.open("workforce_check", fields)?;
    for number in 1..=desk.records(10) {
        let mut random = desk.random(Register::Check, number);
        let from = desk.day(&mut random, 1500);
        let until = desk.known(from.plus(random.between(100, 2500)));
        let regulated = random.chance(850);
        let engagement = random.pick(&[(7, "employed"), (2, "volunteer"), (1, "agency")], "employed");
        let checked = random.chance(900).then(|| from.plus(random.between(-900, 30)));
        let status = random
            .pick(&[(5, Some("registered")), (3, Some("not-needed")), (1, Some("barred")), (1, None)], None);
        if regulated && engagement == "employed" {
            desk.ledger.judge(("jd-16", ""), |period| {
                let stands = checked
                    .is_some_and(|day| day <= period.last && period.last < day.plus_months(36))
                    && status != Some("barred");
                runs(from, until, period.last).then_some((u64::from(stands), 1))
            });
        }
        sheet.row(&[
            &random.pick(&[(1, "police"), (1, "school")], "police"),
            &format_args!("WK{number:05}"),
            &format_args!("P{number:05}"),
            &"",
            &engagement,
            &yes_no(regulated),
            &from,
            &Maybe(until),
            &Maybe(checked),
            &Maybe(status),
        ])?;
    }
    sheet.close()
}
