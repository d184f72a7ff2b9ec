//! Roles that are assumed with a role of IAM Identity Center.

use super::{
    super::{
        fake::{self, Sts, assume_role, get_caller_identity},
        scene::{ROLE as DEMO, role_section},
    },
    *,
};

/// Profile `role` assumes a role with profile `dev`.
fn scene(desk: Desk, sts: &Sts) -> Desk {
    let Desk { center, token, home } = desk;
    let config = home.read(".aws/config") + &role_section("role", DEMO, "dev");
    let home = home.sts(sts).config(&config);
    Desk { center, token, home }
}

fn printed_role(number: usize) -> String {
    Keys::issued(number, end_of_all()).document(Some(fake::ACCOUNT))
}

#[test]
fn role_is_assumed_with_either_form_and_both_are_kept() {
    for desk in [Desk::new(FRESH), Desk::legacy(FRESH)] {
        let sts = Sts::start();
        let desk = scene(desk, &sts);
        let keys = sts.add_session(&fake::of_role(1), Duration::from_hours(1));
        desk.expect_role();
        sts.expect(assume_role(DEMO).signed_by(&keys).expiring(END));
        let role = || desk.home.keyfob(["process", "--profile", "role"]);
        role().stdout(printed_role(1)).run();
        fs::remove_file(desk.path()).expect("the file was just written");
        role().stdout(printed_role(1)).run();
        desk.process().stdout(printed(1)).run();
    }
}

#[test]
fn sign_in_that_is_over_is_told_of_the_profile_that_has_it() {
    let sts = Sts::start();
    let desk = scene(Desk::new(DEAD), &sts);
    desk.write(&SsoToken { refresh_token: None, ..desk.token.clone() }.document(end(DEAD)));
    let run = desk.home.keyfob(["process", "role"]).code(3).any_stderr().run();
    assert!(run.stderr.starts_with(MESSAGE) && run.stderr.ends_with(&format!("  hint: {AGAIN}\n")), "{}", run.stderr);
    desk.was_not_called();
}

/// As when an administrator ended what is kept.
#[test]
fn kept_credentials_that_are_refused_are_got_anew() {
    let sts = Sts::start();
    let desk = scene(Desk::new(FRESH), &sts);
    desk.expect_role();
    desk.process().stdout(printed(1)).run();
    let keys = sts.add_session(&fake::of_role(2), Duration::from_hours(1));
    sts.expect(assume_role(DEMO).refused("InvalidClientTokenId"));
    desk.expect_role();
    sts.expect(assume_role(DEMO).signed_by(&keys).expiring(END));
    desk.home.keyfob(["process", "role"]).stdout(printed_role(1)).run();
}

#[test]
fn whoami_asks_with_the_role() {
    let sts = Sts::start();
    let desk = scene(Desk::new(FRESH), &sts);
    let keys = sts.add_session(&fake::of_role(1), Duration::from_hours(1));
    desk.expect_role();
    sts.expect(get_caller_identity().signed_by(&keys));
    let run = desk.home.keyfob(["whoami", "dev"]).any_stdout().run();
    assert!(run.stdout.starts_with("account  "), "{}", run.stdout);
}
