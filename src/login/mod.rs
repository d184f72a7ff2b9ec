//! What needs a person and a browser; ends with a token in hand.
//!
//! A sign-in is OAuth 2.0's authorization code grant for native apps (RFC 8252): AWS's page, opened in a browser, leads
//! back to a listener on this machine, or shows a text that the person carries over. To IAM Identity Center a device code
//! (RFC 8628) does as well, of which nothing is carried back.

mod browser;
mod conflict;
pub(crate) mod console;
mod loopback;
mod page;
mod paste;
mod pkce;
mod query;
mod same_device;
mod source;
pub(crate) mod sso;
pub(crate) mod start_url;
mod way;

pub(crate) use conflict::{Wanted, refuse_conflict};
pub(crate) use way::{Way, Wishes};

use crate::error::{Error, Exit, Printable};
use crate::secret::Secret;
use crate::terminal::{NoAnswer, Terminal};
use crate::timestamp::spoken;
use std::fmt;
use std::time::Duration;

/// What a person's visit to AWS's page brought back.
#[derive(Debug)]
enum Callback {
    Code(Secret),
    Refused(Refusal),
}

/// Why there is no code, in OAuth's words (RFC 6749, section 4.1.2.1).
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    error: String,
    description: Option<String>,
}

impl Refusal {
    fn new(error: &str, description: Option<&str>) -> Self {
        Self { error: error.to_owned(), description: description.map(str::to_owned) }
    }

    /// Whether the person, or a rule about the person, said no.
    fn is_denial(&self) -> bool {
        self.error == "access_denied"
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        let shortened = |text: &str| Printable(&text.chars().take(LONGEST).collect::<String>()).to_string();
        f.write_str(&shortened(&self.error))?;
        self.description.as_deref().map_or(Ok(()), |description| write!(f, ": {}", shortened(description)))
    }
}

/// Shows what is to be copied or clicked: alone on its line, so that a terminal lets it be taken whole.
fn show(text: &str, terminal: &Terminal) {
    for line in ["", text, ""] {
        terminal.tell(line);
    }
}

/// The error of a wait that nobody ended within `limit`.
fn gave_up(why: NoAnswer, limit: Duration, failed: Error) -> Error {
    match why {
        NoAnswer::TimedOut => failed
            .cause(format!("nobody signed in within {}", spoken(limit)))
            .hint("run the command again; --timeout gives more time")
            .exit(Exit::SignInNeeded),
        why => why.explain(failed),
    }
}
