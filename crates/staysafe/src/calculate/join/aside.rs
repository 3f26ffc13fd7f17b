//! What a joined table cannot say itself: where its rows came from, and what it keeps silent about.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cover::{Gaps, union, without};
use super::order::Carrier;
use crate::definition::dataset::Dataset;
use crate::record::{Days, Return, Row};

/// What stands beside a joined table.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    /// Where each row came from, in the order of the rows; a row's origin is its position, counted from 1.
    pub(crate) sources: Vec<Source>,
    /// Rows that vanished.
    pub(crate) gone: Vec<Row>,
    /// Days between the covers of its returns.
    pub(crate) gaps: Gaps,
    /// Days of which a return speaks that does not carry the dataset (`None`) or the field.
    pub(crate) silent: BTreeMap<Option<String>, Vec<Days>>,
}

/// Where a row came from, and what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// What the caller calls the return.
    pub(crate) name: Arc<str>,
    /// Position in it, counted from 1.
    pub(crate) origin: u32,
    /// How many identical rows it stands for, besides itself.
    pub(crate) duplicates: u64,
    /// Whether it stands for rows that differ.
    pub(crate) contradictory: bool,
}

impl Aside {
    /// How many identical rows a row stands for, besides itself.
    pub fn duplicates(&self, row: &Row) -> u64 {
        self.source(row).map_or(0, |source| source.duplicates)
    }

    /// Whether a row stands for rows that differ.
    pub fn is_contradictory(&self, row: &Row) -> bool {
        self.source(row).is_some_and(|source| source.contradictory)
    }

    /// Rows that an earlier return held, and a later one could have held and does not.
    pub fn gone(&self) -> &[Row] {
        &self.gone
    }

    /// Days inside the cover of events that no return speaks for.
    pub fn gaps_of_events(&self) -> &[Days] {
        &self.gaps.events
    }

    /// Whether any day inside the cover is spoken for by no return, on any side.
    pub fn has_gaps(&self) -> bool {
        !self.gaps.is_empty()
    }

    /// Days inside the cover of stocks that no return speaks for.
    pub fn gaps_of_stocks(&self) -> &[Days] {
        &self.gaps.stocks
    }

    /// The same without what is told of single rows.
    pub(super) fn without_rows(&self) -> Self {
        Self { gaps: self.gaps.clone(), silent: self.silent.clone(), ..Self::default() }
    }

    /// The source of a row.
    pub(crate) fn source(&self, row: &Row) -> Option<&Source> {
        self.sources.get(usize::try_from(row.origin).ok()?.checked_sub(1)?)
    }

    /// Whether a return that speaks for some of these days does not carry the dataset, or the field.
    pub(crate) fn is_silent(&self, field: Option<&str>, days: Days) -> bool {
        let silent = self.silent.iter().find(|(what, _)| what.as_deref() == field);
        silent.is_some_and(|(_, spans)| {
            spans.iter().any(|span| span.first <= days.last && days.first <= span.last)
        })
    }

    /// The days on which a dataset, or one of its fields, is not reported (ruling 7): those of returns of its kind
    /// that do not carry it, less those of returns that do.
    pub(super) fn silences(
        dataset: &Dataset,
        carriers: &[Carrier<'_>],
        returns: &[&Return],
    ) -> BTreeMap<Option<String>, Vec<Days>> {
        let mut silent = BTreeMap::new();
        let mut add = |what: Option<String>, without_it: Vec<Days>, with_it: Vec<Days>| {
            let with_it = union(with_it);
            let days = union(without_it).into_iter().flat_map(|days| without(days, &with_it));
            let days: Vec<Days> = days.collect();
            if !days.is_empty() {
                silent.insert(what, days);
            }
        };
        let (carries, lacks): (Vec<&&Return>, Vec<&&Return>) = returns
            .iter()
            .filter(|of| of.kind == dataset.carried_by.value)
            .partition(|of| of.tables.contains_key(&dataset.id.value));
        if carries.is_empty() {
            return silent;
        }
        let spoken =
            |of: &&Return| of.tables.values().filter_map(|table| table.cover.stocks).collect::<Vec<_>>();
        let mut without_it: Vec<Days> = lacks.iter().flat_map(|of| spoken(of)).collect();
        let mut with_it: Vec<Days> = carries.iter().flat_map(|of| spoken(of)).collect();
        // Of rows that speak of their return's year alone the latest are left, and say nothing of an earlier year.
        if let Some(latest) = with_it.iter().max_by_key(|days| days.last).copied()
            && dataset.of_the_year
        {
            without_it.append(&mut with_it);
            with_it = vec![latest];
        }
        add(None, without_it, with_it);
        for field in &dataset.fields {
            let name = &field.name.value;
            let has = |carrier: &&Carrier<'_>| carrier.table.fields.iter().any(|held| **held == *name);
            let (with, lacking): (Vec<&Carrier<'_>>, Vec<&Carrier<'_>>) = carriers.iter().partition(has);
            if with.is_empty() {
                continue;
            }
            let days =
                |of: &[&Carrier<'_>]| of.iter().filter_map(|carrier| carrier.table.cover.stocks).collect();
            add(Some(name.clone()), days(&lacking), days(&with));
        }
        silent
    }
}
