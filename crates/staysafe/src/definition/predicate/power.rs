//! How tightly operators bind, from the loosest to the tightest.

use super::Operator;

pub(super) const LOOSEST: u8 = 0;
pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 2;
pub(super) const NOT: u8 = 3;
/// Comparisons, `IN`, `BETWEEN` and `IS NULL`; they do not chain.
pub(super) const COMPARISON: u8 = 4;
pub(super) const SUM: u8 = 5;
pub(super) const PRODUCT: u8 = 6;
pub(super) const MINUS: u8 = 7;
/// What needs no brackets anywhere.
pub(super) const VALUE: u8 = 8;

pub(super) fn of(operator: Operator) -> u8 {
    match operator {
        Operator::Or => OR,
        Operator::And => AND,
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual => COMPARISON,
        Operator::Add | Operator::Subtract => SUM,
        Operator::Multiply | Operator::Divide => PRODUCT,
    }
}
