//! Registers that no national return carries: each file is named for its dataset, with the dataset's fields as columns.
//!
//! A module decides its records one by one, tells the ledger what is true of each, and writes its rows.

mod asked;
mod assessments;
mod conferences;
mod court;
mod deaths;
mod documents;
mod early_help;
mod education;
mod families;
mod fostering;
mod health;
mod partners;
mod people;
mod police;
mod reviews;
mod workforce;

use std::io;

use crate::days::{Calendar, Day};
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::random::Random;
use crate::shelf::{Sheet, Shelf};

pub(crate) use families::Families;

/// The last year in which there were initial and core assessments.
const LAST_OF_CORE_ASSESSMENTS: i32 = 2014;

/// What a register is made of: the years it tells of, and where its rows and truths go.
pub(crate) struct Desk<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) area: &'a str,
    pub(crate) has_secure_establishment: bool,
    /// How many children the censuses know: registers are as large as the council.
    pub(crate) children: u64,
    pub(crate) seed: &'a dyn Fn(u64, u64) -> Random,
    pub(crate) shelf: &'a mut dyn Shelf,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) faults: &'a mut Faults,
}

/// Writes every register of the years.
pub(crate) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    health::declare(desk);
    people::declare(desk);
    early_help::write(desk)?;
    people::write(desk)?;
    fostering::write(desk)?;
    reviews::write(desk)?;
    court::write(desk)?;
    conferences::write(desk)?;
    workforce::write(desk)?;
    health::write(desk)?;
    police::write(desk)?;
    partners::write(desk)?;
    education::write(desk)?;
    deaths::write(desk)?;
    documents::write(desk)?;
    asked::write(desk)?;
    if desk.last.parts().0 <= LAST_OF_CORE_ASSESSMENTS {
        assessments::write(desk)?;
    }
    Ok(())
}

impl Desk<'_> {
    /// Opens a register: above its header stands which it is, whose, and of which days.
    pub(crate) fn open(&mut self, dataset: &str, fields: &str) -> io::Result<Sheet> {
        let path = format!("{}/registers/{dataset}.csv", self.area);
        let mut sheet = Sheet::open(self.shelf, &path, &format!("Return,{dataset}"))?;
        sheet.row(&[&"Area", &self.area])?;
        sheet.row(&[&"First day", &self.first])?;
        sheet.row(&[&"Last day", &self.last])?;
        sheet.row(&[&fields])?;
        Ok(sheet)
    }

    /// The random numbers of a record of a register.
    fn random(&self, register: Register, record: u64) -> Random {
        (self.seed)(register as u64, record)
    }

    /// One record for so many children of the council, and a few at least.
    fn records(&self, children_for_each: u64) -> u64 {
        self.children / children_for_each + 8
    }

    /// A day of the years, or of so many days before them.
    fn day(&self, random: &mut Random, before: i32) -> Day {
        self.first.plus(random.between(-before, self.last.since(self.first)))
    }

    /// The day, where it is known by the end of the years.
    fn known(&self, day: Day) -> Option<Day> {
        (day <= self.last).then_some(day)
    }
}

/// Each register has a stream of random numbers of its own.
#[derive(Debug, Clone, Copy)]
enum Register {
    Caf = 16,
    Population,
    Conception,
    PrivateFostering,
    Restraint,
    SeriousCaseReview,
    CareApplication,
    Conference,
    ListEnquiry,
    Workforce,
    InitialAssessment,
    CoreAssessment,
    Offence,
    Allegation,
    Exploitation,
    ParentalFactor,
    RiskFlag,
    MissingFromHome,
    Admission,
    MissingEducation,
    Survey,
    ChildDeath,
    Document,
    Check,
    Trafficking,
    RunawayScore,
}
