//! Roles that somebody's own identity provider gives: the sign-in there, the assertion, the role.

mod form;
mod http;
mod process;
mod refusals;
mod roles;
mod stored;
mod whose;

use super::{
    fake::{Expected, MARKER, Sts, assume_role_with_saml},
    keyfob::{Home, Invocation, Terminal, has_terminal},
    peer,
    peers::Server,
    scene::END,
};
use base64ct::{Base64, Encoding};
use serde_json::json;

const DEV: &str = "arn:aws:iam::123456789012:role/Dev";
const OPS: &str = "arn:aws:iam::123456789012:role/Ops";
const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";
/// With letters that an encoding may spoil.
const PASSWORD: &str = "MARKERsecret pä$$wörd+&=% €";

/// What a provider says of jane, who has these roles.
fn xml(roles: &[&str]) -> String {
    let value = |role: &&str| ["<AttributeValue>", role, ",", PROVIDER, "</AttributeValue>"].concat();
    let values: String = roles.iter().map(value).collect();
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><Assertion \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><Subject><NameID>{MARKER}??>></NameID></Subject>\
         <AttributeStatement><Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role\">{values}</Attribute>\
         </AttributeStatement></Assertion></samlp:Response>"
    )
}

fn assertion(roles: &[&str]) -> String {
    Base64::encode_string(xml(roles).as_bytes())
}

/// A home whose profile `corp` has these settings, and an STS that trusts assertions with these roles.
struct Scene {
    sts: Sts,
    home: Home,
    roles: Vec<&'static str>,
}

impl Scene {
    fn new(settings: &str, roles: &[&'static str]) -> Self {
        let sts = Sts::start();
        sts.trust_assertion(&assertion(roles), "jane");
        let home = Home::new().sts(&sts);
        let scene = Self { sts, home, roles: roles.to_vec() };
        scene.set(settings);
        scene
    }

    fn set(&self, settings: &str) {
        self.home.write(".aws/config", format!("[profile corp]\n{settings}\n"));
    }

    fn process(&self) -> Invocation {
        self.home.keyfob(["process", "corp"])
    }

    fn expect(&self, role: &str) {
        self.sts.expect(gives(role));
    }
}

/// The call for a role, answered with keys that outlive the test.
fn gives(role: &str) -> Expected {
    assume_role_with_saml(role, PROVIDER).expiring(END)
}

/// An identity provider that knows jane.
struct Adfs {
    server: Server,
    /// Other servers' addresses differ in the port.
    host: String,
}

impl Adfs {
    /// `None` where there is no Python for it.
    fn start(scene: &Scene, way: &str) -> Option<Self> {
        Self::start_with(scene, way, "CORP\\jane", "")
    }

    fn start_with(scene: &Scene, way: &str, user: &str, elsewhere: &str) -> Option<Self> {
        let is_of_windows = matches!(way, "ntlm" | "negotiate" | "windows");
        if is_of_windows && !cfg!(feature = "ntlm") {
            return None;
        }
        let modules: &[&str] = if is_of_windows { &["spnego"] } else { &[] };
        let python = peer::python(modules).filter(|_| has_terminal())?;
        let order = json!({
            "way": way,
            "users": { user: PASSWORD },
            "response": assertion(&scene.roles),
            "log": scene.home.path().join(format!("log-{way}")),
            "elsewhere": elsewhere,
        });
        let server = Server::start(&python, "adfs.py", &order);
        let host = server.fact("url").trim_start_matches("http://").to_owned();
        Some(Self { server, host })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.fact("url"))
    }

    /// The settings by which jane signs in.
    fn settings(&self) -> String {
        format!("{}saml_user = jane\nsaml_domain = CORP", self.at(SIGN_ON))
    }

    fn at(&self, path: &str) -> String {
        format!("saml_endpoint = {}\n", self.url(path))
    }

    fn question(&self, name: &str) -> String {
        format!("Password of {name} at {} (profile corp): ", self.host)
    }

    /// jane at her terminal.
    fn jane(&self) -> Terminal {
        Terminal::new().answer(&self.question("CORP\\jane"), &format!("{PASSWORD}\n"))
    }

    fn log(&self, scene: &Scene, way: &str) -> String {
        let _ = self;
        scene.home.read(format!("log-{way}"))
    }
}

const SIGN_ON: &str = "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";

/// A scene with jane at a provider of this way; nothing where there is no Python.
fn signing_in(way: &str, more: &str) -> Option<(Scene, Adfs)> {
    let scene = Scene::new("", &[DEV]);
    let adfs = Adfs::start(&scene, way)?;
    scene.set(&format!("{}\n{more}", adfs.settings()));
    Some((scene, adfs))
}

/// Runs that say what went wrong.
#[track_caller]
fn failure(run: Invocation, code: i32) -> String {
    run.code(code).any_stderr().any_screen().run().stderr
}

/// The names of the ways that have one password for all of their pages.
const WAYS: [&str; 5] = ["form", "basic", "ntlm", "negotiate", "windows"];

#[test]
fn each_way_in_takes_the_right_password_and_no_more_than_three_wrong_ones() {
    for way in WAYS {
        let setting = if way == "windows" { "saml_authentication = NTLM" } else { "" };
        let Some((scene, adfs)) = signing_in(way, setting) else { return };
        let question = adfs.question("CORP\\jane");
        let mut person = Terminal::new();
        for number in 1..=3 {
            person = person.answer(&question, &format!("wrong {number}\n"));
        }
        let words = match way {
            "form" => "Incorrect user ID or password. Type the correct ones.",
            _ => "That was refused.",
        };
        let told = if way == "form" { format!(": {words}") } else { String::new() };
        let others = match way {
            "form" | "basic" => "",
            _ => {
                "; a server that requires Extended Protection refuses every password, and so does one behind a proxy that \
                 changes connections"
            }
        };
        let stderr = format!(
            "keyfob: cannot sign in at {} for profile \"corp\"\n  cause: the name \"CORP\\jane\" or the password was \
             refused{told}\n  hint: check saml_user, saml_domain and the password; too many tries may lock the account{others}\n",
            adfs.host
        );
        let again = format!("{words} {question}\n").repeat(2);
        scene.process().terminal(person).code(3).stderr(stderr).screen(format!("{question}\n{again}")).run();

        scene.expect(DEV);
        let run = scene.process().terminal(adfs.jane()).any_stdout().screen(format!("{question}\n"));
        let first = run.run().stdout;
        // From the cache, without anybody.
        scene.process().stdout(first).run();
    }
}

#[test]
fn mistyped_password_can_be_typed_again() {
    for way in ["form", "ntlm"] {
        let Some((scene, adfs)) = signing_in(way, "") else { return };
        scene.expect(DEV);
        let question = adfs.question("CORP\\jane");
        let person = Terminal::new().answer(&question, "wrong\n").answer(&question, &format!("{PASSWORD}\n"));
        scene.process().terminal(person).any_stdout().any_screen().run();
    }
}

#[test]
fn names_are_sent_as_a_person_writes_them() {
    for (way, known, settings) in [
        ("basic", "jane@example.com", "saml_user = jane@example.com\nsaml_domain = CORP"),
        ("form", "OTHER\\jane", "saml_user = OTHER\\jane\nsaml_domain = CORP"),
        ("ntlm", "CORP\\jané", "saml_user = JANÉ\nsaml_domain = CORP"),
        ("ntlm", "jane@example.com", "saml_user = jane@example.com"),
        ("form", "jane", "saml_user = jane"),
    ] {
        let scene = Scene::new("", &[DEV]);
        let Some(adfs) = Adfs::start_with(&scene, way, known, "") else { return };
        scene.set(&(adfs.at(SIGN_ON) + settings));
        scene.expect(DEV);
        let person = Terminal::new().answer("(profile corp): ", &format!("{PASSWORD}\n"));
        scene.process().terminal(person).any_stdout().any_screen().run();
    }
}

#[test]
fn name_that_no_profile_has_is_asked_for() {
    let scene = Scene::new("", &[DEV]);
    let Some(adfs) = Adfs::start_with(&scene, "form", "jane", "") else { return };
    scene.set(&adfs.at(SIGN_ON));
    scene.expect(DEV);
    let name = format!("User name at {} (profile corp): ", adfs.host);
    let password = adfs.question("jane");
    let person = Terminal::new().answer(&name, "jane\n").answer(&password, &format!("{PASSWORD}\n"));
    scene.process().terminal(person).any_stdout().screen(format!("{name}jane\n{password}\n")).run();
}

#[test]
fn without_a_terminal_it_fails_at_once_and_asks_no_server() {
    let scene = Scene::new("saml_endpoint = https://192.0.2.1/adfs\nsaml_user = jane", &[DEV]);
    let stderr = "keyfob: profile \"corp\" needs the password of \"jane\" for 192.0.2.1\n  cause: there is no terminal to \
                  ask on\n  hint: run `keyfob whoami corp` in a terminal, or keep the password in a store: `keyfob \
                  profile set corp --store sealed`\n";
    let run = scene.process().code(3).any_stderr().run();
    let (start, end) = stderr.split_once("sealed").expect("it is there");
    assert!(run.stderr.starts_with(start) && run.stderr.ends_with(end), "{}", run.stderr);
}

#[test]
fn ctrl_c_at_the_question_ends_it() {
    let Some((scene, adfs)) = signing_in("form", "") else { return };
    let person = Terminal::new().answer(&adfs.question("CORP\\jane"), "\x03");
    let stderr =
        format!("keyfob: profile \"corp\" needs the password of \"jane\" for {}\n  cause: interrupted\n", adfs.host);
    scene.process().terminal(person).code(130).stderr(stderr).any_screen().run();
}
