//! What a board asks of an agency, on one page: what, why, for which question, on which basis, by when, and what comes
//! back.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::Checked;
use crate::definition::dataset::{Dataset, Missing};
use crate::diagnostic::nearest;
use crate::period::Period;

pub use page::{html, markdown};

/// What the definitions do not say of a request: the caller says it, and what nobody says is left to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The datasets; without any, everything the agency holds that an indicator needs.
    pub datasets: Vec<String>,
    /// The period it is asked for.
    pub period: Option<Period>,
    /// The day by which it is due.
    pub due: Option<NaiveDate>,
    /// Whom to send it to, and whom to ask.
    pub contact: Option<String>,
}

/// A request to an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who asks: the framework's title.
    pub board: String,
    /// The agency's id.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// The period it is asked for.
    pub period: Option<Period>,
    /// The day by which it is due.
    pub due: Option<NaiveDate>,
    /// Whom to send it to, and whom to ask.
    pub contact: Option<String>,
    /// What is asked for, in order of the datasets' ids.
    pub items: Vec<Item>,
}

/// One dataset of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The dataset's id, which is the name of its template.
    pub dataset: String,
    /// Its title.
    pub title: String,
    /// What one row is.
    pub row: Option<String>,
    /// Why the board asks for it.
    pub purpose: Option<String>,
    /// What allows it to be shared: what the dataset says, or the agreement under which the agency supplies it.
    pub legal_basis: Option<String>,
    /// What the agency gets back.
    pub gives_back: Option<String>,
    /// The columns, each with what it is.
    pub columns: Vec<Column>,
    /// The board's questions that it answers: indicator, and question or title.
    pub questions: BTreeMap<String, String>,
}

/// A column that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name in the template.
    pub name: String,
    /// What it is.
    pub words: Option<String>,
    /// What to write there, in the agency's own words.
    pub note: Option<String>,
    /// Whether a row is of no use without it.
    pub needed: bool,
    /// Whether it says something about a person.
    pub personal: bool,
}

/// Why there is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The framework knows no such agency.
    #[error("the framework knows no agency `{name}`{}", near.as_deref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownAgency {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// The framework knows no such dataset.
    #[error("the framework has no dataset `{name}`{}", near.as_deref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownDataset {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// The agency holds nothing that an indicator needs.
    #[error(
        "nothing that `{0}` holds is needed for an indicator; name datasets to ask for them all the same"
    )]
    NothingToAsk(String),
}

/// A request to an agency for what it holds.
///
/// # Errors
/// An agency or a dataset that the framework does not know; an agency that holds nothing an indicator needs.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read};
/// use staysafe::request::{Asking, markdown, request};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'A board'\nscope = 'all'"),
///     ("agencies.toml", "agency = [{ id = 'police', name = 'Police' }]"),
///     (
///         "datasets/stops.toml",
///         "id = 'stops'\ntitle = 'Stops'\ncarried_by = 'stops'\nholder = 'police'\narea = 'given'\n\
///          field = [{ name = 'day', type = 'date' }]",
///     ),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let asking = Asking {
///     datasets: vec!["stops".to_owned()],
///     period: "2010-11 Q1".parse().ok(),
///     ..Asking::default()
/// };
/// let request = request(&checked, "police", &asking).unwrap();
/// assert!(markdown(&request).contains("## Stops (`stops`)"));
/// ```
pub fn request(checked: &Checked, agency: &str, asking: &Asking) -> Result<Request, RequestError> {
    let framework = checked.framework();
    let of = framework.agencies.get(agency).ok_or_else(|| RequestError::UnknownAgency {
        name: agency.to_owned(),
        near: nearest(agency, framework.agencies.keys().map(String::as_str)).map(str::to_owned),
    })?;
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for id in &asking.datasets {
        let Some(dataset) = framework.datasets.get(id) else {
            let near = nearest(id, framework.datasets.keys().map(String::as_str)).map(str::to_owned);
            return Err(RequestError::UnknownDataset { name: id.clone(), near });
        };
        ids.insert(&dataset.id.value);
    }
    let questions = questions(checked);
    if asking.datasets.is_empty() {
        let held = framework.datasets.values().filter(|dataset| dataset.holder.value == agency);
        let supplied = of.supplies.iter().map(|supply| supply.dataset.value.as_str());
        let all = held.map(|dataset| dataset.id.value.as_str()).chain(supplied);
        ids.extend(all.filter(|id| questions.contains_key(id)));
    }
    if ids.is_empty() {
        return Err(RequestError::NothingToAsk(agency.to_owned()));
    }
    let item = |id: &&str| {
        let dataset = framework.datasets.get(*id)?;
        let agreement = of.supplies.iter().find(|supply| supply.dataset.value == **id);
        let agreement = agreement.and_then(|supply| supply.agreement.as_ref());
        Some(item(dataset, agreement.map(|words| words.value.clone()), questions.get(id)))
    };
    Ok(Request {
        board: framework.title.clone(),
        agency: agency.to_owned(),
        name: of.name.value.clone(),
        period: asking.period,
        due: asking.due,
        contact: asking.contact.clone(),
        items: ids.iter().filter_map(item).collect(),
    })
}

/// The board's questions by the dataset that they need: each indicator's own, or its title where it asks none.
fn questions(checked: &Checked) -> BTreeMap<&str, BTreeMap<String, String>> {
    let mut found: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for (id, indicator) in checked.indicators() {
        let Some(definition) = checked.definition(id) else { continue };
        let words = definition.words.question.as_ref().unwrap_or(&definition.title);
        let declared = definition.needs.iter().map(|need| need.dataset.value.as_str());
        for dataset in indicator.need().keys().map(String::as_str).chain(declared) {
            found.entry(dataset).or_default().insert(id.clone(), words.value.clone());
        }
    }
    found
}

fn item(dataset: &Dataset, agreement: Option<String>, questions: Option<&BTreeMap<String, String>>) -> Item {
    let words =
        |text: &Option<crate::diagnostic::Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    let columns = dataset.fields.iter().map(|field| Column {
        name: field.name.value.clone(),
        words: words(&field.words),
        note: words(&field.note),
        needed: field.missing == Missing::Error,
        personal: field.personal,
    });
    Item {
        dataset: dataset.id.value.clone(),
        title: dataset.title.value.clone(),
        row: words(&dataset.row),
        purpose: words(&dataset.purpose),
        legal_basis: words(&dataset.legal_basis).or(agreement),
        gives_back: words(&dataset.gives_back),
        columns: columns.collect(),
        questions: questions.cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
