//! The tables that names may mean: datasets, and derived tables with the fields worked out from their steps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::scope::Scope;
use crate::definition::dataset::{CodeOf, CodeSet, Dataset};
use crate::definition::derived::{STATUS_CODES, STATUSES};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, nearest};

/// Datasets and derived tables by name, and the code sets of their fields.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    framework: &'a Framework,
    schemas: &'a BTreeMap<String, Dataset>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(framework: &'a Framework, schemas: &'a BTreeMap<String, Dataset>) -> Self {
        Self { framework, schemas }
    }

    /// A dataset's or derived table's fields and links.
    pub(super) fn get(&self, name: &str) -> Option<&'a Dataset> {
        self.framework.datasets.get(name).or_else(|| self.schemas.get(name))
    }

    /// A code set, the one of a schedule's status among them.
    pub(super) fn codes(&self, id: &Spanned<String>) -> Option<Cow<'a, CodeSet>> {
        let declared = self.framework.code_sets.get(&id.value).map(Cow::Borrowed);
        declared.or_else(|| (id.value == STATUS_CODES).then(|| Cow::Owned(statuses(&id.span))))
    }
}

/// The table that a calculation, step or total reads; `None` where a finding was reported.
///
/// A derived table whose fields cannot be told is reported with the derived table.
pub(super) fn resolve<'a>(scope: &mut Scope<'a, '_>, name: &Spanned<String>) -> Option<&'a Dataset> {
    if let Some(table) = scope.tables.get(&name.value) {
        scope.need.entry(name.value.clone()).or_default();
        return Some(table);
    }
    if scope.framework.derived.contains_key(&name.value) {
        return None;
    }
    let known = scope.framework.datasets.keys().chain(scope.framework.derived.keys()).map(String::as_str);
    let mut found = Diagnostic::new(
        Code::UnknownName,
        name.span.clone(),
        format!("no dataset or derived table is called '{}'", name.value),
    )
    .label("not declared")
    .help(format!("declare it in datasets/{0}.toml or derived/{0}.toml", name.value));
    if let Some(near) = nearest(&name.value, known) {
        found = found.fix(name.span.clone(), near);
    }
    scope.report(found);
    None
}

fn statuses(place: &Span) -> CodeSet {
    let text = |value: &str| Spanned { value: value.to_owned(), span: place.clone() };
    let code = |status: &&str| CodeOf { code: text(status), words: text(status), from: None, to: None };
    CodeSet { id: text(STATUS_CODES), codes: STATUSES.iter().map(code).collect(), source: None }
}
