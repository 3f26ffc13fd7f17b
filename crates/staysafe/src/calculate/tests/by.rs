//! Figures kept apart: by area, by level, by breakdown.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::plan::PlanError;
use crate::result::{ALL, Partials, Results, State, UNKNOWN_CATEGORY};

const FRAMEWORK: &str = r#"
id = "f"
title = "F"
scope = "all"
[breakdowns.band]
categories = ["low", "middle", "high"]
[[breakdowns.band.of]]
tables = ["cases", "people"]
value  = "CASE WHEN score < 3 THEN 'low' WHEN score < 6 THEN 'middle' WHEN score < 9 THEN 'high' END"
[breakdowns.team]
codes = "team"
[[breakdowns.team.of]]
tables = ["cases"]
value  = "team"
[breakdowns.month]
categories = ["April", "later"]
[[breakdowns.month.of]]
tables = ["cases"]
value  = "CASE WHEN as_of_day < DATE '2010-05-01' THEN 'April' ELSE 'later' END"
[breakdowns.marks]
overlapping = true
categories  = ["red", "blue"]
[[breakdowns.marks.of]]
tables = ["cases"]
value  = "any(marks AS m WHERE m.mark = this_category)"
[breakdowns.shoes]
words = "size of shoes"
"#;
const AREAS: &str = r#"
[[area]]
code = "ENG"
name = "England"
level = "country"
[[area]]
code = "NORTH"
name = "North"
level = "region"
parents = ["ENG"]
[[area]]
code = "SOUTH"
name = "South"
level = "region"
parents = ["ENG"]
[[area]]
code = "A"
name = "A"
level = "council"
parents = ["NORTH"]
aliases = { lea = "801" }
[[area]]
code = "B"
name = "B"
level = "council"
parents = [{ code = "SOUTH", valid_to = 2010-05-31 }, { code = "NORTH", valid_from = 2010-06-01 }]
[[area]]
code = "C"
name = "C"
level = "council"
parents = ["SOUTH"]
"#;
const TEAMS: &str = "id = \"team\"\ncode = [{ code = \"west\", words = \"the west\" }, { code = \"east\", words = \"the east\" }]\n";
const CASES: &str = r#"
id = "cases"
title = "Cases"
carried_by = "cases"
holder = "council"
area = "given"
field = [
  { name = "child", type = "text", personal = true },
  { name = "opened", type = "date" },
  { name = "closed", type = "date" },
  { name = "yes", type = "yes/no" },
  { name = "score", type = "whole number" },
  { name = "team", type = "text", codes = "team" },
]
link = [{ name = "marks", to = "marks", on = { child = "child" } }]
"#;
const MARKS: &str = r#"
id = "marks"
title = "Marks"
carried_by = "cases"
holder = "council"
area = "given"
field = [{ name = "child", type = "text", personal = true }, { name = "mark", type = "text" }]
"#;
const PEOPLE: &str = r#"
id = "people"
title = "People"
carried_by = "cases"
holder = "council"
area = "place"
field = [
  { name = "place", type = "text" },
  { name = "counted", type = "date" },
  { name = "score", type = "whole number" },
  { name = "persons", type = "whole number" },
]
"#;
/// Every kind that is made of records, counted by row and by child.
const INDICATORS: &[(&str, &str, &str)] = &[
    ("rows", "count", "when = { date = \"opened\" }"),
    ("children", "count", "when = { date = \"opened\" }\ncounted = \"distinct child\""),
    ("open", "stock", "when = { open = [\"opened\", \"closed\"] }\ncounted = \"distinct child\""),
    ("share", "proportion", "when = { date = \"opened\" }\nnumerator = \"yes\""),
    (
        "share-children",
        "proportion",
        "when = { date = \"opened\" }\nnumerator = \"yes\"\ncounted = \"distinct child\"",
    ),
    ("mean", "mean", "when = { date = \"opened\" }\nvalue = \"score\""),
    (
        "kinds",
        "distribution",
        "when = { date = \"opened\" }\ncategory = \"team\"\ncounted = \"distinct child\"",
    ),
];
const RATIO: &str = r#"
[calculation.numerator]
from = "cases"
when = { date = "opened" }
measure = "count(distinct child)"
[calculation.denominator]
from = "cases"
when = { date = "opened" }
where = "yes"
measure = "count()"
"#;
const RATE: &str = r#"
[calculation]
multiplier = 1000
[calculation.numerator]
from = "cases"
when = { date = "opened" }
measure = "count()"
[calculation.denominator]
from = "people"
when = { date = "counted" }
measure = "sum(persons)"
"#;

fn framework(more: &[(&str, String)]) -> Checked {
    let head = |id: &str, kind: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n"
        )
    };
    let mut files: Vec<(String, String)> = vec![
        ("framework.toml".into(), FRAMEWORK.into()),
        ("areas.toml".into(), AREAS.into()),
        ("agencies.toml".into(), AGENCIES.into()),
        ("codes/team.toml".into(), TEAMS.into()),
        ("datasets/cases.toml".into(), CASES.into()),
        ("datasets/marks.toml".into(), MARKS.into()),
        ("datasets/people.toml".into(), PEOPLE.into()),
        ("indicators/ratio.toml".into(), head("ratio", "ratio") + RATIO),
        ("indicators/rate.toml".into(), head("rate", "rate") + RATE),
    ];
    for (id, kind, calculation) in INDICATORS {
        let text = format!("{}[calculation]\nfrom = \"cases\"\n{calculation}", head(id, kind));
        files.push((format!("indicators/{id}.toml"), text));
    }
    for (path, text) in more {
        files.retain(|(other, _)| other != path);
        files.push(((*path).to_owned(), text.clone()));
    }
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn text(value: &str) -> Datum {
    if value.is_empty() { Datum::Missing } else { Datum::Known(Value::Text(value.into())) }
}

fn row(child: &str, opened: &str, yes: Option<bool>, score: Option<i64>, team: &str) -> Row {
    let known = |value: Option<Value>| value.map_or(Datum::Missing, Datum::Known);
    let values = vec![
        text(child),
        day(opened),
        Datum::Missing,
        known(yes.map(Value::Bool)),
        known(score.map(Value::Int)),
        text(team),
    ];
    Row { values, origin: 1 }
}

fn of(area: &str, rows: Vec<Row>, marks: &[(&str, &str)], people: &[(&str, i64, i64)]) -> Return {
    let table = |fields: &[&str], rows| Table {
        fields: fields.iter().map(|field| (*field).into()).collect(),
        rows,
        cover: Cover::UNLIMITED,
    };
    let marks = marks.iter().map(|(child, mark)| Row { values: vec![text(child), text(mark)], origin: 1 });
    let people = people.iter().map(|(place, score, persons)| Row {
        values: vec![
            text(place),
            day("2010-06-30"),
            Datum::Known(Value::Int(*score)),
            Datum::Known(Value::Int(*persons)),
        ],
        origin: 1,
    });
    Return {
        name: format!("{area}.csv"),
        kind: "cases".to_owned(),
        area: area.to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: [
            ("cases".to_owned(), table(&["child", "opened", "closed", "yes", "score", "team"], rows)),
            ("marks".to_owned(), table(&["child", "mark"], marks.collect())),
            ("people".to_owned(), table(&["place", "counted", "score", "persons"], people.collect())),
        ]
        .into(),
    }
}

fn partials(checked: &Checked, returns: Vec<Return>, by: &[&str]) -> Partials {
    let by = by.iter().map(|name| (*name).to_owned()).collect();
    let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], by, ..Request::default() };
    calculate(checked, &plan(checked, &request).unwrap(), &Data { returns }).unwrap()
}

fn results(checked: &Checked, returns: Vec<Return>, by: &[&str]) -> Results {
    finish(checked, &partials(checked, returns, by))
}

/// Indicator, area, each column, and the counts.
fn lines(results: &Results, indicator: &str) -> Vec<String> {
    let of = results.observations.iter().filter(|seen| seen.indicator == indicator);
    of.map(|seen| format!("{} {} {}", seen.area, seen.by.join(" "), counts(seen))).collect()
}

/// What each indicator's cells come to when they are added up again.
fn totals(partials: &Partials) -> BTreeMap<String, State> {
    let mut totals: BTreeMap<String, State> = BTreeMap::new();
    for partial in partials.partials.iter().filter(|partial| partial.indicator != "rate") {
        let state = match totals.remove(partial.indicator.as_str()) {
            Some(held) => held.combine(partial.state.clone()),
            None => partial.state.clone(),
        };
        totals.insert(partial.indicator.to_string(), state);
    }
    totals
}

/// Rows of a few children, so that most of them have several; values that are missing, rejected, or of no category.
fn some_rows() -> impl Strategy<Value = Vec<Row>> {
    let one = (
        prop::sample::select(vec!["a", "b", "c", "d", ""]),
        prop::sample::select(vec!["2010-04-01", "2010-04-20", "2010-05-20", "2010-06-30", "2010-07-01", ""]),
        prop::option::of(any::<bool>()),
        prop::option::of(0i64..12),
        prop::sample::select(vec!["west", "east", "north", ""]),
        0u8..12,
    );
    let made = one.prop_map(|(child, opened, yes, score, team, spoilt)| {
        let mut made = row(child, opened, yes, score, team);
        if let Some(value) = made.values.get_mut(usize::from(spoilt)) {
            *value = Datum::Rejected;
        }
        made
    });
    prop::collection::vec(made, 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Categories of breakdowns that leave nobody out add up to the total, whatever is counted.
    #[test]
    fn the_categories_of_exhaustive_breakdowns_add_up(rows in some_rows(), more in some_rows()) {
        let checked = framework(&[]);
        let returns = || vec![of("A", rows.clone(), &[], &[]), of("C", more.clone(), &[], &[])];
        let whole = totals(&partials(&checked, returns(), &[]));
        for by in [&["band"][..], &["team"], &["month"], &["team", "band"], &["region", "month"], &["area", "team"]] {
            prop_assert_eq!(&totals(&partials(&checked, returns(), by)), &whole, "by {:?}", by);
        }
    }

    /// A category of an overlapping breakdown holds no more than there is, and nobody is in none.
    #[test]
    fn the_categories_of_an_overlapping_breakdown_lie_inside_the_total(
        rows in some_rows(),
        marks in prop::collection::vec((prop::sample::select(vec!["a", "b", "c"]), prop::sample::select(vec!["red", "blue", "green"])), 0..6),
    ) {
        let checked = framework(&[]);
        let one = |by: &[&str]| {
            let partials = partials(&checked, vec![of("A", rows.clone(), &marks, &[])], by);
            let of = partials.partials.into_iter().filter(|partial| partial.indicator == "children");
            of.map(|partial| match partial.state {
                State::Counted { numerator, .. } => numerator,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
        };
        let (whole, parts) = (one(&[]), one(&["marks"]));
        prop_assert_eq!(parts.len(), 3, "red, blue and unknown");
        prop_assert!(parts.iter().all(|part| *part <= whole[0]));
        prop_assert!(parts.iter().sum::<u64>() >= whole[0]);
    }

    #[test]
    fn the_order_of_returns_changes_nothing(rows in some_rows(), more in some_rows()) {
        let checked = framework(&[]);
        let (a, c) = (of("A", rows, &[], &[]), of("C", more, &[], &[]));
        let there = results(&checked, vec![a.clone(), c.clone()], &["region", "band"]);
        let back = results(&checked, vec![c, a], &["region", "band"]);
        prop_assert_eq!(there.observations, back.observations);
    }
}

#[test]
fn categories_stand_in_their_order_and_the_empty_ones_are_there() {
    let rows =
        vec![row("a", "2010-04-01", None, Some(7), "west"), row("b", "2010-04-01", None, None, "west")];
    let results = results(&framework(&[]), vec![of("A", rows, &[], &[])], &["band"]);
    assert_eq!(results.columns()[3..6], ["area", "band", "period"]);
    assert_eq!(
        lines(&results, "rows"),
        ["A low 0/- = 0.0", "A middle 0/- = 0.0", "A high 1/- = 1.0", "A unknown 1/- = 1.0"]
    );
}

#[test]
fn a_value_of_no_category_is_unknown_and_counted() {
    let rows = vec![row("a", "2010-04-01", None, None, "moon"), row("b", "2010-04-01", None, None, "")];
    let results = results(&framework(&[]), vec![of("A", rows, &[], &[])], &["team"]);
    let unknown = results
        .observations
        .iter()
        .find(|seen| seen.indicator == "rows" && seen.by.as_slice() == [UNKNOWN_CATEGORY])
        .unwrap();
    assert_eq!(counts(unknown), "2/- = 2.0");
    assert_eq!(unknown.cell.notes.get(&Note::UnmappedCode), Some(&1), "blank is no code");
}

#[test]
fn what_counts_once_stands_where_its_latest_record_does() {
    let rows = vec![
        row("a", "2010-04-01", Some(false), Some(1), ""),
        row("a", "2010-06-01", Some(false), Some(7), ""),
        row("b", "2010-04-01", Some(true), Some(1), ""),
        row("b", "2010-06-01", Some(false), Some(7), ""),
        row("c", "2010-04-01", Some(false), Some(1), ""),
        row("c", "2010-04-01", Some(false), Some(7), ""),
    ];
    let results = results(&framework(&[]), vec![of("A", rows, &[], &[])], &["band"]);
    assert_eq!(
        lines(&results, "share-children"),
        [
            "A low 1/1 = 100.0",
            "A middle undefined: nothing below the line",
            "A high 0/1 = 0.0",
            "A unknown 0/1 = 0.0"
        ],
        "a by its latest record, b by the one that was in time, c's records of one day disagree"
    );
    let unknown = results
        .observations
        .iter()
        .find(|seen| seen.indicator == "children" && seen.by.as_slice() == ["unknown"]);
    assert_eq!(unknown.unwrap().cell.notes.get(&Note::Contradictory), Some(&1));
}

#[test]
fn several_at_once_are_a_grid() {
    let rows =
        vec![row("a", "2010-04-01", None, Some(1), "east"), row("b", "2010-05-01", None, Some(4), "west")];
    let marks = [("a", "red"), ("a", "blue")];
    let results = results(&framework(&[]), vec![of("801", rows, &marks, &[])], &["marks", "region", "month"]);
    assert_eq!(results.by, ["marks", "region", "month"]);
    assert_eq!(lines(&results, "rows").len(), 3 * 3);
    let filled: Vec<String> =
        lines(&results, "rows").into_iter().filter(|line| !line.ends_with("0/- = 0.0")).collect();
    assert_eq!(
        filled,
        [
            "NORTH red NORTH April 1/- = 1.0",
            "NORTH blue NORTH April 1/- = 1.0",
            "NORTH unknown NORTH later 1/- = 1.0"
        ],
        "one child in two categories; 801 is A"
    );
}

#[test]
fn areas_are_added_up_to_the_parent_of_the_periods_last_day() {
    let one = |child| vec![row(child, "2010-04-01", Some(true), Some(4), "")];
    let silent = Return { tables: BTreeMap::new(), ..of("C", Vec::new(), &[], &[]) };
    let returns = vec![of("A", one("x"), &[], &[]), of("B", one("x"), &[], &[]), silent];
    let checked = framework(&[]);
    let found = results(&checked, returns.clone(), &["region"]);
    assert_eq!(
        lines(&found, "children")[0],
        "NORTH NORTH 2/- = 2.0",
        "B lies there in June; two children called x"
    );
    assert!(lines(&found, "children")[1].starts_with("SOUTH SOUTH not reported"));
    let country = results(&checked, returns.clone(), &["country"]);
    let seen = country.observations.iter().find(|seen| seen.indicator == "share").unwrap();
    assert_eq!((seen.area.as_str(), counts(seen).as_str()), ("ENG", "2/2 = 100.0"));
    assert_eq!((seen.cell.coverage.reported, seen.cell.coverage.expected), (2, 3));
    assert!(seen.cell.flags.contains(&Flag::PartlyReported));
    let both = results(&checked, returns.clone(), &["area", "region"]);
    assert_eq!(lines(&both, "rows")[..2], ["A NORTH 1/- = 1.0", "B NORTH 1/- = 1.0"]);
    let stranger = results(&checked, vec![of("999", one("x"), &[], &[])], &["region"]);
    assert_eq!(lines(&stranger, "rows"), ["unknown unknown 1/- = 1.0"], "no region is known of it");
    // Absent as a whole, it is missing from each category.
    let bands = results(&checked, returns, &["country", "band"]);
    let seen: Vec<&Observation> = bands.observations.iter().filter(|seen| seen.indicator == "rows").collect();
    assert_eq!(seen.len(), 4);
    assert!(
        seen.iter()
            .all(|seen| seen.cell.coverage.expected == 3 && seen.cell.flags.contains(&Flag::PartlyReported))
    );
}

#[test]
fn partials_of_several_runs_add_up_in_json_too() {
    let checked = framework(&[]);
    let part = |area, child: &str| {
        let part = partials(
            &checked,
            vec![of(area, vec![row(child, "2010-04-01", None, Some(1), "")], &[], &[])],
            &["region", "band"],
        );
        serde_json::from_str::<Partials>(&serde_json::to_string(&part).unwrap()).unwrap()
    };
    let mut all = part("A", "x");
    all.partials.extend(part("B", "y").partials);
    assert_eq!(lines(&finish(&checked, &all), "rows")[0], "NORTH NORTH low 2/- = 2.0");
}

#[test]
fn an_area_field_may_hold_an_alias_or_a_code_that_nobody_knows() {
    let people = [("801", 1, 1000), ("A", 1, 500), ("C", 1, 9000), ("?", 1, 70)];
    let rows = vec![row("a", "2010-04-01", None, Some(1), "")];
    let checked = framework(&[]);
    let found = results(&checked, vec![of("A", rows.clone(), &[], &people)], &["area"]);
    assert_eq!(
        lines(&found, "rate"),
        ["A  1/1500 = 0.7"],
        "cases are A's, and so are the people beside them"
    );
    let added_up = results(&checked, vec![of("A", rows, &[], &people)], &[]);
    assert_eq!(lines(&added_up, "rate"), ["A  1/1500 = 0.7"], "added up as well");
    let head = "id = \"all\"\ntitle = \"I\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";
    let all = format!("{head}[calculation]\nfrom = \"people\"\nwhen = {{ date = \"counted\" }}\n");
    let checked = framework(&[("indicators/all.toml", all)]);
    let found = results(&checked, vec![of("A", Vec::new(), &[], &people)], &["region"]);
    assert_eq!(
        lines(&found, "all"),
        ["NORTH NORTH 2/- = 2.0", "SOUTH SOUTH 1/- = 1.0", "unknown unknown 1/- = 1.0"],
        "never dropped"
    );
    let unknown =
        found.observations.iter().find(|seen| seen.area == UNKNOWN_CATEGORY && seen.indicator == "all");
    assert_eq!(unknown.unwrap().cell.notes.get(&Note::UnmappedCode), Some(&1));
}

#[test]
fn what_cannot_be_broken_down_says_why() {
    let checked = framework(&[]);
    let rows = vec![row("a", "2010-04-01", None, Some(1), "west")];
    let found = results(&checked, vec![of("A", rows.clone(), &[], &[("A", 1, 10)])], &["team"]);
    assert_eq!(
        lines(&found, "rate"),
        [
            "A all not reported: not broken down so: 'team' has no rule for the records of 'people': it would take [[breakdowns.team.of]] with tables = [\"people\"] in framework.toml"
        ]
    );
    let mut without_marks = of("A", rows, &[], &[]);
    without_marks.tables.remove("marks");
    let found = results(&checked, vec![without_marks], &["marks"]);
    assert_eq!(lines(&found, "rows"), ["A all not reported: no return carries 'marks'"]);
}

#[test]
fn a_name_that_nothing_goes_by_is_refused_with_the_nearest() {
    let checked = framework(&[]);
    let refused = |by: &str| {
        let request = Request {
            periods: vec!["2010-11 Q1".parse().unwrap()],
            by: vec![by.to_owned()],
            ..Request::default()
        };
        plan(&checked, &request).unwrap_err()
    };
    assert!(matches!(refused("regoin"), PlanError::UnknownBy { near: Some(near), .. } if near == "region"));
    assert_eq!(
        refused("shoes").to_string(),
        "figures cannot be kept apart by 'shoes': the framework has words for it and no rule that sorts records; by area, council, country, region, band, marks, month, team"
    );
    assert_eq!(
        refused("x").to_string(),
        "figures cannot be kept apart by 'x'; by area, council, country, region, band, marks, month, team"
    );
}

#[test]
fn a_breakdown_changes_the_plan_and_no_definition() {
    let checked = framework(&[]);
    let planned = |checked: &Checked, by: &[&str]| {
        let by = by.iter().map(|name| (*name).to_owned()).collect();
        let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], by, ..Request::default() };
        plan(checked, &request).unwrap()
    };
    let (plain, by_band) = (planned(&checked, &[]), planned(&checked, &["band"]));
    assert_ne!(plain.hash(), by_band.hash());
    assert_eq!(plain.indicators()[0].definition, by_band.indicators()[0].definition);
    let other = FRAMEWORK.replace("score < 3", "score < 2");
    let other = framework(&[("framework.toml", other)]);
    assert_eq!(planned(&other, &[]).hash(), plain.hash(), "nothing that was not asked for");
    assert_ne!(planned(&other, &["band"]).hash(), by_band.hash());
    assert_eq!(other.hash(), checked.hash());
}

#[test]
fn what_a_definition_requires_is_there_unasked() {
    let head = "id = \"rows\"\ntitle = \"I\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";
    let required = |name: &str| {
        let text = format!(
            "{head}required_breakdown = \"{name}\"\n[calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\n"
        );
        let checked = framework(&[("indicators/rows.toml", text)]);
        let one = |area: &str| of(area, vec![row("x", "2010-04-01", None, Some(1), "")], &[], &[]);
        results(&checked, vec![one("A"), one("C")], &[])
    };
    let found = required("area");
    assert_eq!(lines(&found, "rows"), ["A  1/- = 1.0", "C  1/- = 1.0"]);
    assert_eq!(lines(&found, "children"), ["all  2/- = 2.0"]);
    let found = required("region");
    assert_eq!(lines(&found, "rows"), ["NORTH NORTH 1/- = 1.0", "SOUTH SOUTH 1/- = 1.0"]);
    assert_eq!(lines(&found, "children"), [format!("all {ALL} 2/- = 2.0")]);
    let found = required("shoes");
    assert!(
        lines(&found, "rows")[0].contains("the framework has words for 'shoes' and no rule"),
        "{found:?}"
    );
    let found = required("band");
    assert_eq!(lines(&found, "rows")[0], "all low 2/- = 2.0");
    assert_eq!(lines(&found, "children"), ["all all 2/- = 2.0"]);
}
