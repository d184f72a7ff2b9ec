//! keyfob stands between a person's AWS sign-ins and every program that needs credentials.
//!
//! # Where things are
//!
//! | file | what it holds |
//! |---|---|
//! | `cli/` | one file per command: its arguments and its `run` |
//! | `plan` | which road to take: the named profile's, or the SDKs' default order |
//! | `resolve/` | walking the road: cache, provider, and the links before; MFA sessions |
//! | `assignments/` | which accounts and roles a person may use, asked for at the pace of AWS |
//! | `sync/` | a profile for each of them: names, and what to change |
//! | `chain/` | profiles and a name to a base and its roles; pure |
//! | `saml/` | signing in with an identity provider that speaks SAML: its pages and forms, what it asserts |
//! | `bridge/` | the lines by which other programs come to keyfob, and what else becomes of a profile for them |
//! | `store/` | places for keys that must last, and for passwords: the system's keyring, a sealed file, another program |
//! | `command_line`, `program`, `recursion` | how a line in a profile is read and run; profiles that lead back to keyfob |
//! | `provider/` | one file per source of credentials, named after its setting |
//! | `login/` | what needs a person and a browser: the listener and its page, PKCE, codes to carry over or to compare |
//! | `settings` | region, endpoint, trust and retries, from variables and the profile |
//! | `api/` | everything that speaks to AWS: one file per service |
//! | `profile/` | the user's `~/.aws/config` and `~/.aws/credentials` |
//! | `cache/` | credentials, tokens, registrations and listings on disk, and single flight across processes |
//! | `context`, `terminal` | what comes from the machine and the person |
//! | `shell/` | which shell it is, quoting for each, and its scripts |
//! | `export_format/` | the formats of the AWS CLI, and those of CI systems |
//! | `completion/` | what could come next on a command line |
//! | `file`, `paths` | bytes on disk; where every file is |
//! | `diff` | what would change in a file, for a person to see |
//! | `random` | bytes that nobody can guess |
//! | `credentials`, `secret`, `timestamp`, `error`, `likeness` | the vocabulary |
//! | `build.rs` | no part of the crate: what the binary is linked with |
//!
//! Each layer uses those to its right: `main > cli > completion, login, resolve, sync > assignments > plan > provider > chain > bridge,
//! store, saml > recursion, program, command_line, settings > api, cache, profile > export_format > shell > context >
//! terminal > file, paths, random, diff > vocabulary`.
//!
//! # Two journeys
//!
//! `keyfob process --profile dev`: `main` captures the machine in a [`Context`]. `cli` reads the arguments,
//! `plan` loads the profiles and makes the chain, `resolve` walks it back from its last role: if the cache
//! holds that link fresh, done; else the credentials of the links before it, this link's provider, and into
//! the cache. Providers call `api`. `cli/process` returns the JSON, and `main` prints it. When the cache holds
//! the answer no socket is opened and no thread is started.
//!
//! `keyfob login dev`: `cli/login` reads the profile, and refuses what would hide the sign-in. `login/console` listens,
//! shows and opens AWS's page, waits for the person, trades the code through `api/signin`, and returns a token. `cache`
//! keeps it, and `profile` sets what the profile needs to use it. From then on the first journey finds it. `keyfob sso
//! login` goes the same way through `login/sso`, for all profiles of an sso-session at once.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod api;
mod assignments;
mod bridge;
mod cache;
mod chain;
mod cli;
mod command_line;
mod completion;
mod context;
mod credentials;
mod diff;
mod error;
mod export_format;
mod file;
mod likeness;
mod login;
mod paths;
mod plan;
mod profile;
mod program;
mod provider;
mod random;
mod recursion;
mod resolve;
mod saml;
mod secret;
mod settings;
mod shell;
mod store;
mod sync;
mod terminal;
mod timestamp;

pub use cli::{command_line, run};
pub use context::Context;
pub use error::{Error, Exit};
