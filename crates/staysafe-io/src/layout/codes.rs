//! Code sets of a return, with the years in which each code stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::diagnostic::nearest;

/// A code set. Each code's text is made once and shared by every record that holds it.
#[derive(Debug)]
pub(crate) struct Codes {
    /// As the framework calls it.
    pub(crate) id: String,
    /// In order of key.
    codes: Vec<Code>,
}

#[derive(Debug)]
pub(crate) struct Code {
    key: u64,
    pub(crate) text: Arc<str>,
    from: Option<i32>,
    to: Option<i32>,
}

impl Codes {
    /// Takes a set as it is written in a layout; codes are at most eight bytes long.
    pub(crate) fn new(
        id: &str,
        codes: &[String],
        from: &BTreeMap<String, i32>,
        to: &BTreeMap<String, i32>,
    ) -> Self {
        let mut codes: Vec<Code> = codes
            .iter()
            .filter_map(|code| {
                let (from, to) = (from.get(code).copied(), to.get(code).copied());
                Some(Code { key: key(code.as_bytes())?, text: code.as_str().into(), from, to })
            })
            .collect();
        codes.sort_by_key(|code| code.key);
        Self { id: id.to_owned(), codes }
    }

    /// The code, where the set has it in any year.
    pub(crate) fn find(&self, text: &str) -> Option<&Code> {
        let key = key(text.as_bytes())?;
        let place = self.codes.binary_search_by_key(&key, |code| code.key).ok()?;
        self.codes.get(place)
    }

    /// What to write instead of a code that is not in the set.
    pub(crate) fn expected(&self, text: &str) -> String {
        let all: Vec<&str> = self.codes.iter().map(|code| &*code.text).collect();
        // One letter is as near to any other as to the right one.
        let near = if text.chars().count() > 1 { nearest(text, all.iter().copied()) } else { None };
        match near {
            Some(near) => format!("expected one of {} codes; the nearest is {near}", all.len()),
            None if all.len() <= 20 => format!("expected one of {}", all.join(", ")),
            None => format!("expected one of {} codes", all.len()),
        }
    }
}

impl Code {
    /// Whether the return of a year asks for the code.
    pub(crate) fn stands_in(&self, year: i32) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }

    /// The years in words.
    pub(crate) fn years(&self) -> String {
        years(self.from, self.to)
    }
}

/// A span of years in words.
pub(crate) fn years(from: Option<i32>, to: Option<i32>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "in every year".to_owned(),
    }
}

/// Up to eight bytes as a number; no byte of a code is 0, so that different codes have different keys.
fn key(code: &[u8]) -> Option<u64> {
    let fits = code.len() <= 8 && !code.contains(&0);
    fits.then(|| code.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn set(codes: &[&str]) -> Codes {
        let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
        let from = BTreeMap::from([("5D".to_owned(), 2023)]);
        Codes::new("set", &codes, &from, &BTreeMap::new())
    }

    #[test]
    fn a_code_is_found_by_its_exact_letters() {
        let codes = set(&["WBRI", "5D", "10"]);
        assert_eq!(&*codes.find("WBRI").unwrap().text, "WBRI");
        assert!(codes.find("wbri").is_none(), "no guess about letters");
        assert!(codes.find("").is_none() && codes.find("WBRIWBRIWBRI").is_none());
        assert_eq!(codes.expected("wbri"), "expected one of 3 codes; the nearest is WBRI");
    }

    #[test]
    fn a_code_knows_its_years() {
        let codes = set(&["5D", "4"]);
        assert!(!codes.find("5D").unwrap().stands_in(2022) && codes.find("5D").unwrap().stands_in(2023));
        assert_eq!(codes.find("5D").unwrap().years(), "from 2023");
        assert_eq!(codes.expected("Z"), "expected one of 4, 5D");
    }
}
