//! Guards of the whole tree.

#[test]
fn placeholder() {}
