//! That the fakes of metadata services are like AWS's own: botocore, which was written for those, gets the same from them
//! as keyfob.

use super::{
    super::{
        fake::{
            ACCOUNT, Container, Imds, Keys, Reply, Timestamp,
            imds::{PLAIN, TOKEN, role_document},
        },
        keyfob::{Home, json},
        peer,
        scene::END,
    },
    ask,
};
use serde_json::Value;
use std::path::Path;

/// What botocore and keyfob get where no source is named.
fn of_both(python: &Path, home: &Home) -> [Value; 2] {
    let theirs = ask(python, home, "login_session.py", &["dev"], "");
    let ours = json(&home.keyfob(["process"]).any_stdout().run().stdout);
    [theirs, ours]
}

#[track_caller]
fn assert_same(both: &[Value; 2], keys: &Keys, method: &str) {
    for found in both {
        assert_eq!(found["AccessKeyId"], keys.access_key_id);
        assert_eq!(found["SecretAccessKey"], keys.secret_access_key);
        assert_eq!(found["SessionToken"].as_str(), keys.session_token.as_deref());
    }
    assert_eq!(both[0]["Method"], method);
}

fn keys(name: &str) -> Keys {
    Keys::of_session(name, Timestamp::parse_rfc3339(END).expect("it is a time"))
}

fn home() -> Home {
    let home = Home::new().config("[profile dev]\nregion = eu-west-1\n").env("AWS_EC2_METADATA_DISABLED", "false");
    home.env("AWS_METADATA_SERVICE_TIMEOUT", "30")
}

#[test]
fn botocore_gets_the_role_of_the_instance_from_the_same_service() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    for account in [None, Some(ACCOUNT)] {
        let imds = Imds::of_role("Demo", keys("instance"), account);
        let home = home().env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url());
        assert_same(&of_both(&python, &home), &keys("instance"), "iam-role");
        assert_eq!(imds.asked()[..3], [TOKEN.to_owned(), PLAIN.to_owned(), format!("{PLAIN}Demo")]);
    }
}

#[test]
fn botocore_gets_the_role_of_the_container_from_the_same_endpoint() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let container = Container::start();
    let home = home().env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.url());
    let path = home.write("token", "MARKERsecret-token");
    let home = home.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path.to_str().expect("it is UTF-8"));
    for _ in 0..2 {
        container.expect_with("MARKERsecret-token", Reply::json(200, &role_document(&keys("task"), Some(ACCOUNT))));
    }
    let both = of_both(&python, &home);
    assert_same(&both, &keys("task"), "container-role");
    assert_eq!(both.each_ref().map(|found| found["AccountId"].as_str()), [Some(ACCOUNT); 2]);
}
