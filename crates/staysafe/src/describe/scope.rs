//! Whose fields a name means: the row itself, or a related record inside a link.

use super::vocabulary::{FieldWords, LinkWords, TableWords, Vocabulary};
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Operator, Question};
use crate::value::{Datum, Type, Value};

/// The row itself, or the records of a link and what is around them.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'v> {
    pub(super) vocabulary: &'v Vocabulary,
    table: Option<&'v TableWords>,
    /// The name of the related records; `None` for the row itself.
    alias: Option<&'s str>,
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'v> Scope<'_, 'v> {
    /// The row itself.
    pub(super) fn root(vocabulary: &'v Vocabulary) -> Self {
        Self { vocabulary, table: vocabulary.tables.get(&vocabulary.table), alias: None, outer: None }
    }

    /// The records of a link asked for here.
    pub(super) fn inside<'t>(&'t self, link: &'t LinkExpr) -> Scope<'t, 'v> {
        let to = self.link_words(link).and_then(|words| self.vocabulary.tables.get(&words.to));
        Scope { vocabulary: self.vocabulary, table: to, alias: Some(&link.alias.value), outer: Some(self) }
    }

    /// What the link is called: links are those of the record they are asked of.
    pub(super) fn link_words(&self, link: &LinkExpr) -> Option<&'v LinkWords> {
        self.table?.links.get(&link.link.value)
    }

    /// What the link's records are called.
    pub(super) fn linked(&self, link: &LinkExpr) -> String {
        let words = self.link_words(link).and_then(|words| words.words.clone());
        words.unwrap_or_else(|| format!("the {}", spaced(&link.link.value)))
    }

    /// Whether the link leads to one record, as far as its words tell: "the referral it belongs to".
    pub(super) fn leads_to_one(&self, link: &LinkExpr) -> bool {
        let words = self.linked(link);
        let head = words.split(' ').take_while(|word| !AFTER_THE_NOUN.contains(word));
        !head.into_iter().any(|word| word.ends_with('s') && !word.ends_with("'s") && !word.ends_with("ss"))
    }

    /// The scope that a qualifier names: without one, the nearest; `this` is the row itself.
    fn named(&self, qualifier: Option<&str>) -> &Scope<'_, 'v> {
        match (qualifier, self.outer) {
            (Some(qualifier), Some(outer)) if self.alias != Some(qualifier) => outer.named(Some(qualifier)),
            _ => self,
        }
    }

    /// What a field is called, if the vocabulary knows it.
    pub(super) fn field(&self, qualifier: Option<&str>, name: &str) -> Option<&'v FieldWords> {
        self.named(qualifier).table?.fields.get(name)
    }

    /// What a field is called here: with its owner, where records around it have a field of the same words.
    pub(super) fn field_words(&self, qualifier: Option<&str>, name: &str) -> String {
        let owner = self.named(qualifier);
        let words = owner.words_of(name);
        if qualifier == Some("prev") {
            return format!("{words} of the row before");
        }
        let mut nearer = self;
        while !std::ptr::eq(nearer, owner) {
            let shared = nearer
                .table
                .is_none_or(|table| table.fields.contains_key(name) && nearer.words_of(name) == words);
            let known = nearer.table.is_some() || owner.table.is_none();
            if shared && known {
                return match owner.alias {
                    None => format!("{words} of this record"),
                    Some(alias) => format!("{words} of that {}", spaced(alias)),
                };
            }
            let Some(outer) = nearer.outer else { break };
            nearer = outer;
        }
        words
    }

    fn words_of(&self, name: &str) -> String {
        let words = self.table.and_then(|table| table.fields.get(name)).and_then(|field| field.words.clone());
        let words = words.unwrap_or_else(|| spaced(name));
        words.strip_prefix("how many ").map(|what| format!("the number of {what}")).unwrap_or(words)
    }

    /// The type of an expression, as far as the vocabulary tells it.
    pub(super) fn ty(&self, expr: &Expr) -> Option<Type> {
        match &expr.kind {
            ExprKind::Literal(value) => Some(value.ty()),
            ExprKind::Null => None,
            ExprKind::Name { qualifier, name } => {
                if qualifier.is_none() && period_words(&name.value).is_some() {
                    return Some(if name.value == "this_category" { Type::Text } else { Type::Date });
                }
                self.field(qualifier.as_ref().map(|q| q.value.as_str()), &name.value)?.ty
            }
            ExprKind::Parameter(name) => self.parameter(&name.value).map(Value::ty),
            ExprKind::Not(_) | ExprKind::In { .. } | ExprKind::Between { .. } | ExprKind::IsNull { .. } => {
                Some(Type::Bool)
            }
            ExprKind::Negate(inner) => self.ty(inner),
            ExprKind::Binary { operator, left, right } => match operator {
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
                    self.ty(left).or_else(|| self.ty(right))
                }
                _ => Some(Type::Bool),
            },
            ExprKind::Case { arms, otherwise } => arms
                .iter()
                .map(|(_, result)| result)
                .chain(otherwise.as_deref())
                .find_map(|result| self.ty(result)),
            ExprKind::Call { function, arguments } => match function.value.as_str() {
                "add_days" | "add_working_days" | "add_months" | "due_date" => Some(Type::Date),
                "coalesce" => arguments.iter().find_map(|argument| self.ty(argument)),
                "within" => Some(Type::Bool),
                _ => Some(Type::Int),
            },
            ExprKind::Link(link) => match link.question.value {
                Question::Count => Some(Type::Int),
                Question::Any | Question::All => Some(Type::Bool),
                _ => self.inside(link).ty(link.field.as_ref()?),
            },
        }
    }

    /// Whether the expression is true or false, rather than a value.
    pub(super) fn is_condition(&self, expr: &Expr) -> bool {
        self.ty(expr) == Some(Type::Bool)
    }

    /// The value of a parameter, where it has one.
    pub(super) fn parameter(&self, name: &str) -> Option<&'v Value> {
        match self.vocabulary.parameters.get(name)? {
            Datum::Known(value) => Some(value),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        }
    }

    /// The codes of a field, where the expression is one that has codes.
    pub(super) fn codes_of(&self, expr: &Expr) -> Option<&'v FieldWords> {
        match &expr.kind {
            ExprKind::Name { qualifier, name } => {
                self.field(qualifier.as_ref().map(|q| q.value.as_str()), &name.value)
            }
            ExprKind::Link(link) => self.inside(link).codes_of(link.field.as_ref()?),
            _ => None,
        }
    }
}

/// Words after which the words of a link no longer name its records.
const AFTER_THE_NOUN: &[&str] = &["of", "for", "to", "at", "in", "on", "it", "that", "which", "whose"];

/// A name as words.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// What the names beside the fields are called.
pub(super) fn period_words(name: &str) -> Option<&'static str> {
    Some(match name {
        "period_first_day" => "the first day of the period",
        "period_last_day" => "the last day of the period",
        "window_first_day" => "the first day of the window",
        // Of the rule of a breakdown.
        "as_of_day" => "the day in question",
        "this_category" => "the code of the category",
        _ => return None,
    })
}
