//! One file: its text, what TOML made of it, and what was found wrong in it.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use crate::definition::predicate::Placement;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, Spanned};

/// A file that is being read. Findings are collected behind a shared reference, so that every part of the
/// document can be read independently of the others.
pub(super) struct File<'a> {
    pub(super) path: Arc<str>,
    pub(super) text: &'a str,
    /// The lines that TOML could not read: what was recovered from them is not worth judging.
    broken: Vec<Range<usize>>,
    found: RefCell<Diagnostics>,
    /// What the file describes, "an indicator", with the keys of its own table.
    own: Cell<(&'static str, &'static [&'static str])>,
    /// Keys of the file's own table that were written under another.
    misplaced: RefCell<Vec<String>>,
}

impl<'a> File<'a> {
    /// A file that TOML reads as [`syntax::Readable`] has it.
    pub(super) fn new(path: Arc<str>, text: &'a str, broken: Vec<Range<usize>>, found: Diagnostics) -> Self {
        Self {
            path,
            text,
            broken,
            found: RefCell::new(found),
            own: Cell::new(("this file", &[])),
            misplaced: RefCell::default(),
        }
    }

    /// Says what the file describes and which keys its own table has.
    pub(super) fn describes(&self, what: &'static str, keys: &'static [&'static str]) {
        self.own.set((what, keys));
    }

    /// What the file describes.
    pub(super) fn owner(&self) -> &'static str {
        self.own.get().0
    }

    /// What the file describes, where this is a key of the file's own table.
    pub(super) fn owner_of(&self, key: &str) -> Option<&'static str> {
        let (what, keys) = self.own.get();
        keys.contains(&key).then_some(what)
    }

    /// Notes that a key of the file's own table stands under another.
    pub(super) fn misplaced(&self, key: &str) {
        self.misplaced.borrow_mut().push(key.to_owned());
    }

    /// Everything found; a key that stands in the wrong place is not also missing in the right one.
    pub(super) fn into_found(self) -> Diagnostics {
        let mut found = self.found.into_inner();
        let labels: Vec<String> = self.misplaced.into_inner().iter().map(|key| missing_label(key)).collect();
        found.retain(|finding| {
            let own = finding.span.as_ref().is_some_and(|span| span.start == 0);
            !(own && finding.code == Code::MissingKey && labels.contains(&finding.label))
        });
        found
    }

    /// The file's name without its folder and `.toml`.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// A place in this file.
    pub(super) fn span(&self, bytes: Range<usize>) -> Span {
        Span { file: Arc::clone(&self.path), start: bytes.start, end: bytes.end.max(bytes.start) }
    }

    /// A value at a place in this file.
    pub(super) fn at<T>(&self, bytes: Range<usize>, value: T) -> Spanned<T> {
        Spanned { value, span: self.span(bytes) }
    }

    /// What stands for a value that is missing and was reported: `check` says nothing more about a place
    /// without bytes.
    pub(super) fn nothing<T>(&self, value: T) -> Spanned<T> {
        self.at(0..0, value)
    }

    /// Where the text of a TOML string stands.
    pub(super) fn placement(&self, string: Range<usize>) -> Placement {
        Placement::of_toml_string(Arc::clone(&self.path), self.text, string)
    }

    /// Starts a finding; it is kept when [`File::report`] is called with it.
    pub(super) fn finding(&self, code: Code, at: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.span(at), message)
    }

    /// Keeps a finding.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// Keeps several.
    pub(super) fn report_all(&self, diagnostics: Diagnostics) {
        self.found.borrow_mut().extend(diagnostics);
    }

    /// Whether TOML could not read a line that these bytes touch.
    pub(super) fn is_broken(&self, bytes: &Range<usize>) -> bool {
        self.broken.iter().any(|line| line.start < bytes.end.max(bytes.start + 1) && bytes.start < line.end)
    }

    /// Whether a line that TOML could not read may have been meant to say this key.
    pub(super) fn may_be_lost(&self, key: &str) -> bool {
        self.broken.iter().any(|line| {
            let words = self.text.get(line.clone()).unwrap_or("");
            words.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).any(|word| word == key)
        })
    }

    /// The first line: where something that belongs to the whole file is reported.
    pub(super) fn first_line(&self) -> Range<usize> {
        0..self.text.find(['\r', '\n']).unwrap_or(self.text.len())
    }
}

/// What is said of a key that must be there.
pub(super) fn missing_label(key: &str) -> String {
    format!("`{key}` is missing")
}
