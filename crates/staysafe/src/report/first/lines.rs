//! What we cannot see and who owes it, decisions, challenges, documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{BoardPapers, Line, Report, Section, section, words};
use crate::board::{Answer, Escalated, Forward, ForwardPlan, RowStanding, Status};
use crate::definition::framework::Framework;
use crate::report::entries::Asked;
use crate::workflow::{Standing, role_word};

/// What we cannot see: by the rows of the plan where there is one, else by whom to ask.
pub(super) fn unseen(
    report: &Report,
    framework: &Framework,
    papers: Option<&BoardPapers<'_>>,
    is_board: bool,
) -> Section {
    let entries = |number: usize| words::some(number, "entry", "entries");
    let waiting: BTreeSet<&str> =
        report.to_ask.iter().flat_map(|asked| &asked.rows).map(|open| open.about.id.as_str()).collect();
    let rows = papers.map_or(&[][..], |papers| papers.standing.rows.as_slice());
    let mut says = match waiting.len() {
        0 => "No entry waits for somebody else's data.".to_owned(),
        some => format!("{} for somebody else's data.", words::some(some, "entry waits", "entries wait")),
    };
    if rows.is_empty() {
        let lines = report.to_ask.iter().map(asked).collect();
        return section("unseen", "What we cannot see, and who owes it", &says, lines, 4);
    }
    let open = |row: &&RowStanding| {
        row.status != Status::Closed && !(row.locked.is_empty() && row.overdue.is_none())
    };
    let mut rows: Vec<&RowStanding> = rows.iter().filter(open).collect();
    let days = |row: &RowStanding| row.overdue.as_ref().map_or(0, |overdue| overdue.days);
    rows.sort_by(|a, b| (days(b), b.locked.len(), &a.id).cmp(&(days(a), a.locked.len(), &b.id)));
    let asked: BTreeSet<&str> = rows.iter().flat_map(|row| &row.locked).map(String::as_str).collect();
    let nobody = waiting.iter().filter(|id| !asked.contains(**id)).count();
    if nobody > 0 {
        let _ = write!(says, " The plan asks nobody for {nobody} of them.");
    }
    let late = rows.iter().filter(|row| row.overdue.is_some()).count();
    if late > 0 {
        let _ = write!(says, " {} overdue.", words::some(late, "row of the plan is", "rows of the plan are"));
    }
    let owners = papers.and_then(|papers| papers.board.plan.as_ref()).filter(|_| is_board);
    let line = |row: &&RowStanding| {
        let mut parts = vec![row.status.words().to_owned(), entries(row.locked.len())];
        if row.reopened.is_some() {
            parts.push("the data stopped".to_owned());
        }
        if let Some(overdue) = &row.overdue {
            // Who asks next is the board's own business.
            let to = overdue.to.filter(|_| is_board);
            let to = to.map_or(String::new(), |to| format!(": {}", to.words("the holder")));
            parts.push(format!("{} overdue{to}", words::some(overdue.days as usize, "day", "days")));
        }
        let owner =
            owners.and_then(|plan| plan.rows.iter().find(|other| other.id == row.id)?.owner.as_deref());
        parts.extend(owner.map(|owner| format!("owner {owner}")));
        let dataset = row.dataset_title(framework);
        Line { head: format!("{}: {dataset}", row.holder_name), words: parts.join(" · ") }
    };
    let lines = rows.iter().map(line).collect();
    section("unseen", "What we cannot see, and who owes it", &says, lines, 4)
}

fn asked(asked: &Asked) -> Line {
    let wants = words::some(asked.rows.len(), "entry waits", "entries wait");
    let whole = match asked.unlocks {
        0 => String::new(),
        all => format!("; with all of it {all} would be complete"),
    };
    Line { head: asked.name.clone(), words: format!("{wants}{whole}") }
}

/// What the board is asked to decide today: what its meeting was asked, and what follows from how things stand.
pub(super) fn decisions(papers: &BoardPapers<'_>) -> Section {
    let standing = papers.standing;
    let mut lines: Vec<Line> = Vec::new();
    let line = |head: &str, words: String| Line { head: head.to_owned(), words };
    let meeting = standing.forward.next_meeting.as_ref();
    let of_meeting = meeting.and_then(|(id, ..)| {
        papers.board.meetings.as_ref()?.meetings.iter().find(|meeting| meeting.id == *id)
    });
    if let Some(meeting) = of_meeting {
        lines.extend(meeting.decisions.iter().map(|decision| line("Decide", decision.clone())));
    }
    for row in &standing.rows {
        if row.overdue.as_ref().is_some_and(|overdue| overdue.to == Some(Escalated::BoardChair)) {
            let days = row.overdue.as_ref().map_or(0, |overdue| overdue.days);
            let chief =
                format!("the chief officer of {}: {} ({days} days overdue)", row.holder_name, row.action);
            lines.push(line("Write to", chief));
        }
    }
    if let Some(state) = papers.workflow {
        let waiting = state.steps.iter().filter(|step| step.standing == Standing::Recorded);
        lines.extend(waiting.filter(|step| !step.signed_by.is_empty()).map(|step| {
            let who: Vec<&str> = step.signed_by.iter().map(|role| role_word(*role)).collect();
            line("Sign off", format!("the {} (step {}: {})", step.makes, step.number, who.join(" or ")))
        }));
        let excepted = state.steps.iter().flat_map(|step| step.exceptions.iter().map(move |of| (step, of)));
        lines.extend(excepted.map(|(step, exception)| {
            line("Clear", format!("the exception to step {}: {}", step.number, exception.reason))
        }));
    }
    let answered = standing.challenges.iter().filter(|standing| standing.answer == Answer::Answered);
    lines.extend(answered.map(|standing| {
        let to = &standing.challenge.to;
        line("Take a view", format!("of the answer of {to}: {}", standing.challenge.question))
    }));
    for row in &standing.rows {
        if row.ready_to_close {
            lines.push(line("Close", format!("{}: data seen {} times in a row", row.action, row.run)));
        }
        if let Some(ended) = row.agreement_ended {
            lines.push(line(
                "Renew",
                format!("the agreement of {}, ended {}", row.holder_name, words::day(ended)),
            ));
        }
    }
    let says = match meeting {
        Some((_, name, date)) => format!("For {name}, {}.", words::day(*date)),
        None => "No meeting is planned.".to_owned(),
    };
    let says = if lines.is_empty() { format!("{says} Nothing is asked of it.") } else { says };
    section("decisions", "Decisions asked today", &says, lines, 4)
}

pub(super) fn challenges(papers: &BoardPapers<'_>, framework: &Framework) -> Section {
    let standing = papers.standing;
    let mut open: Vec<_> = standing.challenges.iter().filter(|standing| standing.is_outstanding()).collect();
    open.sort_by_key(|standing| (standing.challenge.due, standing.challenge.id.clone()));
    let line = |standing: &&crate::board::ChallengeStanding| {
        let challenge = &standing.challenge;
        let to = framework.agencies.get(&challenge.to).map_or(&challenge.to, |agency| &agency.name.value);
        let how = match standing.answer {
            Answer::Awaited => format!("due {}", words::day(challenge.due)),
            Answer::Overdue { days } => words::some(days as usize, "day overdue", "days overdue"),
            Answer::Answered => "answered; the board has taken no view".to_owned(),
            Answer::Viewed { view } => view.words().to_owned(),
        };
        Line { head: format!("{to}: {how}"), words: challenge.question.clone() }
    };
    let (all, late) =
        (open.len(), open.iter().filter(|s| matches!(s.answer, Answer::Overdue { .. })).count());
    let says = match (all, standing.challenges.len()) {
        (0, 0) => "None was raised.".to_owned(),
        (0, _) => "None: the board is assured of every answer.".to_owned(),
        (open, of) => format!("{open} of {of} raised; {late} without an answer that was due."),
    };
    let lines = open.iter().map(line).collect();
    section("challenges", "Challenges outstanding", &says, lines, 3)
}

pub(super) fn documents(forward: &ForwardPlan, framework: &Framework) -> Section {
    let waiting: Vec<_> = forward
        .documents
        .iter()
        .filter(|document| !matches!(document.state, Forward::Received { .. }))
        .collect();
    let line = |document: &&crate::board::DocumentStanding| {
        let how = match document.state {
            Forward::Late { days } => format!("{} late", words::some(days as usize, "day", "days")),
            _ => format!("due {}", words::day(document.due)),
        };
        let from = document.holders.join(", ");
        let head = format!("{}, {}", document.title, document.period);
        Line { head, words: format!("{how} · for {} · {from}", document.meeting) }
    };
    let received = forward.documents.len() - waiting.len();
    let mut says = match forward.documents.len() {
        0 if forward.unplanned.is_empty() => "None is due.".to_owned(),
        0 => String::new(),
        all => format!(
            "{received} of {} received, {} late.",
            words::some(all, "document", "documents"),
            forward.late().count()
        ),
    };
    if !forward.unplanned.is_empty() {
        let titles: Vec<String> = forward
            .unplanned
            .iter()
            .map(|(id, period)| {
                let title = framework.indicators.get(id).map_or(id, |indicator| &indicator.title.value);
                format!("{title} {period}")
            })
            .collect();
        let gap = if says.is_empty() { "" } else { " " };
        let _ = write!(says, "{gap}No meeting waits for: {}.", titles.join("; "));
    }
    section("documents", "Documents due", &says, waiting.iter().map(line).collect(), 3)
}
