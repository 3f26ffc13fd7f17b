//! Private fostering arrangements.

use std::io;

use super::{Desk, Register};
use crate::ledger::Told;
use crate::shelf::{Maybe, yes_no};

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.count("jd-01a", Told::Stock);
    desk.ledger.count("jd-01b", Told::Flow);
    let fields = "child,birth_date,sex,ethnicity,disabled,notified,arrangement_start,arrangement_end,\
                  days_intended,carer_relation";
    let mut sheet = desk.open("private_fostering", fields)?;
    for number in 1..=desk.records(60) {
        let mut random = desk.random(Register::PrivateFostering, number);
        let start = desk.day(&mut random, 500);
        let disabled = random.chance(150);
        // Some grow out of it: at 16, or at 18 where they are disabled.
        let born = start.plus(-random.between(8 * 365, 15 * 365 + 300));
        let end = desk.known(start.plus(random.between(28, 700))).filter(|_| random.chance(700));
        let grown_up = born.plus_months(12 * if disabled { 18 } else { 16 });
        let notified = desk.known(start.plus(random.between(-40, 60)));
        // With a close relative, or meant for less than 28 days and over within them: no private fostering.
        let (relation, intended) = random.pick(
            &[
                (5, ("", "")),
                (2, ("other", "90")),
                (1, ("parent", "")),
                (1, ("close-relative", "60")),
                (1, ("other", "14")),
            ],
            ("", ""),
        );
        let end = if intended == "14" { desk.known(start.plus(random.between(5, 27))) } else { end };
        let counts = matches!(relation, "" | "other") && intended != "14";
        if counts {
            desk.ledger.stock("jd-01a", start, Some(end.map_or(grown_up, |end| end.min(grown_up))));
        }
        if let Some(notified) = notified {
            desk.ledger.event("jd-01b", notified, true);
        }
        let sex = if random.chance(500) { "F" } else { "M" };
        sheet.row(&[
            &format_args!("PF{number:05}"),
            &born,
            &sex,
            &"WBRI",
            &yes_no(disabled),
            &Maybe(notified),
            &start,
            &Maybe(end),
            &intended,
            &relation,
        ])?;
    }
    desk.faults.in_fostering(&mut sheet, desk.first)?;
    sheet.close()
}
