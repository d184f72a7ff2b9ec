//! A refresh token is good in the region that issued it alone: which one is asked, and which next.
//!
//! The regions are two fakes under AWS's own names, which a proxy leads to them.

use super::{super::fake::Proxy, *};

const US: &str = "us-east-1.signin.aws.amazon.com";
const EU: &str = "eu-west-1.signin.aws.amazon.com";

/// Two regions, and a session that is to be renewed.
pub(crate) struct World {
    pub(crate) us: SignIn,
    pub(crate) eu: SignIn,
    pub(crate) proxy: Proxy,
    pub(crate) home: Home,
}

impl World {
    pub(crate) fn new(config: &str) -> Self {
        let (us, eu) = (SignIn::start_as(US), SignIn::start_as(EU));
        let proxy = Proxy::between(vec![(US, us.address()), (EU, eu.address())]);
        let home = Home::new().env("HTTPS_PROXY", &format!("http://{}", proxy.address())).config(config);
        let authorities: String = [&us, &eu].into_iter().filter_map(SignIn::ca_pem).collect();
        let path = home.write("ca.pem", authorities);
        let home = home.env("AWS_CA_BUNDLE", path.to_str().expect("temporary paths are UTF-8"));
        Self { us, eu, proxy, home }
    }

    /// A session that this region issued, and that says so or does not.
    fn session(&self, region: &SignIn, sign_in_region: Option<&str>) -> Session {
        let session = region.sign_in(ALICE);
        let mut document = session.document(end(DEAD));
        if let Some(name) = sign_in_region {
            document = document.replace("\"tokenType\"", &format!("\"signInRegion\": \"{name}\", \"tokenType\""));
        }
        self.home.write(&session.path(), document);
        session
    }
}

#[test]
fn region_is_the_sessions_then_the_runs_then_the_profiles() {
    let config = |region: &str| format!("[profile dev]\nlogin_session = {ALICE}\n{region}");
    let us_east_1 = "region = us-east-1\n";
    for (region, sign_in_region, arguments, variable, is_us) in [
        (us_east_1, Some("eu-west-1"), &[][..], "us-east-1", false),
        ("", Some("eu-west-1"), &["--region", "us-east-1"], "", false),
        ("", Some("us-east-1"), &[], "eu-west-1", true),
        (us_east_1, None, &[], "eu-west-1", false),
        (us_east_1, None, &["--region", "eu-west-1"], "us-east-1", false),
        (us_east_1, Some(""), &[], "", true),
        (us_east_1, None, &[], "", true),
    ] {
        let world = World::new(&config(region));
        let fake = if is_us { &world.us } else { &world.eu };
        world.session(fake, sign_in_region);
        fake.expect(refresh());
        let arguments = ["process", "dev"].iter().chain(arguments).copied();
        let printed = world.home.keyfob(arguments).env("AWS_REGION", variable).any_stdout().run().stdout;
        assert_eq!(json(&printed)["AccessKeyId"], Keys::signed_in(1, end_of_all()).access_key_id);
        let host = if is_us { US } else { EU };
        assert!(world.proxy.heads()[0].starts_with(&format!("CONNECT {host}:443 ")), "{:?}", world.proxy.heads());
    }
}

#[test]
fn profiles_region_is_tried_when_the_first_does_not_know_the_token() {
    for (sign_in_region, variable) in [(None, "eu-west-1"), (Some("eu-west-1"), "")] {
        let world = World::new(&profile(ALICE));
        world.session(&world.us, sign_in_region);
        world.eu.expect(refresh().refused("INVALID_REQUEST"));
        world.us.expect(refresh());
        let run = world.home.keyfob(["process", "dev"]).env("AWS_REGION", variable).any_stdout().run();
        assert_eq!(json(&run.stdout)["AccessKeyId"], Keys::signed_in(1, end_of_all()).access_key_id);
    }
}

#[test]
fn other_refusals_are_no_reason_to_ask_in_another_region() {
    for (status, exception, error) in [
        (401, "AccessDeniedException", "TOKEN_EXPIRED"),
        (403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED"),
        (429, "TooManyRequestsError", "INVALID_REQUEST"),
    ] {
        let world = World::new(&profile(ALICE));
        world.session(&world.us, None);
        world.eu.expect(refresh().fails(status, exception, error, "no"));
        let run = world.home.keyfob(["process", "dev"]).env("AWS_REGION", "eu-west-1").any_stderr();
        let code = if status == 429 { 1 } else { 3 };
        run.code(code).run();
    }
}

#[test]
fn role_is_assumed_in_its_region_and_its_session_renewed_in_the_sessions() {
    let sts = Sts::start();
    let mut world = World::new(&(profile(ALICE) + &role_section("role", ROLE, "dev") + "region = eu-west-1\n"));
    world.home = world.home.env("AWS_ENDPOINT_URL_STS", &sts.url()).env("AWS_REGION", "eu-west-1");
    world.home.set_env("NO_PROXY", "127.0.0.1");
    world.session(&world.us, None);
    world.us.expect(refresh());
    let keys = sts.add_session(&signed_in(1), Duration::from_hours(1));
    sts.expect(assume_role(ROLE).signed_by(&keys).region("eu-west-1").expiring(END));
    let printed = Keys::issued(1, end_of_all()).document(Some(ACCOUNT));
    world.home.keyfob(["process", "role"]).stdout(printed).run();
}
