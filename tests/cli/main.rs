//! The binary, run as its users run it, against AWS as a real server on 127.0.0.1.

mod bridge;
mod browser;
mod cache;
mod chains;
mod completion;
mod configure;
mod configure_sso;
mod credential_process;
mod default_chain;
mod ec2_instance_metadata;
mod ecs_container;
#[cfg(unix)]
mod endpoints;
mod env;
mod errors;
mod exec;
mod explain;
mod fake;
mod faults;
mod herd;
mod init;
mod keyfob;
#[cfg(target_os = "linux")]
mod link_local;
mod login;
mod login_questions;
mod login_session;
mod logout;
mod manual;
mod mfa;
mod network;
mod other_shells;
mod peer;
mod peers;
mod process;
mod profile_check;
mod profile_copy;
mod profile_edits;
mod profile_list;
mod profile_remove;
mod profile_rename;
mod profile_set;
mod profile_show;
mod profile_unset;
mod prompt;
mod remote_login;
#[cfg(unix)]
mod saml;
mod scene;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod shells;
mod signing_in;
mod sso;
mod sso_list;
mod sso_login;
mod sso_logout;
mod sso_sync;
mod store;
mod unknown;
mod r#use;
mod web_identity;
mod whoami;
