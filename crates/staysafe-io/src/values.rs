//! Values of a return: text as the file gives it, into a typed value or a reason why not.

use chrono::NaiveDate;
use staysafe::value::{Datum, Value};

use crate::layout::{Codes, Form};
use crate::registers::Registers;

/// What became of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A value.
    Known(Value),
    /// A value whose code belongs to other years than the return's; the words say which.
    OtherYear(Value, String),
    /// A value that an alias table reads for a local spelling.
    Local(Value),
    /// No value: a stable code and what was expected.
    Bad(&'static str, String),
}

/// What is said of a value that an alias table reads.
pub(crate) const LOCAL_SPELLING: (&str, &str) =
    ("local-spelling", "a local spelling, which was read as the code that the alias table gives for it");

/// Reads a value as [`parse`] does, and a code by its local spellings where it is none of its set.
pub(crate) fn parse_local(
    text: &str,
    form: Form,
    codes: &[Codes],
    year: i32,
    registers: Option<&Registers>,
) -> Parsed {
    let parsed = parse(text, form, codes, year);
    let (Parsed::Bad(..), Form::Code(set), Some(registers)) = (&parsed, form, registers) else {
        return parsed;
    };
    let code = codes.get(set).and_then(|set| registers.aliases(&set.id)?.find(text));
    match code.map(|code| parse(code, form, codes, year)) {
        Some(Parsed::Known(value) | Parsed::OtherYear(value, _)) => Parsed::Local(value),
        _ => parsed,
    }
}

/// Reads a value that is not empty and has no spaces around it.
pub(crate) fn parse(text: &str, form: Form, codes: &[Codes], year: i32) -> Parsed {
    match form {
        // XML has no such characters, and a terminal would obey them.
        Form::Text | Form::Identifier if text.chars().any(char::is_control) => {
            Parsed::Bad("control-character", "expected text without control characters".to_owned())
        }
        // What stands for bytes that could not be read.
        Form::Text | Form::Identifier if text.contains('\u{FFFD}') => {
            let help = "a character of it could not be read; save the file as UTF-8 and try again";
            Parsed::Bad("unreadable-character", help.to_owned())
        }
        Form::Identifier if is_power_of_ten(text) => Parsed::Bad(
            "spreadsheet-number",
            "expected a number in full; a spreadsheet has cut off its last digits (1.23E+11), and two children may \
             now look like one; export it again as text"
                .to_owned(),
        ),
        Form::Text | Form::Identifier => Parsed::Known(Value::Text(text.into())),
        Form::Date => match date(text) {
            Some(day) => Parsed::Known(Value::Date(day)),
            None => Parsed::Bad("bad-date", date_message(text)),
        },
        Form::Code(set) => match codes.get(set) {
            Some(set) => code(text, set, year),
            None => Parsed::Bad("unknown-code", "the layout has no such code set".to_owned()),
        },
        Form::Flag => match text {
            "1" | "true" => Parsed::Known(Value::Bool(true)),
            "0" | "false" => Parsed::Known(Value::Bool(false)),
            _ => Parsed::Bad("bad-flag", "expected 0, 1, true or false".to_owned()),
        },
        Form::Whole => match whole(text) {
            Some(number) => Parsed::Known(Value::Int(number)),
            None => Parsed::Bad("bad-number", "expected a whole number from 0, in digits only".to_owned()),
        },
        Form::Upn | Form::UpnOrReason if is_upn(text.as_bytes()) => Parsed::Known(Value::Text(text.into())),
        Form::UpnOrReason if is_reason(text) => Parsed::Known(Value::Text(text.into())),
        Form::UpnOrReason => Parsed::Bad(
            "bad-upn",
            "expected a letter, eleven digits and a digit or letter, or a reason such as UN1; correct it in the case \
             system"
                .to_owned(),
        ),
        Form::Upn => Parsed::Bad(
            "bad-upn",
            "expected a letter, eleven digits and a digit or letter; correct it in the case system"
                .to_owned(),
        ),
    }
}

/// A day written as `2024-03-31`, and nothing else: any other form would be a guess.
///
/// # Example
/// ```
/// use staysafe_io::date;
/// assert_eq!(date("2024-02-29").map(|day| day.to_string()).as_deref(), Some("2024-02-29"));
/// assert_eq!(date("2023-02-29"), None);
/// assert_eq!(date("29/02/2024"), None);
/// ```
pub fn date(text: &str) -> Option<NaiveDate> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let mut wrong = false;
    let mut digit = |byte: u8| {
        let digit = byte.wrapping_sub(b'0');
        wrong |= digit > 9;
        u32::from(digit)
    };
    let year = digit(y1) * 1000 + digit(y2) * 100 + digit(y3) * 10 + digit(y4);
    let month = digit(m1) * 10 + digit(m2);
    let day = digit(d1) * 10 + digit(d2);
    if wrong || year == 0 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A text with the white space of XML taken off both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
}

/// Whether the text is white space only.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// At most 200 characters, so that a broken file does not fill the table of rejects.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A known value, as a field holds it.
pub(crate) fn known(value: Value) -> Datum {
    Datum::Known(value)
}

fn code(text: &str, set: &Codes, year: i32) -> Parsed {
    match set.find(text) {
        Some(code) if code.stands_in(year) => Parsed::Known(Value::Text(code.text.clone())),
        Some(code) => Parsed::OtherYear(Value::Text(code.text.clone()), code.years()),
        None => Parsed::Bad("unknown-code", set.expected(text)),
    }
}

fn whole(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn is_upn(text: &[u8]) -> bool {
    let [letter, middle @ .., last] = text else { return false };
    text.len() == 13
        && letter.is_ascii_alphabetic()
        && middle.iter().all(u8::is_ascii_digit)
        && last.is_ascii_alphanumeric()
}

/// Why there is no pupil number: `UN1` to `UN7`.
fn is_reason(text: &str) -> bool {
    matches!(text.as_bytes(), [b'U', b'N', b'1'..=b'7'])
}

/// A number as a spreadsheet shows it when its cell is narrow: `1.23E+11`.
fn is_power_of_ten(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(part) && power.strip_prefix('+').is_some_and(digits)
}

/// Names the form of a text that is no date, and how to mend it, without repeating the text.
fn date_message(text: &str) -> String {
    let shape: String = text.chars().take(30).map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let found = match shape.as_str() {
        "9999-99-99" => return "there is no such day; correct it in the case system".to_owned(),
        s if s.starts_with("9999-99-99T") || s.starts_with("9999-99-99 ") => "a date with a time",
        s if s.starts_with("9999-99-99") => "a date with something behind it, such as a time zone",
        s if s.starts_with("99/99/9999") || s.starts_with("9/9") || s.starts_with("99/9") => "day/month/year",
        s if s.starts_with("99-99-9999") || s.starts_with("99.99.9999") => "day-month-year",
        "99999999" => "eight digits without hyphens",
        "99999" => "a spreadsheet's day number",
        _ => "something else",
    };
    format!(
        "expected a day as year-month-day (2024-03-31), found {found}; export it in the form of the census"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn day_message(text: &str) -> String {
        match parse(text, Form::Date, &[], 2024) {
            Parsed::Bad("bad-date", message) => message,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_date_is_iso_or_it_is_rejected_with_its_form() {
        for (text, form) in [
            ("2024-03-31T00:00:00", "a date with a time;"),
            ("2024-03-31Z", "time zone"),
            ("31/03/2024", "day/month/year"),
            ("1/3/24", "day/month/year"),
            ("31-03-2024", "day-month-year"),
            ("20240331", "eight digits"),
            ("45382", "day number"),
            ("2023-02-29", "no such day"),
            ("2024-13-01", "no such day"),
            ("0000-01-01", "no such day"),
            ("yesterday", "something else"),
            ("２０２４-01-01", "something else"),
        ] {
            let message = day_message(text);
            assert!(message.contains(form), "{text}: {message}");
        }
        assert_eq!(date("1066-04-13").unwrap().to_string(), "1066-04-13", "old days are days");
    }

    #[test]
    fn both_forms_of_flags_and_no_other() {
        for (text, truth) in [("1", true), ("true", true), ("0", false), ("false", false)] {
            assert_eq!(parse(text, Form::Flag, &[], 2024), Parsed::Known(Value::Bool(truth)), "{text}");
        }
        for text in ["TRUE", "yes", "2", "-1"] {
            assert!(matches!(parse(text, Form::Flag, &[], 2024), Parsed::Bad("bad-flag", _)), "{text}");
        }
    }

    #[test]
    fn whole_numbers_start_at_0_and_fit() {
        assert_eq!(parse("010", Form::Whole, &[], 2024), Parsed::Known(Value::Int(10)));
        for text in ["-1", "+1", "1.0", "1e3", "99999999999999999999"] {
            assert!(matches!(parse(text, Form::Whole, &[], 2024), Parsed::Bad("bad-number", _)), "{text}");
        }
    }

    #[test]
    fn a_pupil_number_has_its_shape() {
        for (text, good) in [("A850728973744", true), ("A12345678901B", true), ("A12", false), ("", false)] {
            assert_eq!(is_upn(text.as_bytes()), good, "{text}");
        }
    }

    proptest! {
        #[test]
        fn dates_agree_with_chrono(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
            let theirs = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| !text.starts_with("0000"));
            prop_assert_eq!(date(&text), theirs);
        }

        #[test]
        fn no_text_brings_a_parser_down(text in "\\PC{0,40}") {
            for form in [Form::Text, Form::Date, Form::Flag, Form::Whole, Form::Upn, Form::Code(0)] {
                let _ = parse(&text, form, &[], 2024);
            }
            prop_assert!(shorten(&text).chars().count() <= 201);
        }
    }
}
