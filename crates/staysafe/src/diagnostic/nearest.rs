//! The nearest known word to one that is not known.

/// The candidate nearest to a word, where one is near enough to be worth a suggestion: at most a third
/// of the word's letters differ (optimal string alignment distance, ignoring case). Ties go to the
/// first candidate in alphabetical order.
///
/// # Example
/// ```
/// use staysafe::diagnostic::nearest;
/// assert_eq!(nearest("polarty", ["title", "polarity"]), Some("polarity"));
/// assert_eq!(nearest("weather", ["title", "polarity"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let far = word.len().div_ceil(3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut least =
                (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swaps_and_case_count_little() {
        assert_eq!(nearest("Polartiy", ["polarity"]), Some("polarity"), "a swap is one step");
        assert_eq!(nearest("s47", ["section_47"]), None, "too far to suggest");
        assert_eq!(nearest("", ["a", "bcd"]), Some("a"), "an empty word is one letter from one");
    }
}
