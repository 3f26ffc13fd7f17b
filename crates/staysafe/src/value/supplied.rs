//! Numbers as somebody else prints them: with separators, rounded, or withheld under a symbol.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Exact;

/// What stands in a cell that should hold a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Supplied {
    /// A number.
    Number(Number),
    /// None, and why.
    Withheld(Withheld),
}

/// A number as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Number {
    /// The number; of `12.5%` it is 12.5.
    pub value: Exact,
    /// Decimal places that are printed.
    pub places: u32,
    /// Whether a percent sign stands behind it.
    pub percent: bool,
}

/// Why a supplier gives no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// It would show too much of too few people: `*`, `c`; in older tables `x`.
    Suppressed,
    /// The same, and said to be less than so many: `<5`.
    Below(u64),
    /// There can be none: `z`; in older tables `.`.
    NotApplicable,
    /// Nobody has it: `x`, `:`; in older tables `..`.
    NotAvailable,
    /// Not 0, but rounds to 0: `low`, `k`, `~`.
    Low,
    /// It is too unreliable to be shown: `u`.
    LowReliability,
    /// A dash, which tables use for nil, for negligible and for no return: its own notes must say which.
    Unclear,
    /// Nothing stands there, which says nothing.
    Blank,
}

/// Whose symbols a table uses: one letter means two things in tables of different years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Convention {
    /// The Department for Education's open data standard, from 2020: `x` is *not available*.
    #[default]
    Current,
    /// Statistical first releases before it: `x` is *suppressed*, `.` *not applicable*, `..` *not available*.
    ///
    /// Source: metadata of SFR27/2010 ("numbers from one to five inclusive have been suppressed and replaced by a
    /// cross").
    Older,
}

impl Supplied {
    /// Reads a cell; `None` where it is neither a number nor a symbol that is known.
    ///
    /// Thousands may be parted by commas or by spaces, in groups of three; a percent sign may follow. Symbols may
    /// stand in square brackets and in any case of letters.
    ///
    /// # Example
    /// ```
    /// use staysafe::value::{Convention, Exact, Supplied, Withheld};
    ///
    /// let read = |text| Supplied::read(text, Convention::Current);
    /// let Some(Supplied::Number(number)) = read("25,310") else { panic!() };
    /// assert_eq!(number.value, Exact::from(25_310_u64));
    /// assert_eq!(read("[c]"), Some(Supplied::Withheld(Withheld::Suppressed)));
    /// assert_eq!(read("<5"), Some(Supplied::Withheld(Withheld::Below(5))));
    /// assert_eq!(read("x"), Some(Supplied::Withheld(Withheld::NotAvailable)));
    /// assert_eq!(Supplied::read("x", Convention::Older), Some(Supplied::Withheld(Withheld::Suppressed)));
    /// assert_eq!(read("2,53,10"), None);
    /// ```
    pub fn read(text: &str, convention: Convention) -> Option<Self> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        match Withheld::read(text, convention) {
            Some(withheld) => Some(Self::Withheld(withheld)),
            None => Number::read(text).map(Self::Number),
        }
    }

    /// The number, where one stands there.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            Self::Withheld(_) => None,
        }
    }

    /// Why no number stands there.
    pub fn withheld(&self) -> Option<Withheld> {
        match self {
            Self::Number(_) => None,
            Self::Withheld(withheld) => Some(*withheld),
        }
    }
}

impl Withheld {
    /// Reads a symbol; `None` for anything else. A blank is one.
    pub fn read(text: &str, convention: Convention) -> Option<Self> {
        let plain = text.trim().to_lowercase();
        let bare = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&plain);
        let older = convention == Convention::Older;
        Some(match bare {
            "" => Self::Blank,
            "*" | "**" | "***" | "c" | "supp" | "suppressed" => Self::Suppressed,
            "x" if older => Self::Suppressed,
            "x" | ":" | ".." | "..." | "n/a" | "na" | "null" | "not available" | "no data" => {
                Self::NotAvailable
            }
            "z" | "." | "not applicable" => Self::NotApplicable,
            "low" | "k" | "~" => Self::Low,
            "u" => Self::LowReliability,
            "-" | "\u{2013}" | "\u{2014}" | "\u{2212}" => Self::Unclear,
            other => Self::Below(
                other.strip_prefix('<').or_else(|| other.strip_prefix("less than "))?.trim().parse().ok()?,
            ),
        })
    }

    /// A stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::Below(_) => "below",
            Self::NotApplicable => "not-applicable",
            Self::NotAvailable => "not-available",
            Self::Low => "low",
            Self::LowReliability => "low-reliability",
            Self::Unclear => "unclear",
            Self::Blank => "blank",
        }
    }

    /// Whether there is a number that the supplier hides.
    pub fn is_suppressed(self) -> bool {
        matches!(self, Self::Suppressed | Self::Below(_))
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suppressed => f.write_str("suppressed by the supplier"),
            Self::Below(limit) => write!(f, "suppressed by the supplier: less than {limit}"),
            Self::NotApplicable => f.write_str("not applicable"),
            Self::NotAvailable => f.write_str("not available"),
            Self::Low => f.write_str("not 0, but rounds to 0"),
            Self::LowReliability => f.write_str("too unreliable to be shown"),
            Self::Unclear => f.write_str("a dash, which may be nil, negligible or no return"),
            Self::Blank => f.write_str("blank"),
        }
    }
}

impl Number {
    /// Reads a number; `None` where it is none, where separators stand in the wrong places, or where it is too long
    /// to be exact.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, percent) = match text.strip_suffix('%') {
            Some(rest) => (rest.trim_end(), true),
            None => (text, false),
        };
        let (text, negative) = match text.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
            Some(rest) => (rest, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let whole = without_separators(whole)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(&whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
            return None;
        }
        let places = u32::try_from(part.len()).ok()?;
        let above: i128 = format!("0{whole}{part}").parse().ok()?;
        let below = 10_i128.checked_pow(places)?;
        let value = Exact::new(if negative { -above } else { above }, below)?;
        Some(Self { value, places, percent })
    }
}

/// Thousands without what parts them; `None` where the groups are not of three digits.
fn without_separators(whole: &str) -> Option<String> {
    let separator = |c: char| matches!(c, ',' | ' ' | '\u{a0}' | '\u{202f}');
    if !whole.contains(separator) {
        return Some(whole.to_owned());
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    let fits = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    fits.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Option<(String, u32, bool)> {
        let number = Number::read(text)?;
        Some((number.value.to_string(), number.places, number.percent))
    }

    #[test]
    fn numbers_as_they_are_printed() {
        for (text, expected) in [
            ("0", Some(("0", 0, false))),
            ("1,234,567", Some(("1234567", 0, false))),
            ("11 012 300", Some(("11012300", 0, false))),
            ("-490", Some(("-490", 0, false))),
            ("\u{2212}1.50", Some(("-3/2", 2, false))),
            ("12.5 %", Some(("25/2", 1, true))),
            (".5", Some(("1/2", 1, false))),
            ("5.", Some(("5", 0, false))),
            ("1,23", None),
            ("1,2345", None),
            ("", None),
            (".", None),
            ("1e3", None),
            ("12a", None),
            ("1.2.3", None),
            ("99999999999999999999999999999999999999999999", None),
        ] {
            let expected = expected.map(|(value, places, percent)| (value.to_owned(), places, percent));
            assert_eq!(number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn one_letter_means_two_things() {
        use Convention::{Current, Older};
        for (text, current, older) in [
            ("x", Withheld::NotAvailable, Withheld::Suppressed),
            ("X", Withheld::NotAvailable, Withheld::Suppressed),
            ("c", Withheld::Suppressed, Withheld::Suppressed),
            ("*", Withheld::Suppressed, Withheld::Suppressed),
            ("<10", Withheld::Below(10), Withheld::Below(10)),
            ("[low]", Withheld::Low, Withheld::Low),
            (".", Withheld::NotApplicable, Withheld::NotApplicable),
            ("..", Withheld::NotAvailable, Withheld::NotAvailable),
            ("-", Withheld::Unclear, Withheld::Unclear),
            (" ", Withheld::Blank, Withheld::Blank),
        ] {
            assert_eq!(Withheld::read(text, Current), Some(current), "{text:?}");
            assert_eq!(Withheld::read(text, Older), Some(older), "{text:?}");
        }
        assert_eq!(Withheld::read("<", Current), None);
        assert_eq!(Withheld::read("seven", Current), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in ".{0,40}") {
            let _ = Supplied::read(&text, Convention::Older);
        }

        #[test]
        fn a_number_with_separators_is_the_number(value in 0u64..10_000_000_000) {
            let plain = value.to_string();
            let mut text = String::new();
            for (place, digit) in plain.chars().enumerate() {
                if place > 0 && (plain.len() - place) % 3 == 0 {
                    text.push(',');
                }
                text.push(digit);
            }
            prop_assert_eq!(Number::read(&text).map(|number| number.value), Some(Exact::from(value)));
        }
    }
}
