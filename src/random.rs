//! Bytes that nobody can guess, from the operating system.

use ring::rand::{RandomlyConstructable, SystemRandom, generate};

/// As many as the caller takes.
pub(crate) fn bytes<const N: usize>() -> [u8; N]
where
    [u8; N]: RandomlyConstructable,
{
    generate(&SystemRandom::new()).expect("every system that this is built for has a source of random bytes").expose()
}

/// A name that nobody else has: a UUID of version 4 (RFC 9562).
pub(crate) fn name() -> String {
    uuid::Builder::from_random_bytes(bytes()).into_uuid().to_string()
}
