//! The path that every SDK call takes: the answer is in the cache.

use super::{
    Outcome,
    fixture::Fixture,
    report::{Report, precise},
    scripts, tools,
};
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// A config file of an ordinary person, and one of a company.
const FEW: usize = 10;
const MANY: usize = 5_000;
/// A glance at each header, as for a cached role, and some 700 instructions more for each name, which here is as long as
/// names are in an organisation: it is kept, brought into order with the others, and printed.
const NAMES_OF_MANY: f64 = 14.0;
/// The same once more to look for what begins like the word, and to put what is left into lines of their own.
const COMPLETION_OF_MANY: f64 = 22.0;
/// Two glances at each header more than for a cached role: the profile is looked up for its type, and for what its chain
/// says of the account.
const PROMPT_OF_MANY: f64 = 14.0;

pub(crate) fn measure(keyfob: &Path, report: &mut Report) -> Outcome {
    let few = Fixture::cached(keyfob, FEW)?;
    let many = Fixture::cached(keyfob, MANY)?;
    instructions(&few, &many, report)?;
    memory(&few, &many, report)?;
    system_calls(&few, report)?;
    wall_time(&few, &many, report)?;
    scripts::measure(&few, report)?;
    for fixture in [few, many] {
        let calls = fixture.sts.finish().len();
        if calls != 1 {
            return Err(format!("the cached path called STS {} times", calls - 1));
        }
    }
    Ok(())
}

fn instructions(few: &Fixture, many: &Fixture, report: &mut Report) -> Outcome {
    let rows = [
        ("cached role, 10 profiles: instructions", few.role(), 1.8),
        ("cached role, 5,000 profiles: instructions", many.role(), 10.0),
        ("long-term keys, 10 profiles: instructions", few.keys(), 1.8),
        // What a shell asks for at every press of the key that completes a word.
        ("names of 10 profiles: instructions", few.names(), 1.8),
        ("names of 5,000 profiles: instructions", many.names(), NAMES_OF_MANY),
        ("completion, 10 profiles: instructions", few.complete(), 1.8),
        ("completion, 5,000 profiles: instructions", many.complete(), COMPLETION_OF_MANY),
        // Before every line that somebody types.
        ("prompt, 10 profiles: instructions", few.prompt(), 1.8),
        ("prompt, 5,000 profiles: instructions", many.prompt(), PROMPT_OF_MANY),
        ("use, 10 profiles: instructions", few.select(), 1.8),
    ];
    if !tools::has("valgrind") {
        for (figure, ..) in rows {
            report.skipped(figure, "there is no valgrind");
        }
        return Ok(());
    }
    let hello = precise(tools::instructions(&few.program(&tools::build_hello(few.path())?))?);
    report.shown("a program that prints \"hello\": instructions", "", format!("{hello:.0}"));
    for (figure, command, budget) in rows {
        let count = precise(tools::instructions(&command)?);
        let ratio = count / hello;
        report.held(figure, &format!("<= {budget} x hello"), format!("{count:.0} = {ratio:.2} x"), ratio <= budget);
    }
    Ok(())
}

fn memory(few: &Fixture, many: &Fixture, report: &mut Report) -> Outcome {
    // What is read and kept is the same for every size of the binary; the pages of it that the system maps in around those
    // that run are not. With stores and edits it had grown by a sixth, and the pages by 0.35 MB; with what shells ask for
    // both have grown by a twentieth.
    let rows = [
        ("cached role, 10 profiles: peak memory", few, 3.9e6),
        ("cached role, 5,000 profiles: peak memory", many, 4.8e6),
    ];
    for (figure, fixture, budget) in rows {
        if tools::has("time") {
            report.bytes(figure, tools::peak_memory(&fixture.role(), || Ok(()))?, budget);
        } else {
            report.skipped(figure, "there is no GNU time");
        }
    }
    Ok(())
}

fn system_calls(few: &Fixture, report: &mut Report) -> Outcome {
    const BUDGET: usize = 85;
    const AMONG: &str = "of them for sockets, threads, processes";
    const UNWANTED: [&str; 6] = ["socket", "connect", "clone", "clone3", "fork", "vfork"];
    let figures = ["cached role, 10 profiles: system calls", "prompt, 10 profiles: system calls"];
    if !tools::has("strace") {
        for figure in figures {
            report.skipped(figure, "there is no strace");
        }
        return Ok(());
    }
    for (figure, command) in figures.into_iter().zip([few.role(), few.prompt()]) {
        let calls = tools::system_calls(&command, &few.path().join("strace"))?;
        report.held(figure, &format!("<= {BUDGET}"), calls.len().to_string(), calls.len() <= BUDGET);
        let unwanted = calls.iter().filter(|name| UNWANTED.contains(&name.as_str())).count();
        report.held(AMONG, "0", unwanted.to_string(), unwanted == 0);
    }
    Ok(())
}

/// Each round runs everything once, so that what disturbs the machine disturbs all alike; what is shown is
/// the median of the rounds' ratios.
fn wall_time(few: &Fixture, many: &Fixture, report: &mut Report) -> Outcome {
    const ROUNDS: usize = 150;
    let mut cat = few.program(Path::new("cat"));
    cat.arg(few.cache_file()?);
    let mut commands = [few.program(Path::new("true")), cat, few.role(), many.role(), few.prompt()];
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let mut seconds = [0.0; 5];
        for (seconds, command) in seconds.iter_mut().zip(&mut commands) {
            *seconds = time(command)?;
        }
        rounds.push(seconds);
    }
    let mut show = |figure, over: &str, budget: &str, pair: (usize, usize)| {
        let ratio = median(rounds.iter().map(|seconds| seconds[pair.0] / seconds[pair.1]).collect());
        let millis = median(rounds.iter().map(|seconds| seconds[pair.0] * 1000.0).collect());
        report.shown(figure, &format!("<= {budget} x {over}"), format!("{millis:.2} ms = {ratio:.2} x"));
    };
    show("cached role, 10 profiles: wall time", "true", "1.6", (2, 0));
    show("cached role, 10 profiles: wall time", "cat", "1.4", (2, 1));
    show("cached role, 5,000 profiles: wall time", "true", "2.3", (3, 0));
    show("prompt, 10 profiles: wall time", "true", "1.6", (4, 0));
    Ok(())
}

fn time(command: &mut Command) -> Outcome<f64> {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).status();
    let elapsed = began.elapsed().as_secs_f64();
    match status {
        Ok(status) if status.success() => Ok(elapsed),
        other => Err(format!("{command:?} ended with {other:?}")),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
