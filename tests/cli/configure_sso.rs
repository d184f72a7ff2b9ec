//! `keyfob configure sso`: a profile for a role, and the sso-session that it needs, as the AWS CLI writes them.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "most of these tests need a terminal"))]

mod answers;
mod checks;
mod conflicts;
mod options;
#[cfg(unix)]
mod picking;
#[cfg(unix)]
mod questions;
#[cfg(unix)]
mod session;
mod unwritable;

use super::{
    fake::{
        Account, IdentityCenter, Proxy, Reply, SsoToken, Timestamp, Website, code_token, list_account_roles,
        list_accounts, loopback, register_client,
    },
    keyfob::{Home, Invocation, Running, Terminal, has_terminal},
};
use std::time::Duration;

const ACCOUNT: &str = "444455556666";
const ROLE: &str = "AdministratorAccess";
const PROFILE: &str = "AdministratorAccess-444455556666";
const START_URL: &str = "https://d-1234567890.awsapps.com/start";

/// What the AWS CLI writes into a new file.
const WRITTEN: &str = "[profile AdministratorAccess-444455556666]\n\
                       sso_session = my-sso\n\
                       sso_account_id = 444455556666\n\
                       sso_role_name = AdministratorAccess\n\
                       region = us-west-2\n\
                       output = json\n\
                       [sso-session my-sso]\n\
                       sso_start_url = https://d-1234567890.awsapps.com/start\n\
                       sso_region = us-east-1\n\
                       sso_registration_scopes = sso:account:access\n";

const NAME: &str = "SSO session name (Recommended): ";
const URL: &str = "SSO start URL [None]: ";
const SSO_REGION: &str = "SSO region [None]: ";
const SCOPES: &str = "SSO registration scopes [sso:account:access]: ";
const REGION: &str = "Default client Region [None]: ";
const OUTPUT: &str = "CLI default output format (json if not specified) [None]: ";
const PROFILE_NAME: &str = "Profile name [AdministratorAccess-444455556666]: ";

/// An organisation, and a home that leads there.
struct Desk {
    center: IdentityCenter,
    home: Home,
}

impl Desk {
    /// With one account and one role in it; this text is in `~/.aws/config`, and an empty one is no file.
    fn new(config: &str) -> Self {
        Self::with(config, [Account::new(ACCOUNT, &[ROLE])])
    }

    fn with(config: &str, accounts: impl IntoIterator<Item = Account>) -> Self {
        let center = IdentityCenter::start();
        accounts.into_iter().for_each(|account| center.add_account(account));
        let home = Home::new().identity_center(&center);
        let home = if config.is_empty() { home } else { home.config(config) };
        Self { center, home }
    }

    /// `keyfob configure sso` with these arguments more. What opens pages opens none.
    fn configure(&self, arguments: &[&str]) -> Invocation {
        self.home.keyfob([&["configure", "sso"], arguments].concat())
    }

    /// The same with somebody at a terminal that can move its cursor.
    fn asked(&self, arguments: &[&str], person: Terminal) -> Invocation {
        self.configure(&[&["--browser", "true"], arguments].concat()).env("TERM", "xterm").terminal(person)
    }

    /// Somebody has signed in to the session before, or to the start URL.
    fn signed_in(self, sso_session: Option<&str>) -> Self {
        let token = sso_session.map_or_else(|| self.center.sign_in_legacy(), |name| self.center.sign_in(name));
        self.keep(&token);
        self
    }

    fn keep(&self, token: &SsoToken) {
        self.home.write(&token.path(), token.document(Timestamp::now().plus(Duration::from_mins(50))));
    }

    /// A new sign-in is awaited.
    fn expect_sign_in(&self) {
        self.center.oidc.expect(register_client());
        self.center.oidc.expect(code_token());
    }

    /// Both lists are awaited, as whoever chooses needs them.
    fn expect_lists(&self, account_id: &str) {
        self.center.portal.expect(list_accounts());
        self.center.portal.expect(list_account_roles(account_id));
    }

    /// The person opens the URL on this machine and allows it.
    #[track_caller]
    fn allow(&self, running: &mut Running) {
        let url = running.wait_for_line(|line| line.starts_with("http"));
        loopback::get(&self.center.oidc.visit(&url).allow());
    }

    fn config(&self) -> String {
        self.home.read(".aws/config")
    }

    fn config_path(&self) -> String {
        self.home.path().join(".aws/config").display().to_string()
    }

    #[track_caller]
    fn was_not_called(&self) {
        assert_eq!((self.center.oidc.connections(), self.center.portal.connections()), (0, 0));
    }

    /// What is printed in the end.
    fn told(&self, profile: &str, sso_session: &str) -> String {
        let path = self.config_path();
        format!("Profile \"{profile}\" and sso-session \"{sso_session}\" are in \"{path}\".\n{}", usage(profile))
    }

    /// The same where nobody is signed in.
    fn told_to_sign_in(&self, profile: &str, sso_session: &str) -> String {
        let told = self.told(profile, sso_session);
        let (first, usage) = told.split_once('\n').expect("it has lines");
        format!("{first}\nSign in first: keyfob sso login {profile}\n{usage}")
    }
}

fn usage(profile: &str) -> String {
    format!(
        "See who it is: keyfob whoami --profile {profile}\n\
         Use it with --profile {profile}, or for this shell: eval \"$(keyfob env {profile})\"\n"
    )
}

/// All that has to be said for a new profile and a new session.
const ALL: [&str; 8] =
    ["--start-url", START_URL, "--sso-region", "us-east-1", "--account-id", ACCOUNT, "--role-name", ROLE];
