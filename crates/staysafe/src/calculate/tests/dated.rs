//! Limits that changed over time: a date picks which holds.

use super::*;

/// 28 days, and 20 working days from 1 April 2011.
const LIMITS: &str = "[[limits.review]]\nlimit = \"28 days\"\n[[limits.review]]\nfrom = 2011-04-01\nlimit = \"20 working days\"\n[[limits.late]]\nfrom = 2011-04-01\nlimit = \"10 days\"\n";

fn dated(calculation: &str) -> Checked {
    let framework = format!("{FRAMEWORK}{LIMITS}");
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n[calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\n{calculation}"
    );
    let files = [
        ("framework.toml", framework.as_str()),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", CASES),
        ("indicators/i.toml", indicator.as_str()),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn said(checked: &Checked, rows: Vec<Row>, period: &str) -> (String, Vec<(Note, u64)>) {
    let found = observations(checked, &data("A", rows, Cover::UNLIMITED), period, false);
    let judged = |(note, _): &(Note, u64)| !matches!(note, Note::OpenInTime | Note::OpenLate);
    (counts(&found[0]), found[0].cell.notes.clone().into_iter().filter(judged).collect())
}

#[test]
fn the_clocks_start_picks_the_limit() {
    let clock = "numerator = \"within(review)\"\n[clock.review]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"limit('review')\"\n";
    let checked = dated(clock);
    // 31 March 2011 and 28 days is 28 April; from 1 April 20 working days end on 4 May 2011, past Good
    // Friday, Easter Monday, the royal wedding and the May bank holiday.
    let rows = vec![case("a", "2011-03-31", "2011-04-28"), case("b", "2011-03-31", "2011-04-29")];
    assert_eq!(said(&checked, rows, "2010-11 Q4").0, "1/2 = 50.0");
    let rows = vec![case("a", "2011-04-01", "2011-05-05"), case("b", "2011-04-01", "2011-05-06")];
    assert_eq!(said(&checked, rows, "2011-12 Q1").0, "1/2 = 50.0");
}

#[test]
fn another_date_may_pick_it() {
    let clock = "numerator = \"within(review)\"\n[clock.review]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"limit('review')\"\nlimit_at = \"closed\"\n";
    // Begun under the old limit, held under the new: 20 working days from 30 March 2011 end on 3 May.
    let rows = vec![case("a", "2011-03-30", "2011-05-03"), case("b", "2011-03-30", "2011-05-04")];
    assert_eq!(said(&dated(clock), rows, "2010-11 Q4").0, "1/2 = 50.0");
    // Without the date that picks it nobody can say which limit holds.
    let (counted, notes) = said(&dated(clock), vec![case("a", "2011-03-30", "")], "2010-11 Q4");
    assert_eq!((counted.as_str(), notes), ("0/1 = 0.0", vec![(Note::Unknown, 1)]));
}

#[test]
fn before_the_first_limit_there_is_none_to_judge_by() {
    let clock = "numerator = \"within(late)\"\n[clock.late]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"limit('late')\"\n";
    let rows = [case("a", "2011-03-31", "2011-04-01"), case("b", "2011-04-01", "2011-04-11")];
    let checked = dated(clock);
    let period = "2010-11 Q4";
    assert_eq!(
        said(&checked, rows[..1].to_vec(), period),
        ("0/1 = 0.0".to_owned(), vec![(Note::Unknown, 1)])
    );
    assert_eq!(said(&checked, rows[1..].to_vec(), "2011-12 Q1"), ("1/1 = 100.0".to_owned(), Vec::new()));
}

#[test]
fn a_due_date_counts_from_the_day_that_picks_its_limit() {
    let checked = dated("numerator = \"closed <= due_date(opened, 'review')\"\n");
    let rows = vec![case("a", "2011-03-31", "2011-04-28"), case("b", "2011-03-31", "2011-04-29")];
    assert_eq!(said(&checked, rows, "2010-11 Q4").0, "1/2 = 50.0");
    let rows = vec![case("a", "2011-04-01", "2011-05-05"), case("b", "2011-04-01", "2011-05-06")];
    assert_eq!(said(&checked, rows, "2011-12 Q1").0, "1/2 = 50.0");
    // A blank date has no due date, and a comparison with a blank is unknown.
    let blank = dated("numerator = \"opened <= due_date(closed, 'review')\"\n");
    let (counted, notes) = said(&blank, vec![case("a", "2011-03-31", "")], "2010-11 Q4");
    assert_eq!((counted.as_str(), notes), ("0/1 = 0.0", vec![(Note::Unknown, 1)]));
}

#[test]
fn a_due_date_outside_the_calendar_is_unknown() {
    let checked = dated("numerator = \"opened <= due_date(closed, 'review')\"\n");
    let last = checked.calendar().cover().last;
    let closed = last.format("%Y-%m-%d").to_string();
    let (counted, notes) = said(&checked, vec![case("a", "2011-03-31", &closed)], "2010-11 Q4");
    assert_eq!((counted.as_str(), notes), ("0/1 = 0.0", vec![(Note::OutsideCalendar, 1)]));
}
