//! The canonical form of a predicate: one spelling, the fewest brackets, one line.
//!
//! Hashes and the formatter use it, so it is a law that reading it back gives the same tree.

use std::fmt::{self, Display, Formatter};

use super::lexer::quoted;
use super::link::name_of;
use super::{Expr, ExprKind, LinkExpr, Operator, power};
use crate::value::Value;

/// The canonical form: parsing it gives this tree again, places aside.
///
/// # Example
/// ```
/// use staysafe::definition::predicate::{Placement, parse};
/// let text = "((a)=1 and (b is null))\n or not (c in ('X'))";
/// let expr = parse(text, &Placement::plain("f.toml", 0, text)).unwrap();
/// assert_eq!(expr.to_string(), "a = 1 AND b IS NULL OR NOT c IN ('X')");
/// ```
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(self, power::LOOSEST, f)
    }
}

impl Operator {
    /// The operator as it is written: `AND`, `<=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::And => "AND",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// Writes `expr` where an operator binds with `min`: in brackets, if it binds more loosely itself.
fn write(expr: &Expr, min: u8, f: &mut Formatter<'_>) -> fmt::Result {
    if own_power(expr) < min {
        f.write_str("(")?;
        write_bare(expr, f)?;
        f.write_str(")")
    } else {
        write_bare(expr, f)
    }
}

fn own_power(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary { operator, .. } => power::of(*operator),
        ExprKind::Not(_) => power::NOT,
        ExprKind::In { .. } | ExprKind::Between { .. } | ExprKind::IsNull { .. } => power::COMPARISON,
        ExprKind::Negate(_) => power::MINUS,
        // `--1` would be a comment to everybody else.
        ExprKind::Literal(Value::Int(number)) if *number < 0 => power::MINUS,
        ExprKind::Literal(Value::Decimal(number)) if number.is_sign_negative() => power::MINUS,
        _ => power::VALUE,
    }
}

fn write_bare(expr: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    match &expr.kind {
        ExprKind::Literal(value) => write_value(value, f),
        ExprKind::Null => f.write_str("NULL"),
        ExprKind::Name { qualifier, name } => {
            if let Some(qualifier) = qualifier {
                write!(f, "{}.", qualifier.value)?;
            }
            f.write_str(&name.value)
        }
        ExprKind::Parameter(name) => write!(f, "${}", name.value),
        ExprKind::Not(inner) => {
            f.write_str("NOT ")?;
            write(inner, power::NOT, f)
        }
        ExprKind::Negate(inner) => {
            f.write_str("-")?;
            write(inner, power::VALUE, f)
        }
        ExprKind::Binary { operator, left, right } => {
            let own = power::of(*operator);
            write(left, if own == power::COMPARISON { own + 1 } else { own }, f)?;
            write!(f, " {} ", operator.as_str())?;
            write(right, own + 1, f)
        }
        ExprKind::In { expr, list, negated } => {
            write(expr, power::SUM, f)?;
            f.write_str(if *negated { " NOT IN (" } else { " IN (" })?;
            write_list(list, f)?;
            f.write_str(")")
        }
        ExprKind::Between { expr, low, high, negated } => {
            write(expr, power::SUM, f)?;
            f.write_str(if *negated { " NOT BETWEEN " } else { " BETWEEN " })?;
            write(low, power::SUM, f)?;
            f.write_str(" AND ")?;
            write(high, power::SUM, f)
        }
        ExprKind::IsNull { expr, negated } => {
            write(expr, power::SUM, f)?;
            f.write_str(if *negated { " IS NOT NULL" } else { " IS NULL" })
        }
        ExprKind::Case { arms, otherwise } => {
            f.write_str("CASE")?;
            for (condition, result) in arms {
                write!(f, " WHEN {condition} THEN {result}")?;
            }
            if let Some(otherwise) = otherwise {
                write!(f, " ELSE {otherwise}")?;
            }
            f.write_str(" END")
        }
        ExprKind::Call { function, arguments } => {
            write!(f, "{}(", function.value)?;
            write_list(arguments, f)?;
            f.write_str(")")
        }
        ExprKind::Link(link) => write_link(link, f),
    }
}

fn write_list(list: &[Expr], f: &mut Formatter<'_>) -> fmt::Result {
    for (at, expr) in list.iter().enumerate() {
        write!(f, "{}{expr}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

fn write_value(value: &Value, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Value::Bool(true) => f.write_str("TRUE"),
        Value::Bool(false) => f.write_str("FALSE"),
        Value::Int(number) => write!(f, "{number}"),
        // A decimal number keeps its point, or it would be read back as a whole one.
        Value::Decimal(number) if number.scale() == 0 => write!(f, "{number}.0"),
        Value::Decimal(number) => write!(f, "{number}"),
        Value::Text(text) => f.write_str(&quoted(text)),
        Value::Date(date) => write!(f, "DATE '{date}'"),
    }
}

fn write_link(link: &LinkExpr, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{}(", name_of(link.question.value))?;
    if link.distinct {
        f.write_str("DISTINCT ")?;
    }
    if let Some(field) = &link.field {
        write!(f, "{field}")?;
    }
    if !says_its_link(link) {
        f.write_str(if link.field.is_some() { " FROM " } else { "" })?;
        f.write_str(&link.link.value)?;
        if link.alias.value != link.link.value {
            write!(f, " AS {}", link.alias.value)?;
        }
    }
    if let Some(filter) = &link.filter {
        write!(f, " WHERE {filter}")?;
    }
    if let Some(condition) = &link.condition {
        write!(f, " HAVE {condition}")?;
    }
    if !link.order.is_empty() {
        f.write_str(" BY ")?;
        write_list(&link.order, f)?;
    }
    f.write_str(")")
}

/// Whether the field is qualified with the link's own name, so that `FROM` would say nothing new.
fn says_its_link(link: &LinkExpr) -> bool {
    let Some(ExprKind::Name { qualifier: Some(qualifier), .. }) =
        link.field.as_ref().map(|field| &field.kind)
    else {
        return false;
    };
    link.alias.value == link.link.value && qualifier.value == link.link.value
}
