//! Numbers that a reader gave to rows: good inside one return, and given anew for all returns together.

use std::collections::BTreeMap;

use super::choice::Chosen;
use super::roles::Roles;
use crate::value::{Datum, Value};

/// New numbers by dataset, return and old number.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    given: BTreeMap<String, Given>,
    /// With one return the old numbers stay.
    several: bool,
}

#[derive(Debug, Default)]
struct Given {
    numbers: BTreeMap<(usize, i64), i64>,
    last: i64,
}

impl Numbers {
    /// Gives each record a number, whatever return a version of it stands in.
    pub(super) fn of(chosen: &BTreeMap<&str, Chosen<'_>>, several: bool) -> Self {
        let mut given = BTreeMap::new();
        for (id, choice) in chosen {
            let Some(own) = choice.roles().own_number() else { continue };
            let mut numbers = Given::default();
            for versions in choice.versions() {
                numbers.last += 1;
                for (place, row) in versions {
                    if let Some(Datum::Known(Value::Int(old))) = row.values.get(own) {
                        numbers.numbers.entry((place, *old)).or_insert(numbers.last);
                    }
                }
            }
            given.insert((*id).to_owned(), numbers);
        }
        Self { given, several }
    }

    /// Puts new numbers in place of old ones. A number of a row that is not there stays a number of no row.
    pub(super) fn renumber(&mut self, roles: &Roles<'_>, place: usize, values: &mut [Datum]) {
        if !self.several {
            return;
        }
        for (at, of) in &roles.numbers {
            let Some(Datum::Known(Value::Int(number))) = values.get_mut(*at) else { continue };
            let given = self.given.entry((*of).to_owned()).or_default();
            let next = given.last.saturating_add(1);
            let new = *given.numbers.entry((place, *number)).or_insert(next);
            given.last = given.last.max(new);
            *number = new;
        }
    }
}
