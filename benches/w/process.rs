//! A worker's process: what is asked goes in line by line, answers come out.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::options::Options;

/// A program in a process of its own.
pub(crate) struct Worker {
    pub(crate) name: String,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What a worker said.
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    /// The number behind a word.
    pub(crate) fn number(&self, word: &str) -> Option<f64> {
        self.0.strip_prefix(word)?.trim().parse().ok()
    }
}

impl Worker {
    /// Starts the program of this name, and waits until its tables are loaded.
    ///
    /// # Errors
    /// What it says where it cannot begin.
    pub(crate) fn new(name: &str, in_python: bool, options: &Options, folder: &Path) -> Result<Self, String> {
        let mut command = if in_python {
            let Some(python) = &options.python else {
                return Err("no Python was given".to_owned());
            };
            let mut command = Command::new(python);
            command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/w/peers.py"));
            command.arg(name).arg(folder).arg(options.threads.to_string());
            command
        } else {
            let (program, threads) = match name.split_once('-') {
                Some((program, threads)) => (program, threads.to_owned()),
                None => (name, options.threads.to_string()),
            };
            let [rows, children] = [options.journeys, options.children].map(|count| count.to_string());
            let mut command = Command::new(std::env::current_exe().map_err(|why| why.to_string())?);
            command.args([
                "worker",
                program,
                "--threads",
                &threads,
                "--rows",
                &rows,
                "--children",
                &children,
            ]);
            command
        };
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.map_err(|why| why.to_string())?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("no pipes".to_owned());
        };
        let mut worker = Self { name: name.to_owned(), process, input, output: BufReader::new(output) };
        match worker.answer() {
            Ok(Answer(line)) if line == "ready" => Ok(worker),
            Ok(Answer(line)) => Err(line),
            Err(why) => Err(why),
        }
    }

    /// What it answers to a line.
    ///
    /// # Errors
    /// A program that ended.
    pub(crate) fn ask(&mut self, line: &str) -> Result<Answer, String> {
        writeln!(self.input, "{line}")
            .and_then(|()| self.input.flush())
            .map_err(|why| self.ended(&why.to_string()))?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer, String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => Err(self.ended("it said nothing more")),
            Ok(_) => Ok(Answer(line.trim_end().to_owned())),
            Err(why) => Err(self.ended(&why.to_string())),
        }
    }

    fn ended(&self, why: &str) -> String {
        format!("{} ended: {why}", self.name)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
