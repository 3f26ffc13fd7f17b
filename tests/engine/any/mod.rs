//! Frameworks of any shape: definitions as somebody might write them, made from a number.

mod expression;
mod indicators;
mod tables;

use std::fmt::Write as _;

use staysafe::value::Type;

use staysafe::check::Checked;
use staysafe::period::Period;
use staysafe::record::{Cover, PARTNER_COUNT, Return, Row, Status, Submission, Table as Rows};
use staysafe::value::{Datum, Value};

use super::records::Dice;
use expression::Scope;
use tables::World;

/// Codes of areas of which returns may come; the last is none that the framework knows.
pub const AREAS: [&str; 4] = ["E1", "E2", "805", "X9"];

/// The files of a framework.
pub fn files(dice: &mut Dice) -> Vec<(String, String)> {
    let mut world = tables::world(dice);
    let mut files = std::mem::take(&mut world.files);
    files.push(("framework.toml".to_owned(), framework(&world, dice)));
    files.push((
        "agencies.toml".to_owned(),
        "[[agency]]\nid = \"council\"\nname = \"The council\"\n[[agency]]\nid = \"police\"\nname = \"The police\"\n".to_owned(),
    ));
    files.push(("areas.toml".to_owned(), AREA_FILE.to_owned()));
    for (id, codes) in [("shade", &tables::SHADES[..]), ("place", &tables::PLACES)] {
        let mut text = format!("id = \"{id}\"\n");
        for code in codes {
            let _ = write!(text, "[[code]]\ncode = \"{code}\"\nwords = \"{code}\"\n");
            if dice.one_in(4) {
                text.push_str(dice.of::<&str>(&["from = 2011\n", "to = 2010\n"]));
            }
        }
        files.push((format!("codes/{id}.toml"), text));
    }
    files.push(("datasets/partner_count.toml".to_owned(), COUNTS.to_owned()));
    for number in 1..=3 + dice.below(4) {
        let id = format!("i-{number}");
        files.push((format!("indicators/{id}.toml"), indicators::indicator(&world, &id, dice)));
    }
    if dice.one_in(4) {
        let same = "id = \"same\"\ntitle = \"same\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\nsame_calculation_as = \"i-1\"\n";
        files.push(("indicators/same.toml".to_owned(), same.to_owned()));
    }
    files
}

fn framework(world: &World, dice: &mut Dice) -> String {
    let mut text = "id = \"any\"\ntitle = \"Any\"\nscope = \"all\"\n".to_owned();
    let _ = write!(
        text,
        "[parameters.is_wide]\ntype = \"yes/no\"\ndefault = {}\n[parameters.least]\ntype = \"whole number\"\ndefault = 2\n",
        dice.one_in(2)
    );
    text.push_str("[parameters.word]\ntype = \"text\"\ndefault = \"1\"\n[parameters.since]\ntype = \"date\"\ndefault = 2010-05-01\n");
    text.push_str("[[limits.notice]]\nlimit = \"10 working days\"\n[[limits.notice]]\nfrom = 2010-07-01\nlimit = \"5 days\"\n");
    text.push_str("[[limits.review]]\nfrom = 2009-04-01\nlimit = \"1 months\"\n[[limits.review]]\nfrom = 2010-10-01\nlimit = \"20 working days\"\n");
    let tables: Vec<&tables::Table> = world.datasets.values().chain(world.derived.values()).collect();
    let names = vec![("as_of_day", Type::Date)];
    text.push_str("[breakdowns.shade]\ncodes = \"shade\"\n");
    text.push_str(dice.of::<&str>(&["as_of = \"last day\"\n", ""]));
    for table in tables.iter().filter(|table| table.columns.iter().any(|column| column.name == "shade")) {
        let _ = write!(text, "[[breakdowns.shade.of]]\ntables = [\"{}\"]\nvalue = \"shade\"\n", table.id);
    }
    text.push_str("[breakdowns.size]\ncategories = [\"small\", \"large\"]\n");
    for (number, table) in tables.iter().enumerate() {
        if number > 0 && dice.one_in(8) {
            continue;
        }
        let mut scope = Scope { names: names.clone(), ..Scope::of(world, table) };
        let (small, large) = (scope.truth(2, dice), scope.truth(1, dice));
        let _ = write!(
            text,
            "[[breakdowns.size.of]]\ntables = [\"{}\"]\nvalue = '''CASE WHEN {small} THEN 'small' WHEN {large} THEN 'large' END '''\n",
            table.id
        );
    }
    text.push_str("[breakdowns.overlap]\noverlapping = true\ncategories = [\"1\", \"2\", \"A\"]\n");
    for (number, table) in tables.iter().enumerate() {
        if number > 0 && dice.one_in(8) {
            continue;
        }
        let names = vec![("as_of_day", Type::Date), ("this_category", Type::Text)];
        let mut scope = Scope { names, ..Scope::of(world, table) };
        let holds = scope.truth(2, dice);
        let _ = write!(
            text,
            "[[breakdowns.overlap.of]]\ntables = [\"{}\"]\nvalue = '''({holds} OR this_category = child) '''\n",
            table.id
        );
    }
    text
}

const AREA_FILE: &str = r#"
[[area]]
code = "R1"
name = "A region"
level = "region"
[[area]]
code = "R2"
name = "Another region"
level = "region"
[[area]]
code = "E1"
name = "One"
level = "authority"
parents = [{ code = "R1", valid_to = 2010-09-30 }, { code = "R2", valid_from = 2010-10-01 }]
aliases = { lea = "805" }
facts = { secure = true }
[[area]]
code = "E2"
name = "Two"
level = "authority"
parents = ["R1"]
facts = { secure = false }
[[area]]
code = "W1"
name = "A ward"
level = "ward"
parents = ["E1"]
[[area]]
code = "W2"
name = "Another ward"
level = "ward"
parents = ["E1"]
"#;

const COUNTS: &str = r#"
id = "partner_count"
title = "Counts made by a partner"
carried_by = "partner-count-register"
holder = "council"
area = "area"
key = ["indicator", "area", "period", "agency"]
row = "a count"
field = [
  { name = "indicator", type = "text", missing = "error" },
  { name = "area", type = "text" },
  { name = "period", type = "text", missing = "error" },
  { name = "agency", type = "text" },
  { name = "numerator", type = "number", missing = "error" },
  { name = "denominator", type = "number" },
  { name = "note", type = "text" },
]
"#;

/// Counts that partners made of some indicators, areas and periods: beside records, in their place, hidden, and twice.
pub fn counts(checked: &Checked, periods: &[Period], dice: &mut Dice) -> Return {
    let text = |said: &str| Datum::Known(Value::Text(said.into()));
    let ids: Vec<&String> = checked.indicators().keys().collect();
    let number = |dice: &mut Dice| match dice.below(8) {
        0 => Datum::Suppressed,
        1 => Datum::Missing,
        _ => Datum::Known(Value::Int(i64::try_from(dice.below(9)).unwrap())),
    };
    let rows = (1..=dice.below(12)).map(|origin| {
        let (id, period) = (*dice.of(&ids), dice.of(periods).to_string());
        let agency = dice.of(&["council", "police"]);
        let values = vec![
            text(id),
            text(dice.of::<&str>(&AREAS)),
            text(&period),
            text(agency),
            number(dice),
            number(dice),
        ];
        Row { values, origin: u32::try_from(origin).unwrap() }
    });
    let rows = rows.collect();
    let fields = ["indicator", "area", "period", "agency", "numerator", "denominator"];
    let table = Rows { fields: fields.map(Into::into).into(), rows, cover: Cover::UNLIMITED };
    let status = if dice.one_in(3) { Some(Status::Provisional) } else { None };
    Return {
        name: "counts".to_owned(),
        kind: "partner-count-register".to_owned(),
        area: "E1".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission { status, ..Submission::default() },
        truncated: false,
        tables: [(PARTNER_COUNT.to_owned(), table)].into(),
    }
}
