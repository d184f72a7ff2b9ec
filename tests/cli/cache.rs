//! The cache: how long it answers alone, how its files lie on disk, and what of them is believed.

#![cfg(unix)]

use super::{
    fake::{Keys, Reply, Sts, assume_role},
    keyfob::{Home, Invocation},
    scene::{END, Left, ROLE, Scene, demo_role, entries, issued, issued_document, role_section},
};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
    time::Duration,
};

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);
const SECOND: Duration = Duration::from_secs(1);

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("the file is there").mode() & 0o7777
}

/// A scene with the fake's first keys in the cache, for a long time yet.
fn filled() -> Scene {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    scene
}

/// Expects that the keys handed out are these, whatever expiration the test gave them.
#[track_caller]
fn hands_out(run: Invocation, keys: &Keys) {
    let run = run.any_stdout().run();
    assert!(run.stdout.contains(&keys.access_key_id), "{}", run.stdout);
}

#[test]
fn files_and_folder_are_private_and_nothing_else_is_left() {
    let scene = filled();
    let entry = scene.cached_entry();
    assert_eq!(mode(&entry), 0o600);
    assert_eq!(mode(&scene.home.cache_dir()), 0o700);
    assert_eq!(scene.home.cache_files(), [entry.clone(), entry.with_extension("lock")]);
    assert_eq!(mode(&entry.with_extension("lock")), 0o600);
    let name = entry.file_stem().and_then(|name| name.to_str()).expect("a name of ASCII");
    assert!(name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
}

#[test]
fn open_umask_does_not_open_the_files() {
    let scene = Scene::new();
    scene.sts.expect(demo_role());
    let run = scene.home.program("/bin/sh", ["-c", "umask 0; exec \"$0\" process dev", env!("CARGO_BIN_EXE_keyfob")]);
    run.secrets_expected().stdout(issued_document(1)).run();
    assert_eq!(mode(&scene.cached_entry()), 0o600);
    assert_eq!(mode(&scene.home.cache_dir()), 0o700);
}

#[test]
fn cache_is_where_the_variable_says() {
    let scene = Scene::new();
    let folder = scene.home.path().join("elsewhere");
    scene.sts.expect(demo_role());
    for _ in 0..2 {
        let run = scene.process().env("XDG_CACHE_HOME", folder.to_str().expect("temporary paths are UTF-8"));
        run.stdout(issued_document(1)).run();
    }
    assert!(scene.home.cache_files().is_empty());
    assert!(folder.join("keyfob").is_dir());
}

#[test]
fn each_link_of_a_chain_has_an_entry() {
    let scene = Scene::with(&role_section("next", ROLE, "dev"));
    scene.sts.expect(demo_role());
    scene.sts.expect(demo_role());
    scene.home.keyfob(["process", "next"]).stdout(issued_document(2)).run();
    assert_eq!(entries(&scene.home).len(), 2);
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn fresh_keys_are_handed_out_without_a_call() {
    for (issued_ago, left) in [
        (Duration::ZERO, HOUR),
        (43 * MINUTE, 17 * MINUTE),
        (11 * HOUR, 17 * MINUTE),
        (Duration::ZERO, 15 * MINUTE),
        (7 * MINUTE, 8 * MINUTE),
    ] {
        let scene = filled();
        scene.age_cache(issued_ago, Left::Still(left));
        hands_out(scene.process(), &issued(1));
        assert_eq!(scene.sts.connections(), 1, "{issued_ago:?} old, {left:?} left");
    }
}

#[test]
fn keys_in_their_last_minutes_are_renewed_by_one_call() {
    for (issued_ago, left) in
        [(45 * MINUTE, 15 * MINUTE), (11 * HOUR, 15 * MINUTE), (59 * MINUTE, MINUTE), (8 * MINUTE, 7 * MINUTE)]
    {
        let scene = filled();
        scene.age_cache(issued_ago, Left::Still(left));
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(2)).run();
        scene.process().stdout(issued_document(2)).run();
    }
}

#[test]
fn while_one_renews_keys_that_still_live_all_others_get_those() {
    let scene = filled();
    scene.age_cache(45 * MINUTE, Left::Still(10 * MINUTE));
    scene.sts.expect(demo_role().after(4 * SECOND));
    let mut renewing = scene.process().stdout(issued_document(2)).spawn();
    while scene.sts.calls().len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..5 {
        hands_out(scene.process(), &issued(1));
    }
    assert!(renewing.is_running(), "the others are done before it");
    renewing.wait();
}

#[test]
fn keys_that_still_live_are_handed_out_in_silence_when_the_service_fails() {
    for trouble in [
        demo_role().fails(500, "InternalFailure", "later"),
        demo_role().fails(403, "AccessDenied", "no longer"),
        demo_role().replies(Reply::hang_up()),
        demo_role().expiring("2020-01-02T03:04:05Z"),
    ] {
        let scene = filled();
        scene.age_cache(45 * MINUTE, Left::Still(10 * MINUTE));
        scene.sts.always(trouble);
        hands_out(scene.process(), &issued(1));
        let tries = scene.sts.calls().len();
        hands_out(scene.process(), &issued(1));
        assert_eq!(scene.sts.calls().len(), tries, "a failure is not repeated at every call");
    }
}

#[test]
fn note_from_the_future_does_not_stop_the_renewal() {
    let scene = filled();
    scene.age_cache(45 * MINUTE, Left::Still(10 * MINUTE));
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "no"));
    hands_out(scene.process(), &issued(1));
    let path = scene.cached_entry().with_extension("note");
    let mut note: serde_json::Value = serde_json::from_str(&scene.home.read(&path)).expect("a note is JSON");
    assert_eq!(mode(&path), 0o600);
    let at = note["Failed"]["at"].as_i64().expect("a note says when it was left");
    note["Failed"]["at"] = (at + 86_400_000).into();
    fs::write(&path, note.to_string()).expect("the note is ours");
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(2)).run();
    assert!(!path.exists(), "a success takes it away");
}

#[test]
fn failure_to_renew_keys_that_still_live_is_told_under_verbose() {
    let scene = filled();
    scene.age_cache(45 * MINUTE, Left::Still(10 * MINUTE));
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "no"));
    let note = format!(
        "keyfob: the credentials still live, but renewing them failed: cannot assume role \"{ROLE}\" of profile \
         \"dev\"\n"
    );
    hands_out(scene.home.keyfob(["process", "dev", "-v"]).stderr(note), &issued(1));
}

#[test]
fn keys_that_have_ended_are_never_handed_out() {
    let scene = filled();
    scene.age_cache(HOUR, Left::EndedAgo(SECOND));
    scene.sts.expect(demo_role().fails(403, "AccessDenied", "no"));
    scene.process().code(1).any_stderr().run();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(2)).run();
}

#[test]
fn entry_of_a_clock_that_was_set_back_is_as_good_as_its_end() {
    let scene = filled();
    let entry = scene.cached_entry();
    let text = scene.home.read(&entry);
    let (before, _) = text.split_once("\"Issued\":").expect("an entry says when it was issued");
    fs::write(&entry, format!("{before}\"Issued\":\"2199-01-02T03:04:05Z\"}}")).expect("the entry is ours");
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn where_nothing_can_be_kept_every_run_asks_and_verbose_says_why() {
    let scene = Scene::new();
    scene.home.write(".cache", "a file in the place of the folder");
    for number in 1..=2 {
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(number)).run();
    }
    scene.sts.expect(demo_role());
    let run = scene.home.keyfob(["process", "dev", "-v"]).stdout(issued_document(3)).any_stderr().run();
    assert!(run.stderr.contains("keyfob: no lock in the cache folder ("), "{}", run.stderr);
    assert!(run.stderr.contains("keyfob: cannot keep the credentials in the cache: "), "{}", run.stderr);
    assert_eq!(scene.home.read(".cache"), "a file in the place of the folder");
}

#[test]
fn read_only_home_is_no_failure() {
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: nothing is read-only to root");
        return;
    }
    let scene = Scene::new();
    let set_mode = |mode| fs::set_permissions(scene.home.path(), Permissions::from_mode(mode)).expect("it is ours");
    set_mode(0o500);
    for number in 1..=2 {
        scene.sts.expect(demo_role());
        scene.process().stdout(issued_document(number)).run();
    }
    set_mode(0o700);
}

#[test]
fn full_disk_is_no_failure_and_leaves_nothing_torn() {
    let scene = Scene::new();
    // A file of no bytes is the longest that may be written: what a full disk is like.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" process dev $1";
    for (flag, number) in [("", 1), ("-v", 2)] {
        scene.sts.expect(demo_role());
        let run = scene.home.program("/bin/sh", ["-c", script, env!("CARGO_BIN_EXE_keyfob"), flag]);
        let run = run.secrets_expected().stdout(issued_document(number)).any_stderr().run();
        let note = "keyfob: cannot keep the credentials in the cache: ";
        assert!(run.stderr.starts_with(if flag.is_empty() { "" } else { note }), "{}", run.stderr);
        assert!(!flag.is_empty() || run.stderr.is_empty(), "{}", run.stderr);
        assert_eq!(entries(&scene.home).len(), 0);
        assert!(scene.home.cache_files().iter().all(|path| path.extension().is_some_and(|end| end == "lock")));
    }
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(3)).run();
    scene.process().stdout(issued_document(3)).run();
}

#[test]
fn folder_is_made_again_after_it_was_removed() {
    let scene = filled();
    scene.home.clear_cache();
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(2)).run();
    assert_eq!(mode(&scene.home.cache_dir()), 0o700);
}

/// Puts something else in the place of the entry, and expects that it is not believed, never waited for, and
/// replaced where that can be done.
#[track_caller]
fn not_trusted(docs: &str, replace: impl FnOnce(&Scene, &Path)) -> Scene {
    let scene = filled();
    let entry = scene.cached_entry();
    replace(&scene, &entry);
    scene.sts.expect(demo_role());
    let run = scene.process().any_stdout().run();
    assert_eq!(run.stdout, issued_document(2), "{docs}");
    assert!(run.elapsed < 7 * SECOND, "{docs}: {:?}", run.elapsed);
    scene
}

/// The same for what can be replaced: the next run is answered by the cache.
#[track_caller]
fn not_trusted_and_replaced(docs: &str, replace: impl FnOnce(&Scene, &Path)) {
    let scene = not_trusted(docs, replace);
    scene.process().stdout(issued_document(2)).run();
    assert_eq!(mode(&scene.cached_entry()), 0o600, "{docs}");
}

#[test]
fn text_that_is_no_whole_entry_is_not_trusted() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 16] = [
        ("empty", |_| String::new()),
        ("torn", |text| text[..text.len() - 1].to_owned()),
        ("half", |text| text[..text.len() / 2].to_owned()),
        ("twice", |text| text.repeat(2)),
        ("junk", |_| "junk".to_owned()),
        ("zeros, as after a crash", |text| "\0".repeat(text.len())),
        ("another version", |text| text.replace("\"Version\":1", "\"Version\":2")),
        ("a list", |text| format!("[{text}]")),
        ("null", |_| "null".to_owned()),
        ("a number for a name", |text| text.replace("\"ASIAISSUED0001000000\"", "7")),
        ("no secret", |text| text.replace("SecretAccessKey", "Other")),
        ("a word for a time", |text| text.replace(END, "soon")),
        ("a time without a zone", |text| text.replace(END, "2099-01-02T03:04:05")),
        ("a time past the last year", |text| text.replace(END, "9999-12-31T23:59:59-23:59")),
        ("what the AWS CLI writes", |text| format!("{{\"Credentials\":{text}}}")),
        ("deep", |_| "[".repeat(60_000)),
    ];
    for (docs, change) in changes {
        not_trusted_and_replaced(docs, |scene, entry| {
            let text = change(&scene.home.read(entry));
            fs::write(entry, text).expect("the entry is ours");
        });
    }
}

#[test]
fn file_that_others_could_have_written_is_not_trusted() {
    for writable in [0o620, 0o602, 0o666, 0o777] {
        not_trusted_and_replaced("writable by others", |_, entry| {
            fs::set_permissions(entry, Permissions::from_mode(writable)).expect("the entry is ours");
        });
    }
    if rustix::process::geteuid().is_root() {
        not_trusted_and_replaced("another user's", |_, entry| {
            std::os::unix::fs::chown(entry, Some(12_345), None).expect("root may give files away");
        });
    }
}

#[test]
fn what_is_no_plain_file_is_not_trusted() {
    not_trusted_and_replaced("a huge file", |_, entry| {
        let file = fs::OpenOptions::new().write(true).open(entry).expect("the entry is ours");
        file.set_len(1 << 30).expect("a file can have holes");
    });
    not_trusted_and_replaced("a symbolic link", |scene, entry| {
        let text = scene.home.read(entry);
        let target = scene.home.write("target", text);
        fs::remove_file(entry).and_then(|()| std::os::unix::fs::symlink(target, entry)).expect("links can be made");
    });
    not_trusted_and_replaced("a link to nowhere", |scene, entry| {
        let target = scene.home.path().join("nowhere");
        fs::remove_file(entry).and_then(|()| std::os::unix::fs::symlink(target, entry)).expect("links can be made");
    });
    not_trusted_and_replaced("a pipe", |_, entry| {
        fs::remove_file(entry).expect("the entry is ours");
        make_pipe(entry);
    });
    let scene = not_trusted("a directory", |_, entry| {
        fs::remove_file(entry).and_then(|()| fs::create_dir(entry)).expect("directories can be made");
    });
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(3)).run();
}

#[test]
fn replacing_a_symbolic_link_leaves_its_target_alone() {
    let scene = filled();
    let entry = scene.cached_entry();
    let target = scene.home.write("target", "somebody else's");
    fs::remove_file(&entry).and_then(|()| std::os::unix::fs::symlink(&target, &entry)).expect("links can be made");
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(2)).run();
    assert_eq!(scene.home.read("target"), "somebody else's");
    assert!(fs::symlink_metadata(&entry).expect("the entry is there").is_file());
}

#[test]
fn lock_that_is_something_else_costs_only_the_lock() {
    type Change = fn(&Home, &Path);
    let changes: [(&str, Change); 6] = [
        ("junk", |_, lock| fs::write(lock, "junk\n...").expect("the lock is ours")),
        ("a huge file", |_, lock| {
            let file = fs::OpenOptions::new().write(true).create_new(true).open(lock).expect("it can be made");
            file.set_len(1 << 30).expect("a file can have holes");
        }),
        ("a link", |home, lock| {
            let target = home.write("target", "somebody else's");
            std::os::unix::fs::symlink(target, lock).expect("links can be made");
        }),
        ("a pipe", |_, lock| make_pipe(lock)),
        ("a directory", |_, lock| fs::create_dir(lock).expect("directories can be made")),
        ("writable by others", |_, lock| {
            fs::write(lock, "").expect("the lock is ours");
            fs::set_permissions(lock, Permissions::from_mode(0o666)).expect("the lock is ours");
        }),
    ];
    for (docs, change) in changes {
        let scene = filled();
        let entry = scene.cached_entry();
        let lock = entry.with_extension("lock");
        fs::remove_file(&entry).and_then(|()| fs::remove_file(&lock)).expect("they are ours");
        change(&scene.home, &lock);
        scene.sts.expect(demo_role());
        let run = scene.process().any_stdout().run();
        assert_eq!(run.stdout, issued_document(2), "{docs}");
        assert!(run.elapsed < 7 * SECOND, "{docs}: {:?}", run.elapsed);
        scene.process().stdout(issued_document(2)).run();
        if docs == "a link" {
            assert_eq!(scene.home.read("target"), "somebody else's");
        }
        if docs == "a pipe" {
            assert!(fs::symlink_metadata(&lock).expect("it is there").file_type().is_fifo());
        }
    }
}

#[test]
fn leftovers_are_swept_up_when_they_are_old() {
    let scene = Scene::new();
    let folder = ".cache/keyfob";
    let names = ["a.json.123.tmp", "b.json.124.tmp", "c.json", "d.json", "e.lock"];
    let files = names.map(|name| scene.home.write(&format!("{folder}/{name}"), "{}"));
    for (file, age) in files.iter().zip(["2 hours ago", "now", "3 days ago", "1 hour ago", "3 days ago"]) {
        let touched = Command::new("touch").arg("-d").arg(age).arg(file).status();
        assert!(touched.is_ok_and(|status| status.success()));
    }
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
    assert_eq!(files.each_ref().map(|file| file.exists()), [false, true, false, true, true]);
}

#[test]
fn other_endpoint_is_another_cache_entry() {
    let scene = filled();
    let other = Sts::start();
    other.add_user("jane");
    other.expect(assume_role(ROLE).expiring("2098-01-02T03:04:05Z"));
    let run = scene.process().env("AWS_ENDPOINT_URL_STS", &other.url()).any_stdout().run();
    assert!(run.stdout.contains("2098-01-02T03:04:05Z"), "{}", run.stdout);
    scene.process().stdout(issued_document(1)).run();
}

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo failed");
}
