//! Where a row is, told by its cells of places.

use staysafe::published::{Level, Place};

use super::head::Scale;

/// What a row says of places: each cell under its header's scale, whether it is a code.
pub(super) struct Told<'a> {
    pub(super) level: Option<&'a str>,
    pub(super) cells: Vec<(&'a Scale, bool, &'a str)>,
}

/// The regions of England as tables of many years name them.
const REGIONS: &[&str] = &[
    "north east",
    "north west",
    "yorkshire and the humber",
    "yorks the humber",
    "yorks and the humber",
    "yorkshire the humber",
    "east midlands",
    "west midlands",
    "east of england",
    "london",
    "inner london",
    "outer london",
    "south east",
    "south west",
];
const COUNTRIES: &[&str] =
    &["england", "wales", "scotland", "northern ireland", "great britain", "united kingdom"];

impl Told<'_> {
    /// The place; `None` where nothing says it.
    pub(super) fn place(&self) -> Option<Place> {
        let level = self.level()?;
        let scale = match &level {
            Level::National => Scale::Country,
            Level::Regional => Scale::Region,
            Level::LocalAuthority => Scale::Authority,
            Level::Other(_) => self.other_scale(),
        };
        let of = |wanted: &Scale, code: bool| -> Vec<&str> {
            let cells = self.cells.iter().filter(|(scale, is_code, _)| *scale == wanted && *is_code == code);
            cells.map(|(_, _, text)| *text).collect()
        };
        let mut codes = of(&scale, true);
        codes.extend(of(&Scale::Own, true));
        if level == Level::National || level == Level::Regional {
            // A column of authorities' numbers holds those of countries and regions in some tables.
            codes.extend(of(&Scale::Authority, true).into_iter().filter(|_| self.is_narrow()));
        }
        let code = codes.iter().find(|code| is_gss(code)).map(|code| (*code).to_owned());
        let other_code = codes.iter().find(|code| !is_gss(code)).map(|code| (*code).to_owned());
        let names = [of(&scale, false), of(&Scale::Own, false), of(&Scale::Authority, false)].concat();
        let name = names.first().map(|name| (*name).to_owned());
        if code.is_none() && other_code.is_none() && name.is_none() {
            return None;
        }
        let region = if level == Level::LocalAuthority {
            let mut found = of(&Scale::Region, true);
            found.extend(of(&Scale::Region, false));
            found
                .iter()
                .find(|code| is_gss(code))
                .or_else(|| found.first())
                .map(|region| (*region).to_owned())
        } else {
            None
        };
        Some(Place { level, code, other_code, name: name.unwrap_or_default(), region })
    }

    /// The level, as the row says it, or as the narrowest of its places tells it.
    fn level(&self) -> Option<Level> {
        if let Some(said) = self.level {
            return Some(level_of(said));
        }
        let has = |wanted: &Scale| self.cells.iter().any(|(scale, ..)| *scale == wanted);
        if has(&Scale::Authority) && !self.is_narrow() {
            return Some(Level::LocalAuthority);
        }
        if self.is_narrow() || has(&Scale::Own) {
            return self.level_of_name();
        }
        if has(&Scale::Region) {
            return Some(Level::Regional);
        }
        has(&Scale::Country).then_some(Level::National)
    }

    /// Whether countries and regions stand in the columns of authorities, for want of their own.
    fn is_narrow(&self) -> bool {
        !self.cells.iter().any(|(scale, ..)| matches!(scale, Scale::Country | Scale::Region))
    }

    fn level_of_name(&self) -> Option<Level> {
        let names = self.cells.iter().filter(|(_, code, _)| !code).map(|(_, _, name)| words(name));
        for name in names {
            if COUNTRIES.contains(&name.as_str()) {
                return Some(Level::National);
            }
            if REGIONS.contains(&name.as_str()) {
                return Some(Level::Regional);
            }
        }
        let codes = self.cells.iter().filter(|(_, code, _)| *code).map(|(_, _, code)| *code);
        for code in codes {
            match code.get(..3) {
                Some("E92") => return Some(Level::National),
                Some("E12" | "E13") => return Some(Level::Regional),
                _ => {}
            }
            if is_gss(code) || (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())) {
                return Some(Level::LocalAuthority);
            }
        }
        None
    }

    /// Of places that are no areas of government: the last that the row names.
    fn other_scale(&self) -> Scale {
        let other = self.cells.iter().rev().find(|(scale, ..)| matches!(scale, Scale::Other(_)));
        other.map_or(Scale::Own, |(scale, ..)| (*scale).clone())
    }
}

/// A level as tables of many years call it.
fn level_of(said: &str) -> Level {
    match words(said).as_str() {
        "national" | "country" | "england" | "nat" => Level::National,
        "regional" | "region" | "gor" | "government office region" | "reg" => Level::Regional,
        "local authority" | "la" | "lea" | "local education authority" => Level::LocalAuthority,
        other => Level::Other(other.to_owned()),
    }
}

/// The words of a name, in small letters.
pub(super) fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a code is one of the statistics office's: a letter and eight digits.
pub(super) fn is_gss(code: &str) -> bool {
    let mut bytes = code.bytes();
    code.len() == 9
        && bytes.next().is_some_and(|first| first.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn place(level: Option<&str>, cells: &[(&Scale, bool, &str)]) -> Option<(String, String, String)> {
        let told = Told { level, cells: cells.to_vec() };
        told.place().map(|place| (place.level.to_string(), place.known_as().to_owned(), place.name))
    }

    #[test]
    fn a_number_of_two_places_is_told_apart_by_the_level() {
        let own = Scale::Own;
        let isle = place(Some("LA"), &[(&own, true, "921"), (&own, false, "Isle of Wight")]);
        let england = place(Some("National"), &[(&own, true, "921"), (&own, false, "England")]);
        assert_eq!(isle.unwrap().0, "local authority");
        assert_eq!(england.unwrap().0, "national");
    }

    #[test]
    fn tables_without_a_level_are_told_by_what_is_filled_in() {
        let (country, region, authority) = (Scale::Country, Scale::Region, Scale::Authority);
        let england = [(&country, true, "921"), (&country, false, "England")];
        assert_eq!(place(None, &england).unwrap().0, "national");
        let mut inner = england.to_vec();
        inner.push((&region, false, "Inner London"));
        assert_eq!(
            place(None, &inner).unwrap(),
            ("regional".into(), "Inner London".into(), "Inner London".into())
        );
        inner.extend([
            (&authority, true, "202"),
            (&authority, true, "E09000007"),
            (&authority, false, "Camden"),
        ]);
        assert_eq!(
            place(None, &inner).unwrap(),
            ("local authority".into(), "E09000007".into(), "Camden".into())
        );
        let narrow = [(&authority, false, "Yorks & the Humber")];
        assert_eq!(place(None, &narrow).unwrap().0, "regional");
        assert_eq!(
            place(None, &[(&authority, true, "201"), (&authority, false, "X")]).unwrap().0,
            "local authority"
        );
        assert_eq!(place(None, &[(&authority, false, "Source: the department")]), None);
    }
}
