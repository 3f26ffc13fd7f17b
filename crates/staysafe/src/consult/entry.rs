//! An entry of a framework, or one that somebody puts forward, as it is compared.

use std::collections::BTreeSet;

use super::counted::Sides;
use super::idea::Idea;
use super::words::{limits, words};
use crate::check::Checked;
use crate::check::CheckedVersion;
use crate::definition::indicator::{Indicator, Kind};

/// What is known of an entry; a calculation only where it has one.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) unit: Option<BTreeSet<String>>,
    /// The entry whose calculation it uses.
    pub(super) follows: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) national: Vec<String>,
    /// Datasets.
    pub(super) needs: BTreeSet<String>,
    pub(super) title: BTreeSet<String>,
    pub(super) above: BTreeSet<String>,
    pub(super) below: BTreeSet<String>,
    /// Limits that the title prints.
    pub(super) limits: BTreeSet<String>,
    pub(super) sides: Option<Sides>,
}

impl Entry {
    pub(super) fn all(checked: &Checked) -> Vec<Self> {
        let framework = checked.framework();
        let entry = |(id, indicator): (&String, &Indicator)| {
            let known = checked.indicator(id);
            let versions = known.map(crate::check::CheckedIndicator::versions).unwrap_or_default();
            let calculation = versions.iter().rev().find_map(CheckedVersion::calculation);
            let kind = indicator.kind.value;
            Self {
                sides: calculation.map(|calculation| Sides::of(framework, kind, calculation)),
                needs: known.map(|known| known.need().keys().cloned().collect()).unwrap_or_default(),
                ..Self::written(indicator)
            }
        };
        framework.indicators.iter().map(entry).collect()
    }

    fn written(indicator: &Indicator) -> Self {
        let text = |text: &Option<crate::diagnostic::Spanned<String>>| {
            text.as_ref().map(|text| words(&text.value)).unwrap_or_default()
        };
        Self {
            id: indicator.id.value.clone(),
            kind: indicator.kind.value,
            unit: indicator.unit.as_ref().map(|unit| words(&unit.value)),
            follows: indicator.same_calculation_as.as_ref().map(|same| same.value.clone()),
            parent: indicator.parent.as_ref().map(|parent| parent.value.clone()),
            national: indicator.national.iter().map(|number| number.value.clone()).collect(),
            needs: BTreeSet::new(),
            title: words(&indicator.title.value),
            above: text(&indicator.words.numerator),
            below: text(&indicator.words.denominator),
            limits: limits(&indicator.title.value),
            sides: None,
        }
    }

    /// Something of which nothing is known but words.
    pub(super) fn of_words(said: &str) -> Self {
        Self {
            id: said.to_owned(),
            kind: Kind::Narrative,
            unit: None,
            follows: None,
            parent: None,
            national: Vec::new(),
            needs: BTreeSet::new(),
            title: words(said),
            above: BTreeSet::new(),
            below: BTreeSet::new(),
            limits: limits(said),
            sides: None,
        }
    }

    pub(super) fn of_idea(idea: &Idea) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(words).unwrap_or_default();
        Self {
            id: idea.id.clone(),
            kind: idea.kind,
            unit: idea.unit.as_deref().map(words),
            follows: None,
            parent: None,
            national: Vec::new(),
            needs: idea.data.iter().cloned().collect(),
            title: words(&idea.title),
            above: text(&idea.counts),
            below: text(&idea.out_of),
            limits: limits(&idea.title),
            sides: None,
        }
    }

    /// Whether it is one number of things, a count or a stock.
    pub(super) fn is_a_number(&self) -> bool {
        matches!(self.kind, Kind::Count | Kind::Stock)
    }

    /// Whether it is a share or a rate, with a line between above and below.
    pub(super) fn has_a_line(&self) -> bool {
        matches!(
            self.kind,
            Kind::Proportion
                | Kind::SurveyProportion
                | Kind::Ratio
                | Kind::RatioPct
                | Kind::FteRatio
                | Kind::Rate
        )
    }
}
