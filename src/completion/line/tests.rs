use super::*;

fn words(line: &str, shell: Shell) -> Option<Vec<String>> {
    let cut = Cut::of(line, shell, &Vars::default())?;
    Some(cut.words.into_iter().map(|word| word.value).collect())
}

#[track_caller]
fn check(shell: Shell, lines: &[(&str, &[&str])]) {
    for (line, expected) in lines {
        assert_eq!(words(line, shell).unwrap_or_default(), *expected, "{line}");
    }
}

#[test]
fn bash_cuts_lines() {
    check(
        Shell::Bash,
        &[
            ("keyfob", &[]),
            ("keyfob ", &[""]),
            ("keyfob  a", &["a"]),
            ("keyfob a\t", &["a", ""]),
            ("keyfob 'a b' \"c d\" e\\ f", &["a b", "c d", "e f"]),
            ("keyfob 'a'\"b\"\\c", &["abc"]),
            ("keyfob ''", &[""]),
            ("keyfob '' ", &["", ""]),
            ("keyfob 'a b", &["a b"]),
            ("keyfob \"a\\\"b\\x", &["a\"b\\x"]),
            ("keyfob $'ab\\x41\\u00e9\\101\\n'", &["abAéA\n"]),
            ("keyfob $'\\xc3\\xa9", &["é"]),
            ("keyfob a\\", &["a"]),
            ("keyfob a:b=c", &["a:b=c"]),
            ("keyfob größe d", &["größe", "d"]),
            ("keyfob a 2>/dev/null b", &["a", "b"]),
            ("keyfob a2>x b", &["a2", "b"]),
            ("keyfob a >> x 2>&1 b", &["a", "b"]),
            ("other | keyfob b", &["b"]),
            ("keyfob a\\\nb", &["ab"]),
            ("keyfob $x a", &["$x", "a"]),
            ("keyfob a $x", &[]),
            ("keyfob \"a$x", &[]),
            ("keyfob '$x", &["$x"]),
            ("keyfob `x", &[]),
        ],
    );
}

#[test]
fn tcsh_cuts_lines() {
    check(
        Shell::Tcsh,
        &[
            ("keyfob", &[]),
            ("keyfob ", &[""]),
            ("keyfob it's  a\\ \"b ", &["it's", "a\\", "\"b", ""]),
            ("keyfob $x", &["$x"]),
            ("keyfob env > x", &["env", ">", "x"]),
        ],
    );
}

#[test]
fn nushell_cuts_lines() {
    check(
        Shell::Nushell,
        &[
            ("keyfob a\\b", &["a\\b"]),
            ("keyfob \"a\\\"b\\u{e9}\\n\" c", &["a\"bé\n", "c"]),
            ("keyfob `a b", &["a b"]),
            ("ls | keyfob a", &["a"]),
            ("(keyfob a", &["a"]),
            ("keyfob \"a$b", &["a$b"]),
            ("keyfob $b", &[]),
        ],
    );
}

#[test]
fn what_the_shell_reads_or_writes_is_a_file() {
    for (line, expected) in
        [("keyfob env > x", true), ("keyfob env >x", true), ("keyfob env > ", true), ("keyfob env > x ", false)]
    {
        assert_eq!(Cut::of(line, Shell::Bash, &Vars::default()).map(|cut| cut.is_redirected), Some(expected), "{line}");
    }
}

/// What bash puts in the place of what is typed, and the line that comes of it, if the quote is closed.
fn inserted(line: &str, value: &str, breaks: &str) -> Option<(String, String)> {
    let cut = Cut::of(line, Shell::Bash, &Vars::from([("COMP_WORDBREAKS", breaks)]))?;
    let mut text = String::new();
    cut.insertion?.write(value, &mut text);
    let (start, quote) = bash::start(line, breaks);
    let mut kept = line[..start].to_owned();
    if let Some(quote) = quote.filter(|quote| text.starts_with(*quote)) {
        assert_eq!(kept.pop(), Some(quote));
    }
    let ends = quote.map_or(String::new(), String::from);
    Some((text.clone(), format!("{kept}{text}{ends}")))
}

#[test]
fn bash_gets_what_stands_for_the_whole_value() {
    let values = [
        "plain",
        "team:admin",
        "a b",
        "it's",
        "'",
        "''x",
        "say \"hi\"",
        "\"",
        "!",
        "a!b",
        "$HOME",
        "`x`",
        "b\\s",
        "~x",
        "x~",
        "größe:é",
        "a=b",
        "#x",
        "{a,b}",
        "*?[",
        "a&b|c;d<e>f(g)",
        "x@y",
        "^",
    ];
    for value in values {
        let ends = value.char_indices().map(|(at, _)| at).chain([value.len()]);
        for begun in ends.map(|end| &value[..end]) {
            let escaped: String = begun.chars().flat_map(|letter| ['\\', letter]).collect();
            let single = begun.replace('\'', "'\\''");
            let mut double = begun.to_owned();
            for sign in ['\\', '"', '$', '`'] {
                double = double.replace(sign, &format!("\\{sign}"));
            }
            let dollar = begun.replace('\\', "\\\\").replace('\'', "\\'");
            let forms = [escaped, format!("'{single}"), format!("\"{double}"), format!("$'{dollar}")];
            for (form, breaks) in forms.iter().flat_map(|form| [(form, " \t\n\"'@><=;|&(:"), (form, " \t\n\"'><;|&(")])
            {
                let line = format!("keyfob 'exec' {form}");
                let Some((text, whole)) = inserted(&line, value, breaks) else { panic!("{line}: nothing for {value}") };
                let read = words(&whole, Shell::Bash);
                assert_eq!(
                    read.as_deref(),
                    Some(&["exec".to_owned(), value.to_owned()][..]),
                    "{line} + {text} = {whole}"
                );
            }
        }
    }
}

#[test]
fn bash_breaks_words_where_its_variable_says() {
    const WITH: &str = " \t\n\"'@><=;|&(:";
    for (line, value, breaks, text) in [
        ("keyfob team:a", "team:admin", WITH, "admin"),
        ("keyfob team:a", "team:admin", " \t\n", "team:admin"),
        ("keyfob team\\:a", "team:admin", WITH, "team:admin"),
        ("keyfob 'team:a", "team:admin", WITH, "team:admin"),
        ("keyfob team:'a", "team:admin", WITH, "admin"),
        ("keyfob --profile=a", "--profile=a b", WITH, "a\\ b"),
        ("keyfob --profile=\"a", "--profile=a b", WITH, "a b"),
    ] {
        assert_eq!(inserted(line, value, breaks).map(|(text, _)| text).as_deref(), Some(text), "{line}");
    }
}

#[test]
fn bash_gets_nothing_where_readline_would_replace_another_word() {
    // Readline takes the last quote for one that is open.
    assert_eq!(Cut::of("keyfob $'it\\'s' d", Shell::Bash, &Vars::default()), None);
}
