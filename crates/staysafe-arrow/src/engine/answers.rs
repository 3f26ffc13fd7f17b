//! The answers to all questions, from what readings of the tables found.

use std::collections::BTreeMap;
use std::thread;

use staysafe::calculate::engine::{Answer, Question};
use staysafe::result::Reason;

use super::Shared;
use super::cohort::{At, Unit};
use super::ladder::{self, Answered};
use super::stands::AllStands;
use super::tables::Tables;

/// So many questions are worth another thread.
const QUESTIONS: usize = 16;

/// What was found, by the places of questions and their parts.
pub(crate) struct Found<'x, 'q, 'a> {
    /// Why there is no figure at all.
    pub(crate) refused: &'x BTreeMap<usize, Reason>,
    pub(crate) of: &'x BTreeMap<(usize, usize), (&'x Unit<'q, 'a>, At)>,
    pub(crate) answered: &'x BTreeMap<usize, Answered<'q, 'a>>,
}

/// The answers in the order of the questions, on as many threads as there is work for.
pub(crate) fn answers<'q, 'a: 'q>(
    shared: &Shared<'a>,
    questions: &'q [Question<'a>],
    authorities: &'q [Tables<'a>],
    found: &Found<'_, '_, 'a>,
) -> Vec<Answer> {
    let threads = shared.work.threads.get().min(questions.len() / QUESTIONS);
    let all: Vec<(usize, &'q Question<'a>)> = questions.iter().enumerate().collect();
    in_turns(threads, &all, || {
        let mut stands: AllStands<'q, 'a> = AllStands::default();
        move |asked: &(usize, &'q Question<'a>)| answer(shared, *asked, authorities, found, &mut stands)
    })
}

/// What each of some things comes to, in their order, on so many threads; each has what it needs for itself.
pub(crate) fn in_turns<Q: Sync, T: Send, F: FnMut(&Q) -> T>(
    threads: usize,
    all: &[Q],
    of: impl Fn() -> F + Sync,
) -> Vec<T> {
    let threads = threads.max(1);
    let of_thread = |thread: usize| {
        let mut of = of();
        let own = all.iter().enumerate().skip(thread).step_by(threads);
        own.map(|(number, one)| (number, of(one))).collect::<Vec<(usize, T)>>()
    };
    let of_thread = &of_thread;
    let mut found = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || of_thread(thread))).collect();
        let mut found = of_thread(0);
        for other in others {
            match other.join() {
                Ok(more) => found.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    });
    found.sort_unstable_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, one)| one).collect()
}

fn answer<'q, 'a: 'q>(
    shared: &Shared<'a>,
    (number, question): (usize, &'q Question<'a>),
    authorities: &'q [Tables<'a>],
    found: &Found<'_, '_, 'a>,
    stands: &mut AllStands<'q, 'a>,
) -> Answer {
    if let Some(reason) = found.refused.get(&number) {
        return Err(reason.clone());
    }
    let Some(tables) = authorities.get(question.asked.authority) else { return Ok(Vec::new()) };
    let units: Vec<_> =
        (0..question.parts.len()).map(|part| found.of.get(&(number, part)).copied()).collect();
    ladder::answer(shared, question, stands.of(question, tables.area), &units, found.answered)
}
