//! Every figure that the files of a region can tell equals what is true of its councils: quarters, financial years
//! and rolling years, from the censuses, the looked-after returns and the registers.
//!
//! The generator decided the truths before it wrote a row, with a calendar of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod council;

use std::collections::{BTreeMap, BTreeSet};

use staysafe::calculate::{calculate, finish};
use staysafe::check::Checked;
use staysafe::definition::indicator::{Cycle, RelationKind};
use staysafe::period::{Period, PeriodKind};
use staysafe::plan::{Request, plan};
use staysafe::result::{Flag, Note, Observation, Outcome, Reason, Results};
use staysafe::value::Exact;
use staysafe_synth::Region;

use council::{Made, Truth};

/// Groups, whose members have the figures, and what a quality assurance function would tell.
const WITHOUT_A_FIGURE: [&str; 5] = ["cs-13", "jd-01", "jd-03", "jd-30", "nsdu-04"];

/// What is compared of a figure: the count, or the counts above and below the line.
fn counts(outcome: &Outcome, truth: &Truth) -> Option<(Exact, Option<Exact>)> {
    let Outcome::Figure { value, numerator, denominator } = outcome else { return None };
    match (truth.denominator.as_str(), truth.category.as_str()) {
        ("", "") => Some((*value, None)),
        ("", _) => Some(((*numerator)?, None)),
        _ => Some(((*numerator)?, Some((*denominator)?))),
    }
}

fn exact(text: &str) -> Exact {
    let digits: i128 = text.replace('.', "").parse().unwrap();
    Exact::new(digits, if text.contains('.') { 100 } else { 1 }).unwrap()
}

/// Every calculation of the framework, for each period of which something is told.
fn figures(checked: &Checked, made: &Made) -> Results {
    let labels: BTreeSet<&str> = made.truths.iter().map(|truth| truth.period.as_str()).collect();
    let periods = labels.into_iter().map(|label| label.parse().unwrap()).collect();
    let plan = plan(checked, &Request { periods, ..Request::default() }).unwrap();
    finish(checked, &calculate(checked, &plan, &made.data).unwrap())
}

/// Every truth that its figure does not equal, in words.
fn differences(results: &Results, made: &Made) -> Vec<String> {
    let mut found: BTreeMap<[String; 4], &Outcome> = BTreeMap::new();
    for seen in &results.observations {
        let category = seen.category.as_deref().unwrap_or("").to_owned();
        found.insert(
            [seen.indicator.to_string(), category, seen.area.to_string(), seen.period.to_string()],
            &seen.cell.outcome,
        );
    }
    let mut differences = Vec::new();
    for truth in &made.truths {
        let key = [&truth.indicator, &truth.category, &truth.area, &truth.period].map(Clone::clone);
        let outcome = found.get(&key);
        let seen = outcome.and_then(|outcome| counts(outcome, truth));
        let below = (!truth.denominator.is_empty()).then(|| exact(&truth.denominator));
        // A share of nothing is no figure, and says so.
        let is_undefined = matches!(outcome, Some(Outcome::Absent(Reason::Undefined)));
        let is_part = truth.denominator == "0" || !truth.category.is_empty();
        if truth.numerator == "0" && is_part && is_undefined {
            continue;
        }
        if seen != Some((exact(&truth.numerator), below)) {
            differences.push(format!("{truth:?}: found {seen:?} {outcome:?}"));
        }
    }
    differences
}

#[test]
fn every_measure_has_its_truths_and_every_figure_equals_them() {
    let checked = council::framework();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut written: BTreeSet<String> = BTreeSet::new();
    let mut related: BTreeMap<String, u64> = BTreeMap::new();
    let mut kinds: BTreeMap<String, BTreeSet<PeriodKind>> = BTreeMap::new();
    // Of 2011 to 2013 there are registers only, among them initial and core assessments.
    for (seed, children, year, areas) in [
        (1, 260, 2026, vec!["887", "805"]),
        (2, 320, 2025, vec!["999"]),
        (3, 300, 2013, vec!["805"]),
        (4, 300, 2011, vec!["805"]),
    ] {
        let areas = areas.into_iter().map(str::to_owned).collect();
        let secure = vec!["887".to_owned()];
        let made = council::made(
            &checked,
            &Region {
                children,
                seed,
                year,
                years: if year == 2011 { 2 } else { 3 },
                areas,
                secure,
                faults: 0,
                annex_a: false,
            },
        );
        let results = figures(&checked, &made);
        for (relation, times) in relations_hold(&checked, &results) {
            *related.entry(relation).or_default() += times;
        }
        let without = without_truth(&results, &made);
        assert!(without.is_empty(), "seed {seed}: figures without a truth: {without:#?}");
        let differences = differences(&results, &made);
        let (wrong, all) = (differences.len(), made.truths.len());
        let some = differences[..wrong.min(40)].join("\n");
        assert!(all > 400 && wrong == 0, "seed {seed}: {wrong} of {all}\n{some}");
        written.extend(made.data.returns.iter().flat_map(|of| of.tables.keys().cloned()));
        for truth in &made.truths {
            let kind = truth.period.parse::<Period>().unwrap().kind();
            kinds.entry(truth.indicator.clone()).or_default().insert(kind);
        }
        told.extend(made.truths.into_iter().map(|truth| truth.indicator));
    }
    let not_written: Vec<&String> =
        checked.framework().datasets.keys().filter(|id| !written.contains(*id)).collect();
    assert!(not_written.is_empty(), "the councils cover every dataset but {not_written:?}");
    for (id, told) in &kinds {
        let cycle = &checked.framework().indicators[id].cycle.value;
        for kind in kinds_of(cycle) {
            assert!(told.contains(kind), "{id}, told by {cycle:?}, has no truth of a {kind:?}: {told:?}");
        }
    }
    for relation in [
        "same-calculation-as",
        "cs-16 NumeratorOf cs-17",
        "cs-15 DenominatorOf cs-17",
        "rev-04 DenominatorOf cs-07",
    ] {
        assert!(related.get(relation).is_some_and(|times| *times > 10), "{relation}: {related:?}");
    }
    let all = checked.framework().indicators.keys();
    let without: Vec<&String> = all.filter(|id| !told.contains(*id)).collect();
    assert_eq!(without, WITHOUT_A_FIGURE, "those that are no figure, and no other");
}

/// The kinds of periods of which a measure has figures of its own: quarters, years and rolling years, unless it is taken once a year.
fn kinds_of(cycle: &Cycle) -> &'static [PeriodKind] {
    match cycle {
        Cycle::AcademicYear => &[PeriodKind::AcademicYear],
        Cycle::CalendarYear => &[PeriodKind::CalendarYear, PeriodKind::Rolling12Months],
        Cycle::FinancialYear | Cycle::Snapshot(_) => {
            &[PeriodKind::FinancialYear, PeriodKind::Rolling12Months]
        }
        _ => &[PeriodKind::Quarter, PeriodKind::FinancialYear, PeriodKind::Rolling12Months],
    }
}

/// What relations say of figures is so wherever both are there. One with a note says in what it is not.
fn relations_hold(checked: &Checked, results: &Results) -> BTreeMap<String, u64> {
    let mut cells: BTreeMap<[String; 3], Vec<&Observation>> = BTreeMap::new();
    for seen in &results.observations {
        let key = [seen.indicator.to_string(), seen.area.to_string(), seen.period.to_string()];
        cells.entry(key).or_default().push(seen);
    }
    let counted = |seen: &Observation| match &seen.cell.outcome {
        Outcome::Figure { value, numerator, denominator } => {
            Some((numerator.unwrap_or(*value), *denominator))
        }
        Outcome::Absent(_) => None,
    };
    let mut held: BTreeMap<String, u64> = BTreeMap::new();
    for ([id, area, period], own) in &cells {
        let indicator = &checked.framework().indicators[id];
        let others = |target: &str| cells.get(&[target.to_owned(), area.clone(), period.clone()]);
        if let Some(other) = &indicator.same_calculation_as {
            let outcomes = |all: &[&Observation]| -> Vec<_> {
                all.iter().map(|seen| (seen.category.clone(), seen.cell.outcome.clone())).collect()
            };
            let other = others(&other.value).unwrap_or_else(|| panic!("{id}: {other:?} was not asked for"));
            assert_eq!(outcomes(own), outcomes(other), "{id} is the same calculation: {area} {period}");
            *held.entry("same-calculation-as".to_owned()).or_default() += 1;
        }
        for relation in indicator.relations.iter().filter(|relation| relation.note.is_none()) {
            let Some([other]) = others(&relation.target.value).map(Vec::as_slice) else { continue };
            let ([own], Some((above, below))) = (&own[..], counted(other)) else { continue };
            let Some((mine, _)) = counted(own) else { continue };
            let aside: u64 = [Note::Unknown, Note::HistoryMissing]
                .iter()
                .filter_map(|note| other.cell.notes.get(note))
                .sum();
            let whole = below.and_then(|below| below.plus(&Exact::from(aside)));
            let (is_so, expected) = match relation.kind.value {
                RelationKind::NumeratorOf => (mine == above, Some(above)),
                // Whoever could not be judged stays below the line, or stands beside the figure.
                RelationKind::DenominatorOf => ([below, whole].contains(&Some(mine)), whole),
                _ => continue,
            };
            let kind = format!("{:?}", relation.kind.value);
            let target = &relation.target.value;
            assert!(is_so, "{id} {kind} {target}, {area} {period}: {mine}, and there {expected:?}");
            *held.entry(format!("{id} {kind} {target}")).or_default() += 1;
        }
    }
    held
}

/// Figures of quarters, financial years and rolling years without a truth, which nobody would notice to be wrong.
/// One that is partly covered says itself that it is not the whole.
fn without_truth(results: &Results, made: &Made) -> BTreeMap<String, Vec<String>> {
    let truths: BTreeSet<(&str, &str, &str)> =
        made.truths.iter().map(|truth| (&*truth.indicator, &*truth.area, &*truth.period)).collect();
    let is_asked = |label: &str| label.contains('-') || label.starts_with("12 months to");
    let labels: BTreeSet<&str> = truths.iter().map(|(_, _, label)| *label).collect();
    let mut without: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for seen in results.observations.iter().filter(|seen| matches!(seen.cell.outcome, Outcome::Figure { .. }))
    {
        let period = seen.period.to_string();
        let is_told = labels.contains(&*period) && is_asked(&period);
        let is_whole = !seen.cell.flags.contains(&Flag::PartlyCovered);
        if is_told && is_whole && !truths.contains(&(&*seen.indicator, &*seen.area, &*period)) {
            without.entry(seen.indicator.to_string()).or_default().push(format!("{} {period}", seen.area));
        }
    }
    without
}

#[test]
fn the_comparison_sees_a_false_figure_and_no_truth_is_empty() {
    let checked = council::framework();
    let of = |seed| council::made(&checked, &Region { children: 1_200, seed, ..Region::default() });
    let (mine, others) = (of(3), of(4));
    let results = figures(&checked, &mine);
    let false_ones = differences(&results, &Made { truths: others.truths, ..mine.clone() });
    assert!(false_ones.len() > mine.truths.len() / 4, "another council's truths are not this one's");
    let mut most: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for truth in &mine.truths {
        let counted: u64 = truth.numerator.replace('.', "").parse().unwrap();
        let most = most.entry((&truth.indicator, &truth.category)).or_default();
        *most = counted.max(*most);
    }
    let empty: Vec<_> = most.into_iter().filter(|(_, most)| *most == 0).collect();
    assert!(empty.is_empty(), "0 in every period proves nothing: {empty:?}");
}

/// A line of the list of planted faults.
#[derive(Debug)]
struct Fault {
    kind: String,
    file: String,
    line: u64,
    column: String,
}

/// What the reader says of a kind of fault; nothing where two rows are compared only when figures are worked out.
fn said(fault: &Fault) -> Option<&'static str> {
    let is_register = fault.file.contains("/registers/");
    Some(match fault.kind.as_str() {
        "duplicate key, identical" if is_register => "duplicate-row",
        "duplicate key, contradictory" if is_register => "duplicate-key",
        "end before start" if is_register => "dates-inverted",
        "duplicate key, identical" | "duplicate key, contradictory" | "end before start" => return None,
        "unmapped code" if fault.column == "multi_agency_plan" => "bad-flag",
        "unmapped code" => "unknown-code",
        "date in wrong order" | "date outside the calendar" => "bad-date",
        "record of an unknown child" => "child-without-header",
        "missing value" => "no-value",
        other => panic!("a kind of fault that no test knows: {other}"),
    })
}

#[test]
fn planted_faults_are_found_each_in_its_line_and_change_no_figure() {
    let checked = council::framework();
    let each = 3;
    let region = Region { children: 300, seed: 6, faults: each, ..Region::default() };
    let made = council::made(&checked, &region);
    let results = figures(&checked, &made);
    let differences = differences(&results, &made);
    assert!(differences.is_empty(), "{}", differences.join("\n"));

    let faults: Vec<Fault> = made
        .faults
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [kind, file, line, column] = cells[..] else { panic!("{line}") };
            Fault { kind: kind.into(), file: file.into(), line: line.parse().unwrap(), column: column.into() }
        })
        .collect();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for fault in &faults {
        *kinds.entry(fault.kind.as_str()).or_default() += 1;
    }
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    assert!(kinds.values().all(|planted| *planted >= each), "a few of each kind: {kinds:?}");

    // Of several alike a reader names the first and says how many.
    let mut wanted: BTreeMap<(&str, &str, &str), (u64, u64)> = BTreeMap::new();
    for fault in &faults {
        if let Some(code) = said(fault) {
            let file = fault
                .file
                .rsplit_once("registers/")
                .map_or_else(|| fault.file.split_once('/').unwrap().1, |(_, name)| name);
            let found = wanted.entry((file, code, fault.column.as_str())).or_insert((fault.line, 0));
            found.1 += 1;
        }
    }
    for ((file, code, column), (line, times)) in &wanted {
        let seen = made.rejects.iter().filter(|reject| {
            reject.name == *file && reject.code == *code && (column.is_empty() || reject.element == *column)
        });
        let seen: Vec<_> = seen.collect();
        let times_seen: u64 = seen.iter().map(|reject| reject.times).sum();
        assert_eq!(times_seen, *times, "{file} {code} {column}: {seen:?}");
        assert!(seen.iter().any(|reject| reject.line == Some(*line)), "{file} line {line}: {seen:?}");
    }
    let said: u64 = wanted.values().map(|(_, times)| times).sum();
    let all: u64 = made.rejects.iter().map(|reject| reject.times).sum();
    assert_eq!(all, said, "and nothing else is found: {:?}", made.rejects);

    // Rows of a national return are held against each other when figures are worked out.
    let joined = results.made_of.joined.iter().find(|table| table.dataset == "episode").unwrap();
    assert_eq!((joined.duplicates, joined.contradictory), (each, each));
}
