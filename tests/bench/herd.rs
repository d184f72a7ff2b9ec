//! Many processes that want the same credentials at the same moment.

use super::{
    Outcome,
    fake::{Sts, Timestamp},
    fixture::Fixture,
    report::Report,
    stage::Finished,
    tools,
};
use std::{fs, path::Path, time::Duration};

const PROCESSES: usize = 200;
/// How long STS takes to answer.
const SLOW: Duration = Duration::from_millis(500);

pub(crate) fn measure(keyfob: &Path, report: &mut Report) -> Outcome {
    nothing_cached(keyfob, report)?;
    soft_window(keyfob, report)?;
    failing(keyfob, report)
}

fn nothing_cached(keyfob: &Path, report: &mut Report) -> Outcome {
    let fixture = Fixture::new(keyfob, 10, Sts::start())?;
    fixture.sts.always(fixture.assume_role().after(SLOW));
    let finished = fixture.at_once(PROCESSES)?;
    all_have_keys(&finished)?;
    calls("200 at once, nothing cached", fixture.sts.calls().len(), 1, report);
    report.shown("200 at once, nothing cached: p99", "<= 0.70 s", seconds(percentile(&finished, 99)));
    Ok(())
}

/// The credentials live for ten more minutes: whoever gets the lock renews them, all others hand them out.
fn soft_window(keyfob: &Path, report: &mut Report) -> Outcome {
    const LEFT: Duration = Duration::from_mins(10);
    const AGE: Duration = Duration::from_hours(1);
    let fixture = Fixture::new(keyfob, 10, Sts::start())?;
    let now = Timestamp::now();
    fixture.sts.expect(fixture.assume_role().expiring(&now.plus(LEFT).rfc3339()));
    tools::run(&mut fixture.role())?;
    issued_at(&fixture.cache_file()?, now.minus(AGE))?;
    fixture.sts.always(fixture.assume_role().after(SLOW));
    let finished = fixture.at_once(PROCESSES)?;
    all_have_keys(&finished)?;
    calls("200 at once, soon to expire", fixture.sts.calls().len() - 1, 1, report);
    let median = percentile(&finished, 50).as_secs_f64() * 1000.0;
    report.shown("200 at once, soon to expire: p50", "<= 5 ms", format!("{median:.1} ms"));
    Ok(())
}

fn failing(keyfob: &Path, report: &mut Report) -> Outcome {
    let fixture = Fixture::new(keyfob, 10, Sts::start())?;
    let failure = fixture.assume_role().fails(503, "ServiceUnavailable", "come back later");
    fixture.sts.always(failure.after(Duration::from_millis(100)));
    let finished = fixture.at_once(PROCESSES)?;
    calls("200 at once, service failing", fixture.sts.calls().len(), 3, report);
    let told = finished.iter().filter(|one| {
        let stderr = String::from_utf8_lossy(&one.output.stderr);
        one.output.status.code() == Some(1) && stderr.contains("ServiceUnavailable")
    });
    let told = told.count();
    report.held("200 at once, service failing: told why", "200", told.to_string(), told == PROCESSES);
    report.shown("200 at once, service failing: last one", "<= 1.00 s", seconds(percentile(&finished, 100)));
    Ok(())
}

fn all_have_keys(finished: &[Finished]) -> Outcome {
    match finished.iter().find(|one| !one.output.status.success() || one.output.stdout.is_empty()) {
        Some(one) => Err(format!("one of many was not answered: {}", String::from_utf8_lossy(&one.output.stderr))),
        None => Ok(()),
    }
}

fn calls(figure: &str, calls: usize, most: usize, report: &mut Report) {
    let budget = if most == 1 { "1".to_owned() } else { format!("1 to {most}") };
    report.held(&format!("{figure}: calls of STS"), &budget, calls.to_string(), (1..=most).contains(&calls));
}

/// Makes cached credentials older than they are.
fn issued_at(file: &Path, time: Timestamp) -> Outcome {
    let failed = |why: &dyn std::fmt::Display| format!("cannot change {}: {why}", file.display());
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    let mut document: serde_json::Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    document["Issued"] = time.rfc3339().into();
    fs::write(file, document.to_string()).map_err(|error| failed(&error))
}

fn percentile(finished: &[Finished], percent: usize) -> Duration {
    let mut times: Vec<Duration> = finished.iter().map(|one| one.elapsed).collect();
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
