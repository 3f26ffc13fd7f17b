//! How the records of one authority may be divided between parts whose counts are added up afterwards.
//!
//! It is read off the checked definitions. Rows that are counted one by one may lie anywhere. Whatever looks at several rows at once
//! (a key, a distinct count, a link, a derived table) holds them together: they may be divided only by a field in which all of them
//! agree. Where no field does that, an authority's rows stay in one part.

use std::collections::{BTreeMap, BTreeSet};

use super::Plan;
use crate::check::tree::{
    CheckedCalculation, CheckedDerived, CheckedMeasure, CheckedStep, CheckedTotal, FieldRef, Node, NodeKind,
};
use crate::check::{Checked, CheckedIndicator, CheckedVersion};
use crate::definition::dataset::{Dataset, Field, Missing};
use crate::value::Datum;

/// How many buckets an authority's rows fall into, by the field that holds them together.
pub const BUCKETS: u32 = 1024;

/// How the tables that a plan reads may be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    tables: BTreeMap<String, Divided>,
}

/// How one table may be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divided {
    /// By what.
    pub share: Share,
    /// Tables of one number are held together: what is in one bucket of them all must be in one part.
    pub together: usize,
    /// The columns that decide anything: those that are read and those that may not be blank; of a table whose rows are known by a
    /// key all of them, because they tell a duplicate from a contradiction.
    pub columns: BTreeSet<String>,
}

/// By what the rows of one authority may be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// As they lie: each row is counted by itself.
    Anyhow,
    /// All rows with one value of this field in one part.
    By(String),
    /// Not at all, and why.
    Whole(String),
}

impl Division {
    /// The tables that are read, in order of their ids.
    pub fn tables(&self) -> &BTreeMap<String, Divided> {
        &self.tables
    }
}

/// The bucket of a row of an authority, by the value of the field that holds its rows together; none where it is divided anyhow or not
/// at all.
///
/// It is the CRC-32 (ISO 3309, as in zip files) of the authority's code, a zero byte and the value as text, of [`BUCKETS`]. A value
/// that is not known is an empty text.
///
/// # Example
/// ```
/// use staysafe::plan::bucket;
/// use staysafe::value::{Datum, Value};
/// assert_eq!(bucket("E06000001", &Datum::Known(Value::Text("child 1".into()))), 899);
/// ```
pub fn bucket(authority: &str, value: &Datum) -> u32 {
    let crc = crc_of(CRC_OF_NOTHING, authority.as_bytes());
    let crc = crc_of(crc, &[0]);
    let crc = match value {
        Datum::Known(crate::value::Value::Text(text)) => crc_of(crc, text.as_bytes()),
        Datum::Known(value) => crc_of(crc, value.to_string().as_bytes()),
        Datum::Missing | Datum::Rejected | Datum::Suppressed => crc,
    };
    !crc % BUCKETS
}

const CRC_OF_NOTHING: u32 = u32::MAX;

fn crc_of(crc: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(crc, |crc, byte| {
        let [low, ..] = (crc ^ u32::from(*byte)).to_le_bytes();
        (crc >> 8) ^ CRC.get(usize::from(low)).copied().unwrap_or_default()
    })
}

/// What each byte does to the remainder. A crate for these lines would be one more for every embedder.
const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "it is below 256")]
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// How the tables that a plan reads may be divided, from what its definitions ask of them.
///
/// # Example
/// ```
/// use staysafe::plan::{Request, division, plan};
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// assert!(division(&checked, &plan(&checked, &request).unwrap()).tables().is_empty());
/// ```
pub fn division(checked: &Checked, plan: &Plan) -> Division {
    let datasets = &checked.framework().datasets;
    let mut bonds =
        Bonds { checked, keys: BTreeMap::new(), between: BTreeSet::new(), whole: BTreeMap::new() };
    for planned in plan.indicators() {
        let Some(indicator) = checked.indicator(&planned.id) else { continue };
        for version in indicator.versions() {
            bonds.of_version(indicator, version);
        }
        let latest = indicator.calculation().map(CheckedCalculation::datasets).unwrap_or_default();
        for breakdown in planned.breakdowns.values().flatten() {
            for (table, sort) in latest.iter().zip(&breakdown.sorts) {
                for node in sort.nodes() {
                    bonds.of_node(node, &mut vec![*table]);
                }
            }
            for id in &breakdown.rests_on {
                bonds.of_derived(indicator, id);
            }
        }
    }
    for id in plan.reads().keys() {
        if let Some(key) = datasets.get(id).and_then(|dataset| dataset.key.as_ref()) {
            bonds.key(id, key.value.iter().cloned().collect());
        }
    }
    let groups = bonds.groups();
    let mut tables = BTreeMap::new();
    for (number, group) in groups.iter().enumerate() {
        let shares = bonds.shares(group);
        for (id, share) in shares {
            if let (Some(dataset), Some(read)) = (datasets.get(&id), plan.reads().get(&id)) {
                tables.insert(id, Divided { share, together: number, columns: columns(dataset, read) });
            }
        }
    }
    for (id, read) in plan.reads() {
        if let (Some(dataset), false) = (datasets.get(id), tables.contains_key(id)) {
            let together = groups.len() + tables.len();
            let columns = columns(dataset, read);
            tables.insert(id.clone(), Divided { share: Share::Anyhow, together, columns });
        }
    }
    Division { tables }
}

fn columns(dataset: &Dataset, read: &BTreeSet<String>) -> BTreeSet<String> {
    let decides = |field: &&Field| {
        dataset.key.is_some() || field.missing == Missing::Error || read.contains(&field.name.value)
    };
    dataset.fields.iter().filter(decides).map(|field| field.name.value.clone()).collect()
}

/// Two tables, with the pairs of fields in which what belongs together agrees.
type Bond = (String, String, Vec<(String, String)>);

/// What holds rows together, table by table. Derived tables stand among the datasets.
struct Bonds<'c> {
    checked: &'c Checked,
    /// Sets of fields of which the dividing one must be one.
    keys: BTreeMap<String, Vec<BTreeSet<String>>>,
    /// Tables that are looked at together.
    between: BTreeSet<Bond>,
    /// Tables that are looked at as a whole, and why.
    whole: BTreeMap<String, String>,
}

impl Bonds<'_> {
    fn key(&mut self, table: &str, fields: BTreeSet<String>) {
        let keys = self.keys.entry(table.to_owned()).or_default();
        if !keys.contains(&fields) {
            keys.push(fields);
        }
    }

    fn of_version(&mut self, indicator: &CheckedIndicator, version: &CheckedVersion) {
        let names = |fields: &[FieldRef]| fields.iter().map(|field| field.name.clone()).collect();
        match version.calculation() {
            Some(CheckedCalculation::Ladder(ladder)) => {
                let table = &ladder.table.dataset;
                if let Some(counted) = &ladder.counted {
                    self.key(table, names(counted));
                }
                let calculation = version.calculation().map(CheckedCalculation::nodes).unwrap_or_default();
                for node in calculation {
                    self.of_node(node, &mut vec![table]);
                }
            }
            Some(CheckedCalculation::TwoTotals(totals)) => {
                for CheckedTotal { table, filter, history_missing, measure } in
                    [&totals.numerator, &totals.denominator]
                {
                    if let CheckedMeasure::CountDistinct(fields) = measure {
                        self.key(&table.dataset, names(fields));
                    }
                    for node in filter.iter().chain(history_missing) {
                        self.of_node(node, &mut vec![&table.dataset]);
                    }
                }
            }
            None => {}
        }
        for clock in version.clocks().values() {
            let tables = version.calculation().map(CheckedCalculation::datasets).unwrap_or_default();
            for (table, node) in tables.iter().flat_map(|table| clock.open.iter().map(move |n| (table, n))) {
                self.of_node(node, &mut vec![*table]);
            }
        }
        for id in version.rests_on() {
            self.of_derived(indicator, id);
        }
    }

    /// Links inside an expression. `frames` are the tables of the rows in scope, outermost first.
    fn of_node<'n>(&mut self, node: &'n Node, frames: &mut Vec<&'n str>) {
        let inside = match &node.kind {
            NodeKind::Link(link) => {
                let from = frames.get(link.from_frame).or(frames.last()).copied().unwrap_or_default();
                self.between.insert((from.to_owned(), link.to.clone(), link.on.clone()));
                Some(link.to.as_str())
            }
            _ => None,
        };
        frames.extend(inside);
        for child in node.children() {
            self.of_node(child, frames);
        }
        frames.truncate(frames.len() - usize::from(inside.is_some()));
    }

    /// A derived table is held together with what it comes from: by the fields that its steps keep.
    fn of_derived(&mut self, indicator: &CheckedIndicator, id: &str) {
        let checked = self.checked;
        let Some(derived) = checked.derived_for(Some(indicator), id) else { return };
        let own = checked.derived_for(Some(indicator), &derived.from);
        let from = checked.framework().datasets.get(&derived.from).or(own.and_then(CheckedDerived::schema));
        let mut kept: BTreeSet<String> =
            from.iter().flat_map(|from| &from.fields).map(|field| field.name.value.clone()).collect();
        let mut only = |fields: &[FieldRef]| {
            kept.retain(|name| fields.iter().any(|field| field.name == *name));
        };
        for step in &derived.steps {
            match step {
                CheckedStep::Filter(_) => {}
                CheckedStep::Pick { key, .. } => only(key),
                CheckedStep::Chain(chain) => only(&chain.key),
                CheckedStep::Schedule(schedule) => {
                    let why = format!(
                        "'{id}' looks at everything that '{}' holds, to say since when it shows it",
                        schedule.held.to
                    );
                    self.whole.insert(id.to_owned(), why);
                    self.between.insert((id.to_owned(), schedule.held.to.clone(), schedule.held.on.clone()));
                }
            }
        }
        let kept = kept.into_iter().map(|name| (name.clone(), name)).collect();
        self.between.insert((derived.from.clone(), id.to_owned(), kept));
        // The row before stands beside the row in what says whether it follows on.
        for node in derived.nodes() {
            self.of_node(node, &mut vec![id, id]);
        }
    }

    /// Tables that are held together, directly or by others; those that nothing holds stand in none.
    fn groups(&self) -> Vec<BTreeSet<String>> {
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        let alone = self.keys.keys().chain(self.whole.keys()).map(|table| (table, table));
        for (a, b) in self.between.iter().map(|(a, b, _)| (a, b)).chain(alone) {
            let (mut joined, apart): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|group| group.contains(a) || group.contains(b));
            joined.push(BTreeSet::from([a.clone(), b.clone()]));
            groups = apart;
            groups.push(joined.into_iter().flatten().collect());
        }
        groups.sort();
        groups
    }

    /// By what each table of a group is divided.
    fn shares(&self, group: &BTreeSet<String>) -> Vec<(String, Share)> {
        let tables: Vec<&str> = group.iter().map(String::as_str).collect();
        let whole = group.iter().find_map(|table| self.whole.get(table));
        if whole.is_none() {
            let mut chosen = BTreeMap::new();
            if self.choose(&tables, &mut chosen) {
                return chosen
                    .into_iter()
                    .map(|(table, field)| (table.to_owned(), Share::By(field.to_owned())))
                    .collect();
            }
        }
        let nothing = || format!("no field holds {} together", tables.join(", "));
        let why = whole.cloned().unwrap_or_else(nothing);
        group.iter().map(|table| (table.clone(), Share::Whole(why.clone()))).collect()
    }

    /// Finds a field for each table so that whatever is looked at together agrees in it.
    fn choose<'s>(&'s self, left: &[&'s str], chosen: &mut BTreeMap<&'s str, &'s str>) -> bool {
        let Some((table, rest)) = left.split_first() else { return true };
        for field in self.candidates(table) {
            chosen.insert(table, field);
            if self.agrees(table, chosen) && self.choose(rest, chosen) {
                return true;
            }
            chosen.remove(table);
        }
        false
    }

    /// The fields by which a table could be divided, those that tell people apart first.
    fn candidates<'s>(&'s self, table: &str) -> Vec<&'s str> {
        let of_keys = self.keys.get(table).into_iter().flatten().flatten();
        let bonds = self.between.iter().flat_map(|(a, b, pairs)| {
            let ours = pairs.iter().filter(move |_| a == table).map(|(ours, _)| ours);
            ours.chain(pairs.iter().filter(move |_| b == table).map(|(_, theirs)| theirs))
        });
        let all: BTreeSet<&str> = of_keys.chain(bonds).map(String::as_str).collect();
        let dataset = self.checked.framework().datasets.get(table);
        let personal = |name: &str| {
            dataset.is_some_and(|dataset| {
                dataset.fields.iter().any(|field| field.personal && field.name.value == name)
            })
        };
        let mut all: Vec<&str> = all.into_iter().collect();
        all.sort_by_key(|name| (!personal(name), *name));
        all
    }

    fn agrees(&self, table: &str, chosen: &BTreeMap<&str, &str>) -> bool {
        let Some(field) = chosen.get(table) else { return false };
        let keys = self.keys.get(table).into_iter().flatten().all(|fields| fields.contains(*field));
        keys && self.between.iter().filter(|(a, b, _)| a == table || b == table).all(|(a, b, pairs)| {
            match (chosen.get(a.as_str()), chosen.get(b.as_str())) {
                (Some(ours), Some(theirs)) => pairs.iter().any(|(x, y)| x == ours && y == theirs),
                _ => true,
            }
        })
    }
}
