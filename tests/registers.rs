//! Traps of the registers that no test inside a definition can show: what a publication hides, which periods and
//! categories figures stand under, where a series breaks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::disclosure::{Audience, disclose};
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Return, Row, Status, Submission, Table};
use staysafe::result::{Flag, Observation, Outcome, Reason, Results};
use staysafe::value::{Datum, Type, Value};

fn framework() -> Checked {
    check(read(staysafe_lscb::FILES.iter().copied()).0).0.unwrap()
}

/// Rows of a dataset as they would be typed: `field=value` with a space between.
fn table(checked: &Checked, dataset: &str, rows: &[&str]) -> (String, Table) {
    let fields = &checked.framework().datasets[dataset].fields;
    let value = |text: &str, ty: Type| match ty {
        Type::Date => Value::Date(text.parse().unwrap()),
        Type::Int => Value::Int(text.parse().unwrap()),
        Type::Decimal => Value::Decimal(text.parse().unwrap()),
        Type::Bool => Value::Bool(text.parse().unwrap()),
        Type::Text => Value::Text(text.into()),
    };
    let row = |(at, text): (usize, &&str)| {
        let typed =
            |name: &str| text.split(' ').filter_map(|cell| cell.split_once('=')).find(|(n, _)| *n == name);
        let cell = |field: &staysafe::definition::dataset::Field| match typed(&field.name.value) {
            Some((_, text)) => Datum::Known(value(text, field.ty.value)),
            None => Datum::Missing,
        };
        Row { values: fields.iter().map(cell).collect(), origin: u32::try_from(at).unwrap() + 2 }
    };
    let table = Table {
        fields: fields.iter().map(|field| field.name.value.as_str().into()).collect(),
        rows: rows.iter().enumerate().map(row).collect(),
        cover: Cover::UNLIMITED,
    };
    (dataset.to_owned(), table)
}

fn returned(area: &str, tables: Vec<(String, Table)>) -> Return {
    Return {
        name: format!("{area}.csv"),
        kind: "register".to_owned(),
        area: area.to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: tables.into_iter().collect(),
    }
}

fn results(checked: &Checked, returns: Vec<Return>, indicators: &[&str], periods: &[&str]) -> Results {
    let request = Request {
        indicators: indicators.iter().map(|id| (*id).to_owned()).collect(),
        readings: true,
        periods: periods.iter().map(|label| label.parse().unwrap()).collect(),
        ..Request::default()
    };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, &Data { returns }).unwrap())
}

fn figures(results: &Results) -> Vec<String> {
    let figure = |seen: &Observation| match &seen.cell.outcome {
        Outcome::Figure { value, .. } => {
            let by = seen.by.iter().map(|by| format!(" {by}")).collect::<String>();
            Some(format!("{}{by} {} {}", seen.area, seen.period, value.to_places(1)))
        }
        Outcome::Absent(_) => None,
    };
    results.observations.iter().filter_map(figure).collect()
}

#[test]
fn one_girl_is_a_figure_for_the_board_and_nothing_for_the_public() {
    let checked = framework();
    let flag = "child=a birth_date=2002-01-01 flag=FGM flagged_on=2010-05-12 agency=maternity";
    let register = || vec![returned("E06000001", vec![table(&checked, "risk_flag", &[flag])])];
    let results = || results(&checked, register(), &["jd-12"], &["2010-11 Q1"]);
    let for_board = disclose(
        results(),
        &checked,
        &Audience::Board { recipient: "the board".to_owned(), date: "2010-09-01".parse().unwrap() },
    );
    assert_eq!(figures(for_board.results()), ["E06000001 2010-11 Q1 1.0"]);
    let published = disclose(results(), &checked, &Audience::Publication);
    let outcomes: Vec<&Outcome> =
        published.results().observations.iter().map(|seen| &seen.cell.outcome).collect();
    assert_eq!(outcomes, [&Outcome::Absent(Reason::Suppressed)]);
}

/// The catalogue's cs-15: a figure of a day has a vintage; the final count takes the place of the provisional one, and both say which they are.
#[test]
fn cs_15_a_provisional_count_is_marked_and_the_final_one_takes_its_place() {
    let checked = framework();
    let children = ["a", "b", "c"].map(|child| format!("child={child} plan_start=2009-06-01"));
    let given = |status, number: usize| {
        let rows: Vec<&str> = children.iter().take(number).map(String::as_str).collect();
        let mut of = returned("E06000001", vec![table(&checked, "child_protection_plan", &rows)]);
        of.reference_date = Some("2010-03-31".parse().unwrap());
        of.submission.status = Some(status);
        of
    };
    let stock = |returns| {
        let found = results(&checked, returns, &["cs-15"], &["2009-10 Q4"]);
        let is_provisional = found.observations[0].cell.flags.contains(&Flag::Provisional);
        (figures(&found), is_provisional)
    };
    let (early, last) = (given(Status::Provisional, 2), given(Status::Final, 3));
    assert_eq!(stock(vec![early.clone()]), (vec!["E06000001 2009-10 Q4 2.0".to_owned()], true));
    assert_eq!(
        stock(vec![last.clone(), early.clone()]),
        (vec!["E06000001 2009-10 Q4 3.0".to_owned()], false)
    );
    assert_eq!(
        stock(vec![early, last]),
        (vec!["E06000001 2009-10 Q4 3.0".to_owned()], false),
        "in any order"
    );
}

/// The catalogue's cs-25: the City of London is published with Hackney; that it has no count of its own is no 0.
#[test]
fn cs_25_an_area_that_is_published_with_another_has_no_nought_of_its_own() {
    let checked = framework();
    let hackney = "E09000012";
    let conceived = [format!("area={hackney} conceived=2009-01-01 age_at_conception=16 conceptions=120")];
    let women = [format!("area={hackney} mid_year=2009-06-30 sex=F age=16 persons=3000")];
    let rows = |of: &[String; 1], dataset| table(&checked, dataset, &[of[0].as_str()]);
    let city = "E09000001";
    let few = [format!("area={city} mid_year=2009-06-30 sex=F age=16 persons=60")];
    let given = vec![
        returned(hackney, vec![rows(&conceived, "conception"), rows(&women, "population")]),
        returned(city, vec![rows(&few, "population")]),
    ];
    let found = results(&checked, given, &["cs-25"], &["2009"]);
    let own = found.observations.iter().find(|seen| seen.area == city).unwrap();
    let outcome = &own.cell.outcome;
    assert!(matches!(outcome, Outcome::Absent(Reason::NotReported(_))), "{outcome:?}");
    assert!(figures(&found).contains(&"E09000012 2009 40.0".to_owned()), "{:?}", figures(&found));
}

/// The catalogue's cs-25: small counts are no figure for the public.
#[test]
fn cs_25_a_small_count_of_conceptions_is_not_published() {
    let checked = framework();
    let area = "E06000001";
    let rows = [format!("area={area} conceived=2009-01-01 age_at_conception=16 conceptions=4")];
    let women = [format!("area={area} mid_year=2009-06-30 sex=F age=16 persons=900")];
    let given = returned(
        area,
        vec![
            table(&checked, "conception", &[rows[0].as_str()]),
            table(&checked, "population", &[women[0].as_str()]),
        ],
    );
    let found = results(&checked, vec![given], &["cs-25"], &["2009"]);
    assert_eq!(figures(&found), ["E06000001 2009 4.4"], "for the board");
    let published = disclose(found, &checked, &Audience::Publication);
    assert_eq!(figures(published.results()), Vec::<String>::new());
    assert_eq!(published.results().observations[0].cell.outcome, Outcome::Absent(Reason::Suppressed));
}

#[test]
fn where_children_feel_safe_is_told_place_by_place() {
    let checked = framework();
    let answer = |n: u32, question: &str, answer: &str| {
        format!(
            "respondent={n} survey=local asked=2009-10-01 question={question} answer={answer} weight=1 school=s{n}"
        )
    };
    let rows = [
        answer(1, "safe-home", "yes"),
        answer(2, "safe-home", "yes"),
        answer(1, "safe-school", "yes"),
        answer(2, "safe-school", "no"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let survey = vec![returned("E06000001", vec![table(&checked, "survey_answer", &rows)])];
    let found = results(&checked, survey, &["nsdu-03"], &["2009/10 academic"]);
    let ids: Vec<&str> = found.observations.iter().map(|seen| seen.indicator.as_str()).collect();
    assert_eq!(ids, ["nsdu-03", "nsdu-03@home", "nsdu-03@school", "nsdu-03@transport"]);
    let figures = figures(&found);
    assert_eq!(
        figures,
        ["E06000001 2009/10 academic 100.0", "E06000001 2009/10 academic 50.0"],
        "at home, at school"
    );
}

#[test]
fn a_survey_with_another_question_is_no_trend() {
    let checked = framework();
    let rows: Vec<String> = (0..60)
        .map(|n| {
            let (survey, asked) = if n < 30 { ("Tellus3", "2008-04-15") } else { ("Tellus4", "2009-10-01") };
            let answer = if n % 3 == 0 { "yes" } else { "no" };
            format!("respondent={n} survey={survey} asked={asked} question=bullied answer={answer} weight=1 school=s{} year_group=8", n % 4)
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let survey = vec![returned("E06000001", vec![table(&checked, "survey_answer", &rows)])];
    let found = results(&checked, survey, &["cs-11"], &["2007/08 academic", "2009/10 academic"]);
    let breaks: Vec<bool> =
        found.observations.iter().map(|seen| seen.cell.flags.contains(&Flag::Break)).collect();
    assert_eq!((figures(&found).len(), breaks), (2, vec![false, true]));
}

/// A financial year shows the last school year of which anything is known, under that year's own name.
#[test]
fn a_school_year_never_stands_under_a_financial_year() {
    let checked = framework();
    let looked_after = returned(
        "E06000001",
        vec![
            table(&checked, "looked_after_child", &["child=a birth_date=1997-01-01 upn=u1"]),
            table(&checked, "episode", &["child=a decom=2007-06-01 rne=S legal_status=C2 place=U4"]),
            table(
                &checked,
                "attendance",
                &[
                    "pupil=u1 school=s1 school_phase=secondary attendance_from=2008-09-01 sessions_possible=300 sessions_absent=70",
                ],
            ),
        ],
    );
    let found = results(&checked, vec![looked_after], &["cs-26"], &["2009-10"]);
    assert_eq!(figures(&found), ["E06000001 2008/09 academic 100.0"]);
}

#[test]
fn injuries_and_deaths_are_never_one_number() {
    let checked = framework();
    let admission = "admission=1 area_of_residence=E06000001 admission_date=2009-06-01 discharge_date=2009-06-02 admission_method=21 age=4 first_cause=W01";
    let hospital = returned(
        "E06000001",
        vec![
            table(&checked, "hospital_admission", &[admission]),
            table(&checked, "population", &["area=E06000001 mid_year=2009-06-30 sex=F age=4 persons=1000"]),
        ],
    );
    let ids = ["cs-12", "nsdu-04", "nsdu-04a"];
    let found = results(&checked, vec![hospital], &ids, &["2009-10"]);
    let with_figure: Vec<&str> = found
        .observations
        .iter()
        .filter(|seen| matches!(seen.cell.outcome, Outcome::Figure { .. }))
        .map(|seen| seen.indicator.as_str())
        .filter(|id| !id.contains('@'))
        .collect();
    assert_eq!(with_figure, ["cs-12", "nsdu-04a"], "the heading has no figure of its own");
}

/// Scores of two areas are two scores: there is no row of both.
#[test]
fn scores_of_areas_stay_apart() {
    let checked = framework();
    let score = |area: &str, n: u32| {
        let row = format!(
            "assessed_on=2010-03-31 information={n} needs_analysis={n} procedures={n} urgent_protocols={n} needs_protocols={n}"
        );
        returned(area, vec![table(&checked, "runaway_score", &[&row])])
    };
    let returns = vec![score("E06000001", 0), score("E06000002", 3)];
    let found = results(&checked, returns, &["cs-13a"], &["2009-10 Q4"]);
    assert_eq!(figures(&found), ["E06000001 2009-10 Q4 0.0", "E06000002 2009-10 Q4 15.0"]);
}
