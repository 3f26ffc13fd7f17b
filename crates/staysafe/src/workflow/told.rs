//! Where a board stands, in lines of words.

use std::fmt::Write as _;

use super::{State, StepState, role_word};

impl State {
    /// Every step with how it stands, events that were refused, and the next step; it ends with a line's end.
    ///
    /// # Example
    /// ```
    /// let nothing = staysafe::workflow::State::default();
    /// assert_eq!(nothing.told(), "no option is chosen yet\n");
    /// ```
    pub fn told(&self) -> String {
        let Some(title) = &self.title else { return none_chosen(self) };
        let mut text = format!("{title}\nchosen because {}\n", self.reasons.join("; "));
        for step in &self.steps {
            let _ = writeln!(text, "{:>3}  {}", step.number, step.words);
            let _ = writeln!(text, "     {}", step.told());
            for exception in &step.exceptions {
                let accepted = exception
                    .accepted_by
                    .as_ref()
                    .map_or_else(String::new, |by| format!(" (accepted by {by})"));
                let _ = writeln!(text, "     exception: {}{accepted}", exception.reason);
            }
            if step.changed_since_signed {
                let _ = writeln!(text, "     the {} has changed since it was signed", step.makes);
            }
        }
        text.push_str(&refused(self));
        text.push_str(&self.told_next());
        text
    }

    /// The next step and who acts; it ends with a line's end.
    ///
    /// # Example
    /// ```
    /// let nothing = staysafe::workflow::State::default();
    /// assert_eq!(nothing.told_next(), "no option is chosen yet\n");
    /// ```
    pub fn told_next(&self) -> String {
        if self.option.is_none() {
            return none_chosen(self);
        }
        let Some(step) = self.next() else { return "every step is done\n".to_owned() };
        format!("next: step {}, {}: {}\n", step.number, step.words, step.told_wanted())
    }
}

impl StepState {
    /// How it stands, and who signed it: "done, signed by The Board as board on 2010-06-08".
    pub fn told(&self) -> String {
        let mut words = self.standing.words().to_owned();
        if let Some(signed) = &self.signed {
            let _ =
                write!(words, ", signed by {} as {} on {}", signed.by, role_word(signed.role), signed.date);
            if let (Some(meeting), Some(minute)) = (&signed.meeting, &signed.minute) {
                let _ = write!(words, " ({meeting}, minute {minute})");
            }
        }
        if let Some(until) = self.deferred_until {
            let _ = write!(words, " until {until}");
        }
        words
    }

    /// What is to be done, and by whom.
    fn told_wanted(&self) -> String {
        let who: Vec<&str> = self.signed_by.iter().map(|role| role_word(*role)).collect();
        let (makes, who, nobody) = (&self.makes, who.join(" or the "), who.is_empty());
        match (self.made.is_some(), nobody) {
            (_, true) => format!("record the {makes}"),
            (false, false) => format!("record the {makes}, then have it signed off by the {who}"),
            (true, false) => format!("have the {makes} signed off by the {who}"),
        }
    }
}

fn refused(state: &State) -> String {
    state.refused.iter().fold(String::new(), |mut text, refused| {
        let _ = writeln!(text, "refused: {}: {}", refused.event, refused.why);
        text
    })
}

fn none_chosen(state: &State) -> String {
    if state.damaged {
        return "the log has a file that cannot be read: mend it first\n".to_owned();
    }
    format!("no option is chosen yet\n{}", refused(state))
}
