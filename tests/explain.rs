//! How a plan is counted, told from what the engine itself would read.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod council;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use staysafe::calculate::finish;
use staysafe::check::Checked;
use staysafe::plan::{Plan, Request, plan};
use staysafe::record::Data;
use staysafe::result::Outcome;
use staysafe_arrow::{Explained, Loading, Reading, calculate, explain, explain_loaded};
use staysafe_synth::Region;

fn planned(checked: &Checked, indicators: &[&str], periods: &[&str], by: &[&str]) -> Plan {
    let all = |of: &[&str]| of.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
    let request = Request {
        indicators: all(indicators),
        periods: periods.iter().map(|period| period.parse().unwrap()).collect(),
        by: all(by),
        ..Request::default()
    };
    plan(checked, &request).unwrap()
}

fn readings<'e>(of: &'e Explained, indicator: &str) -> Vec<&'e Reading> {
    of.readings.iter().filter(|reading| reading.indicators.contains(indicator)).collect()
}

/// Two councils with everything there is, made once.
static REGION: LazyLock<Data> = LazyLock::new(|| {
    let checked = council::framework();
    let areas = ["887", "805"].map(str::to_owned).to_vec();
    let secure = vec!["887".to_owned()];
    council::made(&checked, &Region { children: 150, seed: 7, areas, secure, ..Region::default() }).data
});

#[test]
fn whatever_has_a_figure_has_its_reading_and_nothing_else_has_one() {
    let (checked, data) = (council::framework(), &*REGION);
    let plan = planned(&checked, &[], &["2023-24 Q2", "2023-24"], &["area"]);
    let found = finish(&checked, &calculate(&checked, &plan, data).unwrap());
    let counted: BTreeSet<&str> = (found.observations.iter())
        .filter(|seen| matches!(seen.cell.outcome, Outcome::Figure { .. }))
        .map(|seen| seen.indicator.as_str())
        .collect();
    let told = explain(&checked, &plan, data).unwrap();
    let mut read: BTreeSet<&str> =
        told.readings.iter().flat_map(|of| &of.indicators).map(String::as_str).collect();
    read.extend(told.totals.iter().map(|total| total.indicator.as_str()));
    assert!(counted.len() > 80, "{counted:?}");
    let without: Vec<&&str> = counted.difference(&read).filter(|id| !only_counted(data, id)).collect();
    assert_eq!(without, Vec::<&&str>::new(), "figures that no reading is for");
    let all: BTreeSet<&str> = plan.indicators().iter().map(|planned| planned.id.as_str()).collect();
    let rest: BTreeSet<&str> = told.without.iter().map(String::as_str).collect();
    assert_eq!(all.difference(&read).copied().collect::<BTreeSet<_>>(), rest);
    assert!(rest.contains("cs-13") && rest.contains("jd-30"), "a heading, and what is out of scope");
}

/// Whether a figure may come of a partner's counts.
fn only_counted(data: &Data, id: &str) -> bool {
    let counts = data.returns.iter().filter_map(|of| of.tables.get("partner_count"));
    counts.flat_map(|table| &table.rows).any(|row| format!("{row:?}").contains(id))
}

#[test]
fn what_can_be_asked_in_one_reading_shares_it_and_what_is_counted_otherwise_does_not() {
    let checked = council::framework();
    let ids = ["ctx-referrals", "ctx-nfa", "cs-15", "cs-16", "ctx-plans-open-episodes", "cs-07"];
    let plan = planned(&checked, &ids, &["2023-24 Q1", "2023-24"], &[]);
    let told = explain(&checked, &plan, &Data::default()).unwrap();
    assert_eq!(readings(&told, "ctx-referrals"), readings(&told, "ctx-nfa"));
    assert_eq!(readings(&told, "cs-15"), readings(&told, "cs-16"), "both count children of the day");
    let [plans] = readings(&told, "cs-16")[..] else { panic!("{told}") };
    assert_eq!(
        (plans.dates.join(" "), plans.distinct.join(" ")),
        ("plan_start plan_end".into(), "child".into())
    );
    assert_eq!(
        plans.columns["child"].iter().map(String::as_str).collect::<Vec<_>>(),
        ["child", "ethnicity"],
        "by its link"
    );
    let [episodes] = readings(&told, "ctx-plans-open-episodes")[..] else { panic!("{told}") };
    assert_eq!((episodes.indicators.len(), episodes.distinct.len()), (1, 0), "rows, not children");
    assert_eq!(readings(&told, "cs-07")[0].dates, ["plan_start"], "by another date");
    assert!(!told.has_returns && told.tables.iter().all(|table| table.rows == 0));
    assert_eq!(told.to_string(), explain(&checked, &plan, &Data::default()).unwrap().to_string());
}

#[test]
fn readings_do_not_grow_with_periods_nor_with_authorities() {
    let (checked, data) = (council::framework(), &*REGION);
    let ids = ["cs-14", "cs-15", "ctx-referrals", "ctx-closures", "rev-04"];
    let of =
        |periods: &[&str]| explain(&checked, &planned(&checked, &ids, periods, &["area"]), data).unwrap();
    let few = of(&["2023-24 Q1"]);
    let many = of(&["2023-24 Q1", "2023-24 Q2", "2023-24 Q3", "2023-24 Q4", "2024-25 Q1", "2023-24"]);
    assert_eq!(few.readings.len(), many.readings.len(), "{few}{many}");
    assert!(many.readings.iter().all(|of| of.periods == 6 && of.times == 1 && of.authorities == 2), "{many}");
    let rows = |dataset: &str| {
        data.returns
            .iter()
            .filter_map(|of| of.tables.get(dataset))
            .map(|table| table.rows.len())
            .sum::<usize>()
    };
    let referrals = readings(&many, "ctx-referrals")[0].rows;
    assert!(0 < referrals && referrals <= rows("referral"), "those of both, each once: {referrals}");
    let lying = many.tables.iter().find(|table| table.table == "referral").unwrap();
    assert_eq!(lying.rows, referrals);
    assert!(many.in_columns() > 0 && many.beside > 0);
    assert!(many.to_string().contains("memory: "), "{many}");
}

#[test]
fn of_columns_that_were_loaded_it_tells_the_same() {
    let checked = council::framework();
    let data = Data {
        returns: (REGION.returns.iter())
            .filter(|of| of.kind != "cin-census" && of.kind != "ssda903")
            .cloned()
            .collect(),
    };
    let plan = planned(&checked, &["jd-25", "jd-27", "rev-06", "jd-14", "jd-17"], &["2023-24 Q2"], &["area"]);
    let mut loading = Loading::new(checked.framework());
    for of in &data.returns {
        loading.add(of).unwrap();
    }
    let loaded = loading.finish().unwrap();
    let told = explain_loaded(&checked, &plan, &loaded).unwrap();
    assert_eq!(told.to_string(), explain(&checked, &plan, &data).unwrap().to_string());
    assert_eq!(
        told.totals.iter().map(|total| total.table.as_str()).collect::<Vec<_>>(),
        ["allocation", "workforce"]
    );
}
