//! From a framework as written to one that can be calculated.
//!
//! [`check`] resolves every name, knows every type, puts parameters in place and reports all problems
//! of all files at once. Only it makes a [`Checked`].

mod alias;
mod area;
mod asked;
pub mod breakdown;
mod calculation;
mod censored;
mod cycle;
mod derived;
mod derived_tree;
mod example;
mod expression;
mod function;
mod hash;
mod limit;
mod link;
mod lint;
mod parameter;
mod reading;
mod reference;
mod roles;
mod scope;
mod tables;
#[cfg(test)]
mod tests;
pub mod tree;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::calendar::Calendar;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Clock, Indicator};
use crate::definition::schemas;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::Value;
use breakdown::CheckedSort;
use scope::{Frame, Scope};
use tables::Tables;
use tree::{CheckedCalculation, CheckedClock, CheckedDerived, Need};

pub use alias::check_aliases;
pub use reading::CheckedReading;
pub use version::CheckedVersion;

/// A framework that can be calculated.
///
/// There is no way to make one but [`check`], and none to read one back: a plan from unchecked
/// definitions does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    framework: Framework,
    indicators: BTreeMap<String, CheckedIndicator>,
    /// By `ID@NAME`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    readings: BTreeMap<String, CheckedIndicator>,
    derived: BTreeMap<String, CheckedDerived>,
    #[serde(skip)]
    sorts: Vec<CheckedSort>,
    parameters: BTreeMap<String, Value>,
    #[serde(skip)]
    calendar: Calendar,
    /// The days on which an area, or what it lies in, changed.
    #[serde(skip)]
    area_changes: BTreeSet<NaiveDate>,
    hash: String,
}

/// An indicator, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedIndicator {
    id: String,
    /// In order of time, at least one.
    versions: Vec<CheckedVersion>,
    not_supported: Vec<String>,
    reads: Need,
    need: Need,
    parameters: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<CheckedReading>,
    hash: String,
}

/// Checks a framework with its parameters as declared.
///
/// All problems are reported at once. There is no [`Checked`] where any of them is an error, nor
/// where reading found one.
///
/// # Example
/// ```
/// use staysafe::check::check;
/// use staysafe::definition::read::read;
///
/// let (framework, _) = read([("indicators/a.toml", "id = \"a\"\nholder = \"nobody\"")]);
/// let (checked, diagnostics) = check(framework);
/// assert!(checked.is_none());
/// assert!(diagnostics.has_errors());
/// ```
pub fn check(framework: Framework) -> (Option<Checked>, Diagnostics) {
    check_with(framework, &BTreeMap::new())
}

/// Checks a framework with some of its parameters set by the caller.
///
/// A parameter that the framework does not declare, or a value of another type, is a finding.
pub fn check_with(framework: Framework, given: &BTreeMap<String, Value>) -> (Option<Checked>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let schemas = schemas(&framework);
    let tables = Tables::new(&framework, &schemas);
    reference::check(&framework, &tables, &mut diagnostics);
    area::check(&framework, &mut diagnostics);
    diagnostics.extend(check_aliases(&framework.aliases, &framework.code_sets));
    let parameters = parameter::resolve(&framework, given, &mut diagnostics);
    let sorts = breakdown::check(&framework, &tables, &parameters, &mut diagnostics);
    let calendar = Calendar::england_and_wales();
    let derived = derived::check_all(&framework, &tables, &parameters, &mut diagnostics);
    for (id, table) in &framework.derived {
        for test in &table.tests {
            example::check_rows(&framework, tables.get(id), test, &mut diagnostics);
        }
    }
    let as_declared = given.is_empty();
    let given = Given {
        framework: &framework,
        tables: &tables,
        derived: &derived,
        parameters: &parameters,
        as_declared,
    };
    let mut indicators = BTreeMap::new();
    let mut readings = BTreeMap::new();
    for indicator in framework.indicators.values() {
        let stands_for = calculated_as(&framework, indicator);
        example::check_indicator(&framework, &tables, indicator, stands_for, &mut diagnostics);
        let checked = check_indicator(&given, &calendar, indicator, &mut diagnostics);
        readings.extend(reading::check_all(&given, &calendar, indicator, &checked, &mut diagnostics));
        indicators.insert(indicator.id.value.clone(), checked);
    }
    diagnostics.retain(|finding| !framework.is_reported(finding));
    diagnostics.sort();
    if diagnostics.has_errors() || !framework.incomplete.is_empty() {
        return (None, diagnostics);
    }
    let all = indicators.values().chain(readings.values());
    let hash = hash::framework(all.map(|i| (i.id.as_str(), i.hash.as_str())));
    let area_changes = framework.area_changes();
    let checked =
        Checked { framework, indicators, readings, derived, sorts, parameters, calendar, area_changes, hash };
    (Some(checked), diagnostics)
}

/// What every definition of a framework shares.
struct Given<'a> {
    framework: &'a Framework,
    tables: &'a Tables<'a>,
    derived: &'a BTreeMap<String, CheckedDerived>,
    parameters: &'a BTreeMap<String, Value>,
    /// Whether the caller set none of them.
    as_declared: bool,
}

fn check_indicator(
    given: &Given<'_>,
    calendar: &Calendar,
    indicator: &Indicator,
    diagnostics: &mut Diagnostics,
) -> CheckedIndicator {
    let Given { framework, tables, derived, parameters, .. } = *given;
    let mut unsupported = BTreeSet::new();
    let mut used = BTreeMap::new();
    let stands_for = calculated_as(framework, indicator);
    let own = std::ptr::eq(stands_for, indicator);
    let written = crate::definition::version::written(stands_for);
    let mut versions: Vec<CheckedVersion> = Vec::new();
    {
        // What an alias takes from another definition is reported there, once.
        let mut elsewhere = Diagnostics::new();
        let diagnostics = if own { &mut *diagnostics } else { &mut elsewhere };
        for (number, part) in written.iter().enumerate() {
            let mut need = Need::new();
            let mut scope = Scope {
                framework,
                tables,
                parameters,
                frames: Vec::new(),
                clocks: &part.clocks,
                facts: None,
                names: BTreeMap::new(),
                diagnostics: &mut *diagnostics,
                need: &mut need,
                unsupported: &mut unsupported,
                used: &mut used,
            };
            if number == 0 {
                version::follow(&mut scope, stands_for);
            }
            let calculation =
                part.calculation.and_then(|written| calculation::check(&mut scope, stands_for, written));
            let clocks = part
                .calculation
                .map(|written| check_clocks(&mut scope, written, &part.clocks))
                .unwrap_or_default();
            let (reads, rests_on) = derived::expand(scope.need, derived);
            let rests = || rests_on.iter().filter_map(|id| derived.get(id));
            let checked = CheckedVersion {
                from: part.version.and_then(|version| version.from.as_ref()).map(|from| from.value),
                to: part.version.and_then(|version| version.to.as_ref()).map(|to| to.value),
                join: part.version.is_some_and(|version| version.join),
                reason: part.version.and_then(|version| version.reason.as_ref()).map(|why| why.value.clone()),
                uses_working_days: calculation.as_ref().is_some_and(CheckedCalculation::uses_working_days)
                    || rests().any(CheckedDerived::uses_working_days),
                calculation,
                clocks,
                reads,
                rests_on,
            };
            if let (true, Some(written), Some(before)) = (checked.join, part.version, versions.last()) {
                version::join(&mut scope, written, before, &checked);
            }
            versions.push(checked);
        }
    }
    for part in written.iter().filter_map(|part| part.calculation) {
        cycle::check(indicator, part, diagnostics);
    }
    let mut reads = Need::new();
    let mut rests_on: Vec<String> = Vec::new();
    for version in &versions {
        for (dataset, fields) in &version.reads {
            reads.entry(dataset.clone()).or_default().extend(fields.iter().cloned());
        }
        rests_on
            .extend(version.rests_on.iter().filter(|id| !rests_on.contains(id)).cloned().collect::<Vec<_>>());
    }
    let mut need = reads.clone();
    for need_of in indicator.needs.iter().chain(&stands_for.needs) {
        let fields = need.entry(need_of.dataset.value.clone()).or_default();
        fields.extend(need_of.fields.iter().map(|field| field.value.clone()));
    }
    if !unsupported.is_empty() {
        for version in &mut versions {
            version.calculation = None;
        }
        if own {
            not_supported(indicator, &unsupported, diagnostics);
        }
    }
    if own {
        lint::check(framework, derived, indicator, &written, &versions, diagnostics);
    }
    let tables = || rests_on.iter().filter_map(|id| derived.get(id));
    for table in tables() {
        used.extend(table.parameters.clone());
    }
    let hash = hash::indicator(calendar.version(), indicator, &versions, tables());
    CheckedIndicator {
        id: indicator.id.value.clone(),
        versions,
        not_supported: unsupported.into_iter().collect(),
        reads,
        need,
        parameters: used,
        reading: None,
        hash,
    }
}

/// Every clock of the indicator, on the table its calculation reads, used by a predicate or not.
fn check_clocks(
    scope: &mut Scope<'_, '_>,
    written: &crate::definition::indicator::Calculation,
    clocks: &BTreeMap<String, Clock>,
) -> BTreeMap<String, CheckedClock> {
    let crate::definition::indicator::Calculation::Ladder(ladder) = written else { return BTreeMap::new() };
    let mut checked = BTreeMap::new();
    // The table's own faults were reported with the calculation.
    let Some(dataset) = scope.tables.get(&ladder.from.value) else { return checked };
    scope.frames = vec![Frame { name: "this".to_owned(), dataset }];
    for (name, clock) in clocks {
        let name = crate::diagnostic::Spanned { value: name.clone(), span: clock.place.span.clone() };
        if let Some(clock) = expression::clock(scope, &name) {
            checked.insert(name.value, clock);
        }
    }
    scope.frames.clear();
    checked
}

/// The definition whose calculation an indicator uses: its own, or that of the one it stands for.
fn calculated_as<'a>(framework: &'a Framework, indicator: &'a Indicator) -> &'a Indicator {
    let mut at = indicator;
    // A circle is reported as one; here it only has to end.
    for _ in 0..framework.indicators.len() {
        match at.same_calculation_as.as_ref().and_then(|same| framework.indicators.get(&same.value)) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

fn not_supported(indicator: &Indicator, what: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    let what: Vec<&str> = what.iter().map(String::as_str).collect();
    diagnostics.push(
        Diagnostic::new(
            Code::NotSupportedYet,
            indicator.id.span.clone(),
            format!("'{}' cannot be calculated yet: it uses {}", indicator.id.value, what.join(", ")),
        )
        .label("its figures will be absent, with this reason"),
    );
}

impl Checked {
    /// The framework as it was read.
    pub fn framework(&self) -> &Framework {
        &self.framework
    }

    /// The day since which every area means and lies in what it does on a day.
    pub(crate) fn areas_as_since(&self, day: NaiveDate) -> NaiveDate {
        self.area_changes.range(..=day).next_back().copied().unwrap_or(NaiveDate::MIN)
    }

    /// Every indicator, in order of id.
    pub fn indicators(&self) -> &BTreeMap<String, CheckedIndicator> {
        &self.indicators
    }

    /// Second readings of indicators, by their ids: `cs-04@same-carer`.
    pub fn readings(&self) -> &BTreeMap<String, CheckedIndicator> {
        &self.readings
    }

    /// One indicator, or one reading of it by `ID@NAME`.
    pub fn indicator(&self, id: &str) -> Option<&CheckedIndicator> {
        self.indicators.get(id).or_else(|| self.readings.get(id))
    }

    /// The nearest id of an indicator or a reading.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        let ids = self.indicators.keys().chain(self.readings.keys()).map(String::as_str);
        crate::diagnostic::nearest(id, ids)
    }

    /// The definition of an indicator, or of the one that a reading is of, as read.
    pub fn definition(&self, id: &str) -> Option<&Indicator> {
        self.framework.named(id).map(|(indicator, _)| indicator)
    }

    /// The definition whose calculation an indicator uses: its own, or that of the one it stands for.
    pub(crate) fn calculated_as<'a>(&'a self, indicator: &'a Indicator) -> &'a Indicator {
        calculated_as(&self.framework, indicator)
    }

    /// The calculation of an indicator as written: its own, or that of the one it stands for.
    pub fn calculation_of(&self, id: &str) -> Option<&crate::definition::indicator::Calculation> {
        let indicator = self.definition(id)?;
        self.calculated_as(indicator).calculation.as_ref()
    }

    /// Derived tables, in order of id.
    pub fn derived(&self) -> &BTreeMap<String, CheckedDerived> {
        &self.derived
    }

    /// A derived table as an indicator reads it: under the parameters of a reading, where it is one.
    pub fn derived_for<'a>(
        &'a self,
        indicator: Option<&'a CheckedIndicator>,
        id: &str,
    ) -> Option<&'a CheckedDerived> {
        indicator.and_then(CheckedIndicator::own_derived).unwrap_or(&self.derived).get(id)
    }

    /// How breakdowns sort records, table by table: for what they have in common, such as their links.
    pub(crate) fn sorts(&self) -> &[CheckedSort] {
        &self.sorts
    }

    /// Parameters in force.
    pub fn parameters(&self) -> &BTreeMap<String, Value> {
        &self.parameters
    }

    /// The working-day calendar in force.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// What decides figures, as text: two frameworks of one meaning cannot be told apart by any record.
    pub(crate) fn meaning(&self) -> String {
        serde_json::to_string(&(&self.indicators, &self.derived)).unwrap_or_else(|error| error.to_string())
    }

    /// Hash of all definitions: what decides figures, and nothing else.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl CheckedIndicator {
    /// What makes it a reading of another, where it is one.
    pub fn reading(&self) -> Option<&CheckedReading> {
        self.reading.as_ref()
    }

    /// Whether its derived tables are others than the framework's.
    pub fn has_own_derived(&self) -> bool {
        self.own_derived().is_some()
    }

    /// Derived tables that are others for it than for the framework.
    pub(crate) fn own_derived(&self) -> Option<&BTreeMap<String, CheckedDerived>> {
        self.reading.as_ref()?.derived.as_ref()
    }

    /// Its id; of a reading, `ID@NAME`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How it is calculated now: by its latest version that can be.
    pub fn calculation(&self) -> Option<&CheckedCalculation> {
        self.versions.iter().rev().find_map(CheckedVersion::calculation)
    }

    /// Its versions, in order of time: one, without a beginning or an end, where the definition names none.
    pub fn versions(&self) -> &[CheckedVersion] {
        &self.versions
    }

    /// Whether figures can be worked out from records.
    pub fn is_computable(&self) -> bool {
        self.calculation().is_some()
    }

    /// The clocks of its latest version, by name.
    pub fn clocks(&self) -> &BTreeMap<String, CheckedClock> {
        static NONE: BTreeMap<String, CheckedClock> = BTreeMap::new();
        self.versions.last().map_or(&NONE, CheckedVersion::clocks)
    }

    /// What it uses that this version of the library cannot calculate yet.
    pub fn not_supported(&self) -> &[String] {
        &self.not_supported
    }

    /// Fields by dataset that its predicates read.
    pub fn reads(&self) -> &Need {
        &self.reads
    }

    /// Fields by dataset that it needs: those its predicates read, and those its definition states.
    pub fn need(&self) -> &Need {
        &self.need
    }

    /// Parameters it uses, with the values in force.
    pub fn parameters(&self) -> &BTreeMap<String, Value> {
        &self.parameters
    }

    /// Hash of what decides its figures: the checked calculation with its parameters, the code sets of
    /// the fields it reads and the version of the working-day calendar; no words, comments or order.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}
