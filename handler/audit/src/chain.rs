//! The chain of one file, while it grows.

use jiff::Timestamp;

use crate::entry::{Entry, Event, Head, Note, Unwritable};
use crate::key::Key;

/// The end of a file of the log: what the next entry is tied to.
#[derive(Clone, Debug)]
pub struct Chain {
    key: Key,
    next: u64,
    last: String,
}

impl Chain {
    /// Begins a file of this name: the chain, and its first entry.
    pub fn begin(key: Key, file: &str, at: Timestamp, heads: Vec<Head>) -> Result<(Self, Entry), Unwritable> {
        let mut chain = Self {
            last: genesis(&key, file),
            next: 0,
            key,
        };
        let mark = chain.key.mark();
        let entry = chain.add(Note::of(Event::Opened), at, heads, Some(mark))?;
        Ok((chain, entry))
    }

    /// The next entry. It counts as written; where it was not, the chain before it must be used again.
    pub fn next(&mut self, note: Note, at: Timestamp) -> Result<Entry, Unwritable> {
        self.add(note, at, Vec::new(), None)
    }

    /// How many entries the file has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.next
    }

    /// Whether the file has no entry; a chain that was begun has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next == 0
    }

    fn add(
        &mut self,
        note: Note,
        at: Timestamp,
        heads: Vec<Head>,
        key: Option<String>,
    ) -> Result<Entry, Unwritable> {
        let mut entry = Entry {
            number: self.next,
            at: Timestamp::from_second(at.as_second()).unwrap_or(at),
            event: note.event,
            case: note.case,
            who: note.who,
            run: note.run,
            document: note.document,
            facts: note.facts,
            heads,
            key,
            previous: self.last.clone(),
            hash: String::new(),
        };
        entry.hash = self.key.hash(&[b"entry", entry.signed()?.as_bytes()]);
        self.next += 1;
        self.last.clone_from(&entry.hash);
        Ok(entry)
    }
}

/// What the first entry of a file is tied to, so that a file cannot be given another's name.
pub(crate) fn genesis(key: &Key, file: &str) -> String {
    key.hash(&[b"file", file.as_bytes()])
}
