//! `keyfob env --format`: files and lines for programs and CI systems, to the byte.
//!
//! That their readers take every value for what it is, is in `shells`.

use super::super::fake::Sts;
use super::{ISSUED, JANE, TOKEN, base, demo};

#[test]
fn temporary_keys_come_with_token_expiration_account_and_region() {
    let lines = format!(
        "AWS_ACCESS_KEY_ID=ASIAISSUED0001000000\n\
         AWS_SECRET_ACCESS_KEY={ISSUED}\n\
         AWS_SESSION_TOKEN={TOKEN}\n\
         AWS_CREDENTIAL_EXPIRATION=2099-01-02T03:04:05Z\n\
         AWS_ACCOUNT_ID=123456789012\n\
         AWS_REGION=eu-west-1\n\
         AWS_DEFAULT_REGION=eu-west-1\n"
    );
    for (format, expected) in [
        ("dotenv", lines.clone()),
        ("docker", lines.clone()),
        ("github", lines),
        ("github-mask", format!("::add-mask::ASIAISSUED0001000000\n::add-mask::{ISSUED}\n::add-mask::{TOKEN}\n")),
        (
            "azure",
            format!(
                "##vso[task.setvariable variable=AWS_ACCESS_KEY_ID]ASIAISSUED0001000000\n\
                 ##vso[task.setvariable variable=AWS_SECRET_ACCESS_KEY;issecret=true]{ISSUED}\n\
                 ##vso[task.setvariable variable=AWS_SESSION_TOKEN;issecret=true]{TOKEN}\n\
                 ##vso[task.setvariable variable=AWS_CREDENTIAL_EXPIRATION]2099-01-02T03:04:05Z\n\
                 ##vso[task.setvariable variable=AWS_ACCOUNT_ID]123456789012\n\
                 ##vso[task.setvariable variable=AWS_REGION]eu-west-1\n\
                 ##vso[task.setvariable variable=AWS_DEFAULT_REGION]eu-west-1\n"
            ),
        ),
        (
            "json",
            format!(
                "{{\"AWS_ACCESS_KEY_ID\":\"ASIAISSUED0001000000\",\"AWS_ACCOUNT_ID\":\"123456789012\",\
                 \"AWS_CREDENTIAL_EXPIRATION\":\"2099-01-02T03:04:05Z\",\"AWS_DEFAULT_PROFILE\":null,\
                 \"AWS_DEFAULT_REGION\":\"eu-west-1\",\"AWS_PROFILE\":null,\"AWS_REGION\":\"eu-west-1\",\
                 \"AWS_SECRET_ACCESS_KEY\":\"{ISSUED}\",\"AWS_SECURITY_TOKEN\":null,\
                 \"AWS_SESSION_TOKEN\":\"{TOKEN}\"}}\n"
            ),
        ),
    ] {
        let sts = Sts::start();
        demo(&sts).keyfob(["env", "demo", "--format", format]).stdout(expected).run();
    }
}

/// Such files can set and not unset, and a token that an earlier step left would be taken for one of these keys.
#[test]
fn long_term_keys_empty_the_token_of_an_earlier_step() {
    let home = base();
    let lines = format!("AWS_ACCESS_KEY_ID=AKIAJANE000000000000\nAWS_SECRET_ACCESS_KEY={JANE}\nAWS_SESSION_TOKEN=\n");
    for (format, expected) in [
        ("dotenv", lines.clone()),
        ("docker", lines.clone()),
        ("github", lines),
        ("github-mask", format!("::add-mask::AKIAJANE000000000000\n::add-mask::{JANE}\n")),
        (
            "azure",
            format!(
                "##vso[task.setvariable variable=AWS_ACCESS_KEY_ID]AKIAJANE000000000000\n\
                 ##vso[task.setvariable variable=AWS_SECRET_ACCESS_KEY;issecret=true]{JANE}\n\
                 ##vso[task.setvariable variable=AWS_SESSION_TOKEN;issecret=true]\n"
            ),
        ),
        (
            "json",
            format!(
                "{{\"AWS_ACCESS_KEY_ID\":\"AKIAJANE000000000000\",\"AWS_ACCOUNT_ID\":null,\
                 \"AWS_CREDENTIAL_EXPIRATION\":null,\"AWS_DEFAULT_PROFILE\":null,\"AWS_PROFILE\":null,\
                 \"AWS_SECRET_ACCESS_KEY\":\"{JANE}\",\"AWS_SECURITY_TOKEN\":null,\"AWS_SESSION_TOKEN\":null}}\n"
            ),
        ),
    ] {
        home.keyfob(["env", "base", "--format", format]).stdout(expected).run();
    }
}

#[test]
fn a_format_that_cannot_hold_a_value_refuses_it() {
    for (format, value) in [
        ("dotenv", "MARKERsecret'"),
        ("dotenv", "MARKERsecret\\"),
        ("dotenv", "MARKERsecret${HOME}"),
        ("azure", "MARKERsecret%0D"),
    ] {
        let text = format!("[odd]\naws_access_key_id = AKIAODD0000000000000\naws_secret_access_key = {value}\n");
        base()
            .credentials(&text)
            .keyfob(["env", "odd", "--format", format])
            .code(1)
            .stderr(
                "keyfob: cannot print AWS_SECRET_ACCESS_KEY in this format\n  \
                 cause: its value holds a character that the format does not quote\n  \
                 hint: use --format json, which quotes\n",
            )
            .run();
    }
}
