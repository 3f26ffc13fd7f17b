//! Limits: written out, or a dated constant of the framework that a date picks a step of.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::scope::Scope;
use crate::definition::indicator::{Limit, SpanUnit, Stretch};
use crate::diagnostic::{Code, Diagnostic, Spanned, nearest};

/// How long something may take, by the day that picks the step.
///
/// # Example
/// ```
/// use staysafe::check::tree::CheckedLimit;
/// use staysafe::definition::indicator::{SpanUnit, Stretch};
///
/// let limit = CheckedLimit::from(Stretch { length: 15, unit: SpanUnit::WorkingDays });
/// assert_eq!(limit.at("2010-04-01".parse().unwrap()).unwrap().length, 15);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLimit {
    steps: Vec<(Option<NaiveDate>, Stretch)>,
}

impl CheckedLimit {
    /// The limit in force on a day: the last step that holds from that day or before. `None` before the
    /// first, where that one says from when it holds.
    pub fn at(&self, day: NaiveDate) -> Option<Stretch> {
        let held = self.steps.iter().rev().find(|(from, _)| from.is_none_or(|from| from <= day));
        held.map(|(_, stretch)| *stretch)
    }

    /// Every step, with the day from which it holds where it says so, in order.
    pub fn steps(&self) -> &[(Option<NaiveDate>, Stretch)] {
        &self.steps
    }

    /// Whether any step counts working days.
    pub fn uses_working_days(&self) -> bool {
        self.steps.iter().any(|(_, stretch)| stretch.unit == SpanUnit::WorkingDays)
    }
}

impl From<Stretch> for CheckedLimit {
    fn from(stretch: Stretch) -> Self {
        Self { steps: vec![(None, stretch)] }
    }
}

/// A limit that always was the same means the same, written out or by name: both have one form, and one hash.
impl Serialize for CheckedLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.steps.as_slice() {
            [(None, stretch)] => stretch.serialize(serializer),
            steps => steps.serialize(serializer),
        }
    }
}

/// The limit of a clock; `None` where a finding was reported.
pub(super) fn resolve(scope: &mut Scope<'_, '_>, limit: &Spanned<Limit>) -> Option<CheckedLimit> {
    match &limit.value {
        Limit::Literal(stretch) => Some(CheckedLimit::from(*stretch)),
        Limit::Dated(name) => {
            let name = Spanned { value: name.clone(), span: limit.span.clone() };
            dated(scope, &name, |near| format!("limit('{near}')"))
        }
    }
}

/// A dated limit by its name; `None` where it is not declared, which was reported. `fix` writes a near
/// name as it would stand in the place of this one.
pub(super) fn dated(
    scope: &mut Scope<'_, '_>,
    name: &Spanned<String>,
    fix: impl Fn(&str) -> String,
) -> Option<CheckedLimit> {
    let limits = &scope.framework.limits;
    let Some(limit) = limits.get(&name.value) else {
        let mut found = Diagnostic::new(
            Code::UnknownName,
            name.span.clone(),
            format!("no dated limit '{}' is declared", name.value),
        )
        .label("not declared")
        .help(format!("declare it in framework.toml as [[limits.{}]]", name.value));
        if let Some(near) = nearest(&name.value, limits.keys().map(String::as_str)) {
            found = found.fix(name.span.clone(), fix(near));
        }
        scope.report(found);
        return None;
    };
    let steps =
        limit.steps.iter().map(|(from, stretch)| (from.as_ref().map(|from| from.value), stretch.value));
    Some(CheckedLimit { steps: steps.collect() })
}
