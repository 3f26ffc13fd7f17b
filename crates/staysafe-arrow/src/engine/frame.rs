//! A table in columns, with what it can speak for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use staysafe::definition::dataset::Dataset;
use staysafe::record::{Cover, Days, Row, Table};

use staysafe::calculate::join::Aside;

use super::clustered::Clustered;
use super::column::{Cells, Column, number_of};
use super::keys::{Grouped, Index};
use super::words::Words;

/// The first and last of some days, as numbers.
pub(crate) type Span = (i32, i32);

/// One table, its columns in the order of its dataset's fields.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) dataset: &'a Dataset,
    columns: Columns,
    pub(crate) rows: usize,
    pub(crate) speaks: Arc<Speaks>,
    /// Rows that a derived table could not place.
    pub(crate) unplaced: u64,
    /// Of each row, its place in what is told aside; empty where nothing is.
    pub(crate) origins: Vec<u32>,
    /// Rows that an earlier return held, and a later one could have held and does not.
    pub(crate) gone: Option<Arc<Frame<'a>>>,
    /// The codes that each field has in the return's year, where it has codes.
    pub(crate) codes: Arc<[Option<BTreeSet<u32>>]>,
    kept: Arc<Kept>,
    /// As [`Kept::linked`], of tables that are worked out: they are other ones in the next calculation.
    linked: Mutex<BTreeMap<Between, Arc<[u32]>>>,
}

/// Columns as they came, or laid out by a key.
#[derive(Debug)]
enum Columns {
    Own(Vec<Option<Column>>),
    Clustered(Arc<Clustered>),
}

/// What is worked out of a table's rows, once for as long as its columns are kept.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Which columns these are: no others have their number, before or after.
    pub(crate) number: u64,
    indexes: Mutex<BTreeMap<Vec<usize>, Arc<Index>>>,
    clustered: Mutex<BTreeMap<Vec<usize>, Arc<Clustered>>>,
    /// By the fields of a key and a date.
    days: Mutex<BTreeMap<(Vec<usize>, usize), Sorted>>,
    inverted: OnceLock<bool>,
    /// Whether the columns are kept from one calculation to the next; and of each other such table whose rows are linked to this
    /// one's, the groups of its rows.
    lasting: bool,
    linked: Mutex<BTreeMap<Between, Arc<[u32]>>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            number: FRAMES.fetch_add(1, Ordering::Relaxed),
            indexes: Mutex::default(),
            clustered: Mutex::default(),
            days: Mutex::default(),
            inverted: OnceLock::new(),
            lasting: false,
            linked: Mutex::default(),
        }
    }
}

impl Kept {
    /// Of columns that are kept from one calculation to the next.
    pub(crate) fn lasting() -> Self {
        Self { lasting: true, ..Self::default() }
    }

    /// Of these columns in another order.
    pub(crate) fn laid_out(&self) -> Self {
        Self { lasting: self.lasting, ..Self::default() }
    }
}

/// Days in the order of a key, those of one key in order.
type Sorted = Arc<[i32]>;

/// A frame's number, its fields, and the fields here that they are set against.
type Between = (u64, Vec<usize>, Vec<usize>);

static FRAMES: AtomicU64 = AtomicU64::new(0);

/// The days that a table can speak for, and what is told beside its rows; a derived table has it of the one it comes from.
#[derive(Debug, Default)]
pub(crate) struct Speaks {
    pub(crate) events: Option<Span>,
    pub(crate) stocks: Option<Span>,
    pub(crate) gaps_of_events: Vec<Span>,
    pub(crate) gaps_of_stocks: Vec<Span>,
    /// Whether any day inside its cover is spoken for by no return: whole lives are then never shown.
    pub(crate) has_gaps: bool,
    /// By place: how many identical rows a row stands for, and whether it stands for rows that differ.
    pub(crate) doubts: BTreeMap<u32, (u64, bool)>,
}

impl<'a> Frame<'a> {
    /// The rows of a table.
    pub(crate) fn new(dataset: &'a Dataset, table: &Table, aside: Option<&Aside>, words: &mut Words) -> Self {
        let gone = aside.map(Aside::gone).filter(|gone| !gone.is_empty());
        let speaks = Speaks::new(&table.cover, &table.rows, aside);
        let gone = gone.map(|rows| Arc::new(Self::of_rows(dataset, &table.fields, rows, words)));
        let origins = if speaks.doubts.is_empty() {
            Vec::new()
        } else {
            table.rows.iter().map(|row| row.origin).collect()
        };
        let made = Self::of_rows(dataset, &table.fields, &table.rows, words);
        Self { gone, origins, speaks: Arc::new(speaks), ..made }
    }

    /// Columns that were made before, with what was worked out of them before.
    pub(crate) fn of_columns(
        dataset: &'a Dataset,
        columns: &[Option<Column>],
        (rows, kept): (usize, &Arc<Kept>),
        cover: &Cover,
        aside: Option<&Aside>,
    ) -> Self {
        let speaks = Speaks::new(cover, &[], aside);
        Self { kept: Arc::clone(kept), ..Self::made(dataset, columns.to_vec(), rows, Arc::new(speaks)) }
    }

    fn of_rows(dataset: &'a Dataset, fields: &[Arc<str>], rows: &[Row], words: &mut Words) -> Self {
        let columns = dataset.fields.iter().map(|field| {
            let column = fields.iter().position(|name| **name == *field.name.value)?;
            let data =
                rows.iter().map(|row| row.values.get(column).unwrap_or(&staysafe::value::Datum::Missing));
            Some(Column::new(field, data, words))
        });
        Self::made(dataset, columns.collect(), rows.len(), Arc::default())
    }

    /// A table that was worked out.
    pub(crate) fn made(
        dataset: &'a Dataset,
        columns: Vec<Option<Column>>,
        rows: usize,
        speaks: Arc<Speaks>,
    ) -> Self {
        Self {
            dataset,
            columns: Columns::Own(columns),
            rows,
            speaks,
            unplaced: 0,
            origins: Vec::new(),
            gone: None,
            codes: Arc::default(),
            kept: Arc::default(),
            linked: Mutex::default(),
        }
    }

    #[inline]
    pub(crate) fn column(&self, field: usize) -> Option<&Column> {
        match &self.columns {
            Columns::Own(columns) => columns.get(field)?.as_ref(),
            Columns::Clustered(of) => of.column(field),
        }
    }

    /// Whether a field is known of every row. Nothing is laid out to tell.
    pub(crate) fn is_whole(&self, field: usize) -> bool {
        let column = match &self.columns {
            Columns::Own(columns) => columns.get(field).and_then(Option::as_ref),
            Columns::Clustered(of) => of.own(field),
        };
        column.is_some_and(|column| column.standing.is_none())
    }

    /// The columns in the order of the dataset's fields.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Option<&Column>> {
        (0..self.dataset.fields.len()).map(|field| self.column(field))
    }

    /// The table laid out by a key.
    pub(crate) fn clustered(&self, fields: &[usize]) -> Self {
        let index = self.index(fields);
        let mut clustered = self.kept.clustered.lock().unwrap_or_else(PoisonError::into_inner);
        let made = clustered.entry(fields.to_vec()).or_insert_with(|| {
            let columns: Vec<Option<Column>> = self.columns().map(Option::<&Column>::cloned).collect();
            Arc::new(Clustered::new(fields, index, &columns, &self.kept))
        });
        let origin = |row: &u32| usize::try_from(*row).ok().and_then(|row| self.origins.get(row)).copied();
        Self {
            dataset: self.dataset,
            columns: Columns::Clustered(Arc::clone(made)),
            rows: self.rows,
            speaks: Arc::clone(&self.speaks),
            unplaced: self.unplaced,
            origins: made.index.by_group().iter().map_while(origin).collect(),
            gone: None,
            codes: Arc::clone(&self.codes),
            kept: Arc::clone(&made.kept),
            linked: Mutex::default(),
        }
    }

    /// How the table is laid out, where it is by a key.
    pub(crate) fn layout(&self) -> Option<&Clustered> {
        match &self.columns {
            Columns::Own(_) => None,
            Columns::Clustered(of) => Some(of),
        }
    }

    /// How the table is laid out, where it is another's rows by these fields.
    pub(crate) fn laid_out(&self, of: &Frame<'_>, fields: &[usize]) -> Option<&Clustered> {
        self.layout().filter(|layout| layout.number == of.kept.number && layout.fields == fields)
    }

    /// The column of a field by its name.
    pub(crate) fn named(&self, field: &str) -> Option<&Column> {
        self.column(self.dataset.fields.iter().position(|of| of.name.value == field)?)
    }

    /// The day of a row that is known.
    #[inline]
    pub(crate) fn day(&self, field: usize, row: usize) -> Option<i32> {
        self.column(field)?.day(row)
    }

    /// Rows by their values of some fields; worked out once.
    pub(crate) fn index(&self, fields: &[usize]) -> Arc<Index> {
        let mut indexes = self.kept.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.get(fields) {
            return Arc::clone(index);
        }
        let index = Arc::new(Index::new(self, fields));
        indexes.insert(fields.to_vec(), Arc::clone(&index));
        index
    }

    /// The days of a field, as [`Index::by_group`] has the rows, those of one group in order; `None` where a day is not known.
    pub(crate) fn days_by_group(&self, fields: &[usize], field: usize) -> Option<Sorted> {
        let Column { cells: Cells::Days(days), standing: None, .. } = self.column(field)? else {
            return None;
        };
        let index = self.index(fields);
        let mut kept = self.kept.days.lock().unwrap_or_else(PoisonError::into_inner);
        let made = kept.entry((fields.to_vec(), field)).or_insert_with(|| {
            let of = |row: &u32| usize::try_from(*row).ok().and_then(|row| days.get(row)).copied();
            let mut sorted: Vec<i32> =
                index.by_group().iter().map(|row| of(row).unwrap_or_default()).collect();
            for group in 0..u32::try_from(index.len()).unwrap_or(u32::MAX) {
                sorted.get_mut(index.range(group)).unwrap_or_default().sort_unstable();
            }
            sorted.into()
        });
        Some(Arc::clone(made))
    }

    /// Whether any row ends before it starts, by the dates that its dataset names.
    pub(crate) fn any_inverted(&self, (start, end): (&Column, &Column)) -> bool {
        *self.kept.inverted.get_or_init(|| {
            (0..self.rows).any(|row| start.day(row).zip(end.day(row)).is_some_and(|(from, to)| to < from))
        })
    }

    /// The group of each row of another frame among this one's rows, which `index` has by `theirs`; worked out once.
    pub(crate) fn linked(
        &self,
        index: &Index,
        from: &Frame<'_>,
        ours: &[usize],
        theirs: &[usize],
    ) -> Grouped {
        if ours == theirs {
            if from.layout().is_none() && from.kept.number == self.kept.number {
                return Grouped::Each(Arc::clone(index.of_row()));
            }
            if let Some(layout) = from.laid_out(self, theirs) {
                return Grouped::LaidOut(Arc::clone(&layout.index));
            }
        }
        let key = (from.kept.number, ours.to_vec(), theirs.to_vec());
        let both_last = self.kept.lasting && from.kept.lasting;
        let linked = if both_last { &self.kept.linked } else { &self.linked };
        let mut linked = linked.lock().unwrap_or_else(PoisonError::into_inner);
        let made = linked.entry(key).or_insert_with(|| index.groups_of((self, theirs), (from, ours)));
        Grouped::Each(Arc::clone(made))
    }

    /// How many identical rows a row stands for, and whether it stands for rows that differ.
    pub(crate) fn doubts(&self, row: usize) -> (u64, bool) {
        let place = self.origins.get(row).and_then(|origin| self.speaks.doubts.get(origin));
        place.copied().unwrap_or_default()
    }
}

impl Speaks {
    fn new(cover: &Cover, rows: &[Row], aside: Option<&Aside>) -> Self {
        let span = |days: Days| (number_of(days.first), number_of(days.last));
        let spans = |days: Option<&[Days]>| days.unwrap_or_default().iter().copied().map(span).collect();
        let doubts = aside.into_iter().flat_map(|aside| {
            let of = |row: &Row| (row.origin, (aside.duplicates(row), aside.is_contradictory(row)));
            rows.iter().map(of).filter(|(_, doubts)| *doubts != (0, false))
        });
        Self {
            events: cover.events.map(span),
            stocks: cover.stocks.map(span),
            gaps_of_events: spans(aside.map(Aside::gaps_of_events)),
            gaps_of_stocks: spans(aside.map(Aside::gaps_of_stocks)),
            has_gaps: aside.is_some_and(Aside::has_gaps),
            doubts: doubts.collect(),
        }
    }

    /// Whether the table can speak for what is open on a day.
    pub(crate) fn shows_stock(&self, day: i32) -> bool {
        let inside = |(first, last): &Span| *first <= day && day <= *last;
        !self.gaps_of_stocks.iter().any(inside) && self.stocks.as_ref().is_none_or(inside)
    }

    /// Whether events of a day lie between the covers of two returns, where only survivors are known.
    #[inline]
    pub(crate) fn in_gap(&self, day: i32) -> bool {
        self.gaps_of_events.iter().any(|(first, last)| *first <= day && day <= *last)
    }

    /// The first of the days, up to the one given, that the table speaks for without a gap; `None` without a limit.
    pub(crate) fn shown_from(&self, up_to: i32) -> Option<i32> {
        let (first, _) = self.events?;
        let before = self.gaps_of_events.iter().rfind(|(gap, _)| *gap <= up_to);
        Some(before.map_or(first, |(_, last)| last + 1))
    }
}
