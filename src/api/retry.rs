//! When a call is made again, and after what pause: the SDKs' standard mode.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>

use super::{Reason, ServiceError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// What kind of trouble a failed call had, when making it again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// The request never reached the service.
    NotArrived,
    /// The service asks for patience, and has not acted.
    Throttled,
    /// Something broke on the way; the service may have acted.
    Broken,
}

const THROTTLING: [&str; 13] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "EC2ThrottledException",
];

const PASSING: [&str; 4] =
    ["RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "IDPCommunicationError"];

/// `None` when the same call would fail again.
pub(super) fn of(error: &ServiceError) -> Option<Retry> {
    match &error.reason {
        Reason::Refused { code, .. } if THROTTLING.contains(&code.as_str()) => Some(Retry::Throttled),
        Reason::Refused { code, .. } if PASSING.contains(&code.as_str()) => Some(Retry::Broken),
        Reason::Unreadable { status: 429, .. } => Some(Retry::Throttled),
        // A success that cannot be read was cut short on its way; one that says no came whole.
        Reason::Unreadable { status: 200, .. } => Some(Retry::Broken),
        Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => {
            matches!(status, 500 | 502 | 503 | 504).then_some(Retry::Broken)
        }
        Reason::Unsendable => None,
        Reason::Transport(error) if error.untrusted || error.locked_proxy.is_some() => None,
        Reason::Transport(error) if error.never_arrived => Some(Retry::NotArrived),
        Reason::Transport(_) => Some(Retry::Broken),
    }
}

/// The pause before the next try, `made` tries after the first. The service may ask for a longer one.
pub(crate) fn pause(retry: Retry, made: u32, asked_for: Option<Duration>) -> Duration {
    const LONGEST: Duration = Duration::from_secs(20);
    let base = match retry {
        Retry::Throttled => Duration::from_secs(1),
        Retry::NotArrived | Retry::Broken => Duration::from_millis(50),
    };
    let exponential = base.saturating_mul(1 << made.min(10)).min(LONGEST);
    let computed = exponential.mul_f64(fraction());
    asked_for.map_or(computed, |asked| asked.clamp(computed, computed + Duration::from_secs(5)))
}

/// A random number in [0, 1), from the seed that the standard library draws for its maps.
fn fraction() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    f64::from((random >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str) -> ServiceError {
        let reason =
            Reason::Refused { status, code: code.into(), message: String::new(), key_trouble: None, request_id: None };
        ServiceError { action: "AssumeRole", host: String::new(), reason, clock_off: None, retry_after: None }
    }

    #[test]
    fn only_passing_troubles_are_tried_again() {
        for (status, code, retry) in [
            (400, "Throttling", Some(Retry::Throttled)),
            (400, "RequestLimitExceeded", Some(Retry::Throttled)),
            (400, "IDPCommunicationError", Some(Retry::Broken)),
            (500, "InternalFailure", Some(Retry::Broken)),
            (503, "ServiceUnavailable", Some(Retry::Broken)),
            (403, "AccessDenied", None),
            (403, "ExpiredToken", None),
            (400, "ValidationError", None),
            (501, "NotImplemented", None),
            (429, "SomethingNew", None),
            // Metadata services say no this way.
            (200, "AssumeRoleUnauthorizedAccess", None),
        ] {
            assert_eq!(of(&refused(status, code)), retry, "{status} {code}");
        }
    }

    #[test]
    fn pauses_grow_and_heed_the_service_within_bounds() {
        for made in 0..20 {
            assert!(pause(Retry::Broken, made, None) <= Duration::from_secs(20));
        }
        assert!(pause(Retry::Broken, 0, None) < Duration::from_millis(50));
        let asked = pause(Retry::Broken, 0, Some(Duration::from_secs(2)));
        assert_eq!(asked, Duration::from_secs(2));
        let too_much = pause(Retry::Broken, 0, Some(Duration::from_hours(1)));
        assert!(too_much <= Duration::from_secs(6));
    }
}
