//! Codes by the year of the return: what is no code then is counted, whatever it does to the figure.

use super::*;

const CODES: &str = "id = \"team\"\nsource = \"s\"\n[[code]]\ncode = \"OLD\"\nwords = \"old\"\nto = 2010\n[[code]]\ncode = \"NEW\"\nwords = \"new\"\nfrom = 2011\n[[code]]\ncode = \"ANY\"\nwords = \"any\"\n";

fn unmapped(calculation: &str, reference_date: Option<&str>, teams: &[&str]) -> (String, u64) {
    let dataset = CASES.replace(
        "{ name = \"team\", type = \"text\" }",
        "{ name = \"team\", type = \"text\", codes = \"team\" }",
    );
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n[calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\n{calculation}"
    );
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("codes/team.toml", CODES),
        ("datasets/cases.toml", dataset.as_str()),
        ("indicators/i.toml", indicator.as_str()),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    let checked = checked.unwrap_or_else(|| panic!("{found:#?}"));
    let rows = teams.iter().map(|team| with(case("a", "2010-05-01", ""), 6, Value::Text((*team).into())));
    let mut data = data("A", rows.collect(), Cover::UNLIMITED);
    data.returns[0].reference_date = reference_date.map(|day| day.parse().unwrap());
    let found = observations(&checked, &data, "2010-11 Q1", false).remove(0);
    (counts(&found), found.cell.notes.get(&Note::UnmappedCode).copied().unwrap_or(0))
}

const TEAMS: [&str; 4] = ["OLD", "NEW", "ANY", "odd"];

#[test]
fn a_code_of_another_year_is_counted() {
    let asks = "numerator = \"team = 'ANY'\"\n";
    assert_eq!(unmapped(asks, Some("2010-03-31"), &TEAMS), ("1/4 = 25.0".to_owned(), 2), "NEW and odd");
    assert_eq!(unmapped(asks, Some("2011-03-31"), &TEAMS), ("1/4 = 25.0".to_owned(), 2), "OLD and odd");
    assert_eq!(unmapped(asks, None, &TEAMS), ("1/4 = 25.0".to_owned(), 1), "without a year, any year's");
}

#[test]
fn a_row_that_its_code_puts_out_is_counted_too() {
    let asks = "population = \"team = 'ANY'\"\nnumerator = \"TRUE\"\n";
    assert_eq!(unmapped(asks, Some("2011-03-31"), &TEAMS), ("1/1 = 100.0".to_owned(), 2));
}

#[test]
fn a_field_that_nothing_asks_about_is_not_looked_at() {
    assert_eq!(unmapped("numerator = \"TRUE\"\n", Some("2011-03-31"), &TEAMS), ("4/4 = 100.0".to_owned(), 0));
}
