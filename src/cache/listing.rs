//! Accounts and roles that were listed, for a run that goes on with one that was cut short, or does what another has
//! shown: keyfob's own file `HASH.listing.json`.
//!
//! ```json
//! {"SignIn": "0ad374308c5a4e22f723adf10145eafad7c4031c", "token": "…", "kept": "2026-11-21T01:56:34Z",
//!  "listed": "2026-11-21T01:56:20Z", "whole": false, "accounts": [
//!  {"accountId": "111122223333", "accountName": "Prod", "roleNames": ["Admin"], "read": "2026-11-21T01:56:30Z"}]}
//! ```
//!
//! `listed` is when the accounts were, `read` when an account's roles were. `token` is the SHA-256 of the access token
//! that all was read with. Nothing else in a sign-in tells two people apart who share a session's name, and a token that
//! is renewed meanwhile costs no more than asking again.

use super::{SsoEntry, hex};
use crate::api::sso::Account;
use crate::context::Vars;
use crate::file;
use crate::paths;
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// How long after a run that was cut short the next goes on with it.
const GOOD_FOR: Duration = Duration::from_mins(15);
/// How old the parts of it may be, in a run that is cut short again and again.
const LONGEST: Duration = Duration::from_hours(1);

/// How long a list that is whole counts for whoever saw what it would do.
const WHOLE_GOOD_FOR: Duration = Duration::from_mins(5);

/// What was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) accounts: Vec<Listed>,
    /// When the accounts were.
    pub(crate) listed: Timestamp,
    /// Whether nothing is left to ask for.
    pub(crate) is_whole: bool,
}

/// An account, and what was read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) account: Account,
    /// `None`: nobody has asked, or had an answer.
    pub(crate) role_names: Option<Vec<String>>,
    /// When they were read.
    read: Option<Timestamp>,
}

#[derive(Deserialize, Serialize)]
struct Document<'a> {
    /// See [`got_by`](super::got_by).
    #[serde(rename = "SignIn", borrow)]
    sign_in: Cow<'a, str>,
    token: String,
    kept: String,
    listed: String,
    whole: bool,
    #[serde(borrow)]
    accounts: Vec<Entry<'a>>,
}

/// An account in the file; times are in RFC 3339.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    account_id: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_name: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email_address: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role_names: Option<Cow<'a, [String]>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<String>,
}

impl Listed {
    pub(crate) fn new(account: Account) -> Self {
        Self { account, role_names: None, read: None }
    }

    pub(crate) fn set_role_names(&mut self, role_names: Vec<String>, now: Timestamp) {
        self.role_names = Some(role_names);
        self.read = Some(now);
    }

    /// The same without what is too old.
    fn without_what_is_old(self, now: Timestamp) -> Self {
        let is_recent = self.read.is_some_and(|read| is_within(LONGEST, read, now));
        if is_recent { self } else { Self::new(self.account) }
    }
}

impl<'a> From<&'a Listed> for Entry<'a> {
    fn from(listed: &'a Listed) -> Self {
        let Listed { account: Account { account_id, account_name, email_address }, role_names, read } = listed;
        Self {
            account_id: account_id.into(),
            account_name: account_name.as_ref().map(Into::into),
            email_address: email_address.as_ref().map(Into::into),
            role_names: role_names.as_ref().map(Into::into),
            read: read.map(|read| read.to_string()),
        }
    }
}

impl From<Entry<'_>> for Listed {
    fn from(entry: Entry<'_>) -> Self {
        let Entry { account_id, account_name, email_address, role_names, read } = entry;
        let account = Account {
            account_id: account_id.into_owned(),
            account_name: account_name.map(Cow::into_owned),
            email_address: email_address.map(Cow::into_owned),
        };
        let read = read.as_deref().and_then(Timestamp::parse);
        Self { account, role_names: role_names.map(Cow::into_owned), read }
    }
}

/// Where one listing is kept.
#[derive(Clone, Debug)]
pub(crate) struct ListingEntry {
    path: PathBuf,
    /// The name of the sign-in by which it is got.
    sign_in: String,
}

impl ListingEntry {
    /// The entry for an identity: a text that tells apart what must not be shared.
    ///
    /// `None` where there is no folder for caches.
    pub(crate) fn of(identity: &str, sign_in: &SsoEntry, vars: &Vars) -> Option<Self> {
        let hash = hex(&Sha1::digest(identity.as_bytes()));
        let path = paths::cache_folder(vars)?.join(format!("{hash}.listing.json"));
        Some(Self { path, sign_in: sign_in.name().to_owned() })
    }

    /// What was read with this token, if that was just now.
    pub(crate) fn read(&self, access_token: &Secret, now: Timestamp) -> Option<Listing> {
        const LARGEST: u64 = 32 * 1024 * 1024;
        let bytes = file::read_private(&self.path, LARGEST).ok()?;
        let Document { sign_in: _, token, kept, listed, whole, accounts } = serde_json::from_slice(&bytes).ok()?;
        let good_for = if whole { WHOLE_GOOD_FOR } else { GOOD_FOR };
        let (kept, listed) = (Timestamp::parse(&kept)?, Timestamp::parse(&listed)?);
        let counts = is_within(good_for, kept, now) && is_within(LONGEST, listed, now);
        (counts && token == digest(access_token)).then(|| {
            let accounts = accounts.into_iter().map(Listed::from);
            Listing {
                accounts: accounts.map(|listed| listed.without_what_is_old(now)).collect(),
                listed,
                is_whole: whole,
            }
        })
    }

    /// Keeps what was read with this token; the accounts were `listed` then.
    pub(crate) fn write<'a>(
        &self,
        access_token: &Secret,
        accounts: impl Iterator<Item = &'a Listed>,
        [listed, now]: [Timestamp; 2],
        is_whole: bool,
    ) -> io::Result<()> {
        let document = Document {
            sign_in: (&self.sign_in).into(),
            token: digest(access_token),
            kept: now.to_string(),
            listed: listed.to_string(),
            whole: is_whole,
            accounts: accounts.map(Entry::from).collect(),
        };
        file::write_private(&self.path, &serde_json::to_vec(&document).expect("texts always serialize"))
    }

    /// Forgets it.
    pub(crate) fn remove(&self) -> io::Result<()> {
        file::remove(&self.path).map(drop)
    }
}

fn digest(access_token: &Secret) -> String {
    hex(&Sha256::digest(access_token.expose().as_bytes()))
}

/// Whether a time is in the past, and not for longer than that.
fn is_within(span: Duration, time: Timestamp, now: Timestamp) -> bool {
    // Times in the file are in whole seconds, rounded down.
    time <= now && time.until(now) <= span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u32) -> Account {
        let account_id = format!("{number:012}");
        Account { account_id, account_name: Some("Prod".into()), email_address: None }
    }

    #[test]
    fn a_listing_is_gone_on_with_for_a_while_and_by_the_same_token_alone() {
        let folder = std::env::temp_dir().join(format!("keyfob-listing-{}", std::process::id()));
        let entry = ListingEntry { path: folder.join("x.listing.json"), sign_in: "0ad3".into() };
        let token = Secret::new("at-1");
        // Times in the file are in whole seconds.
        let began = Timestamp::from_unix_millis(1_800_000_000_000);
        let mut read = Listed::new(account(1));
        read.set_role_names(vec!["Admin".into()], began);
        let open = Listed::new(account(2));
        let minutes = Duration::from_mins;
        let write = |listed, kept, is_whole| {
            let accounts = [&read, &open].into_iter();
            entry.write(&token, accounts, [began + minutes(listed), began + minutes(kept)], is_whole)
        };
        let both = vec![read.clone(), open.clone()];
        for (listed, kept, is_whole, at, found) in [
            (1, 50, false, 51, Some(both.clone())),
            (1, 50, false, 49, None),
            (5, 50, false, 62, Some(vec![Listed::new(account(1)), open.clone()])),
            // Whom nobody has assigned since is not known.
            (1, 50, false, 62, None),
            (5, 50, false, 66, None),
            (1, 2, true, 7, Some(both.clone())),
            (1, 2, true, 8, None),
        ] {
            write(listed, kept, is_whole).expect("the folder can be made");
            let listing = found.map(|accounts| Listing { accounts, listed: began + minutes(listed), is_whole });
            assert_eq!(entry.read(&token, began + minutes(at)), listing, "{listed} {kept} {is_whole} {at}");
        }
        write(1, 2, false).expect("the folder is there");
        assert_eq!(entry.read(&Secret::new("at-2"), began + minutes(3)), None);
        entry.remove().expect("it is ours");
        assert_eq!(entry.read(&token, began + minutes(3)), None);
        std::fs::remove_dir(folder).expect("it is empty");
    }
}
