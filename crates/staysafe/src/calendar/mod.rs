//! Working days of England and Wales, and arithmetic with months and years.
