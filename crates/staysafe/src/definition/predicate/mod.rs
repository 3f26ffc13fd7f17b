//! The language of predicates: lexer, parser, syntax tree.

mod ast;

pub use ast::{Expr, ExprKind, LinkExpr, Operator, Question};
