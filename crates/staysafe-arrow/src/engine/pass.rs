//! One reading of a table for all that is asked of it in some periods: batch by batch, rows become classes, and classes
//! are counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use staysafe::calculate::engine::Moment;
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::{CheckedWhen, Node};

use super::Shared;
use super::atoms::Atom;
use super::calendar::earlier;
use super::classes::{CODES, Classes};
use super::column::{Cells, Column};
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::histogram::Histogram;
use super::keys::{Index, NO_GROUP};
use super::lanes::{Lanes as Values, Run, Values as Cell};
use super::sayings::{Saying, Sayings};
use super::select::Doubts;
use super::spans::{NO_SPAN, Shape, Spans};
use super::standing::{BLANK, KNOWN, NO, is_blank, is_refused, yes_no};
use super::tables::Tables;

/// So many rows at once.
const BATCH: usize = 8192;

/// So many rows are taken by a thread before it asks for more.
const PORTION: usize = 8 * BATCH;

/// What a table is asked in one reading.
pub(crate) struct Pass<'p, 'a> {
    pub(crate) shared: Shared<'a>,
    pub(crate) tables: &'p Tables<'a>,
    pub(crate) frame: &'p Frame<'a>,
    pub(crate) when: &'a CheckedWhen,
    /// Whether areas are kept apart by what each row names.
    pub(crate) names_areas: bool,
    /// The field that names it.
    pub(crate) area: Option<usize>,
    /// How each breakdown sorts rows.
    pub(crate) sorts: Vec<&'a CheckedSort>,
    pub(crate) beyond_cover: bool,
    pub(crate) spans: &'p Spans,
    pub(crate) moments: &'p [Moment],
    pub(crate) machines: &'p [Machine<'a>],
}

/// Ladders whose rows are put in classes together.
pub(crate) struct Machine<'a> {
    pub(crate) atoms: Vec<Atom<'a>>,
    pub(crate) keyed: Option<Keyed>,
}

/// How rows of one key are told from others.
pub(crate) struct Keyed {
    pub(crate) index: Arc<Index>,
    /// Whether a key may be met in another reading as well, so that no row counts by itself.
    pub(crate) several: bool,
}

/// What one reading found, or a part of it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) machines: Vec<Counts>,
    /// Where rows stand: what they say of their area, and of each sort.
    pub(crate) slots: Classes,
    pub(crate) sayings: Sayings,
    /// Rows of which nobody can say to which days they belong, or that contradict themselves about it.
    pub(crate) odd: Vec<u32>,
}

/// The rows of one machine.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    pub(crate) classes: Classes,
    pub(crate) histogram: Histogram,
    /// The first row of each span and class, where something was refused.
    pub(crate) firsts: BTreeMap<(u32, u32), u32>,
    /// Rows that count with others of their key: span, slot, class, row.
    pub(crate) records: Vec<Record>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) span: u32,
    pub(crate) slot: u32,
    pub(crate) class: u32,
    pub(crate) row: u32,
}

/// Rows of a batch with the span that each stands in; of a stock, the first span, and the one in which it is over.
#[derive(Default)]
struct Lanes {
    rows: Vec<u32>,
    spans: Vec<u16>,
    ends: Vec<u16>,
}

/// The answers to one question.
enum Codes<'f> {
    Standings(Run<'f, u8>),
    Each(Vec<u32>),
}

impl<'a> Pass<'_, 'a> {
    /// Reads the table, on as many threads as there is work for.
    pub(crate) fn run(&self) -> Found {
        let next = AtomicUsize::new(0);
        let threads = self.shared.work.threads.get().min(self.frame.rows.div_ceil(PORTION));
        thread::scope(|scope| {
            let workers: Vec<_> = (1..threads).map(|_| scope.spawn(|| self.work(&next))).collect();
            let mut found = self.work(&next);
            for worker in workers {
                match worker.join() {
                    Ok(other) => found.absorb(&other),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            found
        })
    }

    /// Takes portions of rows as long as there are any.
    fn work(&self, next: &AtomicUsize) -> Found {
        let mut found = self.nothing();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= self.frame.rows || !self.shared.work.watch.goes_on() {
                return found;
            }
            let to = self.frame.rows.min(from + PORTION);
            for batch in (from..to).step_by(BATCH) {
                self.batch(batch..to.min(batch + BATCH), &mut found);
            }
        }
    }

    fn nothing(&self) -> Found {
        let counts = |_: &Machine<'_>| Counts {
            classes: Classes::default(),
            histogram: Histogram::new(self.spans.len()),
            firsts: BTreeMap::new(),
            records: Vec::new(),
        };
        Found {
            machines: self.machines.iter().map(counts).collect(),
            slots: Classes::default(),
            sayings: Sayings::default(),
            odd: Vec::new(),
        }
    }

    fn batch(&self, rows: std::ops::Range<usize>, found: &mut Found) {
        let mut lanes = Lanes::default();
        match self.when {
            CheckedWhen::Date(date) => self.events(date.index, rows, &mut lanes, &mut found.odd),
            CheckedWhen::Open(start, end) => {
                self.stocks((start.index, end.index), rows, &mut lanes, &mut found.odd);
            }
        }
        if self.spans.shape == Shape::EachStock {
            // A row may stand in many periods: those lanes are taken batch by batch as well.
            let pairs = lanes.each_span();
            for from in (0..pairs.rows.len()).step_by(BATCH) {
                self.count(&pairs.part(from..pairs.rows.len().min(from + BATCH)), found);
            }
        } else {
            self.count(&lanes, found);
        }
    }

    fn events(&self, date: usize, rows: std::ops::Range<usize>, lanes: &mut Lanes, odd: &mut Vec<u32>) {
        let Some(column) = self.frame.column(date) else { return };
        let Cells::Days(days) = &column.cells else { return };
        let speaks = &self.frame.speaks;
        let gaps = !self.beyond_cover && !speaks.gaps_of_events.is_empty();
        let days = days.get(rows.clone()).unwrap_or_default();
        let standings = column.standing.as_ref().map(|all| all.get(rows.clone()).unwrap_or_default());
        let numbers = u32::try_from(rows.start).unwrap_or(u32::MAX)..;
        for (lane, (row, day)) in numbers.zip(days).enumerate() {
            let standing = standings.map_or(KNOWN, |all| all.get(lane).copied().unwrap_or(BLANK));
            if standing != KNOWN {
                if !is_blank(standing) {
                    odd.push(row);
                }
                continue;
            }
            let span = self.spans.of(*day);
            if span == NO_SPAN || (gaps && speaks.in_gap(*day)) {
                continue;
            }
            lanes.rows.push(row);
            lanes.spans.push(span);
        }
    }

    fn stocks(
        &self,
        (start, end): (usize, usize),
        rows: std::ops::Range<usize>,
        lanes: &mut Lanes,
        odd: &mut Vec<u32>,
    ) {
        let count = rows.len();
        let numbers = u32::try_from(rows.start).unwrap_or(u32::MAX)..;
        let read = |column: usize| {
            let column = self.frame.column(column);
            column.map_or_else(Values::null, |column| column.slice(rows.clone()))
        };
        let (starts, ends) = (read(start), read(end));
        let days = |lanes: &Values<'_>| match &lanes.values {
            Cell::Days(run) => run.iter(count).collect(),
            _ => vec![0; count],
        };
        let all = days(&starts).into_iter().zip(starts.standing.iter(count).collect::<Vec<_>>());
        let all = all.zip(days(&ends).into_iter().zip(ends.standing.iter(count).collect::<Vec<_>>()));
        for (row, ((begun, start), (over, end))) in numbers.zip(all) {
            let until = match end {
                KNOWN => self.spans.before(over),
                end if is_blank(end) => self.spans.count(),
                _ => NO_SPAN,
            };
            if start != KNOWN || until == NO_SPAN || (end == KNOWN && over < begun) {
                odd.push(row);
                continue;
            }
            let from = self.spans.before(begun);
            if from < until {
                lanes.rows.push(row);
                lanes.spans.push(from);
                lanes.ends.push(until);
            }
        }
    }

    fn count(&self, lanes: &Lanes, found: &mut Found) {
        if lanes.rows.is_empty() {
            return;
        }
        let Some(moment) = self.moments.first() else { return };
        let context = self.shared.context(self.tables, *moment);
        // A stock that is asked anew has a lane for each period, and so may stand in several.
        let mut scope = match self.spans.shape {
            Shape::EachStock => Scope::list(self.frame, &lanes.rows),
            Shape::Events | Shape::Stocks => Scope::ordered(self.frame, &lanes.rows),
        };
        if self.spans.one_time_each() {
            scope.times = Some((self.moments, (&lanes.spans).into()));
        }
        let Found { machines, slots, sayings, .. } = found;
        let standing = self.standing(&context, &scope, slots, sayings);
        for (machine, counts) in self.machines.iter().zip(machines) {
            let mut classes = vec![0u32; lanes.rows.len()];
            let mut refused = false;
            for atom in &machine.atoms {
                match self.codes(&context, &scope, atom, &lanes.rows, sayings) {
                    Codes::Standings(Run::Same(standing)) => {
                        refused |= is_refused(standing);
                        counts.classes.lead_all(&mut classes, u32::from(standing));
                    }
                    Codes::Standings(Run::Each(all)) => {
                        refused |= all.iter().fold(0, |most, standing| most.max(*standing))
                            >= super::standing::REFUSED;
                        counts.classes.lead(&mut classes, &all);
                    }
                    Codes::Each(codes) => {
                        refused |= codes
                            .iter()
                            .any(|code| u8::try_from(*code).is_ok_and(|s| s < 64 && is_refused(s)));
                        for (class, code) in classes.iter_mut().zip(codes) {
                            *class = counts.classes.next(*class, code);
                        }
                    }
                }
            }
            counts.classes.close(&mut classes);
            counts.histogram.fit(slots.len(), counts.classes.len());
            self.add(machine, counts, lanes, &standing, &classes);
            if refused {
                for (lane, ((row, span), class)) in
                    lanes.rows.iter().zip(&lanes.spans).zip(&classes).enumerate()
                {
                    // What stays open is refused on every day that it stands in, not on the first alone.
                    let end = lanes.ends.get(lane).copied().unwrap_or(span.saturating_add(1));
                    for span in *span..end {
                        let first = counts.firsts.entry((u32::from(span), *class)).or_insert(*row);
                        *first = (*first).min(*row);
                    }
                }
            }
        }
    }

    fn add(
        &self,
        machine: &Machine<'_>,
        counts: &mut Counts,
        lanes: &Lanes,
        standing: &[u32],
        classes: &[u32],
    ) {
        let stock = self.spans.shape == Shape::Stocks;
        let by_itself = |row: u32| {
            let Some(keyed) = &machine.keyed else { return true };
            let group = keyed.index.of(row);
            group == NO_GROUP || (!keyed.several && keyed.index.is_alone(group))
        };
        for (lane, (((row, span), slot), class)) in
            lanes.rows.iter().zip(&lanes.spans).zip(standing).zip(classes).enumerate()
        {
            let span = u32::from(*span);
            let end = lanes.ends.get(lane).map_or(span + 1, |end| u32::from(*end));
            if !by_itself(*row) {
                counts.records.extend((span..end).map(|span| Record {
                    span,
                    slot: *slot,
                    class: *class,
                    row: *row,
                }));
                continue;
            }
            counts.histogram.add(span, *slot, *class, 1);
            if stock && usize::try_from(end).is_ok_and(|end| end < self.spans.len()) {
                counts.histogram.add(end, *slot, *class, u32::MAX);
            }
        }
    }

    /// Where each row stands: what it says of its area, and of each sort.
    fn standing<'f>(
        &self,
        context: &Context<'f>,
        scope: &Scope<'f, '_>,
        slots: &mut Classes,
        sayings: &mut Sayings,
    ) -> Vec<u32>
    where
        'a: 'f,
        Self: 'f,
    {
        let mut standing = vec![0u32; scope.lanes];
        if self.names_areas {
            let column = self.area.and_then(|field| self.frame.column(field));
            let codes = match (column, scope.frames.first()) {
                (Some(column), Some((_, rows))) => sayings.of(&rows.read(column), scope.lanes),
                _ => vec![u32::from(BLANK); scope.lanes],
            };
            for (slot, code) in standing.iter_mut().zip(codes) {
                *slot = slots.next(*slot, code);
            }
        }
        for sort in &self.sorts {
            match sort {
                CheckedSort::Into(node) => {
                    let codes = sayings.of(&evaluate(context, scope, node), scope.lanes);
                    for (slot, code) in standing.iter_mut().zip(codes) {
                        *slot = slots.next(*slot, code);
                    }
                }
                CheckedSort::Each(nodes) => {
                    for node in nodes {
                        let lanes = evaluate(context, scope, node);
                        match &lanes.standing {
                            Run::Same(one) => slots.lead_all(&mut standing, u32::from(*one)),
                            Run::Each(all) => slots.lead(&mut standing, all),
                        }
                    }
                }
            }
        }
        slots.close(&mut standing);
        standing
    }

    fn codes<'f>(
        &self,
        context: &Context<'f>,
        scope: &Scope<'f, '_>,
        atom: &Atom<'_>,
        rows: &[u32],
        sayings: &mut Sayings,
    ) -> Codes<'f> {
        let at = |row: &u32| usize::try_from(*row).unwrap_or(usize::MAX);
        let each = |of: &dyn Fn(usize) -> u8| {
            Codes::Standings(Run::Each(rows.iter().map(|row| of(at(row))).collect()))
        };
        match atom {
            Atom::Truth(node) => Codes::Standings(evaluate(context, scope, node).standing),
            Atom::Said(node) => Codes::Each(sayings.of(&evaluate(context, scope, node), scope.lanes)),
            Atom::RefusedSort(nodes) => refused_sort(context, scope, nodes),
            Atom::Keyless(fields) => {
                let columns: Vec<Option<&Column>> =
                    fields.iter().map(|field| self.frame.column(*field)).collect();
                if columns.iter().all(|column| column.is_some_and(|column| column.standing.is_none())) {
                    return Codes::Standings(Run::Same(NO));
                }
                each(&|row| yes_no(!columns.iter().all(|column| column.is_some_and(|c| c.is_known(row)))))
            }
            Atom::HistoryShort(date, history) => {
                if self.frame.speaks.events.is_none() {
                    return Codes::Standings(Run::Same(NO));
                }
                each(&|row| {
                    let short = self.frame.day(*date, row).and_then(|day| {
                        let shown_from = self.frame.speaks.shown_from(day)?;
                        Some(earlier(day, *history).is_none_or(|back| back < shown_from))
                    });
                    yes_no(short.unwrap_or(false))
                })
            }
            Atom::Unmapped(field) => {
                let codes = self.frame.codes.get(*field).and_then(Option::as_ref);
                match (codes, self.frame.column(*field)) {
                    (Some(codes), Some(column)) => each(&|row| yes_no(is_unmapped(codes, column, row))),
                    _ => Codes::Standings(Run::Same(NO)),
                }
            }
            Atom::Doubts => {
                let doubts = Doubts::new(self.frame);
                if doubts.none_of(scope) {
                    return Codes::Standings(Run::Same(NO));
                }
                let code = |row: &u32| match doubts.of(*row) {
                    (0, false) => u32::from(NO),
                    (duplicates, contradictory) => sayings.code(Saying::Doubts(duplicates, contradictory)),
                };
                Codes::Each(rows.iter().map(code).collect())
            }
            Atom::Day(field) => {
                let code = |row: &u32| {
                    let day = self.frame.day(*field, at(row));
                    day.map_or(u32::from(BLANK), |day| sayings.code(Saying::Day(day)))
                };
                Codes::Each(rows.iter().map(code).collect())
            }
        }
    }
}

fn is_unmapped(codes: &BTreeSet<u32>, column: &Column, row: usize) -> bool {
    match &column.cells {
        Cells::Words(all) if column.is_known(row) => all.get(row).is_some_and(|word| !codes.contains(word)),
        _ => false,
    }
}

fn refused_sort<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, nodes: &[&Node]) -> Codes<'f> {
    let sorts: Vec<Run<'_, u8>> = nodes.iter().map(|node| evaluate(context, scope, node).standing).collect();
    let first =
        |lane: usize| sorts.iter().filter_map(|run| run.at(lane)).find(|standing| is_refused(*standing));
    Codes::Standings(Run::Each((0..scope.lanes).map(|lane| first(lane).unwrap_or(NO)).collect()))
}

impl Found {
    /// Adds what another thread found, who numbered classes, slots and sayings by itself.
    fn absorb(&mut self, other: &Self) {
        let codes: Vec<u32> = other.sayings.all().iter().map(|saying| self.sayings.code(*saying)).collect();
        let code = |code: &u32| match code.checked_sub(CODES) {
            Some(at) => usize::try_from(at).ok().and_then(|at| codes.get(at)).copied().unwrap_or(*code),
            None => *code,
        };
        let same = |own: &mut Classes, theirs: &Classes| -> Vec<u32> {
            let classes = 0..u32::try_from(theirs.len()).unwrap_or(u32::MAX);
            classes.map(|class| own.of(theirs.codes(class).iter().map(code))).collect()
        };
        let slots = same(&mut self.slots, &other.slots);
        for (own, theirs) in self.machines.iter_mut().zip(&other.machines) {
            let classes = same(&mut own.classes, &theirs.classes);
            let of = |all: &[u32], number: u32| {
                usize::try_from(number).ok().and_then(|number| all.get(number)).copied().unwrap_or(number)
            };
            own.histogram.fit(self.slots.len(), own.classes.len());
            for (span, slot, class, count) in theirs.histogram.each() {
                own.histogram.add(span, of(&slots, slot), of(&classes, class), count);
            }
            for ((span, class), row) in &theirs.firsts {
                let first = own.firsts.entry((*span, of(&classes, *class))).or_insert(*row);
                *first = (*first).min(*row);
            }
            own.records.extend(theirs.records.iter().map(|record| Record {
                slot: of(&slots, record.slot),
                class: of(&classes, record.class),
                ..*record
            }));
        }
        self.odd.extend(&other.odd);
    }
}

impl Lanes {
    /// A lane for each row and span in which it stands.
    fn each_span(&self) -> Self {
        let mut all = Self::default();
        for ((row, from), to) in self.rows.iter().zip(&self.spans).zip(&self.ends) {
            for span in *from..*to {
                all.rows.push(*row);
                all.spans.push(span);
            }
        }
        all
    }

    fn part(&self, lanes: std::ops::Range<usize>) -> Self {
        let of = |all: &[u16]| all.get(lanes.clone()).unwrap_or_default().to_vec();
        Self {
            rows: self.rows.get(lanes.clone()).unwrap_or_default().to_vec(),
            spans: of(&self.spans),
            ends: Vec::new(),
        }
    }
}
