//! One of several values in each lane.

use rust_decimal::Decimal;

use super::lanes::{Lanes, Run, Values};
use super::words::NO_WORD;

/// What stands in a lane.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice {
    /// The value of an option in this lane.
    Option(usize),
    /// No value, and why.
    Standing(u8),
}

/// Takes for each lane the value of the option chosen. Whole numbers beside decimals become decimals.
pub(crate) fn choose<'f>(options: &[Lanes<'_>], choices: impl Iterator<Item = Choice>) -> Lanes<'f> {
    let choices: Vec<Choice> = choices.collect();
    let standing = choices.iter().enumerate().map(|(lane, choice)| match choice {
        Choice::Option(option) => options.get(*option).map_or(super::standing::BLANK, |of| of.standing(lane)),
        Choice::Standing(standing) => *standing,
    });
    let standing = Run::Each(standing.collect());
    let kind = |is: fn(&Values<'_>) -> bool| options.iter().any(|lanes| is(&lanes.values));
    let values = if kind(|values| matches!(values, Values::Decimal(_))) {
        Values::Decimal(each(options, &choices, Decimal::ZERO, |values, lane| match values {
            Values::Decimal(run) => run.at(lane),
            Values::Whole(run) => run.at(lane).map(Decimal::from),
            _ => None,
        }))
    } else if kind(|values| matches!(values, Values::Whole(_))) {
        Values::Whole(each(options, &choices, 0, |values, lane| match values {
            Values::Whole(run) => run.at(lane),
            _ => None,
        }))
    } else if kind(|values| matches!(values, Values::Days(_))) {
        Values::Days(each(options, &choices, 0, |values, lane| match values {
            Values::Days(run) => run.at(lane),
            _ => None,
        }))
    } else if kind(|values| matches!(values, Values::Words(_))) {
        Values::Words(each(options, &choices, NO_WORD, |values, lane| match values {
            Values::Words(run) => run.at(lane),
            _ => None,
        }))
    } else if kind(|values| matches!(values, Values::Truth)) {
        Values::Truth
    } else {
        Values::Nothing
    };
    Lanes { values, standing }
}

fn each<'f, T: Copy>(
    options: &[Lanes<'_>],
    choices: &[Choice],
    otherwise: T,
    of: impl Fn(&Values<'_>, usize) -> Option<T>,
) -> Run<'f, T> {
    let taken = choices.iter().enumerate().map(|(lane, choice)| match choice {
        Choice::Option(option) => {
            options.get(*option).and_then(|lanes| of(&lanes.values, lane)).unwrap_or(otherwise)
        }
        Choice::Standing(_) => otherwise,
    });
    Run::Each(taken.collect())
}
