//! Which blanks are a fault, and from how many of them on.

use rust_decimal::Decimal;

use crate::definition::dataset::{Dates, Missing};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Indicator, When};

/// Where the framework sets no threshold: nine rows in ten.
const MINIMUM_COMPLETENESS: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// What decides whether a blank is a fault.
#[derive(Debug, Clone)]
pub(super) struct Blanks<'a> {
    framework: &'a Framework,
    /// The indicator that asks.
    pub(super) indicator: &'a str,
    ends: Vec<(&'a str, &'a str)>,
    minimum: Decimal,
}

impl<'a> Blanks<'a> {
    pub(super) fn of(framework: &'a Framework, indicator: &'a Indicator) -> Self {
        let own = indicator.quality.as_ref().and_then(|quality| quality.minimum_completeness.as_ref());
        let general = || framework.quality.as_ref()?.minimum_completeness.as_ref();
        let minimum = own.or_else(general).map_or(MINIMUM_COMPLETENESS, |minimum| minimum.value);
        Self {
            framework,
            indicator: &indicator.id.value,
            ends: ends_of_intervals(framework, indicator),
            minimum,
        }
    }

    /// Whether so many values are too few.
    pub(super) fn too_few(&self, known: u64, rows: u64) -> bool {
        let least = self.minimum.checked_mul(Decimal::from(rows));
        known < rows && least.is_some_and(|least| Decimal::from(known) < least)
    }

    /// A blank end of an interval is an open case, and some fields say that a blank means no.
    pub(super) fn is_an_answer(&self, dataset: &str, field: &str) -> bool {
        let declared = self.framework.datasets.get(dataset).is_some_and(|known| {
            let no =
                |of: &crate::definition::dataset::Field| of.name.value == field && of.missing == Missing::No;
            known.fields.iter().any(no) || is_end(&known.dates, field)
        });
        declared || self.ends.contains(&(dataset, field))
    }
}

/// Whether a field ends an interval and is no event itself.
fn is_end(dates: &Dates, field: &str) -> bool {
    let is = |date: &Option<crate::diagnostic::Spanned<String>>| {
        date.as_ref().is_some_and(|date| date.value == field)
    };
    is(&dates.end) && !is(&dates.event)
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
