//! The role of the EC2 instance that one is on: as `credential_source`, and where nothing else has credentials.

mod absent;
mod broken;

use super::{
    fake::{
        ACCOUNT, Imds, Keys, Reply, Sts, Timestamp, assume_role,
        imds::{EXTENDED, PLAIN, TOKEN, role_document},
    },
    keyfob::{Home, Invocation, json},
    scene::{END, demo_role, issued, issued_document, role_section},
};
use std::time::{Duration, Instant};

const DEMO: &str = "Demo";

/// Profile `dev` assumes a role with that of the instance.
const DEV: &str =
    "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Demo\ncredential_source = Ec2InstanceMetadata\n";

fn keys() -> Keys {
    Keys::of_session("instance", Timestamp::parse_rfc3339(END).expect("it is a time"))
}

/// An instance that offers all there is.
fn instance() -> Imds {
    Imds::of_role(DEMO, keys(), Some(ACCOUNT))
}

/// One that knows but the older place.
fn older_instance() -> Imds {
    Imds::of_role(DEMO, keys(), None)
}

/// A home on the instance, which may take as long over an answer as a busy machine does.
fn home(imds: &Imds) -> Home {
    impatient(imds).env("AWS_METADATA_SERVICE_TIMEOUT", "30")
}

/// The same where nobody has said how long to wait.
fn impatient(imds: &Imds) -> Home {
    let home = Home::new().env("AWS_EC2_METADATA_DISABLED", "false");
    home.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &imds.url())
}

fn process(home: &Home) -> Invocation {
    home.keyfob(["process"])
}

fn at(place: &str) -> String {
    format!("{place}{DEMO}")
}

#[track_caller]
fn assert_asked(imds: &Imds, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|asked| (*asked).to_owned()).collect();
    assert_eq!(imds.asked(), expected);
}

#[test]
fn credentials_are_asked_for_at_the_place_that_tells_their_account() {
    let imds = instance();
    process(&home(&imds)).stdout(keys().document(Some(ACCOUNT))).run();
    assert_asked(&imds, &[TOKEN, EXTENDED, &at(EXTENDED)]);
    assert_eq!(imds.connections(), 1);
}

#[test]
fn older_place_is_asked_where_there_is_no_newer_one() {
    let imds = older_instance();
    process(&home(&imds)).stdout(keys().document(None)).run();
    assert_asked(&imds, &[TOKEN, EXTENDED, PLAIN, &at(PLAIN)]);
}

#[test]
fn older_place_is_asked_for_what_the_newer_one_does_not_have() {
    let imds = instance();
    imds.once(at(EXTENDED), Reply::new(404));
    process(&home(&imds)).stdout(keys().document(None)).run();
    assert_asked(&imds, &[TOKEN, EXTENDED, &at(EXTENDED), &at(PLAIN)]);
}

#[test]
fn role_that_is_gone_is_looked_for_once_more() {
    let imds = older_instance();
    imds.once(at(PLAIN), Reply::new(404));
    process(&home(&imds)).stdout(keys().document(None)).run();
    assert_asked(&imds, &[TOKEN, EXTENDED, PLAIN, &at(PLAIN), PLAIN, &at(PLAIN)]);
}

#[test]
fn named_role_is_not_looked_for() {
    let imds = instance();
    let of_variable = home(&imds).env("AWS_EC2_INSTANCE_PROFILE_NAME", DEMO);
    process(&of_variable).stdout(keys().document(Some(ACCOUNT))).run();
    let of_profile = home(&imds).config("[default]\nec2_instance_profile_name = Demo\n");
    process(&of_profile).stdout(keys().document(Some(ACCOUNT))).run();
    assert_asked(&imds, &[TOKEN, &at(EXTENDED), TOKEN, &at(EXTENDED)]);
}

#[test]
fn token_that_has_ended_is_replaced() {
    let imds = instance();
    imds.once(EXTENDED, Reply::new(401));
    imds.once(at(EXTENDED), Reply::new(401));
    process(&home(&imds)).stdout(keys().document(Some(ACCOUNT))).run();
    assert_asked(&imds, &[TOKEN, EXTENDED, TOKEN, EXTENDED, &at(EXTENDED), TOKEN, &at(EXTENDED)]);
}

#[test]
fn each_request_is_made_again_while_the_service_is_in_trouble() {
    let imds = older_instance();
    imds.once(TOKEN, Reply::new(500));
    imds.once(TOKEN, Reply::new(503));
    imds.once(EXTENDED, Reply::new(502));
    imds.once(PLAIN, Reply::new(504));
    imds.once(at(PLAIN), Reply::new(500));
    // A success whose body is cut short, and one that is none.
    imds.once(at(PLAIN), Reply::json(200, &role_document(&keys(), None)).cut_at(50));
    imds.once(at(PLAIN), Reply::html(200, "<html>"));
    let home = home(&imds).config(DEV).env("AWS_PROFILE", "dev");
    let sts = Sts::start();
    sts.add_session("instance", Duration::from_hours(1));
    sts.expect(demo_role());
    home.sts(&sts).keyfob(["process"]).stdout(issued_document(1)).run();
    let plain = at(PLAIN);
    assert_asked(&imds, &[TOKEN, TOKEN, TOKEN, EXTENDED, EXTENDED, PLAIN, PLAIN, &plain, &plain, &plain, &plain]);
}

#[test]
fn role_assumed_with_it_is_kept_and_its_own_credentials_are_not() {
    let imds = instance();
    let sts = Sts::start();
    let keys = sts.add_session("instance", Duration::from_hours(1));
    sts.expect(demo_role().signed_by(&keys));
    let home = home(&imds).sts(&sts).config(DEV);
    for _ in 0..2 {
        home.keyfob(["process", "dev"]).stdout(issued_document(1)).run();
    }
    assert_eq!(imds.asked().len(), 3);
    home.clear_cache();
    process(&home).any_stdout().run();
    assert_eq!(imds.asked().len(), 6);
    assert!(home.cache_files().is_empty());
}

#[test]
fn variable_that_wants_instances_to_ask_goes_before_the_profile() {
    let imds = instance();
    let sts = Sts::start();
    sts.add_session("instance", Duration::from_hours(1));
    sts.expect(demo_role());
    let home = home(&imds).sts(&sts).config(&format!("{DEV}disable_ec2_metadata = true\n"));
    home.keyfob(["process", "dev"]).stdout(issued_document(1)).run();
}

#[test]
fn role_is_assumed_with_that_of_a_profile_on_the_instance() {
    let imds = instance();
    let sts = Sts::start();
    sts.add_session("instance", Duration::from_hours(1));
    sts.expect(demo_role());
    let second = "arn:aws:iam::123456789012:role/Second";
    sts.expect(assume_role(second).expiring(END).signed_by(&issued(1)));
    let home = home(&imds).sts(&sts).config(&format!("{DEV}{}", role_section("second", second, "dev")));
    home.keyfob(["process", "second"]).any_stdout().run();
}

/// There is nobody to ask for others.
#[test]
fn refused_credentials_are_asked_for_once() {
    let imds = instance();
    let sts = Sts::start();
    sts.add_session("instance", Duration::from_hours(1));
    sts.expect(demo_role().fails(400, "ExpiredToken", "The security token included in the request is expired"));
    let run = home(&imds).sts(&sts).config(DEV).keyfob(["process", "dev"]).any_code().any_stderr().run();
    assert!(run.code != 0 && run.stderr.contains("ExpiredToken"), "{}", run.stderr);
    assert_asked(&imds, &[TOKEN, EXTENDED, &at(EXTENDED)]);
}

/// Two profiles that say the same of a role, and not of the instance.
#[test]
fn profiles_that_ask_elsewhere_do_not_share_what_they_assumed() {
    let sts = Sts::start();
    let keys = ["one", "two"].map(|name| sts.add_session(name, Duration::from_hours(1)));
    let [one, two] = keys.clone().map(|keys| Imds::of_role(DEMO, keys, Some(ACCOUNT)));
    let section = |profile: &str, imds: &Imds, line: &str| {
        let dev = DEV.replace("dev", profile);
        format!("{dev}ec2_metadata_service_endpoint = {}\n{line}", imds.url())
    };
    let home = home(&one).sts(&sts).config(
        &(section("a", &one, "") + &section("b", &two, "") + &section("c", &two, "ec2_instance_profile_name = Demo\n")),
    );
    for (number, profile, keys) in [(1, "a", &keys[0]), (2, "b", &keys[1]), (3, "c", &keys[1])] {
        sts.expect(demo_role().signed_by(keys));
        let run = || home.keyfob(["process", profile]).without_env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        run().stdout(issued_document(number)).run();
        run().stdout(issued_document(number)).run();
    }
}

/// During an outage AWS goes on taking credentials that have ended, and SDKs do not.
#[test]
fn expired_credentials_are_told_to_live_on() {
    let now = Timestamp::now();
    let expired = Keys::of_session("instance", now.minus(Duration::from_hours(1)));
    let imds = Imds::of_role(DEMO, expired.clone(), Some(ACCOUNT));
    let run = process(&home(&imds)).any_stdout().run();
    let told = json(&run.stdout);
    assert_eq!(told["AccessKeyId"], expired.access_key_id);
    let end = told["Expiration"].as_str().and_then(Timestamp::parse_rfc3339).expect("it is a time").unix_seconds();
    let (least, most) = (now.unix_seconds() + 600, Timestamp::now().unix_seconds() + 900);
    assert!((least..=most).contains(&end), "{told}");
    let run = home(&imds).keyfob(["process", "-v"]).any_stdout().any_stderr().run();
    assert!(run.stderr.contains("expired at") && run.stderr.contains("until AWS renews them"), "{}", run.stderr);
}

#[test]
fn proxy_is_never_asked() {
    let imds = instance();
    let home = home(&imds).env("http_proxy", "http://127.0.0.1:1").env("ALL_PROXY", "no proxy at all");
    process(&home).any_stdout().run();
}

#[test]
fn slow_service_is_waited_for_as_long_as_somebody_says() {
    let imds = instance();
    imds.once_after(Duration::from_millis(1500), EXTENDED, Reply::new(200).body(DEMO));
    process(&home(&imds)).any_stdout().run();
}

#[test]
fn silence_is_asked_again_where_somebody_says_how_often() {
    let imds = instance();
    imds.once_after(Duration::from_mins(1), EXTENDED, Reply::new(200));
    imds.once(EXTENDED, Reply::hang_up());
    process(&impatient(&imds).env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3")).any_stdout().run();
    assert_asked(&imds, &[TOKEN, EXTENDED, EXTENDED, EXTENDED, &at(EXTENDED)]);
}
