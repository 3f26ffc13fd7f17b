//! Indicators of every kind over any table, with every clause a calculation may have.

use std::fmt::Write as _;

use staysafe::value::Type;

use super::expression::{LIMITS, Scope};
use super::tables::{Table, World, stretch};
use crate::records::Dice;

const KINDS: [&str; 15] = [
    "proportion",
    "proportion",
    "proportion",
    "count",
    "stock",
    "rate",
    "ratio",
    "ratio-pct",
    "mean",
    "median",
    "duration",
    "distribution",
    "survey-proportion",
    "score",
    "document",
];

/// The file of an indicator.
pub fn indicator(world: &World, id: &str, dice: &mut Dice) -> String {
    let kind = if dice.one_in(16) { "narrative" } else { *dice.of(&KINDS) };
    let cycle = dice.of(&["quarter", "quarter", "financial-year", "calendar-year", "snapshot(03-31)"]);
    let mut head = format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nkind = \"{kind}\"\npolarity = \"neutral\"\ncycle = \"{cycle}\"\nholder = \"council\"\n"
    );
    if dice.one_in(8) {
        head.push_str("required_breakdown = \"size\"\n");
    }
    let two = matches!(kind, "rate" | "ratio" | "ratio-pct");
    let mut shape =
        Shape { kind, table: world.any(dice).clone(), open: false, clocks: Vec::new(), join: false };
    shape.open = match kind {
        "stock" => true,
        "count" | "score" | "document" | "narrative" => false,
        _ => dice.one_in(3),
    };
    let mut tail = String::new();
    if dice.one_in(6) {
        tail.push_str("[[reading]]\nname = \"other\"\nparameters = { is_wide = true, least = 3 }\n");
    }
    if dice.one_in(6) {
        let join = dice.one_in(2);
        let gap = if join { "2010-09-30" } else { *dice.of(&["2010-09-30", "2010-08-15"]) };
        let join = join && kind != "stock";
        if join {
            (shape.join, shape.open) = (true, false);
        }
        let first = if two {
            totals(world, "version.calculation", &shape, dice)
        } else {
            ladder(world, "version.", &mut shape, dice)
        };
        let second = if two {
            totals(world, "version.calculation", &shape, dice)
        } else {
            ladder(world, "version.", &mut shape, dice)
        };
        let join = if join { "join = true\n" } else { "" };
        return format!(
            "{head}{tail}[[version]]\nto = {gap}\n{first}[[version]]\nfrom = 2010-10-01\nreason = \"it changed\"\n{join}{second}"
        );
    }
    let between = match (shape.open, dice.below(6)) {
        (true, 0) => "between = \"snapshot-now\"\n",
        (false, 0) => "between = \"rolling-12-months\"\n",
        (_, 1) => "between = \"last-known\"\n",
        (_, 2) => "between = \"not-due\"\n",
        _ => "",
    };
    let body =
        if two { totals(world, "calculation", &shape, dice) } else { ladder(world, "", &mut shape, dice) };
    format!("{head}{between}{tail}{body}")
}

/// What is decided before the clauses are written.
struct Shape {
    kind: &'static str,
    table: Table,
    open: bool,
    clocks: Vec<String>,
    /// Versions that are joined say what can be added.
    join: bool,
}

fn when(table: &Table, open: bool, dice: &mut Dice) -> String {
    let dates = table.names(Type::Date);
    let usual = ["begun", "ended"].iter().all(|usual| dates.iter().any(|name| name == usual));
    if open && usual && dice.below(3) > 0 {
        return "when = { open = [\"begun\", \"ended\"] }".to_owned();
    }
    if open {
        return format!("when = {{ open = [\"{}\", \"{}\"] }}", dice.of(&dates), dice.of(&dates));
    }
    format!("when = {{ date = \"{}\" }}", dice.of(&dates))
}

fn ladder(world: &World, before: &str, shape: &mut Shape, dice: &mut Dice) -> String {
    let Shape { kind, ref table, open, join, .. } = *shape;
    let dates = table.names(Type::Date);
    let mut clocks = String::new();
    let mut names = Vec::new();
    if dice.one_in(2) {
        for name in ["quick", "slow"].iter().take(1 + dice.index(2)) {
            let dated = dice.one_in(3);
            let limit = if dated { format!("limit('{}')", dice.of(&LIMITS)) } else { stretch(dice) };
            let _ = write!(
                clocks,
                "[{before}clock.{name}]\nstart = \"{}\"\nstop = \"{}\"\nlimit = \"{limit}\"\n",
                dice.of(&dates),
                dice.of(&dates)
            );
            if dated && dice.one_in(2) {
                let _ = writeln!(clocks, "limit_at = \"{}\"", dice.of(&dates));
            }
            if dice.one_in(3) {
                let _ = writeln!(clocks, "open = '''{} '''", Scope::of(world, table).truth(1, dice));
            }
            names.push((*name).to_owned());
        }
    }
    shape.clocks = names;
    let mut scope = Scope { clocks: shape.clocks.clone(), ..Scope::of(world, table) };
    let mut text = format!("[{before}calculation]\nfrom = \"{}\"\n{}\n", table.id, when(table, open, dice));
    let rungs = matches!(kind, "proportion" | "survey-proportion");
    let told = matches!(kind, "score" | "document" | "narrative");
    if !told && kind != "survey-proportion" && (join && kind == "count" || !join && dice.one_in(3)) {
        let fields: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let fields = if dice.one_in(2) { vec!["child"] } else { vec!["child", *dice.of(&fields)] };
        let fields = if join { vec!["child"] } else { fields };
        let _ = writeln!(text, "counted = \"distinct {}\"", fields.join(", "));
    }
    for (key, chance) in [("population", 2), ("exclude", 4), ("unknown", 5), ("history_missing", 6)] {
        if dice.one_in(chance) {
            let _ = writeln!(text, "{key} = '''{} '''", scope.truth(2, dice));
        }
    }
    if rungs && dice.one_in(2) {
        let _ = writeln!(text, "denominator = '''{} '''", scope.truth(2, dice));
    }
    if rungs || kind == "document" && dice.one_in(2) {
        let _ = writeln!(text, "numerator = '''{} '''", scope.truth(3, dice));
    }
    if dice.one_in(4) {
        text.push_str("numerator_unknown = \"left out\"\n");
    }
    if matches!(kind, "mean" | "median" | "duration" | "score") {
        let ty = *dice.of(&[Type::Int, Type::Decimal]);
        let _ = writeln!(text, "value = '''{} '''", scope.of_type(ty, 2, dice));
    }
    if matches!(kind, "distribution" | "narrative") {
        let _ = writeln!(text, "category = '''{} '''", scope.anything(2, dice));
    }
    if kind == "survey-proportion" {
        let _ = writeln!(text, "weight = '''{} '''", scope.of_type(Type::Decimal, 1, dice));
        for key in ["cluster", "stratum"] {
            if dice.one_in(2) {
                let _ = writeln!(text, "{key} = '''{} '''", scope.anything(1, dice));
            }
        }
    }
    if dice.one_in(6) {
        let _ =
            writeln!(text, "applies_when = '''{}'''", dice.of(&["secure", "NOT secure", "secure OR TRUE"]));
    }
    for (key, chance) in [("window", 5), ("lag", 6), ("history", 5)] {
        if dice.one_in(chance) && (!join || key == "history") {
            let _ = writeln!(text, "{key} = \"{}\"", stretch(dice));
        }
    }
    if dice.one_in(4) && !join {
        let _ = writeln!(text, "multiplier = {}", dice.of(&[1, 1000]));
    }
    text + &clocks
}

fn totals(world: &World, name: &str, shape: &Shape, dice: &mut Dice) -> String {
    let multiplier =
        if shape.kind == "rate" || dice.one_in(4) && !shape.join { "multiplier = 1000\n" } else { "" };
    let mut text = format!("[{name}]\n{multiplier}");
    if dice.one_in(8) {
        text.push_str("applies_when = \"NOT secure\"\n");
    }
    for side in ["numerator", "denominator"] {
        let table = world.any(dice).clone();
        let open = if side == "numerator" { shape.open } else { !shape.join && dice.one_in(3) };
        let mut scope = Scope::of(world, &table);
        let _ = write!(text, "[{name}.{side}]\nfrom = \"{}\"\n{}\n", table.id, when(&table, open, dice));
        for (key, chance) in [("where", 2), ("history_missing", 6)] {
            if dice.one_in(chance) {
                let _ = writeln!(text, "{key} = '''{} '''", scope.truth(2, dice));
            }
        }
        let numbers: Vec<String> =
            table.names(Type::Int).into_iter().chain(table.names(Type::Decimal)).collect();
        let measure = match dice.below(4) {
            0 if !numbers.is_empty() => format!("sum({})", dice.of(&numbers)),
            1 if !shape.join => {
                let other = &dice.of(&table.columns).name;
                if dice.one_in(2) {
                    "count(distinct child)".to_owned()
                } else {
                    format!("count(distinct child, {other})")
                }
            }
            _ => "count()".to_owned(),
        };
        let _ = writeln!(text, "measure = \"{measure}\"");
    }
    text
}
