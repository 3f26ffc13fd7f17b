//! Which table a file is, told by its header and by its name, and which column each cell feeds.

use super::cell::{self, Cell};
use super::layout::{Layout, Need, SSDA903, TableLayout};
use crate::delimited::{self, Cells, Lines, plain, separator, trim};
use crate::layout::Form;

/// A header is looked for in so many lines: programs write titles above it.
pub(super) const FIRST_LINES: usize = 10;

/// What the cells of a file's rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The table, by its place in the layout.
    pub(super) table: usize,
    /// For each cell of a row the column it feeds, by its place in the table.
    pub(super) columns: Vec<Option<usize>>,
    /// What the file calls each cell.
    pub(super) names: Vec<String>,
}

/// The table that a file's name names: of several names the longest, because `sw_episodes` is not `episodes`.
pub(super) fn by_name(layout: &Layout, file: &str) -> Option<usize> {
    all_by_name(layout, file).first().copied()
}

/// Every table that a file's name names, the longest name first.
pub(super) fn all_by_name(layout: &Layout, file: &str) -> Vec<usize> {
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = plain(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let named = layout.tables.iter().enumerate().filter_map(|(place, table)| {
        let longest =
            table.names.iter().filter(|name| stem.contains(name.as_str())).map(String::len).max()?;
        Some((longest, place))
    });
    let mut named: Vec<(usize, usize)> = named.collect();
    named.sort_by_key(|(length, place)| (std::cmp::Reverse(*length), *place));
    named.into_iter().map(|(_, place)| place).collect()
}

/// Whether a row is a header: at least two names of columns, and no fewer than half of its cells.
pub(super) fn is_header(layout: &Layout, cells: &[String]) -> bool {
    let named: Vec<String> = cells.iter().map(|cell| plain(cell)).filter(|key| !key.is_empty()).collect();
    let known = named.iter().filter(|key| layout.knows(key)).count();
    known >= 2 && known * 2 >= named.len()
}

/// The tables that a header fits best, by the columns that no other table has.
pub(super) fn by_header(layout: &Layout, cells: &[String]) -> Vec<usize> {
    let keys: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    let own = |table: &TableLayout| {
        let own = table.columns.iter().filter(|column| column.own);
        own.filter(|column| keys.iter().any(|key| column.is_called(key))).count()
    };
    let scores: Vec<usize> = layout.tables.iter().map(own).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    if best == 0 {
        return Vec::new();
    }
    scores.iter().enumerate().filter(|(_, score)| **score == best).map(|(place, _)| place).collect()
}

/// What the cells of a header feed.
pub(super) fn columns(layout: &Layout, table: usize, cells: &[String]) -> Head {
    let known = layout.tables.get(table).map(|table| table.columns.as_slice()).unwrap_or_default();
    let find = |cell: &String| {
        let key = plain(cell);
        known.iter().position(|column| column.is_called(&key))
    };
    Head {
        table,
        columns: cells.iter().map(find).collect(),
        names: cells.iter().map(|cell| trim(cell).to_owned()).collect(),
    }
}

/// Of a file without a header: the columns in the order of the return, where a row has as many cells as the
/// table has columns and each of them can be what it would have to be.
pub(super) fn by_order(layout: &Layout, table: usize, row: &[String], year: Option<i32>) -> Option<Head> {
    let known = layout.tables.get(table)?;
    if row.len() != known.columns.len() {
        return None;
    }
    let fits = |(column, text): (_, &String)| {
        let column: &super::layout::Column = column;
        match cell::read(layout, column, text, year, None) {
            Cell::Bad(..) => matches!(column.form, Form::Text | Form::Identifier),
            Cell::Blank | Cell::BlankInWords => column.need != Need::Value,
            Cell::Known(_) | Cell::Odd(..) => true,
        }
    };
    known.columns.iter().zip(row).all(fits).then(|| Head {
        table,
        columns: (0..known.columns.len()).map(Some).collect(),
        names: known.columns.iter().map(|column| column.name.clone()).collect(),
    })
}

/// How many of a header's columns the looked-after return knows.
pub(crate) fn columns_known(header: &[String]) -> usize {
    header.iter().filter(|cell| SSDA903.knows(&plain(cell))).count()
}

/// The table of the looked-after return that a file is, from its name and its first bytes.
pub(crate) fn sniff(file: &str, head: &[u8]) -> Option<&'static str> {
    if head.is_empty() {
        // Nothing in it: the name alone says that a table is missing there.
        return by_name(&SSDA903, file)
            .and_then(|place| SSDA903.tables.get(place))
            .map(|table| table.name.as_str());
    }
    let mut lines = Lines::new(std::io::BufReader::new(delimited::decoded(head, delimited::utf_16(head))));
    let mut separator_of = None;
    let mut found = None;
    for _ in 0..FIRST_LINES {
        let Ok(Some(line)) = lines.next() else { break };
        // The tabs before elements of XML are no separators.
        if super::is_markup(&line.bytes) {
            return None;
        }
        let mark = separator(&line.bytes);
        if let Ok(Cells::Row(cells)) = lines.cells(&line, mark, 0) {
            let cells: Vec<String> = cells.iter().map(|cell| delimited::text(cell).0.into_owned()).collect();
            if is_header(&SSDA903, &cells) {
                found = by_header(&SSDA903, &cells).first().copied().or(by_name(&SSDA903, file));
                break;
            }
            separator_of = separator_of.or((cells.len() > 1).then_some(cells.len()));
        }
    }
    // Without a header only a name can say it, and only of something that has cells.
    let named = || separator_of.and_then(|_| by_name(&SSDA903, file));
    let table = found.or_else(named).and_then(|place| SSDA903.tables.get(place))?;
    Some(table.name.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    fn named(file: &str) -> Option<&'static str> {
        by_name(&SSDA903, file).map(|place| SSDA903.tables[place].name.as_str())
    }

    fn headed(line: &str) -> Vec<&'static str> {
        by_header(&SSDA903, &cells(line))
            .into_iter()
            .map(|place| SSDA903.tables[place].name.as_str())
            .collect()
    }

    #[test]
    fn a_name_of_a_file_may_say_more_than_the_table() {
        for (file, table) in [
            ("episodes.csv", Some("Episodes")),
            ("SSDA903_2018_Episodes (2).CSV", Some("Episodes")),
            ("sw_episodes.csv", Some("SWEpisodes")),
            ("2018/placed_for_adoption.csv", Some("PlacedAdoption")),
            ("AREVIEW.txt", Some("Reviews")),
            ("DoLo.csv", Some("DoLo")),
            ("notes.csv", None),
        ] {
            assert_eq!(named(file), table, "{file}");
        }
    }

    #[test]
    fn a_header_is_told_by_the_columns_no_other_table_has() {
        assert_eq!(headed("CHILD,SEX,DOB,ETHNIC"), ["Header"]);
        assert_eq!(headed("Child Id,Date of birth,Review,review code"), ["Reviews"]);
        assert_eq!(headed("CHILDID,SEX,DOB,DUC"), ["UASC"]);
        assert!(headed("CHILD,DOB").is_empty(), "every table has these");
        assert!(is_header(&SSDA903, &cells("\u{FEFF}child, Sex ,d.o.b")), "whatever its case and marks");
        assert!(!is_header(&SSDA903, &cells("566910,L,C2,CHILD")), "a code may look like a column");
    }

    #[test]
    fn without_a_header_the_order_must_fit_in_number_and_in_kind() {
        let reviews = by_name(&SSDA903, "reviews.csv").unwrap();
        let fits = |row: &str| by_order(&SSDA903, reviews, &cells(row), Some(2018)).is_some();
        assert!(fits("566910,27/03/2008,30/08/2017,PN6"));
        assert!(!fits("566910,27/03/2008,30/08/2017"), "one too few");
        assert!(!fits("566910,30/08/2017,PN6,27/03/2008"), "another order");
        assert!(!fits("566910,27/03/2008,,PN6"), "a review has a date");
    }

    #[test]
    fn a_file_is_sniffed_by_its_header_and_then_by_its_name() {
        assert_eq!(sniff("x.csv", b"CHILD;DOB;REVIEW;REVIEW_CODE\r\n"), Some("Reviews"));
        assert_eq!(sniff("x.csv", b"Looked after 2018\n\nCHILD,DECOM,RNE\n"), Some("Episodes"));
        assert_eq!(sniff("missing.csv", b"1,2,3\n"), Some("Missing"));
        assert_eq!(sniff("x.csv", b"a,b\n1,2\n"), None);
        assert_eq!((sniff("uasc.csv", b""), sniff("x.csv", b"")), (Some("UASC"), None));
        assert_eq!(sniff("header.xml", b"<Message></Message>"), None);
        assert_eq!(
            sniff("header.xml", b"<EXPSSDA903>\n\t<CHILD>\n\t\t<SEX>1</SEX>\n"),
            None,
            "tabs before elements"
        );
        let wide: Vec<u8> = "CHILD\tDOB\tDUC\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff("x.txt", &wide), Some("UASC"));
    }
}
