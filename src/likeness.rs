//! Words that are written nearly alike: what was meant where a word is none of those that are known.

/// The words that may have been meant by this one, the likeliest first.
pub(crate) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = word.to_lowercase();
    let farthest = match typed.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let rank = |known: &'a str| {
        let lower = known.to_lowercase();
        let distance = distance(&typed, &lower);
        let is_part = (typed.len() >= 2 && lower.starts_with(&typed)) || (typed.len() >= 3 && lower.contains(&typed));
        (distance <= farthest || is_part).then_some((distance, known))
    };
    let mut found: Vec<(usize, &str)> = known.into_iter().filter_map(rank).collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, known)| known).collect()
}

/// How many letters have to be put in, taken out, replaced or swapped with the next for one text to become the other.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let (mut above, mut before) = (Vec::new(), None);
    for letter in one.chars() {
        let mut next = vec![row[0] + 1];
        for (at, with) in other.iter().enumerate() {
            let replaced = row[at] + usize::from(letter != *with);
            let mut least = replaced.min(row[at + 1] + 1).min(next[at] + 1);
            if at > 0 && before == Some(*with) && letter == other[at - 1] {
                let before_both: &Vec<usize> = &above;
                least = least.min(before_both[at - 1] + 1);
            }
            next.push(least);
        }
        above = std::mem::replace(&mut row, next);
        before = Some(letter);
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_the_slips() {
        for (one, other, slips) in [
            ("", "", 0),
            ("dev", "dev", 0),
            ("dve", "dev", 1),
            ("dv", "dev", 1),
            ("devv", "dev", 1),
            ("def", "dev", 1),
            ("", "dev", 3),
            ("größe", "grösse", 2),
            ("abcd", "badc", 2),
        ] {
            assert_eq!(distance(one, other), slips, "{one} {other}");
            assert_eq!(distance(other, one), slips, "{other} {one}");
        }
    }

    #[test]
    fn the_likeliest_word_comes_first_and_a_stranger_not_at_all() {
        const KNOWN: [&str; 6] = ["base", "prod-admin", "devel", "dev", "x", "team:dev"];
        for (word, expected) in [
            ("dve", ["dev"].as_slice()),
            ("DEV", &["dev", "devel", "team:dev"]),
            ("prod", &["prod-admin"]),
            ("de", &["dev", "devel"]),
            ("team-dev", &["team:dev"]),
            ("y", &[]),
            ("X", &["x"]),
            ("stage", &[]),
            ("", &[]),
        ] {
            assert_eq!(meant(word, KNOWN), expected, "{word}");
        }
    }
}
