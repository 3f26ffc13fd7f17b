//! What is asked for on the command line.

use std::path::PathBuf;

use super::data::Rows;

/// The options of a run.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) journeys: usize,
    /// Of the synthetic council.
    pub(crate) children: usize,
    pub(crate) indicators: usize,
    pub(crate) periods: usize,
    pub(crate) threads: usize,
    pub(crate) times: usize,
    /// The words that are no options: which part of the bench to be.
    pub(crate) words: Vec<String>,
    /// Where tables and counts lie.
    pub(crate) folder: PathBuf,
    /// The interpreter that has the peers.
    pub(crate) python: Option<PathBuf>,
    /// Who does not take part.
    pub(crate) without: Vec<String>,
}

impl Options {
    /// # Errors
    /// An option without a value, a value that is no number.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut options = Self {
            journeys: 100_000,
            children: 20_000,
            indicators: 14,
            periods: 40,
            threads: cores,
            times: 5,
            words: Vec::new(),
            folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench"),
            python: None,
            without: Vec::new(),
        };
        let mut words = words;
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("`{word}` wants a value"));
            let number = |value: String| value.parse().map_err(|_| format!("`{value}` is no number"));
            match word.as_str() {
                // Cargo gives it to every bench.
                "--bench" => {}
                "--rows" => options.journeys = number(value()?)?,
                "--children" => options.children = number(value()?)?,
                "--indicators" => options.indicators = number(value()?)?,
                "--periods" => options.periods = number(value()?)?,
                "--threads" => options.threads = number(value()?)?.max(1),
                "--times" => options.times = number(value()?)?.max(1),
                "--folder" => options.folder = value()?.into(),
                "--python" => options.python = Some(value()?.into()),
                "--without" => options.without.push(value()?),
                other if other.starts_with('-') => {
                    return Err(format!("`{other}` is no option of this bench"));
                }
                _ => options.words.push(word),
            }
        }
        Ok(options)
    }

    pub(crate) fn rows(&self) -> Rows {
        Rows::of(self.journeys)
    }

    /// Where the census of the whole framework lies as tables.
    pub(crate) fn whole(&self) -> PathBuf {
        self.folder.join(format!("whole-{}", self.children))
    }
}
