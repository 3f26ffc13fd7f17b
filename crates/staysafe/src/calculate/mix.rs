//! Partners' counts beside records: one definition, several inputs.

use std::collections::{BTreeMap, BTreeSet};

use super::Of;
use super::counts::{Answer, Counted, Counts, state};
use super::parts_told::{self, ByPeriod, Together, Told};
use super::reference::split::Split;
use crate::check::{Checked, CheckedIndicator};
use crate::period::{Period, Shown};
use crate::plan::cycle;
use crate::record::{CountFault, Data, PartnerCount, PartnerCounts, ToldCount};
use crate::result::{CountsUsed, Coverage, Flag, Flags, Judged, Partial, Reason, State};
use crate::value::Name;

/// The counts that the returns hold of indicators of the framework, and every row that could not be used, with its place.
///
/// # Example
/// ```
/// use staysafe::calculate::partner_counts;
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// assert_eq!(partner_counts(&checked, &Data::default()).entries, []);
/// ```
pub fn partner_counts(checked: &Checked, data: &Data) -> PartnerCounts {
    let PartnerCounts { entries, mut faults } = PartnerCounts::of(data);
    let mut good = Vec::new();
    for entry in entries {
        let mut fault = |field: &str, code: &str, message: String| {
            faults.push(CountFault {
                name: entry.name.clone(),
                record: entry.record,
                code: code.to_owned(),
                field: field.to_owned(),
                message,
            });
        };
        match (state(checked, &counted(&entry)), area(checked, &entry)) {
            (Err(wrong), _) => {
                let field = if wrong.code() == "unknown-indicator" { "indicator" } else { "numerator" };
                fault(field, wrong.code(), wrong.to_string());
            }
            (Ok(_), None) => {
                let message = format!(
                    "no area of the framework goes by '{}' in {}: give an authority's code, as in E06000001, or its three digits, as in 805",
                    entry.area, entry.period
                );
                fault("area", "unknown-area", message);
            }
            (Ok(_), Some(area)) => {
                match spoken_of(checked, &entry).filter(|period| *period != entry.period) {
                    None => good.push(PartnerCount { area, ..entry }),
                    Some(period) => {
                        let message = format!(
                            "'{}' has no figure of {} of its own: where that is asked for it shows {period}; give counts of that",
                            entry.indicator, entry.period
                        );
                        fault("period", "period-not-of-its-cycle", message);
                    }
                }
            }
        }
    }
    faults.sort();
    PartnerCounts { entries: good, faults }
}

/// The period of which an indicator would show a figure where a count's period is asked for.
fn spoken_of(checked: &Checked, entry: &PartnerCount) -> Option<Period> {
    Some(cycle::spoken_of(checked.definition(&entry.indicator)?, entry.period))
}

/// The area by the framework's code; a framework without areas takes every code, and one with areas keeps a code that it does not
/// list, as it does of a return.
fn area(checked: &Checked, entry: &PartnerCount) -> Option<String> {
    let framework = checked.framework();
    if framework.areas.is_empty() {
        return Some(entry.area.clone());
    }
    let listed = framework.area_on(&entry.area, entry.period.last_day()).map(|area| area.code.value.clone());
    listed.or_else(|| framework.keeps_as_given(&entry.area).then(|| entry.area.clone()))
}

fn counted(entry: &PartnerCount) -> Counted {
    let answer = match entry.told {
        ToldCount::Counts { numerator, denominator } => Answer::Counts(Counts { numerator, denominator }),
        ToldCount::Suppressed => Answer::Suppressed,
    };
    Counted { indicator: entry.indicator.clone(), area: entry.area.clone(), period: entry.period, answer }
}

/// What was counted in each area, by the agency that says whose its counts are.
type ByArea = BTreeMap<String, BTreeMap<Option<String>, ByPeriod>>;

/// The counts of a calculation, and what became of them.
pub(super) struct Mix {
    /// By indicator.
    of: BTreeMap<String, ByArea>,
    pub(super) used: CountsUsed,
}

impl Mix {
    pub(super) fn new(checked: &Checked, data: &Data) -> Self {
        let mut of: BTreeMap<String, ByArea> = BTreeMap::new();
        for entry in partner_counts(checked, data).entries {
            let Ok(state) = state(checked, &counted(&entry)) else { continue };
            let flags: Flags = entry.provisional.then_some(Flag::Provisional).into_iter().collect();
            let of_area = of.entry(entry.indicator).or_default().entry(entry.area).or_default();
            let told = of_area.entry(entry.agency).or_default();
            let together = match told.remove(&entry.period) {
                Some((held, mut marks)) => {
                    marks.extend(flags);
                    (held.combine(state), marks)
                }
                None => (state, flags),
            };
            told.insert(entry.period, together);
        }
        Self { of, used: CountsUsed::default() }
    }

    /// The areas of which there are counts.
    pub(super) fn areas(&self) -> impl Iterator<Item = &String> {
        self.of.values().flat_map(BTreeMap::keys)
    }

    /// Whether anything was told of an indicator.
    pub(super) fn tells(&self, indicator: &CheckedIndicator) -> bool {
        self.of.contains_key(indicator.id())
    }

    /// What was told of a period, by area: as it was told, or put together from what was told of its parts.
    fn told(&self, indicator: &CheckedIndicator, period: Period) -> BTreeMap<String, (Told, Coverage)> {
        let Some(areas) = self.of.get(indicator.id()) else { return BTreeMap::new() };
        let together = Together::of(indicator, period);
        let of = |(area, agencies): (&String, &BTreeMap<Option<String>, ByPeriod>)| {
            Some((area.clone(), parts_told::of_area(together, period, agencies.values())?))
        };
        areas.iter().filter_map(of).collect()
    }

    /// Takes counts where an authority's records say nothing, and adds those of authorities without records.
    pub(super) fn put_in(
        &mut self,
        indicator: &CheckedIndicator,
        period: Period,
        split: &Split<'_>,
        Of { partials, authorities }: Of,
    ) -> Vec<Partial> {
        let areas = self.told(indicator, period);
        if areas.is_empty() {
            return partials;
        }
        let silent = |partial: &Partial| matches!(partial.state, State::Absent(Reason::NotReported(_)));
        let mut speaking: BTreeSet<&str> = BTreeSet::new();
        let each =
            || authorities.iter().flat_map(|(authority, cells)| std::iter::repeat_n(authority, *cells));
        for (authority, partial) in each().zip(&partials) {
            speaking.extend(authority.as_deref().filter(|_| !silent(partial)));
        }
        // An authority whose records say nothing is not missing where its counts are there, nor is anybody's return.
        let stays = |authority: &Option<Name>| match authority {
            Some(authority) => {
                speaking.contains(authority.as_str()) || !areas.contains_key(authority.as_str())
            }
            None => false,
        };
        let of = each().zip(partials).filter(|(authority, _)| stays(authority));
        let mut found: Vec<Partial> = of.map(|(_, partial)| partial).collect();
        for (area, ((state, flags), coverage)) in areas {
            if speaking.contains(&*area) {
                self.used.records_stand.insert((indicator.id().to_owned(), area, period));
                continue;
            }
            self.used.used += 1;
            let (own, by) = split.columns_of(&area);
            let (authority, area) = (Some(Name::from(area)), own);
            found.push(Partial {
                indicator: indicator.id().into(),
                authority,
                area,
                by,
                period,
                shown: Shown::default(),
                state,
                coverage,
                judged: Judged::default(),
                flags,
                notes: BTreeMap::new(),
            });
        }
        found
    }
}
