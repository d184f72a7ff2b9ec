//! `--timeout`: how long a person may take to sign in.

use crate::error::Error;
use crate::timestamp::span;
use std::time::Duration;

/// As the option says it; `None`: it was not given.
pub(super) fn limit(timeout: Option<&str>) -> Result<Duration, Error> {
    const USUAL: Duration = Duration::from_mins(10);
    timeout.map_or(Ok(USUAL), |text| {
        span(text).ok_or_else(|| Error::usage("--timeout is no time from 1s to 12h").hint("write it like 90s or 5m"))
    })
}
