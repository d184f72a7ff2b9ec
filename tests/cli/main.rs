//! The binary, run as its users run it, against AWS as a real server on 127.0.0.1.

mod browser;
mod cache;
mod chains;
mod credential_process;
mod env;
mod errors;
mod exec;
mod explain;
mod fake;
mod faults;
mod herd;
mod keyfob;
mod login;
mod login_questions;
mod login_session;
mod logout;
mod manual;
mod mfa;
mod peer;
mod peers;
mod process;
mod remote_login;
mod scene;
mod shells;
mod signing_in;
mod whoami;
