//! What is asked at the terminal, in the AWS CLI's words and order, with its defaults.

use super::*;

fn person(answers: &[(&str, &str)]) -> Terminal {
    answers.iter().fold(Terminal::new(), |person, (question, answer)| person.answer(question, &format!("{answer}\n")))
}

/// What the terminal shows of that.
fn shown(answers: &[(&str, &str)]) -> String {
    answers.iter().flat_map(|(question, answer)| [*question, *answer, "\n"]).collect()
}

/// Where it is the only session, or the profile's.
const MY_SSO: &str = "SSO session name [my-sso]: ";

const NEW: [(&str, &str); 7] = [
    (NAME, "my-sso"),
    (URL, "https://d-1234567890.awsapps.com/start/#/"),
    (SSO_REGION, "us-east-1"),
    (SCOPES, ""),
    (REGION, "us-west-2"),
    (OUTPUT, "json"),
    (PROFILE_NAME, ""),
];

#[test]
fn new_file_is_that_of_the_aws_cli_to_the_byte() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    desk.expect_sign_in();
    desk.expect_lists(ACCOUNT);
    let told = desk.told(PROFILE, "my-sso");
    let mut running = desk.asked(&[], person(&NEW)).screen(shown(&NEW)).any_stderr().stdout(told).spawn();
    desk.allow(&mut running);
    let told = running.wait().stderr;
    let only = "The only account that you have: Account 444455556666, aws+444455556666@example.com (444455556666)\n\
                The only role that you have there: AdministratorAccess\n";
    assert!(told.ends_with(only), "{told}");
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn answers_that_will_not_do_are_asked_for_again() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    desk.expect_sign_in();
    desk.expect_lists(ACCOUNT);
    let answers = [
        (NAME, "a]b"),
        (NAME, "my-sso"),
        (URL, ""),
        (NAME, "my-sso"),
        (URL, "start"),
        (URL, START_URL),
        (SSO_REGION, "x y"),
        (SSO_REGION, "us-east-1"),
        (SCOPES, "a b"),
        (SCOPES, ""),
        (REGION, "evil.com/"),
        (REGION, "us-west-2"),
        (OUTPUT, "xml"),
        (OUTPUT, "json"),
        (PROFILE_NAME, "it's"),
        (PROFILE_NAME, ""),
    ];
    let mut running = desk.asked(&[], person(&answers)).screen(shown(&answers)).any_stderr().any_stdout().spawn();
    desk.allow(&mut running);
    let told = running.wait().stderr;
    assert_eq!(told.matches("That will not do: ").count(), 6, "{told}");
    assert!(told.contains("\nIt is needed. Once more, from the first question:\n"), "{told}");
    assert!(told.contains("cannot make profile \"it's\": AWS's tools do not read alike "), "{told}");
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn existing_session_is_not_asked_about_and_its_sign_in_is_used() {
    if !has_terminal() {
        return;
    }
    let session = WRITTEN[WRITTEN.find("[sso-session").expect("it is there")..].replace("my-sso", "corp");
    let desk = Desk::new(&session).signed_in(Some("corp"));
    desk.expect_lists(ACCOUNT);
    let session_name = ("SSO session name [corp]: ", "");
    let answers = [session_name, (REGION, ""), (OUTPUT, ""), (PROFILE_NAME, "dev")];
    let run =
        desk.asked(&[], person(&answers)).screen(shown(&answers)).any_stderr().stdout(desk.told("dev", "corp")).run();
    assert!(run.stderr.starts_with("The only account "), "{}", run.stderr);
    let profile = format!("[profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = {ROLE}\n");
    assert_eq!(desk.config(), session + &profile);
    assert_eq!(desk.center.oidc.connections(), 0);
}

#[test]
fn sessions_that_are_there_are_named_where_none_is_the_only_one() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("[sso-session a]\n[sso-session b]\n");
    let run = desk.asked(&[], Terminal::new().answer(NAME, "\x03")).code(130).any_screen().any_stderr().run();
    assert!(run.stderr.starts_with("The sso-sessions that are there: a, b\n"), "{}", run.stderr);
}

#[test]
fn empty_answer_leads_back_to_the_session() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("[sso-session a]\n[sso-session b]\n");
    // Neither a profile without a session was meant, nor a new session.
    let answers = [(NAME, ""), (URL, ""), (NAME, "c"), (URL, ""), (NAME, "my-sso"), (URL, START_URL), (SSO_REGION, "")];
    let person = person(&answers).answer(NAME, "\x03");
    let run = desk.asked(&[], person).code(130).screen(shown(&answers) + NAME + "\n").any_stderr().run();
    assert_eq!(
        run.stderr.matches("\nIt is needed. Once more, from the first question:\n").count(),
        3,
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_there_is_offered_and_enter_changes_nothing() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new(WRITTEN).signed_in(Some("my-sso"));
    desk.expect_lists(ACCOUNT);
    let answers = [
        (MY_SSO, ""),
        ("Default client Region [us-west-2]: ", ""),
        ("CLI default output format (json if not specified) [json]: ", ""),
    ];
    let run = desk.asked(&[PROFILE], person(&answers)).screen(shown(&answers)).any_stderr().any_stdout().run();
    assert!(run.stdout.contains(" already, as they should be.\n"), "{}", run.stdout);
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn what_options_answer_is_not_asked() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    desk.expect_sign_in();
    desk.center.portal.expect(list_account_roles(ACCOUNT));
    let more =
        ["--sso-session", "my-sso", "--scopes", "sso:account:access", "--region", "us-west-2", "--output", "json"];
    let run = desk.asked(&[&[PROFILE], &ALL[..], &more].concat(), Terminal::new()).any_stderr();
    let mut running = run.stdout(desk.told(PROFILE, "my-sso")).spawn();
    desk.allow(&mut running);
    running.wait();
    assert_eq!(desk.config(), WRITTEN);
}

#[test]
fn region_of_the_environment_is_offered() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new(WRITTEN).signed_in(Some("my-sso"));
    desk.expect_lists(ACCOUNT);
    let answers = [(MY_SSO, ""), ("Default client Region [eu-north-1]: ", ""), (OUTPUT, ""), (PROFILE_NAME, "dev")];
    let run = desk.asked(&[], person(&answers)).env("AWS_REGION", "eu-north-1");
    run.screen(shown(&answers)).any_stderr().any_stdout().run();
    assert!(desk.config().ends_with("\nregion = eu-north-1\n"), "{}", desk.config());
}

#[test]
fn profile_with_other_credentials_is_not_taken_for_an_answer() {
    if !has_terminal() {
        return;
    }
    let config = format!("[profile other]\nrole_arn = r\n{WRITTEN}");
    let desk = Desk::new(&config).signed_in(Some("my-sso"));
    desk.expect_lists(ACCOUNT);
    let answers = [(MY_SSO, ""), (REGION, ""), (OUTPUT, ""), (PROFILE_NAME, "other"), (PROFILE_NAME, "dev")];
    let run = desk.asked(&[], person(&answers)).screen(shown(&answers)).any_stdout().any_stderr().run();
    let told = format!(
        "cannot configure profile \"other\" for IAM Identity Center, which has a role already: role_arn stands in {}:2.\n",
        desk.config_path()
    );
    assert!(run.stderr.ends_with(&told), "{}", run.stderr);
    assert!(desk.config().starts_with(&config), "{}", desk.config());
}

#[test]
fn interrupted_it_changes_nothing() {
    if !has_terminal() {
        return;
    }
    let desk = Desk::new("");
    let told = "keyfob: nothing was configured\n  cause: interrupted\n  hint: options answer the questions, too: `keyfob \
                configure sso --help`\n";
    let person = Terminal::new().answer(NAME, "my-sso\n").answer(URL, "\x03");
    desk.asked(&[], person).code(130).any_screen().stderr(told).run();
    assert!(!desk.home.path().join(".aws").exists());
    desk.was_not_called();
}
