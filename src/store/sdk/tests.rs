mod properties;

use super::sealing::Sealing;
use super::{Sdk, place};
use crate::context::Vars;
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::store::{Kept, SecretStore as _, Trouble};
use std::fs;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Seals for one user: a header, and the bytes turned over.
struct Mine;

const HEADER: [u8; 4] = [1, 0, 0, 0];

impl Sealing for Mine {
    fn protect(&self, plain: &[u8]) -> Result<Vec<u8>, Trouble> {
        Ok(HEADER.into_iter().chain(plain.iter().map(|byte| !byte)).collect())
    }

    fn unprotect(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let body = sealed.strip_prefix(&HEADER).ok_or_else(|| Trouble::Denied("it is somebody else's".to_owned()))?;
        Ok(Zeroizing::new(body.iter().map(|byte| !byte).collect()))
    }
}

fn sealed(text: &str) -> String {
    Mine.seal(text).expect("it always does")
}

/// A folder of an application's files, for one test.
struct Local(PathBuf);

impl Local {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("keyfob-sdk-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("AWSToolkit")).expect("the temporary folder is ours");
        Self(folder)
    }

    fn with(test: &str, content: &str) -> Self {
        let local = Self::new(test);
        fs::write(local.file(), content).expect("the folder is ours");
        local
    }

    fn file(&self) -> PathBuf {
        self.0.join("AWSToolkit").join("RegisteredAccounts.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).expect("it is there")
    }

    fn vars(&self) -> Vars {
        Vars::from([("LOCALAPPDATA", self.0.to_str().expect("temporary paths are UTF-8"))])
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn store(vars: &Vars) -> Sdk<'_, Mine> {
    Sdk { vars, sealing: Mine }
}

fn keys(id: &str, token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: id.into(),
        secret_access_key: Secret::new("wJalr/+é"),
        session_token: token.map(Secret::new),
        expiration: None,
        account_id: None,
    }
}

fn kept(id: &str, token: Option<&str>) -> Kept {
    Kept::Keys(keys(id, token))
}

/// What .NET has written: profiles of several types, and one of Visual Studio's.
fn sample() -> String {
    let (id, secret, token, mfa) =
        (sealed("AKIAONE"), sealed("wJalr/+é"), sealed("token=="), sealed("arn:aws:iam::1:mfa/x"));
    format!(
        r#"{{
  "8f1d0c0e-5a0b-4c55-9f0e-2f6f6f0f7a11": {{
    "AWSAccessKey": "{id}",
    "AWSSecretKey": "{secret}",
    "ProfileType": "AWS",
    "Region": "eu-west-1",
    "AccountNumber": "",
    "DisplayName": "Build"
  }},
  "0D2F1A94-0000-4C55-9F0E-2F6F6F0F7A11": {{
    "AWSAccessKey": "{id}",
    "AWSSecretKey": "{secret}",
    "SessionToken": "{token}",
    "ProfileType": "Session",
    "DisplayName": "caf\u00E9 \u0026 \u0027bar\u0027"
  }},
  "1b2f1a94-0000-4c55-9f0e-2f6f6f0f7a11": {{
    "MfaSerial": "{mfa}",
    "RoleArn": "arn:aws:iam::123456789012:role/Admin",
    "SourceProfile": "Build",
    "ProfileType": "AssumeRoleMFA",
    "DisplayName": "admin"
  }}
}}"#
    )
}

#[test]
fn texts_are_sealed_as_utf_16_in_upper_case_hexadecimal() {
    // A is 41 00, é is E9 00, the key U+1F511 is 3D D8 11 DD; each byte turned over.
    assert_eq!(sealed("Aé\u{1f511}"), "01000000BEFF16FFC227EE22");
    assert_eq!(Mine.unseal("01000000beff16ffc227ee22"), Ok(Secret::new("Aé\u{1f511}")));
    assert_eq!(Mine.unseal("01000000"), Ok(Secret::new("")));
    for (hex, trouble) in [
        ("0100000", Trouble::Failed("is not hexadecimal".to_owned())),
        ("0100000G", Trouble::Failed("is not hexadecimal".to_owned())),
        ("01000000é", Trouble::Failed("is not hexadecimal".to_owned())),
        ("01000000BE", Trouble::Failed("is no UTF-16 text".to_owned())),
        ("01000000C227", Trouble::Failed("is no UTF-16 text".to_owned())),
        ("02000000BEFF", Trouble::Denied("it is somebody else's".to_owned())),
    ] {
        assert_eq!(Mine.unseal(hex), Err(trouble), "{hex}");
    }
}

#[test]
fn keys_are_read_by_the_name_of_their_profile_in_any_case() {
    let local = Local::with("read", &sample());
    let vars = local.vars();
    for (profile, expected) in [
        ("Build", Some(keys("AKIAONE", None))),
        ("bUILD", Some(keys("AKIAONE", None))),
        ("café & 'bar'", Some(keys("AKIAONE", Some("token==")))),
        ("CAFÉ & 'BAR'", Some(keys("AKIAONE", Some("token==")))),
        ("admin", None),
        ("other", None),
        ("", None),
    ] {
        assert_eq!(store(&vars).keys(profile), Ok(expected), "{profile}");
    }
    assert_eq!(store(&vars).list(), Ok(Some(vec!["Build".to_owned(), "café & 'bar'".to_owned()])));
    assert_eq!(local.text(), sample());
}

#[test]
fn new_keys_change_one_profile_and_keep_every_other_byte() {
    let (two, id, secret) = (sealed("AKIATWO"), sealed("AKIAONE"), sealed("wJalr/+é"));
    let at_build = |old: &str, new: &str| sample().replacen(old, new, 1);
    let basic = at_build(&id, &two);
    let session = at_build(
        &format!("{id}\",\n    \"AWSSecretKey\": \"{secret}\",\n    \"ProfileType\": \"AWS\""),
        &format!(
            "{two}\",\n    \"AWSSecretKey\": \"{secret}\",\n    \"SessionToken\": \"{}\",\n    \"ProfileType\": \"Session\"",
            sealed("t")
        ),
    );
    for (newline, token, expected) in [
        ("\n", None, basic.clone()),
        ("\n", Some("t"), session.clone()),
        ("\r\n", None, basic),
        ("\r\n", Some("t"), session),
    ] {
        let local = Local::with("change", &sample().replace('\n', newline));
        let vars = local.vars();
        assert_eq!(store(&vars).put("build", &kept("AKIATWO", token)), Ok(()));
        assert_eq!(local.text(), expected.replace('\n', newline));
        assert_eq!(store(&vars).keys("Build"), Ok(Some(keys("AKIATWO", token))));
    }
}

#[test]
fn basic_keys_take_the_token_of_a_session_away() {
    let local = Local::with("token", &sample());
    let vars = local.vars();
    let token = format!("    \"SessionToken\": \"{}\",\n", sealed("token=="));
    let expected = sample().replace(&token, "").replace("\"Session\"", "\"AWS\"");
    assert_eq!(store(&vars).put("café & 'bar'", &kept("AKIAONE", None)), Ok(()));
    assert_eq!(local.text(), expected);
}

#[test]
fn a_profile_of_another_type_is_not_written_over_nor_removed() {
    let local = Local::with("type", &sample());
    let vars = local.vars();
    let why = "it has a profile of this name that is of another type: it has MfaSerial".to_owned();
    assert_eq!(store(&vars).put("admin", &kept("AKIATWO", None)), Err(Trouble::Failed(why)));
    assert_eq!(store(&vars).remove("admin"), Ok(false));
    assert_eq!(local.text(), sample());
}

#[test]
fn there_is_no_room_for_passwords() {
    let local = Local::with("password", &sample());
    let vars = local.vars();
    let why = "it has no room for passwords, since .NET keeps none".to_owned();
    assert_eq!(store(&vars).put("new", &Kept::Password(Secret::new("hidden").into())), Err(Trouble::Failed(why)));
    assert_eq!(store(&vars).password("new"), Ok(None));
    let why = "it has the access key \"AKIAONE\" of that name, and no password".to_owned();
    assert_eq!(store(&vars).password("Build"), Err(Trouble::Failed(why)));
    assert_eq!(local.text(), sample());
}

#[test]
fn a_new_profile_comes_last_as_dot_net_writes_it() {
    for (text, before, after) in [
        (sample(), sample().strip_suffix("\n}").map(|start| format!("{start},\n")), "\n}"),
        ("\u{feff}{}\n".to_owned(), Some("\u{feff}{\n".to_owned()), "\n}\n"),
        (String::new(), Some("{\n".to_owned()), "\n}"),
    ] {
        let local = Local::with("new", &text);
        let vars = local.vars();
        assert_eq!(store(&vars).put("ne\"w", &kept("AKIANEW", Some("t"))), Ok(()));
        let new = local.text();
        let rest = new.strip_prefix(before.expect("it ends so").as_str()).expect("what was there stays");
        let (guid, rest) = rest.strip_prefix("  \"").and_then(|rest| rest.split_once('"')).expect("a GUID comes first");
        assert_eq!(uuid::Uuid::parse_str(guid).map(|guid| guid.get_version_num()), Ok(4));
        assert_eq!(guid, guid.to_lowercase());
        let expected = format!(
            ": {{\n    \"AWSAccessKey\": \"{}\",\n    \"AWSSecretKey\": \"{}\",\n    \"SessionToken\": \"{}\",\n    \
             \"ProfileType\": \"Session\",\n    \"DisplayName\": \"ne\\\"w\"\n  }}{after}",
            sealed("AKIANEW"),
            sealed("wJalr/+é"),
            sealed("t")
        );
        assert_eq!(rest, expected);
        // And away again.
        assert_eq!(store(&vars).remove("NE\"W"), Ok(true));
        if text == sample() {
            assert_eq!(local.text(), text);
        } else {
            assert!(!local.file().exists());
        }
    }
}

#[test]
fn the_first_profile_of_all_makes_the_file_and_the_last_one_takes_it_away() {
    let local = Local::new("first");
    fs::remove_dir(local.0.join("AWSToolkit")).expect("it is empty");
    let vars = local.vars();
    assert_eq!(store(&vars).keys("dev"), Ok(None));
    assert_eq!(store(&vars).list(), Ok(Some(Vec::new())));
    assert_eq!(store(&vars).remove("dev"), Ok(false));
    assert!(!local.0.join("AWSToolkit").exists());
    assert_eq!(store(&vars).put("dev", &kept("AKIAONE", None)), Ok(()));
    assert_eq!(store(&vars).keys("dev"), Ok(Some(keys("AKIAONE", None))));
    assert_eq!(store(&vars).remove("dev"), Ok(true));
    assert!(!local.file().exists());
}

#[test]
fn the_last_profile_leaves_what_another_program_has_added_meanwhile() {
    let local = Local::new("meanwhile");
    let vars = local.vars();
    store(&vars).put("dev", &kept("AKIAONE", None)).expect("the folder is ours");
    let was_added = std::cell::Cell::new(false);
    let removed = store(&vars).edit(|accounts| {
        if !was_added.replace(true) {
            let sealed = super::fields::Sealed::new(&keys("AKIATWO", None), &Mine)?;
            fs::write(local.file(), accounts.with("other", &sealed.account("ops")).text()).expect("the folder is ours");
        }
        Ok(accounts.find("dev").map(|account| account.removed()))
    });
    assert_eq!(removed, Ok(true));
    assert_eq!(store(&vars).list(), Ok(Some(vec!["ops".to_owned()])));
}

#[test]
fn what_cannot_be_read_is_told_and_never_written_over() {
    let named = |fields: &str| format!(r#"{{"g": {{{fields}, "DisplayName": "dev"}}}}"#);
    let good = sealed("AKIA");
    for (text, why) in [
        ("{".to_owned(), None),
        ("[]".to_owned(), None),
        ("{} x".to_owned(), None),
        (named(r#""AWSAccessKey": "xyz", "AWSSecretKey": "00""#), Some("its field AWSAccessKey is not hexadecimal")),
        (
            named(&format!(r#""AWSAccessKey": "{good}", "AWSSecretKey": "01000000""#)),
            Some("its field AWSSecretKey is empty, or no text"),
        ),
        (
            named(&format!(r#""AWSAccessKey": "{good}", "AWSSecretKey": 7"#)),
            Some("its field AWSSecretKey is empty, or no text"),
        ),
        (
            named(&format!(r#""AWSAccessKey": "{good}", "AWSSecretKey": "{}""#, sealed("a\nb"))),
            Some("its field AWSSecretKey has control characters"),
        ),
    ] {
        let local = Local::with("broken", &text);
        let vars = local.vars();
        let told = format!("\"{}\" is not the JSON that .NET writes", local.file().display());
        assert_eq!(store(&vars).keys("dev"), Err(Trouble::Failed(why.map_or(told, str::to_owned))), "{text}");
        if why.is_none() {
            assert!(store(&vars).put("dev", &kept("AKIA", None)).is_err(), "{text}");
            assert!(store(&vars).remove("dev").is_err(), "{text}");
            assert_eq!(local.text(), text);
        }
    }
    let other = named(r#""AWSAccessKey": "02000000", "AWSSecretKey": "02000000""#);
    let local = Local::with("broken", &other);
    let why = "its field AWSAccessKey: it is somebody else's".to_owned();
    assert_eq!(store(&local.vars()).get("dev"), Err(Trouble::Denied(why)));
}

#[test]
fn the_store_is_where_dot_net_looks_for_it() {
    let local = Local::with("place", "{}");
    let there = local.0.to_str().expect("temporary paths are UTF-8");
    let below = |folder: &str| PathBuf::from(folder).join("AWSToolkit").join("RegisteredAccounts.json");
    let below_home = |home: &str| {
        PathBuf::from(home).join("AppData").join("Local").join("AWSToolkit").join("RegisteredAccounts.json")
    };
    for (vars, expected) in [
        (Vars::from([("LOCALAPPDATA", "/l"), ("HOME", "/h"), ("USERPROFILE", "/u")]), below("/l")),
        (Vars::from([("HOME", "/h"), ("USERPROFILE", "/u")]), below_home("/h")),
        (Vars::from([("USERPROFILE", "/u")]), below_home("/u")),
        (Vars::from([("LOCALAPPDATA", there), ("HOME", "/h")]), below(there)),
    ] {
        assert_eq!(place(&vars), Ok(expected));
    }
    let home = Local::new("home");
    let folder = home.0.join("AppData/Local/AWSToolkit");
    fs::create_dir_all(&folder).expect("the folder is ours");
    fs::write(folder.join("RegisteredAccounts.json"), "{}").expect("the folder is ours");
    let vars = Vars::from([("LOCALAPPDATA", "/l"), ("HOME", home.0.to_str().expect("temporary paths are UTF-8"))]);
    assert_eq!(place(&vars), Ok(folder.join("RegisteredAccounts.json")), "one that is there comes first");
    assert!(matches!(place(&Vars::default()), Err(Trouble::Absent(_))));
}
