//! Initial and core assessments, which there were until 2014.

use std::io;

use super::{Desk, Register};
use crate::ledger::Told;
use crate::shelf::Maybe;

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    initial(desk)?;
    core(desk)
}

/// First within how many working days, then the day: 7 was the limit, and later 10.
fn initial(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.share("cs-01", Told::Flow);
    desk.ledger.share("nsdu-01", Told::Flow);
    let mut sheet = desk.open("initial_assessment", "child,prompted,completed")?;
    for number in 1..=desk.records(5) {
        let mut random = desk.random(Register::InitialAssessment, number);
        let prompted = desk.day(&mut random, 60);
        let days = random.pick(&[(55, (1, 7)), (20, (8, 10)), (25, (11, 40))], (1, 7));
        let days = random.between(days.0, days.1);
        let completed = desk.known(desk.calendar.working_day(prompted, days));
        if let Some(completed) = completed {
            desk.ledger.event("cs-01", completed, days <= 7);
            desk.ledger.event("nsdu-01", completed, days <= 10);
        }
        sheet.row(&[&format_args!("IA{number:06}"), &prompted, &Maybe(completed)])?;
    }
    sheet.close()
}

fn core(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.share("cs-02", Told::Flow);
    let mut sheet = desk.open("core_assessment", "child,started,completed")?;
    for number in 1..=desk.records(8) {
        let mut random = desk.random(Register::CoreAssessment, number);
        let started = desk.day(&mut random, 90);
        let in_time = random.chance(750);
        let days = if in_time { random.between(5, 35) } else { random.between(36, 80) };
        let completed = desk.known(desk.calendar.working_day(started, days));
        if let Some(completed) = completed {
            desk.ledger.event("cs-02", completed, in_time);
        }
        sheet.row(&[&format_args!("CA{number:06}"), &started, &Maybe(completed)])?;
    }
    sheet.close()
}
