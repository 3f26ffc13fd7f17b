//! What the engine would read, told and not counted: questions, tables and cohorts are its own.

use std::collections::{BTreeMap, BTreeSet};

use arrow_buffer::ScalarBuffer;
use chrono::NaiveDate;
use staysafe::calculate::CalculateError;
use staysafe::calculate::engine::{Answer, Asked, Engine, Question, TotalsPart, calculate_with, joined};
use staysafe::check::Checked;
use staysafe::check::tree::{CheckedMeasure, CheckedTotal, CheckedWhen, Need};
use staysafe::plan::Plan;
use staysafe::progress::Watch;
use staysafe::record::{Cover, Data, Return, Submission, Table};

use super::cohort::{self, Cohort, Unit, address};
use super::column::{Cells, Column};
use super::frame::Frame;
use super::reads::Reads;
use super::tables::Tables;
use super::{CalculateLoadedError, Columns, Laid, Loaded, Work, in_columns, in_loaded};
use crate::explained::{Derived, Explained, Lying, Reading, Totalled};

/// So many cells of counts are laid out at most.
const LAID_OUT: u64 = 1 << 25;

/// How the engine would count what a plan asks for. Nothing is counted, but tables are worked out that others come from.
///
/// Of no returns it is told as of an authority that carries every dataset, without rows.
///
/// # Errors
/// As for [`calculate`](crate::calculate).
///
/// # Example
/// ```
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let plans = r#"
/// id = "plan"
/// title = "Plans"
/// carried_by = "census"
/// holder = "council"
/// area = "header"
/// field = [{ name = "child", type = "text" }, { name = "start", type = "date" }, { name = "category", type = "text" }]
/// "#;
/// let indicator = |id: &str, rule: &str| format!("id = '{id}'\ntitle = 'Plans'\nkind = 'count'\nunit = 'plan'\npolarity = 'neutral'\ncycle = 'quarter'\nholder = 'council'\n[calculation]\nfrom = 'plan'\nwhen = {{ date = 'start' }}\n{rule}");
/// let files = [
///     ("framework.toml", "id = 'board'\ntitle = 'A board'".to_owned()),
///     ("agencies.toml", "[[agency]]\nid = 'council'\nname = 'The council'".to_owned()),
///     ("datasets/plan.toml", plans.to_owned()),
///     ("indicators/plans.toml", indicator("plans", "")),
///     ("indicators/neglect.toml", indicator("neglect", "population = \"category = 'NEG'\"")),
///     ("indicators/children.toml", indicator("children", "counted = 'distinct child'")),
/// ];
/// let checked = check(read(files.iter().map(|(name, text)| (*name, text.as_str()))).0).0.unwrap();
/// let periods = ["2023-24 Q1", "2023-24"].map(|label| label.parse().unwrap()).to_vec();
/// let plan = plan(&checked, &Request { periods, ..Request::default() }).unwrap();
/// let told = staysafe_arrow::explain(&checked, &plan, &Data::default()).unwrap();
/// let [children, plans] = &told.readings[..] else { panic!("{told}") };
/// assert!(children.indicators.contains("children") && children.distinct == ["child"]);
/// assert_eq!((plans.indicators.len(), plans.periods, plans.times), (2, 2, 1), "one reading answers both, in all periods");
/// assert!(plans.columns["plan"].contains("category") && !plans.columns["plan"].contains("child"));
/// assert!(told.to_string().contains("for: neglect, plans\n"));
/// ```
pub fn explain(checked: &Checked, plan: &Plan, data: &Data) -> Result<Explained, CalculateError> {
    let nobody = Watch::nobody();
    let work = Work::alone(&nobody);
    let has_returns = !data.returns.is_empty();
    let everything;
    let data = if has_returns {
        data
    } else {
        everything = carrying_everything(checked);
        &everything
    };
    let joined = joined(checked, data)?;
    in_columns(checked, plan, &joined, &work, |checked, plan, joined, columns| {
        let mut telling = Telling::new(columns);
        calculate_with(checked, plan, data, joined, String::new(), &mut telling, &nobody)?;
        Ok(telling.told(plan, has_returns))
    })
}

/// As [`explain`], of records that were loaded in columns before.
///
/// # Errors
/// As for [`calculate_loaded`](crate::calculate_loaded).
pub fn explain_loaded(
    checked: &Checked,
    plan: &Plan,
    loaded: &Loaded,
) -> Result<Explained, CalculateLoadedError> {
    let nobody = Watch::nobody();
    let told = in_loaded(checked, plan, loaded, &Work::alone(&nobody), |checked, plan, joined, columns| {
        let mut telling = Telling::new(columns);
        calculate_with(checked, plan, &loaded.shells, joined, String::new(), &mut telling, &nobody)?;
        Ok::<_, CalculateError>(telling.told(plan, true))
    });
    Ok(told??)
}

/// A return of everything that there is a dataset for, without rows and speaking of all days.
fn carrying_everything(checked: &Checked) -> Data {
    let mut kinds: BTreeMap<&str, BTreeMap<String, Table>> = BTreeMap::new();
    for (id, dataset) in &checked.framework().datasets {
        let fields = dataset.fields.iter().map(|field| field.name.value.as_str().into()).collect();
        let table = Table { fields, rows: Vec::new(), cover: Cover::UNLIMITED };
        kinds.entry(&dataset.carried_by.value).or_default().insert(id.clone(), table);
    }
    let of = |(kind, tables): (&str, BTreeMap<String, Table>)| Return {
        name: kind.to_owned(),
        kind: kind.to_owned(),
        area: "000".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables,
    };
    Data { returns: kinds.into_iter().map(of).collect() }
}

/// In the engine's place: it lays questions out as the engine does, notes what would be read, and answers nothing.
struct Telling<'a> {
    columns: Columns<'a>,
    /// Whether what can be asked beforehand was asked.
    was_asked: bool,
    readings: BTreeMap<Alike, Size>,
    totals: BTreeMap<(String, Vec<String>, String), (Need, usize)>,
    needs: Need,
    indicators: BTreeSet<String>,
    /// Indexes and layouts by the table and fields that they are of: each is made once.
    made: BTreeSet<(usize, Vec<usize>, Made)>,
}

/// What readings of several authorities have alike: table, dates, indicators, periods, times, columns, things asked, sets, distinct fields.
type Alike = (String, Vec<String>, BTreeSet<String>, [usize; 4], Need, Vec<String>);

/// What is made of a table by some fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Index,
    Layout,
    /// A column laid out.
    Column(usize),
}

/// In how many authorities, of how many rows, and how many bytes.
#[derive(Default)]
struct Size {
    authorities: usize,
    rows: usize,
    bytes: u64,
}

impl<'a> Engine<'a> for Telling<'a> {
    fn ladders(&mut self, questions: &[Question<'a>]) -> Vec<Answer> {
        // What is asked for later depends on answers, and here there are none.
        if !std::mem::replace(&mut self.was_asked, true) {
            let Laid { units, .. } = self.columns.laid(questions);
            let (cohorts, at) = cohort::cohorts(&units);
            let mut indicators: Vec<BTreeSet<String>> = vec![BTreeSet::new(); cohorts.len()];
            for (unit, at) in units.iter().zip(at) {
                if let Some(own) = indicators.get_mut(at.cohort) {
                    own.insert(unit.question.asked.indicator.id().to_owned());
                }
            }
            for (cohort, indicators) in cohorts.iter().zip(indicators) {
                self.note(cohort, indicators);
            }
        }
        questions.iter().map(|_| Ok(Vec::new())).collect()
    }

    fn totals(&mut self, asked: &Asked<'a>, part: &TotalsPart<'a>) -> Answer {
        for (total, rows) in [&part.of.numerator, &part.of.denominator].into_iter().zip(&part.rows) {
            if let Ok(rows) = rows {
                let tables =
                    self.columns.tables(asked.authority, asked.indicator, &part.rests_on, rows.moment)?;
                if let Some(tables) = tables {
                    self.total(&tables, total, asked);
                }
            }
        }
        Ok(Vec::new())
    }

    fn first_day(&self, _: usize, _: &str, _: &BTreeSet<String>) -> Option<NaiveDate> {
        None
    }
}

impl<'a> Telling<'a> {
    fn new(columns: Columns<'a>) -> Self {
        Self {
            columns,
            was_asked: false,
            readings: BTreeMap::new(),
            totals: BTreeMap::new(),
            needs: Need::new(),
            indicators: BTreeSet::new(),
            made: BTreeSet::new(),
        }
    }

    fn note(&mut self, cohort: &Cohort<'_, 'a>, indicators: BTreeSet<String>) {
        let unit = cohort.unit;
        let table = &unit.ladder.table;
        let dataset = unit.frame.dataset;
        let mut read = Reads::of(&unit.tables, &table.dataset);
        read.when(&table.when);
        let (distinct, _) = unit.key().unwrap_or_default();
        read.own(distinct.iter().copied().chain(cohort.area));
        for atom in &cohort.atoms {
            read.atom(atom);
        }
        for node in cohort.sorts.iter().flat_map(|sort| sort.nodes()) {
            read.node(node);
        }
        let spans = cohort.spans();
        let bytes = self.layout(cohort, &read) + self.links(unit, &read) + counts(cohort);
        let distinct = distinct.iter().filter_map(|field| dataset.fields.get(*field));
        let alike: Alike = (
            table.dataset.clone(),
            dates(&table.when),
            indicators,
            [cohort.times(), spans.len(), cohort.atoms.len(), cohort.machines.len()],
            read.needs.clone(),
            distinct.map(|field| field.name.value.clone()).collect(),
        );
        self.indicators.extend(alike.2.iter().cloned());
        merge(&mut self.needs, read.needs);
        let size = self.readings.entry(alike).or_default();
        size.authorities += 1;
        size.rows += unit.frame.rows;
        size.bytes += bytes;
    }

    fn total(&mut self, tables: &Tables<'a>, total: &CheckedTotal, asked: &Asked<'a>) {
        let mut read = Reads::of(tables, &total.table.dataset);
        read.when(&total.table.when);
        total.filter.iter().chain(&total.history_missing).for_each(|node| read.node(node));
        match &total.measure {
            CheckedMeasure::Count => {}
            CheckedMeasure::CountDistinct(fields) => fields.iter().for_each(|field| read.field(field)),
            CheckedMeasure::Sum(field) => read.field(field),
        }
        let indicator = asked.indicator.id().to_owned();
        self.indicators.insert(indicator.clone());
        merge(&mut self.needs, read.needs.clone());
        let at = (total.table.dataset.clone(), dates(&total.table.when), indicator);
        let (needs, times) = self.totals.entry(at).or_default();
        merge(needs, read.needs);
        *times += 1;
    }

    /// Bytes of the layout by what is counted as one; nothing for one that another reading has made.
    fn layout(&mut self, cohort: &Cohort<'_, '_>, read: &Reads<'_, '_>) -> u64 {
        let (Some(_), Some((fields, several))) = (&cohort.keyed, cohort.unit.key()) else { return 0 };
        let frame = &*cohort.unit.frame;
        let rows = wide(frame.rows);
        let groups = wide(frame.index(&fields).len());
        let mut bytes = self.once(frame, &fields, Made::Index, rows * 8 + groups * 4);
        if !several {
            bytes += self.once(frame, &fields, Made::Layout, rows * 4);
            let read = read.needs.get(&cohort.unit.ladder.table.dataset);
            for (at, (column, field)) in frame.columns().zip(&frame.dataset.fields).enumerate() {
                if let Some(column) =
                    column.filter(|_| read.is_some_and(|read| read.contains(&field.name.value)))
                {
                    bytes += self.once(frame, &fields, Made::Column(at), size(column));
                }
            }
        }
        // Of rows that count with others of their key each is kept until all are read.
        bytes + 16 * rows.min(2 * rows.saturating_sub(groups))
    }

    /// Bytes of indexes over the tables that are linked to.
    fn links(&mut self, unit: &Unit<'_, 'a>, read: &Reads<'_, '_>) -> u64 {
        let mut bytes = 0;
        for (to, theirs) in &read.links {
            if let Some(frame) = unit.tables.frame(to) {
                bytes += self.once(frame, theirs, Made::Index, wide(frame.rows) * 12);
                bytes += wide(unit.frame.rows) * 4;
            }
        }
        bytes
    }

    /// What is made of a table by some fields takes its bytes once.
    fn once(&mut self, of: &Frame<'_>, fields: &[usize], made: Made, bytes: u64) -> u64 {
        if self.made.insert((address(of), fields.to_vec(), made)) { bytes } else { 0 }
    }

    fn told(self, plan: &Plan, has_returns: bool) -> Explained {
        let Self { columns, readings, totals, mut needs, indicators, .. } = self;
        let mut derived: BTreeMap<&str, Derived> = BTreeMap::new();
        for ((.., id, _), frame) in &columns.derived {
            let Some(checked) = columns.shared.checked.derived().get(*id) else { continue };
            merge(&mut needs, checked.reads.clone());
            let (table, from) = ((*id).to_owned(), checked.from.clone());
            let none = || Derived { table, from, times: 0, rows: 0, bytes: 0 };
            let own = derived.entry(*id).or_insert_with(none);
            own.times += 1;
            own.rows += frame.rows;
            own.bytes += held(frame);
        }
        let mut tables: BTreeMap<&str, Lying> = BTreeMap::new();
        let datasets = &columns.shared.checked.framework().datasets;
        for (id, read) in needs.iter().filter(|(id, _)| datasets.contains_key(*id)) {
            for frame in columns.authorities.iter().filter_map(|of| of.frame(id)) {
                let lie = frame.columns().flatten().count();
                let none = || Lying { table: id.clone(), rows: 0, read: read.clone(), columns: 0, bytes: 0 };
                let own = tables.entry(id).or_insert_with(none);
                own.rows += frame.rows;
                own.columns = own.columns.max(lie);
                own.bytes +=
                    if has_returns { held(frame) } else { frame.columns().flatten().map(width).sum() };
            }
        }
        let reading = |(alike, size): (Alike, Size)| {
            let (table, dates, indicators, [periods, times, questions, sets], columns, distinct) = alike;
            let Size { authorities, rows, bytes } = size;
            Reading {
                table,
                dates,
                indicators,
                periods,
                times,
                columns,
                questions,
                sets,
                distinct,
                authorities,
                rows,
                bytes,
            }
        };
        let totalled = |((table, dates, indicator), (columns, times))| Totalled {
            table,
            dates,
            indicator,
            columns,
            times,
        };
        let all = plan.indicators().iter().map(|planned| planned.id.clone());
        let readings: Vec<Reading> = readings.into_iter().map(reading).collect();
        Explained {
            authorities: if has_returns { columns.authorities.len() } else { 1 },
            has_returns,
            beside: readings.iter().map(|reading| reading.bytes).sum(),
            readings,
            totals: totals.into_iter().map(totalled).collect(),
            derived: derived.into_values().collect(),
            tables: tables.into_values().collect(),
            without: all.filter(|id| !indicators.contains(id)).collect(),
        }
    }
}

fn merge(into: &mut Need, other: Need) {
    for (table, fields) in other {
        into.entry(table).or_default().extend(fields);
    }
}

fn dates(when: &CheckedWhen) -> Vec<String> {
    match when {
        CheckedWhen::Date(date) => vec![date.name.clone()],
        CheckedWhen::Open(from, until) => vec![from.name.clone(), until.name.clone()],
    }
}

/// Bytes of the counts of a reading: of each set a cell for each period, place and class of rows.
fn counts(cohort: &Cohort<'_, '_>) -> u64 {
    let rows = wide(cohort.unit.frame.rows).max(1);
    let breakdowns = cohort.unit.question.asked.split.breakdowns();
    let places =
        breakdowns.iter().map(|of| wide(of.categories.len()) + 1).fold(1, u64::saturating_mul).min(rows);
    let spans = cohort.spans().iter().map(|spans| wide(spans.len()) + 1).max().unwrap_or(1);
    let of = |atoms: usize| {
        // An answer may part each class in two, and there are no more classes than rows.
        let classes =
            u32::try_from(atoms).ok().and_then(|atoms| 1_u64.checked_shl(atoms)).unwrap_or(u64::MAX);
        (spans.saturating_mul(places).saturating_mul(classes.min(rows))).min(LAID_OUT) * 4
    };
    cohort.machines.iter().map(|machine| of(machine.atoms.len())).sum()
}

fn held(frame: &Frame<'_>) -> u64 {
    frame.columns().flatten().map(size).sum()
}

/// Bytes of a column.
fn size(column: &Column) -> u64 {
    let cells = match &column.cells {
        Cells::Truth => 0,
        Cells::Days(days) => 4 * days.len(),
        Cells::Whole(numbers) => 8 * numbers.len(),
        Cells::Decimal(numbers) => 16 * numbers.len(),
        Cells::Words(words) => 4 * words.len(),
    };
    wide(cells + column.standing.as_ref().map_or(0, ScalarBuffer::len) + 4 * column.hidden.len())
}

/// Bytes of a row of a column, at most: its value, and how it stands.
fn width(column: &Column) -> u64 {
    1 + match &column.cells {
        Cells::Truth => 0,
        Cells::Days(_) | Cells::Words(_) => 4,
        Cells::Whole(_) => 8,
        Cells::Decimal(_) => 16,
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
