//! Disclosure control: what may be published.
