//! Collects what is wrong with one predicate.

use std::ops::Range;

use super::Placement;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Label, Span};

/// So many mistakes of one predicate are reported; after that, text is likely not a predicate at all.
const MOST: usize = 20;

/// The findings of one predicate, in bytes of its decoded text.
#[derive(Debug)]
pub(super) struct Report<'p> {
    place: &'p Placement,
    found: Vec<Diagnostic>,
    /// Nothing more is worth saying.
    stopped: bool,
}

/// The finding just reported, to say more about it.
pub(super) struct Problem<'r, 'p> {
    place: &'p Placement,
    diagnostic: Option<&'r mut Diagnostic>,
}

impl<'p> Report<'p> {
    pub(super) fn new(place: &'p Placement) -> Self {
        Self { place, found: Vec::new(), stopped: false }
    }

    /// The place in the file of a range of decoded bytes.
    pub(super) fn span(&self, at: Range<usize>) -> Span {
        self.place.span(at)
    }

    /// Reports a fault of the predicate at these bytes.
    pub(super) fn error(&mut self, at: Range<usize>, message: impl Into<String>) -> Problem<'_, 'p> {
        let span = self.span(at);
        self.error_at(&span, message)
    }

    /// Reports a fault of the predicate at a place of the file.
    pub(super) fn error_at(&mut self, span: &Span, message: impl Into<String>) -> Problem<'_, 'p> {
        let place = self.place;
        let diagnostic = if self.is_full() {
            None
        } else {
            self.found.push(Diagnostic::new(Code::BadPredicate, span.clone(), message));
            self.found.last_mut()
        };
        Problem { place, diagnostic }
    }

    /// How many faults were reported.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing more will be reported.
    pub(super) fn is_full(&self) -> bool {
        self.stopped || self.found.len() >= MOST
    }

    /// Reports nothing more.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// `value`, unless something was reported.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Diagnostics> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                let mut diagnostics = Diagnostics::new();
                for diagnostic in self.found {
                    diagnostics.push(diagnostic);
                }
                diagnostics.sort();
                Err(diagnostics)
            }
        }
    }
}

impl Problem<'_, '_> {
    /// What to say under the caret.
    pub(super) fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            diagnostic.label = text.into();
        }
        self
    }

    /// What was expected and how to mend it.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic {
            diagnostic.help = Some(text.into());
        }
        self
    }

    /// A second place that explains the first.
    pub(super) fn other(mut self, at: Range<usize>, text: impl Into<String>) -> Self {
        let span = self.place.span(at);
        if let Some(diagnostic) = &mut self.diagnostic {
            diagnostic.others.push(Label { span, text: text.into() });
        }
        self
    }

    /// Offers a replacement of what the caret points at.
    pub(super) fn replace(self, replacement: impl Into<String>) -> Self {
        let span = self.diagnostic.as_ref().and_then(|diagnostic| diagnostic.span.clone());
        self.replace_span(span, replacement.into())
    }

    /// Offers a replacement of other bytes.
    pub(super) fn replace_at(self, at: Range<usize>, replacement: impl Into<String>) -> Self {
        let span = self.place.span(at);
        self.replace_span(Some(span), replacement.into())
    }

    /// None is offered that would end the string in the file.
    fn replace_span(mut self, span: Option<Span>, replacement: String) -> Self {
        if let Some(diagnostic) = &mut self.diagnostic
            && let Some(span) = span
            && self.place.can_hold(&replacement)
        {
            diagnostic.fix = Some(Fix { span, replacement });
        }
        self
    }
}
