//! The clients that were registered.

use std::time::Duration;

use super::{
    super::{MARKER, Timestamp, identity_center::expected::Refusal},
    errors::refuse,
};

/// About as long as AWS lets one live.
const LIFE: Duration = Duration::from_hours(90 * 24);

#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    /// For authorization codes; for device codes otherwise.
    pub(crate) is_for_codes: bool,
    /// When the secret ends.
    pub(crate) end: Timestamp,
}

impl Client {
    pub(super) fn may_refresh(&self) -> bool {
        self.is_for_codes || !self.scopes.is_empty()
    }

    /// Finds out whether it was registered for this kind of code.
    pub(super) fn check_kind(&self, is_for_codes: bool) -> Result<(), Refusal> {
        if self.is_for_codes == is_for_codes {
            return Ok(());
        }
        Err(refuse("UnauthorizedClientException", "The client was registered for another grant type."))
    }
}

#[derive(Default)]
pub(super) struct Clients(Vec<Client>);

impl Clients {
    /// Makes a client; as with AWS, its id is no secret, and its secret is long.
    pub(super) fn register(&mut self, name: &str, scopes: &[String], is_for_codes: bool, now: Timestamp) -> Client {
        let number = self.0.len() + 1;
        let client = Client {
            client_id: format!("_yzkThXVzLWVhc3QtMQEXAMPLE{number:04}"),
            client_secret: format!("eyJraWQiOiJrZXkiLCJhbGciOiJIUzM4NCJ9.{MARKER}-client-{number:04}.{:E<256}", ""),
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            is_for_codes,
            end: now.plus(LIFE),
        };
        self.0.push(client.clone());
        client
    }

    pub(super) fn all(&self) -> &[Client] {
        &self.0
    }

    /// Lets a client end then.
    pub(super) fn end(&mut self, client_id: &str, end: Timestamp) {
        for client in self.0.iter_mut().filter(|client| client.client_id == client_id) {
            client.end = end;
        }
    }

    /// Lets all clients end now.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for client in &mut self.0 {
            client.end = now;
        }
    }

    /// One that is good now.
    pub(super) fn find(&self, client_id: &str, now: Timestamp) -> Result<&Client, Refusal> {
        let client = self.0.iter().find(|client| client.client_id == client_id);
        let client = client.ok_or_else(|| refuse("InvalidClientException", "The client is not known here."))?;
        if client.end <= now {
            return Err(refuse("InvalidClientException", "The client's registration has expired."));
        }
        Ok(client)
    }

    /// One that is good now and knows its secret.
    pub(super) fn authenticate(&self, client: (&str, &str), now: Timestamp) -> Result<Client, Refusal> {
        let (client_id, client_secret) = client;
        let client = self.find(client_id, now)?;
        if client.client_secret != client_secret {
            return Err(refuse("InvalidClientException", "The client's secret is another."));
        }
        Ok(client.clone())
    }
}
