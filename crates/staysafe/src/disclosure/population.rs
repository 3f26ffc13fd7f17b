//! Which records a published count counts, as far as definitions tell.
//!
//! A population is described by its table, its date rule, the days it is dated in, its area and the
//! conditions its records satisfy. That is enough to prove that one lies inside another or that two have
//! no record in common; where neither can be proved, nothing follows from subtracting them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::definition::breakdown::ALL;
use crate::definition::derived::StepKind;
use crate::definition::framework::Framework;
use crate::definition::indicator::{
    Calculation, Indicator, Kind, Ladder, Measure, NumeratorUnknown, Total, TwoTotals, When,
};
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::period::Period;
use crate::result::{Observation, Outcome, Statistic};
use crate::value::Exact;

/// A published count and what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) indicator: String,
    /// Table and date rule: counts of two families say nothing about each other.
    pub(super) family: String,
    /// Of a stock, the families of its starts and of its ends.
    pub(super) flows: Option<(String, String)>,
    /// Conditions that all its records satisfy.
    pub(super) conditions: Conditions,
    /// The area and everything above it.
    pub(super) areas: BTreeSet<String>,
    pub(super) area: String,
    /// First day, and the day after the last.
    pub(super) first: NaiveDate,
    pub(super) next: NaiveDate,
    pub(super) value: i128,
}

/// Conditions that all records of a population satisfy.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Conditions {
    /// Each clause of a conjunction, in canonical form.
    clauses: BTreeSet<String>,
    /// Whole predicates that hold, to be set against those that do not.
    whole: BTreeSet<String>,
    /// Whole predicates that do not hold.
    not: BTreeSet<String>,
    /// Categories, by what they are categories of: of a distribution, of breakdowns that leave nobody out and nobody in
    /// two, of levels of areas.
    categories: BTreeMap<String, String>,
}

impl Conditions {
    /// Whether every record of this population also satisfies the conditions of the other.
    pub(super) fn lie_within(&self, other: &Self) -> bool {
        let categories =
            other.categories.iter().all(|(of, category)| self.categories.get(of) == Some(category));
        categories && other.clauses.is_subset(&self.clauses) && other.not.is_subset(&self.not)
    }

    /// Whether no record can satisfy both.
    pub(super) fn exclude(&self, other: &Self) -> bool {
        let differs = |(of, category): (&String, &String)| {
            other.categories.get(of).is_some_and(|theirs| theirs != category)
        };
        self.categories.iter().any(differs)
            || !self.whole.is_disjoint(&other.not)
            || !other.whole.is_disjoint(&self.not)
    }

    /// What these conditions sort by and the others do not, and the conditions without it.
    pub(super) fn beyond(&self, other: &Self) -> (BTreeSet<String>, Self) {
        let extra: BTreeSet<String> =
            self.categories.keys().filter(|of| !other.categories.contains_key(*of)).cloned().collect();
        let mut bare = self.clone();
        bare.categories.retain(|of, _| !extra.contains(of));
        (extra, bare)
    }

    /// The conditions of one category of each of these.
    fn sorted(mut self, by: &[Sorted]) -> Self {
        for sorted in by {
            if sorted.overlapping {
                self.clauses.insert(format!("{} {}", sorted.of, sorted.category));
            } else {
                self.categories.insert(sorted.of.clone(), sorted.category.clone());
            }
        }
        self
    }

    fn and(mut self, expr: Option<&Expr>, clocks: &str) -> Self {
        if let Some(expr) = expr {
            split(expr, clocks, &mut self.clauses);
            self.whole.insert(canonical(expr, clocks));
        }
        self
    }

    fn and_not(mut self, expr: Option<&Expr>, clocks: &str) -> Self {
        self.not.extend(expr.map(|expr| canonical(expr, clocks)));
        self
    }

    fn and_known(mut self, expr: Option<&Expr>, clocks: &str) -> Self {
        self.clauses.extend(expr.map(|expr| format!("known {}", canonical(expr, clocks))));
        self
    }
}

/// A category that a row stands in.
struct Sorted {
    of: String,
    category: String,
    /// Whether a record may be in other categories as well: they are no parts of a total.
    overlapping: bool,
}

/// The categories that a row stands in, by what sorts the records of a table. Levels of areas sort too.
fn sorted(framework: &Framework, table: &str, seen: &Observation, by: &[String]) -> Vec<Sorted> {
    by.iter()
        .zip(&seen.by)
        .filter(|(_, category)| *category != ALL)
        .map(|(name, category)| {
            let breakdown = framework.breakdowns.get(name);
            let rule = breakdown.and_then(|breakdown| breakdown.rule(framework, table));
            Sorted {
                // A distribution over the same expression sorts alike.
                of: rule.map_or_else(|| format!("by {name}"), |rule| canonical(&rule.value, "")),
                category: category.to_string(),
                overlapping: breakdown.is_some_and(|breakdown| breakdown.overlapping),
            }
        })
        .collect()
}

/// One side of a figure: its family and conditions.
#[derive(Clone)]
struct Side {
    family: String,
    conditions: Conditions,
    /// A stock counts what is open on the last day of the period: the families of its starts and ends.
    flows: Option<(String, String)>,
}

impl Side {
    /// The side as a second reading counts it. What its parameters may change is of this reading alone; all else says
    /// what it says of the indicator.
    fn read_by(mut self, framework: &Framework, id: &str) -> Self {
        let derived = framework.derived.values().map(|table| format!("table {}", table.id.value));
        let derived: BTreeSet<String> = derived.collect();
        let to_derived = framework.datasets.values().flat_map(|dataset| &dataset.links);
        let to_derived: Vec<String> = to_derived
            .filter(|link| framework.derived.contains_key(&link.to.value))
            .map(|link| format!("\"{}\"", link.name.value))
            .collect();
        let may_differ = |clause: &String| {
            clause.contains("arameter")
                || derived.contains(clause)
                || to_derived.iter().any(|link| clause.contains(link))
        };
        let own = |clauses: BTreeSet<String>| -> BTreeSet<String> {
            let named =
                |clause: String| if may_differ(&clause) { format!("{clause} @ {id}") } else { clause };
            clauses.into_iter().map(named).collect()
        };
        let Conditions { clauses, whole, not, categories } = self.conditions;
        let categories = categories.into_iter();
        let categories = categories.map(|(of, to)| (own([of.clone()].into()).pop_first().unwrap_or(of), to));
        self.conditions = Conditions {
            categories: categories.collect(),
            clauses: own(clauses),
            whole: own(whole),
            not: own(not),
        };
        let of_table = |family: &str| {
            let table = family.split(' ').next().unwrap_or_default();
            if framework.derived.contains_key(table) { format!("{family} @ {id}") } else { family.to_owned() }
        };
        self.family = of_table(&self.family);
        self.flows = self.flows.map(|(start, end)| (of_table(&start), of_table(&end)));
        self
    }
}

/// Every count that the observations publish.
pub(super) fn counted(framework: &Framework, observations: &[&Observation], by: &[String]) -> Vec<Counted> {
    observations.iter().flat_map(|seen| of_observation(framework, seen, by)).collect()
}

fn of_observation(framework: &Framework, seen: &Observation, by: &[String]) -> Vec<Counted> {
    let Outcome::Figure { value, numerator, denominator } = &seen.cell.outcome else { return Vec::new() };
    let Some((indicator, reading)) = framework.named(&seen.indicator) else { return Vec::new() };
    let Some((owner, calculation)) = calculation(framework, indicator, &seen.period) else {
        return Vec::new();
    };
    let (above, below) = match calculation {
        Calculation::Ladder(ladder) => ladder_sides(framework, owner, ladder, seen, by),
        Calculation::TwoTotals(totals) => total_sides(framework, owner, totals, seen, by),
    };
    let above_the_line = numerator.or_else(|| (seen.statistic == Statistic::Count).then_some(*value));
    [(above, above_the_line), (below, *denominator)]
        .into_iter()
        .filter_map(|(side, count)| Some((side?, whole(count)?)))
        .flat_map(|(side, count)| {
            // A reading counts almost whom its indicator counts: it is compared as that and as itself.
            let own = reading.map(|_| side.clone().read_by(framework, &seen.indicator));
            let sides: Vec<Side> = std::iter::once(side).chain(own).collect();
            sides.into_iter().map(move |side| count_of(framework, seen, side, count))
        })
        .collect()
}

fn whole(count: Option<Exact>) -> Option<i128> {
    count.and_then(|count| count.whole())
}

fn count_of(framework: &Framework, seen: &Observation, side: Side, value: i128) -> Counted {
    let last = seen.period.last_day();
    let first = if side.flows.is_some() { last } else { seen.period.first_day() };
    let covered = seen.cell.coverage.days.filter(|_| side.flows.is_none());
    let (first, last) = covered.map_or((first, last), |days| (first.max(days.first), last.min(days.last)));
    Counted {
        indicator: seen.indicator.to_string(),
        family: side.family,
        flows: side.flows,
        conditions: side.conditions,
        areas: with_parents(framework, &seen.area, seen.period.last_day()),
        area: seen.area.to_string(),
        first,
        next: last.succ_opt().unwrap_or(last),
        value,
    }
}

/// The area and all areas that contain it; `all` is above every area and has none above it.
fn with_parents(framework: &Framework, area: &str, day: NaiveDate) -> BTreeSet<String> {
    let above = framework.areas_above(area, day).into_iter().map(|above| above.code.value.clone());
    [ALL.to_owned(), area.to_owned()].into_iter().chain(above).collect()
}

/// The calculation in force on the period's last day, and whose it is.
fn calculation<'a>(
    framework: &'a Framework,
    indicator: &'a Indicator,
    period: &Period,
) -> Option<(&'a Indicator, &'a Calculation)> {
    let owner = match &indicator.same_calculation_as {
        Some(other) => framework.indicators.get(&other.value)?,
        None => indicator,
    };
    let day = period.last_day();
    let version = owner.versions.iter().find(|version| {
        version.from.as_ref().is_none_or(|from| from.value <= day)
            && version.to.as_ref().is_none_or(|to| day <= to.value)
    });
    let calculation =
        version.and_then(|version| version.calculation.as_ref()).or(owner.calculation.as_ref())?;
    Some((owner, calculation))
}

fn ladder_sides(
    framework: &Framework,
    owner: &Indicator,
    ladder: &Ladder,
    seen: &Observation,
    by: &[String],
) -> (Option<Side>, Option<Side>) {
    let clocks = serde_json::to_string(&owner.clocks).unwrap_or_default();
    let (family, base, flows) = family(framework, &ladder.from.value, &ladder.when);
    let asked = base
        .sorted(&sorted(framework, &ladder.from.value, seen, by))
        .and(ladder.population.as_ref(), &clocks)
        .and_not(ladder.exclude.as_ref(), &clocks)
        .and_not(ladder.unknown.as_ref(), &clocks)
        .and(ladder.denominator.as_ref(), &clocks);
    let left_out =
        ladder.numerator_unknown.as_ref().is_some_and(|rule| rule.value == NumeratorUnknown::LeftOut);
    let below = match owner.kind.value {
        Kind::Mean | Kind::Median | Kind::Duration => asked.clone().and_known(ladder.value.as_ref(), &clocks),
        _ if left_out => asked.clone().and_known(ladder.numerator.as_ref(), &clocks),
        _ => asked.clone(),
    };
    let mut above = below.clone().and(ladder.numerator.as_ref(), &clocks);
    if let (Some(category), Some(expr)) = (&seen.category, &ladder.category) {
        above.categories.insert(canonical(expr, &clocks), category.to_string());
    }
    let side = |conditions| Side { family: family.clone(), conditions, flows: flows.clone() };
    match owner.kind.value {
        // The population below a rate, and the total above a mean, count no records of this table.
        Kind::Rate | Kind::FteRatio => (Some(side(above)), None),
        Kind::Mean | Kind::Median | Kind::Duration => (None, Some(side(below))),
        _ => (Some(side(above)), Some(side(below))),
    }
}

fn total_sides(
    framework: &Framework,
    owner: &Indicator,
    totals: &TwoTotals,
    seen: &Observation,
    by: &[String],
) -> (Option<Side>, Option<Side>) {
    let clocks = serde_json::to_string(&owner.clocks).unwrap_or_default();
    let side = |total: &Total| {
        let (family, base, flows) = family(framework, &total.from.value, &total.when);
        let counts = !matches!(total.measure.value, Measure::Sum(_));
        let base = base.sorted(&sorted(framework, &total.from.value, seen, by));
        let kept = base.and(total.filter.as_ref(), &clocks).and(total.history_missing.as_ref(), &clocks);
        counts.then_some(Side { family, conditions: kept, flows })
    };
    (side(&totals.numerator), side(&totals.denominator))
}

/// Table and date rule. A derived table that only leaves rows out lies inside the table it comes from.
fn family(framework: &Framework, from: &str, when: &When) -> (String, Conditions, Option<(String, String)>) {
    let mut table = from;
    let mut conditions = Conditions::default();
    for _ in 0..=framework.derived.len() {
        let Some(derived) = framework.derived.get(table) else { break };
        let leaves_out = |kind: &StepKind| matches!(kind, StepKind::Filter(_) | StepKind::Pick(_));
        if !derived.steps.iter().all(|step| leaves_out(&step.kind)) {
            break;
        }
        conditions.clauses.insert(format!("table {table}"));
        table = &derived.from.value;
    }
    let of = |rule: &str| format!("{table} {rule}");
    match when {
        When::Date(date) => (of(&date.value), conditions, None),
        When::Open(start, end) => {
            let flows = (of(&start.value), of(&end.value));
            (of(&format!("{}..{}", start.value, end.value)), conditions, Some(flows))
        }
    }
}

fn split(expr: &Expr, clocks: &str, into: &mut BTreeSet<String>) {
    match &expr.kind {
        ExprKind::Binary { operator: Operator::And, left, right } => {
            split(left, clocks, into);
            split(right, clocks, into);
        }
        _ => {
            into.insert(canonical(expr, clocks));
        }
    }
}

/// The expression without its places; one that asks a clock carries the clocks along.
fn canonical(expr: &Expr, clocks: &str) -> String {
    let text = serde_json::to_string(expr).unwrap_or_default();
    if text.contains("\"within\"") { format!("{text} {clocks}") } else { text }
}
