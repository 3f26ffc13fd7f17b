//! Single values: texts, numbers, dates, yes and no.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::hint;
use super::table::Entry;
use crate::diagnostic::{Code, Span, Spanned, nearest};
use crate::value::{Datum, Value};

impl Entry<'_> {
    /// A text; its place is between its quotes.
    pub(super) fn text(&self) -> Option<Spanned<String>> {
        let DeValue::String(text) = self.value.get_ref() else {
            self.wrong("text", &format!("{} = \"…\"", self.key));
            return None;
        };
        Some(Spanned { value: text.clone().into_owned(), span: self.inner() })
    }

    /// A list of texts.
    pub(super) fn texts(&self) -> Option<Vec<Spanned<String>>> {
        Some(self.members()?.iter().filter_map(Entry::text).collect())
    }

    /// One text or a list of them.
    pub(super) fn text_or_texts(&self) -> Option<Vec<Spanned<String>>> {
        if matches!(self.value.get_ref(), DeValue::String(_)) {
            return self.text().map(|text| vec![text]);
        }
        self.texts()
    }

    /// A whole number.
    pub(super) fn whole(&self) -> Option<Spanned<i64>> {
        if let DeValue::Integer(digits) = self.value.get_ref()
            && let Ok(whole) = i64::from_str_radix(digits.as_str(), digits.radix())
        {
            return Some(self.file.at(self.at(), whole));
        }
        self.wrong("a whole number", &format!("{} = 10", self.key));
        None
    }

    /// A year of a return.
    pub(super) fn year(&self) -> Option<Spanned<i32>> {
        let whole = self.whole()?;
        if !(1900..=2200).contains(&whole.value) {
            self.wrong("a year", &format!("{} = 2017", self.key));
            return None;
        }
        let value = i32::try_from(whole.value).ok()?;
        Some(Spanned { value, span: whole.span })
    }

    /// An exact number, written as text.
    pub(super) fn exact(&self) -> Option<Spanned<Decimal>> {
        if let DeValue::String(text) = self.value.get_ref()
            && let Ok(value) = Decimal::from_str_exact(text)
        {
            return Some(Spanned { value, span: self.inner() });
        }
        self.wrong("a number, written as text so that it stays exact", &format!("{} = \"0.9\"", self.key));
        None
    }

    /// Yes or no.
    pub(super) fn yes_no(&self) -> Option<bool> {
        if let DeValue::Boolean(answer) = self.value.get_ref() {
            return Some(*answer);
        }
        self.wrong("true or false", &format!("{} = true", self.key));
        None
    }

    /// A day.
    pub(super) fn date(&self) -> Option<Spanned<NaiveDate>> {
        let day = day_of(self.value.get_ref());
        if day.is_none() {
            self.wrong("a date", &format!("{} = 2010-04-01", self.key));
        }
        Some(self.file.at(self.at(), day?))
    }

    /// A value of any type.
    pub(super) fn datum(&self) -> Option<Spanned<Datum>> {
        let value = match self.value.get_ref() {
            DeValue::String(text) => {
                let datum = Datum::Known(Value::Text(text.as_ref().into()));
                return Some(Spanned { value: datum, span: self.inner() });
            }
            DeValue::Boolean(answer) => Some(Value::Bool(*answer)),
            DeValue::Integer(digits) => {
                i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(Value::Int)
            }
            DeValue::Float(digits) => Decimal::from_str_exact(digits.as_str()).ok().map(Value::Decimal),
            DeValue::Datetime(_) => day_of(self.value.get_ref()).map(Value::Date),
            DeValue::Array(_) | DeValue::Table(_) => None,
        };
        if value.is_none() {
            self.wrong("a single value", &format!("{} = \"…\", 12, 2.5, true or 2010-04-01", self.key));
        }
        Some(self.file.at(self.at(), Datum::Known(value?)))
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let text = self.text()?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Spanned { value: *value, span: text.span });
        }
        let near = self.unknown_word(&text, words.iter().map(|(word, _)| *word));
        // The nearest word stands in, so that what depends on it is still looked at.
        let (_, value) = words.iter().find(|(word, _)| Some(*word) == near)?;
        Some(Spanned { value: *value, span: text.span })
    }

    /// Reports a word that is not one of those allowed; the nearest of them, if any is near.
    pub(super) fn unknown_word<'w>(
        &self,
        text: &Spanned<String>,
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<&'w str> {
        if self.file.is_broken(&self.at()) {
            return None;
        }
        let meant = hint::word(self.key, &text.value).and_then(|meant| words.clone().find(|w| *w == meant));
        let near = meant.or_else(|| nearest(&text.value, words.clone()));
        let mut finding = self
            .file
            .finding(Code::UnknownWord, text.span.start..text.span.end, unknown(self.key, &text.value))
            .help(format!("the words allowed are {}", words.collect::<Vec<_>>().join(", ")));
        if let Some(near) = near {
            finding = finding.label(format!("did you mean `{near}`?")).fix(text.span.clone(), near);
        }
        self.file.report(finding);
        near
    }

    /// Reports a value of the wrong type, with a mend where one is plain.
    pub(super) fn wrong(&self, expected: &str, example: &str) {
        let at = if self.at().is_empty() { self.key_at.clone() } else { self.at() };
        if self.file.is_broken(&at) || self.file.is_broken(&self.key_at) {
            return;
        }
        let found = found(self.value.get_ref());
        let finding = self
            .file
            .finding(Code::WrongType, at.clone(), format!("`{}` must be {expected}", self.key))
            .label(format!("this is {found}"))
            .help(format!("write it as in: {example}"));
        let finding = match self.mend(expected) {
            Some(replacement) => finding.fix(self.file.span(at), replacement),
            None => finding,
        };
        self.file.report(finding);
    }

    /// What would be written instead, where only quotes are in the way.
    fn mend(&self, expected: &str) -> Option<String> {
        let written = self.file.text.get(self.at())?;
        match self.value.get_ref() {
            DeValue::String(text) => {
                let text = text.trim();
                let fits = match expected {
                    "a date" => text.parse::<NaiveDate>().is_ok(),
                    "a whole number" => text.parse::<i64>().is_ok(),
                    "true or false" => ["true", "false"].contains(&text),
                    _ => false,
                };
                fits.then(|| text.to_owned())
            }
            DeValue::Integer(_) | DeValue::Float(_)
                if expected.contains("text") && !expected.contains("unit") =>
            {
                Some(format!("\"{written}\""))
            }
            DeValue::Datetime(_) if expected == "text" => Some(format!("\"{written}\"")),
            _ => None,
        }
    }

    /// Whether a string ends with the quote it began with; what TOML recovered may not.
    pub(super) fn is_closed(&self) -> bool {
        let written = self.file.text.get(self.at()).unwrap_or("");
        written.len() > 1
            && ['"', '\''].iter().any(|quote| written.starts_with(*quote) && written.ends_with(*quote))
    }

    /// The place between the quotes of a string.
    pub(super) fn inner(&self) -> Span {
        self.file.placement(self.at()).whole()
    }
}

fn unknown(key: &str, word: &str) -> String {
    if word.is_empty() { format!("`{key}` is empty") } else { format!("`{word}` is not a word of `{key}`") }
}

fn day_of(value: &DeValue<'_>) -> Option<NaiveDate> {
    let DeValue::Datetime(when) = value else { return None };
    let date = when.date.filter(|_| when.time.is_none() && when.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty text",
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(when) if when.time.is_some() => "a time",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
