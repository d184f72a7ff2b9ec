//! Proofs that a request comes from the holder of a key (RFC 9449, `DPoP`), signed with ECDSA over P-256.

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

    /// A proof for one POST to `url` at `issued`, in seconds since 1970, under a name that is used once.
    pub(crate) fn proof(&self, url: &str, issued: i64, name: &str) -> String {
        let point = self.0.verifying_key().as_affine().to_sec1_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| {
            Base64UrlUnpadded::encode_string(bytes.expect("an uncompressed point has both coordinates"))
        };
        let (x, y) = (coordinate(point.x()), coordinate(point.y()));
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
    fn what_is_no_key_of_this_curve_is_refused() {
        for pem in ["", "-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n", "junk", &SEC1[..120]] {
            assert!(DpopKey::from_pem(pem).is_none(), "{pem}");
        }
        let other_public_half = SEC1.replace("AvQqzZUT", "AvQqzZUU");
        assert!(DpopKey::from_pem(&other_public_half).is_none());
    }
}
