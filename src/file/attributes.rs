//! Extended attributes, among them access lists and security labels: a file that replaces another has the same.

use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
use rustix::io::Errno;
use std::fs::File;
use std::io;

/// Linux has no longer values, and no longer lists of names.
const LONGEST: usize = 64 * 1024;

/// Makes the attributes of one file those of another. What a folder gives to its new files may have to go.
pub(super) fn copy(from: &File, to: &File) -> io::Result<()> {
    let (wanted, given) = (names(from)?, names(to)?);
    for name in given.iter().filter(|name| !wanted.contains(name)) {
        fremovexattr(to, name)?;
    }
    for name in &wanted {
        let value = value(from, name)?;
        // Labels may be set by no one, and are the same in one folder.
        if !(given.contains(name) && self::value(to, name)? == value) {
            fsetxattr(to, name, &value, XattrFlags::empty())?;
        }
    }
    Ok(())
}

fn names(file: &File) -> io::Result<Vec<Vec<u8>>> {
    let mut list = vec![0; LONGEST];
    let length = match flistxattr(file, &mut list) {
        Err(Errno::NOTSUP) => 0,
        listed => listed?,
    };
    let names = list[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(<[u8]>::to_vec).collect())
}

fn value(file: &File, name: &[u8]) -> io::Result<Vec<u8>> {
    let mut value = vec![0; LONGEST];
    let length = fgetxattr(file, name, &mut value)?;
    value.truncate(length);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_copy_has_the_attributes_of_the_original_and_no_others() {
        let folder = std::env::temp_dir().join(format!("keyfob-attributes-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [from, to] = ["from", "to"].map(|name| File::create(folder.join(name)).expect("a file"));
        let set = |file: &File, name: &str, value: &[u8]| fsetxattr(file, name, value, XattrFlags::empty());
        if set(&from, "user.kept", b"1") != Err(Errno::NOTSUP) {
            set(&from, "user.changed", b"2").expect("an attribute");
            set(&to, "user.changed", b"3").expect("an attribute");
            set(&to, "user.gone", b"4").expect("an attribute");
            copy(&from, &to).expect("a copy");
            assert_eq!(value(&to, b"user.kept").expect("a value"), b"1");
            assert_eq!(value(&to, b"user.changed").expect("a value"), b"2");
            assert!(!names(&to).expect("names").contains(&b"user.gone".to_vec()));
        }
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
