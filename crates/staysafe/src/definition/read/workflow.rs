//! `workflow.toml`: the ways to devise a framework; and the files of a log, one event each.

use std::sync::Arc;

use toml::de::DeTable;

use super::file::File;
use super::lists::is_new;
use super::syntax::readable;
use super::table::{Entry, Table};
use crate::definition::framework::Framework;
use crate::definition::workflow::{Event, Role, Way, WayStep, What};
use crate::diagnostic::{Code, Diagnostics, Spanned};

pub(super) const ROLES: &[(&str, Role)] = &[
    ("independent chair", Role::IndependentChair),
    ("board", Role::Board),
    ("sub-group chair", Role::SubGroupChair),
    ("business manager", Role::BusinessManager),
    ("agency representative", Role::AgencyRepresentative),
    ("agency data lead", Role::AgencyDataLead),
    ("Children's Trust chair", Role::ChildrensTrustChair),
    ("task group lead", Role::TaskGroupLead),
];

#[derive(Clone, Copy)]
enum Word {
    Choose,
    Switch,
    Record,
    SignOff,
    Except,
    Clear,
    Reopen,
    Supersede,
    Defer,
    Withdraw,
    Delegate,
}

const EVENTS: &[(&str, Word)] = &[
    ("choose option", Word::Choose),
    ("switch option", Word::Switch),
    ("record", Word::Record),
    ("sign off", Word::SignOff),
    ("except", Word::Except),
    ("clear", Word::Clear),
    ("reopen", Word::Reopen),
    ("supersede", Word::Supersede),
    ("defer", Word::Defer),
    ("withdraw", Word::Withdraw),
    ("delegate", Word::Delegate),
];
const EVENT: &[&str] = &[
    "event",
    "date",
    "by",
    "role",
    "meeting",
    "minute",
    "quorum",
    "option",
    "reasons",
    "reason",
    "step",
    "made",
    "file",
    "note",
    "signed",
    "subject_to",
    "accepted_by",
    "until",
    "withdrawn",
    "lent",
    "to",
];

/// The role as people write it.
pub fn role_word(role: Role) -> &'static str {
    ROLES.iter().find(|(_, known)| *known == role).map_or("", |(word, _)| word)
}

/// Reads the ways to devise a framework.
pub(super) fn ways(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let table = Table::root(file, table, "a workflow", &["option"]);
    let known = &["id", "number", "title", "step"];
    for table in table.get("option").map_or_else(Vec::new, |entry| entry.tables(known)) {
        let id = table.required("id", "id = \"option-1\"", Entry::text);
        let number = table.required("number", "number = \"Option 1\"", Entry::text);
        let title = table.required("title", "title = \"…\"", Entry::text);
        let mut steps: Vec<WayStep> = Vec::new();
        let known = &["id", "words", "makes", "signed_by"];
        for table in table.required("step", "[[option.step]]", |e| Some(e.tables(known))).unwrap_or_default()
        {
            if let Some(step) = step(&table)
                && is_new(file, &step.id, steps.iter().map(|other| &other.id))
            {
                steps.push(step);
            }
        }
        let (Some(id), Some(number), Some(title)) = (id, number, title) else { continue };
        if is_new(file, &id, framework.ways.iter().map(|way| &way.id)) {
            framework.ways.push(Way { id, number, title, steps });
        }
    }
}

fn step(table: &Table<'_>) -> Option<WayStep> {
    let id = table.required("id", "id = \"gap-analysis\"", Entry::text);
    let words = table.required("words", "words = \"…\"", Entry::text);
    let makes = table.required("makes", "makes = \"gap analysis\"", Entry::text);
    let signed_by = table.get("signed_by").and_then(|entry| entry.members()).unwrap_or_default();
    let signed_by = signed_by.iter().filter_map(|entry| entry.word(ROLES)).collect();
    Some(WayStep { id: id?, words: words?, makes: makes?, signed_by })
}

/// Reads the files of a log: paths and texts, one event each.
///
/// Events come in the order of their dates, and of their names within a day. A file that cannot be read whole
/// is a finding and no event; nothing is decided from half of it.
///
/// # Example
/// ```
/// use staysafe::definition::read::read_log;
///
/// let text = "event = \"choose option\"\noption = \"option-2\"\nreasons = [\"too early for priorities\"]\n\
///             date = 2010-05-20\nby = \"A. Chair\"\nrole = \"board\"\n";
/// let (events, found) = read_log([("log/2010-05-20-choose.toml", text)]);
/// assert!(found.is_empty());
/// assert_eq!(events[0].id.value, "2010-05-20-choose");
/// ```
pub fn read_log(
    files: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
) -> (Vec<Event>, Diagnostics) {
    let (mut events, mut found) = (Vec::new(), Diagnostics::new());
    for (path, text) in files {
        let (path, text): (Arc<str>, &str) = (path.as_ref().into(), text.as_ref());
        let readable = readable(&path, text);
        let (table, _) = DeTable::parse_recoverable(&readable.text);
        let file = File::new(path, text, readable.broken, readable.found);
        let event = event(&file, table.get_ref());
        let of_file = file.into_found();
        if !of_file.has_errors() {
            events.extend(event);
        }
        found.extend(of_file);
    }
    events.sort_by(|a, b| (a.date.value, &a.id.value).cmp(&(b.date.value, &b.id.value)));
    found.sort();
    (events, found)
}

fn event(file: &File<'_>, table: &DeTable<'_>) -> Option<Event> {
    let table = Table::root(file, table, "an event", EVENT);
    let date = table.required("date", "date = 2010-05-20", Entry::date);
    let by = table.required("by", "by = \"A. Name\"", Entry::text);
    let role = table.required("role", "role = \"board\"", |entry| entry.word(ROLES));
    let word = table.required("event", "event = \"record\"", |entry| entry.word(EVENTS));
    let place = table.get("event").map_or_else(|| file.first_line(), |entry| entry.at());
    let what = word.and_then(|word| what(&table, word.value));
    Some(Event {
        id: file.at(0..0, file.stem().to_owned()),
        date: date?,
        by: by?,
        role: role?,
        meeting: table.optional("meeting", Entry::text),
        minute: table.optional("minute", Entry::text),
        quorum: table.optional("quorum", Entry::yes_no),
        what: file.at(place, what?),
    })
}

fn what(table: &Table<'_>, word: Word) -> Option<What> {
    let text = |key: &str, example: &str| table.required(key, example, Entry::text);
    let texts = |key: &str| table.optional(key, Entry::texts).unwrap_or_default();
    let step = || text("step", "step = \"gap-analysis\"");
    let reason = || text("reason", "reason = \"…\"");
    let until = || table.required("until", "until = 2010-09-30", Entry::date);
    let reasons = || {
        let given = texts("reasons");
        if given.is_empty() {
            let finding =
                table.file.finding(Code::MissingKey, table.place.clone(), "an option is chosen for reasons");
            table.file.report(finding.help("add a line such as: reasons = [\"…\"]"));
        }
        given
    };
    Some(match word {
        Word::Choose => What::Choose { way: text("option", "option = \"option-2\"")?, reasons: reasons() },
        Word::Switch => What::Switch { way: text("option", "option = \"option-1\"")?, reasons: reasons() },
        Word::Record => What::Record {
            step: step()?,
            made: table.optional("made", Entry::text),
            file: table.optional("file", Entry::text),
            note: table.optional("note", Entry::text),
        },
        Word::SignOff => What::SignOff {
            step: step()?,
            signed: table.optional("signed", Entry::text),
            subject_to: texts("subject_to"),
        },
        Word::Except => What::Except {
            step: step()?,
            reason: reason()?,
            accepted_by: text("accepted_by", "accepted_by = \"the Board\"")?,
        },
        Word::Clear => What::Clear { step: step()?, note: table.optional("note", Entry::text) },
        Word::Reopen => What::Reopen { step: step()?, reason: reason()? },
        Word::Supersede => {
            What::Supersede { step: step()?, made: text("made", "made = \"HASH\"")?, reason: reason()? }
        }
        Word::Defer => What::Defer { step: step()?, until: until()?, reason: reason()? },
        Word::Withdraw => What::Withdraw {
            event: text("withdrawn", "withdrawn = \"2010-05-20-record\"")?,
            reason: reason()?,
        },
        Word::Delegate => What::Delegate {
            lent: table.required("lent", "lent = \"independent chair\"", |entry| entry.word(ROLES))?,
            to: text("to", "to = \"B. Name\"")?,
            until: until()?,
        },
    })
}

/// An event as the text of its file, for a log to keep; what is not said is left out.
pub fn write_event(event: &Event) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        text.push_str(key);
        text.push_str(" = ");
        text.push_str(&value);
        text.push('\n');
    };
    let quoted = |value: &str| toml::Value::from(value).to_string();
    let said = |value: &Spanned<String>| quoted(&value.value);
    let list =
        |values: &[Spanned<String>]| format!("[{}]", values.iter().map(said).collect::<Vec<_>>().join(", "));
    let word = |word: &str| quoted(word);
    let (name, keys): (&str, Vec<(&str, String)>) = match &event.what.value {
        What::Choose { way, reasons } => {
            ("choose option", vec![("option", said(way)), ("reasons", list(reasons))])
        }
        What::Switch { way, reasons } => {
            ("switch option", vec![("option", said(way)), ("reasons", list(reasons))])
        }
        What::Record { step, made, file, note } => {
            let optional = [("made", made), ("file", file), ("note", note)];
            let keys = optional.into_iter().filter_map(|(key, value)| Some((key, said(value.as_ref()?))));
            ("record", [("step", said(step))].into_iter().chain(keys).collect())
        }
        What::SignOff { step, signed, subject_to } => {
            let mut keys = vec![("step", said(step))];
            keys.extend(signed.as_ref().map(|signed| ("signed", said(signed))));
            if !subject_to.is_empty() {
                keys.push(("subject_to", list(subject_to)));
            }
            ("sign off", keys)
        }
        What::Except { step, reason, accepted_by } => (
            "except",
            vec![("step", said(step)), ("reason", said(reason)), ("accepted_by", said(accepted_by))],
        ),
        What::Clear { step, note } => {
            let note = note.as_ref().map(|note| ("note", said(note)));
            ("clear", [("step", said(step))].into_iter().chain(note).collect())
        }
        What::Reopen { step, reason } => ("reopen", vec![("step", said(step)), ("reason", said(reason))]),
        What::Supersede { step, made, reason } => {
            ("supersede", vec![("step", said(step)), ("made", said(made)), ("reason", said(reason))])
        }
        What::Defer { step, until, reason } => (
            "defer",
            vec![("step", said(step)), ("until", until.value.to_string()), ("reason", said(reason))],
        ),
        What::Withdraw { event, reason } => {
            ("withdraw", vec![("withdrawn", said(event)), ("reason", said(reason))])
        }
        What::Delegate { lent, to, until } => (
            "delegate",
            vec![("lent", word(role_word(lent.value))), ("to", said(to)), ("until", until.value.to_string())],
        ),
    };
    line("event", quoted(name));
    for (key, value) in keys {
        line(key, value);
    }
    line("date", event.date.value.to_string());
    line("by", said(&event.by));
    line("role", word(role_word(event.role.value)));
    for (key, value) in [("meeting", &event.meeting), ("minute", &event.minute)] {
        if let Some(value) = value {
            line(key, said(value));
        }
    }
    if let Some(quorum) = event.quorum {
        line("quorum", quorum.to_string());
    }
    text
}
