//! keyfob's main job, with nothing to configure: `cargo run --example tour`.
//!
//! AWS is the fake server of the tests, on 127.0.0.1, and the home is thrown away at the end. The binary is
//! the real one, and what is shown is what it printed. The tour fails when any of it is not as announced.

#[path = "cli/fake/mod.rs"]
mod fake;
mod stage;

use base64ct::{Base64, Encoding};
use fake::{Account, IdentityCenter, Keys, SignIn, Sts};
use stage::Home;
use std::{
    fs,
    io::{self, BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output, Stdio},
    time::{Duration, Instant},
};

type Outcome<T = ()> = Result<T, String>;

const SERIAL: &str = "arn:aws:iam::123456789012:mfa/jane";
const CODE: &str = "123456";
const HELPERS: usize = 50;
/// What prints the passphrase of the sealed file.
const PASSPHRASE: &str = "/bin/echo correct horse EXAMPLE";
const POD: &str = "arn:aws:iam::123456789012:role/Pod";
const STAFF: &str = "arn:aws:iam::123456789012:role/Staff";
const ADFS: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";
/// How long STS takes to answer the helpers.
const SLOW: Duration = Duration::from_millis(500);

const CONFIG: &str = "\
[profile dev]
role_arn = arn:aws:iam::123456789012:role/Developer
source_profile = base
region = eu-west-1

[profile audit]
role_arn = arn:aws:iam::210987654321:role/Auditor
source_profile = dev
region = eu-west-1

[profile ops]
role_arn = arn:aws:iam::123456789012:role/Operator
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/jane

[profile billing]
role_arn = arn:aws:iam::123456789012:role/Billing
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/jane

[profile build]
role_arn = arn:aws:iam::123456789012:role/Build
source_profile = base
";

fn main() -> ExitCode {
    match Tour::prepare().and_then(Tour::walk) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nThe tour ended early: {why}");
            ExitCode::FAILURE
        }
    }
}

struct Tour {
    keyfob: PathBuf,
    home: Home,
    sts: Sts,
    /// The long-term keys of `[base]`.
    jane: Keys,
    signin: SignIn,
    center: IdentityCenter,
}

/// One command that was run and shown.
struct Shown {
    stdout: String,
    stderr: String,
    elapsed: Duration,
}

impl Tour {
    fn prepare() -> Outcome<Self> {
        let keyfob = stage::shipped_binary()?;
        let home = Home::new().map_err(|error| format!("cannot make a home: {error}"))?;
        let sts = Sts::start();
        let jane = sts.add_user("jane");
        answer_calls(&sts, &jane);
        for (path, text) in [(".aws/config", CONFIG), (".aws/credentials", &jane.section("base"))] {
            home.write(path, text).map_err(|error| format!("cannot write {path}: {error}"))?;
        }
        let center = IdentityCenter::start();
        center.add_account(Account::new("111122223333", &["Admin", "Audit"]).named("Prod"));
        center.add_account(Account::new("444455556666", &["Admin"]).named("Test"));
        center.serve_all();
        Ok(Self { keyfob, home, sts, jane, signin: SignIn::start(), center })
    }

    fn walk(self) -> Outcome {
        say(&format!(
            "This is keyfob at work. The AWS that it talks to is a fake on this machine ({}), its home is {}, \
             and every secret that you see is made up and says so. First, what a user has: ~/.aws/config, and the \
             long-term keys of [base] in ~/.aws/credentials.",
            self.sts.url(),
            self.home.path().display(),
        ));
        print!("\n{}", indented(CONFIG));
        self.credentials_for_an_sdk()?;
        self.variables_and_commands()?;
        self.a_shell_that_follows()?;
        self.a_chain_of_roles()?;
        self.one_code_for_many_roles()?;
        self.many_at_once()?;
        self.a_console_sign_in()?;
        self.a_profile_of_identity_center()?;
        self.a_profile_for_every_role()?;
        self.a_token_in_a_file()?;
        self.an_identity_provider()?;
        self.profiles_and_their_settings()?;
        self.a_bridge_and_back()?;
        self.keys_out_of_the_file_and_back()?;
        self.a_mistake()?;
        let Self { home, sts, signin, center, .. } = self;
        drop(home);
        // They panic if keyfob sent anything that AWS would not have accepted.
        drop((signin, center));
        let calls = sts.finish();
        say(&format!(
            "That was the tour. STS was called {} times in all; every call was made as AWS wants it.",
            calls.len()
        ));
        Ok(())
    }

    fn credentials_for_an_sdk(&self) -> Outcome {
        say("An SDK or the AWS CLI runs the `credential_process` line of a profile and reads one line of JSON. \
             keyfob signs in with the keys of [base] and assumes the role:");
        let first = self.succeeds(&["process", "--profile", "dev"])?;
        let issued = self.last_issued()?;
        check(first.stdout.lines().count() == 1, "the answer is one line")?;
        let document: serde_json::Value =
            serde_json::from_str(&first.stdout).map_err(|error| format!("the answer is not JSON: {error}"))?;
        check(document["AccessKeyId"] == issued.access_key_id.as_str(), "the answer holds the keys that STS issued")?;

        say("Asked again, it answers from its cache, without opening a socket:");
        let calls = self.calls();
        let second = self.succeeds(&["process", "--profile", "dev"])?;
        check(second.stdout == first.stdout, "the answer is the same")?;
        check(self.calls() == calls, "STS was not called again")?;
        println!("  ({:.1} ms, process start included; the first took {:.1} ms)", millis(&second), millis(&first));
        Ok(())
    }

    fn variables_and_commands(&self) -> Outcome {
        let issued = self.last_issued()?;
        let calls = self.calls();
        say("For a shell it prints variables. They are quoted for the shell that runs it, and what would stand in \
             their way is unset; `eval \"$(keyfob env dev)\"` takes them over:");
        let env = self.succeeds(&["env", "dev", "--shell", "bash"])?;
        check(env.stdout.contains(&issued.access_key_id), "the variables are those of the role")?;

        say("Or one command gets them, and nothing else does. This command is `keyfob whoami`, without a profile, so \
             that it sees its environment alone:");
        let exec = self.succeeds(&["exec", "dev", "--", "keyfob", "whoami"])?;
        check(exec.stdout.contains("assumed-role/Developer/"), "the command acts as the role")?;
        check(self.calls() == calls + 1, "only whoami itself called STS")
    }

    fn a_shell_that_follows(&self) -> Outcome {
        let shells = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/opt/homebrew/bin/bash"];
        let Some(bash) = shells.into_iter().find(|shell| Path::new(shell).exists()) else {
            say("Here a shell would follow from one profile to the next, but there is no bash on this machine.");
            return Ok(());
        };
        say(
            "A shell need not hold any secret. One line at its start, `eval \"$(keyfob init bash)\"`, defines `kf`, and \
             `kf use` points this shell at a profile. Here is bash, as somebody types it:",
        );
        let calls = self.calls();
        let typed = ["kf use dev", "echo \"$AWS_PROFILE in $AWS_REGION\"", "kf use ops", "kf use -", "kf prompt; echo"];
        let shown = typed.map(|line| format!("printf '$ %s\\n' '{line}'\n{line}\n")).concat();
        let script = format!("exec 2>&1\neval \"$(keyfob init bash)\"\n{shown}");
        let mut command = self.command(Path::new(bash));
        command.args(["--norc", "--noprofile", "-euc", &script]);
        let output = command.output().map_err(|error| format!("cannot run {bash}: {error}"))?;
        let stdout = text(output.stdout)?;
        for line in stdout.lines() {
            if line.starts_with("$ ") { println!("\n{line}") } else { print!("{}", indented(&format!("{line}\n"))) }
        }
        check(output.status.success(), "bash does not mind what it evaluates")?;
        check(stdout.contains("\ndev in eu-west-1\n"), "the shell has the profile and its region")?;
        check(stdout.contains("$ kf use -\ndev\n"), "the way back says where it leads")?;
        check(stdout.contains("\ndev 123456789012"), "the prompt tells profile and account")?;
        check(!stdout.contains("EXAMPLE"), "nothing is secret in it")?;

        say("The Tab key asks keyfob what could come next, whatever the shell is:");
        let complete = self.succeeds(&["complete", "--shell", "zsh", "--", "whoami", "b"])?;
        let names: Vec<_> = complete.stdout.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
        check(["base", "billing", "build"].iter().all(|name| names.contains(name)), "profiles are completed")?;
        check(self.calls() == calls, "nobody was asked for any of that")
    }

    fn a_chain_of_roles(&self) -> Outcome {
        say("Roles may stand on roles. `explain` tells where an answer would come from, without asking anybody:");
        let calls = self.calls();
        let explain = self.succeeds(&["explain", "audit"])?;
        check(explain.stdout.contains("3. assume_role of profile \"audit\""), "the chain has three links")?;
        check(self.calls() == calls, "explain asked nobody")?;

        say("`whoami` asks AWS. The credentials of [dev] were still there, so one role was assumed, not two:");
        let whoami = self.succeeds(&["whoami", "audit"])?;
        check(whoami.stdout.contains("account  210987654321\n"), "the role is of the other account")?;
        check(self.calls() == calls + 2, "STS was called for one role and the identity")
    }

    fn one_code_for_many_roles(&self) -> Outcome {
        say("[ops] wants a code of jane's MFA device. keyfob asks for it on the terminal, or takes it as an option:");
        self.sts.set_mfa_code(SERIAL, CODE);
        let calls = self.calls();
        self.succeeds(&["whoami", "ops", "--mfa-code", CODE])?;
        say("[billing] wants one too. A code can be used once, but the session that it opened serves every role:");
        let billing = self.succeeds(&["whoami", "billing"])?;
        check(billing.stdout.contains("assumed-role/Billing/"), "the second role needed no code")?;
        let operations: Vec<_> = self.sts.calls().split_off(calls);
        let sessions = operations.iter().filter(|call| call.operation == "GetSessionToken").count();
        check(sessions == 1, "one session was opened")
    }

    fn many_at_once(&self) -> Outcome {
        say(&format!(
            "A build starts {HELPERS} programs at once, each runs its helper, nothing is cached, and STS takes {} s to \
             answer:",
            SLOW.as_secs_f64()
        ));
        println!("\n$ keyfob process --profile build   # {HELPERS} times at once");
        let calls = self.calls();
        let finished = stage::at_once(HELPERS, || self.keyfob(&["process", "--profile", "build"]))
            .map_err(|error| format!("cannot run keyfob: {error}"))?;
        let slowest = finished.iter().map(|one| one.elapsed).max().unwrap_or_default();
        let issued = self.last_issued()?;
        let answered = finished.iter().filter(|one| {
            let stdout = String::from_utf8_lossy(&one.output.stdout);
            one.output.status.success() && stdout.contains(&issued.access_key_id)
        });
        let (answered, calls) = (answered.count(), self.calls() - calls);
        println!(
            "  {answered} answers with the same keys, {calls} call of STS, the slowest answer after {:.2} s",
            slowest.as_secs_f64()
        );
        check(answered == HELPERS, "every helper was answered")?;
        check(calls == 1, "one of them called STS for all")
    }

    fn a_console_sign_in(&self) -> Outcome {
        const ARN: &str = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com";
        say(
            "Who has no long-term keys signs in with the AWS console. keyfob opens the page in a browser, or shows where \
             it is. Here the tour is the person there: it clicks Allow, and is led back to keyfob:",
        );
        let signin = &self.signin;
        signin.expect(fake::sign_in(ARN));
        let words = ["login", "console", "--no-browser", "--region", "eu-west-1"];
        let stdout = self.signs_in(&words, |url| signin.visit(url).allow())?;
        check(stdout.contains(ARN), "keyfob says who signed in")?;

        say(
            "The profile is there now, with a session that the AWS CLI and the SDKs share. Its credentials last for 15 \
             minutes; who asks later gets new ones, for up to 12 hours:",
        );
        let process = self.succeeds(&["process", "--profile", "console"])?;
        let [granted] = &signin.answered()[..] else { return Err("not one sign-in was granted".to_owned()) };
        check(process.stdout.contains(&granted.keys.access_key_id), "the answer holds the keys of the sign-in")?;
        check(signin.calls().len() == 1, "they were not renewed yet")
    }

    fn a_profile_of_identity_center(&self) -> Outcome {
        say(
            "An organisation with IAM Identity Center assigns people roles in its accounts. `configure sso` asks where to \
             sign in, and lets a person choose account and role from lists. Options answer the same, for scripts and for \
             this tour. What it writes is what the AWS CLI would have written:",
        );
        let start_url = &self.center.start_url;
        let words = ["configure", "sso", "prod", "--sso-session", "corp", "--start-url", start_url];
        let more = ["--sso-region", "us-east-1", "--account-id", "111122223333", "--role-name", "Admin"];
        self.succeeds(&[&words[..], &more].concat())?;

        say("The sign-in is one for all roles there. Here the tour is the person again:");
        let port = free_port().map_err(|error| format!("there is no port: {error}"))?.to_string();
        let words = ["sso", "login", "prod", "--no-browser", "--redirect-port", &port];
        let oidc = &self.center.oidc;
        let stdout = self.signs_in(&words, |url| oidc.visit(url).allow())?;
        check(stdout.contains("; it renews itself."), "the sign-in renews itself")?;
        let process = self.succeeds(&["process", "--profile", "prod"])?;
        let [granted] = &self.center.portal.issued()[..] else { return Err("not one role was granted".to_owned()) };
        check(process.stdout.contains(&granted.access_key_id), "the answer holds the keys of the role")
    }

    fn a_profile_for_every_role(&self) -> Outcome {
        say("`sso list` shows which accounts and roles there are, and which profiles are for them:");
        let list = self.succeeds(&["sso", "list", "--sso-session", "corp"])?;
        check(list.stdout.lines().count() == 3, "there are three roles")?;
        check(list.stdout.contains("Admin  prod\n"), "one of them has a profile")?;

        say(
            "`sso sync` makes a profile for each of them, marks it as its own, and leaves all others alone. --dry-run shows \
             what would change:",
        );
        let words = ["sso", "sync", "--sso-session", "corp", "--region", "eu-west-1"];
        let preview = self.succeeds(&[&words[..], &["--dry-run"]].concat())?;
        check(preview.stdout.contains("\n+[profile Test/Admin]\n"), "a new profile is announced")?;
        let sync = self.succeeds(&words)?;
        check(sync.stdout.starts_with("Profiles: 3 added, "), "three profiles were made")?;

        say("None of them needs a sign-in of its own. `explain` says until when the one of [corp] lasts:");
        let explain = self.succeeds(&["explain", "Test/Admin"])?;
        check(explain.stdout.contains("sign-in: until "), "the sign-in serves the new profile")
    }

    fn a_token_in_a_file(&self) -> Outcome {
        say(
            "A pod of Kubernetes has a token in a file, a job of a CI may have one, and there is a role that trusts its \
             issuer. `explain` says whose token it is, and for whom:",
        );
        let token = self.sts.add_web_identity("system:serviceaccount:shop:cart");
        self.home.write("run/token", &token).map_err(|error| format!("cannot write the token: {error}"))?;
        self.succeeds(&["profile", "set", "pod", "--role-arn", POD, "--web-identity-token-file", "~/run/token"])?;
        let explain = self.succeeds(&["explain", "pod"])?;
        check(explain.stdout.contains("of subject \"system:serviceaccount:shop:cart\""), "the subject is told")?;
        check(!explain.stdout.contains(&token), "the token is not")?;

        say("STS trades it for the role, in a call that nobody signs. The file is read anew at every renewal:");
        let process = self.succeeds(&["process", "--profile", "pod"])?;
        check(process.stdout.contains(&self.last_issued()?.access_key_id), "the answer holds the keys of the role")
    }

    fn an_identity_provider(&self) -> Outcome {
        if cfg!(windows) {
            // The program that prints the assertion is one of Unix.
            return Ok(());
        }
        say(
            "Organisations with AD FS, or another identity provider of SAML, give a role to whoever signs in there. keyfob \
             does that itself with `--saml-endpoint`, or has another program do it. Here that program prints a file:",
        );
        let assertion = assertion();
        self.sts.trust_assertion(&Base64::encode_string(assertion.as_bytes()), "jane");
        let file = self.home.write("assertion", &assertion).map_err(|error| format!("cannot write it: {error}"))?;
        let program = format!("/bin/cat {}", file.display());
        self.succeeds(&["profile", "set", "staff", "--saml-process", &program])?;
        let process = self.succeeds(&["process", "--profile", "staff"])?;
        check(process.stdout.contains(&self.last_issued()?.access_key_id), "the answer holds the keys of the role")?;

        say("No other program knows such settings. So the profile has the line already by which all come to keyfob:");
        let show = self.succeeds(&["profile", "show", "staff"])?;
        check(show.stdout.contains("keyfob process --profile staff\n"), "programs are sent to keyfob")
    }

    fn profiles_and_their_settings(&self) -> Outcome {
        say("`profile list` tells what all these profiles are, where keys are kept, and where each of them stands:");
        let list = self.succeeds(&["profile", "list"])?;
        for (name, kind) in
            [("base", " static "), ("ops", " role with MFA "), ("console", " login "), ("prod", " sso ")]
        {
            let is_listed =
                list.stdout.lines().any(|line| line.starts_with(&format!("{name} ")) && line.contains(kind));
            check(is_listed, &format!("[{name}] is listed as{kind}"))?;
        }

        say("`profile show` masks secrets:");
        let show = self.succeeds(&["profile", "show", "base"])?;
        check(show.stdout.contains("aws_secret_access_key = ****************"), "the secret is masked")?;
        check(!show.stdout.contains(&self.jane.secret_access_key), "the secret is not shown")?;

        say("`profile set` makes profiles and changes them, and no other byte. --dry-run shows what it would do:");
        let before = self.config()?;
        let role = ["--role-arn", "arn:aws:iam::123456789012:role/Night", "--source-profile", "base"];
        let set = [&["profile", "set", "night", "region=eu-north-1"][..], &role].concat();
        let preview = self.succeeds(&[&set[..], &["--dry-run"]].concat())?;
        check(preview.stdout.contains("\n+[profile night]\n"), "the new profile is announced")?;
        check(self.config()? == before, "nothing was written")?;
        self.succeeds(&set)?;
        let after = self.config()?;
        check(after.starts_with(&before), "all that was there stays")?;
        check(after.contains("\nrole_arn = arn:aws:iam::123456789012:role/Night\n"), "the new profile has its role")
    }

    fn a_bridge_and_back(&self) -> Outcome {
        say(
            "Many programs would assume the role of [dev] themselves. `bridge` gives its settings names that keyfob alone \
             reads, and adds the line by which every SDK comes here. What keyfob makes of the profile stays the same:",
        );
        let (before, calls) = (self.config()?, self.calls());
        self.succeeds(&["bridge", "dev"])?;
        let bridged = self.config()?;
        check(
            bridged.contains("\nkeyfob_role_arn = arn:aws:iam::123456789012:role/Developer\n"),
            "the role is keyfob's",
        )?;
        check(bridged.contains("keyfob process --profile dev\n"), "programs are sent to keyfob")?;
        self.succeeds(&["process", "--profile", "dev"])?;
        check(self.calls() == calls, "the answer was still in the cache")?;

        say("And back, to the byte:");
        self.succeeds(&["bridge", "--undo", "dev"])?;
        check(self.config()? == before, "the file is as it was")
    }

    fn keys_out_of_the_file_and_back(&self) -> Outcome {
        if cfg!(windows) {
            // Windows does not let a home be thrown away: the sealed file would be the person's own.
            return Ok(());
        }
        let secret = &self.jane.secret_access_key;
        say(&format!(
            "Long-term keys need not lie in ~/.aws/credentials. A store keeps them: on a desktop its keyring, here a file \
             that a passphrase opens. What prints the passphrase is in KEYFOB_PASSPHRASE_COMMAND, `{PASSPHRASE}`:"
        ));
        self.succeeds(&["store", "move", "base", "--to", "sealed"])?;
        check(!self.credentials()?.contains(secret), "the secret has left the credentials file")?;
        check(!self.config()?.contains(secret), "the config file has none of it")?;
        let list = self.succeeds(&["store", "list"])?;
        check(list.stdout.contains("sealed  base\n"), "the keys are listed in their store")?;

        say("What stands in the config file is no secret, and all programs get the keys through keyfob:");
        let process = self.succeeds(&["process", "--profile", "base"])?;
        check(process.stdout.contains(secret), "the answer holds the keys of the store")?;

        say("They come back as safely as they went: read back first, and removed from the store last.");
        self.succeeds(&["store", "move", "base", "--to", "credentials"])?;
        check(self.credentials()?.contains(secret), "the secret is in the credentials file again")
    }

    fn config(&self) -> Outcome<String> {
        self.read(".aws/config")
    }

    fn credentials(&self) -> Outcome<String> {
        self.read(".aws/credentials")
    }

    fn read(&self, path: &str) -> Outcome<String> {
        fs::read_to_string(self.home.path().join(path)).map_err(|error| format!("cannot read {path}: {error}"))
    }

    /// Runs keyfob, shows what it says to the person, and allows what the page of its URL asks; what it printed.
    fn signs_in(&self, words: &[&str], allow: impl Fn(&str) -> String) -> Outcome<String> {
        println!("\n$ keyfob {}", words.join(" "));
        let output = visited(self.keyfob(words), allow).map_err(|error| format!("cannot run keyfob: {error}"))?;
        let stdout = text(output.stdout)?;
        print!("{}", indented(&stdout));
        check(output.status.success(), "somebody signed in")?;
        Ok(stdout)
    }

    fn a_mistake(&self) -> Outcome {
        say(
            "When something is wrong it says what, why, and what to do next, and the exit code tells scripts which kind \
             of wrong it was (4: no such profile). Nothing goes to standard output:",
        );
        let typo = self.run(&["process", "--profile", "de"], 4)?;
        check(typo.stdout.is_empty(), "standard output is empty")?;
        check(typo.stderr.contains("hint: "), "the error has a hint")
    }

    fn succeeds(&self, words: &[&str]) -> Outcome<Shown> {
        self.run(words, 0)
    }

    /// Shows a command line, runs it and shows what it printed.
    fn run(&self, words: &[&str], code: i32) -> Outcome<Shown> {
        println!("\n$ keyfob {}", words.join(" "));
        let began = Instant::now();
        let output = self.keyfob(words).output().map_err(|error| format!("cannot run keyfob: {error}"))?;
        let elapsed = began.elapsed();
        let Output { status, stdout, stderr } = output;
        let shown = Shown { stdout: text(stdout)?, stderr: text(stderr)?, elapsed };
        print!("{}{}", indented(&shown.stdout), indented(&shown.stderr));
        if status.code() != Some(code) {
            return Err(format!("`keyfob {}` ended with {status}, not with code {code}", words.join(" ")));
        }
        Ok(shown)
    }

    fn keyfob(&self, words: &[&str]) -> Command {
        let mut command = self.command(&self.keyfob);
        command.args(words);
        command
    }

    /// A program in this home, with this AWS.
    fn command(&self, program: &Path) -> Command {
        let mut command = self.home.command(program);
        let folder = self.keyfob.parent().expect("a program is in a folder");
        command.env("AWS_ENDPOINT_URL_STS", self.sts.url()).env("USER", "jane").env("PATH", folder);
        command.env("AWS_ENDPOINT_URL_SIGNIN", self.signin.url());
        command.env("AWS_ENDPOINT_URL_SSO", self.center.portal.url());
        command.env("AWS_ENDPOINT_URL_SSO_OIDC", self.center.oidc.url());
        command.env("KEYFOB_PASSPHRASE_COMMAND", PASSPHRASE);
        ask_nobody(&mut command);
        command
    }

    fn calls(&self) -> usize {
        self.sts.calls().len()
    }

    fn last_issued(&self) -> Outcome<Keys> {
        self.sts.issued().pop().ok_or_else(|| "STS has issued no keys".to_owned())
    }
}

/// What the fake is to answer, as often as it comes.
fn answer_calls(sts: &Sts, jane: &Keys) {
    let role = |name: &str| fake::assume_role(&format!("arn:aws:iam::123456789012:role/{name}"));
    sts.always(role("Developer").signed_by(jane));
    sts.always(fake::assume_role("arn:aws:iam::210987654321:role/Auditor"));
    sts.always(fake::get_session_token().mfa(SERIAL, CODE).field("DurationSeconds", "43200").signed_by(jane));
    sts.always(role("Operator"));
    sts.always(role("Billing"));
    sts.always(role("Build").signed_by(jane).after(SLOW));
    sts.always(fake::assume_role_with_web_identity(POD));
    sts.always(fake::assume_role_with_saml(STAFF, ADFS));
    sts.always(fake::get_caller_identity());
}

/// What an identity provider says of jane.
fn assertion() -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><Assertion \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><AttributeStatement><Attribute \
         Name=\"https://aws.amazon.com/SAML/Attributes/Role\"><AttributeValue>{STAFF},{ADFS}</AttributeValue>\
         </Attribute></AttributeStatement></Assertion></samlp:Response>"
    )
}

/// Shows what a command says to the person, and leads the person's browser where the page of its URL leads back.
fn visited(mut command: Command, allow: impl Fn(&str) -> String) -> io::Result<Output> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    for line in BufReader::new(child.stderr.take().expect("the pipe was asked for")).lines() {
        let line = line?;
        print!("{}", indented(&format!("{line}\n")));
        if line.starts_with("http") {
            fake::loopback::get(&allow(&line));
        }
    }
    child.wait_with_output()
}

/// Wherever the tour is run, it is the same: a program in the background asks nothing on the terminal.
fn ask_nobody(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(command, 0x0000_0008 /* DETACHED_PROCESS */);
}

/// One that nobody listens on.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A paragraph for the reader.
fn say(text: &str) {
    const WIDTH: usize = 100;
    println!();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > WIDTH {
            println!("{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    println!("{line}");
}

fn text(bytes: Vec<u8>) -> Outcome<String> {
    String::from_utf8(bytes).map_err(|_| "keyfob printed what is not UTF-8".to_owned())
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

fn millis(shown: &Shown) -> f64 {
    shown.elapsed.as_secs_f64() * 1000.0
}

fn check(holds: bool, what: &str) -> Outcome {
    if holds { Ok(()) } else { Err(format!("it does not hold that {what}")) }
}
