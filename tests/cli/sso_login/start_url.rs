//! Start URLs of an organisation's own domain, which lead to AWS's, and those that lead nowhere.

use super::*;

const HOST: &str = "sso.example.test";
const VANITY: &str = "https://sso.example.test/start";
const PORTAL: &str = "https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws";

/// A site of the organisation's, and the proxy that leads to it.
struct Scene {
    site: Website,
    desk: Desk,
    _proxy: Proxy,
}

impl Scene {
    /// The config file's sign-in has these lines besides its start URL.
    fn new(config: &str) -> Self {
        let site = Website::start(HOST);
        let proxy = Proxy::between(vec![(HOST, site.address())]);
        let mut desk = Desk::with(IdentityCenter::start_at(PORTAL, "eu-west-1"), config);
        let ca = desk.home.write("ca.pem", &site.ca_pem);
        desk.home.set_env("AWS_CA_BUNDLE", ca.to_str().expect("temporary paths are UTF-8"));
        desk.home.set_env("HTTPS_PROXY", &format!("http://{}", proxy.address()));
        Self { site, desk, _proxy: proxy }
    }

    fn session(lines: &str) -> Self {
        Self::new(&format!("# ours\n[sso-session corp]\nsso_start_url = {VANITY}\n{lines}{SCOPES}"))
    }

    fn leads_to(&self, location: &str) {
        self.site.expect("HEAD", "/start", Reply::new(302).header("Location", location));
    }
}

#[test]
fn url_leads_to_the_portal_whose_region_is_written_down() {
    for (lines, written) in [
        ("sso_region = us-east-1\n", format!("sso_region = eu-west-1\n{SCOPES}")),
        ("sso_region = eu-west-1\n", format!("sso_region = eu-west-1\n{SCOPES}")),
        ("", format!("{SCOPES}sso_region = eu-west-1\n")),
    ] {
        let scene = Scene::session(lines);
        let desk = &scene.desk;
        scene.leads_to(&format!("{PORTAL}/?x=y"));
        desk.center.oidc.expect(register_client());
        desk.center.oidc.expect(code_token());
        let mut running = desk.login(&[]).any_stdout().spawn();
        let url = desk.allow(&mut running);
        let said = if lines.contains("eu-west-1") {
            ""
        } else {
            "keyfob: sso_region of sso-session \"corp\" is eu-west-1 now, where its start URL leads\n"
        };
        running.stderr(format!("{HERE}\n{url}\n\n{said}")).wait();
        // The token stays under the URL of the config file.
        let token = desk.token();
        assert_eq!((&token["startUrl"], &token["region"]), (&VANITY.into(), &"eu-west-1".into()));
        let config = format!("# ours\n[sso-session corp]\nsso_start_url = {VANITY}\n{written}");
        assert_eq!(desk.home.read(".aws/config"), config);
        // Signed in, nobody is asked where it leads.
        desk.login(&[]).any_stdout().run();
    }
}

#[test]
fn region_of_a_profile_without_a_session_is_written_there() {
    let scene = Scene::new(&role("dev", &format!("sso_start_url = {VANITY}\nkeyfob_sso_region = us-east-1\n")));
    let desk = &scene.desk;
    scene.leads_to(PORTAL);
    desk.expect_device();
    desk.expect_pending();
    desk.center.oidc.expect(device_token());
    let mut running = desk.run(&["dev", "--no-browser"]).any_stdout().any_stderr().spawn();
    desk.center.oidc.approve(&shown_code(&mut running));
    let told = format!("keyfob: sso_region of {VANITY} is eu-west-1 now, where its start URL leads\n");
    assert!(running.wait().stderr.ends_with(&told));
    let config = desk.home.read(".aws/config");
    assert_eq!(config, role("dev", &format!("sso_start_url = {VANITY}\nkeyfob_sso_region = eu-west-1\n")));
}

#[test]
fn site_that_answers_no_head_is_asked_for_the_page() {
    for status in [405, 501] {
        let scene = Scene::session("");
        scene.site.expect("HEAD", "/start", Reply::new(status));
        scene.site.expect("GET", "/start", Reply::new(301).header("Location", PORTAL));
        scene.desk.center.oidc.expect(register_client());
        scene.desk.signs_in(scene.desk.login(&[]));
    }
}

#[test]
fn configured_region_counts_where_the_portal_names_none() {
    let scene = Scene::session("sso_region = eu-west-1\n");
    scene.leads_to("https://d-1234567890.awsapps.com/start");
    scene.desk.center.oidc.expect(register_client().fails(
        400,
        "InvalidRequestException",
        "Invalid start url provided",
    ));
    let told = scene.desk.login(&[]).code(1).any_stderr().run().stderr;
    let cause = "AWS refused the start URL https://d-1234567890.awsapps.com/start in region eu-west-1: ";
    assert!(told.contains(cause), "{told}");
}

#[test]
fn sites_that_lead_nowhere_are_told() {
    let hint = "ask whoever manages Identity Center for the start URL";
    for (reply, cause) in [
        (Reply::new(302), format!("{HOST}: HTTP 302, which leads nowhere")),
        (Reply::new(404), format!("{HOST}: HTTP 404")),
        (Reply::new(200), format!("it leads to {VANITY}, which is no access portal of AWS")),
        (
            Reply::new(302).header("Location", "https://d-1.awsapps.com.example.com/start"),
            "it leads to https://d-1.awsapps.com.example.com/start, which is no access portal of AWS".to_owned(),
        ),
        (
            Reply::new(302).header("Location", "http://d-1.awsapps.com/start"),
            "it leads to http://d-1.awsapps.com/start, which is no access portal of AWS".to_owned(),
        ),
        (
            Reply::new(302).header("Location", "/login?next=https://d-1.awsapps.com/start"),
            "it leads back to itself, at /login?next=https://d-1.awsapps.com/start, and to no access portal of AWS"
                .to_owned(),
        ),
    ] {
        let scene = Scene::session("sso_region = us-east-1\n");
        scene.site.expect("HEAD", "/start", reply);
        let told = format!("keyfob: cannot use the start URL {VANITY}\n  cause: {cause}\n  hint: {hint}\n");
        scene.desk.login(&[]).code(1).stderr(told).run();
        assert_eq!((scene.desk.center.oidc.connections(), scene.desk.files().len()), (0, 0));
    }
}

#[test]
fn site_that_nobody_can_reach_is_told() {
    let scene = Scene::session("sso_region = us-east-1\n");
    let run = scene.desk.login(&[]).env("HTTPS_PROXY", "http://127.0.0.1:1").code(1).any_stderr().run();
    let told = format!("keyfob: cannot use the start URL {VANITY}\n  cause: {HOST}: ");
    assert!(run.stderr.starts_with(&told), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n  hint: check it, the network, and HTTPS_PROXY and NO_PROXY\n"), "{}", run.stderr);
}

#[test]
fn start_urls_that_are_none_or_not_https_are_refused() {
    for (url, told) in [
        (
            "http://d-1234567890.awsapps.com/start",
            "it does not begin with https://, and AWS's portals are https only\n  hint: write it so\n",
        ),
        (
            "d-1234567890.awsapps.com/start",
            "it is no URL with a host, like https://d-1234567890.awsapps.com/start\n  \
             hint: copy it from the browser, or ask for it\n",
        ),
    ] {
        let desk = Desk::new();
        desk.home.write(".aws/config", desk.home.read(".aws/config").replace(START_URL, url));
        desk.login(&[]).code(1).stderr(format!("keyfob: cannot use the start URL {url}\n  cause: {told}")).run();
        assert_eq!(desk.center.oidc.connections(), 0);
    }
}
