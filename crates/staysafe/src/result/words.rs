//! Outcomes, reasons, flags and notes as they are printed.

use super::cell::{Flag, NotReported, Note, Outcome, Reason};
use super::results::{Observation, Statistic};
use crate::definition::indicator::Indicator;
use crate::value::Exact;

impl Outcome {
    /// The outcome as the fixed column `outcome` writes it.
    ///
    /// # Example
    /// ```
    /// use staysafe::result::{Outcome, Reason};
    /// assert_eq!(Outcome::Absent(Reason::Undefined).code(), "undefined");
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Self::Figure { .. } => "figure",
            Self::Absent(reason) => reason.code(),
        }
    }
}

impl Statistic {
    /// The statistic as the fixed column `statistic` writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Percentage => "percentage",
            Self::Ratio => "ratio",
            Self::Rate => "rate",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Share => "share",
            Self::Score => "score",
            Self::Document => "document",
            Self::Narrative => "narrative",
            Self::Group => "group",
        }
    }

    /// A value as it is printed: percentages and other computed values with one decimal place, counts whole with
    /// thousands separated, rates with what they are per.
    ///
    /// # Example
    /// ```
    /// use staysafe::result::Statistic;
    /// use staysafe::value::Exact;
    /// let value = Exact::new(12_345, 10).unwrap();
    /// assert_eq!(Statistic::Rate.printed(&value, Some(10_000)), "1,234.5 per 10,000");
    /// assert_eq!(Statistic::Percentage.printed(&Exact::new(200, 3).unwrap(), None), "66.7%");
    /// ```
    pub fn printed(self, value: &Exact, multiplier: Option<i64>) -> String {
        let one_place = || thousands(&value.to_places(1));
        match self {
            Self::Percentage | Self::Share => format!("{}%", one_place()),
            Self::Rate => multiplier.map_or_else(one_place, |multiplier| {
                format!("{} per {}", one_place(), thousands(&multiplier.to_string()))
            }),
            Self::Document if *value == Exact::ZERO => "no".to_owned(),
            Self::Document => "yes".to_owned(),
            Self::Count => printed_count(value),
            _ => one_place(),
        }
    }
}

/// A figure as it is printed; nothing, where there is none.
pub(crate) fn printed_figure(seen: &Observation, indicator: &Indicator) -> String {
    match &seen.cell.outcome {
        Outcome::Figure { value, .. } => seen.statistic.printed(value, indicator.multiplier()),
        Outcome::Absent(_) => String::new(),
    }
}

/// A count as it is printed: whole where it is whole.
pub(crate) fn printed_count(count: &Exact) -> String {
    thousands(&count.to_places(u32::from(count.whole().is_none())))
}

/// A number with its thousands separated.
pub(crate) fn thousands(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

impl Flag {
    /// The flag as the fixed column `flags` writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::PartlyReported => "partly-reported",
            Self::PartlyCovered => "partly-covered",
            Self::SurvivorsOnly => "survivors-only",
            Self::Provisional => "provisional",
            Self::LowReliability => "low-reliability",
            Self::Break => "break",
            Self::Rounded => "rounded",
            Self::Low => "low",
        }
    }
}

impl Note {
    /// The counter's name as the fixed column `notes` writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::DatesInverted => "dates-inverted",
            Self::Contradictory => "contradictory",
            Self::Duplicate => "duplicate",
            Self::OutsideCalendar => "outside-calendar",
            Self::HistoryMissing => "history-missing",
            Self::UnmappedCode => "unmapped-code",
            Self::NotYetDue => "not-yet-due",
            Self::OpenInTime => "open-in-time",
            Self::OpenLate => "open-late",
            Self::Vanished => "vanished",
        }
    }
}

impl Reason {
    /// The reason as the fixed column `outcome` writes it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::NothingToMeasure => "nothing-to-measure",
            Self::NotReported(_) => "not-reported",
            Self::Refused(_) => "refused",
            Self::NotYetDue(_) => "not-yet-due",
            Self::NotApplicable => "not-applicable",
            Self::Suppressed => "suppressed",
            Self::Break => "break",
            Self::OutOfScope => "out-of-scope",
        }
    }

    /// The reason in plain words.
    pub fn words(&self) -> String {
        match self {
            Self::Undefined => "undefined: nothing below the line".to_owned(),
            Self::NothingToMeasure => "nothing to measure".to_owned(),
            Self::NotReported(what) => format!("not reported: {}", what.words()),
            Self::Refused(why) => format!("refused: {why}"),
            Self::NotYetDue(None) => "not yet due".to_owned(),
            Self::NotYetDue(Some(day)) => format!("not yet due: it falls due on {}", day.format("%-d %B %Y")),
            Self::NotApplicable => "not applicable in this area".to_owned(),
            Self::Suppressed => "hidden to protect individuals".to_owned(),
            Self::Break => "the definition changed inside the period".to_owned(),
            Self::OutOfScope => "out of scope".to_owned(),
        }
    }
}

impl NotReported {
    fn words(&self) -> String {
        match self {
            Self::NoReturn => "no return was given".to_owned(),
            Self::Dataset(name) => format!("no return carries '{name}'"),
            Self::OutsideCover => "outside what the return can speak for".to_owned(),
            Self::NoEntry => "no entry in the period".to_owned(),
            Self::YearUnknown => "return year unknown; give the year of the return".to_owned(),
            Self::NoVersion(why) => why.clone(),
            Self::NoCalculation => "no calculation is written yet".to_owned(),
            Self::NotBrokenDown(why) => format!("not broken down so: {why}"),
            Self::Unsupported(what) => format!("it uses {what}, which cannot be calculated yet"),
        }
    }
}
