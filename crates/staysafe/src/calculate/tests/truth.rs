//! The one truth table, line by line.

use std::fmt::Write as _;

use super::*;

const TABLE: &str = include_str!("../../../../../docs/truth.tsv");

const FRAME: &str =
    "[[limits.month]]\nlimit = \"30 days\"\n[[limits.never]]\nfrom = 2011-04-01\nlimit = \"10 days\"\n";

/// A related record: its values of `v`, `size` and `at`.
type Related = (&'static str, i64, &'static str);

/// The links of a record, and where each leads.
const LINKS: [(&str, &[Related]); 9] = [
    ("none", &[]),
    ("yes", &[("t", 1, "2010-04-01")]),
    ("nay", &[("f", 1, "2010-04-01")]),
    ("doubt", &[("lost", 1, "2010-04-01")]),
    ("yes_nay", &[("t", 1, "2010-04-01"), ("f", 2, "2010-04-02")]),
    ("yes_doubt", &[("t", 1, "2010-04-01"), ("lost", 2, "2010-04-02")]),
    ("nay_doubt", &[("f", 1, "2010-04-01"), ("lost", 2, "2010-04-02")]),
    ("tie", &[("t", 1, "2010-04-01"), ("t", 2, "2010-04-01")]),
    ("undated", &[("t", 1, ""), ("t", 2, "2010-04-01")]),
];

const FIELDS: [(&str, &str, &str); 15] = [
    ("t", "yes/no", ""),
    ("f", "yes/no", ""),
    ("blank", "yes/no", ""),
    ("lost", "yes/no", ""),
    ("no", "yes/no", "no"),
    ("one", "whole number", ""),
    ("two", "whole number", ""),
    ("n_blank", "whole number", ""),
    ("n_lost", "whole number", ""),
    ("n_no", "whole number", "no"),
    ("day", "date", ""),
    ("later", "date", ""),
    ("d_blank", "date", ""),
    ("d_lost", "date", ""),
    ("id", "text", ""),
];

fn values() -> Vec<Datum> {
    let yes = |yes| Datum::Known(Value::Bool(yes));
    let number = |n| Datum::Known(Value::Int(n));
    let blank = || Datum::Missing;
    vec![
        yes(true),
        yes(false),
        blank(),
        Datum::Rejected,
        blank(),
        number(1),
        number(2),
        blank(),
        Datum::Rejected,
        blank(),
        day("2010-04-01"),
        day("2010-05-01"),
        blank(),
        Datum::Rejected,
        Datum::Known(Value::Text("a".into())),
    ]
}

fn dataset(id: &str, fields: &[(&str, &str, &str)], links: &str) -> String {
    let mut text = format!(
        "id = \"{id}\"\ntitle = \"T\"\ncarried_by = \"r\"\nholder = \"council\"\narea = \"given\"\nrow = \"a row\"\n{links}"
    );
    for (name, ty, missing) in fields {
        let missing = if missing.is_empty() { "unknown" } else { missing };
        write!(text, "[[field]]\nname = \"{name}\"\ntype = \"{ty}\"\nmissing = \"{missing}\"\n").unwrap();
    }
    text
}

fn framework(calculation: &str) -> Checked {
    let mut links = String::new();
    for (name, _) in LINKS {
        write!(links, "[[link]]\nname = \"{name}\"\nto = \"{name}\"\non = {{ id = \"id\" }}\n").unwrap();
    }
    let related = [("id", "text", ""), ("v", "yes/no", ""), ("size", "whole number", ""), ("at", "date", "")];
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n[calculation]\nfrom = \"record\"\nwhen = {{ date = \"day\" }}\n{calculation}\n"
    );
    let mut files = vec![
        ("framework.toml".to_owned(), format!("{FRAMEWORK}{FRAME}")),
        ("agencies.toml".to_owned(), AGENCIES.to_owned()),
        ("datasets/record.toml".to_owned(), dataset("record", &FIELDS, &links)),
        ("indicators/i.toml".to_owned(), indicator),
    ];
    for (name, _) in LINKS {
        files.push((format!("datasets/{name}.toml"), dataset(name, &related, "")));
    }
    let (framework, found) = read(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert!(!found.has_errors(), "{calculation}: {found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{calculation}: {found:#?}"))
}

fn records() -> Data {
    let table = |fields: Vec<&str>, rows: Vec<Vec<Datum>>| Table {
        fields: fields.into_iter().map(Into::into).collect(),
        rows: rows.into_iter().map(|values| Row { values, origin: 1 }).collect(),
        cover: Cover::UNLIMITED,
    };
    let mut data = data("A", Vec::new(), Cover::UNLIMITED);
    let tables = &mut data.returns[0].tables;
    tables.clear();
    tables.insert("record".to_owned(), table(FIELDS.iter().map(|f| f.0).collect(), vec![values()]));
    for (name, rows) in LINKS {
        let row = |(v, size, at): &Related| {
            let v = if *v == "lost" { Datum::Rejected } else { Datum::Known(Value::Bool(*v == "t")) };
            vec![Datum::Known(Value::Text("a".into())), v, Datum::Known(Value::Int(*size)), day(at)]
        };
        tables.insert(name.to_owned(), table(vec!["id", "v", "size", "at"], rows.iter().map(row).collect()));
    }
    data
}

fn outcome(calculation: &str) -> Observation {
    observations(&framework(calculation), &records(), "2010-11 Q1", false).remove(0)
}

/// What a predicate comes to, told from what it does as a `denominator`.
fn comes_to(predicate: &str) -> &'static str {
    let found = outcome(&format!("denominator = \"{predicate}\"\nnumerator = \"TRUE\""));
    let doubts: u64 = found.cell.notes.values().sum();
    match (&found.cell.outcome, doubts) {
        (Outcome::Figure { .. }, 0) => "true",
        (Outcome::Absent(crate::result::Reason::Undefined), 0) => "false",
        (Outcome::Absent(crate::result::Reason::Undefined), 1) => "unknown",
        (Outcome::Absent(crate::result::Reason::Refused(_)), _) => "refused",
        other => panic!("{predicate}: {other:?}"),
    }
}

fn rung(rung: &str, predicate: &str) -> String {
    let (key, more) = match rung {
        "numerator" => ("numerator", ""),
        "numerator, left out" => ("numerator", "numerator_unknown = \"left out\""),
        other => (other, "numerator = \"TRUE\""),
    };
    let found = outcome(&format!("{key} = \"{predicate}\"\n{more}"));
    let unknown = found.cell.notes.get(&Note::Unknown).copied().unwrap_or(0);
    match &found.cell.outcome {
        Outcome::Figure { numerator: Some(above), denominator: Some(below), .. } => {
            format!("{above} of {below}, {unknown} unknown")
        }
        Outcome::Absent(crate::result::Reason::Undefined) => format!("0 of 0, {unknown} unknown"),
        Outcome::Absent(crate::result::Reason::Refused(_)) => "refused".to_owned(),
        other => panic!("{rung}: {predicate}: {other:?}"),
    }
}

#[test]
fn the_reference_passes_every_line_of_the_table() {
    let lines: Vec<(&str, &str)> = TABLE.lines().filter_map(|line| line.split_once('\t')).collect();
    assert!(lines.len() > 250, "{} lines", lines.len());
    let mut wrong = Vec::new();
    for (asked, expected) in lines {
        let found = match asked.split_once(": ") {
            Some((key, predicate)) => rung(key, predicate),
            None => comes_to(asked).to_owned(),
        };
        if found != expected {
            wrong.push(format!("{asked}: expected {expected}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
