//! What has arrived of what is asked, and what has not: the one place where the two are compared.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::arrived::{ArrivedFrom, Came, Delivery};
use super::asked::Part;
use super::{Status, Why};
use crate::calculate::join::{union, without};
use crate::definition::dataset::Missing;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Indicator, When};
use crate::record::Days;

/// Where the framework sets no threshold: nine rows in ten.
const MINIMUM_COMPLETENESS: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// What decides whether a blank is a fault.
#[derive(Debug, Clone)]
pub(super) struct Blanks<'a> {
    framework: &'a Framework,
    ends: Vec<(&'a str, &'a str)>,
    minimum: Decimal,
}

/// What a dataset that did not come is called: not carried where its return came, else not arrived.
pub(super) fn judge(
    framework: &Framework,
    blanks: &Blanks<'_>,
    from: &ArrivedFrom,
    part: &Part,
    say: &mut impl FnMut(Why),
) -> Status {
    let mut status = Status::NOTHING_ASKED;
    let mut found = |why: Why| {
        status = status.and(Status::of(&why));
        say(why);
    };
    let dataset = || part.dataset.clone();
    let known = framework.datasets.get(&part.dataset);
    let kind = known.map(|known| known.carried_by.value.as_str());
    let Some(all) = from.deliveries.get(&part.dataset).filter(|all| !all.is_empty()) else {
        let came = from.returns.iter().any(|came| Some(came.kind.as_str()) == kind && came.speaks(part.days));
        found(if came {
            Why::DatasetNotCarried { dataset: dataset() }
        } else {
            Why::DatasetNotArrived { dataset: dataset() }
        });
        return status;
    };
    // Of rows that speak of their return's year alone only the latest are left.
    let of_the_year = known.is_some_and(|known| known.of_the_year);
    let all = if of_the_year { all.last().map(std::slice::from_ref).unwrap_or_default() } else { all };
    let mut there: Vec<&Delivery> = Vec::new();
    match part.days {
        None => there.extend(all),
        Some(days) => {
            let spans: Option<Vec<Days>> = all.iter().map(|delivery| part.side.of(&delivery.cover)).collect();
            let left = spans.map_or_else(Vec::new, |spans| without(days, &union(spans)));
            there.extend(all.iter().filter(|delivery| touches(part.side.of(&delivery.cover), days)));
            if there.is_empty() {
                let unknown = all.iter().all(|delivery| delivery.cover.is_year_unknown());
                let silent = from
                    .returns
                    .iter()
                    .filter(|came| all.iter().all(|delivery| delivery.name != came.name))
                    .any(|came| Some(came.kind.as_str()) == kind && came.speaks(Some(days)));
                found(if unknown {
                    Why::YearUnknown { dataset: dataset() }
                } else if silent {
                    Why::DatasetNotCarried { dataset: dataset() }
                } else {
                    Why::OutsideCover { dataset: dataset() }
                });
                return status;
            }
            if !left.is_empty() {
                found(Why::PartlyCovered { dataset: dataset() });
            } else if let Some(back) = part.back.filter(|back| *back != days)
                && !reaches(all, back)
            {
                found(Why::HistoryShort { dataset: dataset() });
            }
        }
    }
    for field in &part.fields {
        if let Some(why) = blanks.of_field(&there, part, field) {
            found(why);
        }
    }
    status.and(Status::SOME_THERE)
}

/// Whether the deliveries speak for the events of all these days.
fn reaches(all: &[Delivery], days: Days) -> bool {
    let spans: Option<Vec<Days>> = all.iter().map(|delivery| delivery.cover.events).collect();
    spans.is_none_or(|spans| without(days, &union(spans)).is_empty())
}

fn touches(cover: Option<Days>, days: Days) -> bool {
    cover.is_none_or(|cover| cover.first <= days.last && days.first <= cover.last)
}

impl Came {
    /// Whether the return speaks for any of these days.
    fn speaks(&self, days: Option<Days>) -> bool {
        let (Some(days), Some(spans)) = (days, &self.speaks_for) else { return true };
        spans.iter().any(|span| touches(Some(*span), days))
    }
}

impl<'a> Blanks<'a> {
    pub(super) fn of(framework: &'a Framework, indicator: &'a Indicator) -> Self {
        let own = indicator.quality.as_ref().and_then(|quality| quality.minimum_completeness.as_ref());
        let general = || framework.quality.as_ref()?.minimum_completeness.as_ref();
        let minimum = own.or_else(general).map_or(MINIMUM_COMPLETENESS, |minimum| minimum.value);
        Self { framework, ends: ends_of_intervals(framework, indicator), minimum }
    }

    /// What is wrong with a field of some deliveries.
    fn of_field(&self, there: &[&Delivery], part: &Part, field: &str) -> Option<Why> {
        let dataset = part.dataset.as_str();
        let (dataset_id, field_id) = (|| dataset.to_owned(), || field.to_owned());
        let of_days = part.days.is_some();
        let rows: u64 = there.iter().map(|delivery| delivery.rows).sum();
        let filled = || there.iter().filter_map(|delivery| delivery.filled(field));
        let carried = filled().count();
        // Of one period every delivery must have it; whatever the period, it is enough that one has.
        if carried == 0 || of_days && carried < there.len() {
            return Some(Why::FieldNotCarried { dataset: dataset_id(), field: field_id() });
        }
        // What the supplier hides is there.
        let known: u64 = filled().map(|filled| filled.known + filled.suppressed).sum();
        if rows == 0 || self.is_an_answer(dataset, field) {
            return None;
        }
        if known == 0 {
            return Some(Why::FieldEmpty { dataset: dataset_id(), field: field_id() });
        }
        let least = self.minimum.checked_mul(Decimal::from(rows));
        least.is_some_and(|least| Decimal::from(known) < least).then(|| Why::FieldIncomplete {
            dataset: dataset_id(),
            field: field_id(),
            known,
            rows,
        })
    }

    /// A blank end of an interval is an open case, and some fields say that a blank means no.
    fn is_an_answer(&self, dataset: &str, field: &str) -> bool {
        let declared = self.framework.datasets.get(dataset).is_some_and(|known| {
            let no =
                known.fields.iter().any(|known| known.name.value == field && known.missing == Missing::No);
            let name = |date: &Option<crate::diagnostic::Spanned<String>>| {
                date.as_ref().map(|date| date.value.clone())
            };
            let end = name(&known.dates.end);
            no || end.as_deref() == Some(field) && end != name(&known.dates.event)
        });
        declared || self.ends.contains(&(dataset, field))
    }
}

fn ends_of_intervals<'a>(framework: &'a Framework, indicator: &'a Indicator) -> Vec<(&'a str, &'a str)> {
    let open = |from: &'a str, when: &'a When| match when {
        When::Open(_, end) => Some((from, end.value.as_str())),
        When::Date(_) => None,
    };
    match super::entry::calculation(framework, indicator) {
        Some(Calculation::Ladder(ladder)) => open(&ladder.from.value, &ladder.when).into_iter().collect(),
        Some(Calculation::TwoTotals(totals)) => [&totals.numerator, &totals.denominator]
            .into_iter()
            .filter_map(|total| open(&total.from.value, &total.when))
            .collect(),
        None => Vec::new(),
    }
}

/// One of each reason; of a field that is thin in several places the rows are added up.
#[derive(Debug, Default)]
pub(super) struct Whys {
    plain: std::collections::BTreeSet<Why>,
    thin: BTreeMap<(String, String), (u64, u64)>,
}

impl Whys {
    pub(super) fn add(&mut self, why: Why) {
        match why {
            Why::FieldIncomplete { dataset, field, known, rows } => {
                let sum = self.thin.entry((dataset, field)).or_default();
                *sum = (sum.0 + known, sum.1 + rows);
            }
            why => {
                self.plain.insert(why);
            }
        }
    }

    /// In order; a field that is missing somewhere is not thin as well.
    pub(super) fn all(self) -> Vec<Why> {
        let mut all = self.plain;
        for ((dataset, field), (known, rows)) in self.thin {
            let is_missing = |why: &Why| match why {
                Why::FieldNotCarried { dataset: d, field: f } | Why::FieldEmpty { dataset: d, field: f } => {
                    *d == dataset && *f == field
                }
                _ => false,
            };
            if !all.iter().any(is_missing) {
                all.insert(Why::FieldIncomplete { dataset, field, known, rows });
            }
        }
        all.into_iter().collect()
    }
}
