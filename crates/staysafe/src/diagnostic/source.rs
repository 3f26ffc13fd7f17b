//! The texts that diagnostics point into.

use std::collections::BTreeMap;
use std::sync::Arc;

/// One file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    text: Arc<str>,
    /// The first byte of each line.
    lines: Vec<usize>,
}

/// A place as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All texts by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources(BTreeMap<Arc<str>, SourceText>);

impl SourceText {
    /// Takes a text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte stands; past the end it is the end.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.text.len());
        let line = self.lines.partition_point(|first| *first <= byte);
        let first = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(first..byte).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under its path.
    pub fn insert(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) {
        self.0.insert(path.into(), SourceText::new(text));
    }

    /// Adds the texts of others.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The text of a path.
    pub fn get(&self, path: &str) -> Option<&SourceText> {
        self.0.get(path)
    }

    /// Paths and texts in order of path.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &SourceText)> {
        self.0.iter()
    }
}
