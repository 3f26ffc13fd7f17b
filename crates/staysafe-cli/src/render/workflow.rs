//! Where a board stands, for a terminal.

use std::fmt::Write as _;

use staysafe::workflow::{State, StepState, role_word};

/// Every step with how it stands.
pub(crate) fn status(state: &State) -> String {
    let Some(option) = &state.option else { return none_chosen(state) };
    let mut text = format!("{option}: {}\n", state.reasons.join("; "));
    for step in &state.steps {
        let _ = writeln!(text, "{:>3}  {}", step.number, step.words);
        let _ = writeln!(text, "     {}", standing(step));
        for exception in &step.exceptions {
            let accepted =
                exception.accepted_by.as_ref().map_or_else(String::new, |by| format!(" (accepted by {by})"));
            let _ = writeln!(text, "     exception: {}{accepted}", exception.reason);
        }
        if step.changed_since_signed {
            let _ = writeln!(text, "     the {} has changed since it was signed", step.makes);
        }
    }
    text.push_str(&refused(state));
    text.push_str(&next(state));
    text
}

/// The next step and who acts.
pub(crate) fn next(state: &State) -> String {
    if state.option.is_none() {
        return none_chosen(state);
    }
    let Some(step) = state.next() else { return "every step is done\n".to_owned() };
    let who: Vec<&str> = step.signed_by.iter().map(|role| role_word(*role)).collect();
    let what = match (step.made.is_some(), who.is_empty()) {
        (_, true) => format!("record the {}", step.makes),
        (false, false) => {
            format!("record the {}, then have it signed off by the {}", step.makes, who.join(" or the "))
        }
        (true, false) => format!("have the {} signed off by the {}", step.makes, who.join(" or the ")),
    };
    format!("next: step {}, {}: {what}\n", step.number, step.words)
}

fn standing(step: &StepState) -> String {
    let mut words = step.standing.words().to_owned();
    if let Some(signed) = &step.signed {
        let _ = write!(words, ", signed by {} as {} on {}", signed.by, role_word(signed.role), signed.date);
        if let (Some(meeting), Some(minute)) = (&signed.meeting, &signed.minute) {
            let _ = write!(words, " ({meeting}, minute {minute})");
        }
    }
    if let Some(until) = step.deferred_until {
        let _ = write!(words, " until {until}");
    }
    words
}

fn refused(state: &State) -> String {
    state.refused.iter().fold(String::new(), |mut text, refused| {
        let _ = writeln!(text, "refused: {}: {}", refused.event, refused.why);
        text
    })
}

fn none_chosen(state: &State) -> String {
    format!("no option is chosen yet\n{}", refused(state))
}
