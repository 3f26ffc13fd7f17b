//! Surveys: weights, and intervals that know what was drawn.

use super::{case, checked, counts, data, observations, one, with};
use crate::check::Checked;
use crate::record::{Cover, Data, Row};
use crate::result::{Interval, NoInterval, Note};
use crate::stats::{Confidence, wilson};
use crate::value::Value;

/// Schools of alike pupils tell less than their pupils would, and the weight is how many an answer speaks for.
#[test]
fn a_survey_is_weighted_and_its_schools_decide_the_interval() {
    let rule = "when = { date = \"opened\" }\nnumerator = \"score > 5\"\nnumerator_unknown = \"left out\"\nweight = \"CASE WHEN child = 'nobody' THEN 0 ELSE 2 END\"";
    let answers = |schools: &[(&str, &[i64])]| -> Vec<Row> {
        let of = |school: &str, score: i64| {
            let row = with(case("a", "2010-04-01", ""), 5, Value::Int(score));
            with(row, 6, Value::Text(school.into()))
        };
        schools.iter().flat_map(|(school, scores)| scores.iter().map(|score| of(school, *score))).collect()
    };
    let by_school = checked("survey-proportion", &format!("{rule}\ncluster = \"team\""));
    let three: &[(&str, &[i64])] = &[("x", &[9, 9, 9, 9]), ("y", &[9, 1, 1, 1]), ("z", &[9, 1, 9, 1])];
    let found = one(&by_school, answers(three));
    assert_eq!(counts(&found), "14/24 = 58.3");
    let Interval::Limits { lower, upper, method } = &found.cell.interval else { panic!("{found:?}") };
    assert_eq!(method.code(), "survey");
    let alone = wilson(7.0, 12.0, Confidence::P95).unwrap();
    assert!(lower.to_f64() < alone.lower * 100.0 && upper.to_f64() > alone.upper * 100.0, "{found:?}");

    // Two authorities drew two samples: their schools of one number are two schools.
    let two = Data {
        returns: ["A", "B"].map(|area| data(area, answers(three), Cover::UNLIMITED).returns.remove(0)).into(),
    };
    let found = observations(&by_school, &two, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "28/48 = 58.3");
    let Interval::Limits { lower: narrower, .. } = &found.cell.interval else { panic!("{found:?}") };
    assert!(narrower > lower);

    let why = |checked: &Checked, rows| match one(checked, rows).cell.interval {
        Interval::Without(why) => why,
        limits @ Interval::Limits { .. } => panic!("{limits:?}"),
    };
    assert_eq!(why(&by_school, answers(&three[..1])), NoInterval::NoDesign, "one school alone");
    let mut rows = answers(three);
    rows.push(with(case("a", "2010-04-01", ""), 5, Value::Int(9)));
    assert_eq!(why(&by_school, rows), NoInterval::NoDesign, "of one answer nobody knows the school");
    assert_eq!(why(&checked("survey-proportion", rule), answers(three)), NoInterval::NoDesign, "of none");

    // Who did not answer, and who speaks for nobody, are in neither count.
    let mut rows = answers(three);
    rows.push(case("a", "2010-04-01", ""));
    rows.push(with(case("nobody", "2010-04-01", ""), 5, Value::Int(9)));
    let found = one(&by_school, rows);
    assert_eq!(counts(&found), "14/24 = 58.3");
    let notes = [(Note::Unknown, 1), (Note::Contradictory, 1)];
    assert!(notes.iter().all(|(note, count)| found.cell.notes[note] == *count), "{found:?}");
}

#[test]
fn of_fewer_than_the_fewest_shown_there_is_no_figure() {
    let rule =
        "when = { date = \"opened\" }\nnumerator = \"TRUE\"\nweight = \"100\"\n[quality]\nminimum_shown = 3";
    let survey = checked("survey-proportion", rule);
    let of = |answers: usize| counts(&one(&survey, vec![case("a", "2010-04-01", ""); answers]));
    assert_eq!(of(2), "hidden to protect individuals", "200 people, and two of them answered");
    assert_eq!(of(3), "300/300 = 100.0");
}
