//! Which rows of several returns stand (ruling 6).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::aside::{Aside, Source};
use super::cover;
use super::duplicates::settle;
use super::finding::{Finding, Origin, What};
use super::number::Numbers;
use super::order::Carrier;
use super::roles::{Roles, pick};
use crate::record::{Return, Row, Table};
use crate::value::Datum;

/// A row of one return, in the order of the dataset's fields, with what it stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidate {
    pub(super) values: Vec<Datum>,
    /// Its place in the table.
    pub(super) place: usize,
    /// Where it, and what it stands for, were read.
    pub(super) origins: Vec<u32>,
    /// How many identical rows it stands for, besides itself.
    pub(super) duplicates: u64,
    /// Whether it stands for rows that differ.
    pub(super) contradictory: bool,
}

/// Whether a record stands, by the return's place and what rows that go with it name it by.
type Led = BTreeMap<(usize, Vec<Datum>), bool>;

/// What a record is known again by: the agency that tells of it, what recognises it, and its number among those that
/// nothing tells apart.
type Recognised<'a> = (Option<&'a str>, Vec<Datum>, usize);

/// A row: its carrier, and its position among that carrier's rows.
type At = (usize, usize);

/// What becomes of the rows of a dataset.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    roles: &'a Roles<'a>,
    carriers: Vec<Carrier<'a>>,
    /// The rows of each carrier.
    rows: Vec<Vec<Candidate>>,
    /// Rows by carrier and position that stand.
    kept: BTreeSet<At>,
    /// Rows that a later return could have held and does not.
    vanished: BTreeSet<At>,
    /// The versions of one record, by carrier and position; of every record.
    versions: Vec<Vec<At>>,
    /// Whether some rows stood twice in one return.
    settled: bool,
}

/// Chooses the rows of a dataset. What the rows go with was chosen before.
pub(super) fn choose<'a>(
    roles: &'a Roles<'a>,
    carriers: Vec<Carrier<'a>>,
    leader: Option<&Chosen<'_>>,
    findings: &mut Vec<Finding>,
) -> Chosen<'a> {
    let mut settled = false;
    let mut rows = Vec::new();
    for (number, carrier) in carriers.iter().enumerate() {
        // What an earlier return says of its own year is nothing that a later one could be asked for.
        let mut later = carriers.iter().skip(number + 1);
        if roles.dataset.of_the_year && later.any(|other| other.is_of_the_same_agency(carrier)) {
            rows.push(Vec::new());
            continue;
        }
        let read = candidates(roles, carrier.table);
        let before = read.len();
        let left = settle(roles, carrier, read, findings);
        settled |= left.len() < before;
        rows.push(left);
    }
    let (kept, vanished, versions) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut chosen = Chosen { roles, carriers, rows, kept, vanished, versions, settled };
    let led = leader.zip(roles.goes_with.as_ref()).map(|(leader, with)| leader.led(&with.theirs));
    chosen.versions = chosen.match_up(led.as_ref());
    let standing: Vec<Option<At>> =
        chosen.versions.iter().map(|versions| chosen.standing(versions)).collect();
    for (versions, stands) in chosen.versions.iter().zip(&standing) {
        if let Some(stands) = stands {
            chosen.report_revision(*stands, versions, findings);
        }
    }
    chosen.kept.extend(standing.into_iter().flatten());
    for at in chosen.lost() {
        chosen.report(What::Vanished, at, &[at], &[], findings);
        chosen.vanished.insert(at);
    }
    if let Some(led) = &led {
        chosen.follow(led);
    }
    chosen
}

/// The rows of a table in the order of the dataset's fields; a field without a column is blank.
fn candidates(roles: &Roles<'_>, table: &Table) -> Vec<Candidate> {
    let columns: Vec<Option<usize>> = roles
        .dataset
        .fields
        .iter()
        .map(|field| table.fields.iter().position(|name| **name == field.name.value))
        .collect();
    let lay = |row: &Row| {
        columns
            .iter()
            .map(|column| column.and_then(|at| row.values.get(at)).cloned().unwrap_or_default())
            .collect()
    };
    table
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| Candidate {
            values: lay(row),
            place,
            origins: vec![row.origin],
            duplicates: 0,
            contradictory: false,
        })
        .collect()
}

impl<'a> Chosen<'a> {
    /// Whether the joined table differs from the one table that was given.
    pub(super) fn changed(&self) -> bool {
        self.settled || self.carriers.len() > 1
    }

    pub(super) fn roles(&self) -> &Roles<'a> {
        self.roles
    }

    /// Every record's versions with their own numbers.
    pub(super) fn versions(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, &Candidate)>> {
        self.versions.iter().map(|versions| {
            versions.iter().filter_map(|at| Some((self.carriers.get(at.0)?.place, self.row(*at)?)))
        })
    }

    fn row(&self, (carrier, row): At) -> Option<&Candidate> {
        self.rows.get(carrier)?.get(row)
    }

    /// The versions of each record, in order of first appearance. Records that nothing tells apart are counted up:
    /// the first of one return is the first of the other.
    fn match_up(&self, led: Option<&Led>) -> Vec<Vec<At>> {
        let mut records: BTreeMap<Recognised<'_>, Vec<At>> = BTreeMap::new();
        for (carrier, rows) in self.rows.iter().enumerate() {
            // Two agencies that give two records one key tell of two records.
            let agency = self.carriers.get(carrier).and_then(|of| of.of.submission.agency.as_deref());
            let mut alike: BTreeMap<Vec<Datum>, Vec<usize>> = BTreeMap::new();
            for (at, row) in rows.iter().enumerate() {
                if led.is_none_or(|led| self.followed(led, carrier, row).is_none()) {
                    alike.entry(self.roles.recognised(&row.values)).or_default().push(at);
                }
            }
            for (values, mut places) in alike {
                if places.len() > 1 {
                    // What more of the later returns could hold is more likely to be what they hold.
                    places.sort_by_cached_key(|at| {
                        let row = rows.get(*at)?;
                        let inside = self.after(carrier).filter(|of| self.inside(of, &row.values));
                        Some((Reverse(inside.count()), self.roles.lasting(&row.values), row.place))
                    });
                }
                for (occurrence, at) in places.into_iter().enumerate() {
                    records.entry((agency, values.clone(), occurrence)).or_default().push((carrier, at));
                }
            }
        }
        let mut versions: Vec<Vec<At>> = records.into_values().collect();
        versions.sort();
        versions
    }

    /// Whether a return could hold a row.
    fn inside(&self, carrier: &Carrier<'_>, values: &[Datum]) -> bool {
        self.roles.dates.inside(&carrier.table.cover, values)
    }

    /// The returns of the same agency that are later.
    fn after(&self, carrier: usize) -> impl Iterator<Item = &Carrier<'a>> {
        let own = self.carriers.get(carrier);
        let later = self.carriers.iter().skip(carrier + 1);
        later.filter(move |other| own.is_some_and(|own| own.is_of_the_same_agency(other)))
    }

    /// The version of a record that stands: the latest, unless a later return could have held it and does not.
    fn standing(&self, versions: &[At]) -> Option<At> {
        let latest = *versions.last()?;
        let values = &self.row(latest)?.values;
        let inside = |carrier: &Carrier<'_>| self.inside(carrier, values);
        if self.after(latest.0).any(inside) {
            return None;
        }
        // Without anything to recognise it by, a row that its own return does not speak for is left to the one that
        // does.
        let own = self.carriers.get(latest.0)?;
        if self.roles.recognised_by.is_none() && !inside(own) {
            let alone = versions.len() == 1;
            let mut earlier = self.carriers.iter().take(latest.0).filter(|of| of.is_of_the_same_agency(own));
            if alone && earlier.any(inside) {
                return None;
            }
        }
        Some(latest)
    }

    /// Records of which no version stands, though something recognises them.
    fn lost(&self) -> Vec<At> {
        if self.roles.recognised_by.is_none() {
            return Vec::new();
        }
        let lost = |versions: &&Vec<At>| !versions.iter().any(|at| self.kept.contains(at));
        self.versions.iter().filter(lost).filter_map(|versions| versions.last().copied()).collect()
    }

    fn report_revision(&self, stands: At, versions: &[At], into: &mut Vec<Finding>) {
        let Some(before) = versions.iter().rev().find(|at| **at != stands) else { return };
        let (Some(now), Some(then)) = (self.row(stands), self.row(*before)) else { return };
        let differ: Vec<usize> = (0..now.values.len())
            .filter(|at| !self.roles.is_number(*at) && now.values.get(*at) != then.values.get(*at))
            .collect();
        if !differ.is_empty() {
            self.report(What::Revised, stands, versions, &differ, into);
        }
    }

    fn report(&self, what: What, at: At, places: &[At], fields: &[usize], into: &mut Vec<Finding>) {
        let (Some(carrier), Some(row)) = (self.carriers.get(at.0), self.row(at)) else { return };
        let origins = places.iter().filter_map(|place| {
            let name = self.carriers.get(place.0)?.of.name.clone();
            Some(Origin { name, record: *self.row(*place)?.origins.first()? })
        });
        let origins = origins.collect();
        into.push(Finding::new(self.roles, &carrier.of.area, what, &row.values, origins, fields));
    }

    /// Whether the record that a row goes with stands as the row's own return has it; `None` where that return does
    /// not hold such a record.
    fn followed(&self, led: &Led, carrier: usize, row: &Candidate) -> Option<bool> {
        let with = self.roles.goes_with.as_ref()?;
        let place = self.carriers.get(carrier)?.place;
        led.get(&(place, pick(&row.values, &with.ours))).copied()
    }

    /// Whether each record stands as each return has it, by the return's place and the values of some fields.
    fn led(&self, fields: &[usize]) -> Led {
        let mut led = Led::new();
        for (at, carrier) in self.carriers.iter().enumerate() {
            for (row, candidate) in self.rows.get(at).into_iter().flatten().enumerate() {
                let values = pick(&candidate.values, fields);
                if values.iter().all(|value| matches!(value, Datum::Known(_))) {
                    *led.entry((carrier.place, values)).or_default() |= self.kept.contains(&(at, row));
                }
            }
        }
        led
    }

    /// Keeps the rows of every record that stands, from the return that it stands in.
    fn follow(&mut self, led: &Led) {
        for carrier in 0..self.rows.len() {
            let rows = self.rows.get(carrier).map(Vec::as_slice).unwrap_or_default();
            let kept: Vec<At> = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| self.followed(led, carrier, row) == Some(true))
                .map(|(at, _)| (carrier, at))
                .collect();
            self.kept.extend(kept);
        }
    }

    /// The joined table, with what stands beside it.
    pub(super) fn table(&self, numbers: &mut Numbers, returns: &[&Return]) -> (Table, Aside) {
        let carried: Vec<usize> = (0..self.roles.dataset.fields.len())
            .filter(|at| {
                let name = self.roles.dataset.fields.get(*at).map(|field| field.name.value.as_str());
                let has = |carrier: &Carrier<'_>| carrier.table.fields.iter().any(|f| Some(&**f) == name);
                self.carriers.iter().any(has)
            })
            .collect();
        let mut rows = Vec::new();
        let mut sources = Vec::new();
        let mut gone = Vec::new();
        for (carrier, held) in self.rows.iter().enumerate() {
            let Some(of) = self.carriers.get(carrier) else { continue };
            let name: Arc<str> = Arc::from(of.of.name.as_str());
            for (at, candidate) in held.iter().enumerate() {
                let stands = self.kept.contains(&(carrier, at));
                if !stands && !self.vanished.contains(&(carrier, at)) {
                    continue;
                }
                let mut values = candidate.values.clone();
                numbers.renumber(self.roles, of.place, &mut values);
                let values = pick(&values, &carried);
                if !stands {
                    gone.push(Row { values, origin: 0 });
                    continue;
                }
                let origin = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
                rows.push(Row { values, origin });
                sources.push(Source {
                    name: name.clone(),
                    origin: candidate.origins.first().copied().unwrap_or_default(),
                    duplicates: candidate.duplicates,
                    contradictory: candidate.contradictory,
                });
            }
        }
        let names = self.roles.dataset.fields.iter().enumerate().filter(|(at, _)| carried.contains(at));
        let fields = names.map(|(_, field)| Arc::from(field.name.value.as_str())).collect();
        let (cover, gaps) = cover::of(&self.carriers);
        let silent = Aside::silences(self.roles.dataset, &self.carriers, returns);
        (Table { fields, rows, cover }, Aside { sources, gone, gaps, silent })
    }
}
