//! Proofs of possession (RFC 9449), checked with another library than the one that keyfob signs with.

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::super::is_uuid;

/// What a proof says, once its signature was found right.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) jti: String,
    /// Seconds since 1970, by the client's clock.
    pub(crate) iat: i64,
    /// Of the key that signed it (RFC 7638).
    pub(crate) thumbprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
}

/// The public half alone: with a `d`, the key itself would travel.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
}

impl Proof {
    /// Reads the value of a `DPoP` header; the error says what is wrong with it.
    pub(super) fn read(jws: &str, token_url: &str) -> Result<Self, String> {
        let (signed, signature) = jws.rsplit_once('.').ok_or("the proof is no JWS")?;
        let (header, payload) = signed.split_once('.').ok_or("the proof is no JWS")?;
        let Header { typ, alg, jwk: Jwk { kty, crv, x, y } } = part("header", header)?;
        let Payload { htm, htu, iat, jti } = part("payload", payload)?;
        for (what, found, wanted) in [
            ("typ", &typ, "dpop+jwt"),
            ("alg", &alg, "ES256"),
            ("kty", &kty, "EC"),
            ("crv", &crv, "P-256"),
            ("htm", &htm, "POST"),
            ("htu", &htu, token_url),
        ] {
            if found != wanted {
                return Err(format!("the proof's {what} is {found:?}, not {wanted:?}"));
            }
        }
        if !is_uuid(&jti) {
            return Err(format!("the proof's jti is {jti:?}, which is no random UUID"));
        }
        let point = [&[4][..], &fixed::<32>("x", &x)?, &fixed::<32>("y", &y)?].concat();
        let signature = fixed::<64>("signature", signature)?;
        VerifyingKey::from_sec1_bytes(&point)
            .and_then(|key| key.verify(signed.as_bytes(), &Signature::from_slice(&signature)?))
            .map_err(|_| "the proof's signature is not by its key")?;
        Ok(Self { jti, iat, thumbprint: thumbprint(&x, &y) })
    }
}

/// RFC 7638, of a key of this curve.
pub(super) fn thumbprint(x: &str, y: &str) -> String {
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    Base64UrlUnpadded::encode_string(&Sha256::digest(canonical.as_bytes()))
}

fn part<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, String> {
    let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|error| format!("the proof's {what}: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("the proof's {what}: {error}"))
}

/// Numbers keep their leading zeros.
fn fixed<const N: usize>(what: &str, text: &str) -> Result<[u8; N], String> {
    let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|error| format!("the proof's {what}: {error}"))?;
    bytes.try_into().map_err(|bytes: Vec<u8>| format!("the proof's {what} has {} bytes, not {N}", bytes.len()))
}
