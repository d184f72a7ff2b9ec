//! What signing out has in common: keyfob's own copies of credentials that were got with a sign-in are forgotten.

use crate::cache::{self, Entry, SsoEntry};
use crate::chain::Source;
use crate::context::Context;
use crate::error::Error;
use crate::plan::{self, Wanted};
use crate::profile::Profiles;
use std::io;
use std::path::PathBuf;

/// Forgets what is kept for every profile whose way begins with a source that is meant: its credentials, and those of
/// the roles upon them.
pub(super) fn credentials_of(context: &Context, profiles: &Profiles, is_meant: &dyn Fn(&Source) -> bool) {
    for name in profiles.names() {
        let wanted = Wanted { profile: Some(name), region: None };
        // One that cannot be resolved does not say any more what is kept for it.
        let Ok(plan) = plan::make(context, profiles, &wanted) else { continue };
        if !is_meant(&plan.chain.base.source) {
            continue;
        }
        for depth in 0..=plan.chain.roles.len() {
            let entry = Entry::of(&plan.identity(depth, &context.vars), &context.vars);
            if let Some(Err(error)) = entry.map(|entry| entry.remove()) {
                context.terminal.warn(&format!("cannot forget the role of profile \"{name}\": {error}"));
            }
        }
    }
}

/// Forgets what was got by a sign-in to IAM Identity Center, or by any, whatever has become of the profiles since.
pub(super) fn got_by(sign_in: Option<&SsoEntry>, context: &Context) {
    for (path, error) in cache::forget_got_by(sign_in, &context.vars) {
        context.terminal.warn(&format!("cannot forget \"{}\": {error}", path.display()));
    }
}

/// The error for files that could not be removed.
pub(super) fn cannot_forget(what: &str, failures: &[(PathBuf, io::Error)]) -> Error {
    let told: Vec<String> = failures.iter().map(|(path, error)| format!("\"{}\": {error}", path.display())).collect();
    Error::new(format!("cannot forget {what}"))
        .cause(told.join("; "))
        .hint("remove the file, or make its folder writable")
}
