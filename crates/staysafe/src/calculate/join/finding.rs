//! What was found while returns were joined.

use serde::Serialize;

use super::roles::{Roles, pick};
use crate::value::Datum;

/// A record that stood twice, or differently, in what was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The authority.
    pub area: String,
    /// The dataset.
    pub dataset: String,
    /// What was found.
    pub what: What,
    /// What the record is recognised by. It may be personal.
    pub key: Vec<KeyPart>,
    /// Where its rows stand.
    pub origins: Vec<Origin>,
    /// The fields whose values differ, for contradictory and revised records.
    pub fields: Vec<String>,
}

/// One field of what a record is recognised by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPart {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: Datum,
    /// Whether the value identifies a person: mask it unless it is asked for.
    pub personal: bool,
}

/// A place in what was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Origin {
    /// What the caller calls the return.
    pub name: String,
    /// Position in it, counted from 1.
    pub record: u32,
}

/// A return that is the copy of another, and was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Copied {
    /// The authority.
    pub area: String,
    /// What the caller calls the copy.
    pub name: String,
    /// What the caller calls the one that is kept.
    pub of: String,
}

/// What was found of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Identical rows under one key; they count once.
    Duplicate,
    /// Rows of one return that differ under one key; where they differ, the record's value is unknown.
    Contradictory,
    /// A row under the same key with a greater version decides.
    OlderVersion,
    /// A later return says something else of it, and decides.
    Revised,
    /// A later return could have held it and does not; it is dropped.
    Vanished,
}

impl What {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Contradictory => "contradictory",
            Self::OlderVersion => "older version",
            Self::Revised => "revised",
            Self::Vanished => "vanished",
        }
    }
}

impl Finding {
    pub(super) fn new(
        roles: &Roles<'_>,
        area: &str,
        what: What,
        values: &[Datum],
        origins: Vec<Origin>,
        fields: &[usize],
    ) -> Self {
        let every: Vec<usize> = (0..roles.dataset.fields.len()).collect();
        let shown = roles.recognised_by.as_ref().unwrap_or(&every);
        let named = |at: &usize| roles.dataset.fields.get(*at);
        let key = shown.iter().zip(pick(values, shown)).filter_map(|(at, value)| {
            let field = named(at)?;
            Some(KeyPart { field: field.name.value.clone(), value, personal: field.personal })
        });
        Self {
            area: area.to_owned(),
            dataset: roles.dataset.id.value.clone(),
            what,
            key: key.collect(),
            origins,
            fields: fields.iter().filter_map(|at| Some(named(at)?.name.value.clone())).collect(),
        }
    }

    /// What the record is recognised by, in words; values of personal fields are masked unless they are asked for.
    pub fn key_words(&self, show_values: bool, mask: &str) -> String {
        let part = |part: &KeyPart| {
            let value = match &part.value {
                Datum::Known(_) if part.personal && !show_values => mask.to_owned(),
                Datum::Known(value) => value.to_string(),
                Datum::Missing => "(blank)".to_owned(),
                Datum::Rejected => "(not readable)".to_owned(),
                Datum::Suppressed => "(suppressed by the supplier)".to_owned(),
            };
            format!("{} {value}", part.field)
        };
        self.key.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}
