//! A large organisation: 1,000 accounts with three roles each, where the portal refuses no call.

use super::{
    Outcome,
    fake::{Account, IdentityCenter, Timestamp},
    report::Report,
    stage::Home,
    tools,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const ACCOUNTS: usize = 1000;
const ROLES: [&str; 3] = ["Admin", "Audit", "Deploy"];

pub(crate) fn measure(keyfob: &Path, report: &mut Report) -> Outcome {
    let center = IdentityCenter::start();
    for number in 1..=ACCOUNTS {
        center.add_account(Account::new(&format!("{number:012}"), &ROLES));
    }
    center.serve_all();
    let home = Home::new().map_err(|error| format!("cannot make a home: {error}"))?;
    let write =
        |path: &str, text: &str| home.write(path, text).map_err(|error| format!("cannot write {path}: {error}"));
    let token = center.sign_in("corp");
    write(&token.path(), &token.document(Timestamp::now().plus(Duration::from_hours(1))))?;
    write(".aws/config", &center.sso_session("corp"))?;
    let command = |name: &str| {
        let mut command = home.command(keyfob);
        command.args(["sso", name, "--sso-session", "corp"]);
        command.env("AWS_ENDPOINT_URL_SSO_OIDC", center.oidc.url()).env("AWS_ENDPOINT_URL_SSO", center.portal.url());
        command
    };
    for (name, most) in [("list", 9e6), ("sync", 14e6)] {
        let memory = format!("sso {name}, 3,000 roles: peak memory");
        if !tools::has("time") {
            report.skipped(&memory, "there is no GNU time");
            continue;
        }
        let began = Instant::now();
        let peak = tools::peak_memory_once(&command(name))?;
        let seconds = began.elapsed().as_secs_f64();
        report.shown(&format!("sso {name}, 3,000 roles, nobody refuses: time"), "<= 5 s", format!("{seconds:.1} s"));
        report.bytes(&memory, peak, most);
    }
    Ok(())
}
