//! Identities on the shipped framework: what holds, what a record that contradicts itself breaks, what cannot be tested;
//! and what relations between entries promise.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use staysafe::calculate::{Sides, Tested, calculate, finish, identities};
use staysafe::check::{Checked, check};
use staysafe::definition::indicator::{Indicator, RelationKind};
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Days, Return, Row, Submission, Table};
use staysafe::value::{Datum, Exact, Value};

fn shipped() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    check(framework).0.unwrap()
}

fn day(text: &str) -> Datum {
    if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Date(text.parse().unwrap())) }
}

fn text(text: &str) -> Datum {
    if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Text(text.into())) }
}

fn table(fields: &[&str], rows: Vec<Vec<Datum>>, cover: &Cover) -> Table {
    let rows = (1..).zip(rows).map(|(origin, values)| Row { values, origin }).collect();
    Table { fields: fields.iter().map(|field| Arc::from(*field)).collect(), rows, cover: *cover }
}

/// Children with a plan: child, ethnic group, start, end, category.
fn data(plans: &[(&str, &str, &str, &str, &str)], cover: &Cover) -> Data {
    let of = |(number, (child, _, start, end, category)): (i64, &(&str, &str, &str, &str, &str))| {
        vec![text(child), Datum::Known(Value::Int(number)), day(start), day(end), text(category)]
    };
    let children: BTreeMap<&str, &str> = plans.iter().map(|plan| (plan.0, plan.1)).collect();
    let tables = BTreeMap::from([
        (
            "child_protection_plan".to_owned(),
            table(
                &["child", "plan", "plan_start", "plan_end", "latest_category"],
                (1..).zip(plans).map(of).collect(),
                cover,
            ),
        ),
        (
            "child".to_owned(),
            table(
                &["child", "ethnicity"],
                children.iter().map(|(child, group)| vec![text(child), text(group)]).collect(),
                cover,
            ),
        ),
    ]);
    let made = Return {
        name: "plans.xml".to_owned(),
        kind: "test".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables,
    };
    Data { returns: vec![made] }
}

fn tested(data: &Data) -> Vec<Tested> {
    tested_by(data, &[])
}

fn tested_by(data: &Data, by: &[&str]) -> Vec<Tested> {
    let checked = shipped();
    let asked =
        ["ctx-plans-open-episodes", "rev-01", "rev-02", "rev-04", "rev-05", "cs-15", "cs-16", "cs-17"];
    let request = Request {
        indicators: asked.map(str::to_owned).into(),
        periods: ["2010-11 Q1", "2010-11 Q2"].map(|period| period.parse().unwrap()).into(),
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let results = finish(&checked, &calculate(&checked, &plan, data).unwrap());
    identities(&checked, &results, data)
}

fn outcome<'a>(tested: &'a [Tested], identity: &str, period: &str) -> &'a Sides {
    let found = tested.iter().find(|one| one.identity == identity && one.period.to_string() == period);
    &found.unwrap_or_else(|| panic!("{identity}, {period}: {tested:?}")).outcome
}

const SOUND: [(&str, &str, &str, &str, &str); 5] = [
    ("a", "WBRI", "2010-01-01", "2010-08-01", "NEG"),
    ("b", "BCRB", "2010-05-01", "", "EMO"),
    ("c", "", "2010-07-01", "2010-09-01", "NEG"),
    ("d", "AIND", "2010-09-30", "", ""),
    // Two plans of one child are one child in one category.
    ("b", "BCRB", "2010-08-01", "", "NEG"),
];

#[test]
fn sound_records_keep_every_identity() {
    let tested = tested(&data(&SOUND, &Cover::UNLIMITED));
    for identity in ["plans-open", "bme-share", "plans-by-category"] {
        assert_eq!(*outcome(&tested, identity, "2010-11 Q2"), Sides::Holds, "{identity}");
    }
    let first = Sides::CannotBeChecked { indicator: "ctx-plans-open-episodes".to_owned() };
    assert_eq!(
        *outcome(&tested, "plans-open", "2010-11 Q1"),
        first,
        "nothing was asked of the quarter before"
    );
}

#[test]
fn a_plan_that_ends_before_it_starts_breaks_stock_and_flow_and_is_named_by_its_place() {
    let mut plans = SOUND.to_vec();
    plans.push(("secret", "WBRI", "2010-09-15", "2010-05-15", "NEG"));
    let tested = tested(&data(&plans, &Cover::UNLIMITED));
    let Sides::Broken { found, expected, behind } = outcome(&tested, "plans-open", "2010-11 Q2") else {
        panic!("{tested:?}")
    };
    assert_eq!((found, expected), (&Exact::from(3u64), &Exact::from(4u64)), "it started, and was never open");
    let places: Vec<(&str, u32)> =
        behind.iter().map(|place| (place.dataset.as_str(), place.origin)).collect();
    assert_eq!(places, [("child_protection_plan", 6)]);
    assert!(!format!("{tested:?}").contains("secret"), "no child's number stands in a finding");
}

#[test]
fn the_records_behind_are_those_of_the_area() {
    let mut plans = SOUND.to_vec();
    plans.push(("secret", "WBRI", "2010-09-15", "2010-05-15", "NEG"));
    let mut both = data(&plans, &Cover::UNLIMITED);
    let mut other = data(&plans, &Cover::UNLIMITED).returns.remove(0);
    (other.name, other.area) = ("others.xml".to_owned(), "E06000002".to_owned());
    both.returns.push(other);
    let tested = tested_by(&both, &["area"]);
    let broken = tested.iter().filter_map(|one| match &one.outcome {
        Sides::Broken { behind, .. } => Some((one.area.as_str(), behind.clone())),
        _ => None,
    });
    let named: Vec<(&str, Vec<String>)> =
        broken.map(|(area, behind)| (area, behind.into_iter().map(|place| place.name).collect())).collect();
    let of = |area: &'static str, name: &str| (area, vec![name.to_owned()]);
    assert_eq!(named, [of("E06000001", "plans.xml"), of("E06000002", "others.xml")], "{tested:?}");
}

#[test]
fn where_the_cover_does_not_allow_it_nothing_is_said_to_be_broken() {
    let days = |first: &str, last: &str| Days {
        first: first.parse::<NaiveDate>().unwrap(),
        last: last.parse::<NaiveDate>().unwrap(),
    };
    let tested = tested(&data(&SOUND, &Cover::all(days("2010-04-01", "2010-08-15"))));
    let found = outcome(&tested, "plans-open", "2010-11 Q2");
    assert!(matches!(found, Sides::CannotBeChecked { .. }), "{found:?}");
}

#[test]
fn an_identity_of_the_wrong_kind_or_of_nothing_is_a_finding() {
    let of = |identity: &str| {
        let files = [
            ("framework.toml", format!("id = \"b\"\ntitle = \"B\"\n[[identity]]\n{identity}")),
            (
                "indicators/plans.toml",
                "id = \"plans\"\ntitle = \"Plans\"\nkind = \"count\"\npolarity = \"lower\"\ncycle = \"quarter\"\n\
                 [[need]]\ndataset = \"plan\"\n"
                    .to_owned(),
            ),
        ];
        let (framework, mut found) = read(files);
        found.extend(check(framework).1);
        found.iter().map(|finding| finding.code.as_str().to_owned()).collect::<Vec<_>>()
    };
    let stock = "id = \"i\"\nkind = \"stock-and-flow\"\nof = [\"plans\", \"plans\", \"plans\"]";
    assert!(of(stock).contains(&"wrong-for-kind".to_owned()), "{:?}", of(stock));
    let nothing = "id = \"i\"\nkind = \"categories\"\nof = [\"plams\", \"plans\"]";
    assert!(of(nothing).contains(&"unknown-name".to_owned()), "{:?}", of(nothing));
    let short = "id = \"i\"\nkind = \"share\"\nof = [\"plans\"]";
    assert!(of(short).contains(&"wrong-type".to_owned()), "{:?}", of(short));
}

#[test]
fn relations_keep_what_they_promise() {
    let checked = shipped();
    let framework = checked.framework();
    let of = |id: &str| &framework.indicators[id];
    let stands_for = |indicator: &Indicator| {
        indicator
            .same_calculation_as
            .as_ref()
            .map_or_else(|| indicator.id.value.clone(), |other| other.value.clone())
    };
    for (id, indicator) in &framework.indicators {
        if let Some(other) = &indicator.same_calculation_as {
            let other = of(&other.value);
            assert_eq!(indicator.kind.value, other.kind.value, "{id}: an alias is of the same kind");
            assert!(other.same_calculation_as.is_none(), "{id}: an alias of an alias");
            assert!(
                indicator.calculation.is_none() && indicator.versions.is_empty(),
                "{id} has two calculations"
            );
        }
        for relation in &indicator.relations {
            let target = of(&relation.target.value);
            let back = |kind| {
                target.relations.iter().any(|back| back.kind.value == kind && back.target.value == *id)
            };
            match relation.kind.value {
                RelationKind::Replaces => assert!(
                    back(RelationKind::ReplacedBy) || target.discontinued.is_some(),
                    "{id} replaces {}, which does not say so",
                    target.id.value
                ),
                // A proposal changes nothing of what it would replace.
                RelationKind::ProposedToReplace => {
                    assert!(!back(RelationKind::ReplacedBy), "{id} is only proposed");
                    assert_ne!(
                        stands_for(indicator),
                        stands_for(target),
                        "{id} is the entry it would replace"
                    );
                }
                _ => {}
            }
        }
    }
}

/// Of other children each: neither stands in for the other, whatever the catalogue calls them.
const NOT_SIMILAR: [[&str; 2]; 2] = [["cs-08", "cs-09"], ["cs-23", "jd-27"]];

#[test]
fn the_relations_of_the_catalogue_are_those_of_the_framework() {
    let name = "the_relations_of_the_catalogue_are_those_of_the_framework";
    let Some(path) = common::shared(name, "facts/catalogue.json") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let checked = shipped();
    let framework = checked.framework();
    let catalogue: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for entry in catalogue.as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        for relation in entry["relations"].as_array().unwrap() {
            let (kind, target) = (relation["type"].as_str().unwrap(), relation["target"].as_str().unwrap());
            let says = |from: &str, kinds: &[RelationKind], to: &str| {
                let relations = &framework.indicators[from].relations;
                relations.iter().any(|one| one.target.value == to && kinds.contains(&one.kind.value))
            };
            let alias = |from: &str, to: &str| {
                framework.indicators[from].same_calculation_as.as_ref().is_some_and(|of| of.value == to)
            };
            use RelationKind::{
                DenominatorOf, HasNumerator, NumeratorOf, ProposedToReplace, ReplacedBy, Replaces, SimilarTo,
            };
            let is_said = match kind {
                "numerator_of" => says(id, &[NumeratorOf], target) || says(target, &[HasNumerator], id),
                "has_numerator" => says(id, &[HasNumerator], target) || says(target, &[NumeratorOf], id),
                "denominator_of" => says(id, &[DenominatorOf], target),
                "has_denominator" => says(target, &[DenominatorOf], id),
                "similar_to" => {
                    says(id, &[SimilarTo], target) || says(target, &[SimilarTo], id) || {
                        let mut pair = [id, target];
                        pair.sort_unstable();
                        NOT_SIMILAR.contains(&pair)
                    }
                }
                // A news item is no decision: nsdu-05 is only proposed.
                "replaces" => says(id, &[Replaces, ProposedToReplace], target),
                "replaced_by" => {
                    says(id, &[ReplacedBy], target) || says(target, &[Replaces, ProposedToReplace], id)
                }
                "same_as" => alias(id, target) || alias(target, id),
                _ => continue,
            };
            assert!(is_said, "{id} {kind} {target}: the framework does not say so");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}
