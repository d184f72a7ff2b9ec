//! Entities, and pages that are made to take long.

use super::*;

/// A page of the largest size is read in a time that goes with its length.
#[test]
fn attributes_and_comments_without_number_are_read() {
    let many = (0..100_000).fold(String::from("<a "), |page, number| page + &format!("b{number} ")) + ">";
    let Token::Start(tag) = of(&many).remove(0) else { panic!("it is a tag") };
    assert_eq!((tag.get("b199"), tag.get("b200")), (Some(""), None));
    assert_eq!(
        of(&("<!---x-->".repeat(110_000) + "a<!--x--!>b<!--->c")),
        ["a", "b", "c"].map(|text| Token::Text(text.into()))
    );
}

fn text(page: &str) -> String {
    of(page).into_iter().filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None }).collect()
}

#[test]
fn entities_are_read_with_and_without_their_end() {
    for (page, letters) in [
        ("a&#x2b;b&#43;c&#X3D;d&#61e", "a+b+c=d=e"),
        ("&amp;&lt;&gt;&quot;&apos;&plus;&equals;&sol;", "&<>\"'+=/"),
        ("&ampx &lt1 &apos1 &plus1", "&x <1 &apos1 &plus1"),
        ("& &; &# &#; &#x; &#xg &other;", "& &; &# &#; &#x; &#xg &other;"),
        ("&#0;&#x110000;&#xd800;&#99999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ("&#128;&#x9f;", "€Ÿ"),
        ("a < b <3 </", "a < b <3 </"),
        ("a\r\nb\rc", "a\nb\nc"),
    ] {
        assert_eq!(text(page), letters, "{page}");
    }
    let value = |page: &str| match of(page).remove(0) {
        Token::Start(tag) => tag.get("b").map(str::to_owned),
        other => panic!("{other:?}"),
    };
    for (page, expected) in
        [("<a b=x&ampy>", "x&ampy"), ("<a b='x&amp=y'>", "x&amp=y"), ("<a b=\"x&amp y\">", "x& y"), ("<a b>", "")]
    {
        assert_eq!(value(page).as_deref(), Some(expected), "{page}");
    }
}
