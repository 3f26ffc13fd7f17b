//! Datasets, their fields and links, and code sets.

use serde::Serialize;

use crate::diagnostic::Spanned;
use crate::value::{Datum, Type};

/// A dataset: a table of records that a return carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Dataset {
    pub id: Spanned<String>,
    pub title: Spanned<String>,
    /// The return that carries it: `cin-census`. Registers name themselves.
    pub carried_by: Spanned<String>,
    /// The agency that holds it.
    pub holder: Spanned<String>,
    pub area: Spanned<AreaRule>,
    /// Fields that identify a row; `None` for a dataset that never loses rows.
    pub key: Option<Spanned<Vec<String>>>,
    /// Which of its fields are the dates of a row.
    pub dates: Dates,
    /// The field whose greatest value decides between rows that differ under one key.
    pub version: Option<Spanned<String>>,
    /// Without a key: fields by which a row of one return is recognised in the next of the same authority.
    pub recognised_by: Option<Spanned<Vec<String>>>,
    /// The link to the record whose return a row is taken from, where the row has no life of its own.
    pub goes_with: Option<Spanned<String>>,
    /// Whether each row speaks of its return's year alone: a later return says nothing of an earlier year.
    pub of_the_year: bool,
    /// Whether a figure of a period needs its rows of all days of the period, through whatever link: where they do not
    /// cover it, the figure is *partly covered*.
    pub whole_period: bool,
    /// What one row is: "a child protection plan".
    pub row: Option<Spanned<String>>,
    /// Why the board asks for it, as whoever fills it in reads it.
    pub purpose: Option<Spanned<String>>,
    /// What allows it to be shared.
    pub legal_basis: Option<Spanned<String>>,
    /// What whoever supplies it gets back.
    pub gives_back: Option<Spanned<String>>,
    pub fields: Vec<Field>,
    pub links: Vec<Link>,
}

/// Which fields date a row: when it happened, or from when to when it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Dates {
    pub event: Option<Spanned<String>>,
    pub start: Option<Spanned<String>>,
    pub end: Option<Spanned<String>>,
}

/// Where a record's area comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaRule {
    /// A field of the record.
    Field(String),
    /// The return's header.
    Header,
    /// The caller.
    Given,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Field {
    pub name: Spanned<String>,
    pub ty: Spanned<Type>,
    /// What a blank means.
    pub missing: Missing,
    /// Whether its values must be masked in every diagnostic.
    pub personal: bool,
    /// A code set's id.
    pub codes: Option<Spanned<String>>,
    /// The dataset whose rows this number tells apart, inside one return: the reader gave it.
    pub number_of: Option<Spanned<String>>,
    /// The date that this is the reason of: a reason without its date is a contradiction.
    pub reason_of: Option<Spanned<String>>,
    /// In English, for the describer: "the start of the section 47 enquiry".
    pub words: Option<Spanned<String>>,
    /// What to write here, in the words of the agency that fills it in.
    pub note: Option<Spanned<String>>,
    /// What stands here in the worked row of a template.
    pub example: Option<Spanned<Datum>>,
}

/// What a blank means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// We do not know.
    Unknown,
    /// The answer is no.
    No,
    /// It may not be blank: the record is rejected by its reader.
    Error,
}

/// A link from this dataset to another (or to itself).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Link {
    pub name: Spanned<String>,
    pub to: Spanned<String>,
    /// Pairs of fields that must be equal: ours, theirs.
    pub on: Vec<(Spanned<String>, Spanned<String>)>,
    pub words: Option<Spanned<String>>,
}

/// A set of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CodeSet {
    pub id: Spanned<String>,
    pub codes: Vec<CodeOf>,
    pub source: Option<Spanned<String>>,
}

/// One code, with the years of the return in which it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CodeOf {
    pub code: Spanned<String>,
    pub words: Spanned<String>,
    /// First year of the return that knows it.
    pub from: Option<Spanned<i32>>,
    /// Last year of the return that knows it.
    pub to: Option<Spanned<i32>>,
}
