//! Bytes, blanks and lines: what the dialect is made of.

use std::ops::Range;

/// Blanks are space and tab, never Unicode's and never a carriage return.
pub(in crate::profile) fn trim(text: &[u8]) -> &[u8] {
    trim_end(trim_start(text))
}

pub(in crate::profile) fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., last] = text
        && is_blank(*last)
    {
        text = rest;
    }
    text
}

pub(in crate::profile) fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    text
}

pub(in crate::profile) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

pub(in crate::profile) fn is_comment_sign(byte: u8) -> bool {
    byte == b'#' || byte == b';'
}

/// Blank lines and comments, indented ones too; they end nothing.
pub(in crate::profile) fn is_skipped(line: &[u8]) -> bool {
    trim(line).first().is_none_or(|byte| is_comment_sign(*byte))
}

pub(in crate::profile) struct Line<'a> {
    /// Without its line end.
    pub(in crate::profile) text: &'a [u8],
    pub(in crate::profile) at: usize,
    /// Where the next line begins.
    pub(in crate::profile) end: usize,
}

pub(in crate::profile) fn lines(text: &[u8], range: Range<usize>) -> impl Iterator<Item = Line<'_>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        at = end_of_line(&text[..range.end], start);
        (start < at).then(|| Line { text: trim_newline(&text[start..at]), at: start, end: at })
    })
}

/// Without one LF, or CR and LF. A lone CR is data.
pub(in crate::profile) fn trim_newline(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Where the line after the one at `from` begins.
pub(in crate::profile) fn end_of_line(text: &[u8], from: usize) -> usize {
    find(b'\n', &text[from..]).map_or(text.len(), |newline| from + newline + 1)
}

/// Where a byte first stands.
///
/// Most of a large file is passed by here, so it goes by blocks of four words. The memchr crate goes faster
/// still, but its look at the processor costs a virtual machine more than a whole file does here.
pub(in crate::profile) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    let wanted = u64::from_ne_bytes([byte; 8]);
    let differs = |word: &[u8; 8]| u64::from_ne_bytes(*word) ^ wanted;
    let (words, _) = text.as_chunks::<8>();
    let (blocks, _) = words.as_chunks::<4>();
    let may_have_it = |[a, b, c, d]: &[[u8; 8]; 4]| {
        let borrows = borrow(differs(a)) | borrow(differs(b)) | borrow(differs(c)) | borrow(differs(d));
        borrows & HIGH_BITS != 0
    };
    let mut passed = 0;
    for block in blocks {
        if may_have_it(block)
            && let Some(found) = block.as_flattened().iter().position(|other| *other == byte)
        {
            return Some(passed + found);
        }
        passed += 32;
    }
    text[passed..].iter().position(|other| *other == byte).map(|found| passed + found)
}

const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Sets the high bit of a byte that is zero, and now and then of another: the cheap half of the test in
/// "Determine if a word has a zero byte" of Sean Eron Anderson's Bit Twiddling Hacks. No zero byte escapes it.
fn borrow(word: u64) -> u64 {
    word.wrapping_sub(u64::from_ne_bytes([0x01; 8]))
}
