//! Whether a key stands in the history of a git repository: its objects are read here, and no program is run, whose
//! arguments others would see.
//!
//! Loose objects are unpacked and searched. Of a pack every entry is unpacked in the order of the file; where it holds
//! only what changed, the bytes that were added are searched, so that nothing has to be put together again: a key that
//! is in a history came into it once. What is read is bounded in memory (one window of the stream), bytes and time.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use authlight_core::fixes::rotate::Needle;
use authlight_core::secret::Secret;
use flate2::{Decompress, FlushDecompress, Status};
use zeroize::Zeroizing;

/// How long all repositories together may take.
pub const TIME: Duration = Duration::from_secs(20);

/// How much of a stream is unpacked at a time.
const WINDOW: usize = 64 << 10;

/// How many other object stores one may name, one after the other.
const MOST_STORES: usize = 8;

/// What was found in repositories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InHistory {
    /// The folders whose history holds the key.
    pub folders: Vec<PathBuf>,
    /// How many repositories were looked through.
    pub looked: usize,
    /// Whether all of them were looked through to the end.
    pub complete: bool,
}

/// Looks through the repositories of these folders, each once. `None`: the key is too short to be found for certain.
pub fn look(key: &Secret, folders: &[PathBuf], cancel: &AtomicBool) -> Option<InHistory> {
    let needle = Needle::of(key)?;
    let search = Search { needle: &needle, cancel, end: Instant::now() + TIME };
    let mut found = InHistory { complete: true, ..InHistory::default() };
    let mut known: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let Some(objects) = objects_of(folder).filter(|objects| !known.contains(objects)) else { continue };
        found.looked += 1;
        match search.stores(&objects) {
            Ok(true) => found.folders.push(folder.clone()),
            Ok(false) => {}
            Err(_) => found.complete = false,
        }
        known.push(objects);
    }
    Some(found)
}

/// Where the objects of the repository lie that a folder is in.
fn objects_of(folder: &Path) -> Option<PathBuf> {
    let git = folder.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    let git = if git.is_dir() {
        git
    } else {
        // A worktree or a submodule: a file that names the folder.
        let text = fs::read_to_string(&git).ok()?;
        let named = git.parent()?.join(text.strip_prefix("gitdir:")?.trim());
        match fs::read_to_string(named.join("commondir")) {
            Ok(common) => named.join(common.trim()),
            Err(_) => named,
        }
    };
    fs::canonicalize(git.join("objects")).ok()
}

struct Search<'a> {
    needle: &'a Needle,
    cancel: &'a AtomicBool,
    end: Instant,
}

/// Why a store was not looked through to its end.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error("this is not how git writes it")]
    Strange,
    #[error("it was called off, or took too long")]
    Called,
}

impl Search<'_> {
    /// A store of objects, and those that it names.
    fn stores(&self, objects: &Path) -> Result<bool, Cut> {
        let (mut waiting, mut seen) = (vec![objects.to_owned()], Vec::new());
        let mut cut = None;
        while let Some(store) = waiting.pop().filter(|_| seen.len() < MOST_STORES) {
            if seen.contains(&store) {
                continue;
            }
            let named = fs::read_to_string(store.join("info/alternates")).unwrap_or_default();
            waiting.extend(named.lines().map(|line| store.join(line)));
            for file in files_of(&store) {
                // One that cannot be read does not hide what another one tells.
                match self.file(&file) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    Err(Cut::Called) => return Err(Cut::Called),
                    Err(other) => cut = Some(other),
                }
            }
            seen.push(store);
        }
        cut.map_or(Ok(false), Err)
    }

    fn file(&self, path: &Path) -> Result<bool, Cut> {
        let mut reader = BufReader::with_capacity(WINDOW, File::open(path)?);
        if path.extension().is_some_and(|ending| ending == "pack") {
            return self.pack(&mut reader, if is_sha256(path) { 32 } else { 20 });
        }
        let mut sink = Sink::whole(self.needle);
        Unpacking::default().unpack(self, &mut reader, &mut sink)?;
        Ok(sink.found)
    }

    /// A pack: its entries lie one behind the other, each with its kind and size before it.
    fn pack(&self, reader: &mut impl BufRead, name_length: usize) -> Result<bool, Cut> {
        let mut head = [0_u8; 12];
        reader.read_exact(&mut head)?;
        let [b'P', b'A', b'C', b'K', 0, 0, 0, 2 | 3, a, b, c, d] = head else { return Err(Cut::Strange) };
        let mut unpacking = Unpacking::default();
        for _ in 0..u32::from_be_bytes([a, b, c, d]) {
            let first = byte(reader)?;
            let mut last = first;
            while last & 0x80 != 0 {
                last = byte(reader)?;
            }
            let mut sink = match (first >> 4) & 7 {
                1 | 3 | 4 => Sink::whole(self.needle),
                2 => Sink { quiet: true, ..Sink::whole(self.needle) },
                6 => {
                    while byte(reader)? & 0x80 != 0 {}
                    Sink::change(self.needle)
                }
                7 => {
                    io::copy(&mut reader.take(name_length as u64), &mut io::sink())?;
                    Sink::change(self.needle)
                }
                _ => return Err(Cut::Strange),
            };
            unpacking.unpack(self, reader, &mut sink)?;
            if sink.found {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn goes_on(&self) -> Result<(), Cut> {
        let called = self.cancel.load(Ordering::Relaxed) || Instant::now() > self.end;
        if called { Err(Cut::Called) } else { Ok(()) }
    }
}

/// What unpacks one stream after the other.
struct Unpacking {
    unpacks: Decompress,
    window: Zeroizing<Vec<u8>>,
}

impl Default for Unpacking {
    fn default() -> Self {
        Self { unpacks: Decompress::new(true), window: Zeroizing::new(vec![0; WINDOW]) }
    }
}

impl Unpacking {
    /// One packed stream, and not a byte behind it.
    fn unpack(&mut self, search: &Search<'_>, reader: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Cut> {
        let unpacks = &mut self.unpacks;
        unpacks.reset(true);
        loop {
            search.goes_on()?;
            let (before_in, before_out) = (unpacks.total_in(), unpacks.total_out());
            let input = reader.fill_buf()?;
            let ended = input.is_empty();
            let none = FlushDecompress::None;
            let status = unpacks.decompress(input, &mut self.window, none).map_err(|_| Cut::Strange)?;
            let (taken, given) = (unpacks.total_in() - before_in, unpacks.total_out() - before_out);
            reader.consume(usize::try_from(taken).unwrap_or(0));
            sink.take(&self.window[..usize::try_from(given).unwrap_or(0)]);
            match status {
                Status::StreamEnd => return Ok(()),
                _ if ended && given == 0 => return Err(Cut::Strange),
                _ => {}
            }
        }
    }
}

fn byte(reader: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// Whether the names of objects have 32 bytes here.
fn is_sha256(pack: &Path) -> bool {
    let config = pack.ancestors().nth(3).map(|git| git.join("config"));
    let text = config.and_then(|config| fs::read_to_string(config).ok()).unwrap_or_default().to_ascii_lowercase();
    text.lines().any(|line| line.replace(' ', "").trim() == "objectformat=sha256")
}

/// The packs of a store, and its loose objects.
fn files_of(store: &Path) -> impl Iterator<Item = PathBuf> {
    let names = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let packs = names(&store.join("pack")).filter(|path| path.extension().is_some_and(|ending| ending == "pack"));
    let is_fan = |path: &PathBuf| path.file_name().is_some_and(|name| name.len() == 2);
    let loose = names(store).filter(is_fan).flat_map(move |fan| names(&fan).collect::<Vec<_>>());
    packs.chain(loose.collect::<Vec<_>>())
}

/// What searches a stream as it comes.
struct Sink<'n> {
    needle: &'n Needle,
    /// What of the stream may still be the beginning of a key, and what came since.
    held: Zeroizing<Vec<u8>>,
    found: bool,
    /// Nothing in it is searched: names of files, and of other objects.
    quiet: bool,
    /// Where it is in a change, where the stream is one: then what is added is searched.
    change: Option<At>,
    adds: bool,
}

/// Where a reader is in the instructions of a change.
enum At {
    /// So many sizes are still to come: of the text before and after.
    Sizes(u8),
    Instruction,
    /// So many bytes belong to an instruction that copies.
    Copy(u32),
    /// So many bytes are added.
    Add(usize),
}

impl<'n> Sink<'n> {
    fn whole(needle: &'n Needle) -> Self {
        Self { needle, held: Zeroizing::default(), found: false, quiet: false, change: None, adds: false }
    }

    fn change(needle: &'n Needle) -> Self {
        Self { change: Some(At::Sizes(2)), adds: true, ..Self::whole(needle) }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        if self.quiet || self.found {
            return;
        }
        let Some(mut at) = self.change.take() else {
            self.search(bytes);
            return;
        };
        while let [first, rest @ ..] = bytes {
            at = match at {
                At::Sizes(left) => {
                    bytes = rest;
                    match (first & 0x80, left) {
                        (0, 1) => At::Instruction,
                        (0, _) => At::Sizes(left - 1),
                        _ => At::Sizes(left),
                    }
                }
                At::Instruction if first & 0x80 != 0 => {
                    bytes = rest;
                    // What is added behind it does not follow on what was added before.
                    self.held.clear();
                    At::Copy((first & 0x7f).count_ones())
                }
                At::Instruction => {
                    bytes = rest;
                    At::Add(usize::from(*first))
                }
                At::Copy(0) | At::Add(0) => At::Instruction,
                At::Copy(left) => {
                    bytes = rest;
                    At::Copy(left - 1)
                }
                At::Add(left) => {
                    let (added, behind) = bytes.split_at(left.min(bytes.len()));
                    self.search(added);
                    bytes = behind;
                    At::Add(left - added.len())
                }
            };
        }
        self.change = Some(at);
    }

    fn search(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
        self.found |= if self.adds { self.needle.came_with(&self.held) } else { self.needle.is_in(&self.held) };
        let behind = self.held.len().saturating_sub(self.needle.overlap());
        self.held.drain(..behind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write as _;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn key() -> Secret {
        Secret::new(format!("{}{}AA", ["sk-ant-", "api03-"].concat(), "Canary0123456789".repeat(5)))
    }

    #[expect(clippy::disallowed_methods, reason = "a made-up key, put into a made-up history")]
    fn text(key: &Secret) -> String {
        key.reveal().to_owned()
    }

    /// The kind and the size of an entry, and the entry.
    fn entry(kind: u8, before: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut entry = Vec::new();
        let mut size = bytes.len();
        entry.push(kind << 4 | (size & 15) as u8 | if size > 15 { 0x80 } else { 0 });
        size >>= 4;
        while size > 0 {
            entry.push((size & 0x7f) as u8 | if size > 0x7f { 0x80 } else { 0 });
            size >>= 7;
        }
        [entry, before.to_vec(), packed(bytes)].concat()
    }

    fn pack(entries: &[Vec<u8>]) -> Vec<u8> {
        let head = [b"PACK\0\0\0\x02".as_slice(), &(entries.len() as u32).to_be_bytes()].concat();
        [head, entries.concat(), vec![0; 20]].concat()
    }

    /// A change that adds this in pieces, between copies.
    fn adding(text: &str) -> Vec<u8> {
        let mut change = vec![0x90, 0x01, 0x90, 0x02, 0x91, 0x00, 0x20];
        for piece in text.as_bytes().chunks(100) {
            change.push(piece.len() as u8);
            change.extend_from_slice(piece);
        }
        change.extend_from_slice(&[0x91, 0x00, 0x20]);
        change
    }

    fn repository(file: &str, bytes: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".git/objects").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        folder
    }

    fn found(folder: &tempfile::TempDir) -> (usize, bool) {
        let below = folder.path().join("below");
        let found = look(&key(), &[below, folder.path().to_owned()], &AtomicBool::new(false)).unwrap();
        assert_eq!(found.looked, 1, "one repository is looked through once");
        (found.folders.len(), found.complete)
    }

    #[test]
    fn a_key_is_found_in_an_object_of_its_own_in_a_pack_and_in_a_change() {
        let long = format!("{}export K={}\n", "x".repeat(3 * WINDOW - 60), text(&key()));
        let whole = entry(3, &[], long.as_bytes());
        let other = entry(1, &[], b"tree of a commit");
        let changed = entry(6, &[0x81, 0x02], &adding(&format!("{}K={}", "y".repeat(90), text(&key()))));
        let by_name = entry(7, &[9; 20], &adding(&format!("K={}", text(&key()))));
        let blob = packed(format!("blob 9\0{}", text(&key())).as_bytes());
        for (file, bytes) in [
            ("ab/cdef", blob),
            ("pack/pack-1.pack", pack(&[other.clone(), whole])),
            ("pack/pack-1.pack", pack(&[other.clone(), changed, other.clone()])),
            ("pack/pack-1.pack", pack(&[by_name, other])),
        ] {
            assert_eq!(found(&repository(file, &bytes)), (1, true));
        }
    }

    #[test]
    fn what_is_another_key_is_not_found() {
        let other = text(&key()).replace("Canary", "Kanary");
        let entries = [entry(3, &[], other.as_bytes()), entry(6, &[1], &adding(&other))];
        assert_eq!(found(&repository("pack/pack-1.pack", &pack(&entries))), (0, true));
    }

    #[test]
    fn what_is_damaged_or_called_off_is_not_said_to_be_clean() {
        let whole = pack(&[entry(3, &[], b"some text that is longer than a word")]);
        assert_eq!(found(&repository("pack/pack-1.pack", &whole[..30])), (0, false));
        assert_eq!(found(&repository("ab/cdef", b"no object")), (0, false));
        let folder = repository("pack/pack-1.pack", &whole);
        let off = look(&key(), &[folder.path().to_owned()], &AtomicBool::new(true)).unwrap();
        assert!(!off.complete);
    }

    #[test]
    fn a_worktree_and_a_borrowed_store_are_looked_through_too() {
        let blob = packed(format!("blob 9\0{}", text(&key())).as_bytes());
        let lender = repository("ab/cdef", &blob);
        let borrower = repository("info/alternates", lender.path().join(".git/objects\n").to_string_lossy().as_bytes());
        assert_eq!(found(&borrower), (1, true));
        let worktree = tempfile::tempdir().unwrap();
        let own = lender.path().join(".git/worktrees/one");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("commondir"), "../..\n").unwrap();
        fs::write(worktree.path().join(".git"), format!("gitdir: {}\n", own.display())).unwrap();
        assert_eq!(found(&worktree), (1, true));
    }
}
