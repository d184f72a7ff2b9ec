//! `--timeout`: how long a person may take to sign in.

use crate::error::Error;
use std::time::Duration;

/// As the option says it; `None`: it was not given.
pub(super) fn limit(timeout: Option<&str>) -> Result<Duration, Error> {
    const USUAL: Duration = Duration::from_mins(10);
    timeout.map_or(Ok(USUAL), span)
}

/// `90`, `90s`, `5m`, `1h`.
fn span(text: &str) -> Result<Duration, Error> {
    const LONGEST: Duration = Duration::from_hours(12);
    let digits = text.trim_end_matches(['s', 'm', 'h']);
    let unit = match &text[digits.len()..] {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let seconds = unit.and_then(|unit| digits.parse::<u64>().ok()?.checked_mul(unit));
    let span = seconds.map(Duration::from_secs).filter(|span| !span.is_zero() && *span <= LONGEST);
    span.ok_or_else(|| Error::usage("--timeout is no time from 1s to 12h").hint("write it like 90s or 5m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_have_a_unit() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("12h", 43_200)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "0", "0m", "-1", "1.5m", "5ms", "13h", "99999999999999999999h", "5 m", "m5"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
