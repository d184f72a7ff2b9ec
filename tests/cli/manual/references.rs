//! The pages among themselves: what they name is there, one finds every page from the first, and all are clean mdoc.

use super::page::Page;
use super::set;
use crate::peer;
use std::collections::BTreeSet;
use std::process::Command;

/// Pages of the system that ours name.
const OF_THE_SYSTEM: [&str; 1] = ["sh(1)"];

#[test]
fn pages_that_are_named_exist() {
    let pages = Page::all();
    let known = set(pages.iter().map(Page::title).chain(OF_THE_SYSTEM.map(str::to_owned)));
    let mut named = BTreeSet::new();
    for page in &pages {
        let unknown: Vec<_> = page.named_pages().filter(|name| !known.contains(name)).collect();
        assert!(unknown.is_empty(), "{} names {unknown:?}", page.title());
        named.extend(page.named_pages());
    }
    assert!(OF_THE_SYSTEM.iter().all(|name| named.contains(*name)), "{OF_THE_SYSTEM:?}");
}

#[test]
fn every_page_is_reached_from_the_first() {
    let see_also = |page: &Page| {
        let lines = page.section("SEE ALSO").filter_map(|line| line.strip_prefix(".Xr "));
        let names = lines.map(|line| line.split(' ').collect::<Vec<_>>());
        names.map(|name| format!("{}({})", name[0], name[1])).collect::<Vec<_>>()
    };
    let pages = Page::all();
    let mut reached = BTreeSet::from(["keyfob(1)".to_owned()]);
    let mut next = vec!["keyfob(1)".to_owned()];
    while let Some(title) = next.pop() {
        let Some(page) = pages.iter().find(|page| page.title() == title) else { continue };
        next.extend(see_also(page).into_iter().filter(|name| reached.insert(name.clone())));
    }
    let lost: Vec<_> = pages.iter().map(Page::title).filter(|title| !reached.contains(title)).collect();
    assert!(lost.is_empty(), "nothing leads to {lost:?}");
}

#[test]
fn lists_of_other_pages_are_in_order() {
    for page in Page::all() {
        let lines = page.section("SEE ALSO").filter_map(|line| line.strip_prefix(".Xr "));
        let names: Vec<_> = lines
            .map(|line| line.split(' ').collect::<Vec<_>>())
            .map(|name| (name[1].to_owned(), name[0].to_owned()))
            .collect();
        assert!(names.is_sorted(), "{}: {names:?}", page.title());
        let own = (page.number.to_string(), page.name.clone());
        assert!(!names.contains(&own), "{} leads to itself", page.title());
    }
}

#[test]
fn pages_say_in_which_section_they_are() {
    for page in Page::all() {
        let title = format!(".Dt {} {}", page.name.to_ascii_uppercase(), page.number);
        assert_eq!(page.text.lines().nth(1), Some(title.as_str()));
        let name = page.section("NAME").next().expect("there is a name");
        let own = name == format!(".Nm {}", page.name) || (name == ".Nm" && page.name == "keyfob");
        assert!(own, "{}: {name}", page.title());
    }
}

#[test]
fn pages_are_clean_mdoc() {
    let Some(mandoc) = peer::program("mandoc") else { return };
    let pages = Page::all();
    let lint = Command::new(&mandoc)
        .args(["-T", "lint", "-W", "warning"])
        .args(pages.iter().map(|page| &page.path))
        .output()
        .expect("mandoc can be run");
    let said = [lint.stdout, lint.stderr].concat();
    assert!(lint.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
    // All sections, and not one kind alone.
    assert_eq!(pages.iter().map(|page| page.number).collect::<BTreeSet<_>>(), BTreeSet::from([1, 5, 7]));
}
