//! That a profile's kind, which is told by its keys alone, is what its chain makes of it.

use super::{Chain, Source, of_profile};
use crate::context::Vars;
use crate::profile::{Kind, Profiles};

const KEYS: &str = "aws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret\n";
const ROLE: &str = "role_arn = arn:aws:iam::123456789012:role/Demo\n";
const SSO: &str = "sso_session = s\nsso_account_id = 111122223333\nsso_role_name = Admin\n";
const BRIDGE: &str = "credential_process = keyfob process --profile a\n";
const OTHERS: &str = "[profile b]\naws_access_key_id = A\naws_secret_access_key = B\n\
                      [sso-session s]\nsso_start_url = https://d-1.awsapps.com/start\nsso_region = us-east-1\n";

/// The kind that a chain shows.
fn kind_of(chain: &Chain<'_>) -> Kind {
    match chain.roles.last() {
        Some(role) if role.mfa_serial.is_some() => return Kind::RoleWithMfa,
        Some(_) => return Kind::Role,
        None => {}
    }
    match &chain.base.source {
        Source::Keys(keys) if keys.session_token.is_some() => Kind::Session,
        Source::Keys(_) => Kind::Static,
        Source::WebIdentity { .. } => Kind::WebIdentity,
        Source::Sso(_) => Kind::Sso,
        Source::Saml(_) => Kind::Saml,
        Source::LoginSession { .. } => Kind::Login,
        Source::CredentialProcess { .. } => Kind::Process,
        source => panic!("no profile is {source:?} without a role"),
    }
}

/// What both say of profile `a`: no kind at all, or one.
fn kinds(config: &str, credentials: &str) -> [Option<Kind>; 2] {
    let vars = Vars::default();
    let profiles = Profiles::from_texts(format!("[profile a]\n{config}{OTHERS}"), format!("[a]\n{credentials}"));
    let profile = || profiles.profile("a").expect("no damage").expect("the profile");
    let chain = of_profile(profile(), &profiles, &vars).expect("a profile that works");
    [Kind::of(&profile(), &vars).expect("text"), chain.as_ref().map(kind_of)]
}

#[test]
fn a_profile_is_of_the_kind_that_its_chain_ends_in() {
    let token = format!("{KEYS}aws_session_token = MARKERtoken\n");
    let of_b = format!("{ROLE}source_profile = b\n");
    let of_itself = format!("{ROLE}source_profile = a\n{KEYS}");
    let web = format!("{ROLE}web_identity_token_file = /run/token\n");
    let login = "login_session = arn:aws:sts::111122223333:assumed-role/x/y\n";
    let process = "credential_process = /bin/print\n";
    let bridged =
        |settings: &str| settings.replace('\n', "\nkeyfob_").replace("sso_session = s", "keyfob_sso_session = s");
    for (config, credentials, expected) in [
        ("", "", None),
        ("region = eu-west-1\n", "", None),
        (KEYS, "", Some(Kind::Static)),
        ("", KEYS, Some(Kind::Static)),
        ("", &token, Some(Kind::Session)),
        (&token.replace("session", "security"), "", Some(Kind::Session)),
        (&of_b, KEYS, Some(Kind::Role)),
        (&format!("{of_b}mfa_serial = arn:aws:iam::1:mfa/x\n"), "", Some(Kind::RoleWithMfa)),
        (&of_itself, "", Some(Kind::Role)),
        (&format!("{of_itself}mfa_serial = arn:aws:iam::1:mfa/x\n"), "", Some(Kind::RoleWithMfa)),
        (&web, KEYS, Some(Kind::WebIdentity)),
        (SSO, KEYS, Some(Kind::Sso)),
        (SSO, login, Some(Kind::Sso)),
        ("sso_session = s\n", login, Some(Kind::Login)),
        ("sso_session = s\n", KEYS, Some(Kind::Static)),
        (login, KEYS, Some(Kind::Static)),
        (&format!("{login}{KEYS}"), "", Some(Kind::Login)),
        (&format!("{login}{process}"), "", Some(Kind::Login)),
        (process, KEYS, Some(Kind::Static)),
        (&format!("{process}{KEYS}"), "", Some(Kind::Process)),
        (process, "", Some(Kind::Process)),
        ("saml_endpoint = https://x\n", "", Some(Kind::Saml)),
        ("saml_process = /bin/print\n", "", Some(Kind::Saml)),
        (&format!("{BRIDGE}saml_endpoint = https://x\nkeyfob_store = sealed\n"), "", Some(Kind::Saml)),
        (&format!("saml_endpoint = https://x\n{process}{KEYS}"), "", Some(Kind::Saml)),
        (&format!("{login}saml_endpoint = https://x\n"), "", Some(Kind::Login)),
        // The store has the password, and so does not stand for these keys.
        ("saml_endpoint = https://x\nkeyfob_store = sealed\n", KEYS, Some(Kind::Static)),
        ("saml_endpoint = https://x\nkeyfob_store = sealed\n", &token, Some(Kind::Session)),
        (BRIDGE, "", None),
        (&format!("{BRIDGE}{login}"), "", Some(Kind::Login)),
        (&format!("{BRIDGE}{KEYS}"), "", Some(Kind::Static)),
        (&format!("{BRIDGE}{}region = x\n", bridged(SSO)), "", Some(Kind::Sso)),
        (&format!("{BRIDGE}keyfob_{}", of_b.replace("source", "keyfob_source")), "", Some(Kind::Role)),
        // Each half of a pair counts wherever it stands.
        ("aws_access_key_id = AKIA\n", "aws_secret_access_key = MARKERsecret\n", Some(Kind::Static)),
        ("aws_secret_access_key = MARKERsecret\n", "aws_access_key_id = AKIA\n", Some(Kind::Static)),
    ] {
        assert_eq!(kinds(config, credentials), [expected; 2], "{config:?} {credentials:?}");
    }
}

#[test]
fn a_store_beside_saml_has_its_password_and_no_keys() {
    let config = "[profile a]\nrole_arn = r\nsource_profile = s\n\
                  [profile s]\nsaml_endpoint = https://x\nkeyfob_store = sealed\n";
    let profiles = Profiles::from_texts(config, "");
    let profile = profiles.profile("a").expect("no damage").expect("the profile");
    let chain = of_profile(profile, &profiles, &Vars::default()).expect("it works").expect("it has credentials");
    assert!(matches!(chain.base.source, Source::Saml(_)), "{:?}", chain.base.source);
    assert_eq!(chain.roles.len(), 1);
}

#[test]
fn a_profile_that_does_not_work_is_of_the_kind_that_it_fails_as() {
    for (config, kind, why) in [
        (ROLE, Kind::Role, "profile must contain `source_profile` or `credential_source` beside `role_arn`"),
        ("web_identity_token_file = f\n", Kind::WebIdentity, "`role_arn` was missing beside `web_identity_token_file`"),
        ("sso_role_name = x\n", Kind::Sso, "if `sso_role_name` is set, then `sso_account_id` must also be set"),
        ("aws_access_key_id = AKIA\n", Kind::Static, "profile missing aws_secret_access_key"),
        ("aws_secret_access_key = MARKERsecret\n", Kind::Static, "profile missing aws_access_key_id"),
        (
            "sso_region = x\n",
            Kind::Sso,
            "the profile yields a token, not credentials: `sso_account_id` and `sso_role_name` are missing",
        ),
    ] {
        let vars = Vars::default();
        let profiles = Profiles::from_texts(format!("[profile a]\n{config}"), "");
        let profile = || profiles.profile("a").expect("no damage").expect("the profile");
        assert_eq!(Kind::of(&profile(), &vars), Ok(Some(kind)), "{config:?}");
        let error = of_profile(profile(), &profiles, &vars).expect_err(config);
        assert_eq!(error.cause, Some(format!("config:2: {why}")), "{config:?}");
    }
}
