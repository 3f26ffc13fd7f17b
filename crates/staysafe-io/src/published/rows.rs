//! A table from a file's rows: header, places, periods, filters and figures, and what became of every cell.

use std::collections::BTreeMap;

use staysafe::published::{Layout, Published, Row, Told as ToldPeriod};
use staysafe::record::{Lost, Reject};
use staysafe::value::{Convention, Supplied};

use super::columns::{Columns, columns, metadata};
use super::grid::{Grid, GridRow, grid};
use super::head::{self, Role};
use super::layouts::known_layouts;
use super::place::Told;
use super::{CellAccount, PublishedOptions, ReadPublished, time};
use crate::error::{FaultKind, FileFault};
use crate::returns::Notice;

/// The header stands in one of the first rows, below titles.
const TITLES: usize = 40;

/// Reads a table.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    meta: Option<&[u8]>,
    options: &PublishedOptions,
) -> Result<ReadPublished, FileFault> {
    let Grid { rows, separator, encoding } = grid(bytes);
    let at = rows
        .iter()
        .take(TITLES)
        .position(|row| row.cells.as_ref().is_some_and(|cells| head::is_header(cells)))
        .ok_or_else(|| no_header(name))?;
    let (before, from) = rows.split_at(at);
    let Some((GridRow { cells: Some(own), line: header_line }, below)) = from.split_first() else {
        return Err(no_header(name));
    };
    let header = joined_header(own, before);
    let layout = layout(&header, options);
    let is_current = header.iter().any(|cell| head::role(cell) == Some(Role::Year))
        && header.iter().any(|cell| head::plain(cell) == "geographic_level");
    let told = if is_current { Convention::Current } else { Convention::Older };
    let convention = options.symbols.or(layout.symbols).unwrap_or(told);
    let filled: Vec<&[String]> = below.iter().filter_map(|row| row.cells.as_deref()).collect();
    let columns = columns(&header, &filled, &layout, convention, &metadata(meta));
    if columns.figures.is_empty() {
        let help = "expected columns of figures beside those that say where and when";
        return Err(FileFault::new(name, FaultKind::Header, "the header has no column of figures", help)
            .at(*header_line));
    }
    let said = options.symbols.is_some() || layout.symbols.is_some();
    let mut reader = Reader {
        name,
        columns: &columns,
        header: &header,
        own,
        layout: &layout,
        convention,
        current: is_current,
        rejects: Vec::new(),
        notices: Vec::new(),
        account: CellAccount::default(),
        notes: Vec::new(),
        rows: Vec::new(),
        short: 0,
        crosses: 0,
        suppressed: 0,
    };
    for row in before {
        reader.note(row);
    }
    reader.counted(own.len(), |account| &mut account.header);
    for row in below {
        reader.row(row);
    }
    reader.say(separator, encoding, said);
    let Reader { rejects, notices, account, notes, rows, .. } = reader;
    let Columns { filters, figures, .. } = columns;
    let table = Published { name: name.to_owned(), layout, convention, filters, columns: figures, rows };
    Ok(ReadPublished { table, rejects, notices, account, notes })
}

fn no_header(name: &str) -> FileFault {
    FileFault::new(
        name,
        FaultKind::Header,
        format!("none of the first {TITLES} rows is the header of a published table"),
        "expected column names that say where a row is, such as geographic_level, la_name, la_code, geog_n, region_name",
    )
}

/// The layout that knows the table: the caller's before the library's, and before both none.
fn layout(header: &[String], options: &PublishedOptions) -> Layout {
    let given = options.layouts.iter().find(|layout| layout.has.is_empty() || layout.fits(header));
    given.or_else(|| known_layouts().iter().find(|layout| layout.fits(header))).cloned().unwrap_or_default()
}

/// A header that stands in several rows: what stands above a cell, or left of that, leads it.
fn joined_header(own: &[String], before: &[GridRow]) -> Vec<String> {
    let mut above: Vec<String> = vec![String::new(); own.len()];
    let upper = before.iter().rev().map_while(|row| {
        let cells = row.cells.as_ref()?;
        (cells.iter().filter(|cell| !cell.trim().is_empty()).count() >= 2).then_some(cells)
    });
    for cells in upper {
        let mut last = "";
        for (place, over) in above.iter_mut().enumerate() {
            let cell = cells.get(place).map(|cell| cell.trim()).unwrap_or_default();
            if !cell.is_empty() {
                last = cell;
            }
            if !last.is_empty() {
                let joined = format!("{last} {over}");
                joined.trim().clone_into(over);
            }
        }
    }
    let lead = |(own, above): (&String, &String)| {
        let is_known = head::role(own).is_some();
        if is_known || above.is_empty() {
            own.clone()
        } else {
            format!("{above} {}", own.trim()).trim().to_owned()
        }
    };
    own.iter().zip(&above).map(lead).collect()
}

struct Reader<'a> {
    name: &'a str,
    columns: &'a Columns,
    header: &'a [String],
    /// The header's own row, to know it again.
    own: &'a [String],
    layout: &'a Layout,
    convention: Convention,
    /// Whether the table has the form of the open data standard.
    current: bool,
    rejects: Vec<Reject>,
    notices: Vec<Notice>,
    account: CellAccount,
    notes: Vec<String>,
    rows: Vec<Row>,
    short: u64,
    crosses: u64,
    suppressed: u64,
}

impl Reader<'_> {
    fn counted(&mut self, cells: usize, part: impl Fn(&mut CellAccount) -> &mut u64) {
        let cells = u64::try_from(cells).unwrap_or(u64::MAX);
        self.account.cells += cells;
        *part(&mut self.account) += cells;
    }

    /// A title, a footnote or nothing.
    fn note(&mut self, row: &GridRow) {
        match &row.cells {
            Some(cells) => {
                self.counted(cells.len(), |account| &mut account.notes);
                let words: Vec<&str> =
                    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
                if !words.is_empty() {
                    self.notes.push(words.join(" "));
                }
            }
            None => self.unclosed(row.line),
        }
    }

    fn unclosed(&mut self, line: u64) {
        self.counted(1, |account| &mut account.lost);
        let message = "a quotation mark is opened and never closed; close it, or take it out";
        self.reject(line, None, "", "unclosed-quote", message, Lost::Record);
    }

    fn row(&mut self, row: &GridRow) {
        let Some(cells) = &row.cells else { return self.unclosed(row.line) };
        let width = self.header.len();
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        if filled == 0 {
            return self.counted(cells.len(), |account| &mut account.notes);
        }
        if cells == self.own {
            return self.counted(cells.len(), |account| &mut account.header);
        }
        if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            self.counted(cells.len(), |account| &mut account.lost);
            let message = format!(
                "the row has {} cells and the header {width}: nobody can say which cell moved; quote cells that hold commas",
                cells.len()
            );
            return self.reject(row.line, None, "", "too-many-cells", message, Lost::Record);
        }
        let place = self.told(cells).place();
        let figures = cells
            .iter()
            .zip(&self.columns.roles)
            .filter(|(cell, role)| **role == Role::Figure && !cell.trim().is_empty());
        let Some(place) = place else {
            if figures.count() == 0 {
                return self.note(row);
            }
            self.counted(cells.len(), |account| &mut account.lost);
            let message = "no cell says which place the row is of; fill in its level and its code or name";
            return self.reject(row.line, None, "", "no-place", message, Lost::Record);
        };
        // A note may stand where places stand; without another cell it is no row of figures.
        if filled == 1 && cells.len() > 1 {
            return self.note(row);
        }
        let mut made = Row { line: row.line, place, period: None, filters: Vec::new(), cells: Vec::new() };
        if cells.len() < width {
            self.short += 1;
        }
        for column in 0..width.max(cells.len()) {
            self.cell(row.line, column, cells.get(column).map(String::as_str), &mut made);
        }
        made.period = self.period(row.line, cells);
        self.rows.push(made);
    }

    fn told<'b>(&'b self, cells: &'b [String]) -> Told<'b> {
        let mut told = Told { level: None, cells: Vec::new() };
        for (role, cell) in self.columns.roles.iter().zip(cells) {
            let cell = cell.trim();
            if cell.is_empty() || matches!(cell, "z" | "x" | "." | "..") {
                continue;
            }
            match role {
                Role::Level => told.level = Some(cell),
                Role::Code(scale) => told.cells.push((scale, true, cell)),
                Role::Name(scale) => told.cells.push((scale, false, cell)),
                _ => {}
            }
        }
        told
    }

    fn period(&mut self, line: u64, cells: &[String]) -> Option<ToldPeriod> {
        let of = |wanted: Role| {
            let place = self.columns.roles.iter().position(|role| *role == wanted)?;
            Some((place, cells.get(place)?))
        };
        let (place, year) = of(Role::Year)?;
        let identifier = of(Role::Identifier).map(|(_, text)| text.as_str());
        match time::of_row(year, identifier, self.layout) {
            Ok(told) => Some(told),
            Err(message) => {
                // The cell was counted where it stands, as a cell of a period, and moves to the rejected ones.
                self.account.places -= 1;
                self.account.rejected += 1;
                self.reject(line, Some(place), &year.clone(), "bad-period", message, Lost::Value);
                None
            }
        }
    }

    /// One cell of a row that is used; `None` where the row ends before it.
    fn cell(&mut self, line: u64, column: usize, cell: Option<&str>, made: &mut Row) {
        let role = self.columns.roles.get(column).unwrap_or(&Role::Padding);
        let text = cell.unwrap_or_default();
        let counted = usize::from(cell.is_some());
        match role {
            Role::Padding => self.counted(counted, |account| &mut account.padding),
            Role::Filter => {
                self.counted(counted, |account| &mut account.filters);
                made.filters.push(text.trim().to_owned());
            }
            Role::Figure => {
                self.account.missing += u64::from(cell.is_none());
                let supplied = Supplied::read(text, self.convention);
                match supplied {
                    Some(Supplied::Number(_)) => self.counted(counted, |account| &mut account.numbers),
                    Some(Supplied::Withheld(why)) => {
                        self.crosses += u64::from(text.trim().eq_ignore_ascii_case("x"));
                        self.suppressed += u64::from(why.is_suppressed());
                        self.counted(counted, |account| &mut account.withheld);
                    }
                    None => {
                        self.counted(counted, |account| &mut account.rejected);
                        let message = "neither a number nor a symbol that is known (z, x, c, low, k, u, *, ., .., :, -, <5)";
                        self.reject(line, Some(column), text, "bad-figure", message, Lost::Value);
                    }
                }
                made.cells.push(supplied);
            }
            _ => self.counted(counted, |account| &mut account.places),
        }
    }

    fn reject(
        &mut self,
        line: u64,
        column: Option<usize>,
        value: &str,
        code: &str,
        message: impl Into<String>,
        lost: Lost,
    ) {
        let element = column.map_or_else(
            || "row".to_owned(),
            |place| {
                let header = self.header.get(place).map(|name| name.trim()).unwrap_or_default();
                format!("{header} (column {})", place + 1)
            },
        );
        self.rejects.push(Reject {
            name: self.name.to_owned(),
            record: u32::try_from(line).unwrap_or(u32::MAX),
            line: Some(line),
            dataset: None,
            element,
            value: value.trim().to_owned(),
            personal: false,
            code: code.to_owned(),
            message: message.into(),
            lost,
            codes: None,
            times: 1,
        });
    }

    /// What a reader of the figures should know.
    fn say(&mut self, separator: char, encoding: Option<&str>, said: bool) {
        let mut say = |code: &str, message: String| self.notices.push(Notice::new(self.name, code, message));
        if separator != ',' {
            say("separator", format!("the cells are parted by {separator:?}, not by commas"));
        }
        if let Some(encoding) = encoding {
            say("encoding", format!("read as {encoding}"));
        }
        if self.short > 0 {
            say(
                "short-rows",
                format!("{} rows end before the header does; the rest is read as blank", self.short),
            );
        }
        if self.crosses > 0 && !said {
            if self.current && self.suppressed == 0 {
                say(
                    "cross",
                    format!(
                        "{} figures are 'x', read as not available; early tables of this form use it for suppressed, and \
                         then say symbols = \"older\"",
                        self.crosses
                    ),
                );
            } else if !self.current {
                say(
                    "cross",
                    format!(
                        "{} figures are 'x', read as suppressed, as tables of this form use it",
                        self.crosses
                    ),
                );
            }
        }
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for column in &self.columns.figures {
            *seen.entry(&column.header).or_default() += 1;
        }
        for (header, times) in seen.into_iter().filter(|(_, times)| *times > 1) {
            say(
                "column-twice",
                format!("{times} columns are called '{header}'; each is kept, and rules take the first"),
            );
        }
    }
}
