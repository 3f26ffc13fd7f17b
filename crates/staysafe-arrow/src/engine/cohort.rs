//! Questions put together that one reading of a table can answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::calculate::engine::{Moment, Question, Rows};
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::CheckedLadder;
use staysafe::definition::dataset::AreaRule;
use staysafe::definition::indicator::Kind;

use super::Shared;
use super::atoms::{Asks, Atom, Atoms, depends_on_period};
use super::column::number_of;
use super::found::Found;
use super::frame::Frame;
use super::keys::Grouped;
use super::pass::{Keyed, Machine, Pass};
use super::spans::{Days, Spans};
use super::tables::Tables;

/// Ladders are put together as long as they ask no more than this of rows, for each answer may double the classes.
const ATOMS: usize = 12;

/// A part of a question, with the tables that it is counted from.
pub(crate) struct Unit<'q, 'a> {
    pub(crate) question: &'q Question<'a>,
    pub(crate) ladder: &'a CheckedLadder,
    pub(crate) rows: &'q Rows,
    pub(crate) tables: Tables<'a>,
    pub(crate) frame: Arc<Frame<'a>>,
}

/// Where the answer to a unit stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub(crate) cohort: usize,
    pub(crate) line: usize,
    pub(crate) time: usize,
}

/// One reading of a table, or several where periods overlap, for all ladders that are asked in the same periods.
pub(crate) struct Cohort<'q, 'a> {
    pub(crate) unit: &'q Unit<'q, 'a>,
    /// The table, laid out by what is counted as one.
    pub(crate) frame: Arc<Frame<'a>>,
    times: Vec<Time>,
    pub(crate) lines: Vec<Line<'a>>,
    by_period: bool,
    pub(crate) area: Option<usize>,
    pub(crate) sorts: Vec<&'a CheckedSort>,
    pub(crate) keyed: Option<Keyed>,
    pub(crate) atoms: Vec<Atom<'a>>,
    pub(crate) machines: Vec<Machine>,
}

/// A ladder of a cohort.
pub(crate) struct Line<'a> {
    pub(crate) ladder: &'a CheckedLadder,
    pub(crate) asks: Asks,
    pub(crate) machine: usize,
}

/// The days that are asked about, and those that predicates may name.
type Time = (Days, (i32, i32, i32));

/// What ladders must share to be asked in one reading: authority, frames, date, area, breakdowns, cover, the period, and what
/// rows are counted by.
type Shares = (usize, Vec<usize>, String, bool, Vec<usize>, bool, bool, Option<Key>);

/// The fields of the key, and whether rows of one key are met in several readings.
type Key = (Vec<usize>, bool);

/// A ladder with its kind.
type Asked = (usize, Kind);

/// Units by their periods.
type Timed = Vec<(Time, usize)>;

/// The cohorts, and where in them each unit's answer stands.
pub(crate) fn cohorts<'q, 'a>(units: &'q [Unit<'q, 'a>]) -> (Vec<Cohort<'q, 'a>>, Vec<At>) {
    let mut asked: BTreeMap<(Shares, Asked), Timed> = BTreeMap::new();
    for (number, unit) in units.iter().enumerate() {
        asked.entry((shares(unit), unit.asked())).or_default().push((unit.time(), number));
    }
    let mut together: BTreeMap<(Shares, Vec<Time>), Vec<Timed>> = BTreeMap::new();
    for ((shares, _), units) in asked {
        let mut times: Vec<Time> = units.iter().map(|(time, _)| *time).collect();
        times.sort_unstable();
        times.dedup();
        together.entry((shares, times)).or_default().push(units);
    }
    let none = At { cohort: usize::MAX, line: usize::MAX, time: usize::MAX };
    let mut at = vec![none; units.len()];
    let mut cohorts = Vec::new();
    for ((_, times), ladders) in together {
        let first = |asked: &Timed| asked.first().and_then(|(_, unit)| units.get(*unit));
        let of: Vec<&Unit<'_, '_>> = ladders.iter().filter_map(first).collect();
        for (line, (time, unit)) in
            ladders.iter().enumerate().flat_map(|(line, asked)| asked.iter().map(move |of| (line, of)))
        {
            let time = times.binary_search(time).unwrap_or(usize::MAX);
            if let Some(at) = at.get_mut(*unit) {
                *at = At { cohort: cohorts.len(), line, time };
            }
        }
        cohorts.extend(Cohort::new(&of, times));
    }
    (cohorts, at)
}

impl<'a> Unit<'_, 'a> {
    fn time(&self) -> Time {
        let days = (number_of(self.rows.days.first), number_of(self.rows.days.last));
        let Moment { first, last, window_first } = self.rows.moment;
        (days, (number_of(first), number_of(last), number_of(window_first)))
    }

    fn sorts(&self) -> Vec<&'a CheckedSort> {
        self.question
            .asked
            .split
            .breakdowns()
            .iter()
            .filter_map(|breakdown| breakdown.sorts.first())
            .collect()
    }

    fn asked(&self) -> Asked {
        (address(self.ladder), self.question.asked.kind)
    }

    pub(crate) fn key(&self) -> Option<Key> {
        let fields = self.ladder.counted.as_ref()?;
        Some((fields.iter().map(|field| field.index).collect(), self.question.parts.len() > 1))
    }

    /// Whether rows of one period may be asked something else in another.
    fn by_period(&self) -> bool {
        let sorts = self.sorts();
        let mut nodes = self.ladder.nodes().chain(sorts.iter().flat_map(|sort| sort.nodes()));
        nodes.any(|node| depends_on_period(node, &self.ladder.table.when))
    }
}

fn shares(unit: &Unit<'_, '_>) -> Shares {
    let asked = &unit.question.asked;
    let split = &asked.split;
    let table = &unit.ladder.table;
    let when = format!("{:?} {:?}", table.when, table.area);
    let breakdowns = split.breakdowns().iter().map(|breakdown| address(*breakdown)).collect();
    (
        asked.authority,
        std::iter::once(address(&*unit.frame)).chain(unit.tables.addresses()).collect(),
        when,
        split.keeps_areas(),
        breakdowns,
        asked.beyond_cover,
        unit.by_period(),
        unit.key(),
    )
}

pub(crate) fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

/// A machine while ladders are put to it.
#[derive(Default)]
struct Building<'a> {
    atoms: Atoms<'a>,
    says_much: bool,
}

impl Building<'_> {
    /// Whether another ladder's rows can be put in classes with these.
    fn takes(&self, other: &Self) -> bool {
        let much = self.says_much || other.says_much;
        !much && self.atoms.all.len() + self.atoms.missing(&other.atoms) <= ATOMS
    }
}

impl<'q, 'a> Cohort<'q, 'a> {
    fn new(units: &[&'q Unit<'q, 'a>], times: Vec<Time>) -> Option<Self> {
        let unit = *units.first()?;
        let table = &unit.ladder.table;
        let area = match &table.area {
            AreaRule::Field(field) if unit.question.asked.split.keeps_areas() => {
                unit.frame.dataset.fields.iter().position(|of| of.name.value == *field)
            }
            _ => None,
        };
        let sorts = unit.sorts();
        let mut lines = Vec::new();
        let mut building: Vec<Building<'_>> = Vec::new();
        for unit in units {
            let (ladder, kind) = (unit.ladder, unit.question.asked.kind);
            let coded: Vec<usize> = ladder.asked_about().into_iter().collect();
            let mut alone = Building::default();
            let asks = alone.atoms.ask(ladder, kind, &coded, &sorts);
            alone.says_much = asks.says_much();
            let machine = building.iter().position(|held| held.takes(&alone));
            let asks = if let Some(held) = machine.and_then(|machine| building.get_mut(machine)) {
                held.atoms.ask(ladder, kind, &coded, &sorts)
            } else {
                building.push(alone);
                asks
            };
            lines.push(Line { ladder, asks, machine: machine.unwrap_or(building.len() - 1) });
        }
        let mut atoms = Atoms::default();
        let machine = |of: Building<'a>| {
            let places = of.atoms.with_forms().map(|(form, atom)| atoms.place(form, atom));
            Machine { atoms: places.collect() }
        };
        let machines = building.into_iter().map(machine).collect();
        // What may be met in another reading as well is put together behind all readings, in any order.
        let (frame, keyed) = match unit.key() {
            None => (Arc::clone(&unit.frame), None),
            Some((fields, true)) => {
                let groups = Grouped::Each(Arc::clone(unit.frame.index(&fields).of_row()));
                (Arc::clone(&unit.frame), Some(Keyed { groups, several: true }))
            }
            Some((fields, false)) => {
                let frame = unit.frame.clustered(&fields);
                let keyed = frame
                    .layout()
                    .map(|of| Keyed { groups: Grouped::LaidOut(Arc::clone(&of.index)), several: false });
                (Arc::new(frame), keyed)
            }
        };
        Some(Self {
            unit,
            frame,
            times,
            lines,
            by_period: unit.by_period(),
            area,
            sorts,
            keyed,
            atoms: atoms.all,
            machines,
        })
    }

    /// How many periods are asked about.
    pub(crate) fn times(&self) -> usize {
        self.times.len()
    }

    /// Whether each row says in which area it stands.
    pub(crate) fn names_areas(&self) -> bool {
        matches!(self.unit.ladder.table.area, AreaRule::Field(_))
            && self.unit.question.asked.split.keeps_areas()
    }

    /// Reads the table, as often as overlapping periods need it.
    pub(crate) fn read(&self, shared: &Shared<'a>) -> Vec<(Spans, Found)> {
        let all = self.spans().into_iter().map(|spans| {
            let moments: Vec<Moment> =
                spans.times.iter().filter_map(|times| self.moment(*times.first()?)).collect();
            let pass = Pass {
                shared: *shared,
                tables: &self.unit.tables,
                frame: &self.frame,
                when: &self.unit.ladder.table.when,
                names_areas: self.names_areas(),
                area: self.area,
                sorts: self.sorts.clone(),
                beyond_cover: self.unit.question.asked.beyond_cover,
                spans: &spans,
                moments: &moments,
                keyed: self.keyed.as_ref(),
                atoms: &self.atoms,
                machines: &self.machines,
                lines: &self.lines,
            };
            let found = pass.run();
            (spans, found)
        });
        all.collect()
    }

    /// The periods, laid out for one reading or for several.
    pub(crate) fn spans(&self) -> Vec<Spans> {
        let days: Vec<Days> = self.times.iter().map(|(days, _)| *days).collect();
        Spans::lay(&days, &self.unit.ladder.table.when, self.by_period)
    }

    fn moment(&self, time: usize) -> Option<Moment> {
        let (_, (first, last, window_first)) = self.times.get(time)?;
        let day = super::column::day_of;
        Some(Moment { first: day(*first)?, last: day(*last)?, window_first: day(*window_first)? })
    }
}
