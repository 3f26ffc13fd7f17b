//! `codes/*.toml` and `datasets/*.toml`.

use toml::de::DeTable;

use super::file::File;
use super::framework::TYPES;
use super::lists::{duplicate, is_new};
use super::table::{Entry, Table};
use crate::definition::dataset::{AreaRule, CodeOf, CodeSet, Dataset, Dates, Field, Link, Missing};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Spanned};

const MISSING: &[(&str, Missing)] =
    &[("unknown", Missing::Unknown), ("no", Missing::No), ("error", Missing::Error)];
/// The id a file gives itself: it must be its name. The name stands in where the two differ.
pub(super) fn id_of<'i>(
    table: &Table<'_>,
    mut others: impl Iterator<Item = &'i Spanned<String>>,
) -> Spanned<String> {
    let file = table.file;
    let stem = file.stem();
    let Some(id) = table.required("id", &format!("id = \"{stem}\""), Entry::text) else {
        return file.nothing(stem.to_owned());
    };
    if id.value == stem {
        return id;
    }
    let message = format!("the file is named `{stem}` and says that its id is `{}`", id.value);
    let mut finding = file
        .finding(Code::FileNameIsNotId, id.span.start..id.span.end, message)
        .label(format!("expected `{stem}`"))
        .help("name the file after the id inside it, or mend the id")
        .fix(id.span.clone(), stem);
    if let Some(other) = others.find(|other| other.value == id.value) {
        finding = finding.other(other.span.clone(), "this one has that id");
    }
    file.report(finding);
    Spanned { value: stem.to_owned(), span: id.span }
}

/// Reads a set of codes.
pub(super) fn code_set(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let table = Table::root(file, table, "a code set", &["id", "source", "code"]);
    let id = id_of(&table, framework.code_sets.values().map(|set| &set.id));
    let source = table.optional("source", Entry::text);
    let mut codes: Vec<CodeOf> = Vec::new();
    for table in
        table.get("code").map_or_else(Vec::new, |entry| entry.tables(&["code", "words", "from", "to"]))
    {
        let code = table.required("code", "code = \"NEG\"", Entry::text);
        let words = table.required("words", "words = \"neglect\"", Entry::text);
        let from = table.optional("from", Entry::year);
        let to = table.optional("to", Entry::year);
        if let (Some(first), Some(last)) = (&from, &to)
            && last.value < first.value
        {
            let message = format!("{} is before {}", last.value, first.value);
            file.report(
                file.finding(Code::BadTime, last.span.start..last.span.end, message)
                    .other(first.span.clone(), "the first year")
                    .help("the last year must not be before the first"),
            );
        }
        let Some(code) = code else { continue };
        let code = CodeOf { code, words: words.unwrap_or_else(|| file.nothing(String::new())), from, to };
        // The same code may stand for something else in other years.
        if let Some(first) =
            codes.iter().find(|other| other.code.value == code.code.value && share_a_year(other, &code))
        {
            duplicate(file, &code.code, &first.code.span);
        } else {
            codes.push(code);
        }
    }
    insert(file, &mut framework.code_sets, CodeSet { id, codes, source }, |set| &set.id);
}

fn share_a_year(a: &CodeOf, b: &CodeOf) -> bool {
    let first = |code: &CodeOf| code.from.as_ref().map_or(i32::MIN, |from| from.value);
    let last = |code: &CodeOf| code.to.as_ref().map_or(i32::MAX, |to| to.value);
    first(a) <= last(b) && first(b) <= last(a)
}

/// Keeps something under its id; two folders of the same kind may hold two files of one name.
pub(super) fn insert<T>(
    file: &File<'_>,
    into: &mut std::collections::BTreeMap<String, T>,
    what: T,
    id: impl Fn(&T) -> &Spanned<String>,
) {
    let name = id(&what).value.clone();
    if let Some(first) = into.get(&name) {
        duplicate(file, id(&what), &id(first).span);
    } else {
        into.insert(name, what);
    }
}

/// Reads a dataset.
pub(super) fn dataset(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let known = &[
        "id",
        "title",
        "carried_by",
        "holder",
        "area",
        "key",
        "dates",
        "version",
        "recognised_by",
        "goes_with",
        "of_the_year",
        "whole_period",
        "row",
        "purpose",
        "legal_basis",
        "gives_back",
        "field",
        "link",
    ];
    let table = Table::root(file, table, "a dataset", known);
    let nothing = || file.nothing(String::new());
    let mut dataset = Dataset {
        id: id_of(&table, framework.datasets.values().map(|dataset| &dataset.id)),
        title: table
            .required("title", "title = \"Section 47 enquiries\"", Entry::text)
            .unwrap_or_else(nothing),
        carried_by: table
            .required("carried_by", "carried_by = \"cin-census\"", Entry::text)
            .unwrap_or_else(nothing),
        holder: table
            .required("holder", "holder = \"childrens-services\"", Entry::text)
            .unwrap_or_else(nothing),
        area: table
            .required("area", "area = \"header\"", area_rule)
            .unwrap_or_else(|| file.nothing(AreaRule::Given)),
        key: table.optional("key", |entry| names(file, entry)),
        dates: table.optional("dates", dates).unwrap_or_default(),
        version: table.optional("version", Entry::text),
        recognised_by: table.optional("recognised_by", |entry| names(file, entry)),
        of_the_year: table.optional("of_the_year", Entry::yes_no).unwrap_or(false),
        whole_period: table.optional("whole_period", Entry::yes_no).unwrap_or(false),
        goes_with: table.optional("goes_with", Entry::text),
        row: table.optional("row", Entry::text),
        purpose: table.optional("purpose", Entry::text),
        legal_basis: table.optional("legal_basis", Entry::text),
        gives_back: table.optional("gives_back", Entry::text),
        fields: Vec::new(),
        links: Vec::new(),
    };
    let known = &[
        "name",
        "type",
        "missing",
        "personal",
        "codes",
        "number_of",
        "reason_of",
        "words",
        "note",
        "example",
    ];
    for table in table.required("field", "[[field]]", |entry| Some(entry.tables(known))).unwrap_or_default() {
        if let Some(field) = field(&table)
            && is_new(file, &field.name, dataset.fields.iter().map(|other| &other.name))
        {
            dataset.fields.push(field);
        }
    }
    for table in table.get("link").map_or_else(Vec::new, |entry| entry.tables(&["name", "to", "on", "words"]))
    {
        if let Some(link) = link(&table)
            && is_new(file, &link.name, dataset.links.iter().map(|other| &other.name))
        {
            dataset.links.push(link);
        }
    }
    insert(file, &mut framework.datasets, dataset, |dataset| &dataset.id);
}

fn names(file: &File<'_>, entry: &Entry<'_>) -> Option<Spanned<Vec<String>>> {
    let names = entry.texts()?.into_iter().map(|name| name.value).collect();
    Some(file.at(entry.at(), names))
}

fn dates(entry: &Entry<'_>) -> Option<Dates> {
    let table = entry.table(&["event", "start", "end"])?;
    let of = |key: &str| table.optional(key, Entry::text);
    Some(Dates { event: of("event"), start: of("start"), end: of("end") })
}

fn area_rule(entry: &Entry<'_>) -> Option<Spanned<AreaRule>> {
    let text = entry.text()?;
    let value = match text.value.as_str() {
        "header" => AreaRule::Header,
        "given" => AreaRule::Given,
        _ => AreaRule::Field(text.value),
    };
    Some(Spanned { value, span: text.span })
}

fn field(table: &Table<'_>) -> Option<Field> {
    let name = table.required("name", "name = \"s47_start\"", Entry::text);
    let ty = table.required("type", "type = \"date\"", |entry| entry.word(TYPES));
    let missing = table.optional("missing", |entry| entry.word(MISSING));
    let personal = table.optional("personal", Entry::yes_no);
    let codes = table.optional("codes", Entry::text);
    let number_of = table.optional("number_of", Entry::text);
    let reason_of = table.optional("reason_of", Entry::text);
    let words = table.optional("words", Entry::text);
    let note = table.optional("note", Entry::text);
    let example = table.optional("example", Entry::datum);
    Some(Field {
        name: name?,
        ty: ty?,
        missing: missing.map_or(Missing::Unknown, |missing| missing.value),
        personal: personal.unwrap_or(false),
        codes,
        number_of,
        reason_of,
        words,
        note,
        example,
    })
}

fn link(table: &Table<'_>) -> Option<Link> {
    let name = table.required("name", "name = \"plans\"", Entry::text);
    let to = table.required("to", "to = \"child_protection_plan\"", Entry::text);
    let on = table.required("on", "on = { child = \"child\" }", |entry| {
        let pairs = entry.map();
        Some(pairs.iter().filter_map(|pair| Some((pair.name(), pair.text()?))).collect())
    });
    let words = table.optional("words", Entry::text);
    Some(Link {
        name: name?,
        to: to.unwrap_or_else(|| table.file.nothing(String::new())),
        on: on.unwrap_or_default(),
        words,
    })
}
