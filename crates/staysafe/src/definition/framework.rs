//! A framework: what a board's folder of definitions says, before `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::alias::AliasTable;
use super::breakdown::Breakdown;
use super::dataset::{CodeSet, Dataset};
use super::derived::Derived;
use super::indicator::{Disclosure, Indicator, Quality, Stretch};
use super::workflow::Way;
use crate::diagnostic::{Code, Diagnostic, SourceText, Sources, Span, Spanned};
use crate::value::{Datum, Type};

/// A framework of indicators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Framework {
    pub id: String,
    pub title: String,
    /// What it covers, in the board's words.
    pub scope: String,
    /// What it leaves out, with the reason; not a gap.
    pub excluded: Vec<Excluded>,
    /// What must hold between figures.
    pub identities: Vec<Identity>,
    pub quality: Option<Quality>,
    pub disclosure: Option<Spanned<Disclosure>>,
    pub parameters: BTreeMap<String, Parameter>,
    /// Dated constants: `limit('ia')` is 7 working days, then 10.
    pub limits: BTreeMap<String, DatedLimit>,
    pub lists: Vec<List>,
    pub sources: Vec<Source>,
    pub agencies: BTreeMap<String, Agency>,
    pub areas: BTreeMap<String, Area>,
    pub code_sets: BTreeMap<String, CodeSet>,
    /// Local spellings of codes, by code set.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, AliasTable>,
    pub datasets: BTreeMap<String, Dataset>,
    pub derived: BTreeMap<String, Derived>,
    pub breakdowns: BTreeMap<String, Breakdown>,
    /// The options for devising it.
    pub ways: Vec<Way>,
    /// In the order of id.
    pub indicators: BTreeMap<String, Indicator>,
    /// Paths of files of which something could not be read. What could be is here, so that its other
    /// mistakes are found too; but nothing may be calculated from a framework while any file is named here.
    /// A value that stands in for one that could not be read has a span without bytes.
    pub incomplete: BTreeSet<Arc<str>>,
    /// The files it was read from.
    #[serde(skip)]
    pub files: Sources,
}

impl Framework {
    /// Whether an indicator stands in one of the board's lists, and not in a list of our own alone.
    pub fn is_listed(&self, indicator: &Indicator) -> bool {
        indicator
            .listed
            .iter()
            .any(|listing| self.lists.iter().any(|list| list.listed && list.id.value == listing.list.value))
    }

    /// Whether a finding only follows from something that reading has already reported: it points at a value
    /// that stands in for an unreadable one, or misses a name that is declared in a file which could not be
    /// read whole.
    pub fn is_reported(&self, finding: &Diagnostic) -> bool {
        let others = finding.others.iter().map(|other| &other.span);
        let stands_in =
            |span: &Span| span.start == 0 && span.end == 0 && self.incomplete.contains(&span.file);
        let lost = |span: &Span| {
            let text = self.files.get(&span.file).map(SourceText::text);
            text.and_then(|text| text.get(span.start..span.end)).is_some_and(|name| self.may_declare(name))
        };
        finding.span.iter().chain(others).any(stands_in)
            || finding.code == Code::UnknownName && finding.span.as_ref().is_some_and(lost)
    }

    /// Whether a line of an incomplete file, other than an indicator's, may declare a name.
    pub(crate) fn may_declare(&self, name: &str) -> bool {
        let name = name.trim_start_matches('$');
        let declares = |line: &str| {
            let named = |word: &str| word.split(['"', '\'', '.', ']']).any(|part| part == name);
            match line.split_once('=') {
                Some((key, value)) => {
                    ["id", "name", "code"].contains(&key.trim_start_matches([' ', '{']).trim_end())
                        && named(value)
                }
                None => line.trim_start().starts_with('[') && named(line),
            }
        };
        let texts = self.incomplete.iter().filter(|path| !path.contains("indicators/"));
        texts.filter_map(|path| self.files.get(path)).any(|file| file.text().lines().any(declares))
    }
}

/// Something the framework leaves out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Excluded {
    pub what: Spanned<String>,
    pub reason: Spanned<String>,
}

/// What must hold between figures of one area: where it does not, a record contradicts itself or a definition is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Identity {
    pub id: Spanned<String>,
    pub kind: Spanned<IdentityKind>,
    /// The indicators, in the order of [`IdentityKind::roles`].
    pub of: Vec<Spanned<String>>,
    /// What it says, in a sentence.
    pub words: Option<Spanned<String>>,
}

/// What kind of sum must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// What is open at the end is what was open before, and what started, less what ended.
    StockAndFlow,
    /// A share's numerator is the part; its denominator, with what nobody could judge, the whole.
    Share,
    /// The categories of a distribution add up to the whole.
    Categories,
}

impl IdentityKind {
    /// What its indicators are, in the order of `of`.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Self::StockAndFlow => &["stock", "started", "ended"],
            Self::Share => &["share", "part", "whole"],
            Self::Categories => &["distribution", "whole"],
        }
    }
}

/// A named choice where more than one reading of a rule is legitimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Parameter {
    pub name: Spanned<String>,
    pub ty: Spanned<Type>,
    pub default: Spanned<Datum>,
    pub why: Option<Spanned<String>>,
    pub source: Option<Spanned<String>>,
}

/// A limit that changed over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct DatedLimit {
    pub name: Spanned<String>,
    /// From which day each limit holds, in order.
    pub steps: Vec<(Option<Spanned<NaiveDate>>, Spanned<Stretch>)>,
    /// Where each step comes from, as far as it is said.
    pub sources: Vec<Spanned<String>>,
}

/// A list of indicators, under its own heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct List {
    pub id: Spanned<String>,
    /// As printed.
    pub heading: Spanned<String>,
    /// Whether its entries are among those the board's document lists.
    pub listed: bool,
    pub source: Option<Spanned<String>>,
}

/// A source of data that the framework names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Source {
    pub id: Spanned<String>,
    pub number: Option<Spanned<String>>,
    /// As printed.
    pub title: Spanned<String>,
    pub note: Option<Spanned<String>>,
}

/// An agency that holds data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Agency {
    pub id: Spanned<String>,
    pub name: Spanned<String>,
    /// What it says it supplies: dataset ids with the agreement that allows it.
    pub supplies: Vec<Supplies>,
}

/// What an agency says it supplies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Supplies {
    pub dataset: Spanned<String>,
    /// Which of its fields; empty: all of them.
    pub fields: Vec<Spanned<String>>,
    pub cadence: Option<Spanned<Cadence>>,
    /// How long after the end of what it speaks for it comes.
    pub lag: Option<Spanned<Stretch>>,
    /// The first day it speaks for.
    pub first: Option<Spanned<NaiveDate>>,
    /// What the supplier says of how good it is.
    pub quality: Option<Spanned<String>>,
    /// What allows it.
    pub agreement: Option<Spanned<String>>,
    /// The agreement's last day.
    pub until: Option<Spanned<NaiveDate>>,
    /// Who signs it.
    pub signed_by: Option<Spanned<String>>,
}

/// How often something is supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cadence {
    /// Each month.
    Monthly,
    /// Each quarter.
    Quarterly,
    /// Each of the three school terms.
    Termly,
    /// Each half year.
    HalfYearly,
    /// Each year.
    Annual,
    /// When there is something to supply, or when it is asked for.
    OnRequest,
}

impl Cadence {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 6] =
        [Self::Monthly, Self::Quarterly, Self::Termly, Self::HalfYearly, Self::Annual, Self::OnRequest];

    /// The cadence as it is written in a definition.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Termly => "termly",
            Self::HalfYearly => "half-yearly",
            Self::Annual => "annual",
            Self::OnRequest => "on-request",
        }
    }
}

/// An area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Area {
    pub code: Spanned<String>,
    pub name: Spanned<String>,
    pub level: Option<Spanned<String>>,
    /// Areas it lies in; no two of one level on one day.
    pub parents: Vec<Parent>,
    /// Other codes it goes by: scheme (`lea`) and code (`805`).
    pub aliases: Vec<(Spanned<String>, Spanned<String>)>,
    pub valid_from: Option<Spanned<NaiveDate>>,
    pub valid_to: Option<Spanned<NaiveDate>>,
    pub successors: Vec<Spanned<String>>,
    pub neighbours: Vec<Spanned<String>>,
    /// Facts about the area that `applies_when` asks for: `secure_establishment = false`.
    pub facts: BTreeMap<String, Spanned<Datum>>,
}

/// An area that another lies in, for a time or always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Parent {
    pub code: Spanned<String>,
    pub valid_from: Option<Spanned<NaiveDate>>,
    pub valid_to: Option<Spanned<NaiveDate>>,
}
