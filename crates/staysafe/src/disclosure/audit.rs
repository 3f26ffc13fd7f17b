//! The attacker's subtractions, done first.
//!
//! Every published pair and triple of counts of one family is added and subtracted in every way. Where
//! the outcome is the number of records of some group (each possible record counted once or not at all,
//! whatever the records are) and that number is small, a row is hidden. A stock and its flows are of
//! three families and are looked at together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::SMALL;
use super::population::{Conditions, Counted};

/// Rows to hide so that nothing small is given away. Hiding a row never gives another away.
pub(super) fn rows_that_give_away(shown: &[&Counted]) -> BTreeSet<String> {
    let mut families: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
    for count in shown {
        families.entry(&count.family).or_default().push(count);
    }
    let mut hidden: BTreeSet<String> =
        families.values().flat_map(|family| Family::new(family).give_away()).collect();
    hidden.extend(stocks_that_give_away(&families));
    hidden
}

/// Stocks that tell a small number of starts or ends: what is open on two days, less or more those that
/// ended or started between them, is the number of those that started or ended.
///
/// The stock is hidden and not the flow: a flow of none would leave the number in the two stocks alone.
fn stocks_that_give_away(families: &BTreeMap<&str, Vec<&Counted>>) -> BTreeSet<String> {
    let mut hidden = BTreeSet::new();
    for stocks in families.values() {
        let Some((starts, ends)) = stocks.first().and_then(|count| count.flows.as_ref()) else { continue };
        let of = |family: &String| families.get(family.as_str()).map(Vec::as_slice).unwrap_or_default();
        for before in stocks {
            for after in stocks.iter().filter(|after| before.next < after.next) {
                let between = |flow: &&&Counted| {
                    (flow.first, flow.next, &flow.area, &flow.conditions)
                        == (before.next, after.next, &after.area, &after.conditions)
                };
                let alike = (&before.area, &before.conditions) == (&after.area, &after.conditions);
                let growth = after.value - before.value;
                let tells = |flows: &[&Counted], started: i128| {
                    flows.iter().filter(between).any(|flow| SMALL.contains(&(flow.value + started * growth)))
                };
                if alike && (tells(of(ends), 1) || tells(of(starts), -1)) {
                    hidden.extend([before.indicator.clone(), after.indicator.clone()]);
                }
            }
        }
    }
    hidden
}

struct Family<'a> {
    counts: &'a [&'a Counted],
    /// `within[i][j]`: the conditions of i imply those of j, areas included.
    within: Vec<Vec<bool>>,
    /// `apart[i][j]`: no record satisfies both.
    apart: Vec<Vec<bool>>,
}

type Term = (usize, i128);

impl<'a> Family<'a> {
    fn new(counts: &'a [&'a Counted]) -> Self {
        let table = |relation: &dyn Fn(&Counted, &Counted) -> bool| {
            counts.iter().map(|ours| counts.iter().map(|theirs| relation(ours, theirs)).collect()).collect()
        };
        let within = |a: &Counted, b: &Counted| {
            a.conditions.lie_within(&b.conditions) && (b.area == "all" || a.areas.contains(&b.area))
        };
        let apart = |a: &Counted, b: &Counted| {
            let areas = !a.areas.contains(&b.area) && !b.areas.contains(&a.area);
            areas || a.conditions.exclude(&b.conditions)
        };
        Self { counts, within: table(&within), apart: table(&apart) }
    }

    fn give_away(&self) -> BTreeSet<String> {
        let mut hidden = BTreeSet::new();
        for whole in 0..self.counts.len() {
            let inside: Vec<usize> = (0..self.counts.len())
                .filter(|part| {
                    *part != whole && related(&self.within, *part, whole) && self.meet(*part, whole)
                })
                .collect();
            self.remainders(whole, &inside, &mut hidden);
            for (place, part) in inside.iter().enumerate() {
                self.judge(&[(whole, 1), (*part, -1)], &mut hidden);
                for other in inside.iter().skip(place + 1) {
                    self.judge(&[(whole, 1), (*part, -1), (*other, -1)], &mut hidden);
                }
                // A third count can only be added where the part is the greater: windows that overlap.
                if self.value(*part) > self.value(whole) {
                    for other in 0..self.counts.len() {
                        self.judge(&[(whole, 1), (*part, -1), (other, 1)], &mut hidden);
                    }
                }
            }
        }
        hidden
    }

    /// Hides a row of a sum that is the size of a small group; unless one of its rows is hidden already.
    fn judge(&self, sum: &[Term], hidden: &mut BTreeSet<String>) {
        let total: i128 = sum.iter().map(|(count, sign)| sign * self.value(*count)).sum();
        if !SMALL.contains(&total) || sum.iter().any(|(count, _)| self.is_hidden(*count, hidden)) {
            return;
        }
        if self.is_a_group(sum) {
            self.hide(sum.iter().map(|(count, _)| *count), hidden);
        }
    }

    /// What is left of a whole when all its parts are taken away: quarters of a year, categories of a
    /// total, areas of a region.
    fn remainders(&self, whole: usize, inside: &[usize], hidden: &mut BTreeSet<String>) {
        let Some(of) = self.counts.get(whole) else { return };
        let mut parts: BTreeMap<(Kindred, Conditions, &str), Vec<usize>> = BTreeMap::new();
        for part in inside {
            let Some(count) = self.counts.get(*part) else { continue };
            if count.first < of.first || count.next > of.next {
                continue;
            }
            let (categories, bare) = count.conditions.beyond(&of.conditions);
            let same_days = (count.first, count.next) == (of.first, of.next);
            let areas = count.area != of.area;
            let months = if same_days { 0 } else { 1 + (count.next - count.first).num_days() / 28 };
            let kindred = Kindred { months, categories, areas };
            if kindred.divides() {
                let area = if areas { "" } else { count.area.as_str() };
                parts.entry((kindred, bare, area)).or_default().push(*part);
            }
        }
        for list in parts.values() {
            let mut sum: Vec<Term> = vec![(whole, 1)];
            for part in list {
                // The same part may be published by two rows.
                if sum.iter().skip(1).all(|(other, _)| self.never_both(*part, *other)) {
                    sum.push((*part, -1));
                }
            }
            self.judge_parts(&sum, hidden);
        }
    }

    fn judge_parts(&self, sum: &[Term], hidden: &mut BTreeSet<String>) {
        let total: i128 = sum.iter().map(|(count, sign)| sign * self.value(*count)).sum();
        if SMALL.contains(&total) && !sum.iter().any(|(count, _)| self.is_hidden(*count, hidden)) {
            self.hide(sum.iter().map(|(count, _)| *count), hidden);
        }
    }

    /// Hides the row of the smallest count, which is the least loss.
    fn hide(&self, counts: impl Iterator<Item = usize>, hidden: &mut BTreeSet<String>) {
        let smallest = counts
            .filter_map(|count| self.counts.get(count))
            .min_by(|a, b| a.value.cmp(&b.value).then_with(|| b.indicator.cmp(&a.indicator)));
        hidden.extend(smallest.map(|count| count.indicator.clone()));
    }

    /// Whether the signed sum counts each possible record once or not at all, and some record once.
    fn is_a_group(&self, sum: &[Term]) -> bool {
        let mut edges: Vec<NaiveDate> = sum
            .iter()
            .filter_map(|(count, _)| self.counts.get(*count))
            .flat_map(|count| [count.first, count.next])
            .collect();
        edges.sort();
        edges.dedup();
        let mut some = false;
        for true_ones in 0_u32..(1 << sum.len()) {
            let holds = |place: usize| true_ones & (1 << place) != 0;
            if !self.can_be(sum, &holds) {
                continue;
            }
            for day in &edges {
                let dated = |count: usize| {
                    self.counts.get(count).is_some_and(|count| count.first <= *day && *day < count.next)
                };
                let times: i128 = sum
                    .iter()
                    .enumerate()
                    .filter(|(place, (count, _))| holds(*place) && dated(*count))
                    .map(|(_, (_, sign))| sign)
                    .sum();
                if times != 0 && times != 1 {
                    return false;
                }
                some |= times == 1;
            }
        }
        some
    }

    /// Whether a record can satisfy exactly these populations' conditions, dates apart.
    fn can_be(&self, sum: &[Term], holds: &impl Fn(usize) -> bool) -> bool {
        sum.iter().enumerate().all(|(ours, (a, _))| {
            sum.iter().enumerate().all(|(theirs, (b, _))| {
                let implied = !(holds(ours) && !holds(theirs) && related(&self.within, *a, *b));
                let possible =
                    ours == theirs || !(holds(ours) && holds(theirs) && related(&self.apart, *a, *b));
                implied && possible
            })
        })
    }

    fn never_both(&self, a: usize, b: usize) -> bool {
        related(&self.apart, a, b) || !self.meet(a, b)
    }

    /// Whether two counts have a day in common.
    fn meet(&self, a: usize, b: usize) -> bool {
        let pair = self.counts.get(a).zip(self.counts.get(b));
        pair.is_some_and(|(a, b)| a.first < b.next && b.first < a.next)
    }

    fn value(&self, count: usize) -> i128 {
        self.counts.get(count).map_or(0, |count| count.value)
    }

    fn is_hidden(&self, count: usize, hidden: &BTreeSet<String>) -> bool {
        self.counts.get(count).is_some_and(|count| hidden.contains(&count.indicator))
    }
}

fn related(relation: &[Vec<bool>], a: usize, b: usize) -> bool {
    relation.get(a).and_then(|row| row.get(b)).copied().unwrap_or(false)
}

/// In which ways parts divide a whole: by days, by categories, by areas, or by several of them at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kindred {
    /// About how many months each is long, so that months are not mixed with quarters; 0 where the days are the
    /// whole's.
    months: i64,
    /// What sorts the parts and not the whole.
    categories: BTreeSet<String>,
    areas: bool,
}

impl Kindred {
    fn divides(&self) -> bool {
        self.months > 0 || self.areas || !self.categories.is_empty()
    }
}
