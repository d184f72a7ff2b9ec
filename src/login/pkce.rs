//! Proof Key for Code Exchange (RFC 7636): whoever begins a sign-in can redeem its code, and nobody who only saw the
//! code go by.

use crate::random;
use crate::secret::Secret;
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// The unreserved characters of a URL.
const ALPHABET: &[u8; 66] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
/// As the AWS CLI has it; from 43 to 128 are allowed.
const LENGTH: usize = 64;

/// What only the holder of a sign-in knows until it is over.
#[derive(Debug)]
pub(super) struct Verifier(Secret);

impl Verifier {
    /// A new one, every character drawn alike.
    pub(super) fn generate() -> Self {
        // Bytes past the last whole round of the alphabet would favour its beginning.
        let rounds = 256 / ALPHABET.len() * ALPHABET.len();
        let drawn = std::iter::repeat_with(random::bytes::<LENGTH>).flatten().map(usize::from);
        let characters = drawn.filter(|byte| *byte < rounds).map(|byte| char::from(ALPHABET[byte % ALPHABET.len()]));
        Self(Secret::new(characters.take(LENGTH).collect::<String>()))
    }

    /// The hash that may be seen: 43 characters.
    pub(super) fn challenge(&self) -> String {
        Base64UrlUnpadded::encode_string(&Sha256::digest(self.0.expose()))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_the_hashes_of_their_verifiers() {
        for (verifier, challenge) in [
            // RFC 7636, appendix B.
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            (&"a".repeat(64), "_-BU_nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs"),
            (
                "W9C8KYsF8e_1a4J2vJabz2w_Ja.WdOCYG.xtBr5hHu7dMfOWXUfRam1aeTkgrxDw",
                "PdiDOWvfP9_kPp-U_DrLXvm4dzaw0_K5FXvoWaD-ozQ",
            ),
            (&"A~z0-9._".repeat(8), "l2GRWypfsrql7hyPl_p13AeFwIS_2oF1y_D8ttShGY0"),
        ] {
            assert_eq!(Verifier(Secret::new(verifier)).challenge(), challenge, "{verifier}");
        }
    }

    #[test]
    fn verifiers_are_long_unreserved_and_never_the_same() {
        let [one, other] = [Verifier::generate(), Verifier::generate()];
        assert_ne!(one.expose(), other.expose());
        for verifier in [one, other] {
            assert_eq!(verifier.expose().len(), LENGTH);
            assert!(verifier.expose().bytes().all(|byte| ALPHABET.contains(&byte)));
        }
    }
}
