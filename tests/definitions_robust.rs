//! Whatever definitions say, reading, checking and verifying them ends in findings, never in a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;

use std::collections::BTreeMap;

use staysafe::diagnostic::{Code, Format, render};

use findings::of_all_stages;
use findings::pages::{example, page};

/// So many changed versions of each page's good example are tried.
const TRIES: u64 = 25;

/// What is written over a definition: pieces that make sense elsewhere, and pieces that do not.
const PIECES: &[&str] = &[
    "",
    "\"",
    "'",
    "'''",
    "\n",
    "[",
    "]",
    "{",
    "=",
    "(",
    ")",
    " AND ",
    " NOT ",
    "NULL",
    "0",
    "-1",
    "99999999999999999999",
    "1e999",
    "2010-02-30",
    "9999-12-31",
    "true",
    "é",
    "\u{0}",
    "child",
    "plan_start",
    "count(reviews AS r WHERE r.plan = this.plan)",
    "add_months(plan_start, 99999999)",
    "[[test]]\n",
    "[calculation]\n",
    "kind = \"rate\"\n",
    "\"0 days\"",
    "$x",
    "CASE WHEN",
];

/// Numbers that look random and are the same on every run: Marsaglia's xorshift (Journal of Statistical
/// Software 8(14), 2003), with the shifts 13, 7, 17.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }
}

fn changed(files: &BTreeMap<String, String>, numbers: &mut Numbers) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        files.iter().map(|(path, text)| (path.clone(), text.clone())).collect();
    for _ in 0..=numbers.below(3) {
        let file = numbers.below(files.len());
        let text = &mut files[file].1;
        let start = text.floor_char_boundary(numbers.below(text.len() + 1));
        let end = text.floor_char_boundary(start + numbers.below(12)).max(start);
        text.replace_range(start..end, PIECES[numbers.below(PIECES.len())]);
    }
    files
}

#[test]
fn changed_definitions_end_in_findings() {
    for (seed, code) in (1u64..).zip(Code::ALL) {
        let files = example(&page(code.as_str()), "Instead");
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for _ in 0..TRIES {
            let (sources, findings) = of_all_stages(changed(&files, &mut numbers));
            for format in [Format::Full, Format::Json] {
                assert_eq!(
                    render(&findings, &sources, format).is_empty(),
                    findings.is_empty() && format == Format::Full
                );
            }
        }
    }
}
