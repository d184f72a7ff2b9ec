//! What becomes of a format, and which are refused.

use super::*;
use crate::context::Vars;
use crate::resolve::Act;
use crate::timestamp::Timestamp;
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_unix_millis(1_768_478_400_000);

/// Profile `dev` with an account, no region, and so many minutes.
fn facts(state: State, minutes: Option<u64>) -> Facts {
    Facts {
        account_id: Some("123456789012".into()),
        state,
        due: match state {
            State::Code => Some(Act::Code),
            State::Ended => Some(Act::SignIn),
            _ => None,
        },
        end: minutes.map(|minutes| NOW + Duration::from_mins(minutes)),
        ..Facts::blank(Some("dev"), NOW)
    }
}

fn rendered(format: &str, facts: &Facts) -> String {
    let format = Format::parse(format).unwrap_or_else(|error| panic!("{format}: {error}"));
    format.render(facts, &Paint::new(None, &Vars::default()))
}

#[test]
fn the_usual_format_warns_by_its_colour() {
    for (state, minutes, text) in [
        (State::Ok, None, "\x1b[32mdev 123456789012\x1b[0m"),
        (State::Ok, Some(47), "\x1b[32mdev 123456789012 47m\x1b[0m"),
        (State::Soon, Some(7), "\x1b[33mdev 123456789012 7m\x1b[0m"),
        (State::Code, None, "\x1b[33mdev 123456789012 code\x1b[0m"),
        (State::Ended, None, "\x1b[31mdev 123456789012 sign in\x1b[0m"),
        (State::Unsure, None, "dev 123456789012 ?\x1b[0m"),
        (State::Broken, None, "\x1b[31mdev? 123456789012\x1b[0m"),
    ] {
        assert_eq!(rendered(USUAL, &facts(state, minutes)), text, "{state:?}");
        let plain = ["\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"]
            .iter()
            .fold(text.to_owned(), |text, escape| text.replace(escape, ""));
        assert_eq!(rendered(PLAIN, &facts(state, minutes)), plain, "{state:?}");
    }
}

#[test]
fn groups_vanish_where_nothing_in_them_has_a_value() {
    for (format, text) in [
        ("{profile}", "dev"),
        ("{profile}{region}", "dev"),
        ("a[{region}]b", "ab"),
        ("[{profile}@{region}]", "dev@"),
        ("[{profile}[@{region}]]", "dev"),
        ("[{red}{region}{reset}]", ""),
        ("[{bold}{profile}]", "\x1b[1mdev"),
        ("[[{region}] [{account}]]", " 123456789012"),
        ("[{state}]", ""),
        (r"\[{profile}\]\{\}\\", "[dev]{}\\"),
        ("{profile}}", "dev}"),
        ("", ""),
    ] {
        assert_eq!(rendered(format, &facts(State::Ok, None)), text, "{format}");
    }
    assert_eq!(rendered("[<{state}>]", &facts(State::Ended, None)), "<ended>");
}

#[test]
fn a_format_that_cannot_be_meant_is_refused() {
    for (format, cause) in [
        ("{account_id}", "there is no placeholder {account_id}"),
        ("{", "there is a `{` without its `}`"),
        ("{profile", "there is a `{` without its `}`"),
        ("[{profile}", "there is a `[` without its `]`"),
        ("{profile}]", "there is a `]` without its `[`"),
        ("[aws]", "a group has no placeholder, so that it is never shown"),
        ("[{red}]", "a group has no placeholder, so that it is never shown"),
        ("a\\", "there is nothing behind the last backslash"),
    ] {
        let error = Format::parse(format).expect_err(format);
        assert_eq!((error.cause.as_deref(), error.exit_code()), (Some(cause), 2), "{format}");
    }
}
