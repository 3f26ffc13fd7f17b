//! Several returns of one authority, made one; and rows that stand twice under one key.
//!
//! Sources of the rules: rulings 6 (several returns), 7 (what a return does not carry) and 8 (duplicates) of the
//! design. In short: keys are led by the authority; the row of the later return decides; what a later return
//! could have held and does not hold is dropped and listed; a table speaks for the days of all its returns.

mod aside;
mod choice;
mod cover;
mod duplicates;
mod finding;
mod number;
mod order;
mod roles;
#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::error::CalculateError;
use super::reference::records;
use crate::check::Checked;
use crate::definition::framework::Framework;
use crate::record::{Data, Days, Return, Submission, Table};
use crate::result::JoinedTable;
pub use aside::Aside;
use choice::Chosen;
pub(crate) use cover::{Gaps, union, without};
pub use finding::{Copied, Finding, KeyPart, Origin, What};
use number::Numbers;
pub(crate) use order::dated;

/// Returns joined authority by authority, with what was found on the way.
#[derive(Debug, Clone)]
pub struct Joined<'a> {
    pub(crate) authorities: Vec<Authority<'a>>,
    /// Rows that stood twice, contradict each other, were revised or have vanished; in order of authority, dataset
    /// and kind.
    pub findings: Vec<Finding>,
    /// Returns that are the copy of another, and were left out.
    pub copies: Vec<Copied>,
}

/// What all returns of one authority say together.
#[derive(Debug, Clone)]
pub struct Authority<'a> {
    /// The joined return. Where a table has something aside, the origins of its rows are positions in it.
    pub(crate) of: Cow<'a, Return>,
    /// What a table cannot say itself, by dataset.
    pub(crate) aside: BTreeMap<String, Aside>,
    /// Datasets of which some rows stood in a file that was cut off.
    pub(crate) truncated: BTreeSet<String>,
    /// Days for which nothing but what may still change speaks, by dataset.
    pub(crate) provisional: BTreeMap<String, Vec<Days>>,
    /// The places of its returns among those that were joined, less copies.
    places: Vec<usize>,
}

/// Joins the returns of each authority, and settles rows that stand twice under one key.
///
/// The order of the returns does not matter, nor does it that one is given twice. Every function that looks at
/// records ([`calculate`](super::calculate), [`why`](super::why::why), [`cases`](super::why::cases)) does it first.
///
/// # Errors
/// Records that cannot be used, as for [`calculate`](super::calculate); two returns of one authority that carry the
/// same dataset where neither date, serial number nor time says which is later.
///
/// # Example
/// ```
/// use staysafe::calculate::join::join;
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let data = Data::default();
/// assert!(join(&checked, &data).unwrap().findings.is_empty());
/// ```
pub fn join<'a>(checked: &Checked, data: &'a Data) -> Result<Joined<'a>, CalculateError> {
    for of in &data.returns {
        records::validate(checked, of)?;
    }
    let mut joined = Joined { authorities: Vec::new(), findings: Vec::new(), copies: Vec::new() };
    for returns in by_authority(checked, data) {
        let returns = without_copies(returns, &mut joined.copies);
        let place = |of: &&Return| data.returns.iter().position(|other| std::ptr::eq(other, *of));
        let places = returns.iter().filter_map(place).collect();
        let authority = one(checked, &returns, &mut joined.findings)?;
        joined.authorities.push(Authority { places, ..authority });
    }
    joined.findings.sort();
    Ok(joined)
}

/// One return alone, with rows that stand twice under one key settled.
///
/// # Errors
/// Records that cannot be used.
pub(crate) fn alone<'a>(checked: &Checked, of: &'a Return) -> Result<Authority<'a>, CalculateError> {
    records::validate(checked, of)?;
    one(checked, &[of], &mut Vec::new())
}

impl<'a> Joined<'a> {
    /// The authorities, in order of their codes.
    pub fn authorities(&self) -> &[Authority<'a>] {
        &self.authorities
    }

    /// The same without rows, for an engine that holds them itself: what tables there are, of which days they speak and
    /// what is told beside them.
    pub fn without_rows(&self) -> Joined<'static> {
        let table =
            |table: &Table| Table { fields: table.fields.clone(), rows: Vec::new(), cover: table.cover };
        let authority = |authority: &Authority<'_>| {
            let of = &authority.of;
            let tables = of.tables.iter().map(|(id, of)| (id.clone(), table(of))).collect();
            let aside =
                authority.aside.iter().map(|(id, aside)| (id.clone(), aside.without_rows())).collect();
            Authority {
                of: Cow::Owned(merged(&[of], tables)),
                aside,
                truncated: authority.truncated.clone(),
                provisional: authority.provisional.clone(),
                places: authority.places.clone(),
            }
        };
        Joined {
            authorities: self.authorities.iter().map(authority).collect(),
            findings: self.findings.clone(),
            copies: self.copies.clone(),
        }
    }

    /// How often each thing was found, by authority and dataset; a dataset of which nothing was found is left out.
    pub fn summary(&self) -> Vec<JoinedTable> {
        let mut counts: BTreeMap<(&str, &str), JoinedTable> = BTreeMap::new();
        for finding in &self.findings {
            let table = counts.entry((&finding.area, &finding.dataset)).or_insert_with(|| JoinedTable {
                area: finding.area.clone(),
                dataset: finding.dataset.clone(),
                ..JoinedTable::default()
            });
            let counter = match finding.what {
                What::Duplicate => &mut table.duplicates,
                What::Contradictory => &mut table.contradictory,
                What::OlderVersion => &mut table.older_versions,
                What::Revised => &mut table.revised,
                What::Vanished => &mut table.vanished,
            };
            *counter += 1;
        }
        counts.into_values().collect()
    }
}

impl Authority<'_> {
    /// Its joined return.
    pub fn of(&self) -> &Return {
        &self.of
    }

    /// The places of its returns among those that were joined; of copies only one has its place here.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// What a joined table cannot say itself; `None` where one return alone says it all.
    pub fn aside(&self, dataset: &str) -> Option<&Aside> {
        self.aside.get(dataset)
    }
}

/// The returns of each authority, in order of its code. An authority may go by several codes.
fn by_authority<'a>(checked: &Checked, data: &'a Data) -> Vec<Vec<&'a Return>> {
    let mut groups: BTreeMap<String, Vec<&Return>> = BTreeMap::new();
    for of in &data.returns {
        groups.entry(authority_of(checked.framework(), of).to_owned()).or_default().push(of);
    }
    groups.into_values().collect()
}

/// The code of the authority that made a return: returns of one code are joined.
pub fn authority_of<'a>(framework: &'a Framework, of: &'a Return) -> &'a str {
    // Codes change hands: a code means what it meant on the day the return speaks of.
    let known = order::dated(of).and_then(|day| framework.area_on(&of.area, day));
    known.map_or(&of.area, |area| &area.code.value)
}

/// The returns, each once: a file given twice says nothing new.
fn without_copies<'a>(mut returns: Vec<&'a Return>, copies: &mut Vec<Copied>) -> Vec<&'a Return> {
    returns.sort_by(|a, b| a.name.cmp(&b.name));
    let mut kept: Vec<&Return> = Vec::new();
    for of in returns {
        match kept.iter().find(|held| same(held, of)) {
            Some(held) => {
                copies.push(Copied { area: of.area.clone(), name: of.name.clone(), of: held.name.clone() });
            }
            None => kept.push(of),
        }
    }
    kept
}

fn same(a: &Return, b: &Return) -> bool {
    a.kind == b.kind
        && a.reference_date == b.reference_date
        && a.truncated == b.truncated
        && a.submission.agency == b.submission.agency
        && a.submission.status == b.submission.status
        && a.tables.len() == b.tables.len()
        && a.tables
            .iter()
            .zip(&b.tables)
            .all(|((id, own), (other, theirs))| id == other && own.says_the_same_as(theirs))
}

/// Joins the returns of one authority.
fn one<'a>(
    checked: &Checked,
    returns: &[&'a Return],
    findings: &mut Vec<Finding>,
) -> Result<Authority<'a>, CalculateError> {
    let datasets = &checked.framework().datasets;
    let roles: Vec<_> = roles::in_order(datasets, returns).collect();
    let mut chosen: BTreeMap<&str, Chosen<'_>> = BTreeMap::new();
    let mut provisional = BTreeMap::new();
    for role in &roles {
        let carriers = order::carriers(role, returns)?;
        let days = cover::provisional(&carriers);
        if !days.is_empty() {
            provisional.insert(role.dataset.id.value.clone(), days);
        }
        let leader = role.goes_with.as_ref().and_then(|with| chosen.get(with.to.as_str()));
        let made = choice::choose(role, carriers, leader, findings);
        chosen.insert(&role.dataset.id.value, made);
    }
    let several = returns.len() > 1;
    let truncated =
        returns.iter().filter(|of| of.truncated).flat_map(|of| of.tables.keys().cloned()).collect();
    if let ([only], false) = (returns, chosen.values().any(Chosen::changed)) {
        let (of, aside) = (Cow::Borrowed(*only), BTreeMap::new());
        return Ok(Authority { of, aside, truncated, provisional, places: Vec::new() });
    }
    let mut numbers = Numbers::of(&chosen, several);
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut asides = BTreeMap::new();
    for (id, choice) in &chosen {
        let (table, aside) = choice.table(&mut numbers, returns);
        tables.insert((*id).to_owned(), table);
        asides.insert((*id).to_owned(), aside);
    }
    let of = Cow::Owned(merged(returns, tables));
    Ok(Authority { of, aside: asides, truncated, provisional, places: Vec::new() })
}

/// The joined return as such. Of several codes of one authority the first in order is taken.
fn merged(returns: &[&Return], tables: BTreeMap<String, Table>) -> Return {
    let names: Vec<&str> = returns.iter().map(|of| of.name.as_str()).collect();
    let kinds: BTreeSet<&str> = returns.iter().map(|of| of.kind.as_str()).collect();
    Return {
        name: names.join(", "),
        kind: kinds.into_iter().collect::<Vec<_>>().join(", "),
        area: returns.iter().map(|of| of.area.clone()).min().unwrap_or_default(),
        reference_date: returns.iter().filter_map(|of| of.reference_date).max(),
        truncated: returns.iter().any(|of| of.truncated),
        serial: None,
        made_at: None,
        submission: Submission::default(),
        tables,
    }
}
