//! The layout of a national return: which element feeds which field of which dataset, in which years.
//!
//! Layouts are TOML in `layouts/`; here they become tables that a reader can look names up in quickly.

mod codes;
mod names;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

pub(crate) use codes::{Codes, years};
pub(crate) use names::{NameId, Names};

/// A compiled layout.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) collection: String,
    pub(crate) first_year: i32,
    pub(crate) last_year: i32,
    pub(crate) datasets: Vec<DatasetLayout>,
    pub(crate) values: Vec<ValueLayout>,
    pub(crate) code_sets: Vec<Codes>,
    pub(crate) names: Names,
    /// What a name means inside a record: by dataset, then by name.
    actions: Vec<Vec<Option<Action>>>,
    /// The dataset that nothing encloses: the child.
    pub(crate) top: usize,
    pub(crate) top_name: NameId,
}

/// One dataset.
#[derive(Debug)]
pub(crate) struct DatasetLayout {
    pub(crate) id: String,
    pub(crate) fields: Vec<Arc<str>>,
    /// Which columns describe a person.
    pub(crate) personal: Vec<bool>,
    /// The first element that makes a row, for messages.
    pub(crate) element: String,
    /// The column of the running number.
    pub(crate) number: Option<usize>,
    /// The column that identifies the top record.
    pub(crate) identity: Option<usize>,
    /// Columns copied from an enclosing record: column here, dataset there, column there.
    pub(crate) taken: Vec<Taken>,
}

/// A column that is copied from an enclosing record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) column: usize,
    pub(crate) dataset: usize,
    pub(crate) their_column: usize,
}

/// One element that holds a value.
#[derive(Debug)]
pub(crate) struct ValueLayout {
    pub(crate) element: String,
    pub(crate) dataset: usize,
    pub(crate) column: usize,
    pub(crate) form: Form,
    pub(crate) personal: bool,
    pub(crate) from: Option<i32>,
    pub(crate) to: Option<i32>,
    pub(crate) hint: Option<String>,
}

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// A number or name that tells one thing from another; what a spreadsheet did to it is undone or refused.
    Identifier,
    Upn,
    /// A unique pupil number, or the code that says why there is none.
    UpnOrReason,
    Date,
    Flag,
    Whole,
    /// A code of the set at this place.
    Code(usize),
}

/// What an element means inside a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// It opens a record of a dataset.
    Open(usize),
    /// It only holds values of this record together.
    Group,
    /// It stands around rows of a dataset, which is thereby carried.
    Wrapper(usize),
    /// It is a value of this record.
    Value(usize),
    /// It is a row of a dataset, with this value.
    Row(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayout {
    r#return: String,
    title: String,
    collection: String,
    first_year: i32,
    last_year: i32,
    dataset: Vec<RawDataset>,
    codes: BTreeMap<String, RawCodes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDataset {
    id: String,
    elements: Vec<String>,
    inside: Option<String>,
    #[serde(default)]
    also_inside: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    wrapped_by: Vec<String>,
    from: Option<i32>,
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: String,
    element: Option<String>,
    r#type: Option<String>,
    codes: Option<String>,
    taken_from: Option<String>,
    #[serde(default)]
    number: bool,
    #[serde(default)]
    identifies: bool,
    #[serde(default)]
    personal: bool,
    from: Option<i32>,
    to: Option<i32>,
    hint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCodes {
    codes: Vec<String>,
    #[serde(default)]
    from: BTreeMap<String, i32>,
    #[serde(default)]
    to: BTreeMap<String, i32>,
}

/// The children in need census.
#[allow(clippy::expect_used, reason = "the layout is part of the crate and a test compiles it")]
pub(crate) static CIN_CENSUS: LazyLock<Layout> =
    LazyLock::new(|| Layout::parse(include_str!("../layouts/cin_census.toml")).expect("the layout is sound"));

impl Layout {
    /// What a name means inside a record of a dataset.
    pub(crate) fn action(&self, dataset: usize, name: NameId) -> Option<Action> {
        self.actions.get(dataset)?.get(name.place()).copied().flatten()
    }

    /// Whether the layout uses the name anywhere.
    pub(crate) fn uses(&self, name: NameId) -> bool {
        name == self.top_name
            || self.actions.iter().any(|row| row.get(name.place()).copied().flatten().is_some())
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawLayout = toml::from_str(text).map_err(|error| error.to_string())?;
        Compiler::new(&raw).compile()
    }
}

/// Turns the written layout into tables.
struct Compiler<'a> {
    raw: &'a RawLayout,
    names: Names,
    values: Vec<ValueLayout>,
    actions: Vec<BTreeMap<usize, Action>>,
    sets: BTreeMap<&'a str, usize>,
}

impl<'a> Compiler<'a> {
    fn new(raw: &'a RawLayout) -> Self {
        let sets = raw.codes.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let actions = raw.dataset.iter().map(|_| BTreeMap::new()).collect();
        Self { raw, names: Names::default(), values: Vec::new(), actions, sets }
    }

    fn compile(mut self) -> Result<Layout, String> {
        let raw = self.raw;
        let mut datasets = Vec::new();
        for place in 0..raw.dataset.len() {
            datasets.push(self.dataset(place)?);
        }
        let top = raw.dataset.iter().position(|d| d.inside.is_none()).ok_or("no dataset stands on top")?;
        let top_name = raw.dataset.get(top).and_then(|d| d.elements.first()).ok_or("no top element")?;
        let top_name = self.names.add(top_name);
        let actions = self
            .actions
            .iter()
            .map(|row| (0..self.names.len()).map(|name| row.get(&name).copied()).collect())
            .collect();
        let code_sets =
            raw.codes.iter().map(|(id, set)| Codes::new(id, &set.codes, &set.from, &set.to)).collect();
        Ok(Layout {
            kind: raw.r#return.clone(),
            title: raw.title.clone(),
            collection: raw.collection.clone(),
            first_year: raw.first_year,
            last_year: raw.last_year,
            datasets,
            values: self.values,
            code_sets,
            names: self.names,
            actions,
            top,
            top_name,
        })
    }

    fn dataset(&mut self, place: usize) -> Result<DatasetLayout, String> {
        let raw = self.raw.dataset.get(place).ok_or("no such dataset")?;
        let mut built = DatasetLayout {
            id: raw.id.clone(),
            fields: columns(raw),
            personal: columns(raw)
                .iter()
                .map(|column| raw.fields.iter().any(|field| field.personal && *field.name == **column))
                .collect(),
            element: raw.elements.first().cloned().ok_or("a dataset without an element")?,
            number: None,
            identity: None,
            taken: Vec::new(),
        };
        let mut row_value = None;
        for field in &raw.fields {
            let column = column_of(raw, &field.name)?;
            if field.number {
                built.number = Some(column);
            }
            if field.identifies {
                built.identity = Some(column);
            }
            if let Some(from) = &field.taken_from {
                let dataset = self.place_of(from)?;
                let theirs = self.raw.dataset.get(dataset).ok_or("no such dataset")?;
                let their_column = column_of(theirs, &field.name)?;
                built.taken.push(Taken { column, dataset, their_column });
            }
            if let Some(element) = &field.element {
                let value = self.value(raw, place, column, field, element)?;
                if raw.elements.contains(element) {
                    row_value = Some(value);
                } else {
                    self.act(place, element, Action::Value(value))?;
                }
            }
        }
        for group in &raw.groups {
            self.act(place, group, Action::Group)?;
        }
        for parent in raw.inside.iter().chain(&raw.also_inside) {
            let parent = self.place_of(parent)?;
            for element in &raw.elements {
                self.act(parent, element, row_value.map_or(Action::Open(place), Action::Row))?;
            }
            for wrapper in &raw.wrapped_by {
                self.act(parent, wrapper, Action::Wrapper(place))?;
            }
        }
        if raw.elements.len() > 1 && row_value.is_none() {
            for element in &raw.elements {
                self.act(place, element, Action::Open(place))?;
            }
        }
        Ok(built)
    }

    fn value(
        &mut self,
        raw: &RawDataset,
        dataset: usize,
        column: usize,
        field: &RawField,
        element: &str,
    ) -> Result<usize, String> {
        let form = match (&field.r#type, &field.codes) {
            (None, Some(set)) => {
                Form::Code(*self.sets.get(set.as_str()).ok_or(format!("no code set {set}"))?)
            }
            (Some(ty), None) => match ty.as_str() {
                "text" => Form::Text,
                "upn" => Form::Upn,
                "date" => Form::Date,
                "yes/no" => Form::Flag,
                "whole number" => Form::Whole,
                other => return Err(format!("{element}: no such type as {other}")),
            },
            _ => return Err(format!("{element}: a type or a code set, not both")),
        };
        self.values.push(ValueLayout {
            element: element.to_owned(),
            dataset,
            column,
            form,
            personal: field.personal,
            from: field.from.or(raw.from),
            to: field.to,
            hint: field.hint.clone(),
        });
        Ok(self.values.len() - 1)
    }

    fn act(&mut self, dataset: usize, name: &str, action: Action) -> Result<(), String> {
        let name_id = self.names.add(name);
        let row = self.actions.get_mut(dataset).ok_or("no such dataset")?;
        match row.insert(name_id.place(), action) {
            Some(other) if other != action => Err(format!("{name} means two things in one record")),
            _ => Ok(()),
        }
    }

    fn place_of(&self, id: &str) -> Result<usize, String> {
        self.raw.dataset.iter().position(|d| d.id == id).ok_or(format!("no dataset {id}"))
    }
}

/// The columns in order; a field that two elements feed is one column.
fn columns(raw: &RawDataset) -> Vec<Arc<str>> {
    let mut columns: Vec<Arc<str>> = Vec::new();
    for field in &raw.fields {
        if !columns.iter().any(|c| **c == *field.name) {
            columns.push(field.name.as_str().into());
        }
    }
    columns
}

fn column_of(raw: &RawDataset, name: &str) -> Result<usize, String> {
    columns(raw).iter().position(|c| **c == *name).ok_or(format!("{} has no field {name}", raw.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_census_layout_is_sound() {
        let layout = &*CIN_CENSUS;
        let ids: Vec<&str> = layout.datasets.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids.first(), Some(&"child"), "the child stands on top");
        assert_eq!(ids.len(), 10, "ten datasets: {ids:?}");
        let sex = layout.values.iter().filter(|v| v.element == "Sex" || v.element == "GenderCurrent");
        let columns: Vec<usize> = sex.map(|v| v.column).collect();
        assert_eq!(columns.len(), 2, "both elements are read");
        assert_eq!(columns.first(), columns.last(), "into one column");
    }

    #[test]
    fn a_name_that_means_two_things_is_refused() {
        let text = include_str!("../layouts/cin_census.toml").replace("\"CPPendDate\"", "\"CPPstartDate\"");
        assert_eq!(
            Layout::parse(&text).err().as_deref(),
            Some("CPPstartDate means two things in one record")
        );
    }
}
