//! Captures the machine, runs the command, prints its result whole, and ends with its exit code.

use keyfob::Context;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let context = Context::of_this_process();
    match keyfob::run(&arguments, &context) {
        Ok(output) => {
            let code = print(&output);
            context.end();
            code
        }
        Err(error) => {
            // The words tell of a failure in any case.
            print(error.output());
            // One write, too. Nobody is left to tell when standard error is closed as well.
            let _ = std::io::stderr().write_all(format!("{error}\n").as_bytes());
            ExitCode::from(error.exit_code())
        }
    }
}

/// One write, so that a reader never sees half an answer.
fn print(output: &str) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(output.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "keyfob: cannot write the answer\n  cause: {error}");
            ExitCode::FAILURE
        }
    }
}
