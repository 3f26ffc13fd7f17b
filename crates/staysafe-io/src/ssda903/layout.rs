//! The layout of a return that comes as tables: which column feeds which field, in which years.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::delimited::plain;
use crate::layout::{Codes, Form};

/// A compiled layout.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) first_year: i32,
    pub(super) last_year: i32,
    pub(super) tables: Vec<TableLayout>,
    pub(super) code_sets: Vec<Codes>,
}

/// One table.
#[derive(Debug)]
pub(super) struct TableLayout {
    /// The dataset it feeds.
    pub(super) id: String,
    /// What the return calls it.
    pub(super) name: String,
    /// What it is called in names of files, in capitals and digits.
    pub(super) names: Vec<String>,
    pub(super) from: Option<i32>,
    /// Whether the values of a child's record may stand in the child itself, in XML.
    pub(super) in_child: bool,
    /// The element that says in XML whether the child has a record.
    pub(super) flag: Option<String>,
    /// In the order of the return, which is the order of the dataset's fields here.
    pub(super) columns: Vec<Column>,
    pub(super) fields: Vec<Arc<str>>,
    /// Which columns describe a person.
    pub(super) personal: Vec<bool>,
}

/// What cannot be done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// A row without a value there is no record.
    Value,
    /// A file without the column gives no figure that needs it.
    Column,
    /// The return is complete without it.
    Nothing,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Every name it goes by, in capitals and digits; its own first.
    pub(super) keys: Vec<String>,
    pub(super) form: Form,
    pub(super) need: Need,
    pub(super) personal: bool,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
    /// The largest number that may stand there.
    pub(super) most: Option<i64>,
    /// No other table has a column of this name.
    pub(super) own: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayout {
    r#return: String,
    title: String,
    first_year: i32,
    last_year: i32,
    table: Vec<RawTable>,
    codes: BTreeMap<String, RawCodes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    id: String,
    name: String,
    names: Vec<String>,
    from: Option<i32>,
    #[serde(default)]
    in_child: bool,
    flag: Option<String>,
    columns: Vec<RawColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    field: String,
    name: String,
    r#type: Option<String>,
    codes: Option<String>,
    #[serde(default)]
    needed: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    personal: bool,
    from: Option<i32>,
    to: Option<i32>,
    most: Option<i64>,
    #[serde(default)]
    also: Vec<String>,
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

/// The looked-after children return.
#[allow(clippy::expect_used, reason = "the layout is part of the crate and a test compiles it")]
pub(super) static SSDA903: LazyLock<Layout> =
    LazyLock::new(|| Layout::parse(include_str!("../../layouts/ssda903.toml")).expect("the layout is sound"));

impl Layout {
    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawLayout = toml::from_str(text).map_err(|error| error.to_string())?;
        let sets: Vec<&str> = raw.codes.keys().map(String::as_str).collect();
        let tables = raw.table.iter().map(|table| build(&raw, table, &sets)).collect::<Result<_, _>>()?;
        let code_sets =
            raw.codes.iter().map(|(id, set)| Codes::new(id, &set.codes, &set.from, &set.to)).collect();
        Ok(Self {
            kind: raw.r#return,
            title: raw.title,
            first_year: raw.first_year,
            last_year: raw.last_year,
            tables,
            code_sets,
        })
    }

    /// Whether any table has a column of this name.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.tables.iter().flat_map(|table| &table.columns).any(|column| column.is_called(key))
    }
}

impl TableLayout {
    /// The column that goes by a name, in capitals and digits.
    pub(super) fn called(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.is_called(key))
    }
}

impl Column {
    /// Whether a name, in capitals and digits, is one of its own.
    pub(super) fn is_called(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }

    /// Whether the return of a year asks for it; of an unknown year nobody can say that it does not.
    pub(super) fn stands_in(&self, year: Option<i32>) -> bool {
        year.is_none_or(|year| {
            self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
        })
    }
}

fn build(raw: &RawLayout, table: &RawTable, sets: &[&str]) -> Result<TableLayout, String> {
    let elsewhere = |name: &str| {
        let others = raw.table.iter().filter(|other| other.id != table.id);
        others.flat_map(|other| &other.columns).any(|column| column.name == name)
    };
    let mut columns: Vec<Column> = Vec::new();
    for column in &table.columns {
        let keys: Vec<String> =
            std::iter::once(&column.name).chain(&column.also).map(|name| plain(name)).collect();
        if let Some(key) = keys.iter().find(|key| columns.iter().any(|known| known.is_called(key))) {
            return Err(format!("{}: {key} means two columns", table.id));
        }
        columns.push(Column {
            name: column.name.clone(),
            keys,
            form: form(column, sets)?,
            need: match (column.needed, column.optional) {
                (true, false) => Need::Value,
                (false, false) => Need::Column,
                (false, true) => Need::Nothing,
                (true, true) => return Err(format!("{}: needed and optional", column.name)),
            },
            personal: column.personal,
            from: column.from,
            to: column.to,
            most: column.most,
            own: !elsewhere(&column.name),
        });
    }
    Ok(TableLayout {
        id: table.id.clone(),
        name: table.name.clone(),
        names: table.names.clone(),
        from: table.from,
        in_child: table.in_child,
        flag: table.flag.as_deref().map(plain),
        columns,
        fields: table.columns.iter().map(|column| column.field.as_str().into()).collect(),
        personal: table.columns.iter().map(|column| column.personal).collect(),
    })
}

fn form(column: &RawColumn, sets: &[&str]) -> Result<Form, String> {
    match (column.r#type.as_deref(), &column.codes) {
        (None, Some(set)) => {
            let place = sets.iter().position(|known| known == set);
            place.map(Form::Code).ok_or(format!("{}: no code set {set}", column.name))
        }
        (Some("text"), None) => Ok(Form::Text),
        (Some("identifier"), None) => Ok(Form::Identifier),
        (Some("upn or reason"), None) => Ok(Form::UpnOrReason),
        (Some("date"), None) => Ok(Form::Date),
        (Some("yes/no"), None) => Ok(Form::Flag),
        (Some("whole number"), None) => Ok(Form::Whole),
        _ => Err(format!("{}: a known type or a code set, not both", column.name)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::collections::BTreeSet;

    use staysafe::definition::dataset::Missing;
    use staysafe::definition::read::read;
    use staysafe::value::Type;

    use super::*;

    #[test]
    fn the_layout_is_sound_and_each_table_has_a_column_of_its_own() {
        assert_eq!(SSDA903.tables.len(), 12);
        for table in &SSDA903.tables {
            assert!(table.columns.iter().any(|column| column.own), "{}", table.id);
            assert_eq!(table.columns[0].name, "CHILD", "{}: the first column is the child", table.id);
            assert_eq!(table.columns[0].need, Need::Value, "{}", table.id);
        }
    }

    #[test]
    fn a_name_that_means_two_columns_is_refused() {
        let text =
            include_str!("../../layouts/ssda903.toml").replace("name = \"REVIEW_CODE\"", "name = \"REVIEW\"");
        assert_eq!(
            Layout::parse(&text).err().as_deref(),
            Some("looked_after_review: REVIEW means two columns")
        );
    }

    /// Every field of a dataset of this return is fed, by a column of its type and of its codes, whose
    /// years are those of the framework.
    #[test]
    fn the_layout_and_the_shipped_datasets_say_the_same() {
        let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
        let fed: BTreeSet<&str> = SSDA903.tables.iter().map(|table| table.id.as_str()).collect();
        let declared = framework.datasets.values().filter(|set| set.carried_by.value == SSDA903.kind);
        assert_eq!(fed, declared.map(|set| set.id.value.as_str()).collect::<BTreeSet<_>>());
        let raw: RawLayout = toml::from_str(include_str!("../../layouts/ssda903.toml")).unwrap();
        for table in &raw.table {
            let dataset = &framework.datasets[&table.id];
            let fields: BTreeSet<&str> = table.columns.iter().map(|column| column.field.as_str()).collect();
            let theirs: BTreeSet<&str> =
                dataset.fields.iter().map(|field| field.name.value.as_str()).collect();
            assert_eq!(fields, theirs, "{}", table.id);
            for column in &table.columns {
                let field = dataset.fields.iter().find(|field| field.name.value == column.field).unwrap();
                let place = format!("{}.{}", table.id, column.field);
                assert_eq!(column.needed, field.missing == Missing::Error, "{place}: what may not be blank");
                let ty = match column.r#type.as_deref() {
                    Some("date") => Type::Date,
                    Some("yes/no") => Type::Bool,
                    Some("whole number") => Type::Int,
                    _ => Type::Text,
                };
                assert_eq!(ty, field.ty.value, "{place}");
                assert!(column.personal || !field.personal, "{place} is personal");
                let Some(set) = &column.codes else {
                    assert!(field.codes.is_none(), "{place} has codes");
                    continue;
                };
                let theirs =
                    &framework.code_sets[&field.codes.as_ref().unwrap_or_else(|| panic!("{place}")).value];
                for code in &raw.codes[set].codes {
                    let known = theirs.codes.iter().find(|known| known.code.value == *code);
                    let known = known.unwrap_or_else(|| panic!("{place}: the framework lacks {code}"));
                    let years = (known.from.as_ref().map(|y| y.value), known.to.as_ref().map(|y| y.value));
                    let own = (raw.codes[set].from.get(code).copied(), raw.codes[set].to.get(code).copied());
                    assert_eq!(own, years, "{place}: {code}");
                }
            }
        }
    }
}
