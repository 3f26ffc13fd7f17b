//! A request as one page, for paper or for a browser.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Column, Item, Request};
use crate::report::escape;

/// So many questions of a dataset are written out; the page is one page.
const MOST_QUESTIONS: usize = 3;

/// What stands where nobody has said something yet.
const OPEN: &str = "to be agreed before anything is sent";

/// The request as Markdown.
///
/// # Example
/// See [`request`](super::request).
pub fn markdown(request: &Request) -> String {
    let mut page = format!("# Request for information: {}\n\nFrom {}.\n\n", request.name, request.board);
    for (label, words) in facts(request) {
        let _ = writeln!(page, "- **{label}:** {words}");
    }
    for item in &request.items {
        let _ = write!(page, "\n## {} (`{}`)\n\n", item.title, item.dataset);
        for (label, words) in of_item(item) {
            let _ = writeln!(page, "- **{label}:** {words}");
        }
        let _ = writeln!(page, "- **Columns:** {}", columns(item));
        for (indicator, question) in item.questions.iter().take(MOST_QUESTIONS) {
            let _ = writeln!(page, "- **The board asks** ({indicator}): {question}");
        }
        if let Some(more) = more(item) {
            let _ = writeln!(page, "- {more}");
        }
    }
    let _ = write!(page, "\n{}\n", closing().join("\n"));
    page
}

/// The request as a page of its own in HTML: it refers to nothing outside itself.
pub fn html(request: &Request) -> String {
    let title = format!("Request for information: {}", request.name);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <main>\n<h1>{0}</h1>\n<p>From {1}.</p>\n",
        escape(&title),
        escape(&request.board)
    );
    list(&mut page, &facts(request));
    for item in &request.items {
        let _ = writeln!(page, "<h2>{} <code>{}</code></h2>", escape(&item.title), escape(&item.dataset));
        let mut facts = of_item(item);
        facts.push(("Columns", columns(item)));
        let asked = item.questions.iter().take(MOST_QUESTIONS);
        facts.extend(
            asked.map(|(indicator, question)| ("The board asks", format!("{question} ({indicator})"))),
        );
        facts.extend(more(item).map(|more| ("Also", more)));
        list(&mut page, &facts);
    }
    for line in closing() {
        let _ = writeln!(page, "<p>{}</p>", escape(line));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

const STYLE: &str = "body{margin:2rem auto;max-width:46rem;padding:0 1rem;font:1rem/1.45 Helvetica,Arial,\
                     'Liberation Sans',sans-serif;color:#0b0c0c}h1{font-size:1.6rem}h2{font-size:1.15rem;margin:1.4rem 0 \
                     .3rem}dl{display:grid;grid-template-columns:9rem 1fr;gap:.2rem 1rem;margin:0}dt{font-weight:700}\
                     dd{margin:0}@media print{body{margin:0;font-size:.8rem}}";

fn list(page: &mut String, facts: &[(&str, String)]) {
    page.push_str("<dl>\n");
    for (label, words) in facts {
        let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escape(label), escape(words));
    }
    page.push_str("</dl>\n");
}

fn facts(request: &Request) -> Vec<(&'static str, String)> {
    let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    let open = || OPEN.to_owned();
    vec![
        (
            "Period",
            request.period.map_or_else(open, |period| {
                format!("{period} ({} to {})", day(period.first_day()), day(period.last_day()))
            }),
        ),
        ("Due", request.due.map_or_else(open, day)),
        ("Contact", request.contact.clone().unwrap_or_else(open)),
    ]
}

fn of_item(item: &Item) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(item.row.as_ref().map(|row| ("One row is", row.clone())));
    facts.extend(item.purpose.as_ref().map(|words| ("Why", words.clone())));
    facts.push(("Legal basis", item.legal_basis.clone().unwrap_or_else(|| OPEN.to_owned())));
    facts.extend(item.gives_back.as_ref().map(|words| ("You get back", words.clone())));
    facts
}

fn columns(item: &Item) -> String {
    let one = |column: &Column| {
        let mut marks = Vec::new();
        if column.needed {
            marks.push("needed");
        }
        if column.personal {
            marks.push("personal");
        }
        match marks.as_slice() {
            [] => column.name.clone(),
            marks => format!("{} ({})", column.name, marks.join(", ")),
        }
    };
    item.columns.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn more(item: &Item) -> Option<String> {
    let more = item.questions.len().saturating_sub(MOST_QUESTIONS);
    (more > 0).then(|| format!("{more} more of the board's measures need it"))
}

fn closing() -> [&'static str; 3] {
    [
        "Please fill in the template that comes with this request; its sheet Fields says what belongs where.",
        "Where there was nothing to report, say so: yes beside Nil return is a 0, and no answer is not.",
        "A number that you may not give is written <5, * or c, and never left out.",
    ]
}
