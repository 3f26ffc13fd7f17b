//! What people say in a board's files: words, periods, names of the framework.

use super::super::file::File;
use super::super::lists::is_new;
use super::super::table::{Entry, Table};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Severity, Spanned, nearest};
use crate::period::Period;

impl Entry<'_> {
    /// A text that says something.
    pub(super) fn words(&self) -> Option<Spanned<String>> {
        let text = self.text()?;
        if text.value.trim().is_empty() {
            self.wrong("words; leave the line out where there is nothing to say", "owner = \"A. Name\"");
            return None;
        }
        Some(text)
    }

    /// A period by its label.
    pub(super) fn period(&self) -> Option<Spanned<Period>> {
        let text = self.text()?;
        match text.value.parse() {
            Ok(value) => Some(Spanned { value, span: text.span }),
            Err(error) => {
                let finding =
                    self.file.finding(Code::BadTime, text.span.start..text.span.end, format!("{error}"));
                self.file.report(finding.help("write it as it is printed: \"2010-11\" or \"2010-11 Q1\""));
                None
            }
        }
    }
}

impl Table<'_> {
    /// Words that may be there.
    pub(super) fn said(&self, key: &str) -> Option<String> {
        self.optional(key, Entry::words).map(|text| text.value)
    }

    /// Words that must be there.
    pub(super) fn must_say(&self, key: &str, example: &str) -> Option<Spanned<String>> {
        self.required(key, example, Entry::words)
    }

    /// A list of texts that may be there.
    pub(super) fn list(&self, key: &str) -> Vec<Spanned<String>> {
        self.optional(key, Entry::texts).unwrap_or_default()
    }

    /// An id that nothing else of the file goes by.
    pub(super) fn new_id(
        &self,
        file: &File<'_>,
        example: &str,
        ids: &mut Vec<Spanned<String>>,
    ) -> Option<String> {
        let id = self.must_say("id", example)?;
        if !is_new(file, &id, ids.iter()) {
            return None;
        }
        ids.push(id.clone());
        Some(id.value)
    }
}

/// Reports an indicator that the framework does not know.
pub(super) fn is_indicator(file: &File<'_>, framework: &Framework, id: &Spanned<String>) -> bool {
    let known = framework.named(&id.value).is_some();
    if !known {
        unknown(file, id, "indicator", framework.indicators.keys(), Severity::Error);
    }
    known
}

/// The indicators that the framework knows; every other is reported.
pub(super) fn indicators(file: &File<'_>, framework: &Framework, ids: Vec<Spanned<String>>) -> Vec<String> {
    ids.into_iter().filter(|id| is_indicator(file, framework, id)).map(|id| id.value).collect()
}

/// Warns of an agency that the framework does not know.
pub(super) fn look_for_agency(file: &File<'_>, framework: &Framework, id: &Spanned<String>) {
    if !framework.agencies.contains_key(&id.value) {
        unknown(file, id, "agency", framework.agencies.keys(), Severity::Warning);
    }
}

/// Warns of a dataset that the framework neither declares nor needs, and of fields that a declared one has not.
pub(super) fn look_for_dataset(
    file: &File<'_>,
    framework: &Framework,
    id: &Spanned<String>,
    fields: &[Spanned<String>],
) {
    if let Some(dataset) = framework.datasets.get(&id.value) {
        let has = |name: &str| dataset.fields.iter().any(|field| field.name.value == name);
        for field in fields.iter().filter(|field| !has(&field.value)) {
            let names: Vec<&String> = dataset.fields.iter().map(|field| &field.name.value).collect();
            unknown(file, field, &format!("field of `{}`", id.value), names.into_iter(), Severity::Warning);
        }
        return;
    }
    let needed = framework.indicators.values().flat_map(|indicator| &indicator.needs);
    let mut known: Vec<&String> = needed.map(|need| &need.dataset.value).collect();
    if !known.contains(&&id.value) {
        known.extend(framework.datasets.keys());
        unknown(file, id, "dataset", known.into_iter(), Severity::Warning);
    }
}

fn unknown<'n>(
    file: &File<'_>,
    name: &Spanned<String>,
    what: &str,
    known: impl Iterator<Item = &'n String>,
    severity: Severity,
) {
    let message = format!("the framework knows no {what} `{}`", name.value);
    let mut finding = file.finding(Code::UnknownName, name.span.start..name.span.end, message);
    finding.severity = severity;
    file.report(match nearest(&name.value, known.map(String::as_str)) {
        Some(near) => finding.label(format!("did you mean `{near}`?")).fix(name.span.clone(), near),
        None => finding.help("write it as the framework does"),
    });
}
