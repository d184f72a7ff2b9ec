//! Points in time, and the texts that AWS and its tools write them in.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::{OffsetDateTime, UtcOffset};

/// A point in time, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    unix_millis: i64,
}

impl Timestamp {
    pub(crate) const fn from_unix_millis(unix_millis: i64) -> Self {
        Self { unix_millis }
    }

    pub(crate) const fn unix_millis(self) -> i64 {
        self.unix_millis
    }

    pub(crate) const fn unix_seconds(self) -> i64 {
        self.unix_millis.div_euclid(1000)
    }

    /// The time a machine's clock shows; clocks before 1970 count as 1970.
    pub(crate) fn from_system_time(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn to_system_time(self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.unix_millis.max(0).unsigned_abs())
    }

    /// Reads RFC 3339, and the spellings of UTC that AWS tools have used: `…Z`, `…+00:00`, `…+0000`, `…UTC`.
    ///
    /// A text without a zone is not a point in time: `None`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parsed = match text.strip_suffix("UTC").or_else(|| text.strip_suffix("+0000")) {
            Some(bare) => OffsetDateTime::parse(&format!("{bare}Z"), &Rfc3339),
            None => OffsetDateTime::parse(text, &Rfc3339),
        };
        parsed.ok().and_then(Self::from_date_time)
    }

    /// Reads the `Date` header of an HTTP response (RFC 9110, section 5.6.7).
    pub(crate) fn parse_http_date(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc2822).ok().and_then(Self::from_date_time)
    }

    /// `None` for a time whose zone takes it past the year 9999.
    fn from_date_time(time: OffsetDateTime) -> Option<Self> {
        let time = time.checked_to_offset(UtcOffset::UTC)?;
        Some(Self::from_unix_millis(time.unix_timestamp() * 1000 + i64::from(time.millisecond())))
    }

    /// How long until `later`; zero when that is past.
    pub(crate) fn until(self, later: Self) -> Duration {
        let millis = later.unix_millis.saturating_sub(self.unix_millis);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Python's `isoformat`, in which the AWS CLI prints expirations: `2099-01-02T03:04:05+00:00`.
    pub(crate) fn to_isoformat(self) -> String {
        let zulu = self.to_string();
        format!("{}+00:00", zulu.trim_end_matches('Z'))
    }
}

/// `2099-01-02T03:04:05Z`, rounded down: the form that every AWS SDK can read. Times outside of 1970 to 9999 are shown as
/// the nearest one inside.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LAST: i64 = 253_402_300_799;
        let time = OffsetDateTime::from_unix_timestamp(self.unix_seconds().clamp(0, LAST)).map_err(|_| fmt::Error)?;
        let (year, month, day) = time.to_calendar_date();
        let (hour, minute, second) = time.to_hms();
        let month = u8::from(month);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_unix_millis(self.unix_millis.saturating_add(millis))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_unix_millis(self.unix_millis.saturating_sub(millis))
    }
}

/// A length of time that was asked for, to the second: `90 s`, `15 min`, `8 h`.
pub(crate) fn exact(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

/// A length of time as a person says it: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
pub(crate) fn spoken(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min"),
        3600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// The same in as few characters as can be: `45s`, `12m`, `3h20m`, `2d4h`.
pub(crate) fn brief(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{minutes}m"),
        3600..86_400 => format!("{hours}h{:02}m", minutes % 60),
        _ => format!("{days}d{}h", hours % 24),
    }
}

/// Reads `90`, `90s`, `5m` or `1h`; `None` for what is none of these, or not from a second to twelve hours.
pub(crate) fn span(text: &str) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_hours(12);
    let digits = text.trim_end_matches(['s', 'm', 'h']);
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    let span = digits.parse::<u64>().ok()?.checked_mul(unit).map(Duration::from_secs);
    span.filter(|span| !span.is_zero() && *span <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_asked_for_is_said_to_the_second() {
        for (seconds, said) in [(1, "1 s"), (90, "90 s"), (900, "15 min"), (5400, "90 min"), (28_800, "8 h")] {
            assert_eq!(exact(Duration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn every_spelling_of_utc_is_the_same_time() {
        let expected = Some(Timestamp::from_unix_millis(4_071_006_245_000));
        for text in [
            "2099-01-02T03:04:05Z",
            "2099-01-02T03:04:05+00:00",
            "2099-01-02T03:04:05+0000",
            "2099-01-02T03:04:05UTC",
            "2099-01-02T04:04:05+01:00",
            " 2099-01-02T03:04:05.000Z\n",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_time_without_zone_or_with_junk_is_refused() {
        for text in [
            "",
            "2099-01-02",
            "2099-01-02T03:04:05",
            "4070991845",
            "2099-13-02T03:04:05Z",
            "UTC",
            "9999-12-31T23:59:59-23:59",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_printed_in_whole_seconds_rounded_down() {
        let time = Timestamp::parse("2026-01-15T12:00:00.999Z").expect("RFC 3339");
        assert_eq!(time.to_string(), "2026-01-15T12:00:00Z");
        assert_eq!(time.to_isoformat(), "2026-01-15T12:00:00+00:00");
    }

    #[test]
    fn http_dates_are_read() {
        let date = Timestamp::parse_http_date("Thu, 15 Jan 2026 12:00:00 GMT");
        assert_eq!(date, Some(Timestamp::from_unix_millis(1_768_478_400_000)));
    }

    #[test]
    fn spans_are_spoken_in_their_two_largest_units() {
        for (seconds, text) in [(45, "45 s"), (720, "12 min"), (12_000, "3 h 20 min"), (187_200, "2 d 4 h")] {
            assert_eq!(spoken(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn brief_spans_have_no_blanks() {
        for (seconds, text) in [(0, "0s"), (45, "45s"), (720, "12m"), (11_100, "3h05m"), (187_200, "2d4h")] {
            assert_eq!(brief(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn times_are_seconds_or_have_a_unit() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("12h", 43_200)] {
            assert_eq!(span(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "0", "0m", "-1", "1.5m", "5ms", "13h", "99999999999999999999h", "5 m", "m5"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
