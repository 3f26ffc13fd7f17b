//! Questions about one field of texts: each is answered once for every text, and rows only look the answers up, all of them
//! at once.

use std::collections::BTreeMap;

use staysafe::check::tree::{Comparison, FieldRef, Node, NodeKind};
use staysafe::value::{Type, Value};

use super::atoms::Atom;
use super::evaluate::{Context, Scope, compare, is_in, literal, read};
use super::lanes::{Lanes, Run, Values};
use super::standing::{KNOWN, undecided};

/// With more texts than this a table of them is too long to be read again and again.
const TABLE: usize = 1 << 12;

/// So many answers are looked up at once.
const TOGETHER: usize = 8;

/// Questions about one field of texts.
#[derive(Debug)]
pub(crate) struct ByWord<'a> {
    field: &'a FieldRef,
    /// Which atoms they are.
    atoms: Vec<usize>,
    /// Of each text, by its number, the answers side by side, eight bits each.
    answers: Vec<u64>,
}

impl<'a> ByWord<'a> {
    /// The questions that share a field with another; `row` says of each atom whether the row alone answers it.
    pub(crate) fn all(context: &Context<'_>, atoms: &[Atom<'a>], row: impl Fn(usize) -> bool) -> Vec<Self> {
        let count = context.words.len();
        if count > TABLE {
            return Vec::new();
        }
        let mut of_field: BTreeMap<usize, Vec<(usize, &'a FieldRef, &'a Node)>> = BTreeMap::new();
        for (number, atom) in atoms.iter().enumerate().filter(|(number, _)| row(*number)) {
            if let Atom::Truth(node) = atom
                && let Some(field) = asks_of(node)
            {
                of_field.entry(field.index).or_default().push((number, field, node));
            }
        }
        let numbers: Vec<u32> = (0..u32::try_from(count).unwrap_or(0)).collect();
        let every = Lanes { values: Values::Words(Run::Each(numbers.into())), standing: Run::Same(KNOWN) };
        let together = of_field.values().flat_map(|asked| asked.chunks(TOGETHER)).filter(|all| all.len() > 1);
        let made = together.filter_map(|asked| {
            let mut answers = vec![0u64; count];
            for (place, (_, _, node)) in asked.iter().enumerate() {
                let found = answered(context, node, &every, count)?;
                for (held, standing) in answers.iter_mut().zip(found.iter(count)) {
                    *held |= u64::from(standing) << (u8::BITS as usize * place);
                }
            }
            let (_, field, _) = asked.first()?;
            Some(Self { field, atoms: asked.iter().map(|(number, ..)| *number).collect(), answers })
        });
        made.collect()
    }

    /// The answers of rows, with the atoms that they are of; nothing where their field is not held as texts.
    pub(crate) fn of<'f>(&self, scope: &Scope<'f, '_>) -> Vec<(usize, Run<'f, u8>)> {
        let read = read(scope, self.field);
        let Values::Words(Run::Each(words)) = &read.values else { return Vec::new() };
        let at = |word: &u32| usize::try_from(*word).ok().and_then(|word| self.answers.get(word)).copied();
        let found: Vec<u64> = words.iter().map(|word| at(word).unwrap_or_default()).collect();
        let of = |(place, atom): (usize, &usize)| {
            let shift = u8::BITS as usize * place;
            let mut standings: Vec<u8> = found.iter().map(|all| (all >> shift).to_le_bytes()[0]).collect();
            if let Run::Each(stands) = &read.standing {
                for (standing, stands) in standings.iter_mut().zip(stands.iter()) {
                    *standing = if *stands == KNOWN { *standing } else { undecided(*stands) };
                }
            }
            (*atom, Run::Each(standings.into()))
        };
        self.atoms.iter().enumerate().map(of).collect()
    }
}

/// The field of texts that a question is about and nothing else.
fn asks_of(node: &Node) -> Option<&FieldRef> {
    let field = match &node.kind {
        NodeKind::In(inner, values) if values.iter().all(is_text) => inner,
        NodeKind::Compare(Comparison::Equal | Comparison::NotEqual, left, right) => {
            match (&left.kind, &right.kind) {
                (_, NodeKind::Literal(value)) if is_text(value) => left,
                (NodeKind::Literal(value), _) if is_text(value) => right,
                _ => return None,
            }
        }
        _ => return None,
    };
    match &field.kind {
        NodeKind::Field(field) if field.frame == 0 => Some(field),
        _ => None,
    }
}

fn is_text(value: &Value) -> bool {
    value.ty() == Type::Text
}

fn answered(context: &Context<'_>, node: &Node, every: &Lanes<'_>, count: usize) -> Option<Run<'static, u8>> {
    let standing = match &node.kind {
        NodeKind::In(_, values) => is_in(every, values, count, context.words).standing,
        NodeKind::Compare(comparison, left, right) => {
            let value = [left, right].into_iter().find_map(|side| match &side.kind {
                NodeKind::Literal(value) => Some(value),
                _ => None,
            })?;
            compare(*comparison, every, &literal(value, context.words), count, context.words).standing
        }
        _ => return None,
    };
    Some(standing)
}
