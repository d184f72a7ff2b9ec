//! Sealed texts: UTF-16 without a mark or an end, sealed by the system for its user, in hexadecimal.

use crate::secret::Secret;
use crate::store::Trouble;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// What seals for the user and nobody else.
pub(super) trait Sealing {
    fn protect(&self, plain: &[u8]) -> Result<Vec<u8>, Trouble>;

    /// Denied when it was sealed for somebody else, or changed since.
    fn unprotect(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Trouble>;

    /// A text as the file has it, in upper case.
    fn seal(&self, text: &str) -> Result<String, Trouble> {
        let plain: Zeroizing<Vec<u8>> = Zeroizing::new(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        let mut hex = String::new();
        for byte in self.protect(&plain)? {
            let _ = write!(hex, "{byte:02X}");
        }
        Ok(hex)
    }

    /// The text that was sealed.
    fn unseal(&self, hex: &str) -> Result<Secret, Trouble> {
        let bytes = bytes(hex).ok_or_else(|| Trouble::Failed("is not hexadecimal".to_owned()))?;
        let plain = self.unprotect(&bytes)?;
        let units = plain.as_chunks::<2>();
        let text = Zeroizing::new(units.0.iter().map(|unit| u16::from_le_bytes(*unit)).collect::<Vec<_>>());
        let whole = units.1.is_empty().then(|| String::from_utf16(&text).ok()).flatten();
        whole.map(Secret::new).ok_or_else(|| Trouble::Failed("is no UTF-16 text".to_owned()))
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, odd) = hex.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    odd.is_empty().then(|| bytes.collect()).flatten()
}

/// Windows's own. Its call cannot be made without `unsafe`, and no crate makes it as .NET does: what is in the store is
/// seen and can be removed, and nothing is sealed or opened.
#[cfg(windows)]
pub(super) struct Dpapi;

#[cfg(windows)]
impl Sealing for Dpapi {
    fn protect(&self, _: &[u8]) -> Result<Vec<u8>, Trouble> {
        Err(no_dpapi())
    }

    fn unprotect(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        Err(no_dpapi())
    }
}

#[cfg(windows)]
fn no_dpapi() -> Trouble {
    Trouble::Absent("this build of keyfob cannot seal and open with Windows's DPAPI".to_owned())
}
