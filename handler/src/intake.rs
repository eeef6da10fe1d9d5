//! From uploaded bytes to sources: each file is parsed in a limited child process.

use std::collections::BTreeMap;
use std::time::Instant;

use drafting::case::{Manifest, Source};
use drafting::document::Document;
use drafting::hash::Digest;
use drafting::id::SourceName;
use drafting::sensitive::Sensitive;
use drafting::source::{NoticeKind, Rejection};
use reading::sandbox::{ReaderUnavailable, Sandbox};

use crate::scanned::{self, Outcome, Scans};

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name.
    pub name: Sensitive<SourceName>,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The number of its bytes.
    pub size: u64,
    /// Its bytes, or why they were not fetched.
    pub bytes: Result<Sensitive<Vec<u8>>, Rejection>,
}

impl Upload {
    /// An upload with its bytes.
    #[must_use]
    pub fn new(name: SourceName, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            digest: Digest::of(&bytes),
            size: bytes.len() as u64,
            bytes: Ok(bytes.into()),
        }
    }
}

/// What is drafted from, once the documents that the officer has withdrawn are set aside.
#[derive(Debug)]
pub struct Taken {
    /// The documents that are left.
    pub uploads: Vec<Upload>,
    /// The manifest: each withdrawal with the digest of its document where that is still there, and nothing expected
    /// of what was withdrawn.
    pub manifest: Option<Manifest>,
    /// What the run's id is made of: the digests of all documents of which the record says something. A document whose
    /// withdrawal names its digest is none of them, so that deleting it afterwards changes nothing.
    pub digests: BTreeMap<SourceName, Digest>,
}

/// Sets aside what the manifest withdraws.
#[must_use]
pub fn take(uploads: Vec<Upload>, manifest: Option<Manifest>) -> Taken {
    let digest = |upload: &Upload| (upload.name.clone().into_inner(), upload.digest.clone());
    let Some(mut manifest) = manifest else {
        return Taken {
            digests: uploads.iter().map(digest).collect(),
            uploads,
            manifest: None,
        };
    };
    let (withdrawn, uploads): (Vec<Upload>, Vec<Upload>) = uploads
        .into_iter()
        .partition(|upload| manifest.withdraws(&upload.name, &upload.digest));
    let mut digests: BTreeMap<SourceName, Digest> = uploads.iter().map(digest).collect();
    for said in &mut manifest.withdrawn {
        said.sha256 = said.sha256.take().filter(Digest::is_whole);
        if said.sha256.is_some() {
            continue;
        }
        if let Some(upload) = withdrawn.iter().find(|upload| *upload.name == said.file) {
            digests.insert(upload.name.clone().into_inner(), upload.digest.clone());
            said.sha256 = Some(upload.digest.clone());
        }
    }
    let mut documents = std::mem::take(&mut manifest.documents);
    documents.retain(|document| {
        !manifest.expects_no_more(&document.file)
            || uploads.iter().any(|upload| *upload.name == document.file)
    });
    manifest.documents = documents;
    Taken {
        uploads,
        manifest: Some(manifest),
        digests,
    }
}

/// Reads all uploads at once, as many as the sandbox allows, and numbers them by name.
/// Scanned pages are read where there is somebody to read them.
pub async fn read(
    sandbox: &Sandbox,
    scans: Option<&Scans>,
    mut uploads: Vec<Upload>,
    deadline: Instant,
) -> Result<Vec<Source>, ReaderUnavailable> {
    uploads.sort_by(|a, b| a.name.cmp(&b.name));
    let mut tasks = Vec::new();
    for upload in uploads {
        let (sandbox, scans) = (sandbox.clone(), scans.cloned());
        tasks.push(tokio::spawn(async move {
            let Upload {
                name,
                digest,
                size,
                bytes,
            } = upload;
            let outcome = match bytes {
                Ok(bytes) => scanned::read(&sandbox, scans.as_ref(), &bytes, deadline).await?,
                Err(rejection) => Outcome {
                    content: Err(rejection),
                    notices: Vec::new(),
                },
            };
            Ok((name.into_inner(), digest, size, outcome))
        }));
    }
    let mut sources = Vec::new();
    for (index, task) in tasks.into_iter().enumerate() {
        let number = u16::try_from(index + 1).unwrap_or(u16::MAX);
        let (name, digest, bytes, outcome) = task.await.unwrap_or(Err(ReaderUnavailable::Stopped))?;
        sources.push(source(number, name, digest, bytes, outcome));
    }
    Ok(sources)
}

fn source(number: u16, name: SourceName, digest: Digest, bytes: u64, outcome: Outcome) -> Source {
    let Outcome { content, mut notices } = outcome;
    let content = content.map(|read| {
        // A page of which it is said why it was not read is not told of twice.
        let told: Vec<Option<u32>> = notices.iter().map(|notice| notice.page).collect();
        let own = read
            .reading
            .notices
            .iter()
            .filter(|notice| notice.kind != NoticeKind::PageWithoutText || !told.contains(&notice.page));
        notices.extend(own.cloned());
        let document = Document::number(number, &read.reading);
        match read.recognition {
            Some((recognition, words)) => document.recognised(&read.reading, recognition, &words),
            None => document,
        }
    });
    Source {
        number,
        name,
        digest,
        bytes,
        advice: None,
        author_role: None,
        date: None,
        notices,
        content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_prints_neither_its_name_nor_its_bytes() {
        let upload = Upload::new(SourceName::parse("Zqmarker.txt").unwrap(), b"Zqmarker".to_vec());
        let printed = format!("{upload:?}");
        let bytes = format!("{:?}", b"Zqmarker");
        assert!(
            !printed.contains("Zqmarker") && !printed.contains(bytes.trim_matches(['[', ']'])),
            "{printed}"
        );
    }
}
