//! Disks without room, disks and folders that take no writes, and files of others: a clear error and the old file whole,
//! or an edit in place.

#![cfg(target_os = "linux")]

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

const OLD: &str = "[profile a]\nx = old\n";
const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");
const SOMEBODY: u32 = 1234;

/// A script at a file system of its own in place of `~/.aws`, of 32 KiB, with `config` in it.
fn on_small_disk(home: &Home, config: &str, script: &str) -> Option<Invocation> {
    let unshare = peer::program("unshare")?;
    let can = home.program(peers::text(&unshare), ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    if can.any_code().any_stderr().run().code != 0 {
        peer::missing("no file system may be mounted");
        return None;
    }
    home.write("seed", config);
    let script = format!(
        "cd ~/.aws && mount -t tmpfs -o size=32k tmpfs . && cd ~/.aws && cp ../seed config && {{ {script}\n }}\n\
         code=$?; cat config; ls -A; exit $code"
    );
    fs::create_dir(home.path().join(".aws")).expect("the home is ours");
    Some(home.program(peers::text(&unshare), ["-rm", "sh", "-c", &script]))
}

fn cannot_write(home: &Home, cause: &str, hint: &str) -> String {
    let path = home.path().join(".aws/config");
    format!("keyfob: cannot write \"{}\"\n  cause: {cause}\n  hint: {hint}\n", path.display())
}

const WRITABLE: &str = "make it a file that can be written, or name another one in AWS_CONFIG_FILE";
const FILLED: &str = "cat /dev/zero >filler 2>/dev/null;";

#[test]
fn full_disk_leaves_the_old_file() {
    let home = Home::new();
    let script = format!("{FILLED} {KEYFOB} profile set a x=new");
    let Some(run) = on_small_disk(&home, OLD, &script) else { return };
    let told = cannot_write(&home, "No space left on device (os error 28)", "make room on that disk");
    run.code(1).stdout(format!("{OLD}config\nfiller\n")).stderr(told).run();
}

#[test]
fn full_disk_leaves_the_old_file_where_it_is_written_in_place() {
    let home = Home::new();
    // A page and a little more than that.
    let old = format!("{OLD}{}", "# a comment, 31 bytes, its end\n".repeat(131));
    assert!(old.len() < 4096 && old.len() + 60 > 4096, "{}", old.len());
    let script = format!("ln config link; {FILLED} {KEYFOB} profile set a y={}", "new".repeat(20));
    let Some(run) = on_small_disk(&home, &old, &script) else { return };
    let told = cannot_write(&home, "No space left on device (os error 28)", "make room on that disk");
    run.code(1).stdout(format!("{old}config\nfiller\nlink\n")).stderr(told).run();
}

#[test]
fn disk_that_takes_no_writes_is_told() {
    let home = Home::new();
    let script = format!("mount -o remount,ro ~/.aws; {KEYFOB} profile set a x=new");
    let Some(run) = on_small_disk(&home, OLD, &script) else { return };
    let told = cannot_write(&home, "Read-only file system (os error 30)", WRITABLE);
    run.code(1).stdout(format!("{OLD}config\n")).stderr(told).run();
}

/// keyfob without the powers that root has over files.
fn powerless(home: &Home, arguments: &[&str]) -> Option<Invocation> {
    if !rustix::process::geteuid().is_root() {
        return Some(home.keyfob(arguments.iter().copied()));
    }
    let setpriv = peer::program("setpriv")?;
    let options = ["--inh-caps=-all", "--bounding-set=-all", KEYFOB];
    Some(home.program(peers::text(&setpriv), [&options[..], arguments].concat()))
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn folder_that_takes_no_files_has_its_file_written_in_place() {
    let home = Home::new().config(OLD);
    let (folder, file) = (home.path().join(".aws"), home.path().join(".aws/config"));
    let inode = fs::metadata(&file).expect("it is there").ino();
    set_mode(&folder, 0o500);
    let Some(run) = powerless(&home, &["profile", "set", "a", "x=new"]) else { return };
    run.any_stdout().run();
    let new = powerless(&home, &["profile", "set", "a", "aws_access_key_id=AKIANEW", "--merge"]);
    let told = new.expect("it has run before").code(1).any_stderr().run().stderr;
    set_mode(&folder, 0o700);
    assert_eq!(home.read(&file), OLD.replace("old", "new"));
    assert_eq!(fs::metadata(&file).expect("it is there").ino(), inode);
    assert!(told.contains("\n  cause: Permission denied (os error 13)\n"), "{told}");
    assert!(!home.path().join(".aws/credentials").exists());
}

#[test]
fn file_that_may_not_be_written_stays() {
    let home = Home::new().config(OLD);
    let file = home.path().join(".aws/config");
    set_mode(&file, 0o400);
    let Some(run) = powerless(&home, &["profile", "remove", "a", "--yes"]) else { return };
    run.code(1).stderr(cannot_write(&home, "Permission denied (os error 13)", WRITABLE)).run();
    assert_eq!(home.read(&file), OLD);
    assert_eq!(fs::metadata(&file).expect("it is there").mode() & 0o777, 0o400);
}

/// Whether files can be given away here; says so aloud if not.
fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: only root can give files away");
    }
    is_root
}

fn owner(path: &Path) -> (u32, u32) {
    let metadata = fs::metadata(path).expect("it is there");
    (metadata.uid(), metadata.gid())
}

#[test]
fn file_of_somebody_else_stays_his() {
    if !is_root() {
        return;
    }
    // Root gives the new file to its owner; who cannot do that writes in place, if he may write at all.
    for (mode, has_powers) in [(0o600, true), (0o666, false), (0o644, false)] {
        let home = Home::new().config(OLD);
        let file = home.path().join(".aws/config");
        chown(&file, Some(SOMEBODY), Some(SOMEBODY)).expect("root may");
        set_mode(&file, mode);
        let arguments = ["profile", "set", "a", "x=new"];
        let run = if has_powers { Some(home.keyfob(arguments)) } else { powerless(&home, &arguments) };
        let Some(run) = run else { return };
        let may_write = mode != 0o644;
        let told =
            if may_write { String::new() } else { cannot_write(&home, "Permission denied (os error 13)", WRITABLE) };
        run.code(i32::from(!may_write)).any_stdout().stderr(told).run();
        assert_eq!(home.read(&file), if may_write { OLD.replace("old", "new") } else { OLD.to_owned() });
        assert_eq!(owner(&file), (SOMEBODY, SOMEBODY));
        assert_eq!(fs::metadata(&file).expect("it is there").mode() & 0o777, mode);
    }
}

/// As under sudo.
#[test]
fn new_file_belongs_to_whom_the_folder_belongs_to() {
    if !is_root() {
        return;
    }
    let home = Home::new();
    chown(home.path(), Some(SOMEBODY), Some(SOMEBODY)).expect("root may");
    home.keyfob(["profile", "set", "a", "x=new"]).any_stdout().run();
    for path in [".aws", ".aws/config"] {
        assert_eq!(owner(&home.path().join(path)), (SOMEBODY, SOMEBODY), "{path}");
    }
}
