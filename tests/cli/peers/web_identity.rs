//! That botocore makes of the fake STS what keyfob's tests make of it, where nobody signs, and that keyfob and botocore
//! send the same for one profile.

use super::{
    super::{
        fake::{ACCOUNT, Sts, assume_role_with_saml, assume_role_with_web_identity},
        keyfob::{Home, json},
        peer,
        scene::{END, ROLE, issued, issued_document},
    },
    Server, ask,
};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";

#[test]
fn botocore_makes_the_unsigned_calls_and_understands_the_answers() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let sts = Sts::start();
    let token = sts.add_web_identity("pod");
    let assertion = Base64::encode_string(format!("<Response>{ROLE},{PROVIDER}</Response>").as_bytes());
    sts.trust_assertion(&assertion, "jane");
    sts.expect(assume_role_with_web_identity(ROLE).field("WebIdentityToken", &token).field("DurationSeconds", "900"));
    sts.expect(assume_role_with_saml(ROLE, PROVIDER).field("SAMLAssertion", &assertion).expiring(END));
    let web_identity = json!({"RoleArn": ROLE, "RoleSessionName": "pod", "WebIdentityToken": token});
    let mut timed = web_identity.clone();
    timed["DurationSeconds"] = json!(900);
    let saml = json!({"RoleArn": ROLE, "PrincipalArn": PROVIDER, "SAMLAssertion": assertion});
    let mut calls = vec![json!(["assume_role_with_web_identity", timed]), json!(["assume_role_with_saml", saml])];
    let codes = [
        ("IDPRejectedClaim", 403),
        ("IDPCommunicationError", 400),
        ("InvalidIdentityToken", 400),
        ("ExpiredTokenException", 400),
        ("RegionDisabledException", 403),
    ];
    for (code, status) in codes {
        sts.expect(assume_role_with_web_identity(ROLE).fails(status, code, "No."));
        calls.push(json!(["assume_role_with_web_identity", web_identity]));
    }
    let home = Home::new().sts(&sts);
    let found = ask(&python, &home, "unsigned_calls.py", &[], &Value::from(calls).to_string());
    let answers = found.as_array().expect("a list of answers");
    for (number, (answer, session)) in (1..).zip(answers.iter().zip(["pod", "jane"])) {
        assert_eq!(answer["unknown"], json!([]));
        let answer = &answer["answer"];
        assert_eq!(answer["Credentials"]["AccessKeyId"], issued(number).access_key_id);
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/Demo/{session}");
        assert_eq!(answer["AssumedRoleUser"]["Arn"], arn);
    }
    assert_eq!(answers[0]["answer"]["SubjectFromWebIdentityToken"], "pod");
    assert_eq!(answers[1]["answer"]["Subject"], "jane");
    for (answer, (code, _)) in answers[2..].iter().zip(codes) {
        let exception = if code.ends_with("Exception") { code.to_owned() } else { format!("{code}Exception") };
        assert_eq!(*answer, json!({"exception": exception, "code": code}));
    }
}

#[test]
fn botocore_and_keyfob_send_the_same_for_one_profile() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let sts = Sts::start();
    let token = sts.add_web_identity("pod");
    let home = Home::new().sts(&sts);
    // botocore knows no `~` here.
    let file = home.write("run/token", &token);
    home.write(
        ".aws/config",
        format!(
            "[profile pod]\nrole_arn = {ROLE}\nweb_identity_token_file = {}\nrole_session_name = cart\n\
             region = eu-west-1\nexternal_id = x1\nduration_seconds = 900\nmfa_serial = GAHT12345678\n",
            file.display()
        ),
    );
    let call = assume_role_with_web_identity(ROLE).session_name("cart").field("WebIdentityToken", &token).expiring(END);
    sts.expect(call.clone());
    home.keyfob(["process", "pod"]).stdout(issued_document(1)).run();
    sts.expect(call);
    let theirs = ask(&python, &home, "login_session.py", &["pod"], "");
    assert_eq!(theirs["Method"], "assume-role-with-web-identity");
    assert_eq!(theirs["AccessKeyId"], issued(2).access_key_id);
    let mut sent = sts.finish().into_iter().map(|call| {
        let mut fields = call.fields;
        fields.sort();
        fields
    });
    assert_eq!(sent.next(), sent.next());
}

#[test]
fn moto_gives_the_role_and_accepts_its_keys() {
    let Some(python) = peer::python(&["moto.server"]) else { return };
    let server = Server::start(&python, "moto_server.py", &json!("unchecked"));
    let home = Home::new().env("AWS_ENDPOINT_URL_STS", server.fact("url"));
    let sts = Sts::start();
    home.write("run/token", sts.add_web_identity("pod"));
    home.write(
        ".aws/config",
        format!(
            "[profile pod]\nrole_arn = {ROLE}\nweb_identity_token_file = ~/run/token\nrole_session_name = cart\n\
             region = us-east-1\n[profile again]\nrole_arn = {ROLE}\nsource_profile = pod\nrole_session_name = twice\n\
             region = us-east-1\n"
        ),
    );
    for (profile, session) in [("pod", "cart"), ("again", "twice")] {
        let run = home.keyfob(["whoami", profile, "--json"]).any_stdout().run();
        assert_eq!(json(&run.stdout)["Arn"], format!("arn:aws:sts::{ACCOUNT}:assumed-role/Demo/{session}"));
    }
}
