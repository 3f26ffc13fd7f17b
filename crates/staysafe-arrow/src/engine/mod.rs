//! The columnar engine: whole columns at once, in place of the reference, with the same figures.
//!
//! What each period asks for is decided by the library; here records are counted, table by table in columns. The engine
//! shares with the reference the calendar and periods, and nothing that evaluates, derives or counts.

mod answers;
mod asked;
mod atoms;
mod begins;
mod breaks;
mod builder;
mod by_word;
mod calendar;
mod choose;
mod classes;
mod clustered;
mod cohort;
mod column;
mod dated;
mod derive;
mod evaluate;
mod explain;
mod found;
mod frame;
mod gathering;
mod grouped;
mod histogram;
mod keys;
mod ladder;
mod lanes;
mod link;
mod loaded;
mod loading;
mod moving;
mod numbering;
mod open;
mod outcome;
mod pass;
mod placed;
mod profile;
mod reads;
mod renumber;
mod rows;
mod sayings;
mod schedule;
mod select;
mod shorthand;
mod sorted;
mod spans;
mod standing;
mod stands;
mod tables;
mod tally;
mod totals;
mod window;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::NaiveDate;
use staysafe::calculate::CalculateError;
use staysafe::calculate::engine::{
    Answer, Asked, Engine, Moment, Question, TotalsPart, TotalsQuestion, calculate_with, joined,
};
use staysafe::calculate::join::Joined;
use staysafe::calculate::part::{Given, Lying, Part, PartError, calculate_part_lying, calculate_part_with};
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::{CheckedCalculation, CheckedDerived, Node, NodeKind};
use staysafe::check::{Checked, CheckedIndicator};
use staysafe::plan::Plan;
use staysafe::progress::Watch;
use staysafe::record::{Data, fingerprint, fingerprint_of};
use staysafe::result::{Partials, Reason};
use staysafe::value::Value;

use calendar::Counted;
use cohort::{At, Unit};
use column::day_of;
use evaluate::Context;
pub use explain::{explain, explain_loaded};
use frame::Frame;
use ladder::Answered;
pub use loaded::{LoadError, Loaded};
pub use loading::Loading;
use tables::Tables;
use words::Words;

/// Counts what a plan asks for, column by column: the same states as [`staysafe::calculate::calculate`] gives.
///
/// # Errors
/// As for [`staysafe::calculate::calculate`].
///
/// # Example
/// ```
/// use staysafe::calculate::finish;
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let partials = staysafe_arrow::calculate(&checked, &plan, &Data::default()).unwrap();
/// assert!(finish(&checked, &partials).observations.is_empty());
/// ```
pub fn calculate(checked: &Checked, plan: &Plan, data: &Data) -> Result<Partials, CalculateError> {
    calculate_on(checked, plan, data, &Work::alone(&Watch::nobody()))
}

/// As [`calculate`], on as many threads as are given, while somebody watches, who may stop it.
///
/// What comes of it is the same on any number of threads.
///
/// # Errors
/// As for [`calculate`]; [`CalculateError::Stopped`] where it was stopped.
pub fn calculate_on(
    checked: &Checked,
    plan: &Plan,
    data: &Data,
    work: &Work<'_>,
) -> Result<Partials, CalculateError> {
    let joined = joined(checked, data)?;
    in_columns(checked, plan, &joined, work, |checked, plan, joined, mut columns| {
        calculate_with(checked, plan, data, joined, fingerprint(data), &mut columns, work.watch)
    })
}

/// Counts a part of the records, column by column: the same states as [`staysafe::calculate::part::calculate_part`] gives.
///
/// # Errors
/// As for [`staysafe::calculate::part::calculate_part`].
pub fn calculate_part(
    checked: &Checked,
    plan: &Plan,
    data: &Data,
    given: Given<'_>,
    work: &Work<'_>,
) -> Result<Part, PartError> {
    let joined = joined(checked, data)?;
    in_columns(checked, plan, &joined, work, |checked, plan, joined, mut columns| {
        calculate_part_with((checked, plan), data, joined, given, &mut columns, work.watch)
    })
}

/// Puts records into columns, and has them counted.
fn in_columns<T>(
    checked: &Checked,
    plan: &Plan,
    joined: &Joined<'_>,
    work: &Work<'_>,
    count: impl for<'a> FnOnce(&'a Checked, &'a Plan, &'a Joined<'a>, Columns<'a>) -> T,
) -> T {
    let mut words = Words::default();
    learn(checked, plan, &mut words);
    let authorities: Vec<Tables<'_>> =
        joined.authorities().iter().map(|authority| Tables::new(checked, authority, &mut words)).collect();
    let calendar = Counted::new(checked.calendar());
    let shared = Shared { checked, calendar: &calendar, words: &words, work };
    count(checked, plan, &joined.without_rows(), Columns { shared, authorities, derived: BTreeMap::new() })
}

/// Has columns counted that were loaded before.
fn in_loaded<T>(
    checked: &Checked,
    plan: &Plan,
    loaded: &Loaded,
    work: &Work<'_>,
    count: impl for<'a> FnOnce(&'a Checked, &'a Plan, &'a Joined<'a>, Columns<'a>) -> T,
) -> Result<T, CalculateLoadedError> {
    loaded.fits(checked.framework())?;
    let joined = joined(checked, &loaded.shells)?;
    let mut words = Words::after(&loaded.words);
    learn(checked, plan, &mut words);
    let authorities: Vec<Tables<'_>> = joined
        .authorities()
        .iter()
        .map(|authority| Tables::loaded(checked, authority, &loaded.held, &mut words))
        .collect();
    let calendar = Counted::new(checked.calendar());
    let shared = Shared { checked, calendar: &calendar, words: &words, work };
    Ok(count(checked, plan, &joined, Columns { shared, authorities, derived: BTreeMap::new() }))
}

/// As [`calculate_on`], from records that were loaded in columns before.
///
/// # Errors
/// As for [`calculate_on`]; what was loaded is not what the definitions declare now.
pub fn calculate_loaded(
    checked: &Checked,
    plan: &Plan,
    loaded: &Loaded,
    work: &Work<'_>,
) -> Result<Partials, CalculateLoadedError> {
    let counted = in_loaded(checked, plan, loaded, work, |checked, plan, joined, mut columns| {
        let fingerprint = fingerprint_of(&loaded.fingerprints);
        calculate_with(checked, plan, &loaded.shells, joined, fingerprint, &mut columns, work.watch)
    });
    Ok(counted??)
}

/// As [`calculate_part`], from records that were loaded in columns before.
///
/// # Errors
/// As for [`calculate_part`]; what was loaded is not what the definitions declare now.
pub fn calculate_part_loaded(
    checked: &Checked,
    plan: &Plan,
    loaded: &Loaded,
    given: Given<'_>,
    work: &Work<'_>,
) -> Result<Part, CalculateLoadedError> {
    let datasets = &checked.framework().datasets;
    let buckets = |place: usize, id: &str, field: Option<&str>| {
        let (area, held) = (&loaded.shells.returns.get(place)?.area, loaded.held.get(place)?.get(id)?);
        held.buckets(datasets.get(id)?, area, field, &loaded.words)
    };
    let counted = in_loaded(checked, plan, loaded, work, |checked, plan, joined, mut columns| {
        let lying =
            Lying { data: &loaded.shells, fingerprints: loaded.fingerprints.clone(), buckets: &buckets };
        calculate_part_lying((checked, plan), lying, joined, given, &mut columns, work.watch)
    });
    Ok(counted??)
}

/// How a calculation is run.
#[derive(Debug, Clone, Copy)]
pub struct Work<'w> {
    /// Who watches, and may stop it.
    pub watch: &'w Watch<'w>,
    /// On how many threads.
    pub threads: NonZeroUsize,
}

impl<'w> Work<'w> {
    /// On one thread.
    pub fn alone(watch: &'w Watch<'w>) -> Self {
        Self { watch, threads: NonZeroUsize::MIN }
    }

    /// On as many threads as the machine runs at once.
    pub fn together(watch: &'w Watch<'w>) -> Self {
        Self { watch, threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN) }
    }
}

/// Why there is no calculation from what was loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CalculateLoadedError {
    /// What was loaded does not fit.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It cannot be calculated from.
    #[error(transparent)]
    Calculate(#[from] CalculateError),
    /// It is no part of a calculation.
    #[error(transparent)]
    Part(#[from] PartError),
}

/// What every count uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared<'a> {
    checked: &'a Checked,
    calendar: &'a Counted<'a>,
    pub(crate) words: &'a Words,
    pub(crate) work: &'a Work<'a>,
}

impl Shared<'_> {
    pub(crate) fn context<'f>(&'f self, tables: &'f Tables<'f>, moment: Moment) -> Context<'f> {
        Context { calendar: self.calendar, tables, words: self.words, moment }
    }
}

/// The tables of every authority in columns, and derived tables as they were worked out.
struct Columns<'a> {
    shared: Shared<'a>,
    authorities: Vec<Tables<'a>>,
    derived: BTreeMap<Where<'a>, Arc<Frame<'a>>>,
}

/// The authority, the reading whose parameters change derived tables, the table, the period where its rows depend on it.
type Where<'a> = (usize, Option<&'a str>, &'a str, Option<Moment>);

impl<'a> Columns<'a> {
    /// An authority's tables with the derived ones that an indicator rests on.
    fn tables(
        &mut self,
        authority: usize,
        indicator: &'a CheckedIndicator,
        rests_on: &[String],
        moment: Moment,
    ) -> Result<Option<Tables<'a>>, Reason> {
        let Some(mut tables) = self.authorities.get(authority).cloned() else { return Ok(None) };
        let checked = self.shared.checked;
        let reading = indicator.has_own_derived().then(|| indicator.id());
        for derived in rests_on.iter().filter_map(|id| checked.derived_for(Some(indicator), id)) {
            let at = (authority, reading, derived.id.as_str(), derived.by_period.then_some(moment));
            let made = match self.derived.get(&at) {
                Some(made) => Arc::clone(made),
                None => match self.derive(&tables, derived, moment)? {
                    Some(made) => {
                        self.derived.insert(at, Arc::clone(&made));
                        made
                    }
                    None => continue,
                },
            };
            tables.add(&derived.id, made);
        }
        Ok(Some(tables))
    }

    /// The tables that two totals are counted from.
    fn tables_of(&mut self, asked: &Asked<'a>, part: &TotalsPart<'a>) -> Result<Option<Tables<'a>>, Reason> {
        let moment = part.rows.iter().find_map(|rows| rows.as_ref().ok()).map(|rows| rows.moment);
        let Some(moment) = moment else {
            return Err(part.rows[0].as_ref().err().cloned().unwrap_or(Reason::Undefined));
        };
        self.tables(asked.authority, asked.indicator, &part.rests_on, moment)
    }

    fn derive(
        &self,
        tables: &Tables<'a>,
        derived: &'a CheckedDerived,
        moment: Moment,
    ) -> Result<Option<Arc<Frame<'a>>>, Reason> {
        let shared = self.shared;
        let context = shared.context(tables, moment);
        derive::derive(&context, tables.shared_frame(&derived.from), derived).map_err(Reason::Refused)
    }

    /// The parts of questions that are counted, with the tables that each is counted from.
    fn laid<'q>(&mut self, questions: &'q [Question<'a>]) -> Laid<'q, 'a> {
        let mut laid = Laid { units: Vec::new(), places: Vec::new(), refused: BTreeMap::new() };
        for (number, question) in questions.iter().enumerate() {
            for (place, part) in question.parts.iter().enumerate() {
                let Ok(rows) = &part.rows else { continue };
                let asked = &question.asked;
                let tables = match self.tables(asked.authority, asked.indicator, &part.rests_on, rows.moment)
                {
                    Ok(tables) => tables,
                    Err(reason) => {
                        laid.refused.entry(number).or_insert(reason);
                        continue;
                    }
                };
                let Some(tables) = tables else { continue };
                let Some(frame) = tables.shared_frame(&part.of.table.dataset).cloned() else { continue };
                laid.units.push(Unit { question, ladder: part.of, rows, tables, frame });
                laid.places.push((number, place));
            }
        }
        laid
    }
}

/// What questions come to before anything is counted.
struct Laid<'q, 'a> {
    units: Vec<Unit<'q, 'a>>,
    /// Of each unit its question and part.
    places: Vec<(usize, usize)>,
    refused: BTreeMap<usize, Reason>,
}

impl<'a> Engine<'a> for Columns<'a> {
    fn ladders(&mut self, questions: &[Question<'a>]) -> Vec<Answer> {
        let Laid { units, places, refused } = self.laid(questions);
        let (cohorts, at) = cohort::cohorts(&units);
        let shared = self.shared;
        let answered: BTreeMap<usize, Answered<'_, 'a>> = cohorts
            .into_iter()
            .enumerate()
            .map(|(number, cohort)| (number, Answered::new(&shared, cohort)))
            .collect();
        let mut of: BTreeMap<(usize, usize), (&Unit<'_, 'a>, At)> = BTreeMap::new();
        for ((place, unit), at) in places.into_iter().zip(&units).zip(at) {
            of.insert(place, (unit, at));
        }
        let found = answers::Found { refused: &refused, of: &of, answered: &answered };
        answers::answers(&shared, questions, &self.authorities, &found)
    }

    fn totals(&mut self, asked: &Asked<'a>, part: &TotalsPart<'a>) -> Answer {
        match self.tables_of(asked, part)? {
            Some(tables) => totals::state(&self.shared, &tables, asked, part),
            None => Ok(Vec::new()),
        }
    }

    fn all_totals(&mut self, questions: &[TotalsQuestion<'a>]) -> Vec<Answer> {
        let tables: Vec<_> = questions.iter().map(|of| self.tables_of(&of.asked, &of.part)).collect();
        let shared = self.shared;
        let all: Vec<_> = questions.iter().zip(&tables).collect();
        answers::in_turns(shared.work.threads.get().min(all.len()), &all, || {
            |(question, tables): &(&TotalsQuestion<'a>, &Result<Option<Tables<'a>>, Reason>)| match tables {
                Ok(Some(tables)) if shared.work.watch.goes_on() => {
                    totals::state(&shared, tables, &question.asked, &question.part)
                }
                Ok(_) => Ok(Vec::new()),
                Err(why) => Err(why.clone()),
            }
        })
    }

    fn first_day(&self, authority: usize, dataset: &str, fields: &BTreeSet<String>) -> Option<NaiveDate> {
        let frame = self.authorities.get(authority)?.frame(dataset)?;
        let days = fields.iter().filter_map(|field| {
            let column = frame.named(field)?;
            (0..frame.rows).filter_map(|row| column.day(row)).min()
        });
        days.min().and_then(day_of)
    }
}

/// The texts of definitions get their numbers before records are counted.
fn learn(checked: &Checked, plan: &Plan, words: &mut Words) {
    let mut nodes: Vec<&Node> = Vec::new();
    for planned in plan.indicators() {
        let Some(indicator) = checked.indicator(&planned.id) else { continue };
        for version in indicator.versions() {
            nodes.extend(version.calculation().map(CheckedCalculation::nodes).unwrap_or_default());
            for id in version.rests_on() {
                nodes.extend(
                    checked.derived_for(Some(indicator), id).map(CheckedDerived::nodes).unwrap_or_default(),
                );
            }
        }
        for breakdown in planned.breakdowns.values().flatten() {
            nodes.extend(breakdown.sorts.iter().flat_map(CheckedSort::nodes));
        }
    }
    nodes.extend(checked.derived().values().flat_map(CheckedDerived::nodes));
    let mut learn = |text: &str| {
        words.number(&text.into());
    };
    for status in schedule::STATUSES {
        learn(status);
    }
    for node in nodes {
        texts(node, &mut learn);
    }
}

fn texts(node: &Node, learn: &mut impl FnMut(&str)) {
    match &node.kind {
        NodeKind::Literal(Value::Text(text)) => learn(text),
        NodeKind::In(_, values) => values.iter().for_each(|value| {
            if let Value::Text(text) = value {
                learn(text);
            }
        }),
        _ => {}
    }
    for child in node.children() {
        texts(child, learn);
    }
}
