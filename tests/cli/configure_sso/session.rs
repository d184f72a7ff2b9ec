//! Profiles that say themselves where to sign in, and sign-ins that AWS does not take.

use super::*;

#[test]
fn without_a_session_the_profile_says_it_in_the_order_of_the_aws_cli() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("").signed_in(None);
    desk.expect_lists(ACCOUNT);
    let person = Terminal::new()
        .answer(NAME, "\n")
        .answer(URL, &format!("{START_URL}\n"))
        .answer(SSO_REGION, "us-east-1\n")
        .answer(REGION, "us-west-2\n")
        .answer(OUTPUT, "json\n")
        .answer(PROFILE_NAME, "\n");
    let told = format!("Profile \"{PROFILE}\" is in \"{}\".\n{}", desk.config_path(), usage(PROFILE));
    let run = desk.asked(&[], person).any_screen().any_stderr().stdout(told).run();
    assert!(run.stderr.starts_with("keyfob: sign-ins of a profile without an sso-session cannot be renewed\n"));
    assert_eq!(
        desk.config(),
        format!(
            "[profile {PROFILE}]\nsso_start_url = {START_URL}\nsso_region = us-east-1\nsso_account_id = {ACCOUNT}\n\
             sso_role_name = {ROLE}\nregion = us-west-2\noutput = json\n"
        )
    );
}

#[test]
fn sign_in_that_is_not_taken_leaves_the_profile_without_a_role() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    desk.expect_sign_in();
    desk.center.portal.expect(list_accounts().fails(
        401,
        "UnauthorizedException",
        "Session token not found or invalid",
    ));
    let person = Terminal::new()
        .answer(NAME, "my-sso\n")
        .answer(URL, &format!("{START_URL}\n"))
        .answer(SSO_REGION, "us-east-1\n")
        .answer(SCOPES, "\n")
        .answer(REGION, "us-west-2\n")
        .answer(OUTPUT, "json\n")
        .answer("Profile name [my-sso]: ", "dev\n");
    let told = format!(
        "Profile \"dev\" and sso-session \"my-sso\" are in \"{}\".\nIt has no role yet; to choose one: keyfob configure sso \
         dev\n",
        desk.config_path()
    );
    let mut running = desk.asked(&[], person).any_screen().any_stderr().stdout(told).spawn();
    desk.allow(&mut running);
    let run = running.wait();
    assert!(run.stderr.contains("keyfob: no account and no role can be listed: ListAccounts at "), "{}", run.stderr);
    let without =
        WRITTEN.replace(PROFILE, "dev").replace(&format!("sso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n"), "");
    assert_eq!(desk.config(), without);
}

#[test]
fn sign_in_of_before_that_has_ended_is_followed_by_a_new_one() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new(WRITTEN).signed_in(Some("my-sso"));
    desk.center.end_sessions();
    desk.center.portal.expect(list_accounts().refused("UnauthorizedException"));
    desk.expect_sign_in();
    desk.expect_lists(ACCOUNT);
    let arguments = [PROFILE, "--sso-session", "my-sso", "--region", "us-west-2", "--output", "json"];
    let mut running = desk.asked(&arguments, Terminal::new()).any_stderr().any_stdout().spawn();
    desk.allow(&mut running);
    running.wait();
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn person_without_any_account_is_told_so() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::with(WRITTEN, []).signed_in(Some("my-sso"));
    desk.center.portal.expect(list_accounts());
    let told = "keyfob: there is no account for you in sso-session \"my-sso\"\n  cause: AWS lists none: nobody has assigned \
                one to you\n  hint: ask whoever runs Identity Center; if it was assigned just now, sign out and in again\n";
    desk.asked(&["dev", "--sso-session", "my-sso"], Terminal::new()).code(1).stderr(told).run();
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn start_url_of_ones_own_domain_leads_to_the_region() {
    const HOST: &str = "sso.example.test";
    const VANITY: &str = "https://sso.example.test/start";
    const PORTAL: &str = "https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws";
    if !has_terminal() {
        return;
    }
    let (center, site) = (IdentityCenter::start_at(PORTAL, "eu-west-1"), Website::start(HOST));
    center.add_account(Account::new(ACCOUNT, &[ROLE]));
    let proxy = Proxy::between(vec![(HOST, site.address())]);
    let mut home = Home::new().identity_center(&center).env("HTTPS_PROXY", &format!("http://{}", proxy.address()));
    let ca = home.write("ca.pem", &site.ca_pem);
    home.set_env("AWS_CA_BUNDLE", ca.to_str().expect("temporary paths are UTF-8"));
    let desk = Desk { center, home };
    // A slip is found out at once; what is good is looked up again at the sign-in.
    site.expect("HEAD", "/strat", Reply::new(404));
    site.expect("HEAD", "/start", Reply::new(302).header("Location", PORTAL));
    site.expect("HEAD", "/start", Reply::new(302).header("Location", PORTAL));
    desk.expect_sign_in();
    desk.expect_lists(ACCOUNT);
    let person = Terminal::new()
        .answer(NAME, "my-sso\n")
        .answer(URL, "https://sso.example.test/strat\n")
        .answer(URL, &format!("{VANITY}/\n"))
        .answer(SCOPES, "\n")
        .answer(REGION, "us-west-2\n")
        .answer(OUTPUT, "json\n")
        .answer(PROFILE_NAME, "\n");
    let mut running = desk.asked(&[], person).any_screen().any_stderr().any_stdout().spawn();
    desk.allow(&mut running);
    let told = running.wait().stderr;
    let slip = "cannot use the start URL https://sso.example.test/strat: sso.example.test: HTTP 404.\n";
    assert!(told.contains(slip), "{told}");
    assert_eq!(desk.config(), WRITTEN.replace(START_URL, VANITY).replace("us-east-1", "eu-west-1"));
}

#[test]
fn start_url_that_says_its_region_offers_it() {
    if !has_terminal() {
        return;
    }
    let url = "https://ssoins-1.portal.eu-west-1.app.aws";
    let desk = Desk::new("");
    let person = Terminal::new()
        .answer(NAME, "my-sso\n")
        .answer(URL, &format!("{url}\n"))
        .answer("SSO region [eu-west-1]: ", "\x03");
    desk.asked(&[], person).code(130).any_screen().any_stderr().run();
}

#[test]
fn name_of_the_session_is_offered_where_the_start_url_is_said() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    let person = Terminal::new().answer("SSO session name [sso-session-d-1234567890]: ", "\n").answer(SCOPES, "\x03");
    desk.asked(&ALL, person).code(130).any_screen().any_stderr().run();
}

#[test]
fn session_of_another_place_is_no_answer() {
    const OFFERED: &str = "SSO session name [sso-session-d-1234567890-2]: ";
    if !has_terminal() {
        return;
    }
    let desk = Desk::new(
        "[sso-session sso-session-d-1234567890]\nsso_start_url = https://d-1234567890.example.com\n[sso-session corp]\n\
         sso_start_url = https://d-0000000000.awsapps.com/start\n",
    );
    let person = Terminal::new().answer(OFFERED, "corp\n").answer(OFFERED, "\n").answer(SCOPES, "\x03");
    let run = desk.asked(&ALL, person).code(130).any_screen().any_stderr().run();
    let told = "That will not do: sso-session \"corp\" is there already, for https://d-0000000000.awsapps.com/start.\n";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
}

#[test]
fn session_that_moves_to_another_place_is_signed_in_to_anew() {
    if !has_terminal() {
        return;
    }
    let before = WRITTEN.replace("d-1234567890", "d-0000000000");
    let desk = Desk::new(&before).signed_in(Some("my-sso"));
    desk.expect_sign_in();
    desk.expect_lists(ACCOUNT);
    let arguments =
        [PROFILE, "--sso-session", "my-sso", "--start-url", START_URL, "--region", "us-west-2", "--output", "json"];
    let mut running = desk.asked(&arguments, Terminal::new()).any_stderr().any_stdout().spawn();
    desk.allow(&mut running);
    running.wait();
    assert_eq!(desk.config(), WRITTEN);
}
