//! With only a children in need census: what every listed measure's status is, held to a table written by hand.
//!
//! `cin_only.tsv` was written from the survey of the shapes of real records (its part d8: which shapes feed which
//! measures) and from reading what each definition needs; never from what the library says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::gap::{Arrived, Circumstances, Gap, GapAnalysis, Headline, Supply, Thing, gap};
use staysafe::record::Data;
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};

fn framework() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    check(framework).0.unwrap()
}

fn with_a_census(checked: &Checked) -> GapAnalysis {
    let mut file = Vec::new();
    council(&Options { children: 300, ..Options::default() }, &mut file).unwrap();
    let census = read_census("cin.xml", &file[..], &ReadOptions::default()).unwrap();
    let data = Data { returns: vec![census.data] };
    let arrived = Arrived::of(checked, &data, &[]).unwrap();
    gap(checked, &arrived, &Circumstances::on("2026-07-01".parse().unwrap()))
}

/// The measures with the status and the missing datasets that the table gives them.
fn by_hand() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let rows = include_str!("cin_only.tsv").lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| {
        let missing = row[2].split(',').filter(|dataset| *dataset != "-").map(str::to_owned).collect();
        (row[0].to_owned(), (row[1].to_owned(), missing))
    })
    .collect()
}

/// The datasets that an entry lacks; a heading lacks what its members do.
fn missing(checked: &Checked, analysis: &GapAnalysis, gap: &Gap) -> BTreeSet<String> {
    let members =
        checked.framework().indicators.values().filter(|indicator| {
            indicator.parent.as_ref().is_some_and(|parent| parent.value == gap.indicator)
        });
    let members: Vec<&Gap> = members.map(|member| &analysis.gaps[&member.id.value]).collect();
    let of = if members.is_empty() { vec![gap] } else { members };
    of.iter().flat_map(|gap| &gap.ask).map(|ask| ask.dataset.clone()).collect()
}

#[test]
fn every_status_is_that_of_the_table() {
    let checked = framework();
    let analysis = with_a_census(&checked);
    let by_hand = by_hand();
    assert_eq!(by_hand.len(), 74, "every measure that is no heading alone");
    let mut differ = Vec::new();
    for (id, expected) in &by_hand {
        let gap = &analysis.gaps[id];
        let supply = match gap.supply {
            Supply::Available => "available",
            Supply::Partial => "partial",
            Supply::None => "none",
        };
        let found = (supply.to_owned(), missing(&checked, &analysis, gap));
        if found != *expected {
            differ.push(format!("{id}: by hand {expected:?}, computed {found:?}"));
        }
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
    let headings: Vec<&str> = analysis
        .gaps
        .values()
        .filter(|gap| gap.listed && !by_hand.contains_key(&gap.indicator))
        .map(|gap| gap.indicator.as_str())
        .collect();
    assert_eq!(headings, ["jd-01", "jd-03"], "the table lacks two headings and nothing else");
}

#[test]
fn what_the_factors_can_stand_in_for_is_said_with_what_is_lost() {
    let analysis = with_a_census(&framework());
    let proxies: BTreeMap<&str, &str> = analysis
        .gaps
        .values()
        .filter_map(|gap| Some((gap.indicator.as_str(), gap.proxy.as_ref()?)))
        .map(|(id, proxy)| {
            assert!(!proxy.loses.is_empty(), "{id} says what is lost");
            (id, proxy.indicator.as_str())
        })
        .collect();
    assert_eq!(proxies["jd-11"], "ctx-factor-domestic-abuse");
    assert_eq!(proxies["jd-09"], "ctx-factor-exploitation");
    assert_eq!(analysis.gaps["jd-11"].headline, Headline::Proxy);
    assert_eq!(analysis.gaps["jd-11"].supply, Supply::None, "never in its own cell");
}

#[test]
fn what_would_unlock_most_is_what_a_reader_of_the_table_would_ask_for() {
    let checked = framework();
    let analysis = with_a_census(&checked);
    let closed = |gap: &Gap| {
        !matches!(gap.headline, Headline::Partial | Headline::Proxy | Headline::Planned | Headline::Gap)
    };
    let open: BTreeMap<String, BTreeSet<String>> = by_hand()
        .into_iter()
        .filter(|(id, _)| !closed(&analysis.gaps[id]))
        .map(|(id, (_, missing))| (id, missing))
        .filter(|(id, _)| analysis.gaps[id].status.supply().is_some() && !analysis.gaps[id].ask.is_empty())
        .collect();
    // Counted again from the table, dataset by dataset and for every pair and triple.
    let unlocked = |chosen: &[&String]| {
        open.values().filter(|missing| missing.iter().all(|dataset| chosen.contains(&dataset))).count()
    };
    let datasets: BTreeSet<&String> = open.values().flatten().collect();
    let datasets: Vec<&String> = datasets.into_iter().collect();
    for unlock in &analysis.unlocks {
        if let Thing::Dataset { dataset } = &unlock.thing {
            assert_eq!(unlock.alone.len(), unlocked(&[dataset]), "{dataset}");
        }
    }
    let mut best = (0, 0);
    for (a, first) in datasets.iter().enumerate() {
        for (b, second) in datasets.iter().enumerate().skip(a + 1) {
            best.0 = best.0.max(unlocked(&[first, second]));
            for third in datasets.iter().skip(b + 1) {
                best.1 = best.1.max(unlocked(&[first, second, third]));
            }
        }
    }
    let of_data = |size: usize| {
        analysis
            .bundles
            .iter()
            .find(|bundle| {
                bundle.things.len() == size
                    && bundle
                        .things
                        .iter()
                        .all(|thing| matches!(thing, Thing::Dataset { .. } | Thing::Field { .. }))
            })
            .unwrap()
    };
    assert_eq!((of_data(2).unlocks.len(), of_data(3).unlocks.len()), best);
    assert!(of_data(2).exact && of_data(3).exact);
}
