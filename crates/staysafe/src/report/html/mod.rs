//! The scorecard as one self-contained HTML file: no script, nothing fetched, prints on A4.

mod first;
mod rows;

use std::fmt::Write;

use super::entries::sentence;
use super::{Report, words};
use crate::disclosure::{Amount, Audience, FieldHeld, SMALL_SOURCE};
use crate::record::Lost;

pub(super) const STYLE: &str = include_str!("style.css");

/// The scorecard as one self-contained HTML file.
///
/// It needs no script and fetches nothing. Tables have captions and headers, charts have their figures
/// as text, nothing is told by colour alone, and for a board the handling line stands on each printed
/// page.
pub fn html(report: &Report) -> String {
    let mut page = Page(String::new());
    page.head(report);
    page.first(report);
    page.summary(report);
    page.holdings(report);
    page.numbers(report);
    page.could_be_had(report);
    page.ask_for(report);
    page.ended(report);
    page.made(report);
    page.foot(report);
    page.0
}

/// Text as HTML text or as the value of an attribute in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters are not allowed in HTML, and U+0000 would cut the text short.
            control if control.is_control() && control != '\n' && control != '\t' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The handling line of a board's copy.
pub(super) fn handling(audience: &Audience) -> Option<String> {
    match audience {
        Audience::Board { recipient, date } => Some(format!(
            "OFFICIAL–SENSITIVE · for {recipient} · {} · not to be copied or published",
            words::day(*date)
        )),
        Audience::Publication => None,
    }
}

/// A page as it grows.
struct Page(String);

impl Page {
    fn add(&mut self, html: &str) {
        self.0.push_str(html);
        self.0.push('\n');
    }

    fn head(&mut self, report: &Report) {
        let title = escape(&report.title);
        let handling = handling(&report.audience);
        let on_paper = handling.as_deref().map_or_else(String::new, |line| {
            format!("@page {{ @top-left {{ content: \"{}\"; }} }}", css_string(line))
        });
        let _ = write!(
            self.0,
            "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}: scorecard</title>\n<style>\n{STYLE}{on_paper}\n</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to the scorecard</a>\n"
        );
        if let Some(line) = handling {
            self.add(&format!("<p class=\"handling\" role=\"note\">{}</p>", escape(&line)));
        }
        let day = words::day(report.prepared);
        let whom = match &report.audience {
            Audience::Board { .. } => "Board edition: full figures",
            Audience::Publication => "Edition for publication",
        };
        self.add(&format!(
            "<header class=\"masthead\">\n<p class=\"over\">Scorecard · {whom}</p>\n<h1>{title}</h1>\n\
             <p class=\"under\">Prepared on {day}. {}</p>\n</header>",
            escape(&report.scope)
        ));
        self.contents(report);
        self.add("<main id=\"main\">");
    }

    fn contents(&mut self, report: &Report) {
        let parts = [
            ("first", "On one page"),
            ("says", "What this says"),
            ("file", "1. What your file holds"),
            ("numbers", "2. Numbers"),
            ("held", "3. Could be had from records already held"),
            ("ask", "4. To ask a partner for"),
            ("ended", "5. No longer collected, superseded or out of scope"),
            ("made", "6. How it was made"),
        ];
        self.add("<nav aria-label=\"Contents\">\n<ol class=\"contents\">");
        for (id, title) in parts {
            self.add(&format!("<li><a href=\"#{id}\">{title}</a></li>"));
        }
        for page in &report.pages {
            let (file, words) = (escape(&page.file), escape(&page.words));
            self.add(&format!("<li><a href=\"{file}\">{words}</a></li>"));
        }
        self.add("</ol>\n</nav>");
    }

    fn summary(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"says\">\n<h2 id=\"says\">What this says</h2>");
        let says = report.says();
        self.add(&format!("<p class=\"lead\">{}</p>", escape(&says.join(" "))));
        let summary = &report.summary;
        let tiles = [
            (summary.with_figure, "with a figure"),
            (summary.hidden, "hidden"),
            (summary.without_figure, "calculated, no figure"),
            (summary.could_be_had, "could be had"),
            (summary.to_ask, "to ask a partner for"),
            (summary.ended, "ended or out of scope"),
        ];
        self.add("<dl class=\"tiles\">");
        for (number, what) in tiles.iter().filter(|(number, what)| *number > 0 || *what == "with a figure") {
            self.add(&format!("<div><dt>{what}</dt><dd>{number}</dd></div>"));
        }
        self.add(&format!(
            "<div class=\"all\"><dt>entries in all</dt><dd>{}</dd></div>\n</dl>",
            summary.entries
        ));
        if report.audience == Audience::Publication {
            self.hidden(report);
        }
        self.changes(report);
        self.add("</section>");
    }

    fn hidden(&mut self, report: &Report) {
        let how = match report.summary.hidden_rows {
            0 => "No row had to be hidden.".to_owned(),
            rows => format!("{} hidden.", words::some(rows, "row is", "rows are")),
        };
        self.add(&format!(
            "<div class=\"aside\">\n<h3>What is hidden, and why</h3>\n<p>{how} A row is hidden whole, with all its \
             periods and its chart, where a count in it is from 1 to 5, or where it would let somebody work such a count \
             out; which of the two is not said. Counts of records that could not be judged are left out, and what the \
             returns hold is told roughly.</p>\n<p class=\"small\">Source of the rule: {}.</p>\n</div>",
            escape(SMALL_SOURCE)
        ));
    }

    fn changes(&mut self, report: &Report) {
        let Some(changes) = &report.changes else { return };
        self.add(&format!(
            "<div class=\"aside\">\n<h3>What changed since {}, and why</h3>",
            words::day(changes.since)
        ));
        let causes: Vec<String> = changes.causes.iter().map(ToString::to_string).collect();
        let made = if causes.is_empty() {
            "It was made of the same definitions, records, parameters, calendar and library.".to_owned()
        } else {
            sentence(&causes)
        };
        self.add(&format!("<p>{}</p>", escape(&made)));
        if let Some(words) = words::not_compared(changes.not_compared) {
            self.add(&format!("<p>{words}</p>"));
        }
        if changes.cells.is_empty() {
            self.add("<p>No figure differs.</p>\n</div>");
            return;
        }
        self.table(
            "changes",
            "Figures that differ",
            &["Indicator", "Period", "Before", "Now", "Why"],
            |page| {
                for cell in &changes.cells {
                    let why: Vec<String> = cell.why.iter().map(ToString::to_string).collect();
                    let of = cell.of().map_or(String::new(), |of| format!(" ({of})"));
                    let side =
                        |side: &Option<String>| side.clone().unwrap_or_else(|| "no such row".to_owned());
                    page.line(
                        None,
                        &format!("{}{of}", cell.indicator),
                        &[cell.period.to_string(), side(&cell.before), side(&cell.now), why.join("; ")],
                    );
                }
            },
        );
        self.add("</div>");
    }

    fn holdings(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"file\">\n<h2 id=\"file\">1. What your file holds</h2>");
        if report.holdings.returns.is_empty() {
            self.add("<p>No return was given.</p>");
        }
        for (place, held) in report.holdings.returns.iter().enumerate() {
            let name = held.name.as_deref().map_or(String::new(), |name| format!("{name}: "));
            let day = held
                .reference_date
                .map_or(String::new(), |day| format!(", reference date {}", words::day(day)));
            self.add(&format!("<h3>{}</h3>", escape(&format!("{name}{} of {}{day}", held.kind, held.area))));
            self.add(&format!(
                "<p>Rejected records: {}. Rejected values of records that were kept: {}.</p>",
                words::how_many(&held.rejected_records),
                words::how_many(&held.rejected_values)
            ));
            let caption = format!("Modules of return {}", place + 1);
            let columns = ["Module", "Carried", "Rows", "Can speak for", "How far it is filled in"];
            self.table(&format!("modules-{}", place + 1), &caption, &columns, |page| {
                for module in &held.modules {
                    page.module(module);
                }
            });
        }
        self.rejects(report);
        self.add("</section>");
    }

    fn module(&mut self, module: &crate::disclosure::ModuleHeld) {
        if !module.carried {
            let no = ["no: not reported".to_owned(), String::new(), String::new(), String::new()];
            self.line(None, &module.title, &no);
            return;
        }
        let is_full = |field: &&FieldHeld| {
            let rejected = field.rejected != Amount::Exactly(0);
            matches!(words::filled(&field.complete).as_str(), "all" | "100%") && !rejected
        };
        let (full, thin): (Vec<&FieldHeld>, Vec<&FieldHeld>) = module.fields.iter().partition(is_full);
        let mut fields: Vec<String> = thin
            .iter()
            .map(|field| {
                let rejected = match words::how_many(&field.rejected).as_str() {
                    "none" => String::new(),
                    many => format!(", rejected {many}"),
                };
                format!("{} {}{rejected}", field.field, words::filled(&field.complete))
            })
            .collect();
        match (full.len(), fields.len()) {
            (0, _) => {}
            (_, 0) => fields.push("every field in every row".to_owned()),
            (others, _) => fields.push(format!("{} in every row", words::some(others, "other", "others"))),
        }
        let cells = [
            "yes".to_owned(),
            words::how_many(&module.rows),
            words::cover(&module.cover),
            fields.join(" · "),
        ];
        self.line(None, &module.title, &cells);
    }

    fn rejects(&mut self, report: &Report) {
        if report.holdings.rejects.is_empty() {
            return;
        }
        self.table(
            "rejects",
            "What was rejected",
            &["Reason", "Where", "How many", "What was lost"],
            |page| {
                for reject in &report.holdings.rejects {
                    let lost = match reject.lost {
                        Lost::Value => "the value; its record was kept",
                        Lost::Record => "the record",
                        Lost::Child => "the child, with everything below it",
                        Lost::Nothing => "nothing",
                    };
                    let cells = [reject.element.clone(), words::how_many(&reject.count), lost.to_owned()];
                    page.line(None, &reject.code.replace('-', " "), &cells);
                }
            },
        );
    }

    fn made(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"made\">\n<h2 id=\"made\">6. How it was made</h2>");
        for left_out in &report.excluded {
            let text = format!("The framework leaves out {}: {}", left_out.what, left_out.reason);
            self.add(&format!("<p>{}</p>", escape(&text)));
        }
        let made = &report.made;
        let parameters: Vec<String> =
            made.results.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let facts = [
            ("Framework", made.framework.clone()),
            ("Plan", made.results.plan.clone()),
            ("Records", made.results.data.clone()),
            ("Working-day calendar", made.results.calendar.clone()),
            ("Parameters", if parameters.is_empty() { "none".to_owned() } else { parameters.join("; ") }),
            ("Library", format!("staysafe {}", made.results.library)),
            ("Records that stood twice", words::joined(&made.results.joined)),
        ];
        self.table(
            "made-of",
            "Two scorecards may be compared where these agree",
            &["What", "Version or fingerprint"],
            |page| {
                for (what, which) in &facts {
                    page.line(None, what, std::slice::from_ref(which));
                }
            },
        );
        let sums: Vec<_> = report.sums.iter().map(|sum| (sum.words.as_str(), words::sums(sum))).collect();
        if !sums.is_empty() {
            self.table(
                "sums",
                "Sums that must come out",
                &["What must hold", "In areas and periods"],
                |page| {
                    for (what, came_out) in &sums {
                        page.line(None, what, std::slice::from_ref(came_out));
                    }
                },
            );
        }
        self.add("</section>");
    }

    fn foot(&mut self, report: &Report) {
        self.add("</main>\n<footer>");
        self.add(&format!(
            "<p>{} · staysafe {} · framework {}</p>\n</footer>\n</body>\n</html>",
            escape(&words::day(report.prepared)),
            escape(&report.made.results.library),
            escape(report.made.framework.get(..12).unwrap_or(&report.made.framework))
        ));
    }

    /// A table with a caption and a header row, in a frame that scrolls on narrow screens.
    fn table(&mut self, id: &str, caption: &str, columns: &[&str], rows: impl FnOnce(&mut Self)) {
        let (id, caption) = (escape(id), escape(caption));
        self.add(&format!(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\">\n<table>\n\
             <caption id=\"{id}\">{caption}</caption>\n<thead><tr>"
        ));
        for column in columns {
            self.add(&format!("<th scope=\"col\">{}</th>", escape(column)));
        }
        self.add("</tr></thead>\n<tbody>");
        rows(self);
        self.add("</tbody>\n</table>\n</div>");
    }

    fn line(&mut self, id: Option<&str>, head: &str, cells: &[String]) {
        let id = id.map_or(String::new(), |id| format!(" id=\"{}\"", escape(id)));
        let _ = write!(self.0, "<tr{id}><th scope=\"row\">{}</th>", escape(head));
        for cell in cells {
            let _ = write!(self.0, "<td>{}</td>", escape(cell));
        }
        self.add("</tr>");
    }
}

/// Text inside a CSS string. `<` is written as its number, so that no text can close the style sheet.
fn css_string(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || " ·–,.:;()".contains(letter);
    let mut escaped = String::new();
    for letter in text.chars() {
        if plain(letter) {
            escaped.push(letter);
        } else {
            let _ = write!(escaped, "\\{:x} ", u32::from(letter));
        }
    }
    escaped
}
