//! From merged parts to what one calculation of all their records gives.

use std::collections::{BTreeMap, BTreeSet};

use super::super::view::{ByPeriod, last_known, show, shown};
use super::Part;
use crate::check::Checked;
use crate::period::{Period, Shown};
use crate::result::{Partial, Partials, Reason, State};
use crate::value::Name;

/// Why parts cannot be finished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// They were counted by other definitions.
    #[error(
        "these parts were counted by other definitions of '{indicator}'; finish them with the framework and parameters that they were counted by"
    )]
    OtherDefinitions {
        /// The indicator.
        indicator: String,
    },
    /// A part did not look back far enough.
    #[error(
        "'{indicator}' shows its last known figure, and a part that holds {authority} does not say how it stood in {period}; ask for the periods of its own cycle, or calculate from all the records at once"
    )]
    NotFarEnough {
        /// The indicator.
        indicator: String,
        /// The authority.
        authority: String,
        /// The period.
        period: Period,
    },
}

impl Part {
    /// What one calculation of all these records gives.
    ///
    /// # Errors
    /// Other definitions than those that counted them; a last known figure that lies further back than a part looked.
    pub fn settle(&self, checked: &Checked) -> Result<Partials, SettleError> {
        for (id, hash) in &self.made_of.definitions {
            if checked.indicator(id).is_none_or(|indicator| indicator.hash() != hash) {
                return Err(SettleError::OtherDefinitions { indicator: id.clone() });
            }
        }
        let mut found: BTreeMap<&str, ByPeriod> = BTreeMap::new();
        let mut standing: BTreeMap<(&str, Period), Vec<Partial>> = BTreeMap::new();
        for partial in &self.partials {
            standing.entry((&partial.indicator, partial.period)).or_default().push(partial.clone());
        }
        for ((indicator, period), partials) in standing {
            let shows = partials.iter().fold(Shown::default(), |_, partial| partial.shown.clone());
            show(found.entry(indicator).or_default(), period, shows, refused_as_a_whole(partials));
        }
        for ((indicator, latest), tried) in self.tried() {
            let (period, shows, partials) = self.last_known(checked, (indicator, latest), &tried)?;
            show(found.entry(indicator).or_default(), period, shows, partials);
        }
        let mut partials = Vec::new();
        for of_indicator in found.into_values() {
            shown(of_indicator, &mut partials);
        }
        let Self { by_area, by, made_of, .. } = self;
        Ok(Partials { partials, by_area: *by_area, by: by.clone(), made_of: made_of.clone() })
    }

    /// The states of each period that may be the last known one, by indicator and latest period.
    fn tried(&self) -> BTreeMap<(&str, Period), Tried> {
        let mut tried: BTreeMap<(&str, Period), Tried> = BTreeMap::new();
        for candidate in &self.candidates {
            let partial = candidate.partial.clone();
            let of = tried.entry((&candidate.partial.indicator, candidate.latest)).or_default();
            of.entry(partial.period).or_default().push(partial);
        }
        for of in tried.values_mut().flat_map(BTreeMap::values_mut) {
            *of = refused_as_a_whole(std::mem::take(of));
        }
        tried
    }

    /// The last period of which anything is known in any part.
    fn last_known(
        &self,
        checked: &Checked,
        (indicator, latest): (&str, Period),
        tried: &Tried,
    ) -> Result<(Period, Shown, Vec<Partial>), SettleError> {
        let authorities = |partials: &[Partial]| -> BTreeSet<Option<Name>> {
            partials.iter().map(|partial| partial.authority.clone()).collect()
        };
        let everybody = authorities(tried.get(&latest).map(Vec::as_slice).unwrap_or_default());
        let mut lacking = None;
        let mut ask = |period: Period| {
            let partials = tried.get(&period).cloned().unwrap_or_default();
            if let Some(who) = everybody.difference(&authorities(&partials)).next() {
                lacking = lacking.take().or(Some((who.as_deref().unwrap_or_default().to_owned(), period)));
            }
            partials
        };
        let first_day = self.first_days.get(indicator).copied();
        let Some(definition) = checked.definition(indicator) else {
            return Err(SettleError::OtherDefinitions { indicator: indicator.to_owned() });
        };
        let (period, partials) = last_known(definition, first_day, latest, &mut ask);
        if let Some((authority, period)) = lacking {
            return Err(SettleError::NotFarEnough { indicator: indicator.to_owned(), authority, period });
        }
        let shows = partials.first().map(|partial| partial.shown.clone()).unwrap_or_default();
        Ok((period, shows, partials))
    }
}

type Tried = BTreeMap<Period, Vec<Partial>>;

/// An indicator that is refused for one row of an authority is refused for all of it: as one state, whatever its other rows came to.
fn refused_as_a_whole(partials: Vec<Partial>) -> Vec<Partial> {
    let is_whole = |partial: &Partial| {
        partial.coverage.reported == 0 && matches!(partial.state, State::Absent(Reason::Refused(_)))
    };
    let refused: BTreeSet<Option<Name>> = partials
        .iter()
        .filter(|partial| is_whole(partial))
        .map(|partial| partial.authority.clone())
        .collect();
    partials
        .into_iter()
        .filter(|partial| !refused.contains(&partial.authority) || is_whole(partial))
        .collect()
}
