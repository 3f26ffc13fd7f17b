//! What stands in a cell, whatever column it is of: blanks by their many names, and days.

use chrono::NaiveDate;

use crate::values::date;

/// What programs write for nothing; none of them is a code or a name.
pub(crate) const NOTHING: [&str; 8] = ["NULL", "null", "NaN", "nan", "NaT", "None", "<NA>", "#N/A"];

/// A day written as `31/03/2018`, the form of the return, or as `2018-03-31`; nothing else: `3/4/2018` may be
/// April or March.
pub(crate) fn day(text: &str) -> Option<NaiveDate> {
    let &[d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] = text.as_bytes() else { return date(text) };
    let iso = [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2];
    date(std::str::from_utf8(&iso).ok()?)
}

/// White space of any kind off both ends, with the marks that programs leave invisible.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\0'))
}

/// A name without what differs from program to program: case, spaces, hyphens, underscores, marks.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Names the form of a text that is no date, and how to mend it, without repeating the text.
pub(crate) fn day_message(text: &str) -> String {
    let shape: String = text.chars().take(30).map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let found = match shape.as_str() {
        "99/99/9999" => {
            return "there is no such day; expected day/month/year: correct it, or see whether the month was \
                    written first"
                .to_owned();
        }
        "9999-99-99" => return "there is no such day; correct it in the case system".to_owned(),
        s if s.starts_with("99/99/9999") || s.starts_with("9999-99-99") => {
            "a day with a time or more behind it"
        }
        "99/99/99" | "9/9/99" | "9/99/99" | "99/9/99" => "a year of two digits",
        "9/9/9999" | "9/99/9999" | "99/9/9999" => {
            "a day or month of one digit, which may be either way round"
        }
        s if s.starts_with("99-99-9999") || s.starts_with("99.99.9999") => "day-month-year without slashes",
        "99999999" => "eight digits",
        "99999" => "a spreadsheet's day number",
        _ => "something else",
    };
    format!("expected a day as day/month/year (31/03/2018) or year-month-day (2018-03-31), found {found}")
}
