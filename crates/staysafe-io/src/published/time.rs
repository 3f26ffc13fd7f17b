//! Periods as published tables tell them: in two columns of each row, or at the end of a header.

use staysafe::period::Period;
use staysafe::published::{Layout, Told, YearMeans};

/// A year as it is written: one year, or one that runs into the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Year {
    One(i32),
    /// By its first year.
    Two(i32),
}

/// The period of a row: `201819` and `Academic year`.
///
/// # Errors
/// What is wrong with the year, in words.
pub(super) fn of_row(year: &str, identifier: Option<&str>, layout: &Layout) -> Result<Told, String> {
    let year = year.trim();
    let identifier = identifier.map(str::trim).filter(|identifier| !identifier.is_empty());
    let text = match identifier {
        Some(identifier) => format!("{year}, {identifier}"),
        None => year.to_owned(),
    };
    let Some(read) = read(year) else {
        return Err(format!(
            "'{year}' is no year: expected four digits (2024), or six for a year that runs into the next (202324)"
        ));
    };
    let period = match identifier {
        Some(identifier) => of_identifier(read, &identifier.to_lowercase(), layout),
        None => layout.header_year.and_then(|means| means_of(read, means)),
    };
    Ok(Told { text, period })
}

fn of_identifier(year: Year, identifier: &str, layout: &Layout) -> Option<Period> {
    let words: Vec<&str> = identifier.split_whitespace().collect();
    match (words.as_slice(), year) {
        (["calendar", "year"], Year::One(year)) => Period::calendar_year(year).ok(),
        (["financial", "year"], Year::Two(first)) => Period::financial_year(first).ok(),
        (["academic", "year"], Year::Two(first)) => Period::academic_year(first).ok(),
        (["financial", "year", quarter], Year::Two(first)) => {
            let number = quarter.strip_prefix('q').filter(|rest| rest.len() == 1)?.parse().ok()?;
            Period::quarter(first, number).ok()
        }
        (["calendar", "year", quarter], Year::One(year)) => {
            let number: i32 =
                quarter.strip_prefix('q')?.parse().ok().filter(|number| (1..=4).contains(number))?;
            // A year's first three months are the last quarter of the financial year before.
            let (first, number) = if number == 1 { (year - 1, 4) } else { (year, number - 1) };
            Period::quarter(first, u32::try_from(number).ok()?).ok()
        }
        (["as", "at", "31", "march"] | ["31", "march"], year) => means_of(year, YearMeans::On31March),
        (["year", "ending" | "to", "31", "march"], year) => means_of(year, YearMeans::To31March),
        (["reporting", "year"], year) => layout.reporting_year.and_then(|means| means_of(year, means)),
        ([month], Year::One(year)) => {
            let place = MONTHS.iter().position(|name| name == month)?;
            Period::month(year, u32::try_from(place).ok()? + 1).ok()
        }
        _ => None,
    }
}

const MONTHS: [&str; 12] = [
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

fn means_of(year: Year, means: YearMeans) -> Option<Period> {
    let ends = match year {
        Year::One(year) => year,
        Year::Two(first) => first + 1,
    };
    means.period(ends).ok()
}

/// A header without the year that it ends or begins in, and that year.
pub(super) fn of_header(header: &str, means: Option<YearMeans>) -> (String, Option<Told>) {
    let header = header.trim();
    let is_part = |c: char| c.is_ascii_digit() || c == '-' || c == '/' || c == '\u{2013}';
    let ends = header.trim_end_matches(is_part);
    let starts = header.trim_start_matches(is_part);
    let candidates = [(ends, header.get(ends.len()..)), (starts, header.get(..header.len() - starts.len()))];
    for (rest, found) in candidates {
        let Some(year) = found.map(|text| text.trim_matches(['-', '/', '\u{2013}'])) else { continue };
        let plausible =
            |year: &Year| matches!(year, Year::One(of) | Year::Two(of) if (1980..2060).contains(of));
        let Some(read) = read(year).filter(plausible) else { continue };
        let measure =
            rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '(' | ':' | ','));
        if !measure.is_empty() {
            let period = means.and_then(|means| means_of(read, means));
            return (measure.to_owned(), Some(Told { text: year.to_owned(), period }));
        }
    }
    (header.to_owned(), None)
}

/// `2024`, `202324`, `2023-24`, `2023/24`, `2023/2024`, `2023_24`, `2023 to 2024`.
fn read(text: &str) -> Option<Year> {
    let text = text.replace(" to ", "-");
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | '/' | '_' | '\u{2013}')).collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first: i32 = digits.get(..4)?.parse().ok()?;
    let second: i32 = match digits.len() {
        4 if digits.len() == text.len() => return Some(Year::One(first)),
        6 | 8 => digits.get(4..)?.parse().ok()?,
        _ => return None,
    };
    let next = first + 1;
    (second == next || second == next.rem_euclid(100)).then_some(Year::Two(first))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(year: &str, identifier: &str) -> String {
        let layout = Layout { reporting_year: Some(YearMeans::To31March), ..Layout::default() };
        of_row(year, Some(identifier), &layout).unwrap().to_string()
    }

    #[test]
    fn rows_tell_their_period_in_two_columns() {
        for (year, identifier, expected) in [
            ("2024", "Reporting year", "2023-24"),
            ("202324", "Reporting year", "2023-24"),
            ("201819", "Academic year", "2018/19 academic"),
            ("201011", "Financial year", "2010-11"),
            ("201011", "Financial year Q3", "2010-11 Q3"),
            ("2012", "Calendar year", "2012"),
            ("2012", "Calendar year Q1", "2011-12 Q4"),
            ("2012", "Calendar year Q4", "2012-13 Q3"),
            ("2012", "Calendar year Q5", "2012, Calendar year Q5"),
            ("2012", "As at 31 March", "31 Mar 2012"),
            ("2011-12", "Year ending 31 March", "2011-12"),
            ("2011 to 2012", "Financial year", "2011-12"),
            ("2011_12", "Academic year", "2011/12 academic"),
            ("2012", "January", "Jan 2012"),
            ("201213", "Autumn term", "201213, Autumn term"),
            ("201213", "Financial year Q1-Q3", "201213, Financial year Q1-Q3"),
            ("2012", "Academic year", "2012, Academic year"),
        ] {
            assert_eq!(row(year, identifier), expected, "{year} {identifier}");
        }
        let plain = Layout::default();
        assert_eq!(
            of_row("2024", Some("Reporting year"), &plain).unwrap().period,
            None,
            "it may mean several"
        );
        for wrong in ["", "20", "201012", "2010-12", "twenty", "1011"] {
            let error = of_row(wrong, Some("Financial year"), &plain);
            assert!(error.is_err() || wrong == "1011", "{wrong}");
        }
    }

    #[test]
    fn headers_tell_their_year() {
        let read = |header: &str| {
            let (measure, told) = of_header(header, Some(YearMeans::On31March));
            (measure, told.map(|told| told.to_string()))
        };
        for (header, measure, period) in [
            ("MarTotal_2010", "MarTotal", Some("31 Mar 2010")),
            ("CLA_Mar2011", "CLA_Mar", Some("31 Mar 2011")),
            ("Mid2009Pop0-17", "Mid2009Pop0-17", None),
            ("2009-10 number", "number", Some("31 Mar 2010")),
            ("CLA_1to4", "CLA_1to4", None),
            ("MarPlace_K1_2010", "MarPlace_K1", Some("31 Mar 2010")),
            ("2010", "2010", None),
            ("rate_per_10000", "rate_per_10000", None),
        ] {
            assert_eq!(read(header), (measure.to_owned(), period.map(str::to_owned)), "{header}");
        }
    }
}
