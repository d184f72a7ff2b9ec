//! Second opinions: what AWS's own Python code makes of keyfob's requests, output and reading of profiles.
//!
//! The scripts in `tests/peers` run in the virtual environment that `KEYFOB_TEST_PEERS` names. Servers among
//! them tell their address in a line of JSON and stay until their standard input ends.

#![cfg(unix)]

mod bridge;
mod console_login;
mod identity_center;
mod login_session;
mod metadata;
mod profile_show;
mod profiles;
mod saml;
mod sources;
mod sso;
#[cfg(unix)]
mod sso_login;
mod web_identity;

use super::{
    keyfob::{Home, json},
    peer,
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

pub(super) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}

/// What a script prints, run in the home as any program of its user would be.
#[track_caller]
pub(super) fn ask(python: &Path, home: &Home, name: &str, arguments: &[&str], stdin: &str) -> Value {
    let script = script(name);
    let arguments = ["-B", text(&script)].into_iter().chain(arguments.iter().copied());
    let run = home.program(text(python), arguments).stdin(stdin).any_stdout().secrets_expected().run();
    json(&run.stdout)
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().expect("the tests' own paths are UTF-8")
}

/// A script that serves until the value is dropped.
pub(super) struct Server {
    child: Child,
    facts: Value,
}

impl Server {
    pub(super) fn start(python: &Path, name: &str, argument: &Value) -> Self {
        let mut command = Command::new(python);
        command.arg("-B").arg(script(name)).arg(argument.to_string());
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the peers' Python can be run");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("the pipe was asked for");
        BufReader::new(stdout).read_line(&mut line).expect("the pipe can be read");
        Self { child, facts: json(&line) }
    }

    pub(super) fn fact(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap_or_else(|| panic!("the server tells no {name}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It may be busy with something else, and nobody needs it any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

mod signatures {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/Demo";

    fn home(server: &Server, keys: &Value) -> Home {
        let setting =
            |key: &str, name: &str| keys[name].as_str().map_or_else(String::new, |value| format!("{key} = {value}\n"));
        let lines = [
            setting("aws_access_key_id", "access_key_id"),
            setting("aws_secret_access_key", "secret_access_key"),
            setting("aws_session_token", "session_token"),
            setting("region", "region"),
        ];
        Home::new().env("AWS_ENDPOINT_URL_STS", server.fact("url")).credentials(&format!("[base]\n{}", lines.concat()))
    }

    fn keys(token: Option<&str>, region: &str) -> Value {
        json!({
            "access_key_id": "AKIAIOSFODNN7EXAMPLE",
            "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "session_token": token,
            "region": region,
        })
    }

    #[test]
    fn botocore_computes_the_same_for_every_region_and_token() {
        let Some(python) = peer::python(&["botocore"]) else { return };
        for (token, region) in [
            (None, "us-east-1"),
            (None, "cn-north-1"),
            (Some("IQoJb3JpZ2luX2VjEXAMPLETOKEN//+="), "eu-west-1"),
            (Some("a b+c/d==%20&x=y"), "us-gov-west-1"),
        ] {
            let keys = keys(token, region);
            let server = Server::start(&python, "sigv4_server.py", &keys);
            home(&server, &keys)
                .keyfob(["whoami", "base"])
                .stdout("account  123456789012\narn      arn:aws:iam::123456789012:user/jane\nuser id  AIDAEXAMPLE\n")
                .run();
        }
    }

    #[test]
    fn botocore_computes_the_same_for_every_parameter_of_a_role() {
        let Some(python) = peer::python(&["botocore"]) else { return };
        let keys = keys(None, "us-east-1");
        let server = Server::start(&python, "sigv4_server.py", &keys);
        let home = home(&server, &keys).config(&format!(
            "[profile demo]\nrole_arn = {ROLE}\nsource_profile = base\nregion = us-east-1\n\
             role_session_name = jane+x=,.@-\nexternal_id = ext/id=1+,.@:-\nduration_seconds = 900\n\
             session_tags = team=a b+c, Straße=ü.:/=+-@é _ x, empty=\ntransitive_session_tags = team,Straße\n\
             source_identity = jane@example.com\n"
        ));
        home.keyfob(["process", "demo"])
            .stdout(
                "{\"Version\":1,\"AccessKeyId\":\"ASIAEXAMPLEEXAMPLE00\",\"SecretAccessKey\":\"secret/EXAMPLE+KEY\",\
                 \"SessionToken\":\"token//EXAMPLE+==\",\"Expiration\":\"2099-01-02T03:04:05Z\",\
                 \"AccountId\":\"123456789012\"}\n",
            )
            .run();
    }

    /// Otherwise the two tests above would say nothing.
    #[test]
    fn other_keys_are_refused_by_the_server() {
        let Some(python) = peer::python(&["botocore"]) else { return };
        let known = keys(None, "us-east-1");
        let server = Server::start(&python, "sigv4_server.py", &known);
        for (name, value) in [("secret_access_key", "other"), ("session_token", "other"), ("region", "eu-west-1")] {
            let mut keys = known.clone();
            keys[name] = json!(value);
            let run = home(&server, &keys).keyfob(["whoami", "base"]).code(1).any_stderr().run();
            assert!(run.stderr.contains("SignatureDoesNotMatch"), "{name}: {}", run.stderr);
        }
    }
}

mod moto {
    use super::*;

    /// A home whose profile `target` is a role in moto's AWS.
    fn home(server: &Server) -> Home {
        let (id, secret) = (server.fact("access_key_id"), server.fact("secret_access_key"));
        Home::new()
            .env("AWS_ENDPOINT_URL_STS", server.fact("url"))
            .credentials(&format!("[base]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"))
            .config(&format!(
                "[profile target]\nrole_arn = arn:aws:iam::123456789012:role/Demo\nsource_profile = base\n\
                 role_session_name = jane\nregion = us-east-1\n\
                 [profile again]\nrole_arn = arn:aws:iam::123456789012:role/Demo\nsource_profile = target\n\
                 role_session_name = twice\nregion = us-east-1\n\
                 [profile sdk]\ncredential_process = \"{KEYFOB}\" process --profile target\n"
            ))
    }

    #[test]
    fn roles_are_assumed_and_their_keys_accepted() {
        let Some(python) = peer::python(&["moto.server"]) else { return };
        let server = Server::start(&python, "moto_server.py", &Value::Null);
        let home = home(&server);
        for (profile, arn) in [
            ("base", "arn:aws:iam::123456789012:user/jane"),
            ("target", "arn:aws:sts::123456789012:assumed-role/Demo/jane"),
            ("again", "arn:aws:sts::123456789012:assumed-role/Demo/twice"),
        ] {
            let run = home.keyfob(["whoami", profile, "--json"]).any_stdout().run();
            assert_eq!(json(&run.stdout)["Arn"], arn);
            assert_eq!(json(&run.stdout)["Account"], "123456789012");
        }
        home.write(
            ".aws/credentials",
            format!("[base]\naws_access_key_id = {}\naws_secret_access_key = wrong\n", server.fact("access_key_id")),
        );
        let run = home.keyfob(["whoami", "base"]).code(1).any_stderr().run();
        assert!(run.stderr.contains("SignatureDoesNotMatch"), "{}", run.stderr);
    }

    #[test]
    fn boto3_calls_aws_with_what_keyfob_prints() {
        let Some(python) = peer::python(&["moto.server", "boto3"]) else { return };
        let server = Server::start(&python, "moto_server.py", &Value::Null);
        let home = home(&server);
        let identity = ask(&python, &home, "caller_identity.py", &["sdk"], "");
        assert_eq!(identity["Arn"], "arn:aws:sts::123456789012:assumed-role/Demo/jane");
    }
}

/// Only version 2 of the AWS CLI has `export-credentials`, and that is in no package registry; so even CI may
/// be without it, and the formats' bytes stand in `env` as well.
#[test]
fn formats_are_those_of_the_aws_cli_itself() {
    let Some(aws) = peer::rare_program("aws") else { return };
    let home = Home::new().config("[default]\nregion = eu-west-1\n").credentials(
        "[long]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/EXAMPLE+KEY\n\
             [session]\naws_access_key_id = ASIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/EXAMPLE+KEY\n\
             aws_session_token = token//EXAMPLE+==\n",
    );
    let version = Command::new(&aws).arg("--version").env_clear().env("PATH", "/usr/bin:/bin").output();
    if !version.is_ok_and(|output| output.stdout.starts_with(b"aws-cli/2.")) {
        eprintln!("skipped: {} is not version 2 of the AWS CLI", aws.display());
        return;
    }
    for profile in ["long", "session"] {
        for format in ["env", "env-no-export", "powershell", "windows-cmd", "fish", "process"] {
            let arguments = ["configure", "export-credentials", "--profile", profile, "--format", format];
            let theirs = home.program(text(&aws), arguments).any_stdout().run().stdout;
            home.keyfob(["env", "--profile", profile, "--format", format]).stdout(theirs).run();
        }
    }
}

/// Lines that botocore's splitting and a shell's understand alike, so that keyfob has no choice to make.
const LINES: [&str; 37] = [
    "a b  c",
    "a\tb\t\tc",
    "'a b' \"c d\"",
    r"a\ b c\'d e\\f",
    r#""a\"b" "c\\d" "e\f" "g\'h""#,
    r"'a\b' 'c\\d' 'e\'",
    "'' \"\" ''\"\"",
    "a''b\"c\"d'e'",
    "a'b c'd",
    "--x=y --profile 'dev admin' -p=z",
    "é 😀 ü\"ö ß\"'日 本'",
    "\u{a0}a\u{a0}b\u{3000}c",
    r"C:\x\y D:\\z",
    r#""C:\Program Files\keyfob.exe""#,
    "a:b,c=d@e%f^g+h!i",
    "X=1 a= =b ==",
    r#"\'\" \a\b\c"#,
    "\"it's\" 'say \"hi\"'",
    r#""a'b"'c"d'"#,
    "- -- ---",
    "\"#\" '#' \"a#b\"",
    "a#b",
    "'$HOME' '$(id)' '`id`' '${x}'",
    r"\$HOME \`id\`",
    r"\| \& \; \< \> \( \) \* \? \[ \{ \# \~",
    "'a|b;c&d<e>(f)'",
    "\"a|b;c&d<e>(f)\"",
    "\"*\" '?' \"[a-z]\" '{a,b}'",
    "\"~\" '~/x' a~b",
    "a] b} ] }",
    "! !a a!b '!' \"x!y\"",
    "%PATH% 100% %%",
    "/opt/x //y ./z ../w",
    r#""trailing \\""#,
    r#""\\\"" '\\"'"#,
    "\"a\tb\" 'c\td'",
    "if then fi in for",
];

#[test]
fn command_lines_are_split_as_botocore_splits_them() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let helper = script("show_arguments.py");
    let lines = LINES.map(|line| format!("'{}' -B '{}' {line}", text(&python), text(&helper)));
    let profiles = lines.iter().enumerate();
    let profiles = profiles.map(|(number, line)| format!("[profile p{number}]\ncredential_process = {line}\n"));
    let home = Home::new().config(&profiles.collect::<String>());
    let theirs = ask(&python, &home, "shlex_split.py", &[], &json!(lines.as_slice()).to_string());
    for (number, line) in lines.iter().enumerate() {
        let run = home.keyfob(["process", &format!("p{number}")]).any_stdout().run();
        let seen = json(&run.stdout)["SecretAccessKey"].as_str().map(json);
        let wanted = theirs[number].as_array().map(|words| json!(words[2..]));
        assert_eq!(seen, wanted, "{line}");
    }
}
