//! What will be calculated, for whom and when.
