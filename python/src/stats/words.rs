//! Words of the statistics, in and out.

use pyo3::prelude::*;
use staysafe::stats::{Better, Direction, FunnelKind, Improvement, TrendWord, Verdict};

use crate::error::refused;

/// Which way is better.
pub(crate) fn better(word: &str) -> PyResult<Better> {
    match word {
        "higher" => Ok(Better::Higher),
        "lower" => Ok(Better::Lower),
        "neutral" | "contextual" => Ok(Better::Neither),
        other => {
            let known = "'higher', 'lower', 'neutral' or 'contextual'";
            Err(refused(format!("polarity is {known}, not '{other}'")))
        }
    }
}

/// Which way is an improvement.
pub(crate) fn improvement(word: &str) -> PyResult<Improvement> {
    match word {
        "higher" => Ok(Improvement::Increase),
        "lower" => Ok(Improvement::Decrease),
        "neutral" => Ok(Improvement::Neutral),
        other => Err(refused(format!("improvement is 'higher', 'lower' or 'neutral', not '{other}'"))),
    }
}

/// What a funnel is of.
pub(crate) fn funnel_kind(word: &str) -> PyResult<FunnelKind> {
    match word {
        "proportion" => Ok(FunnelKind::Proportion),
        "rate" => Ok(FunnelKind::Rate),
        "standardised-rate" => Ok(FunnelKind::StandardisedRate),
        "ratio" => Ok(FunnelKind::Ratio),
        other => Err(refused(format!(
            "kind is 'proportion', 'rate', 'standardised-rate' or 'ratio', not '{other}'"
        ))),
    }
}

/// A verdict's word.
pub(crate) fn verdict(of: Verdict) -> &'static str {
    match of {
        Verdict::Better => "better",
        Verdict::Similar => "similar",
        Verdict::Worse => "worse",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
    }
}

/// A trend's word.
pub(crate) fn trend(of: TrendWord) -> &'static str {
    match of {
        TrendWord::Increasing => "increasing",
        TrendWord::Decreasing => "decreasing",
        TrendWord::NotSignificant => "not significant",
        TrendWord::OutlierFound => "outlier found",
    }
}

/// A direction's word.
pub(crate) fn direction(of: Direction) -> &'static str {
    match of {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}
