//! One council's life over several years, written as a census of each year and as one long extract.

use std::io::{self, Write};

use crate::days::Day;
use crate::life::{Episode, Life};
use crate::random::Random;
use crate::truths::Truths;
use crate::{FIRST_YEAR, LAST_YEAR, Options, World, edges, families, xml};

/// The censuses of one council in years that follow each other.
#[derive(Debug, Clone)]
pub struct Consecutive {
    /// A census for each year, the first year first: the cases open in the year, as they were known on its last day.
    pub censuses: Vec<Vec<u8>>,
    /// The same years as one file, as it was all known at the end. Its header names the last year only.
    pub whole: Vec<u8>,
    /// The figures that are true of all these years.
    pub truths: Truths,
}

/// Writes the censuses of a council in so many years, of which `options.year` is the last.
///
/// A child keeps its number. A case that runs into the next year stands in both censuses, in the first one without
/// what had not happened yet. Reviews are written in the census of the year in which they were held; everything else
/// of an open case is written again.
///
/// # Errors
/// When a year is not between [`FIRST_YEAR`] and [`LAST_YEAR`], or there are no years.
///
/// # Example
/// ```
/// use staysafe_synth::{Options, consecutive};
/// let made = consecutive(&Options { children: 200, year: 2025, ..Options::default() }, 2)?;
/// assert_eq!(made.censuses.len(), 2);
/// assert!(made.truths.get("referrals", "2023-24") > 0 && made.truths.get("referrals", "2024-25") > 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn consecutive(options: &Options, years: i32) -> io::Result<Consecutive> {
    let worlds = worlds(options, years)?;
    let mut censuses = vec![Vec::new(); worlds.len()];
    let mut whole = Vec::new();
    let truths = write(options, &worlds, &mut censuses, Some(&mut whole), |_, _| Ok(()))?;
    Ok(Consecutive { censuses, whole, truths })
}

/// The years of the censuses.
pub(crate) fn worlds(options: &Options, years: i32) -> io::Result<Vec<World>> {
    let first = options.year.saturating_sub(years).saturating_add(1);
    let known = FIRST_YEAR..=LAST_YEAR;
    if years < 1 || !known.contains(&first) || !known.contains(&options.year) {
        let message = format!("at least one year, and all between {FIRST_YEAR} and {LAST_YEAR}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok((first..=options.year).map(World::new).collect())
}

/// Writes the census of each year to its own output, child by child, and perhaps all years to one more. `seen` is
/// told of each child, by its family's number and its own.
pub(crate) fn write<W: Write>(
    options: &Options,
    worlds: &[World],
    censuses: &mut [W],
    mut whole: Option<&mut W>,
    mut seen: impl FnMut(&Life, (u64, u64)) -> io::Result<()>,
) -> io::Result<Truths> {
    let first = worlds.first().map_or(options.year, |world| world.year);
    let long = World { first: Day::new(first - 1, 4, 1), ..World::new(options.year) };
    let mut truths = Truths::of_years(worlds);
    for (census, world) in censuses.iter_mut().zip(worlds) {
        census.write_all(xml::head(options, world).as_bytes())?;
    }
    if let Some(whole) = &mut whole {
        whole.write_all(xml::head(options, &long).as_bytes())?;
    }
    for ((family, life), number) in lives(options, &long).zip(1..=options.children) {
        truths.add(&life);
        seen(&life, (family, number))?;
        let identity = || identity(options.seed, number);
        if let Some(whole) = &mut whole {
            let child = xml::child(&known_in(&life, &long), number, &long, &mut identity());
            whole.write_all(child.as_bytes())?;
        }
        for (census, world) in censuses.iter_mut().zip(worlds) {
            let known = known_in(&life, world);
            if !known.episodes.is_empty() {
                census.write_all(xml::child(&known, number, world, &mut identity()).as_bytes())?;
            }
        }
    }
    censuses.iter_mut().chain(whole).try_for_each(|census| census.write_all(xml::TAIL.as_bytes()))?;
    Ok(truths)
}

/// The random numbers of which a child's identity is made, the same in every file.
pub(crate) fn identity(seed: u64, number: u64) -> Random {
    Random::new(seed ^ (number << 20))
}

/// Lives without end, each with the number of its family: those thought up first, then random ones.
fn lives<'a>(options: &Options, world: &'a World) -> impl Iterator<Item = (u64, Life)> + 'a {
    let mut random = Random::new(options.seed);
    let families = std::iter::repeat_with(move || families::family(world, &mut random));
    let alone = edges::lives(world).into_iter().map(|life| vec![life]);
    let numbered = alone.chain(families).zip(1..);
    numbered.flat_map(|(family, number)| family.into_iter().map(move |life| (number, life))).map(
        |(number, mut life)| {
            // What ran through one year ran less than two; through several it may not have.
            let episodes = life.episodes.iter_mut();
            for plan in episodes.flat_map(|episode| &mut episode.plans) {
                let start = plan.start;
                plan.end = plan.end.map(|(end, _)| (end, start.plus_months(24) <= end));
            }
            (number, life)
        },
    )
}

/// The child as the census of a year has it.
fn known_in(life: &Life, world: &World) -> Life {
    let mut known = life.clone();
    known.died = known.died.filter(|day| *day <= world.last);
    known.episodes = life.episodes.iter().filter_map(|episode| episode_in(episode, world)).collect();
    known
}

/// The case as it was known on the year's last day; `None` where it did not run in the year.
fn episode_in(episode: &Episode, world: &World) -> Option<Episode> {
    let (first, last) = (world.first, world.last);
    if episode.referral > last || episode.closure.is_some_and(|(day, _)| day < first) {
        return None;
    }
    let mut known = episode.clone();
    known.closure = known.closure.filter(|(day, _)| *day <= last);
    known.own_conference = known.own_conference.filter(|day| *day <= last);
    known.pre_proceedings = known.pre_proceedings.filter(|day| *day <= last && world.year >= 2026);
    known.assessments.retain(|assessment| assessment.start <= last);
    for assessment in &mut known.assessments {
        assessment.authorised = assessment.authorised.filter(|(day, _)| *day <= last);
        if assessment.authorised.is_none() {
            assessment.factors.clear();
        }
    }
    known.cin_plans.retain(|(start, _)| *start <= last);
    for (_, end) in &mut known.cin_plans {
        *end = end.filter(|day| *day <= last);
    }
    known.enquiries.retain(|enquiry| enquiry.start <= last);
    for enquiry in &mut known.enquiries {
        enquiry.conference = enquiry.conference.filter(|day| *day <= last);
    }
    known.plans.retain(|plan| plan.start <= last);
    for plan in &mut known.plans {
        plan.end = plan.end.filter(|(day, _)| *day <= last);
        plan.reviews.retain(|day| first <= *day && *day <= last);
    }
    Some(known)
}
