//! The cases that still run on a period's last day: the list behind the two counts beside a timeliness figure.

use super::words::Teller;
use super::{Ask, Case, Standing, WhyError, known, stretches, written};
use crate::calculate::clock;
use crate::calculate::join::join;
use crate::calculate::reference::derive::Derivations;
use crate::calculate::reference::evaluate::{Context, Frame};
use crate::calculate::reference::open::open;
use crate::calculate::reference::records::Records;
use crate::calculate::reference::{table, with_derived};
use crate::check::Checked;
use crate::check::tree::CheckedCalculation;
use crate::definition::indicator::Calculation;
use crate::period::Period;
use crate::record::Data;

/// The cases of an indicator that are still open on the period's last day, each with the day it falls due or
/// fell due; none for an indicator without a clock.
///
/// A table that cannot speak for that day gives none.
///
/// # Errors
/// As [`why`](super::why).
pub fn open_cases(checked: &Checked, data: &Data, id: &str, period: Period) -> Result<Vec<Case>, WhyError> {
    let (indicator, definition) = known(checked, id)?;
    let written = written(checked, definition);
    let mut cases = Vec::new();
    // The last day has one version, whatever is joined before it.
    let Some(stretch) = stretches(indicator, &written, period).pop() else { return Ok(cases) };
    let (Some(calculation @ CheckedCalculation::Ladder(ladder)), Some(Calculation::Ladder(said)), None) =
        (stretch.version.calculation(), stretch.said, &stretch.closed)
    else {
        return Ok(cases);
    };
    let asked = ladder.clocks();
    let joined = join(checked, data)?;
    for authority in &joined.authorities {
        let records = Records::new(checked, authority);
        let mut made = Derivations::default();
        let records = with_derived(
            checked,
            &records,
            &mut made,
            (indicator, stretch.version.rests_on()),
            calculation,
            &period,
        )
        .map_err(|why| WhyError::NotFromRecords { id: id.to_owned(), why })?;
        let ask = Ask {
            checked,
            indicator,
            records: &records,
            name: &authority.of.name,
            period,
            stretch: &stretch,
        };
        let Some(table) = ask.readable(&ladder.table) else { continue };
        let Some(moment) = table::moment(&period, ladder.window) else { continue };
        if !table::shows_stock(table, moment.last) {
            continue;
        }
        let context = Context { calendar: checked.calendar(), records: &records, moment };
        let teller = Teller::new(checked, indicator, stretch.clocks, table.dataset, &said.from.value);
        for row in table.rows.iter() {
            let frame = Frame { table, row };
            let Some((clock, reading)) = open(&context, frame, ladder, &asked) else { continue };
            let standing = match reading.standing {
                clock::Standing::AlreadyLate => Standing::OpenLate,
                clock::Standing::OnTimeSoFar | clock::Standing::NotYetDue => Standing::OpenInTime,
                _ => Standing::CannotBeJudged,
            };
            let words = teller.open(frame, clock, moment.last);
            cases.push(ask.case(table, row, None, standing, words));
        }
    }
    Ok(cases)
}
