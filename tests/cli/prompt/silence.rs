//! A prompt is drawn before every line: whatever it shows, nobody is called, started or waited for, and nothing written.

use super::super::{
    faults,
    keyfob::Home,
    login_session, peer,
    scene::{SERIAL, Scene},
    sso,
};

/// The system calls of a run, one in a line.
fn calls(home: &Home) -> String {
    let report = home.path().join("calls");
    let report = report.to_str().expect("temporary paths are UTF-8");
    let strace = peer::program("strace").expect("the test has asked for it");
    let options = ["-f", "-qq", "-o", report, env!("CARGO_BIN_EXE_keyfob"), "prompt", "dev"];
    home.program(strace.to_str().expect("programs have names in UTF-8"), options).any_stdout().run();
    home.read("calls")
}

#[test]
fn nobody_is_called_and_nothing_is_written() {
    const UNWANTED: [&str; 26] = [
        "socket",
        "bind",
        "connect",
        "sendto",
        "recvfrom",
        "recvmsg",
        "clone",
        "clone3",
        "fork",
        "vfork",
        "flock",
        "nanosleep",
        "clock_nanosleep",
        "select",
        "pselect6",
        "epoll_wait",
        "futex",
        "mkdir",
        "mkdirat",
        "unlink",
        "unlinkat",
        "rename",
        "renameat",
        "renameat2",
        "ftruncate",
        "fsync",
    ];
    if !faults::can_be_injected() {
        return;
    }
    let mfa = Scene::with(&format!("mfa_serial = {SERIAL}\n"));
    let (signed_out, ended) = (sso::Desk::new(sso::FRESH), sso::Desk::new(sso::DEAD));
    std::fs::remove_file(signed_out.home.path().join(signed_out.token.path())).expect("the file was just written");
    let damaged = sso::Desk::new(sso::FRESH);
    damaged.write("{");
    let (console, torn) =
        (login_session::Desk::new(login_session::DEAD), login_session::Desk::new(login_session::DEAD));
    torn.write("{");
    let pod = Home::new().config("[profile dev]\nrole_arn = a\nweb_identity_token_file = ~/token\n");
    pod.write("token", "some.token");
    let process = Home::new().config("[profile dev]\ncredential_process = touch canary\n");
    let nothing = Home::new();
    for home in
        [&mfa.home, &signed_out.home, &ended.home, &damaged.home, &console.home, &torn.home, &pod, &process, &nothing]
    {
        let calls = calls(home);
        assert!(calls.contains("openat(") || calls.contains("open("), "nothing was traced: {calls}");
        for line in calls.lines() {
            // `1234  openat(AT_FDCWD, …`
            let name = line.split('(').next().and_then(|head| head.split_whitespace().last()).unwrap_or_default();
            let is_lock = name == "fcntl" && line.contains("SETLK");
            let is_written =
                name.starts_with("open") && ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| line.contains(flag));
            // A program of Rust's looks at its three streams when it starts, and waits for none of them.
            let is_wait = ["poll", "ppoll"].contains(&name) && !line.contains("], 3, 0)");
            assert!(!is_wait, "{line}");
            assert!(!UNWANTED.contains(&name) && !is_lock && !is_written, "{line}");
        }
    }
}
