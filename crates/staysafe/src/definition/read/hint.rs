//! What a newcomer means by a key or a word that is near no known one.

/// Words that people write for a word of the format, by its key.
const WORDS: &[(&str, &[&str], &str)] = &[
    ("kind", &["percentage", "percent", "share", "timeliness", "pct"], "proportion"),
    ("kind", &["number", "total", "events"], "count"),
    ("kind", &["snapshot", "caseload"], "stock"),
    ("kind", &["average"], "mean"),
    ("polarity", &["up", "increase", "more", "good"], "higher"),
    ("polarity", &["down", "decrease", "less", "bad"], "lower"),
    ("polarity", &["none", "neither"], "neutral"),
    ("cycle", &["year", "annual", "annually", "yearly"], "financial-year"),
    ("cycle", &["month", "monthly"], "quarter"),
    ("type", &["string", "code"], "text"),
    ("type", &["integer", "int", "whole"], "whole number"),
    ("type", &["decimal", "float"], "number"),
    ("type", &["boolean", "bool", "yes", "flag"], "yes/no"),
    ("step", &["where", "keep"], "filter"),
    ("step", &["islands", "join"], "chain"),
];

/// Keys that people write for a key of a table, by how the table's name begins.
const KEYS: &[(&str, &[&str], &str)] = &[
    ("`[calculation", &["dataset", "table", "source"], "from"),
    ("`[calculation", &["filter", "where"], "population"),
    ("`[clock", &["from", "begin", "begins"], "start"),
    ("`[clock", &["end", "to", "until"], "stop"),
    ("`[clock", &["days", "within", "length"], "limit"),
    ("`[[test]]", &["expected", "result"], "expect"),
    ("a dataset", &["fields"], "field"),
    ("a dataset", &["links"], "link"),
];

/// Keys that belong to one other table of an indicator, with the table.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &[
            "from",
            "when",
            "counted",
            "population",
            "exclude",
            "denominator",
            "numerator",
            "history_missing",
            "numerator_unknown",
            "applies_when",
            "window",
            "lag",
            "history",
            "multiplier",
        ],
        "[calculation]",
    ),
    (&["start", "stop", "limit", "limit_at"], "[clock.NAME]"),
    (&["why_it_matters", "question"], "[words]"),
    (&["period", "records", "expect"], "[[test]]"),
];

/// The word that is meant, if it is one of those allowed.
pub(super) fn word(key: &str, written: &str) -> Option<&'static str> {
    let written = written.trim().to_lowercase();
    let meant = WORDS.iter().find(|(of, words, _)| *of == key && words.contains(&written.as_str()));
    meant.map(|(_, _, meant)| *meant)
}

/// The key that is meant in a table of that name.
pub(super) fn key(table: &str, written: &str) -> Option<&'static str> {
    let meant = KEYS.iter().find(|(of, words, _)| table.starts_with(of) && words.contains(&written));
    meant.map(|(_, _, meant)| *meant)
}

/// What to do about a key that is near no key of its table.
pub(super) fn misplaced(table: &str, owner: &str, written: &str) -> Option<String> {
    if table.starts_with("`[calculation") && ["date", "open"].contains(&written) {
        return Some(format!("write it as: when = {{ {written} = … }}"));
    }
    if table == "`[[test]]`" {
        return Some(format!("rows of a dataset stand under records: records.{written} = [{{ … }}]"));
    }
    if owner != "an indicator" || table == "`expect`" {
        return None;
    }
    let (_, home) = ELSEWHERE.iter().find(|(keys, _)| keys.contains(&written))?;
    if table.starts_with(&format!("`{}", home.trim_end_matches(".NAME]").trim_end_matches(']'))) {
        return None;
    }
    Some(format!(
        "`{written}` is a key of {home}: TOML reads every key under the last [table] before it, so write it below {home} \
         and above the next one"
    ))
}
