//! What is asked of the rows of a batch, and how each answers.

use std::collections::{BTreeMap, BTreeSet};

use staysafe::check::tree::{Node, NodeKind};

use super::atoms::Atom;
use super::breaks::{Cut, How};
use super::by_word::ByWord;
use super::calendar::earlier;
use super::classes::CODES;
use super::column::{Cells, Column};
use super::evaluate::{Context, Scope, compare, evaluate};
use super::frame::Frame;
use super::lanes::{Lanes, Run, place};
use super::sayings::{Saying, Sayings};
use super::select::Doubts;
use super::shorthand::Answer;
use super::standing::{BLANK, NO, is_refused, yes_no};

/// The answers to one question, lane by lane.
#[derive(Debug)]
pub(crate) enum Codes<'f> {
    Standings(Answer<'f>),
    Each(Vec<u32>),
}

/// The rows of a batch, and the pieces that they are cut into where answers change with the period.
pub(crate) struct Batch<'x, 'f> {
    pub(crate) context: &'x Context<'f>,
    pub(crate) frame: &'f Frame<'f>,
    /// The rows, whatever the period.
    pub(crate) rows: Scope<'f, 'x>,
    pub(crate) numbers: &'x [u32],
    pub(crate) pieces: Option<(Scope<'f, 'x>, &'x Cut)>,
    /// Whether every row is free of doubts.
    pub(crate) no_doubts: bool,
    /// Questions that are answered by the text of a field.
    pub(crate) by_word: &'x [ByWord<'x>],
}

impl<'f> Codes<'f> {
    fn standings(standings: Run<'f, u8>) -> Self {
        Self::Standings(Answer::new(standings))
    }

    /// The answers, where no more than standings is said.
    pub(crate) fn short(&self) -> Option<&Answer<'f>> {
        match self {
            Self::Standings(answer) => Some(answer),
            Self::Each(_) => None,
        }
    }

    pub(crate) fn any_refused(&self) -> bool {
        match self {
            Self::Standings(answer) => is_refused(answer.greatest),
            Self::Each(codes) => {
                codes.iter().any(|code| *code < CODES && u8::try_from(*code).is_ok_and(is_refused))
            }
        }
    }
}

impl<'f> Batch<'_, 'f> {
    /// The answers to all questions. `compared` says of each that compares what another compares as well its place among all
    /// such values.
    pub(crate) fn answers(
        &self,
        atoms: &[Atom<'_>],
        how: &[How],
        compared: &[Option<usize>],
        sayings: &mut Sayings,
    ) -> Vec<Codes<'f>> {
        let mut values: BTreeMap<usize, Lanes<'f>> = BTreeMap::new();
        let mut by_word: BTreeMap<usize, Run<'f, u8>> =
            self.by_word.iter().flat_map(|asked| asked.of(&self.rows)).collect();
        let mut all = Vec::with_capacity(atoms.len());
        for (number, atom) in atoms.iter().enumerate() {
            if let Some(standings) = by_word.remove(&number) {
                all.push(self.in_pieces(Codes::standings(standings)));
                continue;
            }
            let how = how.get(number).copied().unwrap_or(How::Row);
            let shared = compared.get(number).copied().flatten();
            all.push(match (&self.pieces, how) {
                (None, _) | (Some(_), How::Row) => {
                    let codes = self.answer(&self.rows, atom, (shared, &mut values), sayings);
                    self.in_pieces(codes)
                }
                (Some((scope, _)), How::Period) => {
                    self.answer(scope, atom, (None, &mut BTreeMap::new()), sayings)
                }
                (Some((_, cut)), How::Date(_) | How::Window(_)) => {
                    Codes::standings(Run::Each(cut.answer(how).unwrap_or_default().to_vec().into()))
                }
            });
        }
        all
    }

    /// What rows say, in each of their pieces.
    fn in_pieces(&self, codes: Codes<'f>) -> Codes<'f> {
        let Some((_, cut)) = &self.pieces else { return codes };
        match codes {
            Codes::Standings(answer) => Codes::standings(answer.standings().take(&cut.lanes)),
            Codes::Each(codes) => {
                let code = |lane: &u32| codes.get(place(*lane)).copied();
                Codes::Each(cut.lanes.iter().map(|lane| code(lane).unwrap_or(u32::from(BLANK))).collect())
            }
        }
    }

    fn answer(
        &self,
        scope: &Scope<'f, '_>,
        atom: &Atom<'_>,
        (shared, values): (Option<usize>, &mut BTreeMap<usize, Lanes<'f>>),
        sayings: &mut Sayings,
    ) -> Codes<'f> {
        if let (Some(at), Atom::Truth(Node { kind: NodeKind::Compare(comparison, left, right), .. })) =
            (shared, atom)
        {
            let left = values.entry(at).or_insert_with(|| evaluate(self.context, scope, left));
            let right = evaluate(self.context, scope, right);
            return Codes::standings(
                compare(*comparison, left, &right, scope.lanes, self.context.words).standing,
            );
        }
        let at = |row: &u32| place(*row);
        let each = |of: &dyn Fn(usize) -> u8| {
            Codes::standings(Run::Each(self.numbers.iter().map(|row| of(at(row))).collect()))
        };
        match atom {
            Atom::Truth(node) => Codes::standings(evaluate(self.context, scope, node).standing),
            Atom::Said(node) => Codes::Each(sayings.of(&evaluate(self.context, scope, node), scope.lanes)),
            Atom::RefusedSort(nodes) => Codes::standings(refused_sort(self.context, scope, nodes)),
            Atom::Keyless(fields) => {
                if fields.iter().all(|field| self.frame.is_whole(*field)) {
                    return Codes::standings(Run::Same(NO));
                }
                let columns: Vec<Option<&Column>> =
                    fields.iter().map(|field| self.frame.column(*field)).collect();
                each(&|row| yes_no(!columns.iter().all(|column| column.is_some_and(|c| c.is_known(row)))))
            }
            Atom::HistoryShort(date, history) => {
                if self.frame.speaks.events.is_none() {
                    return Codes::standings(Run::Same(NO));
                }
                each(&|row| {
                    let short = self.frame.day(*date, row).and_then(|day| {
                        let shown_from = self.frame.speaks.shown_from(day)?;
                        Some(earlier(day, *history).is_none_or(|back| back < shown_from))
                    });
                    yes_no(short.unwrap_or(false))
                })
            }
            Atom::Unmapped(field) => {
                let codes = self.frame.codes.get(*field).and_then(Option::as_ref);
                match (codes, self.frame.column(*field)) {
                    (Some(codes), Some(column)) => each(&|row| yes_no(is_unmapped(codes, column, row))),
                    _ => Codes::standings(Run::Same(NO)),
                }
            }
            Atom::Doubts => {
                if self.no_doubts {
                    return Codes::standings(Run::Same(NO));
                }
                let doubts = Doubts::new(self.frame);
                let code = |row: &u32| match doubts.of(*row) {
                    (0, false) => u32::from(NO),
                    (duplicates, contradictory) => sayings.code(Saying::Doubts(duplicates, contradictory)),
                };
                Codes::Each(self.numbers.iter().map(code).collect())
            }
            Atom::Day(field) => {
                let code = |row: &u32| {
                    let day = self.frame.day(*field, at(row));
                    day.map_or(u32::from(BLANK), |day| sayings.code(Saying::Day(day)))
                };
                Codes::Each(self.numbers.iter().map(code).collect())
            }
        }
    }
}

fn is_unmapped(codes: &BTreeSet<u32>, column: &Column, row: usize) -> bool {
    match &column.cells {
        Cells::Words(all) if column.is_known(row) => all.get(row).is_some_and(|word| !codes.contains(word)),
        _ => false,
    }
}

fn refused_sort<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, nodes: &[&Node]) -> Run<'f, u8> {
    let sorts: Vec<Run<'_, u8>> = nodes.iter().map(|node| evaluate(context, scope, node).standing).collect();
    let first =
        |lane: usize| sorts.iter().filter_map(|run| run.at(lane)).find(|standing| is_refused(*standing));
    Run::Each((0..scope.lanes).map(|lane| first(lane).unwrap_or(NO)).collect())
}
