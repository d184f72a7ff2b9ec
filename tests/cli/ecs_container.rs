//! The role of a container of Amazon ECS or EKS: as `credential_source`, and where its variables are set.

mod refusals;
mod tokens;

use super::{
    fake::{ACCOUNT, Container, Keys, Reply, Sts, Timestamp},
    keyfob::{Home, Invocation},
    scene::{END, demo_role, issued_document},
};
use std::time::{Duration, Instant};

const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Profile `dev` assumes a role with that of the container.
const DEV: &str = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Demo\ncredential_source = EcsContainer\n";

fn keys() -> Keys {
    Keys::of_session("task", Timestamp::parse_rfc3339(END).expect("it is a time"))
}

/// What Amazon ECS's agent answers.
fn document(keys: &Keys) -> String {
    serde_json::json!({
        "RoleArn": format!("arn:aws:iam::{ACCOUNT}:role/Task"),
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "Token": keys.session_token,
        "Expiration": keys.expiration.map(Timestamp::rfc3339),
    })
    .to_string()
}

fn answer() -> Reply {
    Reply::json(200, &document(&keys()))
}

/// A home in the container.
fn home(container: &Container) -> Home {
    Home::new().env(FULL_URI, &container.url())
}

fn process(home: &Home) -> Invocation {
    home.keyfob(["process"])
}

#[test]
fn credentials_are_handed_out_with_the_account_of_their_role() {
    let container = Container::start();
    container.expect(answer());
    process(&home(&container)).stdout(keys().document(Some(ACCOUNT))).run();
}

#[test]
fn members_are_known_in_any_case_and_by_their_other_names() {
    let container = Container::start();
    let keys = keys();
    let document = serde_json::json!({
        "accessKeyId": keys.access_key_id,
        "SECRETACCESSKEY": keys.secret_access_key,
        "sessionToken": keys.session_token,
        "expiresAt": END,
        "accountid": "999999999999",
    });
    container.expect(Reply::json(200, &document.to_string()));
    process(&home(&container)).stdout(keys.document(Some("999999999999"))).run();
}

#[test]
fn localhost_is_this_machine_and_no_proxy_is_asked() {
    let container = Container::start();
    container.expect(answer());
    let url = container.url().replace("127.0.0.1", "LocalHost");
    let home = Home::new().env(FULL_URI, &url).env("http_proxy", "http://127.0.0.1:1").env("ALL_PROXY", "none at all");
    process(&home).any_stdout().run();
}

#[test]
fn localhost_is_asked_over_ipv6_where_nobody_answers_over_ipv4() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        eprintln!("skipped: there is no IPv6 here");
        return;
    }
    let container = Container::start_at(([0, 0, 0, 0, 0, 0, 0, 1], 0).into());
    for host in ["localhost", "[::1]"] {
        container.expect(answer());
        process(&Home::new().env(FULL_URI, &container.url().replace("[::1]", host))).any_stdout().run();
    }
}

#[test]
fn encrypted_one_is_asked_where_its_authority_is_trusted() {
    let container = Container::start_tls();
    container.expect_with("Bearer MARKERsecret", answer());
    let home = home(&container).env(TOKEN, "Bearer MARKERsecret").env("https_proxy", "http://127.0.0.1:1");
    let run = process(&home).code(1).any_stderr().run();
    assert!(run.stderr.contains("authority that is not trusted here"), "{}", run.stderr);
    let bundle = home.write("ca.pem", container.ca_pem().expect("it speaks https"));
    let bundle = bundle.to_str().expect("the tests' own paths are UTF-8");
    process(&home).env("AWS_CA_BUNDLE", bundle).stdout(keys().document(Some(ACCOUNT))).run();
}

#[test]
fn trouble_that_passes_is_not_told() {
    for replies in [
        &[Reply::new(500)][..],
        &[Reply::new(502), Reply::html(503, "<html>")],
        &[Reply::hang_up(), Reply::new(504)],
        &[answer().cut_at(40)],
        &[Reply::html(200, "<html>"), Reply::json(200, "{}")],
        &[Reply::new(429)],
    ] {
        let container = Container::start();
        for reply in replies {
            container.expect(reply.clone());
        }
        container.expect(answer());
        process(&home(&container)).any_stdout().run();
    }
}

#[test]
fn role_assumed_with_it_is_kept_and_its_own_credentials_are_not() {
    let container = Container::start();
    let sts = Sts::start();
    let task = sts.add_session("task", Duration::from_hours(1));
    sts.expect(demo_role().signed_by(&task));
    container.expect(Reply::json(200, &document(&task)));
    let home = home(&container).sts(&sts).config(DEV);
    for _ in 0..2 {
        home.keyfob(["process", "dev"]).stdout(issued_document(1)).run();
    }
    home.clear_cache();
    for _ in 0..2 {
        container.expect(answer());
        process(&home).any_stdout().run();
    }
    assert!(home.cache_files().is_empty());
}

/// A home may be shared, and what one container may do another may not.
#[test]
fn containers_of_one_home_do_not_share_what_they_assumed() {
    let (one, other) = (Container::start(), Container::start());
    let sts = Sts::start();
    let task = sts.add_session("task", Duration::from_hours(1));
    let home = home(&one).sts(&sts).config(DEV);
    for (number, container, token) in [(1, &one, "a"), (2, &other, "a"), (3, &other, "b")] {
        let token = format!("{token}-MARKERsecret");
        container.expect_with(&token, Reply::json(200, &document(&task)));
        sts.expect(demo_role().signed_by(&task));
        let run = || home.keyfob(["process", "dev"]).env(FULL_URI, &container.url()).env(TOKEN, &token);
        run().stdout(issued_document(number)).run();
        run().stdout(issued_document(number)).run();
    }
}

#[test]
fn profile_without_the_containers_variables_is_told() {
    let told = "keyfob: cannot get credentials from the container's endpoint, which profile \"dev\" names as \
                credential_source EcsContainer\n  cause: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor \
                AWS_CONTAINER_CREDENTIALS_FULL_URI is set\n  hint: Amazon ECS and EKS set them in containers that have a \
                role\n";
    Home::new().config(DEV).keyfob(["process", "dev"]).code(1).stderr(told).run();
    Home::new().config(DEV).env(FULL_URI, " ").keyfob(["process", "dev"]).code(1).stderr(told).run();
}

#[test]
fn hosts_elsewhere_are_not_asked_over_plain_http() {
    for (url, cause) in [
        ("http://example.com/MARKERsecret", "\"example.com\" would be asked over plain http"),
        ("http://10.0.0.1/MARKERsecret", "\"10.0.0.1\" would be asked over plain http"),
        ("http://169.254.169.254/MARKERsecret", "\"169.254.169.254\" would be asked over plain http"),
    ] {
        let told = format!(
            "keyfob: cannot use {FULL_URI}\n  cause: {cause}\n  hint: use https; plain http is for localhost, loopback \
             addresses, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]\n"
        );
        process(&Home::new().env(FULL_URI, url)).code(1).stderr(told).run();
    }
    let told = format!(
        "keyfob: cannot use {FULL_URI}\n  cause: it is not an http:// or https:// URL of a host, a port and a path\n"
    );
    process(&Home::new().env(FULL_URI, "127.0.0.1:1/MARKERsecret")).code(1).stderr(told).run();
    let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    let told = format!("keyfob: cannot use {relative}\n  cause: it is not a path that begins with a slash\n");
    process(&Home::new().env(relative, "@127.0.0.1/MARKERsecret")).code(1).stderr(told).run();
}
