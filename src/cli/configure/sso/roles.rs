//! Which account and which role: listed with the person's sign-in, and chosen, or checked where they were named.

use super::Setup;
use super::questions::unanswered;
use crate::api::http::Client;
use crate::api::rest_json::RestJson;
use crate::api::sso::{Account, Sso, all_pages};
use crate::api::{Reason, ServiceError};
use crate::cli::QUESTION_LIMIT;
use crate::cli::sso::target::Target;
use crate::error::{self, Error, Printable};
use crate::secret::Secret;
use crate::terminal::Pick;
use std::fmt;
use std::time::{Duration, Instant};

/// The role that the profile is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) account_id: String,
    pub(super) role_name: String,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account_id, role_name } = self;
        write!(f, "{} in account {}", Printable(role_name), Printable(account_id))
    }
}

/// Why there is none.
pub(super) enum NoRole {
    /// AWS does not take the sign-in for good.
    Unauthorized(Box<ServiceError>),
    /// Nobody can tell which there are.
    Unlisted(Error),
    /// There is no such one, or none was chosen.
    Failed(Error),
}

impl From<Error> for NoRole {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What somebody who is signed in may see.
pub(super) struct Portal<'a> {
    pub(super) setup: &'a Setup<'a>,
    pub(super) target: &'a Target<'a>,
    pub(super) client: Client,
    pub(super) url: String,
    pub(super) access_token: &'a Secret,
}

impl Portal<'_> {
    /// The role of the options, if there is such a one; else what the person chooses.
    pub(super) fn role(&self) -> Result<Role, NoRole> {
        let answers = self.setup.answers;
        let account_id = match &answers.account_id {
            Some(named) => named.clone(),
            None => self.choose_account()?,
        };
        let roles = self.roles(&account_id)?;
        let role_name = match &answers.role_name {
            Some(named) if roles.contains(named) => named.clone(),
            Some(named) => {
                let error = Error::new(format!("there is no role \"{named}\" for you in account {account_id}"));
                return Err(error.hint(format!("the roles there: {}", some_of(&roles))).into());
            }
            None => {
                let now = self.setup.of_profile("sso_role_name")?;
                let now = roles.iter().position(|role| Some(role) == now.as_ref());
                roles[self.choose("Role", "role that you have there", &roles, now)?].clone()
            }
        };
        Ok(Role { account_id, role_name })
    }

    fn choose_account(&self) -> Result<String, NoRole> {
        let accounts = self.accounts()?;
        if accounts.is_empty() {
            let error = Error::new(format!("there is no account for you in {}", self.target.session.title()));
            return Err(error
                .cause("AWS lists none: nobody has assigned one to you")
                .hint("ask whoever runs Identity Center; if it was assigned just now, sign out and in again")
                .into());
        }
        let texts: Vec<String> = accounts.iter().map(Account::title).collect();
        let now = self.setup.of_profile("sso_account_id")?;
        let now = accounts.iter().position(|account| Some(&account.account_id) == now.as_ref());
        let place = self.choose("Account", "account that you have", &texts, now)?;
        Ok(accounts[place].account_id.clone())
    }

    /// The place of one of several; an only one is taken, and named. `now` is that of the profile, which Enter keeps.
    fn choose(&self, title: &str, what: &str, texts: &[String], now: Option<usize>) -> Result<usize, Error> {
        let terminal = &self.setup.context.terminal;
        if let [only] = texts {
            terminal.tell(&format!("The only {what}: {only}"));
            return Ok(0);
        }
        let moves = self.setup.context.vars.can_move_cursor();
        let pick =
            Pick { title, choices: texts, left: None, usually: now, otherwise: None, limit: QUESTION_LIMIT, moves };
        terminal.pick(&pick).map_err(unanswered)
    }

    /// The accounts, as they are shown.
    fn accounts(&self) -> Result<Vec<Account>, NoRole> {
        let portal = self.portal();
        let mut accounts =
            all_pages(|next| portal.list_accounts(next).map_err(Unlisted::Refused), || Unlisted::Endless)
                .map_err(|why| self.explain(why))?;
        accounts.sort_by_cached_key(|account| {
            let label = account.label();
            (label.is_none(), label.unwrap_or(&account.account_id).to_lowercase(), account.account_id.clone())
        });
        Ok(accounts)
    }

    /// The names of the roles in an account; an error when there are none, which may be due to the account.
    fn roles(&self, account_id: &str) -> Result<Vec<String>, NoRole> {
        let portal = self.portal();
        let refusal = match all_pages(
            |next| portal.list_account_roles(account_id, next).map_err(Unlisted::Refused),
            || Unlisted::Endless,
        ) {
            Ok(mut roles) if !roles.is_empty() => {
                roles.sort_by_cached_key(|role| (role.to_lowercase(), role.clone()));
                return Ok(roles);
            }
            Ok(_) => None,
            Err(Unlisted::Refused(refusal)) if says_no_such_account(&refusal) => Some(refusal.to_string()),
            Err(why) => return Err(self.explain(why)),
        };
        let error = Error::new(format!("there is no role for you in account {account_id}"));
        let error = Error { cause: refusal, ..error };
        let accounts: Vec<String> = self.accounts()?.iter().map(Account::title).collect();
        Err(error.hint(format!("the accounts that you have: {}", some_of(&accounts))).into())
    }

    fn portal(&self) -> Sso<'_> {
        const LIMIT: Duration = Duration::from_mins(1);
        Sso {
            service: RestJson {
                client: &self.client,
                endpoint: &self.url,
                clock: &self.setup.context.clock,
                max_attempts: self.target.settings.max_attempts,
                deadline: Instant::now() + LIMIT,
            },
            access_token: self.access_token,
        }
    }

    fn explain(&self, why: Unlisted) -> NoRole {
        let failed = Error::new(format!("cannot list the accounts and roles of {}", self.target.session.title()));
        NoRole::Unlisted(match why {
            Unlisted::Endless => failed.cause("AWS's list begins again and again").hint("try again in a moment"),
            Unlisted::Refused(refusal) if refusal.is_unauthorized() => return NoRole::Unauthorized(refusal),
            Unlisted::Refused(refusal) => {
                let hint = match refusal.reason {
                    Reason::Refused { status: 429, .. } => "too many calls; wait a moment",
                    Reason::Refused { .. } => "try again in a moment",
                    _ => "check the network, and sso_region",
                };
                failed.cause(refusal.to_string()).hint(hint)
            }
        })
    }
}

/// Why a list did not come.
enum Unlisted {
    Refused(Box<ServiceError>),
    /// A page leads back to one before.
    Endless,
}

fn says_no_such_account(refusal: &ServiceError) -> bool {
    matches!(refusal.reason, Reason::Refused { status: 400 | 403 | 404, .. })
}

fn some_of(texts: &[String]) -> String {
    const SHOWN: usize = 8;
    if texts.is_empty() { "none".into() } else { error::some_of(texts, SHOWN, "; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_not_told_in_full() {
        let names: Vec<String> = (1..=10).map(|number| format!("R{number}")).collect();
        assert_eq!(some_of(&names), "R1; R2; R3; R4; R5; R6; R7; R8; and 2 more");
        assert_eq!((some_of(&names[..2]).as_str(), some_of(&[]).as_str()), ("R1; R2", "none"));
    }
}
