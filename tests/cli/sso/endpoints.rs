//! Where the services are called: by the settings, or under AWS's own names.

use super::{super::fake::Proxy, *};

const NOWHERE: &str = "http://127.0.0.1:1";

/// The services have an endpoint each, so that one for all can be but one of them: here the portal.
#[test]
fn endpoints_are_taken_in_the_sdks_order() {
    let services = |url: &str| format!("services = mine\n[services mine]\nsso =\n  endpoint_url = {url}\n");
    let endpoint = |url: &str| format!("endpoint_url = {url}\n");
    for (config, variables) in [
        (
            endpoint(NOWHERE) + &services(NOWHERE),
            &[("AWS_ENDPOINT_URL_SSO", None), ("AWS_ENDPOINT_URL", Some(NOWHERE))][..],
        ),
        (endpoint(NOWHERE) + &services(NOWHERE), &[("AWS_ENDPOINT_URL", None)]),
        (endpoint(NOWHERE) + &services("HERE"), &[("AWS_ENDPOINT_URL_STS", Some(NOWHERE))]),
        (endpoint("HERE") + "services = mine\n[services mine]\nsso_oidc =\n  endpoint_url = http://127.0.0.1:1\n", &[]),
        (endpoint("HERE"), &[]),
    ] {
        let mut desk = Desk::new(FRESH);
        let url = desk.center.portal.url();
        desk.home.remove_env("AWS_ENDPOINT_URL_SSO");
        for (name, value) in variables {
            desk.home.set_env(name, value.unwrap_or(&url));
        }
        desk.home.write(".aws/config", (desk.home.read(".aws/config") + &config).replace("HERE", &url));
        desk.expect_role();
        desk.process().stdout(printed(1)).run();
    }
}

#[test]
fn tokens_are_renewed_at_an_endpoint_of_their_own() {
    let mut desk = Desk::new(DEAD);
    desk.home.remove_env("AWS_ENDPOINT_URL_SSO_OIDC");
    let url = desk.center.oidc.url();
    let services = format!("services = mine\n[services mine]\nsso_oidc =\n  endpoint_url = {url}\n");
    desk.home.write(".aws/config", desk.home.read(".aws/config") + &services);
    desk.center.oidc.expect(refreshed_token());
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
}

#[test]
fn settings_are_those_of_the_selected_profile() {
    let mut desk = Desk::new(FRESH);
    desk.home.remove_env("AWS_ENDPOINT_URL_SSO");
    let url = desk.center.portal.url();
    let role = format!(
        "[profile role]\nsource_profile = dev\nrole_arn = arn:aws:iam::123456789012:role/Demo\nendpoint_url = {url}\n"
    );
    desk.home.write(".aws/config", desk.home.read(".aws/config") + &role);
    desk.expect_role();
    // There is no STS at the endpoint for all.
    desk.home.keyfob(["process", "role"]).env("AWS_ENDPOINT_URL_STS", NOWHERE).code(1).any_stderr().run();
}

#[test]
fn path_of_an_endpoint_is_kept() {
    for slash in ["", "/"] {
        let desk = Desk::at(IdentityCenter::start_below("/base"), DEAD);
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        let (oidc, portal) = (desk.center.oidc.url() + slash, desk.center.portal.url() + slash);
        let run = desk.process().env("AWS_ENDPOINT_URL_SSO_OIDC", &oidc).env("AWS_ENDPOINT_URL_SSO", &portal);
        run.stdout(printed(1)).run();
    }
}

#[test]
fn nothing_is_sent_to_other_machines_in_plain_text() {
    for (variable, value, service) in [
        ("AWS_ENDPOINT_URL_SSO", "http://example.com", "SSO"),
        ("AWS_ENDPOINT_URL_SSO", "http://localhost.example.com:80/x", "SSO"),
        ("AWS_ENDPOINT_URL_SSO", "http://10.0.0.1", "SSO"),
        ("AWS_ENDPOINT_URL_SSO_OIDC", "http://[fe80::1]", "SSO_OIDC"),
    ] {
        let desk = Desk::new(FRESH);
        let error = format!(
            "keyfob: a sign-in to IAM Identity Center is not sent over plain HTTP\n  cause: the endpoint is set to \
             {value}\n  hint: use https, or an address of this machine; AWS_ENDPOINT_URL_{service} goes before \
             AWS_ENDPOINT_URL\n"
        );
        desk.process().env(variable, value).code(1).stderr(error).run();
        desk.was_not_called();
    }
}

#[test]
fn custom_endpoints_have_no_variants() {
    for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
        let desk = Desk::new(FRESH);
        let run = desk.process().env(variable, "true").code(1).any_stderr().run();
        let message = "keyfob: a custom endpoint and FIPS or dual-stack endpoints exclude each other\n";
        assert!(run.stderr.starts_with(message), "{}", run.stderr);
        desk.was_not_called();
    }
}

#[test]
fn roles_of_another_endpoint_are_others() {
    let (one, other) = (Desk::new(FRESH), Desk::new(FRESH));
    one.expect_role();
    one.process().stdout(printed(1)).run();
    other.expect_role();
    one.home.write(&other.token.path(), other.document(FRESH));
    one.process().env("AWS_ENDPOINT_URL_SSO", &other.center.portal.url()).stdout(printed(1)).run();
}

/// Speaks https under AWS's own names, which a proxy leads to the fakes.
#[test]
fn hosts_are_those_of_the_region_and_the_switches() {
    for (region, switch, oidc, portal) in [
        ("us-east-1", "X", "oidc.us-east-1.amazonaws.com", "portal.sso.us-east-1.amazonaws.com"),
        ("cn-north-1", "X", "oidc.cn-north-1.amazonaws.com.cn", "portal.sso.cn-north-1.amazonaws.com.cn"),
        (
            "eu-west-1",
            "AWS_USE_FIPS_ENDPOINT",
            "oidc-fips.eu-west-1.amazonaws.com",
            "portal.sso-fips.eu-west-1.amazonaws.com",
        ),
        ("eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT", "oidc.eu-west-1.api.aws", "portal.sso.eu-west-1.api.aws"),
    ] {
        let center = IdentityCenter::start_as("https://d-1234567890.awsapps.com/start", region, oidc, portal);
        let mut desk = Desk::at(center, DEAD);
        let center = &desk.center;
        let proxy = Proxy::between(vec![(oidc, center.oidc.address()), (portal, center.portal.address())]);
        desk.home.set_env("HTTPS_PROXY", &format!("http://{}", proxy.address()));
        desk.home.remove_env("AWS_ENDPOINT_URL_SSO");
        desk.home.remove_env("AWS_ENDPOINT_URL_SSO_OIDC");
        desk.center.oidc.expect(refreshed_token());
        desk.expect_role();
        // What is switched off does not count.
        let run = desk.process().env("AWS_ENDPOINT_URL", NOWHERE).env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
        run.env(switch, "true").stdout(printed(1)).run();
        let heads = proxy.heads();
        assert!(heads[0].starts_with(&format!("CONNECT {oidc}:443 ")), "{heads:?}");
        assert!(heads[1].starts_with(&format!("CONNECT {portal}:443 ")), "{heads:?}");
    }
}
