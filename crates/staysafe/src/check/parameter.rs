//! Parameters: declared values, or those the caller gives.

use std::collections::BTreeMap;

use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::value::{Datum, Type, Value};

/// The value of each declared parameter.
pub(super) fn resolve(
    framework: &Framework,
    given: &BTreeMap<String, Value>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for parameter in framework.parameters.values() {
        let name = &parameter.name.value;
        let declared = match &parameter.default.value {
            Datum::Known(value) => Some(value),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        };
        let Some(value) = given.get(name).or(declared) else {
            diagnostics.push(
                Diagnostic::new(
                    Code::MissingKey,
                    parameter.name.span.clone(),
                    format!("the parameter '{name}' has no value"),
                )
                .help("give it a default, or a value when you calculate"),
            );
            continue;
        };
        if !fits(value.ty(), parameter.ty.value) {
            diagnostics.push(
                Diagnostic::new(
                    Code::TypeMismatch,
                    parameter.default.span.clone(),
                    format!(
                        "the parameter '{name}' is a {}, and '{value}' is a {}",
                        parameter.ty.value,
                        value.ty()
                    ),
                )
                .other(parameter.ty.span.clone(), "its type"),
            );
            continue;
        }
        values.insert(name.clone(), value.clone());
    }
    for name in given.keys().filter(|name| !framework.parameters.contains_key(*name)) {
        let known = framework.parameters.keys().map(String::as_str);
        let near = nearest(name, known).map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        diagnostics.push(
            Diagnostic::nowhere(
                Code::UnknownName,
                format!("the framework declares no parameter '{name}'{near}"),
            )
            .help("parameters are declared in framework.toml"),
        );
    }
    values
}

pub(super) fn fits(found: Type, wanted: Type) -> bool {
    found == wanted || (found == Type::Int && wanted == Type::Decimal)
}
