//! A user's home directory and environment, empty but for what the test puts there.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::{
    super::fake::{IdentityCenter, Sts},
    Invocation,
};

/// A directory that is removed when the value is dropped.
pub(crate) struct Home {
    /// Holds the home, and beside it what must not be found inside.
    root: PathBuf,
    /// What `~` stands for.
    dir: PathBuf,
    vars: BTreeMap<String, String>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let root = create_root();
        let dir = root.join("home");
        create_private_dir(&dir).expect("the new directory is ours");
        let mut vars = BTreeMap::from([("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned())]);
        let path = |path: &Path| path.to_str().expect("temporary paths are UTF-8").to_owned();
        if cfg!(windows) {
            vars.insert("USERPROFILE".to_owned(), path(&dir));
            vars.insert("LOCALAPPDATA".to_owned(), path(&dir.join(".cache")));
            // Sockets do not work without it.
            vars.insert("SystemRoot".to_owned(), r"C:\Windows".to_owned());
        } else {
            vars.insert("HOME".to_owned(), path(&dir));
            vars.insert("PATH".to_owned(), "/usr/bin:/bin".to_owned());
        }
        Self { root, dir, vars }
    }

    /// The text of `~/.aws/config`.
    pub(crate) fn config(self, text: &str) -> Self {
        self.write(".aws/config", text);
        self
    }

    /// The text of `~/.aws/credentials`.
    pub(crate) fn credentials(self, text: &str) -> Self {
        self.write(".aws/credentials", text);
        self
    }

    /// Sends STS calls to the fake, and trusts its authority if it speaks https.
    pub(crate) fn sts(mut self, sts: &Sts) -> Self {
        self.set_env("AWS_ENDPOINT_URL_STS", &sts.url());
        if let Some(pem) = sts.ca_pem() {
            let path = self.write("ca.pem", pem);
            self.set_env("AWS_CA_BUNDLE", path.to_str().expect("temporary paths are UTF-8"));
        }
        self
    }

    /// Sends calls of IAM Identity Center to the fakes, and trusts their authorities if they speak https.
    pub(crate) fn identity_center(mut self, center: &IdentityCenter) -> Self {
        self.set_env("AWS_ENDPOINT_URL_SSO_OIDC", &center.oidc.url());
        self.set_env("AWS_ENDPOINT_URL_SSO", &center.portal.url());
        if let Some(pem) = center.ca_pem() {
            let path = self.write("ca.pem", pem);
            self.set_env("AWS_CA_BUNDLE", path.to_str().expect("temporary paths are UTF-8"));
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.set_env(name, value);
        self
    }

    pub(crate) fn set_env(&mut self, name: &str, value: &str) {
        self.vars.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn remove_env(&mut self, name: &str) {
        self.vars.remove(name);
    }

    /// The environment that programs get.
    pub(crate) fn vars(&self) -> &BTreeMap<String, String> {
        &self.vars
    }

    /// What `~` stands for.
    pub(crate) fn path(&self) -> &Path {
        &self.dir
    }

    /// Writes a private file, its path relative to the home, with the directories it needs.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.join(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        #[cfg(unix)]
        let written = written.and_then(|()| {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
        });
        if let Err(error) = written {
            panic!("cannot write {}: {error}", path.display());
        }
        path
    }

    /// The same as of a minute ago: nobody takes it for a file that is being written, which is waited for.
    pub(crate) fn write_before(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.write(path, text);
        let aged = fs::metadata(&path).and_then(|metadata| {
            let then = metadata.modified()? - Duration::from_mins(1);
            fs::File::options().write(true).open(&path)?.set_modified(then)
        });
        aged.unwrap_or_else(|error| panic!("cannot age {}: {error}", path.display()));
    }

    /// Reads a file, its path relative to the home.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.dir.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
    }

    /// All files that keyfob keeps in its cache, sorted, as full paths.
    pub(crate) fn cache_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect_files(&self.cache_dir(), &mut files).expect("the cache can be listed");
        files.sort();
        files
    }

    /// Removes the cache, as a user may at any time.
    pub(crate) fn clear_cache(&self) {
        match fs::remove_dir_all(self.cache_dir()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => panic!("cannot clear the cache: {error}"),
            _ => {}
        }
    }

    pub(crate) fn cache_dir(&self) -> PathBuf {
        if cfg!(target_os = "macos") { self.dir.join("Library/Caches/keyfob") } else { self.dir.join(".cache/keyfob") }
    }

    /// Prepares a run of keyfob with these arguments.
    pub(crate) fn keyfob<A: Into<String>>(&self, args: impl IntoIterator<Item = A>) -> Invocation {
        self.program(env!("CARGO_BIN_EXE_keyfob"), args)
    }

    /// Prepares a run of another program under the same conditions, such as a shell.
    pub(crate) fn program<A: Into<String>>(&self, program: &str, args: impl IntoIterator<Item = A>) -> Invocation {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let report = self.root.join(format!("terminal-{number}.json"));
        let args = args.into_iter().map(Into::into).collect();
        Invocation::new(program, args, self.vars.clone(), report, &self.dir)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What remains lies among other temporary files and harms no test.
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A new temporary directory, its name none that an interrupted test left behind.
fn create_root() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("keyfob-test-{}-{number}", std::process::id()));
        match create_private_dir(&root) {
            Ok(()) => return root,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => panic!("cannot make {}: {error}", root.display()),
        }
    }
}

fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Adds all files below `dir`; a directory that does not exist holds none.
fn collect_files(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
