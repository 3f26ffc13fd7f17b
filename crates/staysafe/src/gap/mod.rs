//! What is needed, what is supplied, what arrived.
