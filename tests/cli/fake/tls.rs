//! A certificate authority that lives as long as one fake.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::{ServerConfig, crypto::ring};

/// The server's side of TLS, and the authority for the client to trust.
pub(super) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    /// The authority's certificate as PEM.
    pub(super) ca_pem: String,
}

impl Tls {
    /// Makes an authority and a certificate for 127.0.0.1, on P-256 keys.
    pub(super) fn generate() -> Self {
        let authority = authority().expect("the authority is made of valid parts");
        let (certificate, key) = server_certificate(&authority).expect("the certificate is made of valid parts");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows the default versions of TLS")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .expect("the key belongs to the certificate");
        Self { config: Arc::new(config), ca_pem: authority.pem() }
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "keyfob tests, authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server_certificate(authority: &CertifiedIssuer<'static, KeyPair>) -> Result<(rcgen::Certificate, KeyPair), Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "keyfob tests, server");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((params.signed_by(&key, authority)?, key))
}
