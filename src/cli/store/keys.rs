//! The keys of a profile as they are now: where, and which.

use crate::cli::keys_in_store::store_of;
use crate::cli::place::Place;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::profile::{FileKind, Kind, Profile, kind};
use crate::secret::Secret;
use crate::shell;

/// Where the keys of a profile are now, by what the files say. An error when it has none of its own, or when others
/// are what its credentials come from.
pub(super) fn place_of(profile: &Profile<'_>, context: &Context) -> Result<Place, Error> {
    let name = &profile.name;
    let refused = || Error::new(format!("cannot move the keys of profile \"{name}\""));
    let store = store_of(profile)?;
    let secret = profile.get("aws_secret_access_key")?;
    let found = match (store, secret) {
        (Some(store), _) => Place::Store(store),
        (None, Some(secret)) => Place::File(secret.place.file.kind),
        (None, None) => {
            return Err(refused().cause("it has none").hint(format!(
                "`keyfob profile set {} --access-key ID --store STORE` stores some",
                shell::word(name)
            )));
        }
    };
    match Kind::of(profile, &context.vars)? {
        Some(Kind::Static | Kind::Session) => Ok(found),
        kind => {
            let kind = kind.map_or("nothing", Kind::name);
            Err(refused()
                .cause(format!("they are not what its credentials come from; its type is {kind}"))
                .hint("keep keys in a profile of their own, which this one may name as its source_profile"))
        }
    }
}

/// The keys that stand in the files.
pub(super) fn keys_in_files(profile: &Profile<'_>) -> Result<Credentials, Error> {
    let text = |key| profile.get(key).map(|setting| setting.map(|setting| setting.value.into_owned()));
    let half = |key| {
        Error::new(format!("cannot move the keys of profile \"{}\"", profile.name))
            .cause(format!("it has half a pair: {key} is missing"))
    };
    let token = match text("aws_session_token")? {
        Some(token) => Some(token),
        None => text("aws_security_token")?,
    };
    Ok(Credentials {
        access_key_id: text("aws_access_key_id")?.ok_or_else(|| half("aws_access_key_id"))?,
        secret_access_key: text("aws_secret_access_key")?
            .map(Secret::new)
            .ok_or_else(|| half("aws_secret_access_key"))?,
        session_token: token.map(Secret::new),
        expiration: None,
        account_id: None,
    })
}

/// An error when either file has a key of this profile that is not one of these: nobody would have it any more, were it
/// taken away with them.
pub(super) fn refuse_others(profile: &Profile<'_>, keys: &Credentials) -> Result<(), Error> {
    let is_of = |key: &str, value: &str| match key {
        "aws_access_key_id" => value == keys.access_key_id,
        "aws_secret_access_key" => value == keys.secret_access_key.expose(),
        _ => keys.session_token.as_ref().is_some_and(|token| token.expose() == value),
    };
    for file in FileKind::ALL {
        for key in kind::KEYS {
            for spelled in [key.to_owned(), format!("keyfob_{key}")] {
                let Some(value) = profile.line(file, &spelled).filter(|value| !value.is_empty()) else { continue };
                if !is_of(key, value) {
                    return Err(Error::new(format!("cannot move the keys of profile \"{}\"", profile.name))
                        .cause(format!(
                            "{spelled} in {} is that of other keys than those that count, and would be lost",
                            Place::File(file)
                        ))
                        .hint("move it into a profile of its own by hand, or take it out of the file"));
                }
            }
        }
    }
    Ok(())
}
