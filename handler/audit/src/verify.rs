//! Whether a log is as it was written.

use std::collections::BTreeMap;
use std::fmt;

use crate::chain::genesis;
use crate::entry::{Entry, Event, Head};
use crate::key::{Key, Keys};

/// How a link is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The line is no entry, or not as entries are written.
    #[error("the line is not an entry of the log")]
    NoEntry,
    /// The file does not begin as a file of the log does.
    #[error("the file does not begin with its opening entry")]
    NoOpening,
    /// It was written with a key that is not given.
    #[error("it was written with a key that is not among the keys given")]
    UnknownKey,
    /// An entry is missing or in another place.
    #[error("entry {expected} should stand here, and entry {found} does")]
    Number {
        /// The number that should be here.
        expected: u64,
        /// The number that is.
        found: u64,
    },
    /// It is not tied to the entry before it.
    #[error("the entry is not tied to the one before it")]
    Previous,
    /// Its words are not those it was written with.
    #[error("the entry was changed after it was written")]
    Hash,
    /// The last line has no end.
    #[error("the last line is cut off")]
    CutOff,
    /// Another file names an entry of this one that is not there.
    #[error("the file ends before entry {0}, which another file has seen")]
    CutShort(u64),
    /// Another file names an entry of this one that is another now.
    #[error("entry {0} is not the one that another file has seen")]
    Replaced(u64),
    /// Another file names this one, and it is gone.
    #[error("the file is gone, and another file has seen it")]
    Gone,
}

/// Where a link is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// How.
    pub how: Break,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.how),
            line => write!(f, "{}, line {line}: {}", self.file, self.how),
        }
    }
}

/// What was looked at, when nothing is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files.
    pub files: u64,
    /// Entries.
    pub entries: u64,
}

/// Checks the files of a log one after the other, so that a log of years need not be held at once.
#[derive(Debug)]
pub struct Verifier<'k> {
    keys: &'k Keys,
    hashes: BTreeMap<String, Vec<String>>,
    seen: Vec<Head>,
    checked: Checked,
}

impl<'k> Verifier<'k> {
    /// A verifier that knows these keys.
    #[must_use]
    pub fn new(keys: &'k Keys) -> Self {
        Self {
            keys,
            hashes: BTreeMap::new(),
            seen: Vec::new(),
            checked: Checked::default(),
        }
    }

    /// Checks one file by itself: the first broken link of it.
    pub fn file(&mut self, file: &str, bytes: &[u8]) -> Result<(), Broken> {
        let entries = chain(self.keys, file, bytes)?;
        self.checked.files += 1;
        self.checked.entries += entries.len() as u64;
        self.seen
            .extend(entries.iter().flat_map(|entry| entry.heads.clone()));
        let hashes = entries.into_iter().map(|entry| entry.hash).collect();
        self.hashes.insert(file.to_owned(), hashes);
        Ok(())
    }

    /// Checks what the files say of each other, and tells what was looked at.
    pub fn finish(self) -> Result<Checked, Broken> {
        for head in &self.seen {
            known(&self.hashes, head)?;
        }
        Ok(self.checked)
    }
}

/// Checks all files of a log, by name with their contents. The first broken link in order of files and lines, then what
/// files say of each other.
pub fn verify<'f>(
    keys: &Keys,
    files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
) -> Result<Checked, Broken> {
    let mut verifier = Verifier::new(keys);
    for (file, bytes) in files {
        verifier.file(file, bytes)?;
    }
    verifier.finish()
}

/// Whether what one file saw of another is still there.
fn known(hashes: &BTreeMap<String, Vec<String>>, head: &Head) -> Result<(), Broken> {
    let broken = |how| Broken {
        file: head.file.clone(),
        line: 0,
        how,
    };
    let Some(entries) = hashes.get(&head.file) else {
        return Err(broken(Break::Gone));
    };
    let entry = usize::try_from(head.number)
        .ok()
        .and_then(|number| entries.get(number));
    match entry {
        None => Err(broken(Break::CutShort(head.number))),
        Some(hash) if *hash != head.hash => Err(broken(Break::Replaced(head.number))),
        Some(_) => Ok(()),
    }
}

/// The entries of one file, each tied to the one before.
fn chain(keys: &Keys, file: &str, bytes: &[u8]) -> Result<Vec<Entry>, Broken> {
    let broken = |line: usize, how| Broken {
        file: file.to_owned(),
        line: line as u64,
        how,
    };
    // Whoever began it was killed before its first entry, or is about to write that. Where entries were taken away, other files
    // have seen them.
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| broken(0, Break::NoEntry))?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut key: Option<&Key> = None;
    let mut previous = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let at = |how| broken(index + 1, how);
        let line = line.strip_suffix('\n').ok_or_else(|| at(Break::CutOff))?;
        let entry = Entry::parse(line).ok_or_else(|| at(Break::NoEntry))?;
        let key = if let Some(key) = key {
            key
        } else {
            let mark = entry.key.as_deref().filter(|_| entry.event == Event::Opened);
            let mark = mark.ok_or_else(|| at(Break::NoOpening))?;
            let own = keys.marked(mark).ok_or_else(|| at(Break::UnknownKey))?;
            previous = genesis(own, file);
            key.insert(own)
        };
        let signed = entry.signed_in(line).ok_or_else(|| at(Break::NoEntry))?;
        follows(key, &entry, &signed, index as u64, &previous).map_err(at)?;
        previous.clone_from(&entry.hash);
        entries.push(entry);
    }
    Ok(entries)
}

fn follows(key: &Key, entry: &Entry, signed: &str, number: u64, previous: &str) -> Result<(), Break> {
    if entry.number != number {
        return Err(Break::Number {
            expected: number,
            found: entry.number,
        });
    }
    if entry.previous != previous {
        return Err(Break::Previous);
    }
    if key.hash(&[b"entry", signed.as_bytes()]) != entry.hash {
        return Err(Break::Hash);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Chain;

    #[test]
    fn entries_of_a_newer_version_hold_and_are_held_to_their_words() {
        let keys = Keys::parse("a-key-that-only-the-tests-know-0123456789").unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (_, first) = Chain::begin(keys.present.clone(), "a", at, Vec::new()).unwrap();
        let bare = format!(
            r#"{{"number":1,"at":"2027-01-01T00:00:00Z","event":"sealed","more":{{"by":[1]}},"previous":"{}","hash":""}}"#,
            first.hash
        );
        let hash = keys.present.hash(&[b"entry", bare.as_bytes()]);
        let line = format!("{}{hash}\"}}\n", bare.strip_suffix("\"}").unwrap());
        let log = format!("{}{line}", first.line().unwrap());
        let newer = Entry::parse(line.trim_end()).unwrap();
        assert_eq!((newer.event, newer.number), (Event::Newer, 1));
        assert_eq!(verify(&keys, [("a", log.as_bytes())]).unwrap().entries, 2);
        let changed = log.replace("[1]", "[2]");
        let broken = verify(&keys, [("a", changed.as_bytes())]).unwrap_err();
        assert_eq!((broken.line, broken.how), (2, Break::Hash));
    }
}
