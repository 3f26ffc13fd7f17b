//! `staysafe verify`: the tests written inside the definitions, and whether they would notice a slip.

use std::path::PathBuf;

use clap::Args;
use staysafe::check::Checked;
use staysafe::diagnostic::{Sources, nearest, render};
use staysafe::verify::mutate::{Mutated, Subject, mutate, subjects};
use staysafe::verify::verify;

use super::check::Form;
use super::published::Published;
use crate::Ending;
use crate::failure::Failure;
use crate::framework;
use crate::output;

/// Run the tests written inside the definitions, or work published figures out again from their parts.
///
/// A test that fails is a finding (exit code 1), and so is a published figure that its published parts cannot give.
/// Tests of definitions that cannot be calculated yet are named, not run.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The framework's folder; without one, the shipped framework.
    folder: Option<PathBuf>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Form::Full)]
    format: Form,

    /// Make each slip of the pen in each definition, and list those that no test notices.
    #[arg(long)]
    mutate: bool,

    /// With --mutate: only this definition, an indicator or a derived table; may be given several times.
    #[arg(long = "indicator", value_name = "ID", requires = "mutate")]
    indicators: Vec<String>,

    /// With --mutate: end with exit code 1 where a definition's tests notice fewer than so many slips in a hundred.
    #[arg(long, value_name = "N", requires = "mutate", value_parser = clap::value_parser!(u8).range(0..=100))]
    at_least: Option<u8>,

    #[command(flatten)]
    published: Published,
}

impl Verify {
    pub(crate) fn run(&self) -> Result<Ending, Failure> {
        if self.published.is_asked() {
            return self.published.run(matches!(self.format, Form::Json));
        }
        let checked = framework::checked(self.folder.as_deref(), &[])?;
        if self.mutate {
            return self.mutate(&checked);
        }
        let verified = verify(&checked);
        let sources = &checked.framework().files;
        output::answer(&match self.format {
            Form::Junit => verified.junit(sources),
            format => render(&verified.findings, sources, format.into()),
        })?;
        for (indicator, tests) in &verified.not_run {
            output::note(&format!("{indicator}: {tests} tests not run, for it cannot be calculated yet"));
        }
        output::note(&format!(
            "{} tests run, {} expectations not met",
            verified.run,
            verified.findings.len()
        ));
        Ok(if verified.findings.is_empty() { Ending::Clean } else { Ending::Findings })
    }

    fn mutate(&self, checked: &Checked) -> Result<Ending, Failure> {
        let mutated = Mutated { definitions: all(checked, &self.wanted(checked)?) };
        let total = mutated.total();
        output::answer(&self.written(&mutated, &checked.framework().files)?)?;
        output::note(&format!(
            "{} of {} mutants killed, {} argued",
            total.killed,
            total.counted(),
            total.argued
        ));
        let enough = |one: &Subject| self.at_least.is_none_or(|least| one.reaches(least.into()));
        for one in mutated.definitions.iter().filter(|one| !enough(one)) {
            let (killed, counted) = (one.killed, one.counted());
            output::note(&format!("{}: {killed} of {counted} killed, fewer than asked for", one.id));
        }
        let clean = total.failing == 0 && total.stale.is_empty() && mutated.definitions.iter().all(enough);
        Ok(if clean { Ending::Clean } else { Ending::Findings })
    }

    /// The definitions asked for.
    fn wanted(&self, checked: &Checked) -> Result<Vec<String>, Failure> {
        let known = subjects(checked);
        for id in &self.indicators {
            if !known.contains(id) {
                let near = nearest(id, known.iter().map(String::as_str));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                return Err(Failure::new(format!("no definition `{id}` can be calculated{hint}")));
            }
        }
        let asked = |id: &String| self.indicators.is_empty() || self.indicators.contains(id);
        Ok(known.into_iter().filter(asked).collect())
    }

    fn written(&self, mutated: &Mutated, sources: &Sources) -> Result<String, Failure> {
        match self.format {
            Form::Full => Ok(mutated.to_text()),
            Form::Json => serde_json::to_string_pretty(mutated).map_err(Failure::new),
            format => Ok(render(&mutated.findings(), sources, format.into())),
        }
    }
}

/// Every definition's mutants, on as many threads as there are cores; in the order of the ids all the same.
fn all(checked: &Checked, ids: &[String]) -> Vec<Subject> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some(id) = ids.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.extend(mutate(checked, id));
        }
        done
    };
    let mut found: Vec<Subject> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
            .collect()
    });
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}
