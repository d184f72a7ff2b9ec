//! What is made of pages, held against what another parser makes of them.

use super::super::tokens::{self, Token};
use super::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    page: String,
    tags: Vec<(String, BTreeMap<String, String>)>,
}

/// Made by `tests/peers/forms.py`.
fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/data/forms.json")).expect("the file is JSON")
}

#[test]
fn tags_of_forms_are_those_that_html5lib_finds() {
    for Case { page, tags } in cases() {
        let mut found: Vec<(String, BTreeMap<String, String>)> = Vec::new();
        let mut in_form = false;
        for token in tokens::of(&page) {
            match token {
                Token::End(name) if name == "form" => in_form = false,
                // There is no form within a form.
                Token::Start(tag) if tag.name == "form" && in_form => {}
                Token::Start(tag) if ["form", "input", "button"].contains(&tag.name.as_str()) => {
                    in_form |= tag.name == "form";
                    let attributes = tag.attributes().map(|(name, value)| (name.into(), value.into())).collect();
                    found.push((tag.name, attributes));
                }
                _ => {}
            }
        }
        assert_eq!(found, tags, "{page}");
    }
}

/// Pages with bytes changed, cut out and put in, from a generator with a fixed seed.
#[test]
fn whatever_a_page_is_it_can_be_read() {
    const SPLICES: [&str; 12] =
        ["<", ">", "</", "<!--", "-->", "\"", "'", "=", "&", "&#x", "<input name=SAMLResponse type=hidden", "é"];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |bound: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(bound).expect("a small number")).expect("a small number")
    };
    for Case { page, .. } in cases() {
        for _ in 0..20 {
            let mut letters: Vec<char> = page.chars().collect();
            for _ in 0..=below(4) {
                let at = below(letters.len());
                let end = (at + below(8)).min(letters.len());
                letters.splice(at..end, SPLICES[below(SPLICES.len())].chars());
            }
            let page = Page::read(&letters.into_iter().collect::<String>());
            let _ = (page.hidden("SAMLResponse"), page.asking().map(|asking| asking.others.len()));
        }
    }
}

fn sent(page: &str) -> Option<(Option<String>, String, Vec<String>)> {
    let page = Page::read(page);
    let asking = page.asking()?;
    let others = asking.others.iter().map(|(name, value)| format!("{name}={}", value.expose())).collect();
    Some((asking.user.map(str::to_owned), asking.password.to_owned(), others))
}

#[test]
fn form_with_a_password_is_filled_as_a_browser_would() {
    for (page, user, password, others) in [
        ("<form><input name=u><input type=password name=p></form>", Some("u"), "p", &[][..]),
        (
            "<form><input type=email name=e><input name=UserName><input type=PASSWORD name=Password></form>",
            Some("UserName"),
            "Password",
            &["e="],
        ),
        (
            "<form><input type=search name=q></form><form><input type=hidden name=csrf value='a&#x2b;b'><input name=u \
             value=x><input type=password name=p><input type=checkbox name=no><input type=checkbox name=on checked>\
             <input type=radio name=r value=1><input type=radio name=r value=2 checked><button name=go value=1>x</button>\
             <button type=button name=b></button><input type=submit name=second value=2><input name=dis disabled>\
             <input type=image name=i><input name=''></form><input type=hidden name=outside>",
            Some("u"),
            "p",
            &["csrf=a+b", "on=on", "r=2", "go=1"],
        ),
        ("<form><form><input type=password name=p></form><input name=late></form>", None, "p", &[]),
        ("<form><input type=password name=p><input type=password name=q></form>", None, "p", &["q="]),
        // Of buttons the first is pressed, whatever its name.
        (
            "<form><input type=password name=p><button name=action value=login>x</button><button name=action value=cancel>\
             x</button></form>",
            None,
            "p",
            &["action=login"],
        ),
        ("<form><input type=password name=p><button>x</button><button name=reset>x</button></form>", None, "p", &[]),
        (
            "<form><select name=d><option>A<option value=b selected>B<option>C</select><select name=e><option disabled>A\
             </option><option> B  b </option></select><select multiple name=m><option>x</select><select name=n></select>\
             <input type=password name=p><textarea name=t>\nx\ny</textarea><textarea name=u disabled></textarea></form>",
            None,
            "p",
            &["d=b", "e=B b", "t=x\r\ny"],
        ),
    ] {
        let others = others.iter().map(|&other| other.to_owned()).collect();
        assert_eq!(sent(page), Some((user.map(str::to_owned), password.to_owned(), others)), "{page}");
    }
    for page in [
        "",
        "<form><input name=u></form>",
        "<input type=password name=p>",
        "<!-- <form><input type=password name=p> -->",
    ] {
        assert!(sent(page).is_none(), "{page}");
    }
}

#[test]
fn last_hidden_field_of_a_name_counts_and_no_other() {
    let page = Page::read(
        "<input type=hidden name=SAMLResponse value=first><form><INPUT TYPE=Hidden NAME=SAMLResponse VALUE='se&#x63;ond'/>\
         <input name=SAMLResponse value=line><input type=hidden name=samlresponse value=other></form>\
         <script>'<input type=hidden name=SAMLResponse value=script>'</script>",
    );
    assert_eq!(page.hidden("SAMLResponse").map(Secret::expose), Some("second"));
}

#[test]
fn title_and_complaint_are_told_in_one_line() {
    let page = Page::read(
        "<title> Sign\n In &amp; out </title><title>other</title><div id=errorText>\n Wrong <b>user&nbsp;name</b>.</div> x",
    );
    assert_eq!((page.title.as_deref(), page.complaint.as_deref()), (Some("Sign In & out"), Some("Wrong user name .")));
    assert_eq!(Page::read("<title></title>").title, None);
    assert_eq!(Page::read(&format!("<title>{}", "x".repeat(999))).title.map_or(0, |title| title.len()), 200);
}

#[test]
fn form_goes_where_its_button_and_its_page_say() {
    for (page, base, action) in [
        ("<form action=' a '><input type=password name=p></form>", None, Some("a")),
        ("<base href=/b/><base href=c><form><input type=password name=p></form>", Some("/b/"), None),
        ("<form action=a><input type=password name=p><button formaction=b></form>", None, Some("b")),
    ] {
        let read = Page::read(page);
        let found = read.asking().and_then(|asking| asking.action);
        assert_eq!((read.base.as_deref(), found), (base, action), "{page}");
    }
}

#[test]
fn words_that_repeat_a_password_are_withheld() {
    let page = || Page::read("<title>no  se&#x63;ret here</title><p id=errorText>wrong");
    let withheld = |secret: &str| {
        let mut page = page();
        page.withhold(secret);
        (page.title.is_some(), page.complaint.is_some())
    };
    for (secret, left) in
        [("secret", (false, true)), ("no  secret", (false, true)), ("wrong", (true, false)), ("other", (true, true))]
    {
        assert_eq!(withheld(secret), left, "{secret}");
    }
}
