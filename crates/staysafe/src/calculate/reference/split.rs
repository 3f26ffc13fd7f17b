//! How records are kept apart: by area, by a level of areas, by the categories of breakdowns.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::evaluate::{Context, Evaluated, Frame, evaluate};
use super::records::{Records, Table};
use crate::check::Checked;
use crate::check::breakdown::{CheckedBreakdown, CheckedSort};
use crate::check::tree::CheckedTable;
use crate::definition::breakdown::{ALL, UNKNOWN_CATEGORY};
use crate::definition::dataset::AreaRule;
use crate::definition::framework::Framework;
use crate::period::Period;
use crate::plan::{By, Plan, Planned, narrowest};
use crate::record::Row;
use crate::result::{NotReported, Note, Reason};
use crate::value::{Datum, Name, Names, Value};

/// By what one indicator's records are kept apart in one period.
#[derive(Debug)]
pub struct Split<'a> {
    framework: &'a Framework,
    /// The parent valid on the period's last day is the one that counts: the day since which areas are as they are then.
    day: NaiveDate,
    /// Each of the plan's, and whether it applies to this indicator.
    by: Vec<(&'a By, bool)>,
    narrowest: Option<&'a str>,
    /// The breakdowns that apply, in the order of `by`.
    breakdowns: Vec<&'a CheckedBreakdown>,
}

/// An area, as far as areas are kept apart, and the areas of the levels asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The area's code.
    pub area: Name,
    levels: Names,
}

/// Where a figure stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Among areas.
    pub place: Place,
    /// The category of each breakdown.
    pub categories: Names,
}

/// The categories of a record, one set for each breakdown: of one category, unless it is overlapping.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    of: Vec<BTreeSet<String>>,
    /// Whether a value was of no category.
    pub(crate) unmapped: bool,
}

impl<'a> Split<'a> {
    /// How a planned indicator is kept apart in a period.
    ///
    /// # Errors
    /// Why it cannot be broken down as asked.
    pub(crate) fn new(
        checked: &'a Checked,
        plan: &'a Plan,
        planned: &'a Planned,
        period: &Period,
    ) -> Result<Self, (Self, Reason)> {
        let by: Vec<(&By, bool)> = plan.by().iter().zip(planned.applies.iter().copied()).collect();
        let levels = by.iter().filter_map(|(by, applies)| level(by).filter(|_| *applies));
        let narrowest = narrowest(checked.framework(), levels);
        let (framework, day) = (checked.framework(), checked.areas_as_since(period.last_day()));
        let mut split = Self { framework, day, by, narrowest, breakdowns: Vec::new() };
        for (one, applies) in split.by.clone() {
            let By::Breakdown(name) = one else { continue };
            match planned.breakdowns.get(name).filter(|_| applies) {
                Some(Ok(breakdown)) => split.breakdowns.push(breakdown),
                Some(Err(why)) => {
                    let why = Reason::NotReported(NotReported::NotBrokenDown(why.clone()));
                    split.breakdowns.clear();
                    return Err((split, why));
                }
                None => {}
            }
        }
        Ok(split)
    }

    /// How counts of areas are kept apart, which no breakdown can sort.
    pub(crate) fn of_areas(checked: &'a Checked, by: &'a [By], period: &Period) -> Self {
        let framework = checked.framework();
        let narrowest = narrowest(framework, by.iter().filter_map(level));
        let by = by.iter().map(|by| (by, true)).collect();
        let day = checked.areas_as_since(period.last_day());
        Self { framework, day, by, narrowest, breakdowns: Vec::new() }
    }

    /// The area of a figure that is an area's, and what stands in each column.
    pub(crate) fn columns_of(&self, area: &str) -> (Name, Names) {
        let place = self.place(self.code(area).unwrap_or(area));
        (place.area.clone(), self.columns(&place, None))
    }

    /// A day whose areas and parents count: the one since which they are as they are on the last of the period.
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// Whether the same rows stand in the same places and categories by this and by another.
    pub fn is_alike(&self, other: &Self) -> bool {
        let same = |(one, other): (&&CheckedBreakdown, &&CheckedBreakdown)| std::ptr::eq(*one, *other);
        self.day == other.day
            && self.by == other.by
            && self.narrowest == other.narrowest
            && self.breakdowns.len() == other.breakdowns.len()
            && self.breakdowns.iter().zip(&other.breakdowns).all(same)
    }

    /// The breakdowns that apply.
    pub fn breakdowns(&self) -> &[&'a CheckedBreakdown] {
        &self.breakdowns
    }

    /// The returning authority's own place: its tables speak for it, and what it does not hold is 0 there.
    pub(crate) fn own(&self, records: &Records<'_>) -> Place {
        self.own_place(records.area)
    }

    /// As [`own`](Self::own), by what the return calls the authority.
    pub fn own_place(&self, returning: &str) -> Place {
        self.place(self.code(returning).unwrap_or(returning))
    }

    /// What the framework calls the returning authority.
    pub fn own_code<'r>(&self, returning: &'r str) -> &'r str
    where
        'a: 'r,
    {
        self.code(returning).unwrap_or(returning)
    }

    /// The returning authority by the framework's code, where it has one.
    pub(crate) fn own_area<'r>(&self, records: &Records<'r>) -> &'r str
    where
        'a: 'r,
    {
        self.code(records.area).unwrap_or(records.area)
    }

    /// The area of a row by the code of the framework, and a counter where its own code means nothing: the
    /// returning authority's, or what a field says.
    pub(crate) fn area_of(
        &self,
        records: &Records<'_>,
        table: &Table<'_>,
        row: &Row,
        rule: &CheckedTable,
    ) -> (String, Option<Note>) {
        let AreaRule::Field(field) = &rule.area else {
            return (self.own_area(records).to_owned(), None);
        };
        let position = table.dataset.fields.iter().position(|f| f.name.value == *field);
        match position.map(|position| table.value(row, position)) {
            Some(Datum::Known(value)) => self.area_named(records.area, Some(&value.to_string())),
            _ => self.area_named(records.area, None),
        }
    }

    /// The area that a row of an authority's return names, by the framework's code, and a counter where it means
    /// nothing.
    pub fn area_named(&self, returning: &str, named: Option<&str>) -> (String, Option<Note>) {
        let Some(code) = named else { return (UNKNOWN_CATEGORY.to_owned(), Some(Note::Unknown)) };
        match self.code(code) {
            // What the return calls itself is its authority, whether the framework knows it or not.
            None if code == returning => (code.to_owned(), None),
            Some(known) => (known.to_owned(), None),
            // A framework without areas has nothing that a code could be set against.
            None if self.framework.areas.is_empty() => (code.to_owned(), None),
            None => (UNKNOWN_CATEGORY.to_owned(), Some(Note::UnmappedCode)),
        }
    }

    /// Where a row stands among areas, and a counter where nobody can say.
    pub(crate) fn place_of(
        &self,
        records: &Records<'_>,
        table: &Table<'_>,
        row: &Row,
        rule: &CheckedTable,
    ) -> (Place, Option<Note>) {
        if !self.keeps_areas() {
            // Added up: what the authority reports is the authority's, whatever area each row names.
            return (self.own(records), None);
        }
        let (area, note) = self.area_of(records, table, row, rule);
        (self.place(&area), note)
    }

    /// The categories of a row; `side` is 0, or 1 for the denominator of two totals.
    ///
    /// # Errors
    /// The words of a refused expression.
    pub(crate) fn standing(
        &self,
        side: usize,
        context: &Context<'_>,
        frame: Frame<'_>,
    ) -> Result<Standing, String> {
        let mut standing = Standing::default();
        for breakdown in &self.breakdowns {
            let mut of = BTreeSet::new();
            match breakdown.sorts.get(side) {
                Some(CheckedSort::Into(node)) => match evaluate(context, &[frame], node) {
                    Evaluated::Known(Value::Text(text))
                        if breakdown.categories.iter().any(|c| **c == *text) =>
                    {
                        of.insert(text.to_string());
                    }
                    Evaluated::Known(value) => {
                        standing.unmapped |= value != Value::Text(UNKNOWN_CATEGORY.into());
                    }
                    Evaluated::Refused(why) => return Err(why),
                    Evaluated::Missing(_) | Evaluated::Unknown(_) => {}
                },
                Some(CheckedSort::Each(nodes)) => {
                    for (category, node) in breakdown.categories.iter().zip(nodes) {
                        match evaluate(context, &[frame], node) {
                            Evaluated::Refused(why) => return Err(why),
                            found if found.is_true() => {
                                of.insert(category.clone());
                            }
                            _ => {}
                        }
                    }
                }
                None => {}
            }
            if of.is_empty() {
                of.insert(UNKNOWN_CATEGORY.to_owned());
            }
            standing.of.push(of);
        }
        Ok(standing)
    }

    /// The slots of what stands in these categories of a place, and whether records contradicted each other: what
    /// counts once is in one category of a breakdown, and where its records disagree in `unknown`.
    pub(crate) fn slots(&self, place: &Place, standing: &Standing) -> (Vec<Slot>, bool) {
        let mut contradictory = false;
        let mut slots: Vec<Names> = vec![Names::new()];
        for (breakdown, of) in self.breakdowns.iter().zip(&standing.of) {
            let overlapping = matches!(breakdown.sorts.first(), Some(CheckedSort::Each(_)));
            let mut of: Vec<&str> = of.iter().map(String::as_str).collect();
            if overlapping && of.len() > 1 {
                of.retain(|category| *category != UNKNOWN_CATEGORY);
            } else if of.len() > 1 {
                contradictory = true;
                of = vec![UNKNOWN_CATEGORY];
            }
            slots = product(&slots, &of);
        }
        let slot = |categories| Slot { place: place.clone(), categories };
        (slots.into_iter().map(slot).collect(), contradictory)
    }

    /// The slot of a place for what is of no category.
    pub(crate) fn unknown(&self, place: &Place) -> Slot {
        let categories = self.breakdowns.iter().map(|_| Name::from(UNKNOWN_CATEGORY)).collect();
        Slot { place: place.clone(), categories }
    }

    /// Every slot of a place, `unknown` of each breakdown included: what is empty is a statement.
    pub fn grid(&self, place: &Place) -> Vec<Slot> {
        let mut slots: Vec<Names> = vec![Names::new()];
        for breakdown in &self.breakdowns {
            let all: Vec<&str> =
                breakdown.categories.iter().map(String::as_str).chain([UNKNOWN_CATEGORY]).collect();
            slots = product(&slots, &all);
        }
        slots.into_iter().map(|categories| Slot { place: place.clone(), categories }).collect()
    }

    /// What stands in each column where no return was given.
    pub(crate) fn nowhere(&self) -> Names {
        self.by.iter().filter(|(by, _)| by.column().is_some()).map(|_| Name::from(ALL)).collect()
    }

    /// What stands in each column of a slot; without one, in each column of the place as a whole.
    pub fn columns(&self, place: &Place, slot: Option<&Slot>) -> Names {
        let mut levels = place.levels.iter();
        let mut categories = slot.map(|slot| slot.categories.iter());
        let mut columns = Names::new();
        for (by, applies) in &self.by {
            let found = match by {
                By::Area => continue,
                _ if !applies => None,
                By::Level(_) => levels.next(),
                By::Breakdown(_) => categories.as_mut().and_then(Iterator::next),
            };
            columns.push(found.cloned().unwrap_or_else(|| ALL.into()));
        }
        columns
    }

    /// Whether rows are kept apart by the areas that they name.
    pub fn keeps_areas(&self) -> bool {
        self.narrowest.is_some() || self.by.contains(&(&By::Area, true))
    }

    fn code(&self, code: &str) -> Option<&'a str> {
        self.framework.area_on(code, self.day).map(|area| area.code.value.as_str())
    }

    /// Where an area stands.
    pub fn place(&self, code: &str) -> Place {
        let at = |level: &str| {
            let area = self.framework.area_at(code, level, self.day);
            Name::from(area.map_or(UNKNOWN_CATEGORY, |area| area.code.value.as_str()))
        };
        let levels = self.by.iter().filter_map(|(by, applies)| level(by).filter(|_| *applies)).map(at);
        let area = match self.narrowest {
            Some(level) if !self.by.contains(&(&By::Area, true)) => at(level),
            _ => code.into(),
        };
        Place { area, levels: levels.collect() }
    }
}

impl Standing {
    /// Adds the categories of another record that is counted as the same one.
    pub(crate) fn join(&mut self, other: Self) {
        for (of, others) in self.of.iter_mut().zip(other.of) {
            of.extend(others);
        }
        self.unmapped |= other.unmapped;
    }
}

fn level(by: &By) -> Option<&str> {
    match by {
        By::Level(level) => Some(level),
        By::Area | By::Breakdown(_) => None,
    }
}

fn product(slots: &[Names], of: &[&str]) -> Vec<Names> {
    let longer =
        |slot: &Names, category: &&str| slot.iter().cloned().chain([(*category).into()]).collect::<Names>();
    slots.iter().flat_map(|slot| of.iter().map(move |category| longer(slot, category))).collect()
}
