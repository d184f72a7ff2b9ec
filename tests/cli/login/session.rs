//! The session's file after a sign-in, and what becomes of the session.

use super::*;
use crate::login_session::regions::World;

const TOKEN_TYPE: &str = "urn:aws:params:oauth:token-type:access_token_sigv4";

#[test]
fn members_are_those_of_the_aws_cli_in_its_order() {
    let before = Timestamp::now();
    let desk = Desk::signed_in();
    let text = desk.home.read(session_path(ALICE));
    let session = json(&text);
    let answered = &desk.signin.answered()[0];
    let text_of = |value: &serde_json::Value| value.as_str().expect("every member is a text").to_owned();
    let (key, end) = (session["dpopKey"].to_string(), text_of(&session["accessToken"]["expiresAt"]));
    let Keys { access_key_id, secret_access_key, session_token, .. } = &answered.keys;
    let expected = format!(
        r#"{{"accessToken":{{"accessKeyId":"{access_key_id}","secretAccessKey":"{secret_access_key}","sessionToken":"{}","accountId":"{ACCOUNT}","expiresAt":"{end}"}},"tokenType":"{TOKEN_TYPE}","clientId":"arn:aws:signin:::devtools/same-device","refreshToken":"{}","idToken":"{}","dpopKey":{key},"signInRegion":"us-east-1"}}"#,
        session_token.as_deref().expect("temporary keys have a token"),
        answered.refresh_token,
        answered.id_token.as_deref().expect("a sign-in brings one"),
    );
    assert_eq!(text, expected);
    let end = Timestamp::parse_rfc3339(&end).expect("expiresAt is in whole seconds with a Z");
    let quarter = Duration::from_mins(15);
    assert!((before.plus(quarter)..=Timestamp::now().plus(quarter)).contains(&end), "{end:?}");
}

/// SEC1 with the curve and the public key, which is all that some SDKs read.
#[test]
fn key_is_in_the_form_that_every_sdk_reads() {
    let desk = Desk::signed_in();
    let session = desk.session(ALICE);
    let pem = session["dpopKey"].as_str().expect("it is a text");
    let lines: Vec<&str> = pem.lines().collect();
    assert_eq!((lines[0], lines[4]), ("-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----"));
    assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [30, 64, 64, 36, 28]);
    assert!(lines[1].starts_with("MHcCAQEE") && pem.ends_with("-----\n"), "the frame is not that of SEC1");
}

#[test]
fn name_of_the_file_is_the_hash_of_who_signed_in() {
    each(
        [
            (ALICE, "2444d176d8ecfafb847c9d271d87d69ed922ef68cd59c34b2435329e00a8829f"),
            ("arn:aws:iam::123456789012:root", "1921ac8a06e305954f769df5e0f8b3d24ee1d6bf5231d901157e44d7c4d0f4cf"),
            (
                "arn:aws:iam::123456789012:user/division/été",
                "cfe8df4ee8ae064dd630329a97c013a98e778352206aabcf35e450855c6c32a6",
            ),
        ],
        |(login_session, hash)| {
            let desk = Desk::new();
            desk.signs_in(desk.login(&["dev"]), login_session);
            assert!(desk.home.path().join(format!(".aws/login/cache/{hash}.json")).is_file());
            assert_eq!(desk.session(login_session)["accessToken"]["accountId"], ACCOUNT);
        },
    );
}

#[test]
fn sessions_may_be_kept_elsewhere() {
    let desk = Desk::new();
    desk.signs_in(desk.login(&["dev"]).env("AWS_LOGIN_CACHE_DIRECTORY", "~/sessions"), ALICE);
    let path = desk.session_path(ALICE);
    let name = path.file_name().expect("it is a hash");
    assert!(!path.exists() && desk.home.path().join("sessions").join(name).is_file());
}

#[test]
fn other_tools_session_of_the_same_user_is_replaced_whole() {
    let desk = Desk::new();
    let session = desk.signin.sign_in(ALICE);
    desk.home.write(&session.path(), session.document(Timestamp::now()).replace("\"tokenType\"", "\"old\""));
    desk.signs_in(desk.login(&["dev"]), ALICE);
    assert!(desk.session(ALICE).get("old").is_none());
}

#[test]
fn credentials_are_handed_out_without_a_call() {
    let desk = Desk::signed_in();
    let connections = desk.signin.connections();
    desk.home.keyfob(["process", "--profile", "dev"]).stdout(desk.keys(ALICE, 1)).run();
    assert_eq!(desk.signin.connections(), connections);
}

#[test]
fn ended_credentials_are_renewed_with_the_key_of_the_sign_in() {
    let desk = Desk::signed_in();
    for number in [2, 3] {
        desk.end_session(ALICE);
        desk.signin.expect(refresh());
        let printed = desk.home.keyfob(["process", "--profile", "dev"]).any_stdout().run().stdout;
        assert_eq!(printed, desk.keys(ALICE, number));
    }
    // The fake renews only what is asked for with the right key.
    let calls = desk.signin.calls();
    assert!(calls.iter().all(|call| call.proof.thumbprint == calls[0].proof.thumbprint));
}

#[test]
fn session_is_renewed_where_it_began_whatever_the_region_is_now() {
    let World { us: other, eu: region, proxy, home } = World::new("[profile dev]\nregion = us-east-1\n");
    let desk = Desk { signin: region, home };
    desk.signin.expect(sign_in(ALICE));
    let told = "To sign in to AWS in eu-west-1, open this URL in a browser on this machine:\n";
    let run = desk.login(&["dev", "--region", "eu-west-1"]).any_stdout();
    let begun = desk.begin_telling(run, told);
    assert!(begun.url.starts_with("https://eu-west-1.signin.aws.amazon.com/v1/authorize?"), "{}", begun.url);
    begun.allow_and_hear(IN_ANOTHER_REGION);

    desk.end_session(ALICE);
    desk.signin.expect(refresh());
    let process = desk.home.keyfob(["process", "dev"]).env("AWS_REGION", "us-east-1");
    assert_eq!(process.any_stdout().run().stdout, desk.keys(ALICE, 2));
    assert_eq!(other.connections(), 0);
    assert_eq!(proxy.heads().len(), 2);
}
