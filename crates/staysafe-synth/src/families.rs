//! Random families at the rates of a council.
//!
//! Source of the rates: Department for Education, children in need 2024: for each child whose case was open
//! in the year about 0.8 referrals, 22% of them within twelve months of another, 7% without further action; 83%
//! of assessments within 45 working days; 79% of conferences within 15; 25% of plans second or subsequent; 4%
//! of plans ended after two years or more. They are rounded: nobody should read a finding into this council.

use crate::World;
use crate::days::Day;
use crate::life::{Assessment, Conference, Enquiry, Episode, LedBy, Life, Plan};
use crate::random::Random;

pub(crate) const ETHNICITY: [(u64, Option<&str>); 22] = [
    (640, Some("WBRI")),
    (6, Some("WIRI")),
    (3, Some("WIRT")),
    (60, Some("WOTH")),
    (6, Some("WROM")),
    (35, Some("MWBC")),
    (12, Some("MWBA")),
    (14, Some("MWAS")),
    (36, Some("MOTH")),
    (10, Some("AIND")),
    (22, Some("APKN")),
    (12, Some("ABAN")),
    (18, Some("AOTH")),
    (14, Some("BCRB")),
    (30, Some("BAFR")),
    (14, Some("BOTH")),
    (3, Some("CHNE")),
    (25, Some("OOTH")),
    (8, Some("REFU")),
    (16, Some("NOBT")),
    (14, None),
    (2, Some("WOTH")),
];
const SOURCES: [(u64, &str); 12] = [
    (90, "1A"),
    (30, "1C"),
    (180, "2A"),
    (60, "3A"),
    (40, "3B"),
    (50, "3D"),
    (20, "4"),
    (70, "5A"),
    (30, "5B"),
    (280, "6"),
    (60, "7"),
    (40, "8"),
];
const NEEDS: [(u64, &str); 9] = [
    (560, "N1"),
    (80, "N2"),
    (30, "N3"),
    (80, "N4"),
    (140, "N5"),
    (30, "N6"),
    (10, "N7"),
    (40, "N8"),
    (30, "N9"),
];
const FACTORS: [(u64, &str); 16] = [
    (80, "1B"),
    (40, "2A"),
    (70, "2B"),
    (90, "3A"),
    (190, "3B"),
    (80, "4A"),
    (180, "4B"),
    (30, "5A"),
    (40, "6A"),
    (20, "7A"),
    (25, "10A"),
    (25, "11A"),
    (20, "13A"),
    (60, "16A"),
    (90, "17A"),
    (40, "20"),
];
const CATEGORIES: [(u64, &str); 5] = [(480, "NEG"), (70, "PHY"), (45, "SAB"), (370, "EMO"), (35, "MUL")];
const DISABILITIES: [(u64, &str); 7] =
    [(30, "AUT"), (25, "LD"), (15, "BEH"), (15, "COMM"), (10, "CON"), (8, "MOB"), (5, "NONE")];

/// One to four children who share what happens to them.
pub(crate) fn family(world: &World, random: &mut Random) -> Vec<Life> {
    let children = random.pick(&[(550, 1), (250, 2), (130, 3), (70, 4)], 1);
    let mut shared = Life::new(world.first);
    shared.ethnicity = random.pick(&ETHNICITY, None);
    if random.chance(260) {
        known_before(world, random, &mut shared);
    } else {
        let referral = world.first.plus(random.between(0, world.last.since(world.first)));
        new_case(world, random, &mut shared, referral);
    }
    if random.chance(420)
        && let Some((closure, _)) = shared.episodes.last().and_then(|e| e.closure)
    {
        let again = closure.plus(random.between(1, 120));
        if again <= world.last {
            new_case(world, random, &mut shared, again);
        }
    }
    (0..children).map(|_| sibling(world, random, &shared)).collect()
}

fn sibling(world: &World, random: &mut Random, shared: &Life) -> Life {
    let mut life = shared.clone();
    life.unborn = random.chance(12);
    life.born = if life.unborn {
        world.last.plus(random.between(5, 200))
    } else {
        world.first.plus(-random.between(30, 17 * 365))
    };
    if random.chance(120) {
        life.disabilities.push(random.pick(&DISABILITIES, "NONE"));
        if random.chance(300) {
            life.disabilities.push("VIS");
        }
    }
    life
}

/// A case that began before the year and was still open when it began.
fn known_before(world: &World, random: &mut Random, life: &mut Life) {
    let mut episode = Episode::new(world.first.plus(-random.between(1, 800)));
    describe(random, &mut episode);
    if random.chance(280) {
        let plan = plan_from_before(world, random);
        if plan.start <= episode.referral {
            episode.referral = plan.start.plus(-random.between(15, 40));
        }
        episode.plans.push(plan);
    } else if random.chance(330) {
        let start = world.first.plus(random.between(0, 330));
        assess(world, random, &mut episode, start);
        enquire(world, random, life, &mut episode, start);
    }
    close(world, random, &mut episode);
    life.episodes.push(episode);
}

/// A referral of the year and what followed.
fn new_case(world: &World, random: &mut Random, life: &mut Life, referral: Day) {
    let mut episode = Episode::new(referral);
    describe(random, &mut episode);
    if random.chance(70) {
        episode.no_further_action = true;
        let closure = referral.plus(random.between(0, 5));
        if closure <= world.last {
            episode.closure = Some((closure, "RC8"));
        }
        life.episodes.push(episode);
        return;
    }
    if random.chance(900) {
        let start = referral.plus(random.between(0, 3));
        assess(world, random, &mut episode, start);
    }
    let start = referral.plus(random.between(0, 30));
    enquire(world, random, life, &mut episode, start);
    if world.year >= 2022 && random.chance(330) {
        let start = referral.plus(random.between(20, 60));
        let end = start.plus(random.between(30, 240));
        if start <= world.last {
            episode.cin_plans.push((start, (end <= world.last).then_some(end)));
        }
    }
    if world.year >= 2026 && random.chance(15) {
        let start = referral.plus(random.between(30, 90));
        episode.pre_proceedings = (start <= world.last).then_some(start);
    }
    close(world, random, &mut episode);
    life.episodes.push(episode);
}

fn describe(random: &mut Random, episode: &mut Episode) {
    episode.source = random.pick(&SOURCES, "10");
    episode.need = random.pick(&NEEDS, "N0");
}

/// An assessment: first whether it is in time, then its days.
fn assess(world: &World, random: &mut Random, episode: &mut Episode, start: Day) {
    if start > world.last {
        return;
    }
    let in_time = random.chance(830);
    let working_days = if in_time { random.between(3, 45) } else { random.between(46, 85) };
    let day = world.calendar.working_day(start, working_days);
    let mut factors: Vec<&'static str> = Vec::new();
    for _ in 0..random.between(0, 4) {
        let factor = random.pick(&FACTORS, "21");
        if !factors.contains(&factor) {
            factors.push(factor);
        }
    }
    let authorised = (day <= world.last).then_some((day, in_time));
    episode.assessments.push(Assessment { start, authorised, factors });
}

/// An enquiry, perhaps a conference, perhaps a plan: first what is true, then the days.
fn enquire(world: &World, random: &mut Random, life: &mut Life, episode: &mut Episode, start: Day) {
    if !random.chance(330) || start > world.last {
        return;
    }
    let target = world.calendar.working_day(start, 15);
    if !random.chance(340) {
        episode.enquiries.push(Enquiry { start, target, conference: None, not_required: true });
        return;
    }
    let in_time = random.chance(790);
    let working_days = if in_time { random.between(4, 15) } else { random.between(16, 35) };
    let day = world.calendar.working_day(start, working_days);
    if day > world.last {
        episode.enquiries.push(Enquiry { start, target, conference: None, not_required: false });
        return;
    }
    if random.chance(40) {
        // An earlier enquiry names the same conference; the clock runs from the later one.
        let earlier = start.plus(-random.between(1, 25)).max(episode.referral);
        if earlier < start {
            let target = world.calendar.working_day(earlier, 15);
            episode.enquiries.push(Enquiry {
                start: earlier,
                target,
                conference: Some(day),
                not_required: false,
            });
        }
    }
    episode.enquiries.push(Enquiry { start, target, conference: Some(day), not_required: false });
    let led_by = if in_time { LedBy::EnquiryInTime } else { LedBy::EnquiryLate };
    life.conferences.push(Conference { day, led_by });
    if random.chance(850) {
        let months = random.between(3, 14);
        let end = day.plus(months * 30);
        let end = (end <= world.last).then_some((end, false));
        episode.plans.push(plan(world, random, day, end));
    }
}

/// A plan that was running when the year began: first whether it ran two years, then its days.
fn plan_from_before(world: &World, random: &mut Random) -> Plan {
    if random.chance(480) {
        let start = world.first.plus(-random.between(1, 500));
        return plan(world, random, start, None);
    }
    let end = world.first.plus(random.between(0, world.last.since(world.first)));
    let two_years = random.chance(70);
    let start = if two_years {
        end.plus_months(-24).plus(-random.between(0, 300))
    } else {
        // Five days on this side of two years no month end can make a difference.
        end.plus_months(-24).plus(5).max(end.plus(-random.between(70, 700)))
    };
    let start = start.min(world.first.plus(-1));
    plan(world, random, start, Some((end, start.plus_months(24) <= end)))
}

fn plan(world: &World, random: &mut Random, start: Day, end: Option<(Day, bool)>) -> Plan {
    let initial = random.pick(&CATEGORIES, "MUL");
    let latest = if random.chance(120) { random.pick(&CATEGORIES, "MUL") } else { initial };
    let previous = Some(if random.chance(250) { random.pick(&[(7, 1), (2, 2), (1, 3)], 1) } else { 0 });
    // First whether a review is held in time, then the day: some on the last day that is in time, some a day later.
    let mut held = |due: Day| match random.between(1, 100) {
        1..=4 => due,
        5..=8 => due.plus(1),
        9..=12 => due.plus(random.between(2, 45)),
        _ => due.plus(-random.between(1, 60)),
    };
    let mut reviews = Vec::new();
    let mut review = held(start.plus_months(3));
    while review <= world.last && end.is_none_or(|(end, _)| review < end) {
        reviews.push(review);
        review = held(review.plus_months(6));
    }
    Plan { start, end, initial, latest, previous, reviews }
}

/// Closes a case in which nothing runs any more, perhaps; never before the year, whose census holds it.
fn close(world: &World, random: &mut Random, episode: &mut Episode) {
    if episode.is_running() || !random.chance(760) {
        return;
    }
    let closure = episode.last_event().max(world.first).plus(random.between(0, 90));
    if closure <= world.last {
        let reason = random.pick(&[(620, "RC7"), (330, "RC8"), (20, "RC3"), (20, "RC5"), (10, "RC6")], "RC7");
        episode.closure = Some((closure, reason));
    }
}
