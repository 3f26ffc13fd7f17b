//! Datasets and derived tables of any shape, as text and as what expressions may name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use staysafe::value::Type;

use super::expression::{LIMITS, Scope};
use crate::records::Dice;

/// A field.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    pub codes: Option<&'static [&'static str]>,
}

/// A table as the definitions see it.
#[derive(Debug, Clone)]
pub struct Table {
    pub id: String,
    pub columns: Vec<Column>,
    pub key: Option<Vec<String>>,
    /// Links by name, with the table each leads to.
    pub links: Vec<(String, String)>,
    /// The field that says in which area a row lies.
    pub area: Option<String>,
}

impl Table {
    pub fn names(&self, ty: Type) -> Vec<String> {
        self.columns.iter().filter(|column| column.ty == ty).map(|column| column.name.clone()).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }
}

/// Every table of a framework, and its file.
#[derive(Debug, Default)]
pub struct World {
    pub datasets: BTreeMap<String, Table>,
    pub derived: BTreeMap<String, Table>,
    pub files: Vec<(String, String)>,
}

impl World {
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.datasets.get(id).or_else(|| self.derived.get(id))
    }

    pub fn is_dataset(&self, id: &str) -> bool {
        self.datasets.contains_key(id)
    }

    /// Any table: a dataset more often than a derived one.
    pub fn any(&self, dice: &mut Dice) -> &Table {
        let all: Vec<&Table> =
            self.datasets.values().chain(self.datasets.values()).chain(self.derived.values()).collect();
        dice.of::<&Table>(&all)
    }
}

pub const SHADES: [&str; 3] = ["A", "B", "C"];
pub const PLACES: [&str; 2] = ["P1", "T1"];

fn column(name: &str, ty: Type, codes: Option<&'static [&'static str]>) -> Column {
    Column { name: name.to_owned(), ty, codes }
}

/// Two or three datasets, each linked to any table, and up to two derived tables.
pub fn world(dice: &mut Dice) -> World {
    let mut world = World::default();
    let count = 2 + dice.below(2);
    let ids: Vec<String> = (1..=count).map(|number| format!("data_{number}")).collect();
    let derived: Vec<String> = (0..dice.below(3)).map(|number| format!("made_{number}")).collect();
    let mut heads = Vec::new();
    for id in &ids {
        let area = match dice.below(5) {
            0 => "ward",
            1 => "given",
            _ => "header",
        };
        let mut columns = vec![
            column("child", Type::Text, None),
            column("begun", Type::Date, None),
            column("ended", Type::Date, None),
            column("seen", Type::Date, None),
        ];
        for extra in [
            column("times", Type::Int, None),
            column("size", Type::Decimal, None),
            column("told", Type::Bool, None),
            column("shade", Type::Text, Some(&SHADES)),
            column("place", Type::Text, Some(&PLACES)),
            column("note", Type::Text, None),
        ] {
            if !dice.one_in(6) || extra.name == "shade" && heads.is_empty() {
                columns.push(extra);
            }
        }
        let area = (area == "ward")
            .then(|| area.to_owned())
            .inspect(|_| columns.push(column("ward", Type::Text, None)))
            .ok_or(area);
        let key = match dice.below(4) {
            0 => None,
            1 => Some(vec!["child".to_owned()]),
            2 => Some(vec!["child".to_owned(), "seen".to_owned()]),
            _ => Some(vec!["child".to_owned(), "begun".to_owned()]),
        };
        let rule = area.clone().unwrap_or_else(str::to_owned);
        heads.push((id.clone(), rule));
        let table = Table { id: id.clone(), columns, key, links: Vec::new(), area: area.ok() };
        world.datasets.insert(id.clone(), table);
    }
    let mut written: BTreeMap<String, String> = BTreeMap::new();
    for (id, rule) in &heads {
        let mut links = Vec::new();
        let mut text = dataset(&world.datasets[id], rule, dice);
        for (number, to) in ids.iter().chain(&derived).enumerate() {
            if dice.one_in(5) {
                continue;
            }
            let narrow = !derived.contains(to) && dice.one_in(6);
            let name = format!("{}_{number}", if narrow { "narrow" } else { "to" });
            let on = if narrow { "child = \"child\", begun = \"begun\"" } else { "child = \"child\"" };
            let _ = write!(text, "[[link]]\nname = \"{name}\"\nto = \"{to}\"\non = {{ {on} }}\n");
            links.push((name, to.clone()));
        }
        world.datasets.get_mut(id).unwrap().links = links;
        written.insert(id.clone(), text);
    }
    world.files.extend(written.into_iter().map(|(id, text)| (format!("datasets/{id}.toml"), text)));
    for id in &derived {
        // A table made of one that was made before, now and then.
        let from = world.any(dice).clone();
        let (table, text) = made(&world, id, &from, dice);
        world.derived.insert(id.clone(), table);
        world.files.push((format!("derived/{id}.toml"), text));
    }
    world
}

fn dataset(table: &Table, area: &str, dice: &mut Dice) -> String {
    let id = &table.id;
    let carrier = dice.of(&["form", "form", "register"]);
    let mut text = format!(
        "id = \"{id}\"\ntitle = \"{id}\"\ncarried_by = \"{carrier}\"\nholder = \"council\"\narea = \"{area}\"\nrow = \"a row\"\n"
    );
    match &table.key {
        Some(key) => {
            let _ = writeln!(text, "key = {key:?}");
            if dice.one_in(3) {
                text.push_str("version = \"seen\"\n");
            }
        }
        None if dice.one_in(2) => text.push_str("recognised_by = [\"child\", \"begun\"]\n"),
        None => {}
    }
    text.push_str(dice.of::<&str>(&[
        "dates = { start = \"begun\", end = \"ended\" }\n",
        "dates = { event = \"seen\" }\n",
        "dates = { event = \"seen\", start = \"begun\", end = \"ended\" }\n",
        "",
    ]));
    if dice.one_in(12) {
        text.push_str("of_the_year = true\n");
    }
    for column in &table.columns {
        let ty = match column.ty {
            Type::Bool => "yes/no",
            Type::Int => "whole number",
            Type::Decimal => "number",
            Type::Date => "date",
            Type::Text => "text",
        };
        let missing = dice.of(&["unknown", "unknown", "no"]);
        let _ =
            write!(text, "[[field]]\nname = \"{}\"\ntype = \"{ty}\"\nmissing = \"{missing}\"\n", column.name);
        match column.name.as_str() {
            "shade" => text.push_str("codes = \"shade\"\n"),
            "place" => {
                text.push_str("codes = \"place\"\n");
                if dice.one_in(2) {
                    text.push_str("reason_of = \"ended\"\n");
                }
            }
            _ => {}
        }
    }
    text
}

/// A derived table of one to three steps.
fn made(world: &World, id: &str, from: &Table, dice: &mut Dice) -> (Table, String) {
    let mut at = from.clone();
    let mut text = format!("id = \"{id}\"\nfrom = \"{}\"\n", from.id);
    for number in 0..=dice.below(3) {
        let mut scope = Scope { to_datasets_only: true, ..Scope::of(world, &at) };
        let dates = at.names(Type::Date);
        let held: Vec<&(String, String)> = at.links.iter().filter(|(_, to)| world.is_dataset(to)).collect();
        match dice.below(4) {
            1 => {
                let order = order(&at, dice);
                let take = dice.of(&["first", "last", "as-at"]);
                let _ = write!(
                    text,
                    "[[derive]]\nstep = \"pick\"\nkey = [\"child\"]\norder = {order:?}\ntake = \"{take}\"\n"
                );
                at.key = Some(vec!["child".to_owned()]);
            }
            2 => chain(&mut at, number, &mut scope, &mut text, dice),
            3 if !held.is_empty() && dates.len() > 1 && !at.has("due") => {
                let (link, to) = (*dice.of(&held)).clone();
                schedule(&mut at, (&link, &world.datasets[&to]), &mut scope, &mut text, dice);
            }
            _ => {
                let keep = scope.truth(2, dice);
                let _ = write!(text, "[[derive]]\nstep = \"filter\"\nwhere = '''{keep} '''\n");
            }
        }
    }
    at.id = id.to_owned();
    (at, text)
}

/// Fields that say which row comes first, a date before all, the key of the table among them.
fn order(table: &Table, dice: &mut Dice) -> Vec<String> {
    let dates = table.names(Type::Date);
    let mut order: Vec<String> = if dates.is_empty() { Vec::new() } else { vec![dice.of(&dates).clone()] };
    for field in table.key.iter().flatten().filter(|field| *field != "child") {
        if !order.contains(field) {
            order.push(field.clone());
        }
    }
    if order.is_empty() {
        order.push("child".to_owned());
    }
    order
}

fn chain(at: &mut Table, number: u64, scope: &mut Scope<'_>, text: &mut String, dice: &mut Dice) {
    let order = order(at, dice);
    let _ = write!(text, "[[derive]]\nstep = \"chain\"\nkey = [\"child\"]\norder = {order:?}\n");
    if dice.one_in(3) {
        let _ = writeln!(text, "skip = '''{} '''", scope.truth(1, dice));
    }
    let any = dice.one_in(2).then(|| scope.truth(1, dice));
    let known = dice.one_in(2).then(|| scope.truth(1, dice));
    scope.frames.push(("prev".to_owned(), at.clone()));
    let joins = if dice.one_in(3) { "prev.child = this.child".to_owned() } else { scope.truth(2, dice) };
    scope.frames.pop();
    let _ = writeln!(text, "joins_when = '''{joins} '''");
    let mut columns: Vec<Column> =
        at.columns.iter().filter(|column| column.name == "child").cloned().collect();
    let mut key = vec!["child".to_owned()];
    let mut firsts: Vec<(String, String)> = Vec::new();
    let mut lasts: Vec<(String, String)> = Vec::new();
    for column in at.columns.iter().filter(|column| column.name != "child") {
        let is_order = order.contains(&column.name);
        if is_order || dice.one_in(2) {
            let name = format!("f{number}_{}", column.name);
            if is_order {
                key.push(name.clone());
            }
            columns.push(Column { name: name.clone(), ..column.clone() });
            firsts.push((name, column.name.clone()));
        }
        if column.ty == Type::Date || dice.one_in(4) {
            let name = format!("l{number}_{}", column.name);
            columns.push(Column { name: name.clone(), ..column.clone() });
            lasts.push((name, column.name.clone()));
        }
    }
    for (which, outputs) in [("first", &firsts), ("last", &lasts)] {
        if !outputs.is_empty() {
            let list: Vec<String> = outputs.iter().map(|(name, of)| format!("{name} = \"{of}\"")).collect();
            let _ = writeln!(text, "{which} = {{ {} }}", list.join(", "));
        }
    }
    if let Some(any) = any {
        let _ = writeln!(text, "any = {{ a{number} = '''{any} ''' }}");
        columns.push(column(&format!("a{number}"), Type::Bool, None));
    }
    if dice.one_in(2) {
        let _ = writeln!(text, "rows = \"n{number}\"");
        columns.push(column(&format!("n{number}"), Type::Int, None));
    }
    if let Some(known) = known {
        let _ = writeln!(text, "start_known = '''{known} '''");
        columns.push(column("start_known", Type::Bool, None));
    }
    keeps_area(at, &mut columns);
    (at.columns, at.key) = (columns, Some(key));
    keeps_links(at);
}

fn schedule(
    at: &mut Table,
    (link, to): (&str, &Table),
    scope: &mut Scope<'_>,
    text: &mut String,
    dice: &mut Dice,
) {
    let dates = at.names(Type::Date);
    let (anchor, until) = (dice.of(&dates).clone(), dice.of(&dates).clone());
    let held = dice.of(&to.names(Type::Date)).clone();
    let mut key: Vec<String> = vec!["child".to_owned()];
    key.extend(at.key.iter().flatten().filter(|field| *field != "child").cloned());
    let first = if dice.one_in(3) { format!("limit('{}')", dice.of(&LIMITS)) } else { stretch(dice) };
    let next =
        if dice.one_in(2) { stretch(dice) } else { format!("{}, then {}", stretch(dice), stretch(dice)) };
    let _ = write!(
        text,
        "[[derive]]\nstep = \"schedule\"\nkey = {key:?}\nanchor = \"{anchor}\"\nheld = \"{link}.{held}\"\nfirst_due = \"{first}\"\nnext_due = \"{next}\"\n"
    );
    if dice.one_in(2) {
        let _ = writeln!(text, "anchor_known = '''{} '''", scope.truth(1, dice));
    }
    if dice.one_in(2) {
        let _ = writeln!(text, "until = \"{until}\"");
    }
    let mut columns: Vec<Column> = at
        .columns
        .iter()
        .filter(|column| key.contains(&column.name) || column.name == anchor)
        .cloned()
        .collect();
    columns.extend([column("due", Type::Date, None), column("held", Type::Date, None)]);
    columns.push(column(
        "status",
        Type::Text,
        Some(&["held in time", "held late", "overdue", "not yet due", "history missing"]),
    ));
    keeps_area(at, &mut columns);
    key.push("due".to_owned());
    (at.columns, at.key) = (columns, Some(key));
    keeps_links(at);
}

fn keeps_area(at: &Table, columns: &mut Vec<Column>) {
    if let Some(area) = &at.area
        && !columns.iter().any(|column| column.name == *area)
    {
        columns.push(column(area, Type::Text, None));
    }
}

/// Links stay whose fields are still there: all are by `child`, a few by the begin as well.
fn keeps_links(at: &mut Table) {
    if !at.has("begun") {
        at.links.retain(|(name, _)| !name.starts_with("narrow"));
    }
}

/// A stretch of time.
pub fn stretch(dice: &mut Dice) -> String {
    let unit = *dice.of(&["days", "working days", "months", "years"]);
    let most = if unit == "years" { 3 } else { 30 };
    format!("{} {unit}", 1 + dice.below(most))
}
