//! `credential_source = Ec2InstanceMetadata`: the role of the EC2 instance that this is.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>

use crate::api::http::Client;
use crate::api::imds::{Imds, Limits, Place};
use crate::api::{Answer, Reason, ServiceError};
use crate::context::{Clock, Context};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::random;
use crate::settings::InstanceMetadata;
use crate::terminal::Terminal;
use std::time::{Duration, Instant};

/// How long one request may take, where nobody has said.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Tries of each request, where nobody has said.
const ATTEMPTS: u32 = 4;

/// Whom to ask, and for how long.
pub(crate) struct Request<'a> {
    pub(crate) client: &'a Client,
    pub(crate) settings: &'a InstanceMetadata,
    pub(crate) deadline: Instant,
}

/// Why there is nobody to ask, or nothing to be had: no failure where nobody said that this is an instance with a role.
pub(crate) struct NotConfigured {
    /// Like `no answer at http://169.254.169.254 within 1 s`.
    pub(crate) why: String,
    pub(crate) hint: &'static str,
}

/// The credentials of the instance's role. `failed` is the head of every error.
pub(crate) fn credentials(
    request: &Request<'_>,
    failed: &dyn Fn() -> Error,
    context: &Context,
) -> Result<Result<Credentials, NotConfigured>, Error> {
    let Request { client, settings, deadline } = *request;
    let limits = Limits {
        timeout: settings.timeout.unwrap_or(TIMEOUT),
        max_attempts: settings.num_attempts.unwrap_or(ATTEMPTS),
        retries_silence: settings.num_attempts.is_some(),
        deadline,
    };
    let imds = Imds::new(client, &settings.url, limits);
    let limit = imds.limit();
    let broken = |error: &ServiceError| failed().cause(error.to_string()).hint(hint(error));
    if let Err(error) = imds.token() {
        return not_an_instance(&error, &settings.url, limit).map(Err).ok_or_else(|| broken(&error));
    }
    // The newer place first, though an older service is asked once more for that: it alone tells the account, which some
    // SDKs want for their endpoints.
    let visit = Visit { imds, place: Place::Extended };
    let found = match &settings.instance_profile_name {
        Some(name) => visit.credentials_of(name).map_err(|error| {
            if is_missing(&error) {
                return failed()
                    .cause(format!("invalid profile: the instance has no role \"{name}\""))
                    .hint("AWS_EC2_INSTANCE_PROFILE_NAME or ec2_instance_profile_name names it; unset it, or mend it");
            }
            broken(&error)
        })?,
        None => match visit.credentials().map_err(|error| broken(&error))? {
            Some(found) => found,
            None => {
                let hint = "attach one: `aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=NAME`";
                return Ok(Err(NotConfigured { why: "the instance has no role".into(), hint }));
            }
        },
    };
    Ok(Ok(lasting(found, &context.clock, &context.terminal)))
}

/// Which of both places has the credentials: what is not at the first is looked for at the second, from then on.
struct Visit<'a> {
    imds: Imds<'a>,
    place: Place,
}

impl<'a> Visit<'a> {
    /// `None`: the instance has no role.
    fn credentials(mut self) -> Answer<Option<Credentials>> {
        let Some(name) = self.role_name()? else { return Ok(None) };
        match self.at_either(|imds, place| imds.role_credentials(place, &name)) {
            Err(error) if is_missing(&error) => {}
            answer => return answer.map(Some),
        }
        // Another role was attached meanwhile.
        let Some(name) = self.role_name()? else { return Ok(None) };
        self.at_either(|imds, place| imds.role_credentials(place, &name)).map(Some)
    }

    fn credentials_of(mut self, name: &str) -> Answer<Credentials> {
        self.at_either(|imds, place| imds.role_credentials(place, name))
    }

    fn role_name(&mut self) -> Answer<Option<String>> {
        match self.at_either(Imds::role_name) {
            Err(error) if is_missing(&error) => Ok(None),
            answer => answer.map(Some),
        }
    }

    fn at_either<T>(&mut self, ask: impl Fn(&Imds<'a>, Place) -> Answer<T>) -> Answer<T> {
        match ask(&self.imds, self.place) {
            Err(error) if is_missing(&error) && self.place == Place::Extended => {
                self.place = Place::Plain;
                ask(&self.imds, self.place)
            }
            answer => answer,
        }
    }
}

fn is_missing(error: &ServiceError) -> bool {
    matches!(error.reason, Reason::Unreadable { status: 404, .. })
}

/// What a token that nobody gave within `limit` says of this machine; `None`: it is an instance, and its service is in
/// trouble.
fn not_an_instance(error: &ServiceError, url: &str, limit: Duration) -> Option<NotConfigured> {
    let seconds = limit.as_secs_f32().round().max(1.0);
    let (why, hint) = match &error.reason {
        Reason::Transport(error) if error.timed_out => (
            format!("no answer at {url} within {seconds} s"),
            "in a container on an instance, let answers go one hop further: \
             `aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id ID`",
        ),
        Reason::Transport(error) => (format!("no answer at {url}: {error}"), "is this an EC2 instance?"),
        Reason::Unreadable { status: 403, .. } => (
            format!("{url} refuses: instance metadata is turned off or forbidden (HTTP 403)"),
            "turn it on: `aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ID`",
        ),
        Reason::Unreadable { status: 400 | 500..600, .. } | Reason::Refused { .. } | Reason::Unsendable => return None,
        Reason::Unreadable { status, .. } => (
            format!("what answers at {url} is no instance metadata service (HTTP {status})"),
            "is this an EC2 instance?",
        ),
    };
    Some(NotConfigured { why, hint })
}

fn hint(error: &ServiceError) -> &'static str {
    match &error.reason {
        Reason::Refused { code, .. } if code == "AssumeRoleUnauthorizedAccess" => {
            "let EC2 assume the instance's role: its trust policy has to name the service ec2.amazonaws.com"
        }
        Reason::Refused { .. } => "see whether the instance's role still exists, and is attached",
        Reason::Unreadable { status: 403, .. } => "something on this machine keeps programs from instance metadata",
        Reason::Unreadable { status: 200..401, .. } => {
            "see what answers there, which may be something else than instance metadata; or try again in a moment"
        }
        _ => "try again in a moment",
    }
}

/// When AWS cannot renew them in time, the service goes on handing out credentials that have expired, and AWS goes on
/// taking them.
fn lasting(credentials: Credentials, clock: &Clock, terminal: &Terminal) -> Credentials {
    const SHORTEST: Duration = Duration::from_mins(10);
    const MORE: u16 = 5 * 60;
    let now = clock.now();
    let Some(end) = credentials.expiration.filter(|end| *end <= now) else { return credentials };
    terminal.note(&format!("the instance's credentials expired at {end}, and are used until AWS renews them"));
    let more = u16::from_ne_bytes(random::bytes()) % (MORE + 1);
    Credentials { expiration: Some(now + SHORTEST + Duration::from_secs(more.into())), ..credentials }
}
