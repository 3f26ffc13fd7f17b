//! An indicator as its file says it: before `check`, names unresolved, every value with its place.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::predicate::Expr;
use crate::diagnostic::Spanned;
use crate::value::Datum;

/// The kind of an indicator: what its state is, how it merges and what it says over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Events in a period.
    Count,
    /// What is open on the period's last day.
    Stock,
    /// A share of the records it counts.
    Proportion,
    /// A total over another total.
    Ratio,
    /// A total over another total, times 100; it may pass 100.
    RatioPct,
    /// Full-time equivalents over full-time equivalents, times 100.
    FteRatio,
    /// A total over a population, times a multiplier.
    Rate,
    /// The mean of a value.
    Mean,
    /// The median of a value.
    Median,
    /// The median of a duration.
    Duration,
    /// Counts by category.
    Distribution,
    /// A weighted share of survey answers.
    SurveyProportion,
    /// A score somebody else worked out.
    Score,
    /// A document that is received, or not.
    Document,
    /// Words.
    Narrative,
    /// A heading over its members.
    Group,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Polarity {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither is better.
    Neutral,
    /// It depends, and the board must ask.
    Contextual,
}

/// How often the measure is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// Each quarter of the financial year.
    Quarter,
    /// Each financial year.
    FinancialYear,
    /// Each calendar year.
    CalendarYear,
    /// Each academic year.
    AcademicYear,
    /// On a day of each year, as `MM-DD`.
    Snapshot(String),
}

/// What a shorter or other period shows of a measure that is not due in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Between {
    /// The twelve months to the period's last day.
    Rolling12Months,
    /// The stock on the period's last day.
    SnapshotNow,
    /// The last figure known.
    LastKnown,
    /// Nothing: it is not due.
    NotDue,
}

/// Whether figures are about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// Small counts may identify a child: disclosure control applies.
    Person,
    /// Reviews, documents, meetings, posts.
    NotPersonal,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Indicator {
    /// Fixed id: `cs-14`.
    pub id: Spanned<String>,
    /// Title, verbatim from its list.
    pub title: Spanned<String>,
    pub kind: Spanned<Kind>,
    /// What is counted: "child's conference".
    pub unit: Option<Spanned<String>>,
    pub polarity: Spanned<Polarity>,
    pub cycle: Spanned<Cycle>,
    pub between: Option<Spanned<Between>>,
    /// Where it is listed; the first is where it is shown.
    pub listed: Vec<Listing>,
    /// The entry this one is a sub-item of: `jd-01`.
    pub parent: Option<Spanned<String>>,
    /// Agencies that hold the data, the first being who is asked.
    pub holders: Vec<Spanned<String>>,
    /// Which of the framework's sources it came from.
    pub sources: Vec<Spanned<String>>,
    pub disclosure: Option<Spanned<Disclosure>>,
    /// How it is calculated; `None` while only its need is known.
    pub calculation: Option<Calculation>,
    pub clocks: BTreeMap<String, Clock>,
    pub versions: Vec<Version>,
    pub readings: Vec<Reading>,
    /// What it needs that its predicates do not say (or all it needs, while it has no calculation).
    pub needs: Vec<Need>,
    pub words: Words,
    pub tests: Vec<Test>,
    pub clock_tests: Vec<ClockTest>,
    /// Mutants that no test can notice.
    pub equivalents: Vec<Equivalent>,
    pub relations: Vec<Relation>,
    pub provenance: Option<Provenance>,
    pub quality: Option<Quality>,
    pub review: Option<Review>,
    pub targets: Vec<Target>,
    /// Names of the framework's breakdowns.
    pub breakdowns: Vec<Spanned<String>>,
    pub required_breakdown: Option<Spanned<String>>,
    pub same_calculation_as: Option<Spanned<String>>,
    /// Why it is out of scope, where it is.
    pub out_of_scope: Option<Spanned<String>>,
    /// The collection that fed it has ended.
    pub discontinued: Option<Discontinued>,
    pub caveats: Vec<Spanned<String>>,
    /// Order-free notes as printed beside the entry: "(Quarterly)", "3.14 Chapter 3 Working Together".
    pub printed: Vec<Spanned<String>>,
    /// Numbers it went by nationally: "NI 59", "C20".
    pub national: Vec<Spanned<String>>,
    /// What the 2010 review of sources said: held, partly held, or a gap, with the reason.
    pub supply_2010: Option<Supply2010>,
}

impl Indicator {
    /// What a rate is per: 10,000 children. `None` where it is no rate.
    pub fn multiplier(&self) -> Option<i64> {
        let multiplier = match self.calculation.as_ref()? {
            Calculation::Ladder(ladder) => ladder.multiplier.as_ref(),
            Calculation::TwoTotals(totals) => totals.multiplier.as_ref(),
        };
        multiplier.map(|multiplier| multiplier.value)
    }
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Listing {
    pub list: Spanned<String>,
    /// As printed: `14`, `a`.
    pub number: Spanned<String>,
    /// A heading inside the list, as printed.
    pub heading: Option<Spanned<String>>,
}

/// How an indicator is calculated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calculation {
    /// One table, one date rule, nested rungs.
    Ladder(Box<Ladder>),
    /// Two totals, each of its own table.
    TwoTotals(Box<TwoTotals>),
}

/// `population ⊇ denominator ⊇ numerator` over one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Ladder {
    /// The `[calculation]` table.
    pub place: Spanned<()>,
    /// A dataset or a derived table.
    pub from: Spanned<String>,
    pub when: When,
    /// `None`: rows. Otherwise the fields whose distinct values are counted.
    pub counted: Option<Spanned<Vec<String>>>,
    pub population: Option<Expr>,
    pub exclude: Option<Expr>,
    pub denominator: Option<Expr>,
    pub numerator: Option<Expr>,
    /// A third rung: cannot be judged, out of both, counted.
    pub unknown: Option<Expr>,
    /// A rung beside `unknown`: the answer hangs on records from before the return; out of both, counted.
    pub history_missing: Option<Expr>,
    pub numerator_unknown: Option<Spanned<NumeratorUnknown>>,
    /// A condition on the area; else the cell is *not applicable*.
    pub applies_when: Option<Expr>,
    /// What is averaged.
    pub value: Option<Expr>,
    /// What the distribution is over.
    pub category: Option<Expr>,
    /// How many a survey answer speaks for.
    pub weight: Option<Expr>,
    /// What was drawn, and the answers of which are alike: a school.
    pub cluster: Option<Expr>,
    /// Within what clusters were drawn: a district.
    pub stratum: Option<Expr>,
    pub window: Option<Spanned<Stretch>>,
    pub lag: Option<Spanned<Stretch>>,
    /// How far back before an event the answer must be able to look.
    pub history: Option<Spanned<Stretch>>,
    pub multiplier: Option<Spanned<i64>>,
}

/// What an unknown numerator predicate does to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumeratorUnknown {
    /// It stays in the denominator.
    NotCounted,
    /// It leaves both.
    LeftOut,
}

/// A stretch of time: "12 months", "15 working days".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Stretch {
    /// How many.
    pub length: u32,
    /// Of what.
    pub unit: SpanUnit,
}

/// Units of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpanUnit {
    /// Days.
    Days,
    /// Working days of England and Wales.
    WorkingDays,
    /// Calendar months, clamped to the month's end.
    Months,
    /// Years, clamped to the month's end.
    Years,
}

/// The date rule: which period a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// An event on a day.
    Date(Spanned<String>),
    /// A stock: open from one field to the other.
    Open(Spanned<String>, Spanned<String>),
}

/// Two totals, each of its own table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct TwoTotals {
    /// The `[calculation]` table.
    pub place: Spanned<()>,
    pub numerator: Total,
    pub denominator: Total,
    pub multiplier: Option<Spanned<i64>>,
    pub applies_when: Option<Expr>,
}

/// One total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Total {
    pub place: Spanned<()>,
    pub from: Spanned<String>,
    pub when: When,
    pub filter: Option<Expr>,
    /// Of the records that the filter keeps, those of which only an earlier return could tell.
    pub history_missing: Option<Expr>,
    pub measure: Spanned<Measure>,
}

/// What a total adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// `count()`
    Count,
    /// `count(distinct a, b)`
    CountDistinct(Vec<String>),
    /// `sum(f)`
    Sum(String),
}

/// A clock: from a start to a stop, within a limit. The start is day 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Clock {
    pub place: Spanned<()>,
    pub start: Spanned<String>,
    pub stop: Spanned<String>,
    pub limit: Spanned<Limit>,
    /// The date that picks a dated limit.
    pub limit_at: Option<Spanned<String>>,
    /// Which rows without a stop still run.
    pub open: Option<Expr>,
}

/// How long a clock may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// A literal.
    Literal(Stretch),
    /// `limit('name')`: a dated constant of the framework.
    Dated(String),
}

/// A stretch of an indicator's history with its own calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Version {
    pub place: Spanned<()>,
    pub from: Option<Spanned<NaiveDate>>,
    pub to: Option<Spanned<NaiveDate>>,
    pub reason: Option<Spanned<String>>,
    pub join: bool,
    pub calculation: Option<Calculation>,
    pub clocks: BTreeMap<String, Clock>,
    pub words: Words,
}

/// A second legitimate reading of the same rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Reading {
    pub place: Spanned<()>,
    pub name: Spanned<String>,
    pub title: Option<Spanned<String>>,
    pub parameters: BTreeMap<String, Spanned<Datum>>,
}

/// Something the indicator needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Need {
    pub dataset: Spanned<String>,
    pub fields: Vec<Spanned<String>>,
    pub holder: Option<Spanned<String>>,
    pub note: Option<Spanned<String>>,
}

/// What a board member reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Words {
    pub numerator: Option<Spanned<String>>,
    pub denominator: Option<Spanned<String>>,
    pub why_it_matters: Option<Spanned<String>>,
    /// The challenge question.
    pub question: Option<Spanned<String>>,
}

/// A test written inside the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Test {
    pub place: Spanned<()>,
    pub name: Spanned<String>,
    /// A period's label.
    pub period: Spanned<String>,
    pub version: Option<Spanned<String>>,
    /// The reading it is of; without one, of the indicator itself.
    pub reading: Option<Spanned<String>>,
    /// Facts about the area it happens in, for `applies_when`.
    pub facts: BTreeMap<String, Spanned<Datum>>,
    pub parameters: BTreeMap<String, Spanned<Datum>>,
    /// Rows by dataset.
    pub records: BTreeMap<String, Vec<TestRow>>,
    /// The first and last day that a dataset speaks for; without an entry it has no limit.
    pub cover: BTreeMap<String, (Spanned<NaiveDate>, Spanned<NaiveDate>)>,
    pub expect: Expect,
}

/// A test of a clock: one record, a day, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ClockTest {
    pub place: Spanned<()>,
    pub name: Spanned<String>,
    /// Which clock, where the indicator has several.
    pub clock: Option<Spanned<String>>,
    pub record: TestRow,
    /// The day asked about.
    pub as_of: Spanned<NaiveDate>,
    pub parameters: BTreeMap<String, Spanned<Datum>>,
    pub expect: ClockExpect,
}

/// What a clock must say; what is not named is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ClockExpect {
    pub place: Spanned<()>,
    /// How the case stands: `met-in-time`, `already-late`, …
    pub standing: Option<Spanned<String>>,
    /// The last day in time.
    pub due: Option<Spanned<NaiveDate>>,
    pub day_reached: Option<Spanned<i64>>,
    /// The limit in force.
    pub limit: Option<Spanned<Stretch>>,
    /// Why it cannot be judged: `dates-inverted`, …
    pub doubt: Option<Spanned<String>>,
}

/// One row of a test: values by field; a field that is not named is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct TestRow {
    pub place: Spanned<()>,
    pub fields: BTreeMap<String, Spanned<Datum>>,
}

/// What a test expects; what is not named is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Expect {
    pub place: Spanned<()>,
    pub numerator: Option<Spanned<i64>>,
    pub denominator: Option<Spanned<i64>>,
    /// The value as it would be printed: "66.7".
    pub value: Option<Spanned<String>>,
    /// The typed absence: "undefined", "not reported", …
    pub outcome: Option<Spanned<String>>,
    /// Counters of notes by name.
    pub notes: BTreeMap<String, Spanned<i64>>,
    /// Counts by category.
    pub categories: BTreeMap<String, Spanned<i64>>,
    /// Every row of a derived table, in order; a field that is left out is blank.
    pub rows: Option<Vec<TestRow>>,
    /// Rows of a derived table that could not be placed.
    pub unplaced: Option<Spanned<i64>>,
}

/// A mutant of this definition that can never give another figure, with the argument why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Equivalent {
    /// Its name in the list of survivors: `numerator: a < b -> a <= b`.
    pub mutant: Spanned<String>,
    pub because: Spanned<String>,
}

/// A relation to another indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Relation {
    pub kind: Spanned<RelationKind>,
    pub target: Spanned<String>,
    pub note: Option<Spanned<String>>,
    /// What is lost where the target stands in for this one: it makes the target a declared substitute.
    pub loses: Option<Spanned<String>>,
}

/// How two indicators relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum RelationKind {
    Replaces,
    ReplacedBy,
    ProposedToReplace,
    SimilarTo,
    Related,
    SubsetOf,
    ComplementOf,
    DerivedFrom,
    HasNumerator,
    NumeratorOf,
    DenominatorOf,
    PartOf,
    Overlaps,
    SharesDataset,
    Beside,
}

/// Where a definition's facts come from, and how well they are verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Provenance {
    pub confidence: Spanned<Confidence>,
    pub sources: Vec<Spanned<String>>,
    /// What was verified, and against what.
    pub verified: Option<Spanned<String>>,
    /// Facts written from memory, each shown as such.
    pub from_memory: Vec<Spanned<String>>,
    pub note: Option<Spanned<String>>,
}

/// How well a definition's facts are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Against a named source.
    Verified,
    /// In part.
    Partial,
    /// Not at all.
    Unverified,
}

/// Thresholds below which a figure is of low reliability. Shares are of 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Quality {
    pub minimum_completeness: Option<Spanned<rust_decimal::Decimal>>,
    pub minimum_denominator: Option<Spanned<i64>>,
    /// Below it there is no figure at all.
    pub minimum_shown: Option<Spanned<i64>>,
    /// The greatest share of records outside the working-day calendar.
    pub maximum_outside_calendar: Option<Spanned<rust_decimal::Decimal>>,
}

/// Who wrote and checked the definition, and when it is due for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Review {
    pub authored_by: Option<Spanned<String>>,
    pub checked_by: Option<Spanned<String>>,
    pub reviewed: Option<Spanned<NaiveDate>>,
    pub next_review: Option<Spanned<NaiveDate>>,
}

/// A target: data only, until judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Target {
    pub value: Spanned<rust_decimal::Decimal>,
    pub from: Option<Spanned<NaiveDate>>,
    pub set_by: Option<Spanned<String>>,
}

/// The collection that fed an indicator has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Discontinued {
    pub place: Spanned<()>,
    /// The collection: `TellUs`.
    pub collection: Spanned<String>,
    pub last_period: Option<Spanned<String>>,
    /// What replaced it, if anything did.
    pub successor: Option<Spanned<String>>,
}

/// What was known in 2010 of the supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Supply2010 {
    pub supply: Spanned<Supply>,
    pub reason: Option<Spanned<String>>,
    pub obstacle: Option<Spanned<Obstacle>>,
}

/// Whether the data an indicator needs is supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Supply {
    /// All of it.
    Available,
    /// Some of it.
    Partial,
    /// None of it.
    None,
}

/// What stands in the way, told apart because each asks for another action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// An agency holds it and has not sent it: ask.
    HeldNotYetSupplied,
    /// An agency holds it and may not send it: agree.
    NeedsAnAgreement,
    /// Nobody writes it down: start recording.
    NotRecordedAnywhere,
    /// It was collected once: find a successor.
    NoLongerCollected,
}
