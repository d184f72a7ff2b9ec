//! What lies there at this moment of a sign-in, for those who wait for nobody and change nothing.

use super::login_token::Broken;
use super::note;
use super::{LoginEntry, LoginToken, Missing, SsoEntry, SsoToken};
use crate::file;
use crate::timestamp::Timestamp;
use std::fs;
use std::path::Path;

/// A sign-in at a glance.
pub(crate) enum Glance<T> {
    /// `has_ended`: AWS has said so since it was written, and credentials that it has brought are the last.
    Token { token: T, has_ended: bool },
    /// None that could be used.
    Nothing,
    /// Somebody may be writing it: what it is will be known in a moment.
    InMotion,
}

impl SsoEntry {
    pub(crate) fn glance(&self) -> Glance<SsoToken> {
        match self.read_once() {
            Ok(token) => Glance::Token { token, has_ended: note::tells_of_an_end(self, written(self.path())) },
            Err(Missing::Damaged(_)) if file::changed_just_now(self.path()) => Glance::InMotion,
            Err(_) => Glance::Nothing,
        }
    }
}

impl LoginEntry {
    pub(crate) fn glance(&self) -> Glance<LoginToken> {
        match self.read_once() {
            Ok(token) => Glance::Token { token, has_ended: note::tells_of_an_end(self, written(self.as_ref())) },
            Err(Broken::Unreadable(_)) if file::changed_just_now(self.as_ref()) => Glance::InMotion,
            Err(_) => Glance::Nothing,
        }
    }
}

/// When a file was written; long ago where nobody can tell.
fn written(path: &Path) -> Timestamp {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.map_or(Timestamp::from_unix_millis(0), Timestamp::from_system_time)
}
