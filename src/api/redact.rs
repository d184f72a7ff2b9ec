//! Services may repeat in an error what they were told, and errors are shown, logged and left in notes.

/// The text without secrets, of which the ends may be missing: some services shorten what they repeat.
pub(super) fn without(text: &str, secrets: &[&str]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| without_one(text, secret, secrets))
}

/// Several secrets may begin alike, as one does in two spellings: the longest goes.
fn without_one(mut text: String, secret: &str, secrets: &[&str]) -> String {
    /// A shorter text is no secret of AWS's, and may be a part of any word.
    const SHORTEST: usize = 16;
    let Some(beginning) = secret.get(..SHORTEST) else { return text };
    while let Some(at) = text.find(beginning) {
        let length = secrets.iter().map(|secret| common(&text[at..], secret)).max().unwrap_or(SHORTEST);
        text.replace_range(at..at + length, "…");
    }
    text
}

/// In bytes.
fn common(text: &str, secret: &str) -> usize {
    let same = text.chars().zip(secret.chars()).take_while(|(one, other)| one == other);
    same.map(|(one, _)| one.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_whole_or_cut_and_words_stay() {
        const SECRET: &str = "0123456789abcdef0123é";
        const OTHER: &str = "fedcba9876543210";
        for (text, left) in [
            ("not 0123456789abcdef0123é, 0123456789abcdef0123é", "not …, …"),
            ("not 0123456789abcdef01…", "not ……"),
            ("not 0123456789abcdefX", "not …X"),
            ("not 0123456789abcde", "not 0123456789abcde"),
            ("fedcba9876543210 and 0123456789abcdef", "… and …"),
        ] {
            assert_eq!(without(text, &[SECRET, OTHER]), left);
        }
        assert_eq!(without("a code", &["code", ""]), "a code");
    }

    #[test]
    fn secret_is_taken_out_in_either_spelling() {
        const SPELLINGS: [&str; 2] = ["0123456789abcdef%2Bg%3D", "0123456789abcdef+g="];
        for text in ["'0123456789abcdef+g='", "'0123456789abcdef%2Bg%3D'"] {
            assert_eq!(without(text, &SPELLINGS), "'…'");
            assert_eq!(without(text, &[SPELLINGS[1], SPELLINGS[0]]), "'…'");
        }
    }
}
