//! Texts as numbers: each different text of the records and definitions has one, so that equal texts are equal numbers.

use std::sync::Arc;

use hashbrown::HashMap;

/// Texts by their numbers, and back.
#[derive(Debug, Default)]
pub(crate) struct Words {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

/// The number of no text.
pub(crate) const NO_WORD: u32 = u32::MAX;

impl Words {
    /// The number of a text, a new one where it is new.
    pub(crate) fn number(&mut self, text: &Arc<str>) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(NO_WORD);
        self.texts.push(Arc::clone(text));
        self.numbers.insert(Arc::clone(text), number);
        number
    }

    /// The number of a text; that of no text where nothing holds it.
    pub(crate) fn find(&self, text: &str) -> u32 {
        self.numbers.get(text).copied().unwrap_or(NO_WORD)
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|number| self.texts.get(number)).map_or("", |text| text)
    }
}
