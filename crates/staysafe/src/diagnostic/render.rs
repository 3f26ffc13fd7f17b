//! Diagnostics as people and machines read them.

mod ci;
mod full;
mod junit;
mod machine;

use std::fmt::Write;

use super::{Diagnostic, Diagnostics, Position, Sources, Span};

pub use full::{Look, render_full};
pub use junit::{Case, junit_report};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// With the line, a caret and the help; plain ASCII without colour.
    Full,
    /// `path:line:column: severity[code] message`
    Concise,
    /// A JSON array.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// A test report in the XML of `JUnit`.
    Junit,
}

/// Writes diagnostics in the order given; nothing at all where there are none, but for JSON's `[]`.
///
/// A span that lies outside its text, or inside a character, is cut to what is there. Columns are counted
/// in characters, from 1.
///
/// # Example
/// ```
/// use staysafe::diagnostic::{Code, Diagnostic, Diagnostics, Format, Sources, Span, render};
/// let mut sources = Sources::new();
/// sources.insert("indicators/cs-14.toml", "id = \"cs-14\"\nkind = \"propotion\"\n");
/// let span = Span { file: "indicators/cs-14.toml".into(), start: 21, end: 30 };
/// let finding = Diagnostic::new(Code::UnknownWord, span, "`propotion` is not a word of `kind`");
/// assert_eq!(
///     render(&Diagnostics::from(finding), &sources, Format::Concise),
///     "indicators/cs-14.toml:2:9: error[unknown-word] `propotion` is not a word of `kind`\n"
/// );
/// ```
pub fn render(diagnostics: &Diagnostics, sources: &Sources, format: Format) -> String {
    match format {
        Format::Full => render_full(diagnostics, sources, Look::default()),
        Format::Concise => concise(diagnostics, sources),
        Format::Json => machine::json(diagnostics, sources),
        Format::Github => machine::github(diagnostics, sources),
        Format::Gitlab => ci::gitlab(diagnostics, sources),
        Format::Sarif => ci::sarif(diagnostics, sources),
        Format::Junit => junit::junit(diagnostics, sources),
    }
}

fn concise(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for Diagnostic { code, severity, message, span, .. } in diagnostics {
        if let Some(span) = span {
            let Position { line, column } = ends(sources, span).0;
            let _ = write!(text, "{}:{line}:{column}: ", span.file);
        }
        let _ = writeln!(text, "{severity}[{code}] {}", one_line(message));
    }
    text
}

/// Where a span starts and ends; the start of the file where its text is not at hand.
fn ends(sources: &Sources, span: &Span) -> (Position, Position) {
    let start_of_file = Position { line: 1, column: 1 };
    sources.get(&span.file).map_or((start_of_file, start_of_file), |source| {
        let range = inside(source.text(), span);
        (source.position(range.start), source.position(range.end))
    })
}

/// A span cut to its text and to whole characters.
fn inside(text: &str, span: &Span) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.floor_char_boundary(span.end).max(start)
}

fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Code;

    const PATH: &str = "indicators/cs-14.toml";
    const TEXT: &str = "id = \"cs-14\"\nkind = \"propotion\"\npolarity = \"higher\"\n# é\n";

    fn at(start: usize, end: usize) -> Span {
        Span { file: PATH.into(), start, end }
    }

    fn sources() -> Sources {
        let mut sources = Sources::new();
        sources.insert(PATH, TEXT);
        sources.insert("lists.toml", "[[list]]\nid = \"a\"\n");
        sources
    }

    fn written(diagnostic: Diagnostic, format: Format) -> String {
        render(&Diagnostics::from(diagnostic), &sources(), format)
    }

    fn unknown_word() -> Diagnostic {
        Diagnostic::new(Code::UnknownWord, at(21, 30), "`propotion` is not a word of `kind`")
            .label("did you mean `proportion`?")
            .help("the words allowed are count, stock, proportion")
            .fix(at(21, 30), "proportion")
    }

    #[test]
    fn full_shows_the_line_the_caret_and_the_mend() {
        let expected = "\
error[unknown-word]: `propotion` is not a word of `kind`
 --> indicators/cs-14.toml:2:9
  |
2 | kind = \"propotion\"
  |         ^^^^^^^^^ did you mean `proportion`?
  |
help: the words allowed are count, stock, proportion
  |
2 | kind = \"proportion\"
  |              +
";
        assert_eq!(written(unknown_word(), Format::Full), expected);
    }

    #[test]
    fn full_shows_other_places_also_in_other_files() {
        let twice = Diagnostic::new(Code::NoTest, at(0, 2), "a calculation without a test")
            .other(at(13, 17), "its kind")
            .other(Span { file: "lists.toml".into(), start: 15, end: 16 }, "its list")
            .help("add a [[test]]");
        let expected = "\
warning[no-test]: a calculation without a test
 --> indicators/cs-14.toml:1:1
  |
1 | id = \"cs-14\"
  | ^^
2 | kind = \"propotion\"
  | ---- its kind
  |
 ::: lists.toml:2:7
  |
2 | id = \"a\"
  |       - its list
  |
  = help: add a [[test]]
";
        assert_eq!(written(twice, Format::Full), expected);
    }

    #[test]
    fn two_findings_have_an_empty_line_between_them() {
        let mut two = Diagnostics::from(Diagnostic::nowhere(Code::MissingFile, "no `framework.toml`"));
        two.push(Diagnostic::nowhere(Code::NotSupportedYet, "steps of derived tables").help("wait"));
        let expected = "\
error[missing-file]: no `framework.toml`

note[not-supported-yet]: steps of derived tables
 |
 = help: wait
";
        assert_eq!(render(&two, &sources(), Format::Full), expected);
    }

    #[test]
    fn colour_and_lines_are_asked_for() {
        let one = Diagnostics::from(unknown_word());
        let look = Look { colour: true, unicode: true };
        let text = render_full(&one, &sources(), look);
        assert!(text.contains('\u{1b}') && text.contains('━'), "{text}");
        let plain = render_full(&one, &sources(), Look::default());
        assert!(plain.is_ascii(), "{plain}");
    }

    #[test]
    fn concise_is_one_line_each() {
        let two_lines = Diagnostic::new(Code::NotToml, at(13, 13), "one\r\ntwo");
        assert_eq!(
            written(two_lines, Format::Concise),
            "indicators/cs-14.toml:2:1: error[not-toml] one two\n"
        );
        let nowhere = Diagnostic::nowhere(Code::MissingFile, "nothing");
        assert_eq!(written(nowhere, Format::Concise), "error[missing-file] nothing\n");
    }

    #[test]
    fn json_says_all_of_it() {
        let expected = r#"[
  {
    "code": "unknown-word",
    "severity": "error",
    "message": "`propotion` is not a word of `kind`",
    "label": "did you mean `proportion`?",
    "file": "indicators/cs-14.toml",
    "line": 2,
    "column": 9,
    "end_line": 2,
    "end_column": 18,
    "others": [],
    "help": "the words allowed are count, stock, proportion",
    "fix": {
      "file": "indicators/cs-14.toml",
      "line": 2,
      "column": 9,
      "end_line": 2,
      "end_column": 18,
      "replacement": "proportion"
    }
  }
]
"#;
        assert_eq!(written(unknown_word(), Format::Json), expected);
        assert_eq!(render(&Diagnostics::new(), &sources(), Format::Json), "[]\n");
    }

    #[test]
    fn github_annotations_are_escaped() {
        let awkward = Diagnostic::new(
            Code::NoTest,
            Span { file: "a,b:c%.toml".into(), start: 0, end: 3 },
            "100% of\nlines: a, b",
        )
        .help("mend, it");
        let expected = "::warning file=a%2Cb%3Ac%25.toml,line=1,col=1,endLine=1,endColumn=1,title=no-test\
                        ::100%25 of%0Alines: a, b%0Amend, it\n";
        assert_eq!(written(awkward, Format::Github), expected);
        let note = Diagnostic::nowhere(Code::NotSupportedYet, "later");
        assert_eq!(written(note, Format::Github), "::notice title=not-supported-yet::later\n");
    }

    #[test]
    fn gitlab_gets_a_report_with_a_fingerprint_that_survives_moved_lines() {
        let report = |start| -> serde_json::Value {
            let one = Diagnostic::new(Code::NoTest, at(start, start + 1), "no test").help("add one");
            serde_json::from_str(&written(one, Format::Gitlab)).unwrap()
        };
        let (first, moved) = (report(0), report(14));
        assert_eq!(first[0]["check_name"], "no-test");
        assert_eq!(first[0]["severity"], "minor");
        assert_eq!(first[0]["description"], "no test; add one");
        assert_eq!(first[0]["location"], serde_json::json!({ "path": PATH, "lines": { "begin": 1 } }));
        assert_eq!(moved[0]["location"]["lines"]["begin"], 2);
        assert_eq!(first[0]["fingerprint"], moved[0]["fingerprint"]);
        let mut twice = Diagnostics::from(Diagnostic::new(Code::NoTest, at(0, 1), "no test"));
        twice.push(Diagnostic::new(Code::NoTest, at(14, 15), "no test"));
        let report: serde_json::Value =
            serde_json::from_str(&render(&twice, &sources(), Format::Gitlab)).unwrap();
        assert_ne!(report[0]["fingerprint"], report[1]["fingerprint"]);
    }

    #[test]
    fn sarif_has_rules_and_places() {
        let one = unknown_word().other(at(0, 2), "the id");
        let log: serde_json::Value = serde_json::from_str(&written(one, Format::Sarif)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"], serde_json::json!([{ "id": "unknown-word" }]));
        let result = &run["results"][0];
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let expected = serde_json::json!({ "startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 18 });
        assert_eq!(*region, expected);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "the id");
        let awkward = Span { file: "my board/a.toml".into(), start: 0, end: 0 };
        let awkward = written(Diagnostic::new(Code::NoTest, awkward, "m"), Format::Sarif);
        assert!(awkward.contains("\"my%20board/a.toml\""), "{awkward}");
    }

    #[test]
    fn junit_fails_on_errors_and_says_the_rest() {
        let error = Diagnostic::new(Code::UnknownWord, at(21, 30), "a \"<word>\"").help("mend & go");
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">
  <testsuite name=\"definitions\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">
    <testcase classname=\"indicators/cs-14.toml\" name=\"unknown-word in line 2\">
      <failure type=\"unknown-word\" message=\"a &quot;&lt;word&gt;&quot;\">indicators/cs-14.toml:2:9: a &quot;&lt;word&gt;&quot;&#10;mend &amp; go</failure>
    </testcase>
  </testsuite>
</testsuites>
";
        assert_eq!(written(error, Format::Junit), expected);
        let warning = written(Diagnostic::nowhere(Code::NoTest, "none\u{7}"), Format::Junit);
        assert!(
            warning.contains("failures=\"0\"") && warning.contains("<system-out>none\u{fffd}</system-out>")
        );
        assert!(render(&Diagnostics::new(), &sources(), Format::Junit).contains("name=\"definitions\"/>"));
    }

    proptest! {
        #[test]
        fn no_span_brings_it_down(
            text in "[a-zé\u{1F600}\t\u{7}\r\n'\"=]{0,40}",
            spans in prop::collection::vec((0usize..60, 0usize..60), 3),
            unicode: bool,
        ) {
            let mut sources = Sources::new();
            sources.insert(PATH, text);
            let [a, b, c] = spans.as_slice() else { unreachable!() };
            let diagnostic = Diagnostic::new(Code::NotToml, at(a.0, a.1), "m")
                .other(at(b.0, b.1), "o")
                .other(Span { file: "nowhere.toml".into(), start: 3, end: 9 }, "p")
                .help("h")
                .fix(at(c.0, c.1), "new\n");
            let one = Diagnostics::from(diagnostic);
            for format in [Format::Full, Format::Concise, Format::Json, Format::Github, Format::Gitlab] {
                prop_assert!(render(&one, &sources, format).contains("not-toml"));
            }
            for format in [Format::Sarif, Format::Junit] {
                prop_assert!(render(&one, &sources, format).contains("not-toml"));
            }
            let look = Look { colour: true, unicode };
            let text = render_full(&one, &sources, look);
            prop_assert!(text.contains("not-toml"));
        }
    }
}
