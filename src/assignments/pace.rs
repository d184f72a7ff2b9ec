//! How fast calls are made, by all threads together.
//!
//! AWS says 20 calls a second for Identity Center's APIs, of all people together; whether that holds for the portal it
//! does not say. So calls begin somewhat below that, grow to it slowly, and never beyond, that others have a share.
//! Whatever else answers, an emulator say, is asked faster with every answer, until it refuses a call: from then on it
//! is treated as AWS. After a refusal calls go on at half the pace.

use crate::api::endpoint;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Calls a second, to begin with.
const FIRST: f64 = 15.0;
/// How many calls wait for no other at the beginning, so that the first second has no more than 20.
const AT_ONCE: u32 = 4;
/// Calls a second: what AWS says.
const MOST: f64 = 20.0;
/// Calls a second, once one was refused: one less, for clocks that differ.
const MOST_AFTER_REFUSAL: f64 = 19.0;
/// By how much an answer speeds up the next calls, where no limit is known.
const GROWTH: f64 = 1.03;
/// Calls a second there: more than a few threads make.
const MOST_WITHOUT_LIMIT: f64 = 500.0;
const LEAST: f64 = 1.0;
/// A service that asks for more patience is asked again all the same.
pub(super) const LONGEST_REST: Duration = Duration::from_mins(1);

/// The pace that threads share.
#[derive(Debug)]
pub(super) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Calls a second.
    rate: f64,
    at_once: u32,
    limit: Limit,
    /// When the next call may be made.
    next: Instant,
    /// When a refusal slowed calls down last.
    slowed: Option<Instant>,
}

/// How fast calls may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    Aws,
    /// It has refused a call.
    Refused,
    Unknown,
}

impl Pace {
    /// For what answers at a URL.
    pub(super) fn of(url: &str) -> Self {
        let limit = if endpoint::is_of_aws(url) { Limit::Aws } else { Limit::Unknown };
        Self(Mutex::new(State::new(limit, Instant::now())))
    }

    /// Waits until it is this thread's turn to call.
    pub(super) fn wait(&self) {
        let turn = self.state(|state| state.turn(Instant::now()));
        std::thread::sleep(turn.saturating_duration_since(Instant::now()));
    }

    /// Tells of a call that was answered.
    pub(super) fn answered(&self) {
        self.state(State::speed_up);
    }

    /// Tells of a call that was refused because there were too many, and when that was made.
    pub(super) fn refused(&self, made: Instant, retry_after: Option<Duration>) {
        self.state(|state| state.slow_down(made, Instant::now(), retry_after.unwrap_or_default()));
    }

    fn state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn new(limit: Limit, began: Instant) -> Self {
        Self { rate: FIRST, at_once: AT_ONCE, limit, next: began, slowed: None }
    }

    fn turn(&mut self, now: Instant) -> Instant {
        let turn = self.next.max(now);
        if self.at_once > 0 {
            self.at_once -= 1;
        } else {
            self.next = turn + Duration::from_secs_f64(1.0 / self.rate);
        }
        turn
    }

    fn speed_up(&mut self) {
        // By one call a second in every second.
        let slowly = self.rate + 1.0 / self.rate;
        self.rate = match self.limit {
            Limit::Aws => slowly.min(MOST),
            Limit::Refused => slowly.min(MOST_AFTER_REFUSAL),
            Limit::Unknown => (self.rate * GROWTH).min(MOST_WITHOUT_LIMIT),
        };
    }

    /// AWS counts by the second: refusals of calls that were made before the last one had its effect say nothing new.
    fn slow_down(&mut self, made: Instant, now: Instant, rest: Duration) {
        const EFFECT: Duration = Duration::from_secs(1);
        if self.slowed.is_none_or(|slowed| made > slowed + EFFECT) {
            self.rate = (self.rate.min(MOST_AFTER_REFUSAL) / 2.0).max(LEAST);
            self.limit = Limit::Refused;
            self.slowed = Some(now);
            self.at_once = 0;
        }
        self.next = self.next.max(now + rest.min(LONGEST_REST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// How many calls may be made within this time, each answered at once.
    fn calls_within(state: &mut State, began: Instant, span: Duration) -> usize {
        let mut calls = 0;
        let mut now = began;
        loop {
            let before = state.next;
            now = state.turn(now);
            if now >= began + span {
                // It is left for the time after.
                state.next = before;
                return calls;
            }
            calls += 1;
            state.speed_up();
        }
    }

    #[track_caller]
    fn assert_same(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    }

    #[test]
    fn aws_is_never_asked_more_often_than_it_says() {
        let began = Instant::now();
        let mut state = State::new(Limit::Aws, began);
        for second in 0..60 {
            let calls = calls_within(&mut state, began + second * SECOND, SECOND);
            assert!((15..=20).contains(&calls), "{calls} in second {second}");
        }
        assert_same(state.rate, MOST);
    }

    #[test]
    fn emulators_answer_a_thousand_calls_in_a_few_seconds() {
        let began = Instant::now();
        let calls = calls_within(&mut State::new(Limit::Unknown, began), began, 4 * SECOND);
        assert!(calls > 900, "{calls}");
    }

    #[test]
    fn whose_limit_is_known_is_told_by_the_host() {
        for (url, limit) in [
            ("https://portal.sso.eu-west-1.amazonaws.com", Limit::Aws),
            ("https://portal.sso.cn-north-1.amazonaws.com.cn/", Limit::Aws),
            ("https://portal.sso.eu-west-1.API.aws:443", Limit::Aws),
            ("http://127.0.0.1:4566", Limit::Unknown),
            ("https://amazonaws.com.example.com", Limit::Unknown),
            ("https://notamazonaws.com", Limit::Unknown),
        ] {
            assert_eq!(Pace::of(url).state(|state| state.limit), limit, "{url}");
        }
    }

    #[test]
    fn after_a_refusal_calls_go_at_half_the_pace_and_recover_slowly_to_what_aws_says() {
        let began = Instant::now();
        for (rate, half) in [(16.0, 8.0), (144.0, MOST_AFTER_REFUSAL / 2.0)] {
            let mut state = State { rate, ..State::new(Limit::Unknown, began) };
            state.slow_down(began, began, Duration::ZERO);
            assert_same(state.rate, half);
            // Others that were on their way do not count again.
            state.slow_down(began + Duration::from_millis(900), began, Duration::ZERO);
            assert_same(state.rate, half);
            let first = calls_within(&mut state, began, SECOND);
            assert!((8..=11).contains(&first), "{first}");
            let calls = calls_within(&mut state, began + SECOND, 59 * SECOND);
            assert!((17 * 59..=19 * 59).contains(&calls), "{calls}");
            assert_same(state.rate, MOST_AFTER_REFUSAL);
        }
    }

    #[test]
    fn a_rest_that_is_asked_for_is_taken_by_all_and_has_its_bounds() {
        let began = Instant::now();
        for (asked, taken) in
            [(Duration::from_secs(7), Duration::from_secs(7)), (Duration::from_hours(9), LONGEST_REST)]
        {
            let mut state = State::new(Limit::Aws, began);
            state.slow_down(began, began, asked);
            assert_eq!(state.turn(began), began + taken);
        }
    }

    #[test]
    fn calls_never_stop() {
        let began = Instant::now();
        let mut state = State::new(Limit::Aws, began);
        for second in 1..20 {
            let now = began + Duration::from_secs(2 * second);
            state.slow_down(now, now, Duration::ZERO);
        }
        assert_same(state.rate, LEAST);
    }
}
