//! The rules by which two entries overlap. Each says why.

use std::collections::BTreeMap;

use super::counted::{Counted, Placed};
use super::entry::Entry;
use super::words::Rareness;
use super::{Overlap, OverlapKind};
use crate::definition::indicator::Kind;

/// Hundredths of the weight of the words that two titles must share to ask the same of other children.
const TITLES_ALIKE: u32 = 70;
/// The same of titles and numerators together, where one entry has no calculation yet and both need the same data.
const WORDS_ALIKE: u32 = 75;
/// The same for what somebody puts forward in a few words: better one question too many than an entry that is there twice.
const NEARLY: u32 = 50;

pub(super) struct Comparer<'a> {
    entries: &'a [Entry],
    titles: Rareness,
    texts: Rareness,
    /// Who stands for an entry that counts the same as another.
    stands_for: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Comparer<'a> {
    pub(super) fn of(entries: &'a [Entry]) -> Self {
        let texts: Vec<_> = entries.iter().map(|entry| &entry.title | &entry.above).collect();
        Self {
            entries,
            titles: Rareness::of(entries.iter().map(|entry| &entry.title)),
            texts: Rareness::of(texts.iter()),
            stands_for: leaders_of(entries),
        }
    }

    /// Entries that no other stands for.
    pub(super) fn leaders(&self) -> Vec<&'a Entry> {
        self.entries.iter().filter(|entry| !self.stands_for.contains_key(entry.id.as_str())).collect()
    }

    /// Entries that count the same as the one that stands for them.
    pub(super) fn same(&self) -> Vec<Overlap> {
        let same = self.entries.iter().filter_map(|entry| {
            let leader = self.stands_for.get(entry.id.as_str())?;
            let printed = |entry: &Entry| entry.limits.iter().cloned().collect::<Vec<_>>().join(", ");
            let (kind, why) = if entry.limits == leader.limits {
                (OverlapKind::SameAs, "they have one calculation".to_owned())
            } else {
                let why = format!(
                    "they have one calculation, but their titles print {} and {}",
                    or_no_limit(&printed(leader)),
                    or_no_limit(&printed(entry))
                );
                (OverlapKind::SimilarTo, why)
            };
            Some(found(leader, kind, entry, why))
        });
        same.collect()
    }

    /// How two entries that do not count the same overlap, if they do; the strongest finding for each kind of relation.
    pub(super) fn compare(&self, left: &Entry, right: &Entry) -> Option<Overlap> {
        if left.parent.as_ref() == Some(&right.id) || right.parent.as_ref() == Some(&left.id) {
            return None;
        }
        line(left, right)
            .or_else(|| line(right, left))
            .or_else(|| limit(left, right))
            .or_else(|| part_of_both(left, right))
            .or_else(|| same_mark(left, right))
            .or_else(|| one_below(left, right))
            .or_else(|| narrower(left, right))
            .or_else(|| narrower(right, left))
            .or_else(|| self.alike(left, right))
    }

    /// Words that two entries share, where half of the weight of their titles or of all their words is in them.
    pub(super) fn alike_in_words(&self, left: &Entry, right: &Entry) -> Option<String> {
        let (said, other) = (&left.title | &left.above, &right.title | &right.above);
        let enough = self.titles.alike(&left.title, &right.title) >= NEARLY
            || self.texts.alike(&said, &other) >= NEARLY;
        enough.then(|| some_of(&self.texts.shared(&said, &other)))
    }

    /// Titles that ask the same of others, or words that say the same of the same data.
    fn alike(&self, left: &Entry, right: &Entry) -> Option<Overlap> {
        if left.kind != right.kind || left.kind == Kind::Document {
            return None;
        }
        let titles = self.titles.alike(&left.title, &right.title);
        if titles >= TITLES_ALIKE && !same_table(left, right) {
            let shared = self.titles.shared(&left.title, &right.title);
            let why = format!("their titles ask the same of others ({})", some_of(&shared));
            return Some(found(left, OverlapKind::SimilarTo, right, why));
        }
        let unknown = left.sides.is_none() || right.sides.is_none();
        let common = !left.needs.is_disjoint(&right.needs);
        let (said, other) = (&left.title | &left.above, &right.title | &right.above);
        if unknown && common && left.unit == right.unit && self.texts.alike(&said, &other) >= WORDS_ALIKE {
            let shared = self.texts.shared(&said, &other);
            let why = format!("they need the same data and say the same of it ({})", some_of(&shared));
            return Some(found(left, OverlapKind::SimilarTo, right, why));
        }
        None
    }
}

/// An entry that uses another's calculation, or has the same, is stood for by it.
fn leaders_of(entries: &[Entry]) -> BTreeMap<&str, &Entry> {
    let by_id: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let mut stands_for: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in entries {
        if let Some(leader) = entry.follows.as_deref().and_then(|id| by_id.get(id)) {
            stands_for.insert(&entry.id, leader);
        }
    }
    for (place, entry) in entries.iter().enumerate() {
        let before = entries.get(..place).unwrap_or_default();
        let same = before.iter().find(|other| {
            other.kind == entry.kind
                && other.follows.is_none()
                && matches!((&other.sides, &entry.sides), (Some(a), Some(b))
                if a.top.is(&b.top) && match (&a.bottom, &b.bottom) {
                    (Some(a), Some(b)) => a.is(b),
                    (None, None) => true,
                    _ => false,
                })
        });
        if let (Some(same), None, true) = (same, &entry.follows, entry.is_a_number() || entry.has_a_line()) {
            stands_for.insert(&entry.id, same);
        }
    }
    stands_for
}

/// A number that stands above or below the line of a share.
fn line(number: &Entry, share: &Entry) -> Option<Overlap> {
    if !number.is_a_number() {
        return None;
    }
    if let (Some(one), Some(other)) = (&number.sides, &share.sides)
        && share.kind == Kind::Count
        && let Some(beyond) = other.top.beyond(&one.top)
        && beyond.iter().all(|clause| clause.in_time)
    {
        let why = format!(
            "{} counts those of {} that were in time, which says something only as a share of them",
            share.id, number.id
        );
        return Some(found(number, OverlapKind::DenominatorOf, share, why));
    }
    if !share.has_a_line() {
        return None;
    }
    if let (Some(one), Some(other)) = (&number.sides, &share.sides) {
        if one.top.is(&other.top) {
            let why = format!("what {} counts is what {} counts above the line", number.id, share.id);
            return Some(found(number, OverlapKind::NumeratorOf, share, why));
        }
        if other.bottom.as_ref().is_some_and(|bottom| one.top.is(bottom)) {
            let why = format!("what {} counts is what {} is a share of", number.id, share.id);
            return Some(found(number, OverlapKind::DenominatorOf, share, why));
        }
    }
    let common = !number.needs.is_disjoint(&share.needs);
    if common && !number.above.is_empty() && number.above == share.above {
        let why = "their words say the same numerator".to_owned();
        return Some(found(number, OverlapKind::NumeratorOf, share, why));
    }
    if common && !number.above.is_empty() && number.above == share.below {
        let why = format!("the words of {} are the denominator of {}", number.id, share.id);
        return Some(found(number, OverlapKind::DenominatorOf, share, why));
    }
    at_another_time(number, share)
}

/// All there is of a unit, beside a rate or a share of the same unit that is counted on other days.
fn at_another_time(number: &Entry, share: &Entry) -> Option<Overlap> {
    let one = &number.sides.as_ref()?.top;
    let unit = number.unit.is_some() && number.unit == share.unit;
    if !unit || !one.clauses.is_empty() || !share.needs.contains(&one.base) {
        return None;
    }
    let whole = |other: Option<&Counted>| {
        other
            .is_some_and(|other| other.base == one.base && other.clauses.is_empty() && other.when != one.when)
    };
    let (kind, fits) = match (share.kind, &share.sides) {
        (Kind::Rate, Some(sides)) => (OverlapKind::NumeratorOf, whole(Some(&sides.top))),
        (Kind::Rate, None) => (OverlapKind::NumeratorOf, true),
        (_, Some(sides)) => (OverlapKind::DenominatorOf, whole(sides.bottom.as_ref())),
        (_, None) => (OverlapKind::DenominatorOf, false),
    };
    let side = if kind == OverlapKind::NumeratorOf { "above" } else { "below" };
    let day = match &one.when {
        Placed::On(_) => "as they happen",
        Placed::OpenFrom(..) => "as they stand open",
    };
    fits.then(|| {
        let why = format!(
            "both count every such record of one register, {} {day} and {} {side} the line on days of its own",
            number.id, share.id
        );
        found(number, kind, share, why)
    })
}

/// The same count of the same whole, but for a limit.
fn limit(left: &Entry, right: &Entry) -> Option<Overlap> {
    let (one, other) = (left.sides.as_ref()?, right.sides.as_ref()?);
    let whole = match (&one.bottom, &other.bottom) {
        (Some(one), Some(other)) => one.is(other),
        (None, None) => true,
        _ => false,
    };
    if left.kind != right.kind || !whole || !one.top.is_but_for_a_limit(&other.top) {
        return None;
    }
    let revised = |newer: &Entry, older: &Entry| {
        let number = |number: &String| newer.national.contains(&format!("{number} (revised)"));
        older.national.iter().any(number)
    };
    let why = "they have one denominator, and one predicate but for the limit".to_owned();
    Some(match (revised(left, right), revised(right, left)) {
        (true, false) => {
            found(left, OverlapKind::Replaces, right, format!("{why}; its national number says revised"))
        }
        (false, true) => {
            found(right, OverlapKind::Replaces, left, format!("{why}; its national number says revised"))
        }
        _ => found(left, OverlapKind::SimilarTo, right, why),
    })
}

/// The same measure of some of the same things: narrower above and below the line alike.
fn part_of_both(left: &Entry, right: &Entry) -> Option<Overlap> {
    let (one, other) = (left.sides.as_ref()?, right.sides.as_ref()?);
    let (below, beneath) = (one.bottom.as_ref()?, other.bottom.as_ref()?);
    let within = |narrow: &Counted, wide: &Counted, low: &Counted, wide_low: &Counted| {
        narrow.beyond(wide).is_some() && low.beyond(wide_low).is_some()
    };
    let (narrow, wide) = if within(&one.top, &other.top, below, beneath) {
        (left, right)
    } else if within(&other.top, &one.top, beneath, below) {
        (right, left)
    } else {
        return None;
    };
    let why = format!("{} is the same measure as {}, of some of the same records", narrow.id, wide.id);
    Some(found(left, OverlapKind::SimilarTo, right, why))
}

/// One mark in two registers: the same field must hold the same codes.
fn same_mark(left: &Entry, right: &Entry) -> Option<Overlap> {
    let (one, other) = (left.sides.as_ref()?, right.sides.as_ref()?);
    let (field, codes) = one.telling.intersection(&other.telling).next()?;
    if one.top.base == other.top.base {
        return None;
    }
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let why = format!("both ask for the same codes of {field} ({}), in two registers", codes.join(", "));
    Some(found(left, OverlapKind::SimilarTo, right, why))
}

/// Two shares of one whole.
fn one_below(left: &Entry, right: &Entry) -> Option<Overlap> {
    if !left.has_a_line() || !right.has_a_line() || left.kind == Kind::Rate {
        return None;
    }
    let below = |entry: &'_ Entry| entry.sides.as_ref().and_then(|sides| sides.bottom.clone());
    let counted = matches!((below(left), below(right)), (Some(one), Some(other)) if one.is(&other));
    let said = !left.below.is_empty() && left.below == right.below && left.needs == right.needs;
    (counted || said).then(|| {
        found(left, OverlapKind::SharesDenominator, right, "they are shares of one whole".to_owned())
    })
}

/// A number of some of what another counts.
fn narrower(narrow: &Entry, wide: &Entry) -> Option<Overlap> {
    let (one, other) = (narrow.sides.as_ref()?, wide.sides.as_ref()?);
    if !wide.is_a_number() {
        return None;
    }
    let whole = if narrow.is_a_number() { Some(&one.top) } else { one.bottom.as_ref() };
    whole?.beyond(&other.top)?;
    let why = format!("{} asks more of the records that {} counts", narrow.id, wide.id);
    Some(found(narrow, OverlapKind::SubsetOf, wide, why))
}

fn same_table(left: &Entry, right: &Entry) -> bool {
    match (&left.sides, &right.sides) {
        (Some(left), Some(right)) => left.top.base == right.top.base,
        _ => !left.needs.is_disjoint(&right.needs),
    }
}

fn some_of(words: &[&str]) -> String {
    words.iter().take(4).copied().collect::<Vec<_>>().join(", ")
}

fn or_no_limit(printed: &str) -> &str {
    if printed.is_empty() { "no limit" } else { printed }
}

fn found(first: &Entry, kind: OverlapKind, second: &Entry, why: String) -> Overlap {
    Overlap { first: first.id.clone(), kind, second: second.id.clone(), why }
}
