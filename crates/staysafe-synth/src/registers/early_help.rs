//! Assessments under the common assessment framework.

use std::io;

use super::{Desk, Register};
use crate::ledger::Told;
use crate::shelf::{Maybe, yes_no};

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.count("cs-18", Told::Stock);
    desk.ledger.share("cs-19", Told::Flow);
    let mut sheet = desk.open(
        "caf",
        "caf,child,birth_date,lead_agency,started,completed,closed,multi_agency_plan,plan_date",
    )?;
    for number in 1..=desk.records(10) {
        let mut random = desk.random(Register::Caf, number);
        let started = desk.day(&mut random, 400);
        let completed = desk.known(started.plus(random.between(5, 60)));
        let closed = completed.and_then(|day| desk.known(day.plus(random.between(0, 300))));
        // Whether a plan of several agencies followed; of some nobody wrote it down.
        let planned =
            completed.and_then(|_| random.pick(&[(6, Some(true)), (3, Some(false)), (1, None)], None));
        desk.ledger.stock("cs-18", started, closed);
        if let Some(completed) = completed {
            desk.ledger.judge(("jd-26", ""), |period| period.holds(completed).then_some((1, 0)));
        }
        if let (Some(completed), Some(planned)) = (completed, planned) {
            desk.ledger.event("cs-19", completed, planned);
        }
        let agency = random.pick(&[(4, "school"), (3, "health visiting"), (2, "housing")], "school");
        let plan_date = completed.filter(|_| planned == Some(true));
        for child in 1..=random.pick(&[(6, 1), (3, 2), (1, 3)], 1) {
            sheet.row(&[
                &format_args!("CAF{number:06}"),
                &format_args!("CAF{number:06}-{child}"),
                &started.plus(-1000 * child),
                &agency,
                &started,
                &Maybe(completed),
                &Maybe(closed),
                &Maybe(planned.map(yes_no)),
                &Maybe(plan_date),
            ])?;
        }
    }
    desk.faults.in_caf(&mut sheet, desk.first)?;
    sheet.close()
}
