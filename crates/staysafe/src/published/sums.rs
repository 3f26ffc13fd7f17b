//! Sums of published counts: of columns, and of areas into the area above them.

use super::judge::Why;
use super::range::Range;
use super::recompute::{Basis, Given, Part, Recomputed, RuleUsed, Worker};
use super::{Level, Place, Row};
use crate::value::{Exact, Withheld};

/// Adds parts up. A part that is not applicable is left out; any other that is withheld leaves the sum open.
///
/// What was printed is added up only where every part was: a sum of some is no total.
pub(super) fn sum_of(parts: impl Iterator<Item = Result<Part, Why>>) -> Result<Given, Why> {
    let mut printed = Some(Exact::ZERO);
    let mut range = Range::exactly(Exact::ZERO);
    let (mut suppressed, mut guessed, mut left_out) = (0, false, false);
    for part in parts {
        let part = match part {
            Err(Why::WithheldPart(Withheld::NotApplicable)) => {
                left_out = true;
                continue;
            }
            other => other?,
        };
        printed = printed.zip(part.printed).and_then(|(sum, more)| sum.plus(&more));
        range = range.plus(&part.range).ok_or(Why::TooLarge)?;
        suppressed += part.suppressed;
        guessed |= part.guessed;
    }
    Ok(Given { printed, range, suppressed, guessed, left_out, sum: true })
}

/// Compares each country with its regions and its authorities, and each region with its authorities.
pub(super) fn add_up(worker: &Worker<'_>, done: &mut Recomputed, name: &str) {
    for (above, below) in [
        (Level::National, Level::Regional),
        (Level::National, Level::LocalAuthority),
        (Level::Regional, Level::LocalAuthority),
    ] {
        let rule = done.rules.len();
        let mut compared = Vec::new();
        for column in worker.columns(name) {
            for row in worker.table.rows.iter().filter(|row| row.place.level == above) {
                let parts: Vec<&Row> =
                    worker.table.rows.iter().filter(|other| belongs(other, row, &below)).collect();
                let parts = without_parts_of_parts(&parts);
                if !parts.is_empty() {
                    let given = sum_of(parts.into_iter().map(|part| worker.part(part, column)));
                    compared.push(worker.compare(rule, row, column, given));
                }
            }
        }
        if !compared.is_empty() {
            let text = format!("{name}, {above} = sum of {below}");
            done.rules.push(RuleUsed { text, basis: Basis::Declared });
            done.comparisons.append(&mut compared);
        }
    }
}

/// Whether a row is a part of another that stands for the area above it.
fn belongs(part: &Row, whole: &Row, level: &Level) -> bool {
    part.place.level == *level
        && part.period == whole.period
        && part.filters == whole.filters
        && (whole.place.level == Level::National || lies_in(&part.place, &whole.place))
}

/// Whether an authority lies in a region. London's two halves are regions of their own beside it.
fn lies_in(place: &Place, region: &Place) -> bool {
    let names = |of: &Place| [of.code.clone(), of.other_code.clone(), Some(of.name.clone())];
    place.region.as_ref().is_some_and(|own| {
        let own = own.trim();
        let is =
            |name: &Option<String>| name.as_ref().is_some_and(|name| name.trim().eq_ignore_ascii_case(own));
        names(region).iter().any(is) || (is_london(region) && HALVES.contains(&own))
    })
}

/// The halves of London, by the codes that tables give them.
const HALVES: [&str; 2] = ["E13000001", "E13000002"];

fn is_london(place: &Place) -> bool {
    place.code.as_deref() == Some("E12000007") || place.name.trim().eq_ignore_ascii_case("london")
}

/// Leaves Inner and Outer London out where London is there.
fn without_parts_of_parts<'a>(rows: &[&'a Row]) -> Vec<&'a Row> {
    let london = rows.iter().any(|row| is_london(&row.place));
    let half = |row: &Row| {
        let name = row.place.name.trim().to_lowercase();
        name == "inner london" || name == "outer london"
    };
    rows.iter().copied().filter(|row| !(london && half(row))).collect()
}
