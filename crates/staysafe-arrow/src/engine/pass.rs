//! One reading of a table for all that is asked of it in some periods: batch by batch, rows become classes, and classes
//! are counted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use staysafe::calculate::engine::Moment;
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::{CheckedWhen, Node, NodeKind};

use super::Shared;
use super::asked::{Batch, Codes};
use super::atoms::Atom;
use super::breaks::{Asking, Breaks, Cut, How};
use super::by_word::ByWord;
use super::classes::Classes;
use super::cohort::Line;
use super::evaluate::{Context, Scope, evaluate};
use super::found::{Counts, Found};
use super::frame::Frame;
use super::gathering::Gathering;
use super::keys::{Grouped, NO_GROUP};
use super::ladder::is_silent;
use super::lanes::{Lanes, Run, Values};
use super::outcome::Judge;
use super::placed::{Placed, Placing};
use super::sayings::Sayings;
use super::select::Doubts;
use super::spans::Spans;
use super::standing::{BLANK, KNOWN};
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
    /// The ladders, each of a machine.
    pub(crate) lines: &'p [Line<'a>],
}

/// Ladders whose rows are put in classes together, by the places of what they ask.
pub(crate) struct Machine {
    pub(crate) atoms: Vec<usize>,
}

/// How rows of one key are told from others.
pub(crate) struct Keyed {
    /// The group of each row.
    pub(crate) groups: Grouped,
    /// Whether a key may be met in another reading as well, so that no row counts by itself.
    pub(crate) several: bool,
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
    /// Questions that are answered by the text of a field.
    by_word: Vec<ByWord<'a>>,
    /// Whether rows that stand in no span may be asked too: they must have no more to say than yes or no.
    idle: bool,
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
        let sorts = || self.sorts.iter().flat_map(|sort| sort.nodes());
        let moment = self.moments.first().filter(|_| self.spans.by_period());
        let breaks = match moment {
            None => Some(Breaks::default()),
            Some(moment) => {
                let context = self.shared.context(self.tables, *moment);
                let asking =
                    Asking { context: &context, frame: self.frame, when: self.when, moments: self.moments };
                Breaks::of(&asking, self.atoms, sorts())
            }
        };
        let no_doubts = Doubts::new(self.frame).none();
        let speaks = |atom: &Atom<'_>| match atom {
            Atom::Said(_) | Atom::Day(_) => true,
            Atom::Doubts => !no_doubts,
            _ => false,
        };
        let by_row = |atom: usize| {
            let how = breaks
                .as_ref()
                .map_or(How::Period, |breaks: &Breaks<'_>| breaks.how.get(atom).copied().unwrap_or(How::Row));
            how == How::Row
        };
        let by_word = self
            .moments
            .first()
            .map(|moment| ByWord::all(&self.shared.context(self.tables, *moment), self.atoms, by_row));
        Prepared {
            by_word: by_word.unwrap_or_default(),
            breaks,
            no_doubts,
            spans_are_periods: self.spans.are_periods(),
            compared: self.compared(),
            idle: self.keyed.is_none() && !self.spans.by_period() && !self.atoms.iter().any(speaks),
        }
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
        let mut found = Found::new(self.machines.len(), self.spans.len());
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
        let cut = keyed.map(|keyed| {
            let before = keyed.groups.at(at - 1);
            let same = |row: &usize| before != NO_GROUP && keyed.groups.at(*row) == before;
            (at..self.frame.rows).take_while(same).count()
        });
        self.frame.rows.min(at + cut.unwrap_or(0))
    }

    fn batch(&self, prepared: &Prepared<'a>, range: std::ops::Range<usize>, found: &mut Found) {
        let (spans, beyond_cover) = (self.spans, self.beyond_cover);
        let placing = Placing { frame: self.frame, spans, beyond_cover, idle: prepared.idle };
        let odd = &mut found.odd;
        let placed = match self.when {
            CheckedWhen::Date(date) => placing.events(date.index, range, odd),
            CheckedWhen::Open(start, end) => placing.stocks((start.index, end.index), range, odd),
        };
        let Some(moment) = self.moments.first().filter(|_| !placed.rows.is_empty()) else { return };
        let context = self.shared.context(self.tables, *moment);
        match &prepared.breaks {
            Some(_) if !self.spans.by_period() => self.count(prepared, &context, &placed, None, found),
            Some(breaks) => {
                let cut = breaks.cut(&context, self.frame, &placed);
                self.count(prepared, &context, &placed, Some(&cut), found);
            }
            // A row may stand in many periods: those lanes are taken batch by batch as well, but for rows of one key.
            None if self.keyed.is_none() => {
                let pairs = placed.each_span();
                for from in (0..pairs.rows.len()).step_by(BATCH) {
                    let part = pairs.part(from..pairs.rows.len().min(from + BATCH));
                    self.count(prepared, &context, &part, None, found);
                }
            }
            None => self.count(prepared, &context, &placed.each_span(), None, found),
        }
    }

    /// Counts rows of a batch; those that are cut, piece by piece.
    fn count<'f>(
        &self,
        prepared: &Prepared<'a>,
        context: &Context<'f>,
        placed: &Placed,
        cut: Option<&Cut>,
        found: &mut Found,
    ) where
        'a: 'f,
        Self: 'f,
    {
        let mut rows = Scope::ordered(self.frame, &placed.rows);
        if prepared.breaks.is_none() {
            let times = Some((self.moments, placed.spans.as_slice().into()));
            rows = Scope { times, ..Scope::list(self.frame, &placed.rows) };
        }
        let pieces = cut.map(|cut| {
            let times = Some((self.moments, cut.pieces.spans.as_slice().into()));
            (Scope { times, ..Scope::list(self.frame, &cut.pieces.rows) }, cut)
        });
        let batch = Batch {
            context,
            frame: self.frame,
            rows,
            numbers: &placed.rows,
            pieces,
            no_doubts: prepared.no_doubts,
            by_word: &prepared.by_word,
        };
        let Found { machines, slots, sayings, .. } = found;
        let standing = self.standing(prepared, &batch, slots, sayings);
        let how = prepared.breaks.as_ref().map_or(&[][..], |breaks| &breaks.how);
        let answers = batch.answers(self.atoms, how, &prepared.compared, sayings);
        let placed = cut.map_or(placed, |cut| &cut.pieces);
        for (number, (machine, counts)) in self.machines.iter().zip(machines).enumerate() {
            let codes: Vec<&Codes<'_>> = machine.atoms.iter().filter_map(|atom| answers.get(*atom)).collect();
            let classes = counts.classes_of(&codes);
            counts.histogram.fit(slots.len(), counts.classes.len());
            match self.keyed {
                None => counts.histogram.add_all((&placed.spans, &placed.ends), &standing, &classes),
                Some(keyed) => {
                    counts.more.fit(slots.len(), counts.classes.len());
                    self.hear(number, counts, sayings);
                    let mut gathering =
                        Gathering { lanes: placed, standing: &standing, classes: &classes, counts };
                    gathering.all(keyed, prepared.spans_are_periods);
                }
            }
            if codes.iter().any(|codes| codes.any_refused()) {
                counts.note_firsts(placed, &classes, self.frame.layout());
            }
        }
    }

    /// Judges of each class that is new whether its rows add nothing, whichever ladder asks.
    fn hear(&self, machine: usize, counts: &mut Counts, sayings: &Sayings) {
        if counts.silent.len() == counts.classes.len() {
            return;
        }
        let may_be_unmapped = self.may_be_unmapped(machine);
        for class in counts.silent.len()..counts.classes.len() {
            let codes = counts.classes.codes(u32::try_from(class).unwrap_or(u32::MAX));
            let mut lines = self.lines.iter().filter(|line| line.machine == machine);
            let silent = lines.all(|line| {
                let (words, asks) = (self.shared.words, &line.asks);
                let judge = Judge { ladder: line.ladder, asks, sayings, words, area: "" };
                !may_be_unmapped && judge.judge(&codes).is_ok_and(|judged| is_silent(&judged))
            });
            counts.silent.push(silent);
        }
    }

    /// Whether a row that is out may be noted all the same: then others of its key have a say in where.
    fn may_be_unmapped(&self, machine: usize) -> bool {
        let atoms = self.machines.get(machine).map(|machine| machine.atoms.as_slice()).unwrap_or_default();
        let coded = |field: usize| self.frame.codes.get(field).is_some_and(Option::is_some);
        let may = |atom: &Atom<'_>| matches!(atom, Atom::Unmapped(field) if coded(*field));
        atoms.iter().filter_map(|atom| self.atoms.get(*atom)).any(may)
    }

    /// Where each row stands: what it says of its area, and of each sort.
    fn standing<'f>(
        &self,
        prepared: &Prepared<'a>,
        batch: &Batch<'_, 'f>,
        slots: &mut Classes,
        sayings: &mut Sayings,
    ) -> Run<'static, u32>
    where
        'a: 'f,
        Self: 'f,
    {
        match &batch.pieces {
            None => self.standing_in(batch.context, &batch.rows, slots, sayings),
            Some((pieces, _)) if prepared.breaks.as_ref().is_some_and(|breaks| breaks.moves_rows) => {
                self.standing_in(batch.context, pieces, slots, sayings)
            }
            Some((_, cut)) => self.standing_in(batch.context, &batch.rows, slots, sayings).take(&cut.lanes),
        }
    }

    fn standing_in<'f>(
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
        if self.sorts.is_empty()
            && let Some(words) = self.area_words(scope)
        {
            return Run::Each(words.iter().map(|word| slots.word_alone(*word, sayings)).collect());
        }
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
        if let Some(words) = self.area_words(scope) {
            return Run::Each(words.iter().map(|word| slots.word(*word, sayings)).collect());
        }
        let column = self.area.and_then(|field| self.frame.column(field));
        let (Some(column), Some((_, rows))) = (column, scope.frames.first()) else {
            return slots.lead(&Run::Same(0), &Run::Same(BLANK));
        };
        slots.lead_by_codes(&Run::Same(0), &sayings.of(&rows.read(column), scope.lanes))
    }

    /// What rows say of their area, where every one says it in words.
    fn area_words<'f>(&'f self, scope: &Scope<'f, '_>) -> Option<Cow<'f, [u32]>> {
        let column = self.area.filter(|_| self.names_areas).and_then(|field| self.frame.column(field))?;
        let (_, rows) = scope.frames.first()?;
        match rows.read(column) {
            Lanes { values: Values::Words(Run::Each(words)), standing: Run::Same(KNOWN) } => Some(words),
            _ => None,
        }
    }
}
