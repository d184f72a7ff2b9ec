//! What profiles become, and that the way back leads to the same bytes, whatever stands in the files.

use super::*;
use crate::profile::Profiles;

const BRIDGE: &str = "/usr/bin/keyfob process --profile dev";

fn profiles(config: &[u8], credentials: &[u8]) -> Profiles {
    let unmarked = |text: &[u8]| text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).to_vec();
    Profiles::from_texts(unmarked(config), unmarked(credentials))
}

/// Both files when the profile is bridged, and when that is undone.
fn there_and_back(config: &[u8], credentials: &[u8]) -> Result<[[Vec<u8>; 2]; 2], Error> {
    let vars = Vars::default();
    let before = profiles(config, credentials);
    let profile = before.profile("dev")?.expect("it is there");
    let bridged = Bridging::make(&profile, BRIDGE.into(), &vars)?.edits().on(config, credentials)?;
    let after = profiles(&bridged[0], &bridged[1]);
    let profile = after.profile("dev")?.expect("it is there");
    let undone = Bridging::undo(&profile, &vars)?.edits().on(&bridged[0], &bridged[1])?;
    Ok([bridged, undone])
}

#[test]
fn keys_get_other_names_where_they_are_and_the_line_comes_first() {
    for (config, credentials, [bridged_config, bridged_credentials]) in [
        (
            "[profile dev]\n# mine\nrole_arn=a # x\nsource_profile = b",
            "",
            ["[profile dev]\n# mine\ncredential_process = LINE\nkeyfob_role_arn=a # x\nkeyfob_source_profile = b", ""],
        ),
        (
            "[profile dev]\r\n  SSO_Session = corp\r\n  region = x",
            "",
            ["[profile dev]\r\n  credential_process = LINE\r\n  keyfob_SSO_Session = corp\r\n  region = x", ""],
        ),
        // Where a profile stands in the credentials file alone, so does its bridge.
        (
            "[profile x]\n",
            "[dev]\nrole_arn = a\nsource_profile = b\n",
            ["[profile x]\n", "[dev]\ncredential_process = LINE\nkeyfob_role_arn = a\nkeyfob_source_profile = b\n"],
        ),
        (
            "[profile dev]\nregion = x\n",
            "[dev]\nrole_arn = a",
            ["[profile dev]\ncredential_process = LINE\nregion = x\n", "[dev]\nkeyfob_role_arn = a"],
        ),
        (
            "[profile dev]\ncredential_process = own\nregion = x",
            "",
            ["[profile dev]\ncredential_process = LINE\nkeyfob_credential_process = own\nregion = x", ""],
        ),
        ("[profile dev]\nlogin_session = a", "", ["[profile dev]\ncredential_process = LINE\nlogin_session = a", ""]),
    ] {
        let [bridged, undone] = there_and_back(config.as_bytes(), credentials.as_bytes()).expect(config);
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).replace(BRIDGE, "LINE");
        assert_eq!(bridged.each_ref().map(text), [bridged_config, bridged_credentials]);
        assert_eq!(undone.each_ref().map(text), [config, credentials]);
    }
}

#[test]
fn a_key_under_both_names_is_refused() {
    for (config, credentials) in [
        ("[profile dev]\nrole_arn = a\nkeyfob_role_arn = b\n", ""),
        ("[profile dev]\nrole_arn = a\n", "[dev]\nKeyfob_Role_Arn = b\n"),
    ] {
        let error = there_and_back(config.as_bytes(), credentials.as_bytes()).expect_err(config);
        assert_eq!(error.cause.as_deref(), Some("it has both role_arn and keyfob_role_arn"));
    }
}

/// Numbers that look like chance, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn file(&mut self, headers: &[&str]) -> Vec<u8> {
        const KEYS: [&str; 12] = [
            "role_arn",
            "Source_Profile",
            "EXTERNAL_ID",
            "mfa_serial",
            "sso_session",
            "sso_account_id",
            "sso_role_name",
            "login_session",
            "credential_process",
            "region",
            "output",
            "keyfob_store",
        ];
        let newline = self.pick(&["\n", "\n", "\r\n"]);
        let mut text = self.pick(&["", "", "\u{feff}", "# head\n", "\n"]).to_owned();
        for _ in 0..self.below(5) {
            text.extend([self.pick(headers), newline]);
            let indent = self.pick(&["", "", "", "  ", "\t"]);
            for _ in 0..self.below(6) {
                let (key, equals) = (self.pick(&KEYS), self.pick(&[" = ", "=", " =", "= ", "  =\t"]));
                let value = self.pick(&["a", "arn:aws:iam::1:role/x", "a b", "a # comment", "a;b", "", "größe"]);
                let more = self.pick(&["", "", "", "\n", "\n# c\n", "\n    # deep\n", "\n; c", "\n   go on", "\n\n\n"]);
                text.extend([indent, key, equals, value, more, newline]);
            }
        }
        if self.below(3) == 0 {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text.into_bytes()
    }
}

#[test]
fn to_undo_a_bridge_leads_back_to_the_same_bytes() {
    let mut tried = 0;
    for seed in 0..4_000 {
        let mut random = Random(seed);
        let config = random.file(&[
            "[profile dev]",
            "[profile dev]",
            "[ profile  dev ] ; x",
            "[profile other]",
            "[sso-session x]",
        ]);
        let credentials = random.file(&["[dev]", "[other]", "[ dev ]"]);
        let before = profiles(&config, &credentials);
        let Ok(Some(profile)) = before.profile("dev") else { continue };
        if FileKind::ALL.into_iter().all(|file| profile.keys(file).next().is_none()) {
            continue;
        }
        let Ok([bridged, undone]) = there_and_back(&config, &credentials) else { continue };
        tried += 1;
        let texts = || [&config, &credentials, &bridged[0], &bridged[1]].map(|text| String::from_utf8_lossy(text));
        assert!(undone == [config.clone(), credentials.clone()], "{seed}: {:#?}", texts());
        // keyfob itself reads what it read before.
        let after = profiles(&bridged[0], &bridged[1]);
        let after = after.profile("dev").expect("it is readable").expect("it is there");
        for key in kind::bridged_keys().into_iter().chain(["region", "output", "login_session"]) {
            let value =
                |profile: &Profile<'_>| profile.get(key).map(|found| found.map(|found| found.value.into_owned()));
            if key == LINE && !profile.has(FileKind::Config, key) && !profile.has(FileKind::Credentials, key) {
                continue;
            }
            assert_eq!(value(&after), value(&profile), "{seed}, {key}: {:#?}", texts());
        }
    }
    assert!(tried > 1_000, "{tried}");
}
