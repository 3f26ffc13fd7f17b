//! The deliveries of a row: which period falls due when, and whether its data was seen.

use chrono::NaiveDate;
use serde::Serialize;

use super::arrivals::{Arrivals, Seen};
use crate::calendar::add_months;
use crate::definition::board::{GatheringPlan, Row};
use crate::definition::framework::Framework;
use crate::period::{Period, PeriodKind};

/// More than a plan can mean: a month's delivery for a hundred years.
const MOST: i64 = 1_200;

/// A delivery that fell due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The period that it speaks for.
    pub period: Period,
    /// The day it was due.
    pub due: NaiveDate,
    /// Whether its data was seen.
    pub seen: Seen,
}

/// The deliveries of a row that were due by a day, in order.
///
/// The first speaks for the last whole period before the day of the first delivery; each further one is due a
/// period later. A row that does not say how often, or from when, has none.
pub fn deliveries(
    row: &Row,
    plan: &GatheringPlan,
    framework: &Framework,
    arrivals: &Arrivals,
    as_of: NaiveDate,
) -> Vec<Delivery> {
    let due = (0..MOST).map_while(|number| delivery(row, number));
    due.take_while(|(_, due)| *due <= as_of)
        .map(|(period, due)| Delivery {
            seen: arrivals.seen(framework, row, plan.threshold, Some(period)),
            period,
            due,
        })
        .collect()
}

/// The next delivery after a day.
pub(super) fn next(row: &Row, as_of: NaiveDate) -> Option<(Period, NaiveDate)> {
    (0..MOST).map_while(|number| delivery(row, number)).find(|(_, due)| *due > as_of)
}

/// The period and day of a delivery, counted from 0.
fn delivery(row: &Row, number: i64) -> Option<(Period, NaiveDate)> {
    let (every, first) = row.every.zip(row.first_delivery)?;
    let holding = Period::of(every, first).ok()?;
    let spoken_for = if holding.last_day() <= first { holding } else { holding.previous()? };
    let months = match every {
        PeriodKind::Month => 1,
        PeriodKind::Quarter => 3,
        _ => 12,
    };
    Some((spoken_for.shift(number)?, add_months(first, number * months)?))
}
