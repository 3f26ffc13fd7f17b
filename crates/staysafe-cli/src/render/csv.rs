//! Results as CSV (RFC 4180): the fixed columns and those they are kept apart by, a blank where there is nothing.

use staysafe::result::{Results, Symbols};
use staysafe::value::Name;

use super::{flags, notes, number, parts};

/// The results with a header line; symbols stand in a column of their own, after the fixed ones.
pub(crate) fn results(results: &Results, symbols: Option<Symbols>) -> String {
    let more = symbols.map(Symbols::column);
    let mut text = line(results.columns().into_iter().chain(more));
    for row in &results.observations {
        let (value, numerator, denominator) = parts(&row.cell);
        let limits = row.cell.interval.limits();
        let figure = |of: Option<_>| of.map(number).unwrap_or_default();
        let symbol = symbols.map(|of| row.cell.symbol(of).unwrap_or_default().to_owned());
        let first = [
            row.indicator.as_str(),
            row.statistic.code(),
            row.category.as_deref().unwrap_or_default(),
            row.area.as_str(),
        ];
        let last = [
            row.period.to_string(),
            figure(numerator),
            figure(denominator),
            figure(value),
            figure(limits.map(|(lower, _)| lower)),
            figure(limits.map(|(_, upper)| upper)),
            row.cell.outcome.code().to_owned(),
            flags(row),
            row.cell.coverage.reported.to_string(),
            row.cell.coverage.expected.to_string(),
            notes(row),
        ];
        let rest = last.iter().chain(&symbol).map(String::as_str);
        text.push_str(&line(first.into_iter().chain(row.by.iter().map(Name::as_str)).chain(rest)));
    }
    text
}

/// One line, quoted where it must be.
pub(crate) fn line<T: AsRef<str>>(fields: impl IntoIterator<Item = T>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|field| quoted(field.as_ref())).collect();
    format!("{}\n", fields.join(","))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_and_line_ends_are_quoted() {
        assert_eq!(line(["a", "b,c", "d\"e", "f\ng"]), "a,\"b,c\",\"d\"\"e\",\"f\ng\"\n");
    }
}
