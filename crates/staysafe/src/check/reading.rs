//! Readings: an indicator checked again with the parameters that a second legitimate reading sets.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::tree::CheckedDerived;
use super::{CheckedIndicator, Given, check_indicator, derived, parameter};
use crate::calendar::Calendar;
use crate::definition::indicator::{Indicator, Reading};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, nearest};
use crate::value::{Datum, Value};

/// What makes a checked indicator a reading of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedReading {
    /// The indicator that it is a reading of.
    pub(super) of: String,
    /// Its name.
    pub(super) name: String,
    /// Every derived table under its parameters, where one of them changes any; else those of the framework hold.
    #[serde(skip)]
    pub(super) derived: Option<BTreeMap<String, CheckedDerived>>,
}

impl CheckedReading {
    /// The id of the indicator that it is a reading of.
    pub fn of(&self) -> &str {
        &self.of
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Every reading of an indicator, by its id `ID@NAME`.
pub(super) fn check_all(
    given: &Given<'_>,
    calendar: &Calendar,
    indicator: &Indicator,
    checked: &CheckedIndicator,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, CheckedIndicator> {
    let mut found: BTreeMap<String, CheckedIndicator> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for reading in &indicator.readings {
        if let Some(before) = names.insert(&reading.name.value, &reading.name.span) {
            let message =
                format!("'{}' has two readings called '{}'", indicator.id.value, reading.name.value);
            let twice = Diagnostic::new(Code::DuplicateId, reading.name.span.clone(), message);
            let help = "give each reading a name of its own: figures are asked for by it";
            diagnostics.push(twice.label("again").other(before.clone(), "first here").help(help));
            continue;
        }
        let Some(set) = parameters(given, reading, diagnostics) else { continue };
        let mut elsewhere = Diagnostics::new();
        let made = check(given, calendar, (indicator, reading), &set, &mut elsewhere);
        // What is wrong under any parameters is reported with the indicator; what these alone bring about, here.
        let errors = || elsewhere.iter().filter(|finding| finding.severity == Severity::Error);
        if diagnostics.iter().all(|finding| finding.severity != Severity::Error) {
            errors().for_each(|finding| diagnostics.push(finding.clone()));
        }
        if made.is_computable() && made.hash == checked.hash && given.as_declared {
            changes_nothing(given, indicator, reading, diagnostics);
        }
        found.insert(made.id.clone(), made);
    }
    found
}

/// The parameters that a reading sets, where each is declared and of its type.
fn parameters(
    given: &Given<'_>,
    reading: &Reading,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<String, Value>> {
    let mut set = BTreeMap::new();
    let mut whole = true;
    for (name, to) in &reading.parameters {
        let Some(parameter) = given.framework.parameters.get(name) else {
            whole = false;
            let known = given.framework.parameters.keys().map(String::as_str);
            let message = format!("the framework declares no parameter '{name}'");
            let found = Diagnostic::new(Code::UnknownName, to.span.clone(), message);
            let listed = known.clone().collect::<Vec<_>>().join(", ");
            let label = nearest(name, known)
                .map_or_else(|| "not declared".to_owned(), |near| format!("did you mean '{near}'?"));
            diagnostics.push(found.label(label).help(if listed.is_empty() {
                "declare it in framework.toml: [parameter.NAME] with type and default".to_owned()
            } else {
                format!("known are {listed}")
            }));
            continue;
        };
        let Datum::Known(value) = &to.value else { continue };
        if parameter::fits(value.ty(), parameter.ty.value) {
            set.insert(name.clone(), value.clone());
            continue;
        }
        whole = false;
        let wanted = parameter.ty.value;
        let message = format!("the parameter '{name}' is a {wanted}, and this is a {}", value.ty());
        diagnostics.push(
            Diagnostic::new(Code::TypeMismatch, to.span.clone(), message)
                .label(format!("this is a {}", value.ty()))
                .other(parameter.ty.span.clone(), "its type"),
        );
    }
    whole.then_some(set)
}

/// The indicator under the parameters of a reading.
fn check(
    given: &Given<'_>,
    calendar: &Calendar,
    (indicator, reading): (&Indicator, &Reading),
    set: &BTreeMap<String, Value>,
    diagnostics: &mut Diagnostics,
) -> CheckedIndicator {
    let mut parameters = given.parameters.clone();
    parameters.extend(set.clone());
    let changes = |table: &CheckedDerived| set.keys().any(|name| table.parameters.contains_key(name));
    let derived = given
        .derived
        .values()
        .any(changes)
        .then(|| derived::check_all(given.framework, given.tables, &parameters, diagnostics));
    let under = Given {
        derived: derived.as_ref().unwrap_or(given.derived),
        parameters: &parameters,
        framework: given.framework,
        tables: given.tables,
        as_declared: given.as_declared,
    };
    let mut made = check_indicator(&under, calendar, indicator, diagnostics);
    made.id = indicator.id_of(reading);
    let (of, name) = (indicator.id.value.clone(), reading.name.value.clone());
    made.reading = Some(CheckedReading { of, name, derived });
    made
}

/// A second name for the same figures is a slip: of the parameters, or of the calculation that should ask for them.
fn changes_nothing(
    given: &Given<'_>,
    indicator: &Indicator,
    reading: &Reading,
    diagnostics: &mut Diagnostics,
) {
    let (id, name) = (&indicator.id.value, &reading.name.value);
    let message = format!("the reading '{name}' changes no figure of '{id}'");
    let idle: BTreeSet<String> = reading
        .parameters
        .iter()
        .filter_map(|(name, to)| match &to.value {
            Datum::Known(value) if given.parameters.get(name) == Some(value) => {
                Some(format!("{name} = {value}"))
            }
            _ => None,
        })
        .collect();
    let label = if reading.parameters.is_empty() {
        "it sets no parameter".to_owned()
    } else if idle.len() == reading.parameters.len() {
        format!("{} holds without it", idle.into_iter().collect::<Vec<_>>().join(", "))
    } else {
        "its calculation asks for none of the parameters that this sets".to_owned()
    };
    diagnostics.push(
        Diagnostic::new(Code::IdleReading, reading.name.span.clone(), message)
            .label(label)
            .help("set a parameter that the calculation, its clocks or a derived table below it reads, to another value"),
    );
}
