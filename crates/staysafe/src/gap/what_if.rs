//! How the picture would change: an agreement runs out, a dataset, a field or an agency is lost or gained.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::Serialize;

use super::arrived::{Arrived, Delivery};
use super::entry::holder;
use super::{Circumstances, GapAnalysis, Headline, areas, gap};
use crate::check::Checked;
use crate::diagnostic::nearest;

/// Something that might happen.
///
/// It is written as it is said: `lose dataset referral`, `gain field referral.referral_date`, `lose agency police`,
/// `lapse agreement ons: published statistics`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    /// It is lost, whatever of it arrived.
    Lose(Lot),
    /// It comes, whole, for any day.
    Gain(Lot),
    /// An agreement with an agency runs out: what it supplies under it, and under no other, is lost.
    Lapse {
        /// The agency's id.
        agency: String,
        /// The agreement, as written where the agency says what it supplies.
        agreement: String,
    },
}

/// What is lost or gained.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Lot {
    /// A dataset.
    Dataset {
        /// Its id.
        dataset: String,
    },
    /// One field.
    Field {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// All that an agency holds.
    Agency {
        /// The agency's id.
        agency: String,
    },
}

/// The picture before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    /// What was supposed.
    pub changes: Vec<Change>,
    /// The entries whose headline changes, in order of id.
    pub moved: Vec<Moved>,
    /// The headlines of the listed entries as they are.
    pub before: BTreeMap<Headline, usize>,
    /// The whole analysis as it would be.
    pub after: GapAnalysis,
}

/// An entry that would stand under another headline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The indicator's id.
    pub indicator: String,
    /// Whether it is one of the board's listed entries.
    pub listed: bool,
    /// As it is.
    pub from: Headline,
    /// As it would be.
    pub to: Headline,
}

/// Why nothing can be supposed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// The words are not understood.
    #[error(
        "'{0}' is no change: write 'lose' or 'gain' with 'dataset ID', 'field DATASET.FIELD' or 'agency ID', or 'lapse agreement AGENCY: AGREEMENT'"
    )]
    NoChange(String),
    /// Nothing goes by the name.
    #[error("no {what} is called '{name}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    Unknown {
        /// What was named.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest there is.
        near: Option<String>,
    },
}

impl FromStr for Change {
    type Err = WhatIfError;

    fn from_str(text: &str) -> Result<Self, WhatIfError> {
        let none = || WhatIfError::NoChange(text.to_owned());
        let (verb, rest) = text.trim().split_once(' ').ok_or_else(none)?;
        let (what, name) = rest.trim().split_once(' ').ok_or_else(none)?;
        let name = name.trim();
        let lot = || match what {
            "dataset" => Ok(Lot::Dataset { dataset: name.to_owned() }),
            "agency" => Ok(Lot::Agency { agency: name.to_owned() }),
            "field" => {
                let (dataset, field) = name.split_once('.').ok_or_else(none)?;
                Ok(Lot::Field { dataset: dataset.to_owned(), field: field.to_owned() })
            }
            _ => Err(none()),
        };
        match (verb, what) {
            ("lose", _) => lot().map(Self::Lose),
            ("gain", _) => lot().map(Self::Gain),
            ("lapse", "agreement") => {
                let (agency, agreement) = name.split_once(':').ok_or_else(none)?;
                Ok(Self::Lapse { agency: agency.trim().to_owned(), agreement: agreement.trim().to_owned() })
            }
            _ => Err(none()),
        }
    }
}

/// How the picture would change.
///
/// # Errors
/// A dataset, field, agency or agreement that the framework does not know.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, Circumstances, Headline, what_if};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\n[[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let today = Circumstances::on("2010-07-01".parse().unwrap());
/// let gained = ["gain dataset restraint".parse().unwrap()];
/// let picture = what_if(&checked, &Arrived::default(), &today, &gained).unwrap();
/// assert_eq!((picture.moved[0].from, picture.moved[0].to), (Headline::Gap, Headline::Available));
/// ```
pub fn what_if(
    checked: &Checked,
    arrived: &Arrived,
    circumstances: &Circumstances,
    changes: &[Change],
) -> Result<WhatIf, WhatIfError> {
    let before = gap(checked, arrived, circumstances);
    let (arrived, circumstances) = supposed(checked, arrived, circumstances, changes)?;
    let after = gap(checked, &arrived, &circumstances);
    let moved = before.gaps.values().filter_map(|was| {
        let is = after.gaps.get(&was.indicator)?;
        let (indicator, listed) = (was.indicator.clone(), was.listed);
        (was.headline != is.headline).then_some(Moved {
            indicator,
            listed,
            from: was.headline,
            to: is.headline,
        })
    });
    Ok(WhatIf { moved: moved.collect(), changes: changes.to_vec(), before: before.headlines, after })
}

/// What would have arrived, and under which circumstances.
///
/// # Errors
/// A dataset, field, agency or agreement that the framework does not know.
pub fn supposed(
    checked: &Checked,
    arrived: &Arrived,
    circumstances: &Circumstances,
    changes: &[Change],
) -> Result<(Arrived, Circumstances), WhatIfError> {
    let schema = Schema::of(checked);
    let mut picture = Picture { arrived: arrived.clone(), circumstances: circumstances.clone() };
    for change in changes {
        match change {
            Change::Lose(lot) => {
                schema.check(lot)?;
                picture.lose(lot, &schema);
            }
            Change::Gain(lot) => {
                schema.check(lot)?;
                picture.gain(lot, &schema);
            }
            Change::Lapse { agency, agreement } => {
                schema.agreement(agency, agreement)?;
                picture.circumstances.lapsed.push((agency.clone(), agreement.clone()));
                let said = super::supplied(checked.framework());
                let under = |of: &&super::SupplySaid| {
                    of.agency == *agency && of.agreement.as_ref() == Some(agreement)
                };
                let datasets: BTreeSet<&str> =
                    said.iter().filter(under).map(|said| said.dataset.as_str()).collect();
                for dataset in datasets {
                    let mut others = said.iter().filter(|said| said.dataset == dataset);
                    if !others.any(|said| picture.circumstances.holds(said)) {
                        picture.lose(&Lot::Dataset { dataset: dataset.to_owned() }, &schema);
                    }
                }
            }
        }
    }
    Ok((picture.arrived, picture.circumstances))
}

struct Picture {
    arrived: Arrived,
    circumstances: Circumstances,
}

impl Picture {
    fn lose(&mut self, lot: &Lot, schema: &Schema<'_>) {
        for from in self.arrived.areas.values_mut() {
            match lot {
                Lot::Dataset { dataset } => {
                    from.deliveries.remove(dataset);
                }
                Lot::Field { dataset, field } => {
                    for delivery in from.deliveries.get_mut(dataset).into_iter().flatten() {
                        *delivery = delivery.without(field);
                    }
                }
                // What names no agency came from the holder.
                Lot::Agency { agency } => {
                    for (dataset, deliveries) in &mut from.deliveries {
                        let held = schema.holds(agency, dataset);
                        deliveries.retain(|delivery| match &delivery.agency {
                            Some(sender) => sender != agency,
                            None => !held,
                        });
                    }
                    from.deliveries.retain(|_, deliveries| !deliveries.is_empty());
                    for counts in from.counts.values_mut() {
                        counts.retain(|(_, counted)| counted.as_ref() != Some(agency));
                    }
                }
            }
        }
    }

    fn gain(&mut self, lot: &Lot, schema: &Schema<'_>) {
        if let Lot::Agency { agency } = lot {
            for dataset in schema.held.get(agency.as_str()).into_iter().flatten() {
                self.gain(&Lot::Dataset { dataset: (*dataset).to_owned() }, schema);
            }
            return;
        }
        for area in areas(&self.arrived, &self.circumstances) {
            let from = self.arrived.areas.entry(area).or_default();
            match lot {
                Lot::Dataset { dataset } => {
                    let fields = schema.fields.get(dataset.as_str()).into_iter().flatten().copied();
                    from.deliveries.insert(dataset.clone(), vec![Delivery::to_come("what if", fields)]);
                }
                Lot::Field { dataset, field } => {
                    for delivery in from.deliveries.get_mut(dataset).into_iter().flatten() {
                        *delivery = delivery.with(field);
                    }
                }
                Lot::Agency { .. } => {}
            }
        }
    }
}

/// The names that can be supposed of.
struct Schema<'a> {
    /// Fields by dataset, of schemas and of needs.
    fields: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Datasets by agency.
    held: BTreeMap<&'a str, BTreeSet<&'a str>>,
    agreements: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Schema<'a> {
    fn of(checked: &'a Checked) -> Self {
        let framework = checked.framework();
        let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut agreements = BTreeSet::new();
        for dataset in framework.datasets.values() {
            let names = dataset.fields.iter().map(|field| field.name.value.as_str());
            fields.entry(&dataset.id.value).or_default().extend(names);
            held.entry(&dataset.holder.value).or_default().insert(&dataset.id.value);
        }
        for agency in framework.agencies.values() {
            held.entry(&agency.id.value).or_default();
            let named = agency.supplies.iter().filter_map(|supplies| supplies.agreement.as_ref());
            agreements.extend(named.map(|name| (agency.id.value.as_str(), name.value.as_str())));
        }
        for indicator in framework.indicators.values() {
            for need in &indicator.needs {
                let dataset = need.dataset.value.as_str();
                let names = need.fields.iter().map(|field| field.value.as_str());
                fields.entry(dataset).or_default().extend(names);
                // A dataset with a schema has one holder, whoever an indicator asks.
                if let Some(holder) = holder(framework, indicator, dataset)
                    && !framework.datasets.contains_key(dataset)
                {
                    held.entry(holder).or_default().insert(dataset);
                }
            }
        }
        Self { fields, held, agreements }
    }

    /// Whether an agency is the holder of a dataset.
    fn holds(&self, agency: &str, dataset: &str) -> bool {
        self.held.get(agency).is_some_and(|held| held.contains(dataset))
    }

    fn check(&self, lot: &Lot) -> Result<(), WhatIfError> {
        match lot {
            Lot::Dataset { dataset } => known("dataset", dataset, self.fields.keys().copied()),
            Lot::Field { dataset, field } => {
                known("dataset", dataset, self.fields.keys().copied())?;
                let fields = self.fields.get(dataset.as_str()).into_iter().flatten().copied();
                known("field", field, fields)
            }
            Lot::Agency { agency } => known("agency", agency, self.held.keys().copied()),
        }
    }

    fn agreement(&self, agency: &str, agreement: &str) -> Result<(), WhatIfError> {
        known("agency", agency, self.held.keys().copied())?;
        let of_agency = self.agreements.iter().filter(|(of, _)| *of == agency).map(|(_, name)| *name);
        known("agreement", agreement, of_agency)
    }
}

fn known<'n>(
    what: &'static str,
    name: &str,
    mut names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), WhatIfError> {
    let near = nearest(name, names.clone()).map(str::to_owned);
    if names.any(|held| held == name) {
        return Ok(());
    }
    Err(WhatIfError::Unknown { what, name: name.to_owned(), near })
}
