//! A second profile, which leads to the first.

use super::*;

#[test]
fn second_profile_leads_to_the_first_and_goes_again() {
    let scene = Scene::with("region = eu-west-1\n");
    let before = scene.home.read(".aws/config");
    let told = "Every program gets the credentials of profile \"dev\" through profile \"dev all\" now: --profile 'dev all'\n\
                To undo that: keyfob bridge --undo dev --as 'dev all'\n";
    scene.home.keyfob(["bridge", "dev", "--as", "dev all"]).stdout(told).run();
    let section = format!("[profile 'dev all']\n{}region = eu-west-1\n", line());
    assert_eq!(scene.home.read(".aws/config"), before.clone() + &section);
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    scene.home.keyfob(["process", "dev all"]).stdout(issued_document(1)).run();
    let already = "Profile \"dev all\" leads to \"dev\" already.\n";
    scene.home.keyfob(["bridge", "dev", "--as", "dev all"]).stdout(already).run();
    let told = "Profile \"dev all\" is removed; \"dev\" is as it was.\n";
    scene.home.keyfob(["bridge", "dev", "--as", "dev all", "--undo"]).stdout(told).run();
    assert_eq!(scene.home.read(".aws/config"), before);
}

#[test]
fn line_whose_program_is_gone_is_written_anew() {
    let scene = Scene::new();
    scene.home.keyfob(["bridge", "dev", "--as", "two"]).any_stdout().run();
    let config = scene.home.read(".aws/config");
    scene.home.write(".aws/config", config.replace(&program(), "/gone/keyfob"));
    let told = "Every program gets the credentials of profile \"dev\" through profile \"two\" now: --profile two\n\
                To undo that: keyfob bridge --undo dev --as two\n";
    scene.home.keyfob(["bridge", "dev", "--as", "two"]).stdout(told).run();
    assert_eq!(scene.home.read(".aws/config"), config);
}

#[test]
fn profile_of_somebody_else_is_neither_written_over_nor_removed() {
    let scene = Scene::with("[profile other]\nregion = x\n");
    let before = scene.home.read(".aws/config");
    let told = "keyfob: cannot make profile \"other\"\n  cause: it is there already, and does not lead to that profile\n  \
                hint: choose another name\n";
    scene.home.keyfob(["bridge", "dev", "--as", "other"]).code(1).stderr(told).run();
    let told = "keyfob: cannot remove profile \"other\"\n  cause: it does not lead to profile \"dev\"\n";
    scene.home.keyfob(["bridge", "dev", "--as", "other", "--undo"]).code(1).stderr(told).run();
    assert_eq!(scene.home.read(".aws/config"), before);
}

#[test]
fn second_profile_with_more_in_it_stays() {
    let scene = Scene::new();
    scene.home.keyfob(["bridge", "dev", "--as", "two"]).any_stdout().run();
    let before = scene.home.read(".aws/config") + "output = json\n";
    scene.home.write(".aws/config", &before);
    let told = "keyfob: cannot remove profile \"two\"\n  cause: somebody has added output to it\n  \
                hint: if all of it is to go: `keyfob profile remove two`\n";
    scene.home.keyfob(["bridge", "dev", "--as", "two", "--undo"]).code(1).stderr(told).run();
    assert_eq!(scene.home.read(".aws/config"), before);
}

#[test]
fn names_that_will_not_do_are_refused() {
    let scene = Scene::new();
    for (name, cause) in [("", "it is empty"), ("dev", "it names the profile itself")] {
        let told = format!("keyfob: cannot use --as\n  cause: {cause}\n");
        scene.home.keyfob(["bridge", "dev", &format!("--as={name}")]).code(2).stderr(told).run();
    }
    scene.home.keyfob(["bridge", "dev", "--as", "a]b"]).code(2).any_stderr().run();
}
