#![allow(clippy::unwrap_used, reason = "tests may stop")]

use proptest::prelude::*;

use super::*;
use crate::definition::breakdown::{Breakdown, CategoryOf, SortRule};
use crate::definition::indicator::{Calculation, Kind, Reading, RelationKind, When};
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::diagnostic::Spanned;
use crate::gap::fixture::{
    add, day, figure, framework, indicator, ladder, name, observation, period, relation, results, s, text,
};
use crate::period::Period;
use crate::result::{Flag, NotReported, Note, Statistic};
use crate::value::Name;

fn quarter(number: usize) -> Period {
    period(["2017-18 Q1", "2017-18 Q2", "2017-18 Q3", "2017-18 Q4", "2018-19 Q1"][number])
}

fn year() -> Period {
    period("2017-18")
}

fn publish(framework: &Framework, observations: Vec<Observation>) -> Disclosed {
    disclose_within(results(observations), framework, &Audience::Publication)
}

fn hidden(disclosed: &Disclosed) -> Vec<&str> {
    disclosed.hidden().iter().map(String::as_str).collect()
}

fn with(indicators: &[(&str, Kind, Option<Calculation>)]) -> Framework {
    let mut framework = framework();
    for (id, kind, calculation) in indicators {
        let mut entry = indicator(id, *kind);
        entry.calculation.clone_from(calculation);
        add(&mut framework, entry);
    }
    framework
}

#[test]
fn one_small_count_hides_the_whole_row_and_all_that_hangs_on_it() {
    let framework = with(&[("a", Kind::Proportion, None), ("b", Kind::Count, None)]);
    let mut small = figure("a", quarter(0), 3, Some(40));
    small.cell.notes.insert(Note::Unknown, 2);
    small.cell.flags.insert(Flag::LowReliability);
    let undefined = observation("a", Statistic::Percentage, quarter(2), Outcome::Absent(Reason::Undefined));
    let outside = Outcome::Absent(Reason::NotReported(NotReported::OutsideCover));
    let earlier = observation("a", Statistic::Percentage, quarter(3), outside.clone());
    let shown = figure("b", quarter(0), 50, None);
    let disclosed =
        publish(&framework, vec![small, figure("a", quarter(1), 20, Some(40)), undefined, earlier, shown]);
    let cells: Vec<&crate::result::Cell> =
        disclosed.results().observations.iter().map(|seen| &seen.cell).collect();
    let suppressed = Outcome::Absent(Reason::Suppressed);
    assert!(
        cells[..3].iter().all(|cell| cell.outcome == suppressed),
        "all periods, and 0/0 with them: {cells:?}"
    );
    assert!(
        cells[..3].iter().all(|cell| cell.notes.is_empty() && cell.flags.is_empty()),
        "notes are counts too"
    );
    assert_eq!(cells[3].outcome, outside, "what a return's dates say is no secret");
    assert!(matches!(cells[4].outcome, Outcome::Figure { .. }), "others stay");
    let printed = serde_json::to_string(&disclosed).unwrap();
    assert!(
        !printed.contains("\"40\"") && !printed.contains("15/2"),
        "nothing of the row is left: {printed}"
    );
}

#[test]
fn what_is_left_of_the_denominator_is_a_count_too() {
    let framework = with(&[("a", Kind::Proportion, None), ("b", Kind::Count, None)]);
    let disclosed =
        publish(&framework, vec![figure("a", quarter(0), 38, Some(40)), figure("b", quarter(0), 0, None)]);
    assert_eq!(hidden(&disclosed), ["a"], "two were not in time; and none at all is not a small count");
}

#[test]
fn notes_of_shown_rows_about_people_are_left_out_of_a_publication() {
    let framework = with(&[("a", Kind::Count, None)]);
    let mut seen = figure("a", quarter(0), 50, None);
    seen.cell.notes.insert(Note::Unknown, 2);
    let disclosed = publish(&framework, vec![seen.clone()]);
    assert!(hidden(&disclosed).is_empty(), "the row itself is large");
    assert!(disclosed.results().observations[0].cell.notes.is_empty(), "a counter is a count of people");
    let board = Audience::Board { recipient: "The chair".into(), date: day("2018-07-01") };
    let full = disclose_within(results(vec![seen.clone()]), &framework, &board);
    assert_eq!(full.results().observations, [seen], "a board sees everything");
}

#[test]
fn posts_and_documents_are_exempt_and_strangers_are_not() {
    let mut framework = with(&[("posts", Kind::Count, None)]);
    framework.indicators.get_mut("posts").unwrap().disclosure = Some(s(Disclosure::NotPersonal));
    let disclosed = publish(
        &framework,
        vec![figure("posts", quarter(0), 2, None), figure("stranger", quarter(0), 2, None)],
    );
    assert_eq!(hidden(&disclosed), ["stranger"], "what nobody declared is about people");
}

#[test]
fn related_rows_are_hidden_with_it() {
    let mut framework = with(&["a", "b", "c", "d", "e", "f"].map(|id| (id, Kind::Count, None)));
    let mut relate = |id: &str, kind, target| {
        framework.indicators.get_mut(id).unwrap().relations.push(relation(kind, target));
    };
    relate("b", RelationKind::SubsetOf, "a");
    relate("c", RelationKind::ComplementOf, "b");
    relate("d", RelationKind::Related, "a");
    relate("e", RelationKind::Related, "b");
    framework.indicators.get_mut("f").unwrap().same_calculation_as = Some(text("c"));
    let mut seen: Vec<Observation> =
        ["b", "c", "d", "e", "f"].iter().map(|id| figure(id, quarter(0), 900, None)).collect();
    seen.push(figure("a", quarter(0), 4, None));
    assert_eq!(
        hidden(&publish(&framework, seen)),
        ["a", "b", "c", "d", "f"],
        "shared counts carry on, mention does not"
    );
}

#[test]
fn a_publication_shows_one_reading_of_an_indicator() {
    let mut framework = with(&[("a", Kind::Count, Some(ladder("referral", "date", Some("x"), None)))]);
    framework.indicators.get_mut("a").unwrap().readings.extend([reading("one"), reading("two")]);
    let of = |rows: &[(&str, u64)]| {
        let seen = rows.iter().map(|(id, count)| figure(id, quarter(0), *count, None)).collect();
        hidden(&publish(&framework, seen)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of(&[("a", 50), ("a@one", 90), ("a@two", 120)]), ["a@one", "a@two"], "its own");
    assert_eq!(of(&[("a@one", 90), ("a@two", 120)]), ["a@two"], "or the first that was asked for");
    assert_eq!(
        of(&[("a", 4), ("a@one", 90)]),
        ["a", "a@one"],
        "hidden together: neither takes the other's place"
    );
    assert_eq!(of(&[("a", 50), ("a@one", 4)]), ["a@one"], "what is not shown endangers nothing");
    assert_eq!(of(&[("a@one", 4)]), ["a@one"], "a small one alone");
    let board = Audience::Board { recipient: "The chair".into(), date: day("2018-07-01") };
    let both = results(vec![figure("a", quarter(0), 50, None), figure("a@one", quarter(0), 53, None)]);
    assert!(disclose_within(both.clone(), &framework, &board).hidden().is_empty(), "a board sees both");
    let mut posts = framework.clone();
    posts.indicators.get_mut("a").unwrap().disclosure = Some(s(Disclosure::NotPersonal));
    let open = disclose_within(both, &posts, &Audience::Publication);
    assert!(hidden(&open).is_empty(), "a reading is about whom its indicator is about");
}

#[test]
fn a_reading_is_compared_as_its_indicator_is() {
    let mut framework = with(&[
        ("all", Kind::Count, Some(ladder("referral", "date", None, None))),
        ("few", Kind::Count, Some(ladder("referral", "date", Some("x"), None))),
    ]);
    framework.indicators.get_mut("few").unwrap().readings.push(reading("one"));
    let of = |few: u64| {
        let seen = vec![figure("all", quarter(0), 100, None), figure("few@one", quarter(0), few, None)];
        hidden(&publish(&framework, seen)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of(97), ["few@one"], "three were not");
    assert!(of(60).is_empty());
}

fn reading(name: &str) -> Reading {
    Reading { place: s(()), name: text(name), title: None, parameters: BTreeMap::new() }
}

#[test]
fn a_nested_row_that_differs_by_a_few_is_hidden() {
    let rows = [
        ("all", Kind::Count, Some(ladder("referral", "date", None, None))),
        ("few", Kind::Count, Some(ladder("referral", "date", Some("x"), None))),
        ("other", Kind::Count, Some(ladder("assessment", "date", Some("x"), None))),
    ];
    let framework = with(&rows);
    let seen = vec![
        figure("all", quarter(0), 100, None),
        figure("few", quarter(0), 97, None),
        figure("other", quarter(0), 98, None),
    ];
    let disclosed = publish(&framework, seen);
    assert_eq!(hidden(&disclosed), ["few"], "three were not; another table's 98 means nothing");
}

#[test]
fn what_the_parts_of_a_year_leave_over_is_hidden() {
    let framework = with(&[("all", Kind::Count, Some(ladder("referral", "date", None, None)))]);
    let parts = |year_total| {
        vec![
            figure("all", year(), year_total, None),
            figure("all", quarter(0), 30, None),
            figure("all", quarter(1), 30, None),
            figure("all", quarter(2), 30, None),
        ]
    };
    assert_eq!(hidden(&publish(&framework, parts(94))), ["all"], "the fourth quarter has four");
    assert!(hidden(&publish(&framework, parts(100))).is_empty(), "ten are enough");
}

#[test]
fn categories_that_do_not_add_up_are_hidden() {
    let mut framework = with(&[("kinds", Kind::Distribution, Some(ladder("plan", "date", None, None)))]);
    let Some(Calculation::Ladder(steps)) = &mut framework.indicators.get_mut("kinds").unwrap().calculation
    else {
        unreachable!()
    };
    steps.category = Some(name("category"));
    let share = |category: &str, count| {
        let mut seen = figure("kinds", quarter(0), count, Some(60));
        seen.statistic = Statistic::Share;
        seen.category = Some(category.into());
        seen
    };
    let disclosed = publish(&framework, vec![share("NEG", 37), share("PHY", 20)]);
    assert_eq!(hidden(&disclosed), ["kinds"], "three are of neither");
    assert_eq!(disclosed.results().observations.len(), 1, "which categories occur is not told either");
    assert!(
        hidden(&publish(&framework, vec![share("NEG", 40), share("PHY", 20)])).is_empty(),
        "these add up"
    );
}

#[test]
fn returns_are_told_roughly_in_public() {
    use crate::gap::fixture::profile;
    let returns = [profile("cin-census", &[("plan", Some(20), &[("plan_end", 17), ("plan_start", 20)])])];
    let public = holdings(&framework(), &returns, &[], &Audience::Publication);
    let plan = &public.returns[0].modules[0];
    assert_eq!(plan.rows, Amount::FewerThan(100), "twenty plans");
    assert_eq!(plan.fields[0].complete, Completeness::Half, "seventeen ends would tell of three open plans");
    assert_eq!(plan.fields[1].complete, Completeness::Full, "all is no small count");
    let text = serde_json::to_string(&public).unwrap();
    assert!(!text.contains("17") && !text.contains("cin.xml"), "neither count nor file name: {text}");
}

#[test]
fn what_only_the_file_says_is_not_repeated_in_public() {
    use crate::record::{Lost, Reject};
    let reject = |code: &str, element: &str| Reject {
        name: "cin.xml".into(),
        record: 1,
        line: None,
        dataset: None,
        element: element.into(),
        value: String::new(),
        personal: false,
        code: code.into(),
        message: String::new(),
        lost: Lost::Nothing,
        codes: None,
        times: 1,
    };
    let rejects = [
        reject("unknown-element", "Maisie"),
        reject("unknown-attribute", "Maisie"),
        reject("code-of-another-year", "Disability AUT"),
    ];
    let public = holdings(&framework(), &[], &rejects, &Audience::Publication);
    let text = serde_json::to_string(&public).unwrap();
    assert!(!text.contains("Maisie") && !text.contains("AUT"), "{text}");
    let board = Audience::Board { recipient: "The chair".into(), date: day("2018-07-01") };
    let full = serde_json::to_string(&holdings(&framework(), &[], &rejects, &board)).unwrap();
    assert!(full.contains("Maisie") && full.contains("AUT"), "a board can look for it: {full}");
}

/// A framework whose referrals are sorted by age, and by marks of which a referral may have several.
fn with_breakdowns(mut framework: Framework) -> Framework {
    let breakdown = |id: &str, overlapping, categories: &[&str]| Breakdown {
        name: text(id),
        words: None,
        as_of: None,
        overlapping,
        categories: categories.iter().map(|code| CategoryOf { code: text(code), words: None }).collect(),
        codes: None,
        rules: vec![SortRule { tables: vec![text("referral")], value: name(id) }],
    };
    framework.breakdowns.insert("age".into(), breakdown("age", false, &["0", "1"]));
    framework.breakdowns.insert("marks".into(), breakdown("marks", true, &["x", "y"]));
    framework
}

fn by(mut seen: Observation, values: [&str; 2]) -> Observation {
    seen.by = values.map(Name::from).into();
    seen
}

fn publish_by(framework: &Framework, observations: Vec<Observation>) -> Disclosed {
    let results = Results { by: vec!["age".into(), "marks".into()], ..results(observations) };
    disclose_within(results, framework, &Audience::Publication)
}

#[test]
fn a_cell_that_is_left_of_the_total_is_hidden_with_its_row() {
    let framework =
        with_breakdowns(with(&[("all", Kind::Count, Some(ladder("referral", "date", None, None)))]));
    let rows = |total: u64, young: u64| {
        vec![
            by(figure("all", quarter(0), total, None), ["all", "all"]),
            by(figure("all", quarter(0), young, None), ["0", "all"]),
            by(figure("all", quarter(0), 30, None), ["1", "all"]),
        ]
    };
    assert!(hidden(&publish_by(&framework, rows(70, 40))).is_empty());
    let disclosed = publish_by(&framework, rows(74, 40));
    assert_eq!(hidden(&disclosed), ["all"], "four of no known age are 74 less 40 less 30");
    assert_eq!(disclosed.results().observations.len(), 1, "one line stands for all cells");
    assert_eq!(disclosed.results().observations[0].by.as_slice(), ["all", "all"]);
    assert_eq!(hidden(&publish_by(&framework, rows(33, 3))), ["all"], "and a small cell hides its row");
}

#[test]
fn overlapping_categories_are_no_parts_of_a_total() {
    let framework =
        with_breakdowns(with(&[("all", Kind::Count, Some(ladder("referral", "date", None, None)))]));
    let rows = |x: u64, y: u64| {
        vec![
            by(figure("all", quarter(0), 74, None), ["all", "all"]),
            by(figure("all", quarter(0), x, None), ["all", "x"]),
            by(figure("all", quarter(0), y, None), ["all", "y"]),
        ]
    };
    assert!(
        hidden(&publish_by(&framework, rows(40, 30))).is_empty(),
        "some are both, so that 4 is the number of nothing"
    );
    assert_eq!(hidden(&publish_by(&framework, rows(71, 30))), ["all"], "three are not x");
}

/// The attacker knows every definition, and enumerates every record there could be.
mod attacker {
    use super::*;

    /// A record: quarter, x, y, category.
    type Record = (usize, bool, bool, usize);
    type Rule = fn(&Record) -> bool;
    /// Id, denominator, numerator, and the two as rules.
    type RowOf = (&'static str, Option<&'static str>, Option<&'static str>, Rule, Rule);
    type Dated = (Period, Box<dyn Fn(usize) -> bool>);

    const ROWS: [RowOf; 7] = [
        ("all", None, None, |_| true, |_| true),
        ("x", Some("x"), None, |r| r.1, |_| true),
        ("x-of-all", None, Some("x"), |_| true, |r| r.1),
        ("y-of-all", None, Some("y"), |_| true, |r| r.2),
        ("y-of-x", Some("x"), Some("y"), |r| r.1, |r| r.2),
        ("kinds", None, None, |_| true, |_| true),
        // Of those with x; under the reading also those with y of the last category.
        ("x@wide", Some("x"), None, |r| r.1 || (r.2 && r.3 == 2), |_| true),
    ];

    /// A published count, and which of all possible records it counts.
    struct Published {
        value: i128,
        counts: Vec<bool>,
    }

    fn universe() -> Vec<Record> {
        let mut all = Vec::new();
        for quarter in 0..5 {
            for x in [false, true] {
                for y in [false, true] {
                    all.extend((0..3).map(|category| (quarter, x, y, category)));
                }
            }
        }
        all
    }

    fn council() -> Framework {
        let kind = |id: &str, numerator: Option<&str>| match (id, numerator) {
            ("kinds", _) => Kind::Distribution,
            (_, Some(_)) => Kind::Proportion,
            _ => Kind::Count,
        };
        let rows = ROWS.into_iter().filter(|(id, ..)| !id.contains('@'));
        let rows: Vec<_> = rows
            .map(|(id, below, above, ..)| {
                (id, kind(id, above), Some(ladder("referral", "date", below, above)))
            })
            .collect();
        let mut framework = with(&rows);
        let x = framework.indicators.get_mut("x").unwrap();
        x.readings.push(reading("wide"));
        if let Some(Calculation::Ladder(steps)) = &mut x.calculation {
            let or = |left, right| ExprKind::Binary { operator: Operator::Or, left, right };
            let wide = Expr { kind: ExprKind::Parameter(text("wide")), ..name("x") };
            steps.denominator = Some(Expr { kind: or(Box::new(name("x")), Box::new(wide)), ..name("x") });
        }
        if let Some(Calculation::Ladder(steps)) =
            &mut framework.indicators.get_mut("kinds").unwrap().calculation
        {
            steps.category = Some(name("category"));
        }
        framework
    }

    fn figures(records: &[(Record, u64)]) -> Vec<Observation> {
        let count =
            |rule: &dyn Fn(&Record) -> bool| records.iter().filter(|(r, _)| rule(r)).map(|(_, n)| n).sum();
        let mut seen = Vec::new();
        for (label, dated) in periods() {
            for (id, _, above, population, numerator) in ROWS {
                let below: u64 = count(&|r| dated(r.0) && population(r));
                let inside: u64 = count(&|r| dated(r.0) && population(r) && numerator(r));
                if id == "kinds" {
                    for category in 0..3 {
                        let of = count(&|r| dated(r.0) && r.3 == category);
                        let mut share = figure(id, label, of, Some(below));
                        share.statistic = Statistic::Share;
                        share.category = Some(category.to_string().into());
                        seen.push(share);
                    }
                } else {
                    seen.push(figure(id, label, inside, above.map(|_| below)));
                }
            }
        }
        seen
    }

    fn periods() -> Vec<Dated> {
        let mut all: Vec<Dated> = vec![(year(), Box::new(|quarter| quarter < 4))];
        for number in 0..5 {
            all.push((quarter(number), Box::new(move |quarter| quarter == number)));
        }
        all.push((period("12 months to 30 Jun 2018"), Box::new(|quarter| quarter > 0)));
        all
    }

    /// Tables with breakdowns: totals, ages, marks of which there may be none, one or both, and the two crossed.
    mod broken_down {
        use super::*;

        /// A record, its age, and its marks: 1 for x, 2 for y, 3 for both.
        type Aged = (Record, usize, usize);

        const PERIODS: [usize; 3] = [0, 1, 2];
        const CELLS: [[&str; 2]; 9] = [
            ["all", "all"],
            ["0", "all"],
            ["1", "all"],
            ["all", "x"],
            ["all", "y"],
            ["0", "x"],
            ["0", "y"],
            ["1", "x"],
            ["1", "y"],
        ];

        fn everybody() -> Vec<Aged> {
            let of_two = universe().into_iter().filter(|r| r.0 < 2 && r.3 < 2);
            of_two.flat_map(|record| (0..8).map(move |n| (record, n % 2, n / 2))).collect()
        }

        fn stands_in(cell: [&str; 2], (_, age, marks): &Aged) -> bool {
            let aged = cell[0] == "all" || cell[0] == age.to_string();
            let marked = match cell[1] {
                "x" => marks % 2 == 1,
                "y" => *marks > 1,
                _ => true,
            };
            aged && marked
        }

        /// The year, or one of its first two quarters.
        fn dated(place: usize, record: &Record) -> bool {
            place == 0 || record.0 == place - 1
        }

        fn label(place: usize) -> Period {
            if place == 0 { year() } else { quarter(place - 1) }
        }

        fn figures(records: &[(Aged, u64)]) -> Vec<Observation> {
            let mut seen = Vec::new();
            for (place, cell) in PERIODS.into_iter().flat_map(|place| CELLS.map(|cell| (place, cell))) {
                let count = |rule: &dyn Fn(&Record) -> bool| -> u64 {
                    let inside = |r: &Aged| dated(place, &r.0) && stands_in(cell, r) && rule(&r.0);
                    records.iter().filter(|(r, _)| inside(r)).map(|(_, n)| n).sum()
                };
                for (id, _, above, population, numerator) in ROWS {
                    let below = count(&|r| population(r));
                    if id == "kinds" {
                        for category in 0..2 {
                            let mut share =
                                figure(id, label(place), count(&|r| r.3 == category), Some(below));
                            share.statistic = Statistic::Share;
                            share.category = Some(category.to_string().into());
                            seen.push(by(share, cell));
                        }
                    } else {
                        let inside = count(&|r| population(r) && numerator(r));
                        seen.push(by(figure(id, label(place), inside, above.map(|_| below)), cell));
                    }
                }
            }
            seen
        }

        fn published(disclosed: &Disclosed) -> Vec<Published> {
            let mut counts = Vec::new();
            for seen in &disclosed.results().observations {
                let Outcome::Figure { numerator, denominator, .. } = &seen.cell.outcome else { continue };
                let (.., population, above) = ROWS.iter().find(|row| row.0 == seen.indicator).unwrap();
                let place = PERIODS.into_iter().find(|place| label(*place) == seen.period).unwrap();
                let cell = [seen.by[0].as_str(), seen.by[1].as_str()];
                let category: Option<usize> =
                    seen.category.as_ref().map(|category| category.parse().unwrap());
                let below = |r: &Aged| dated(place, &r.0) && stands_in(cell, r) && population(&r.0);
                let inside =
                    |r: &Aged| below(r) && above(&r.0) && category.is_none_or(|category| category == r.0.3);
                let mut push = |value: &Option<crate::value::Exact>, rule: &dyn Fn(&Aged) -> bool| {
                    if let Some(value) = value {
                        let counted = everybody().iter().map(rule).collect();
                        counts.push(Published { value: value.whole().unwrap(), counts: counted });
                    }
                };
                push(numerator, &inside);
                push(denominator, &below);
            }
            counts
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(8))]
            #[test]
            fn no_published_pair_or_triple_of_cells_gives_a_small_count_away(
                numbers in proptest::collection::vec(prop_oneof![1 => Just(0u64), 9 => 6u64..40, 1 => 0u64..8], 128),
            ) {
                let framework = with_breakdowns(council());
                let records: Vec<(Aged, u64)> = everybody().into_iter().zip(numbers).collect();
                let closed = publish_by(&framework, figures(&records));
                prop_assert_eq!(attack_on(&published(&closed)), None, "hidden: {:?}", closed.hidden());
            }
        }

        #[test]
        fn something_is_left_to_attack_and_nothing_protects_it_unhidden() {
            let framework = with_breakdowns(council());
            let large: Vec<(Aged, u64)> = everybody().into_iter().map(|r| (r, 20)).collect();
            let shown = publish_by(&framework, figures(&large));
            assert_eq!(hidden(&shown), ["x@wide"], "all cells are large; one reading is shown");
            let first = everybody()[1];
            let few = |r: &Aged| match r {
                r if *r == first => 3,
                r => u64::from(r.1 == 0 || r.2 % 2 == 1) * 20,
            };
            let records: Vec<(Aged, u64)> = everybody().into_iter().map(|r| (r, few(&r))).collect();
            let board = Audience::Board { recipient: "The chair".into(), date: day("2018-07-01") };
            let open = Results { by: vec!["age".into(), "marks".into()], ..results(figures(&records)) };
            let open = disclose_within(open, &framework, &board);
            assert!(attack_on(&published(&open)).is_some(), "ages less those marked x");
        }
    }

    /// Every count in the publication, with the records it would count.
    fn published(disclosed: &Disclosed) -> Vec<Published> {
        let mut counts = Vec::new();
        for seen in &disclosed.results().observations {
            let Outcome::Figure { numerator, denominator, .. } = &seen.cell.outcome else { continue };
            let (.., population, above) = ROWS.iter().find(|row| row.0 == seen.indicator).unwrap();
            let periods = periods();
            let (_, dated) = periods.iter().find(|(label, _)| *label == seen.period).unwrap();
            let category: Option<usize> = seen.category.as_ref().map(|category| category.parse().unwrap());
            let below = |r: &Record| dated(r.0) && population(r);
            let inside = |r: &Record| below(r) && above(r) && category.is_none_or(|category| category == r.3);
            let mut push = |value: &Option<crate::value::Exact>, rule: &dyn Fn(&Record) -> bool| {
                if let Some(value) = value {
                    let counted = universe().iter().map(rule).collect();
                    counts.push(Published { value: value.whole().unwrap(), counts: counted });
                }
            };
            push(numerator, &inside);
            push(denominator, &below);
        }
        counts
    }

    /// Whether a signed sum counts each possible record once or not at all, and how many it finds.
    fn finds(terms: &[(&Published, i128)]) -> Option<i128> {
        let total: i128 = terms.iter().map(|(term, sign)| sign * term.value).sum();
        if !SMALL.contains(&total) {
            return None;
        }
        let times = |record: usize| -> i128 {
            terms.iter().filter(|(term, _)| term.counts[record]).map(|(_, sign)| sign).sum()
        };
        let possible = terms.first().map_or(0, |(term, _)| term.counts.len());
        let group = (0..possible).all(|record| (0..=1).contains(&times(record)));
        group.then_some(total)
    }

    fn attack(disclosed: &Disclosed) -> Option<i128> {
        attack_on(&published(disclosed))
    }

    fn attack_on(known: &[Published]) -> Option<i128> {
        for (a, first) in known.iter().enumerate() {
            for (b, second) in known.iter().enumerate() {
                if let Some(found) = finds(&[(first, 1), (second, -1)]) {
                    return Some(found);
                }
                for third in known.iter().skip(b + 1) {
                    if let Some(found) = finds(&[(first, 1), (second, -1), (third, -1)]) {
                        return Some(found);
                    }
                }
                for third in known.iter().skip(a + 1) {
                    if let Some(found) = finds(&[(first, 1), (third, 1), (second, -1)]) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    #[test]
    fn the_attack_itself_finds_something_where_nothing_is_hidden() {
        let records: Vec<(Record, u64)> =
            universe().into_iter().map(|r| (r, if r.1 { 20 } else { 1 })).collect();
        let board = Audience::Board { recipient: "The chair".into(), date: day("2018-07-01") };
        let open = disclose_within(results(figures(&records)), &council(), &board);
        assert!(attack(&open).is_some(), "six children without x in each quarter, three of them with y");
        let closed = publish(&council(), figures(&records));
        assert_eq!(attack(&closed), None, "hidden: {:?}", closed.hidden());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_published_pair_or_triple_gives_a_small_count_away(
            numbers in proptest::collection::vec(prop_oneof![2 => Just(0u64), 3 => 6u64..40, 1 => 0u64..8], 60),
        ) {
            let records: Vec<(Record, u64)> = universe().into_iter().zip(numbers).collect();
            let closed = publish(&council(), figures(&records));
            prop_assert_eq!(attack(&closed), None, "hidden: {:?}", closed.hidden());
        }

        #[test]
        fn disclosing_twice_changes_nothing(numbers in proptest::collection::vec(0u64..30, 60)) {
            let records: Vec<(Record, u64)> = universe().into_iter().zip(numbers).collect();
            let once = publish(&council(), figures(&records));
            let twice = disclose_within(once.results().clone(), &council(), &Audience::Publication);
            prop_assert_eq!(once.results(), twice.results());
        }
    }
}

#[test]
fn two_stocks_and_a_flow_do_not_tell_the_other_flow() {
    let mut open = ladder("referral", "from", None, None);
    if let Calculation::Ladder(steps) = &mut open {
        steps.when = When::Open(text("from"), text("to"));
    }
    let framework = with(&[
        ("open", Kind::Stock, Some(open)),
        ("started", Kind::Count, Some(ladder("referral", "from", None, None))),
        ("ended", Kind::Count, Some(ladder("referral", "to", None, None))),
    ]);
    let of = |open: [u64; 2], started: u64, ended: u64| {
        let seen = vec![
            figure("open", quarter(0), open[0], None),
            figure("open", quarter(1), open[1], None),
            figure("started", quarter(1), started, None),
            figure("ended", quarter(1), ended, None),
        ];
        publish(&framework, seen).hidden().iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(of([43, 48], 5, 0), ["open", "started"], "48 less 43, and none ended: five started");
    assert_eq!(of([43, 50], 9, 2), ["ended", "open"], "43 and nine are two more than 50");
    assert!(of([43, 48], 15, 10).is_empty(), "a growth of five is the size of nothing");
}

#[test]
fn spanned_values_do_not_enter_the_comparison() {
    let elsewhere: Spanned<()> = s(());
    let mut framework = with(&[
        ("all", Kind::Count, Some(ladder("referral", "date", Some("x"), None))),
        ("few", Kind::Proportion, Some(ladder("referral", "date", Some("x"), Some("y")))),
    ]);
    if let Some(Calculation::Ladder(steps)) = &mut framework.indicators.get_mut("few").unwrap().calculation {
        let mut moved = name("x");
        moved.span = crate::diagnostic::Span { start: 40, end: 41, ..elsewhere.span };
        steps.denominator = Some(moved);
    }
    let seen = vec![figure("all", quarter(0), 100, None), figure("few", quarter(0), 50, Some(100))];
    assert!(hidden(&publish(&framework, seen)).is_empty(), "both count the same hundred");
    let seen = vec![figure("all", quarter(0), 100, None), figure("few", quarter(0), 98, Some(105))];
    assert_eq!(hidden(&publish(&framework, seen)), ["few"], "98 of the hundred, wherever it was written");
}
