//! Proofs that a request comes from the holder of a key (RFC 9449, `DPoP`), signed with ECDSA over P-256.

use crate::secret::Secret;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use std::fmt;
use zeroize::Zeroizing;

/// The key that a sign-in's refresh tokens are bound to.
pub(crate) struct DpopKey(EcdsaKeyPair);

/// What stands before an encoded private key of this curve in PKCS #8 (RFC 5208, RFC 5915, RFC 5480): the version, and
/// the names of the kind of key and of the curve.
const PKCS8_HEAD: [u8; 24] = [
    0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07,
];
/// The parts of SEC1 (RFC 5915) that are the same for every key of this curve: the private half follows the first, the
/// public one the last.
const SEC1_HEAD: [u8; 7] = [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];
const SEC1_CURVE: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const SEC1_POINT: [u8; 5] = [0xa1, 0x44, 0x03, 0x42, 0x00];

impl DpopKey {
    /// A new key, and its PEM in the one form that all SDKs read: SEC1 with the curve's name and the public half.
    ///
    /// Neither coordinate begins with a zero byte, which some SDKs leave out of their proofs: they would prove that they
    /// have another key.
    pub(crate) fn generate() -> (Self, Secret) {
        /// Where the private half stands in what ring generates.
        const SCALAR: std::ops::Range<usize> = 36..68;
        loop {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
            let made = made.expect("every system that this is built for has a source of random bytes");
            let pkcs8 = made.as_ref();
            let key = Self::from_pkcs8(pkcs8).expect("ring reads what it writes");
            let [x, y] = key.coordinates();
            if x[0] != 0 && y[0] != 0 {
                let pem = sec1_pem(&pkcs8[SCALAR], key.0.public_key().as_ref());
                return (key, pem);
            }
        }
    }

    /// Reads PEM of either kind that AWS's tools write, with the public half in it: SEC1 or PKCS #8.
    ///
    /// `None` for everything else, and for a public half that is another key's.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let pem = Zeroizing::new(pem.replace("\\n", "\n"));
        let lines = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let text: Zeroizing<String> = Zeroizing::new(lines.flat_map(str::split_whitespace).collect());
        let der = Zeroizing::new(Base64::decode_vec(&text).ok()?);
        Self::from_pkcs8(&der).or_else(|| Self::from_pkcs8(&pkcs8_of(&der)?))
    }

    fn from_pkcs8(der: &[u8]) -> Option<Self> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new()).ok().map(Self)
    }

    /// Those of the public point, at their full length.
    fn coordinates(&self) -> [&[u8]; 2] {
        let (_uncompressed, point) = self.0.public_key().as_ref().split_at(1);
        let (x, y) = point.split_at(point.len() / 2);
        [x, y]
    }

    /// A proof for one POST to `url` at `issued`, in seconds since 1970, under a name that is used once.
    pub(crate) fn proof(&self, url: &str, issued: i64, name: &str) -> String {
        let [x, y] = self.coordinates().map(Base64UrlUnpadded::encode_string);
        let jwk = format!(r#"{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}"#);
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
        let url = serde_json::to_string(url).expect("strings always serialize");
        let payload = format!(r#"{{"htm":"POST","htu":{url},"iat":{issued},"jti":"{name}"}}"#);
        let encoded = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        let signed = format!("{}.{}", encoded(&header), encoded(&payload));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.expect("every system that this is built for has a source of random bytes");
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(signature.as_ref()))
    }
}

/// SEC1 as the inner part of PKCS #8. `None` for what is too long to be a key of this curve.
fn pkcs8_of(sec1: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let inner = u8::try_from(sec1.len()).ok().filter(|length| *length < 0x80)?;
    let length = u8::try_from(PKCS8_HEAD.len()).ok()? + 2 + inner;
    Some(Zeroizing::new([&[0x30, 0x81, length][..], &PKCS8_HEAD, &[0x04, inner], sec1].concat()))
}

fn sec1_pem(scalar: &[u8], point: &[u8]) -> Secret {
    const LINE: usize = 64;
    let der = Zeroizing::new([&SEC1_HEAD[..], scalar, &SEC1_CURVE, &SEC1_POINT, point].concat());
    let text = Zeroizing::new(Base64::encode_string(&der));
    let mut pem = Zeroizing::new(String::from("-----BEGIN EC PRIVATE KEY-----\n"));
    for line in text.as_bytes().chunks(LINE) {
        pem.push_str(str::from_utf8(line).expect("Base64 is ASCII"));
        pem.push('\n');
    }
    pem.push_str("-----END EC PRIVATE KEY-----\n");
    Secret::new(pem.as_str())
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DpopKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::Verifier;
    use p256::ecdsa::{Signature, VerifyingKey};

    const SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEILfJVJr3q6X5yvrll9YOAkqXyUAN5DjUXZgW3nJ4pDJLoAoGCCqGSM49\n\
        AwEHoUQDQgAEAvQqzZUTYzgY2GrIdvl+bpI2/3LXWgptDW1dm4DZ7WoLB/vRTDob\n\
        qXW6nu+Kjjw5Wvy3D0MSiI8IBg8mUVg/vA==\n-----END EC PRIVATE KEY-----\n";
    const PKCS8: &str = "-----BEGIN PRIVATE KEY-----\r\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt8lUmverpfnK+uWX\r\n\
        1g4CSpfJQA3kONRdmBbecnikMkuhRANCAAQC9CrNlRNjOBjYash2+X5ukjb/ctda\r\n\
        Cm0NbV2bgNntagsH+9FMOhupdbqe74qOPDla/LcPQxKIjwgGDyZRWD+8\r\n-----END PRIVATE KEY-----";
    const WITH_A_ZERO: &str = "-----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEIF6qxRJyBN7lMayMaD67l9IbXN1WZ0TWkI/Vd5FzFhPPoAoGCCqGSM49\n\
        AwEHoUQDQgAEAJ9dl9qV27UlSXHgyLY2YNrWoRKsJNkbnArA7Et8JUNlKpTv42G9\n\
        DJOLNcnxEDC4O3/WgYTA7qzdz2f6SAlvGQ==\n-----END EC PRIVATE KEY-----\n";
    const URL: &str = "https://us-east-1.signin.aws.amazon.com/v1/token";

    /// Signatures are never twice the same, so another library says whether one is right.
    #[track_caller]
    fn is_signed(proof: &str, x: &str, y: &str) -> bool {
        let (signed, signature) = proof.rsplit_once('.').expect("a proof has three parts");
        let decoded = |text: &str| Base64UrlUnpadded::decode_vec(text).expect("the parts of a proof are Base64");
        let point = [vec![4], decoded(x), decoded(y)].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).expect("a point of the curve");
        let signature = Signature::from_slice(&decoded(signature)).expect("64 bytes");
        key.verify(signed.as_bytes(), &signature).is_ok()
    }

    #[test]
    fn proofs_are_those_of_the_aws_cli() {
        let (x, y) = ("AvQqzZUTYzgY2GrIdvl-bpI2_3LXWgptDW1dm4DZ7Wo", "Cwf70Uw6G6l1up7vio48OVr8tw9DEoiPCAYPJlFYP7w");
        let expected = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6IkF2UXF6WlVUWXpnWTJHcklk\
            dmwtYnBJMl8zTFhXZ3B0RFcxZG00RFo3V28iLCJ5IjoiQ3dmNzBVdzZHNmwxdXA3dmlvNDhPVnI4dHc5REVvaVBDQVlQSmxGWVA3dyIsImNy\
            diI6IlAtMjU2In19.eyJodG0iOiJQT1NUIiwiaHR1IjoiaHR0cHM6Ly91cy1lYXN0LTEuc2lnbmluLmF3cy5hbWF6b24uY29tL3YxL3Rva2V\
            uIiwiaWF0IjoxNzY3MjI1NjAwLCJqdGkiOiIwZDVjMWEzNi0yZDVmLTRkMGUtOWM1My02ZjBhMWMyYjNkNGUifQ";
        for pem in [SEC1, PKCS8, &SEC1.replace('\n', "\\n")] {
            let key = DpopKey::from_pem(pem).expect("a key");
            let proof = key.proof(URL, 1_767_225_600, "0d5c1a36-2d5f-4d0e-9c53-6f0a1c2b3d4e");
            assert_eq!(proof.rsplit_once('.').map(|(signed, _)| signed), Some(expected), "{pem}");
            assert!(is_signed(&proof, x, y), "{pem}");
        }
    }

    #[test]
    fn numbers_that_begin_with_zeros_keep_their_length() {
        let key = DpopKey::from_pem(WITH_A_ZERO).expect("a key");
        let (x, y) = ("AJ9dl9qV27UlSXHgyLY2YNrWoRKsJNkbnArA7Et8JUM", "ZSqU7-NhvQyTizXJ8RAwuDt_1oGEwO6s3c9n-kgJbxk");
        assert_eq!(key.coordinates().map(Base64UrlUnpadded::encode_string), [x, y]);
        // One signature of 128 has such a number in it.
        for name in 0..300 {
            let proof = key.proof(URL, 1_767_225_600, &name.to_string());
            assert_eq!(proof.rsplit('.').next().map(str::len), Some(86));
            assert!(is_signed(&proof, x, y));
        }
    }

    #[test]
    fn keys_are_written_as_the_aws_cli_writes_them() {
        let der = Base64::decode_vec(&SEC1.lines().filter(|line| !line.starts_with('-')).collect::<String>());
        let der = der.expect("PEM holds Base64");
        assert_eq!(sec1_pem(&der[7..39], &der[56..]).expose(), SEC1);
    }

    #[test]
    fn new_keys_differ_and_have_no_coordinate_that_some_sdk_would_shorten() {
        let made = [DpopKey::generate(), DpopKey::generate()];
        assert_ne!(made[0].0.coordinates(), made[1].0.coordinates());
        for (key, pem) in made {
            assert!(key.coordinates().iter().all(|bytes| bytes[0] != 0));
            let read = DpopKey::from_pem(pem.expose()).expect("a key");
            assert_eq!(read.coordinates(), key.coordinates());
            let other = p256::SecretKey::from_sec1_pem(pem.expose()).expect("another library reads it, too");
            let [x, y] = key.coordinates().map(Base64UrlUnpadded::encode_string);
            let proof = read.proof(URL, 0, "x");
            assert!(is_signed(&proof, &x, &y));
            assert_eq!(&other.public_key().to_sec1_bytes()[1..33], key.coordinates()[0]);
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
