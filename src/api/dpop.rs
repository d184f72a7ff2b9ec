//! Proofs that a request comes from the holder of a key (RFC 9449, `DPoP`), signed with ECDSA over P-256.

use crate::random;
use crate::secret::Secret;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::DecodePrivateKey;
use std::fmt;
use zeroize::Zeroizing;

/// The key that a sign-in's refresh tokens are bound to.
pub(crate) struct DpopKey(SigningKey);

impl DpopKey {
    /// Reads PEM of either kind that AWS's tools write: SEC1 (RFC 5915) or PKCS #8 (RFC 5208). The public half may be
    /// missing.
    ///
    /// `None` for everything else, and for a public half that is another key's.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let pem = Zeroizing::new(pem.replace("\\n", "\n"));
        let lines = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let text: Zeroizing<String> = Zeroizing::new(lines.flat_map(str::split_whitespace).collect());
        let der = Zeroizing::new(Base64::decode_vec(&text).ok()?);
        let key = SecretKey::from_sec1_der(&der).or_else(|_| SecretKey::from_pkcs8_der(&der).map_err(drop)).ok()?;
        Some(Self(SigningKey::from(key)))
    }

    /// A new key. Neither coordinate begins with a zero byte, which some SDKs leave out of their proofs: they would
    /// prove that they have another key.
    pub(crate) fn generate() -> Self {
        loop {
            let key = Self(SigningKey::from(random_key()));
            let [x, y] = key.coordinates();
            if x[0] != 0 && y[0] != 0 {
                return key;
            }
        }
    }

    /// PEM in the one form that all SDKs read: SEC1 with the curve's name and the public half (RFC 5915).
    pub(crate) fn to_pem(&self) -> Secret {
        const LINE: usize = 64;
        let [x, y] = self.coordinates();
        let scalar = Zeroizing::new(self.0.to_bytes());
        let mut der = Zeroizing::new(Vec::with_capacity(121));
        for part in [&SEC1_HEAD[..], &scalar, &SEC1_CURVE, &SEC1_POINT, &x, &y] {
            der.extend_from_slice(part);
        }
        let text = Zeroizing::new(Base64::encode_string(&der));
        let mut pem = Zeroizing::new(String::from("-----BEGIN EC PRIVATE KEY-----\n"));
        for line in text.as_bytes().chunks(LINE) {
            pem.push_str(str::from_utf8(line).expect("Base64 is ASCII"));
            pem.push('\n');
        }
        pem.push_str("-----END EC PRIVATE KEY-----\n");
        Secret::new(pem.as_str())
    }

    /// Those of the public point, at their full length.
    fn coordinates(&self) -> [p256::FieldBytes; 2] {
        let point = self.0.verifying_key().as_affine().to_sec1_point(false);
        [point.x(), point.y()].map(|bytes| *bytes.expect("an uncompressed point has both coordinates"))
    }

    /// A proof for one POST to `url` at `issued`, in seconds since 1970, under a name that is used once.
    pub(crate) fn proof(&self, url: &str, issued: i64, name: &str) -> String {
        let [x, y] = self.coordinates().map(|bytes| Base64UrlUnpadded::encode_string(&bytes));
        let jwk = format!(r#"{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}"#);
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
        let url = serde_json::to_string(url).expect("strings always serialize");
        let payload = format!(r#"{{"htm":"POST","htu":{url},"iat":{issued},"jti":"{name}"}}"#);
        let encoded = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        let signed = format!("{}.{}", encoded(&header), encoded(&payload));
        let signature: Signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
    }
}

/// The parts of the encoding that are the same for every key of this curve: the private half follows the first, the
/// public one the last. <https://datatracker.ietf.org/doc/html/rfc5915#section-3>
const SEC1_HEAD: [u8; 7] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];
const SEC1_CURVE: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const SEC1_POINT: [u8; 6] = [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04];

/// Any number below the group's order; of all 32-byte numbers hardly one is not.
fn random_key() -> SecretKey {
    loop {
        let bytes = Zeroizing::new(random::bytes::<32>());
        if let Ok(key) = SecretKey::from_slice(&*bytes) {
            return key;
        }
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DpopKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEILfJVJr3q6X5yvrll9YOAkqXyUAN5DjUXZgW3nJ4pDJLoAoGCCqGSM49\n\
        AwEHoUQDQgAEAvQqzZUTYzgY2GrIdvl+bpI2/3LXWgptDW1dm4DZ7WoLB/vRTDob\n\
        qXW6nu+Kjjw5Wvy3D0MSiI8IBg8mUVg/vA==\n-----END EC PRIVATE KEY-----\n";
    const PKCS8: &str = "-----BEGIN PRIVATE KEY-----\r\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt8lUmverpfnK+uWX\r\n\
        1g4CSpfJQA3kONRdmBbecnikMkuhRANCAAQC9CrNlRNjOBjYash2+X5ukjb/ctda\r\n\
        Cm0NbV2bgNntagsH+9FMOhupdbqe74qOPDla/LcPQxKIjwgGDyZRWD+8\r\n-----END PRIVATE KEY-----";
    const URL: &str = "https://us-east-1.signin.aws.amazon.com/v1/token";

    #[test]
    fn proofs_are_those_of_the_aws_cli() {
        let expected = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6IkF2UXF6WlVUWXpnWTJHcklk\
            dmwtYnBJMl8zTFhXZ3B0RFcxZG00RFo3V28iLCJ5IjoiQ3dmNzBVdzZHNmwxdXA3dmlvNDhPVnI4dHc5REVvaVBDQVlQSmxGWVA3dyIsImNy\
            diI6IlAtMjU2In19.eyJodG0iOiJQT1NUIiwiaHR1IjoiaHR0cHM6Ly91cy1lYXN0LTEuc2lnbmluLmF3cy5hbWF6b24uY29tL3YxL3Rva2V\
            uIiwiaWF0IjoxNzY3MjI1NjAwLCJqdGkiOiIwZDVjMWEzNi0yZDVmLTRkMGUtOWM1My02ZjBhMWMyYjNkNGUifQ.eC35H_3zU5rlghoh1hvc\
            P16UcxEn1fj24lKmZowcUebeOB4HkHmqLdLpa_7ePbZfv6zXlMaLUro3XcVQL8nbaQ";
        for pem in [SEC1, PKCS8, &SEC1.replace('\n', "\\n")] {
            let key = DpopKey::from_pem(pem).expect("a key");
            assert_eq!(key.proof(URL, 1_767_225_600, "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d4e"), expected, "{pem}");
        }
    }

    #[test]
    fn numbers_that_begin_with_zeros_keep_their_length() {
        let key = DpopKey::from_pem(SEC1).expect("a key");
        let proof = key.proof(URL, 1_767_225_600, "00000000-0000-4000-8000-000000001111");
        let signature = "AOmU6ZL9JQeDEq043dfj58IpmMPcwLLMkpjxFBd7LkAFAXmc0TXQOysHV1CGDsrxm8jJMr-XgtU-XjMygofUiQ";
        assert_eq!(proof.rsplit('.').next(), Some(signature));
    }

    #[test]
    fn keys_are_written_as_the_aws_cli_writes_them() {
        for pem in [SEC1, PKCS8] {
            assert_eq!(DpopKey::from_pem(pem).expect("a key").to_pem().expose(), SEC1);
        }
    }

    #[test]
    fn new_keys_differ_and_have_no_coordinate_that_some_sdk_would_shorten() {
        let [one, other] = [DpopKey::generate(), DpopKey::generate()];
        assert_ne!(one.coordinates(), other.coordinates());
        for key in [one, other] {
            assert!(key.coordinates().iter().all(|bytes| bytes[0] != 0));
            assert_eq!(DpopKey::from_pem(key.to_pem().expose()).expect("a key").coordinates(), key.coordinates());
        }
    }

    #[test]
    fn what_is_no_key_of_this_curve_is_refused() {
        for pem in ["", "-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n", "junk", &SEC1[..120]] {
            assert!(DpopKey::from_pem(pem).is_none(), "{pem}");
        }
        let other_public_half = SEC1.replace("AvQqzZUT", "AvQqzZUU");
        assert!(DpopKey::from_pem(&other_public_half).is_none());
    }
}
