//! Children that were thought up to be difficult: each stands on a rule where it is easily got wrong.

use crate::World;
use crate::days::Day;
use crate::life::{Assessment, Conference, Enquiry, Episode, LedBy, Life, Plan};

/// All of them, in the same order in every file of a year.
pub(crate) fn lives(world: &World) -> Vec<Life> {
    let mut lives = Vec::new();
    edges_of_the_year(world, &mut lives);
    re_referrals(world, &mut lives);
    conferences(world, &mut lives);
    bank_holidays(world, &mut lives);
    assessments(world, &mut lives);
    plans(world, &mut lives);
    children(world, &mut lives);
    lives
}

/// A ten-year-old with these episodes.
fn child(world: &World, episodes: Vec<Episode>) -> Life {
    let mut life = Life::new(world.first.plus_months(-120));
    life.episodes = episodes;
    life
}

fn closed(mut episode: Episode, day: Day) -> Episode {
    episode.closure = Some((day, "RC7"));
    episode
}

fn plan(start: Day, end: Option<(Day, bool)>) -> Plan {
    Plan { start, end, initial: "NEG", latest: "NEG", previous: Some(0), reviews: Vec::new() }
}

/// A case with one plan, referred a month before it.
fn with_plan(world: &World, plan: Plan) -> Life {
    let mut episode = Episode::new(plan.start.plus(-30));
    episode.plans = vec![plan];
    child(world, vec![episode])
}

/// A case with one enquiry and its conference, so many working days after it.
fn with_conference(world: &World, start: Day, working_days: i32) -> Life {
    let day = world.calendar.working_day(start, working_days);
    let led_by = if working_days <= 15 { LedBy::EnquiryInTime } else { LedBy::EnquiryLate };
    let mut episode = Episode::new(start.plus(-3));
    episode.enquiries = vec![enquiry(world, start, Some(day))];
    let mut life = child(world, vec![episode]);
    life.conferences = vec![Conference { day, led_by }];
    life
}

fn enquiry(world: &World, start: Day, conference: Option<Day>) -> Enquiry {
    Enquiry {
        start,
        target: world.calendar.working_day(start, 15),
        conference,
        not_required: conference.is_none(),
    }
}

fn edges_of_the_year(world: &World, lives: &mut Vec<Life>) {
    let (first, last) = (world.first, world.last);
    // A case of the whole year, closed on its last day: closed in the year, not open at its end.
    lives.push(child(world, vec![closed(Episode::new(first), last)]));
    lives.push(child(world, vec![Episode::new(last)]));
    lives.push(child(world, vec![closed(Episode::new(last), last)]));
    for quarter in 1..4 {
        let next = first.plus_months(3 * quarter);
        lives.push(child(world, vec![Episode::new(next.plus(-1))]));
        lives.push(child(world, vec![Episode::new(next)]));
        lives.push(child(world, vec![closed(Episode::new(next.plus(-40)), next.plus(-1))]));
    }
    // The day before the year: open in it, and no referral of it.
    lives.push(child(world, vec![Episode::new(first.plus(-1))]));
    // A closure before the referral: the named dates decide, and it is never open.
    lives.push(child(world, vec![closed(Episode::new(first.plus(90)), first.plus(60))]));
}

fn re_referrals(world: &World, lives: &mut Vec<Life>) {
    let before = world.first.plus(-100);
    let again = before.plus_months(12);
    for day in [again.plus(-1), again, again.plus(1)] {
        let earlier = closed(Episode::new(before), world.first.plus(10));
        lives.push(child(world, vec![earlier, Episode::new(day)]));
    }
    // Two referrals on one day are no re-referral.
    let day = world.first.plus(200);
    lives.push(child(world, vec![closed(Episode::new(day), day), Episode::new(day)]));
    // The end of a month: twelve months after 29 February is 28 February.
    let leap = Day::new(world.year - 2, 2, 28).plus(1);
    let earlier = closed(Episode::new(leap), world.first.plus(5));
    lives.push(child(world, vec![earlier, Episode::new(leap.plus_months(12).max(world.first))]));
}

fn conferences(world: &World, lives: &mut Vec<Life>) {
    let start = world.first.plus(60);
    for working_days in [0, 14, 15, 16, 17] {
        lives.push(with_conference(world, start, working_days));
    }
    // From a Saturday and a Sunday: the first working day is Monday.
    let saturday = start.plus(5 - start.weekday());
    lives.push(with_conference(world, saturday, 15));
    lives.push(with_conference(world, saturday.plus(1), 16));
    // On a Saturday: it is as many working days on as the Friday before.
    let friday = saturday.plus(-1).plus(28);
    let mut begins = friday;
    while world.calendar.working_day(begins, 15) > friday {
        begins = begins.plus(-1);
    }
    let day = friday.plus(1);
    let mut episode = Episode::new(begins);
    episode.enquiries = vec![enquiry(world, begins, Some(day))];
    let mut life = child(world, vec![episode]);
    life.conferences = vec![Conference { day, led_by: LedBy::EnquiryInTime }];
    lives.push(life);
    // Two enquiries and one conference: the clock runs from the later.
    let late = with_conference(world, start, 12);
    for (earlier, led_by) in [(start.plus(-60), LedBy::EnquiryInTime), (start.plus(-1), LedBy::EnquiryInTime)]
    {
        let mut life = late.clone();
        if let Some((episode, conference)) = life.episodes.first_mut().zip(life.conferences.first_mut()) {
            episode.referral = earlier.plus(-2);
            episode.enquiries.insert(0, enquiry(world, earlier, Some(conference.day)));
            conference.led_by = led_by;
        }
        lives.push(life);
    }
    // An enquiry that names a conference before it began.
    let mut inverted = Episode::new(start);
    inverted.enquiries = vec![enquiry(world, start.plus(20), Some(start.plus(10)))];
    let mut life = child(world, vec![inverted]);
    life.conferences = vec![Conference { day: start.plus(10), led_by: LedBy::EnquiryInverted }];
    lives.push(life);
    // A child who moves in: a conference without an enquiry, and a plan.
    let mut moved = Episode::new(start);
    moved.own_conference = Some(start.plus(6));
    moved.plans = vec![plan(start.plus(6), None)];
    let mut life = child(world, vec![moved]);
    life.conferences = vec![Conference { day: start.plus(6), led_by: LedBy::Nothing }];
    lives.push(life);
    // An enquiry whose conference lies after the year: not held yet.
    let mut waiting = Episode::new(world.last.plus(-5));
    let mut open = enquiry(world, world.last.plus(-4), None);
    open.not_required = false;
    waiting.enquiries = vec![open];
    lives.push(child(world, vec![waiting]));
}

/// Around each bank holiday of the year, a conference that is just in time and one that is not.
fn bank_holidays(world: &World, lives: &mut Vec<Life>) {
    let holidays: Vec<Day> = world.calendar.closed_between(world.first, world.last).collect();
    for holiday in holidays {
        for (before, working_days) in [(1, 15), (1, 16), (12, 15), (0, 15)] {
            let start = holiday.plus(-before);
            if world.covers(start) && world.covers(world.calendar.working_day(start, working_days)) {
                lives.push(with_conference(world, start, working_days));
            }
        }
    }
}

fn assessments(world: &World, lives: &mut Vec<Life>) {
    let start = world.first.plus(100);
    for (working_days, in_time) in [(0, true), (1, true), (44, true), (45, true), (46, false), (60, false)] {
        let mut episode = Episode::new(start);
        let day = world.calendar.working_day(start, working_days);
        episode.assessments =
            vec![Assessment { start, authorised: Some((day, in_time)), factors: vec!["2A", "3B", "4B"] }];
        lives.push(child(world, vec![episode]));
    }
    // Authorised before it began: counted, and never in time.
    let mut inverted = Episode::new(start);
    inverted.assessments = vec![Assessment {
        start: start.plus(30),
        authorised: Some((start.plus(20), false)),
        factors: vec!["21"],
    }];
    lives.push(child(world, vec![inverted]));
    // Open for longer than the limit, and so in no figure; and one with no factor at all.
    let mut open = Episode::new(start);
    open.assessments = vec![Assessment { start, authorised: None, factors: Vec::new() }];
    lives.push(child(world, vec![open]));
    let mut last = Episode::new(world.last.plus(-10));
    last.assessments = vec![Assessment {
        start: world.last.plus(-10),
        authorised: Some((world.last, true)),
        factors: Vec::new(),
    }];
    lives.push(child(world, vec![last]));
}

fn plans(world: &World, lives: &mut Vec<Life>) {
    let (first, last) = (world.first, world.last);
    let middle = first.plus(150);
    // The edges of the year.
    for (start, end) in [
        (last, None),
        (first, Some(last)),
        (first.plus(-200), Some(first)),
        (first.plus(-200), Some(last)),
        (first.plus(-1), None),
        (middle, Some(middle)),
        (middle, Some(middle.plus(1))),
    ] {
        lives.push(with_plan(world, plan(start, end.map(|end| (end, false)))));
    }
    // Two years, one day less, and one day more; from the end of a month as well.
    for end in [middle, world.first.plus_months(5).plus(-1), Day::new(world.year, 2, 28)] {
        let two_years_before = end.plus_months(-24);
        lives.push(with_plan(world, plan(two_years_before, Some((end, true)))));
        lives.push(with_plan(world, plan(two_years_before.plus(-1), Some((end, true)))));
        // Not for the end of February: 29 February and two years is 28 February.
        let one_less = two_years_before.plus(1);
        lives.push(with_plan(world, plan(one_less, Some((end, one_less.plus_months(24) <= end)))));
    }
    // Two plans in one year, the second a second one.
    let mut twice = Episode::new(first.plus(5));
    twice.plans = vec![plan(first.plus(20), Some((first.plus(100), false))), plan(first.plus(220), None)];
    if let Some(second) = twice.plans.get_mut(1) {
        second.previous = Some(1);
        second.latest = "EMO";
    }
    lives.push(child(world, vec![twice]));
    // Two plans open at once by mistake: the one that began last is the child's.
    let mut both = Episode::new(first.plus(5));
    both.plans = vec![plan(first.plus(20), None), plan(first.plus(30), None)];
    if let Some(second) = both.plans.get_mut(1) {
        second.latest = "SAB";
    }
    lives.push(child(world, vec![both]));
    // An end before the start: an end of its day, never two years, never open.
    lives.push(with_plan(world, plan(middle, Some((middle.plus(-10), false)))));
    // The number of earlier plans was left out: not known to be a repeat.
    let mut unknown = plan(middle, None);
    unknown.previous = None;
    lives.push(with_plan(world, unknown));
    // Reviews on the edges of the year and after it.
    let mut reviewed = plan(first.plus(-120), None);
    reviewed.reviews = vec![first.plus(-30), first, first.plus(150), last, last.plus(400)];
    lives.push(with_plan(world, reviewed));
    for category in ["PHY", "SAB", "EMO", "MUL"] {
        let mut plan = plan(middle, None);
        plan.latest = category;
        lives.push(with_plan(world, plan));
    }
}

fn children(world: &World, lives: &mut Vec<Life>) {
    let middle = world.first.plus(200);
    for ethnicity in
        [None, Some("REFU"), Some("NOBT"), Some("WIRI"), Some("WROM"), Some("MWBC"), Some("CHNE")]
    {
        let mut life = with_plan(world, plan(middle, None));
        life.ethnicity = ethnicity;
        lives.push(life);
    }
    let mut unborn = with_plan(world, plan(world.last.plus(-40), None));
    unborn.unborn = true;
    unborn.born = world.last.plus(60);
    unborn.ethnicity = None;
    lives.push(unborn);
    let mut died = child(world, vec![closed(Episode::new(world.first.plus(-10)), middle)]);
    died.died = Some(middle);
    died.disabilities = vec!["LD", "AUT", "CON"];
    lives.push(died);
    let mut none = child(world, vec![Episode::new(middle)]);
    none.disabilities = vec!["NONE"];
    lives.push(none);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_year_has_its_edges_inside_the_year() {
        for year in crate::FIRST_YEAR..=crate::LAST_YEAR {
            let world = World::new(year);
            for life in lives(&world) {
                for episode in &life.episodes {
                    let open = episode.closure.is_none_or(|(day, _)| day >= world.first);
                    assert!(
                        open && episode.referral <= world.last,
                        "{year}: a census holds cases of its year: {episode:?}"
                    );
                }
                let mut days: Vec<Day> = life.conferences.iter().map(|c| c.day).collect();
                days.dedup();
                assert_eq!(days.len(), life.conferences.len(), "{year}: one truth for each conference");
            }
        }
    }
}
