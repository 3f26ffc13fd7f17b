//! Traps of the catalogue that no test inside a definition can show: what a publication hides, which periods and
//! categories figures stand under, who answered, where a series breaks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::disclosure::{Audience, disclose};
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Return, Row, Status, Submission, Table};
use staysafe::result::{Flag, Interval, Note, Observation, Outcome, Reason, Results};
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

/// The catalogue's jd-16: who did not answer is neither a 0 nor passed over; the figure says how many of those asked it is of.
#[test]
fn jd_16_a_figure_of_those_who_answered_says_of_how_many_that_were_asked() {
    let checked = framework();
    let checks = |agency: &str, rows: &[&str]| {
        let mut of = returned("E06000001", vec![table(&checked, "workforce_check", rows)]);
        of.name = format!("{agency}.csv");
        of.submission.agency = Some(agency.to_owned());
        of
    };
    let post = "regulated=true engagement=employed post_from=2005-01-01";
    let police = [
        format!("agency=police worker=1 crb_date=2009-01-01 {post}"),
        format!("agency=police worker=2 crb_date=2001-01-01 {post}"),
    ];
    let schools = [format!("agency=schools worker=1 crb_date=2009-01-01 {post}")];
    let asked = ["police", "schools", "yot"]
        .map(|agency| format!("agency={agency} dataset=workforce_check area=E06000001 period=2009-10"));
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let returns = vec![
        checks("police", &[&police[0], &police[1]]),
        checks("schools", &[&schools[0]]),
        returned("E06000001", vec![table(&checked, "expected_return", &asked)]),
    ];
    let found = results(&checked, returns, &["jd-16"], &["2009-10"]);
    let cell = &found.observations.iter().find(|seen| seen.indicator == "jd-16").unwrap().cell;
    let Outcome::Figure { numerator, denominator, .. } = &cell.outcome else { panic!("{:?}", cell.outcome) };
    assert_eq!(
        (*numerator, *denominator),
        (Some(2_u64.into()), Some(3_u64.into())),
        "of those who answered alone"
    );
    assert_eq!((cell.coverage.reported, cell.coverage.expected), (2, 3));
    assert!(cell.flags.contains(&Flag::PartlyReported));
}

/// The catalogue's jd-30: six good reports of six are a sample, and neither a percentage nor green; the list leaves it out.
#[test]
fn jd_30_a_sample_of_six_reports_is_no_percentage() {
    let checked = framework();
    let rows: Vec<String> =
        (1..=6).map(|n| format!("report=r{n} agency=health audit_date=2010-05-0{n} grade=good")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let audit = vec![returned("E06000001", vec![table(&checked, "report_audit", &rows)])];
    let found = results(&checked, audit, &["jd-30"], &["2010-11"]);
    let outcomes: Vec<&Outcome> = found.observations.iter().map(|seen| &seen.cell.outcome).collect();
    assert_eq!(outcomes, [&Outcome::Absent(Reason::OutOfScope)]);
}

/// Children on a plan: so many of the first ethnic group and of the second.
fn on_plans(checked: &Checked, first: (&str, usize), second: (&str, usize)) -> Return {
    let groups = std::iter::repeat_n(first.0, first.1).chain(std::iter::repeat_n(second.0, second.1));
    let groups: Vec<(usize, &str)> = groups.enumerate().collect();
    let children: Vec<String> = groups
        .iter()
        .map(|(n, group)| format!("child=c{n} birth_date=2004-01-01 ethnicity={group}"))
        .collect();
    let category = |n: &usize| match n % 8 {
        0 => "PHY",
        2 | 4 | 6 => "NEG",
        _ => "EMO",
    };
    let plans: Vec<String> = groups
        .iter()
        .map(|(n, _)| format!("child=c{n} plan={n} plan_start=2009-06-01 latest_category={}", category(n)))
        .collect();
    let rows =
        |of: &[String], dataset| table(checked, dataset, &of.iter().map(String::as_str).collect::<Vec<_>>());
    returned("E06000001", vec![rows(&children, "child"), rows(&plans, "child_protection_plan")])
}

/// The catalogue's cs-16 and cs-17: a small count is hidden, and so is the share from which it could be worked out.
#[test]
fn cs_16_a_count_of_three_is_not_published_and_cs_17_does_not_give_it_away() {
    let checked = framework();
    let found = || {
        let given = vec![on_plans(&checked, ("WBRI", 40), ("BCRB", 3))];
        results(&checked, given, &["cs-15", "cs-16", "cs-17"], &["2009-10 Q4"])
    };
    let own = |found: &Results, id: &str| {
        found.observations.iter().find(|seen| seen.indicator == id).unwrap().cell.outcome.clone()
    };
    let whole = found();
    assert!(
        matches!(own(&whole, "cs-16"), Outcome::Figure { value, .. } if value == 3_u64.into()),
        "for the board"
    );
    let published = disclose(found(), &checked, &Audience::Publication);
    for id in ["cs-16", "cs-17"] {
        assert_eq!(own(published.results(), id), Outcome::Absent(Reason::Suppressed), "{id}");
    }
}

/// The catalogue's rev-02: with one small category no other may give it away: none of the distribution is published.
#[test]
fn rev_02_one_category_of_three_children_hides_the_others() {
    let checked = framework();
    let found = || {
        results(&checked, vec![on_plans(&checked, ("WBRI", 23), ("BCRB", 0))], &["rev-02"], &["2009-10 Q4"])
    };
    assert!(figures(&found()).iter().any(|figure| figure.ends_with(" 3.0") || figure.ends_with(" 13.0")));
    let published = disclose(found(), &checked, &Audience::Publication);
    assert_eq!(figures(published.results()), Vec::<String>::new());
}

/// The catalogue's cs-11: pupils of one school answer alike, so that a sample of schools tells less than as many pupils drawn one by one.
#[test]
fn cs_11_a_sample_of_schools_has_a_wider_interval_than_as_many_pupils_drawn_alone() {
    let checked = framework();
    let width = |school: &dyn Fn(usize) -> usize| {
        let rows: Vec<String> = (0..60)
            .map(|n| {
                let answer = if n < 24 { "yes" } else { "no" };
                format!("respondent={n} survey=Tellus4 asked=2009-10-01 question=bullied answer={answer} weight=1 school=s{} year_group=8", school(n))
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let survey = vec![returned("E06000001", vec![table(&checked, "survey_answer", &rows)])];
        let found = results(&checked, survey, &["cs-11"], &["2009/10 academic"]);
        assert_eq!(figures(&found), ["E06000001 2009/10 academic 40.0"], "the figure is the same");
        let Interval::Limits { lower, upper, .. } = &found.observations[0].cell.interval else {
            panic!("{:?}", found.observations[0].cell.interval)
        };
        upper.to_places(4).parse::<f64>().unwrap() - lower.to_places(4).parse::<f64>().unwrap()
    };
    let (alone, by_school) = (width(&|n| n), width(&|n| n / 12));
    assert!(by_school > alone * 1.5, "{by_school} and {alone}");
}

/// The catalogue's cs-21: an estimate that is revised years later changes no figure in silence: the estimates used until
/// then stay with the years that used them.
#[test]
fn cs_21_a_revised_population_belongs_to_the_years_that_use_it() {
    let checked = framework();
    let given = |rows: &[&str]| {
        vec![returned(
            "E06000001",
            vec![
                table(&checked, "looked_after_child", &["child=a birth_date=2005-01-01"]),
                table(&checked, "episode", &["child=a decom=2008-01-01 rne=S legal_status=C2 place=U4"]),
                table(&checked, "population", rows),
            ],
        )]
    };
    let then =
        "area=E06000001 mid_year=2009-06-30 sex=F age=5 persons=1000 used_from=2009-04-01 used_to=2010-04-01";
    let revised =
        "area=E06000001 mid_year=2009-06-30 sex=F age=5 persons=1250 used_from=2010-04-01 used_to=2011-04-01";
    let figure = |rows: &[&str], year| figures(&results(&checked, given(rows), &["cs-21"], &[year]));
    assert_eq!(figure(&[then], "2009-10"), ["E06000001 2009-10 10.0"]);
    assert_eq!(figure(&[then, revised], "2009-10"), ["E06000001 2009-10 10.0"], "as it was told then");
    assert_eq!(figure(&[then, revised], "2010-11"), ["E06000001 2010-11 8.0"]);
}

/// The catalogue's cs-24: a mean of 20 scores where 50 children should have one is marked, and is compared with nothing.
#[test]
fn cs_24_a_mean_of_few_of_the_children_has_its_coverage_beside_it_and_no_colour() {
    let checked = framework();
    let own = |scored: usize| {
        let children: Vec<String> = (0..50).map(|n| format!("child=c{n} birth_date=2000-01-01")).collect();
        let episodes: Vec<String> =
            (0..50).map(|n| format!("child=c{n} decom=2008-01-01 rne=S legal_status=C2 place=U4")).collect();
        let scores: Vec<String> = (0..scored).map(|n| format!("child=c{n} sdq_score=15")).collect();
        let rows = |of: &[String], dataset| {
            table(&checked, dataset, &of.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let of = returned(
            "E06000001",
            vec![
                rows(&children, "looked_after_child"),
                rows(&episodes, "episode"),
                rows(&scores, "health_of_looked_after_child"),
            ],
        );
        let found = results(&checked, vec![of], &["cs-24"], &["2009-10"]);
        let seen = found.observations.iter().find(|seen| seen.indicator == "cs-24").unwrap().clone();
        assert!(matches!(seen.cell.outcome, Outcome::Figure { value, .. } if value == 15_u64.into()));
        (seen.cell.notes.get(&Note::Unknown).copied(), seen.cell.flags.contains(&Flag::LowReliability))
    };
    assert_eq!(own(20), (Some(30), true));
    assert_eq!(own(50), (None, false));
}

/// The catalogue's nsdu-06: a post that an agency covers is vacant, and who covers it is shown apart.
#[test]
fn nsdu_06_agency_cover_is_shown_apart() {
    let checked = framework();
    let posts = [
        "post=1 worker=w1 role=practitioner fte=2 post_from=2009-01-01",
        "post=2 worker=g1 agency_worker=true role=practitioner fte=1.5 post_from=2009-01-01",
        "post=3 role=practitioner fte=0.5 post_from=2009-01-01",
    ];
    let of = returned("E06000001", vec![table(&checked, "workforce", &posts)]);
    let request = Request {
        indicators: ["nsdu-06".to_owned()].into(),
        periods: vec!["2010-11 Q1".parse().unwrap()],
        by: vec!["agency-cover".to_owned()],
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let data = Data { returns: vec![of] };
    let found = finish(&checked, &calculate(&checked, &plan, &data).unwrap());
    let vacant = |by: &str| {
        let seen = found
            .observations
            .iter()
            .find(|seen| seen.by.iter().map(ToString::to_string).collect::<String>().contains(by));
        match &seen.unwrap_or_else(|| panic!("{by}: {:#?}", found.observations)).cell.outcome {
            Outcome::Figure { numerator, .. } => numerator.unwrap().to_places(1),
            absent => panic!("{absent:?}"),
        }
    };
    assert_eq!(["agency worker", "nobody", "own worker"].map(vacant), ["1.5", "0.5", "0.0"]);
}

/// The catalogue's jd-19: 784 of the 4,012 reviews of 2010-11 and the year found something that could be changed: 19.5%, published as 20%.
#[test]
fn jd_19_784_of_4012_reviews_are_printed_as_20_per_cent_and_kept_whole() {
    let checked = framework();
    let rows: Vec<String> = (0..4_012)
        .map(|n| {
            let found = if n < 784 { "yes" } else { "no" };
            format!("death=d{n} resident_area=E06000001 birth_date=2005-01-01 date_of_death=2010-05-01 review_date=2010-11-01 stillbirth=false modifiable={found}")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let deaths = vec![returned("E06000001", vec![table(&checked, "child_death", &rows)])];
    let found = results(&checked, deaths, &["jd-19"], &["2010-11"]);
    let yes = found.observations.iter().find(|seen| seen.category.as_deref() == Some("yes")).unwrap();
    let Outcome::Figure { value, numerator, denominator } = &yes.cell.outcome else { panic!("{yes:?}") };
    assert_eq!((*numerator, *denominator), (Some(784_u64.into()), Some(4_012_u64.into())));
    assert_eq!((value.to_places(0), value.to_places(1)), ("20".to_owned(), "19.5".to_owned()));
}

/// The catalogue's jd-25: 122 children of 61 families, as Bracknell had on 31 March 2015.
#[test]
fn jd_25_122_children_with_a_plan_are_61_families() {
    let checked = framework();
    let plans: Vec<String> = (0..122).map(|n| format!("child=c{n} plan={n} plan_start=2014-06-01")).collect();
    let families: Vec<String> =
        (0..122).map(|n| format!("family=f{} child=c{n} member_from=2010-01-01", n / 2)).collect();
    let rows =
        |of: &[String], dataset| table(&checked, dataset, &of.iter().map(String::as_str).collect::<Vec<_>>());
    let given = returned("E06000036", vec![rows(&plans, "child_protection_plan"), rows(&families, "family")]);
    let found = results(&checked, vec![given], &["cs-15", "jd-25"], &["2014-15 Q4"]);
    assert_eq!(figures(&found), ["E06000036 2014-15 Q4 122.0", "E06000036 2014-15 Q4 61.0"]);
}
