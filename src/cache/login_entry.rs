//! The files of console sign-ins: `~/.aws/login/cache/SHA256.json`, named after the ARN that the profile's
//! `login_session` holds, and shared with the AWS CLI and the SDKs.

use super::login_token::{Broken, LoginToken, MARGIN};
use super::members::Members;
use super::{Beside, Cached, Companions, Store, folder_of_sign_ins, hex, shared_file};
use crate::context::Vars;
use crate::error::{Error, Exit};
use crate::file::{self, Read};
use crate::paths;
use crate::shell;
use crate::timestamp::Timestamp;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// Where one session is kept.
#[derive(Clone, Debug)]
pub(crate) struct LoginEntry {
    path: PathBuf,
    login_session: String,
    /// The profile that holds it.
    profile: String,
}

impl LoginEntry {
    /// An error where there is no folder for sessions.
    pub(crate) fn of(login_session: &str, profile: &str, vars: &Vars) -> Result<Self, Error> {
        let login_session = login_session.trim().to_owned();
        let name = hex(&Sha256::digest(login_session.as_bytes()));
        let path = folder(vars)?.join(format!("{name}.json"));
        Ok(Self { path, login_session, profile: profile.to_owned() })
    }

    /// The session that is there.
    ///
    /// An error when there is none, or when a part is missing without which it cannot be renewed.
    pub(crate) fn read(&self) -> Result<LoginToken, Error> {
        self.read_settled().map_err(|broken| self.error(&broken))
    }

    fn read_settled(&self) -> Result<LoginToken, Broken> {
        // The AWS CLI writes in place: a file may be torn for a moment.
        const TRIES: u32 = 10;
        const PAUSE: Duration = Duration::from_millis(100);
        for _ in 1..TRIES {
            match self.read_once() {
                Err(Broken::Unreadable(_)) => std::thread::sleep(PAUSE),
                read => return read,
            }
        }
        self.read_once()
    }

    pub(super) fn read_once(&self) -> Result<LoginToken, Broken> {
        let bytes = match file::read_shared(&self.path) {
            Read::Bytes(bytes) => bytes,
            Read::Missing => return Err(Broken::Absent),
            Read::Refused(why) => return Err(Broken::Refused(why)),
        };
        LoginToken::parse(&bytes, &self.login_session)
    }

    fn error(&self, broken: &Broken) -> Error {
        let (session, path) = (&self.login_session, self.path.display());
        let error = Error::new(format!("no usable console sign-in for {session}")).exit(Exit::SignInNeeded);
        match broken {
            Broken::Absent => {
                let hint = format!("sign in: `keyfob login {}`", shell::word(&self.profile));
                error.cause(format!("there is no session file \"{path}\"")).hint(hint)
            }
            Broken::Refused(why) => error.cause(format!("cannot read \"{path}\": {why}")).exit(Exit::Failed),
            Broken::Unreadable(why) => error.cause(format!("\"{path}\" is broken: {why}")).hint(self.advice()),
            Broken::Lacks(member) => error.cause(format!("\"{path}\" lacks {member}")).hint(self.advice()),
        }
    }

    /// What to do about a session that is of no use any more.
    pub(crate) fn advice(&self) -> String {
        format!("sign in again: `keyfob login {}`", shell::word(&self.profile))
    }

    /// Begins a session, in the place of whatever is there, once nobody renews that.
    pub(crate) fn begin(&self, token: &LoginToken) -> io::Result<()> {
        let _lock = self.lock(Beside::Lock);
        shared_file::replace(&self.path, &token.render(), file::write_private)
    }

    /// Forgets the session, once nobody renews it; `false` when there was none.
    pub(crate) fn remove(&self) -> io::Result<bool> {
        // A lock is a file, too, and none is made for nothing.
        let _lock = self.path.exists().then(|| self.lock(Beside::Lock));
        shared_file::remove(&self.path, &self.beside(Beside::Note))
    }

    /// Puts in its place a renewal of `token` that a killed process left; see [`shared_file::finish_renewal`].
    pub(crate) fn finish_renewal(&self, token: &LoginToken) -> Option<LoginToken> {
        shared_file::finish_renewal(&self.path, |bytes| {
            LoginToken::parse(bytes, &self.login_session).ok().filter(|renewal| renewal.is_renewal_of(token))
        })
    }

    /// Replaces the session, in any of these states, by its renewal: whole, or not at all.
    ///
    /// `false` where it is not there any more: whoever has signed in meanwhile, or out, meant it so.
    pub(crate) fn write_renewal(&self, of: [&LoginToken; 2], renewal: &LoginToken) -> io::Result<bool> {
        match self.read_settled() {
            Ok(current) if of.iter().any(|token| !token.differs_from(&current)) => {}
            Err(Broken::Refused(why)) => return Err(io::Error::other(why)),
            Ok(_) | Err(Broken::Absent | Broken::Unreadable(_) | Broken::Lacks(_)) => return Ok(false),
        }
        shared_file::replace(&self.path, &renewal.render(), file::write_irreplaceable)?;
        Ok(true)
    }

    /// Whether a renewal could be written: found out before the old refresh token is spent.
    pub(crate) fn try_writing(&self) -> io::Result<()> {
        shared_file::try_writing(&self.path)
    }
}

impl Store for LoginEntry {
    fn load(&self) -> Result<Option<Cached>, Error> {
        let credentials = self.read()?.credentials;
        Ok(Cached::new(credentials, Timestamp::from_unix_millis(0)).map(|cached| cached.with_margin(MARGIN)))
    }

    /// A session is written by its renewal, before anything is handed out.
    fn save(&self, _: &Cached) -> io::Result<()> {
        Ok(())
    }
}

impl Companions for LoginEntry {
    /// Beside the file, under a name that no other tool takes for a session.
    fn beside(&self, file: Beside) -> PathBuf {
        self.path.with_extension(format!("keyfob.{}", file.suffix()))
    }
}

/// The folder of all sessions.
pub(crate) fn folder(vars: &Vars) -> Result<PathBuf, Error> {
    folder_of_sign_ins(paths::login_cache_folder(vars))
}

/// Forgets every console sign-in in a folder: each file that is one, whatever it is called. Returns how many there were,
/// and which could not be removed.
pub(crate) fn remove_all(vars: &Vars) -> (usize, Vec<(PathBuf, io::Error)>) {
    let entries = paths::login_cache_folder(vars).and_then(|folder| fs::read_dir(folder).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let sessions: Vec<PathBuf> = paths.filter(|path| is_session(path)).collect();
    let mut forgotten = 0;
    let mut failures = Vec::new();
    for path in sessions {
        // Only the name of the file is known of such an entry, and only that is needed.
        let entry = LoginEntry { path: path.clone(), login_session: String::new(), profile: String::new() };
        match entry.remove() {
            // A copy is none of its own, and may have gone with its session.
            Ok(existed) => forgotten += usize::from(existed && !file::is_unfinished(&path)),
            Err(error) => failures.push((path, error)),
        }
    }
    (forgotten, failures)
}

/// As the AWS CLI judges it: a JSON object whose `accessToken` is an object with an `accessKeyId`.
fn is_session(path: &Path) -> bool {
    let Read::Bytes(bytes) = file::read_shared(path) else { return false };
    let object = |text: &[u8]| serde_json::from_slice::<Members>(text).ok();
    let access = object(&bytes).and_then(|session| object(session.get("accessToken")?.get().as_bytes()));
    access.is_some_and(|access| access.get("accessKeyId").is_some())
}

/// The path of a session's file, for those who are to be told.
impl AsRef<Path> for LoginEntry {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}
