//! One cell: text as the file gives it, into a value, a blank, or a reason why not.

use staysafe::value::Value;

use super::layout::{Column, Layout};
use crate::delimited::{NOTHING, day, day_message, trim};
use crate::layout::Form;
use crate::registers::Registers;
use crate::values::{LOCAL_SPELLING, Parsed, parse_local};

/// What became of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Blank,
    /// A word that programs write where there is nothing.
    BlankInWords,
    Known(Value),
    /// A value, with a stable code and words for what is odd about it.
    Odd(Value, &'static str, String),
    /// No value: a stable code and what was expected.
    Bad(&'static str, String),
}

/// Reads a cell of a column in the return of a year.
pub(super) fn read(
    layout: &Layout,
    column: &Column,
    text: &str,
    year: Option<i32>,
    registers: Option<&Registers>,
) -> Cell {
    let text = trim(text);
    if text.is_empty() {
        return Cell::Blank;
    }
    if NOTHING.contains(&text) {
        return Cell::BlankInWords;
    }
    if column.form == Form::Date {
        return match day(text) {
            Some(day) => Cell::Known(Value::Date(day)),
            None => Cell::Bad("bad-date", day_message(text)),
        };
    }
    let whole = without_decimals(column.form, text);
    let year_of_codes = year.unwrap_or(layout.last_year);
    let parsed = parse_local(whole.unwrap_or(text), column.form, &layout.code_sets, year_of_codes, registers);
    match parsed {
        Parsed::Known(Value::Int(number)) if column.most.is_some_and(|most| number > most) => {
            let most = column.most.unwrap_or_default();
            Cell::Bad("out-of-range", format!("expected a whole number from 0 to {most}"))
        }
        Parsed::Known(value) | Parsed::OtherYear(value, _) if whole.is_some() => {
            let words = "a whole number written with decimals (1.0), as programs do in a column with blanks; the \
                         whole number was read";
            Cell::Odd(value, "number-with-decimals", words.to_owned())
        }
        Parsed::Known(value) => Cell::Known(value),
        Parsed::Local(value) => Cell::Odd(value, LOCAL_SPELLING.0, LOCAL_SPELLING.1.to_owned()),
        Parsed::OtherYear(value, years) => match year {
            Some(year) => {
                let words =
                    format!("this code stands {years}, and the return is of {year}; it was read as it is");
                Cell::Odd(value, "code-of-another-year", words)
            }
            None => Cell::Known(value),
        },
        Parsed::Bad("bad-flag", message) => match text.to_ascii_lowercase().as_str() {
            "true" => Cell::Odd(Value::Bool(true), "spelling", flag_spelling()),
            "false" => Cell::Odd(Value::Bool(false), "spelling", flag_spelling()),
            _ => Cell::Bad("bad-flag", message),
        },
        Parsed::Bad(code, message) => Cell::Bad(code, message),
    }
}

/// `39` for `39.0`, where the column holds whole numbers or codes and identifiers made of digits.
fn without_decimals(form: Form, text: &str) -> Option<&str> {
    if form == Form::Text {
        return None;
    }
    let (whole, decimals) = text.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0')).then_some(whole)
}

fn flag_spelling() -> String {
    "TRUE and FALSE were read as 1 and 0, which the return asks for".to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::super::layout::SSDA903;
    use super::*;
    use crate::values::date;

    fn cell(name: &str, text: &str, year: i32) -> Cell {
        let mut columns = SSDA903.tables.iter().flat_map(|table| &table.columns);
        read(&SSDA903, columns.find(|column| column.name == name).unwrap(), text, Some(year), None)
    }

    fn known(text: &str) -> Cell {
        Cell::Known(Value::Text(text.into()))
    }

    fn code(cell: &Cell) -> &'static str {
        match cell {
            Cell::Bad(code, _) | Cell::Odd(_, code, _) => code,
            _ => "",
        }
    }

    #[test]
    fn two_forms_of_dates_and_no_other() {
        for text in ["31/03/2018", "2018-03-31", " 31/03/2018 ", "\u{A0}31/03/2018"] {
            assert_eq!(cell("DECOM", text, 2018), Cell::Known(Value::Date("2018-03-31".parse().unwrap())));
        }
        for (text, words) in [
            ("3/4/2018", "either way round"),
            ("31/03/18", "two digits"),
            ("03/31/2018", "the month was written first"),
            ("31-03-2018", "without slashes"),
            ("31/03/2018 00:00", "a time"),
            ("2018-02-30", "no such day"),
            ("43190", "day number"),
            ("20180331", "eight digits"),
            ("soon", "something else"),
        ] {
            match cell("DECOM", text, 2018) {
                Cell::Bad("bad-date", message) => assert!(message.contains(words), "{text}: {message}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn nothing_goes_by_many_names_and_na_is_not_one_of_them() {
        assert_eq!(cell("DEC", "  ", 2018), Cell::Blank);
        for text in NOTHING {
            assert_eq!(cell("DEC", text, 2018), Cell::BlankInWords, "{text}");
        }
        assert_eq!(code(&cell("REC", "NA", 2018)), "unknown-code");
    }

    #[test]
    fn codes_have_their_years_and_their_case() {
        assert_eq!(cell("REC", "E44", 2018), known("E44"));
        assert_eq!(code(&cell("REC", "E45", 2018)), "code-of-another-year");
        assert_eq!(cell("REC", "E45", 2019), known("E45"));
        assert_eq!(code(&cell("REC", "x1", 2018)), "unknown-code", "the return's own checks refuse it too");
        assert_eq!(code(&cell("SEX", "M", 2018)), "code-of-another-year");
        assert_eq!(cell("SEX", "M", 2025), known("M"));
    }

    #[test]
    fn what_a_spreadsheet_did_to_numbers_is_undone_or_refused() {
        let odd = |value| Cell::Odd(value, "number-with-decimals", String::new());
        for (name, text, value) in [
            ("CHILD", "566910.0", Value::Text("566910".into())),
            ("SDQ_SCORE", "39.0", Value::Int(39)),
            ("MOTHER", "1.0", Value::Bool(true)),
            ("SEX", "2.0", Value::Text("2".into())),
        ] {
            match (cell(name, text, 2018), odd(value)) {
                (Cell::Odd(found, code, _), Cell::Odd(value, expected, _)) => {
                    assert_eq!((found, code), (value, expected), "{name}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(code(&cell("CHILD", "1.23E+11", 2018)), "spreadsheet-number");
        assert_eq!(cell("CHILD", "E10", 2018), known("E10"));
        assert_eq!(code(&cell("SDQ_SCORE", "41", 2018)), "out-of-range");
        assert_eq!(code(&cell("SDQ_SCORE", "39.5", 2018)), "bad-number");
        assert_eq!(code(&cell("MOTHER", "TRUE", 2018)), "spelling");
        assert_eq!(cell("UPN", "UN3", 2018), known("UN3"));
        assert_eq!(code(&cell("UPN", "UN8", 2018)), "bad-upn");
        assert_eq!(code(&cell("CHILD", "a\u{FFFD}", 2018)), "unreadable-character");
    }

    proptest! {
        #[test]
        fn days_in_both_forms_are_the_same_day(year in 1900..2100i32, month in 0..14u32, day_ in 0..33u32) {
            let (ours, iso) = (format!("{day_:02}/{month:02}/{year}"), format!("{year}-{month:02}-{day_:02}"));
            prop_assert_eq!(day(&ours), date(&iso));
            prop_assert_eq!(day(&ours), NaiveDate::from_ymd_opt(year, month, day_));
        }
    }
}
