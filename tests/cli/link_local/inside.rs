//! What is run in a network of its own.

use super::super::{
    fake::{
        ACCOUNT, Container, Imds, Keys, Reply, Sts, Timestamp, assume_role_with_web_identity,
        imds::{EXTENDED, REGION, TOKEN, role_document},
    },
    keyfob::Home,
    scene::{END, ROLE, demo_role, issued_document},
};
use std::{
    net::{IpAddr, SocketAddr},
    process::Command,
    time::{Duration, Instant},
};

const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const PATH: &str = "/v2/credentials/0123-abcd?x=y";

/// Changes the network that this process is in.
#[track_caller]
fn ip(arguments: &str) {
    assert!(can_ip(arguments), "ip {arguments}");
}

fn can_ip(arguments: &str) -> bool {
    Command::new("ip").args(arguments.split(' ')).status().is_ok_and(|status| status.success())
}

/// Gives this machine an address. `None`, said aloud, where it knows no IPv6.
fn address(text: &str) -> Option<SocketAddr> {
    let address: IpAddr = text.parse().expect("it is an address");
    ip("link set lo up");
    match address {
        IpAddr::V4(_) => ip(&format!("address add {text}/32 dev lo")),
        IpAddr::V6(_) if can_ip(&format!("-6 address add {text}/128 dev lo nodad")) => {}
        IpAddr::V6(_) => {
            eprintln!("skipped: there is no IPv6 here");
            return None;
        }
    }
    Some((address, 80).into())
}

fn keys(name: &str) -> Keys {
    Keys::of_session(name, Timestamp::parse_rfc3339(END).expect("it is a time"))
}

/// A home in whose environment nothing says anything.
fn home() -> Home {
    let mut home = Home::new();
    home.remove_env("AWS_EC2_METADATA_DISABLED");
    home
}

/// The same where an instance may take as long over an answer as a busy machine does.
fn patient() -> Home {
    home().env("AWS_METADATA_SERVICE_TIMEOUT", "30")
}

#[test]
#[ignore = "it is run in a network of its own"]
fn instance() {
    let asked = [TOKEN.to_owned(), EXTENDED.to_owned(), format!("{EXTENDED}Demo")];
    if let Some(address) = address("169.254.169.254") {
        let imds = Imds::of_role_at(address, "Demo", keys("four"), Some(ACCOUNT));
        let home = patient().env("http_proxy", "http://127.0.0.1:1");
        home.keyfob(["process"]).stdout(keys("four").document(Some(ACCOUNT))).run();
        assert_eq!(imds.asked(), asked);
        let run = home.keyfob(["configure", "dev", "--yes"]).stderr("This EC2 instance is in eu-north-1.\n");
        run.any_stdout().run();
        assert_eq!(imds.asked()[3..], [TOKEN, REGION]);
    }
    if let Some(address) = address("fd00:ec2::254") {
        let imds = Imds::of_role_at(address, "Demo", keys("six"), Some(ACCOUNT));
        for (name, value) in [("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"), ("AWS_IMDS_USE_IPV6", "true")] {
            let home = patient().env(name, value).env("http_proxy", "http://127.0.0.1:1");
            home.keyfob(["process"]).stdout(keys("six").document(Some(ACCOUNT))).run();
        }
        assert_eq!(imds.asked(), [asked.clone(), asked].concat());
    }
}

#[test]
#[ignore = "it is run in a network of its own"]
fn containers() {
    for (host, variable, uri) in [
        ("169.254.170.2", RELATIVE_URI, PATH.to_owned()),
        ("169.254.170.23", FULL_URI, format!("http://169.254.170.23{PATH}")),
        ("fd00:ec2::23", FULL_URI, format!("http://[fd00:ec2::23]{PATH}")),
    ] {
        let Some(address) = address(host) else { continue };
        let container = Container::start_at(address);
        let home = home().env(variable, &uri).env("http_proxy", "http://127.0.0.1:1");
        let path = home.write("token", "MARKERsecret\n");
        let path = path.to_str().expect("the tests' own paths are UTF-8");
        container.expect_with("MARKERsecret", Reply::json(200, &role_document(&keys("task"), None)));
        let run = home.keyfob(["process"]).env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path);
        run.stdout(keys("task").document(None)).run();
    }
}

/// Pods, and instances with a home in common, have the same variables, files and addresses; only their names differ.
#[test]
#[ignore = "it is run in a network of its own"]
fn machines_of_one_home() {
    ip("link set lo up");
    let sts = Sts::start();
    let task = sts.add_session("task", Duration::from_hours(1));
    let (container, imds) = (Container::start(), Imds::of_role("Demo", task.clone(), Some(ACCOUNT)));
    let role = |profile: &str| format!("[profile {profile}]\nrole_arn = {ROLE}\n");
    let mut home = patient().sts(&sts).config(&format!(
        "{}credential_source = EcsContainer\n{}credential_source = Ec2InstanceMetadata\n{}web_identity_token_file = \
         ~/token\n",
        role("pod"),
        role("instance"),
        role("service")
    ));
    let token = sts.add_web_identity("system:serviceaccount:shop:cart");
    let path = home.write("token", &token).display().to_string();
    home.set_env(FULL_URI, &container.url());
    home.set_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &path);
    home.set_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url());
    let mut issued = 0;
    for machine in ["one", "two"] {
        rustix::system::sethostname(machine.as_bytes()).expect("the name is our own here");
        for profile in ["pod", "instance", "service"] {
            issued += 1;
            if profile == "pod" {
                container.expect_with(&token, Reply::json(200, &role_document(&task, None)));
            }
            sts.expect(match profile {
                "service" => assume_role_with_web_identity(ROLE).field("WebIdentityToken", &token).expiring(END),
                _ => demo_role().signed_by(&task),
            });
            for _ in 0..2 {
                home.keyfob(["process", profile]).stdout(issued_document(issued)).run();
            }
        }
    }
}

/// Looks everywhere, finds nothing, and tells why there is no instance.
#[track_caller]
fn assert_found_nothing(why: &str) {
    let began = Instant::now();
    let run = home().keyfob(["process"]).any_code().any_stderr().run();
    assert!(run.code != 0 && run.stderr.starts_with("keyfob: no credentials found\n"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("no answer at http://169.254.169.254{why}")), "{}", run.stderr);
    // Two seconds, and what a busy machine takes besides.
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

#[test]
#[ignore = "it is run in a network of its own"]
fn laptop_without_a_network() {
    assert_found_nothing(": ");
    ip("link set lo up");
    assert_found_nothing(": ");
}

#[test]
#[ignore = "it is run in a network of its own"]
fn laptop_in_a_network_that_swallows_everything() {
    if !can_ip("link add one type veth peer name other") {
        eprintln!("skipped: no link can be made here");
        return;
    }
    for change in [
        "link set lo up",
        "link set one up",
        "link set other up",
        "address add 192.0.2.1/24 dev one",
        "neighbour add 192.0.2.2 lladdr 02:00:00:00:00:01 dev one",
        "route add default via 192.0.2.2",
    ] {
        ip(change);
    }
    assert_found_nothing(" within 1 s");
}
