//! Lists in pages: where one begins and how the next is called.

use super::request::Page;

/// How many entries a page has if the client does not say; AWS does not tell its own number.
pub(super) const USUAL: usize = 20;

/// The entries of one page of a list of this name, and the token of the next; `None` if the token is of none.
pub(super) fn turn<'a, T>(
    name: &str,
    entries: &'a [T],
    page: &Page,
    usual: usize,
) -> Option<(&'a [T], Option<String>)> {
    let token = |start: usize| format!("{name}/page+{start}==");
    let start = match &page.next_token {
        None => 0,
        Some(text) => (1..entries.len()).find(|start| token(*start) == *text)?,
    };
    let end = entries.len().min(start + page.max_result.unwrap_or(usual));
    Some((&entries[start..end], (end < entries.len()).then(|| token(end))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let entries: Vec<usize> = (0..7).collect();
        for (max_result, usual, sizes) in
            [(None, 3, &[3, 3, 1][..]), (Some(7), 3, &[7]), (Some(100), 3, &[7]), (Some(6), 3, &[6, 1])]
        {
            let mut page = Page { next_token: None, max_result };
            let mut seen = Vec::new();
            let mut found = Vec::new();
            loop {
                let (part, next_token) = turn("accounts", &entries, &page, usual).expect("the token is this list's");
                found.push(part.len());
                seen.extend_from_slice(part);
                if next_token.is_none() {
                    break;
                }
                page.next_token = next_token;
            }
            assert_eq!((seen, found), (entries.clone(), sizes.to_vec()));
        }
    }

    #[test]
    fn tokens_of_other_lists_are_refused() {
        for text in ["roles/page+3==", "accounts/page+7==", "accounts/page+0==", "accounts/page+03==", "x"] {
            let page = Page { next_token: Some(text.to_owned()), max_result: None };
            assert!(turn("accounts", &[0; 7], &page, 3).is_none(), "{text}");
        }
        let empty = Page { next_token: None, max_result: None };
        assert_eq!(turn("accounts", &[0; 0], &empty, 3), Some((&[][..], None)));
    }
}
