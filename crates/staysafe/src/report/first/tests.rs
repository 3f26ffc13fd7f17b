use super::*;

#[test]
fn words_that_do_not_fit_are_cut_at_a_word_and_marked() {
    assert_eq!(clipped("a  b\nc", 80), "a b c");
    assert_eq!(clipped("one two three", 9), "one two…");
    assert_eq!(clipped("unbreakable", 5), "unbr…");
    for words in ["", "é", "ééééééééé", "a b c d e f g h i j", "           x"] {
        for most in 1..12 {
            assert!(clipped(words, most).chars().count() <= most);
        }
    }
}

#[test]
fn a_section_counts_what_it_has_no_room_for() {
    let line =
        |n: usize| Line { head: format!("line {n} {}", "long ".repeat(40)), words: "word ".repeat(60) };
    let made = section("worse", "What got worse", &"says ".repeat(200), (0..9).map(line).collect(), 4);
    assert_eq!((made.lines.len(), made.more), (4, 5));
    assert_eq!(made.more_words().as_deref(), Some("and 5 more"));
    assert!(made.says.chars().count() <= SAYS);
    assert!(made.lines.iter().all(|line| line.head.chars().count() <= HEAD));
    let letters = |line: &Line| line.head.chars().count() + line.words.chars().count();
    assert!(
        made.lines.iter().all(|line| letters(line) <= LINE),
        "three lines of a column, whatever they say"
    );
    assert_eq!(section("worse", "h", "", vec![line(1)], 4).more_words(), None);
}
