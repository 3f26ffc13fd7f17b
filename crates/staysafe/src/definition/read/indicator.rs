//! `indicators/*.toml`.

use toml::de::DeTable;

use super::calculation::{calculation, clocks};
use super::dataset::{id_of, insert};
use super::example::{clock_tests, equivalents, tests};
use super::file::File;
use super::framework::{DISCLOSURES, map, quality};
use super::lists::in_order;
use super::table::{Entry, Table};
use crate::definition::framework::Framework;
use crate::definition::indicator::{
    Between, Calculation, Confidence, Cycle, Discontinued, Indicator, Kind, Listing, Need, Obstacle,
    Polarity, Provenance, Reading, Relation, RelationKind, Review, Supply, Supply2010, Target, Version, When,
    Words,
};

const KINDS: &[(&str, Kind)] = &[
    ("count", Kind::Count),
    ("stock", Kind::Stock),
    ("proportion", Kind::Proportion),
    ("ratio", Kind::Ratio),
    ("ratio-pct", Kind::RatioPct),
    ("fte-ratio", Kind::FteRatio),
    ("rate", Kind::Rate),
    ("mean", Kind::Mean),
    ("median", Kind::Median),
    ("duration", Kind::Duration),
    ("distribution", Kind::Distribution),
    ("survey-proportion", Kind::SurveyProportion),
    ("score", Kind::Score),
    ("document", Kind::Document),
    ("narrative", Kind::Narrative),
    ("group", Kind::Group),
];
const POLARITIES: &[(&str, Polarity)] = &[
    ("higher", Polarity::Higher),
    ("lower", Polarity::Lower),
    ("neutral", Polarity::Neutral),
    ("contextual", Polarity::Contextual),
];
const BETWEEN: &[(&str, Between)] = &[
    ("rolling-12-months", Between::Rolling12Months),
    ("snapshot-now", Between::SnapshotNow),
    ("last-known", Between::LastKnown),
    ("not-due", Between::NotDue),
];
const SUPPLIES: &[(&str, Supply)] =
    &[("available", Supply::Available), ("partial", Supply::Partial), ("none", Supply::None)];
const OBSTACLES: &[(&str, Obstacle)] = &[
    ("held-not-yet-supplied", Obstacle::HeldNotYetSupplied),
    ("needs-an-agreement", Obstacle::NeedsAnAgreement),
    ("not-recorded-anywhere", Obstacle::NotRecordedAnywhere),
    ("no-longer-collected", Obstacle::NoLongerCollected),
];
const RELATIONS: &[(&str, RelationKind)] = &[
    ("replaces", RelationKind::Replaces),
    ("replaced-by", RelationKind::ReplacedBy),
    ("proposed-to-replace", RelationKind::ProposedToReplace),
    ("similar-to", RelationKind::SimilarTo),
    ("related", RelationKind::Related),
    ("subset-of", RelationKind::SubsetOf),
    ("complement-of", RelationKind::ComplementOf),
    ("derived-from", RelationKind::DerivedFrom),
    ("has-numerator", RelationKind::HasNumerator),
    ("numerator-of", RelationKind::NumeratorOf),
    ("denominator-of", RelationKind::DenominatorOf),
    ("part-of", RelationKind::PartOf),
    ("overlaps", RelationKind::Overlaps),
    ("shares-dataset", RelationKind::SharesDataset),
    ("beside", RelationKind::Beside),
];
const CONFIDENCES: &[(&str, Confidence)] = &[
    ("verified", Confidence::Verified),
    ("partial", Confidence::Partial),
    ("unverified", Confidence::Unverified),
];
const INDICATOR: &[&str] = &[
    "id",
    "title",
    "kind",
    "unit",
    "polarity",
    "cycle",
    "between",
    "listed",
    "parent",
    "holder",
    "sources",
    "printed",
    "national",
    "disclosure",
    "breakdowns",
    "required_breakdown",
    "same_calculation_as",
    "caveats",
    "scope",
    "discontinued",
    "supply_2010",
    "need",
    "calculation",
    "clock",
    "words",
    "relation",
    "provenance",
    "quality",
    "review",
    "target",
    "reading",
    "version",
    "test",
    "clock_test",
    "equivalent",
];

/// Reads an indicator.
pub(super) fn indicator(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let table = Table::root(file, table, "an indicator", INDICATOR);
    let text = |key: &str| table.optional(key, Entry::text);
    let texts = |key: &str| table.optional(key, Entry::text_or_texts).unwrap_or_default();
    let calculation = table.optional("calculation", calculation);
    // What is missing or misspelt beyond recognition is guessed, so that the rest can be checked: the file
    // is incomplete by now and will not be calculated.
    let kind = table
        .required("kind", "kind = \"proportion\"", |entry| entry.word(KINDS))
        .unwrap_or_else(|| file.nothing(likely_kind(calculation.as_ref())));
    let indicator = Indicator {
        id: id_of(&table, framework.indicators.values().map(|indicator| &indicator.id)),
        title: table
            .required("title", "title = \"…\"", Entry::text)
            .unwrap_or_else(|| file.nothing(String::new())),
        kind,
        unit: text("unit"),
        polarity: table
            .required("polarity", "polarity = \"higher\"", |entry| entry.word(POLARITIES))
            .unwrap_or_else(|| file.nothing(Polarity::Contextual)),
        cycle: table
            .required("cycle", "cycle = \"quarter\"", Entry::cycle)
            .unwrap_or_else(|| file.nothing(Cycle::Quarter)),
        between: table.optional("between", |entry| entry.word(BETWEEN)),
        listed: listed(&table),
        parent: text("parent"),
        holders: texts("holder"),
        sources: texts("sources"),
        disclosure: table.optional("disclosure", |entry| entry.word(DISCLOSURES)),
        calculation,
        clocks: clocks(&table),
        versions: versions(&table),
        readings: readings(&table),
        needs: needs(&table),
        words: table.optional("words", words).unwrap_or_default(),
        tests: tests(&table),
        clock_tests: clock_tests(&table),
        equivalents: equivalents(&table),
        relations: relations(&table),
        provenance: table.optional("provenance", provenance),
        quality: table.optional("quality", quality),
        review: table.optional("review", review),
        targets: targets(&table),
        breakdowns: texts("breakdowns"),
        required_breakdown: text("required_breakdown"),
        same_calculation_as: text("same_calculation_as"),
        out_of_scope: text("scope"),
        discontinued: table.optional("discontinued", discontinued),
        caveats: texts("caveats"),
        printed: texts("printed"),
        national: texts("national"),
        supply_2010: table.optional("supply_2010", supply_2010),
    };
    insert(file, &mut framework.indicators, indicator, |indicator| &indicator.id);
}

/// The kind that a calculation has the shape of.
fn likely_kind(calculation: Option<&Calculation>) -> Kind {
    match calculation {
        None => Kind::Narrative,
        Some(Calculation::TwoTotals(_)) => Kind::Ratio,
        Some(Calculation::Ladder(ladder)) if ladder.numerator.is_some() => Kind::Proportion,
        Some(Calculation::Ladder(ladder)) if ladder.category.is_some() => Kind::Distribution,
        Some(Calculation::Ladder(ladder)) if ladder.value.is_some() => Kind::Mean,
        Some(Calculation::Ladder(ladder)) if matches!(ladder.when, When::Open(..)) => Kind::Stock,
        Some(Calculation::Ladder(_)) => Kind::Count,
    }
}

fn tables<'a>(table: &Table<'a>, key: &str, known: &[&'static str]) -> Vec<Table<'a>> {
    table.get(key).map_or_else(Vec::new, |entry| entry.tables(known))
}

fn listed(table: &Table<'_>) -> Vec<Listing> {
    let listing = |table: &Table<'_>| {
        let list = table.required("list", "list = \"children-services\"", Entry::text);
        let number = table.required("number", "number = \"14\"", Entry::text);
        let heading = table.optional("heading", Entry::text);
        Some(Listing { list: list?, number: number?, heading })
    };
    tables(table, "listed", &["list", "number", "heading"]).iter().filter_map(listing).collect()
}

fn versions(table: &Table<'_>) -> Vec<Version> {
    let known = &["from", "to", "reason", "join", "calculation", "clock", "words"];
    let version = |table: &Table<'_>| {
        let from = table.optional("from", Entry::date);
        let to = table.optional("to", Entry::date);
        if let (Some(from), Some(to)) = (&from, &to) {
            in_order(table.file, from, to);
        }
        Version {
            place: table.file.at(table.place.clone(), ()),
            from,
            to,
            reason: table.optional("reason", Entry::text),
            join: table.optional("join", Entry::yes_no).unwrap_or(false),
            calculation: table.optional("calculation", calculation),
            clocks: clocks(table),
            words: table.optional("words", words).unwrap_or_default(),
        }
    };
    tables(table, "version", known).iter().map(version).collect()
}

fn readings(table: &Table<'_>) -> Vec<Reading> {
    let reading = |table: &Table<'_>| {
        let name = table.required("name", "name = \"linked\"", Entry::text);
        let title = table.optional("title", Entry::text);
        let parameters = map(table, "parameters");
        let parameters = parameters.iter().filter_map(|entry| Some((entry.key.to_owned(), entry.datum()?)));
        Some(Reading {
            place: table.file.at(table.place.clone(), ()),
            parameters: parameters.collect(),
            name: name?,
            title,
        })
    };
    tables(table, "reading", &["name", "title", "parameters"]).iter().filter_map(reading).collect()
}

fn needs(table: &Table<'_>) -> Vec<Need> {
    let need = |table: &Table<'_>| {
        let dataset = table.required("dataset", "dataset = \"restraint\"", Entry::text);
        let fields = table.optional("fields", Entry::texts).unwrap_or_default();
        let holder = table.optional("holder", Entry::text);
        let note = table.optional("note", Entry::text);
        Some(Need { dataset: dataset?, fields, holder, note })
    };
    tables(table, "need", &["dataset", "fields", "holder", "note"]).iter().filter_map(need).collect()
}

fn relations(table: &Table<'_>) -> Vec<Relation> {
    let relation = |table: &Table<'_>| {
        let kind = table.required("kind", "kind = \"similar-to\"", |entry| entry.word(RELATIONS));
        let target = table.required("target", "target = \"nsdu-02\"", Entry::text);
        let note = table.optional("note", Entry::text);
        let loses = table.optional("loses", Entry::text);
        Some(Relation { kind: kind?, target: target?, note, loses })
    };
    tables(table, "relation", &["kind", "target", "note", "loses"]).iter().filter_map(relation).collect()
}

fn targets(table: &Table<'_>) -> Vec<Target> {
    let target = |table: &Table<'_>| {
        let value = table.required("value", "value = \"95\"", Entry::exact);
        let from = table.optional("from", Entry::date);
        let set_by = table.optional("set_by", Entry::text);
        Some(Target { value: value?, from, set_by })
    };
    tables(table, "target", &["value", "from", "set_by"]).iter().filter_map(target).collect()
}

fn words(entry: &Entry<'_>) -> Option<Words> {
    let table = entry.table(&["numerator", "denominator", "why_it_matters", "question"])?;
    let text = |key: &str| table.optional(key, Entry::text);
    Some(Words {
        numerator: text("numerator"),
        denominator: text("denominator"),
        why_it_matters: text("why_it_matters"),
        question: text("question"),
    })
}

fn provenance(entry: &Entry<'_>) -> Option<Provenance> {
    let table = entry.table(&["confidence", "sources", "verified", "from_memory", "note"])?;
    let confidence =
        table.required("confidence", "confidence = \"unverified\"", |entry| entry.word(CONFIDENCES));
    let sources = table.optional("sources", Entry::texts).unwrap_or_default();
    let verified = table.optional("verified", Entry::text);
    let from_memory = table.optional("from_memory", Entry::texts).unwrap_or_default();
    let note = table.optional("note", Entry::text);
    Some(Provenance { confidence: confidence?, sources, verified, from_memory, note })
}

fn review(entry: &Entry<'_>) -> Option<Review> {
    let table = entry.table(&["authored_by", "checked_by", "reviewed", "next_review"])?;
    Some(Review {
        authored_by: table.optional("authored_by", Entry::text),
        checked_by: table.optional("checked_by", Entry::text),
        reviewed: table.optional("reviewed", Entry::date),
        next_review: table.optional("next_review", Entry::date),
    })
}

fn discontinued(entry: &Entry<'_>) -> Option<Discontinued> {
    let table = entry.table(&["collection", "last_period", "successor"])?;
    let collection = table.required("collection", "collection = \"TellUs\"", Entry::text);
    let last_period = table.optional("last_period", Entry::text);
    let successor = table.optional("successor", Entry::text);
    let place = table.file.at(table.place.clone(), ());
    Some(Discontinued { place, collection: collection?, last_period, successor })
}

fn supply_2010(entry: &Entry<'_>) -> Option<Supply2010> {
    let table = entry.table(&["supply", "reason", "obstacle"])?;
    let supply = table.required("supply", "supply = \"partial\"", |entry| entry.word(SUPPLIES));
    let reason = table.optional("reason", Entry::text);
    let obstacle = table.optional("obstacle", |entry| entry.word(OBSTACLES));
    Some(Supply2010 { supply: supply?, reason, obstacle })
}
