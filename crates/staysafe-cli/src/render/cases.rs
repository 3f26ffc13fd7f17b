//! Cases behind a figure, for local use.

use std::fmt::Write as _;

use staysafe::calculate::why::{Case, Side, Standing};

use super::csv;

/// Said on standard error before anything about a single child is printed.
pub(crate) const HANDLING: &str =
    "handling: what follows is about single children; keep it inside the authority, and send it to nobody";

/// A paragraph for each case.
pub(crate) fn text(cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        let side = side(case).map_or_else(String::new, |side| format!(", {side}"));
        let _ = writeln!(
            text,
            "{}  {}  {} of {}, record {}{side}\n    {}",
            case.period, case.key, case.dataset, case.name, case.origin, case.words
        );
    }
    text
}

/// A line of CSV for each case.
pub(crate) fn csv(cases: &[Case]) -> String {
    let mut text = csv::line(["period", "key", "return", "dataset", "record", "side", "standing", "why"]);
    for case in cases {
        text.push_str(&csv::line([
            &case.period.to_string(),
            &case.key,
            &case.name,
            &case.dataset,
            &case.origin.to_string(),
            side(case).unwrap_or_default(),
            standing(case.standing),
            &case.words,
        ]));
    }
    text
}

fn side(case: &Case) -> Option<&'static str> {
    case.side.map(|side| match side {
        Side::Numerator => "above the line",
        Side::Denominator => "below the line",
    })
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::NotInPeriod => "not in period",
        Standing::LeftOut => "left out",
        Standing::CannotBeJudged => "cannot be judged",
        Standing::NotCounted => "not counted",
        Standing::Counted => "counted",
        Standing::OpenInTime => "open, in time so far",
        Standing::OpenLate => "open, and late",
    }
}
