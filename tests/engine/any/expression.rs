//! Expressions of any shape over the fields in scope, each of the type that is asked for.

use staysafe::value::Type;

use super::tables::{Column, Table, World};
use crate::records::Dice;

/// What an expression may name.
pub struct Scope<'w> {
    pub world: &'w World,
    /// From the row itself inwards, each with the name it goes by.
    pub frames: Vec<(String, Table)>,
    /// Clocks that `within` may ask.
    pub clocks: Vec<String>,
    /// Names that only a breakdown has.
    pub names: Vec<(&'static str, Type)>,
    /// In a derived table only links to datasets are followed, so that no table needs itself.
    pub to_datasets_only: bool,
}

/// A text, and the codes it is compared with.
struct Coded {
    text: String,
    codes: Option<&'static [&'static str]>,
}

/// How many of a date of related records lie in a window that moves with the period.
fn windowed((link, alias, day): (&str, &str, &str), dice: &mut Dice) -> String {
    let least = *dice.of(&["window_first_day", "period_first_day", "add_months(period_last_day, -9)"]);
    let most = *dice.of(&["period_last_day", "add_days(period_last_day, -30)", "DATE '2023-09-30'"]);
    let (after, before) = (*dice.of(&[">=", ">"]), *dice.of(&["<=", "<"]));
    let filter = match dice.below(5) {
        0 => format!("{day} {after} {least}"),
        1 => format!("{most} {} {day}", if before == "<" { ">" } else { ">=" }),
        2 => format!("{day} = {most}"),
        _ => format!("{day} {after} {least} AND {day} {before} {most}"),
    };
    let what = if dice.one_in(2) { format!("DISTINCT {day} FROM {link}") } else { link.to_owned() };
    format!("count({what} AS {alias} WHERE {filter})")
}

impl<'w> Scope<'w> {
    pub fn of(world: &'w World, table: &Table) -> Self {
        let frames = vec![("this".to_owned(), table.clone())];
        Self { world, frames, clocks: Vec::new(), names: Vec::new(), to_datasets_only: false }
    }

    /// An expression of a type.
    pub fn of_type(&mut self, ty: Type, deep: u64, dice: &mut Dice) -> String {
        match ty {
            Type::Bool => self.truth(deep, dice),
            Type::Date => self.date(deep, dice),
            Type::Int => self.whole(deep, dice),
            Type::Decimal => self.number(deep, dice),
            Type::Text => self.text(deep, dice).text,
        }
    }

    /// An expression of any type.
    pub fn anything(&mut self, deep: u64, dice: &mut Dice) -> String {
        let types = [Type::Text, Type::Bool, Type::Date, Type::Int, Type::Decimal];
        self.of_type(*dice.of(&types), deep, dice)
    }

    /// A predicate.
    pub fn truth(&mut self, deep: u64, dice: &mut Dice) -> String {
        if deep == 0 {
            return self.plain_truth(dice);
        }
        let deep = deep - 1;
        match dice.below(16) {
            0 | 1 => format!("({} AND {})", self.truth(deep, dice), self.truth(deep, dice)),
            2 => format!("({} OR {})", self.truth(deep, dice), self.truth(deep, dice)),
            3 => format!("(NOT {})", self.truth(deep, dice)),
            4..=6 => self.compared(deep, dice),
            7 => {
                let asked = self.anything(deep, dice);
                format!("({asked} IS {}NULL)", dice.of(&["", "NOT "]))
            }
            8 => {
                let ty = *dice.of(&[Type::Date, Type::Int, Type::Decimal]);
                let [a, b, c] = [(); 3].map(|()| self.of_type(ty, deep, dice));
                format!("({a} {}BETWEEN {b} AND {c})", dice.of(&["", "NOT "]))
            }
            9 => {
                let (a, b) = (self.truth(deep, dice), self.truth(deep, dice));
                format!("coalesce({a}, {b})")
            }
            10 => format!("({} = TRUE)", self.case(Type::Bool, deep, dice)),
            11..=13 => self.question(deep, dice),
            _ => self.plain_truth(dice),
        }
    }

    fn plain_truth(&mut self, dice: &mut Dice) -> String {
        match dice.below(10) {
            0..=2 if !self.clocks.is_empty() => format!("within({})", dice.of(&self.clocks)),
            0 | 1 => self.field(Type::Bool, dice).map_or_else(|| "TRUE".to_owned(), |(name, _)| name),
            2 => dice.of(&["TRUE", "FALSE", "$is_wide"]).to_string(),
            3 | 4 => {
                let Coded { text, codes } = self.text(0, dice);
                let list: Vec<String> = (0..=dice.below(3)).map(|_| literal(codes, dice)).collect();
                format!("({text} {}IN ({}))", dice.of(&["", "NOT "]), list.join(", "))
            }
            5 => {
                let (name, _) = self.any_field(dice);
                format!("({name} IS {}NULL)", dice.of(&["", "NOT "]))
            }
            _ => self.compared(0, dice),
        }
    }

    fn compared(&mut self, deep: u64, dice: &mut Dice) -> String {
        let sign = *dice.of(&["=", "<>", "<", "<=", ">", ">="]);
        let (a, b) = match dice.below(7) {
            0..=2 => (self.date(deep, dice), self.date(deep, dice)),
            3 => (self.whole(deep, dice), self.number(deep, dice)),
            4 => (self.whole(deep, dice), self.whole(0, dice)),
            5 => {
                let Coded { text, codes } = self.text(deep, dice);
                (text, literal(codes, dice))
            }
            _ => match (self.field(Type::Text, dice), self.field(Type::Text, dice)) {
                (Some((a, _)), Some((b, _))) => (a, b),
                _ => (self.truth(deep.min(1), dice), "TRUE".to_owned()),
            },
        };
        format!("({a} {sign} {b})")
    }

    fn date(&mut self, deep: u64, dice: &mut Dice) -> String {
        if deep == 0 || dice.below(5) < 2 {
            return match dice.below(8) {
                0 => "period_last_day".to_owned(),
                1 => (*dice.of(&["period_first_day", "window_first_day", "$since"])).to_owned(),
                2 => format!("DATE '{}'", dice.of(&DAYS)),
                _ => self
                    .field(Type::Date, dice)
                    .map_or_else(|| "period_last_day".to_owned(), |(name, _)| name),
            };
        }
        let deep = deep - 1;
        match dice.below(9) {
            0..=2 => {
                let step = *dice.of(&["add_days", "add_working_days", "add_months"]);
                format!("{step}({}, {})", self.date(deep, dice), self.whole(deep.min(1), dice))
            }
            3 => format!("due_date({}, '{}')", self.date(deep, dice), dice.of(&LIMITS)),
            4 => format!("coalesce({}, {})", self.date(deep, dice), self.date(deep, dice)),
            5 => self.case(Type::Date, deep, dice),
            _ => self.picked(Type::Date, deep, dice),
        }
    }

    fn whole(&mut self, deep: u64, dice: &mut Dice) -> String {
        if deep == 0 || dice.below(5) < 2 {
            return match dice.below(5) {
                0 | 1 => self.field(Type::Int, dice).map_or_else(|| "1".to_owned(), |(name, _)| name),
                2 => "$least".to_owned(),
                _ => whole(dice),
            };
        }
        let deep = deep - 1;
        match dice.below(9) {
            0 | 1 => {
                let how = *dice.of(&["working_days", "days", "months_between", "years_between", "age_at"]);
                format!("{how}({}, {})", self.date(deep, dice), self.date(deep, dice))
            }
            2 => {
                let sign = *dice.of(&["+", "-", "*"]);
                format!("({} {sign} {})", self.whole(deep, dice), self.whole(0, dice))
            }
            3 => {
                format!("(-{})", self.field(Type::Int, dice).map_or_else(|| "1".to_owned(), |(name, _)| name))
            }
            4 => format!("coalesce({}, {})", self.whole(deep, dice), self.whole(0, dice)),
            5 => self.case(Type::Int, deep, dice),
            6 | 7 => self.counted(deep, dice),
            _ => self.picked(Type::Int, deep, dice),
        }
    }

    fn number(&mut self, deep: u64, dice: &mut Dice) -> String {
        if deep == 0 {
            return match dice.below(4) {
                0 => format!("{}.{}", dice.below(50), dice.below(100)),
                1 => whole(dice),
                _ => self.field(Type::Decimal, dice).map_or_else(|| "2.5".to_owned(), |(name, _)| name),
            };
        }
        let deep = deep - 1;
        match dice.below(6) {
            0 => {
                let sign = *dice.of(&["+", "-", "*", "/", "/"]);
                format!("({} {sign} {})", self.number(deep, dice), self.number(0, dice))
            }
            1 => self.case(Type::Decimal, deep, dice),
            2 => self.picked(Type::Decimal, deep, dice),
            3 => self.whole(deep, dice),
            _ => self.number(0, dice),
        }
    }

    fn text(&mut self, deep: u64, dice: &mut Dice) -> Coded {
        if deep > 0 && dice.one_in(4) {
            let text = match dice.below(3) {
                0 => self.case(Type::Text, deep - 1, dice),
                1 => self.picked(Type::Text, deep - 1, dice),
                _ => match self.field(Type::Text, dice) {
                    Some((name, codes)) => format!("coalesce({name}, {})", literal(codes, dice)),
                    None => "'a'".to_owned(),
                },
            };
            return Coded { text, codes: None };
        }
        match self.names.iter().find(|(_, ty)| *ty == Type::Text) {
            Some((name, _)) if dice.one_in(3) => return Coded { text: (*name).to_owned(), codes: None },
            _ => {}
        }
        match self.field(Type::Text, dice) {
            Some((text, codes)) => Coded { text, codes },
            None => Coded { text: "$word".to_owned(), codes: None },
        }
    }

    /// A `CASE` whose results are all of a type.
    fn case(&mut self, ty: Type, deep: u64, dice: &mut Dice) -> String {
        let mut said = "CASE".to_owned();
        for _ in 0..=dice.below(2) {
            let (when, then) = (self.truth(deep, dice), self.result(ty, deep, dice));
            said = format!("{said} WHEN {when} THEN {then}");
        }
        match dice.below(4) {
            0 => format!("{said} END"),
            1 => format!("{said} ELSE NULL END"),
            _ => format!("{said} ELSE {} END", self.result(ty, deep, dice)),
        }
    }

    fn result(&mut self, ty: Type, deep: u64, dice: &mut Dice) -> String {
        match ty {
            Type::Text if dice.one_in(2) => literal(None, dice),
            Type::Bool => self.plain_truth(dice),
            other => self.of_type(other, deep.min(1), dice),
        }
    }

    /// `any` or `all`.
    fn question(&mut self, deep: u64, dice: &mut Dice) -> String {
        let Some((link, alias)) = self.enter(dice) else { return self.plain_truth(dice) };
        let filter = self.filter(deep, dice);
        let said = if dice.one_in(3) {
            format!("all({link} AS {alias}{filter} HAVE {})", self.truth(deep.min(1), dice))
        } else {
            format!("any({link} AS {alias}{filter})")
        };
        self.frames.pop();
        said
    }

    /// `count` of rows or of different values.
    fn counted(&mut self, deep: u64, dice: &mut Dice) -> String {
        let Some((link, alias)) = self.enter(dice) else { return self.whole(0, dice) };
        if dice.one_in(2)
            && let Some(day) = self.own(dice, |column| column.ty == Type::Date)
        {
            let said = windowed((&link, &alias, &day), dice);
            self.frames.pop();
            return said;
        }
        let filter = self.filter(deep, dice);
        let said = if dice.one_in(2) {
            let field = self.own(dice, |_| true).unwrap_or_else(|| format!("{alias}.child"));
            format!("count(DISTINCT {field} FROM {link} AS {alias}{filter})")
        } else {
            format!("count({link} AS {alias}{filter})")
        };
        self.frames.pop();
        said
    }

    /// A value of related records: `first`, `last`, `min`, `max`, `sum`.
    fn picked(&mut self, ty: Type, deep: u64, dice: &mut Dice) -> String {
        let Some((link, alias)) = self.enter(dice) else { return self.of_type(ty, 0, dice) };
        let filter = self.filter(deep, dice);
        let field = self.own(dice, |column| column.ty == ty);
        let said = field.map(|field| match dice.below(5) {
            0 if matches!(ty, Type::Int | Type::Decimal) => {
                let what = if dice.one_in(3) { self.of_type(ty, deep.min(1), dice) } else { field };
                format!("sum({what} FROM {link} AS {alias}{filter})")
            }
            0..=2 => {
                let which = *dice.of(&["first", "last"]);
                format!("{which}({field} FROM {link} AS {alias}{filter} BY {})", self.order(&alias, dice))
            }
            _ => format!("{}({field} FROM {link} AS {alias}{filter})", dice.of(&["min", "max"])),
        });
        self.frames.pop();
        said.unwrap_or_else(|| self.of_type(ty, 0, dice))
    }

    /// An order that leaves no ties: it holds the key of the table.
    fn order(&mut self, alias: &str, dice: &mut Dice) -> String {
        let mut by: Vec<String> = self.own(dice, |column| column.ty == Type::Date).into_iter().collect();
        let key = self.frames.last().and_then(|(_, table)| table.key.clone()).unwrap_or_default();
        for field in key.iter().map(|field| format!("{alias}.{field}")) {
            if !by.contains(&field) {
                by.push(field);
            }
        }
        if by.is_empty() {
            by.push(format!("{alias}.child"));
        }
        by.join(", ")
    }

    fn filter(&mut self, deep: u64, dice: &mut Dice) -> String {
        if dice.one_in(4) { String::new() } else { format!(" WHERE {}", self.truth(deep, dice)) }
    }

    /// Follows a link of the innermost record.
    fn enter(&mut self, dice: &mut Dice) -> Option<(String, String)> {
        if self.frames.len() > 3 {
            return None;
        }
        let (_, from) = self.frames.iter().rev().find(|(name, _)| name != "prev")?;
        let links: Vec<&(String, String)> =
            from.links.iter().filter(|(_, to)| !self.to_datasets_only || self.world.is_dataset(to)).collect();
        if links.is_empty() {
            return None;
        }
        let (link, to) = (*dice.of(&links)).clone();
        let alias = format!("r{}", self.frames.len());
        self.frames.push((alias.clone(), self.world.table(&to)?.clone()));
        Some((link, alias))
    }

    /// A field of the innermost record.
    fn own(&self, dice: &mut Dice, fits: impl Fn(&Column) -> bool) -> Option<String> {
        let (alias, table) = self.frames.last()?;
        let columns: Vec<&Column> = table.columns.iter().filter(|column| fits(column)).collect();
        (!columns.is_empty()).then(|| format!("{alias}.{}", dice.of(&columns).name))
    }

    /// A field of a type, of any record in scope.
    fn field(&self, ty: Type, dice: &mut Dice) -> Option<(String, Option<&'static [&'static str]>)> {
        if let Some((name, _)) = self.names.iter().find(|(_, of)| *of == ty && ty == Type::Date)
            && dice.one_in(2)
        {
            return Some(((*name).to_owned(), None));
        }
        let outer = dice.below(3) == 0;
        let at = if outer { dice.index(self.frames.len()) } else { self.frames.len() - 1 };
        let (name, table) = &self.frames[at];
        let columns: Vec<&Column> = table.columns.iter().filter(|column| column.ty == ty).collect();
        if columns.is_empty() {
            return None;
        }
        let column = *dice.of(&columns);
        let name =
            if self.frames.len() == 1 { column.name.clone() } else { format!("{name}.{}", column.name) };
        Some((name, column.codes))
    }

    fn any_field(&self, dice: &mut Dice) -> (String, Option<&'static [&'static str]>) {
        let types = [Type::Date, Type::Date, Type::Text, Type::Int, Type::Decimal, Type::Bool];
        let ty = *dice.of(&types);
        self.field(ty, dice).unwrap_or_else(|| ("period_last_day".to_owned(), None))
    }
}

/// Dated limits that every framework made here has.
pub const LIMITS: [&str; 2] = ["notice", "review"];

const DAYS: [&str; 5] = ["2009-04-01", "2010-02-28", "2010-06-30", "2010-10-01", "2012-02-29"];

fn whole(dice: &mut Dice) -> String {
    if dice.one_in(60) {
        return (*dice.of(&["9223372036854775807", "-9223372036854775808", "100000"])).to_owned();
    }
    (i64::try_from(dice.below(40)).unwrap() - 8).to_string()
}

fn literal(codes: Option<&'static [&'static str]>, dice: &mut Dice) -> String {
    if codes.is_none() && dice.one_in(8) {
        return "$word".to_owned();
    }
    format!("'{}'", dice.of(codes.unwrap_or(&["a", "b", "1", "2", "X"])))
}
