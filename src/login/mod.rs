//! What needs a person and a browser; ends with a token in hand.

pub(crate) mod page;
