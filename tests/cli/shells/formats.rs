//! The readers of `--format`'s files find every value that is not refused: libraries called dotenv as they are, CI systems
//! by their documented rules, written down here a second time.

use super::super::keyfob::json;
use super::{NAMES, Profiles, peer, values};

fn lines(profiles: &Profiles, number: usize, format: &str) -> String {
    profiles.home.keyfob(["env", &format!("p{number}"), "--format", format]).any_stdout().run().stdout
}

/// That a reader finds what each profile holds.
#[track_caller]
fn check(format: &str, is_refused: impl Fn(&str) -> bool, read: impl Fn(&str, &str) -> Option<String>) {
    let profiles = Profiles::new(values().into_iter().filter(|value| !is_refused(value)).collect());
    assert!(profiles.count() > 25, "most values were left out");
    for number in 0..profiles.count() {
        let lines = lines(&profiles, number, format);
        profiles.check(number, format, &NAMES.map(|name| read(&lines, name)));
    }
}

#[test]
fn json_holds_every_value() {
    check("json", |_| false, |text, name| Some(json(text)[name].as_str()?.to_owned()));
}

/// Lines are `NAME=value`, or begin with a number sign; what follows the first sign of equality is the value, with all its
/// quotes. <https://docs.docker.com/reference/cli/docker/container/run/#env>
#[test]
fn docker_finds_every_value() {
    let read = |text: &str, name: &str| {
        let pairs = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
        pairs.into_iter().find_map(|(found, value)| (found == name).then(|| value.to_owned()))
    };
    check("docker", |value| value.trim() != value, read);
}

/// A line is `NAME=value`, or `NAME<<END` and what comes before a line of that word, whichever sign comes first.
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable>
#[test]
fn github_finds_every_value() {
    let read = |text: &str, name: &str| {
        let mut lines = text.split_terminator('\n');
        while let Some(line) = lines.next() {
            let (equals, heredoc) = (line.find('='), line.find("<<"));
            let (found, value) = match (equals, heredoc) {
                (Some(at), None) => (&line[..at], line[at + 1..].to_owned()),
                (Some(at), Some(other)) if at < other => (&line[..at], line[at + 1..].to_owned()),
                (_, Some(at)) => {
                    let end = &line[at + 2..];
                    let text: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
                    (&line[..at], text.join("\n"))
                }
                (None, None) => panic!("{line} is no assignment"),
            };
            if found == name {
                return Some(value);
            }
        }
        None
    };
    check("github", |_| false, read);
}

/// A command is `::name::text`, in the text `%25`, `%0D` and `%0A` stand for what cannot be there.
#[test]
fn github_masks_every_value() {
    let read = |text: &str, name: &str| {
        let place = NAMES.iter().position(|known| *known == name)?;
        let masked = text.lines().nth(place)?.strip_prefix("::add-mask::")?;
        Some(masked.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"))
    };
    check("github-mask", |_| false, read);
}

/// A command is `##vso[area.action name=value;…]text`.
/// <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>
#[test]
fn azure_finds_every_value_and_keeps_secrets() {
    let read = |text: &str, name: &str| {
        text.lines().find_map(|line| {
            let (properties, value) = line.strip_prefix("##vso[task.setvariable ")?.split_once(']')?;
            let properties: Vec<&str> = properties.split(';').collect();
            let is_secret = properties.contains(&"issecret=true");
            assert_eq!(is_secret, !properties[0].ends_with("_ID"), "{line}");
            (properties[0].strip_prefix("variable=")? == name).then(|| value.to_owned())
        })
    };
    check("azure", |value| value.trim() != value || value.contains('%'), read);
}

/// Several libraries read one file, and each has rules of its own.
#[test]
fn libraries_called_dotenv_find_every_value() {
    let is_refused = |value: &str| value.contains(['\'', '\\', '$']);
    let profiles = Profiles::new(values().into_iter().filter(|value| !is_refused(value)).collect());
    assert!(profiles.count() > 20, "most values were left out");
    let files: Vec<String> = (0..profiles.count()).map(|number| format!("{number}.env")).collect();
    for (number, file) in files.iter().enumerate() {
        profiles.home.write(file, lines(&profiles, number, "dotenv"));
    }
    profiles.home.write("long-term.env", "AWS_SESSION_TOKEN=\nAWS_REGION=eu-west-1\n");
    let python = peer::python(&["dotenv"]).map(|python| (python, "read_dotenv.py"));
    let node = peer::program("node").map(|node| (node, "read_dotenv.mjs"));
    for (program, script) in [python, node].into_iter().flatten() {
        let script = format!("{}/tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let arguments = [script.as_str()].into_iter().chain(files.iter().map(String::as_str)).chain(["long-term.env"]);
        let program = program.to_str().expect("programs lie on paths that are UTF-8");
        let run = profiles.home.program(program, arguments).env("HOME", "wrong").any_stdout().secrets_expected().run();
        let found = json(&run.stdout);
        if found.is_null() {
            peer::missing("node has no util.parseEnv");
            continue;
        }
        let value = |number: usize, name: &str| found[number][name].as_str().map(str::to_owned);
        for number in 0..profiles.count() {
            profiles.check(number, &script, &NAMES.map(|name| value(number, name)));
        }
        let long_term = serde_json::json!({"AWS_SESSION_TOKEN": "", "AWS_REGION": "eu-west-1"});
        assert_eq!(found.as_array().and_then(|all| all.last()), Some(&long_term), "{script}");
    }
}
