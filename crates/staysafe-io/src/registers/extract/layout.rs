//! The layouts of extracts: which headings a list has, and which datasets it feeds.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use staysafe::record::Reject;

use crate::delimited::plain;

/// A return that comes as lists whose columns have other names than the fields they feed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::registers) struct Layout {
    pub(super) title: String,
    /// What is worked out between its lists before they are read. Nothing but the day on which they were made then says of which
    /// days they speak.
    pub(super) worked_out: Option<WorkedOut>,
    pub(super) list: Vec<List>,
    /// What it writes for codes: by code set, then by spelling, the codes that may be meant.
    #[serde(default)]
    pub(super) spellings: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A return whose lists say more together than each alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WorkedOut {
    SchoolCensus,
    Workforce,
}

/// One list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) name: String,
    /// What a sheet or file of it is called, in capitals and digits.
    pub(super) names: Vec<String>,
    /// The heading without which it is not recognised.
    pub(super) mark: String,
    /// Whether that heading tells it, whatever else is there.
    #[serde(default)]
    pub(super) mark_is_enough: bool,
    /// How many months before the day on which it was made it speaks for.
    pub(super) look_back: Option<u32>,
    pub(super) columns: Vec<Heading>,
    /// Headings that are known and feed nothing.
    #[serde(default)]
    other: Vec<String>,
    /// What is lost where it is not there, instead of what it feeds.
    pub(super) lost: Option<String>,
    /// Its rows say more of those of other lists, and make none of their own.
    #[serde(default)]
    pub(super) adds: bool,
    #[serde(default)]
    pub(super) feeds: Vec<Feed>,
}

/// A heading, with others that are met with in its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heading {
    pub(super) name: String,
    #[serde(default)]
    also: Vec<String>,
    /// All of them in capitals and digits.
    #[serde(skip)]
    keys: Vec<String>,
}

/// A dataset that a list makes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feed {
    pub(super) dataset: String,
    /// Which heading feeds a field.
    pub(super) fields: BTreeMap<String, String>,
    /// The field that numbers the rows.
    pub(super) number: Option<String>,
    /// What every row has in a field, because the list says so of itself.
    #[serde(default)]
    pub(super) constants: BTreeMap<String, String>,
    /// Only rows with a value under this heading make one.
    pub(super) where_given: Option<String>,
    /// Rows that say the same are one: a child stands in many lists.
    #[serde(default)]
    pub(super) once: bool,
    /// How many terms before that of the day on which it was made the dataset speaks for.
    pub(super) terms: Option<u32>,
    /// Whether what stood is told of that day alone, and what happened of the days that the list speaks for, or of twelve months.
    #[serde(default)]
    pub(super) on_the_day: bool,
}

/// Every extract that is known.
#[allow(clippy::expect_used, reason = "the layouts are part of the crate and a test compiles them")]
pub(super) static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    [
        include_str!("../../../layouts/annex_a.toml"),
        include_str!("../../../layouts/school_census.toml"),
        include_str!("../../../layouts/social_work_workforce.toml"),
    ]
    .iter()
    .map(|text| Layout::with_keys(toml::from_str(text).expect("the layout is sound")))
    .collect()
});

impl List {
    /// The heading that a cell is, by its place; the cell in capitals and digits.
    pub(super) fn heading(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|heading| heading.keys.iter().any(|own| own == key))
    }

    /// Whether any cell of a row, in capitals and digits, is the heading without which it is not recognised.
    pub(super) fn is_marked(&self, keys: &[String]) -> bool {
        let mark = self.place(&self.mark).and_then(|place| self.columns.get(place));
        mark.is_some_and(|mark| mark.keys.iter().any(|own| keys.contains(own)))
    }

    /// Whether a heading is known and feeds nothing.
    pub(super) fn passes_over(&self, name: &str) -> bool {
        let name = plain(name);
        self.other.iter().any(|own| plain(own) == name)
    }

    /// The place of a heading by its own name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|heading| heading.name == name)
    }

    /// Whether the name of a sheet or file says that it is this list; `LIST1` is no beginning of `LIST10`.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let name = plain(name);
        self.names.iter().any(|own| {
            name.match_indices(own.as_str()).any(|(at, _)| {
                let after = name.get(at + own.len()..).and_then(|rest| rest.chars().next());
                !(own.ends_with(|c: char| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit()))
            })
        })
    }

    /// What is lost where it is not there: the datasets it feeds, but for those that any other list feeds as well.
    pub(super) fn fed(&self) -> impl Iterator<Item = &str> {
        self.feeds.iter().filter(|feed| !feed.once).map(|feed| feed.dataset.as_str())
    }

    /// What it is called for short: all before the colon.
    pub(super) fn short(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }

    /// Rejects that say in which list they stand: a workbook has a column of that name in many a sheet.
    pub(super) fn named(&self, mut rejects: Vec<Reject>) -> Vec<Reject> {
        for reject in &mut rejects {
            reject.element = format!("{} of {}", reject.element, self.short());
        }
        rejects
    }
}

impl Layout {
    fn with_keys(mut self) -> Self {
        for heading in self.list.iter_mut().flat_map(|list| &mut list.columns) {
            let names = std::iter::once(&heading.name).chain(&heading.also);
            heading.keys = names.map(|name| plain(name)).collect();
        }
        self
    }

    /// The codes that a spelling of the return may mean: "a) Male" is also written "a)" and "Male".
    pub(super) fn spelled(&self, set: &str, text: &str) -> &[String] {
        let key = plain(text);
        let means = |spelling: &&String| {
            let (letter, words) = spelling.split_once(')').unwrap_or((spelling, ""));
            !key.is_empty() && [plain(spelling), plain(letter), plain(words)].contains(&key)
        };
        let of = self.spellings.get(set).into_iter().flatten();
        let mut of = of.filter(|(spelling, _)| means(spelling));
        of.next().map_or(&[], |(_, codes)| codes.as_slice())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use staysafe::definition::read::read;

    use super::*;

    #[test]
    fn every_layout_names_headings_of_its_own_and_fields_and_codes_of_the_framework() {
        let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
        for layout in &*LAYOUTS {
            for list in &layout.list {
                assert!(list.place(&list.mark).is_some(), "{}: {}", list.name, list.mark);
                for feed in &list.feeds {
                    let dataset = &framework.datasets[&feed.dataset];
                    let has = |name: &String| dataset.fields.iter().any(|field| field.name.value == *name);
                    for (field, heading) in &feed.fields {
                        assert!(
                            has(field) && list.place(heading).is_some(),
                            "{}: {field} = {heading}",
                            list.name
                        );
                    }
                    let own = feed.number.iter().chain(feed.constants.keys());
                    assert!(own.into_iter().all(has), "{}", list.name);
                    let given = feed.where_given.iter();
                    assert!(given.into_iter().all(|heading| list.place(heading).is_some()), "{}", list.name);
                }
            }
            for (set, spellings) in &layout.spellings {
                let known = &framework.code_sets[set];
                for code in spellings.values().flatten() {
                    assert!(known.codes.iter().any(|of| of.code.value == *code), "{set}: {code}");
                }
            }
        }
    }

    #[test]
    fn a_spelling_is_read_with_its_letter_its_words_or_both() {
        let annex = &LAYOUTS[0];
        for text in ["a) Neglect", "A)", "a", "NEGLECT", " a)neglect "] {
            assert_eq!(annex.spelled("category_of_abuse", text), ["NEG"], "{text}");
        }
        assert!(annex.spelled("category_of_abuse", "neglected").is_empty());
        assert_eq!(annex.spelled("reason_episode_ceased", "a) Adopted").len(), 2, "opposed or not");
    }

    #[test]
    fn list_1_is_not_list_10() {
        let of = |name: &str| {
            let lists = LAYOUTS[0].list.iter().filter(|list| list.is_called(name));
            lists.map(|list| list.name.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of("List_10"), ["List 10"]);
        assert_eq!(of("LIST 1"), ["List 1"]);
        assert_eq!(of("list 3 - Referrals"), ["List 3"]);
    }
}
