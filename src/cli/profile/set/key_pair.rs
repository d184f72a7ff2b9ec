//! The key pair of `--access-key`: its secret, and a session's token, from a person or from standard input.

use super::settings::read_stdin;
use super::values;
use crate::cli::QUESTION_LIMIT;
use crate::context::Context;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::secret::Secret;
use crate::shell;
use crate::terminal::{NoAnswer, Question, Typing};

/// What is known of a pair from the command line.
pub(super) struct KeyPair<'a> {
    pub(super) profile: &'a str,
    pub(super) id: &'a str,
    pub(super) is_session: bool,
    pub(super) from_stdin: bool,
    /// Options that the same command would need again.
    pub(super) options: String,
    /// What the profile has for this id, and keeps when a person types nothing.
    pub(super) before: Before,
}

/// A secret access key and a token.
#[derive(Default)]
pub(super) struct Before {
    pub(super) secret: Option<Secret>,
    pub(super) token: Option<Secret>,
}

impl KeyPair<'_> {
    /// An error when the id does not fit what is said of the pair.
    pub(super) fn check(&self) -> Result<(), Error> {
        values::check("aws_access_key_id", self.id)?;
        let refused = |what, hint: &str| Err(Error::usage("cannot use --access-key").cause(what).hint(hint));
        if self.id.starts_with("ASIA") && !self.is_session {
            return refused(
                "an id that begins with ASIA is of temporary keys, which are refused without their session token",
                "add --session, and have the token at hand",
            );
        }
        if self.id.starts_with("AKIA") && self.is_session {
            return refused(
                "an id that begins with AKIA is of long-term keys, which have no token",
                "leave out --session",
            );
        }
        Ok(())
    }

    /// What stands for the pair where nothing is written.
    pub(super) fn placeholder(&self) -> Credentials {
        let token = self.is_session.then(|| Secret::new("token"));
        self.with(Secret::new("secret"), token)
    }

    pub(super) fn read(&self, context: &Context) -> Result<Credentials, Error> {
        let (secret, token) = if self.from_stdin { self.read_stdin()? } else { self.ask(context)? };
        values::check("aws_secret_access_key", secret.expose())?;
        if let Some(token) = &token {
            values::check("aws_session_token", token.expose())?;
        }
        Ok(self.with(secret, token))
    }

    fn with(&self, secret_access_key: Secret, session_token: Option<Secret>) -> Credentials {
        let access_key_id = self.id.to_owned();
        Credentials { access_key_id, secret_access_key, session_token, expiration: None, account_id: None }
    }

    /// The lines of standard input, without blank ones and blanks around them.
    fn read_stdin(&self) -> Result<(Secret, Option<Secret>), Error> {
        let wanted = if self.is_session {
            "the secret access key, and the session token below it"
        } else {
            "the secret access key"
        };
        let refused = |why: &str| {
            Error::new("cannot read the keys from standard input")
                .cause(why)
                .hint(format!("it should have {wanted}, and nothing else"))
        };
        let text = read_stdin().map_err(|why| refused(&why))?;
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        match (lines.as_slice(), self.is_session) {
            ([secret], false) => Ok((Secret::new(*secret), None)),
            ([secret, token], true) => Ok((Secret::new(*secret), Some(Secret::new(*token)))),
            ([], _) => Err(refused("it is empty")),
            (lines, _) => Err(refused(&format!("lines that are not empty: {}", lines.len()))),
        }
    }

    fn ask(&self, context: &Context) -> Result<(Secret, Option<Secret>), Error> {
        let Before { secret, token } = &self.before;
        let secret = self.ask_for("AWS Secret Access Key", Typing::Hidden, secret.as_ref(), context)?;
        let ask = || self.ask_for("AWS Session Token", Typing::Pasted, token.as_ref(), context);
        Ok((secret, self.is_session.then(ask).transpose()?))
    }

    fn ask_for(&self, text: &str, typing: Typing, now: Option<&Secret>, context: &Context) -> Result<Secret, Error> {
        let text = format!("{text}{}: ", if now.is_some() { " [unchanged]" } else { "" });
        let question = Question { text: &text, typing, limit: QUESTION_LIMIT, lock: None };
        loop {
            let answer = context.terminal.ask(&question).map_err(|why| self.unanswered(why))?;
            match (answer.expose().trim(), now) {
                ("", Some(now)) => return Ok(now.clone()),
                ("", None) => context.terminal.tell("That is empty; Ctrl-C leaves everything as it is."),
                (answer, _) => return Ok(Secret::new(answer)),
            }
        }
    }

    fn unanswered(&self, why: NoAnswer) -> Error {
        let session = if self.is_session { " --session" } else { "" };
        let (word, id) = (shell::word(self.profile), shell::word(self.id));
        let options = &self.options;
        let command = format!("keyfob profile set {word} --access-key {id}{session}{options} --stdin");
        why.explain(Error::new("nothing was stored").hint(format!("a program can send them, too: `{command} < FILE`")))
    }
}
