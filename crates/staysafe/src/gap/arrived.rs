//! What arrived: each dataset of each return, after the returns of each authority were joined.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::calculate::join::{authority_of, join, union};
use crate::calculate::{CalculateError, partner_counts};
use crate::check::Checked;
use crate::period::Period;
use crate::record::{Cover, Data, Days, ExpectedReturn, ExpectedReturns, Profile, Row};
use crate::value::Datum;

/// What arrived, by authority. Two that hold the same are equal, in whatever order they were put together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Arrived {
    /// By the authority's code.
    pub areas: BTreeMap<String, ArrivedFrom>,
    /// What agencies were asked for, and what became of it: it tells silence from a nil return.
    pub expected: Vec<ExpectedReturn>,
}

/// What arrived from one authority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ArrivedFrom {
    /// Each return that came, in order of its kind, then of what the caller calls it.
    pub returns: Vec<Came>,
    /// The deliveries of each dataset, in order of the day they speak of, then of the return.
    pub deliveries: BTreeMap<String, Vec<Delivery>>,
    /// The counts that partners gave in the place of records: by indicator, the periods and who counted, where that is said.
    pub counts: BTreeMap<String, BTreeSet<(Period, Option<String>)>>,
}

/// A return that came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Came {
    /// What the caller calls it.
    pub name: String,
    /// Which return it is: `cin-census`.
    pub kind: String,
    /// The day it speaks of.
    pub reference_date: Option<NaiveDate>,
    /// Days that its tables speak for; `None`: any day.
    pub speaks_for: Option<Vec<Days>>,
    /// Whole records that could not be used; `None` where that is not known.
    pub rejected_records: Option<u64>,
}

/// One dataset of one return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// What the caller calls the return.
    pub name: String,
    /// The day the return speaks of.
    pub reference_date: Option<NaiveDate>,
    /// What span of dates it can speak for.
    pub cover: Cover,
    /// Who handed it in; `None`: the authority itself, or whoever is asked.
    pub agency: Option<String>,
    /// Rows that stand after joining.
    pub rows: u64,
    names: Arc<[Arc<str>]>,
    filled: Vec<Filled>,
}

/// How far one field of a delivery is filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// Rows with a value.
    pub known: u64,
    /// Rows without one.
    pub missing: u64,
    /// Rows whose value could not be used.
    pub rejected: u64,
    /// Rows whose value the supplier hides.
    pub suppressed: u64,
}

impl Arrived {
    /// What arrived, after the returns of each authority were [joined](crate::calculate::join::join): a row that a
    /// later return replaced is counted there and not here.
    ///
    /// # Errors
    /// As for [`join`](crate::calculate::join::join).
    ///
    /// # Example
    /// ```
    /// use staysafe::gap::Arrived;
    /// use staysafe::record::Data;
    /// use staysafe::{check::check, definition::read::read};
    ///
    /// let (framework, _) = read([("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'")]);
    /// let checked = check(framework).0.unwrap();
    /// assert!(Arrived::of(&checked, &Data::default(), &[]).unwrap().areas.is_empty());
    /// ```
    pub fn of(checked: &Checked, data: &Data, profiles: &[Profile]) -> Result<Self, CalculateError> {
        let joined = join(checked, data)?;
        let mut arrived = Self { expected: ExpectedReturns::of(data).entries, ..Self::default() };
        let mut names = Names::default();
        let copies: BTreeSet<&str> = joined.copies.iter().map(|copy| copy.name.as_str()).collect();
        let kept: BTreeSet<&str> = joined.copies.iter().map(|copy| copy.of.as_str()).collect();
        for of in &data.returns {
            if copies.contains(of.name.as_str()) && !kept.contains(of.name.as_str()) {
                continue;
            }
            let from = arrived.areas.entry(authority_of(checked.framework(), of).to_owned()).or_default();
            let covers = of.tables.values().map(|table| table.cover);
            let profile = profiles.iter().find(|profile| profile.name == of.name);
            from.returns.push(Came {
                name: of.name.clone(),
                kind: of.kind.clone(),
                reference_date: of.reference_date,
                speaks_for: spoken(covers),
                rejected_records: profile.map(|profile| profile.rejected_records),
            });
            for (dataset, table) in &of.tables {
                let deliveries = from.deliveries.entry(dataset.clone()).or_default();
                // A return that was given twice stands once.
                let mut new =
                    Delivery::empty(&of.name, of.reference_date, table.cover, names.of(&table.fields));
                new.agency.clone_from(&of.submission.agency);
                if !deliveries.contains(&new) {
                    deliveries.push(new);
                }
            }
        }
        for authority in &joined.authorities {
            for (dataset, table) in &authority.of.tables {
                let aside = authority.aside.get(dataset);
                let only = authority.of.name.as_str();
                let area = authority_of(checked.framework(), &authority.of);
                let Some(deliveries) =
                    arrived.areas.get_mut(area).and_then(|from| from.deliveries.get_mut(dataset))
                else {
                    continue;
                };
                for row in &table.rows {
                    let source = aside.and_then(|aside| aside.source(row));
                    let name = source.map_or(only, |source| &*source.name);
                    if let Some(delivery) = deliveries.iter_mut().find(|delivery| delivery.name == name) {
                        delivery.count(&table.fields, row);
                    }
                }
            }
        }
        for count in partner_counts(checked, data).entries {
            let from = arrived.areas.entry(count.area).or_default();
            from.counts.entry(count.indicator).or_default().insert((count.period, count.agency));
        }
        arrived.sort();
        Ok(arrived)
    }

    /// What arrived, from profiles alone: returns are not joined, so that what stands in two of them counts twice.
    ///
    /// # Example
    /// ```
    /// use staysafe::record::Profile;
    /// let none: [Profile; 0] = [];
    /// assert!(staysafe::gap::Arrived::of_profiles(none).areas.is_empty());
    /// ```
    pub fn of_profiles<P: Borrow<Profile>>(profiles: impl IntoIterator<Item = P>) -> Self {
        let mut arrived = Self::default();
        let mut names = Names::default();
        for profile in profiles {
            let profile: &Profile = profile.borrow();
            let from = arrived.areas.entry(profile.area.clone()).or_default();
            let carried = || profile.modules.iter().filter(|module| module.carried);
            from.returns.push(Came {
                name: profile.name.clone(),
                kind: profile.kind.clone(),
                reference_date: profile.reference_date,
                speaks_for: spoken(carried().map(|module| module.cover)),
                rejected_records: Some(profile.rejected_records),
            });
            for module in carried() {
                let fields: Vec<Arc<str>> = module.fields.iter().map(|field| field.field.clone()).collect();
                let names = names.of(&fields);
                let mut delivery =
                    Delivery::empty(&profile.name, profile.reference_date, module.cover, names);
                delivery.rows = module.rows;
                for field in &module.fields {
                    if let Some(filled) = delivery.filled_mut(&field.field) {
                        *filled = Filled {
                            known: field.known,
                            missing: field.missing,
                            rejected: field.rejected,
                            suppressed: field.suppressed,
                        };
                    }
                }
                from.deliveries.entry(module.dataset.clone()).or_default().push(delivery);
            }
        }
        arrived.sort();
        arrived
    }

    /// The datasets of which anything arrived from anybody.
    pub fn datasets(&self) -> BTreeSet<&str> {
        self.areas.values().flat_map(|from| from.deliveries.keys()).map(String::as_str).collect()
    }

    /// Whether anything of a dataset arrived from anybody.
    pub fn has(&self, dataset: &str) -> bool {
        self.areas.values().any(|from| from.deliveries.contains_key(dataset))
    }

    fn sort(&mut self) {
        for from in self.areas.values_mut() {
            from.returns.sort_by(|a, b| (&a.kind, a).cmp(&(&b.kind, b)));
            from.returns.dedup();
        }
        for deliveries in self.areas.values_mut().flat_map(|from| from.deliveries.values_mut()) {
            deliveries.sort_by(|a, b| (a.reference_date, &a.name).cmp(&(b.reference_date, &b.name)));
        }
    }
}

impl ArrivedFrom {
    /// Whether a partner counted for an indicator in a period, or at all; one agency, where one is named.
    pub(super) fn counted(&self, indicator: &str, period: Option<Period>, agency: Option<&str>) -> bool {
        let ends_in = |of: Period| period.is_none_or(|period| period.days().contains(of.last_day()));
        let is_of =
            |counted: &Option<String>| agency.zip(counted.as_deref()).is_none_or(|(asked, own)| asked == own);
        let counts = self.counts.get(indicator);
        counts.is_some_and(|counts| counts.iter().any(|(of, counted)| ends_in(*of) && is_of(counted)))
    }

    /// The returns of one kind.
    pub(super) fn of_kind(&self, kind: &str) -> &[Came] {
        let first = self.returns.partition_point(|came| came.kind.as_str() < kind);
        let end = self.returns.partition_point(|came| came.kind.as_str() <= kind);
        self.returns.get(first..end).unwrap_or_default()
    }
}

impl Delivery {
    fn empty(name: &str, reference_date: Option<NaiveDate>, cover: Cover, names: Arc<[Arc<str>]>) -> Self {
        let filled = vec![Filled::default(); names.len()];
        Self { name: name.to_owned(), reference_date, cover, agency: None, rows: 0, names, filled }
    }

    /// How far a field is filled in; `None` where the delivery has no such column.
    pub fn filled(&self, field: &str) -> Option<Filled> {
        self.filled.get(self.place(field)?).copied()
    }

    /// Each field with how far it is filled in, in order of name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Filled)> {
        self.names.iter().map(|name| &**name).zip(self.filled.iter().copied())
    }

    fn filled_mut(&mut self, field: &str) -> Option<&mut Filled> {
        let place = self.place(field)?;
        self.filled.get_mut(place)
    }

    pub(super) fn names(&self) -> &Arc<[Arc<str>]> {
        &self.names
    }

    /// How far the column at a place among [`Delivery::names`] is filled in.
    pub(super) fn at(&self, place: usize) -> Option<Filled> {
        self.filled.get(place).copied()
    }

    fn place(&self, field: &str) -> Option<usize> {
        self.names.binary_search_by(|name| (**name).cmp(field)).ok()
    }

    fn count(&mut self, fields: &[Arc<str>], row: &Row) {
        self.rows += 1;
        for (field, value) in fields.iter().zip(&row.values) {
            let Some(filled) = self.filled_mut(field) else { continue };
            match value {
                Datum::Known(_) => filled.known += 1,
                Datum::Missing => filled.missing += 1,
                Datum::Rejected => filled.rejected += 1,
                Datum::Suppressed => filled.suppressed += 1,
            }
        }
    }

    /// The same without a column.
    pub(super) fn without(&self, field: &str) -> Self {
        let Some(place) = self.place(field) else { return self.clone() };
        let mut delivery = self.clone();
        delivery.names = self.names.iter().filter(|name| &***name != field).cloned().collect();
        delivery.filled.remove(place);
        delivery
    }

    /// The same with a column that is filled in, in every row.
    pub(super) fn with(&self, field: &str) -> Self {
        let mut delivery = self.without(field);
        let place = delivery.names.partition_point(|name| &**name < field);
        let (before, after) = delivery.names.split_at(place);
        let names = before.iter().cloned().chain([Arc::from(field)]).chain(after.iter().cloned());
        delivery.names = names.collect();
        delivery.filled.insert(place, Filled { known: delivery.rows, ..Filled::default() });
        delivery
    }

    /// A delivery of a dataset that has not come: all of its fields, for any day, without rows yet.
    pub(super) fn to_come<'f>(name: &str, fields: impl Iterator<Item = &'f str>) -> Self {
        let fields: BTreeSet<&str> = fields.collect();
        let names = fields.into_iter().map(Arc::from).collect();
        Self::empty(name, None, Cover::UNLIMITED, names)
    }
}

/// The days that some tables speak for; `None` where one of them has no limit.
fn spoken(covers: impl Iterator<Item = Cover>) -> Option<Vec<Days>> {
    covers.map(|cover| cover.stocks.or(cover.events)).collect::<Option<Vec<Days>>>().map(union)
}

/// Lists of columns, each kept once however many deliveries have it.
#[derive(Debug, Default)]
struct Names(BTreeSet<Arc<[Arc<str>]>>);

impl Names {
    fn of(&mut self, fields: &[Arc<str>]) -> Arc<[Arc<str>]> {
        let mut sorted: Vec<Arc<str>> = fields.to_vec();
        sorted.sort();
        sorted.dedup();
        if let Some(held) = self.0.get(sorted.as_slice()) {
            return held.clone();
        }
        let names: Arc<[Arc<str>]> = sorted.into();
        self.0.insert(names.clone());
        names
    }
}
