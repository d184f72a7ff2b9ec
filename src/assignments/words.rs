//! What a person is told of a listing that ended before its time, or has gaps.

use super::Assignments;
use crate::api::endpoint::Region;
use crate::api::{Reason, ServiceError};
use crate::error::{Error, some_of};
use crate::provider::advice;

/// The error of a listing, without its cause.
pub(super) fn failed(sign_in: &str) -> Error {
    Error::new(format!("cannot list the accounts of {sign_in}"))
}

/// The error of one that ended before its time, when so many of so many accounts were read.
pub(super) fn stopped(sign_in: &str, why: &str, read: Option<(usize, usize)>) -> Error {
    match read {
        None => failed(sign_in).cause(why),
        Some((done, all)) => failed(sign_in)
            .cause(format!("{why}; {done} of {all} accounts are read"))
            .hint("run it again within 15 minutes, and it goes on from there"),
    }
}

/// What to do about an answer that did not come.
pub(super) fn hint(why: &ServiceError, sso_region: &Region, goes_on: bool) -> String {
    let first = match &why.reason {
        Reason::Refused { status: 429, .. } | Reason::Unreadable { status: 429, .. } => {
            "too many calls, of others, too; wait a moment".to_owned()
        }
        Reason::Refused { status: 400, .. } => format!("check sso_region, which is {sso_region}"),
        Reason::Refused { .. } => "try again in a moment".to_owned(),
        Reason::Unreadable { .. } | Reason::Unsendable | Reason::Transport(_) => advice::no_answer(why),
    };
    if goes_on { format!("{first}; within 15 minutes the same command goes on from there") } else { first }
}

/// The error for accounts that could not be read, without its hint.
pub(super) fn gaps<'a>(sign_in: &str, unread: impl Iterator<Item = (&'a str, &'a ServiceError)>, all: usize) -> Error {
    const SHOWN: usize = 100;
    let unread: Vec<_> = unread.collect();
    let ids: Vec<&str> = unread.iter().map(|(account_id, _)| *account_id).collect();
    let first = unread.first().map(|(account_id, why)| format!("; of {account_id}: {why}")).unwrap_or_default();
    let shown = some_of(&ids, SHOWN, ", ");
    failed(sign_in).cause(format!("{} of {all} accounts could not be read, {shown}{first}", ids.len()))
}

/// The error beside a list in which some accounts are missing for good.
pub(super) fn missing(assignments: &Assignments, sign_in: &str) -> Error {
    let Assignments { accounts, unread } = assignments;
    let all = accounts.len() + unread.len();
    let unread = unread.iter().map(|unread| (unread.account.account_id.as_str(), &*unread.why));
    let error = gaps(sign_in, unread, all);
    Error { message: format!("cannot list all accounts of {sign_in}"), ..error }
        .hint("AWS refuses to tell your roles in them; ask whoever runs Identity Center about these accounts")
}
