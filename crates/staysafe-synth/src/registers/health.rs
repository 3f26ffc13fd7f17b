//! Admissions of children to hospital.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::shelf::Maybe;

/// Causes from V01 to Y36, the last of them among them, and what only looks like one.
const INJURIES: [(u64, &str); 4] = [(4, "W19"), (3, "V01"), (2, "X59"), (1, "Y36")];
const NO_INJURIES: [(u64, &str); 4] = [(6, ""), (2, "Y37"), (1, "Y88"), (1, "S72")];
const EMERGENCY: [(u64, &str); 4] = [(7, "21"), (2, "28"), (1, "2A"), (1, "22")];
const PLANNED: [(u64, &str); 4] = [(6, "11"), (2, "12"), (1, "81"), (1, "2B")];

/// The council's entry, and that of the national consultation.
pub(super) const ADMITTED: [&str; 2] = ["cs-12", "nsdu-04a"];

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "admission,area_of_residence,district,admission_date,discharge_date,admission_method,age,sex,\
                  first_cause,other_cause";
    let mut sheet = desk.open("hospital_admission", fields)?;
    for number in 1..=desk.records(4) {
        let mut random = desk.random(Register::Admission, number);
        let admitted = desk.day(&mut random, 0);
        let discharged = desk.known(admitted.plus(random.pick(&[(8, 0), (6, 1), (3, 4), (1, 30)], 0)));
        let (is_emergency, is_injury) = (random.chance(700), random.chance(550));
        let age = random.between(0, 19);
        if is_emergency && is_injury && age < 18 {
            count(desk, admitted, discharged);
        }
        let method = random.pick(if is_emergency { &EMERGENCY } else { &PLANNED }, "21");
        let cause = random.pick(if is_injury { &INJURIES } else { &NO_INJURIES }, "");
        sheet.row(&[
            &format_args!("ADM{number:06}"),
            &desk.area,
            &"",
            &admitted,
            &Maybe(discharged),
            &method,
            &age,
            &"F",
            &cause,
            &"",
        ])?;
    }
    sheet.close()
}

/// A stay that crosses the end of a year is in neither year.
fn count(desk: &mut Desk<'_>, admitted: Day, discharged: Option<Day>) {
    for indicator in ADMITTED {
        desk.ledger.judge((indicator, ""), |period| {
            let within = period.holds(admitted) && discharged.is_some_and(|day| day <= period.last);
            within.then_some((1, 0))
        });
    }
}

/// Declares what the register tells, before the populations are told.
pub(super) fn declare(desk: &mut Desk<'_>) {
    for indicator in ADMITTED {
        desk.ledger.share(indicator, Told::Flow);
        desk.ledger.yearly_only(indicator);
    }
}
