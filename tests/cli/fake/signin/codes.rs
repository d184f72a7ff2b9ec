//! Authorization codes: what a person was asked, and what came of it.

use std::{collections::HashMap, time::Duration};

use super::{
    super::{MARKER, Timestamp},
    Authorization,
    judge::Refusal,
};

/// The service does not tell it.
const LIFE: Duration = Duration::from_mins(5);

#[derive(Default)]
pub(super) struct Codes {
    asked: Vec<Authorization>,
    issued: HashMap<String, Issued>,
}

struct Issued {
    authorization: Authorization,
    end: Timestamp,
    spent: bool,
}

/// What a client shows for its tokens.
pub(super) struct Redemption<'a> {
    pub(super) client_id: &'a str,
    pub(super) code: &'a str,
    pub(super) code_verifier: &'a str,
    pub(super) redirect_uri: &'a str,
}

impl Codes {
    /// Notes what a person is asked, and under which number.
    pub(super) fn ask(&mut self, authorization: Authorization) -> usize {
        self.asked.push(authorization);
        self.asked.len() - 1
    }

    pub(super) fn asked(&self) -> &[Authorization] {
        &self.asked
    }

    /// Makes a code for what was asked under this number: as long as a code may be, and with every character that a
    /// URL has to escape. Whoever unescapes it twice spoils it.
    pub(super) fn issue(&mut self, authorization: Authorization, now: Timestamp) -> String {
        let code = format!("{:A<510}==", format!("{MARKER}/code+{:04}%2F", self.issued.len() + 1));
        self.issued.insert(code.clone(), Issued { authorization, end: now.plus(LIFE), spent: false });
        code
    }

    /// Lets all codes end now.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for issued in self.issued.values_mut() {
            issued.end = now;
        }
    }

    /// Spends the code if all is as it was asked for.
    pub(super) fn redeem(&mut self, redemption: &Redemption<'_>, now: Timestamp) -> Result<(), Refusal> {
        let Redemption { client_id, code, code_verifier, redirect_uri } = *redemption;
        let unknown = Refusal::invalid("The authorization code was not issued here.");
        let issued = self.issued.get_mut(code).ok_or(unknown)?;
        let Issued { authorization, end, spent } = issued;
        for (is_right, message) in [
            (!*spent, "The authorization code was used before."),
            (authorization.client_id == client_id, "The authorization code is another client's."),
            (authorization.redirect_uri == redirect_uri, "The redirect URI is not that of the authorization."),
            (authorization.is_proved_by(code_verifier), "The code verifier does not match the challenge."),
        ] {
            if !is_right {
                return Err(Refusal::invalid(message));
            }
        }
        if *end <= now {
            return Err(Refusal {
                status: 401,
                exception: "AccessDeniedException",
                error: "AUTHCODE_EXPIRED",
                message: "The authorization code has expired.",
            });
        }
        *spent = true;
        Ok(())
    }
}
