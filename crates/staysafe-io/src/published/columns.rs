//! What each column of a table is: told by its header, then by what stands in it.

use std::collections::{BTreeMap, BTreeSet};

use staysafe::published::{Column, Layout};
use staysafe::value::{Convention, Supplied};

use super::grid::grid;
use super::head::{self, Role, Scale};
use super::time;

/// Of a column of figures with slips in it, at least so many in a hundred cells are figures.
const MOSTLY: usize = 60;

/// The columns of a table.
pub(super) struct Columns {
    /// What each is, in the order of the file.
    pub(super) roles: Vec<Role>,
    pub(super) filters: Vec<String>,
    pub(super) figures: Vec<Column>,
}

/// Tells the columns apart by the header and the rows below it.
pub(super) fn columns(
    header: &[String],
    rows: &[&[String]],
    layout: &Layout,
    convention: Convention,
    metadata: &BTreeMap<String, bool>,
) -> Columns {
    let mut roles: Vec<Role> = Vec::with_capacity(header.len());
    for (place, name) in header.iter().enumerate() {
        let role = match head::role(name) {
            // A column that no table has twice: the second is something else.
            Some(Role::Year) if roles.contains(&Role::Year) => None,
            Some(Role::Level) if roles.contains(&Role::Level) => None,
            other => other,
        };
        let role = role.unwrap_or_else(|| content(name, place, rows, layout, convention, metadata));
        roles.push(role);
    }
    unnamed_names(header, &mut roles, rows);
    let mut found = Columns { roles, filters: Vec::new(), figures: Vec::new() };
    for (place, (name, role)) in header.iter().zip(&found.roles).enumerate() {
        let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let header = if name.trim().is_empty() { format!("column {number}") } else { name.trim().to_owned() };
        match role {
            Role::Filter => found.filters.push(header),
            Role::Figure => {
                let (measure, period) = time::of_header(&header, layout.header_year);
                found.figures.push(Column { header, measure, period, place: number });
            }
            _ => {}
        }
    }
    found
}

/// A column whose header names no place and no period.
fn content(
    name: &str,
    place: usize,
    rows: &[&[String]],
    layout: &Layout,
    convention: Convention,
    metadata: &BTreeMap<String, bool>,
) -> Role {
    if let Some(filter) = metadata.get(&head::plain(name)) {
        return if *filter { Role::Filter } else { Role::Figure };
    }
    if layout.filters.iter().any(|filter| head::plain(filter) == head::plain(name)) || head::is_filter(name) {
        return Role::Filter;
    }
    let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim());
    let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    if filled.is_empty() {
        return if name.trim().is_empty() { Role::Padding } else { Role::Figure };
    }
    let others: Vec<&str> =
        filled.iter().copied().filter(|cell| Supplied::read(cell, convention).is_none()).collect();
    if others.is_empty() {
        return Role::Figure;
    }
    // A word that comes back is a value of a filter; a slip of the pen does not come back.
    let distinct: BTreeSet<&str> = others.iter().copied().collect();
    let words = distinct.iter().any(|text| text.chars().any(char::is_alphabetic));
    let comes_back = words && others.len() > distinct.len();
    let whole = distinct.iter().any(|text| matches!(text.to_lowercase().as_str(), "total" | "all"));
    let mostly = (filled.len() - others.len()) * 100 >= filled.len() * MOSTLY;
    if whole || (comes_back && others.len() * 10 >= filled.len()) || !mostly {
        Role::Filter
    } else {
        Role::Figure
    }
}

/// A column of words without a header, right behind the numbers of authorities, holds their names.
fn unnamed_names(header: &[String], roles: &mut [Role], rows: &[&[String]]) {
    let named = |role: &Role| matches!(role, Role::Name(Scale::Authority | Scale::Own));
    if roles.iter().any(named) {
        return;
    }
    for place in 1..roles.len() {
        let behind = place.checked_sub(1).and_then(|before| roles.get(before)).cloned();
        let Some(Role::Code(scale)) = behind else { continue };
        let unnamed = header.get(place).is_some_and(|name| name.trim().is_empty());
        let words =
            rows.iter().filter_map(|row| row.get(place)).any(|cell| cell.contains(char::is_alphabetic));
        if let Some(role) = roles.get_mut(place).filter(|_| unnamed && words) {
            *role = Role::Name(scale);
            return;
        }
    }
}

/// What the publisher's own metadata file says of columns: whether each is a filter.
pub(super) fn metadata(bytes: Option<&[u8]>) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let Some(bytes) = bytes else { return found };
    let rows: Vec<Vec<String>> = grid(bytes).rows.into_iter().filter_map(|row| row.cells).collect();
    let Some((header, rows)) = rows.split_first() else { return found };
    let at = |wanted: &str| header.iter().position(|name| head::plain(name) == wanted);
    let Some((name, kind)) = at("col_name").zip(at("col_type")) else { return found };
    for row in rows {
        let Some((name, kind)) = row.get(name).zip(row.get(kind)) else { continue };
        match kind.trim().to_lowercase().as_str() {
            "filter" => found.insert(head::plain(name), true),
            "indicator" => found.insert(head::plain(name), false),
            _ => None,
        };
    }
    found
}
