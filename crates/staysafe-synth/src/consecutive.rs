//! One council's life over several years, written as a census of each year and as one long extract.

use std::io;

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
    let first = options.year.saturating_sub(years).saturating_add(1);
    let known = FIRST_YEAR..=LAST_YEAR;
    if years < 1 || !known.contains(&first) || !known.contains(&options.year) {
        let message = format!("at least one year, and all between {FIRST_YEAR} and {LAST_YEAR}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let worlds: Vec<World> = (first..=options.year).map(World::new).collect();
    let long = World { first: Day::new(first - 1, 4, 1), ..World::new(options.year) };
    let mut truths = Truths::of_years(&worlds);
    let mut censuses: Vec<String> = worlds.iter().map(|world| xml::head(options, world)).collect();
    let mut whole = xml::head(options, &long);
    for (life, number) in lives(options, &long).iter().zip(1..) {
        truths.add(life);
        let identity = || Random::new(options.seed ^ (number << 20));
        whole.push_str(&xml::child(&known_in(life, &long), number, &long, &mut identity()));
        for (census, world) in censuses.iter_mut().zip(&worlds) {
            let known = known_in(life, world);
            if !known.episodes.is_empty() {
                census.push_str(&xml::child(&known, number, world, &mut identity()));
            }
        }
    }
    let close = |mut census: String| {
        census.push_str(xml::TAIL);
        census.into_bytes()
    };
    Ok(Consecutive { censuses: censuses.into_iter().map(close).collect(), whole: close(whole), truths })
}

fn lives(options: &Options, world: &World) -> Vec<Life> {
    let mut random = Random::new(options.seed);
    let mut lives = edges::lives(world);
    while (lives.len() as u64) < options.children {
        lives.extend(families::family(world, &mut random));
    }
    lives.truncate(usize::try_from(options.children).unwrap_or(usize::MAX));
    // What ran through one year ran less than two; through several it may not have.
    let plans = lives.iter_mut().flat_map(|life| &mut life.episodes).flat_map(|episode| &mut episode.plans);
    for plan in plans {
        let start = plan.start;
        plan.end = plan.end.map(|(end, _)| (end, start.plus_months(24) <= end));
    }
    lives
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
    known.pre_proceedings = known.pre_proceedings.filter(|day| *day <= last);
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
