//! One cell of a register: a value of its field, a blank, a number that is hidden, or a reason why not.

use rust_decimal::Decimal;
use staysafe::definition::alias::{AliasTable, nearest_code};
use staysafe::definition::dataset::{CodeOf, CodeSet, Field};
use staysafe::value::{Convention, Type, Value, Withheld};

use crate::delimited::{NOTHING, day, day_message, trim};
use crate::layout::years;
use crate::values::LOCAL_SPELLING;
use crate::workbook::Cell;

/// What became of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Blank,
    /// A word that programs write where there is nothing.
    BlankInWords,
    Known(Value),
    /// A value, with a stable code and words for what is odd about it.
    Odd(Value, &'static str, String),
    /// There is a number, and the supplier hides it.
    Suppressed,
    /// No value: a stable code, and what was expected.
    Bad(&'static str, String),
}

/// A code set no longer than this is listed whole.
const MOST_LISTED: usize = 12;

/// Reads a cell of a field; `year` is that of the return.
pub(super) fn read(
    field: &Field,
    codes: Option<(&CodeSet, Option<&AliasTable>)>,
    cell: &Cell,
    year: Option<i32>,
) -> Found {
    if cell.is_blank() {
        return Found::Blank;
    }
    if let Cell::Error(error) = cell {
        return Found::Bad(
            "formula-error",
            format!("the spreadsheet shows {error} here; write the value itself"),
        );
    }
    let text = cell.shown();
    if matches!(cell, Cell::Text(_)) && NOTHING.contains(&text.as_str()) {
        return Found::BlankInWords;
    }
    match field.ty.value {
        Type::Date => date(cell, &text),
        Type::Bool => match answer(cell) {
            Some(answer) => Found::Known(Value::Bool(answer)),
            None => Found::Bad("bad-flag", "expected yes or no".to_owned()),
        },
        Type::Int => {
            number(&text, |text| text.parse().ok().map(Value::Int), "a whole number, in digits only")
        }
        Type::Decimal => number(
            &text,
            |text| Decimal::from_str_exact(text).ok().map(Value::Decimal),
            "a number such as 12.5, without separators between thousands",
        ),
        Type::Text => match codes {
            Some((codes, aliases)) => code(codes, aliases, &text, year),
            None => words(cell, &text),
        },
    }
}

/// Yes or no, as people and programs write it.
pub(super) fn answer(cell: &Cell) -> Option<bool> {
    if let Cell::Bool(answer) = cell {
        return Some(*answer);
    }
    match cell.shown().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn date(cell: &Cell, text: &str) -> Found {
    match cell {
        Cell::Date(day) => Found::Known(Value::Date(*day)),
        Cell::Moment(_) => Found::Bad(
            "bad-date",
            "expected a day without a time of day; format the cell as a date".to_owned(),
        ),
        _ => match day(text) {
            Some(day) => Found::Known(Value::Date(day)),
            None => Found::Bad("bad-date", day_message(text)),
        },
    }
}

/// A number, or one that is hidden under a symbol: `<5`, `*`, `c`.
fn number(text: &str, parse: impl Fn(&str) -> Option<Value>, expected: &str) -> Found {
    let digits = text.strip_prefix('-').unwrap_or(text).bytes();
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if let Some(value) = parse(text).filter(|_| plain(text)) {
        return Found::Known(value);
    }
    if let Some(whole) = text.strip_suffix(".0").filter(|_| digits.clone().count() > 2)
        && let Some(value) = parse(whole).filter(|_| plain(whole))
    {
        return Found::Known(value);
    }
    match Withheld::read(text, Convention::Current) {
        Some(withheld) if withheld.is_suppressed() => Found::Suppressed,
        Some(withheld) => {
            let help = "leave the cell blank where there is no number, and write 0 for none";
            Found::Bad("no-number", format!("expected {expected}; '{text}' says {withheld}; {help}"))
        }
        None => Found::Bad(
            "bad-number",
            format!("expected {expected}, or <5, * or c where the number is suppressed"),
        ),
    }
}

fn code(codes: &CodeSet, aliases: Option<&AliasTable>, text: &str, year: Option<i32>) -> Found {
    let of_code = |known: &&CodeOf| known.code.value == text;
    let stands = |known: &&CodeOf| {
        year.is_none_or(|year| {
            known.from.as_ref().is_none_or(|from| from.value <= year)
                && known.to.as_ref().is_none_or(|to| year <= to.value)
        })
    };
    let value = || Value::Text(text.into());
    if codes.codes.iter().filter(of_code).any(|known| stands(&known)) {
        return Found::Known(value());
    }
    if let Some(known) = codes.codes.iter().find(of_code) {
        let span = years(known.from.as_ref().map(|from| from.value), known.to.as_ref().map(|to| to.value));
        let words = format!("this code stands {span}; it was read as it is");
        return Found::Odd(value(), "code-of-another-year", words);
    }
    if let Some(code) = aliases.and_then(|aliases| aliases.find(text)) {
        return Found::Odd(Value::Text(code.into()), LOCAL_SPELLING.0, LOCAL_SPELLING.1.to_owned());
    }
    let all: Vec<&str> = codes.codes.iter().map(|known| known.code.value.as_str()).collect();
    let near = nearest_code(codes, text).map(|near| near.code.value.as_str());
    let expected = if all.len() <= MOST_LISTED {
        format!("expected one of {}", all.join(", "))
    } else {
        format!("expected one of the {} codes of {}", all.len(), codes.id.value)
    };
    Found::Bad(
        "unknown-code",
        match near {
            Some(near) => format!("{expected}; the nearest is {near}"),
            None => expected,
        },
    )
}

fn words(cell: &Cell, text: &str) -> Found {
    if let Cell::CutNumber(_) = cell {
        return Found::Bad(
            "spreadsheet-number",
            "the spreadsheet has put noughts for the last digits of this number, and two people may now look like one; \
             format the column as text and write it again"
                .to_owned(),
        );
    }
    if is_power_of_ten(text) {
        return Found::Bad(
            "spreadsheet-number",
            "expected a number in full; a spreadsheet has cut off its last digits (1.23E+11), and two people may now \
             look like one; export it again as text"
                .to_owned(),
        );
    }
    if text.chars().any(char::is_control) {
        return Found::Bad(
            "control-character",
            "expected text on one line, without control characters".to_owned(),
        );
    }
    if text.contains('\u{FFFD}') {
        let help = "a character of it could not be read; save the file as UTF-8 and try again";
        return Found::Bad("unreadable-character", help.to_owned());
    }
    Found::Known(Value::Text(trim(text).into()))
}

/// A number as a spreadsheet shows it when its cell is narrow: `1.23E+11`.
fn is_power_of_ten(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(part) && power.strip_prefix('+').is_some_and(digits)
}
