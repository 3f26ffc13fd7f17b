//! Keys by number: the values of some fields, packed side by side as narrowly as a table's values allow.

use std::hash::{BuildHasher, Hash};

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};

use super::column::{Cells, Column};
use super::evaluate::Rows;
use super::frame::Frame;
use super::keys::{Cell, NO_GROUP, NOBODYS, key};
use super::lanes::{Lanes, Values};

/// So many rows are packed at once.
const BATCH: usize = 4096;

/// The keys of a table, each with the number in whose order it was met.
#[derive(Debug)]
pub(super) enum Numbering {
    /// Values that fit into so many bits.
    Narrow(Packing, Numbers<u32>),
    Short(Packing, Numbers<u64>),
    Long(Packing, Numbers<u128>),
    Boxed(Numbers<Box<[Cell]>>),
}

/// Where the value of each field lies in a key.
pub(super) type Packing = Box<[Place]>;

/// The values of one field: of one kind, from the least on, so many bits wide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    kind: Kind,
    least: i64,
    most: i64,
    bits: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truth,
    Day,
    Whole,
    Word,
}

/// Keys of one width, without a copy in the table that finds them.
#[derive(Debug)]
pub(super) struct Numbers<K> {
    found: HashTable<u32>,
    keys: Vec<K>,
    hasher: DefaultHashBuilder,
}

/// A whole number that keys are packed in.
pub(super) trait Packed: Copy + Eq + Hash + Default {
    /// Puts a value of so many bits behind the others.
    fn put(&mut self, bits: u32, value: u64);
}

impl Packed for u32 {
    fn put(&mut self, bits: u32, value: u64) {
        *self = self.checked_shl(bits).unwrap_or(0) | Self::try_from(value).unwrap_or(0);
    }
}

impl Packed for u64 {
    fn put(&mut self, bits: u32, value: u64) {
        *self = self.checked_shl(bits).unwrap_or(0) | value;
    }
}

impl Packed for u128 {
    fn put(&mut self, bits: u32, value: u64) {
        *self = self.checked_shl(bits).unwrap_or(0) | Self::from(value);
    }
}

/// How a row's key fits a packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Fits,
    /// A value that the table the packing is of does not have.
    Beyond,
    /// A field has no value.
    NotWhole,
}

impl Numbering {
    /// The numbers of a table's rows: [`NO_GROUP`] where the key is not whole.
    pub(super) fn of(frame: &Frame<'_>, fields: &[usize]) -> (Self, Vec<u32>) {
        let mut made = Self::empty(frame, fields);
        let numbers = made.number(frame, fields, all_rows(frame));
        (made, numbers)
    }

    /// As [`of`](Self::of), of the first row of each key in the order of the numbers.
    pub(super) fn again(frame: &Frame<'_>, fields: &[usize], firsts: &[u32]) -> Self {
        let mut made = Self::empty(frame, fields);
        made.number(frame, fields, firsts.chunks(BATCH).map(|rows| Rows::List(rows.into())));
        made
    }

    fn number<'r>(
        &mut self,
        frame: &Frame<'_>,
        fields: &[usize],
        rows: impl Iterator<Item = Rows<'r>>,
    ) -> Vec<u32> {
        match self {
            Self::Narrow(packing, all) => each(packing, frame, fields, rows, |key| all.number(key)),
            Self::Short(packing, all) => each(packing, frame, fields, rows, |key| all.number(key)),
            Self::Long(packing, all) => each(packing, frame, fields, rows, |key| all.number(key)),
            Self::Boxed(all) => boxed(frame, fields, rows, |key| all.number(key)),
        }
    }

    /// The numbers that the rows of another table have here: [`NOBODYS`] where no row has their key.
    pub(super) fn numbers_of(&self, frame: &Frame<'_>, fields: &[usize]) -> Vec<u32> {
        let rows = all_rows(frame);
        match self {
            Self::Narrow(packing, all) => each(packing, frame, fields, rows, |key| all.find(&key)),
            Self::Short(packing, all) => each(packing, frame, fields, rows, |key| all.find(&key)),
            Self::Long(packing, all) => each(packing, frame, fields, rows, |key| all.find(&key)),
            Self::Boxed(all) => boxed(frame, fields, rows, |key| all.find(&key)),
        }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(_, all) => all.keys.len(),
            Self::Short(_, all) => all.keys.len(),
            Self::Long(_, all) => all.keys.len(),
            Self::Boxed(all) => all.keys.len(),
        }
    }

    fn empty(frame: &Frame<'_>, fields: &[usize]) -> Self {
        let packing: Option<Packing> = fields.iter().map(|field| Place::of(frame.column(*field))).collect();
        let bits = |packing: &Packing| packing.iter().map(|place| place.bits).sum::<u32>();
        match packing {
            Some(packing) if bits(&packing) <= u32::BITS => Self::Narrow(packing, Numbers::default()),
            Some(packing) if bits(&packing) <= u64::BITS => Self::Short(packing, Numbers::default()),
            Some(packing) if bits(&packing) <= u128::BITS => Self::Long(packing, Numbers::default()),
            _ => Self::Boxed(Numbers::default()),
        }
    }
}

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self { found: HashTable::new(), keys: Vec::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl<K: Eq + Hash> Numbers<K> {
    /// The number of a key, which is new where it was not met before.
    fn number(&mut self, key: K) -> u32 {
        let Self { found, keys, hasher } = self;
        let at = |number: &u32| usize::try_from(*number).ok().and_then(|number| keys.get(number));
        let hash = |number: &u32| at(number).map_or(0, |key| hasher.hash_one(key));
        let next = u32::try_from(keys.len()).unwrap_or(NOBODYS);
        match found.entry(hasher.hash_one(&key), |number| at(number) == Some(&key), hash) {
            Entry::Occupied(entry) => return *entry.get(),
            Entry::Vacant(entry) => entry.insert(next),
        };
        keys.push(key);
        next
    }

    /// The number of a key, where it has one.
    fn find(&self, key: &K) -> u32 {
        let at = |number: &u32| usize::try_from(*number).ok().and_then(|number| self.keys.get(number));
        let found = self.found.find(self.hasher.hash_one(key), |number| at(number) == Some(key));
        found.copied().unwrap_or(NOBODYS)
    }
}

impl Place {
    /// The place of a column's values; `None` where they do not fit into one.
    fn of(column: Option<&Column>) -> Option<Self> {
        let Some(column) = column else { return Some(Self::new(Kind::Truth, None)) };
        let known = |row: &usize| column.is_known(*row);
        Some(match &column.cells {
            Cells::Truth => Self::new(Kind::Truth, Some((0, 1))),
            Cells::Decimal(_) => return None,
            Cells::Days(days) => Self::spanned(Kind::Day, days, known),
            Cells::Whole(numbers) => Self::spanned(Kind::Whole, numbers, known),
            Cells::Words(words) => Self::spanned(Kind::Word, words, known),
        })
    }

    fn spanned<T: Copy + Into<i64>>(kind: Kind, values: &[T], known: impl Fn(&usize) -> bool) -> Self {
        let known = values.iter().enumerate().filter(|(row, _)| known(row)).map(|(_, value)| (*value).into());
        let span = known.fold(None, |span: Option<(i64, i64)>, value: i64| {
            Some(span.map_or((value, value), |(least, most)| (least.min(value), most.max(value))))
        });
        Self::new(kind, span)
    }

    fn new(kind: Kind, span: Option<(i64, i64)>) -> Self {
        let (least, most) = span.unwrap_or((0, 0));
        let bits = u64::BITS - most.wrapping_sub(least).cast_unsigned().leading_zeros();
        Self { kind, least, most, bits }
    }

    /// What a value is in a key; `None` where the packing has no room for it.
    fn packed(self, value: i64) -> Option<u64> {
        let fits = self.least <= value && value <= self.most;
        fits.then(|| value.wrapping_sub(self.least).cast_unsigned())
    }
}

fn all_rows(frame: &Frame<'_>) -> impl Iterator<Item = Rows<'static>> + use<> {
    let rows = frame.rows;
    (0..rows).step_by(BATCH).map(move |from| Rows::Range(from..rows.min(from + BATCH)))
}

/// Something of the key of every row: [`NO_GROUP`] where it is not whole, [`NOBODYS`] where no key of the packing is like it.
fn each<'r, K: Packed>(
    packing: &[Place],
    frame: &Frame<'_>,
    fields: &[usize],
    rows: impl Iterator<Item = Rows<'r>>,
    mut of: impl FnMut(K) -> u32,
) -> Vec<u32> {
    let mut all = Vec::with_capacity(frame.rows);
    for rows in rows {
        let mut keys = vec![(K::default(), Fit::Fits); rows.len()];
        for (place, field) in packing.iter().zip(fields) {
            match frame.column(*field) {
                Some(column) => put(&mut keys, *place, &rows.read(column)),
                None => keys.iter_mut().for_each(|(_, fit)| *fit = Fit::NotWhole),
            }
        }
        all.extend(keys.into_iter().map(|(key, fit)| match fit {
            Fit::Fits => of(key),
            Fit::Beyond => NOBODYS,
            Fit::NotWhole => NO_GROUP,
        }));
    }
    all
}

fn boxed<'r>(
    frame: &Frame<'_>,
    fields: &[usize],
    rows: impl Iterator<Item = Rows<'r>>,
    mut of: impl FnMut(Box<[Cell]>) -> u32,
) -> Vec<u32> {
    let mut all = Vec::with_capacity(frame.rows);
    for rows in rows {
        let keys = (0..rows.len()).map(|lane| key(frame, fields, rows.row(lane)));
        all.extend(keys.map(|key| key.map_or(NO_GROUP, &mut of)));
    }
    all
}

/// Puts the values of a field behind those of the fields before it.
fn put<K: Packed>(keys: &mut [(K, Fit)], place: Place, lanes: &Lanes<'_>) {
    let count = keys.len();
    match &lanes.values {
        Values::Truth => put_each(keys, place, Kind::Truth, &lanes.standing.each(count, i64::from)),
        Values::Days(days) => put_each(keys, place, Kind::Day, &days.each(count, i64::from)),
        Values::Whole(numbers) => put_each(keys, place, Kind::Whole, &numbers.all(count)),
        Values::Words(words) => put_each(keys, place, Kind::Word, &words.each(count, i64::from)),
        // Values of different types are never equal.
        Values::Decimal(_) | Values::Nothing => {
            for (_, fit) in keys.iter_mut() {
                *fit = (*fit).max(Fit::Beyond);
            }
        }
    }
    if !lanes.all_known() {
        for (lane, (_, fit)) in keys.iter_mut().enumerate() {
            *fit = if lanes.is_known(lane) { *fit } else { Fit::NotWhole };
        }
    }
}

fn put_each<K: Packed>(keys: &mut [(K, Fit)], place: Place, kind: Kind, values: &[i64]) {
    for ((key, fit), value) in keys.iter_mut().zip(values) {
        match place.packed(*value).filter(|_| place.kind == kind) {
            Some(value) => key.put(place.bits, value),
            None => *fit = (*fit).max(Fit::Beyond),
        }
    }
}
