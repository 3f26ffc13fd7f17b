//! What a definition stands on: its tables with their fields, and the smallest framework that holds them.

use std::collections::BTreeSet;

use crate::check::Checked;
use crate::definition::dataset::{Dataset, Field};
use crate::definition::derived::{STATUS_CODES, STATUSES};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Indicator};
use crate::value::Type;

/// Names of tables and fields, for slips that need to know them. `placement#1` is what a derived table's
/// first step leaves, `placement#0` what it starts from.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'a> {
    checked: &'a Checked,
}

impl<'a> World<'a> {
    pub(super) fn new(checked: &'a Checked) -> Self {
        Self { checked }
    }

    fn schema(self, table: &str) -> Option<&'a Dataset> {
        if let Some((id, step)) = table.split_once('#') {
            let derived = self.checked.derived().get(id)?;
            return match step.parse::<usize>().ok()?.checked_sub(1) {
                None => self.schema(&derived.from),
                Some(step) => derived.stages.get(step),
            };
        }
        let dataset = self.checked.framework().datasets.get(table);
        dataset.or_else(|| self.checked.derived().get(table)?.schema())
    }

    fn fields(self, table: &str) -> &'a [Field] {
        self.schema(table).map_or(&[], |dataset| &dataset.fields)
    }

    /// The table at the end of a link.
    pub(super) fn link(self, table: &str, name: &str) -> Option<&'a str> {
        let links = &self.schema(table)?.links;
        links.iter().find(|link| link.name.value == name).map(|link| link.to.value.as_str())
    }

    /// The codes of a field.
    pub(super) fn codes(self, table: &str, name: &str) -> Vec<&'a str> {
        let field = self.fields(table).iter().find(|field| field.name.value == name);
        let Some(set) = field.and_then(|field| field.codes.as_ref()) else { return Vec::new() };
        if set.value == STATUS_CODES {
            return STATUSES.to_vec();
        }
        let set = self.checked.framework().code_sets.get(&set.value);
        set.map(|set| set.codes.iter().map(|code| code.code.value.as_str()).collect()).unwrap_or_default()
    }

    /// The next date of the same table; none where the field is no date or the only one.
    pub(super) fn other_date(self, table: &str, name: &str) -> Option<&'a str> {
        let is_date = |field: &&Field| field.ty.value == Type::Date;
        let dates: Vec<&str> =
            self.fields(table).iter().filter(is_date).map(|field| field.name.value.as_str()).collect();
        let at = dates.iter().position(|date| *date == name)?;
        dates.get((at + 1) % dates.len()).copied().filter(|other| *other != name)
    }
}

/// The tables that a calculation reads, by way of derived tables and links, however far.
pub(super) fn tables<'a>(framework: &'a Framework, indicator: &'a Indicator) -> BTreeSet<&'a str> {
    let versions = indicator.versions.iter().filter_map(|version| version.calculation.as_ref());
    let mut next: Vec<&str> = indicator.calculation.iter().chain(versions).flat_map(froms).collect();
    let tests = indicator.tests.iter().flat_map(|test| test.records.keys());
    next.extend(tests.map(String::as_str));
    closure(framework, next)
}

/// Tables and all that they lead to.
pub(super) fn closure<'a>(framework: &'a Framework, mut next: Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    while let Some(table) = next.pop() {
        if !seen.insert(table) {
            continue;
        }
        if let Some(derived) = framework.derived.get(table) {
            next.push(&derived.from.value);
        }
        if let Some(dataset) = framework.datasets.get(table) {
            next.extend(dataset.links.iter().map(|link| link.to.value.as_str()));
        }
    }
    seen
}

fn froms(calculation: &Calculation) -> Vec<&str> {
    match calculation {
        Calculation::Ladder(ladder) => vec![&ladder.from.value],
        Calculation::TwoTotals(totals) => vec![&totals.numerator.from.value, &totals.denominator.from.value],
    }
}

/// The framework with nothing in it but some tables and, where there is one, an indicator: what decides
/// figures is kept, what it is listed, held and related by is not. Checking it takes a moment.
pub(super) fn reduced(
    framework: &Framework,
    tables: &BTreeSet<&str>,
    indicator: Option<&Indicator>,
) -> Framework {
    let datasets = framework.datasets.iter().filter(|(name, _)| tables.contains(name.as_str()));
    let datasets: std::collections::BTreeMap<_, _> =
        datasets.map(|(name, dataset)| (name.clone(), dataset.clone())).collect();
    let sets: BTreeSet<&str> = datasets
        .values()
        .flat_map(|dataset| &dataset.fields)
        .filter_map(|field| field.codes.as_ref())
        .map(|codes| codes.value.as_str())
        .collect();
    let keeps = |id: &String| sets.contains(id.as_str());
    let code_sets = framework.code_sets.iter().filter(|(id, _)| keeps(id));
    let mut agencies = framework.agencies.clone();
    for agency in agencies.values_mut() {
        agency.supplies.clear();
    }
    let mut areas = framework.areas.clone();
    let first = areas.keys().next().cloned();
    areas.retain(|code, area| Some(code) == first.as_ref() || !area.facts.is_empty());
    for area in areas.values_mut() {
        area.parents.clear();
        area.successors.clear();
        area.neighbours.clear();
    }
    let derived = framework.derived.iter().filter(|(id, _)| tables.contains(id.as_str()));
    let derived = derived.map(|(id, derived)| (id.clone(), derived.clone())).collect();
    Framework {
        id: framework.id.clone(),
        title: framework.title.clone(),
        quality: framework.quality.clone(),
        disclosure: framework.disclosure.clone(),
        parameters: framework.parameters.clone(),
        limits: framework.limits.clone(),
        agencies,
        areas,
        code_sets: code_sets.map(|(id, set)| (id.clone(), set.clone())).collect(),
        aliases: std::collections::BTreeMap::new(),
        datasets,
        derived,
        indicators: indicator
            .map(|indicator| (indicator.id.value.clone(), alone(indicator.clone())))
            .into_iter()
            .collect(),
        ..Framework::default()
    }
}

/// An indicator without what it says of others.
pub(super) fn alone(mut indicator: Indicator) -> Indicator {
    indicator.listed.clear();
    indicator.parent = None;
    indicator.holders.clear();
    indicator.sources.clear();
    indicator.relations.clear();
    indicator.needs.clear();
    indicator.breakdowns.clear();
    indicator.required_breakdown = None;
    indicator.provenance = None;
    indicator.targets.clear();
    indicator
}
