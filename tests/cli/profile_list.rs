//! `keyfob profile list`: every kind of profile, what hides what, and what is broken.

use super::keyfob::{Home, json};
use serde_json::{Value, json};

const CONFIG: &str = "\
# The team's profiles.
[default]
region = eu-west-1
[profile role]
role_arn = arn:aws:iam::111122223333:role/Demo
source_profile = base
region = us-east-1
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/Demo
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/jane
[profile web]
role_arn = arn:aws:iam::444455556666:role/Web
web_identity_token_file = /run/token
[profile corp]
sso_session = corp
sso_account_id = 000011112222
sso_role_name = Admin
[sso-session corp]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = us-east-1
[profile console]
login_session = arn:aws:sts::777788889999:assumed-role/Admin/jane
credential_process = keyfob process --profile console
[profile bridged]
keyfob_role_arn = arn:aws:iam::111122223333:role/Bridged
keyfob_source_profile = base
credential_process = keyfob process --profile bridged
[profile program]
credential_process = /usr/bin/print-keys
aws_account_id = 123456789012
[profile stored]
keyfob_store = exec:/usr/bin/pass --key MARKERkey
keyfob_aws_access_key_id = AKIASTORED
credential_process = keyfob process --profile stored
[profile in-config]
aws_access_key_id = AKIAINCONFIG
aws_secret_access_key = MARKERsecret
[profile 'two words']
";

const CREDENTIALS: &str = "\
[base]
aws_access_key_id = AKIABASE
aws_secret_access_key = MARKERsecret
aws_account_id = 123456789012
[session]
aws_access_key_id = ASIASESSION
aws_secret_access_key = MARKERsecret
aws_session_token = MARKERtoken
";

const KEYS: &str = "aws_access_key_id = AKIA\naws_secret_access_key = MARKERsecret\n";

fn home() -> Home {
    Home::new().config(CONFIG).credentials(CREDENTIALS)
}

/// The text with the home's path in the place of `~`.
fn at(home: &Home, text: &str) -> String {
    text.replace('~', &home.path().display().to_string())
}

#[test]
fn every_kind_has_a_line_of_its_own() {
    let home = home();
    let expected = "\
default    (none)                                      eu-west-1  ~/.aws/config:2
role       role                         111122223333  us-east-1  ~/.aws/config:4
mfa        role with MFA                111122223333             ~/.aws/config:8
web        web identity                 444455556666             ~/.aws/config:12
corp       sso                          000011112222             ~/.aws/config:15
console    login                        777788889999             ~/.aws/config:22
bridged    role                         111122223333             ~/.aws/config:25
program    process                      123456789012             ~/.aws/config:29
stored     static         exec:/usr/bin/pass                           ~/.aws/config:32
in-config  static         config                                 ~/.aws/config:36
two words  (none)                                                ~/.aws/config:39
base       static         credentials   123456789012             ~/.aws/credentials:1
session    session        credentials                            ~/.aws/credentials:5
";
    let run = home.keyfob(["profile", "list"]).any_stdout().run();
    let columns = |text: &str| -> Vec<Vec<String>> {
        let cells =
            |line: &str| line.split("  ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
        text.lines().map(cells).collect()
    };
    assert_eq!(columns(&run.stdout), columns(&at(&home, expected)));
    let place = |line: &str| line.find(home.path().to_str().expect("UTF-8"));
    let places: Vec<_> = run.stdout.lines().map(place).collect();
    assert!(places.iter().all(|at| *at == places[0] && at.is_some()), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| !line.ends_with(' ')), "{}", run.stdout);
}

#[test]
fn a_column_that_is_empty_is_not_there() {
    let home = Home::new().config("[profile a]\nlogin_session = x\n[profile long-name]\n");
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "a          login   ~/.aws/config:1\nlong-name  (none)  ~/.aws/config:3\n"))
        .run();
}

#[test]
fn names_alone_are_in_the_same_order() {
    let names =
        "default\nrole\nmfa\nweb\ncorp\nconsole\nbridged\nprogram\nstored\nin-config\ntwo words\nbase\nsession\n";
    home().keyfob(["profile", "list", "--names"]).stdout(names).run();
}

#[test]
fn names_are_there_whatever_is_broken() {
    let home =
        Home::new().config("nonsense\n[profile a]\n= 1\n[profile b\n[profile 'x\u{1b}[my']\n").credentials("[c]\n");
    home.keyfob(["profile", "list", "--names"]).stdout("a\nb\nx\\u{1b}[my\nc\n").run();
    home.write(".aws/config", b"\xff\xfe[\0d\0e\0f\0a\0u\0l\0t\0]\0");
    home.keyfob(["profile", "list", "--names"]).stdout("c\n").run();
    let said = "keyfob: cannot read \"~/.aws/config\": file is UTF-16; re-save as UTF-8\n";
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "c  (none)  ~/.aws/credentials:1\n"))
        .stderr(at(&home, said))
        .run();
}

#[test]
fn json_has_the_same_members_for_every_profile() {
    let home = home();
    let run = home.keyfob(["profile", "list", "--json"]).any_stdout().run();
    let file = |name: &str| at(&home, &format!("~/.aws/{name}"));
    let list = json(&run.stdout);
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), 13);
    let plain = |name: &str, kind: Value, store: Value, account: Value, region: Value, path: &str, line: u32| {
        json!({
            "name": name, "type": kind, "store": store, "account_id": account, "region": region,
            "file": file(path), "line": line, "shadowed": [], "error": null,
        })
    };
    let null = Value::Null;
    let nothing = || null.clone();
    assert_eq!(list[0], plain("default", nothing(), nothing(), nothing(), json!("eu-west-1"), "config", 2));
    assert_eq!(list[2], plain("mfa", json!("role with MFA"), nothing(), json!("111122223333"), nothing(), "config", 8));
    assert_eq!(
        list[8],
        plain("stored", json!("static"), json!("exec:/usr/bin/pass"), nothing(), nothing(), "config", 32)
    );
    assert_eq!(
        list[12],
        plain("session", json!("session"), json!("credentials"), nothing(), nothing(), "credentials", 5)
    );
}

#[test]
fn a_broken_profile_is_listed_and_the_others_work_on() {
    let home = Home::new()
        .config("lost\n[profile a]\nregion = x\nnonsense\n[profile b]\nlogin_session = x\n[sso-session s]\n=\n")
        .credentials("[b]\n  odd\n[c]\nx = 1\n");
    let table = "a  broken  ~/.aws/config:2\nb  broken  ~/.aws/config:5\nc  (none)  ~/.aws/credentials:3\n";
    let said = "keyfob: ~/.aws/config:1:1: Expected a profile definition\n\
                keyfob: ~/.aws/config:4:1: Expected an '=' sign defining a property\n\
                keyfob: ~/.aws/config:8:1: Property did not have a name\n\
                keyfob: ~/.aws/credentials:2:3: Expected a property definition, found continuation\n";
    home.keyfob(["profile", "list"]).stdout(at(&home, table)).stderr(at(&home, said)).run();
    let run = home.keyfob(["profile", "list", "--json"]).any_stdout().stderr(at(&home, said)).run();
    let list = json(&run.stdout);
    assert_eq!(list[0]["type"], "broken");
    assert_eq!(list[0]["error"], at(&home, "~/.aws/config:4:1: Expected an '=' sign defining a property"));
    assert_eq!(list[2]["error"], Value::Null);
}

#[test]
fn a_value_that_is_no_text_breaks_its_profile() {
    let home = Home::new().credentials("[b]\n");
    home.write(".aws/config", b"[profile a]\nrole_arn = \xff\nsource_profile = b\n");
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "a  broken  ~/.aws/config:1\nb  (none)  ~/.aws/credentials:1\n"))
        .stderr(at(&home, "keyfob: profile \"a\": ~/.aws/config:2: the value is not UTF-8\n"))
        .run();
}

#[test]
fn what_goes_before_what_is_said() {
    let home = Home::new()
        .config(&format!(
            "[profile both]\n{KEYS}region = x\n[profile types]\nrole_arn = r\nsource_profile = both\n{KEYS}[profile split]\n\
             aws_access_key_id = AKIASPLIT\n"
        ))
        .credentials(&format!("[both]\n{KEYS}[split]\naws_secret_access_key = MARKERsecret\n"));
    let said = "\
keyfob: profile \"both\": ~/.aws/config:2: aws_access_key_id does not count, since that of ~/.aws/credentials:2 goes before it
keyfob: profile \"both\": ~/.aws/config:3: aws_secret_access_key does not count, since that of ~/.aws/credentials:3 goes before it
keyfob: profile \"types\": ~/.aws/config:8: aws_access_key_id does not count, since role_arn (~/.aws/config:6) goes before it
keyfob: profile \"types\": ~/.aws/config:9: aws_secret_access_key does not count, since role_arn (~/.aws/config:6) goes before it
keyfob: profile \"split\": its access key (~/.aws/config:11) and its secret (~/.aws/credentials:5) stand in two files, \
which the AWS CLI refuses
";
    let run = home.keyfob(["profile", "list", "--json"]).any_stdout().stderr(at(&home, said)).run();
    let list = json(&run.stdout);
    let line = |key: &str, file: &str, line: u32| json!({"key": key, "file": at(&home, file), "line": line});
    let mut shadowed = line("aws_secret_access_key", "~/.aws/config", 9);
    shadowed["by"] = line("role_arn", "~/.aws/config", 6);
    assert_eq!(list[1]["shadowed"][1], shadowed);
    assert_eq!(list[2]["store"], "credentials");
}

#[test]
fn a_secret_that_was_left_beside_its_store_is_told() {
    let home = Home::new()
        .config("[profile a]\nkeyfob_store = sealed\nkeyfob_aws_access_key_id = AKIAOLD\n")
        .credentials(&format!("[a]\n{KEYS}"));
    let said = "~/.aws/credentials:3: aws_secret_access_key does not count, since keyfob_store (~/.aws/config:2) goes before it\n";
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "a  static  sealed  ~/.aws/config:1\n"))
        .stderr(at(&home, &format!("keyfob: profile \"a\": {said}")))
        .run();
    home.keyfob(["profile", "check"])
        .code(1)
        .stdout(at(&home, said))
        .stderr("keyfob: found 1 thing that AWS tools refuse, pass over or read differently\n")
        .run();
}

#[test]
fn keys_in_the_environment_go_before_all() {
    let home = Home::new().config("[default]\n").env("AWS_ACCESS_KEY_ID", "AKIA").env("AWS_SECRET_ACCESS_KEY", "x");
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "default  (none)  ~/.aws/config:1\n"))
        .stderr("keyfob: AWS_ACCESS_KEY_ID is set, and goes before every profile that is not named\n")
        .run();
    home.keyfob(["profile", "list", "--names"]).stdout("default\n").run();
}

#[test]
fn where_there_is_none_the_ways_to_make_one_are_said() {
    let home = Home::new();
    let said = "There are no profiles in \"~/.aws/config\" or \"~/.aws/credentials\".\nMake one: `keyfob configure sso default` ";
    let run = home.keyfob(["profile", "list"]).any_stderr().run();
    assert!(run.stderr.starts_with(&at(&home, said)), "{}", run.stderr);
    home.keyfob(["profile", "list", "--json"]).stdout("[]\n").any_stderr().run();
    home.keyfob(["profile", "list", "--names"]).run();
}

#[test]
fn a_file_that_is_named_and_missing_is_said() {
    let home = Home::new().credentials("[a]\n").env("AWS_CONFIG_FILE", "/nowhere/config");
    home.keyfob(["profile", "list"])
        .stdout(at(&home, "a  (none)  ~/.aws/credentials:1\n"))
        .stderr("keyfob: AWS_CONFIG_FILE names a file that does not exist: \"/nowhere/config\"\n")
        .run();
}

#[test]
fn another_location_has_its_own_profiles() {
    let home = home();
    home.write("team/keys", "[c]\n");
    home.keyfob(["profile", "list", "--names", "--profile-location", "~/team/keys"]).stdout("c\n").run();
    home.keyfob(["profile", "list", "--profile-location", "~/team/keys"])
        .stdout(at(&home, "c  (none)  ~/team/keys:1\n"))
        .run();
    let run = home.keyfob(["profile", "list", "--profile-location", "~/team/gone"]).any_stderr().run();
    assert!(run.stderr.starts_with(&at(&home, "keyfob: there is no file \"~/team/gone\"\nThere are no profiles in ")));
    home.write("team/config", "[profile d]\n");
    home.keyfob(["profile", "list", "--profile-location=~/team/keys"])
        .stdout(at(&home, "d  (none)  ~/team/config:1\nc  (none)  ~/team/keys:1\n"))
        .run();
}

#[test]
fn odd_lines_are_told_to_those_who_look_into_a_matter() {
    let home = Home::new().config("[a]\n[profile b]\nx = 1 # comment\n");
    let table = at(&home, "b  (none)  ~/.aws/config:2\n");
    home.keyfob(["profile", "list"]).stdout(&table).run();
    home.keyfob(["profile", "list", "-v"])
        .stdout(table)
        .stderr(at(&home, "keyfob: ~/.aws/config:1: ignored: profiles here are written [profile NAME]\n"))
        .run();
}

#[test]
fn a_list_is_of_all_profiles() {
    Home::new()
        .keyfob(["-p", "dev", "profile", "list"])
        .code(2)
        .stderr("keyfob: `keyfob profile list` is about all profiles, and \"dev\" is named\n")
        .run();
    Home::new()
        .keyfob(["profile", "list", "--json", "--names"])
        .code(2)
        .stderr("keyfob: --json and --names exclude each other\n")
        .run();
}

#[test]
fn a_profile_of_saml_is_listed_with_its_account_and_the_store_of_its_password() {
    let home = Home::new().config(
        "[profile corp]\nsaml_endpoint = https://adfs.example.com/\nsaml_role_arn = arn:aws:iam::111122223333:role/Dev\n\
         keyfob_store = exec:/usr/bin/pass --key MARKERkey\ncredential_process = keyfob process --profile corp\n\
         [profile other]\nsaml_process = get-assertion\n",
    );
    let config = home.path().join(".aws/config").display().to_string();
    let lines = format!("corp   saml  exec:/usr/bin/pass  111122223333  {config}:1\n");
    let lines = format!("{lines}other  saml                                    {config}:6\n");
    home.keyfob(["profile", "list"]).stdout(lines).run();
    let run = home.keyfob(["profile", "list", "--json"]).any_stdout().run();
    let rows = json(&run.stdout);
    assert_eq!(
        [&rows[0]["type"], &rows[0]["store"], &rows[0]["account_id"], &rows[1]["type"], &rows[1]["store"]],
        [&json!("saml"), &json!("exec:/usr/bin/pass"), &json!("111122223333"), &json!("saml"), &Value::Null]
    );
}
