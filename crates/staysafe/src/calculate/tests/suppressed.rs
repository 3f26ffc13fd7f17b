//! Numbers that a supplier hides: a total that needs one is suppressed, and no other is.

use super::*;
use crate::result::Reason;

fn ratio(above: &str) -> Checked {
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"ratio\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \
         \"council\"\n[calculation.numerator]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\n{above}\n\
         [calculation.denominator]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\nmeasure = \"count()\"\n"
    );
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", CASES),
        ("indicators/i.toml", indicator.as_str()),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    check(framework).0.unwrap()
}

fn hidden(opened: &str) -> Row {
    let mut row = case("b", opened, "");
    row.values[5] = Datum::Suppressed;
    row
}

#[test]
fn a_total_that_needs_a_hidden_number_is_suppressed() {
    let sum = ratio("measure = \"sum(score)\"");
    let known = || with(case("a", "2010-05-01", ""), 5, Value::Int(7));
    assert_eq!(counts(&one(&sum, vec![known(), hidden("2011-05-01")])), "7/1 = 7.0", "of another period");
    let found = one(&sum, vec![known(), hidden("2010-05-02")]);
    assert_eq!(found.cell.outcome, Outcome::Absent(Reason::Suppressed), "a 7 would look whole");
    let elsewhere = ratio("where = \"child = 'a'\"\nmeasure = \"sum(score)\"");
    assert_eq!(counts(&one(&elsewhere, vec![known(), hidden("2010-05-02")])), "7/2 = 3.5", "not asked for");
}

#[test]
fn a_question_about_a_hidden_number_has_no_answer() {
    let asked = ratio("where = \"score > 5\"\nmeasure = \"count()\"");
    let found = one(&asked, vec![hidden("2010-05-02")]);
    assert_eq!(found.cell.notes.get(&Note::Unknown), Some(&1));
}
