//! A board on a page: the option it walks, its long list, what lies ahead, and the next step.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{PICTURES, STYLE, escape};
use crate::consult::{LongList, Outcome};
use crate::definition::board::Board;
use crate::report::words;
use crate::workflow::{Standing, State};

/// Where a board stands in devising its framework, as a page of its own. It fetches nothing and runs no script.
///
/// # Example
/// ```
/// use staysafe::report::board_page;
///
/// let page = board_page("Ours", &Default::default(), &Default::default(), &Default::default(), "2010-07-01".parse().unwrap());
/// assert!(page.contains("no option is chosen yet"));
/// ```
pub fn board_page(title: &str, state: &State, list: &LongList, board: &Board, as_of: NaiveDate) -> String {
    let (title, day) = (escape(title), words::day(as_of));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: the board's way</title>\n<style>\n{STYLE}{PICTURES}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to where the board stands</a>\n\
         <header class=\"masthead\">\n<p class=\"over\">Where the board stands on {day}</p>\n<h1>{title}</h1>\n</header>\n\
         <main id=\"main\" class=\"staysafe-picture\">\n<p class=\"question\"><strong>{}</strong></p>\n",
        escape(state.told_next().trim_end())
    );
    steps(&mut page, state);
    ideas(&mut page, list);
    page.push_str(&ahead(board, as_of));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// The steps of the option that is walked, for a notebook's cell or another page, with the style they need.
///
/// # Example
/// ```
/// use staysafe::report::way_picture;
/// assert!(way_picture(&Default::default()).contains("no option is chosen yet"));
/// ```
pub fn way_picture(state: &State) -> String {
    let next = escape(state.told_next().trim_end());
    let mut html = format!("<p class=\"question\"><strong>{next}</strong></p>\n");
    steps(&mut html, state);
    alone(&html)
}

/// The plan and the meetings in time, for a notebook's cell or another page, with the style they need.
///
/// # Example
/// ```
/// use staysafe::report::plan_picture;
/// let nothing = plan_picture(&Default::default(), "2010-07-01".parse().unwrap());
/// assert!(nothing.contains("no row of the plan and no meeting has a date"));
/// ```
pub fn plan_picture(board: &Board, as_of: NaiveDate) -> String {
    let ahead = ahead(board, as_of);
    let nothing = "<p>There is nothing to show: no row of the plan and no meeting has a date.</p>\n";
    alone(if ahead.is_empty() { nothing } else { &ahead })
}

fn alone(html: &str) -> String {
    format!("<style>\n{PICTURES}</style>\n<div class=\"staysafe-picture\">\n{html}</div>\n")
}

fn steps(page: &mut String, state: &State) {
    let Some(title) = &state.title else { return };
    let _ = writeln!(
        page,
        "<section aria-labelledby=\"way\">\n<h2 id=\"way\">{}</h2>\n<p>Chosen because:</p>\n<ul>",
        escape(title)
    );
    for reason in &state.reasons {
        let _ = writeln!(page, "<li>{}</li>", escape(reason));
    }
    page.push_str("</ul>\n<ol class=\"way\">\n");
    let next = state.next().map(|step| step.number);
    for step in &state.steps {
        let class = match step.standing {
            Standing::Done | Standing::DoneWithException => "done",
            _ if next == Some(step.number) => "next",
            _ => "open",
        };
        let current = if class == "next" { " aria-current=\"step\"" } else { "" };
        let _ = write!(
            page,
            "<li class=\"{class}\"{current}><b>{}</b><br>{}",
            escape(&step.words),
            escape(&step.told())
        );
        for exception in &step.exceptions {
            let by =
                exception.accepted_by.as_ref().map_or_else(String::new, |by| format!(" (accepted by {by})"));
            let _ = write!(page, "<br>Exception: {}{}", escape(&exception.reason), escape(&by));
        }
        page.push_str("</li>\n");
    }
    page.push_str("</ol>\n</section>\n");
}

fn ideas(page: &mut String, list: &LongList) {
    if list.lines.is_empty() && list.asked.is_empty() {
        return;
    }
    page.push_str("<section aria-labelledby=\"list\">\n<h2 id=\"list\">The long list</h2>\n<ul>\n");
    for asked in &list.asked {
        let answered = asked
            .answered
            .map_or("no answer yet".to_owned(), |day| format!("answered on {}", words::day(day)));
        let _ =
            writeln!(page, "<li>{}: asked on {}, {answered}</li>", escape(&asked.who), words::day(asked.on));
    }
    page.push_str(
        "</ul>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"ideas\" tabindex=\"0\">\n<table>\n\
         <caption id=\"ideas\">What was put forward, and what became of it</caption>\n<thead><tr><th scope=\"col\">Idea</th>\
         <th scope=\"col\">From</th><th scope=\"col\">Overlaps</th><th scope=\"col\">Outcome</th></tr></thead>\n<tbody>\n",
    );
    for line in &list.lines {
        let overlaps: Vec<String> = line
            .overlaps
            .iter()
            .map(|overlap| format!("{} {}", overlap.kind.words(), overlap.second))
            .collect();
        let outcome = line.outcome.as_ref().map_or("not decided yet".to_owned(), Outcome::told);
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}, {}</td><td>{}</td><td>{}</td></tr>",
            escape(&line.idea.title),
            escape(&line.idea.by),
            escape(&line.idea.agency),
            escape(&overlaps.join("; ")),
            escape(&outcome)
        );
    }
    page.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

/// What falls on which day: the plan's dates and the meetings, in order.
fn ahead(board: &Board, as_of: NaiveDate) -> String {
    let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    let mut on = |day: Option<NaiveDate>, what: String| {
        if let Some(day) = day {
            days.entry(day).or_default().push(what);
        }
    };
    for row in board.plan.iter().flat_map(|plan| &plan.rows) {
        on(row.agreed.as_ref().map(|agreed| agreed.on), format!("{}: agreed by the holder", row.id));
        on(row.due, format!("{}: due. {}", row.id, row.action));
        on(row.first_delivery, format!("{}: first delivery", row.id));
        on(row.review, format!("{}: looked at again", row.id));
        on(row.until, format!("{}: the agreement ends", row.id));
    }
    for meeting in board.meetings.iter().flat_map(|meetings| &meetings.meetings) {
        let decides = match meeting.decisions.as_slice() {
            [] => String::new(),
            decisions => format!(". To decide: {}", decisions.join("; ")),
        };
        on(Some(meeting.date), format!("Meeting: {}{decides}", meeting.name));
    }
    if days.is_empty() {
        return String::new();
    }
    days.entry(as_of).or_default().insert(0, "Today".to_owned());
    let mut page = String::from(
        "<section aria-labelledby=\"ahead\">\n<h2 id=\"ahead\">The plan in time</h2>\n<ol class=\"timeline\">\n",
    );
    for (day, what) in &days {
        let (class, said) = match day.cmp(&as_of) {
            Ordering::Less => ("past", " (past)"),
            Ordering::Equal => ("today", ""),
            Ordering::Greater => ("to-come", ""),
        };
        let what: Vec<String> = what.iter().map(|what| escape(what)).collect();
        let _ = writeln!(
            page,
            "<li class=\"{class}\"><b><time datetime=\"{day}\">{}</time>{said}</b><br>{}</li>",
            words::day(*day),
            what.join("<br>")
        );
    }
    page.push_str("</ol>\n</section>\n");
    page
}
