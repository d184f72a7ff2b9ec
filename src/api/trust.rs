//! Which certificate authorities are trusted: those that a bundle names, or else the built-in ones.

use crate::error::Error;
use crate::file::{self, Read};
use rustls::RootCertStore;
use rustls::pki_types::pem;
use std::path::PathBuf;
use std::sync::Arc;
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// A file of certificates to trust instead of the built-in ones.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    pub(crate) path: PathBuf,
    /// The variable or the key that names it.
    pub(crate) named_by: &'static str,
}

impl Bundle {
    /// Its certificates. Text around them and keys among them do not count; one that cannot be read spoils all, as it
    /// may be the one that is needed.
    pub(super) fn read(&self) -> Result<RootCerts, Error> {
        let Self { path, named_by } = self;
        let cannot = |why: String| {
            Error::new(format!("cannot use the certificate bundle \"{}\"", path.display()))
                .cause(why)
                .hint(format!("mend the file, or {named_by}, which names it"))
        };
        if path.is_dir() {
            return Err(cannot("it is a directory".into()));
        }
        let text = match file::read_shared(path) {
            Read::Bytes(text) => text,
            Read::Missing => return Err(cannot("there is no such file".into())),
            Read::Refused(why) => return Err(cannot(why)),
        };
        let certificates = certificates(&text).map_err(cannot)?;
        Ok(RootCerts::Specific(Arc::new(certificates)))
    }
}

/// The certificates of a PEM text; the error says which item is bad, and how.
fn certificates(text: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for (number, item) in (1..).zip(parse_pem(text)) {
        let item = item.map_err(|error| format!("its item {number} {}", what_is_wrong(&error)))?;
        let PemItem::Certificate(certificate) = item else { continue };
        // ureq would pass over what is no certificate.
        RootCertStore::empty()
            .add(certificate.der().into())
            .map_err(|_| format!("its item {number} is not an X.509 certificate"))?;
        certificates.push(certificate);
    }
    match certificates.is_empty() {
        true if is_der(text) => Err("it is DER, not PEM".into()),
        true => Err("it holds no certificate".into()),
        false => Ok(certificates),
    }
}

fn what_is_wrong(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Pem(pem::Error::MissingSectionEnd { .. }) => "has no END line",
        ureq::Error::Pem(pem::Error::Base64Decode(_)) => "is not base64",
        _ => "is not PEM",
    }
}

/// Whether it begins as the longer form of an ASN.1 sequence, as every certificate in DER does.
fn is_der(text: &[u8]) -> bool {
    text.starts_with(&[0x30, 0x82])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_a_good_certificate_are_told_apart() {
        for (text, why) in [
            ("", "it holds no certificate"),
            ("# nothing\nat all\n", "it holds no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", "its item 1 has no END line"),
            ("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "its item 1 is not base64"),
            (
                "-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n",
                "its item 1 is not an X.509 certificate",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n\
                 -----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                "its item 2 is not an X.509 certificate",
            ),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "it holds no certificate"),
            ("0\u{0}", "it holds no certificate"),
        ] {
            assert_eq!(certificates(text.as_bytes()).err().as_deref(), Some(why), "{text}");
        }
        assert_eq!(certificates(&[0x30, 0x82, 1, 2, 3]).err().as_deref(), Some("it is DER, not PEM"));
    }
}
