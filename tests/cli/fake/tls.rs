//! A certificate authority that lives as long as one fake, and a client that trusts it.

use std::{
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// A name that no resolver knows: who reaches the fake under it came through a proxy.
pub(crate) const HOST: &str = "sts.example.test";

/// The server's side of TLS, and the authority for the client to trust.
pub(super) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    /// The authority's certificate as PEM.
    pub(super) ca_pem: String,
}

impl Tls {
    /// Makes an authority and a certificate for 127.0.0.1 and [`HOST`], on P-256 keys.
    pub(super) fn generate() -> Self {
        Self::for_host(HOST)
    }

    /// The same with another name in the place of [`HOST`].
    pub(super) fn for_host(host: &str) -> Self {
        let authority = authority().expect("the authority is made of valid parts");
        let (certificate, key) = server_certificate(&authority, host).expect("the certificate is made of valid parts");
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
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    let mut params = CertificateParams::default();
    // Authorities of one name would be taken for one another, until a signature does not fit.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    params.distinguished_name.push(DnType::CommonName, format!("keyfob tests, authority {number}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server_certificate(
    authority: &CertifiedIssuer<'static, KeyPair>,
    host: &str,
) -> Result<(rcgen::Certificate, KeyPair), Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["127.0.0.1".to_owned(), host.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "keyfob tests, server");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((params.signed_by(&key, authority)?, key))
}

/// Speaks TLS to a host whose authority is this one.
pub(super) fn connect(ca_pem: &str, host: &str, stream: TcpStream) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("the fake offers PEM");
    roots.add(authority).expect("the certificate is an authority's");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = host.to_owned().try_into().expect("the host is a name or an address");
    let session = ClientConnection::new(Arc::new(config), name).expect("this is a session");
    StreamOwned::new(session, stream)
}
