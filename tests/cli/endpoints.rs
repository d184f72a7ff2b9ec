//! That the table of endpoints, which unit tests hold keyfob against, is what botocore says today.

use super::{
    keyfob::{Home, json},
    peer,
    peers::{ask, text},
};

#[test]
fn table_of_endpoints_is_that_of_the_installed_botocore() {
    let Some(python) = peer::python(&["botocore"]) else { return };
    let table = json(include_str!("../data/endpoints.json"));
    let theirs = ask(&python, &Home::new(), "endpoints.py", &[], "");
    let differing = |part: &str| {
        let rows = |table: &serde_json::Value| table[part].as_array().expect("it is a list").clone();
        let (ours, theirs) = (rows(&table), rows(&theirs));
        let of_yesterday: Vec<_> = ours.iter().filter(|row| !theirs.contains(row)).cloned().collect();
        let new: Vec<_> = theirs.into_iter().filter(|row| !ours.contains(row)).collect();
        (of_yesterday, new)
    };
    let how = format!("write it again: {} tests/peers/endpoints.py > tests/data/endpoints.json", text(&python));
    for part in ["endpoints", "regions"] {
        assert_eq!(differing(part), (Vec::new(), Vec::new()), "tests/data/endpoints.json is not fresh; {how}");
    }
}
