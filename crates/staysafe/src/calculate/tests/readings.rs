//! Second readings: figures side by side, each under its own parameters, derived tables with them.

use super::*;
use crate::plan::PlanError;

const HEAD: &str = "kind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";

/// Closed cases in a derived table that leaves one child out, unless the parameter says otherwise; and all children.
fn two_readings() -> Checked {
    let framework = format!("{FRAMEWORK}[parameters.all]\ntype = \"yes/no\"\ndefault = false\n");
    let derived =
        "id = \"kept\"\nfrom = \"cases\"\n[[derive]]\nstep = \"filter\"\nwhere = \"$all OR child <> 'b'\"\n";
    let of_kept = |id: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"Cases\"\n{HEAD}[calculation]\nfrom = \"kept\"\nwhen = {{ date = \"closed\" }}\n"
        )
    };
    let reading = "[[reading]]\nname = \"all\"\ntitle = \"with the last\"\nparameters = { all = true }\n";
    let tested = format!("{}{reading}", of_kept("i"));
    let other = of_kept("j");
    let files = [
        ("framework.toml", framework.as_str()),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", CASES),
        ("derived/kept.toml", derived),
        ("indicators/i.toml", tested.as_str()),
        ("indicators/j.toml", other.as_str()),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn rows() -> Vec<Row> {
    vec![case("a", "2010-04-01", "2010-04-08"), case("b", "2010-04-01", "2010-04-09")]
}

/// What is calculated, in order: the id and the figure.
fn found(indicators: &[&str], readings: bool) -> Vec<(String, String)> {
    let checked = two_readings();
    let request = Request {
        indicators: indicators.iter().map(|&id| id.to_owned()).collect(),
        readings,
        periods: vec!["2010-11 Q1".parse().unwrap()],
        by: Vec::new(),
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let partials = calculate(&checked, &plan, &data("A", rows(), Cover::UNLIMITED)).unwrap();
    let found = finish(&checked, &partials).observations;
    found.iter().map(|seen| (seen.indicator.to_string(), counts(seen))).collect()
}

fn told(found: &[(&str, &str)]) -> Vec<(String, String)> {
    found.iter().map(|(id, figure)| ((*id).to_owned(), (*figure).to_owned())).collect()
}

#[test]
fn readings_stand_side_by_side_each_with_its_own_derived_tables() {
    let (one, both) = ("1/- = 1.0", "2/- = 2.0");
    assert_eq!(found(&[], false), told(&[("i", one), ("j", one)]), "none that was not asked for");
    assert_eq!(found(&[], true), told(&[("i", one), ("i@all", both), ("j", one)]));
    assert_eq!(found(&["i@all"], false), told(&[("i@all", both)]), "one alone");
    assert_eq!(found(&["i"], true), told(&[("i", one), ("i@all", both)]));
    assert_eq!(found(&["j"], true), told(&[("j", one)]));
    assert_eq!(found(&["j", "i@all"], false), told(&[("i@all", both), ("j", one)]));
}

#[test]
fn an_unknown_reading_is_told_with_the_nearest() {
    let request = Request {
        indicators: vec!["i@al".to_owned()],
        periods: vec!["2010-11 Q1".parse().unwrap()],
        ..Request::default()
    };
    let PlanError::UnknownIndicator { id, near } = plan(&two_readings(), &request).unwrap_err() else {
        panic!("another error")
    };
    assert_eq!((id.as_str(), near.as_deref()), ("i@al", Some("i@all")));
}

#[test]
fn what_a_reading_was_made_of_is_told_with_it() {
    let checked = two_readings();
    let request =
        Request { readings: true, periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
    let plan = plan(&checked, &request).unwrap();
    let made_of = calculate(&checked, &plan, &Data::default()).unwrap().made_of;
    assert_eq!(made_of.readings["i@all"]["all"], "true");
    assert_ne!(made_of.definitions["i"], made_of.definitions["i@all"]);
    assert_eq!(checked.framework().title_of("i@all").unwrap(), "Cases: with the last");
}

#[test]
fn why_and_the_cases_of_a_reading_are_its_own() {
    let (checked, data) = (two_readings(), data("A", rows(), Cover::UNLIMITED));
    let period: Period = "2010-11 Q1".parse().unwrap();
    let listed = |id: &str| cases(&checked, &data, id, period, false).unwrap().len();
    assert_eq!((listed("i"), listed("i@all")), (1, 2));
    let standing = |id: &str| why(&checked, &data, id, "b", &[period]).unwrap();
    assert!(standing("i").is_empty());
    assert_eq!(standing("i@all")[0].standing, Standing::Counted);
}
