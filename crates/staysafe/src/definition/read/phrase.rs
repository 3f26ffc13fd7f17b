//! The short phrases of the format: stretches of time, limits, what is counted and what is added up.

use toml::de::DeValue;

use super::table::Entry;
use crate::definition::indicator::{Cycle, Limit, Measure, SpanUnit, Stretch};
use crate::definition::predicate::{Expr, parse};
use crate::diagnostic::{Code, Spanned};

const STRETCH: &str =
    "a stretch of time is a number and days, working days, months or years: \"15 working days\"";
const CYCLES: &[&str] = &["quarter", "financial-year", "calendar-year", "academic-year"];

impl Entry<'_> {
    /// A predicate, with the place of every node in this file.
    pub(super) fn predicate(&self) -> Option<Expr> {
        let text = self.text()?;
        if self.file.is_broken(&self.at()) || !self.is_closed() {
            return None;
        }
        match parse(&text.value, &self.file.placement(self.at())) {
            Ok(expr) => Some(expr),
            Err(found) => {
                self.file.report_all(found);
                None
            }
        }
    }

    /// Reports a stretch of time that is a bare number.
    fn has_unit(&self) -> Option<()> {
        let DeValue::Integer(digits) = self.value.get_ref() else { return Some(()) };
        let example = format!("{0} = \"{1} working days\" or {0} = \"{1} days\"", self.key, digits.as_str());
        self.wrong("a number and its unit, as text", &example);
        None
    }

    /// "15 working days".
    pub(super) fn stretch(&self) -> Option<Spanned<Stretch>> {
        self.has_unit()?;
        let text = self.text()?;
        let read = stretch(&text.value);
        if read.is_none() {
            self.bad_time(&text, "is not a stretch of time", STRETCH);
        }
        Some(Spanned { value: read?, span: text.span })
    }

    /// "3 months, then 6 months": one stretch after another, the last of which goes on.
    pub(super) fn stretches(&self) -> Option<Spanned<Vec<Stretch>>> {
        let text = self.text()?;
        let parts = text.value.split(',').map(|part| {
            let part = part.trim();
            stretch(part.strip_prefix("then ").unwrap_or(part))
        });
        let read: Option<Vec<Stretch>> = parts.collect();
        if read.is_none() {
            let help = "write one stretch after another: \"3 months, then 6 months\"; the last one goes on";
            self.bad_time(&text, "is not a row of stretches of time", help);
        }
        Some(Spanned { value: read?, span: text.span })
    }

    /// "15 working days" or `limit('name')`.
    pub(super) fn limit(&self) -> Option<Spanned<Limit>> {
        self.has_unit()?;
        let text = self.text()?;
        let dated = text.value.trim().strip_prefix("limit(").and_then(|rest| rest.strip_suffix(')'));
        let dated = dated.map(str::trim).and_then(|name| name.strip_prefix('\'')?.strip_suffix('\''));
        let read = match dated {
            Some(name) if !name.is_empty() => Some(Limit::Dated(name.to_owned())),
            _ => stretch(&text.value).map(Limit::Literal),
        };
        if read.is_none() {
            self.bad_time(
                &text,
                "is not a limit",
                "write a number and days, working days, months or years (\"15 working days\"), or a dated limit of \
                 the framework: \"limit('initial_assessment')\"",
            );
        }
        Some(Spanned { value: read?, span: text.span })
    }

    /// A word for how often, or `snapshot(MM-DD)`.
    pub(super) fn cycle(&self) -> Option<Spanned<Cycle>> {
        let text = self.text()?;
        if let Some(day) = text.value.strip_prefix("snapshot(") {
            let day = day.strip_suffix(')').filter(|day| is_day_of_year(day));
            if day.is_none() {
                self.bad_time(
                    &text,
                    "is not a day of the year",
                    "write the month and the day: \"snapshot(03-31)\"; 29 February is not a day of every year",
                );
            }
            return Some(Spanned { value: Cycle::Snapshot(day?.to_owned()), span: text.span });
        }
        let words = CYCLES.iter().copied().chain(["snapshot(03-31)"]);
        let value = cycle(&text.value).or_else(|| cycle(self.unknown_word(&text, words)?))?;
        Some(Spanned { value, span: text.span })
    }

    /// `rows` (nothing) or `distinct a, b`.
    pub(super) fn counted(&self) -> Option<Spanned<Vec<String>>> {
        let text = self.text()?;
        let phrase = text.value.trim();
        if phrase == "rows" {
            return None;
        }
        let names = word_then(phrase, "distinct").and_then(names);
        if names.is_none() {
            self.bad_phrase(
                &text,
                "says what is counted in no known way",
                "write \"rows\", or \"distinct child\" with the fields whose different values are counted",
            );
        }
        Some(Spanned { value: names?, span: text.span })
    }

    /// `count()`, `count(distinct a, b)` or `sum(f)`.
    pub(super) fn measure(&self) -> Option<Spanned<Measure>> {
        let text = self.text()?;
        let read = measure(text.value.trim());
        if read.is_none() {
            self.bad_phrase(
                &text,
                "is not a total",
                "write \"count()\", \"count(distinct child)\" or \"sum(sessions)\"",
            );
        }
        Some(Spanned { value: read?, span: text.span })
    }

    fn bad_time(&self, text: &Spanned<String>, what: &str, help: &str) {
        self.bad(Code::BadTime, text, what, help);
    }

    fn bad_phrase(&self, text: &Spanned<String>, what: &str, help: &str) {
        self.bad(Code::UnknownWord, text, what, help);
    }

    fn bad(&self, code: Code, text: &Spanned<String>, what: &str, help: &str) {
        if self.file.is_broken(&self.at()) {
            return;
        }
        let message = format!("`{}` {what}", text.value.trim());
        let place = text.span.start..text.span.end;
        self.file
            .report(self.file.finding(code, place, message).label(format!("in `{}`", self.key)).help(help));
    }
}

fn cycle(word: &str) -> Option<Cycle> {
    match word {
        "quarter" => Some(Cycle::Quarter),
        "financial-year" => Some(Cycle::FinancialYear),
        "calendar-year" => Some(Cycle::CalendarYear),
        "academic-year" => Some(Cycle::AcademicYear),
        _ => None,
    }
}

/// A number and its unit, singular or plural.
fn stretch(text: &str) -> Option<Stretch> {
    let (length, unit) = text.trim().split_once(' ')?;
    let unit = match unit.trim() {
        "day" | "days" => SpanUnit::Days,
        "working day" | "working days" => SpanUnit::WorkingDays,
        "month" | "months" => SpanUnit::Months,
        "year" | "years" => SpanUnit::Years,
        _ => return None,
    };
    let digits = length.bytes().all(|byte| byte.is_ascii_digit());
    Some(Stretch { length: length.parse().ok().filter(|_| digits)?, unit })
}

/// `MM-DD`, a day that every year has.
fn is_day_of_year(text: &str) -> bool {
    // 2001 is no leap year.
    text.len() == 5 && format!("2001-{text}").parse::<chrono::NaiveDate>().is_ok()
}

fn measure(text: &str) -> Option<Measure> {
    let inside =
        |name: &str| Some(text.strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')')?.trim());
    if let Some(field) = inside("sum") {
        let mut fields = names(field)?;
        return if fields.len() == 1 { fields.pop().map(Measure::Sum) } else { None };
    }
    match inside("count")? {
        "" => Some(Measure::Count),
        distinct => Some(Measure::CountDistinct(names(word_then(distinct, "distinct")?)?)),
    }
}

/// What follows a word and a space; the word in any case.
fn word_then<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    first.eq_ignore_ascii_case(word).then(|| rest.trim())
}

/// Names with commas between them.
fn names(text: &str) -> Option<Vec<String>> {
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    names.iter().all(is_name).then(|| names.iter().map(|name| (*name).to_owned()).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn stretches_name_their_unit() {
        let working = Stretch { length: 15, unit: SpanUnit::WorkingDays };
        assert_eq!(stretch("15 working days"), Some(working));
        assert_eq!(stretch("1 month").unwrap().unit, SpanUnit::Months, "the singular reads well");
        for bad in
            ["", "15", "days", "-3 days", "+3 days", "1.5 months", "15 workingdays", "99999999999 days"]
        {
            assert_eq!(stretch(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_snapshot_needs_a_day_of_every_year() {
        assert!(is_day_of_year("03-31"));
        for bad in ["02-29", "13-01", "3-31", "03-32", "", "03/31"] {
            assert!(!is_day_of_year(bad), "{bad:?}");
        }
    }

    #[test]
    fn totals_count_or_add() {
        assert_eq!(measure("count()"), Some(Measure::Count));
        let distinct = Measure::CountDistinct(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(measure("count(DISTINCT a, b)"), Some(distinct));
        assert_eq!(measure("sum(f)"), Some(Measure::Sum("f".to_owned())));
        for bad in ["count", "count(a)", "sum()", "sum(a, b)", "sum(a + b)", "mean(a)", "count(distinct )"] {
            assert_eq!(measure(bad), None, "{bad:?}");
        }
    }
}
