//! Texts as numbers: each different text of the records and definitions has one, so that equal texts are equal numbers.

use std::sync::Arc;

use hashbrown::HashMap;

/// Texts by their numbers, and back.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Texts that had their numbers before.
    before: Option<Arc<Words>>,
    first: u32,
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

/// The number of no text.
pub(crate) const NO_WORD: u32 = u32::MAX;

impl Words {
    /// No texts yet but those of others, whose numbers stay.
    pub(crate) fn after(before: &Arc<Self>) -> Self {
        let first = before.first.saturating_add(u32::try_from(before.texts.len()).unwrap_or(NO_WORD));
        Self { before: Some(Arc::clone(before)), first, ..Self::default() }
    }

    /// How many texts have a number: those below this one.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.first).unwrap_or(usize::MAX).saturating_add(self.texts.len())
    }

    /// The number of a text, a new one where it is new.
    pub(crate) fn number(&mut self, text: &Arc<str>) -> u32 {
        let known = self.find(text);
        if known == NO_WORD { self.add(Arc::clone(text)) } else { known }
    }

    /// As [`number`](Self::number), of a text that nobody holds yet.
    pub(crate) fn number_of(&mut self, text: &str) -> u32 {
        let known = self.find(text);
        if known == NO_WORD { self.add(text.into()) } else { known }
    }

    fn add(&mut self, text: Arc<str>) -> u32 {
        let number = self.first.saturating_add(u32::try_from(self.texts.len()).unwrap_or(NO_WORD));
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The number of a text; that of no text where nothing holds it.
    pub(crate) fn find(&self, text: &str) -> u32 {
        let before = || self.before.as_ref().map_or(NO_WORD, |before| before.find(text));
        self.numbers.get(text).copied().unwrap_or_else(before)
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        self.shared(number).map_or("", |text| text)
    }

    /// The text of a number, to keep; nothing for a number that no text has.
    pub(crate) fn shared(&self, number: u32) -> Option<&Arc<str>> {
        match (number.checked_sub(self.first), &self.before) {
            (None, Some(before)) => before.shared(number),
            (at, _) => self.texts.get(usize::try_from(at?).ok()?),
        }
    }
}
