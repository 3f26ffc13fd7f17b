//! A row as the text of a plan.

use std::fmt::Write as _;

use crate::definition::board::Row;
use crate::definition::read::{every_word, role_word};

/// The widest line of a list; a longer one has a line for each member, so that it diffs well.
const WIDTH: usize = 100;

/// A row as it stands in `plan.toml`; what is not said is left out.
///
/// # Example
/// ```
/// use staysafe::board::write_row;
/// use staysafe::definition::board::Row;
///
/// let row = Row { id: "a".into(), action: "Ask".into(), dataset: "crime".into(), holder: "police".into(), ..Row::default() };
/// assert_eq!(write_row(&row), "[[row]]\nid = \"a\"\naction = \"Ask\"\nholder = \"police\"\ndataset = \"crime\"\n");
/// ```
pub fn write_row(row: &Row) -> String {
    let mut text = "[[row]]\n".to_owned();
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {value}");
        }
    };
    let said = |words: &Option<String>| words.as_deref().map(quoted);
    let date = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    line("id", Some(quoted(&row.id)));
    line("action", Some(quoted(&row.action)));
    line("holder", Some(quoted(&row.holder)));
    line("officer", said(&row.officer));
    line("dataset", Some(quoted(&row.dataset)));
    for (key, values) in [("fields", &row.fields), ("asked", &row.asked), ("unlocks", &row.unlocks)] {
        line(key, (!values.is_empty()).then(|| list(key, values)));
    }
    line("basis", said(&row.basis));
    line("until", date(row.until));
    line("owner", said(&row.owner));
    line("due", date(row.due));
    line("every", row.every.map(|every| quoted(every_word(every))));
    line("first_delivery", date(row.first_delivery));
    line("review", date(row.review));
    line("effort", row.effort.map(|level| quoted(level.word())));
    line("risk", said(&row.risk));
    line(
        "agreed",
        row.agreed.as_ref().map(|it| inline(&[("on", it.on.to_string()), ("by", quoted(&it.by))])),
    );
    line("started", date(row.started));
    line(
        "waived",
        row.waived.as_ref().map(|it| {
            inline(&[("until", it.until.to_string()), ("reason", quoted(&it.reason)), ("by", quoted(&it.by))])
        }),
    );
    line(
        "signed",
        row.signed.as_ref().map(|it| {
            let mut keys =
                vec![("on", it.on.to_string()), ("by", quoted(&it.by)), ("role", quoted(role_word(it.role)))];
            keys.extend(it.meeting.as_deref().map(|meeting| ("meeting", quoted(meeting))));
            keys.extend(it.minute.as_deref().map(|minute| ("minute", quoted(minute))));
            inline(&keys)
        }),
    );
    line("note", said(&row.note));
    text
}

/// A list of texts: on one line where it fits.
pub(super) fn list(key: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    let line = format!("[{}]", values.join(", "));
    if key.len() + 3 + line.chars().count() <= WIDTH {
        return line;
    }
    format!("[\n  {},\n]", values.join(",\n  "))
}

fn inline(keys: &[(&str, String)]) -> String {
    let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ {} }}", keys.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
