//! Trying a password that a store keeps: once, as long as it stays the same, by whichever process comes first.

use super::SignOn;
use crate::cache::{Tried, Turn};
use crate::error::{Error, Exit};
use crate::file::LockFile;
use crate::saml::Credential;
use crate::secret::Secret;
use crate::shell;
use crate::timestamp::spoken;
use std::time::Duration;

/// A password that a store keeps, and what becomes of it in one sign-in.
pub(super) struct Stored {
    password: Secret,
    tried: Tried,
    standing: Standing,
}

enum Standing {
    /// It is this process's turn to try it, and nobody else's while it has the lock.
    Untried { _lock: Option<LockFile> },
    /// It was refused so long ago.
    Refused(Duration),
}

impl Stored {
    /// Waits for a turn to try it. An error where it was tried in vain lately, and there is nobody to ask for another.
    pub(super) fn new(password: Secret, user: &str, can_ask: bool, sign_on: &SignOn<'_>) -> Result<Self, Error> {
        let name = Credential::full_name(user, sign_on.domain);
        let tried = Tried::of(&sign_on.address.origin(), &name, &sign_on.context.vars);
        let standing = match tried.turn(&password, sign_on.deadline.get()) {
            Turn::Ours(lock) => Standing::Untried { _lock: lock },
            Turn::Refused(ago) if can_ask => Standing::Refused(ago),
            Turn::Refused(ago) => {
                let cause = format!(
                    "the stored password of \"{name}\" was tried in vain {} ago and is still the same; it is not sent \
                     again within an hour",
                    spoken(ago)
                );
                let error = sign_on.cannot().cause(cause).exit(Exit::SignInNeeded);
                let profile = sign_on.request.profile;
                let in_person = format!(", or run `keyfob whoami {}` in a terminal", shell::word(profile));
                return Err(error.hint(how_to_keep_another(profile) + &in_person));
            }
            Turn::Theirs => {
                return Err(sign_on
                    .cannot()
                    .cause(format!("another keyfob has been trying the same password for \"{name}\" for too long"))
                    .hint("try again; if that does not help, look for a stopped keyfob with `ps`, and end it"));
            }
        };
        Ok(Self { password, tried, standing })
    }

    /// The password, if it is to be tried.
    pub(super) fn to_try(&self) -> Option<&Secret> {
        matches!(self.standing, Standing::Untried { .. }).then_some(&self.password)
    }

    /// What a person is told who is asked for another at once.
    pub(super) fn complaint(&self) -> String {
        match self.standing {
            Standing::Untried { .. } => String::new(),
            Standing::Refused(ago) => format!("The stored one was tried in vain {} ago. ", spoken(ago)),
        }
    }

    /// Takes in what became of a try with this or with another password. Other processes wait no longer.
    pub(super) fn was_tried(&mut self, password: &Secret, was_refused: bool) {
        if *password == self.password {
            self.tried.remember(password, was_refused);
            self.standing = Standing::Refused(Duration::ZERO);
        }
    }

    pub(super) fn is(&self, password: &Secret) -> bool {
        self.password == *password
    }
}

/// The command by which another password comes into the store that the profile names.
pub(super) fn how_to_keep_another(profile: &str) -> String {
    format!("keep the right one: `keyfob profile set {} --stdin`", shell::word(profile))
}
