//! What became of the last try of a stored password, so that no account is locked by trying a wrong one again and again.
//!
//! Directories lock an account after some five wrong passwords, and count those of half an hour. A person stops; programs
//! that run keyfob do not. So a password that was refused rests for longer than that, whatever profile it is for, until
//! the store has another. Processes that want to try it at once wait for what becomes of the first one's try.
//!
//! ```json
//! {"at":1768478400000,"was_refused":true,"salt":[…],"mark":1234}
//! ```
//!
//! The mark is 12 bits of a hash. They tell one password from another, but for one in 4096, and are of no use to somebody
//! who guesses: one guess in 4096 has them, too.

use super::{Beside, Companions, Entry};
use crate::context::{Clock, Vars};
use crate::file::LockFile;
use crate::random;
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};

/// How long a refused password rests: twice as long as directories usually count.
const REST: Duration = Duration::from_hours(1);
/// How long one that was taken goes without saying, for those who waited for that.
const MOMENT: Duration = Duration::from_secs(10);

/// Where it is written down what became of one person's password at one server.
pub(crate) struct Tried(Option<Entry<'static>>);

/// Whether a process may try a password now.
#[derive(Debug)]
pub(crate) enum Turn {
    /// It may. Others wait until the lock is given back.
    Ours(Option<LockFile>),
    /// It was refused so long ago.
    Refused(Duration),
    /// Another process tries it, and does not come to an end.
    Theirs,
}

#[derive(Deserialize, Serialize)]
struct Last {
    /// Milliseconds since 1970, by the local clock.
    at: i64,
    was_refused: bool,
    salt: [u8; 16],
    mark: u16,
}

impl Tried {
    pub(crate) fn of(origin: &str, user: &str, vars: &Vars) -> Self {
        // Directories take names in any case.
        Self(Entry::of(&format!("stored password at {origin} of {}", user.to_lowercase()), vars))
    }

    /// Waits for a turn to try this password, or for what becomes of another process's try of it.
    pub(crate) fn turn(&self, password: &Secret, deadline: Instant) -> Turn {
        const PAUSE: Duration = Duration::from_millis(20);
        let lock = self.0.as_ref().and_then(|entry| LockFile::open(&entry.beside(Beside::Lock)).ok());
        loop {
            // Where no lock is to be had, nobody is waited for.
            let is_ours = lock.as_ref().is_none_or(|lock| lock.try_exclusive().unwrap_or(true));
            match self.last_of(password) {
                Some((true, age)) if age < REST => return Turn::Refused(age),
                Some((false, age)) if age < MOMENT => return Turn::Ours(None),
                _ if is_ours => return Turn::Ours(lock),
                _ if Instant::now() >= deadline => return Turn::Theirs,
                _ => std::thread::sleep(PAUSE),
            }
        }
    }

    /// Whether this password was refused when it was last tried, and how long ago that is.
    fn last_of(&self, password: &Secret) -> Option<(bool, Duration)> {
        let last: Last = serde_json::from_slice(&self.0.as_ref()?.left()?).ok()?;
        let (at, now) = (Timestamp::from_unix_millis(last.at), Clock::local());
        // One from the future says that some clock was set.
        let counts = at <= now && last.mark == mark(last.salt, password);
        counts.then(|| (last.was_refused, at.until(now)))
    }

    /// Writes down what became of a try.
    pub(crate) fn remember(&self, password: &Secret, was_refused: bool) {
        let Some(entry) = &self.0 else { return };
        let salt = random::bytes();
        let last = Last { at: Clock::local().unix_millis(), was_refused, salt, mark: mark(salt, password) };
        // What does not reach the disk costs one more try.
        let _ = entry.leave(Some(&serde_json::to_vec(&last).expect("numbers always serialize")));
    }
}

fn mark(salt: [u8; 16], password: &Secret) -> u16 {
    let hash = Sha256::new().chain_update(salt).chain_update(password.expose()).finalize();
    u16::from_le_bytes([hash[0], hash[1]]) & 0x0fff
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    /// A folder of a test's own, and what is written down there of jane.
    struct Scene {
        folder: PathBuf,
        tried: Tried,
    }

    impl Scene {
        fn new(test: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("keyfob-tried-{test}-{}", std::process::id()));
            let tried = Tried(Some(Entry::named(&folder, "0123")));
            Self { folder, tried }
        }

        /// What a process is told that has no time to wait.
        fn turn(&self, password: &str) -> Turn {
            self.tried.turn(&Secret::new(password), Instant::now())
        }

        fn path(&self) -> PathBuf {
            self.tried.0.as_ref().expect("it was given").beside(Beside::Note)
        }

        /// Makes what is written down look so old.
        fn age(&self, age: Duration) {
            let text = fs::read(self.path()).expect("it is written down");
            let last: Last = serde_json::from_slice(&text).expect("as it was written");
            let last = Last { at: (Clock::local() - age).unix_millis(), ..last };
            fs::write(self.path(), serde_json::to_vec(&last).expect("numbers")).expect("it is ours");
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    #[test]
    fn refused_password_rests_for_an_hour_and_another_does_not() {
        let scene = Scene::new("rests");
        scene.tried.remember(&Secret::new("wrong"), true);
        // Of a thousand others one may have the same mark.
        let others = (0..1000).filter(|number| matches!(scene.turn(&number.to_string()), Turn::Refused(_))).count();
        assert!(others < 10, "{others}");
        for (minutes, rests) in [(0, true), (59, true), (61, false)] {
            scene.age(Duration::from_mins(minutes));
            assert_eq!(matches!(scene.turn("wrong"), Turn::Refused(_)), rests, "{minutes}");
        }
        fs::write(scene.path(), "{}").expect("it is ours");
        assert!(matches!(scene.turn("wrong"), Turn::Ours(_)));
    }

    #[test]
    fn one_process_tries_and_others_learn_what_became_of_it() {
        let scene = Scene::new("turns");
        let Turn::Ours(Some(lock)) = scene.turn("right") else { panic!("nobody else is there") };
        assert!(matches!(scene.turn("right"), Turn::Theirs));
        scene.tried.remember(&Secret::new("right"), false);
        assert!(matches!(scene.turn("right"), Turn::Ours(None)), "it need not be waited for");
        scene.age(Duration::from_mins(1));
        assert!(matches!(scene.turn("right"), Turn::Theirs));
        drop(lock);
        assert!(matches!(scene.turn("right"), Turn::Ours(Some(_))));
    }

    #[test]
    fn what_is_written_down_has_nothing_of_the_password() {
        let scene = Scene::new("secret");
        scene.tried.remember(&Secret::new("hidden"), true);
        let text = fs::read_to_string(scene.path()).expect("it is written down");
        assert!(!text.contains("hidden") && text.len() < 200, "{text}");
    }
}
