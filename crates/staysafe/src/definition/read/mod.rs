//! Reading a framework from TOML, every value with its place.
