//! Predicates and periods in English.
