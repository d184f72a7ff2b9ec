//! What a container shows at the endpoint.

use super::*;

const SECRET: &str = "Basic MARKERsecret==";

#[test]
fn token_of_the_variable_is_shown_as_it_is() {
    for text in [SECRET.to_owned(), format!("{SECRET}\n"), format!("{SECRET}\r\n")] {
        let container = Container::start();
        container.expect_with(SECRET, answer());
        process(&home(&container).env(TOKEN, &text)).any_stdout().run();
    }
}

#[test]
fn file_goes_before_the_variable_and_is_read_each_time() {
    let container = Container::start();
    let home = home(&container).env(TOKEN, "MARKERsecret-of-the-variable");
    for number in 1..=2 {
        let token = format!("MARKERsecret-{number}");
        let path = home.write("token", format!("{token}\n"));
        container.expect_with(&token, answer());
        let path = path.to_str().expect("the tests' own paths are UTF-8");
        process(&home).env(TOKEN_FILE, path).any_stdout().run();
    }
}

#[test]
fn unusable_tokens_are_told_by_the_name_of_what_holds_them() {
    let container = Container::start();
    let home = home(&container);
    let path = |name: &str| home.path().join(name).display().to_string();
    let failed = "keyfob: cannot get credentials from the container's endpoint\n";
    for (text, why) in [
        ("MARKERsecret\nMARKERsecret", "is more than one line"),
        ("MARKERsecret\r\nX-Other: y", "is more than one line"),
        ("MARKER\tsecret", "holds a control character"),
        ("\r\n", "is empty"),
        ("", "is empty"),
    ] {
        home.write("token", text);
        let told = format!("{failed}  cause: the token in \"{}\" {why}\n", path("token"));
        process(&home).env(TOKEN_FILE, &path("token")).env(TOKEN, SECRET).code(1).stderr(told).run();
    }
    let told = format!("{failed}  cause: the token in {TOKEN} is more than one line\n");
    process(&home).env(TOKEN, "MARKERsecret\nMARKERsecret").code(1).stderr(told).run();
    for (name, why) in [("missing", "there is no such file"), ("token/below", "there is no such file")] {
        let told = format!(
            "{failed}  cause: cannot read the token in \"{}\": {why}\n  hint: {TOKEN_FILE} names it\n",
            path(name)
        );
        process(&home).env(TOKEN_FILE, &path(name)).code(1).stderr(told).run();
    }
    let run = process(&home).env(TOKEN_FILE, &path("")).code(1).any_stderr().run();
    assert!(run.stderr.contains("cannot read the token in"), "{}", run.stderr);
    assert_eq!(container.asked(), 0);
}
