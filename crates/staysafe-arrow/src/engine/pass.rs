//! One reading of a table for all that is asked of it in some periods: batch by batch, rows become classes, and classes
//! are counted.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use staysafe::calculate::engine::Moment;
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::{CheckedWhen, Node, NodeKind};

use super::Shared;
use super::atoms::Atom;
use super::breaks::{Asking, Breaks};
use super::calendar::earlier;
use super::classes::{CODES, Classes};
use super::clustered::Clustered;
use super::column::{Cells, Column};
use super::evaluate::{Context, Rows, Scope, compare, evaluate};
use super::frame::Frame;
use super::gathering::Gathering;
use super::histogram::Histogram;
use super::keys::NO_GROUP;
use super::lanes::{Lanes as Values, Run, Values as Cell};
use super::sayings::{Saying, Sayings};
use super::select::Doubts;
use super::spans::{NO_SPAN, Shape, Spans};
use super::standing::{BLANK, KNOWN, NO, is_blank, is_refused, yes_no};
use super::tables::Tables;

/// So many rows at once.
const BATCH: usize = 4096;

/// So many rows are taken by a thread before it asks for more.
const PORTION: usize = 16 * BATCH;

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
    /// How rows of one key are told from others, where such rows count as one.
    pub(crate) keyed: Option<&'p Keyed>,
    /// All that is asked of a row.
    pub(crate) atoms: &'p [Atom<'a>],
    pub(crate) machines: &'p [Machine],
}

/// Ladders whose rows are put in classes together, by the places of what they ask.
pub(crate) struct Machine {
    pub(crate) atoms: Vec<usize>,
}

/// How rows of one key are told from others.
pub(crate) struct Keyed {
    /// The group of each row.
    pub(crate) groups: Arc<[u32]>,
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
    /// Rows that count by themselves; of those that count as one with others just like them, one.
    pub(crate) histogram: Histogram,
    /// The others.
    pub(crate) more: Histogram,
    /// The first row of each span and class, where something was refused.
    pub(crate) firsts: BTreeMap<(u32, u32), u32>,
    /// Rows that count with others of their key: span, slot, class, row.
    pub(crate) records: Vec<Record>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record {
    pub(crate) span: u32,
    pub(crate) slot: u32,
    pub(crate) class: u32,
    pub(crate) row: u32,
}

/// Rows of a batch with the first span that each stands in, and the one in which it is over.
#[derive(Default)]
pub(crate) struct Lanes {
    pub(crate) rows: Vec<u32>,
    spans: Vec<u16>,
    /// Nothing where each row stands in one span.
    pub(crate) ends: Vec<u16>,
}

/// The answers to one question.
enum Codes<'f> {
    Standings(Run<'f, u8>),
    Each(Vec<u32>),
}

impl Codes<'_> {
    fn any_refused(&self) -> bool {
        match self {
            Self::Standings(Run::Same(standing)) => is_refused(*standing),
            Self::Standings(Run::Each(all)) => is_refused(all.iter().fold(0, |most, one| most.max(*one))),
            Self::Each(codes) => {
                codes.iter().any(|code| *code < CODES && u8::try_from(*code).is_ok_and(is_refused))
            }
        }
    }
}

/// What is worked out before the first row is read.
struct Prepared<'a> {
    /// What may change answers from one period to the next; nothing where a row is asked anew for each.
    breaks: Option<Breaks<'a>>,
    /// Whether every row is free of doubts.
    no_doubts: bool,
    /// Whether each period is one span.
    spans_are_periods: bool,
    /// As [`Pass::compared`] has it.
    compared: Vec<Option<usize>>,
}

impl<'a> Pass<'_, 'a> {
    /// Reads the table, on as many threads as there is work for.
    pub(crate) fn run(&self) -> Found {
        let next = AtomicUsize::new(0);
        let threads = self.shared.work.threads.get().min(self.frame.rows.div_ceil(PORTION));
        let prepared = self.prepared();
        thread::scope(|scope| {
            let workers: Vec<_> = (1..threads).map(|_| scope.spawn(|| self.work(&prepared, &next))).collect();
            let mut found = self.work(&prepared, &next);
            for worker in workers {
                match worker.join() {
                    Ok(other) => found.absorb(&other),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            self.frame.layout().into_iter().for_each(|layout| found.rows_of(layout));
            found
        })
    }

    fn prepared(&self) -> Prepared<'a> {
        let nodes =
            self.atoms.iter().flat_map(Atom::nodes).chain(self.sorts.iter().flat_map(|sort| sort.nodes()));
        let moment = self.moments.first().filter(|_| self.spans.by_period());
        let breaks = match moment {
            None => Some(Breaks::default()),
            Some(moment) => {
                let context = self.shared.context(self.tables, *moment);
                let asking =
                    Asking { context: &context, frame: self.frame, when: self.when, moments: self.moments };
                Breaks::of(&asking, nodes)
            }
        };
        let no_doubts = Doubts::new(self.frame).none();
        let spans_are_periods = self.spans.are_periods();
        Prepared { breaks, no_doubts, spans_are_periods, compared: self.compared() }
    }

    /// Of each atom that compares what another compares as well, its place among all such values.
    fn compared(&self) -> Vec<Option<usize>> {
        let left = |atom: &Atom<'_>| match atom {
            Atom::Truth(Node { kind: NodeKind::Compare(_, left, _), .. })
                if matches!(left.kind, NodeKind::Call(..) | NodeKind::Link(_)) =>
            {
                Some(left.canonical())
            }
            _ => None,
        };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut place = |form: String| {
            let next = places.len();
            *places.entry(form).or_insert(next)
        };
        self.atoms.iter().map(|atom| left(atom).map(&mut place)).collect()
    }

    /// Takes portions of rows as long as there are any; rows of one key are taken together.
    fn work(&self, prepared: &Prepared<'a>, next: &AtomicUsize) -> Found {
        let mut found = self.nothing();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= self.frame.rows || !self.shared.work.watch.goes_on() {
                return found;
            }
            let (mut from, to) = (self.edge(from), self.edge(from.saturating_add(PORTION)));
            while from < to {
                let end = self.edge(from + BATCH).min(to);
                self.batch(prepared, from..end, &mut found);
                from = end;
            }
        }
    }

    /// The first row from here on before which no key is cut in two.
    fn edge(&self, at: usize) -> usize {
        let keyed = self.keyed.filter(|keyed| !keyed.several && at > 0 && at < self.frame.rows);
        let cut = keyed.and_then(|keyed| {
            let (before, on) = (keyed.groups.get(at - 1)?, keyed.groups.get(at..)?);
            Some(on.iter().take_while(|group| *group == before && **group != NO_GROUP).count())
        });
        self.frame.rows.min(at + cut.unwrap_or(0))
    }

    fn nothing(&self) -> Found {
        let counts = |_: &Machine| Counts {
            classes: Classes::default(),
            histogram: Histogram::new(self.spans.len()),
            more: Histogram::new(self.spans.len()),
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

    fn batch(&self, prepared: &Prepared<'a>, range: std::ops::Range<usize>, found: &mut Found) {
        let count = range.len();
        let rows = &Rows::Range(range);
        let mut lanes = Lanes::with_room(count, self.spans.shape);
        match self.when {
            CheckedWhen::Date(date) => self.events(date.index, (rows, count), &mut lanes, &mut found.odd),
            CheckedWhen::Open(start, end) => {
                self.stocks((start.index, end.index), (rows, count), &mut lanes, &mut found.odd);
            }
        }
        let Some(moment) = self.moments.first().filter(|_| !lanes.rows.is_empty()) else { return };
        let context = self.shared.context(self.tables, *moment);
        match &prepared.breaks {
            Some(_) if !self.spans.by_period() => {
                let scope = Scope::ordered(self.frame, &lanes.rows);
                self.count(prepared, &context, &scope, &lanes, found);
            }
            Some(breaks) => {
                let pieces = breaks.cut(&context, self.frame, &lanes.rows, (&lanes.spans, &lanes.ends));
                self.count_by_period(prepared, &context, &lanes.pieces(pieces), found);
            }
            // A row may stand in many periods: those lanes are taken batch by batch as well, but for rows of one key.
            None if self.keyed.is_none() => {
                let pairs = lanes.each_span();
                for from in (0..pairs.rows.len()).step_by(BATCH) {
                    let part = pairs.part(from..pairs.rows.len().min(from + BATCH));
                    self.count_by_period(prepared, &context, &part, found);
                }
            }
            None => self.count_by_period(prepared, &context, &lanes.each_span(), found),
        }
    }

    fn count_by_period(
        &self,
        prepared: &Prepared<'a>,
        context: &Context<'_>,
        lanes: &Lanes,
        found: &mut Found,
    ) {
        let times = Some((self.moments, (&lanes.spans).into()));
        let scope = Scope { times, ..Scope::list(self.frame, &lanes.rows) };
        self.count(prepared, context, &scope, lanes, found);
    }

    fn events(&self, date: usize, (rows, count): (&Rows<'_>, usize), lanes: &mut Lanes, odd: &mut Vec<u32>) {
        let Some(column) = self.frame.column(date) else { return };
        let read = rows.read(column);
        let Cell::Days(Run::Each(days)) = &read.values else { return };
        let dated = rows.iter().zip(days.iter().copied());
        match &read.standing {
            Run::Same(KNOWN) => dated.for_each(|(row, day)| self.event(row, day, lanes)),
            standings => {
                for ((row, day), standing) in dated.zip(standings.iter(count)) {
                    if standing == KNOWN {
                        self.event(row, day, lanes);
                    } else if !is_blank(standing) {
                        odd.push(row);
                    }
                }
            }
        }
    }

    #[inline]
    fn event(&self, row: u32, day: i32, lanes: &mut Lanes) {
        let stretches = self.spans.shape == Shape::Stretches;
        let (from, to) = if stretches {
            (self.spans.before(day), self.spans.begun(day))
        } else {
            let span = self.spans.of(day);
            (span, span.saturating_add(1))
        };
        if from >= to || (!self.beyond_cover && self.frame.speaks.in_gap(day)) {
            return;
        }
        lanes.rows.push(row);
        lanes.spans.push(from);
        if stretches {
            lanes.ends.push(to);
        }
    }

    fn stocks(
        &self,
        (start, end): (usize, usize),
        (rows, count): (&Rows<'_>, usize),
        lanes: &mut Lanes,
        odd: &mut Vec<u32>,
    ) {
        let read = |column: usize| {
            let column = self.frame.column(column);
            column.map_or_else(Values::null, |column| rows.read(column))
        };
        let (starts, ends) = (read(start), read(end));
        let (begins, overs) = (days_of(&starts), days_of(&ends));
        let begins = begins.iter(count).zip(starts.standing.iter(count));
        let overs = overs.iter(count).zip(ends.standing.iter(count));
        for (row, ((begun, start), (over, end))) in rows.iter().zip(begins.zip(overs)) {
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

    fn count<'f>(
        &self,
        prepared: &Prepared<'a>,
        context: &Context<'f>,
        scope: &Scope<'f, '_>,
        lanes: &Lanes,
        found: &mut Found,
    ) where
        'a: 'f,
        Self: 'f,
    {
        let Found { machines, slots, sayings, .. } = found;
        let standing = self.standing(context, scope, slots, sayings);
        let mut values: BTreeMap<usize, Values<'f>> = BTreeMap::new();
        let asked = self.atoms.iter().zip(&prepared.compared);
        let answers: Vec<(Codes<'f>, bool)> = asked
            .map(|(atom, compared)| {
                let codes = match (atom, compared) {
                    (
                        Atom::Truth(Node { kind: NodeKind::Compare(comparison, left, right), .. }),
                        Some(at),
                    ) => {
                        let left = values.entry(*at).or_insert_with(|| evaluate(context, scope, left));
                        let right = evaluate(context, scope, right);
                        let found = compare(*comparison, left, &right, scope.lanes, context.words);
                        Codes::Standings(found.standing)
                    }
                    _ => self.codes(prepared, context, scope, (atom, &lanes.rows), sayings),
                };
                let refused = codes.any_refused();
                (codes, refused)
            })
            .collect();
        for (machine, counts) in self.machines.iter().zip(machines) {
            let mut states = Run::Same(0);
            let mut refused = false;
            for (codes, is_refused) in machine.atoms.iter().filter_map(|atom| answers.get(*atom)) {
                refused |= is_refused;
                states = match codes {
                    Codes::Standings(standings) => counts.classes.lead(&states, standings),
                    Codes::Each(codes) => counts.classes.lead_by_codes(&states, codes),
                };
            }
            let classes = counts.classes.close(&states);
            let (slots, all) = (slots.len(), counts.classes.len());
            counts.histogram.fit(slots, all);
            match self.keyed {
                None => counts.histogram.add_all((&lanes.spans, &lanes.ends), &standing, &classes),
                Some(keyed) => {
                    counts.more.fit(slots, all);
                    let mut gathering = Gathering { lanes, standing: &standing, classes: &classes, counts };
                    gathering.all(keyed, prepared.spans_are_periods);
                }
            }
            if refused {
                lanes.note_firsts(&classes, self.frame.layout(), &mut counts.firsts);
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
    ) -> Run<'static, u32>
    where
        'a: 'f,
        Self: 'f,
    {
        let mut standing = if self.names_areas { self.areas(scope, slots, sayings) } else { Run::Same(0) };
        for sort in &self.sorts {
            match sort {
                CheckedSort::Into(node) => {
                    let codes = sayings.of(&evaluate(context, scope, node), scope.lanes);
                    standing = slots.lead_by_codes(&standing, &codes);
                }
                CheckedSort::Each(nodes) => {
                    for node in nodes {
                        standing = slots.lead(&standing, &evaluate(context, scope, node).standing);
                    }
                }
            }
        }
        slots.close(&standing)
    }

    /// What rows say of their area.
    fn areas(&self, scope: &Scope<'_, '_>, slots: &mut Classes, sayings: &mut Sayings) -> Run<'static, u32> {
        let column = self.area.and_then(|field| self.frame.column(field));
        let (Some(column), Some((_, rows))) = (column, scope.frames.first()) else {
            return slots.lead(&Run::Same(0), &Run::Same(BLANK));
        };
        let read = rows.read(column);
        if let (Cell::Words(Run::Each(words)), Run::Same(KNOWN)) = (&read.values, &read.standing) {
            return Run::Each(words.iter().map(|word| slots.word(*word, sayings)).collect());
        }
        slots.lead_by_codes(&Run::Same(0), &sayings.of(&read, scope.lanes))
    }

    fn codes<'f>(
        &self,
        prepared: &Prepared<'_>,
        context: &Context<'f>,
        scope: &Scope<'f, '_>,
        (atom, rows): (&Atom<'_>, &[u32]),
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
                if prepared.no_doubts {
                    return Codes::Standings(Run::Same(NO));
                }
                let doubts = Doubts::new(self.frame);
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

fn days_of<'l>(lanes: &'l Values<'_>) -> Run<'l, i32> {
    match &lanes.values {
        Cell::Days(Run::Each(days)) => Run::Each(Cow::Borrowed(days)),
        Cell::Days(Run::Same(day)) => Run::Same(*day),
        _ => Run::Same(0),
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
    /// Names rows as the table has them, not by their places in a layout.
    fn rows_of(&mut self, layout: &Clustered) {
        self.odd.iter_mut().for_each(|row| *row = layout.row(*row));
        let records = self.machines.iter_mut().flat_map(|counts| &mut counts.records);
        records.for_each(|record| record.row = layout.row(record.row));
    }

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
            own.more.fit(self.slots.len(), own.classes.len());
            for (own, theirs) in [(&mut own.histogram, &theirs.histogram), (&mut own.more, &theirs.more)] {
                for (span, slot, class, count) in theirs.each() {
                    own.cell(span, of(&slots, slot), of(&classes, class), count);
                }
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
    fn with_room(rows: usize, shape: Shape) -> Self {
        let ends = if shape == Shape::Stretches { rows } else { 0 };
        Self {
            rows: Vec::with_capacity(rows),
            spans: Vec::with_capacity(rows),
            ends: Vec::with_capacity(ends),
        }
    }

    /// The first span of a lane.
    pub(crate) fn span(&self, lane: usize) -> u16 {
        self.spans.get(lane).copied().unwrap_or(NO_SPAN)
    }

    /// The span in which a lane is over.
    pub(crate) fn end(&self, lane: usize) -> u16 {
        self.ends.get(lane).copied().unwrap_or_else(|| self.span(lane).saturating_add(1))
    }

    /// A lane for each piece of a row.
    fn pieces(&self, pieces: Vec<(usize, u16, u16)>) -> Self {
        let mut all = Self::with_room(pieces.len(), Shape::Stretches);
        for (lane, from, to) in pieces {
            all.rows.extend(self.rows.get(lane));
            all.spans.push(from);
            all.ends.push(to);
        }
        all
    }

    /// A lane for each row and span in which it stands.
    fn each_span(&self) -> Self {
        let spans = self.spans.iter().zip(&self.ends).enumerate();
        self.pieces(
            spans
                .flat_map(|(lane, (from, to))| (*from..*to).map(move |span| (lane, span, span + 1)))
                .collect(),
        )
    }

    fn part(&self, lanes: std::ops::Range<usize>) -> Self {
        let of = |all: &[u16]| all.get(lanes.clone()).unwrap_or_default().to_vec();
        Self {
            rows: self.rows.get(lanes.clone()).unwrap_or_default().to_vec(),
            spans: of(&self.spans),
            ends: of(&self.ends),
        }
    }

    /// Keeps the first row of each span and class: what stays open is refused on every day that it stands in.
    fn note_firsts(
        &self,
        classes: &Run<'_, u32>,
        layout: Option<&Clustered>,
        firsts: &mut BTreeMap<(u32, u32), u32>,
    ) {
        let classes = classes.iter(self.rows.len());
        for (lane, ((row, span), class)) in self.rows.iter().zip(&self.spans).zip(classes).enumerate() {
            let row = layout.map_or(*row, |layout| layout.row(*row));
            for span in *span..self.end(lane) {
                let first = firsts.entry((u32::from(span), class)).or_insert(row);
                *first = (*first).min(row);
            }
        }
    }
}
