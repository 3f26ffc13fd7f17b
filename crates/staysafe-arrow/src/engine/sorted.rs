//! Where records stand: among areas, and in the categories of breakdowns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use staysafe::calculate::engine::{Place, Slot, Split};
use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::CheckedTable;
use staysafe::definition::dataset::AreaRule;
use staysafe::result::{Note, UNKNOWN_CATEGORY};
use staysafe::value::{Name, Names};

use super::column::{Cells, Column, day_of};
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::lanes::{Lanes, Values};
use super::sayings::{Saying, Sayings};
use super::standing::{BLANK, NO, YES, is_refused};
use super::words::Words;

/// The categories of a record, as places among those of each breakdown; behind the last is *unknown*.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Categories {
    of: Vec<BTreeSet<u16>>,
    /// Whether a value was of no category.
    pub(crate) unmapped: bool,
}

/// A place and the categories in it, by number: where a figure stands.
pub(crate) type Cubicle = u32;

/// Some cubicles, and whether records contradicted each other about which.
pub(crate) type Cubicles = (Arc<[Cubicle]>, bool);

/// Places and categories by number, for all parts of a period.
#[derive(Debug)]
pub(crate) struct Sorted<'p, 'a> {
    pub(crate) split: &'p Split<'a>,
    places: Vec<Place>,
    numbers: BTreeMap<Place, u32>,
    standings: Vec<Categories>,
    known: BTreeMap<Categories, u32>,
    /// Of what rows say of their area where they stand.
    named: HashMap<Saying, (u32, Option<Note>)>,
    cubicles: Vec<Named>,
    by_name: HashMap<(u32, Vec<u16>), Cubicle>,
    /// Of places and categories their cubicles, and of places all that they have.
    lists: HashMap<(u32, u32), Cubicles>,
    grids: HashMap<u32, Arc<[Cubicle]>>,
    /// All cubicles in order of their names.
    order: Arc<[Cubicle]>,
    /// What the return calls its authority.
    returning: &'p str,
}

/// A cubicle by its names.
#[derive(Debug)]
struct Named {
    place: u32,
    slot: Slot,
    columns: Names,
}

/// Where each of some rows stands.
#[derive(Debug)]
pub(crate) struct Standings {
    pub(crate) places: Vec<u32>,
    /// A counter where nobody can say in which area a row stands.
    pub(crate) nowhere: Vec<Option<Note>>,
    pub(crate) categories: Vec<u32>,
    /// The first row that is refused, and its standing.
    pub(crate) refused: Option<(usize, u8)>,
}

/// The authority's own place is the first.
pub(crate) const OWN: u32 = 0;

impl<'p, 'a> Sorted<'p, 'a> {
    pub(crate) fn new(split: &'p Split<'a>, returning: &'p str) -> Self {
        let mut made = Self {
            split,
            places: Vec::new(),
            numbers: BTreeMap::new(),
            standings: Vec::new(),
            known: BTreeMap::new(),
            named: HashMap::new(),
            cubicles: Vec::new(),
            by_name: HashMap::new(),
            lists: HashMap::new(),
            grids: HashMap::new(),
            order: Arc::default(),
            returning,
        };
        made.place(split.own_place(returning));
        made
    }

    fn place(&mut self, place: Place) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(place).or_insert_with_key(|place| {
            self.places.push(place.clone());
            next
        })
    }

    fn standing(&mut self, categories: Categories) -> u32 {
        let next = u32::try_from(self.standings.len()).unwrap_or(u32::MAX);
        *self.known.entry(categories).or_insert_with_key(|categories| {
            self.standings.push(categories.clone());
            next
        })
    }

    pub(crate) fn categories(&self, number: u32) -> Option<&Categories> {
        self.standings.get(usize::try_from(number).ok()?)
    }

    /// The categories of two records that are counted as one.
    pub(crate) fn join(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        let (Some(mut joined), Some(other)) =
            (self.categories(one).cloned(), self.categories(other).cloned())
        else {
            return one;
        };
        for (of, others) in joined.of.iter_mut().zip(other.of) {
            of.extend(others);
        }
        joined.unmapped |= other.unmapped;
        self.standing(joined)
    }

    /// Where rows of a table stand; `side` is 0, or 1 for the denominator of two totals.
    pub(crate) fn of<'f>(
        &mut self,
        context: &Context<'f>,
        frame: &'f Frame<'f>,
        rows: &[u32],
        (rule, side): (&CheckedTable, usize),
    ) -> Standings {
        let (places, nowhere) = self.areas(context.words, frame, rows, rule);
        let (categories, refused) = self.sorted(context, frame, rows, side);
        Standings { places, nowhere, categories, refused }
    }

    /// Where rows stand that say so by these codes: of their area, where each names its own, and of each sort. Beside the
    /// place a counter where nobody can say in which area that is.
    pub(crate) fn stand(
        &mut self,
        codes: &[u32],
        names_areas: bool,
        sayings: &Sayings,
        words: &Words,
    ) -> (u32, Option<Note>, u32) {
        let mut codes = codes.iter().copied();
        let (mut place, mut nowhere) = (OWN, None);
        if names_areas {
            let code = codes.next().unwrap_or(u32::from(BLANK));
            let said = sayings.get(code);
            (place, nowhere) = match said.and_then(|said| self.named.get(&said).copied()) {
                Some(known) => known,
                None => self.name(said, code, words),
            };
        }
        let mut standing = Categories::default();
        for breakdown in self.split.breakdowns() {
            let categories = breakdown.categories.as_slice();
            let unknown = u16::try_from(categories.len()).unwrap_or(u16::MAX);
            let of: BTreeSet<u16> = match breakdown.sorts.first() {
                Some(CheckedSort::Each(nodes)) => {
                    let yes = (0u16..).zip(codes.by_ref().take(nodes.len()));
                    yes.filter(|(_, code)| *code == u32::from(YES)).map(|(category, _)| category).collect()
                }
                Some(CheckedSort::Into(_)) => {
                    let code = codes.next().unwrap_or(u32::from(BLANK));
                    let said = sayings.get(code);
                    let (of, unmapped) = match said {
                        Some(Saying::Word(word)) => category(categories, words.text(word)),
                        Some(_) => (BTreeSet::new(), true),
                        None => (BTreeSet::new(), code <= u32::from(YES)),
                    };
                    standing.unmapped |= unmapped;
                    of
                }
                None => BTreeSet::new(),
            };
            standing.of.push(if of.is_empty() { [unknown].into() } else { of });
        }
        (place, nowhere, self.standing(standing))
    }

    /// Where rows stand that say this of their area.
    fn name(&mut self, said: Option<Saying>, code: u32, words: &Words) -> (u32, Option<Note>) {
        let named = match (said, u8::try_from(code)) {
            (Some(saying), _) => Some(saying.text(words)),
            (None, Ok(standing @ (NO | YES))) => Some((standing == YES).to_string()),
            (None, _) => None,
        };
        let (area, note) = self.split.area_named(self.returning, named.as_deref());
        let found = (self.place(self.split.place(&area)), note);
        self.named.extend(said.map(|said| (said, found)));
        found
    }

    fn areas(
        &mut self,
        words: &Words,
        frame: &Frame<'_>,
        rows: &[u32],
        rule: &CheckedTable,
    ) -> (Vec<u32>, Vec<Option<Note>>) {
        // Added up, what the authority reports is the authority's, whatever area each row names.
        let AreaRule::Field(field) = &rule.area else {
            return (vec![OWN; rows.len()], vec![None; rows.len()]);
        };
        if !self.split.keeps_areas() {
            return (vec![OWN; rows.len()], vec![None; rows.len()]);
        }
        let column = frame.named(field);
        let mut seen: BTreeMap<Option<String>, (u32, Option<Note>)> = BTreeMap::new();
        let mut of = |row: &u32| {
            let named = usize::try_from(*row).ok().and_then(|row| text(column?, row, words));
            if let Some(found) = seen.get(&named) {
                return *found;
            }
            let (area, note) = self.split.area_named(self.returning, named.as_deref());
            let place = self.split.place(&area);
            let found = (self.place(place), note);
            seen.insert(named, found);
            found
        };
        rows.iter().map(&mut of).unzip()
    }

    fn sorted<'f>(
        &mut self,
        context: &Context<'f>,
        frame: &'f Frame<'f>,
        rows: &[u32],
        side: usize,
    ) -> (Vec<u32>, Option<(usize, u8)>) {
        let split = self.split;
        let scope = Scope::list(frame, rows);
        if split.breakdowns().is_empty() {
            let all = self.standing(Categories::default());
            return (vec![all; rows.len()], None);
        }
        let sorts: Vec<(&[String], Vec<Lanes<'_>>, bool)> = split
            .breakdowns()
            .iter()
            .map(|breakdown| {
                let sort = breakdown.sorts.get(side);
                let nodes = sort.map(CheckedSort::nodes).unwrap_or_default();
                let lanes = nodes.iter().map(|node| evaluate(context, &scope, node)).collect();
                (breakdown.categories.as_slice(), lanes, matches!(sort, Some(CheckedSort::Each(_))))
            })
            .collect();
        let mut refused: Option<(usize, u8)> = None;
        let mut found = Vec::with_capacity(rows.len());
        for lane in 0..rows.len() {
            let mut standing = Categories::default();
            for (categories, lanes, each) in &sorts {
                if let (None, Some(first)) =
                    (refused, lanes.iter().map(|l| l.standing(lane)).find(|s| is_refused(*s)))
                {
                    refused = Some((lane, first));
                }
                let (of, unmapped) = if *each {
                    (each_of(lanes, lane), false)
                } else {
                    into(lanes.first(), categories, lane, context.words)
                };
                standing.unmapped |= unmapped;
                let unknown = u16::try_from(categories.len()).unwrap_or(u16::MAX);
                standing.of.push(if of.is_empty() { [unknown].into() } else { of });
            }
            found.push(self.standing(standing));
        }
        (found, refused)
    }

    /// The cubicles of what stands in these categories of a place, and whether records contradicted each other.
    #[inline]
    pub(crate) fn cubicles(&mut self, place: u32, categories: u32) -> Cubicles {
        if let Some(known) = self.lists.get(&(place, categories)) {
            return known.clone();
        }
        let mut contradictory = false;
        let mut found: Vec<Vec<u16>> = vec![Vec::new()];
        let standing = self.categories(categories);
        for (breakdown, of) in self.split.breakdowns().iter().zip(standing.map_or([].as_slice(), |s| &s.of)) {
            let overlapping = matches!(breakdown.sorts.first(), Some(CheckedSort::Each(_)));
            let unknown = u16::try_from(breakdown.categories.len()).unwrap_or(u16::MAX);
            let mut of: Vec<u16> = of.iter().copied().collect();
            if overlapping && of.len() > 1 {
                of.retain(|category| *category != unknown);
            } else if of.len() > 1 {
                contradictory = true;
                of = vec![unknown];
            }
            found = found
                .iter()
                .flat_map(|before| of.iter().map(|next| before.iter().copied().chain([*next]).collect()))
                .collect();
        }
        let made = (found.into_iter().map(|of| self.cubicle(place, of)).collect(), contradictory);
        self.lists.insert((place, categories), made.clone());
        made
    }

    /// The cubicle of a place for what is of no category.
    pub(crate) fn unknown(&mut self, place: u32) -> Cubicle {
        let last = |categories: &Vec<String>| u16::try_from(categories.len()).unwrap_or(u16::MAX);
        let of = self.split.breakdowns().iter().map(|breakdown| last(&breakdown.categories)).collect();
        self.cubicle(place, of)
    }

    /// Every cubicle of a place: what is empty is a statement.
    pub(crate) fn grid(&mut self, place: u32) -> Arc<[Cubicle]> {
        if let Some(known) = self.grids.get(&place) {
            return Arc::clone(known);
        }
        let mut found: Vec<Vec<u16>> = vec![Vec::new()];
        for breakdown in self.split.breakdowns() {
            let last = u16::try_from(breakdown.categories.len()).unwrap_or(u16::MAX);
            found = found
                .iter()
                .flat_map(|before| (0..=last).map(|next| before.iter().copied().chain([next]).collect()))
                .collect();
        }
        let made: Arc<[Cubicle]> = found.into_iter().map(|of| self.cubicle(place, of)).collect();
        self.grids.insert(place, Arc::clone(&made));
        made
    }

    fn cubicle(&mut self, place: u32, categories: Vec<u16>) -> Cubicle {
        if let Some(known) = self.by_name.get(&(place, categories.clone())) {
            return *known;
        }
        let number = u32::try_from(self.cubicles.len()).unwrap_or(u32::MAX);
        let name = |(breakdown, category): (&&staysafe::check::breakdown::CheckedBreakdown, &u16)| {
            let name = breakdown.categories.get(usize::from(*category));
            Name::from(name.map_or(UNKNOWN_CATEGORY, String::as_str))
        };
        let named = self.split.breakdowns().iter().zip(&categories).map(name).collect();
        let at = usize::try_from(place).ok().and_then(|place| self.places.get(place)).cloned();
        let of = at.unwrap_or_else(|| self.split.own_place(self.returning));
        let slot = Slot { place: of, categories: named };
        let columns = self.split.columns(&slot.place, Some(&slot));
        self.cubicles.push(Named { place, slot, columns });
        self.by_name.insert((place, categories), number);
        number
    }

    /// The place that a cubicle is in.
    pub(crate) fn place_of(&self, cubicle: Cubicle) -> Option<u32> {
        Some(self.cubicles.get(usize::try_from(cubicle).ok()?)?.place)
    }

    /// The area of a cubicle, and what stands in each column.
    pub(crate) fn names(&self, cubicle: Cubicle) -> Option<(&Name, &Names)> {
        let named = self.cubicles.get(usize::try_from(cubicle).ok()?)?;
        Some((&named.slot.place.area, &named.columns))
    }

    /// All cubicles in order of area and columns.
    pub(crate) fn in_order(&mut self) -> Arc<[Cubicle]> {
        if self.order.len() != self.cubicles.len() {
            let mut order: Vec<(&Slot, Cubicle)> =
                self.cubicles.iter().map(|named| &named.slot).zip(0..).collect();
            order.sort_unstable();
            self.order = order.into_iter().map(|(_, cubicle)| cubicle).collect();
        }
        Arc::clone(&self.order)
    }
}

fn each_of(lanes: &[Lanes<'_>], lane: usize) -> BTreeSet<u16> {
    let yes = (0u16..).zip(lanes).filter(|(_, lanes)| lanes.standing(lane) == YES);
    yes.map(|(category, _)| category).collect()
}

/// The category that a value names, and whether it names none.
fn into(
    lanes: Option<&Lanes<'_>>,
    categories: &[String],
    lane: usize,
    words: &Words,
) -> (BTreeSet<u16>, bool) {
    let Some(lanes) = lanes.filter(|lanes| lanes.is_known(lane)) else { return (BTreeSet::new(), false) };
    let Values::Words(run) = &lanes.values else { return (BTreeSet::new(), true) };
    category(categories, run.at(lane).map_or("", |word| words.text(word)))
}

fn category(categories: &[String], word: &str) -> (BTreeSet<u16>, bool) {
    match categories.iter().position(|category| category == word) {
        Some(category) => (u16::try_from(category).into_iter().collect(), false),
        None => (BTreeSet::new(), word != UNKNOWN_CATEGORY),
    }
}

/// A value as it is written; `None` where there is none.
pub(crate) fn text(column: &Column, row: usize, words: &Words) -> Option<String> {
    if !column.is_known(row) {
        return None;
    }
    Some(match &column.cells {
        Cells::Truth => (column.standing(row) == YES).to_string(),
        Cells::Days(days) => day_of(*days.get(row)?)?.to_string(),
        Cells::Whole(numbers) => numbers.get(row)?.to_string(),
        Cells::Decimal(numbers) => numbers.get(row)?.to_string(),
        Cells::Words(all) => words.text(*all.get(row)?).to_owned(),
    })
}
