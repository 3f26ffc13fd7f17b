//! Rows of which everything asked has the same answers, as one class: each answer leads from one state to the next, and
//! the state behind the last answer is the class.

use hashbrown::HashMap;

use super::lanes::{Run, place};
use super::sayings::Sayings;

/// The codes of standings lie below; what has more answers has its own codes from here on.
pub(crate) const CODES: u32 = 64;

/// Codes below [`CODES`] are found in a table, others by hashing.
const WIDTH: usize = 64;

/// No state yet.
const NONE: u32 = u32::MAX;

/// Classes by the answers that lead to them.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    /// Of each state and code below [`CODES`] the next state.
    table: Vec<u32>,
    /// Of the first state and each other code the next state.
    first: Vec<u32>,
    others: HashMap<(u32, u32), u32>,
    /// Of each word the state behind it, where it is what is answered first; or none yet. And its class, where nothing else
    /// is asked.
    words: Vec<u32>,
    alone: Vec<u32>,
    /// Of each state the one before it and the code between them; of the first nothing.
    from: Vec<(u32, u32)>,
    /// Of each state its class, where it is behind the last answer.
    class: Vec<u32>,
    /// Of each class its state.
    states: Vec<u32>,
}

impl Default for Classes {
    fn default() -> Self {
        let (table, from, class) = (vec![NONE; WIDTH], vec![(NONE, NONE)], vec![NONE]);
        Self {
            table,
            first: Vec::new(),
            others: HashMap::new(),
            words: Vec::new(),
            alone: Vec::new(),
            from,
            class,
            states: Vec::new(),
        }
    }
}

impl Classes {
    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    /// The state behind a code.
    pub(crate) fn next(&mut self, state: u32, code: u32) -> u32 {
        if let Some(next) = self.known(state, code).filter(|next| *next != NONE) {
            return next;
        }
        let new = u32::try_from(self.from.len()).unwrap_or(NONE);
        self.from.push((state, code));
        self.class.push(NONE);
        self.table.resize(self.table.len() + WIDTH, NONE);
        if code < CODES {
            if let Some(next) = self.table.get_mut(place(state) * WIDTH + place(code)) {
                *next = new;
            }
        } else if state == 0 {
            let at = place(code - CODES);
            if self.first.len() <= at {
                self.first.resize(at + 1, NONE);
            }
            if let Some(next) = self.first.get_mut(at) {
                *next = new;
            }
        } else {
            self.others.insert((state, code), new);
        }
        new
    }

    fn known(&self, state: u32, code: u32) -> Option<u32> {
        match (code < CODES, state) {
            (true, _) => self.table.get(place(state) * WIDTH + place(code)).copied(),
            (false, 0) => self.first.get(place(code - CODES)).copied(),
            (false, _) => self.others.get(&(state, code)).copied(),
        }
    }

    /// Leads states on, each by its own standing.
    pub(crate) fn lead(&mut self, states: &Run<'_, u32>, standings: &Run<'_, u8>) -> Run<'static, u32> {
        match (states, standings) {
            (Run::Same(state), Run::Same(standing)) => Run::Same(self.next(*state, u32::from(*standing))),
            (Run::Each(states), Run::Same(standing)) => {
                Run::Each(states.iter().map(|state| self.step(*state, *standing)).collect())
            }
            (Run::Same(state), Run::Each(standings)) => {
                Run::Each(standings.iter().map(|standing| self.step(*state, *standing)).collect())
            }
            (Run::Each(states), Run::Each(standings)) => {
                let both = states.iter().zip(standings.iter());
                Run::Each(both.map(|(state, standing)| self.step(*state, *standing)).collect())
            }
        }
    }

    /// The state behind a standing.
    #[inline]
    fn step(&mut self, state: u32, standing: u8) -> u32 {
        match self.table.get(place(state) * WIDTH + usize::from(standing)) {
            Some(next) if *next != NONE && usize::from(standing) < WIDTH => *next,
            _ => self.next(state, u32::from(standing)),
        }
    }

    /// The state behind a word that is answered first.
    #[inline]
    pub(crate) fn word(&mut self, word: u32, sayings: &mut Sayings) -> u32 {
        match self.words.get(place(word)) {
            Some(state) if *state != NONE => *state,
            _ => self.new_word(word, sayings),
        }
    }

    fn new_word(&mut self, word: u32, sayings: &mut Sayings) -> u32 {
        let state = self.next(0, sayings.word(word));
        put(&mut self.words, word, state);
        state
    }

    /// The class of a word, where it is all that is answered.
    #[inline]
    pub(crate) fn word_alone(&mut self, word: u32, sayings: &mut Sayings) -> u32 {
        match self.alone.get(place(word)) {
            Some(class) if *class != NONE => *class,
            _ => {
                let state = self.word(word, sayings);
                let class = self.class(state);
                put(&mut self.alone, word, class);
                class
            }
        }
    }

    /// Leads states on, each by its own code.
    pub(crate) fn lead_by_codes(&mut self, states: &Run<'_, u32>, codes: &[u32]) -> Run<'static, u32> {
        let states = states.iter(codes.len());
        Run::Each(states.zip(codes).map(|(state, code)| self.next(state, *code)).collect())
    }

    /// The classes of states behind the last code.
    pub(crate) fn close(&mut self, states: &Run<'_, u32>) -> Run<'static, u32> {
        match states {
            Run::Same(state) => Run::Same(self.class(*state)),
            Run::Each(states) => Run::Each(states.iter().map(|state| self.class(*state)).collect()),
        }
    }

    /// The class of a state behind the last code.
    #[inline]
    fn class(&mut self, state: u32) -> u32 {
        let Some(class) = self.class.get_mut(place(state)) else { return NONE };
        if *class == NONE {
            *class = u32::try_from(self.states.len()).unwrap_or(NONE);
            self.states.push(state);
        }
        *class
    }

    /// The codes that lead to a class, in order.
    pub(crate) fn codes(&self, class: u32) -> Vec<u32> {
        let mut codes = Vec::new();
        let mut state = self.states.get(place(class)).copied().unwrap_or(NONE);
        while let Some((before, code)) = self.from.get(place(state)).filter(|(before, _)| *before != NONE) {
            codes.push(*code);
            state = *before;
        }
        codes.reverse();
        codes
    }

    /// The class that some codes lead to.
    pub(crate) fn of(&mut self, codes: impl IntoIterator<Item = u32>) -> u32 {
        let state = codes.into_iter().fold(0, |state, code| self.next(state, code));
        self.class(state)
    }
}

/// Puts what belongs to a word in its place.
fn put(all: &mut Vec<u32>, word: u32, of: u32) {
    if all.len() <= place(word) {
        all.resize(place(word).saturating_add(1), NONE);
    }
    if let Some(held) = all.get_mut(place(word)) {
        *held = of;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_answers_are_one_class_and_a_class_tells_its_answers() {
        let mut classes = Classes::default();
        let (one, other) = (classes.of([1, 70, 3]), classes.of([1, 71, 3]));
        assert_eq!((classes.of([1, 70, 3]), classes.of([1, 71, 3])), (one, other));
        assert_ne!(one, other);
        assert_eq!((classes.codes(one), classes.codes(other)), (vec![1, 70, 3], vec![1, 71, 3]));
        let led = classes.lead(&Run::Same(0), &Run::Each(vec![1, 1, 0].into()));
        let led = classes.lead_by_codes(&led, &[70, 70, 70]);
        let led = classes.lead(&led, &Run::Each(vec![3, 2, 3].into()));
        let states: Vec<u32> = classes.close(&led).iter(3).collect();
        assert_eq!(states[0], one);
        assert_eq!((classes.len(), classes.codes(states[1])), (4, vec![1, 70, 2]));
    }
}
