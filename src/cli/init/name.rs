//! What the function is called.

use crate::error::Error;
use crate::shell::Scripts;

/// Words that mean something else to one shell or another, and those that our own scripts call; case does not matter to
/// all of them.
const TAKEN: &str = " alias aliases all and append autoload begin bg bind break builtin case catch cd class command \
    commandline compact compadd compctl compdef compgen complete compopt continue coproc count data declare def default define \
    describe do done drop dynamicparam each echo edit elif else elseif emulate enable end endif endsw enum eq esac eval exec \
    exit export external false fc fg fi filter finally first flatten fn for foreach from function functions get getopts \
    goto has hash hidden history if import in insert is jobs keep kill last length let lines local logout not nth or param \
    parse path print printf process put pwd range read readonly reduce repeat return select set setenv setopt shift shopt \
    skip slice slurp sort source split static status str string switch take test then throw time times trap true try type \
    typeset ulimit umask unalias unless unset until update upsert use using var wait where while with workflow zstyle ";

/// The name of a function that every shell takes.
pub(super) fn checked(name: String) -> Result<String, Error> {
    let refused = |why: &str| Error::usage(format!("there can be no function \"{name}\"")).cause(why);
    if !is_name(&name) {
        let error = refused("it must be a letter, and then letters, digits and underscores");
        let plain = name.replace('-', "_");
        return Err(if is_name(&plain) { error.hint(format!("use `--cmd {plain}`")) } else { error });
    }
    if TAKEN.contains(&format!(" {} ", name.to_lowercase())) {
        return Err(refused("shells have a command of that name"));
    }
    Ok(name)
}

fn is_name(text: &str) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_of_word) && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// A script in which the function is called otherwise, wherever its name stands alone.
pub(super) fn renamed(script: &str, name: &str) -> String {
    let is_of_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut text = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(Scripts::FUNCTION) {
        let (before, after) = (&rest[..at], &rest[at + Scripts::FUNCTION.len()..]);
        text.push_str(before);
        let stands_alone = !text.ends_with(is_of_word) && !after.starts_with(is_of_word);
        text.push_str(if stands_alone { name } else { Scripts::FUNCTION });
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_is_renamed_where_its_name_stands_alone() {
        for (script, renamed_script) in [
            ("kf() { x; }", "aws1() { x; }"),
            ("alias kf=x; kf", "alias aws1=x; aws1"),
            ("`kf use`, 'kf' kfx xkf kf_ _kf ékf", "`aws1 use`, 'aws1' kfx xkf kf_ _kf ékf"),
            ("kfkf kf kf", "kfkf aws1 aws1"),
        ] {
            assert_eq!(renamed(script, "aws1"), renamed_script);
        }
    }

    #[test]
    fn names_are_those_that_every_shell_takes() {
        for name in ["kf", "keyfob", "K2", "aws_use"] {
            assert_eq!(checked(name.into()).as_deref(), Ok(name));
        }
        for name in ["", "2k", "_k", "a-b", "a b", "é", "a;b", "$(x)", "if", "Eval", "use", "unset", "complete"] {
            assert!(checked(name.into()).is_err(), "{name}");
        }
        let hint = |name: &str| checked(name.into()).expect_err("it must be refused").hint;
        assert_eq!(hint("aws-use").as_deref(), Some("use `--cmd aws_use`"));
        assert_eq!((hint("-x"), hint("a b"), hint("eval")), (None, None, None));
    }
}
