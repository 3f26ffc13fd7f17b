//! `priorities.toml`, `commentary.toml` and `challenges.toml`.

use toml::de::DeTable;

use super::super::file::File;
use super::super::lists::in_order;
use super::super::table::{Entry, Table};
use super::said;
use crate::definition::board::{Challenge, Commentary, Given, Priority, Response, View};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Spanned};

const VIEWS: &[(&str, View)] = &[("assured", View::Assured), ("partly", View::Partly), ("not", View::Not)];

pub(super) fn priorities(file: &File<'_>, table: &DeTable<'_>, framework: &Framework) -> Vec<Priority> {
    let root = Table::root(file, table, "a file of priorities", &["priority"]);
    let known = &["id", "words", "owner", "from", "to", "indicators", "needs"];
    let mut ids = Vec::new();
    let priority = |table: Table<'_>| {
        let id = table.new_id(file, "id = \"neglect\"", &mut ids);
        let words = table.must_say("words", "words = \"…\"");
        let owner = table.must_say("owner", "owner = \"A. Name\"");
        let from = table.required("from", "from = 2010-10-01", Entry::date);
        let to = table.optional("to", Entry::date);
        if let (Some(from), Some(to)) = (&from, &to) {
            in_order(file, from, to);
        }
        Some(Priority {
            indicators: said::indicators(file, framework, table.list("indicators")),
            needs: table.list("needs").into_iter().map(|need| need.value).collect(),
            id: id?,
            words: words?.value,
            owner: owner?.value,
            from: from?.value,
            to: to.map(|day| day.value),
        })
    };
    root.get("priority")
        .map_or_else(Vec::new, |entry| entry.tables(known))
        .into_iter()
        .filter_map(priority)
        .collect()
}

pub(super) fn commentary(file: &File<'_>, table: &DeTable<'_>, framework: &Framework) -> Vec<Commentary> {
    let root = Table::root(file, table, "a file of commentary", &["commentary"]);
    let known = &["indicator", "period", "area", "category", "author", "date", "words", "about"];
    let tables = root.get("commentary").map_or_else(Vec::new, |entry| entry.tables(known));
    let one = |table: &Table<'_>| {
        let indicator = table.must_say("indicator", "indicator = \"cs-14\"");
        let period = table.required("period", "period = \"2010-11 Q1\"", Entry::period);
        let author = table.must_say("author", "author = \"A. Name\"");
        let date = table.required("date", "date = 2010-08-02", Entry::date);
        let words = table.must_say("words", "words = \"…\"");
        let about = table.must_say("about", "about = \"12/15\"");
        let indicator = indicator.filter(|id| said::is_indicator(file, framework, id));
        Some(Commentary {
            indicator: indicator?.value,
            period: period?.value,
            area: table.said("area"),
            category: table.said("category"),
            author: author?.value,
            date: date?.value,
            words: words?.value,
            about: about?.value,
        })
    };
    tables.iter().filter_map(one).collect()
}

/// The challenges, and the priorities that they name.
pub(super) fn challenges(
    file: &File<'_>,
    table: &DeTable<'_>,
    framework: &Framework,
) -> (Vec<Challenge>, Vec<Spanned<String>>) {
    let root = Table::root(file, table, "a file of challenges", &["challenge"]);
    let known =
        &["id", "raised", "meeting", "to", "indicators", "priority", "question", "due", "response", "view"];
    let (mut ids, mut named, mut challenges) = (Vec::new(), Vec::new(), Vec::new());
    for table in root.get("challenge").map_or_else(Vec::new, |entry| entry.tables(known)) {
        let id = table.new_id(file, "id = \"c1\"", &mut ids);
        let priority = table.optional("priority", Entry::words);
        named.extend(priority.clone());
        challenges.extend(challenge(file, &table, framework, id, priority));
    }
    (challenges, named)
}

fn challenge(
    file: &File<'_>,
    table: &Table<'_>,
    framework: &Framework,
    id: Option<String>,
    priority: Option<Spanned<String>>,
) -> Option<Challenge> {
    let raised = table.required("raised", "raised = 2010-06-24", Entry::date);
    let to = table.must_say("to", "to = \"Children's Trust\"");
    let question = table.must_say("question", "question = \"…?\"");
    let due = table.required("due", "due = 2010-09-01", Entry::date);
    if let (Some(raised), Some(due)) = (&raised, &due) {
        in_order(file, raised, due);
    }
    let response = table.optional("response", |entry| {
        let table = entry.table(&["date", "by", "words"])?;
        let date = table.required("date", "date = 2010-08-20", Entry::date);
        let by = table.must_say("by", "by = \"A. Name\"");
        let words = table.must_say("words", "words = \"…\"");
        if let (Some(raised), Some(date)) = (&raised, &date) {
            in_order(file, raised, date);
        }
        Some(Response { date: date?.value, by: by?.value, words: words?.value })
    });
    let view = table.optional("view", |entry| {
        let table = entry.table(&["date", "view", "minute"])?;
        let date = table.required("date", "date = 2010-09-23", Entry::date);
        let view = table.required("view", "view = \"partly\"", |entry| entry.word(VIEWS));
        Some(Given { date: date?.value, view: view?.value, minute: table.said("minute") })
    });
    if let (Some(entry), None) = (table.get("view"), table.get("response")) {
        let message = "a view is taken of a response, and there is none";
        let finding = file.finding(Code::MissingKey, entry.key_at.clone(), message);
        file.report(finding.help("add response = { date = …, by = \"…\", words = \"…\" }"));
    }
    Some(Challenge {
        id: id?,
        raised: raised?.value,
        meeting: table.said("meeting"),
        to: to?.value,
        indicators: said::indicators(file, framework, table.list("indicators")),
        priority: priority.map(|name| name.value),
        question: question?.value,
        due: due?.value,
        response,
        view,
    })
}
