//! Patterns of folders: whose a file is and of which year, told by the names of the folders it lies in.

use std::fmt;
use std::str::FromStr;

/// A pattern such as `{area}/{year}/*.csv`, held against the path of each file below the folder given.
///
/// `{area}` stands for the authority's code, `{year}` for the year in which the return ends (`2018`, or
/// `2017-18`), `*` for anything; none of them reaches over a `/`, and everything else stands for itself, whatever
/// its case. A pattern names each at most once, and text stands between the two.
///
/// # Example
/// ```
/// use staysafe_io::Pattern;
/// let pattern: Pattern = "{area}/903 {year}/*.csv".parse()?;
/// let found = pattern.find("E06000001/903 2017-18/episodes.csv").unwrap();
/// assert_eq!((found.area.as_deref(), found.year), (Some("E06000001"), Some(2018)));
/// assert!(pattern.find("E06000001/old/episodes.csv").is_none());
/// assert!("{area}{year}/*.csv".parse::<Pattern>().is_err(), "where does the one end?");
/// # Ok::<(), staysafe_io::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    segments: Vec<Vec<Part>>,
}

/// What a path says.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The authority's code, where the pattern has `{area}`.
    pub area: Option<String>,
    /// The year in which the return ends, where the pattern has `{year}`.
    pub year: Option<i32>,
    /// The folder the file lies in, below the folder given.
    pub folder: String,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; a pattern is written as in {{area}}/{{year}}/*.csv")]
pub struct PatternError {
    problem: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Area,
    Year,
    Anything,
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let error = |problem: String| Err(PatternError { problem });
        let mut segments = Vec::new();
        let (mut areas, mut years) = (0, 0);
        for segment in text.trim_start_matches("./").split('/') {
            let parts = parts(segment)?;
            if parts.is_empty() {
                return error("a folder without a name stands in it".to_owned());
            }
            areas += parts.iter().filter(|part| **part == Part::Area).count();
            years += parts.iter().filter(|part| **part == Part::Year).count();
            let open = |part: &Part| !matches!(part, Part::Text(_));
            if parts.windows(2).any(|pair| pair.iter().all(open)) {
                return error(format!(
                    "nothing stands between two blanks of '{segment}', so that nobody can tell where the first ends"
                ));
            }
            segments.push(parts);
        }
        if areas > 1 || years > 1 {
            return error("it names the area or the year twice".to_owned());
        }
        if areas + years == 0 {
            return error("it names neither {area} nor {year}".to_owned());
        }
        Ok(Self { text: text.to_owned(), segments })
    }
}

fn parts(segment: &str) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some(at) = rest.find(['{', '*', '}']) {
        let (text, from) = rest.split_at(at);
        if !text.is_empty() {
            parts.push(Part::Text(text.to_lowercase()));
        }
        let (part, used) = if from.starts_with("{area}") {
            (Part::Area, "{area}".len())
        } else if from.starts_with("{year}") {
            (Part::Year, "{year}".len())
        } else if from.starts_with('*') {
            (Part::Anything, 1)
        } else {
            return Err(PatternError {
                problem: format!("'{segment}' holds a bracket that is neither {{area}} nor {{year}}"),
            });
        };
        parts.push(part);
        rest = from.get(used..).unwrap_or_default();
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_lowercase()));
    }
    Ok(parts)
}

impl Pattern {
    /// What a path below the folder given says, with `/` between folders; `None` where the pattern does not fit.
    pub fn find(&self, path: &str) -> Option<Found> {
        let given: Vec<&str> = path.split('/').collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut found = Found::default();
        for (segment, parts) in given.iter().zip(&self.segments) {
            fit(segment, parts, &mut found).then_some(())?;
        }
        found.folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        Some(found)
    }

    /// Whether the pattern says whose a file is.
    pub fn names_area(&self) -> bool {
        self.segments.iter().flatten().any(|part| *part == Part::Area)
    }

    /// Whether the pattern says of which year a file is.
    pub fn names_year(&self) -> bool {
        self.segments.iter().flatten().any(|part| *part == Part::Year)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a name fits its part of the pattern; what it says goes into `found`. The longest fit is tried first.
fn fit(name: &str, parts: &[Part], found: &mut Found) -> bool {
    let Some((part, rest)) = parts.split_first() else { return name.is_empty() };
    if let Part::Text(text) = part {
        let mut letters = name.chars();
        let same = text.chars().all(|wanted| letters.next().is_some_and(|c| c.to_lowercase().eq([wanted])));
        return same && fit(letters.as_str(), rest, found);
    }
    let ends: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    for end in ends.into_iter().rev() {
        let (taken, left) = name.split_at(end);
        let before = found.clone();
        let fits = match part {
            Part::Area if !taken.is_empty() => {
                found.area = Some(taken.to_owned());
                true
            }
            Part::Year => {
                found.year = year(taken);
                found.year.is_some()
            }
            Part::Anything => true,
            Part::Area | Part::Text(_) => false,
        };
        if fits && fit(left, rest, found) {
            return true;
        }
        *found = before;
    }
    false
}

/// The year in which a return ends: `2018`, or `2017-18` and `2017-2018`.
pub(crate) fn year(text: &str) -> Option<i32> {
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i32>().ok())?;
    let four = |text: &str| (text.len() == 4).then(|| digits(text))?;
    let Some((first, last)) = text.split_once(['-', '_']) else { return four(text) };
    let first = four(first)?;
    let last = match last.len() {
        2 => (first + 1) / 100 * 100 + digits(last)?,
        _ => four(last)?,
    };
    (last == first + 1).then_some(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn found(pattern: &str, path: &str) -> Option<(Option<String>, Option<i32>)> {
        pattern.parse::<Pattern>().unwrap().find(path).map(|found| (found.area, found.year))
    }

    #[test]
    fn a_year_is_named_by_the_year_in_which_it_ends() {
        for (text, expected) in [
            ("2018", Some(2018)),
            ("2017-18", Some(2018)),
            ("2017_18", Some(2018)),
            ("1999-00", Some(2000)),
            ("2017-2018", Some(2018)),
            ("2017-19", None),
            ("18", None),
            ("latest", None),
        ] {
            assert_eq!(year(text), expected, "{text}");
        }
    }

    #[test]
    fn a_pattern_fits_whole_paths_in_any_case() {
        let some = |area: &str, year| Some((Some(area.to_owned()), Some(year)));
        assert_eq!(found("{area}/{year}/*.csv", "805/2018/episodes.csv"), some("805", 2018));
        assert_eq!(found("{area}/{year}/*.csv", "805/2018/EPISODES.CSV"), some("805", 2018));
        assert_eq!(
            found("SSDA903_{year}_{area}/*", "ssda903_2017-18_E06000001/x.txt"),
            some("E06000001", 2018)
        );
        assert_eq!(found("{area}_{year}_*.csv", "my_town_2018_reviews.csv"), some("my_town", 2018));
        assert_eq!(found("{year}/*.csv", "2018/old/reviews.csv"), None, "a star stays in its folder");
        assert_eq!(found("{year}/*.csv", "latest/reviews.csv"), None);
        assert_eq!(found("{year}/*.csv", "2018/reviews.csv.bak"), None);
    }

    #[test]
    fn a_pattern_that_says_nothing_or_too_much_is_refused_with_its_reason() {
        for (text, words) in [
            ("*/*.csv", "neither {area} nor {year}"),
            ("{year}/{year}/*.csv", "twice"),
            ("{area}{year}/*.csv", "where the first ends"),
            ("{area}*/x.csv", "where the first ends"),
            ("{are}/x.csv", "holds a bracket"),
            ("{area}//x.csv", "without a name"),
        ] {
            let error = text.parse::<Pattern>().unwrap_err().to_string();
            assert!(error.contains(words) && error.contains("{area}/{year}/*.csv"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_and_no_path_bring_it_down(pattern in "[a-z{}*/.]{0,20}|\\{area\\}-\\{year\\}/\\PC{0,8}", path in "\\PC{0,30}") {
            if let Ok(pattern) = pattern.parse::<Pattern>() {
                let _ = pattern.find(&path);
            }
        }

        #[test]
        fn what_was_put_together_comes_apart(area in "[A-Za-z][A-Za-z0-9]{2,8}", year in 1990..2100i32, file in "[a-z]{1,8}") {
            let pattern: Pattern = "{area}/y{year}/*.csv".parse().unwrap();
            let found = pattern.find(&format!("{area}/Y{year}/{file}.csv")).unwrap();
            prop_assert_eq!((found.area, found.year), (Some(area.clone()), Some(year)));
            prop_assert_eq!(found.folder, format!("{area}/Y{year}"));
        }
    }
}
