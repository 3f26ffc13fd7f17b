//! What an engine is asked that counts records in the reference's place.
//!
//! Which version holds in a period, whether the indicator applies, what the tables of a return can speak for and what a
//! figure's columns are called is decided once, for the reference and for every engine; what an engine decides
//! by itself is what each record comes to, and how many there are. [`calculate_with`] puts the two together.
//!
//! The tables that are given to [`calculate_with`] need hold no rows, where the engine holds them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::error::CalculateError;
use super::join::Joined;
use super::reference::Ready;
pub use super::reference::evaluate::Moment;
use super::reference::records::Records;
use super::reference::selection::{Selection, Within, select};
pub use super::reference::split::{Place, Slot, Split};
pub use super::reference::tally::{Finished, hull};
use super::{Counting, Found, Reach, Source, count, states};
use crate::calendar::Days;
use crate::check::tree::{CheckedLadder, CheckedTable, CheckedTotal, CheckedTotals};
use crate::check::{Checked, CheckedIndicator};
use crate::definition::indicator::{Kind, Stretch};
use crate::period::Period;
use crate::plan::Plan;
use crate::progress::Watch;
use crate::record::Data;
use crate::result::{Flags, Partials, Reason};

/// Something that counts records in the reference's place.
///
/// For the same records it must give the same as the reference, in any order of rows.
pub trait Engine<'a> {
    /// What each slot of some ladders comes to: an answer to each question, in their order.
    ///
    /// All questions that can be known beforehand come in one call, so that one reading of a table can answer many.
    fn ladders(&mut self, questions: &[Question<'a>]) -> Vec<Answer>;

    /// What each slot of two totals comes to in one part of a period. Parts are added up by the caller.
    ///
    /// # Errors
    /// Why there is no figure at all.
    fn totals(&mut self, asked: &Asked<'a>, part: &TotalsPart<'a>) -> Answer;

    /// What each slot of two totals comes to, for all that can be known beforehand: an answer to each, in their order.
    ///
    /// One after the other, unless an engine has more hands.
    fn all_totals(&mut self, questions: &[TotalsQuestion<'a>]) -> Vec<Answer> {
        questions.iter().map(|question| self.totals(&question.asked, &question.part)).collect()
    }

    /// The first day that some fields of an authority's dataset name; `None` where none names a day.
    fn first_day(&self, authority: usize, dataset: &str, fields: &BTreeSet<String>) -> Option<NaiveDate>;
}

/// The state of each slot, or why there is no figure at all.
pub type Answer = Result<Vec<Finished>, Reason>;

/// A ladder in a period, with every part of the period together.
#[derive(Debug)]
pub struct Question<'a> {
    /// Whose records, and how they are kept apart.
    pub asked: Asked<'a>,
    /// The ladder's version, or several where they follow one another in the period.
    pub parts: Vec<LadderPart<'a>>,
}

/// Two totals in one part of a period.
#[derive(Debug)]
pub struct TotalsQuestion<'a> {
    /// Whose records, and how they are kept apart.
    pub asked: Asked<'a>,
    /// Which part of the period, counted from the first.
    pub number: usize,
    /// The version that holds for it.
    pub part: TotalsPart<'a>,
}

/// Whose records are asked for, and how their figures are kept apart.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The authority's place among those that were joined.
    pub authority: usize,
    /// The indicator, or the reading of one.
    pub indicator: &'a CheckedIndicator,
    /// Its kind.
    pub kind: Kind,
    /// The period.
    pub period: Period,
    /// How figures are kept apart.
    pub split: Arc<Split<'a>>,
    /// Whether rows outside a table's cover are let in.
    pub beyond_cover: bool,
}

/// A version of a ladder, for all days of a period or for some.
#[derive(Debug)]
pub struct LadderPart<'a> {
    /// The ladder.
    pub of: &'a CheckedLadder,
    /// The derived tables that it and the breakdowns rest on, each after those that it rests on itself.
    pub rests_on: Vec<String>,
    /// The rows that are asked for, or why there is no figure.
    pub rows: Result<Rows, Reason>,
}

/// A version of two totals, for all days of a period or for some.
#[derive(Debug)]
pub struct TotalsPart<'a> {
    /// The totals.
    pub of: &'a CheckedTotals,
    /// The derived tables that they and the breakdowns rest on, each after those that it rests on itself.
    pub rests_on: Vec<String>,
    /// The rows that are asked for on each side, or why there is no figure.
    pub rows: [Result<Rows, Reason>; 2],
}

/// The rows of a table that a period asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The days that predicates may name.
    pub moment: Moment,
    /// The days in which an event is dated; of a stock the last is the day on which it is open.
    pub days: Days,
    /// Whether rows of which nobody can say whether they belong are counted here.
    pub count_doubts: bool,
    /// Flags that the figure carries.
    pub flags: Flags,
    /// The days that the table speaks for, where they are not the period's.
    pub covers: Option<Days>,
}

/// The returns of each authority joined, as [`calculate`](super::calculate) joins them.
///
/// # Errors
/// As for [`join`](super::join::join).
pub fn joined<'a>(checked: &Checked, data: &'a Data) -> Result<Joined<'a>, CalculateError> {
    super::joined(checked, data)
}

/// Counts what a plan asks for by an engine. The records of `joined` may be without rows.
///
/// `fingerprint` is the hash of the records (`record::fingerprint`).
///
/// # Errors
/// It was stopped by who watches.
pub fn calculate_with<'a>(
    checked: &'a Checked,
    plan: &'a Plan,
    data: &Data,
    joined: &'a Joined<'_>,
    fingerprint: String,
    engine: &mut dyn Engine<'a>,
    watch: &Watch<'_>,
) -> Result<Partials, CalculateError> {
    let source = Source { checked, plan, data, joined, fingerprint, watch };
    Ok(found_with(source, engine, Reach::ToTheLastKnown)?.whole)
}

/// What an engine counts: it is asked first for everything that can be known beforehand.
pub(super) fn found_with<'a>(
    source: Source<'a, '_>,
    engine: &mut dyn Engine<'a>,
    reach: Reach,
) -> Result<Found, CalculateError> {
    let mut announced = Announced::default();
    states(&source, &mut Counting::Announced(&mut announced), Reach::ToTheLastKnown)?;
    let Announced { ladders, totals } = &announced;
    let answers = engine.ladders(ladders);
    let ready = ladders.iter().map(Question::about).zip(answers).collect();
    let answers = engine.all_totals(totals);
    let ready_totals = totals.iter().map(TotalsQuestion::about).zip(answers).collect();
    count(source, &mut Counting::By(Answers { engine, ready, ready_totals }), reach)
}

/// What will be asked for, written down.
#[derive(Debug, Default)]
pub(super) struct Announced<'a> {
    pub(super) ladders: Vec<Question<'a>>,
    pub(super) totals: Vec<TotalsQuestion<'a>>,
}

/// The answers of an engine, by what was asked.
pub(super) struct Answers<'e, 'a> {
    pub(super) engine: &'e mut dyn Engine<'a>,
    ready: BTreeMap<About<'a>, Answer>,
    /// By the part of the period as well.
    ready_totals: BTreeMap<(About<'a>, usize), Answer>,
}

/// The authority, the indicator, the period.
type About<'a> = (usize, &'a str, Period);

impl<'a> Question<'a> {
    fn about(&self) -> About<'a> {
        (self.asked.authority, self.asked.indicator.id(), self.asked.period)
    }
}

impl<'a> TotalsQuestion<'a> {
    fn about(&self) -> (About<'a>, usize) {
        ((self.asked.authority, self.asked.indicator.id(), self.asked.period), self.number)
    }
}

impl<'a> Answers<'_, 'a> {
    /// The answer to a question of two totals: given already, or given now.
    pub(super) fn of_totals(&mut self, question: &TotalsQuestion<'a>) -> Answer {
        let ready = self.ready_totals.remove(&question.about());
        ready.unwrap_or_else(|| self.engine.totals(&question.asked, &question.part))
    }

    /// The answer to a question: given already, or given now, where what was asked depended on other answers.
    pub(super) fn to(&mut self, question: Question<'a>) -> Answer {
        let ready = self.ready.remove(&question.about());
        ready.or_else(|| self.engine.ladders(&[question]).pop()).unwrap_or_else(|| Ok(Vec::new()))
    }
}

pub(super) fn ladder_part<'a>(
    asked: &Asked<'a>,
    (ready, ladder): (&Ready<'a>, &'a CheckedLadder),
    before: &[&CheckedLadder],
) -> LadderPart<'a> {
    let same = |other: &&CheckedLadder| {
        (&other.table.dataset, &other.table.when) == (&ladder.table.dataset, &ladder.table.when)
    };
    let within = Within { days: ready.days, count_doubts: !before.iter().any(same) };
    let rows = rows(asked, &ready.records, &ladder.table, (ladder.window, ladder.lag), within);
    LadderPart { of: ladder, rests_on: ready.rests_on.clone(), rows }
}

pub(super) fn totals_part<'a>(
    asked: &Asked<'a>,
    (ready, totals): (&Ready<'a>, &'a CheckedTotals),
    before: &[&CheckedTotals],
) -> TotalsPart<'a> {
    let side = |of: fn(&CheckedTotals) -> &CheckedTotal| {
        let table = |totals| -> (&str, _) { (&of(totals).table.dataset, &of(totals).table.when) };
        let first = !before.iter().any(|other| table(other) == table(totals));
        let within = Within { days: ready.days, count_doubts: first };
        rows(asked, &ready.records, &of(totals).table, (None, None), within)
    };
    let rows = [side(|of| &of.numerator), side(|of| &of.denominator)];
    TotalsPart { of: totals, rests_on: ready.rests_on.clone(), rows }
}

fn rows(
    asked: &Asked<'_>,
    records: &Records<'_>,
    from: &CheckedTable,
    (window, lag): (Option<Stretch>, Option<Stretch>),
    within: Within,
) -> Result<Rows, Reason> {
    let selected = select(records, from, &asked.period, (window, lag), within, asked.beyond_cover)?;
    let Selection { moment, days, tallies, .. } = selected;
    let (flags, covers) = tallies.whole();
    Ok(Rows { moment, days, count_doubts: within.count_doubts, flags, covers })
}
