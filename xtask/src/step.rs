//! Steps with a clock: each says what it does, how long it took and how it ended. None hides a failure.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// The steps of one chore.
pub(crate) struct Steps {
    done: Vec<Done>,
    started: Instant,
}

struct Done {
    name: String,
    took: Duration,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Failed(String),
    LeftOut(String),
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self { done: Vec::new(), started: Instant::now() }
    }

    /// Runs a program and says whether it succeeded.
    pub(crate) fn run(&mut self, name: &str, command: &mut Command) -> bool {
        self.step(name, || match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(status.to_string()),
            Err(why) => Err(format!("cannot start {}: {why}", command.get_program().display())),
        })
    }

    /// Runs something of our own and says whether it succeeded.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = work().map_or_else(Outcome::Failed, |()| Outcome::Passed);
        let took = started.elapsed();
        let passed = matches!(outcome, Outcome::Passed);
        match &outcome {
            Outcome::Failed(why) => println!("== {name}: FAILED after {}: {why}", minutes(took)),
            _ => println!("== {name}: {}", minutes(took)),
        }
        self.done.push(Done { name: name.to_owned(), took, outcome });
        passed
    }

    /// Says aloud that something was left out, and why.
    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        println!("\n== {name}: left out: {why}");
        let outcome = Outcome::LeftOut(why.to_owned());
        self.done.push(Done { name: name.to_owned(), took: Duration::ZERO, outcome });
    }

    /// Prints the table of steps; the exit code is 1 where any of them failed.
    pub(crate) fn finish(self) -> ExitCode {
        println!();
        for Done { name, took, outcome } in &self.done {
            match outcome {
                Outcome::Passed => println!("  passed    {:>9}  {name}", minutes(*took)),
                Outcome::Failed(why) => println!("  FAILED    {:>9}  {name}: {why}", minutes(*took)),
                Outcome::LeftOut(why) => println!("  left out  {:>9}  {name}: {why}", ""),
            }
        }
        println!("            {:>9}  in all", minutes(self.started.elapsed()));
        if self.done.iter().any(|done| matches!(done.outcome, Outcome::Failed(_))) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

fn minutes(took: Duration) -> String {
    format!("{:.1} min", took.as_secs_f64() / 60.0)
}
