#![allow(clippy::unwrap_used, reason = "tests may stop")]

use proptest::prelude::*;

use super::fixture::{
    add, agency, dataset, day, framework, indicator, ladder, name, need, profile, relation, s, text,
};
use super::*;
use crate::definition::framework::Area;
use crate::definition::indicator::{
    Calculation, Discontinued, Indicator, Kind, Relation, RelationKind, Supply2010,
};
use crate::record::Profile;
use crate::value::{Datum, Value};

fn today() -> Circumstances {
    Circumstances::on(day("2018-07-01"))
}

fn needs(of: &[(&str, &str, &[&str])]) -> BTreeMap<String, Need> {
    let mut needed: BTreeMap<String, Need> = BTreeMap::new();
    for (indicator, dataset, fields) in of {
        let more = need(&[(dataset, fields)]);
        needed.entry((*indicator).to_owned()).or_insert_with(|| need(&[])).fields.extend(more.fields);
    }
    needed
}

fn analyse(
    framework: &Framework,
    needs: &BTreeMap<String, Need>,
    profiles: &[Profile],
    circumstances: &Circumstances,
) -> GapAnalysis {
    super::analyse(framework, needs, &Arrived::of_profiles(profiles), circumstances)
}

fn one(indicator: Indicator, needed: &[(&str, &str, &[&str])], profiles: &[Profile]) -> Gap {
    let id = indicator.id.value.clone();
    let mut framework = framework();
    framework.datasets.insert("referral".into(), dataset("referral", "cin-census", "council", &["date"]));
    framework
        .datasets
        .insert("section_47".into(), dataset("section_47", "cin-census", "council", &["start"]));
    framework.datasets.insert("restraint".into(), dataset("restraint", "yjb", "yjb", &["date"]));
    framework.agencies.insert("council".into(), agency("council", &[("referral", None)]));
    framework.agencies.insert("police".into(), agency("police", &[("crime", Some("2017-01-01"))]));
    add(&mut framework, indicator);
    analyse(&framework, &needs(needed), profiles, &today()).gaps.remove(&id).unwrap()
}

fn calculated(id: &str) -> Indicator {
    let mut indicator = indicator(id, Kind::Count);
    indicator.calculation = Some(ladder("referral", "date", None, None));
    indicator
}

#[test]
fn a_dataset_that_came_is_available_and_an_absent_module_is_not_a_nil() {
    let cin = profile("cin-census", &[("referral", Some(100), &[("date", 100)]), ("section_47", None, &[])]);
    let have = one(calculated("a"), &[("a", "referral", &["date"])], std::slice::from_ref(&cin));
    assert_eq!((have.headline, have.obstacle), (Headline::Available, None), "everything is here");
    assert!(have.reasons.is_empty() && !have.could_be_had(), "nothing stands in the way: {:?}", have.reasons);

    let lack = one(calculated("b"), &[("b", "section_47", &["start"])], &[cin]);
    assert_eq!(
        lack.reasons,
        [Why::DatasetNotCarried { dataset: "section_47".into() }],
        "the census came without"
    );
    assert_eq!(lack.obstacle, Some(Obstacle::HeldNotYetSupplied), "whoever sent the census holds the module");
    assert_eq!(lack.ask[0].name, "The council", "and can be asked");
}

#[test]
fn data_without_a_calculation_could_be_had() {
    let cin = profile("cin-census", &[("referral", Some(10), &[("date", 10)])]);
    let gap = one(indicator("a", Kind::Count), &[("a", "referral", &["date"])], &[cin]);
    assert_eq!(gap.headline, Headline::Available, "the data is here");
    assert!(gap.could_be_had(), "and only the calculation is wanting");
}

#[test]
fn empty_absent_and_thin_fields_are_told_apart() {
    let cin = profile("cin-census", &[("referral", Some(10), &[("date", 0), ("thin", 8), ("full", 9)])]);
    let gap = one(calculated("a"), &[("a", "referral", &["date", "full", "none", "thin"])], &[cin]);
    let (dataset, field) = (|| "referral".to_owned(), |name: &str| name.to_owned());
    assert_eq!(
        gap.reasons,
        [
            Why::FieldNotCarried { dataset: dataset(), field: field("none") },
            Why::FieldEmpty { dataset: dataset(), field: field("date") },
            Why::FieldIncomplete { dataset: dataset(), field: field("thin"), known: 8, rows: 10 },
        ],
        "nine in ten is enough, eight is a warning, none is a gap"
    );
    assert_eq!(gap.headline, Headline::Partial, "the rest of the table is here");
    assert_eq!(gap.ask[0].fields, ["date", "none"], "a warning is not something to ask for");
}

#[test]
fn the_end_of_an_open_interval_may_be_blank() {
    let mut stock = indicator("a", Kind::Stock);
    let Calculation::Ladder(mut steps) = ladder("referral", "date", None, None) else { unreachable!() };
    steps.when = crate::definition::indicator::When::Open(text("date"), text("end"));
    stock.calculation = Some(Calculation::Ladder(steps));
    let cin = profile("cin-census", &[("referral", Some(10), &[("date", 10), ("end", 0)])]);
    let gap = one(stock, &[("a", "referral", &["date", "end"])], &[cin]);
    assert_eq!(gap.headline, Headline::Available, "ten open cases: {:?}", gap.reasons);
}

#[test]
fn headlines_follow_the_precedence() {
    let mut all = calculated("a");
    all.out_of_scope = Some(text("quality assurance"));
    all.relations.push(relation(RelationKind::ReplacedBy, "b"));
    all.discontinued =
        Some(Discontinued { place: s(()), collection: text("TellUs"), last_period: None, successor: None });
    let headline = |indicator: Indicator| one(indicator, &[("a", "restraint", &["date"])], &[]).headline;
    assert_eq!(headline(all.clone()), Headline::OutOfScope, "scope first");
    all.out_of_scope = None;
    assert_eq!(headline(all.clone()), Headline::Superseded, "then who took its place");
    all.relations.clear();
    assert_eq!(headline(all.clone()), Headline::Discontinued, "then whether it is collected");
    all.relations.push(relation(RelationKind::ProposedToReplace, "b"));
    all.discontinued = None;
    assert_eq!(headline(all), Headline::Gap, "a proposal changes nothing");
}

#[test]
fn the_four_obstacles_are_told_apart() {
    let obstacle = |indicator: Indicator, dataset: &str| {
        one(indicator, &[("a", dataset, &["date"])], &[]).obstacle.unwrap()
    };
    let stated = |word| {
        let mut stated = calculated("a");
        stated.supply_2010 =
            Some(Supply2010 { supply: s(Supply::None), reason: None, obstacle: Some(s(word)) });
        stated
    };
    let lost = stated(Obstacle::NotRecordedAnywhere);
    assert_eq!(
        obstacle(lost.clone(), "referral"),
        Obstacle::HeldNotYetSupplied,
        "a supply that holds beats 2010"
    );
    assert_eq!(
        obstacle(lost.clone(), "crime"),
        Obstacle::NeedsAnAgreement,
        "an agreement that ran out is renewed"
    );
    assert_eq!(
        obstacle(lost, "restraint"),
        Obstacle::NotRecordedAnywhere,
        "otherwise what was found in 2010"
    );
    assert_eq!(obstacle(calculated("a"), "restraint"), Obstacle::NeedsAnAgreement, "a known holder is asked");
    let mut ended = calculated("a");
    ended.discontinued =
        Some(Discontinued { place: s(()), collection: text("TellUs"), last_period: None, successor: None });
    assert_eq!(obstacle(ended, "referral"), Obstacle::NoLongerCollected, "nobody can send what has ended");
}

#[test]
fn what_cannot_occur_here_is_not_a_gap() {
    let mut framework = framework();
    let mut restraint = calculated("a");
    let Some(Calculation::Ladder(steps)) = &mut restraint.calculation else { unreachable!() };
    steps.applies_when = Some(name("secure_establishment"));
    add(&mut framework, restraint);
    let facts = BTreeMap::from([("secure_establishment".to_owned(), s(Datum::Known(Value::Bool(false))))]);
    let area = Area {
        code: text("E1"),
        name: text("E1"),
        level: None,
        parents: Vec::new(),
        aliases: Vec::new(),
        valid_from: None,
        valid_to: None,
        successors: Vec::new(),
        neighbours: Vec::new(),
        facts,
    };
    framework.areas.insert("E1".into(), area);
    let needed = needs(&[("a", "restraint", &["date"])]);
    let headline = |area: Option<&str>| {
        let areas = area.map(str::to_owned).into_iter().collect();
        let circumstances = Circumstances { areas, ..today() };
        analyse(&framework, &needed, &[], &circumstances).gaps["a"].headline
    };
    assert_eq!(headline(Some("E1")), Headline::NotApplicable, "there is no such place here");
    assert_eq!(headline(Some("E2")), Headline::Gap, "an area without facts is taken to apply");
}

#[test]
fn a_similar_entry_stands_beside_and_a_promise_is_a_plan() {
    let mut framework = framework();
    add(&mut framework, calculated("a"));
    let mut wants = calculated("b");
    wants
        .relations
        .push(Relation { loses: Some(text("the date")), ..relation(RelationKind::SimilarTo, "a") });
    add(&mut framework, wants);
    let mut only_similar = calculated("d");
    only_similar.relations.push(relation(RelationKind::SimilarTo, "a"));
    add(&mut framework, only_similar);
    add(&mut framework, calculated("c"));
    let needed = needs(&[
        ("a", "referral", &["date"]),
        ("b", "restraint", &["date"]),
        ("c", "restraint", &["date"]),
        ("d", "crime", &["date"]),
    ]);
    let cin = profile("cin-census", &[("referral", Some(1), &[("date", 1)])]);
    let promised = Promise { dataset: "restraint".into(), holder: "yjb".into(), first_delivery: None };
    let circumstances = Circumstances { promised: vec![promised], ..today() };
    let analysis = analyse(&framework, &needed, &[cin], &circumstances);
    let beside = Proxy { indicator: "a".into(), loses: "the date".into() };
    assert_eq!(analysis.gaps["b"].proxy, Some(beside), "beside it, never in its cell");
    assert_eq!(analysis.gaps["d"].headline, Headline::Gap, "likeness alone makes no substitute");
    assert_eq!(analysis.gaps["b"].headline, Headline::Proxy, "before planned");
    assert_eq!(analysis.gaps["c"].headline, Headline::Planned, "all that is missing is promised");
}

#[test]
fn the_ranking_is_exact() {
    let mut framework = framework();
    for id in ["a", "b", "c", "d"] {
        add(&mut framework, calculated(id));
    }
    let mut ours = calculated("ctx");
    ours.listed[0].list = text("context");
    add(&mut framework, ours);
    framework.datasets.insert("restraint".into(), dataset("restraint", "yjb", "yjb", &["date"]));
    let needed = needs(&[
        ("a", "restraint", &["date"]),
        ("b", "restraint", &["date"]),
        ("b", "crime", &["date"]),
        ("c", "referral", &["date"]),
        ("d", "referral", &["upn"]),
        ("ctx", "restraint", &["date"]),
    ]);
    let cin = profile("cin-census", &[("referral", Some(9), &[("date", 9), ("upn", 0)])]);
    let analysis = analyse(&framework, &needed, &[cin], &today());
    let of = |thing: &Thing| analysis.unlocks.iter().find(|unlock| unlock.thing == *thing).unwrap();
    let restraint = of(&Thing::Dataset { dataset: "restraint".into() });
    assert_eq!(
        (restraint.alone.clone(), restraint.among_others.clone()),
        (vec!["a".into()], vec!["b".into()]),
        "ours is not counted"
    );
    let upn = of(&Thing::Field { dataset: "referral".into(), field: "upn".into() });
    assert_eq!(
        (upn.alone.clone(), upn.ready.clone()),
        (vec!["d".to_owned()], vec!["d".to_owned()]),
        "one field"
    );
    assert_eq!(analysis.entries, 4, "listed entries only");
}

proptest! {
    #[test]
    fn headlines_add_up_and_the_order_of_returns_is_nothing(
        entries in proptest::collection::vec((0u8..6, any::<bool>(), 0u8..4), 1..30),
        rows in proptest::collection::vec(proptest::option::of(0u64..50), 4),
    ) {
        let mut framework = framework();
        let mut wanted = Vec::new();
        let ids: Vec<String> = (0..entries.len()).map(|n| format!("i-{n:02}")).collect();
        let tables = ["t0", "t1", "t2", "t3"];
        for ((state, calculation, table), id) in entries.iter().zip(&ids) {
            let mut entry = if *calculation { calculated(id) } else { indicator(id, Kind::Count) };
            match state {
                0 => entry.out_of_scope = Some(text("out")),
                1 => entry.relations.push(relation(RelationKind::ReplacedBy, "x")),
                2 => entry.discontinued = Some(Discontinued { place: s(()), collection: text("x"), last_period: None, successor: None }),
                3 => entry.relations.push(relation(RelationKind::SimilarTo, &ids[0])),
                _ => {}
            }
            add(&mut framework, entry);
            wanted.push((id.as_str(), tables[usize::from(*table)], &["f"][..]));
        }
        let returns: Vec<Profile> = tables.iter().zip(&rows).map(|(table, rows)| profile("r", &[(table, *rows, &[("f", rows.unwrap_or(0))])])).collect();
        let forward = analyse(&framework, &needs(&wanted), &returns, &today());
        prop_assert_eq!(forward.headlines.values().sum::<usize>(), entries.len());
        let backward: Vec<Profile> = returns.into_iter().rev().collect();
        prop_assert_eq!(&forward, &analyse(&framework, &needs(&wanted), &backward, &today()));
        for unlock in &forward.unlocks {
            prop_assert!(unlock.alone.iter().all(|id| !unlock.among_others.contains(id)));
        }
    }
}
