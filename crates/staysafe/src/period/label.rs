//! Labels of periods, written and read. The page `docs/periods.md` shows them all.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Period, PeriodError, PeriodKind};

/// The twelve months as they are printed.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A text that is not the label of a period: what was wrong with it, and what a label looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not a period: {reason}. Periods are written 2010-11 (a financial year), 2010-11 Q1, Apr 2010, \
     2010 (a calendar year), 2010/11 academic, 12 months to 30 Jun 2010, or 31 Mar 2010 (one day)"
)]
pub struct LabelError {
    text: String,
    reason: String,
}

impl LabelError {
    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was wrong with it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// The label, as the sector prints the period. Reading it gives the same period again.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        let second = (year + 1).rem_euclid(100);
        match self.kind {
            PeriodKind::Month => write!(f, "{} {year}", month_name(self.first)),
            PeriodKind::Quarter => match self.first.month() {
                1 => write!(f, "{}-{:02} Q4", year - 1, year.rem_euclid(100)),
                month => write!(f, "{year}-{second:02} Q{}", month / 3),
            },
            PeriodKind::FinancialYear => write!(f, "{year}-{second:02}"),
            PeriodKind::CalendarYear => write!(f, "{year}"),
            PeriodKind::AcademicYear => write!(f, "{year}/{second:02} academic"),
            PeriodKind::Rolling12Months => write!(f, "12 months to {}", day_label(self.last_day())),
            PeriodKind::Snapshot => f.write_str(&day_label(self.first)),
        }
    }
}

/// Reads a label. Case and spaces do not matter, month names may be written out, a day may be written
/// as `2010-03-31`, and `Q1` may stand first. Nothing is guessed: `2010/11` alone is refused, because
/// some mean the financial and some the academic year.
///
/// # Example
/// ```
/// use staysafe::period::Period;
/// assert_eq!("2010-11 q1".parse::<Period>().ok(), Period::quarter(2010, 1).ok());
/// let error = "2010-12".parse::<Period>().unwrap_err();
/// assert_eq!(
///     error.reason(),
///     "the second year must be the one after the first, 2010-11; for the month write Dec 2010"
/// );
/// ```
impl FromStr for Period {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        read(text).map_err(|reason| LabelError { text: text.to_owned(), reason })
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn read(text: &str) -> Result<Period, String> {
    let plain = text.to_lowercase().replace('\u{2013}', "-");
    let words: Vec<&str> = plain.split_whitespace().collect();
    match words.as_slice() {
        [] => Err("it is empty".to_owned()),
        ["12", "months", "to", day @ ..] => made(Period::rolling_12_months_to(read_day(day)?)),
        [year, "academic"] | ["academic", year] => {
            made(Period::academic_year(read_years(year, '/', |years| format!("{years} academic"))?))
        }
        [year, quarter] | [quarter, year] if is_quarter(quarter) => read_quarter(year, quarter),
        [joined] if joined.contains('q') => {
            let (year, quarter) = joined.split_at(joined.find('q').unwrap_or_default());
            read_quarter(year, quarter)
        }
        [month, year] => read_month(month, year),
        [_, _, _] => made(Period::snapshot(read_day(&words)?)),
        [year] if is_digits(year, 4) => made(Period::calendar_year(number(year)?)),
        [day] if day.split('-').count() == 3 => made(Period::snapshot(read_day(&words)?)),
        [years] if years.contains('/') => {
            let first = read_years(years, '/', |years| format!("{years} academic"))?;
            let financial = made(Period::financial_year(first))?;
            let academic = made(Period::academic_year(first))?;
            Err(format!("it may mean two things: write {financial} for the financial year, or {academic}"))
        }
        [years] if years.contains('-') => {
            made(Period::financial_year(read_years(years, '-', str::to_owned)?))
        }
        _ => Err("nothing of the kind is known".to_owned()),
    }
}

/// `2010-11` or `2010/11`: the first of two years that follow each other.
fn read_years(text: &str, between: char, label: impl Fn(&str) -> String) -> Result<i32, String> {
    let example = label(&format!("2010{between}11"));
    let (first, second) = text
        .split_once(between)
        .filter(|(first, second)| is_digits(first, 4) && (is_digits(second, 2) || is_digits(second, 4)))
        .ok_or_else(|| format!("\"{text}\" is not a pair of years such as {example}"))?;
    let year = number(first)?;
    let due = format!("{:02}", (year + 1).rem_euclid(100));
    if second == due {
        return Ok(year);
    }
    let right = label(&format!("{first}{between}{due}"));
    if is_digits(second, 4) {
        return Err(format!("the second year is written with two figures, {right}"));
    }
    let month = usize::try_from(number(second)? - 1).ok().and_then(|month| MONTHS.get(month));
    let month = month.map(|name| format!("; for the month write {name} {first}")).unwrap_or_default();
    Err(format!("the second year must be the one after the first, {right}{month}"))
}

fn is_quarter(word: &str) -> bool {
    word.strip_prefix('q').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn read_quarter(year: &str, quarter: &str) -> Result<Period, String> {
    if is_digits(year, 4) {
        let year = number(year)?;
        return Err(format!(
            "a quarter belongs to a financial year: write {year}-{:02} {}",
            (year + 1).rem_euclid(100),
            quarter.to_uppercase()
        ));
    }
    let first = read_years(year, '-', |years| format!("{years} {}", quarter.to_uppercase()))?;
    let number = quarter.strip_prefix('q').and_then(|n| n.parse().ok());
    made(Period::quarter(first, number.ok_or_else(|| format!("\"{quarter}\" is not a quarter: Q1 to Q4"))?))
}

fn read_month(month: &str, year: &str) -> Result<Period, String> {
    if !is_digits(year, 4) {
        return Err(format!("\"{year}\" is not a year of four figures"));
    }
    made(Period::month(number(year)?, month_number(month)?))
}

/// `31 mar 2010` or `2010-03-31`.
fn read_day(words: &[&str]) -> Result<NaiveDate, String> {
    let (year, month, day) = match words {
        [day, month, year] if is_digits(year, 4) && (is_digits(day, 1) || is_digits(day, 2)) => {
            (number(year)?, month_number(month)?, day.parse().ok())
        }
        [iso] => match iso.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, day] if is_digits(year, 4) && is_digits(month, 2) && is_digits(day, 2) => {
                (number(year)?, month.parse().unwrap_or_default(), day.parse().ok())
            }
            _ => return Err(format!("\"{iso}\" is not a day such as 31 Mar 2010")),
        },
        _ => return Err(format!("\"{}\" is not a day such as 31 Mar 2010", words.join(" "))),
    };
    day.and_then(|day| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or_else(|| format!("there is no day {}", words.join(" ")))
}

/// A month by its name, in full or in three letters (and `sept`).
fn month_number(word: &str) -> Result<u32, String> {
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    FULL.iter()
        .zip(1..)
        .find(|(full, _)| word == **full || word == &full[..3] || (word == "sept" && **full == "september"))
        .map(|(_, number)| number)
        .ok_or_else(|| format!("\"{word}\" is not a month such as Apr"))
}

fn month_name(day: NaiveDate) -> &'static str {
    usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
}

fn day_label(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month_name(day), day.year())
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| format!("\"{text}\" is not a year"))
}

fn made(period: Result<Period, PeriodError>) -> Result<Period, String> {
    period.map_err(|error| error.to_string())
}
