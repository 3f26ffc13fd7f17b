//! `[calculation]` and `[clock.NAME]`.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::framework::map;
use super::table::{Entry, Table};
use crate::definition::indicator::{
    Calculation, Clock, Ladder, Limit, Measure, NumeratorUnknown, SpanUnit, Stretch, Total, TwoTotals, When,
};
use crate::definition::predicate::{Expr, ExprKind};
use crate::diagnostic::{Code, Spanned};

const NUMERATOR_UNKNOWN: &[(&str, NumeratorUnknown)] =
    &[("not counted", NumeratorUnknown::NotCounted), ("left out", NumeratorUnknown::LeftOut)];
/// Keys of a calculation over one table that one with two totals does not have.
const LADDER_ONLY: &[&str] = &[
    "from",
    "when",
    "counted",
    "population",
    "exclude",
    "unknown",
    "history_missing",
    "numerator_unknown",
    "value",
    "category",
    "weight",
    "cluster",
    "stratum",
    "window",
    "lag",
    "history",
];
const CALCULATION: &[&str] = &[
    "from",
    "when",
    "counted",
    "population",
    "exclude",
    "denominator",
    "numerator",
    "unknown",
    "history_missing",
    "numerator_unknown",
    "applies_when",
    "value",
    "category",
    "weight",
    "cluster",
    "stratum",
    "window",
    "lag",
    "history",
    "multiplier",
];

/// Reads a calculation of either form.
pub(super) fn calculation(entry: &Entry<'_>) -> Option<Calculation> {
    let table = entry.table(CALCULATION)?;
    let is_table =
        |key| table.get(key).is_some_and(|entry| matches!(entry.value.get_ref(), DeValue::Table(_)));
    if !is_table("numerator") && !is_table("denominator") {
        return Some(Calculation::Ladder(Box::new(ladder(&table))));
    }
    if let Some(foreign) = foreign(&table) {
        let whole = if is_table("numerator") { "numerator" } else { "denominator" };
        let message = format!("`{}` belongs to a calculation over one table", foreign.key);
        let mut finding = table
            .file
            .finding(Code::MixedCalculation, foreign.key_at, message)
            .label("this calculation has two totals")
            .help(
                "either keep one table with predicates (from, when, denominator, numerator), or give each total \
                 its own table: [calculation.numerator] and [calculation.denominator] with from, when, where and measure",
            );
        if let Some(total) = table.get(whole) {
            finding = finding.other(table.file.span(total.key_at), "a total of its own table");
        }
        table.file.report(finding);
        return None;
    }
    let numerator = table.required("numerator", "[calculation.numerator]", total);
    let denominator = table.required("denominator", "[calculation.denominator]", total);
    Some(Calculation::TwoTotals(Box::new(TwoTotals {
        place: table.file.at(table.place.clone(), ()),
        multiplier: table.optional("multiplier", Entry::whole),
        applies_when: predicate(&table, "applies_when"),
        numerator: numerator?,
        denominator: denominator?,
    })))
}

/// The first entry of a calculation with two totals that belongs to the other form.
fn foreign<'a>(table: &Table<'a>) -> Option<Entry<'a>> {
    table.entries().into_iter().find(|entry| {
        let text = matches!(entry.value.get_ref(), DeValue::String(_));
        LADDER_ONLY.contains(&entry.key) || (["numerator", "denominator"].contains(&entry.key) && text)
    })
}

fn ladder(table: &Table<'_>) -> Ladder {
    let file = table.file;
    let predicate = |key: &str| predicate(table, key);
    let stretch = |key: &str| table.optional(key, Entry::stretch);
    Ladder {
        place: file.at(table.place.clone(), ()),
        from: from(table),
        when: when(table),
        counted: table.optional("counted", Entry::counted),
        population: predicate("population"),
        exclude: predicate("exclude"),
        denominator: predicate("denominator"),
        numerator: predicate("numerator"),
        unknown: predicate("unknown"),
        history_missing: predicate("history_missing"),
        numerator_unknown: table.optional("numerator_unknown", |entry| entry.word(NUMERATOR_UNKNOWN)),
        applies_when: predicate("applies_when"),
        value: predicate("value"),
        category: predicate("category"),
        weight: predicate("weight"),
        cluster: predicate("cluster"),
        stratum: predicate("stratum"),
        window: stretch("window"),
        lag: stretch("lag"),
        history: stretch("history"),
        multiplier: table.optional("multiplier", Entry::whole),
    }
}

/// A predicate, where one is written; what could not be read stands as nothing, so that nobody says that it
/// is missing.
pub(super) fn predicate(table: &Table<'_>, key: &str) -> Option<Expr> {
    let nothing = || Expr { kind: ExprKind::Null, span: table.file.nothing(()).span };
    match table.get(key) {
        Some(entry) => Some(entry.predicate().unwrap_or_else(nothing)),
        None => table.file.may_be_lost(key).then(nothing),
    }
}

fn total(entry: &Entry<'_>) -> Option<Total> {
    let table = entry.table(&["from", "when", "where", "history_missing", "measure"])?;
    let from = from(&table);
    let when = when(&table);
    let filter = predicate(&table, "where");
    let history_missing = predicate(&table, "history_missing");
    let measure = table.required("measure", "measure = \"count()\"", Entry::measure);
    let measure = measure.unwrap_or_else(|| table.file.nothing(Measure::Count));
    Some(Total {
        place: table.file.at(table.place.clone(), ()),
        from,
        when,
        filter,
        history_missing,
        measure,
    })
}

fn from(table: &Table<'_>) -> Spanned<String> {
    let from = table.required("from", "from = \"section_47\"", Entry::text);
    from.unwrap_or_else(|| table.file.nothing(String::new()))
}

const WHEN: &str = "when = { date = \"icpc_date\" }, or when = { open = [\"plan_start\", \"plan_end\"] }";

fn when_example(field: &str) -> String {
    format!("when = {{ date = \"{field}\" }}, or for a stock when = {{ open = [\"START\", \"END\"] }}")
}

/// The date rule; a name without bytes where it could not be read.
fn when(table: &Table<'_>) -> When {
    let read = table.required("when", WHEN, |entry| {
        if let DeValue::String(field) = entry.value.get_ref() {
            entry.wrong("a table: an event's date, or a stock's start and end", &when_example(field));
            return None;
        }
        let rule = entry.table(&["date", "open"])?;
        match (rule.get("date"), rule.get("open")) {
            (Some(date), None) => date.text().map(When::Date),
            (None, Some(open)) => {
                let fields = open.texts()?;
                let [start, end] = fields.as_slice() else {
                    open.wrong("two fields: the start and the end", "open = [\"plan_start\", \"plan_end\"]");
                    return None;
                };
                Some(When::Open(start.clone(), end.clone()))
            }
            (Some(_), Some(open)) => {
                let message = "`when` is either an event or a stock, not both";
                let finding = entry.file.finding(Code::MixedCalculation, open.key_at, message);
                entry.file.report(finding.label("`date` is there already").help(WHEN));
                None
            }
            (None, None) => {
                if rule.entries().is_empty() && !entry.file.is_broken(&entry.at()) {
                    rule.missing("date", WHEN);
                }
                None
            }
        }
    });
    read.unwrap_or_else(|| When::Date(table.file.nothing(String::new())))
}

/// Reads every clock of a table of clocks.
pub(super) fn clocks(table: &Table<'_>) -> BTreeMap<String, Clock> {
    map(table, "clock").iter().filter_map(|entry| Some((entry.key.to_owned(), clock(entry)?))).collect()
}

fn clock(entry: &Entry<'_>) -> Option<Clock> {
    if ["start", "stop", "limit"].contains(&entry.key) && !matches!(entry.value.get_ref(), DeValue::Table(_))
    {
        // The three stand together under `[clock]`; one of them says so.
        if entry.key == "start" {
            let message = "a clock has a name";
            let finding = entry.file.finding(Code::MissingKey, entry.key_at.clone(), message);
            let help = "write [clock.NAME] instead of [clock], and ask it as within(NAME)";
            entry.file.report(finding.label("under [clock] stand the names of clocks").help(help));
        }
        return None;
    }
    let table = entry.table(&["start", "stop", "limit", "limit_at", "open"])?;
    let nothing = || table.file.nothing(String::new());
    let unread = || table.file.nothing(Limit::Literal(Stretch { length: 0, unit: SpanUnit::Days }));
    Some(Clock {
        place: table.file.at(table.place.clone(), ()),
        start: table.required("start", "start = \"s47_start\"", Entry::text).unwrap_or_else(nothing),
        stop: table.required("stop", "stop = \"icpc_date\"", Entry::text).unwrap_or_else(nothing),
        limit: table.required("limit", "limit = \"15 working days\"", Entry::limit).unwrap_or_else(unread),
        limit_at: table.optional("limit_at", Entry::text),
        open: predicate(&table, "open"),
    })
}
