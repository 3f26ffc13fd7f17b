//! `meetings.toml`.

use toml::de::DeTable;

use super::super::file::File;
use super::super::lists::{duplicate, in_order};
use super::super::table::{Entry, Table};
use super::said;
use crate::definition::board::{DocumentDue, Meeting, Meetings};
use crate::definition::framework::Framework;
use crate::definition::indicator::Kind;
use crate::diagnostic::{Code, Spanned, nearest};
use crate::period::Period;

pub(super) fn meetings(file: &File<'_>, table: &DeTable<'_>, framework: &Framework) -> Meetings {
    let table = Table::root(file, table, "a file of meetings", &["meeting", "document"]);
    let rows = |key: &str, known| table.get(key).map_or_else(Vec::new, |entry| entry.tables(known));
    let mut read = Meetings::default();
    let mut ids: Vec<Spanned<String>> = Vec::new();
    for table in rows("meeting", &["id", "name", "date", "papers", "decisions"]) {
        let id = table.new_id(file, "id = \"2010-09\"", &mut ids);
        let name = table.must_say("name", "name = \"Board, September 2010\"");
        let date = table.required("date", "date = 2010-09-23", Entry::date);
        let papers = table.optional("papers", Entry::date);
        if let (Some(papers), Some(date)) = (&papers, &date) {
            in_order(file, papers, date);
        }
        let decisions = table.list("decisions").into_iter().map(|text| text.value).collect();
        if let (Some(id), Some(name), Some(date)) = (id, name, date) {
            let papers = papers.map(|day| day.value);
            read.meetings.push(Meeting { id, name: name.value, date: date.value, papers, decisions });
        }
    }
    read.meetings.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    let known = &["indicator", "period", "meeting", "due", "received", "file", "note"];
    let mut written: Vec<(Period, Spanned<String>)> = Vec::new();
    for table in rows("document", known) {
        let Some((document, id)) = document(file, &table, framework, &ids) else { continue };
        let before =
            written.iter().find(|(period, other)| (*period, &other.value) == (document.period, &id.value));
        if let Some((_, first)) = before {
            duplicate(file, &id, &first.span);
            continue;
        }
        written.push((document.period, id));
        read.documents.push(document);
    }
    read
}

fn document(
    file: &File<'_>,
    table: &Table<'_>,
    framework: &Framework,
    meetings: &[Spanned<String>],
) -> Option<(DocumentDue, Spanned<String>)> {
    let indicator = table.must_say("indicator", "indicator = \"jd-20\"");
    let period = table.required("period", "period = \"2009-10\"", Entry::period);
    let meeting = table.must_say("meeting", "meeting = \"2010-09\"");
    if let Some(meeting) = meeting.as_ref().filter(|named| !meetings.iter().any(|m| m.value == named.value)) {
        let at = meeting.span.start..meeting.span.end;
        let finding =
            file.finding(Code::UnknownName, at, format!("no meeting is called `{}`", meeting.value));
        file.report(match nearest(&meeting.value, meetings.iter().map(|m| m.value.as_str())) {
            Some(near) => finding.label(format!("did you mean `{near}`?")).fix(meeting.span.clone(), near),
            None => finding.help("name a [[meeting]] of this file"),
        });
    }
    if let Some(id) = &indicator {
        is_document(file, framework, id);
    }
    let date = |key: &str| table.optional(key, Entry::date).map(|day| day.value);
    let id = indicator?;
    let document = DocumentDue {
        indicator: id.value.clone(),
        period: period?.value,
        meeting: meeting?.value,
        due: date("due"),
        received: date("received"),
        file: table.said("file"),
        note: table.said("note"),
    };
    Some((document, id))
}

/// Reports an entry that is no document.
fn is_document(file: &File<'_>, framework: &Framework, id: &Spanned<String>) {
    if !said::is_indicator(file, framework, id) {
        return;
    }
    let Some((indicator, _)) = framework.named(&id.value) else { return };
    if !matches!(indicator.kind.value, Kind::Document | Kind::Narrative) {
        let message = format!("`{}` is no document: it is calculated", id.value);
        let finding = file.finding(Code::WrongForKind, id.span.start..id.span.end, message);
        file.report(finding.help("the forward plan holds entries of the kinds document and narrative"));
    }
}
