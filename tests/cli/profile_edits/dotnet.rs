//! Files as the AWS SDK for .NET and AWS Tools for PowerShell write them: `key=value`, keys sorted, a GUID, everything
//! in the credentials file, and a last line without an end.

use super::*;

/// One profile of each type, on Windows with its line ends.
const CREDENTIALS: &str = "\
[basic_profile]
aws_access_key_id=AKIABASIC
aws_secret_access_key=SECRET
region=ca-central-1
toolkit_artifact_guid=131cd5e7-dff9-4eff-bbb5-88439b399313
[session_profile]
aws_access_key_id=ASIASESSION
aws_secret_access_key=SECRET
aws_session_token=TOKEN
# left by hand

[role_profile]
external_id=ext
mfa_serial=arn:aws:iam::123456789012:mfa/jane
role_arn=arn:aws:iam::123456789012:role/Demo
role_session_name=jane
source_profile=basic_profile
[web_profile]
role_arn=arn:aws:iam::123456789012:role/Web
web_identity_token_file=C:\\run\\token
[process_profile]
credential_process=C:\\tools\\keys.exe --json
ignore_configured_endpoint_urls=false
[sso_profile]
region=eu-west-1
sso_account_id=012345678901
sso_region=eu-west-1
sso_role_name=Demo
sso_start_url=https://d-1.awsapps.com/start
toolkit_artifact_guid=131cd5e7-dff9-4eff-bbb5-88439b399314";

fn text() -> String {
    CREDENTIALS.replace("SECRET", &format!("{MARKER}/x+y=")).replace("TOKEN", &format!("{MARKER}//token+=="))
}

/// A command, and what it makes of the credentials file: texts and what takes their place; a new config file.
struct Case {
    arguments: &'static [&'static str],
    replaced: &'static [(&'static str, &'static str)],
    config: &'static str,
}

const CASES: &[Case] = &[
    Case {
        arguments: &["set", "basic_profile", "region=eu-west-1"],
        replaced: &[("region=ca-central-1\n", "region = eu-west-1\n")],
        config: "",
    },
    Case {
        arguments: &["set", "basic_profile", "output=json"],
        replaced: &[],
        config: "[profile basic_profile]\noutput = json\n",
    },
    Case {
        arguments: &[
            "set",
            "session_profile",
            "aws_access_key_id=ASIANEW",
            "aws_secret_access_key=new",
            "aws_session_token=newer",
        ],
        replaced: &[(
            "aws_access_key_id=ASIASESSION\naws_secret_access_key=SECRET\naws_session_token=TOKEN\n",
            "aws_access_key_id = ASIANEW\naws_secret_access_key = new\naws_session_token = newer\n",
        )],
        config: "",
    },
    Case {
        arguments: &["set", "role_profile", "external_id=other", "role_arn=arn:aws:iam::123456789012:role/Other"],
        replaced: &[
            ("external_id=ext\n", "external_id = other\n"),
            ("role_arn=arn:aws:iam::123456789012:role/Demo\n", "role_arn = arn:aws:iam::123456789012:role/Other\n"),
        ],
        config: "",
    },
    Case {
        arguments: &["set", "sso_profile", "sso_role_name=Other"],
        replaced: &[("sso_role_name=Demo\n", "sso_role_name = Other\n")],
        config: "",
    },
    Case {
        arguments: &["set", "new", "aws_access_key_id=AKIANEW", "aws_secret_access_key=new"],
        replaced: &[("399314", "399314\n[new]\naws_access_key_id = AKIANEW\naws_secret_access_key = new\n")],
        config: "",
    },
    Case { arguments: &["unset", "basic_profile", "region"], replaced: &[("region=ca-central-1\n", "")], config: "" },
    Case {
        arguments: &["unset", "role_profile", "external_id", "mfa_serial", "role_session_name"],
        replaced: &[
            ("external_id=ext\nmfa_serial=arn:aws:iam::123456789012:mfa/jane\n", ""),
            ("role_session_name=jane\n", ""),
        ],
        config: "",
    },
    Case {
        arguments: &["unset", "sso_profile", "toolkit_artifact_guid"],
        replaced: &[("toolkit_artifact_guid=131cd5e7-dff9-4eff-bbb5-88439b399314", "")],
        config: "",
    },
    Case {
        arguments: &["remove", "session_profile", "--yes"],
        replaced: &[(
            "[session_profile]\naws_access_key_id=ASIASESSION\naws_secret_access_key=SECRET\naws_session_token=TOKEN\n\
             # left by hand\n\n",
            "",
        )],
        config: "",
    },
    Case {
        arguments: &["remove", "web_profile", "--yes"],
        replaced: &[(
            "[web_profile]\nrole_arn=arn:aws:iam::123456789012:role/Web\nweb_identity_token_file=C:\\run\\token\n",
            "",
        )],
        config: "",
    },
    Case {
        arguments: &["remove", "sso_profile", "--yes"],
        replaced: &[(
            "[sso_profile]\nregion=eu-west-1\nsso_account_id=012345678901\nsso_region=eu-west-1\nsso_role_name=Demo\n\
             sso_start_url=https://d-1.awsapps.com/start\n\
             toolkit_artifact_guid=131cd5e7-dff9-4eff-bbb5-88439b399314",
            "",
        )],
        config: "",
    },
];

#[track_caller]
fn check(newline: &str) {
    for Case { arguments, replaced, config } in CASES {
        let dress = |text: &str| {
            text.replace("SECRET", &format!("{MARKER}/x+y="))
                .replace("TOKEN", &format!("{MARKER}//token+=="))
                .replace('\n', newline)
        };
        let before = text().replace('\n', newline);
        let home = Home::new().credentials(&before);
        home.keyfob([&["profile"][..], arguments].concat()).any_stdout().any_stderr().run();
        let mut expected = before;
        for (old, new) in *replaced {
            assert_eq!(expected.matches(&dress(old)).count(), 1, "{old}");
            expected = expected.replace(&dress(old), &dress(new));
        }
        assert_eq!(home.read(".aws/credentials"), expected, "{arguments:?}");
        if config.is_empty() {
            assert!(!home.path().join(".aws/config").exists(), "{arguments:?}");
        } else {
            assert_eq!(home.read(".aws/config"), *config, "{arguments:?}");
        }
    }
}

#[test]
fn only_the_lines_in_question_change() {
    check("\n");
}

#[test]
fn only_the_lines_in_question_change_where_lines_end_as_on_windows() {
    check("\r\n");
}

/// `Initialize-AWSSSOConfiguration` writes these into the config file.
#[test]
fn sso_profile_of_powershell_is_edited_in_its_lines() {
    let before = "[profile dev]\nregion=eu-west-1\nsso_account_id=012345678901\nsso_role_name=Demo\nsso_session=corp\n\
                  [sso-session corp]\nsso_region=eu-west-1\nsso_registration_scopes=sso:account:access\n\
                  sso_start_url=https://d-1.awsapps.com/start";
    let home = Home::new().config(before);
    home.keyfob(["profile", "set", "dev", "sso_role_name=Other"]).any_stdout().run();
    assert_eq!(home.read(".aws/config"), before.replace("sso_role_name=Demo", "sso_role_name = Other"));
    home.keyfob(["profile", "unset", "dev", "region"]).any_stdout().run();
    home.keyfob(["profile", "remove", "dev", "--yes"]).any_stdout().run();
    let session = before.find("[sso-session").expect("it is there");
    assert_eq!(home.read(".aws/config"), before[session..]);
}

#[test]
fn keys_are_read_from_the_last_line_too() {
    let secret = format!("{MARKER}/x+y=");
    let home = Home::new().credentials(&format!("[x]\naws_access_key_id=AKIABASIC\naws_secret_access_key={secret}"));
    let expected = format!("{{\"Version\":1,\"AccessKeyId\":\"AKIABASIC\",\"SecretAccessKey\":\"{secret}\"}}\n");
    let printed = home.keyfob(["process", "x"]).any_stdout().run().stdout;
    let compact: String = printed.split_whitespace().collect();
    assert_eq!(compact, expected.trim());
}
