//! A role that is not in the cache: one call of STS over TLS, on loopback.

use super::{
    Outcome,
    fake::Sts,
    fixture::Fixture,
    report::{Report, precise},
    tools,
};
use std::{fs, path::Path};

pub(crate) fn measure(keyfob: &Path, report: &mut Report) -> Outcome {
    let fixture = Fixture::new(keyfob, 10, Sts::start_tls())?;
    fixture.sts.always(fixture.assume_role());
    instructions(&fixture, report)?;
    memory(&fixture, report)?;
    connections(&fixture, report)?;
    processor_time(&fixture, report)?;
    fixture.sts.finish();
    Ok(())
}

fn instructions(fixture: &Fixture, report: &mut Report) -> Outcome {
    const FIGURE: &str = "AssumeRole over TLS: instructions";
    const BUDGET: f64 = 6e6;
    if !tools::has("valgrind") {
        report.skipped(FIGURE, "there is no valgrind");
        return Ok(());
    }
    fixture.clear_cache()?;
    let count = precise(tools::instructions(&fixture.role())?);
    report.held(FIGURE, &format!("<= {:.1} M", BUDGET / 1e6), format!("{:.2} M", count / 1e6), count <= BUDGET);
    Ok(())
}

fn memory(fixture: &Fixture, report: &mut Report) -> Outcome {
    const FIGURE: &str = "AssumeRole over TLS: peak memory";
    if !tools::has("time") {
        report.skipped(FIGURE, "there is no GNU time");
        return Ok(());
    }
    report.bytes(FIGURE, tools::peak_memory(&fixture.role(), || fixture.clear_cache())?, 6e6);
    Ok(())
}

fn connections(fixture: &Fixture, report: &mut Report) -> Outcome {
    fixture.clear_cache()?;
    let before = fixture.sts.connections();
    tools::run(&mut fixture.role())?;
    let opened = fixture.sts.connections() - before;
    report.held("AssumeRole over TLS: connections", "1", opened.to_string(), opened == 1);
    Ok(())
}

/// The mean over many runs, since the kernel tells in hundredths of a second.
fn processor_time(fixture: &Fixture, report: &mut Report) -> Outcome {
    const RUNS: u32 = 40;
    let Some(before) = childrens_time() else { return Ok(()) };
    for _ in 0..RUNS {
        fixture.clear_cache()?;
        tools::run(&mut fixture.role())?;
    }
    let spent = childrens_time().unwrap_or(before) - before;
    report.shown(
        "AssumeRole over TLS: processor time",
        "<= 4 ms",
        format!("{:.1} ms", spent * 1000.0 / f64::from(RUNS)),
    );
    Ok(())
}

/// Seconds of processor time that the children of this process have had. `None` where there is no `/proc`.
fn childrens_time() -> Option<f64> {
    // In user space the kernel's unit is this on every architecture but one, whatever its timer does.
    const TICKS_IN_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name, in parentheses, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?;
    Some(ticks / TICKS_IN_A_SECOND)
}
