//! Offences against children and by children, as the police record them.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::random::Random;
use crate::shelf::{Maybe, Sheet};

const SERIOUS: [(u64, &str); 4] = [(5, "violence"), (3, "sexual"), (1, "cruelty"), (1, "exploitation")];
const OTHER: [(u64, &str); 5] =
    [(3, "robbery"), (3, "theft"), (2, "harassment"), (1, "damage"), (1, "other")];

/// What is decided of an offence.
struct Offence {
    recorded: Day,
    /// The day it was done, where somebody knows.
    done: Option<Day>,
    is_serious: bool,
    relation: &'static str,
    suspect: Option<Suspect>,
}

/// Of whom the police think that they did it.
#[derive(Clone)]
struct Suspect {
    name: String,
    born: Day,
    /// A child, on the day it was done or on the day it was recorded.
    is_child: bool,
}

struct Victim {
    born: Day,
    is_child: bool,
    offences: Vec<Offence>,
}

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    for indicator in ["jd-04", "jd-06", "jd-07", "jd-08", "jd-10"] {
        desk.ledger.count(indicator, Told::Flow);
    }
    let fields = "crime_reference,recorded_date,offence_date,offence_type,victim,victim_birth_date,victim_sex,\
                  victim_ethnicity,offender_relation,offender,offender_birth_date,offender_sex,offender_ethnicity";
    let mut sheet = desk.open("offence", fields)?;
    for number in 1..=desk.records(8) {
        let mut random = desk.random(Register::Offence, number);
        let victim = victim(desk, &mut random, number);
        count(desk, &victim);
        rows(&mut sheet, &mut random, number, &victim)?;
    }
    sheet.close()
}

fn victim(desk: &Desk<'_>, random: &mut Random, number: u64) -> Victim {
    let is_child = random.chance(900);
    let mut victim = Victim { born: desk.first, is_child, offences: Vec::new() };
    let mut recorded = desk.day(random, 0);
    let age = if is_child { random.between(2, 11) } else { random.between(19, 50) };
    victim.born = recorded.plus_months(-12 * age).plus(-random.between(0, 300));
    // Grown up between the offence and the record of it: a child still.
    let grows_up = is_child && random.chance(60);
    let mut suspect: Option<Suspect> = None;
    for place in 1..=random.pick(&[(7, 1), (2, 2), (1, 4)], 1) {
        let done = (grows_up || random.chance(850)).then(|| recorded.plus(-random.between(12, 60)));
        if let (true, Some(done)) = (grows_up, done) {
            victim.born = done.plus(6).plus_months(-216);
        }
        if !random.chance(300) || suspect.is_none() {
            suspect =
                random.chance(750).then(|| a_suspect(random, recorded, format!("OF{number:06}-{place}")));
        }
        let relation = if suspect.is_some() {
            random.pick(
                &[(3, "family"), (3, "known"), (1, "carer"), (2, "stranger"), (1, "not-known")],
                "known",
            )
        } else {
            random.pick(&[(1, "stranger"), (2, "not-known")], "not-known")
        };
        let is_serious = random.chance(600);
        victim.offences.push(Offence { recorded, done, is_serious, relation, suspect: suspect.clone() });
        let next = recorded.plus(random.between(0, 200));
        if next > desk.last || grows_up {
            break;
        }
        recorded = next;
    }
    victim
}

/// An adult, or a child who stays one for as long as these years last.
fn a_suspect(random: &mut Random, recorded: Day, name: String) -> Suspect {
    let is_child = random.chance(300);
    let age = if is_child { random.between(10, 14) } else { random.between(20, 60) };
    Suspect { name, born: recorded.plus_months(-12 * age).plus(-random.between(0, 200)), is_child }
}

/// A child counts once in a period, whatever was done to it how often.
fn count(desk: &mut Desk<'_>, victim: &Victim) {
    let days = |counts: &dyn Fn(&Offence) -> bool| -> Vec<Day> {
        victim.offences.iter().filter(|offence| counts(offence)).map(|offence| offence.recorded).collect()
    };
    let by_child = |offence: &Offence| offence.suspect.as_ref().is_some_and(|suspect| suspect.is_child);
    if victim.is_child {
        let known = |o: &Offence| matches!(o.relation, "known" | "carer") && o.done.is_some();
        let by_adult = |o: &Offence| o.suspect.as_ref().is_some_and(|suspect| !suspect.is_child);
        desk.ledger.once("jd-04", &days(&|o| o.is_serious && known(o) && by_adult(o)));
        desk.ledger.once("jd-06", &days(&|o| o.is_serious && o.relation == "stranger"));
        desk.ledger.once("jd-07", &days(&|o| o.is_serious && by_child(o)));
        desk.ledger.once("jd-10", &days(&|_| true));
    }
    let mut names: Vec<&str> =
        victim.offences.iter().filter_map(|o| Some(o.suspect.as_ref()?.name.as_str())).collect();
    names.dedup();
    for name in names {
        let by = |o: &Offence| o.suspect.as_ref().is_some_and(|suspect| suspect.name == name);
        desk.ledger.once("jd-08", &days(&|o| o.is_serious && by_child(o) && by(o)));
    }
}

fn rows(sheet: &mut Sheet, random: &mut Random, number: u64, victim: &Victim) -> io::Result<()> {
    for (offence, place) in victim.offences.iter().zip(1..) {
        let kind =
            if offence.is_serious { random.pick(&SERIOUS, "violence") } else { random.pick(&OTHER, "theft") };
        let suspect = offence.suspect.as_ref();
        sheet.row(&[
            &format_args!("CR{number:06}-{place}"),
            &offence.recorded,
            &Maybe(offence.done),
            &kind,
            &format_args!("VIC{number:06}"),
            &victim.born,
            &"F",
            &"WBRI",
            &offence.relation,
            &Maybe(suspect.map(|suspect| &suspect.name)),
            &Maybe(suspect.map(|suspect| suspect.born)),
            &Maybe(suspect.map(|_| "M")),
            &"",
        ])?;
    }
    Ok(())
}
