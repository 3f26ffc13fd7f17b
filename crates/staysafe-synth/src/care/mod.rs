//! Children looked after: decided child by child, then counted, then written as the return of each year.

mod decide;
mod life;
mod school;
mod truths;
mod write;

use std::io;

pub(crate) use life::Child;

use crate::annex_a::AnnexA;
use crate::days::{Calendar, Day};
use crate::random::Random;
use crate::registers::Desk;

/// The years that the returns speak for.
pub(crate) struct Span<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) first_year: i32,
    pub(crate) last_year: i32,
}

/// Writes the returns of so many children below a folder, and counts what is true of them.
pub(crate) fn returns(
    span: &Span<'_>,
    children: u64,
    seed: &dyn Fn(u64) -> Random,
    folder: &str,
    desk: &mut Desk<'_>,
    mut annex: Option<&mut AnnexA>,
) -> io::Result<()> {
    truths::declare(desk.ledger);
    let mut years = Vec::new();
    for (year, place) in (span.first_year..=span.last_year).zip(0..) {
        years.push(write::Year::open(year, place, &format!("{folder}/{year}"), desk.shelf)?);
    }
    let mut schools = school::Schools::open(desk)?;
    for number in 1..=children {
        let child = decide::child(span, number, &mut seed(number));
        truths::add(span, desk.ledger, &child);
        schools.child(desk.ledger, &child)?;
        if let Some(annex) = &mut annex {
            annex.looked_after(&child)?;
        }
        for year in &mut years {
            year.child(&child)?;
        }
    }
    schools.close()?;
    if let Some(year) = years.last_mut() {
        year.plant(desk.faults)?;
    }
    years.into_iter().try_for_each(write::Year::close)
}
