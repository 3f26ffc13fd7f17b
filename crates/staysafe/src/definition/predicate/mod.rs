//! The language of predicates: lexer, parser, syntax tree.

mod ast;
mod cursor;
mod lexer;
mod link;
mod operand;
mod parser;
mod placement;
mod power;
mod print;
mod report;
#[cfg(test)]
mod tests;

pub use ast::{Expr, ExprKind, LinkExpr, Operator, Question};
pub use cursor::MAX_DEPTH;
pub use parser::parse;
pub use placement::Placement;
