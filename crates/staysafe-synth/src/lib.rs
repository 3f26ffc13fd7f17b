#![doc = include_str!("../README.md")]

mod annex_a;
mod care;
mod census_truths;
mod consecutive;
mod days;
mod edges;
mod families;
mod faults;
mod ledger;
mod life;
mod periods;
mod random;
mod region;
mod registers;
mod reviewed;
mod shelf;
mod truths;
mod xml;

use std::io::{self, Write};

use days::Calendar;
use life::Life;
use random::Random;

pub use consecutive::{Consecutive, consecutive};
pub use days::{FIRST_YEAR, FIRST_YEAR_OF_REGISTERS, LAST_YEAR};
pub use region::{Region, region};
pub use shelf::Shelf;
pub use truths::Truths;

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many children the file holds.
    pub children: u64,
    /// The same seed makes the same file.
    pub seed: u64,
    /// The year in which the census ends, on 31 March.
    pub year: i32,
    /// The council's three digits.
    pub lea: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { children: 3_000, seed: 1, year: 2026, lea: "999".to_owned() }
    }
}

/// The year that a census speaks for, and the calendar in force.
pub(crate) struct World {
    pub(crate) calendar: Calendar,
    pub(crate) year: i32,
    /// 1 April of the year before.
    pub(crate) first: days::Day,
    /// 31 March.
    pub(crate) last: days::Day,
}

/// Writes the census of a council, child by child, and says what is true of it.
///
/// # Errors
/// When the year is not between [`FIRST_YEAR`] and [`LAST_YEAR`], or the output cannot be written.
///
/// # Example
/// ```
/// use staysafe_synth::{Options, council};
/// let mut file = Vec::new();
/// let truths = council(&Options { children: 200, ..Options::default() }, &mut file)?;
/// assert!(truths.get("referrals", "2025-26") > 100);
/// assert_eq!(String::from_utf8_lossy(&file).matches("<Child>").count(), 200);
///
/// assert!(council(&Options { year: 1980, ..Options::default() }, &mut file).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn council(options: &Options, out: &mut impl Write) -> io::Result<Truths> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&options.year) {
        let message = format!("the year must lie between {FIRST_YEAR} and {LAST_YEAR}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let world = World::new(options.year);
    let mut random = Random::new(options.seed);
    let mut truths = Truths::new(&world);
    let mut number = 0;
    out.write_all(xml::head(options, &world).as_bytes())?;
    let mut write = |life: &Life, random: &mut Random| {
        number += 1;
        truths.add(life);
        out.write_all(xml::child(life, number, &world, random).as_bytes())?;
        Ok::<bool, io::Error>(number < options.children)
    };
    let mut more = options.children > 0;
    for life in edges::lives(&world) {
        more = more && write(&life, &mut random)?;
    }
    while more {
        for life in families::family(&world, &mut random) {
            more = more && write(&life, &mut random)?;
        }
    }
    out.write_all(xml::TAIL.as_bytes())?;
    Ok(truths)
}

impl World {
    fn new(year: i32) -> Self {
        let calendar = Calendar::new();
        Self { first: days::Day::new(year - 1, 4, 1), last: days::Day::new(year, 3, 31), calendar, year }
    }

    /// Whether the census of this year speaks for the day.
    pub(crate) fn covers(&self, day: days::Day) -> bool {
        self.first <= day && day <= self.last
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn made(options: &Options) -> (Vec<u8>, String) {
        let mut file = Vec::new();
        let truths = council(options, &mut file).unwrap();
        (file, truths.to_json())
    }

    #[test]
    fn the_same_seed_makes_the_same_bytes_and_another_does_not() {
        let options = Options { children: 300, ..Options::default() };
        assert!(made(&options) == made(&options), "one seed, one file");
        assert!(made(&options).0 != made(&Options { seed: 2, ..options }).0, "two seeds, two files");
    }

    #[test]
    fn any_number_of_children_is_met_exactly() {
        for children in [0, 1, 7, 150] {
            let (file, _) = made(&Options { children, ..Options::default() });
            let text = String::from_utf8(file).unwrap();
            assert_eq!(text.matches("<Child>").count() as u64, children);
        }
    }

    #[test]
    fn the_rates_are_those_of_a_council() {
        let truths = council(&Options { children: 20_000, ..Options::default() }, &mut io::sink()).unwrap();
        let year = |name: &str| truths.get(name, "2025-26");
        let share = |part: &str, of: &str| 100 * year(part) / year(of);
        for (name, found, expected) in [
            ("referrals per hundred children of the file", year("referrals") / 200, 60..100),
            ("re-referrals", share("re_referrals_12m", "referrals"), 12..30),
            ("assessments in time", share("assessments_within_45", "assessments_authorised"), 75..90),
            ("conferences in time", share("conferences_within_15", "conferences_after_s47"), 70..90),
            ("second or subsequent plans", share("plans_second_or_subsequent", "plans_started"), 18..33),
            ("plans of two years or more", share("plans_ended_two_years", "plans_ended"), 1..12),
        ] {
            assert!(expected.contains(&found), "{name}: {found}, expected {expected:?}");
        }
    }
}
