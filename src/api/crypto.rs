//! The algorithms of TLS: those of rustls on ring, less what only a client with a certificate needs.

use rustls::Error;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use std::sync::Arc;

pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() })
}

/// We show no certificate, so there is no key to load: reading and using RSA, ECDSA and Ed25519 keys stays out of the
/// binary.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("client certificates are not used".into()))
    }
}
