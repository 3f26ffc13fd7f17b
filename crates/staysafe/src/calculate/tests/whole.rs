//! Datasets that figures need whole: a period that they cover in part is no whole period.

use super::*;

const VISITS: &str = r#"
id = "visits"
title = "Visits"
carried_by = "visits"
holder = "council"
area = "given"
row = "a visit"
dates = { event = "seen" }
field = [{ name = "child", type = "text" }, { name = "seen", type = "date", words = "the day of the visit" }]
"#;

/// Cases with a visit in the period; the dataset of visits as it is or needed whole.
fn visited(whole: bool) -> Checked {
    let visits = format!("whole_period = {whole}\n{VISITS}");
    let link = "link = [{ name = \"others\", to = \"cases\", on = { child = \"child\" } }, { name = \"visits\", to = \"visits\", on = { child = \"child\" } }]";
    let cases =
        CASES.replace("link = [{ name = \"others\", to = \"cases\", on = { child = \"child\" } }]", link);
    let indicator = "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n\
                     [calculation]\nfrom = \"cases\"\nwhen = { date = \"opened\" }\n\
                     numerator = \"any(visits AS v WHERE v.seen BETWEEN period_first_day AND period_last_day)\"";
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", cases.as_str()),
        ("datasets/visits.toml", visits.as_str()),
        ("indicators/i.toml", indicator),
    ];
    let (checked, found) = check(read(files).0);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

/// Two cases of the quarter, one of them visited, and visits that are known from one day to another.
fn with_visits(cover: Cover) -> Data {
    let mut all = data("A", vec![case("a", "2010-04-05", ""), case("b", "2010-05-06", "")], Cover::UNLIMITED);
    let row = Row { values: vec![Datum::Known(Value::Text("a".into())), day("2010-05-20")], origin: 1 };
    let table = Table { fields: ["child", "seen"].map(Into::into).to_vec(), rows: vec![row], cover };
    let mut other = all.returns[0].clone();
    (other.name, other.kind) = ("visits.csv".to_owned(), "visits".to_owned());
    other.tables = [("visits".to_owned(), table)].into();
    all.returns.push(other);
    all
}

fn figure(whole: bool, cover: Cover, beyond_cover: bool) -> (String, Vec<Flag>) {
    let found = observations(&visited(whole), &with_visits(cover), "2010-11 Q1", beyond_cover).remove(0);
    let days = found.cell.coverage.days.map_or_else(String::new, |days| format!("; {days}"));
    (format!("{}{days}", counts(&found)), found.cell.flags.into_iter().collect())
}

#[test]
fn a_period_that_they_cover_in_part_is_marked() {
    let part = cover("2010-05-01", "2010-06-30");
    let (words, flags) = figure(true, part, false);
    assert_eq!((words.as_str(), flags), ("1/2 = 50.0; 2010-05-01 to 2010-06-30", vec![Flag::PartlyCovered]));
    assert_eq!(figure(false, part, false), ("1/2 = 50.0".to_owned(), vec![]), "not asked for whole");
    assert_eq!(figure(true, cover("2010-04-01", "2010-06-30"), false), ("1/2 = 50.0".to_owned(), vec![]));
    assert_eq!(figure(true, Cover::UNLIMITED, false), ("1/2 = 50.0".to_owned(), vec![]));
}

#[test]
fn a_period_of_which_they_cover_nothing_has_no_figure() {
    let outside = cover("2011-04-01", "2012-03-31");
    let (words, flags) = figure(true, outside, false);
    assert_eq!((words.as_str(), flags), ("not reported: outside what the return can speak for", vec![]));
    let beyond = figure(true, outside, true);
    assert_eq!(beyond, ("1/2 = 50.0".to_owned(), vec![Flag::SurvivorsOnly]));
    let (words, _) = figure(true, Cover::YEAR_UNKNOWN, false);
    assert!(words.contains("return year unknown"), "{words}");
}
