//! How a plan is counted, for a person to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Which indicators share a reading of a table, what is read of it, and about how much memory that takes.
///
/// Made by [`explain`](crate::explain) and [`explain_loaded`](crate::explain_loaded) from what the engine itself would read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explained {
    /// How many authorities' records there are. Without returns one that carries everything, and has no row.
    pub authorities: usize,
    /// Whether there were returns.
    pub has_returns: bool,
    /// Readings of tables, each for all ladders that can be answered by it; in order of the table.
    pub readings: Vec<Reading>,
    /// Totals: each is read by itself, once for each period.
    pub totals: Vec<Totalled>,
    /// Tables that are worked out before they are read.
    pub derived: Vec<Derived>,
    /// Tables as they lie in columns.
    pub tables: Vec<Lying>,
    /// Indicators of the plan for which nothing is read.
    pub without: BTreeSet<String>,
    /// Bytes that indexes, layouts and counts take beside the columns, at most about, on one thread.
    pub beside: u64,
}

/// One reading of a table, of each authority.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Reading {
    /// The dataset, or the derived table.
    pub table: String,
    /// The dates that place its rows: one of an event, two of what is open between them.
    pub dates: Vec<String>,
    /// The indicators that share it.
    pub indicators: BTreeSet<String>,
    /// For how many periods.
    pub periods: usize,
    /// How often the table is read for them: more than once where periods overlap and answers depend on the period.
    pub times: usize,
    /// What is read, by table: its own columns, and those of the tables that it is linked to.
    pub columns: BTreeMap<String, BTreeSet<String>>,
    /// How many different things are asked of a row.
    pub questions: usize,
    /// In how many sets the answers are put together.
    pub sets: usize,
    /// The fields whose different values are counted; none where rows are.
    pub distinct: Vec<String>,
    /// How many authorities have it.
    pub authorities: usize,
    /// How many rows the table has, of all of them.
    pub rows: usize,
    /// Bytes that it takes beside the columns, at most about, on one thread.
    pub bytes: u64,
}

/// One side of two totals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Totalled {
    /// The dataset, or the derived table.
    pub table: String,
    /// The dates that place its rows.
    pub dates: Vec<String>,
    /// The indicator.
    pub indicator: String,
    /// What is read, by table.
    pub columns: BTreeMap<String, BTreeSet<String>>,
    /// How often: once for each period of each authority.
    pub times: usize,
}

/// A table that is worked out before it is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Derived {
    /// Its id.
    pub table: String,
    /// The table that it comes from.
    pub from: String,
    /// How often it is worked out: once for each authority, or for each period of it where its rows depend on the period.
    pub times: usize,
    /// How many rows it has, all of them together.
    pub rows: usize,
    /// Bytes of its columns.
    pub bytes: u64,
}

/// A table as it lies in columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Lying {
    /// The dataset.
    pub table: String,
    /// How many rows, of all authorities.
    pub rows: usize,
    /// The columns that are read, here or for tables that are worked out.
    pub read: BTreeSet<String>,
    /// How many columns lie there.
    pub columns: usize,
    /// Bytes of all of them; without returns, of a row.
    pub bytes: u64,
}

impl Explained {
    /// Bytes of the tables in columns, the worked-out ones among them; without returns, of a row of each.
    pub fn in_columns(&self) -> u64 {
        let lying = self.tables.iter().map(|table| table.bytes);
        lying.chain(self.derived.iter().map(|derived| derived.bytes)).sum()
    }

    /// How many indicators share a reading with another one.
    pub fn sharing(&self) -> usize {
        let shared = self.readings.iter().filter(|reading| reading.indicators.len() > 1);
        shared.flat_map(|reading| &reading.indicators).collect::<BTreeSet<_>>().len()
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match (self.has_returns, self.authorities) {
            (false, _) => "without returns, as of one authority that carries everything".to_owned(),
            (true, 1) => "of 1 authority".to_owned(),
            (true, several) => format!("of {several} authorities"),
        };
        let (readings, sharing) = (self.readings.len(), self.sharing());
        writeln!(f, "readings, {of}: {readings}; {sharing} indicators share one with others")?;
        for reading in &self.readings {
            reading.write(f, self.has_returns)?;
        }
        if !self.totals.is_empty() {
            writeln!(f, "totals, each read by itself for each period:")?;
        }
        for total in &self.totals {
            let Totalled { table, dates, indicator, times, .. } = total;
            writeln!(f, "  {indicator}: {table} by {}, {}", dates.join(" to "), often(*times))?;
            columns(f, &total.columns)?;
        }
        if !self.derived.is_empty() {
            writeln!(f, "tables that are worked out before:")?;
        }
        for Derived { table, from, times, rows, bytes } in &self.derived {
            let size = if self.has_returns {
                format!(", {}, {}", some(*rows, "row"), amount(*bytes))
            } else {
                String::new()
            };
            writeln!(f, "  {table} from {from}, {}{size}", often(*times))?;
        }
        if !self.tables.is_empty() {
            writeln!(f, "tables in columns:")?;
        }
        for Lying { table, rows, read, columns, bytes } in &self.tables {
            let size = if self.has_returns {
                format!("{}, {}", some(*rows, "row"), amount(*bytes))
            } else {
                format!("{bytes} bytes a row")
            };
            writeln!(f, "  {table}: {} of {columns} columns read, {size}", read.len())?;
        }
        if !self.without.is_empty() {
            let without: Vec<&str> = self.without.iter().map(String::as_str).collect();
            writeln!(f, "nothing is read for: {}", without.join(", "))?;
        }
        if self.has_returns {
            let (lie, beside) = (amount(self.in_columns()), amount(self.beside));
            writeln!(f, "memory: {lie} in columns, at most about {beside} beside them on one thread")?;
        }
        Ok(())
    }
}

impl Reading {
    fn write(&self, f: &mut fmt::Formatter<'_>, has_returns: bool) -> fmt::Result {
        let rows = if has_returns { format!(", {}", some(self.rows, "row")) } else { String::new() };
        let periods = some(self.periods, "period");
        writeln!(
            f,
            "  {} by {}{rows}, {} for {periods}",
            self.table,
            self.dates.join(" to "),
            often(self.times)
        )?;
        let indicators: Vec<&str> = self.indicators.iter().map(String::as_str).collect();
        writeln!(f, "    for: {}", indicators.join(", "))?;
        columns(f, &self.columns)?;
        let counts = if self.distinct.is_empty() {
            "rows".to_owned()
        } else {
            format!("different {}, laid out by them", self.distinct.join(", "))
        };
        let (things, sets) = (some(self.questions, "thing"), some(self.sets, "set"));
        writeln!(f, "    counts {counts}; asks {things} of a row, in {sets}")?;
        if has_returns {
            writeln!(f, "    takes at most about {} beside the columns", amount(self.bytes))?;
        }
        Ok(())
    }
}

fn columns(f: &mut fmt::Formatter<'_>, of: &BTreeMap<String, BTreeSet<String>>) -> fmt::Result {
    for (table, fields) in of {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        writeln!(f, "    reads {table}: {}", fields.join(", "))?;
    }
    Ok(())
}

fn some(number: usize, of: &str) -> String {
    if number == 1 { format!("1 {of}") } else { format!("{} {of}s", grouped(number)) }
}

fn often(times: usize) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{} times", grouped(times)),
    }
}

/// A whole number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of memory, to two places or so.
fn amount(bytes: u64) -> String {
    let (unit, of) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => ("kB", 1_000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000),
    };
    let tenths = (bytes * 10 + of / 2) / of;
    if tenths >= 100 {
        format!("{} {unit}", (bytes + of / 2) / of)
    } else {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}
