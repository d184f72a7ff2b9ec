//! The processes above ours: what started us, what started that, and so on.

/// A process, as far as it can be looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Process {
    /// What it is called, the surest first: its executable, then the name that it goes by.
    pub(super) names: Vec<String>,
    /// Its command line.
    pub(super) words: Vec<String>,
}

/// So many may stand between a shell and us.
const MOST: usize = 16;

#[cfg(target_os = "linux")]
pub(super) fn above() -> impl Iterator<Item = Process> {
    let mut next = Some(std::os::unix::process::parent_id());
    let climb = move || {
        let folder = format!("/proc/{}", next?);
        let stat = std::fs::read(format!("{folder}/stat")).ok()?;
        let (comm, parent) = comm_and_parent(&String::from_utf8_lossy(&stat))?;
        next = Some(parent).filter(|parent| *parent != 0);
        // A script goes by its own name, hence the executable comes first. That of another user is not told.
        let executable = std::fs::read_link(format!("{folder}/exe")).ok();
        let executable = executable.map(|path| path.to_string_lossy().into_owned());
        let line = std::fs::read(format!("{folder}/cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&line).split_terminator('\0').map(str::to_owned).collect();
        Some(Process { names: executable.into_iter().chain([comm]).collect(), words })
    };
    std::iter::from_fn(climb).take(MOST)
}

/// From a line of `/proc/PID/stat`: a name in parentheses may hold some of its own.
#[cfg(target_os = "linux")]
fn comm_and_parent(stat: &str) -> Option<(String, u32)> {
    let (before, after) = stat.rsplit_once(')')?;
    let (_, comm) = before.split_once('(')?;
    let parent = after.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some((comm.to_owned(), parent))
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn above() -> impl Iterator<Item = Process> {
    let output = std::process::Command::new("/bin/ps").args(COLUMNS).stderr(std::process::Stdio::null()).output();
    let list = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    above_in(&list, std::os::unix::process::parent_id()).into_iter()
}

/// All processes: its id, its parent's, its command line.
#[cfg(all(unix, any(test, not(target_os = "linux"))))]
const COLUMNS: [&str; 7] = ["-A", "-o", "pid=", "-o", "ppid=", "-o", "args="];

/// The process of that id and those above it, in what `ps` lists.
#[cfg(all(unix, any(test, not(target_os = "linux"))))]
fn above_in(list: &str, id: u32) -> Vec<Process> {
    let rows = list.lines().filter_map(|line| {
        let (id, rest) = line.trim_start().split_once(' ')?;
        let (parent, words) = rest.trim_start().split_once(' ')?;
        Some((id.parse().ok()?, (parent.parse().ok()?, words)))
    });
    let rows: std::collections::HashMap<u32, (u32, &str)> = rows.collect();
    let mut next = Some(id);
    let climb = || {
        let (parent, words) = *rows.get(&next?)?;
        next = Some(parent).filter(|parent| *parent != 0);
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        Some(Process { names: words.first().cloned().into_iter().collect(), words })
    };
    std::iter::from_fn(climb).take(MOST).collect()
}

#[cfg(not(unix))]
pub(super) fn above() -> impl Iterator<Item = Process> {
    std::iter::empty()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn process(words: &str) -> Process {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        Process { names: vec![words[0].clone()], words }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_may_hold_parentheses() {
        assert_eq!(comm_and_parent("17 (a) (b c) S 16 17 17"), Some(("a) (b c".to_owned(), 16)));
        assert_eq!(comm_and_parent("17 (sh"), None);
    }

    #[test]
    fn a_list_is_climbed_from_a_process_to_the_first() {
        let list = "    1     0 /sbin/init\n   20     1 -zsh\n  300    20 sudo -E keyfob env\n  9 zombie\n";
        assert_eq!(above_in(list, 300), [process("sudo -E keyfob env"), process("-zsh"), process("/sbin/init")]);
        assert_eq!(above_in(list, 4), []);
        // A process is never its own parent; a list that says so is not followed for ever.
        assert_eq!(above_in("5 5 loop\n", 5).len(), MOST);
    }

    #[test]
    fn ps_lists_the_processes_above_a_process() {
        let Ok(output) = std::process::Command::new("/bin/ps").args(COLUMNS).output() else { return };
        let list = String::from_utf8_lossy(&output.stdout);
        let above = above_in(&list, std::process::id());
        assert!(above.len() > 1, "{above:?}\n{list}");
        assert!(above[0].words[0].contains("keyfob"), "{above:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_the_processes_above_this_one() {
        let first = above().next().expect("a parent");
        assert!(!first.names.is_empty() && !first.words.is_empty(), "{first:?}");
    }
}
