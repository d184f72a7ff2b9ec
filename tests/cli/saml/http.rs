//! Signing in by HTTP: Basic, and the ways of Windows.

use super::{Adfs, DEV, SIGN_ON, Terminal, failure, signing_in};

#[test]
fn page_for_windows_is_asked_for_by_its_name_alone() {
    // Without the setting AD FS shows its form, for which the same password is good.
    let Some((scene, adfs)) = signing_in("windows", "") else { return };
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
    let log = adfs.log(&scene, "windows");
    assert!(log.contains("form") && !log.contains("wia"), "{log}");

    scene.home.clear_cache();
    scene.set(&format!("{}\nsaml_authentication = ntlm", adfs.settings()));
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
    let log = adfs.log(&scene, "windows");
    assert!(
        log.ends_with(
            "GET /adfs/ls/IdpInitiatedSignOn.aspx\nGET /adfs/ls/wia\nGET /adfs/ls/wia Authorization\nGET /adfs/ls/wia \
         Authorization\nGET /adfs/ls/IdpInitiatedSignOn.aspx Cookie\n"
        ),
        "{log}"
    );
}

#[test]
fn way_that_is_not_offered_is_not_tried() {
    for (way, setting, told) in [
        (
            "basic",
            "ntlm",
            "asks for authentication by HTTP, and offers Negotiate2, Basic\n  hint: set saml_authentication to what it offers",
        ),
        ("basic", "form", "offers Negotiate2, Basic\n  hint: unset saml_authentication: what is offered is taken then"),
        ("ntlm", "basic", "offers NTLM, Kerberos\n  hint: set saml_authentication to what it offers"),
        ("digest", "", "offers Digest\n  hint: let another program sign in, and name it in saml_process"),
        ("form", "ntlm", "asks by a form, and not by NTLM\n  hint: set saml_authentication to form, or unset it"),
    ] {
        let more = if setting.is_empty() { String::new() } else { format!("saml_authentication = {setting}") };
        let Some((scene, adfs)) = signing_in(way, &more) else { return };
        let stderr = failure(scene.process().terminal(Terminal::new()), 1);
        assert!(stderr.contains(told), "{way} {setting}: {stderr}");
        assert!(!adfs.log(&scene, way).contains("Authorization"), "{way} {setting}");
    }
}

#[test]
fn basic_password_goes_to_nobody_who_did_not_ask() {
    let Some((scene, adfs)) = signing_in("basic", "") else { return };
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
    let path = SIGN_ON.split('?').next().unwrap_or_default();
    assert_eq!(adfs.log(&scene, "basic"), format!("GET {path}\nGET {path} Authorization\n"));
}

#[test]
fn answer_of_windows_goes_to_the_page_that_asked_and_to_no_other_server() {
    let Some((scene, adfs)) = signing_in("ntlm", "") else { return };
    let jane = "saml_user = jane\nsaml_domain = CORP";
    scene.set(&format!("{}{jane}", adfs.at(&format!("/strays?{}", SIGN_ON.replace('?', "%3F")))));
    scene.expect(DEV);
    scene.process().terminal(adfs.jane()).any_stdout().any_screen().run();
    let page = SIGN_ON.split('?').next().unwrap_or_default();
    let asked = format!("GET {page} Authorization\n");
    let log = adfs.log(&scene, "ntlm");
    assert!(log.ends_with(&format!("GET {page}\n{asked}{asked}")), "{log}");
    assert_eq!(log.matches("/strays Authorization").count(), 1, "{log}");

    scene.home.clear_cache();
    let Some(other) = Adfs::start(&scene, "negotiate") else { return };
    scene.set(&format!("{}{jane}", adfs.at(&format!("/strays?{}", other.url(SIGN_ON).replace('?', "%3F")))));
    let stderr = failure(scene.process().terminal(adfs.jane()), 1);
    assert!(stderr.contains("the sign-in leads to another server"), "{stderr}");
    assert!(!other.log(&scene, "negotiate").contains("Authorization"));
    assert_eq!(adfs.log(&scene, "ntlm").matches("/strays Authorization").count(), 2);
}

#[test]
fn one_password_is_sent_twice_at_most() {
    let Some((scene, adfs)) = signing_in("basic", "") else { return };
    scene.set(&format!("{}saml_user = jane\nsaml_domain = CORP", adfs.at("/refuses/1")));
    let mut person = Terminal::new();
    for _ in 0..3 {
        person = person.answer(&adfs.question("CORP\\jane"), &format!("{}\n", super::PASSWORD));
    }
    let stderr = failure(scene.process().terminal(person), 3);
    assert!(stderr.contains("was refused"), "{stderr}");
    assert_eq!(adfs.log(&scene, "basic").matches("Authorization").count(), 6);
}

#[test]
fn what_cannot_be_said_by_a_way_is_not_tried() {
    let Some((scene, adfs)) = signing_in("basic", "") else { return };
    scene.set(&format!("{}saml_user = ja:ne", adfs.at(SIGN_ON)));
    let person = Terminal::new().answer(&adfs.question("ja:ne"), &format!("{}\n", super::PASSWORD));
    let stderr = failure(scene.process().terminal(person), 1);
    assert!(stderr.contains("the name \"ja:ne\" has a colon, which cannot be sent by Basic"), "{stderr}");
    assert!(!adfs.log(&scene, "basic").contains("Authorization"));

    let Some((scene, adfs)) = signing_in("negotiate", "") else { return };
    scene.set(&format!("{}saml_user = jane\nsaml_domain = CORP", adfs.at("/kerberos")));
    let stderr = failure(scene.process().terminal(adfs.jane()), 1);
    assert!(stderr.contains("does not answer by the rules of NTLM"), "{stderr}");
}
