//! The region of the EC2 instance that one is on, asked for where nothing else names one.

use super::*;
use std::time::{Duration, Instant};

/// On a machine that may be busy.
fn configure(home: &Home, imds: &Imds) -> Invocation {
    impatient(home, imds).env("AWS_METADATA_SERVICE_TIMEOUT", "30")
}

/// The same where nobody has said how long to wait.
fn impatient(home: &Home, imds: &Imds) -> Invocation {
    let run = home.keyfob(["configure", "dev", "--yes"]).env("AWS_EC2_METADATA_DISABLED", "false");
    run.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url())
}

const NONE: &str = "keyfob: no region is usual here\n  \
                    cause: neither the profile nor AWS_REGION names one, and this is no EC2 instance that tells\n  \
                    hint: name one: `keyfob configure dev --region us-east-1`\n";

#[test]
fn region_of_the_instance_is_taken_where_no_other_is_named() {
    let (home, imds) = (home(), Imds::start("eu-north-1"));
    let run = configure(&home, &imds).stderr("This EC2 instance is in eu-north-1.\n");
    run.stdout("Profile \"dev\" has region eu-north-1.\n").run();
    assert_eq!(imds.asked(), ["PUT /latest/api/token", "GET /latest/meta-data/placement/region"]);
    assert_eq!(home.read(".aws/config"), "[profile dev]\nregion = eu-north-1\n");
}

#[test]
fn proxy_is_never_asked_for_it() {
    let (home, imds) = (home(), Imds::start("eu-north-1"));
    let run = configure(&home, &imds).env("http_proxy", "http://127.0.0.1:1").any_stderr();
    run.stdout("Profile \"dev\" has region eu-north-1.\n").run();
}

#[test]
fn instance_is_not_asked_where_a_region_is_named_or_nobody_wants_it() {
    let imds = Imds::start("eu-north-1");
    configure(&home(), &imds).env("AWS_REGION", "eu-west-1").any_stdout().run();
    configure(&home(), &imds).env("AWS_EC2_METADATA_DISABLED", "TRUE").code(1).stderr(NONE).run();
    let disabled = home().config("[profile dev]\ndisable_ec2_metadata = true\n");
    configure(&disabled, &imds).without_env("AWS_EC2_METADATA_DISABLED").code(1).stderr(NONE).run();
    assert!(imds.asked().is_empty());
}

#[test]
fn machine_that_is_no_instance_is_silent_about_it() {
    for imds in [Imds::refusing(404), Imds::refusing(403), Imds::refusing(500), Imds::start("not a region/")] {
        configure(&home(), &imds).code(1).stderr(NONE).run();
    }
    let nobody = "http://127.0.0.1:1";
    let home = home();
    let run = home.keyfob(["configure", "dev", "--yes"]).env("AWS_EC2_METADATA_DISABLED", "false");
    run.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", nobody).code(1).stderr(NONE).run();
}

#[test]
fn nobody_waits_long_for_an_instance() {
    let imds = Imds::slow(Duration::from_secs(20));
    let began = Instant::now();
    impatient(&home(), &imds).code(1).stderr(NONE).run();
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

#[test]
fn verbose_tells_why_there_is_none() {
    let imds = Imds::refusing(404);
    let told = format!(
        "keyfob: no EC2 instance metadata at {0}: PUT token at {1}: there is nothing (HTTP 404)\n{NONE}",
        imds.url(),
        &imds.url()[7..]
    );
    let home = home();
    let run = home.keyfob(["configure", "dev", "--yes", "-v"]).env("AWS_EC2_METADATA_DISABLED", "false");
    run.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url()).code(1).stderr(told).run();
}

#[test]
fn settings_that_cannot_work_are_told() {
    for (name, value, cause) in [
        (
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "169.254.169.254",
            "it is not an http:// or https:// URL of a host, a port and a path",
        ),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5", "there are IPv4 and IPv6"),
    ] {
        let home = home();
        let run = home.keyfob(["configure", "dev", "--yes"]).env("AWS_EC2_METADATA_DISABLED", "false");
        run.env(name, value).code(1).stderr(format!("keyfob: cannot use {name}\n  cause: {cause}\n")).run();
    }
}
