//! Results are what a plain merge by names gives, whatever the order of the cells.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::period::{Period, Shown};
use crate::result::{
    ALL, CountsUsed, Coverage, Entry, Flag, Flags, Judged, MadeOf, NotReported, Note, Partial, Partials,
    Reason, State,
};
use crate::value::{Name, Names};

const FRAMEWORK: &str = r#"
id = "f"
title = "F"
scope = "all"
[breakdowns.band]
categories = ["low", "high", "a"]
[[breakdowns.band.of]]
tables = ["cases"]
value  = "CASE WHEN flagged THEN 'low' WHEN yes THEN 'high' ELSE 'a' END"
"#;
/// One indicator of each shape of state; the score is never shown for several areas together.
const KINDS: [(&str, &str); 5] = [
    ("b-count", "count"),
    ("a-share", "proportion"),
    ("d-split", "distribution"),
    ("c-score", "score"),
    ("e-words", "narrative"),
];

fn checked() -> Checked {
    let mut files = vec![
        ("framework.toml".to_owned(), FRAMEWORK.to_owned()),
        ("agencies.toml".to_owned(), AGENCIES.to_owned()),
        ("datasets/cases.toml".to_owned(), CASES.to_owned()),
    ];
    files.extend(KINDS.map(|(id, kind)| {
        let polarity = if kind == "score" { "higher" } else { "neutral" };
        let said = format!(
            "id = \"{id}\"\ntitle = \"T\"\nkind = \"{kind}\"\npolarity = \"{polarity}\"\ncycle = \"quarter\"\nholder = \"council\""
        );
        (format!("indicators/{id}.toml"), said)
    }));
    let (framework, unread) = read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (checked, diagnostics) = check(framework);
    checked.unwrap_or_else(|| panic!("{unread:#?} {diagnostics:#?}"))
}

fn states(kind: &str) -> BoxedStrategy<State> {
    let day = |n: u64| chrono::NaiveDate::default() + chrono::Days::new(n);
    match kind {
        "count" => (0u64..9).prop_map(|numerator| State::Counted { numerator, denominator: None }).boxed(),
        "proportion" => (0u64..9, 0u64..9)
            .prop_map(|(above, more)| State::Counted { numerator: above, denominator: Some(above + more) })
            .boxed(),
        "distribution" => {
            proptest::collection::btree_map("[xyz]", 0u64..9, 0..3).prop_map(State::Categories).boxed()
        }
        "score" => (0u64..2, 0i64..4)
            .prop_map(move |(n, score)| State::Latest {
                day: day(n),
                entries: [Entry::Score(score.into())].into(),
            })
            .boxed(),
        _ => (0u64..2, "[ab]")
            .prop_map(move |(n, words)| State::Latest { day: day(n), entries: [Entry::Words(words)].into() })
            .boxed(),
    }
}

fn cells() -> impl Strategy<Value = Partial> {
    let name = |names: &'static [&'static str]| proptest::sample::select(names).prop_map(Name::from);
    (0..KINDS.len()).prop_flat_map(move |of| {
        let (id, kind) = KINDS[of];
        let absent =
            proptest::sample::select(vec![Reason::Undefined, Reason::NotReported(NotReported::NoReturn)]);
        (
            prop_oneof![3 => states(kind), 1 => absent.prop_map(State::Absent)],
            (name(&["A", "B", "C"]), proptest::option::of(name(&["A", "B"]))),
            [name(&["low", "high", "a", "unknown", "all"]), name(&["N", "S", "all"])],
            proptest::sample::select(&["2010-11 Q1", "2010-11 Q2", "2010-11"][..]),
            (0u32..2, 1u32..3, any::<bool>(), 0u64..2),
        )
            .prop_map(
                move |(state, (area, authority), by, period, (reported, expected, marked, unknown))| {
                    Partial {
                        indicator: id.into(),
                        authority,
                        area,
                        by: by.into(),
                        period: period.parse().unwrap(),
                        shown: Shown::default(),
                        state,
                        coverage: Coverage { reported, expected, days: None },
                        judged: Judged { records: unknown, unjudged: 1 },
                        flags: if marked { [Flag::Provisional].into() } else { Flags::new() },
                        notes: if unknown > 0 { [(Note::Unknown, unknown)].into() } else { BTreeMap::new() },
                    }
                },
            )
    })
}

fn partials(partials: Vec<Partial>, by_area: bool) -> Partials {
    let made_of = MadeOf {
        plan: String::new(),
        definitions: BTreeMap::new(),
        data: String::new(),
        calendar: String::new(),
        parameters: BTreeMap::new(),
        readings: BTreeMap::new(),
        library: String::new(),
        joined: Vec::new(),
        counts: CountsUsed::default(),
    };
    Partials { partials, by_area, by: vec!["band".to_owned(), "region".to_owned()], made_of }
}

/// Cells merged by their names, one map for all; each is then finished by itself.
fn plainly(checked: &Checked, of: &Partials) -> Vec<Observation> {
    let areas: BTreeSet<&Name> = of.partials.iter().map(|partial| &partial.area).collect();
    let is_told = |partial: &Partial| partial.indicator == "c-score" || partial.indicator == "e-words";
    let added_up = |partial: &Partial| areas.len() > 1 && !of.by_area && !is_told(partial);
    let mut merged: BTreeMap<(Name, Name, Names, Period), Vec<Partial>> = BTreeMap::new();
    for partial in &of.partials {
        let area = if added_up(partial) { ALL.into() } else { partial.area.clone() };
        let partial = Partial { area: area.clone(), ..partial.clone() };
        let key = (partial.indicator.clone(), area, partial.by.clone(), partial.period);
        merged.entry(key).or_default().push(partial);
    }
    let mut merged: BTreeMap<_, Partial> = merged
        .into_iter()
        .map(|(key, mut all)| {
            if is_told(&all[0]) && all.iter().any(|partial| partial.authority != all[0].authority) {
                for partial in &mut all {
                    let of_one = partials(vec![partial.clone()], true);
                    partial.state = match finish(checked, &of_one).observations.remove(0).cell.outcome {
                        Outcome::Figure { value, numerator: None, .. } => {
                            State::sum(1, value, value.times(&value).unwrap())
                        }
                        Outcome::Figure { .. } => State::Absent(Reason::Refused(
                            "it is told of one authority at a time: ask for it by area".to_owned(),
                        )),
                        Outcome::Absent(reason) => State::Absent(reason),
                    };
                }
            }
            (key, all.into_iter().reduce(Partial::combine).unwrap())
        })
        .collect();
    let is_whole =
        |of: &Partial| matches!(of.state, State::Absent(_)) && of.by.iter().any(|value| value == ALL);
    let wholes: Vec<_> = merged.extract_if(.., |_, partial| is_whole(partial)).collect();
    for (key, whole) in wholes {
        let mut inside = 0;
        for (other, partial) in &mut merged {
            let fits = key.2.iter().zip(&other.2).all(|(whole, part)| whole == ALL || whole == part);
            if fits && (&key.0, &key.1, key.3) == (&other.0, &other.1, other.3) {
                *partial = partial.clone().combine(whole.clone());
                inside += 1;
            }
        }
        if inside == 0 {
            merged.insert(key, whole);
        }
    }
    let bands = ["all", "low", "high", "a", "unknown"];
    let mut observations: Vec<Observation> = merged
        .into_values()
        .flat_map(|partial| finish(checked, &partials(vec![partial], true)).observations)
        .collect();
    observations.sort_by_key(|seen| {
        let band = bands.iter().position(|band| seen.by[0] == *band).unwrap();
        let region = (seen.by[1] != ALL, seen.by[1].clone());
        (seen.indicator.clone(), seen.category.clone(), seen.area.clone(), band, region, seen.period)
    });
    observations
}

proptest! {
    #[test]
    fn results_are_those_of_a_plain_merge(cells in proptest::collection::vec(cells(), 0..30), by_area in any::<bool>()) {
        let checked = checked();
        let given = partials(cells, by_area);
        let found = finish(&checked, &given).observations;
        prop_assert_eq!(&found, &plainly(&checked, &given));
        let mut turned = given;
        turned.partials.reverse();
        prop_assert_eq!(&found, &finish(&checked, &turned).observations, "in any order");
    }
}
