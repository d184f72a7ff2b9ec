//! `keyfob_store`: long-term keys that a store keeps.

use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::shell;
use crate::store::{self, Patience, StoreName};

/// Whose keys are wanted, and which they are.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) store: &'a StoreName,
    pub(crate) profile: &'a str,
    /// Every cached role on these keys goes by it, so the store must have the same.
    pub(crate) access_key_id: &'a str,
    pub(crate) aws_account_id: Option<&'a str>,
    pub(crate) patience: Patience,
}

/// Opens the store and takes the keys out.
pub(crate) fn credentials(request: &Request<'_>, context: &Context) -> Result<Credentials, Error> {
    let Request { store, profile, access_key_id, aws_account_id, patience } = *request;
    let error = || Error::new(format!("cannot get the keys of profile \"{profile}\""));
    let again = |id: &str| {
        let (profile, id) = (shell::word(profile), shell::word(id));
        format!("put them there: `keyfob profile set {profile} --access-key {id}`")
    };
    let kept =
        store::open_with(store, patience, context).keys(profile).map_err(|trouble| trouble.explain(store, error()))?;
    let Some(keys) = kept else {
        let missing = format!("the store \"{}\" has none for it", store.shown());
        return Err(error().cause(missing).hint(again(access_key_id)));
    };
    if keys.access_key_id != access_key_id {
        let other = format!(
            "the store \"{}\" has the access key \"{}\" for it, and the profile names \"{access_key_id}\"",
            store.shown(),
            keys.access_key_id
        );
        return Err(error().cause(other).hint(again(access_key_id)));
    }
    if keys.session_token.is_some() {
        let temporary = format!(
            "the store \"{}\" has temporary keys for it, which end by themselves; stores are for keys that last",
            store.shown()
        );
        return Err(error().cause(temporary).hint(again("ID")));
    }
    Ok(Credentials { account_id: aws_account_id.map(str::to_owned), ..keys })
}
