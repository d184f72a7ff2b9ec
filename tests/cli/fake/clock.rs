//! Points in time, and the three spellings of them on the wire.
//!
//! Written out here instead of taken from the crate keyfob uses, so that a misunderstood format
//! shows up as a difference.

use std::time::{Duration, SystemTime};

/// Whole seconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    pub(crate) const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub(crate) const fn unix_seconds(self) -> i64 {
        self.0
    }

    pub(crate) fn now() -> Self {
        let elapsed =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the machine's clock stands after 1970");
        Self(signed(elapsed))
    }

    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0 + signed(duration))
    }

    pub(crate) fn minus(self, duration: Duration) -> Self {
        Self(self.0 - signed(duration))
    }

    /// `20260115T120000Z`, as in `x-amz-date`.
    pub(crate) fn compact(self) -> String {
        let c = self.civil();
        format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// `2026-01-15T12:00:00Z`, as in `Expiration`.
    pub(crate) fn rfc3339(self) -> String {
        let c = self.civil();
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// `Thu, 15 Jan 2026 12:00:00 GMT`, as in the `Date` header.
    pub(crate) fn http_date(self) -> String {
        const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
        let c = self.civil();
        // Day 0 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
            [usize::try_from(self.0.div_euclid(86_400).rem_euclid(7)).expect("0 to 6")];
        let month = usize::try_from(c.month - 1).expect("0 to 11") * 3;
        let month = String::from_utf8_lossy(&MONTHS[month..month + 3]);
        format!("{weekday}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT", c.day, c.year, c.hour, c.minute, c.second)
    }

    /// Reads what [`Self::compact`] writes, and nothing else.
    pub(crate) fn parse_compact(text: &str) -> Option<Self> {
        Self::from_digits(text).filter(|parsed| parsed.compact() == text)
    }

    /// Reads what [`Self::rfc3339`] writes, and nothing else.
    pub(crate) fn parse_rfc3339(text: &str) -> Option<Self> {
        Self::from_digits(text).filter(|parsed| parsed.rfc3339() == text)
    }

    /// The callers compare with the rendered form, so that punctuation need not be looked at.
    fn from_digits(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let part = |range: std::ops::Range<usize>| digits.get(range)?.parse().ok();
        let civil = Civil {
            year: part(0..4)?,
            month: part(4..6)?,
            day: part(6..8)?,
            hour: part(8..10)?,
            minute: part(10..12)?,
            second: part(12..14)?,
        };
        Some(civil.timestamp())
    }

    fn civil(self) -> Civil {
        let (days, rest) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        // https://howardhinnant.github.io/date_algorithms.html#civil_from_days: years begin in
        // March, so that the leap day is the last of its year.
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Civil {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }
}

/// How far a fake's clock is from the machine's.
#[derive(Clone, Copy, Default)]
pub(super) enum Skew {
    #[default]
    None,
    Ahead(Duration),
    Behind(Duration),
}

impl Skew {
    /// What the fake's clock shows.
    pub(super) fn now(self) -> Timestamp {
        match self {
            Self::None => Timestamp::now(),
            Self::Ahead(by) => Timestamp::now().plus(by),
            Self::Behind(by) => Timestamp::now().minus(by),
        }
    }
}

struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    /// The inverse of [`Timestamp::civil`]; dates that do not exist come out as another day.
    fn timestamp(&self) -> Timestamp {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (self.month + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        Timestamp(days * 86_400 + self.hour * 3_600 + self.minute * 60 + self.second)
    }
}

fn signed(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).expect("a duration within a test's lifetime")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_spellings_name_the_same_second() {
        let cases = [
            (1_768_478_400, "20260115T120000Z", "2026-01-15T12:00:00Z", "Thu, 15 Jan 2026 12:00:00 GMT"),
            (951_827_696, "20000229T123456Z", "2000-02-29T12:34:56Z", "Tue, 29 Feb 2000 12:34:56 GMT"),
            (4_070_908_799, "20981231T235959Z", "2098-12-31T23:59:59Z", "Wed, 31 Dec 2098 23:59:59 GMT"),
        ];
        for (seconds, compact, rfc3339, http_date) in cases {
            let timestamp = Timestamp::from_unix_seconds(seconds);
            assert_eq!(timestamp.compact(), compact);
            assert_eq!(timestamp.rfc3339(), rfc3339);
            assert_eq!(timestamp.http_date(), http_date);
            assert_eq!(Timestamp::parse_compact(compact), Some(timestamp));
            assert_eq!(Timestamp::parse_rfc3339(rfc3339), Some(timestamp));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["", "20260115T120000", "20260230T120000Z", "2026-01-15T12:00:00Z", "20260115 120000Z"] {
            assert_eq!(Timestamp::parse_compact(text), None, "{text}");
        }
        for text in ["20260115T120000Z", "2026-01-15T12:00:00+00:00", "2026-01-15T12:00:00.000Z"] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
    }
}
