//! Serious case reviews, and incidents of restraint.

use std::io;

use super::{Desk, Register};
use crate::ledger::{Told, runs};
use crate::shelf::Maybe;

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    serious_case_reviews(desk)?;
    restraint(desk)
}

/// First whether a review is completed in time, then when.
fn serious_case_reviews(desk: &mut Desk<'_>) -> io::Result<()> {
    for indicator in ["jd-03a", "jd-03b", "jd-03c"] {
        desk.ledger.count(indicator, Told::Flow);
    }
    desk.ledger.share("ctx-reviews-in-time", Told::Flow);
    desk.ledger.count("ctx-reviews-overdue", Told::Stock);
    let fields = "review,notified,decision_date,agreed_due_date,completed_date";
    let mut sheet = desk.open("serious_case_review", fields)?;
    for number in 1..=desk.records(150) {
        let mut random = desk.random(Register::SeriousCaseReview, number);
        let notified = desk.day(&mut random, 300);
        let decided = notified.plus(random.between(5, 30));
        // The board agreed a day, or six months go without saying.
        let agreed = random.chance(500).then(|| decided.plus(random.between(120, 400)));
        let due = agreed.unwrap_or_else(|| decided.plus_months(6));
        let in_time = random.chance(550);
        let completed = due.plus(if in_time { -random.between(0, 60) } else { random.between(1, 200) });
        let completed = desk.known(completed);
        if let Some(decided) = desk.known(decided) {
            desk.ledger.event("jd-03a", decided, true);
            desk.ledger.judge(("ctx-reviews-overdue", ""), |period| {
                (runs(decided, completed, period.last) && due < period.last).then_some((1, 0))
            });
        }
        if let Some(completed) = completed {
            desk.ledger.event("jd-03b", completed, true);
            desk.ledger.event("ctx-reviews-in-time", completed, in_time);
            if in_time {
                desk.ledger.event("jd-03c", completed, true);
            }
        }
        let decided = desk.known(decided);
        let agreed = agreed.filter(|_| decided.is_some());
        let review = format!("SCR{number:04}");
        sheet.row(&[&review, &notified, &Maybe(decided), &Maybe(agreed), &Maybe(completed)])?;
    }
    sheet.close()
}

/// Only where children are held in custody. An incident counts once, however many children were hurt.
fn restraint(desk: &mut Desk<'_>) -> io::Result<()> {
    if !desk.has_secure_establishment {
        return Ok(());
    }
    desk.ledger.count("jd-02", Told::Flow);
    let mut sheet = desk.open("restraint_incident", "incident,establishment,incident_date,child,injury")?;
    for number in 1..=desk.records(15) {
        let mut random = desk.random(Register::Restraint, number);
        let day = desk.day(&mut random, 0);
        let injuries: Vec<&str> = (0..random.pick(&[(8, 1), (2, 2)], 1))
            .map(|_| random.pick(&[(60, "none"), (25, "minor"), (10, "medical"), (5, "serious")], "none"))
            .collect();
        if injuries.iter().any(|injury| *injury != "none") {
            desk.ledger.event("jd-02", day, true);
        }
        for (injury, child) in injuries.iter().zip(1..) {
            let incident = format!("R{number:05}");
            sheet.row(&[&incident, &"unit 1", &day, &format_args!("{incident}-{child}"), injury])?;
        }
    }
    sheet.close()
}
