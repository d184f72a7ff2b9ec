//! The plain INI files of the first boto, which botocore still reads after the shared files:
//! `BOTO_CONFIG` where that is set, else `/etc/boto.cfg` and `~/.boto`.
//!
//! ```text
//! [Credentials]
//! aws_access_key_id = AKIAIOSFODNN7EXAMPLE
//! aws_secret_access_key = …
//! ```

use crate::context::Vars;
use crate::file::{self, Read};
use crate::paths;
use crate::secret::Secret;
use ini::{Ini, ParseOption};
use std::path::{Path, PathBuf};

/// Long-term keys of a legacy file.
#[derive(Debug)]
pub(crate) struct LegacyKeys {
    pub(crate) path: PathBuf,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
}

/// The keys of the first legacy file that has both. A file that cannot be read has none.
pub(crate) fn keys(vars: &Vars) -> Option<LegacyKeys> {
    files(vars).into_iter().find_map(|path| match file::read_shared(&path) {
        Read::Bytes(bytes) => keys_in(path, &bytes),
        Read::Missing | Read::Refused(_) => None,
    })
}

pub(crate) fn files(vars: &Vars) -> Vec<PathBuf> {
    match vars.os("BOTO_CONFIG") {
        Some(named) => vec![paths::expand_tilde(vars, Path::new(named))],
        None => [PathBuf::from("/etc/boto.cfg"), paths::expand_tilde(vars, Path::new("~/.boto"))].into(),
    }
}

fn keys_in(path: PathBuf, bytes: &[u8]) -> Option<LegacyKeys> {
    let text = str::from_utf8(bytes).ok()?;
    let options = ParseOption { enabled_escape: false, enabled_quote: false, ..ParseOption::default() };
    let ini = Ini::load_from_str_opt(text, options).ok()?;
    let section = ini.section(Some("Credentials"))?;
    let value = |wanted: &str| {
        let found = section.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let (id, secret) = (value("aws_access_key_id")?, value("aws_secret_access_key")?);
    Some(LegacyKeys { access_key_id: id.to_owned(), secret_access_key: Secret::new(secret), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keys_of_the_credentials_section_are_needed() {
        let read = |text: &str| keys_in("boto.cfg".into(), text.as_bytes()).map(|keys| keys.access_key_id);
        let whole = "[Boto]\ndebug = 0\n[Credentials]\naws_access_key_id = AKIA\naws_secret_access_key = a\\b\n";
        assert_eq!(read(whole).as_deref(), Some("AKIA"));
        assert_eq!(read("[Credentials]\naws_access_key_id = AKIA\n"), None);
        assert_eq!(read("[Other]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"), None);
        assert_eq!(read("no ini at all"), None);
    }
}
