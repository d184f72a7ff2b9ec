//! The sign-ins that both services know: their access tokens, and the refresh tokens that continue them.

use std::{collections::HashMap, time::Duration};

use super::super::{MARKER, Timestamp, clock::Skew};

#[derive(Default)]
pub(in super::super) struct Sessions {
    pub(in super::super) skew: Skew,
    /// Whether the session of this number was ended.
    ended: Vec<bool>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    issued: Vec<Issued>,
}

struct Access {
    session: usize,
    end: Timestamp,
}

struct Refresh {
    session: usize,
    client_id: String,
    spent: bool,
}

/// What a client got.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    /// `None` if the client may not refresh, or is to keep the one it has.
    pub(crate) refresh_token: Option<String>,
    /// When the access token ends.
    pub(crate) end: Timestamp,
}

impl Sessions {
    pub(in super::super) fn now(&self) -> Timestamp {
        self.skew.now()
    }

    /// Begins a session; its number.
    pub(in super::super) fn begin(&mut self) -> usize {
        self.ended.push(false);
        self.ended.len() - 1
    }

    /// Makes tokens of the session, without a refresh token if there is no client that may use it.
    pub(in super::super) fn issue(&mut self, session: usize, refresher: Option<&str>, life: Duration) -> Issued {
        let number = self.issued.len() + 1;
        let access_token = format!("aoa{MARKER}/access+{number:04}==");
        let end = self.now().plus(life);
        self.access.insert(access_token.clone(), Access { session, end });
        let refresh_token = refresher.map(|client_id| {
            let token = format!("aor{MARKER}/refresh+{number:04}==");
            self.refresh.insert(token.clone(), Refresh { session, client_id: client_id.to_owned(), spent: false });
            token
        });
        let issued = Issued { access_token, refresh_token, end };
        self.issued.push(issued.clone());
        issued
    }

    /// The session that the refresh token continues, if it still does; spends it if another is to follow.
    pub(in super::super) fn refresh(&mut self, token: &str, client_id: &str, rotates: bool) -> Option<usize> {
        let refresh = self.refresh.get_mut(token)?;
        let is_good = !refresh.spent && refresh.client_id == client_id && !self.ended[refresh.session];
        refresh.spent |= is_good && rotates;
        is_good.then_some(refresh.session)
    }

    /// The session of an access token that is good now.
    pub(in super::super) fn session(&self, access_token: &str) -> Option<usize> {
        let access = self.access.get(access_token)?;
        (access.end > self.now() && !self.ended[access.session]).then_some(access.session)
    }

    pub(in super::super) fn end(&mut self, session: usize) {
        self.ended[session] = true;
    }

    pub(super) fn end_all(&mut self) {
        self.ended.fill(true);
    }

    /// Lets all access tokens end now; refresh tokens stay good.
    pub(super) fn expire_access_tokens(&mut self) {
        let now = self.now();
        for access in self.access.values_mut() {
            access.end = now;
        }
    }

    pub(super) fn issued(&self) -> &[Issued] {
        &self.issued
    }
}
