//! Consultation: what members put forward, and what is there already that says nearly the same.

mod compare;
mod counted;
mod entry;
mod idea;
mod refine;
#[cfg(test)]
mod tests;
mod words;

use serde::Serialize;

use crate::check::Checked;

pub use idea::{Fault, Form, IDEA, Idea};
pub use refine::{Asked, Forms, ListLine, LongList, Outcome, Refined, long_list};

use compare::Comparer;
use entry::Entry;

/// How one entry lies to another: `first` *replaces*, *is the numerator of*, … `second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverlapKind {
    /// Both count the same and print the same.
    SameAs,
    /// The same under another limit, and its national number says that it was revised.
    Replaces,
    /// Nearly the same question: of other children, at another limit, or of a part of them.
    SimilarTo,
    /// The first is what the second counts above the line.
    NumeratorOf,
    /// The first is what the second counts below the line.
    DenominatorOf,
    /// Two shares of the same whole.
    SharesDenominator,
    /// The first counts some of what the second counts.
    SubsetOf,
}

impl OverlapKind {
    /// As a sentence says it: `cs-16` *is the numerator of* `cs-17`.
    pub fn words(self) -> &'static str {
        match self {
            Self::SameAs => "is the same as",
            Self::Replaces => "replaces",
            Self::SimilarTo => "is similar to",
            Self::NumeratorOf => "is the numerator of",
            Self::DenominatorOf => "is the denominator of",
            Self::SharesDenominator => "has the denominator of",
            Self::SubsetOf => "is a part of",
        }
    }
}

/// Two entries that overlap, and why this is thought.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Overlap {
    /// The id of one entry.
    pub first: String,
    /// How it lies to the other.
    pub kind: OverlapKind,
    /// The id of the other.
    pub second: String,
    /// Why, in English; it reads on from both ids.
    pub why: String,
}

/// Every two entries of a framework that overlap, in order of id.
///
/// Compared are what each counts (table, day, what is counted, clauses), what it needs, its kind and unit, and its
/// words, never the relations that the framework declares. Of entries that count the same, one stands for all:
/// the one whose calculation the others use, or the first in order of id. A finding is a question to people, not an answer.
///
/// # Example
/// ```
/// use staysafe::consult::{OverlapKind, overlaps};
/// use staysafe::{check::check, definition::read::read};
///
/// let plan = |id: &str, kind: &str, logic: &str| format!("id = '{id}'\ntitle = '{id}'\nkind = '{kind}'\n\
///     polarity = 'lower'\ncycle = 'quarter'\nholder = 'council'\nlisted = [{{ list = 'ours', number = '{id}' }}]\n\
///     [calculation]\nfrom = 'plan'\nwhen = {{ date = 'plan_end' }}\n{logic}");
/// let ended = plan("ended", "count", "");
/// let long = plan("long", "proportion", "numerator = 'add_months(plan_start, 24) <= plan_end'");
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'council'\nname = 'Council'"),
///     ("datasets/plan.toml", "id = 'plan'\ntitle = 'Plans'\nholder = 'council'\ncarried_by = 'register'\n\
///       area = 'given'\nrow = 'a plan'\n[[field]]\nname = 'plan_start'\ntype = 'date'\nwords = 'the start'\n\
///       [[field]]\nname = 'plan_end'\ntype = 'date'\nwords = 'the end'"),
///     ("indicators/ended.toml", ended.as_str()),
///     ("indicators/long.toml", long.as_str()),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let found = overlaps(&checked);
/// assert_eq!((found[0].first.as_str(), found[0].kind), ("ended", OverlapKind::DenominatorOf));
/// assert_eq!(found[0].why, "what ended counts is what long is a share of");
/// ```
pub fn overlaps(checked: &Checked) -> Vec<Overlap> {
    let entries = Entry::all(checked);
    let comparer = Comparer::of(&entries);
    let mut found = comparer.same();
    let leaders = comparer.leaders();
    for (place, left) in leaders.iter().enumerate() {
        for right in leaders.get(place + 1..).unwrap_or_default() {
            found.extend(comparer.compare(left, right));
        }
    }
    found.sort();
    found
}

/// For each need said in words, the entries that say nearly the same: none, where no entry does.
///
/// # Example
/// ```
/// use staysafe::consult::nearest_to;
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'"),
///     ("agencies.toml", "[[agency]]\nid = 'police'\nname = 'Police'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Young victims of crime'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'police'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'crime'\nfields = ['victim']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let near = nearest_to(&checked, ["how many young people are victims of crime", "what children say of their school"]);
/// assert_eq!((near[0][0].second.as_str(), near[1].len()), ("a", 0));
/// ```
pub fn nearest_to<'w>(checked: &Checked, needs: impl IntoIterator<Item = &'w str>) -> Vec<Vec<Overlap>> {
    let entries = Entry::all(checked);
    let comparer = Comparer::of(&entries);
    let leaders = comparer.leaders();
    let near = |words: &str| {
        let said = Entry::of_words(words);
        let mut near: Vec<Overlap> = leaders.iter().filter_map(|entry| comparer.near(&said, entry)).collect();
        near.sort();
        near
    };
    needs.into_iter().map(near).collect()
}
