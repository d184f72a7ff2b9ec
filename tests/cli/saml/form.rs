//! Signing in by the form of a page: what is sent, and where it never is.

use super::{Adfs, DEV, SIGN_ON, Scene, Terminal, failure, signing_in};

#[test]
fn password_goes_once_to_the_form_and_cookies_go_back() {
    let Some((scene, adfs)) = signing_in("form", "") else { return };
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
    let page = "/adfs/ls/IdpInitiatedSignOn.aspx";
    assert_eq!(adfs.log(&scene, "form"), format!("GET {page}\nPOST {page} Cookie form\nGET {page} Cookie\n"));
}

#[test]
fn page_that_asks_nobody_is_taken_at_its_word() {
    let Some((scene, adfs)) = signing_in("form", "") else { return };
    scene.set(&format!("{}saml_user = jane", adfs.at("/open")));
    scene.expect(DEV);
    let person = Terminal::new();
    scene.process().terminal(person).any_stdout().run();
}

#[test]
fn redirects_are_followed_to_the_form() {
    let Some((scene, adfs)) = signing_in("form", "") else { return };
    let first = adfs.at(&format!("/to?/to%3F{}", SIGN_ON.replace('?', "%253F")));
    scene.set(&format!("{first}saml_user = jane\nsaml_domain = CORP"));
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
}

/// A provider beside another one, to which it leads.
struct Two {
    scene: Scene,
    adfs: Adfs,
    other: Adfs,
}

impl Two {
    fn start() -> Option<Self> {
        let scene = Scene::new("", &[DEV]);
        let other = Adfs::start(&scene, "basic")?;
        let adfs = Adfs::start_with(&scene, "form", "CORP\\jane", &other.url("/stolen"))?;
        Some(Self { scene, adfs, other })
    }

    /// What becomes of a sign-in at this page.
    #[track_caller]
    fn at(&self, path: &str) -> String {
        let Self { scene, adfs, other } = self;
        let path = path.replace("OTHER", &other.url(""));
        scene.set(&format!("{}saml_user = jane\nsaml_domain = CORP", adfs.at(&path)));
        let is_asked = ["/posts-to", "/then", "/gets"].iter().any(|page| path.starts_with(page));
        let person = if is_asked { adfs.jane() } else { Terminal::new() };
        failure(scene.process().terminal(person), 1)
    }
}

#[test]
fn password_is_never_sent_to_another_server() {
    let Some(two) = Two::start() else { return };
    let Two { scene, adfs, other } = &two;
    let and_back = format!("/to?OTHER/posts-to%3F{}", adfs.url("/x"));
    for path in ["/posts-to?OTHER/stolen", "/then", &format!("/to?OTHER{}", SIGN_ON.replace('?', "%3F")), &and_back] {
        let stderr = two.at(path);
        let told = format!(
            "keyfob: cannot sign in at {} for profile \"corp\"\n  cause: the sign-in leads to another server, {}, which \
             the password is not sent to\n  hint: if {} is to have it, set saml_endpoint to its own sign-on URL; it is \
             now at {}\n",
            adfs.host, other.host, other.host, adfs.host
        );
        assert_eq!(stderr, told, "{path}");
        let log = std::fs::read_to_string(scene.home.path().join("log-basic")).unwrap_or_default();
        assert!(!log.contains("form") && !log.contains("Authorization") && !log.contains("Cookie"), "{path}: {log}");
    }
}

#[test]
fn pages_that_lead_nowhere_are_named() {
    let Some(two) = Two::start() else { return };
    for (path, told) in [
        ("/to?http://192.0.2.1/x", "redirects to something that is no https address"),
        ("/to?javascript:alert(1)", "redirects to something that is no https address"),
        ("/loop", "redirects again and again"),
        ("/gets", "would put the password into a URL"),
        (
            "/error",
            "shows a page \"Error\" that keyfob cannot fill in: An error occurred. Contact your administrator for more information.",
        ),
        ("/broken", "answers with HTTP 503 \"Service Unavailable\"\n  hint: check saml_endpoint: open it in a browser"),
        ("/nothing", "answers with HTTP 404"),
        ("/portal", "shows a page \"Welcome\" that keyfob cannot fill in"),
        ("/endless", "the answer is larger than 1 MiB"),
    ] {
        let stderr = two.at(path);
        assert!(stderr.contains(told), "{path}: {stderr}");
    }
}

#[test]
fn second_factor_is_for_another_program() {
    let Some((scene, adfs)) = signing_in("mfa", "") else { return };
    let stderr = format!(
        "keyfob: cannot sign in at {} for profile \"corp\"\n  cause: {} shows a page \"Verify your identity\" that keyfob \
         cannot fill in\n  hint: open saml_endpoint in a browser to see it; for a second factor or consent, let another \
         program sign in, and name it in saml_process\n",
        adfs.host, adfs.host
    );
    scene.process().terminal(adfs.jane()).code(1).stderr(stderr).any_screen().run();
}
