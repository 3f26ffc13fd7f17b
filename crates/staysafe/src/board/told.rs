//! Where a board stands, in words for a terminal and a notebook.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Answer, BoardStanding, Candidate, Forward, Made, RowStanding, Selection};

/// How far a label reaches.
const LABEL: usize = 18;

impl BoardStanding {
    /// The plan, the task group, the documents due, the priorities and the challenges, in words.
    pub fn told(&self) -> String {
        let mut text = String::new();
        self.rows_told(&mut text);
        if let Some(group) = &self.task_group {
            let end = group.end.map_or_else(|| "no last day is set".to_owned(), |end| format!("until {end}"));
            let _ = writeln!(text, "\nTask group: {}, led by {}, {end}", group.state.words(), group.chair);
            for action in &group.actions {
                let how = match action.done {
                    Some(done) => format!("done {done}"),
                    None if action.late > 0 => format!("{} overdue", days(action.late)),
                    None => format!("due {}", action.due),
                };
                let _ = writeln!(text, "  {}: {how}: {}", action.owner, action.words);
            }
            if !group.without_member.is_empty() {
                let _ = writeln!(text, "  no member from: {}", group.without_member.join(", "));
            }
        }
        self.forward_told(&mut text);
        for standing in &self.priorities {
            let priority = &standing.priority;
            let _ = writeln!(text, "\nPriority: {} ({})", priority.words, priority.owner);
            label(&mut text, "can be seen", &standing.seen.join(", "));
            label(&mut text, "cannot be seen", &standing.unseen.join(", "));
            label(&mut text, "no indicator for", &priority.needs.join("; "));
        }
        if !self.challenges.is_empty() {
            text.push_str("\nChallenges\n");
        }
        for standing in &self.challenges {
            let challenge = &standing.challenge;
            let how = match standing.answer {
                Answer::Awaited => format!("due {}", challenge.due),
                Answer::Overdue { days: late } => format!("{} overdue", days(late)),
                Answer::Answered => "answered; the board has taken no view".to_owned(),
                Answer::Viewed { view } => view.words().to_owned(),
            };
            let _ = writeln!(text, "  {}: {how}: {}", challenge.to, challenge.question);
        }
        text
    }

    fn rows_told(&self, text: &mut String) {
        if self.rows.is_empty() {
            text.push_str("There is no data gathering plan yet, or it has no rows\n");
        }
        for row in &self.rows {
            row.told(text);
        }
    }

    fn forward_told(&self, text: &mut String) {
        let forward = &self.forward;
        if !forward.documents.is_empty() || !forward.unplanned.is_empty() {
            text.push_str("\nDocuments due\n");
        }
        for document in &forward.documents {
            let how = match document.state {
                Forward::Received { on, late: 0 } => format!("received {on}"),
                Forward::Received { on, late } => format!("received {on}, {} late", days(late)),
                Forward::Due { .. } => format!("due {}", document.due),
                Forward::Late { days: late } => format!("{} late", days(late)),
            };
            let from = document.holders.join(", ");
            let (title, period, meeting) = (&document.title, document.period, &document.meeting);
            let _ = writeln!(text, "  {title}, {period}, for {meeting}: {how}: {from}");
        }
        for (id, period) in &forward.unplanned {
            let _ = writeln!(text, "  {id}, {period}: no meeting waits for it");
        }
        if let Some((_, name, date)) = &forward.next_meeting {
            let _ = writeln!(text, "  next meeting: {name}, {date}");
        }
    }
}

impl RowStanding {
    fn told(&self, text: &mut String) {
        let _ = writeln!(text, "{}  {}", self.id, self.action);
        let mut standing = self.status.words().to_owned();
        if self.reopened.is_some() {
            standing.push_str(", open again");
        }
        if self.ready_to_close {
            standing.push_str(", ready to be signed as closed");
        }
        if self.signed_too_early {
            standing.push_str("; signed before the data was seen often enough, which closes nothing");
        }
        label(text, "stands", &standing);
        let overdue = self.overdue.as_ref().map(|overdue| {
            let to = overdue.to.map_or(String::new(), |to| format!(": {}", to.words(&self.holder_name)));
            format!("{} since {}{to}", days(overdue.days), overdue.since)
        });
        label(text, "overdue", &overdue.unwrap_or_default());
        let last = self.deliveries.last().map(|last| {
            format!(
                "{}, due {}: {} ({} of {} in a row)",
                last.period,
                last.due,
                last.seen.words(),
                self.run,
                self.needed
            )
        });
        label(text, "last delivery", &last.unwrap_or_default());
        let next = self.next.map(|(period, due)| format!("{period}, due {due}"));
        label(text, "next delivery", &next.unwrap_or_default());
        label(text, "agreement ended", &day(self.agreement_ended));
        if self.review_due {
            label(text, "review", "due");
        }
        label(text, "unlocked", &self.unlocked.join(", "));
        label(text, "waiting for it", &self.locked.join(", "));
        label(text, "not written yet", &self.wants.join(", "));
    }
}

impl Made {
    /// What was added, what differs, and what is asked of nobody, in words.
    pub fn told(&self) -> String {
        let mut text = String::new();
        let rows = |number| if number == 1 { "1 row".to_owned() } else { format!("{number} rows") };
        let _ = writeln!(text, "{} added", rows(self.added.len()));
        for id in &self.added {
            let _ = writeln!(text, "  {id}");
        }
        for widened in &self.widened {
            let _ = writeln!(text, "{}: {} added to {}", widened.row, widened.added.join(", "), widened.key);
        }
        for differs in &self.differs {
            let (row, key) = (&differs.row, differs.key);
            let _ = writeln!(
                text,
                "{row}: {key} was left as it is: \"{}\"; the gap analysis says \"{}\"",
                differs.plan, differs.analysis
            );
        }
        for (ids, what) in [
            (&self.asked_elsewhere, "asked for in rows of other names"),
            (&self.no_longer_missing, "missing no longer; their rows stay"),
            (&self.nobody_to_ask, "have nobody to ask: no holder is known"),
        ] {
            if !ids.is_empty() {
                let _ = writeln!(text, "{what}: {}", ids.join(", "));
            }
        }
        text
    }
}

/// A line with its label; none where there is nothing to say.
fn label(text: &mut String, label: &str, words: &str) {
    if !words.is_empty() {
        let _ = writeln!(text, "  {label:LABEL$}{words}");
    }
}

fn days(number: u32) -> String {
    if number == 1 { "1 day".to_owned() } else { format!("{number} days") }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Candidates for priorities in words: each with its evidence.
pub fn candidates_told(candidates: &[Candidate]) -> String {
    if candidates.is_empty() {
        return "Nothing got worse, nothing stands beyond a target, and every entry can be seen\n".to_owned();
    }
    let mut text = String::new();
    for (candidate, number) in candidates.iter().zip(1..) {
        let _ = writeln!(text, "{number}. {}: {}", candidate.id, candidate.words);
        for evidence in &candidate.evidence {
            let place = evidence.area().map_or(String::new(), |area| format!(", {area}"));
            let _ = writeln!(text, "   {}{place}: {}", evidence.kind(), evidence.words());
        }
        if candidate.indicators.iter().any(|id| *id != candidate.id) {
            let _ = writeln!(text, "   indicators: {}", candidate.indicators.join(", "));
        }
        if !candidate.covered_by.is_empty() {
            let _ = writeln!(text, "   in a priority already: {}", candidate.covered_by.join(", "));
        }
    }
    text
}

/// Candidates as drafts of `priorities.toml`: a person takes one, gives it the board's words and an owner, and takes the
/// mark away. Those that a priority holds already are left out.
pub fn drafted(candidates: &[Candidate]) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut text = String::from(
        "# Candidates from the draft framework. Keep what the board decides; each kept one needs its own words, an owner and a first day.\n",
    );
    for candidate in candidates.iter().filter(|candidate| candidate.covered_by.is_empty()) {
        text.push('\n');
        for evidence in &candidate.evidence {
            let place = evidence.area().map_or(String::new(), |area| format!(", {area}"));
            let _ = writeln!(text, "# {}{place}: {}", evidence.kind(), evidence.words().replace('\n', " "));
        }
        let ids: Vec<String> = candidate.indicators.iter().map(|id| quoted(id)).collect();
        let _ = writeln!(
            text,
            "# [[priority]]\n# id = {}\n# words = {}\n# owner = \"\"\n# from = \n# indicators = [{}]",
            quoted(&candidate.id),
            quoted(&candidate.words),
            ids.join(", ")
        );
    }
    text
}

impl Selection {
    /// What the priorities select, the data that it needs, and the needs that nobody has an indicator for, in words.
    pub fn told(&self) -> String {
        let mut text = format!("Indicators selected: {}\n", self.indicators.len());
        for (id, priorities) in &self.indicators {
            let _ = writeln!(text, "  {id}: {}", priorities.join(", "));
        }
        text.push_str("\nNeeds\n");
        if self.needs.is_empty() {
            text.push_str("  no priority says a need in words\n");
        }
        for need in &self.needs {
            let _ = writeln!(text, "  {}: {}", need.priority, need.words);
            if need.near.is_empty() {
                text.push_str("    nobody has an indicator for it\n");
            }
            for near in &need.near {
                let _ = writeln!(text, "    perhaps {}: {}", near.second, near.why);
            }
        }
        text.push_str("\nData requirements\n");
        if self.requirements.is_empty() {
            text.push_str("  none: no indicator is selected\n");
        }
        for requirement in &self.requirements {
            let holder = requirement.holder.as_deref().unwrap_or("no holder is known");
            let fields: Vec<&str> = requirement.fields.iter().map(String::as_str).collect();
            let _ = writeln!(text, "  {} ({holder})", requirement.title);
            label(&mut text, "  fields", &fields.join(", "));
            label(&mut text, "  for", &requirement.indicators.join(", "));
        }
        let _ = writeln!(text, "\nListed entries that no priority names: {}", self.not_selected.len());
        text
    }
}
