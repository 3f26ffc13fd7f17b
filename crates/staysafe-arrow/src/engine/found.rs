//! What one reading of a table found, or a part of it.

use std::collections::BTreeMap;

use super::asked::Codes;
use super::classes::{CODES, Classes};
use super::clustered::Clustered;
use super::histogram::Histogram;
use super::lanes::{Run, place};
use super::placed::Placed;
use super::sayings::Sayings;
use super::shorthand::{Answer, Shorthand};

/// The rows of a reading, put in classes by each machine, and counted by where they stand.
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
    pub(crate) shorthand: Shorthand,
    /// Of each class whether its rows add nothing, wherever and with whatever they are counted; as far as it was asked.
    pub(crate) silent: Vec<bool>,
    /// Rows that count by themselves; of those that count as one with others just like them, one.
    pub(crate) histogram: Histogram,
    /// The others.
    pub(crate) more: Histogram,
    /// The first row of each span and class, where something was refused.
    pub(crate) firsts: BTreeMap<(u32, u32), u32>,
    /// Rows that count with others of their key: span, slot, class, row.
    pub(crate) records: Vec<Record>,
}

/// A row in one span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record {
    pub(crate) span: u32,
    pub(crate) slot: u32,
    pub(crate) class: u32,
    pub(crate) row: u32,
}

impl Found {
    /// Nothing yet, of so many machines in so many spans.
    pub(crate) fn new(machines: usize, spans: usize) -> Self {
        Self {
            machines: (0..machines).map(|_| Counts::new(spans)).collect(),
            slots: Classes::default(),
            sayings: Sayings::default(),
            odd: Vec::new(),
        }
    }

    /// Names rows as the table has them, not by their places in a layout.
    pub(crate) fn rows_of(&mut self, layout: &Clustered) {
        self.odd.iter_mut().for_each(|row| *row = layout.row(*row));
        let records = self.machines.iter_mut().flat_map(|counts| &mut counts.records);
        records.for_each(|record| record.row = layout.row(record.row));
    }

    /// Adds what another thread found, who numbered classes, slots and sayings by itself.
    pub(crate) fn absorb(&mut self, other: &Self) {
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
            let of = |all: &[u32], number: u32| all.get(place(number)).copied().unwrap_or(number);
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

impl Counts {
    fn new(spans: usize) -> Self {
        Self {
            classes: Classes::default(),
            shorthand: Shorthand::default(),
            silent: Vec::new(),
            histogram: Histogram::new(spans),
            more: Histogram::new(spans),
            firsts: BTreeMap::new(),
            records: Vec::new(),
        }
    }

    /// The classes of lanes that answered so.
    pub(crate) fn classes_of(&mut self, codes: &[&Codes<'_>]) -> Run<'static, u32> {
        let answers: Option<Vec<&Answer<'_>>> = codes.iter().map(|codes| codes.short()).collect();
        let short = answers.and_then(|answers| self.shorthand.classes(&mut self.classes, &answers));
        short.unwrap_or_else(|| {
            let led = codes.iter().fold(Run::Same(0), |states, codes| match codes {
                Codes::Standings(answer) => self.classes.lead(&states, answer.standings()),
                Codes::Each(codes) => self.classes.lead_by_codes(&states, codes),
            });
            self.classes.close(&led)
        })
    }

    #[inline]
    pub(crate) fn is_silent(&self, class: u32) -> bool {
        self.silent.get(place(class)).copied().unwrap_or(false)
    }

    /// Keeps the first row of each span and class: what stays open is refused on every day that it stands in.
    pub(crate) fn note_firsts(
        &mut self,
        placed: &Placed,
        classes: &Run<'_, u32>,
        layout: Option<&Clustered>,
    ) {
        let classes = classes.iter(placed.rows.len());
        for (lane, ((row, span), class)) in placed.rows.iter().zip(&placed.spans).zip(classes).enumerate() {
            let row = layout.map_or(*row, |layout| layout.row(*row));
            for span in *span..placed.end(lane) {
                let first = self.firsts.entry((u32::from(span), class)).or_insert(row);
                *first = (*first).min(row);
            }
        }
    }
}
