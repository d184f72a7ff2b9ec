//! Where sessions are refreshed when the settings name an endpoint.

use super::*;

const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn endpoints_are_taken_in_the_sdks_order() {
    let services = |url: &str| format!("services = mine\n[services mine]\nsignin =\n  endpoint_url = {url}\n");
    let endpoint = |url: &str| format!("endpoint_url = {url}\n");
    for (config, variables) in [
        (
            endpoint(NOWHERE) + &services(NOWHERE),
            &[("AWS_ENDPOINT_URL_SIGNIN", None), ("AWS_ENDPOINT_URL", Some(NOWHERE))][..],
        ),
        (endpoint(NOWHERE) + &services(NOWHERE), &[("AWS_ENDPOINT_URL", None)]),
        (endpoint(NOWHERE) + &services("HERE"), &[("AWS_ENDPOINT_URL_STS", Some(NOWHERE))]),
        (endpoint("HERE") + "services = mine\n[services mine]\nsts =\n  endpoint_url = http://127.0.0.1:1\n", &[]),
        (endpoint("HERE"), &[]),
    ] {
        let mut desk = Desk::new(DEAD);
        desk.home.remove_env("AWS_ENDPOINT_URL_SIGNIN");
        for (name, value) in variables {
            desk.home.set_env(name, value.unwrap_or(&desk.signin.url()));
        }
        desk.home.write(".aws/config", (profile(ALICE) + &config).replace("HERE", &desk.signin.url()));
        desk.signin.expect(refresh());
        desk.prints(desk.process(), 1);
    }
}

#[test]
fn path_of_an_endpoint_is_kept() {
    for slash in ["", "/"] {
        let desk = Desk::at(SignIn::start_below("/base"), DEAD);
        desk.signin.expect(refresh());
        let url = desk.signin.url() + slash;
        // The fake finds fault with proofs for another URL.
        desk.prints(desk.process().env("AWS_ENDPOINT_URL_SIGNIN", &url), 1);
    }
}

#[test]
fn one_endpoint_is_asked_once_whatever_the_regions_are() {
    let desk = Desk::new(DEAD);
    desk.signin.expect(refresh().fails(400, "ValidationException", "INVALID_REQUEST", "spent"));
    desk.process().env("AWS_REGION", "eu-west-1").code(3).any_stderr().run();
}

#[test]
fn without_any_region_the_setting_is_named() {
    let desk = Desk::new(DEAD);
    desk.home.write(".aws/config", format!("[profile dev]\nlogin_session = {ALICE}\n"));
    let error = "keyfob: cannot renew the console sign-in of profile \"dev\"\n  \
                 cause: the session does not say in which region it was signed in, and no region is set\n  \
                 hint: add `region` to profile \"dev\"\n";
    desk.process().code(1).stderr(error).run();
    assert_eq!(desk.signin.connections(), 0);
}
