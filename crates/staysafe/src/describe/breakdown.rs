//! How a breakdown sorts records, as a whole sentence.

use super::clause::joined;
use super::describe;
use super::vocabulary::Vocabulary;
use crate::definition::breakdown::{AsOf, Breakdown};
use crate::definition::framework::Framework;

/// How a breakdown sorts the records of a table, as one sentence with its full stop; none where it has no rule for
/// them.
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// use staysafe::describe::{Vocabulary, describe_breakdown};
/// let file = r#"
/// id    = "f"
/// title = "F"
/// [breakdowns.length]
/// categories = ["short", "long"]
/// [[breakdowns.length.of]]
/// tables = ["plan"]
/// value  = "CASE WHEN days(plan_start, as_of_day) < 90 THEN 'short' ELSE 'long' END"
/// "#;
/// let (framework, _) = read([("framework.toml", file)]);
/// let words = Vocabulary::of(&framework);
/// assert_eq!(
///     describe_breakdown(&framework, &framework.breakdowns["length"], "plan", &words).unwrap(),
///     "Sorts records into short, long and not recorded. The category is a value that is ‘short’ if the number of days \
///      from plan start to the day in question is less than 90, and otherwise ‘long’. The day in question is that of the \
///      event; of a stock, and of a case that is still open, it is the last day of the period."
/// );
/// assert!(describe_breakdown(&framework, &framework.breakdowns["length"], "review", &words).is_none());
/// ```
pub fn describe_breakdown(
    framework: &Framework,
    breakdown: &Breakdown,
    table: &str,
    vocabulary: &Vocabulary,
) -> Option<String> {
    let rule = breakdown.rule(framework, table)?;
    let words = vocabulary.clone().seen_from(table);
    let codes = breakdown.codes(framework);
    let mut categories: Vec<String> =
        codes.iter().map(|code| breakdown.category_words(framework, code).to_owned()).collect();
    categories.push("not recorded".to_owned());
    let rows = words.tables.get(table).and_then(|table| table.rows.clone());
    let rows = rows.unwrap_or_else(|| "records".to_owned());
    let rule_words = describe(&rule.value, &words);
    let sorting = if breakdown.overlapping {
        format!("A record may be in several, which are never added up. It is in one where {rule_words}.")
    } else {
        format!("The category is {rule_words}.")
    };
    let day = match breakdown.as_of.as_ref().map(|as_of| as_of.value) {
        None | Some(AsOf::Event) => {
            "that of the event; of a stock, and of a case that is still open, it is the last day of the period"
        }
        Some(AsOf::LastDay) => "the last day of the period",
    };
    let day = rule_words.contains("the day in question").then(|| format!(" The day in question is {day}."));
    Some(format!("Sorts {rows} into {}. {sorting}{}", joined(&categories, "and"), day.unwrap_or_default()))
}
