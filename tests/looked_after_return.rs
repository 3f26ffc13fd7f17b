//! The sample of a looked-after children return that stands beside the project, read whole: every count here was
//! worked out with another reader of CSV. Then the same return in another form, which must be the same return.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use staysafe::record::Lost;
use staysafe::value::{Datum, Value};
use staysafe_io::{ReadOptions, Returns, read_returns, read_ssda903};

/// Rows of each table, without its header.
const ROWS: [(&str, usize); 12] = [
    ("adoption_decision", 29),
    ("care_leaver", 53),
    ("deprivation_of_liberty", 1),
    ("episode", 5050),
    ("health_of_looked_after_child", 2675),
    ("looked_after_child", 2675),
    ("looked_after_review", 12582),
    ("missing_episode", 43),
    ("placed_for_adoption", 29),
    ("previous_permanence", 2675),
    ("social_worker_episode", 1),
    ("unaccompanied_child", 132),
];

fn options() -> ReadOptions {
    ReadOptions { year: Some(2018), area: Some("E06000001".to_owned()), ..ReadOptions::default() }
}

fn read(folder: &Path) -> Returns {
    read_returns(&[folder], &options()).unwrap_or_else(|error| panic!("{error}"))
}

/// How often each value of a field stands in its table; blanks and rejects by their own marks.
fn values(returns: &Returns, dataset: &str, field: &str) -> BTreeMap<String, usize> {
    let table = &returns.data.returns[0].tables[dataset];
    let place = table.fields.iter().position(|name| **name == *field).unwrap();
    let mut counts = BTreeMap::new();
    for row in &table.rows {
        let shown = match &row.values[place] {
            Datum::Known(value) => value.to_string(),
            Datum::Missing => "-".to_owned(),
            Datum::Rejected => "!".to_owned(),
            Datum::Suppressed => "*".to_owned(),
        };
        *counts.entry(shown).or_default() += 1;
    }
    counts
}

#[test]
fn the_sample_is_read_whole_and_what_is_odd_is_counted() {
    let test = "the_sample_is_read_whole_and_what_is_odd_is_counted";
    let Some(folder) = common::shared(test, "data/ssda903") else { return };
    let returns = read(&folder);
    let [of] = returns.data.returns.as_slice() else { panic!("one folder is one return") };
    let rows: Vec<(&str, usize)> =
        of.tables.iter().map(|(id, table)| (id.as_str(), table.rows.len())).collect();
    assert_eq!(rows, ROWS);
    assert!(returns.accounts[0].is_complete());

    let mut found: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for reject in &returns.rejects {
        *found.entry((&reject.code, &reject.element)).or_default() += reject.times;
    }
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [
            (("child-without-header", "CHILD"), 2),
            (("code-of-another-year", "REASON_PLACE_CHANGE CUSTOD"), 216),
            (("code-of-another-year", "REC E45"), 56),
            (("code-of-another-year", "REC E46"), 51),
            (("code-of-another-year", "REC E47"), 61),
            (("code-of-another-year", "REC E48"), 58),
            (("number-with-decimals", "MOTHER"), 1),
            (("unknown-code", "ACCOM"), 2),
            (("unknown-code", "REASON_PLACED_CEASED"), 29),
            (("unknown-code", "SW_REASON"), 1),
        ]
    );
    assert_eq!((returns.profiles[0].rejected_records, returns.profiles[0].rejected_values), (0, 32));
    let notices: Vec<&str> = returns.notices.iter().map(|notice| notice.code.as_str()).collect();
    assert_eq!(
        notices,
        [
            "table-of-another-year",
            "table-of-another-year",
            "children-without-header",
            "children-without-header",
            "children-without-episodes"
        ]
    );
    assert!(returns.notices[4].message.contains("552 of 2675"), "{}", returns.notices[4].message);

    let count =
        |dataset, field, value: &str| values(&returns, dataset, field).get(value).copied().unwrap_or(0);
    assert_eq!(count("episode", "dec", "-"), 1413);
    assert_eq!(count("episode", "rec", "X1"), 3881);
    assert_eq!(count("episode", "rne", "S"), 381);
    assert_eq!(count("episode", "legal_status", "V3") + count("episode", "legal_status", "V4"), 803);
    assert_eq!(count("health_of_looked_after_child", "sdq_score", "-"), 1354);
    assert_eq!(count("missing_episode", "kind", "M"), 19);
    assert_eq!(values(&returns, "episode", "child").len(), 2123);
    assert_eq!(count("looked_after_child", "mother", "true"), 1);
}

/// A file of the sample as another program may write it: names of the XML form, other order of columns, dates as
/// year-month-day, semicolons and quotation marks, UTF-16, the line breaks of Windows, a blank line at the end.
fn otherwise(text: &str) -> Vec<u8> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut out = String::from("\u{FEFF}");
    for (number, line) in text.lines().enumerate() {
        let mut cells: Vec<String> =
            line.split(',').map(|cell| cell.trim_end_matches('\r').to_owned()).collect();
        for cell in &mut cells {
            if number == 0 {
                *cell = match cell.as_str() {
                    "CHILD" => "CHILDID".to_owned(),
                    "PLACE" => "PL".to_owned(),
                    other => other.to_lowercase().replace('_', " "),
                };
            } else if let [day, month, year] = cell.split('/').collect::<Vec<_>>()[..] {
                *cell = format!("{year}-{month}-{day}");
            }
        }
        cells.reverse();
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out.push_str("\r\n");
    out.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_sample_in_another_form_is_the_same_return() {
    let Some(folder) = common::shared("the_sample_in_another_form_is_the_same_return", "data/ssda903") else {
        return;
    };
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
        files.push((format!("export_{}.txt", name.trim_end_matches(".csv")), otherwise(&text)));
    }
    files.sort();
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let other = read_ssda903("another form", files, &options()).unwrap_or_else(|error| panic!("{error}"));
    let other = Returns::collect(vec![other]);
    let same = read(&folder);
    assert_eq!(other.fingerprint, same.fingerprint);
    let lost =
        |returns: &Returns| returns.rejects.iter().filter(|reject| reject.lost != Lost::Nothing).count();
    assert_eq!(lost(&other), lost(&same));
}

/// The rows of a file of the sample by column; no value of it has a comma.
fn sample(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{FEFF}').lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    lines.map(|line| names.iter().map(|name| (*name).to_owned()).zip(cells(line)).collect()).collect()
}

/// The elements of a row, without what stands in the child's header; blank ones left out by every second row.
fn elements(row: &BTreeMap<String, String>, without: &[&str], sparse: bool) -> String {
    let kept =
        row.iter().filter(|(name, value)| !(without.contains(&name.as_str()) || sparse && value.is_empty()));
    kept.map(|(name, value)| {
        let name = match name.as_str() {
            "CHILD" => "CHILDID",
            "PLACE" => "PL",
            name => name,
        };
        format!("<{name}>{value}</{name}>")
    })
    .collect()
}

/// The sample as XML, and as tables in the order in which XML gives their rows: child by child.
fn as_xml(folder: &Path) -> (String, Vec<(String, String)>) {
    let header = sample(&folder.join("header.csv"));
    let mut tables: Vec<(String, Vec<BTreeMap<String, String>>)> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // Two tables hold one child each, who stands in no row of Header: XML has no place for them.
        if !["header.csv", "sw_episodes.csv", "DoLo.csv"].contains(&name.as_str()) {
            tables.push((name, sample(&path)));
        }
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<EXPSSDA903>\n<YEAR>2018</YEAR>\n<LA_CODE>E06000001</LA_CODE>\n",
    );
    let mut ordered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let line = |row: &BTreeMap<String, String>| row.values().cloned().collect::<Vec<_>>().join(",");
    let names = |row: &BTreeMap<String, String>| row.keys().cloned().collect::<Vec<_>>().join(",");
    for (number, child) in header.iter().enumerate() {
        ordered.entry("header.csv".to_owned()).or_insert_with(|| vec![names(child)]).push(line(child));
        let (mut inside, mut behind) = (elements(child, &[], number % 2 == 0), String::new());
        for (file, rows) in &tables {
            for row in rows.iter().filter(|row| row["CHILD"] == child["CHILD"]) {
                ordered.entry(file.clone()).or_insert_with(|| vec![names(row)]).push(line(row));
                let own = elements(row, &["CHILD", "DOB", "SEX"], number % 2 == 0);
                match file.as_str() {
                    "uasc.csv" => inside.push_str(&format!("<UASC>1</UASC>{own}")),
                    "oc3.csv" | "ad1.csv" => inside.push_str(&own),
                    "oc2.csv" => inside.push_str(&format!("<OC2>{own}</OC2>")),
                    "previous_permanence.csv" => inside.push_str(&format!("<PERMANENCE>{own}</PERMANENCE>")),
                    "reviews.csv" => inside.push_str(&format!("<AREVIEW>{own}</AREVIEW>\n")),
                    "missing.csv" => inside.push_str(&format!("<AMISSING>{own}</AMISSING>")),
                    "placed_for_adoption.csv" => inside.push_str(&format!("<AD_PLACED>{own}</AD_PLACED>")),
                    "episodes.csv" => behind.push_str(&format!("<EPISODE>{own}</EPISODE>\n")),
                    other => panic!("{other}"),
                }
            }
        }
        xml.push_str(&format!("<CHILD><HEADER>{inside}</HEADER>\n{behind}</CHILD>\n"));
    }
    xml.push_str("</EXPSSDA903>\n");
    (xml, ordered.into_iter().map(|(file, lines)| (file, lines.join("\n"))).collect())
}

#[test]
fn the_sample_as_xml_is_the_same_return() {
    let Some(folder) = common::shared("the_sample_as_xml_is_the_same_return", "data/ssda903") else { return };
    let (xml, tables) = as_xml(&folder);
    let of_tables = tables.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
    let of_tables = read_ssda903("tables", of_tables, &options()).unwrap_or_else(|error| panic!("{error}"));
    let unsaid = ReadOptions::default();
    let of_xml =
        read_ssda903("xml", [("903.xml", xml.as_bytes())], &unsaid).unwrap_or_else(|error| panic!("{error}"));
    assert!(of_xml.account.is_complete());
    let rows: Vec<(&str, usize)> =
        of_xml.data.tables.iter().map(|(id, table)| (id.as_str(), table.rows.len())).collect();
    let expected: Vec<(&str, usize)> = ROWS
        .into_iter()
        .filter(|(id, _)| !["deprivation_of_liberty", "social_worker_episode"].contains(id))
        .collect();
    assert_eq!(rows, expected);
    let lost = |rejects: &[staysafe::record::Reject]| {
        let mut lost: BTreeMap<(String, String), u64> = BTreeMap::new();
        for reject in rejects.iter().filter(|reject| reject.code != "element-never-given") {
            *lost.entry((reject.code.clone(), reject.element.clone())).or_default() += reject.times;
        }
        lost
    };
    assert_eq!(lost(&of_xml.rejects), lost(&of_tables.rejects));
    let (of_xml, of_tables) = (Returns::collect(vec![of_xml]), Returns::collect(vec![of_tables]));
    assert_eq!(of_xml.fingerprint, of_tables.fingerprint);
}

#[test]
fn children_of_the_sample_stay_what_they_are() {
    let Some(folder) = common::shared("children_of_the_sample_stay_what_they_are", "data/ssda903") else {
        return;
    };
    let returns = read(&folder);
    let episodes = &returns.data.returns[0].tables["episode"];
    let first = &episodes.rows[0];
    assert_eq!(first.origin, 2, "the line of the file");
    let text = |value: &str| Datum::Known(Value::Text(value.into()));
    let at = |field: &str| &first.values[episodes.fields.iter().position(|name| **name == *field).unwrap()];
    assert_eq!(
        (at("child"), at("rne"), at("placement_urn")),
        (&text("566910"), &text("L"), &text("4244474"))
    );
    assert_eq!(at("decom"), &Datum::Known(Value::Date("2016-02-15".parse().unwrap())));
    assert_eq!(at("home_postcode"), &Datum::Missing);
}
