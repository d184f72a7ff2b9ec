//! Bytes that nobody can guess, from the operating system.

/// As many as the caller takes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every system that this is built for has a source of random bytes");
    bytes
}
