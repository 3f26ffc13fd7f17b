//! Tables and entries of a document, with what they may say.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned as TomlSpanned;
use toml::de::{DeString, DeTable, DeValue};

use super::file::{File, missing_label};
use super::hint;
use crate::diagnostic::{Code, Spanned, nearest};

/// A table that is being read: the keys it knows, and those it was given.
pub(super) struct Table<'a> {
    pub(super) file: &'a File<'a>,
    written: &'a DeTable<'a>,
    /// The header, or the inline table.
    pub(super) place: Range<usize>,
    /// As people say it: "an indicator", "`calculation`".
    name: String,
    /// Misspelt keys, read as what they were meant to be: the mistake is reported once, and what stands
    /// under the key is still looked at.
    meant: BTreeMap<&'static str, Entry<'a>>,
}

/// A key with its value, or a member of a list.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) file: &'a File<'a>,
    /// The key that people see; a member of a list goes by its list's key.
    pub(super) key: &'a str,
    /// Where the key is written.
    pub(super) key_at: Range<usize>,
    pub(super) value: &'a TomlSpanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    /// Opens a table that knows these keys and reports every other.
    pub(super) fn open(
        file: &'a File<'a>,
        table: &'a DeTable<'a>,
        place: Range<usize>,
        name: impl Into<String>,
        known: &[&'static str],
    ) -> Self {
        let mut opened = Self { file, written: table, place, name: name.into(), meant: BTreeMap::new() };
        for entry in opened.entries() {
            if !known.contains(&entry.key) && !file.is_broken(&entry.key_at) {
                opened.unknown(entry, known);
            }
        }
        opened
    }

    /// The file's own table.
    pub(super) fn root(
        file: &'a File<'a>,
        table: &'a DeTable<'a>,
        name: &'static str,
        known: &'static [&'static str],
    ) -> Self {
        file.describes(name, known);
        Self::open(file, table, file.first_line(), name, known)
    }

    /// Every entry, in the order of the file.
    pub(super) fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> =
            self.written.iter().map(|(key, value)| self.entry(key, value)).collect();
        entries.sort_by_key(|entry| entry.key_at.start);
        entries
    }

    /// The entry of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        let written = self.written.get_key_value(key).map(|(key, value)| self.entry(key, value));
        written.or_else(|| self.meant.get(key).cloned())
    }

    /// Reads an entry, if it is there.
    pub(super) fn optional<T>(&self, key: &str, read: impl FnOnce(&Entry<'a>) -> Option<T>) -> Option<T> {
        self.get(key).and_then(|entry| read(&entry))
    }

    /// Reads an entry that must be there; `example` shows one, as it would be written.
    pub(super) fn required<T>(
        &self,
        key: &str,
        example: &str,
        read: impl FnOnce(&Entry<'a>) -> Option<T>,
    ) -> Option<T> {
        let Some(entry) = self.get(key) else {
            self.missing(key, example);
            return None;
        };
        read(&entry)
    }

    /// Reports a key that must be there.
    pub(super) fn missing(&self, key: &str, example: &str) {
        if self.file.may_be_lost(key) {
            return;
        }
        self.file.report(
            self.file
                .finding(Code::MissingKey, self.place.clone(), format!("{} needs the key `{key}`", self.name))
                .label(missing_label(key))
                .help(format!("add a line such as: {example}")),
        );
    }

    fn unknown(&mut self, entry: Entry<'a>, known: &[&'static str]) {
        let under_header = self.file.text.get(self.place.clone()).is_some_and(|text| text.starts_with('['));
        if let Some(owner) = self.file.owner_of(entry.key).filter(|owner| under_header && *owner != self.name)
        {
            self.file.misplaced(entry.key);
            let message = format!("{} has no key `{}`; {owner} has", self.name, entry.key);
            let finding = self.file.finding(Code::UnknownKey, entry.key_at, message);
            let help = "TOML reads every key under the last [table] before it: write this one above the first [table]";
            self.file.report(finding.label(format!("a key of {owner}")).help(help));
            return;
        }
        let free =
            known.iter().filter(|key| !self.written.contains_key(**key) && !self.meant.contains_key(**key));
        let message = format!("{} has no key `{}`", self.name, entry.key);
        let finding = self.file.finding(Code::UnknownKey, entry.key_at.clone(), message);
        let meant = hint::key(&self.name, entry.key).filter(|meant| free.clone().any(|key| key == meant));
        let Some(near) = meant.or_else(|| nearest(entry.key, free.copied())) else {
            let listed = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let help = match hint::misplaced(&self.name, self.file.owner(), entry.key) {
                Some(hint) if self.name == "`[[test]]`" => format!("its keys are {listed}; {hint}"),
                Some(hint) => hint,
                None => format!("its keys are {listed}"),
            };
            self.file.report(finding.label("not a key of this table").help(help));
            return;
        };
        let finding = finding
            .label(format!("did you mean `{near}`?"))
            .help(format!("the nearest known key is `{near}`"))
            .fix(self.file.span(entry.key_at.clone()), near);
        self.file.report(finding);
        if let Some(near) = known.iter().find(|key| **key == near) {
            self.meant.insert(near, entry);
        }
    }

    fn entry(&self, key: &'a TomlSpanned<DeString<'a>>, value: &'a TomlSpanned<DeValue<'a>>) -> Entry<'a> {
        Entry { file: self.file, key: key.get_ref(), key_at: key.span(), value }
    }
}

/// The entries of a file whose own keys are names that the writer chose.
pub(super) fn entries<'a>(file: &'a File<'a>, table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let place = file.first_line();
    Table { file, written: table, place, name: String::new(), meant: BTreeMap::new() }.entries()
}

impl<'a> Entry<'a> {
    /// Where the value is written, with its quotes or brackets.
    pub(super) fn at(&self) -> Range<usize> {
        self.value.span()
    }

    /// The key as a name.
    pub(super) fn name(&self) -> Spanned<String> {
        self.file.at(self.key_at.clone(), self.key.to_owned())
    }

    /// A table of known keys.
    pub(super) fn table(&self, known: &[&'static str]) -> Option<Table<'a>> {
        let (table, place) = self.raw_table()?;
        // A table with a header goes by it: `[clock.icpc]`.
        let header = self.file.text.get(place.clone()).filter(|text| text.starts_with('['));
        let name = format!("`{}`", header.unwrap_or(self.key));
        Some(Table::open(self.file, table, place, name, known))
    }

    /// A table whose keys are names that the writer chose.
    pub(super) fn map(&self) -> Vec<Entry<'a>> {
        let Some((table, place)) = self.raw_table() else { return Vec::new() };
        let open =
            Table { file: self.file, written: table, place, name: String::new(), meant: BTreeMap::new() };
        open.entries()
    }

    /// Whether the value is a table.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    /// The members of a list.
    pub(super) fn members(&self) -> Option<Vec<Entry<'a>>> {
        let DeValue::Array(members) = self.value.get_ref() else {
            self.wrong("a list", &format!("{} = [\"…\"]", self.key));
            return None;
        };
        Some(members.iter().map(|value| Entry { value, ..self.clone() }).collect())
    }

    /// The tables of a list of tables, `[[key]]` or `key = [{ … }]`.
    pub(super) fn tables(&self, known: &[&'static str]) -> Vec<Table<'a>> {
        let DeValue::Array(members) = self.value.get_ref() else {
            self.wrong("a list of tables", &format!("[[{}]]", self.key));
            return Vec::new();
        };
        let members = members.iter().map(|value| Entry { value, ..self.clone() });
        members.filter_map(|member| member.table(known)).collect()
    }

    fn raw_table(&self) -> Option<(&'a DeTable<'a>, Range<usize>)> {
        let DeValue::Table(table) = self.value.get_ref() else {
            self.wrong("a table", &format!("{} = {{ … }}", self.key));
            return None;
        };
        let place = self.at();
        Some((table, if place.is_empty() { self.key_at.clone() } else { place }))
    }
}
