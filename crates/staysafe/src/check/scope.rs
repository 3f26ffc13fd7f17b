//! What names mean at a place in a definition.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::Tables;
use super::tree::{FieldRef, Need, NodeKind};
use crate::definition::dataset::Dataset;
use crate::definition::framework::Framework;
use crate::definition::indicator::Clock;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Spanned, nearest};
use crate::value::{Type, Value};

/// Names that mean a day of the period.
pub(super) const PERIOD_NAMES: [&str; 3] = ["period_first_day", "period_last_day", "window_first_day"];

/// What the row before goes by in `joins_when`.
pub(super) const PREVIOUS: &str = "prev";

/// One record in scope: the row itself is `this`, a related record goes by its alias.
#[derive(Debug, Clone)]
pub(super) struct Frame<'a> {
    pub(super) name: String,
    pub(super) dataset: &'a Dataset,
}

/// What names mean, and where findings and needs are written down.
#[derive(Debug)]
pub(super) struct Scope<'a, 'd> {
    pub(super) framework: &'a Framework,
    pub(super) tables: &'a Tables<'a>,
    pub(super) parameters: &'a BTreeMap<String, Value>,
    /// From the row itself inwards; none where only the area is known. In a chain the row before it goes by
    /// [`PREVIOUS`], which no bare name means.
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) clocks: &'a BTreeMap<String, Clock>,
    /// Facts about areas, where the expression is about the area.
    pub(super) facts: Option<BTreeSet<String>>,
    /// Names that only the rule of a breakdown has: `as_of_day`, `this_category`.
    pub(super) names: BTreeMap<&'static str, (NodeKind, Type)>,
    pub(super) diagnostics: &'d mut Diagnostics,
    pub(super) need: &'d mut Need,
    pub(super) unsupported: &'d mut BTreeSet<String>,
    /// Parameters that the definition uses.
    pub(super) used: &'d mut BTreeMap<String, Value>,
}

impl Scope<'_, '_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The frame that names without a qualifier mean: the innermost, but never the row before.
    pub(super) fn bare(&self) -> Option<usize> {
        self.frames.iter().rposition(|frame| frame.name != PREVIOUS)
    }

    /// A field of the row itself, named without an alias: `from`, `counted`, clocks.
    pub(super) fn own_field(&mut self, name: &Spanned<String>) -> Option<FieldRef> {
        let found = self.field_of(0, &name.value);
        if found.is_none() {
            self.unknown_field(0, name);
        }
        found
    }

    /// A field of a record in scope, noted as needed.
    pub(super) fn field_of(&mut self, frame: usize, name: &str) -> Option<FieldRef> {
        let dataset = self.frames.get(frame)?.dataset;
        let index = dataset.fields.iter().position(|field| field.name.value == name)?;
        let missing = dataset.fields.get(index)?.missing;
        self.need.entry(dataset.id.value.clone()).or_default().insert(name.to_owned());
        Some(FieldRef { frame, index, name: name.to_owned(), missing })
    }

    /// Reports that a record has no such field.
    pub(super) fn unknown_field(&mut self, frame: usize, name: &Spanned<String>) {
        self.no_field(frame, name, "");
    }

    /// The same in a predicate, where a text without quotes looks like a field.
    pub(super) fn unknown_name(&mut self, frame: usize, name: &Spanned<String>) {
        self.no_field(frame, name, &format!("; a text stands in single quotes: '{}'", name.value));
    }

    fn no_field(&mut self, frame: usize, name: &Spanned<String>, quotes: &str) {
        let Some(dataset) = self.frames.get(frame).map(|f| f.dataset) else { return };
        let fields: Vec<&str> = dataset.fields.iter().map(|f| f.name.value.as_str()).collect();
        let near = nearest(&name.value, fields.iter().copied());
        let mut found = Diagnostic::new(
            Code::UnknownName,
            name.span.clone(),
            format!("the dataset '{}' has no field '{}'", dataset.id.value, name.value),
        )
        .label("no such field")
        .other(dataset.id.span.clone(), "the dataset is declared here")
        .help(format!("its fields are {}{quotes}", fields.join(", ")));
        if let Some(near) = near {
            found = found.fix(name.span.clone(), near);
        }
        self.report(found);
    }

    /// The value of a parameter, noted as used.
    pub(super) fn parameter(&mut self, name: &Spanned<String>) -> Option<Value> {
        if let Some(value) = self.parameters.get(&name.value) {
            self.used.insert(name.value.clone(), value.clone());
            return Some(value.clone());
        }
        let known: Vec<&str> = self.parameters.keys().map(String::as_str).collect();
        let mut found = Diagnostic::new(
            Code::UnknownName,
            name.span.clone(),
            format!("no parameter '${}' is declared", name.value),
        )
        .label("not declared")
        .help(format!("declare it in framework.toml as [parameters.{}]", name.value));
        if let Some(near) = nearest(&name.value, known) {
            found = found.fix(name.span.clone(), format!("${near}"));
        }
        self.report(found);
        None
    }
}

/// The field's declaration.
pub(super) fn declared<'a>(
    dataset: &'a Dataset,
    field: &FieldRef,
) -> Option<&'a crate::definition::dataset::Field> {
    dataset.fields.get(field.index)
}
