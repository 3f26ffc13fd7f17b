//! From a framework as written to one that can be calculated.
