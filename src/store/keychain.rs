//! `keychain`: the Keychain of macOS. An entry is a password whose service is keyfob, and whose account is the profile:
//!
//! ```text
//! security find-generic-password -s keyfob -a dev -w
//! ```

#[cfg(target_os = "macos")]
mod entries;

#[cfg(target_os = "macos")]
pub(super) use entries::Keychain;

use super::Trouble;

/// There is no such entry.
#[cfg(target_os = "macos")]
const ITEM_NOT_FOUND: i32 = -25300;

/// What a status of the Security framework means (`SecBase.h`), and what the framework says of it.
fn trouble_of(status: i32, said: Option<String>) -> Trouble {
    let why = |text: &str| text.to_owned();
    match status {
        // errSecInteractionNotAllowed, errSecInteractionRequired: over ssh, for one.
        -25308 | -25315 => Trouble::Locked(why("there is no desktop to ask for its password on")),
        // errSecUserCanceled
        -128 => Trouble::Denied(why("its question was dismissed")),
        // errSecAuthFailed
        -25293 => Trouble::Denied(why("the password was wrong, or keyfob may not use the entry")),
        // errSecNotAvailable, errSecNoSuchKeychain, errSecNoDefaultKeychain
        -25291 | -25294 | -25307 => Trouble::Absent(why("this user has no keychain")),
        _ => Trouble::Failed(match said {
            Some(said) => format!("{said} ({status})"),
            None => format!("status {status}"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_keychain_a_refusal_and_an_absent_one_are_told_apart() {
        for (status, trouble) in [
            (-25308, Trouble::Locked("there is no desktop to ask for its password on".to_owned())),
            (-25315, Trouble::Locked("there is no desktop to ask for its password on".to_owned())),
            (-128, Trouble::Denied("its question was dismissed".to_owned())),
            (-25293, Trouble::Denied("the password was wrong, or keyfob may not use the entry".to_owned())),
            (-25291, Trouble::Absent("this user has no keychain".to_owned())),
            (-25294, Trouble::Absent("this user has no keychain".to_owned())),
            (-25307, Trouble::Absent("this user has no keychain".to_owned())),
            (-36, Trouble::Failed("words (-36)".to_owned())),
        ] {
            assert_eq!(trouble_of(status, Some("words".to_owned())), trouble);
        }
        assert_eq!(trouble_of(-36, None), Trouble::Failed("status -36".to_owned()));
    }
}
