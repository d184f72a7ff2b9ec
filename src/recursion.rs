//! Profiles that lead back to keyfob: an entry that is keyfob itself, and programs that run keyfob in turn.

use crate::command_line::Invocation;
use crate::context::Vars;
use crate::error::Error;
use crate::profile;

/// The profiles being resolved, from the first keyfob process on: one row of CSV with every field in quotes, passed
/// to children alone.
pub(crate) const CHAIN_VARIABLE: &str = "KEYFOB_PROFILE_CHAIN";
/// As the AWS CLI has it for its own variable.
const LONGEST_CHAIN: usize = 4;

/// The profiles being resolved with this one added.
///
/// An error when this one is among them already, or when there are too many to be meant.
pub(crate) fn extended_chain(vars: &Vars, profile: &str) -> Result<String, Error> {
    extended_chain_by("credential_process", vars, profile)
}

/// The same for the program of another setting.
pub(crate) fn extended_chain_by(setting: &str, vars: &Vars, profile: &str) -> Result<String, Error> {
    let mut names = profiles_being_resolved(vars);
    if names.iter().any(|name| name == profile) || names.len() >= LONGEST_CHAIN {
        names.push(profile.to_owned());
        return Err(Error::new(format!("{setting} of profile \"{profile}\" leads back to itself"))
            .cause(format!("profiles being resolved: {}", names.join(" -> ")))
            .hint(format!("let the profile's {setting} end in a program other than keyfob")));
    }
    names.push(profile.to_owned());
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    Ok(quoted.join(","))
}

/// The profiles that keyfob processes before this one, each run by the next, are resolving.
pub(crate) fn profiles_being_resolved(vars: &Vars) -> Vec<String> {
    let row = vars.get(CHAIN_VARIABLE).unwrap_or_default();
    let inner = row.strip_prefix('"').and_then(|row| row.strip_suffix('"'));
    inner.map_or_else(Vec::new, |inner| inner.split("\",\"").map(|name| name.replace("\"\"", "\"")).collect())
}

/// Whether a command is keyfob itself, asked for the very profile that names the command. Such an entry is
/// how other programs come to keyfob; to keyfob it says nothing.
pub(crate) fn is_keyfob_for(line: &str, profile: &str, vars: &Vars) -> bool {
    let words = match Invocation::parse(line) {
        Invocation::Direct(words) => words,
        // `~/bin/keyfob …`, `… 2>/dev/null`: near enough for telling whether it is keyfob.
        Invocation::Shell(line) => {
            line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
        }
    };
    let Some((program, arguments)) = words.split_first() else { return false };
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    if !name.trim_end_matches(".exe").eq_ignore_ascii_case("keyfob") {
        return false;
    }
    let mut named = None;
    let mut positional = Vec::new();
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        match word {
            "--profile" | "-p" => named = rest.next(),
            "--region" | "--mfa-code" => drop(rest.next()),
            _ if word.starts_with("--profile=") => named = word.strip_prefix("--profile="),
            _ if word.starts_with("-p") => named = word.strip_prefix("-p=").or(word.strip_prefix("-p")),
            _ if word.starts_with('-') || word.contains('>') => {}
            _ => positional.push(word),
        }
    }
    let is_process = matches!(positional.first(), Some(&("process" | "credential-process")));
    is_process
        && named.or(positional.get(1).copied()).or(profile::named_by_vars(vars)).unwrap_or(profile::DEFAULT_PROFILE)
            == profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_is_keyfob_on_the_same_profile_is_recognised() {
        let vars = Vars::from([("AWS_PROFILE", "current")]);
        for (line, profile, expected) in [
            ("keyfob process --profile dev", "dev", true),
            ("keyfob process --profile=dev", "dev", true),
            ("keyfob credential-process -p dev", "dev", true),
            ("keyfob process dev", "dev", true),
            ("/usr/local/bin/keyfob --region eu-west-1 process --profile dev", "dev", true),
            ("keyfob --profile \"two words\" process", "two words", true),
            ("keyfob process", "current", true),
            ("keyfob process -pdev", "dev", true),
            ("keyfob -p=dev process", "dev", true),
            ("~/bin/keyfob process --profile dev", "dev", true),
            ("\"$HOME/bin/keyfob\" process --profile dev 2>/dev/null", "dev", true),
            ("keyfob process --profile dev | jq .", "dev", true),
            ("keyfob process --profile other", "dev", false),
            ("keyfob process", "dev", false),
            ("notkeyfob process --profile dev", "dev", false),
            ("keyfob whoami --profile dev", "dev", false),
            ("aws configure export-credentials --profile dev", "dev", false),
        ] {
            assert_eq!(is_keyfob_for(line, profile, &vars), expected, "{line}");
        }
    }

    #[test]
    fn a_profile_that_is_being_resolved_is_not_resolved_again() {
        let row = extended_chain(&Vars::default(), "a \"b\",c").expect("nothing before it");
        assert_eq!(row, r#""a ""b"",c""#);
        let vars = Vars::from([(CHAIN_VARIABLE, row.as_str())]);
        assert!(extended_chain(&vars, "a \"b\",c").is_err());
        assert_eq!(extended_chain(&vars, "d").as_deref(), Ok(r#""a ""b"",c","d""#));
        let full = Vars::from([(CHAIN_VARIABLE, r#""a","b","c","d""#)]);
        assert!(extended_chain(&full, "e").is_err());
    }
}
