//! Titles and sentences as sets of words, each with the weight of its rareness.

use std::collections::{BTreeMap, BTreeSet};

/// Words that say nothing of what is counted.
const SMALL: [&str; 55] = [
    "a",
    "all",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "by",
    "each",
    "for",
    "from",
    "had",
    "has",
    "have",
    "in",
    "into",
    "is",
    "it",
    "its",
    "no",
    "not",
    "number",
    "numbers",
    "of",
    "on",
    "one",
    "or",
    "per",
    "percentage",
    "proportion",
    "rate",
    "s",
    "that",
    "the",
    "their",
    "them",
    "those",
    "to",
    "was",
    "were",
    "which",
    "who",
    "whose",
    "with",
    "within",
    "this",
    "there",
    "where",
    "how",
    "many",
    "any",
    "other",
    "than",
];

/// The words of a text: small letters, without endings, each once.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.filter(|word| !SMALL.contains(word)).map(stem).collect()
}

/// A word without the ending that only grammar gave it; at least four letters stay.
fn stem(word: &str) -> String {
    let cut = ["ing", "ed", "es", "s"]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= 4));
    cut.unwrap_or(word).to_owned()
}

/// How rare each word is among many texts.
#[derive(Debug)]
pub(super) struct Rareness {
    texts: usize,
    holding: BTreeMap<String, usize>,
}

impl Rareness {
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a BTreeSet<String>>) -> Self {
        let (mut count, mut holding) = (0, BTreeMap::new());
        for text in texts {
            count += 1;
            for word in text {
                *holding.entry(word.clone()).or_insert(0) += 1;
            }
        }
        Self { texts: count, holding }
    }

    /// Grows by one each time a word is half as common.
    fn weight(&self, word: &str) -> u32 {
        let holding = self.holding.get(word).copied().unwrap_or(1).max(1);
        self.texts.checked_div(holding).unwrap_or(1).max(1).ilog2() + 1
    }

    /// How much of the weight of two texts is in the words that both have, in hundredths.
    pub(super) fn alike(&self, left: &BTreeSet<String>, right: &BTreeSet<String>) -> u32 {
        let sum = |words: &BTreeSet<String>| words.iter().map(|word| self.weight(word)).sum::<u32>();
        let both: u32 = left.intersection(right).map(|word| self.weight(word)).sum();
        (200 * both).checked_div(sum(left) + sum(right)).unwrap_or(0)
    }

    /// The rarest words that both have, the rarest first.
    pub(super) fn shared<'a>(&self, left: &'a BTreeSet<String>, right: &BTreeSet<String>) -> Vec<&'a str> {
        let mut shared: Vec<&str> =
            left.iter().filter(|word| right.contains(*word)).map(String::as_str).collect();
        shared.sort_by_key(|word| (std::cmp::Reverse(self.weight(word)), *word));
        shared
    }
}

/// Limits that a title prints: `15 working days`.
pub(super) fn limits(title: &str) -> BTreeSet<String> {
    let title = title.to_lowercase();
    let parts: Vec<&str> = title.split(|letter: char| !letter.is_alphanumeric()).collect();
    let mut found = BTreeSet::new();
    for (place, number) in parts.iter().enumerate().filter(|(_, part)| part.parse::<u32>().is_ok()) {
        let rest = parts.get(place + 1..).unwrap_or_default();
        let unit = match rest {
            ["working", unit, ..] => format!("working {}", unit.trim_end_matches('s')),
            [unit, ..] => unit.trim_end_matches('s').to_owned(),
            [] => continue,
        };
        if ["day", "working day", "week", "month", "year"].contains(&unit.as_str()) {
            found.insert(format!("{number} {unit}s"));
        }
    }
    found
}
