//! How far up the ladder each record comes, and what it adds there.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use staysafe::check::tree::{CheckedLadder, CheckedWhen, FieldRef, Node, NodeKind};
use staysafe::definition::indicator::NumeratorUnknown;
use staysafe::result::{Note, UNKNOWN_CATEGORY};
use staysafe::value::Exact;

use super::calendar::earlier;
use super::column::day_of;
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::lanes::{Lanes, Values};
use super::standing::{YES, doubt, is_refused, words};

/// How far up the ladder a record comes; of the records counted as one the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    /// Not of the population, excluded, or not in the denominator: the clause that says so.
    Out(u8),
    /// Population or denominator cannot be judged: not reached, counted.
    NotReached(u8, Note),
    /// On a rung of its own: out of both, counted.
    SetAside(u8, Note),
    /// The numerator cannot be judged, and such records leave both.
    LeftOut(Note),
    /// In the denominator, and surely not in the numerator.
    Denominator,
    /// In the denominator; whether in the numerator cannot be judged.
    Unjudged(Note),
    /// At the top.
    Numerator,
}

/// What records at the top add, besides being counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Adds {
    Value(Exact),
    Category(String),
    /// An answer to a survey: how many it speaks for, and what was drawn; a cluster that nobody has named is the empty
    /// text.
    Answer {
        weight: Exact,
        stratum: String,
        cluster: String,
    },
}

/// Of one record: its rung, the doubt met on the way, what it adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) rung: Rung,
    pub(crate) doubt: Option<Note>,
    pub(crate) history_missing: bool,
    /// Whether a field that is asked about holds what is no code in the return's year.
    pub(crate) unmapped: bool,
    /// The number of what it adds.
    pub(crate) adds: Option<u32>,
}

/// What can be added, by number.
#[derive(Debug, Default)]
pub(crate) struct AllAdds {
    all: Vec<Adds>,
    known: BTreeMap<Adds, u32>,
    words: HashMap<u32, u32>,
}

impl AllAdds {
    pub(crate) fn get(&self, number: u32) -> Option<&Adds> {
        self.all.get(usize::try_from(number).ok()?)
    }

    fn number(&mut self, adds: Adds) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.known.entry(adds).or_insert_with_key(|adds| {
            self.all.push(adds.clone());
            next
        })
    }

    fn word(&mut self, word: u32, text: &str) -> u32 {
        if let Some(number) = self.words.get(&word) {
            return *number;
        }
        let number = self.number(Adds::Category(text.to_owned()));
        self.words.insert(word, number);
        number
    }
}

/// A ladder over some rows of its table.
pub(crate) struct Asked<'f, 'l> {
    context: Context<'f>,
    frame: &'f Frame<'f>,
    ladder: &'l CheckedLadder,
    rungs: [Option<Lanes<'f>>; 6],
    value: Option<Lanes<'f>>,
    category: Option<Lanes<'f>>,
    drawn: Drawn<'f>,
    coded: Vec<usize>,
}

/// How the answers to a survey were drawn.
struct Drawn<'f> {
    weight: Option<Lanes<'f>>,
    cluster: Option<Lanes<'f>>,
    stratum: Option<Lanes<'f>>,
    /// The authority, within which each cluster and stratum has its number.
    area: &'f str,
}

impl<'f, 'l> Asked<'f, 'l> {
    pub(crate) fn new(
        context: Context<'f>,
        frame: &'f Frame<'f>,
        ladder: &'l CheckedLadder,
        rows: &[u32],
        area: &'f str,
    ) -> Self {
        let scope = Scope::list(frame, rows);
        let of = |node: &Option<Node>| node.as_ref().map(|node| evaluate(&context, &scope, node));
        let rungs = [
            of(&ladder.population),
            of(&ladder.exclude),
            of(&ladder.unknown),
            of(&ladder.history_missing),
            of(&ladder.denominator),
            of(&ladder.numerator),
        ];
        let (value, category) = (of(&ladder.value), of(&ladder.category));
        let (weight, cluster, stratum) = (of(&ladder.weight), of(&ladder.cluster), of(&ladder.stratum));
        let drawn = Drawn { weight, cluster, stratum, area };
        Self { context, frame, ladder, rungs, value, category, drawn, coded: coded(ladder) }
    }

    /// What the row of a lane comes to.
    ///
    /// # Errors
    /// The words of a refused expression.
    pub(crate) fn outcome(&self, lane: usize, row: usize, adds: &mut AllAdds) -> Result<Outcome, String> {
        let (mut rung, doubt) = self.rung(lane)?;
        let mut added = None;
        if let (Rung::Numerator, Some(value)) = (rung, &self.value) {
            if value.is_known(lane) {
                let value = exact(value, lane).ok_or_else(|| "a value does not fit".to_owned())?;
                added = Some(adds.number(Adds::Value(value)));
            } else {
                let standing = value.standing(lane);
                if is_refused(standing) {
                    return Err(words(standing));
                }
                // The record is of the population, and what it measures is not known.
                rung = Rung::Unjudged(super::standing::doubt(standing).unwrap_or(Note::Unknown));
            }
        }
        if let (Rung::Numerator, Some(category)) = (rung, &self.category) {
            added = Some(self.add_category(category, lane, adds)?);
        }
        if matches!(rung, Rung::Denominator | Rung::Unjudged(_) | Rung::Numerator) {
            match self.answer(lane)? {
                Some(Ok(answer)) => added = Some(adds.number(answer)),
                Some(Err(note)) => rung = Rung::LeftOut(note),
                None => {}
            }
        }
        let history_missing = rung == Rung::Denominator && self.looks_back_too_far(row);
        let codes = |field: &usize| self.is_unmapped(*field, row);
        let unmapped = self.coded.iter().any(codes);
        Ok(Outcome { rung, doubt, history_missing, unmapped, adds: added })
    }

    fn rung(&self, lane: usize) -> Result<(Rung, Option<Note>), String> {
        let [population, exclude, unknown, history, denominator, numerator] = &self.rungs;
        let ask = |lanes: &Option<Lanes<'_>>| match lanes.as_ref().map(|lanes| lanes.standing(lane)) {
            Some(standing) if is_refused(standing) => Err(words(standing)),
            other => Ok(other),
        };
        if let Some(reached) = ask(population)? {
            if let Some(note) = doubt(reached) {
                return Ok((Rung::NotReached(0, note), None));
            }
            if reached != YES {
                return Ok((Rung::Out(0), None));
            }
        }
        let mut doubted = None;
        if let Some(excluded) = ask(exclude)? {
            if excluded == YES {
                return Ok((Rung::Out(1), None));
            }
            doubted = doubt(excluded);
        }
        for (clause, lanes, counter) in [(2, unknown, Note::Unknown), (3, history, Note::HistoryMissing)] {
            let Some(aside) = ask(lanes)? else { continue };
            let unsure = doubt(aside);
            if unsure.is_some() || aside == YES {
                let note = if clause == 2 { counter } else { unsure.unwrap_or(counter) };
                return Ok((Rung::SetAside(clause, note), doubted));
            }
        }
        if let Some(reached) = ask(denominator)? {
            if let Some(note) = doubt(reached) {
                return Ok((Rung::NotReached(4, note), doubted));
            }
            if reached != YES {
                return Ok((Rung::Out(4), None));
            }
        }
        let rung = match ask(numerator)? {
            None | Some(YES) => Rung::Numerator,
            Some(met) => match (doubt(met), self.ladder.numerator_unknown) {
                (None, _) => Rung::Denominator,
                (Some(note), NumeratorUnknown::NotCounted) => Rung::Unjudged(note),
                (Some(note), NumeratorUnknown::LeftOut) => Rung::LeftOut(note),
            },
        };
        Ok((rung, doubted))
    }

    /// What an answer to a survey adds; `Ok(Some(Err(…)))` where nobody can say how many it speaks for.
    fn answer(&self, lane: usize) -> Result<Option<Result<Adds, Note>>, String> {
        let Some(weight) = &self.drawn.weight else { return Ok(None) };
        if !weight.is_known(lane) {
            let standing = weight.standing(lane);
            return if is_refused(standing) {
                Err(words(standing))
            } else {
                Ok(Some(Err(doubt(standing).unwrap_or(Note::Unknown))))
            };
        }
        let weight = exact(weight, lane).ok_or_else(|| "a weight does not fit".to_owned())?;
        if weight <= Exact::ZERO {
            return Ok(Some(Err(Note::Contradictory)));
        }
        let said = |lanes: &Option<Lanes<'_>>| match lanes {
            Some(lanes) if lanes.is_known(lane) => {
                Ok(Some(format!("{} {}", self.drawn.area, self.text(lanes, lane))))
            }
            Some(lanes) if is_refused(lanes.standing(lane)) => Err(words(lanes.standing(lane))),
            _ => Ok(None),
        };
        let cluster = said(&self.drawn.cluster)?.unwrap_or_default();
        let stratum = said(&self.drawn.stratum)?.unwrap_or_else(|| self.drawn.area.to_owned());
        Ok(Some(Ok(Adds::Answer { weight, stratum, cluster })))
    }

    fn add_category(&self, category: &Lanes<'_>, lane: usize, adds: &mut AllAdds) -> Result<u32, String> {
        if !category.is_known(lane) {
            let standing = category.standing(lane);
            return if is_refused(standing) {
                Err(words(standing))
            } else {
                Ok(adds.number(Adds::Category(UNKNOWN_CATEGORY.to_owned())))
            };
        }
        if let Values::Words(run) = &category.values {
            let word = run.at(lane).unwrap_or_default();
            return Ok(adds.word(word, self.context.words.text(word)));
        }
        Ok(adds.number(Adds::Category(self.text(category, lane))))
    }

    /// A known value as text.
    fn text(&self, lanes: &Lanes<'_>, lane: usize) -> String {
        match &lanes.values {
            Values::Words(run) => self.context.words.text(run.at(lane).unwrap_or_default()).to_owned(),
            Values::Truth | Values::Nothing => (lanes.standing(lane) == YES).to_string(),
            Values::Days(run) => run.at(lane).and_then(day_of).unwrap_or_default().to_string(),
            Values::Whole(run) => run.at(lane).unwrap_or_default().to_string(),
            Values::Decimal(run) => run.at(lane).unwrap_or_default().to_string(),
        }
    }

    /// Whether the answer would have to look back beyond what the return can speak for.
    fn looks_back_too_far(&self, row: usize) -> bool {
        let (Some(history), CheckedWhen::Date(date)) = (self.ladder.history, &self.ladder.table.when) else {
            return false;
        };
        let Some(day) = self.frame.day(date.index, row) else { return false };
        let Some(shown_from) = self.frame.speaks.shown_from(day) else { return false };
        earlier(day, history).is_none_or(|back| back < shown_from)
    }

    fn is_unmapped(&self, field: usize, row: usize) -> bool {
        let (Some(Some(codes)), Some(column)) = (self.frame.codes.get(field), self.frame.column(field))
        else {
            return false;
        };
        match &column.cells {
            super::column::Cells::Words(all) if column.is_known(row) => {
                all.get(row).is_some_and(|word| !codes.contains(word))
            }
            _ => false,
        }
    }
}

/// A whole number or decimal, exactly.
pub(crate) fn exact(lanes: &Lanes<'_>, lane: usize) -> Option<Exact> {
    match &lanes.values {
        Values::Whole(run) => Some(Exact::from(run.at(lane)?)),
        Values::Decimal(run) => {
            let number = run.at(lane)?;
            Exact::new(number.mantissa(), 10i128.checked_pow(number.scale())?)
        }
        _ => None,
    }
}

/// The fields of the row itself that the rungs ask about, by their positions.
fn coded(ladder: &CheckedLadder) -> Vec<usize> {
    fn fields(node: &Node, found: &mut Vec<usize>) {
        if let NodeKind::Field(FieldRef { frame: 0, index, .. }) = &node.kind {
            found.push(*index);
        }
        for child in node.children() {
            fields(child, found);
        }
    }
    let rungs = [
        &ladder.population,
        &ladder.exclude,
        &ladder.unknown,
        &ladder.denominator,
        &ladder.numerator,
        &ladder.value,
        &ladder.category,
        &ladder.weight,
    ];
    let mut found = Vec::new();
    rungs.into_iter().flatten().for_each(|node| fields(node, &mut found));
    found.sort_unstable();
    found.dedup();
    found
}
