//! The log, event by event.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Exception, Refused, Signed, Standing, State, StepState};
use crate::definition::read::role_word;
use crate::definition::workflow::{Event, Role, Way, WayStep, What};
use crate::diagnostic::{Spanned, nearest};

struct Walk<'a> {
    ways: &'a [Way],
    state: State,
    /// Roles lent: to whom, and until when.
    lent: Vec<(Role, &'a str, NaiveDate)>,
}

pub(super) fn fold(ways: &[Way], log: &[Event], now: &BTreeMap<String, String>, as_of: NaiveDate) -> State {
    let log: Vec<&Event> = log.iter().filter(|event| event.date.value <= as_of).collect();
    let mut walk = Walk { ways, state: State::default(), lent: Vec::new() };
    let withdrawn = walk.withdrawn(&log);
    for event in log {
        if !withdrawn.contains(event.id.value.as_str())
            && let Err(why) = walk.take(event)
        {
            walk.refuse(event, why);
        }
    }
    walk.settle(now, as_of);
    walk.state
}

impl<'a> Walk<'a> {
    fn refuse(&mut self, event: &Event, why: String) {
        self.state.refused.push(Refused { event: event.id.value.clone(), why });
    }

    /// Events that were taken back, by one that came after them and was not itself taken back.
    fn withdrawn(&mut self, log: &[&'a Event]) -> BTreeSet<&'a str> {
        let mut withdrawn = BTreeSet::new();
        for (place, event) in log.iter().enumerate().rev() {
            let What::Withdraw { event: name, .. } = &event.what.value else { continue };
            if withdrawn.contains(event.id.value.as_str()) {
                continue;
            }
            let before = log.get(..place).unwrap_or_default();
            if let Some(other) = before.iter().find(|other| other.id.value == name.value) {
                withdrawn.insert(other.id.value.as_str());
            } else {
                let known = before.iter().map(|other| other.id.value.as_str());
                self.refuse(event, unknown("event before this one", &name.value, known));
            }
        }
        self.state.refused.reverse();
        withdrawn
    }

    fn take(&mut self, event: &'a Event) -> Result<(), String> {
        match &event.what.value {
            What::Choose { way, reasons } => {
                if let Some(chosen) = &self.state.option {
                    return Err(format!(
                        "'{chosen}' was chosen before; to leave it, write \"switch option\""
                    ));
                }
                self.walk_option(way, reasons)
            }
            What::Switch { way, reasons } => {
                if self.state.option.is_none() {
                    return Err("no option was chosen yet; write \"choose option\"".to_owned());
                }
                self.walk_option(way, reasons)
            }
            What::Withdraw { .. } => Ok(()),
            What::Delegate { lent, to, until } => {
                self.lent.push((lent.value, &to.value, until.value));
                Ok(())
            }
            What::Record { step, made, file, .. } => {
                let early = self.first_open_before(&step.value);
                let step = self.step(step, event)?;
                step.deferred_until = None;
                step.made = made.as_ref().map(|made| made.value.clone()).or_else(|| step.made.take());
                step.file = file.as_ref().map(|file| file.value.clone()).or_else(|| step.file.take());
                step.standing = Standing::Recorded;
                if let Some(number) = early {
                    step.except(event, format!("done before step {number}"), None);
                }
                Ok(())
            }
            What::Supersede { step, made, .. } => {
                let step = self.step(step, event)?;
                step.made = Some(made.value.clone());
                step.signed = None;
                step.standing = Standing::Recorded;
                Ok(())
            }
            What::SignOff { step, signed, subject_to } => {
                self.sign_off(event, step, signed.as_ref(), subject_to)
            }
            What::Except { step, reason, accepted_by } => {
                let step = self.step(step, event)?;
                step.standing = Standing::Recorded;
                step.except(event, reason.value.clone(), Some(accepted_by.value.clone()));
                Ok(())
            }
            What::Clear { step, .. } => {
                let step = self.step(step, event)?;
                step.exceptions.clear();
                step.deferred_until = None;
                Ok(())
            }
            What::Reopen { step, .. } => {
                let step = self.step(step, event)?;
                step.standing = Standing::Open;
                step.signed = None;
                step.exceptions.clear();
                Ok(())
            }
            What::Defer { step, until, .. } => {
                let step = self.step(step, event)?;
                step.deferred_until = Some(until.value);
                Ok(())
            }
        }
    }

    /// Walks an option; steps that both options have stay as they are.
    fn walk_option(&mut self, way: &Spanned<String>, reasons: &[Spanned<String>]) -> Result<(), String> {
        let Some(found) = self.ways.iter().find(|known| known.id.value == way.value) else {
            return Err(unknown("option", &way.value, self.ways.iter().map(|way| way.id.value.as_str())));
        };
        let mut before = std::mem::take(&mut self.state.steps);
        let kept = |id: &str, before: &mut Vec<StepState>| {
            before.iter().position(|step| step.id == id).map(|place| before.remove(place))
        };
        let steps = found.steps.iter().zip(1..).map(|(step, number)| {
            let fresh = StepState::of(step, number);
            match kept(&step.id.value, &mut before) {
                Some(old) => StepState {
                    number,
                    words: fresh.words,
                    makes: fresh.makes,
                    signed_by: fresh.signed_by,
                    ..old
                },
                None => fresh,
            }
        });
        self.state.steps = steps.collect();
        self.state.option = Some(way.value.clone());
        self.state.title = Some(format!("{}: {}", found.number.value, found.title.value));
        self.state.reasons = reasons.iter().map(|reason| reason.value.clone()).collect();
        Ok(())
    }

    fn sign_off(
        &mut self,
        event: &Event,
        name: &Spanned<String>,
        signed: Option<&Spanned<String>>,
        subject_to: &[Spanned<String>],
    ) -> Result<(), String> {
        let lent: Vec<Role> = self
            .lent
            .iter()
            .filter(|(_, to, until)| *to == event.by.value && event.date.value <= *until)
            .map(|(role, ..)| *role)
            .collect();
        let step = self.step(name, event)?;
        if step.signed_by.is_empty() {
            return Err(format!("step {} needs no sign-off; record it", step.number));
        }
        let held = std::iter::once(event.role.value).chain(lent);
        let Some(role) = held.into_iter().find(|role| step.signed_by.contains(role)) else {
            let wanted: Vec<&str> = step.signed_by.iter().map(|role| role_word(*role)).collect();
            return Err(format!(
                "{} is the {}; step {} is signed off by the {}",
                event.by.value,
                role_word(event.role.value),
                step.number,
                wanted.join(" or the ")
            ));
        };
        let Some(hash) = signed.map(|signed| signed.value.clone()) else {
            return Err(format!("it does not say what was signed: the hash of the {}", step.makes));
        };
        match &step.made {
            None => return Err(format!("there is no {} to sign: record it first", step.makes)),
            Some(made) if *made != hash => {
                return Err(format!("the {} that is recorded is another than the one signed", step.makes));
            }
            Some(_) => {}
        }
        for condition in subject_to {
            step.except(
                event,
                format!("signed off subject to: {}", condition.value),
                Some(event.by.value.clone()),
            );
        }
        let missing = [
            (event.meeting.is_none(), "the sign-off names no meeting"),
            (event.minute.is_none(), "the sign-off names no minute"),
            (event.quorum != Some(true), "the sign-off does not say that the meeting had a quorum"),
        ];
        for (_, what) in missing.into_iter().filter(|(missing, _)| *missing) {
            step.except(event, what.to_owned(), None);
        }
        step.standing = Standing::Recorded;
        let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.value.clone());
        step.signed = Some(Signed {
            event: event.id.value.clone(),
            date: event.date.value,
            by: event.by.value.clone(),
            role,
            meeting: text(&event.meeting),
            minute: text(&event.minute),
            hash,
        });
        Ok(())
    }

    /// The step of the option that is walked; the event is noted with it.
    fn step(&mut self, name: &Spanned<String>, event: &Event) -> Result<&mut StepState, String> {
        let known: Vec<String> = self.state.steps.iter().map(|step| step.id.clone()).collect();
        if self.state.option.is_none() {
            return Err("no option was chosen yet; write \"choose option\"".to_owned());
        }
        let found = self.state.steps.iter_mut().find(|step| step.id == name.value);
        let step = found.ok_or_else(|| unknown("step", &name.value, known.iter().map(String::as_str)))?;
        step.events.push(event.id.value.clone());
        Ok(step)
    }

    fn first_open_before(&self, id: &str) -> Option<usize> {
        let open = self.state.steps.iter().take_while(|step| step.id != id).find(|step| {
            let signed = step.signed_by.is_empty() || step.signed.is_some();
            step.standing == Standing::Open || !signed && step.exceptions.is_empty()
        });
        open.map(|step| step.number)
    }

    /// What the events make of each step today.
    fn settle(&mut self, now: &BTreeMap<String, String>, as_of: NaiveDate) {
        for step in &mut self.state.steps {
            let there = now.get(&step.id).or(step.made.as_ref());
            step.changed_since_signed =
                step.signed.as_ref().is_some_and(|signed| there.is_some_and(|there| *there != signed.hash));
            let accepted = step.exceptions.iter().any(|exception| exception.accepted_by.is_some());
            let signed = step.signed_by.is_empty() || step.signed.is_some() || accepted;
            step.standing = match step.standing {
                Standing::Open | Standing::Recorded
                    if step.deferred_until.is_some_and(|until| until > as_of) =>
                {
                    Standing::Deferred
                }
                Standing::Recorded if signed && !step.exceptions.is_empty() => Standing::DoneWithException,
                Standing::Recorded if signed => Standing::Done,
                other => other,
            };
        }
    }
}

impl StepState {
    fn of(step: &WayStep, number: usize) -> Self {
        Self {
            id: step.id.value.clone(),
            number,
            words: step.words.value.clone(),
            makes: step.makes.value.clone(),
            signed_by: step.signed_by.iter().map(|role| role.value).collect(),
            standing: Standing::Open,
            made: None,
            file: None,
            signed: None,
            changed_since_signed: false,
            exceptions: Vec::new(),
            deferred_until: None,
            events: Vec::new(),
        }
    }

    fn except(&mut self, event: &Event, reason: String, accepted_by: Option<String>) {
        self.exceptions.push(Exception { event: event.id.value.clone(), reason, accepted_by });
    }
}

fn unknown<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    match nearest(name, known) {
        Some(near) => format!("no {what} is called '{name}'; did you mean '{near}'?"),
        None => format!("no {what} is called '{name}'"),
    }
}
