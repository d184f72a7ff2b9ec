//! Signature Version 4, computed from scratch.
//!
//! The recipe: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.
//! The fakes check with it, and their own tests sign with it; keyfob signs with another crate.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The part of a request that a signature covers; the query is always empty.
pub(super) struct Signable<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    /// The headers to cover, names in lower case and in alphabetical order.
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
}

impl Signable<'_> {
    pub(super) fn canonical(&self) -> String {
        let mut lines = String::new();
        for (name, value) in self.headers {
            writeln!(lines, "{name}:{}", value.trim()).expect("a String takes all");
        }
        format!("{}\n{}\n\n{lines}\n{}\n{}", self.method, self.path, names(self.headers), sha256(self.body))
    }
}

/// What an `Authorization` header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) access_key_id: String,
    /// `YYYYMMDD`.
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) signed_headers: Vec<String>,
    /// 64 lower-case hex digits.
    pub(crate) hex: String,
}

impl Signature {
    /// Signs `request`, whose headers hold `x-amz-date` already, spelling `timestamp`.
    pub(super) fn of(
        request: &Signable<'_>,
        timestamp: Timestamp,
        (access_key_id, secret_access_key): (&str, &str),
        (region, service): (&str, &str),
    ) -> Self {
        let date = timestamp.compact()[..8].to_owned();
        let key = signing_key(secret_access_key, &date, region, service);
        let text = string_to_sign(
            &timestamp.compact(),
            &format!("{date}/{region}/{service}/aws4_request"),
            &request.canonical(),
        );
        Self {
            access_key_id: access_key_id.to_owned(),
            date,
            region: region.to_owned(),
            service: service.to_owned(),
            signed_headers: request.headers.iter().map(|h| h.0.to_owned()).collect(),
            hex: hex(&hmac(&key, &text)),
        }
    }

    /// Reads the value of an `Authorization` header in the one spelling that AWS documents.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let mut parts = value.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(", ");
        let credential = parts.next()?.strip_prefix("Credential=")?;
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let hex = parts.next()?.strip_prefix("Signature=")?;
        let mut scope = credential.split('/');
        let parsed = Self {
            access_key_id: scope.next()?.to_owned(),
            date: scope.next()?.to_owned(),
            region: scope.next()?.to_owned(),
            service: scope.next()?.to_owned(),
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            hex: hex.to_owned(),
        };
        let whole = parts.next().is_none()
            && scope.next() == Some("aws4_request")
            && scope.next().is_none()
            && parsed.header() == value;
        whole.then_some(parsed)
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> String {
        format!(
            "{ALGORITHM} Credential={}/{}/{}/{}/aws4_request, SignedHeaders={}, Signature={}",
            self.access_key_id,
            self.date,
            self.region,
            self.service,
            self.signed_headers.join(";"),
            self.hex
        )
    }
}

fn string_to_sign(timestamp: &str, scope: &str, canonical: &str) -> String {
    format!("{ALGORITHM}\n{timestamp}\n{scope}\n{}", sha256(canonical.as_bytes()))
}

fn signing_key(secret_access_key: &str, date: &str, region: &str, service: &str) -> Vec<u8> {
    let start = format!("AWS4{secret_access_key}").into_bytes();
    [date, region, service, "aws4_request"].iter().fold(start, |key, step| hmac(&key, step))
}

fn names(headers: &[(&str, &str)]) -> String {
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    names.join(";")
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all");
        text
    })
}

#[cfg(test)]
mod tests {
    //! Vectors computed with botocore 1.43.11; AWS's example secret, 2026-01-15 12:00:00 UTC.

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const NOON: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
    const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
    const DEMO: &str = "Action=AssumeRole&Version=2011-06-15\
        &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FDemo&RoleSessionName=keyfob-demo";
    const CHINA: &str = "Action=AssumeRole&Version=2011-06-15\
        &RoleArn=arn%3Aaws-cn%3Aiam%3A%3A123456789012%3Arole%2FDemo&RoleSessionName=keyfob-demo\
        &DurationSeconds=3600&ExternalId=ext%2Fid%3D1\
        &SerialNumber=arn%3Aaws-cn%3Aiam%3A%3A123456789012%3Amfa%2Fjane&TokenCode=123456\
        &SourceIdentity=jane&Tags.member.1.Key=team&Tags.member.1.Value=a%20b%2Bc\
        &TransitiveTagKeys.member.1=team";
    const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

    struct Vector {
        docs: &'static str,
        host: &'static str,
        region: &'static str,
        token: Option<&'static str>,
        body: &'static str,
        canonical: Option<&'static str>,
        signature: &'static str,
    }

    const VECTORS: [Vector; 6] = [
        Vector {
            docs: "A: regional endpoint",
            host: "sts.us-east-1.amazonaws.com",
            region: "us-east-1",
            token: None,
            body: DEMO,
            canonical: Some("383304b17eb12fec71e03a90c22a3cbcf070125d09cef56973b750c9377db959"),
            signature: "ae52317e1add46813fd8e74d366412bbb0a213fb8cab243aff96d948a77b689c",
        },
        Vector {
            docs: "B: global endpoint",
            host: "sts.amazonaws.com",
            region: "us-east-1",
            token: None,
            body: DEMO,
            canonical: Some("2fe32fd73cd5d10b7f852da7298291e482eb83ba0e2c79dcbf3df23932575d57"),
            signature: "d10c1e05416e2ae4528e493ac8c38781cee99f1017c79f1fa836e640a3587671",
        },
        Vector {
            docs: "C: with a session token",
            host: "sts.us-east-1.amazonaws.com",
            region: "us-east-1",
            token: Some("IQoJb3JpZ2luX2VjEXAMPLETOKEN//+="),
            body: DEMO,
            canonical: Some("e30f6e7dc414374a2dc192023fb0fbd848ac5605c83d52a95ed0b300bfb303c3"),
            signature: "d8c54f96d63e8ef175ed001d7fe1a998ec2c522743c0d7631aa9f5042f79bc1f",
        },
        Vector {
            docs: "D: China, every parameter",
            host: "sts.cn-north-1.amazonaws.com.cn",
            region: "cn-north-1",
            token: None,
            body: CHINA,
            canonical: Some("d0ec0dbed6e270c98bb82ff0ab60e5257836601940e8f554eb0614567f7bbf73"),
            signature: "4f975f942315573628aaf877067f6096614b66101e88fe3228a02ae975712b8c",
        },
        Vector {
            docs: "E: GetCallerIdentity",
            host: "sts.us-east-1.amazonaws.com",
            region: "us-east-1",
            token: None,
            body: IDENTITY,
            canonical: None,
            signature: "26bedae4c6750a6f3ccd2f19d91bf3d4022985970e982971015ace05732b4bb4",
        },
        Vector {
            docs: "F: a local port",
            host: "127.0.0.1:8443",
            region: "us-east-1",
            token: None,
            body: DEMO,
            canonical: None,
            signature: "ad03d2a685b39144a33258aa620670edab46c43d0b06f368d328d7226bc557aa",
        },
    ];

    #[test]
    fn signatures_equal_those_of_botocore() {
        for vector in VECTORS {
            let docs = vector.docs;
            let mut headers =
                vec![("content-type", CONTENT_TYPE), ("host", vector.host), ("x-amz-date", "20260115T120000Z")];
            headers.extend(vector.token.map(|token| ("x-amz-security-token", token)));
            let request = Signable { method: "POST", path: "/", headers: &headers, body: vector.body.as_bytes() };
            if let Some(expected) = vector.canonical {
                assert_eq!(sha256(request.canonical().as_bytes()), expected, "{docs}");
            }
            let keys = ("AKIAIOSFODNN7EXAMPLE", SECRET);
            let signature = Signature::of(&request, NOON, keys, (vector.region, "sts"));
            assert_eq!(signature.hex, vector.signature, "{docs}");
        }
    }

    #[test]
    fn steps_of_a_signature_equal_those_of_botocore() {
        assert_eq!(sha256(DEMO.as_bytes()), "92d6ec9da375c13c6879896299b26812c8491f6db21756f081bd214e5c06dedd");
        assert_eq!(
            hex(&signing_key(SECRET, "20260115", "us-east-1", "sts")),
            "d89168d789be02eccf685b6ec6d8530267b4b202a2a009c9318141906bf42440"
        );
        assert_eq!(
            hex(&signing_key(SECRET, "20260115", "cn-north-1", "sts")),
            "98aa7ad3a7a09b0f0e4fc87ccc58f208db956521e9c9f1291ef2d585807a96e8"
        );
    }

    #[test]
    fn authorization_is_read_in_its_one_spelling() {
        let value = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260115/us-east-1/sts/\
            aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ae52317e";
        let parsed = Signature::parse(value).expect("this is the documented spelling");
        assert_eq!(parsed.access_key_id, "AKIAIOSFODNN7EXAMPLE");
        assert_eq!(parsed.region, "us-east-1");
        assert_eq!(parsed.signed_headers, ["content-type", "host", "x-amz-date"]);
        assert_eq!(parsed.header(), value);
        for other in [
            value.replace(", ", ","),
            value.replace("aws4_request", "aws4_request/x"),
            value.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"),
            format!("{value}, More=1"),
            format!(" {value}"),
        ] {
            assert_eq!(Signature::parse(&other), None, "{other}");
        }
    }
}
