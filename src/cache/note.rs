//! The note that a process leaves beside credentials or a token, for others that want the same.

use super::{Companions, Sharing};
use crate::context::Clock;
use crate::error::{Error, Exit};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// While there is something to hand out, how long a failed renewal is not tried again.
const SOFT_PAUSE: Duration = Duration::from_secs(10);
/// How long a failure that several processes were told of is told to those that come after them.
const STORM: Duration = Duration::from_secs(2);

/// What a process leaves for those who wait, when it is not credentials.
#[derive(Debug, Deserialize, Serialize)]
pub(super) enum Note {
    /// Credentials that were not kept: they do not say when they end, or could not be written.
    NotKept {
        /// Milliseconds since 1970, by the local clock.
        at: i64,
    },
    Failed(Failure),
}

impl Note {
    fn render(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always serialize")
    }
}

/// A failed renewal.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Failure {
    /// Milliseconds since 1970, by the local clock.
    at: i64,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
    exit: u8,
    /// Whether any other process took it for its own.
    was_told: bool,
}

impl Failure {
    pub(super) fn of(error: &Error, sharing: Sharing) -> Option<Self> {
        // Another process has an answer of its own.
        let Error { message, cause, hint, exit, output: _ } = error.clone();
        let cause = match sharing {
            Sharing::All => cause,
            Sharing::WithoutCause => Some("another keyfob ran it just now, and was told why".into()),
            Sharing::Nothing => return None,
        };
        Some(Self { at: Clock::local().unix_millis(), message, cause, hint, exit: exit as u8, was_told: false })
    }

    /// `None` for one that comes from the future: some clock was set.
    fn age(&self) -> Option<Duration> {
        let (at, now) = (Timestamp::from_unix_millis(self.at), Clock::local());
        (at <= now).then(|| at.until(now))
    }

    /// Whether it is also the failure of a process that started at `started`: it waited for this outcome, or
    /// it came just after others that did. One that comes alone always asks for itself.
    fn concerns(&self, started: Timestamp) -> bool {
        let waited = self.at >= started.unix_millis();
        self.age().is_some_and(|age| waited || (self.was_told && age < STORM))
    }

    /// The failure, for a process that started at `started` and whose it is, too.
    pub(super) fn take(self, store: &(impl Companions + ?Sized), started: Timestamp) -> Option<Error> {
        if !self.concerns(started) {
            return None;
        }
        if !self.was_told {
            leave(store, Some(&Note::Failed(Self { was_told: true, ..self.clone() })));
        }
        Some(self.error())
    }

    fn error(self) -> Error {
        let Self { at: _, message, cause, hint, exit, was_told: _ } = self;
        Error { cause, hint, exit: Exit::from_code(exit), ..Error::new(message) }
    }
}

/// The note that is there.
pub(super) fn read(store: &(impl Companions + ?Sized)) -> Option<Note> {
    serde_json::from_slice(&store.left()?).ok()
}

/// Leaves a note in the place of the last, or takes that away.
pub(super) fn leave(store: &(impl Companions + ?Sized), note: Option<&Note>) {
    // What does not reach the disk only costs the others a call of their own.
    let _ = store.leave(note.map(Note::render).as_deref().map(str::as_bytes));
}

/// Whether a renewal failed just now, so that to try again would bring the same.
pub(super) fn failed_lately(store: &(impl Companions + ?Sized)) -> bool {
    match read(store) {
        Some(Note::Failed(failure)) => failure.age().is_some_and(|age| age < SOFT_PAUSE),
        _ => false,
    }
}

/// Whether whoever renewed it last was told that a person has to sign in. `since`: when it was written; what was told
/// before is of another sign-in.
pub(super) fn tells_of_an_end(store: &(impl Companions + ?Sized), since: Timestamp) -> bool {
    match read(store) {
        Some(Note::Failed(failure)) => failure.exit == Exit::SignInNeeded as u8 && failure.at >= since.unix_millis(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(age: Duration, was_told: bool) -> Failure {
        let failure = Failure::of(&Error::new("x"), Sharing::All).expect("it is shared");
        Failure { at: (Clock::local() - age).unix_millis(), was_told, ..failure }
    }

    #[test]
    fn a_failure_is_shared_with_those_who_waited_for_it() {
        let second = Duration::from_secs(1);
        assert!(failure(second, false).concerns(Clock::local() - 2 * second));
        assert!(!failure(2 * second, false).concerns(Clock::local() - second));
    }

    #[test]
    fn in_a_storm_a_failure_is_shared_with_latecomers_for_a_moment() {
        assert!(failure(Duration::from_secs(1), true).concerns(Clock::local()));
        assert!(!failure(Duration::from_secs(3), true).concerns(Clock::local()));
    }

    #[test]
    fn a_failure_from_the_future_is_nobodys() {
        let tomorrow = (Clock::local() + Duration::from_hours(24)).unix_millis();
        let failure = Failure { at: tomorrow, ..failure(Duration::ZERO, true) };
        assert!(!failure.concerns(Clock::local()));
        assert_eq!(failure.age(), None);
    }

    #[test]
    fn a_failure_keeps_its_words_and_exit_code() {
        let error = Error::new("m").cause("c").hint("h").exit(Exit::SignInNeeded);
        let failure = Failure::of(&error, Sharing::All).expect("it is shared");
        let note = Note::Failed(failure).render();
        let Ok(Note::Failed(read)) = serde_json::from_str(&note) else { panic!("{note}") };
        assert_eq!(read.error(), error);
    }

    #[test]
    fn what_a_person_or_a_program_said_is_not_left_lying_about() {
        let error = Error::new("m").cause("hidden");
        assert!(Failure::of(&error, Sharing::Nothing).is_none());
        let note = Failure::of(&error, Sharing::WithoutCause).map(Note::Failed).expect("it is shared").render();
        assert!(!note.contains("hidden"), "{note}");
    }
}
