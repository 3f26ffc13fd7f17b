#![doc = include_str!("../README.md")]

/// Every file of the framework: its path inside the framework's folder, with `/` between folders, and
/// its text. In the order of the paths.
///
/// # Example
/// ```
/// let (_, text) = staysafe_lscb::FILES
///     .iter()
///     .find(|(path, _)| *path == "indicators/cs-14.toml")
///     .ok_or("cs-14 is not there")?;
/// assert!(text.contains("% of initial case Conferences held within 15 days of start S47 enquiry"));
/// # Ok::<(), &str>(())
/// ```
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn paths_are_sorted_and_none_stands_twice() {
        assert!(FILES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn no_file_is_empty() {
        for (path, text) in FILES {
            assert!(!text.trim().is_empty(), "{path} is empty");
        }
    }

    #[test]
    fn every_file_ends_with_one_newline() {
        for (path, text) in FILES {
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path} does not end with one newline");
        }
    }
}
