//! What a framework calls its fields, codes, links, parameters and clocks.

use std::collections::BTreeMap;

use crate::definition::dataset::{CodeSet, Dataset};
use crate::definition::framework::{DatedLimit, Framework};
use crate::definition::indicator::Clock;
use crate::definition::schemas;
use crate::value::{Datum, Type};

/// The words of a framework, seen from one of its tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Words by dataset or derived table.
    pub tables: BTreeMap<String, TableWords>,
    /// The table whose fields need no qualifier.
    pub table: String,
    /// The clocks that `within` may name.
    pub clocks: BTreeMap<String, Clock>,
    /// Dated limits by name.
    pub limits: BTreeMap<String, DatedLimit>,
    /// The values of parameters in force.
    pub parameters: BTreeMap<String, Datum>,
}

/// What a table and its parts are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableWords {
    /// All its rows: "section 47 enquiries".
    pub rows: Option<String>,
    /// Words by field.
    pub fields: BTreeMap<String, FieldWords>,
    /// Words by link.
    pub links: BTreeMap<String, LinkWords>,
}

/// What a field and its codes are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldWords {
    /// "the start of the section 47 enquiry"; for yes or no, "whether a conference was held".
    pub words: Option<String>,
    /// Its type, where it is known.
    pub ty: Option<Type>,
    /// Whether it only tells records apart, so that its name says more than its words.
    pub identifier: bool,
    /// Words by code.
    pub codes: BTreeMap<String, String>,
}

/// What a link is called and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkWords {
    /// The table of the related records.
    pub to: String,
    /// "the child's protection plans".
    pub words: Option<String>,
}

impl Vocabulary {
    /// The words of a framework, with its parameters at their defaults.
    pub fn of(framework: &Framework) -> Self {
        let of_dataset = |dataset| TableWords::of(dataset, &framework.code_sets);
        let datasets = framework.datasets.iter().map(|(id, dataset)| (id.clone(), of_dataset(dataset)));
        let schemas = schemas(framework);
        let derived = schemas.iter().map(|(id, table)| (id.clone(), of_dataset(table)));
        let tables = datasets.chain(derived).collect();
        let parameters = framework
            .parameters
            .iter()
            .map(|(name, parameter)| (name.clone(), parameter.default.value.clone()))
            .collect();
        Self { tables, limits: framework.limits.clone(), parameters, ..Self::default() }
    }

    /// The same words, seen from a table.
    #[must_use]
    pub fn seen_from(mut self, table: impl Into<String>) -> Self {
        self.table = table.into();
        self
    }

    /// The same words, with an indicator's clocks.
    #[must_use]
    pub fn with_clocks(mut self, clocks: BTreeMap<String, Clock>) -> Self {
        self.clocks = clocks;
        self
    }

    /// The same words, with values of parameters instead of their defaults.
    #[must_use]
    pub fn with_parameters(mut self, values: BTreeMap<String, Datum>) -> Self {
        self.parameters.extend(values);
        self
    }
}

impl TableWords {
    /// What a dataset calls itself and its parts.
    pub fn of(dataset: &Dataset, code_sets: &BTreeMap<String, CodeSet>) -> Self {
        let joins = |name: &str| {
            let in_key = dataset.key.iter().flat_map(|key| &key.value).any(|field| field == name);
            let in_link = dataset.links.iter().flat_map(|link| &link.on).any(|(ours, _)| ours.value == name);
            in_key || in_link
        };
        let fields = dataset.fields.iter().map(|field| {
            let codes = field.codes.as_ref().and_then(|id| code_sets.get(&id.value));
            let codes = codes.into_iter().flat_map(|set| &set.codes);
            let words = FieldWords {
                words: field.words.as_ref().map(|words| words.value.clone()),
                ty: Some(field.ty.value),
                identifier: joins(&field.name.value),
                codes: codes.map(|code| (code.code.value.clone(), code.words.value.clone())).collect(),
            };
            (field.name.value.clone(), words)
        });
        let links = dataset.links.iter().map(|link| {
            let words = LinkWords {
                to: link.to.value.clone(),
                words: link.words.as_ref().map(|words| words.value.clone()),
            };
            (link.name.value.clone(), words)
        });
        Self {
            rows: Some(without_capital(&dataset.title.value)),
            fields: fields.collect(),
            links: links.collect(),
        }
    }
}

/// A title inside a sentence: "Section 47 enquiries" without its capital, "CIN plans" with.
fn without_capital(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            let rest = title.get(first.len_utf8()..).unwrap_or("");
            format!("{}{rest}", first.to_lowercase())
        }
        _ => title.to_owned(),
    }
}
