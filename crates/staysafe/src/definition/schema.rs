//! What fields a derived table has: worked out from its steps, before anything is checked.

use std::collections::BTreeMap;

use super::dataset::{AreaRule, Dataset, Dates, Field, Missing};
use super::derived::{Chain, Derived, START_KNOWN, STATUS_CODES, Schedule, Step, StepKind, Take};
use super::framework::Framework;
use crate::diagnostic::{Span, Spanned};
use crate::value::Type;

/// Every derived table's fields and links, as those of a dataset.
///
/// A table whose fields cannot be told (it comes from itself, or from no table) is left out; `check` says why.
/// Links of the table it comes from are kept wherever the fields they join by are.
pub fn schemas(framework: &Framework) -> BTreeMap<String, Dataset> {
    let mut schemas: BTreeMap<String, Dataset> = BTreeMap::new();
    // Each round adds the tables whose own table is there: at most as many rounds as tables.
    for _ in 0..framework.derived.len() {
        let ready = framework.derived.iter().filter(|(id, _)| !schemas.contains_key(*id));
        let made: Vec<(String, Dataset)> = ready
            .filter_map(|(id, derived)| {
                let from = &derived.from.value;
                let from = framework.datasets.get(from).or_else(|| schemas.get(from))?;
                Some((id.clone(), stages(derived, from).pop().unwrap_or_else(|| from.clone())))
            })
            .collect();
        if made.is_empty() {
            break;
        }
        schemas.extend(made);
    }
    schemas
}

/// The fields after each step of a derived table; the last goes by the table's own id.
pub(crate) fn stages(derived: &Derived, from: &Dataset) -> Vec<Dataset> {
    let mut stages = Vec::new();
    let mut at = from.clone();
    for step in &derived.steps {
        at = after(step, &at);
        stages.push(at.clone());
    }
    if let Some(last) = stages.last_mut() {
        last.id = derived.id.clone();
        if let Some(words) = &derived.words {
            last.title = words.clone();
            last.row = None;
        }
        for (name, words) in &derived.field_words {
            for field in last.fields.iter_mut().filter(|field| field.name.value == name.value) {
                field.words = Some(words.clone());
            }
        }
    }
    stages
}

fn after(step: &Step, from: &Dataset) -> Dataset {
    match &step.kind {
        StepKind::Filter(_) => from.clone(),
        StepKind::Pick(pick) => {
            let key = pick.key.iter().map(|name| name.value.clone()).collect();
            Dataset { key: Some(Spanned { value: key, span: step.place.span.clone() }), ..from.clone() }
        }
        StepKind::Chain(chain) => chained(chain, &step.place.span, from),
        StepKind::Schedule(schedule) => scheduled(schedule, &step.place.span, from),
    }
}

fn chained(chain: &Chain, place: &Span, from: &Dataset) -> Dataset {
    let mut fields = kept(&chain.key, from);
    for output in &chain.outputs {
        let field = match &output.take {
            Take::First(field) | Take::Last(field) => {
                let Some(field) = declared(from, &field.value) else { continue };
                Field { name: output.name.clone(), number_of: None, reason_of: None, ..field.clone() }
            }
            Take::Any(_) => plain(&output.name.value, Type::Bool, &output.name.span),
            Take::Rows => plain(&output.name.value, Type::Int, &output.name.span),
        };
        fields.push(field);
    }
    if let Some(known) = &chain.start_known {
        fields.push(plain(START_KNOWN, Type::Bool, &known.span));
    }
    if let AreaRule::Field(area) = &from.area.value
        && !fields.iter().any(|field| field.name.value == *area)
    {
        fields.extend(declared(from, area).cloned());
    }
    // What the first row is ordered by tells the chains of one key apart.
    let mut key: Vec<String> = chain.key.iter().map(|name| name.value.clone()).collect();
    for order in &chain.order {
        let first = |take: &Take| matches!(take, Take::First(field) if field.value == order.value);
        let named = chain.outputs.iter().find(|output| first(&output.take));
        key.extend(named.map(|output| output.name.value.clone()));
    }
    table(from, place, fields, key)
}

fn scheduled(schedule: &Schedule, place: &Span, from: &Dataset) -> Dataset {
    let mut fields = kept(&schedule.key, from);
    let area = match &from.area.value {
        AreaRule::Field(area) => Some(area),
        AreaRule::Header | AreaRule::Given => None,
    };
    for name in std::iter::once(&schedule.anchor.value).chain(area) {
        if !fields.iter().any(|field| field.name.value == *name) {
            fields.extend(declared(from, name).cloned());
        }
    }
    fields.push(plain("due", Type::Date, place));
    fields.push(plain("held", Type::Date, place));
    let codes = Some(Spanned { value: STATUS_CODES.to_owned(), span: place.clone() });
    fields.push(Field { codes, ..plain("status", Type::Text, place) });
    let key = schedule.key.iter().map(|name| name.value.clone()).chain(["due".to_owned()]).collect();
    table(from, place, fields, key)
}

fn table(from: &Dataset, place: &Span, fields: Vec<Field>, key: Vec<String>) -> Dataset {
    let has = |name: &str| fields.iter().any(|field| field.name.value == name);
    let links = from.links.iter().filter(|link| link.on.iter().all(|(ours, _)| has(&ours.value)));
    let links = links.cloned().collect();
    Dataset {
        key: Some(Spanned { value: key, span: place.clone() }),
        // How rows of several returns are told apart is a matter of the dataset under it.
        dates: Dates::default(),
        version: None,
        recognised_by: None,
        goes_with: None,
        of_the_year: false,
        whole_period: false,
        fields,
        links,
        ..from.clone()
    }
}

fn kept(key: &[Spanned<String>], from: &Dataset) -> Vec<Field> {
    key.iter().filter_map(|name| declared(from, &name.value).cloned()).collect()
}

fn declared<'a>(from: &'a Dataset, name: &str) -> Option<&'a Field> {
    from.fields.iter().find(|field| field.name.value == name)
}

fn plain(name: &str, ty: Type, span: &Span) -> Field {
    Field {
        name: Spanned { value: name.to_owned(), span: span.clone() },
        ty: Spanned { value: ty, span: span.clone() },
        missing: Missing::Unknown,
        personal: false,
        codes: None,
        number_of: None,
        reason_of: None,
        words: None,
        note: None,
        example: None,
    }
}
