//! Areas in time: which one a code means on a day, what lies above it, what came after it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::framework::{Area, Framework, Parent};
use crate::diagnostic::Spanned;

/// Whether a text has the shape of an authority's code: three digits, or a letter and eight digits.
///
/// # Example
/// ```
/// use staysafe::definition::area::is_area_code;
/// assert!(is_area_code("805") && is_area_code("E06000001"));
/// assert!(!is_area_code("Hartlepool") && !is_area_code("E0600001"));
/// ```
pub fn is_area_code(text: &str) -> bool {
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    match text.as_bytes() {
        [letter, rest @ ..] if letter.is_ascii_uppercase() => rest.len() == 8 && digits(rest),
        all => all.len() == 3 && digits(all),
    }
}

impl Area {
    /// Whether the area is there on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        spans(self.valid_from.as_ref(), self.valid_to.as_ref(), day)
    }
}

impl Parent {
    /// Whether the area lies in this one on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        spans(self.valid_from.as_ref(), self.valid_to.as_ref(), day)
    }
}

impl Framework {
    /// The area that a code means on a day: an area's own code on any day, another code it goes by (`805`) on
    /// the days on which the area is there.
    ///
    /// An alias may stand for one area and later for another, so that it means something only on a day.
    ///
    /// # Example
    /// ```
    /// use staysafe::definition::read::read;
    ///
    /// let areas = r#"
    /// [[area]]
    /// code     = "E10000033"
    /// name     = "Wiltshire, the county"
    /// aliases  = { lea = "865" }
    /// valid_to = 2009-03-31
    /// successors = ["E06000054"]
    /// [[area]]
    /// code       = "E06000054"
    /// name       = "Wiltshire"
    /// aliases    = { lea = "865" }
    /// valid_from = 2009-04-01
    /// "#;
    /// let (framework, _) = read([("areas.toml", areas)]);
    /// let code = |day: &str| framework.area_on("865", day.parse().unwrap()).map(|area| area.code.value.as_str());
    /// assert_eq!(code("2009-03-31"), Some("E10000033"));
    /// assert_eq!(code("2009-04-01"), Some("E06000054"));
    /// assert!(framework.area_on("999", "2009-04-01".parse().unwrap()).is_none());
    /// ```
    pub fn area_on(&self, code: &str, day: NaiveDate) -> Option<&Area> {
        let by_alias = || {
            let goes_by = |area: &&Area| area.aliases.iter().any(|(_, alias)| alias.value == code);
            self.areas.values().filter(goes_by).find(|area| area.is_valid_on(day))
        };
        self.areas.get(code).or_else(by_alias)
    }

    /// Whether a code that no area goes by on any day is kept as it is given: where it has the shape of an authority's code, three
    /// digits or a letter and eight digits. What is kept so stands under the code alone and is part of no other area.
    ///
    /// # Example
    /// ```
    /// use staysafe::definition::read::read;
    /// let areas = "[[area]]\ncode = \"E06000001\"\nname = \"Hartlepool\"\naliases = { lea = \"805\" }";
    /// let (framework, _) = read([("areas.toml", areas)]);
    /// assert!(framework.keeps_as_given("999"));
    /// assert!(!framework.keeps_as_given("805") && !framework.keeps_as_given("Hartlepool"));
    /// ```
    pub fn keeps_as_given(&self, code: &str) -> bool {
        let goes_by = |area: &Area| area.aliases.iter().any(|(_, alias)| alias.value == code);
        is_area_code(code) && !self.areas.contains_key(code) && !self.areas.values().any(goes_by)
    }

    /// The days on which an area, or what it lies in, begins to be or is no more.
    pub(crate) fn area_changes(&self) -> BTreeSet<NaiveDate> {
        let parents = |area: &Area| {
            let of = area.parents.iter();
            of.map(|parent| (parent.valid_from.clone(), parent.valid_to.clone())).collect::<Vec<_>>()
        };
        let all = self.areas.values().flat_map(|area| {
            let own = (area.valid_from.clone(), area.valid_to.clone());
            std::iter::once(own).chain(parents(area))
        });
        all.flat_map(|(from, to)| {
            let after = to.and_then(|to| to.value.succ_opt());
            from.map(|from| from.value).into_iter().chain(after)
        })
        .collect()
    }

    /// The areas that contain an area on a day, the nearest first; the area itself is not among them.
    pub fn areas_above(&self, code: &str, day: NaiveDate) -> Vec<&Area> {
        let mut found: Vec<&Area> = Vec::new();
        let mut waiting: Vec<&Area> = self.areas.get(code).into_iter().collect();
        let mut next = 0;
        while let Some(area) = waiting.get(next).copied() {
            next += 1;
            for parent in area.parents.iter().filter(|parent| parent.is_valid_on(day)) {
                if let Some(above) = self.areas.get(&parent.code.value)
                    // A circle is a finding of `check`; here it only has to end.
                    && above.code.value != code
                    && !found.iter().any(|seen| seen.code.value == above.code.value)
                {
                    found.push(above);
                    waiting.push(above);
                }
            }
        }
        found
    }

    /// The area of a level that an area lies in on a day: itself where it is of that level.
    ///
    /// # Example
    /// ```
    /// use staysafe::definition::read::read;
    ///
    /// let areas = r#"
    /// [[area]]
    /// code  = "E12000001"
    /// name  = "North East"
    /// level = "region"
    /// [[area]]
    /// code    = "E06000001"
    /// name    = "Hartlepool"
    /// level   = "local authority"
    /// parents = ["E12000001"]
    /// "#;
    /// let (framework, _) = read([("areas.toml", areas)]);
    /// let region = framework.area_at("E06000001", "region", "2010-06-30".parse().unwrap());
    /// assert_eq!(region.map(|area| area.name.value.as_str()), Some("North East"));
    /// ```
    pub fn area_at(&self, code: &str, level: &str, day: NaiveDate) -> Option<&Area> {
        let of_level = |area: &&Area| area.level.as_ref().is_some_and(|of| of.value == level);
        let own = self.areas.get(code).filter(of_level);
        own.or_else(|| self.areas_above(code, day).into_iter().find(of_level))
    }

    /// The areas that stand in an area's place on a day: itself while it is there, then its successors, theirs
    /// after them, in order of code.
    ///
    /// More than one where an area was divided. None before it was there, or where nothing came after it.
    pub fn successors_on(&self, code: &str, day: NaiveDate) -> Vec<&Area> {
        let mut seen = BTreeSet::new();
        let mut found = BTreeSet::new();
        let mut waiting = vec![code];
        while let Some(code) = waiting.pop() {
            let Some(area) = self.areas.get(code).filter(|_| seen.insert(code)) else { continue };
            if area.is_valid_on(day) {
                found.insert(area.code.value.as_str());
            } else if area.valid_to.as_ref().is_some_and(|last| last.value < day) {
                waiting.extend(area.successors.iter().map(|next| next.value.as_str()));
            }
        }
        found.into_iter().filter_map(|code| self.areas.get(code)).collect()
    }

    /// An area's statistical neighbours, in the order in which they are written.
    pub fn neighbours_of(&self, code: &str) -> Vec<&Area> {
        let named = self.areas.get(code).map(|area| area.neighbours.as_slice()).unwrap_or_default();
        named.iter().filter_map(|code| self.areas.get(&code.value)).collect()
    }

    /// Every level that an area names, in alphabetical order.
    pub fn area_levels(&self) -> BTreeSet<&str> {
        self.areas.values().filter_map(|area| area.level.as_ref()).map(|level| level.value.as_str()).collect()
    }
}

fn spans(from: Option<&Spanned<NaiveDate>>, to: Option<&Spanned<NaiveDate>>, day: NaiveDate) -> bool {
    from.is_none_or(|from| from.value <= day) && to.is_none_or(|to| day <= to.value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may stop")]
    use super::*;
    use crate::definition::read::read;

    const AREAS: &str = r#"
[[area]]
code  = "ENG"
name  = "England"
level = "country"
[[area]]
code    = "NORTH"
name    = "North"
level   = "region"
parents = ["ENG"]
[[area]]
code    = "SOUTH"
name    = "South"
level   = "region"
parents = ["ENG"]
[[area]]
code       = "A"
name       = "Council A"
level      = "local authority"
parents    = [{ code = "NORTH", valid_to = 2010-03-31 }, { code = "SOUTH", valid_from = 2010-04-01 }]
neighbours = ["C"]
[[area]]
code       = "B"
name       = "Council B"
level      = "local authority"
parents    = ["NORTH"]
aliases    = { lea = "802" }
valid_to   = 2012-03-31
successors = ["C", "D"]
[[area]]
code       = "C"
name       = "Council C"
parents    = ["NORTH"]
aliases    = { lea = "802" }
valid_from = 2012-04-01
[[area]]
code       = "D"
name       = "Council D"
valid_from = 2012-04-01
valid_to   = 2015-03-31
successors = ["A"]
"#;

    fn framework() -> Framework {
        let (framework, findings) = read([("areas.toml", AREAS)]);
        assert_eq!(findings.iter().filter(|finding| finding.span.is_some()).count(), 0);
        framework
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(areas: Vec<&Area>) -> Vec<&str> {
        areas.into_iter().map(|area| area.code.value.as_str()).collect()
    }

    #[test]
    fn the_parent_is_the_one_of_the_day() {
        let framework = framework();
        let region =
            |on: &str| framework.area_at("A", "region", day(on)).map(|area| area.code.value.as_str());
        assert_eq!(region("2010-03-31"), Some("NORTH"));
        assert_eq!(region("2010-04-01"), Some("SOUTH"));
        assert_eq!(codes(framework.areas_above("A", day("2010-04-01"))), ["SOUTH", "ENG"]);
        assert_eq!(framework.area_at("SOUTH", "region", day("2010-04-01")).unwrap().code.value, "SOUTH");
        assert!(
            framework.area_at("ENG", "region", day("2010-04-01")).is_none(),
            "a country lies in no region"
        );
    }

    #[test]
    fn successors_are_followed_to_the_day() {
        let framework = framework();
        assert_eq!(codes(framework.successors_on("B", day("2012-03-31"))), ["B"]);
        assert_eq!(codes(framework.successors_on("B", day("2012-04-01"))), ["C", "D"]);
        assert_eq!(codes(framework.successors_on("B", day("2015-04-01"))), ["A", "C"]);
        assert!(framework.successors_on("C", day("2012-03-31")).is_empty(), "it was not there yet");
    }

    #[test]
    fn an_alias_means_the_area_that_is_there_and_a_code_its_own() {
        let framework = framework();
        assert_eq!(framework.area_on("802", day("2012-03-31")).unwrap().code.value, "B");
        assert_eq!(framework.area_on("802", day("2012-04-01")).unwrap().code.value, "C");
        assert_eq!(framework.area_on("B", day("2020-01-01")).unwrap().code.value, "B");
        assert_eq!(codes(framework.neighbours_of("A")), ["C"]);
        assert_eq!(
            framework.area_levels().into_iter().collect::<Vec<_>>(),
            ["country", "local authority", "region"]
        );
    }
}
