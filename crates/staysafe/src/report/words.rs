//! Values, reasons, flags and notes in plain words.

use std::collections::BTreeMap;

use super::{Summary, SumsTested};
use crate::definition::framework::Framework;
use crate::disclosure::{Amount, Audience, Completeness, completeness};
use crate::gap::{Headline, Obstacle, Thing, Why};
use crate::record::{Cover, Days};
use crate::result::{Cell, Flag, JoinedTable, NotReported, Note, Reason, thousands};

/// An interval as it is printed.
pub(super) fn interval(lower: &str, upper: &str) -> String {
    format!("{lower} to {upper}")
}

/// How often a sum that must come out did.
pub(super) fn sums(tested: &SumsTested) -> String {
    let SumsTested { holds, broken, cannot_be_checked, .. } = tested;
    format!("holds in {holds}, broken in {broken}, cannot be checked in {cannot_be_checked}")
}

pub(super) fn whole(number: u64) -> String {
    thousands(&number.to_string())
}

/// "1 entry", "2 entries".
pub(super) fn some(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(&number.to_string()), if number == 1 { one } else { many })
}

/// A figure that its reader may not see, and who may show it: a board's own page has all figures, for a named recipient.
pub(super) const HIDDEN: &str = "hidden: small numbers; ask the board, or whoever holds the records, for the count under the \
                                 information-sharing agreement";

/// Why a cell holds no figure, and what to do about it.
pub(super) fn reason(framework: &Framework, reason: &Reason) -> String {
    match reason {
        Reason::Undefined => {
            "undefined: nothing to divide by (0 of 0); no case in the period, so there is nothing to do".to_owned()
        },
        Reason::NothingToMeasure => {
            "nothing to measure: no record in the period; there is nothing to do, unless records are missing: then give them".to_owned()
        },
        Reason::NotReported(what) => format!("not reported: {}", not_reported(framework, what)),
        Reason::Refused(why) => format!("refused: {why}; mend what it names, and calculate again"),
        Reason::NotYetDue(None) => "not yet due in this period; ask for a later one".to_owned(),
        Reason::NotYetDue(Some(due)) => format!("not due in this period: it falls due on {}", day(*due)),
        Reason::NotApplicable => {
            "not applicable: it cannot occur in this area; there is nothing to do".to_owned()
        },
        Reason::Suppressed => HIDDEN.to_owned(),
        Reason::Break => {
            "break: the definition changed inside the period; ask for one before or after the change"
                .to_owned()
        }
        Reason::OutOfScope => "out of scope".to_owned(),
    }
}

fn not_reported(framework: &Framework, what: &NotReported) -> String {
    match what {
        NotReported::NoReturn => "no return was given; ask for one".to_owned(),
        NotReported::Dataset(id) => {
            // A field of it is named with a dot: `plan.start`.
            let of = framework.datasets.get(id.split('.').next().unwrap_or(id));
            let holder = of.and_then(|of| framework.agencies.get(&of.holder.value));
            let holder = holder.map_or("whoever holds it", |holder| holder.name.value.as_str());
            let ask = format!("; ask {holder} for it");
            format!("the return does not carry {}{ask}", dataset(framework, id))
        }
        NotReported::NoEntry => "no entry in the period; ask for one".to_owned(),
        NotReported::OutsideCover => {
            "outside the days that the return can speak for; give one of those days".to_owned()
        }
        NotReported::YearUnknown => "return year unknown; give the year of the return".to_owned(),
        NotReported::NoVersion(why) => format!("{why}; ask for a period in which a version holds"),
        NotReported::NoCalculation => "how it is calculated is not written yet; write it".to_owned(),
        NotReported::NotBrokenDown(why) => format!("it cannot be broken down so: {why}; ask for it whole"),
        NotReported::Unsupported(step) => {
            format!("its calculation needs {step}, which this version cannot do; write it without that")
        }
    }
}

/// The word or two that a narrow cell shows; the reason stands below in full.
pub(super) fn short_reason(reason: &Reason) -> &'static str {
    match reason {
        Reason::Undefined => "undefined",
        Reason::NothingToMeasure => "nothing to measure",
        Reason::NotReported(_) => "not reported",
        Reason::Refused(_) => "refused",
        Reason::NotYetDue(_) => "not yet due",
        Reason::NotApplicable => "not applicable",
        Reason::Suppressed => "hidden",
        Reason::Break => "break",
        Reason::OutOfScope => "out of scope",
    }
}

/// An agency's name, where the framework knows it.
fn agency<'a>(framework: &'a Framework, id: &'a str) -> &'a str {
    framework.agencies.get(id).map_or(id, |agency| &agency.name.value)
}

/// A dataset's title inside a sentence.
pub(super) fn dataset(framework: &Framework, id: &str) -> String {
    let Some(known) = framework.datasets.get(id) else { return id.replace('_', " ") };
    let title = &known.title.value;
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.clone(),
    }
}

/// Marks on a figure.
pub(super) fn flags(cell: &Cell) -> Vec<String> {
    let words = |flag: Flag| match flag {
        Flag::PartlyReported => {
            format!("partly reported: {} of {} returns", cell.coverage.reported, cell.coverage.expected)
        }
        Flag::PartlyCovered => match &cell.coverage.days {
            Some(covered) if covered.first > covered.last => {
                "partly covered: no day is covered by all".to_owned()
            }
            Some(covered) => format!("partly covered: {}", days(*covered)),
            None => "partly covered".to_owned(),
        },
        Flag::SurvivorsOnly => "survivors only: rows outside the days the return can speak for".to_owned(),
        Flag::Provisional => "provisional".to_owned(),
        Flag::LowReliability => "low reliability: not to be compared".to_owned(),
        Flag::Break => "the definition changed: not to be compared with earlier periods".to_owned(),
        Flag::Rounded => "rounded".to_owned(),
        Flag::Low => "more than 0, though it prints as 0".to_owned(),
    };
    cell.flags.iter().map(words).collect()
}

/// Counters of what a reader of the figure should know.
pub(super) fn notes(notes: &BTreeMap<Note, u64>) -> Vec<String> {
    let words = |(note, count): (&Note, &u64)| {
        let what = match note {
            Note::Unknown => "could not be judged for want of a value",
            Note::DatesInverted => "with dates the wrong way round",
            Note::Contradictory => "that contradict themselves",
            Note::Duplicate => "repeated, and counted once",
            Note::OutsideCalendar => "dated outside the working-day calendar",
            Note::HistoryMissing => "that only an earlier return could settle",
            Note::UnmappedCode => "with a code that is not known",
            Note::NotYetDue => "open and not yet due",
            Note::OpenInTime => "still open on the last day, in time so far",
            Note::OpenLate => "still open on the last day, and late already",
            Note::Vanished => "in an earlier return that a later one no longer holds, left out",
        };
        format!("{} {what}", whole(*count))
    };
    // That nothing waits is worth saying beside a figure of what was done in time.
    let shown = |note: &Note, count: u64| count > 0 || matches!(note, Note::OpenInTime | Note::OpenLate);
    notes.iter().filter(|(note, count)| shown(note, **count)).map(words).collect()
}

/// Figures that differ and are not set beside each other.
pub(super) fn not_compared(count: usize) -> Option<String> {
    let figures = some(count, "more figure differs", "more figures differ");
    let why = "of low reliability, or of part of a period beside the whole";
    (count > 0).then(|| format!("{figures} and must not be compared: {why}."))
}

/// What was found where records stood twice; of a publication nothing is known.
pub(super) fn joined(tables: &[JoinedTable]) -> String {
    if tables.is_empty() {
        return "none, or not said to this audience".to_owned();
    }
    let one = |table: &JoinedTable| {
        let counts = [
            (table.duplicates, "repeated"),
            (table.contradictory, "contradictory"),
            (table.older_versions, "older versions"),
            (table.revised, "revised"),
            (table.vanished, "vanished"),
        ];
        let found = counts.iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = found.map(|(count, what)| format!("{} {what}", whole(*count))).collect();
        format!("{} of {}: {}", table.dataset, table.area, words.join(", "))
    };
    tables.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// `1 April 2017 to 31 March 2018`.
pub(super) fn days(days: Days) -> String {
    format!("{} to {}", day(days.first), day(days.last))
}

/// `1 April 2017`.
pub(super) fn day(day: chrono::NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// What span of dates a table can speak for.
pub(super) fn cover(cover: &Cover) -> String {
    if cover.is_year_unknown() {
        return "none: return year unknown".to_owned();
    }
    let sides =
        [("events", cover.events), ("starts", cover.starts), ("ends", cover.ends), ("stocks", cover.stocks)];
    if sides.iter().all(|(_, side)| *side == cover.events) {
        return cover.events.map_or_else(|| "no limit".to_owned(), days);
    }
    let side = |(name, side): &(&str, Option<Days>)| match side {
        Some(covered) => format!("{name} {}", days(*covered)),
        None => format!("{name} without limit"),
    };
    sides.iter().map(side).collect::<Vec<_>>().join("; ")
}

/// How many.
pub(super) fn how_many(amount: &Amount) -> String {
    match amount {
        Amount::Exactly(0) => "none".to_owned(),
        Amount::Exactly(count) => whole(*count),
        Amount::About(count) => format!("about {}", whole(*count)),
        Amount::FewerThan(count) => format!("fewer than {}", whole(*count)),
    }
}

/// How much of a field is filled in.
pub(super) fn filled(complete: &Completeness) -> String {
    match complete {
        Completeness::NoRows => "no rows".to_owned(),
        Completeness::Empty => "empty".to_owned(),
        Completeness::Full => "all".to_owned(),
        Completeness::Exactly { known, rows } => share_of(*known, *rows),
        Completeness::NineInTen => "at least 90%".to_owned(),
        Completeness::Half => "at least half".to_owned(),
        Completeness::LessThanHalf => "less than half".to_owned(),
    }
}

/// A share that never prints as all or nothing where it is neither.
fn share_of(known: u64, rows: u64) -> String {
    if known == 0 || known == rows {
        return if known == 0 { "empty" } else { "100%" }.to_owned();
    }
    let printed = crate::value::round_half_away(i128::from(known) * 100, i128::from(rows), 1);
    match printed.as_str() {
        "100.0" => "over 99.9%".to_owned(),
        "0.0" => "under 0.1%".to_owned(),
        _ => format!("{printed}%"),
    }
}

/// Why an entry has no figure, for its audience.
pub(super) fn why(framework: &Framework, why: &Why, audience: &Audience) -> String {
    let field_of = |id: &str, field: &str| {
        let words = framework
            .datasets
            .get(id)
            .and_then(|known| known.fields.iter().find(|known| known.name.value == field))
            .and_then(|known| known.words.as_ref());
        words.map_or_else(|| format!("{field} of {}", dataset(framework, id)), |words| words.value.clone())
    };
    match why {
        Why::DatasetNotCarried { dataset: id } => {
            format!("the return came without {}", dataset(framework, id))
        }
        Why::DatasetNotArrived { dataset: id } => format!("nobody has sent {}", dataset(framework, id)),
        Why::OutsideCover { dataset: id } => format!("{} speaks for other days", dataset(framework, id)),
        Why::YearUnknown { dataset: id } => {
            format!("{} came without saying of which year it is", dataset(framework, id))
        }
        Why::PartlyCovered { dataset: id } => {
            format!("{} speaks for some of the days only", dataset(framework, id))
        }
        Why::HistoryShort { dataset: id } => {
            format!("{} does not reach back as far as the answer must look", dataset(framework, id))
        }
        Why::OnlyCounted { dataset: id } => {
            format!("a count was given in the place of {}", dataset(framework, id))
        }
        Why::Silent { dataset: id, agency: of, period, due } => {
            let by = due.map_or_else(String::new, |due| format!(", due by {}", due.format("%-d %B %Y")));
            format!("{} has not sent {} for {period}{by}", agency(framework, of), dataset(framework, id))
        }
        Why::NotYetDue { dataset: id, agency: of, period, due } => {
            let by = due.map_or_else(String::new, |due| format!(": by {}", due.format("%-d %B %Y")));
            format!("{} of {} for {period} is not due yet{by}", dataset(framework, id), agency(framework, of))
        }
        Why::SentBack { dataset: id, agency: of, period } => {
            format!("{} of {} for {period} was sent back", dataset(framework, id), agency(framework, of))
        }
        Why::Stale { dataset: id, last, due } => {
            let day = |day: &chrono::NaiveDate| day.format("%-d %B %Y");
            format!("{} reaches to {}; more was due by {}", dataset(framework, id), day(last), day(due))
        }
        Why::FieldNotCarried { dataset: id, field } => {
            format!("the return has no place for {}", field_of(id, field))
        }
        Why::FieldEmpty { dataset: id, field } => format!("{} is empty in every row", field_of(id, field)),
        Why::FieldIncomplete { dataset: id, field, known, rows } => {
            let exact = matches!(audience, Audience::Board { .. });
            let complete = completeness(*known, *rows, exact);
            format!(
                "{} is filled in in {} of the rows (a blank may be an answer)",
                field_of(id, field),
                filled(&complete)
            )
        }
        Why::NoCalculation => "how it is calculated is not written yet".to_owned(),
        Why::Unsupported { step } => format!("its calculation needs {step}, which this version cannot do"),
        Why::NeedNotStated => "the definition does not say what it needs".to_owned(),
        Why::NoVersion { period } => format!("no version of the definition holds in {period}"),
    }
}

/// A state in words.
pub(super) fn headline(headline: Headline) -> &'static str {
    match headline {
        Headline::NotApplicable => "not applicable here",
        Headline::OutOfScope => "out of scope",
        Headline::Superseded => "superseded",
        Headline::Discontinued => "no longer collected",
        Headline::Available => "all that it needs has arrived",
        Headline::Partial => "some of what it needs has arrived",
        Headline::Proxy => "nothing has arrived; a similar entry stands beside it",
        Headline::Planned => "nothing has arrived; promised",
        Headline::Gap => "nothing has arrived",
    }
}

/// What stands in the way, and what to do about it.
pub(super) fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::HeldNotYetSupplied => "Held, not yet supplied: ask for it",
        Obstacle::NeedsAnAgreement => "Needs an agreement",
        Obstacle::NotRecordedAnywhere => "Not recorded anywhere: someone must start",
        Obstacle::NoLongerCollected => "No longer collected: find a successor",
    }
}

/// Something that could be asked for.
pub(super) fn thing(framework: &Framework, thing: &Thing) -> String {
    match thing {
        Thing::Field { dataset: id, field } => format!("The field {field} of {}", dataset(framework, id)),
        Thing::Dataset { dataset: id } => format!("The dataset {}", dataset(framework, id)),
        Thing::Agency { name, .. } => format!("Everything asked of {name}"),
        Thing::Agreement { name, agreement: None, .. } => format!("An agreement with {name}"),
        Thing::Agreement { name, agreement: Some(agreement), .. } => {
            format!("The agreement with {name} that has run out: {agreement}")
        }
    }
}

/// What the scorecard says, in a few sentences.
pub(super) fn says(summary: &Summary, audience: &Audience) -> Vec<String> {
    let entries = |number: usize| some(number, "entry", "entries");
    let mut says = vec![format!(
        "Of {} in the framework, {} {} a figure.",
        entries(summary.entries),
        summary.with_figure,
        if summary.with_figure == 1 { "has" } else { "have" },
    )];
    if summary.could_be_had > 0 {
        let more = entries(summary.could_be_had);
        says.push(format!("{more} could be had from records already held."));
    }
    if summary.to_ask > 0 {
        says.push(format!("{} must be asked of a partner.", entries(summary.to_ask)));
    }
    if summary.context > 0 {
        let (of, rows) = (summary.context_with_figure, some(summary.context, "context row", "context rows"));
        says.push(format!("Beside them, {of} of {rows} {} a figure.", if of == 1 { "has" } else { "have" }));
    }
    if *audience == Audience::Publication {
        let rows = some(summary.hidden_rows, "row is hidden", "rows are hidden");
        says.push(match summary.hidden_rows {
            0 => "Nothing had to be hidden.".to_owned(),
            _ => format!("{rows} so that no count from 1 to 5 is shown or can be worked out."),
        });
    }
    says
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_names_an_action_or_says_that_there_is_none() {
        let framework = Framework::default();
        let day = chrono::NaiveDate::default();
        let not_reported = [
            NotReported::NoReturn,
            NotReported::OutsideCover,
            NotReported::NoEntry,
            NotReported::YearUnknown,
            NotReported::NoCalculation,
            NotReported::NotBrokenDown("its records have no ward".to_owned()),
            NotReported::Dataset("referral".to_owned()),
            NotReported::NoVersion("no version holds in 1999-00".to_owned()),
            NotReported::Unsupported("answers that are counted once in several rows".to_owned()),
        ];
        let others = [
            Reason::Undefined,
            Reason::NothingToMeasure,
            Reason::NotYetDue(None),
            Reason::NotYetDue(Some(day)),
            Reason::NotApplicable,
            Reason::Suppressed,
            Reason::Break,
            Reason::OutOfScope,
            Reason::Refused("two returns of one authority differ".to_owned()),
        ];
        let actions = [
            "; ask ",
            "; give ",
            "; write ",
            "; mend ",
            "falls due on",
            "there is nothing to do",
            "out of scope",
        ];
        for reason in not_reported.map(Reason::NotReported).into_iter().chain(others) {
            let said = super::reason(&framework, &reason);
            assert!(
                actions.iter().any(|action| said.contains(action)),
                "nobody knows what to do about '{said}'"
            );
        }
    }
}
