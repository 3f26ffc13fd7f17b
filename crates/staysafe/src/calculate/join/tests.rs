//! Several returns give what one long extract gives, in any order, and stacked as often as one likes.

use std::collections::BTreeMap;

use chrono::{Datelike, Days as Later, NaiveDate};
use proptest::prelude::*;

use super::{What, join};
use crate::calculate::{CalculateError, calculate, finish};
use crate::check::{Checked, check};
use crate::definition::read::read;
use crate::plan::{Request, plan};
use crate::record::{Cover, Data, Days, Return, Row, Submission, Table};
use crate::result::{Note, Observation, Outcome};
use crate::value::{Datum, Value};

const FILES: &[(&str, &str)] = &[
    ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
    ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\"\n"),
    (
        "areas.toml",
        "[[area]]\ncode = \"E1\"\nname = \"One\"\nlevel = \"local authority\"\naliases = { lea = \"101\" }\n",
    ),
    (
        "datasets/child.toml",
        r#"
id = "child"
title = "Children"
carried_by = "yearly"
holder = "a"
area = "header"
key = ["child"]
field = [{ name = "child", type = "text", personal = true }, { name = "group", type = "text" }]
"#,
    ),
    (
        "datasets/trait.toml",
        r#"
id = "trait"
title = "Traits"
carried_by = "yearly"
holder = "a"
area = "header"
key = ["child", "trait"]
goes_with = "children"
field = [{ name = "child", type = "text", personal = true }, { name = "trait", type = "text" }]
link = [{ name = "children", to = "child", on = { child = "child" } }]
"#,
    ),
    (
        "datasets/episode.toml",
        r#"
id = "episode"
title = "Episodes"
carried_by = "yearly"
holder = "a"
area = "header"
key = ["child", "start"]
dates = { start = "start", end = "end" }
field = [
  { name = "child", type = "text", personal = true },
  { name = "start", type = "date" },
  { name = "end", type = "date" },
  { name = "why", type = "text", reason_of = "end" },
]
link = [
  { name = "children", to = "child", on = { child = "child" } },
  { name = "traits", to = "trait", on = { child = "child" } },
]
"#,
    ),
    (
        "datasets/plan.toml",
        r#"
id = "plan"
title = "Plans"
carried_by = "yearly"
holder = "a"
area = "header"
recognised_by = ["child", "start"]
dates = { start = "start", end = "end" }
field = [
  { name = "child", type = "text", personal = true },
  { name = "plan", type = "whole number", number_of = "plan" },
  { name = "start", type = "date" },
  { name = "end", type = "date" },
]
link = [{ name = "reviews", to = "review", on = { plan = "plan" } }]
"#,
    ),
    (
        "datasets/review.toml",
        r#"
id = "review"
title = "Reviews"
carried_by = "yearly"
holder = "a"
area = "header"
dates = { event = "held" }
field = [
  { name = "plan", type = "whole number", number_of = "plan" },
  { name = "held", type = "date" },
  { name = "kind", type = "text" },
]
"#,
    ),
    (
        "datasets/estimate.toml",
        r#"
id = "estimate"
title = "Estimates"
carried_by = "office"
holder = "a"
area = "header"
key = ["child"]
version = "made"
dates = { event = "day" }
field = [
  { name = "child", type = "text" },
  { name = "day", type = "date" },
  { name = "made", type = "whole number" },
  { name = "score", type = "whole number" },
]
"#,
    ),
    (
        "indicators/children.toml",
        "id = \"children\"\ntitle = \"C\"\nkind = \"stock\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"episode\"\nwhen = { open = [\"start\", \"end\"] }\ncounted = \"distinct child\"\n",
    ),
    (
        "indicators/started.toml",
        "id = \"started\"\ntitle = \"S\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"episode\"\nwhen = { date = \"start\" }\nnumerator = \"any(children AS c WHERE c.group = 'x')\"\n",
    ),
    (
        "indicators/ended.toml",
        "id = \"ended\"\ntitle = \"E\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"episode\"\nwhen = { date = \"end\" }\nnumerator = \"any(traits AS t WHERE t.trait = 'y')\"\n",
    ),
    (
        "indicators/reviewed.toml",
        "id = \"reviewed\"\ntitle = \"R\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"plan\"\nwhen = { open = [\"start\", \"end\"] }\nnumerator = \"count(reviews AS r WHERE r.held <= period_last_day) >= 2\"\n",
    ),
    (
        "indicators/reviews.toml",
        "id = \"reviews\"\ntitle = \"V\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"review\"\nwhen = { date = \"held\" }\n",
    ),
    (
        "indicators/score.toml",
        "id = \"score\"\ntitle = \"O\"\nkind = \"mean\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"a\"\n[calculation]\nfrom = \"estimate\"\nwhen = { date = \"day\" }\nvalue = \"score\"\n",
    ),
];

fn framework() -> Checked {
    let (framework, found) = read(FILES.iter().copied());
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn text(text: &str) -> Datum {
    Datum::Known(Value::Text(text.into()))
}

fn date(day: Option<NaiveDate>) -> Datum {
    day.map_or(Datum::Missing, |day| Datum::Known(Value::Date(day)))
}

fn whole(number: i64) -> Datum {
    Datum::Known(Value::Int(number))
}

/// A financial year's days.
fn year(ends: i32) -> Days {
    Days {
        first: NaiveDate::from_ymd_opt(ends - 1, 4, 1).unwrap(),
        last: NaiveDate::from_ymd_opt(ends, 3, 31).unwrap(),
    }
}

fn table(fields: &[&str], rows: Vec<Vec<Datum>>, cover: Cover) -> Table {
    let rows = rows.into_iter().zip(1..).map(|(values, origin)| Row { values, origin }).collect();
    Table { fields: fields.iter().map(|field| (*field).into()).collect(), rows, cover }
}

fn a_return(name: &str, area: &str, reference: Option<NaiveDate>, tables: Vec<(&str, Table)>) -> Return {
    Return {
        name: name.to_owned(),
        kind: "yearly".to_owned(),
        area: area.to_owned(),
        reference_date: reference,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: tables.into_iter().map(|(id, table)| (id.to_owned(), table)).collect(),
    }
}

/// What happens to a child, over three years.
#[derive(Debug, Clone)]
struct Life {
    group: &'static str,
    traits: Vec<&'static str>,
    /// Days that follow each other: start, end, start, …; an odd number leaves the last open.
    episodes: Vec<NaiveDate>,
    plans: Vec<(NaiveDate, Option<NaiveDate>, Vec<NaiveDate>)>,
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let any_day = (0u64..1095).prop_map(|n| day("2020-04-01") + Later::new(n));
    let plan = (any_day.clone(), proptest::option::of(1u64..700), proptest::collection::vec(1u64..300, 0..4))
        .prop_map(|(start, length, steps)| {
            let end = length.map(|length| start + Later::new(length)).filter(|end| *end <= day("2023-03-31"));
            let mut held = start;
            let reviews = steps.into_iter().map(|step| {
                held = held + Later::new(step);
                held
            });
            let last = end.unwrap_or(day("2023-03-31"));
            (start, end, reviews.filter(|held| *held <= last).collect())
        });
    let life = (
        prop_oneof![Just("x"), Just("z")],
        proptest::sample::subsequence(vec!["y", "w"], 0..=2),
        proptest::collection::btree_set(any_day, 0..6),
        proptest::collection::vec(plan, 0..3),
    )
        .prop_map(|(group, traits, days, plans)| Life {
            group,
            traits,
            episodes: days.into_iter().collect(),
            plans,
        });
    proptest::collection::vec(life, 1..6)
}

/// The return of some days: what ran in them, as it was known on their last day. Plans are numbered anew, and only
/// reviews of the days are in it.
fn extract(lives: &[Life], area: &str, days: Days) -> Return {
    let (mut children, mut traits, mut episodes, mut plans, mut reviews) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, life) in lives.iter().enumerate() {
        let child = text(&format!("c{number}"));
        let known = |day: Option<NaiveDate>| day.filter(|day| *day <= days.last);
        let here = |start: NaiveDate, end: Option<NaiveDate>| {
            start <= days.last && end.is_none_or(|end| end >= days.first)
        };
        let mut seen = false;
        for pair in life.episodes.chunks(2) {
            let (start, end) = (pair[0], pair.get(1).copied());
            if here(start, end) {
                seen = true;
                let end = known(end);
                let why = if end.is_some() { text("done") } else { Datum::Missing };
                episodes.push(vec![child.clone(), date(Some(start)), date(end), why]);
            }
        }
        for (start, end, held) in &life.plans {
            if here(*start, *end) {
                seen = true;
                let number = whole(i64::try_from(plans.len()).unwrap() + 1);
                plans.push(vec![child.clone(), number.clone(), date(Some(*start)), date(known(*end))]);
                for held in held.iter().filter(|held| days.contains(**held)) {
                    reviews.push(vec![number.clone(), date(Some(*held)), text("r")]);
                }
            }
        }
        if seen {
            children.push(vec![child.clone(), text(life.group)]);
            traits.extend(life.traits.iter().map(|of| vec![child.clone(), text(of)]));
        }
    }
    let cover = Cover::all(days);
    let tables = vec![
        ("child", table(&["child", "group"], children, cover)),
        ("trait", table(&["child", "trait"], traits, cover)),
        ("episode", table(&["child", "start", "end", "why"], episodes, cover)),
        ("plan", table(&["child", "plan", "start", "end"], plans, cover)),
        ("review", table(&["plan", "held", "kind"], reviews, cover)),
    ];
    a_return(&format!("{area}-{}", days.last.year()), area, Some(days.last), tables)
}

fn years(lives: &[Life], area: &str) -> Vec<Return> {
    (2021..=2023).map(|ends| extract(lives, area, year(ends))).collect()
}

const YEARLY: &[&str] = &["children", "started", "ended", "reviewed", "reviews"];

fn observations_of(
    checked: &Checked,
    indicators: &[&str],
    returns: Vec<Return>,
    by_area: bool,
) -> Vec<Observation> {
    let labels = ["2020-21", "2021-22", "2022-23", "2021-22 Q1", "2021-22 Q4", "2022-23 Q1", "2022-23 Q3"];
    let request = Request {
        indicators: indicators.iter().map(|id| (*id).to_owned()).collect(),
        periods: labels.iter().map(|label| label.parse().unwrap()).collect(),
        by: if by_area { vec!["area".to_owned()] } else { Vec::new() },
        ..Request::default()
    };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, &Data { returns }).unwrap()).observations
}

fn observations(checked: &Checked, returns: Vec<Return>) -> Vec<Observation> {
    observations_of(checked, YEARLY, returns, true)
}

fn without_duplicates(mut observations: Vec<Observation>) -> Vec<Observation> {
    for observation in &mut observations {
        observation.cell.notes.remove(&Note::Duplicate);
    }
    observations
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn three_years_are_one_long_extract(lives in lives(), order in Just(vec![0usize, 1, 2]).prop_shuffle()) {
        let checked = framework();
        let whole = Days { first: day("2020-04-01"), last: day("2023-03-31") };
        let long = observations(&checked, vec![extract(&lives, "A", whole)]);
        let three = years(&lives, "A");
        let shuffled = order.iter().map(|at| three[*at].clone()).collect();
        prop_assert_eq!(&observations(&checked, shuffled), &long);
    }

    #[test]
    fn joining_what_was_joined_changes_nothing(lives in lives()) {
        let checked = framework();
        let data = Data { returns: years(&lives, "A") };
        let joined = join(&checked, &data).unwrap();
        let once = joined.authorities[0].of.clone().into_owned();
        let again = Data { returns: vec![once.clone()] };
        let twice = join(&checked, &again).unwrap();
        prop_assert!(twice.findings.is_empty());
        prop_assert_eq!(&twice.authorities[0].of.tables, &once.tables);
    }

    #[test]
    fn a_file_stacked_on_itself_changes_nothing(lives in lives()) {
        let checked = framework();
        let three = years(&lives, "A");
        let alone = observations(&checked, three.clone());
        let mut stacked = three.clone();
        stacked.extend(three.iter().cloned().map(|mut of| { of.name.push_str(" again"); of }));
        prop_assert_eq!(&observations(&checked, stacked), &alone);
        // Every row twice, and the second time from the bottom up.
        let mut doubled = three;
        for of in &mut doubled {
            for id in ["child", "trait", "episode"] {
                let rows = &mut of.tables.get_mut(id).unwrap().rows;
                let again: Vec<Row> = rows.iter().rev().cloned().collect();
                rows.extend(again);
            }
        }
        prop_assert_eq!(without_duplicates(observations(&checked, doubled)), alone);
    }

    #[test]
    fn two_councils_with_the_same_numbers_do_not_meet(a in lives(), b in lives()) {
        let checked = framework();
        let mut apart = observations(&checked, years(&a, "A"));
        apart.extend(observations(&checked, years(&b, "B")));
        let mut both = years(&b, "B");
        both.extend(years(&a, "A"));
        let mut together = observations(&checked, both.clone());
        let order = |of: &Observation| (of.indicator.clone(), of.area.clone(), of.period);
        apart.sort_by_key(order);
        together.sort_by_key(order);
        prop_assert_eq!(&together, &apart);
        // Added up, a child of each with one number is two children.
        let mut sums: BTreeMap<_, i128> = BTreeMap::new();
        for of in &apart {
            if let Outcome::Figure { numerator: Some(n), .. } = &of.cell.outcome {
                *sums.entry((of.indicator.clone(), of.period)).or_default() += n.whole().unwrap();
            }
        }
        for of in observations_of(&checked, YEARLY, both, false) {
            if let Outcome::Figure { numerator: Some(n), .. } = &of.cell.outcome {
                prop_assert_eq!(n.whole().unwrap(), sums[&(of.indicator.clone(), of.period)]);
            }
        }
    }
}

/// A return of one table of episodes.
fn episodes(name: &str, area: &str, ends: i32, rows: &[(&str, &str, &str, &str)]) -> Return {
    let given = |text: &str| (!text.is_empty()).then(|| day(text));
    let rows = rows.iter().map(|(child, start, end, why)| {
        let why = if why.is_empty() { Datum::Missing } else { text(why) };
        vec![text(child), date(given(start)), date(given(end)), why]
    });
    let table = table(&["child", "start", "end", "why"], rows.collect(), Cover::all(year(ends)));
    let none = |fields: &[&str]| self::table(fields, Vec::new(), Cover::all(year(ends)));
    let tables =
        vec![("episode", table), ("child", none(&["child", "group"])), ("trait", none(&["child", "trait"]))];
    a_return(name, area, Some(year(ends).last), tables)
}

fn one(checked: &Checked, indicator: &str, returns: Vec<Return>, period: &str) -> Observation {
    let found = observations_of(checked, &[indicator], returns, true);
    found.into_iter().find(|of| of.period == period.parse().unwrap()).unwrap()
}

fn shown(of: &Observation) -> String {
    match &of.cell.outcome {
        Outcome::Figure { value, numerator: Some(n), denominator: Some(d) } => {
            format!("{n} of {d} = {}", value.to_places(1))
        }
        Outcome::Figure { value, .. } => value.to_places(0),
        Outcome::Absent(reason) => reason.words(),
    }
}

fn what(returns: &[Return]) -> Vec<(What, String)> {
    let data = Data { returns: returns.to_vec() };
    let checked = framework();
    let joined = join(&checked, &data).unwrap();
    joined.findings.iter().map(|found| (found.what, found.key_words(true, "(masked)"))).collect()
}

#[test]
fn what_a_later_return_could_hold_and_does_not_is_dropped_and_counted() {
    let checked = framework();
    let first = episodes(
        "one",
        "A",
        2021,
        &[
            ("gone", "2020-05-01", "", ""),
            ("over", "2020-05-01", "2020-06-01", "done"),
            ("runs", "2020-05-01", "", ""),
        ],
    );
    let second = episodes("two", "A", 2022, &[("runs", "2020-05-01", "2021-05-01", "done")]);
    let both = vec![second.clone(), first.clone()];
    let found = one(&checked, "started", both.clone(), "2020-21");
    assert_eq!(shown(&found), "0 of 2 = 0.0", "what was over before the later return began is kept");
    assert_eq!(found.cell.notes[&Note::Vanished], 1);
    assert_eq!(shown(&one(&checked, "children", both.clone(), "2021-22")), "0");
    assert_eq!(
        what(&both),
        [
            (What::Revised, "child runs, start 2020-05-01".to_owned()),
            (What::Vanished, "child gone, start 2020-05-01".to_owned())
        ]
    );
    let data = Data { returns: both };
    let joined = join(&checked, &data).unwrap();
    assert_eq!(joined.findings[0].fields, ["end", "why"]);
    assert_eq!(joined.findings[1].key_words(false, "(masked)"), "child (masked), start 2020-05-01");
    let [summary] = joined.summary().try_into().unwrap();
    assert_eq!((summary.revised, summary.vanished, summary.duplicates), (1, 1, 0));
}

#[test]
fn rows_that_differ_under_one_key_are_unknown_where_they_differ() {
    let checked = framework();
    let rows =
        [("a", "2021-05-01", "", ""), ("b", "2021-05-01", "", ""), ("a", "2021-05-01", "2021-06-01", "done")];
    let mut turned = rows;
    turned.reverse();
    for rows in [rows, turned] {
        let of = episodes("one", "A", 2022, &rows);
        let started = one(&checked, "started", vec![of.clone()], "2021-22");
        assert_eq!(shown(&started), "0 of 2 = 0.0", "the start is not in doubt");
        assert_eq!(started.cell.notes[&Note::Contradictory], 1);
        let open = one(&checked, "children", vec![of.clone()], "2021-22");
        assert_eq!(shown(&open), "1", "nobody can say whether the other one ended");
        assert_eq!(open.cell.notes[&Note::Unknown], 1);
        assert_eq!(what(&[of]), [(What::Contradictory, "child a, start 2021-05-01".to_owned())]);
    }
}

#[test]
fn a_declared_version_decides() {
    let checked = framework();
    let row = |child: &str, made: i64, score: i64| {
        vec![text(child), date(Some(day("2021-05-01"))), whole(made), whole(score)]
    };
    let rows = vec![row("a", 2, 10), row("a", 1, 90), row("a", 2, 10), row("b", 1, 20)];
    for turn in 0..rows.len() {
        let mut rows = rows.clone();
        rows.rotate_left(turn);
        let table = table(&["child", "day", "made", "score"], rows, Cover::UNLIMITED);
        let mut of = a_return("office", "A", None, vec![("estimate", table)]);
        of.kind = "office".to_owned();
        let found = one(&checked, "score", vec![of.clone()], "2021-22");
        assert_eq!(shown(&found), "30 of 2 = 15.0");
        assert_eq!(found.cell.notes.get(&Note::Duplicate), Some(&1));
        assert_eq!(found.cell.notes.get(&Note::Contradictory), None);
        let kinds: Vec<What> = what(&[of]).into_iter().map(|(what, _)| what).collect();
        assert_eq!(kinds, [What::Duplicate, What::OlderVersion]);
    }
}

#[test]
fn a_contradiction_inside_a_record_is_counted_and_changes_no_rule() {
    let checked = framework();
    let of = episodes(
        "one",
        "A",
        2022,
        &[
            ("a", "2021-05-01", "", "done"),
            ("b", "2021-05-01", "2021-04-10", "done"),
            ("c", "2021-05-01", "", ""),
        ],
    );
    let started = one(&checked, "started", vec![of.clone()], "2021-22");
    assert_eq!((shown(&started), started.cell.notes[&Note::Contradictory]), ("0 of 3 = 0.0".to_owned(), 2));
    let open = one(&checked, "children", vec![of.clone()], "2021-22");
    assert_eq!(shown(&open), "2", "without an end date it is open, whatever the reason says");
    assert_eq!(open.cell.notes[&Note::Contradictory], 1);
    let ended = one(&checked, "ended", vec![of], "2021-22");
    assert_eq!((shown(&ended), ended.cell.notes[&Note::Contradictory]), ("0 of 1 = 0.0".to_owned(), 1));
}

#[test]
fn a_gap_between_covers_stays_a_gap() {
    let checked = framework();
    let first = episodes("one", "A", 2021, &[("a", "2020-05-01", "2020-06-01", "done")]);
    let third = episodes("three", "A", 2023, &[("b", "2022-05-01", "", ""), ("s", "2021-05-01", "", "")]);
    let both = vec![first, third];
    assert_eq!(shown(&one(&checked, "started", both.clone(), "2020-21")), "0 of 1 = 0.0");
    assert!(shown(&one(&checked, "started", both.clone(), "2021-22")).starts_with("not reported"));
    assert!(shown(&one(&checked, "children", both.clone(), "2021-22")).starts_with("not reported"));
    assert_eq!(shown(&one(&checked, "started", both.clone(), "2022-23")), "0 of 1 = 0.0");
    let request = Request {
        indicators: vec!["started".to_owned()],
        periods: vec!["2021".parse().unwrap()],
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let partly = finish(&checked, &calculate(&checked, &plan, &Data { returns: both }).unwrap());
    let cell = &partly.observations[0].cell;
    assert_eq!(cell.coverage.days, Some(Days { first: day("2021-01-01"), last: day("2021-03-31") }));
}

#[test]
fn what_one_return_does_not_carry_is_not_reported_in_its_days() {
    let checked = framework();
    let mut first = episodes("one", "A", 2021, &[("a", "2020-05-01", "2020-06-01", "done")]);
    first.tables.remove("child");
    let second = episodes("two", "A", 2022, &[("b", "2021-05-01", "", "")]);
    let both = vec![first, second];
    assert!(shown(&one(&checked, "started", both.clone(), "2020-21")).contains("child"));
    assert_eq!(shown(&one(&checked, "started", both.clone(), "2021-22")), "0 of 1 = 0.0");
    assert_eq!(shown(&one(&checked, "children", both, "2020-21")), "0", "this does not ask for children");
}

#[test]
fn later_is_the_date_then_the_serial_number_then_the_time() {
    let checked = framework();
    let of = |name: &str, serial: Option<u64>, time: Option<&str>, end: &str| {
        let mut of =
            episodes(name, "A", 2022, &[("a", "2021-05-01", end, if end.is_empty() { "" } else { "done" })]);
        of.serial = serial;
        of.made_at = time.map(|time| time.parse().unwrap());
        of
    };
    let open = |returns: Vec<Return>| shown(&one(&checked, "children", returns, "2021-22"));
    let (early, late) = (Some("2022-04-01T09:00:00"), Some("2022-05-01T09:00:00"));
    for [a, b] in [
        [of("a", Some(1), late, ""), of("b", Some(2), early, "2021-06-01")],
        [of("a", Some(1), early, ""), of("b", Some(1), late, "2021-06-01")],
        [of("a", None, early, ""), of("b", Some(1), late, "2021-06-01")],
    ] {
        assert_eq!(open(vec![a.clone(), b.clone()]), "0", "{} {:?}", b.name, b.serial);
        assert_eq!(open(vec![b, a]), "0");
    }
    let neither = Data { returns: vec![of("a", Some(1), None, ""), of("b", Some(1), None, "2021-06-01")] };
    let error = join(&checked, &neither).unwrap_err();
    assert!(matches!(error, CalculateError::NeitherIsLater { .. }), "{error}");
    assert!(error.to_string().contains("a and b both carry 'episode' for area A"), "{error}");
}

#[test]
fn a_return_given_in_two_forms_is_one_whatever_lines_its_rows_stand_on() {
    let checked = framework();
    let first = episodes("tables", "101", 2022, &[("a", "2021-05-01", "", "")]);
    let mut second = Return { name: "elements".to_owned(), area: "E1".to_owned(), ..first.clone() };
    for row in second.tables.values_mut().flat_map(|table| &mut table.rows) {
        row.origin += 7;
    }
    let data = Data { returns: vec![first, second] };
    assert!(join(&checked, &data).is_ok(), "neither has to be later");
    assert_eq!(shown(&one(&checked, "children", data.returns, "2021-22")), "1");
}

#[test]
fn an_authority_under_two_codes_is_one() {
    let checked = framework();
    let first = episodes("one", "101", 2021, &[("a", "2020-05-01", "", "")]);
    let second = episodes("two", "E1", 2022, &[("a", "2020-05-01", "2021-05-01", "done")]);
    let found = observations_of(&checked, &["children"], vec![first, second], true);
    let years: Vec<String> = found.iter().map(shown).collect();
    assert_eq!(found.len(), 7, "one row for each period");
    assert_eq!(years[0], "1");
}
