//! The words after the verb.

/// Options taken out one by one; whatever is left over is a mistake.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    pub(crate) fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Takes `--name` and says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() != before
    }

    /// Takes `--name VALUE`, as often as it stands there.
    pub(crate) fn values(&mut self, name: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        while let Some(at) = self.0.iter().position(|word| word == name) {
            self.0.remove(at);
            if self.0.get(at).is_none_or(|word| word.starts_with("--")) {
                return Err(format!("`{name}` wants a value"));
            }
            found.push(self.0.remove(at));
        }
        Ok(found)
    }

    /// Takes `--name VALUE` at most once.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let mut found = self.values(name)?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(format!("`{name}` was given more than once")),
        }
    }

    /// Takes `--name NUMBER`.
    pub(crate) fn number(&mut self, name: &str, otherwise: u64) -> Result<u64, String> {
        match self.value(name)? {
            None => Ok(otherwise),
            Some(word) => word.parse().map_err(|_| format!("`{name}` wants a whole number, not `{word}`")),
        }
    }

    /// Refuses whatever was not taken.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => {
                Err(format!("`{word}` is not understood here; `cargo xtask help` lists the options"))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn options_are_taken_and_the_rest_is_refused() {
        let mut given = arguments("--input a.xml --seed 7 --input b.xml --heavy --odd");
        assert!(given.flag("--heavy"));
        assert_eq!(given.values("--input").unwrap(), ["a.xml", "b.xml"]);
        assert_eq!(given.number("--seed", 1).unwrap(), 7);
        assert!(given.finish().unwrap_err().contains("--odd"));
    }

    #[test]
    fn a_value_is_not_the_next_option() {
        assert!(arguments("--out --heavy").value("--out").is_err());
        assert!(arguments("--seed many").number("--seed", 1).is_err());
        assert!(arguments("--out a --out b").value("--out").is_err());
    }
}
