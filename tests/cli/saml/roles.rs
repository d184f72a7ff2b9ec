//! Which role of those in an assertion, and what STS is asked.

use super::{
    super::{fake::assume_role, scene::END},
    DEV, OPS, PROVIDER, Scene, Terminal, assertion, gives, has_terminal,
};

fn scene(settings: &str, roles: &[&'static str]) -> Scene {
    let scene = Scene::new(&format!("saml_process = cat printed\n{settings}"), roles);
    scene.home.write("printed", assertion(roles));
    scene
}

#[test]
fn role_that_is_named_is_taken_of_several() {
    for settings in
        [format!("saml_role_arn = {OPS}"), format!("saml_role_arn = {OPS}\nsaml_principal_arn = {PROVIDER}")]
    {
        let scene = scene(&settings, &[DEV, OPS]);
        scene.expect(OPS);
        scene.process().any_stdout().run();
    }
}

#[test]
fn settings_may_have_the_prefix_that_hides_them_from_other_programs() {
    let scene = scene("", &[DEV, OPS]);
    scene.set(&format!("keyfob_saml_process = cat printed\nkeyfob_saml_role_arn = {OPS}"));
    scene.expect(OPS);
    scene.process().any_stdout().run();
}

#[test]
fn role_of_several_is_asked_for_in_a_terminal_alone() {
    let scene = scene("", &[DEV, OPS]);
    let stderr = format!(
        "keyfob: the assertion for profile \"corp\" gives several roles: {DEV}, {OPS}\n  hint: choose one: `keyfob \
         profile set corp saml_role_arn=ARN`\n"
    );
    scene.process().code(1).stderr(stderr).run();
    if !has_terminal() {
        return;
    }
    scene.expect(OPS);
    let person = Terminal::new().answer("Number, or text to narrow: ", "2\n");
    let run = scene.process().env("TERM", "dumb").terminal(person).any_stdout().any_screen().run();
    assert!(run.screen.contains(DEV), "{}", run.screen);
}

#[test]
fn role_that_is_not_given_is_an_error_with_those_that_are() {
    let scene = scene("saml_role_arn = arn:aws:iam::123456789012:role/Other", &[DEV, OPS]);
    let stderr = format!(
        "keyfob: there is no role \"arn:aws:iam::123456789012:role/Other\" for you\n  cause: the assertion for profile \
         \"corp\" gives {DEV}, {OPS}\n  hint: `keyfob profile set corp saml_role_arn=ARN` with one of them\n"
    );
    scene.process().code(1).stderr(stderr).run();
}

#[test]
fn duration_is_asked_for() {
    let scene = scene("duration_seconds = 7200", &[DEV]);
    scene.sts.expect(gives(DEV).field("DurationSeconds", "7200"));
    scene.process().any_stdout().run();
}

#[test]
fn further_roles_are_assumed_with_it() {
    let scene = scene("", &[DEV]);
    let config = scene.home.read(".aws/config");
    scene.home.write(".aws/config", format!("{config}[profile next]\nrole_arn = {OPS}\nsource_profile = corp\n"));
    scene.expect(DEV);
    scene.sts.expect(assume_role(OPS).expiring(END));
    let first = scene.home.keyfob(["process", "next"]).any_stdout().run().stdout;
    scene.home.keyfob(["process", "next"]).stdout(first).run();
}

#[test]
fn refusals_of_sts_say_what_to_look_at() {
    for (code, message, hint) in [
        (
            "ExpiredTokenException",
            "Token must be redeemed within 5 minutes of issuance",
            "the assertion is older than 5 minutes",
        ),
        (
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithSAML",
            "check that the role exists, and that it trusts",
        ),
        ("InvalidIdentityToken", "Response signature invalid", "the certificate that the identity provider signs with"),
        (
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
            "lower duration_seconds",
        ),
    ] {
        let scene = scene("", &[DEV]);
        scene.sts.expect(gives(DEV).fails(400, code, message));
        let run = scene.process().code(1).any_stderr().run();
        let start =
            format!("keyfob: cannot assume role \"{DEV}\" of profile \"corp\"\n  cause: AssumeRoleWithSAML at ");
        assert!(run.stderr.starts_with(&start) && run.stderr.contains(hint), "{code}: {}", run.stderr);
    }
}

#[test]
fn explain_shows_the_settings_and_asks_nobody() {
    let settings = format!("saml_endpoint = https://adfs.example.com/x\nsaml_user = jane\nsaml_role_arn = {OPS}");
    let scene = Scene::new(&settings, &[DEV]);
    let run = scene.home.keyfob(["explain", "corp"]).any_stdout().run();
    for shown in ["saml", "https://adfs.example.com/x", "jane", OPS] {
        assert!(run.stdout.contains(shown), "{}", run.stdout);
    }
}
