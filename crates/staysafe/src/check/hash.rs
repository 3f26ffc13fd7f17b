//! Hashes of definitions: of what decides a figure, and of nothing else.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::tree::{CheckedCalculation, CheckedDerived};
use super::version::CheckedVersion;
use crate::definition::indicator::{Between, Cycle, Indicator, Kind};
use crate::value::hex;

/// What an indicator's hash is of.
#[derive(Serialize)]
struct Canonical<'a> {
    kind: Kind,
    cycle: &'a Cycle,
    between: Option<Between>,
    calculation: Option<&'a CheckedCalculation>,
    /// Where there is more history than one calculation without a beginning or an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<&'a [CheckedVersion]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    derived: Vec<&'a CheckedDerived>,
    calendar: &'a str,
}

/// The hash of an indicator's definition, as 64 hexadecimal digits.
pub(super) fn indicator<'a>(
    calendar: &'a str,
    indicator: &'a Indicator,
    versions: &'a [CheckedVersion],
    derived: impl Iterator<Item = &'a CheckedDerived>,
) -> String {
    let always = match versions {
        [only] if only.from().is_none() && only.to().is_none() => Some(only),
        _ => None,
    };
    let canonical = Canonical {
        kind: indicator.kind.value,
        cycle: &indicator.cycle.value,
        between: indicator.between.as_ref().map(|between| between.value),
        calculation: always.and_then(CheckedVersion::calculation),
        versions: always.is_none().then_some(versions),
        derived: derived.collect(),
        calendar,
    };
    of(&canonical)
}

/// The hash of all definitions of a framework.
pub(super) fn framework<'a>(indicators: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    of(&indicators.collect::<Vec<_>>())
}

/// SHA-256 of a value's JSON form, as 64 hexadecimal digits.
pub(super) fn of(value: &impl Serialize) -> String {
    // These types hold nothing that JSON cannot say; were it otherwise, the error's text is hashed
    // rather than an empty string, so that two faults never look like one definition.
    let json = serde_json::to_string(value).unwrap_or_else(|error| error.to_string());
    hex(&Sha256::digest(json.as_bytes()))
}
