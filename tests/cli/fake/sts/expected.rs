//! What a test awaits: a call, and the answer it shall get.
//!
//! A call must have exactly the fields named, with two exceptions that the fake checks by other
//! means: any `RoleSessionName` will do where none is named, and any `WebIdentityToken` or `SAMLAssertion` that the
//! fake trusts.

use std::{fmt, time::Duration};

use super::{
    super::{Reply, Timestamp, queue::Awaited},
    Keys,
    request::Call,
};

#[derive(Clone, Debug)]
pub(crate) struct Expected {
    operation: &'static str,
    fields: Vec<(String, Want)>,
    access_key_id: Option<String>,
    region: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) delay: Duration,
    /// `None` for what the call asks for.
    pub(super) expiration: Option<Timestamp>,
}

#[derive(Clone, Debug)]
enum Want {
    Value(String),
    Any,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The fake, by its own judgement, must grant the call.
    Succeeds,
    /// The fake, by its own judgement, must refuse the call with this code.
    Refused(String),
    /// An error, whatever the fake's judgement would be.
    Failed { status: u16, code: String, message: String },
    /// These bytes, whatever the fake's judgement would be.
    Replied(Reply),
}

pub(crate) fn assume_role(role_arn: &str) -> Expected {
    Expected::new("AssumeRole").field("RoleArn", role_arn).any("RoleSessionName")
}

pub(crate) fn assume_role_with_web_identity(role_arn: &str) -> Expected {
    Expected::new("AssumeRoleWithWebIdentity").field("RoleArn", role_arn).any("RoleSessionName").any("WebIdentityToken")
}

pub(crate) fn assume_role_with_saml(role_arn: &str, principal_arn: &str) -> Expected {
    let call = Expected::new("AssumeRoleWithSAML").field("RoleArn", role_arn).field("PrincipalArn", principal_arn);
    call.any("SAMLAssertion")
}

pub(crate) fn get_session_token() -> Expected {
    Expected::new("GetSessionToken")
}

pub(crate) fn get_caller_identity() -> Expected {
    Expected::new("GetCallerIdentity")
}

impl Expected {
    fn new(operation: &'static str) -> Self {
        Self {
            operation,
            fields: Vec::new(),
            access_key_id: None,
            region: None,
            outcome: Outcome::Succeeds,
            delay: Duration::ZERO,
            expiration: None,
        }
    }

    /// The call has this field, under AWS's name for it, such as `DurationSeconds`.
    pub(crate) fn field(self, name: &str, value: &str) -> Self {
        self.want(name, Want::Value(value.to_owned()))
    }

    /// The call has this field, with any value that AWS accepts.
    pub(crate) fn any(self, name: &str) -> Self {
        self.want(name, Want::Any)
    }

    fn want(mut self, name: &str, want: Want) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), want));
        self
    }

    pub(crate) fn session_name(self, name: &str) -> Self {
        self.field("RoleSessionName", name)
    }

    pub(crate) fn mfa(self, serial: &str, code: &str) -> Self {
        self.field("SerialNumber", serial).field("TokenCode", code)
    }

    pub(crate) fn signed_by(mut self, keys: &Keys) -> Self {
        self.access_key_id = Some(keys.access_key_id.clone());
        self
    }

    pub(crate) fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Hands out keys that end then, `2099-01-02T03:04:05Z`, whatever was asked for.
    pub(crate) fn expiring(mut self, expiration: &str) -> Self {
        let parsed = Timestamp::parse_rfc3339(expiration);
        self.expiration = Some(parsed.expect("the test spells a time as 2099-01-02T03:04:05Z"));
        self
    }

    /// The keys or codes are such that AWS refuses the call, with this code.
    pub(crate) fn refused(mut self, code: &str) -> Self {
        self.outcome = Outcome::Refused(code.to_owned());
        self
    }

    /// Answers with this error, without looking at the signature.
    pub(crate) fn fails(mut self, status: u16, code: &str, message: &str) -> Self {
        self.outcome = Outcome::Failed { status, code: code.to_owned(), message: message.to_owned() };
        self
    }

    /// Answers with these bytes, without looking at the signature.
    pub(crate) fn replies(mut self, reply: Reply) -> Self {
        self.outcome = Outcome::Replied(reply);
        self
    }

    /// Lets the client wait for the answer.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl Awaited<Call> for Expected {
    fn mismatch(&self, call: &Call) -> Option<String> {
        if call.operation != self.operation {
            return Some(format!("the next was to be {self}"));
        }
        let wrong = self.fields.iter().find(|(name, want)| match want {
            Want::Value(value) => call.field(name) != Some(value),
            Want::Any => call.field(name).is_none(),
        });
        if let Some((name, _)) = wrong {
            return Some(format!("{name} is not as in {self}"));
        }
        let known = |name: &str| self.fields.iter().any(|(other, _)| other == name);
        if let Some((name, _)) = call.fields.iter().find(|(name, _)| !known(name)) {
            return Some(format!("{name} is not in {self}"));
        }
        let differs = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_some_and(|wanted| found != Some(wanted))
        };
        if differs(&self.access_key_id, call.access_key_id()) {
            return Some(format!("the signer is not as in {self}"));
        }
        if differs(&self.region, call.region()) {
            return Some(format!("the region {:?} is not as in {self}", call.region()));
        }
        None
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        for (name, want) in &self.fields {
            match want {
                Want::Value(value) => write!(f, " {name}={value}")?,
                Want::Any => write!(f, " {name}=…")?,
            }
        }
        if let Some(id) = &self.access_key_id {
            write!(f, " (signed by {id})")?;
        }
        if let Some(region) = &self.region {
            write!(f, " (in {region})")?;
        }
        Ok(())
    }
}
