//! Where every file is.

use crate::context::Vars;
use directories::{BaseDirs, ProjectDirs};
use std::path::{Path, PathBuf};

/// The person's home, by the rule that the AWS SDKs share: `HOME` first, on every platform; on Windows then
/// `USERPROFILE`, then `HOMEDRIVE` with `HOMEPATH`; last the account database.
///
/// `None` where even that knows nothing.
pub(crate) fn home(vars: &Vars) -> Option<PathBuf> {
    let from_vars = vars.os("HOME").map(PathBuf::from).or_else(|| windows_home(vars));
    from_vars.or_else(|| BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()))
}

fn windows_home(vars: &Vars) -> Option<PathBuf> {
    if cfg!(not(windows)) {
        return None;
    }
    let split_home = || {
        let mut home = vars.os("HOMEDRIVE")?.to_owned();
        home.push(vars.os("HOMEPATH")?);
        Some(home)
    };
    vars.os("USERPROFILE").map(ToOwned::to_owned).or_else(split_home).map(PathBuf::from)
}

/// A shared file: the path that its variable names, else the default below the home.
pub(crate) fn shared_file(vars: &Vars, variable: &str, default_name: &str) -> PathBuf {
    match vars.os(variable) {
        Some(named) => expand_tilde(vars, Path::new(named)),
        // Without any home the literal path stays, and simply does not exist.
        None => home(vars).unwrap_or_else(|| PathBuf::from("~")).join(".aws").join(default_name),
    }
}

/// `~` and `~/…` below the home; every other path as it is.
pub(crate) fn expand_tilde(vars: &Vars, path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), home(vars)) {
        (Ok(rest), Some(home)) if rest.as_os_str().is_empty() => home,
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// keyfob's own folder of temporary credentials: `$XDG_CACHE_HOME/keyfob` or `~/.cache/keyfob` on Linux,
/// `~/Library/Caches/keyfob` on macOS, `%LOCALAPPDATA%\keyfob\cache` on Windows.
///
/// `None` where there is no home: then nothing is kept.
pub(crate) fn cache_folder(vars: &Vars) -> Option<PathBuf> {
    if cfg!(any(windows, target_os = "macos")) {
        return ProjectDirs::from("", "", "keyfob").map(|dirs| dirs.cache_dir().to_owned());
    }
    // The directories crate would look up eight other folders, too, at every call from an SDK.
    // https://specifications.freedesktop.org/basedir-spec/latest/
    let named = vars.os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = named.or_else(|| home(vars).map(|home| home.join(".cache")))?;
    Some(caches.join("keyfob"))
}

/// The file of keys that a passphrase opens, in keyfob's folder of what must last: `$XDG_DATA_HOME/keyfob` or
/// `~/.local/share/keyfob` on Linux, `~/Library/Application Support/keyfob` on macOS, `%APPDATA%\keyfob\data` on Windows.
///
/// `None` where there is no home.
pub(crate) fn sealed_file(vars: &Vars) -> Option<PathBuf> {
    if cfg!(any(windows, target_os = "macos")) {
        return ProjectDirs::from("", "", "keyfob").map(|dirs| dirs.data_dir().join("sealed"));
    }
    let named = vars.os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folders = named.or_else(|| home(vars).map(|home| home.join(".local/share")))?;
    Some(folders.join("keyfob/sealed"))
}

/// The file that processes lock where only one of them may ask a person.
pub(crate) fn question_lock(vars: &Vars) -> Option<PathBuf> {
    cache_folder(vars).map(|folder| folder.join("question.lock"))
}

/// The folder of console sign-ins, which the AWS CLI and the SDKs share. `None` where there is no home.
pub(crate) fn login_cache_folder(vars: &Vars) -> Option<PathBuf> {
    match vars.os("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(named) => Some(expand_tilde(vars, Path::new(named))),
        None => home(vars).map(|home| home.join(".aws/login/cache")),
    }
}

/// The folder of the tokens of IAM Identity Center, which the AWS CLI and the SDKs share. `None` where there is no home.
pub(crate) fn sso_cache_folder(vars: &Vars) -> Option<PathBuf> {
    home(vars).map(|home| home.join(".aws/sso/cache"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_leading_tilde_component_is_the_home() {
        let vars = Vars::from([("HOME", "/home/jane")]);
        for (path, expanded) in [
            ("~", "/home/jane"),
            ("~/.aws/x", "/home/jane/.aws/x"),
            ("~bob/x", "~bob/x"),
            ("/a/~/x", "/a/~/x"),
            ("a b/c", "a b/c"),
        ] {
            assert_eq!(expand_tilde(&vars, Path::new(path)), Path::new(expanded), "{path}");
        }
    }

    #[test]
    fn a_variable_names_the_shared_file_and_an_empty_one_does_not() {
        let named = Vars::from([("HOME", "/h"), ("AWS_CONFIG_FILE", "~/c")]);
        assert_eq!(shared_file(&named, "AWS_CONFIG_FILE", "config"), Path::new("/h/c"));
        let empty = Vars::from([("HOME", "/h"), ("AWS_CONFIG_FILE", "")]);
        assert_eq!(shared_file(&empty, "AWS_CONFIG_FILE", "config"), Path::new("/h/.aws/config"));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_cache_is_where_the_variable_says_if_that_is_absolute() {
        for (named, folder) in [("/c", "/c/keyfob"), ("c", "/h/.cache/keyfob"), ("", "/h/.cache/keyfob")] {
            let vars = Vars::from([("HOME", "/h"), ("XDG_CACHE_HOME", named)]);
            assert_eq!(cache_folder(&vars).as_deref(), Some(Path::new(folder)), "{named}");
        }
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_sealed_file_is_where_the_variable_says_if_that_is_absolute() {
        for (named, path) in
            [("/d", "/d/keyfob/sealed"), ("d", "/h/.local/share/keyfob/sealed"), ("", "/h/.local/share/keyfob/sealed")]
        {
            let vars = Vars::from([("HOME", "/h"), ("XDG_DATA_HOME", named)]);
            assert_eq!(sealed_file(&vars).as_deref(), Some(Path::new(path)), "{named}");
        }
    }
}
