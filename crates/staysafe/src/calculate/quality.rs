//! Quality thresholds: below one of them a figure stands with the mark *low reliability*, is not compared
//! and not coloured.
//!
//! | key of `[quality]` | a figure is of low reliability when |
//! |---|---|
//! | `minimum_denominator` | its denominator is smaller |
//! | `minimum_completeness` | a smaller share of its records could be [judged](Judged), or a smaller share of the authorities that were expected reported |
//! | `maximum_outside_calendar` | a greater share of what it counts could not be judged because a date lies outside the working-day calendar (ruling 4; 1 in 100 where nothing is said) |
//!
//! Below `minimum_shown` there is no figure: it is suppressed.
//!
//! What an indicator does not say, its framework says for all.

use rust_decimal::Decimal;

use crate::check::Checked;
use crate::definition::indicator::{Indicator, Quality};
use crate::diagnostic::Spanned;
use crate::result::{Coverage, Judged, Note, Outcome, Partial, State};
use crate::value::Exact;

/// Ruling 4: one in a hundred.
const OUTSIDE_CALENDAR: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Whether a figure is below one of the thresholds that hold for it.
pub(super) fn is_low(
    checked: &Checked,
    definition: &Indicator,
    outcome: &Outcome,
    partial: &Partial,
) -> bool {
    let Outcome::Figure { numerator, denominator, .. } = outcome else { return false };
    let levels = [definition.quality.as_ref(), checked.framework().quality.as_ref()];
    let said = |key: fn(&Quality) -> Option<&Spanned<Decimal>>| {
        levels.iter().flatten().find_map(|quality| key(quality)).map(|share| share.value)
    };
    let below = below(partial, *denominator);
    let smallest =
        levels.iter().flatten().find_map(|quality| quality.minimum_denominator.as_ref()).map(|m| m.value);
    if below.zip(smallest).is_some_and(|(found, smallest)| found < Exact::from(smallest)) {
        return true;
    }
    let outside = partial.notes.get(&Note::OutsideCalendar).copied().unwrap_or(0);
    let counted = below.or(*numerator).unwrap_or(Exact::ZERO);
    let most = said(|quality| quality.maximum_outside_calendar.as_ref()).unwrap_or(OUTSIDE_CALENDAR);
    if outside > 0 && share(Exact::from(outside), counted).is_none_or(|share| share > exact(most)) {
        return true;
    }
    let Some(least) = said(|quality| quality.minimum_completeness.as_ref()).map(exact) else { return false };
    let Judged { records, unjudged } = partial.judged;
    let Coverage { reported, expected, .. } = partial.coverage;
    let records_of = Exact::from(records).plus(&Exact::from(unjudged));
    let judged = records_of.and_then(|of| share(Exact::from(records), of));
    let authorities = share(u64::from(reported).into(), u64::from(expected).into());
    [judged, authorities].into_iter().flatten().any(|complete| complete < least)
}

/// Whether there are too few records for any figure.
pub(super) fn is_too_few(
    checked: &Checked,
    definition: &Indicator,
    outcome: &Outcome,
    partial: &Partial,
) -> bool {
    let Outcome::Figure { denominator, .. } = outcome else { return false };
    let mut levels =
        [definition.quality.as_ref(), checked.framework().quality.as_ref()].into_iter().flatten();
    let fewest = levels.find_map(|quality| quality.minimum_shown.as_ref()).map(|fewest| fewest.value);
    below(partial, *denominator).zip(fewest).is_some_and(|(found, fewest)| found < Exact::from(fewest))
}

/// What stands below the line: of a survey the answers that were given, not the number they speak for.
fn below(partial: &Partial, denominator: Option<Exact>) -> Option<Exact> {
    match &partial.state {
        State::Survey(surveyed) => Some(Exact::from(surveyed.answers)),
        _ => denominator,
    }
}

/// A share of 1; none of nothing.
fn share(part: Exact, of: Exact) -> Option<Exact> {
    part.over(&of)
}

/// A share of 1 as it is written has few places: what does not fit is no share.
fn exact(share: Decimal) -> Exact {
    let scale = 10i128.checked_pow(share.scale());
    scale.and_then(|scale| Exact::new(share.mantissa(), scale)).unwrap_or(Exact::ZERO)
}
