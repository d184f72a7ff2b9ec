//! `kf` and completion in the shells that are no descendants of sh: Nushell, elvish, xonsh, tcsh; PowerShell as far as it
//! can be had.

#[cfg(target_os = "linux")]
mod completion;
#[cfg(target_os = "linux")]
mod edges;
mod lint;
#[cfg(target_os = "linux")]
mod session;
#[cfg(target_os = "linux")]
mod steps;

#[cfg(target_os = "linux")]
use super::keyfob::{Terminal, has_terminal};
use super::{keyfob::Home, peer};
