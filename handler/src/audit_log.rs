//! The audit log in storage: files that only grow, in a container of their own.
//!
//! Each instance of the app writes a file a day. The container may be under an immutability policy that allows appending
//! (`allowProtectedAppendWrites`): nothing is ever changed or deleted here.

use audit::{Broken, Chain, Checked, Entry, Head, Keys, Note, Pseudonym, Unwritable, Verifier};
use azure::{Storage, StorageError};
use drafting::hash::Digest;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::Mutex;

use crate::paths::{self, CaseKey};

/// Entries of one file; a blob that grows takes 50,000 pieces.
const MOST_ENTRIES: u64 = 40_000;
/// Days that are looked back on for files of other writers, which a new file then vouches for.
const DAYS_BACK: i64 = 31;
/// Files of others that a new file vouches for.
const MOST_HEADS: usize = 8;
/// Names that are tried for a new file.
const NAMES: u32 = 5;
/// Files that one look at the whole log takes; an instance makes one a day.
const MOST_FILES: usize = 1_000_000;

/// The log, as one instance writes it.
pub struct AuditLog {
    storage: Storage,
    keys: Keys,
    file: Mutex<Option<File>>,
}

/// The file that is being written.
#[derive(Clone)]
struct File {
    name: String,
    day: Date,
    bytes: u64,
    chain: Chain,
}

/// Why a log cannot be called whole.
#[derive(Debug, thiserror::Error)]
pub enum AuditFault {
    /// A link is broken.
    #[error("{0}")]
    Broken(Broken),
    /// It cannot be read.
    #[error("storage: {0}")]
    Storage(#[from] StorageError),
}

impl AuditLog {
    /// A log that begins its file with the first note.
    #[must_use]
    pub fn new(storage: Storage, keys: Keys) -> Self {
        Self {
            storage,
            keys,
            file: Mutex::new(None),
        }
    }

    /// What stands for a case in the log.
    #[must_use]
    pub fn case(&self, key: &CaseKey) -> Pseudonym {
        let (recipe, case) = (key.recipe.as_str(), key.case.as_str());
        self.keys.present.pseudonym(&["case", recipe, case])
    }

    /// What stands or stood for a case in the log: of the present key first, then of those before it.
    #[must_use]
    pub fn cases(&self, key: &CaseKey) -> Vec<Pseudonym> {
        let (recipe, case) = (key.recipe.as_str(), key.case.as_str());
        let keys = std::iter::once(&self.keys.present).chain(&self.keys.earlier);
        keys.map(|own| own.pseudonym(&["case", recipe, case])).collect()
    }

    /// The names of the log's files, in order.
    pub async fn files(&self) -> Result<Vec<String>, StorageError> {
        let mut names = Vec::new();
        self.storage
            .walk(paths::AUDIT, "", |item| names.push(item.name))
            .await?;
        Ok(names)
    }

    /// The lines of a file of the log that are about one of `cases`, as they are written.
    pub async fn lines_about(&self, file: &str, cases: &[Pseudonym]) -> Result<Vec<String>, StorageError> {
        let blob = self.storage.get(paths::AUDIT, file).await?;
        let bytes = blob.map(|blob| blob.bytes).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let about = |line: &&str| {
            let entry = Entry::parse(line);
            entry.is_some_and(|entry| entry.case.is_some_and(|case| cases.contains(&case)))
        };
        Ok(text.lines().filter(about).map(str::to_owned).collect())
    }

    /// What stands for a person or an app in the log, by the id that the directory gives it.
    #[must_use]
    pub fn person(&self, id: &str) -> Pseudonym {
        self.keys.present.pseudonym(&["person", id])
    }

    /// Writes a note. When this fails it may be written all the same: whoever repeats what they did notes it twice.
    pub async fn tell(&self, note: Note) -> Result<(), StorageError> {
        let now = Timestamp::now();
        let mut place = self.file.lock().await;
        let open = place
            .take()
            .filter(|file| file.day == day(now) && file.chain.len() < MOST_ENTRIES);
        let mut file = match open {
            Some(file) => file,
            None => self.open(now).await?,
        };
        let written = match self.add(&mut file, note.clone(), now).await {
            // The end is not where this instance left it, as after an answer that was lost: what stands there stays, and
            // a new file vouches for it.
            Err(StorageError::Precondition | StorageError::NotFound) => {
                file = self.open(now).await?;
                self.add(&mut file, note, now).await
            }
            written => written,
        };
        *place = Some(file);
        written
    }

    async fn add(&self, file: &mut File, note: Note, now: Timestamp) -> Result<(), StorageError> {
        let mut chain = file.chain.clone();
        let entry = chain.next(note, now).map_err(|fault| unwritable(&fault))?;
        let line = entry.line().map_err(|fault| unwritable(&fault))?.into_bytes();
        let length = line.len() as u64;
        match self.append(&file.name, line, file.bytes).await {
            Ok(()) => {
                file.chain = chain;
                file.bytes += length;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Appends a line; one that was appended by a try whose answer was lost counts.
    async fn append(&self, name: &str, line: Vec<u8>, at: u64) -> Result<(), StorageError> {
        let appended = self.storage.append(paths::AUDIT, name, line.clone(), at).await;
        if appended == Err(StorageError::Precondition) {
            let there = self.storage.get(paths::AUDIT, name).await?;
            let own =
                |bytes: &[u8]| usize::try_from(at).is_ok_and(|at| bytes.get(at..) == Some(line.as_slice()));
            if there.is_some_and(|blob| own(&blob.bytes)) {
                return Ok(());
            }
        }
        appended
    }

    async fn open(&self, now: Timestamp) -> Result<File, StorageError> {
        let heads = self.heads(now).await?;
        let mut name = String::new();
        for number in 0..NAMES {
            name = file_name(now, number);
            match self
                .storage
                .begin(paths::AUDIT, &name, "application/x-ndjson")
                .await
            {
                // A container that somebody took away is made again.
                Err(StorageError::NotFound) => self.storage.ensure_container(paths::AUDIT).await?,
                Err(StorageError::Precondition) => {}
                begun => {
                    begun?;
                    break;
                }
            }
        }
        let begun = Chain::begin(self.keys.present.clone(), &name, now, heads);
        let (chain, first) = begun.map_err(|fault| unwritable(&fault))?;
        let line = first.line().map_err(|fault| unwritable(&fault))?.into_bytes();
        let bytes = line.len() as u64;
        self.append(&name, line, 0).await?;
        Ok(File {
            name,
            day: day(now),
            bytes,
            chain,
        })
    }

    /// The last entries of the newest files of others.
    async fn heads(&self, now: Timestamp) -> Result<Vec<Head>, StorageError> {
        let mut heads = Vec::new();
        for back in 0..DAYS_BACK {
            let Ok(then) = day(now).checked_sub(back.days()) else {
                break;
            };
            let listed = self.storage.list(paths::AUDIT, &folder(then), MOST_FILES).await;
            let listed = match listed {
                Err(StorageError::NotFound) => break,
                listed => listed?,
            };
            for item in listed.iter().rev().take(MOST_HEADS - heads.len()) {
                let blob = self.storage.get(paths::AUDIT, &item.name).await?;
                heads.extend(blob.and_then(|blob| last(&item.name, &blob.bytes)));
            }
            if back > 0 && !heads.is_empty() || heads.len() >= MOST_HEADS {
                break;
            }
        }
        Ok(heads)
    }
}

/// Whether the log in storage is as it was written. The newest file is read first: what it saw of others, which may grow at this
/// moment, is there when they are read.
pub async fn verify(storage: &Storage, keys: &Keys) -> Result<Checked, AuditFault> {
    let mut verifier = Verifier::new(keys);
    let listed = match storage.list(paths::AUDIT, "", MOST_FILES).await {
        Err(StorageError::NotFound) => Vec::new(),
        listed => listed?,
    };
    let mut first = None;
    for item in listed.into_iter().rev() {
        let blob = storage.get(paths::AUDIT, &item.name).await?;
        let bytes = blob.ok_or(StorageError::NotFound)?.bytes;
        if let Err(broken) = verifier.file(&item.name, &bytes) {
            first = Some(broken);
        }
    }
    if let Some(broken) = first {
        return Err(AuditFault::Broken(broken));
    }
    verifier.finish().map_err(AuditFault::Broken)
}

/// The last whole entry of a file.
fn last(file: &str, bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let whole = text.rfind('\n').and_then(|end| text.get(..end))?;
    let entry = Entry::parse(whole.rsplit('\n').next()?)?;
    Some(Head {
        file: file.to_owned(),
        number: entry.number,
        hash: entry.hash,
    })
}

/// An entry that has no form is one that storage could not take.
fn unwritable(fault: &Unwritable) -> StorageError {
    tracing::error!(%fault, "nothing was noted");
    StorageError::Other {
        code: "unwritable-entry".to_owned(),
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn folder(day: Date) -> String {
    day.strftime("%Y/%m/%d/").to_string()
}

/// `2026/11/22/101502-1f0c33aa.jsonl`: by time, and by what no other instance has.
fn file_name(now: Timestamp, number: u32) -> String {
    let clock = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    let own =
        Digest::of(format!("{} {clock} {number} {:p}", std::process::id(), &raw const clock).as_bytes());
    let time = now.to_zoned(TimeZone::UTC);
    format!(
        "{}{}-{}.jsonl",
        folder(day(now)),
        time.strftime("%H%M%S"),
        own.short(8)
    )
}
