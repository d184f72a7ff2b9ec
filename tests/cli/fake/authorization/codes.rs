//! Authorization codes: what a person was asked, and what came of it.

use std::{collections::HashMap, time::Duration};

use super::{
    super::{MARKER, Timestamp},
    Authorization,
};

/// The services do not tell it.
const LIFE: Duration = Duration::from_mins(5);

#[derive(Default)]
pub(crate) struct Codes {
    asked: Vec<Authorization>,
    issued: HashMap<String, Issued>,
}

struct Issued {
    authorization: Authorization,
    end: Timestamp,
    spent: bool,
}

/// What a client shows for its tokens.
pub(crate) struct Redemption<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) code: &'a str,
    pub(crate) code_verifier: &'a str,
    pub(crate) redirect_uri: &'a str,
}

/// Why a code is good for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It has come to its end.
    Expired,
    /// Anything else, as this says.
    Invalid(&'static str),
}

impl Codes {
    /// Notes what a person is asked, and under which number.
    pub(crate) fn ask(&mut self, authorization: Authorization) -> usize {
        self.asked.push(authorization);
        self.asked.len() - 1
    }

    pub(crate) fn asked(&self) -> &[Authorization] {
        &self.asked
    }

    /// Where the browser goes after `0/allow` or `0/deny`; `None` if nothing like it was asked.
    pub(crate) fn decide(&mut self, decision: &str, now: Timestamp) -> Option<String> {
        let (number, answer) = decision.split_once('/')?;
        let authorization = self.asked.get(number.parse::<usize>().ok()?)?.clone();
        match answer {
            "allow" => {
                let code = self.issue(authorization.clone(), now);
                Some(authorization.redirect(&[("code", &code)]))
            }
            "deny" => {
                let description = "The user <b>denied</b> access.";
                Some(authorization.redirect(&[("error", "access_denied"), ("error_description", description)]))
            }
            _ => None,
        }
    }

    /// Makes a code for what was asked: as long as a code may be, and with every character that a URL has to escape.
    /// Whoever unescapes it twice spoils it.
    fn issue(&mut self, authorization: Authorization, now: Timestamp) -> String {
        let code = format!("{:A<510}==", format!("{MARKER}/code+{:04}%2F", self.issued.len() + 1));
        self.issued.insert(code.clone(), Issued { authorization, end: now.plus(LIFE), spent: false });
        code
    }

    /// Lets all codes end now.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        for issued in self.issued.values_mut() {
            issued.end = now;
        }
    }

    /// Spends the code if all is as it was asked for.
    pub(crate) fn redeem(&mut self, redemption: &Redemption<'_>, now: Timestamp) -> Result<(), Flaw> {
        let Redemption { client_id, code, code_verifier, redirect_uri } = *redemption;
        let issued = self.issued.get_mut(code).ok_or(Flaw::Invalid("The authorization code was not issued here."))?;
        let Issued { authorization, end, spent } = issued;
        for (is_right, message) in [
            (!*spent, "The authorization code was used before."),
            (authorization.client_id == client_id, "The authorization code is another client's."),
            (authorization.redirect_uri == redirect_uri, "The redirect URI is not that of the authorization."),
            (authorization.is_proved_by(code_verifier), "The code verifier does not match the challenge."),
        ] {
            if !is_right {
                return Err(Flaw::Invalid(message));
            }
        }
        if *end <= now {
            return Err(Flaw::Expired);
        }
        *spent = true;
        Ok(())
    }
}
