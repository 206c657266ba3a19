//! Who was started by whom, after `/proc`.

use std::collections::BTreeSet;
use std::fs;

use rustix::process::{Pid, Signal, getpid, kill_process};

/// How often a session is looked through for what was started meanwhile.
const ROUNDS: usize = 50;

/// Ends all that this process has started, itself or through others.
pub(super) fn end_descendants() {
    let own = getpid().as_raw_pid();
    // The kernel can be built without these lists; then everybody is asked for the parent.
    let descendants = listed(own).unwrap_or_else(|| with_ancestor(own));
    descendants.into_iter().for_each(end);
}

/// Ends all processes of a session.
pub(super) fn end_session(session: u32) {
    for _ in 0..ROUNDS {
        let left = everybody().into_iter().filter(|process| u32::try_from(process.session) == Ok(session));
        let left: Vec<_> = left.filter(|process| !process.has_ended).collect();
        if left.is_empty() {
            break;
        }
        left.into_iter().for_each(|process| end(process.id));
    }
}

fn end(process: i32) {
    if let Some(process) = Pid::from_raw(process) {
        // Gone already, or, as with `sudo`, not ours to end.
        let _not_ours = kill_process(process, Signal::KILL);
    }
}

/// The descendants after the kernel's own lists, parents first.
fn listed(ancestor: i32) -> Option<Vec<i32>> {
    let mut found = children(ancestor)?;
    let mut at = 0;
    while let Some(&process) = found.get(at) {
        found.extend(children(process).unwrap_or_default());
        at += 1;
    }
    Some(found)
}

fn children(process: i32) -> Option<Vec<i32>> {
    let mut children: Option<Vec<i32>> = None;
    for thread in fs::read_dir(format!("/proc/{process}/task")).ok()?.flatten() {
        let Ok(list) = fs::read_to_string(thread.path().join("children")) else { continue };
        let found = list.split_ascii_whitespace().filter_map(|id| id.parse::<i32>().ok());
        children.get_or_insert_with(Vec::new).extend(found);
    }
    children
}

fn with_ancestor(ancestor: i32) -> Vec<i32> {
    let everybody = everybody();
    let mut family = BTreeSet::from([ancestor]);
    while {
        let before = family.len();
        let children = everybody.iter().filter(|process| family.contains(&process.parent)).map(|process| process.id);
        let children: Vec<_> = children.collect();
        family.extend(children);
        family.len() > before
    } {}
    family.remove(&ancestor);
    family.into_iter().collect()
}

struct Process {
    id: i32,
    parent: i32,
    session: i32,
    has_ended: bool,
}

fn everybody() -> Vec<Process> {
    let Ok(folder) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id| of_stat(id, &fs::read_to_string(format!("/proc/{id}/stat")).ok()?)).collect()
}

/// proc_pid_stat(5). The name of the program, in brackets, may hold blanks and brackets itself.
fn of_stat(id: i32, stat: &str) -> Option<Process> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let has_ended = matches!(fields.next()?, "Z" | "X");
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some(Process { id, parent, session, has_ended })
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn sleeper() -> Child {
        Command::new("sleep").arg("600").stdout(Stdio::null()).spawn().unwrap()
    }

    #[test]
    fn the_name_of_a_program_does_not_shift_the_fields() {
        let process = of_stat(7, "7 (a) b) c) S 3 7 5 0 -1 4194560 1").unwrap();
        assert_eq!((process.id, process.parent, process.session, process.has_ended), (7, 3, 5, false));
        assert!(of_stat(7, "7 (x) Z 3 7 5 0").unwrap().has_ended);
        assert!(of_stat(7, "").is_none());
    }

    #[test]
    fn the_kernels_lists_and_everybodys_parents_agree() {
        let mut child = sleeper();
        let (own, id) = (getpid().as_raw_pid(), i32::try_from(child.id()).unwrap());
        assert!(with_ancestor(own).contains(&id));
        assert!(!with_ancestor(id).contains(&own));
        if let Some(listed) = listed(own) {
            assert!(listed.contains(&id));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
