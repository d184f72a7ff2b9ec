//! `keyfob sso list`: the accounts and roles that a person may use.

mod continuation;
mod pace;
mod refusals;

use super::{
    fake::{Account, IdentityCenter, Reply, SsoToken, Timestamp, list_account_roles, list_accounts},
    keyfob::{Home, Invocation, Terminal, has_terminal},
};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const ADMIN: &str = "[profile admin]\nsso_session = corp\nsso_account_id = 000000000001\nsso_role_name = Admin\n";

/// Somebody is signed in to the sso-session `corp`, and the config file has nothing else.
pub(crate) struct Desk {
    pub(crate) center: IdentityCenter,
    pub(crate) token: SsoToken,
    pub(crate) home: Home,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// The same, with these sections more.
    pub(crate) fn with(sections: &str) -> Self {
        let center = IdentityCenter::start();
        let token = center.sign_in("corp");
        let home = Home::new().identity_center(&center).config(&(center.sso_session("corp") + sections));
        let desk = Self { center, token, home };
        desk.keep(&desk.token);
        desk
    }

    /// Writes the file of a sign-in that seems to last.
    pub(crate) fn keep(&self, token: &SsoToken) {
        self.home.write(&token.path(), token.document(Timestamp::now().plus(Duration::from_hours(1))));
    }

    /// Accounts with the roles `Audit` and `Admin`, which AWS tells of in no order.
    pub(crate) fn add_accounts(&self, count: usize) {
        for number in (1..=count).rev() {
            self.center.add_account(Account::new(&id(number), &["Audit", "Admin"]));
        }
    }

    pub(crate) fn list(&self) -> Invocation {
        self.home.keyfob(["sso", "list", "--sso-session", "corp"])
    }

    /// How many calls the portal has had.
    pub(crate) fn calls(&self) -> usize {
        self.center.portal.calls().len()
    }

    /// Waits until so many calls have come.
    #[track_caller]
    pub(crate) fn wait_for_calls(&self, count: usize) {
        let began = std::time::Instant::now();
        while self.calls() < count {
            assert!(began.elapsed() < 20 * SECOND, "the calls do not come");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

pub(crate) fn id(number: usize) -> String {
    format!("{number:012}")
}

/// What is printed of as many accounts as [`Desk::add_accounts`] adds.
fn lines(count: usize) -> String {
    let line = |id: String, role| format!("{id}  Account {id}  {role}\n");
    (1..=count).flat_map(|number| ["Admin", "Audit"].map(|role| line(id(number), role))).collect()
}

/// Request ids depend on the order of threads.
fn without_request_ids(text: &str) -> String {
    const LENGTH: usize = ", request 00000000-0000-4000-8000-000000000001".len();
    let mut parts = text.split(", request ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[LENGTH - ", request ".len()..])
}

#[test]
fn each_role_has_a_line_with_the_profiles_that_are_for_it() {
    let desk = Desk::with(
        &(ADMIN.to_owned()
            + &ADMIN.replace("admin", "bridged").replace("sso_", "keyfob_sso_")
            + &ADMIN.replace("admin", "elsewhere").replace("corp", "other")),
    );
    desk.center.add_account(Account::new(&id(2), &["ReadOnlyAccess"]).nameless());
    desk.center.add_account(Account::new(&id(1), &["Audit", "Admin"]).named("Größe 1\u{1b}[m"));
    desk.center.serve_all();
    desk.list()
        .stdout(
            "000000000001  Größe 1\\u{1b}[m  Admin           admin, bridged\n\
             000000000001  Größe 1\\u{1b}[m  Audit\n\
             000000000002                   ReadOnlyAccess\n",
        )
        .run();
}

#[test]
fn accounts_without_a_name_or_a_role_have_a_line_and_long_names_move_no_other() {
    let desk = Desk::new();
    let long = "n".repeat(10_000);
    desk.center.add_account(Account::new(&id(1), &["Admin"]).named(""));
    desk.center.add_account(Account::new(&id(2), &["Admin"]).named(&long));
    desk.center.add_account(Account::new(&id(3), &["Admin"]).named("Empty"));
    desk.center.portal.expect(list_account_roles(&id(3)).replies(Reply::json(200, r#"{"roleList":[]}"#)));
    desk.center.serve_all();
    let padded = |text: &str| format!("{text:40}");
    let lines = [
        format!("000000000001  {}  Admin\n", padded("aws+000000000001@example.com")),
        format!("000000000002  {long}  Admin\n"),
        format!("000000000003  {}  (no role)\n", padded("Empty")),
    ];
    desk.list().stdout(lines.concat()).run();
}

#[test]
fn json_has_everything_in_one_document() {
    let desk = Desk::with(ADMIN);
    desk.center.add_account(Account::new(&id(2), &["Audit"]).nameless());
    desk.center.add_account(Account::new(&id(1), &["Admin"]));
    desk.center.serve_all();
    let document = "{\"startUrl\":\"https://d-1234567890.awsapps.com/start\",\"region\":\"us-east-1\",\
         \"ssoSession\":\"corp\",\"accounts\":[\
         {\"accountId\":\"000000000001\",\"accountName\":\"Account 000000000001\",\
         \"emailAddress\":\"aws+000000000001@example.com\",\
         \"roles\":[{\"roleName\":\"Admin\",\"profiles\":[\"admin\"]}]},\
         {\"accountId\":\"000000000002\",\"accountName\":null,\"emailAddress\":null,\
         \"roles\":[{\"roleName\":\"Audit\",\"profiles\":[]}]}],\"unread\":[]}\n";
    desk.home.keyfob(["sso", "list", "admin", "--json"]).stdout(document).run();
}

#[test]
fn profiles_that_name_their_start_url_have_accounts_too() {
    let center = IdentityCenter::start();
    let token = center.sign_in_legacy();
    let legacy = center.sso_session("corp").replace("[sso-session corp]", "[profile dev]");
    let home = Home::new().identity_center(&center).config(&legacy);
    home.write(&token.path(), token.document(Timestamp::now().plus(Duration::from_hours(1))));
    center.add_account(Account::new(&id(1), &["Admin"]));
    center.serve_all();
    home.keyfob(["sso", "list", "dev"]).stdout("000000000001  Account 000000000001  Admin\n").run();
}

#[test]
fn whoever_has_no_account_is_told_so() {
    let desk = Desk::new();
    desk.center.serve_all();
    desk.list().stderr("Nobody has given you any account in sso-session \"corp\".\n").run();
}

#[test]
fn lists_of_many_pages_are_read_to_their_end() {
    let desk = Desk::new();
    let roles: Vec<String> = (1..=150).map(|number| format!("Role{number:03}")).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    for number in 1..=101 {
        desk.center.add_account(Account::new(&id(number), if number == 7 { &roles } else { &["Admin"] }));
    }
    desk.center.serve_all();
    let run = desk.list().any_stdout().run();
    assert_eq!(run.stdout.lines().count(), 100 + 150);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("000000000007 ")).count(), 150);
    assert_eq!(desk.calls(), 2 + 100 + 2);
}

#[test]
fn a_list_that_goes_round_in_circles_is_an_error() {
    let desk = Desk::new();
    for _ in 0..2 {
        let page = Reply::json(200, r#"{"nextToken":"again","accountList":[]}"#);
        desk.center.portal.expect(list_accounts().replies(page));
    }
    let host = desk.center.portal.address();
    let error = format!(
        "keyfob: cannot list the accounts of sso-session \"corp\"\n  \
           cause: ListAccounts at {host}: the list goes round in circles (HTTP 200)\n  \
           hint: check what answers at {host}: endpoint_url, AWS_ENDPOINT_URL, HTTPS_PROXY\n"
    );
    desk.list().code(1).stderr(error).run();
}

#[test]
fn progress_is_shown_on_a_terminal_and_taken_away() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new();
    desk.add_accounts(20);
    desk.center.serve_all();
    let terminal = Terminal::new().with_stderr();
    let run = desk.list().env("TERM", "xterm").terminal(terminal).stdout(lines(20)).any_screen().run();
    assert!(run.screen.contains("/20 ") && run.screen.contains(" account/s]"), "{:?}", run.screen);
    assert!(run.screen.ends_with("\r\x1b[K"), "{:?}", run.screen);
}
