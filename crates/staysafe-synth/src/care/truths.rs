//! Counts what was decided of looked after children.

use super::Span;
use super::life::{Child, Spell, Timely};
use crate::days::Day;
use crate::ledger::{Ledger, Told, runs};
use crate::periods::Stretch;

const LEGAL: [&str; 6] = ["C1", "C2", "E1", "J1", "L1", "V2"];
const PLACES: [&str; 15] =
    ["A3", "A4", "A6", "R2", "K2", "P1", "R1", "T0", "T1", "T3", "U1", "U3", "U4", "U6", "Z1"];
/// Adoption and special guardianship.
const PERMANENCE: [&str; 6] = ["E11", "E12", "E45", "E46", "E47", "E48"];
const TAKES_PART: [&str; 5] = ["PN1", "PN2", "PN3", "PN5", "PN6"];

pub(crate) fn declare(ledger: &mut Ledger) {
    ledger.share("cs-03", Told::Flow);
    ledger.share("ctx-adoption-timeliness-3-years", Told::Window(36));
    ledger.count("ctx-adoption-waiting", Told::Stock);
    ledger.share("cs-04", Told::Window(12));
    ledger.share("cs-05", Told::Stock);
    ledger.share("cs-08", Told::Stock);
    ledger.count("cs-13b", Told::Flow);
    ledger.count("cs-13c", Told::Flow);
    ledger.count("cs-13d", Told::Stock);
    ledger.count("cs-20", Told::Stock);
    ledger.share("cs-21", Told::Stock);
    ledger.share("cs-22", Told::Flow);
    ledger.share("cs-23", Told::Window(12));
    ledger.share("cs-24", Told::AtTheEnd);
    ledger.count("ctx-looked-after-started", Told::Flow);
    ledger.count("ctx-looked-after-ceased", Told::Flow);
    ledger.count("ctx-looked-after-uasc", Told::Stock);
    ledger.count("ctx-reviews-age-contradictory", Told::Flow);
    ledger.categories("ctx-looked-after-legal-status", &LEGAL, Told::Stock);
    ledger.categories("ctx-looked-after-placement", &PLACES, Told::Stock);
    for indicator in ["cs-03", "cs-04", "cs-22", "cs-23", "ctx-adoption-timeliness-3-years"] {
        ledger.yearly(indicator);
    }
    ledger.yearly_or_now("cs-05");
    ledger.yearly_or_now("cs-08");
    ledger.yearly_or_now("cs-24");
}

pub(crate) fn add(span: &Span<'_>, ledger: &mut Ledger, child: &Child) {
    let grown_up = child.birthday(18);
    let one = |yes: bool| yes.then_some((1, 1));
    let here = |on: Day| if on < grown_up { child.spells.iter().find(|spell| spell.runs(on)) } else { None };

    let starts = |period: &Stretch| child.spells.iter().any(|s| s.starts_here && period.holds(s.start));
    ledger.judge(("ctx-looked-after-started", ""), |period| one(starts(period)));
    let ends = |period: &Stretch| child.spells.iter().filter_map(|s| s.end).any(|(day, _)| period.holds(day));
    ledger.judge(("ctx-looked-after-ceased", ""), |period| one(ends(period)));
    ledger.judge(("cs-20", ""), |period| one(here(period.last).is_some()));
    ledger.judge(("cs-21", ""), |period| here(period.last).map(|_| (1, 0)));
    let alone = |on: Day| child.unaccompanied.is_some_and(|alone| alone.until.is_none_or(|until| until > on));
    ledger.judge(("ctx-looked-after-uasc", ""), |period| {
        one(here(period.last).is_some() && alone(period.last))
    });
    for category in LEGAL {
        let is = |on: Day| here(on).and_then(|spell| segment(spell, on)).is_some_and(|s| s.legal == category);
        ledger.judge(("ctx-looked-after-legal-status", category), |period| one(is(period.last)));
    }
    for category in PLACES {
        let is = |on: Day| here(on).and_then(|spell| segment(spell, on)).is_some_and(|s| s.place == category);
        ledger.judge(("ctx-looked-after-placement", category), |period| one(is(period.last)));
    }
    ledger.judge(("cs-04", ""), |period| {
        here(period.last).map(|_| (u64::from(stays_in_a_year(child, period.last) >= 3), 1))
    });
    ledger.judge(("cs-05", ""), |period| {
        let spell = here(period.last).filter(|_| period.last < child.birthday(16))?;
        (spell.start.plus_months(30) <= period.last).then(|| (u64::from(is_settled(spell, period.last)), 1))
    });
    ledger.judge(("cs-08", ""), |period| {
        let spell = here(period.last)?;
        let first_due = spell.reviews.first()?.due;
        if hangs_on_what_went_before(span, spell, period.last) {
            return None;
        }
        (first_due < period.last || spell.start.plus(60) < period.last)
            .then(|| (u64::from(is_reviewed_in_time(spell, period.last)), 1))
    });
    ledger.judge(("cs-23", ""), |period| {
        here(period.last).filter(|spell| spell.start.plus(28) < period.last)?;
        let first = year_before(period.last);
        let of_age = child.reviews().filter(|review| {
            let is_of_age = |held| child.birthday(4) <= held && first <= held && held <= period.last;
            review.code != "PN0" && review.held.is_some_and(is_of_age)
        });
        let takes_part: Vec<bool> = of_age.map(|review| TAKES_PART.contains(&review.code)).collect();
        (!takes_part.is_empty()).then(|| (u64::from(!takes_part.contains(&false)), 1))
    });
    ledger.judge(("cs-24", ""), |period| {
        let spell = here(period.last).filter(|spell| spell.start.plus_months(12) <= period.last)?;
        let score = child.scores.last().copied().flatten()?;
        let of_age = child.birthday(4) <= period.last && period.last < child.birthday(17);
        (of_age && spell.runs(period.last)).then_some((u64::from(score), 1))
    });
    for review in child.reviews() {
        let disagree = |held: &Day| (review.code == "PN0") != (*held < child.birthday(4));
        if let Some(held) = review.held.filter(disagree) {
            ledger.event("ctx-reviews-age-contradictory", held, true);
        }
    }
    left_for_good(ledger, child, here);
    missing(ledger, child);
}

fn year_before(last: Day) -> Day {
    last.plus(1).plus_months(-12)
}

fn segment(spell: &Spell, on: Day) -> Option<&super::life::Segment> {
    spell.segments.iter().rev().find(|segment| segment.start <= on)
}

/// The places that the child lived in over the twelve months, that of the first day among them.
fn stays_in_a_year(child: &Child, last: Day) -> usize {
    let first = year_before(last);
    let stays = child.spells.iter().flat_map(|spell| &spell.stays);
    stays.filter(|stay| stay.start <= last && stay.end.is_none_or(|end| end > first)).count()
}

fn is_settled(spell: &Spell, on: Day) -> bool {
    let here = spell.stays.iter().rev().find(|stay| stay.start <= on);
    here.is_some_and(|stay| stay.settled_since.plus_months(24) <= on)
}

/// Whether the first review that the returns show is one of the year: of a child who came into care before them nobody
/// can tell when it fell due, unless it was held by the day on which the very first would have been.
fn hangs_on_what_went_before(span: &Span<'_>, spell: &Spell, last: Day) -> bool {
    let held = spell.reviews.first().and_then(|review| review.held);
    let is_of_the_year = held.is_none_or(|held| held >= year_before(last));
    let surely_in_time = held.is_some_and(|held| held <= span.calendar.working_day(spell.start, 20));
    spell.start < span.first && is_of_the_year && !surely_in_time
}

/// No review that fell due in the year was late, nor one owed for longer than half of it.
fn is_reviewed_in_time(spell: &Spell, last: Day) -> bool {
    let first = year_before(last);
    let half = first.plus(-1).plus_months(6);
    !spell.reviews.iter().any(|review| {
        let late = review.held.is_none_or(|held| held > review.due) && review.due < last;
        let owed = review.held.unwrap_or(last).min(last) > half;
        late && (review.due >= first || owed)
    })
}

fn left_for_good<'a>(ledger: &mut Ledger, child: &'a Child, here: impl Fn(Day) -> Option<&'a Spell>) {
    let left = |period: &Stretch| {
        let mut ends = child.spells.iter().filter_map(|spell| spell.end);
        ends.any(|(day, why)| period.holds(day) && PERMANENCE.contains(&why))
    };
    ledger.judge(("ctx-adoption-waiting", ""), |period| {
        here(period.last).and_then(|spell| spell.adoption).filter(|of| of.waits(period.last)).map(|_| (1, 1))
    });
    ledger.judge(("cs-22", ""), |period| {
        let in_care = here(period.last).is_some_and(|spell| spell.start.plus_months(6) <= period.last);
        Some((u64::from(left(period)), u64::from(in_care)))
    });
    for spell in &child.spells {
        let (Some(adoption), Some((end, why))) = (spell.adoption, spell.end) else { continue };
        if !matches!(why, "E11" | "E12") {
            continue;
        }
        let timely = u64::from(adoption.timely == Timely::Yes);
        ledger.judge(("cs-03", ""), |period| period.holds(end).then_some((timely, 1)));
        ledger.judge(("ctx-adoption-timeliness-3-years", ""), |period| {
            let first = period.last.plus(1).plus_months(-36);
            (first <= end && end <= period.last).then_some((timely, 1))
        });
    }
}

fn missing(ledger: &mut Ledger, child: &Child) {
    let mut times = child.missing.iter().filter(|time| time.counts).peekable();
    if times.peek().is_none() {
        return;
    }
    let grown_up = child.birthday(18);
    let times: Vec<_> = times.collect();
    ledger.judge(("cs-13b", ""), |period| {
        Some((times.iter().filter(|time| period.holds(time.from)).count() as u64, 0))
    });
    ledger.judge(("cs-13c", ""), |period| times.iter().any(|time| period.holds(time.from)).then_some((1, 0)));
    ledger.judge(("cs-13d", ""), |period| {
        let away = times.iter().any(|time| runs(time.from, time.until, period.last));
        (away && period.last < grown_up).then_some((1, 0))
    });
}
