//! Why a record counts or does not, in words; and the cases behind a figure.
//!
//! For local use: what these functions return names children.

mod open;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::calculate;
use super::error::CalculateError;
use super::join::join;
use super::reference::derive::Derivations;
use super::reference::evaluate::{Context, Evaluated, Frame, evaluate};
use super::reference::records::{Records, Table};
use super::reference::rung::{Clause, Rung, judge};
use super::reference::table::{self, Belongs, Covered};
use super::reference::with_derived;
use super::version::{Chosen, version_of};
use crate::calendar::Days;
use crate::check::tree::{CheckedCalculation, CheckedLadder, CheckedTable, CheckedTotal, CheckedTotals};
use crate::check::{Checked, CheckedIndicator, CheckedVersion};
use crate::definition::dataset::Dataset;
use crate::definition::indicator::{Calculation, Clock, Indicator, Ladder, Stretch as Length, Total};
use crate::definition::predicate::Expr;
use crate::definition::version::Written;
use crate::period::Period;
use crate::plan::{Request, plan};
use crate::record::{Data, Row};
use crate::result::{NotReported, Reason};
use crate::value::{Datum, Value};
use words::Teller;

pub use open::open_cases;

/// One record of an indicator's table, judged for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// What the caller calls the return.
    pub name: String,
    /// The dataset.
    pub dataset: String,
    /// Position in the source, counted from 1.
    pub origin: u32,
    /// Who or what the record is about: the first field of the dataset's key, or its first personal field.
    pub key: String,
    /// The period.
    pub period: Period,
    /// Which of two totals it was judged for, where the indicator has two.
    pub side: Option<Side>,
    /// How far it came.
    pub standing: Standing,
    /// Why, in words.
    pub words: String,
}

/// One of two totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Above the line.
    Numerator,
    /// Below the line.
    Denominator,
}

/// How far a record came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its date does not belong to the period, or the return cannot speak for it.
    NotInPeriod,
    /// Left out by the definition.
    LeftOut,
    /// Nobody can say, and it is counted as such.
    CannotBeJudged,
    /// In the denominator, and not in the numerator.
    NotCounted,
    /// Counted.
    Counted,
    /// Still open on the period's last day, and in time so far.
    OpenInTime,
    /// Still open on the period's last day, and late already.
    OpenLate,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WhyError {
    /// No indicator goes by this id.
    #[error("no indicator is called '{id}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownIndicator {
        /// The id that was asked for.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// The indicator is not worked out from records.
    #[error("'{id}' has no records to explain: {why}")]
    NotFromRecords {
        /// The indicator.
        id: String,
        /// Why not.
        why: String,
    },
    /// The records cannot be used.
    #[error(transparent)]
    Records(#[from] CalculateError),
}

/// Why the records of one child (or other subject) count or do not, for each record of the indicator's
/// table and each period.
///
/// An empty answer means that no return holds a record of that key in the tables the indicator reads.
///
/// # Errors
/// An unknown indicator, one that is not worked out from records, or records that cannot be used.
pub fn why(
    checked: &Checked,
    data: &Data,
    indicator: &str,
    key: &str,
    periods: &[Period],
) -> Result<Vec<Case>, WhyError> {
    let cases = every_case(checked, data, indicator, periods)?;
    Ok(cases.into_iter().filter(|case| case.key == key).collect())
}

/// The cases behind a figure: records of the period that count or could have.
///
/// `late_only` leaves those that are in the denominator and not in the numerator, or cannot be judged.
///
/// # Errors
/// As [`why`].
pub fn cases(
    checked: &Checked,
    data: &Data,
    indicator: &str,
    period: Period,
    late_only: bool,
) -> Result<Vec<Case>, WhyError> {
    let wanted = |standing| match standing {
        Standing::NotInPeriod | Standing::LeftOut => false,
        Standing::Counted => !late_only,
        Standing::CannotBeJudged | Standing::NotCounted | Standing::OpenInTime | Standing::OpenLate => true,
    };
    let cases = every_case(checked, data, indicator, &[period])?;
    Ok(cases.into_iter().filter(|case| wanted(case.standing)).collect())
}

fn every_case(checked: &Checked, data: &Data, id: &str, periods: &[Period]) -> Result<Vec<Case>, WhyError> {
    let (indicator, definition) = known(checked, id)?;
    let written = written(checked, definition);
    let periods = spoken_of(checked, data, id, periods)?;
    let mut cases = Vec::new();
    let joined = join(checked, data)?;
    for authority in &joined.authorities {
        let records = Records::new(checked, authority);
        let mut made = Derivations::default();
        for period in &periods {
            for stretch in stretches(indicator, &written, *period) {
                let (Some(calculation), Some(said)) = (stretch.version.calculation(), stretch.said) else {
                    continue;
                };
                let records = with_derived(
                    checked,
                    &records,
                    &mut made,
                    (indicator, stretch.version.rests_on()),
                    calculation,
                    period,
                )
                .map_err(|why| WhyError::NotFromRecords { id: id.to_owned(), why })?;
                let ask = Ask {
                    checked,
                    indicator,
                    records: &records,
                    name: &authority.of.name,
                    period: *period,
                    stretch: &stretch,
                };
                match (calculation, said) {
                    (CheckedCalculation::Ladder(ladder), Calculation::Ladder(said)) => {
                        ask.ladder(ladder, said, &mut cases);
                    }
                    (CheckedCalculation::TwoTotals(totals), Calculation::TwoTotals(said)) => {
                        let CheckedTotals { numerator, denominator, .. } = &**totals;
                        ask.total(numerator, &said.numerator, Side::Numerator, &mut cases);
                        ask.total(denominator, &said.denominator, Side::Denominator, &mut cases);
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(cases)
}

/// An indicator that is worked out from records, or why there is none.
fn known<'a>(checked: &'a Checked, id: &str) -> Result<(&'a CheckedIndicator, &'a Indicator), WhyError> {
    let Some((indicator, definition)) = checked.indicator(id).zip(checked.definition(id)) else {
        let near = checked.nearest(id).map(str::to_owned);
        return Err(WhyError::UnknownIndicator { id: id.to_owned(), near });
    };
    let not = |reason: Reason| WhyError::NotFromRecords { id: id.to_owned(), why: reason.words() };
    if definition.out_of_scope.is_some() {
        return Err(not(Reason::OutOfScope));
    }
    // Any version that can be calculated will do; without one, the last says why.
    let mut last = None;
    for version in indicator.versions() {
        match super::reference::calculation(indicator, version) {
            Ok(_) => return Ok((indicator, definition)),
            Err(reason) => last = Some(reason),
        }
    }
    Err(not(last.unwrap_or(Reason::NotReported(NotReported::NoCalculation))))
}

/// The periods that the figures of these periods speak of: an annual measure's quarter may show the twelve
/// months to its end. What is not due is explained as it stands.
fn spoken_of(checked: &Checked, data: &Data, id: &str, asked: &[Period]) -> Result<Vec<Period>, WhyError> {
    let request = Request { indicators: vec![id.to_owned()], periods: asked.to_vec(), ..Request::default() };
    let Ok(plan) = plan(checked, &request) else { return Ok(asked.to_vec()) };
    let mut periods: Vec<Period> =
        calculate(checked, &plan, data)?.partials.iter().map(|partial| partial.period).collect();
    periods.sort();
    periods.dedup();
    Ok(if periods.is_empty() { asked.to_vec() } else { periods })
}

/// The versions as they are written, in the definition or in the one it stands for.
fn written<'a>(checked: &'a Checked, definition: &'a Indicator) -> Vec<Written<'a>> {
    crate::definition::version::written(checked.calculated_as(definition))
}

/// A version, and the days of a period that it is asked for.
struct Stretch<'a> {
    version: &'a CheckedVersion,
    said: Option<&'a Calculation>,
    clocks: &'a BTreeMap<String, Clock>,
    days: Option<Days>,
    /// Why there is no figure, where the versions allow none.
    closed: Option<String>,
    /// Which version it is, where there are several.
    told: String,
}

/// The versions that a period is explained by: those it is calculated by, or the last where there is no figure.
fn stretches<'a>(
    indicator: &'a CheckedIndicator,
    written: &'a [Written<'a>],
    period: Period,
) -> Vec<Stretch<'a>> {
    let all = || indicator.versions().iter().zip(written);
    let of = |wanted: &CheckedVersion, days, closed: Option<String>| {
        let (version, part) = all().find(|(version, _)| *version == wanted)?;
        let told = if indicator.versions().len() > 1 { version_words(version) } else { String::new() };
        Some(Stretch { version, said: part.calculation, clocks: &part.clocks, days, closed, told })
    };
    let last = || indicator.versions().last();
    let closed = |why: String| last().and_then(|version| of(version, None, Some(why))).into_iter().collect();
    match version_of(indicator, period) {
        Chosen::One(version) => of(version, None, None).into_iter().collect(),
        Chosen::Joined(parts) => {
            parts.into_iter().filter_map(|(version, days)| of(version, Some(days), None)).collect()
        }
        Chosen::Break => closed(Reason::Break.words()),
        Chosen::Outside(why) => closed(why),
    }
}

/// " (by the version from 1 April 2010)"
fn version_words(version: &CheckedVersion) -> String {
    let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    match (version.from(), version.to()) {
        (Some(from), _) => format!(" (by the version from {})", day(from)),
        (None, Some(to)) => format!(" (by the version to {})", day(to)),
        (None, None) => String::new(),
    }
}

/// A question about one indicator, return and period.
#[derive(Clone, Copy)]
struct Ask<'a> {
    checked: &'a Checked,
    indicator: &'a CheckedIndicator,
    records: &'a Records<'a>,
    name: &'a str,
    period: Period,
    stretch: &'a Stretch<'a>,
}

impl<'a> Ask<'a> {
    fn ladder(self, ladder: &CheckedLadder, said: &Ladder, cases: &mut Vec<Case>) {
        let Some(table) = self.readable(&ladder.table) else { return };
        let teller =
            Teller::new(self.checked, self.indicator, self.stretch.clocks, table.dataset, &said.from.value);
        self.each(table, &ladder.table, (ladder.window, ladder.lag), |context, row, placed| {
            let (standing, words) = match placed {
                Err(outside) => outside,
                Ok(()) => judged(&context, ladder, said, Frame { table, row }, &teller),
            };
            cases.push(self.case(table, row, None, standing, words));
        });
    }

    fn total(self, total: &CheckedTotal, said: &Total, side: Side, cases: &mut Vec<Case>) {
        let Some(table) = self.readable(&total.table) else { return };
        let teller =
            Teller::new(self.checked, self.indicator, self.stretch.clocks, table.dataset, &said.from.value);
        self.each(table, &total.table, (None, None), |context, row, placed| {
            let (standing, words) = match (placed, &total.filter, &said.filter) {
                (Err(outside), ..) => outside,
                (Ok(()), Some(filter), Some(expr)) => {
                    let held = evaluate(&context, &[Frame { table, row }], filter);
                    match (held.is_true(), held.unknown()) {
                        (true, _) => match aside(&context, Frame { table, row }, total, said) {
                            Some(missing) => (Standing::CannotBeJudged, teller.excluded(missing)),
                            None => (Standing::Counted, teller.holds(expr)),
                        },
                        (false, Some(note)) => (Standing::CannotBeJudged, teller.doubtful(expr, note)),
                        (false, None) => {
                            (Standing::LeftOut, teller.fails(&context, Frame { table, row }, filter, expr))
                        }
                    }
                }
                (Ok(()), ..) => (Standing::Counted, "counted".to_owned()),
            };
            cases.push(self.case(table, row, Some(side), standing, words));
        });
    }

    /// The table, where everything the indicator reads was carried.
    fn readable(self, from: &CheckedTable) -> Option<&'a Table<'a>> {
        let carried =
            self.stretch.version.reads().keys().all(|dataset| self.records.table(dataset).is_some());
        self.records.table(&from.dataset).filter(|_| carried)
    }

    /// Each row of the table, with why it is outside the period where it is.
    fn each(
        self,
        table: &Table<'_>,
        from: &CheckedTable,
        (window, lag): (Option<Length>, Option<Length>),
        mut tell: impl FnMut(Context<'_>, &Row, Result<(), (Standing, String)>),
    ) {
        let Some(moment) = table::moment(&self.period, window) else { return };
        let Some(asked) = table::asked(&from.when, moment, lag) else { return };
        let mut days = self.stretch.days.unwrap_or(asked);
        let context = Context { calendar: self.checked.calendar(), records: self.records, moment };
        let outside = match table::covered(table, &from.when, days) {
            Covered::Whole => false,
            Covered::Part(part) => {
                days = part;
                false
            }
            Covered::Outside => true,
        };
        for row in table.rows.iter() {
            let placed = if let Some(why) = &self.stretch.closed {
                Err((Standing::NotInPeriod, format!("no figure for {}: {why}", self.period)))
            } else if outside {
                let words = format!("the return cannot speak for {}", self.period);
                Err((Standing::NotInPeriod, words))
            } else {
                match table::belongs(table, row, &from.when, days) {
                    Belongs::Yes if table::in_gap(table, row, &from.when) => {
                        Err((Standing::NotInPeriod, "no return speaks for its day".to_owned()))
                    }
                    Belongs::Yes => Ok(()),
                    Belongs::No => {
                        Err((Standing::NotInPeriod, words::not_in_period(table, row, from, self.period)))
                    }
                    Belongs::Unknown => Err((
                        Standing::CannotBeJudged,
                        "a date that decides its period could not be read".to_owned(),
                    )),
                    Belongs::Contradictory => {
                        Err((Standing::CannotBeJudged, "its dates contradict each other".to_owned()))
                    }
                }
            };
            tell(context, row, placed);
        }
    }

    fn case(
        self,
        table: &Table<'_>,
        row: &Row,
        side: Option<Side>,
        standing: Standing,
        words: String,
    ) -> Case {
        let source = table.aside.and_then(|aside| aside.source(row));
        Case {
            name: source.map_or(self.name, |source| &source.name).to_owned(),
            dataset: table.dataset.id.value.clone(),
            origin: source.map_or(row.origin, |source| source.origin),
            key: subject(table, row),
            period: self.period,
            side,
            standing,
            words: words + &self.stretch.told,
        }
    }
}

/// Why a record that is kept is not counted: only an earlier return could tell.
fn aside<'e>(
    context: &Context<'_>,
    frame: Frame<'_>,
    total: &CheckedTotal,
    said: &'e Total,
) -> Option<&'e Expr> {
    let found = evaluate(context, &[frame], total.history_missing.as_ref()?);
    (found.is_true() || found.unknown().is_some()).then_some(said.history_missing.as_ref()).flatten()
}

fn judged(
    context: &Context<'_>,
    ladder: &CheckedLadder,
    said: &Ladder,
    frame: Frame<'_>,
    teller: &Teller<'_>,
) -> (Standing, String) {
    let judged = match judge(context, ladder, frame) {
        Ok(judged) => judged,
        Err(why) => return (Standing::CannotBeJudged, format!("refused: {why}")),
    };
    let clause = |clause: Clause| clause.of(ladder).zip(expr_of(said, clause));
    let fails = |at: Clause| {
        clause(at).map_or_else(String::new, |(node, expr)| teller.fails(context, frame, node, expr))
    };
    let doubtful =
        |at: Clause, note| clause(at).map_or_else(String::new, |(_, expr)| teller.doubtful(expr, note));
    match judged.rung {
        Rung::Out(Clause::Exclude) => {
            let why = clause(Clause::Exclude).map_or_else(String::new, |(_, expr)| teller.excluded(expr));
            (Standing::LeftOut, why)
        }
        Rung::Out(at) => (Standing::LeftOut, fails(at)),
        Rung::NotReached(at, note) => (Standing::CannotBeJudged, doubtful(at, note)),
        Rung::SetAside(at, _) => {
            let why = clause(at).map_or_else(String::new, |(_, expr)| teller.excluded(expr));
            (Standing::CannotBeJudged, why)
        }
        Rung::LeftOut(note) | Rung::Unjudged(note) => {
            (Standing::CannotBeJudged, doubtful(Clause::Numerator, note))
        }
        Rung::Denominator => (Standing::NotCounted, fails(Clause::Numerator)),
        Rung::Numerator => {
            let held = clause(Clause::Numerator);
            let words = held.map_or_else(
                || "counted".to_owned(),
                |(node, expr)| teller.met(context, frame, node).unwrap_or_else(|| teller.holds(expr)),
            );
            (Standing::Counted, words)
        }
    }
}

fn expr_of(said: &Ladder, clause: Clause) -> Option<&Expr> {
    match clause {
        Clause::Population => said.population.as_ref(),
        Clause::Exclude => said.exclude.as_ref(),
        Clause::Unknown => said.unknown.as_ref(),
        Clause::HistoryMissing => said.history_missing.as_ref(),
        Clause::Denominator => said.denominator.as_ref(),
        Clause::Numerator => said.numerator.as_ref(),
    }
}

/// Who or what a record is about.
fn subject(table: &Table<'_>, row: &Row) -> String {
    match table.value(row, subject_field(table.dataset)) {
        Datum::Known(value) => value.to_string(),
        Datum::Missing | Datum::Rejected | Datum::Suppressed => String::new(),
    }
}

fn subject_field(dataset: &Dataset) -> usize {
    let keyed = dataset.key.as_ref().and_then(|key| key.value.first());
    let named = keyed.and_then(|key| dataset.fields.iter().position(|f| f.name.value == *key));
    named.or_else(|| dataset.fields.iter().position(|f| f.personal)).unwrap_or(0)
}

/// Whether an evaluated predicate surely does not hold.
fn surely_not(evaluated: &Evaluated) -> bool {
    *evaluated == Evaluated::Known(Value::Bool(false))
        || (evaluated.unknown().is_none() && !evaluated.is_true())
}
