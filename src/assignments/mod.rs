//! Which accounts and roles a person may use, in an organisation of any size.
//!
//! AWS has no list of roles for all accounts: each account is asked about, 1,000 of them take 1,010 calls, and the
//! portal lets some 20 a second through, of all people together. So a few threads ask behind one [`pace`], what is read
//! is kept on the way, and a run that was cut short is gone on with by the next.
//! <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
//!
//! | file | what it holds |
//! |---|---|
//! | `gathering` | what is asked for, and what becomes of the answers |
//! | `words` | what a person is told of a listing that did not come about |
//! | `crew` | the threads, and when they ask again |
//! | `pace` | how fast |
//!
//! What an unfinished run leaves for the next is in `cache/listing`.

mod crew;
mod gathering;
mod pace;
mod words;

use crate::api::ServiceError;
use crate::api::sso::Account;
use crate::context::Context;
use crate::error::Error;
use crate::provider::sso_token::SignIn;
use gathering::Gathering;

/// Whose accounts, and who tells.
pub(crate) struct Request<'a> {
    pub(crate) sign_in: &'a SignIn<'a>,
    pub(crate) portal_url: &'a str,
    pub(crate) reuse: Reuse,
}

/// What a run makes of a list that is whole, and what it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// It asks anew, and leaves nothing.
    Never,
    /// It takes what another has left just now.
    Takes,
    /// It leaves one, too.
    TakesAndLeaves,
}

/// An account, and the roles that the person has in it.
#[derive(Debug)]
pub(crate) struct Assigned {
    pub(crate) account: Account,
    /// Sorted.
    pub(crate) role_names: Vec<String>,
}

/// An account whose roles AWS does not tell, however often it is asked.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) account: Account,
    pub(crate) why: Box<ServiceError>,
}

/// All that is to be known.
#[derive(Debug)]
pub(crate) struct Assignments {
    /// Sorted by account.
    pub(crate) accounts: Vec<Assigned>,
    /// Sorted by account.
    pub(crate) unread: Vec<Unread>,
}

impl Assignments {
    /// A command's answer, or an error beside it where some accounts are missing in that.
    pub(crate) fn end(&self, sign_in: &str, output: String) -> Result<String, Error> {
        if self.unread.is_empty() { Ok(output) } else { Err(words::missing(self, sign_in).beside(output)) }
    }
}

/// All of them: as much as AWS tells, or an error when asking again may tell more, and then what was read is kept for
/// the next run.
pub(crate) fn list(request: &Request<'_>, context: &Context) -> Result<Assignments, Error> {
    let failed = words::failed(&request.sign_in.session.title());
    let held = request.sign_in.token(context).map_err(|error| Error { message: failed.message.clone(), ..error })?;
    Gathering::begin(request, context, held)?.finish()
}
