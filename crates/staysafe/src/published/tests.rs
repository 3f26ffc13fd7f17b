use proptest::prelude::*;

use super::*;
use crate::value::Exact;

fn place(level: Level, name: &str, region: Option<&str>) -> Place {
    Place { level, code: None, other_code: None, name: name.into(), region: region.map(str::to_owned) }
}

/// A table whose first row is England's, of columns parted by spaces.
fn table(headers: &str, rows: &[(Level, &str)], layout: Layout) -> Published {
    let columns = headers.split(' ').map(|header| Column {
        header: header.into(),
        measure: header.into(),
        period: None,
        place: 1,
    });
    let rows = rows.iter().enumerate().map(|(line, (level, cells))| Row {
        line: line as u64 + 2,
        place: place(level.clone(), &format!("place {line}"), None),
        period: None,
        filters: vec![],
        cells: cells.split(' ').map(|cell| Supplied::read(cell, Convention::Older)).collect(),
    });
    Published {
        name: "t".into(),
        convention: Convention::Older,
        filters: vec![],
        columns: columns.collect(),
        rows: rows.collect(),
        layout,
    }
}

fn percentage(rounded_to: u64) -> Layout {
    let term = |column: &str| Term { column: column.into(), ..Term::default() };
    Layout {
        share: vec![Share {
            value: term("pct"),
            numerator: term("above"),
            denominator: term("below"),
            per: 100,
        }],
        rounding: vec![Rounding {
            level: None,
            columns: vec![],
            above: None,
            to: rounded_to,
            exact: rounded_to == 1,
        }],
        ..Layout::default()
    }
}

fn outcomes(table: &Published) -> Vec<Agreement> {
    recompute(table).comparisons.into_iter().map(|one| one.agreement).collect()
}

#[test]
fn each_reason_why_nobody_can_say() {
    use Agreement::{Agrees, Cannot, Differs};
    let nation = Level::National;
    for (cells, expected) in [
        ("50 100 50", Agrees),
        ("50 100 51", Differs),
        ("1 3 33", Agrees),
        ("1 3 34", Differs),
        ("x 100 3", Cannot(Why::SuppressedPart(1))),
        ("50 x 50", Cannot(Why::SuppressedPart(1))),
        ("<5 10 60", Differs),
        ("<5 10 40", Cannot(Why::SuppressedPart(1))),
        ("50 100 x", Cannot(Why::NotPublished(Withheld::Suppressed))),
        ("50 .. 50", Cannot(Why::WithheldPart(Withheld::NotAvailable))),
        ("5O 100 50", Cannot(Why::RejectedPart)),
        ("0 0 0", Cannot(Why::Undefined)),
        ("0 10 0", Agrees),
    ] {
        assert_eq!(
            outcomes(&table("above below pct", &[(nation.clone(), cells)], percentage(1))),
            [expected],
            "{cells}"
        );
    }
}

#[test]
fn rounded_counts_leave_room() {
    use Agreement::{Agrees, AgreesWithinRounding, Cannot, Differs};
    for (cells, expected) in [
        ("510 1000 51", Agrees),
        ("510 1000 52", AgreesWithinRounding),
        ("510 1000 53", Differs),
        ("10 20 30", Cannot(Why::RoundedTooFar)),
        ("10 20 50", Agrees),
    ] {
        assert_eq!(
            outcomes(&table("above below pct", &[(Level::Regional, cells)], percentage(10))),
            [expected],
            "{cells}"
        );
    }
}

#[test]
fn rounding_is_told_by_the_figures_of_its_level() {
    let rows: Vec<(Level, &str)> = vec![
        (Level::National, "12340 98760 12.5"),
        (Level::Regional, "120 1000 12"),
        (Level::Regional, "130 1000 13"),
        (Level::Regional, "210 1000 21"),
        (Level::Regional, "330 1000 33"),
        (Level::Regional, "170 1000 17.4"),
        (Level::LocalAuthority, "17 101 17.4"),
    ];
    let mut layout = percentage(1);
    layout.rounding.clear();
    let found = outcomes(&table("above below pct", &rows, layout));
    assert_eq!(found[5], Agreement::AgreesWithinRounding, "170 may be 174: the regions' counts are all tens");
    assert_eq!(found[6], Agreement::Differs, "17 of 101 is 16.8: the authorities' counts are exact");
}

#[test]
fn a_total_over_suppressed_parts_is_never_whole() {
    let layout = Layout {
        total: vec![Total { total: "all".into(), parts: vec!["a".into(), "b".into()], level: None }],
        rounding: vec![Rounding { level: None, columns: vec![], above: None, to: 1, exact: true }],
        ..Layout::default()
    };
    let local = Level::LocalAuthority;
    let rows =
        [(local.clone(), "7 3 4"), (local.clone(), "7 x 4"), (local.clone(), "7 x 8"), (local, "7 3 5")];
    let again = recompute(&table("all a b", &rows, layout));
    let found: Vec<_> =
        again.comparisons.iter().map(|one| (one.from_parts.is_some(), one.agreement.code())).collect();
    assert_eq!(found, [(true, "agrees"), (false, "cannot-tell"), (false, "differs"), (true, "differs")]);
    assert_eq!(again.comparisons[1].between.unwrap().least, Exact::from(4_u64), "at least what is known");
}

#[test]
fn areas_add_up_and_london_is_not_counted_twice() {
    let layout = Layout { adds_up: vec!["n".into()], ..Layout::default() };
    let mut table = table(
        "n",
        &[
            (Level::National, "13"),
            (Level::Regional, "6"),
            (Level::Regional, "2"),
            (Level::Regional, "4"),
            (Level::Regional, "7"),
            (Level::LocalAuthority, "2"),
            (Level::LocalAuthority, "4"),
            (Level::LocalAuthority, "7"),
        ],
        layout,
    );
    for (row, (name, region)) in table.rows.iter_mut().zip([
        ("England", None),
        ("London", None),
        ("Inner London", None),
        ("Outer London", None),
        ("North East", None),
        ("Camden", Some("E13000001")),
        ("Bexley", Some("E13000002")),
        ("Gateshead", Some("North East")),
    ]) {
        row.place = place(row.place.level.clone(), name, region);
    }
    let again = recompute(&table);
    assert!(again.comparisons.iter().all(|one| one.agreement == Agreement::Agrees), "{again:#?}");
    let regions: Vec<&str> = again.comparisons.iter().map(|one| one.place.name.as_str()).collect();
    assert_eq!(regions, ["England", "England", "London", "North East"]);
}

#[test]
fn a_rate_without_parts_says_so() {
    let again = recompute(&table("score_rate", &[(Level::National, "12.5")], Layout::default()));
    assert_eq!(again.rules[0].basis, Basis::Nobody);
    assert_eq!(again.comparisons[0].agreement, Agreement::Cannot(Why::NoDenominator));
}

#[test]
fn figures_alone_tell_a_pair_only_where_nearly_all_are_it() {
    let share = |n: u32| Exact::new(i128::from(n) * 300, i128::from(100 + n)).unwrap().to_places(0);
    let cells: Vec<String> = (1..=20_u32).map(|n| format!("{} {} {}", n * 3, 100 + n, share(n))).collect();
    let rows: Vec<(Level, &str)> =
        cells.iter().map(|cells| (Level::LocalAuthority, cells.as_str())).collect();
    let again = recompute(&table("kept seen timely_pct", &rows, Layout::default()));
    assert_eq!(
        (again.rules[0].text.as_str(), again.rules[0].basis),
        ("timely_pct = kept ÷ seen × 100", Basis::Figures)
    );
    let few = recompute(&table("kept seen timely_pct", &rows[..5], Layout::default()));
    assert_eq!(few.rules[0].basis, Basis::Nobody);
}

proptest! {
    /// Whatever the counts were before they were rounded, their true percentage never differs.
    #[test]
    fn what_is_true_never_differs(above in 0u64..5000, more in 0u64..5000, step in prop_oneof![Just(1u64), Just(5), Just(10), Just(100)]) {
        let below = above + more;
        prop_assume!(below > 0);
        let round = |count: u64| (count + step / 2) / step * step;
        let pct = Exact::new(i128::from(above) * 100, i128::from(below)).unwrap().to_places(1);
        let cells = format!("{} {} {pct}", round(above), round(below));
        for agreement in outcomes(&table("above below pct", &[(Level::National, &cells)], percentage(step))) {
            prop_assert_ne!(agreement, Agreement::Differs, "{}", cells);
        }
    }

    /// Sums of rounded parts hold the true sum.
    #[test]
    fn a_true_total_never_differs(parts in proptest::collection::vec(0u64..400, 1..6), step in prop_oneof![Just(1u64), Just(5), Just(10)]) {
        let round = |count: u64| (count + step / 2) / step * step;
        let names: Vec<String> = (0..parts.len()).map(|n| format!("p{n}")).collect();
        let shown: Vec<String> = parts.iter().map(|part| round(*part).to_string()).collect();
        let layout = Layout { total: vec![Total { total: "all".into(), parts: names.clone(), level: None }], ..percentage(step) };
        let cells = format!("{} {}", round(parts.iter().sum()), shown.join(" "));
        let table = table(&format!("all {}", names.join(" ")), &[(Level::National, &cells)], Layout { share: vec![], ..layout });
        prop_assert_ne!(&outcomes(&table)[0], &Agreement::Differs);
    }
}
