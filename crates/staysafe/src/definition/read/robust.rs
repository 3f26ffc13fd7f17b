//! Whatever a file holds, reading it never fails and every place lies inside it.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::read;
use crate::diagnostic::{Format, render};

/// One file of each kind, with every key of the format between them.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "framework.toml",
        r#"id = "board"
title = "A board"
scope = "all of it"
disclosure = "person"
[quality]
minimum_completeness = "0.9"
minimum_denominator = 10
[[excluded]]
what = "quality assurance"
reason = "another function"
[parameters.linked]
type = "yes/no"
default = false
why = "two readings"
source = "the guide"
[[limits.initial_assessment]]
limit = "7 working days"
[[limits.initial_assessment]]
from = 2010-04-01
limit = "10 working days"
source = "Working Together 2010"
[breakdowns.age]
words = "age at the event"
"#,
    ),
    (
        "lists.toml",
        "[[list]]\nid = \"council\"\nheading = \"From the council\"\nsource = \"guide\"\nlisted = false\n",
    ),
    (
        "sources.toml",
        "[[source]]\nid = \"guide\"\nnumber = \"1\"\ntitle = \"The guide\"\nnote = \"printed\"\n",
    ),
    (
        "agencies.toml",
        r#"[[agency]]
id = "council"
name = "The council"
[[agency.supplies]]
dataset = "plan"
cadence = "annual"
agreement = "statutory return"
until = 2027-03-31
"#,
    ),
    (
        "areas.toml",
        r#"[[area]]
code = "E06000001"
name = "Hartlepool"
level = "local authority"
parents = ["E12000001", { code = "E12000002", valid_from = 1996-04-01, valid_to = 2009-03-31 }]
aliases = { lea = "805" }
valid_from = 1996-04-01
valid_to = 2030-03-31
successors = []
neighbours = ["E06000002"]
facts = { secure_establishment = false }
"#,
    ),
    (
        "codes/category.toml",
        "id = \"category\"\nsource = \"guide\"\n[[code]]\ncode = \"NEG\"\nwords = \"neglect\"\nfrom = 2017\nto = 2030\n",
    ),
    (
        "datasets/plan.toml",
        r#"id = "plan"
title = "Plans"
carried_by = "cin-census"
holder = "council"
area = "header"
key = ["child", "start"]
row = "a plan"
[[field]]
name = "child"
type = "text"
missing = "error"
personal = true
words = "the child"
[[field]]
name = "category"
type = "text"
codes = "category"
[[link]]
name = "plans"
to = "plan"
on = { child = "child" }
words = "the child's plans"
"#,
    ),
    (
        "derived/spell.toml",
        r#"id = "spell"
from = "plan"
words = "a spell"
field_words = { due = "the day it is due" }
[[derive]]
step = "filter"
where = '''
category NOT IN ('X', 'Y')
'''
[[derive]]
step = "chain"
key = ["child"]
order = ["start"]
skip = "category = 'Z'"
joins_when = "prev.end = start"
first = { start = "start" }
last = { end = "end" }
any = { was_s = "category = 'S'" }
rows = "plans"
start_known = "category = 'S'"
[[derive]]
step = "schedule"
key = "child"
anchor = "start"
anchor_known = "start_known"
held = "plans.start"
first_due = "limit('initial_assessment')"
next_due = "3 months, then 6 months"
until = "end"
words = "when reviews are due"
[[derive]]
step = "pick"
key = "child"
order = ["start"]
take = "as-at"
"#,
    ),
    (
        "indicators/cs-14.toml",
        r#"id = "cs-14"
title = "conferences within 15 days"
kind = "proportion"
unit = "child's conference"
polarity = "higher"
cycle = "snapshot(03-31)"
between = "rolling-12-months"
listed = [{ list = "council", number = "14", heading = "as printed" }]
parent = "cs-01"
holder = ["council", "police"]
sources = ["guide"]
printed = ["(Quarterly)"]
national = ["NI 59"]
disclosure = "person"
breakdowns = ["age"]
required_breakdown = "age"
same_calculation_as = "cs-15"
caveats = ["small numbers"]
scope = "out: another function"
[discontinued]
collection = "TellUs"
last_period = "2009-10"
successor = "none"
[supply_2010]
supply = "none"
reason = "not asked"
obstacle = "needs-an-agreement"
[[need]]
dataset = "restraint"
fields = ["incident"]
holder = "police"
note = "all of it"
[calculation]
from = "plan"
when = { open = ["start", "end"] }
counted = "distinct child, start"
population = "child IS NOT NULL"
exclude = "category = 'X'"
denominator = "age_at(start, stop) < 18"
numerator = """within(icpc) \
    AND category = \"NEG\""""
unknown = "stop < start"
numerator_unknown = "left out"
applies_when = "secure_establishment"
value = "days(start, stop)"
category = "category"
weight = "2.5"
window = "12 months"
lag = "1 month"
history = "2 years"
multiplier = 100
[clock.icpc]
start = "start"
stop = "end"
limit = "limit('initial_assessment')"
limit_at = "start"
[words]
numerator = "conferences within 15 days"
denominator = "conferences"
why_it_matters = "children wait"
question = "why?"
[[relation]]
kind = "similar-to"
target = "nsdu-02"
note = "as printed"
[provenance]
confidence = "partial"
sources = ["E3217"]
verified = "the limit"
from_memory = ["the unit"]
note = "none"
[quality]
minimum_denominator = 10
[review]
authored_by = "a"
checked_by = "b"
reviewed = 2026-11-23
next_review = 2027-11-23
[[target]]
value = "95"
from = 2010-04-01
set_by = "the Board"
[[reading]]
name = "linked"
title = "Linked"
parameters = { linked = true }
[[version]]
from = 2010-04-01
to = 2013-03-31
reason = "new guide"
join = true
[version.calculation.numerator]
from = "plan"
when = { date = "start" }
where = "category = 'NEG'"
measure = "count(distinct child)"
[version.calculation.denominator]
from = "plan"
when = { date = "start" }
measure = "count()"
[version.clock.ia]
start = "start"
stop = "end"
limit = "7 days"
[version.words]
numerator = "neglect"
[[test]]
name = "é, over Easter"
period = "2010-11 Q1"
version = "1"
parameters = { linked = true }
facts = { secure_establishment = true }
records.plan = [{ child = "a", start = 2010-03-25, n = 3, share = 2.5, open = true }]
expect = { numerator = 1, denominator = 1, value = "100.0", outcome = "figure", notes = { dates-inverted = 0 }, categories = { NEG = 1 } }
"#,
    ),
];

#[test]
fn every_key_of_the_format_is_known() {
    let (framework, findings) = read(FILES.iter().copied());
    // The double quotes inside the numerator are the one thing that is wrong, on purpose.
    let said = render(&findings, &framework.files, Format::Concise);
    assert_eq!(findings.len(), 1, "{said}");
    assert!(said.starts_with("indicators/cs-14.toml:41:20: error[bad-predicate]"), "{said}");
    assert_eq!(framework.limits["initial_assessment"].steps.len(), 2);
    assert_eq!(framework.derived["spell"].steps.len(), 4);
    assert_eq!(framework.indicators["cs-14"].versions.len(), 1);
}

/// A change of a file: at a share of its length, so many bytes are replaced by other text.
#[derive(Debug, Clone)]
struct Change {
    file: usize,
    at: usize,
    length: usize,
    by: String,
}

fn change() -> impl Strategy<Value = Change> {
    let by = prop_oneof![
        3 => "[ -~\n\t]{0,6}",
        1 => "[\"'\\[\\]{}=\\\\#\n.]{1,4}",
        1 => "\\PC{0,3}",
        1 => Just("\r\n".to_owned()),
        1 => Just("'''".to_owned()),
        1 => Just("[calculation]\n".to_owned()),
    ];
    (0..FILES.len(), any::<usize>(), 0usize..30, by).prop_map(|(file, at, length, by)| Change {
        file,
        at,
        length,
        by,
    })
}

fn changed(changes: &[Change]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for change in changes {
        let text = &mut files.get_mut(change.file).unwrap().1;
        let start = text.floor_char_boundary(change.at % (text.len() + 1));
        let end = text.floor_char_boundary(start + change.length).max(start);
        text.replace_range(start..end, &change.by);
    }
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changed_files_are_read_without_failing(changes in prop::collection::vec(change(), 1..6)) {
        let files = changed(&changes);
        let (framework, findings) = read(files.clone());
        for finding in &findings {
            let fix = finding.fix.iter().map(|fix| &fix.span);
            let others = finding.others.iter().map(|other| &other.span);
            for span in finding.span.iter().chain(others).chain(fix) {
                let text = framework.files.get(&span.file).unwrap().text();
                prop_assert!(text.get(span.start..span.end).is_some(), "{span:?} in {:?}", finding.message);
            }
        }
        let broken = findings.iter().any(|f| f.severity == crate::diagnostic::Severity::Error);
        prop_assert!(!broken || !framework.incomplete.is_empty());
        prop_assert!(!render(&findings, &framework.files, Format::Full).contains("panicked"));
        // The order of the files is nothing to the result.
        let backwards: Vec<_> = files.into_iter().rev().collect();
        prop_assert_eq!(read(backwards), (framework, findings));
    }

    #[test]
    fn any_text_is_read_without_failing(text in "\\PC{0,200}") {
        for (path, _) in FILES {
            read([(*path, text.clone())]);
        }
    }
}
