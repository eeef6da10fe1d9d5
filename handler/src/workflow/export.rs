//! Export: all that is held about a case in one ZIP archive, with a manifest in plain words.
//!
//! The archive is made while it is given: one blob at a time is in memory. The manifest comes last, because it says what was
//! read; an archive that was cut off has none, and no ZIP program takes it for whole.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use audit::{Event, Note};
use azure::{Copy, StorageError};
use bytes::Bytes;
use drafting::hash::Digest;
use drafting::id::{CaseId, RecipeId};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::holdings::{Holding, Part};
use super::{Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// Above this size a file's entry needs the longer form.
const LARGE: u64 = 4_000_000_000;
/// The form of the manifest.
const SCHEMA: &str = "golden-thread/export/1";

/// An export that is being made.
pub struct Export {
    /// The archive's bytes, piece by piece. An error ends it, and what was given is no archive.
    pub pieces: Receiver<io::Result<Bytes>>,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportRefusal {
    /// Nothing is held.
    #[error("nothing is held about this case")]
    Nothing,
    /// More than is given in one answer.
    #[error(
        "what is held about the case has {megabytes} MB, and at most {most} MB are given here: run `handler export` with the app's \
         settings, or copy the case's folder from the containers `sources`, `drafts`, `runs` and `published`"
    )]
    TooLarge {
        /// Megabytes that are held.
        megabytes: u64,
        /// Megabytes that are given.
        most: u64,
    },
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

#[derive(Serialize)]
struct Manifest<'k> {
    schema: &'static str,
    recipe: &'k RecipeId,
    case: &'k CaseId,
    exported: Timestamp,
    files: Vec<File>,
    /// What is held and is not in the archive.
    not_included: Vec<String>,
}

#[derive(Serialize)]
struct File {
    /// Its name in the archive.
    name: String,
    bytes: u64,
    sha256: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<Timestamp>,
    what: &'static str,
    /// Where it is held.
    held_at: String,
}

impl Workflow {
    /// Begins an export for `who`. `most` is the most bytes that are given; none for no limit.
    pub async fn export(
        self: &Arc<Self>,
        key: &CaseKey,
        who: Option<&str>,
        most: Option<u64>,
    ) -> Result<Export, ExportRefusal> {
        let mut held = self.holdings(key, &Part::ALL.into()).await?.all;
        held.extend(self.notes(key).await?);
        let lock = key.lock();
        held.retain(|one| one.blob.name != lock);
        if held.iter().all(|one| one.blob.deleted) {
            return Err(ExportRefusal::Nothing);
        }
        let readable = held.iter().filter(|one| !one.blob.deleted);
        let bytes: u64 = readable.map(|one| one.blob.size).sum();
        if let Some(most) = most.filter(|most| bytes > *most) {
            return Err(ExportRefusal::TooLarge {
                megabytes: bytes / 1_000_000,
                most: most / 1_000_000,
            });
        }
        let note = Note {
            who: self.caller(who),
            ..Note::of(Event::Exported)
        };
        self.note(key, note.with("blobs", held.len()).with("bytes", bytes))
            .await?;
        let (sender, pieces) = channel(2);
        let (workflow, key) = (Arc::clone(self), key.clone());
        tokio::spawn(async move {
            // A closed semaphore cannot be: nobody closes it, and whoever waits is told by the end of the answer.
            let Ok(_place) = workflow.exports.acquire().await else {
                return;
            };
            let mut archive = Archive::new(sender);
            if let Err(fault) = workflow.write_archive(&key, held, &mut archive).await {
                tracing::warn!(%fault, "an export ended before its end");
                archive.fail().await;
            }
        });
        Ok(Export { pieces })
    }

    async fn write_archive(
        &self,
        key: &CaseKey,
        held: Vec<Holding>,
        archive: &mut Archive,
    ) -> Result<(), ExportFault> {
        let mut not_included = Vec::new();
        for one in held {
            let place = format!("{}/{}", one.container, one.blob.name);
            if one.blob.deleted {
                not_included.push(format!(
                    "{place}: deleted, and kept for a time by the account; it cannot be read without restoring it"
                ));
                continue;
            }
            if one.container == paths::UNDELIVERED {
                not_included.push(format!(
                    "{place}: events of uploads that were not told of, which may name other cases as well"
                ));
                continue;
            }
            if one.container == paths::RUNS && one.blob.name.starts_with(&key.undelivered_prefix()) {
                not_included.push(format!(
                    "{place}: the address that a flow asked to be called at, which is a secret of the flow's"
                ));
                continue;
            }
            let blob = self.storage.get_held(&one.container, &one.blob).await?;
            let Some(blob) = blob else {
                not_included.push(format!(
                    "{place}: it was deleted or written anew while this was made"
                ));
                continue;
            };
            let named = name_of(key, &one);
            let what = what(key, &one);
            archive
                .add(&named, what, &blob.bytes, Some(one.blob.last_modified), place)
                .await?;
        }
        self.write_messages(key, archive, &mut not_included).await?;
        self.write_audit(key, archive).await?;
        archive
            .add(
                "READ ME.txt",
                "This explanation.",
                READ_ME.as_bytes(),
                None,
                "made for this export".into(),
            )
            .await?;
        let manifest = Manifest {
            schema: SCHEMA,
            recipe: &key.recipe,
            case: &key.case,
            exported: now(),
            files: std::mem::take(&mut archive.files),
            not_included,
        };
        let manifest = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other)?;
        archive.write("manifest.json", &manifest).await?;
        archive.finish().await
    }

    /// Messages that wait and name the case, and the names of the host's receipts.
    async fn write_messages(
        &self,
        key: &CaseKey,
        archive: &mut Archive,
        not_included: &mut Vec<String>,
    ) -> Result<(), ExportFault> {
        let (waiting, refused) = self.messages_waiting(key).await?;
        let unseen = |(name, why): (String, String)| format!("messages of the queues `{name}`: {why}");
        not_included.extend(refused.into_iter().map(unseen));
        for (number, waiting) in (1..).zip(waiting) {
            let name = format!("queues/{}-{number}.json", waiting.queue);
            let what = "A message by which the app tells itself that something is to be done about the case.";
            let place = format!("queue {}", waiting.queue);
            let text = waiting.shown();
            archive.add(&name, what, text.as_bytes(), None, place).await?;
        }
        not_included.push(
            "messages that are delayed, being worked on, or behind the first 32 of a queue: they hold the case's reference and the \
             name of a document"
                .into(),
        );
        let receipts = match self.receipts(key).await {
            Err(StorageError::Denied { .. }) => {
                not_included.push("the host's receipts, which the app's identity may not list".into());
                Vec::new()
            }
            receipts => receipts?,
        };
        if !receipts.is_empty() {
            let text = serde_json::to_vec_pretty(&receipts).map_err(io::Error::other)?;
            let what = "Names of empty notes by which the platform remembers that it has seen an upload.";
            let place = format!("{}/{}", paths::HOST, paths::RECEIPTS);
            archive
                .add("host/receipts.json", what, &text, None, place)
                .await?;
        }
        Ok(())
    }

    async fn write_audit(&self, key: &CaseKey, archive: &mut Archive) -> Result<(), ExportFault> {
        let cases = self.audit.cases(key);
        let mut lines = String::new();
        for file in self.audit.files().await? {
            for line in self.audit.lines_about(&file, &cases).await? {
                lines.push_str(&line);
                lines.push('\n');
            }
        }
        let what = "What was done about the case and when, one line for each: who did it and which case it is stand there as codes.";
        let place = paths::AUDIT.to_owned();
        archive
            .add("audit.jsonl", what, lines.as_bytes(), None, place)
            .await
    }
}

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
enum ExportFault {
    #[error("{0}")]
    Workflow(#[from] WorkflowFault),
    #[error("storage: {0}")]
    Storage(#[from] StorageError),
    #[error("the archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the archive: {0}")]
    Write(#[from] io::Error),
    #[error("whoever asked for it went away")]
    Gone,
}

/// What was written and not yet sent.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Nothing panics while it is held.
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive, on its way.
struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    sender: Sender<io::Result<Bytes>>,
    files: Vec<File>,
    names: BTreeSet<String>,
}

impl Archive {
    fn new(sender: Sender<io::Result<Bytes>>) -> Self {
        let written = Written::default();
        Self {
            zip: ZipWriter::new_stream(written.clone()),
            written,
            sender,
            files: Vec::new(),
            names: BTreeSet::new(),
        }
    }

    async fn add(
        &mut self,
        name: &str,
        what: &'static str,
        bytes: &[u8],
        last_modified: Option<Timestamp>,
        held_at: String,
    ) -> Result<(), ExportFault> {
        let name = self.own_name(name);
        self.files.push(File {
            name: name.clone(),
            bytes: bytes.len() as u64,
            sha256: Digest::of(bytes),
            last_modified,
            what,
            held_at,
        });
        self.write(&name, bytes).await
    }

    /// A name that no other file of the archive has, whatever a disk makes of capitals, and that leads out of no folder.
    fn own_name(&mut self, name: &str) -> String {
        let plain = plain(name);
        let mut own = plain.clone();
        let mut number = 2;
        while !self.names.insert(own.to_lowercase()) {
            own = format!("{plain} ({number})");
            number += 1;
        }
        own
    }

    async fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportFault> {
        // Word files and PDFs are compressed already.
        let method = if bytes.starts_with(b"PK") || bytes.starts_with(b"%PDF") {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(bytes.len() as u64 > LARGE)
            .unix_permissions(0o600);
        self.zip.start_file(name, options)?;
        self.zip.write_all(bytes)?;
        self.send().await
    }

    async fn send(&mut self) -> Result<(), ExportFault> {
        let written = {
            let mut written = self.written.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *written)
        };
        if written.is_empty() {
            return Ok(());
        }
        let sent = self.sender.send(Ok(written.into())).await;
        sent.map_err(|_| ExportFault::Gone)
    }

    async fn finish(&mut self) -> Result<(), ExportFault> {
        let next = ZipWriter::new_stream(Written::default());
        std::mem::replace(&mut self.zip, next).finish()?;
        self.send().await
    }

    /// Tells whoever asked that the archive is not whole.
    async fn fail(self) {
        let fault = io::Error::other("the export could not be brought to its end");
        if self.sender.send(Err(fault)).await.is_err() {
            tracing::debug!("nobody waits for the export");
        }
    }
}

/// A path of plain parts.
fn plain(name: &str) -> String {
    let part = |part: &str| {
        let kept: String = part
            .chars()
            .map(|c| {
                if c.is_control() || matches!(c, '\\' | ':') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        if matches!(kept.trim(), "" | "." | "..") {
            "_".to_owned()
        } else {
            kept
        }
    };
    name.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The name of a blob in the archive: its place, without the case's own prefix.
fn name_of(key: &CaseKey, one: &Holding) -> String {
    let name = one
        .blob
        .name
        .strip_prefix(&key.prefix())
        .unwrap_or(&one.blob.name);
    let container = &one.container;
    match &one.blob.copy {
        Copy::Present => format!("{container}/{name}"),
        Copy::Version(id) => format!("earlier versions/{container}/{id}/{name}"),
        Copy::Snapshot(moment) => format!("snapshots/{container}/{moment}/{name}"),
    }
}

/// What a blob is, for whom it is about.
fn what(key: &CaseKey, one: &Holding) -> &'static str {
    let name = one
        .blob
        .name
        .strip_prefix(&key.prefix())
        .unwrap_or(&one.blob.name);
    let file = name.rsplit('/').next().unwrap_or(name);
    match one.container.as_ref() {
        paths::SOURCES if file == paths::MANIFEST => {
            "The list of documents of the case, with the name and other details of the person that it is about, as the case \
             officer gave them."
        }
        paths::SOURCES => "A document that was sent in about the case, as it arrived.",
        container if Part::of(container) == Part::Sources => {
            "A document that was put there so that the program would take it for the case."
        }
        paths::PUBLISHED if file == "approval.json" => "Who approved the document beside it, and when.",
        paths::PUBLISHED => "A document as it was approved.",
        _ if name.starts_with("answers/") => {
            "What a language model answered when it was given parts of the documents; kept so that it need not be asked again."
        }
        _ if name.starts_with("edits/") => {
            "A draft as a case officer changed it, or the comparison of it with the draft before."
        }
        _ if one.blob.name.starts_with(paths::REFUSED) => {
            "A note that an upload or a message could not be used, and why."
        }
        _ => drafted(file),
    }
}

fn drafted(file: &str) -> &'static str {
    match file {
        "draft.docx" => {
            "A draft that the program wrote from the documents. It is no decision, and may have been changed since."
        }
        "evidence.docx" => "The same draft, with the words of the documents that each sentence rests on.",
        "report.html" => {
            "The page on which a case officer checks the draft: what was found, what differs, what is missing."
        }
        "queries.docx" => "Questions to those who wrote the documents.",
        "record.json" => {
            "The program's full account of how the draft was made: what it read in which document, and what it checked."
        }
        "status.json" => "How far the program has come with the case.",
        "READY.json" => "A mark that the draft is ready, and when it was.",
        "FAILED.json" => "A mark that no draft could be made, and why.",
        _ => "A file that the program wrote while it worked on the case.",
    }
}

const READ_ME: &str = "This archive holds what the drafting program keeps about one case.\n\
\n\
sources/            the documents that were sent in\n\
incoming/           documents that were put there to be taken, as are folders of other names\n\
drafts/             the newest draft, where case officers find it\n\
runs/               every draft that was made, how it was made, and what case officers changed\n\
published/          what was approved\n\
queues/, host/      notes by which program and platform remember what is to be done\n\
audit.jsonl         what was done about the case, and when\n\
manifest.json       every file above: its size, its SHA-256, when it was written, and what it is, in words\n\
\n\
A draft is a proposal. What counts is what was approved, in published/.\n\
Copies that were downloaded, sent or printed, backups, and what other systems hold are not here.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_archive_and_none_stands_twice() {
        let (sender, _pieces) = channel(1);
        let mut archive = Archive::new(sender);
        for (name, expected) in [
            ("sources/Appendix A.pdf", "sources/Appendix A.pdf"),
            ("sources/appendix a.PDF", "sources/appendix a.PDF (2)"),
            ("sources/../../etc/passwd", "sources/_/_/etc/passwd"),
            ("sources//x/./y", "sources/_/x/_/y"),
            ("sources/C:\\x\u{1b}", "sources/C__x_"),
        ] {
            assert_eq!(archive.own_name(name), expected);
        }
    }
}
