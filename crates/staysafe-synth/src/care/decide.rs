//! Decides the life of a looked after child.
//!
//! The rates are rounded from the Department for Education's tables of children looked after, 2024; nobody should
//! read a finding into this council.

use super::Span;
use super::life::{
    Adoption, Alone, Attendance, Child, Missing, Review, School, Segment, Spell, Stay, Timely,
};
use crate::days::Day;
use crate::families::ETHNICITY;
use crate::random::Random;

const LEGAL: [(u64, &str); 6] = [(560, "C2"), (240, "C1"), (150, "V2"), (40, "E1"), (5, "L1"), (5, "J1")];
const PLACES: [(u64, &str); 9] = [
    (480, "U4"),
    (150, "U1"),
    (120, "K2"),
    (60, "P1"),
    (50, "R1"),
    (50, "R2"),
    (40, "U6"),
    (30, "U3"),
    (20, "Z1"),
];
const AWAY: [(u64, &str); 3] = [(50, "T1"), (30, "T0"), (20, "T3")];
const TAKES_PART: [(u64, &str); 5] = [(700, "PN1"), (80, "PN2"), (60, "PN3"), (40, "PN5"), (30, "PN6")];
const TAKES_NO_PART: [(u64, &str); 2] = [(60, "PN4"), (30, "PN7")];
const LEAVES: [(u64, &str); 8] =
    [(480, "E4A"), (60, "E4B"), (160, "E45"), (30, "E46"), (20, "E47"), (40, "E41"), (40, "E3"), (170, "E8")];

/// What was decided of a period of care before its days.
struct Wanted {
    start: Day,
    starts_here: bool,
    end: Option<(Day, &'static str)>,
    adoption: Option<Adoption>,
    legal: Option<&'static str>,
}

/// One child.
pub(crate) fn child(span: &Span<'_>, number: u64, random: &mut Random) -> Child {
    let years = usize::try_from(span.last_year - span.first_year + 1).unwrap_or(1);
    let mut child = Child {
        number,
        born: span.first,
        girl: random.chance(440),
        ethnicity: random.pick(&ETHNICITY, None),
        unaccompanied: None,
        spells: Vec::new(),
        breaks: Vec::new(),
        missing: Vec::new(),
        schooling: Vec::new(),
        scores: (0..years).map(|_| random.chance(820).then(|| score(random))).collect(),
    };
    match random.between(1, 1000) {
        1..=360 => long_in_care(span, random, &mut child),
        361..=700 => taken_into_care(span, random, &mut child),
        701..=780 => adopted(span, random, &mut child),
        781..=860 => unaccompanied(span, random, &mut child),
        861..=940 => twice(span, random, &mut child),
        _ => short_breaks(span, random, &mut child),
    }
    goes_missing(span, random, &mut child);
    child.schooling = (span.first_year - 1..span.last_year - 1).map(|year| school(random, year)).collect();
    child
}

/// First whether a pupil was excluded and how, then the day.
fn school(random: &mut Random, year: i32) -> School {
    let exclusion =
        random.pick(&[(70, None), (18, Some("FIXD")), (4, Some("LNCH")), (8, Some("PERM"))], None);
    let excluded_on = Day::new(year, 9, 10).plus(random.between(0, 300));
    let overturned = (exclusion.is_some() && random.chance(150)).then(|| excluded_on.plus(20));
    let on_roll = random.chance(900);
    let attendance = random.chance(900).then(|| attendance(random));
    School { year, on_roll, exclusion, excluded_on, overturned, attendance }
}

/// First whether a pupil was persistently absent, which is a tenth of the sessions or more, then the sessions.
fn attendance(random: &mut Random) -> Attendance {
    let is_persistent = random.chance(250);
    let tenths = random.between(18, 38);
    let possible = 10 * tenths;
    let absent = match (is_persistent, random.chance(200)) {
        (true, true) => tenths,
        (true, false) => tenths + random.between(1, 60),
        (false, true) => tenths - 1,
        (false, false) => random.between(0, tenths - 1),
    };
    let phase = random.pick(&[(9, "secondary"), (1, "special")], "secondary");
    Attendance { is_persistent, phase, possible, absent, moved: random.chance(150) }
}

fn score(random: &mut Random) -> u32 {
    u32::try_from(random.between(0, 20) + random.between(0, 20)).unwrap_or(0)
}

/// A child who was of an age between two when something began, in years.
fn aged(random: &mut Random, start: Day, youngest: i32, oldest: i32) -> Day {
    start.plus(-random.between(youngest * 365 + 5, oldest * 365 + 200))
}

fn long_in_care(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let start = span.first.plus(-random.between(1, 2600));
    child.born = aged(random, start, 0, 11);
    let end = random.chance(330).then(|| {
        let day = span.first.plus(random.between(0, span.last.since(span.first)));
        (day, random.pick(&LEAVES, "E8"))
    });
    let starts_here = !random.chance(250);
    add_spell(span, random, child, Wanted { start, starts_here, end, adoption: None, legal: None });
}

fn taken_into_care(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let start = span.first.plus(random.between(0, span.last.since(span.first) - 1));
    child.born = aged(random, start, 0, 16);
    let end = random.chance(500).then(|| (start.plus(random.between(3, 600)), random.pick(&LEAVES, "E8")));
    add_spell(span, random, child, Wanted { start, starts_here: true, end, adoption: None, legal: None });
}

/// In care, placed for adoption, adopted: first whether in time, then the days.
fn adopted(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let end = span.first.plus(random.between(5, span.last.since(span.first)));
    let placed = end.plus(-random.between(70, 300));
    let start = placed.plus(-random.between(150, 700));
    child.born = aged(random, start, 0, 4);
    let timely = random.pick(&[(700, Timely::Yes), (230, Timely::No), (70, Timely::Unknown)], Timely::Yes);
    let decision = match timely {
        Timely::Yes => Some(placed.plus(-random.between(0, 350)).max(start.plus(1))),
        // Five days beyond twelve months no month end can make a difference.
        Timely::No => Some(placed.plus_months(-12).plus(-random.between(5, 200))),
        Timely::Unknown => None,
    };
    let broken = match decision {
        Some(decision) if timely == Timely::No && random.chance(300) => {
            let first = decision.plus(random.between(20, 90));
            Some((first, first.plus(random.between(10, 60))))
        }
        _ => None,
    };
    let start = decision.map_or(start, |decision| start.min(decision.plus(-30)));
    child.born = child.born.min(start.plus(-20));
    let adopters = random.pick(&[(60, "A4"), (15, "A6"), (25, "A3")], "A4");
    let adoption = Some(Adoption { decision, placed, adopters, broken, timely });
    let end = Some((end, if random.chance(800) { "E11" } else { "E12" }));
    add_spell(span, random, child, Wanted { start, starts_here: true, end, adoption, legal: Some("E1") });
}

fn unaccompanied(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let start = span.first.plus(random.between(-200, span.last.since(span.first) - 1));
    child.born = aged(random, start, 14, 16);
    let ended = start.plus(random.between(60, 500));
    child.unaccompanied = Some(Alone { until: (random.chance(250) && ended <= span.last).then_some(ended) });
    let end = random.chance(200).then(|| (start.plus(random.between(60, 400)), "E8"));
    add_spell(
        span,
        random,
        child,
        Wanted { start, starts_here: true, end, adoption: None, legal: Some("V2") },
    );
}

fn twice(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let start = span.first.plus(random.between(-300, span.last.since(span.first) - 200));
    child.born = aged(random, start, 0, 13);
    let end = start.plus(random.between(310, 420)).min(span.last);
    let reason = random.pick(&LEAVES, "E8");
    let once = Wanted { start, starts_here: true, end: Some((end, reason)), adoption: None, legal: None };
    add_spell(span, random, child, once);
    // The day after the end is another period of care already.
    let again = end.plus(random.pick(&[(1, 1), (1, 7), (2, 40), (2, 150)], 7));
    if again <= span.last {
        add_spell(
            span,
            random,
            child,
            Wanted { start: again, starts_here: true, end: None, adoption: None, legal: None },
        );
    }
}

fn short_breaks(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let mut start = span.first.plus(random.between(0, 200));
    child.born = aged(random, start, 6, 13);
    while start.plus(4) <= span.last {
        let end = start.plus(random.between(1, 3));
        child.breaks.push((start, end));
        start = end.plus(random.between(5, 90));
    }
}

fn add_spell(span: &Span<'_>, random: &mut Random, child: &mut Child, mut wanted: Wanted) {
    wanted.end = wanted.end.filter(|(day, _)| *day <= span.last);
    let grown_up = child.birthday(18);
    if grown_up <= span.last && wanted.end.is_none_or(|(day, _)| day > grown_up) && random.chance(800) {
        wanted.end = Some((grown_up, "E5"));
    }
    let mut spell = Spell {
        start: wanted.start,
        starts_here: wanted.starts_here,
        end: wanted.end,
        stays: Vec::new(),
        segments: Vec::new(),
        reviews: Vec::new(),
        adoption: wanted.adoption,
    };
    places(span, random, child.number, wanted.legal, &mut spell);
    reviews(span, random, child, &mut spell);
    child.spells.push(spell);
}

/// Where the child lives, from the first day to the last.
fn places(span: &Span<'_>, random: &mut Random, number: u64, legal: Option<&'static str>, spell: &mut Spell) {
    let mut home = number * 100;
    let mut now = Segment {
        start: spell.start,
        why: if spell.starts_here { "S" } else { random.pick(&[(2, "P"), (1, "L")], "P") },
        legal: legal.unwrap_or_else(|| random.pick(&LEGAL, "C2")),
        place: random.pick(&PLACES, "U4"),
        home,
    };
    let mut settled_since = spell.start;
    let mut stay = Stay { start: spell.start, end: None, settled_since };
    spell.segments.push(now);
    let until = spell.adoption.map(|adoption| adoption.placed).or(spell.end.map(|(day, _)| day));
    let until = until.unwrap_or(span.last.plus(1));
    let restless = random.chance(180);
    // An episode that ended before these years stands in no return of them.
    let mut day = spell.start.max(span.first.plus(-1));
    loop {
        day = day.plus(if restless { random.between(10, 110) } else { random.between(90, 1400) });
        if day >= until {
            break;
        }
        let what = random.between(1, 100);
        if what <= 55 {
            home += 1;
            now = Segment { start: day, why: if what <= 42 { "P" } else { "B" }, home, ..now };
            now.place = random.pick(&PLACES, "U4");
            if now.why == "B" {
                now.legal = other_legal(now.legal);
            }
            spell.stays.push(Stay { end: Some(day), ..stay });
            settled_since = day;
            stay = Stay { start: day, end: None, settled_since };
        } else if what <= 75 {
            now = Segment { start: day, why: "L", legal: other_legal(now.legal), ..now };
        } else if what <= 85 {
            // The carer moves house, or the child's place with the carer is called something else.
            home += 1;
            now = Segment { start: day, why: "T", home, ..now };
        } else {
            let back = day.plus(random.between(2, 20));
            if back >= until {
                continue;
            }
            spell.segments.push(Segment {
                start: day,
                why: "P",
                place: random.pick(&AWAY, "T1"),
                home: home + 50,
                ..now
            });
            now = Segment { start: back, why: "P", ..now };
            day = back;
        }
        spell.segments.push(now);
    }
    if let Some(adoption) = spell.adoption {
        let stays_there = adoption.adopters == "A3";
        if !stays_there {
            home += 1;
            spell.stays.push(Stay { end: Some(adoption.placed), ..stay });
            stay = Stay { start: adoption.placed, end: None, settled_since };
        }
        let why = if stays_there { "T" } else { "P" };
        spell.segments.push(Segment { start: adoption.placed, why, place: adoption.adopters, home, ..now });
    }
    stay.end = spell.end.map(|(day, _)| day);
    spell.stays.push(stay);
}

fn other_legal(legal: &str) -> &'static str {
    if legal == "C2" { "E1" } else { "C2" }
}

/// Reviews: for each first whether it is held in time, then the day.
fn reviews(span: &Span<'_>, random: &mut Random, child: &Child, spell: &mut Spell) {
    let until = spell.end.map_or(span.last.plus(1), |(day, _)| day);
    let mut held;
    let mut due;
    if spell.start < span.first {
        // The returns do not show what went before: the first two are near enough to be in time whatever it was.
        held = span.first.plus(random.between(1, 170));
        review(random, child, spell, held, held, until);
        held = held.plus(random.between(60, 85));
        review(random, child, spell, held, held, until);
        due = held.plus_months(6);
    } else {
        due = span.calendar.working_day(spell.start, 20);
        held = due.plus(-random.between(0, 15));
        if random.chance(60) {
            held = due.plus(random.between(1, 30));
        }
        review(random, child, spell, due, held, until);
        due = held.plus_months(3);
    }
    while due < until {
        let before = held;
        held = match random.between(1, 1000) {
            1..=30 => due.plus(random.between(1, 30)),
            31..=36 => due.plus(random.between(210, 300)),
            37..=60 => due,
            _ => due.plus(-random.between(1, 25)).max(before.plus(1)),
        };
        review(random, child, spell, due, held, until);
        due = held.plus_months(6);
    }
}

/// A review that falls due; held, where that is before the end.
fn review(random: &mut Random, child: &Child, spell: &mut Spell, due: Day, held: Day, until: Day) {
    let held = (held < until).then_some(held);
    // Now and then the code for under four stands where the child was older, or another where it was not.
    let is_young = held.is_some_and(|held| held < child.birthday(4));
    let code = if is_young != random.chance(20) {
        "PN0"
    } else if random.chance(920) {
        random.pick(&TAKES_PART, "PN1")
    } else {
        random.pick(&TAKES_NO_PART, "PN7")
    };
    spell.reviews.push(Review { due, held, code });
}

fn goes_missing(span: &Span<'_>, random: &mut Random, child: &mut Child) {
    let from_ten = child.birthday(10);
    for spell in &child.spells {
        let first = spell.start.max(span.first).max(from_ten);
        let until = spell.end.map_or(span.last, |(day, _)| day.plus(-1));
        if first >= until || !random.chance(250) {
            continue;
        }
        let mut day = first.plus(random.between(0, 200));
        while day <= until {
            let end = day.plus(random.pick(&[(3, 0), (5, 1), (3, 2), (2, 5), (1, 30)], 1));
            let counts = random.chance(700);
            let never_found = spell.end.is_none() && random.chance(30);
            let end = (!never_found && end <= span.last).then_some(end);
            child.missing.push(Missing { from: day, until: end, counts });
            let Some(end) = end else { break };
            day = end.plus(random.between(1, 150));
        }
    }
}
