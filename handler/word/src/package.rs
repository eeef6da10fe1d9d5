//! The file: a zip archive of parts. Read within limits, written with fixed times and in a fixed order, so that the
//! same parts always give the same bytes.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::fault::{RenderFault, TemplateFault};

/// The most parts that a template may have; Word's own files have about 20.
const MOST_PARTS: usize = 1000;
/// The most bytes that all parts may have when unpacked.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Speed counts for more than the last percents of size.
const COMPRESSION: i64 = 3;

/// What a file begins with that is protected by a password or in the older format.
const COMPOUND_FILE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// A part of the file.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its path in the archive.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Reads a file's parts in their order.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Part>, TemplateFault> {
    if bytes.starts_with(&COMPOUND_FILE) {
        return Err(no_document(
            "it is protected by a password or in the older .doc format",
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| no_document(&error.to_string()))?;
    if archive.len() > MOST_PARTS {
        return Err(TemplateFault::TooLarge(format!(
            "it has more than {MOST_PARTS} parts"
        )));
    }
    let mut parts = Vec::new();
    let mut names = BTreeSet::new();
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let mut file = archive
            .by_index(at)
            .map_err(|error| no_document(&error.to_string()))?;
        if file.is_dir() {
            continue;
        }
        let name = file
            .name()
            .map_err(|error| no_document(&error.to_string()))?
            .into_owned();
        if !is_safe(&name) || !names.insert(name.to_ascii_lowercase()) {
            return Err(no_document("a part's name is unsafe or stands twice"));
        }
        let mut bytes = Vec::new();
        let read = (&mut file).take(left + 1).read_to_end(&mut bytes);
        let length = read.map_err(|error| no_document(&error.to_string()))? as u64;
        left = left
            .checked_sub(length)
            .ok_or_else(|| TemplateFault::TooLarge(format!("it unpacks to more than {MOST_BYTES} bytes")))?;
        parts.push(Part { name, bytes });
    }
    Ok(parts)
}

fn no_document(reason: &str) -> TemplateFault {
    TemplateFault::NotADocument(reason.to_owned())
}

fn is_safe(name: &str) -> bool {
    !name.starts_with('/')
        && !name.contains('\\')
        && name.split('/').all(|step| !matches!(step, "" | "." | ".."))
}

/// Parts that are the same in every document, compressed once.
#[derive(Clone, Debug)]
pub(crate) struct Store(ZipArchive<Cursor<Arc<[u8]>>>);

impl Store {
    /// Compresses parts.
    pub(crate) fn new(parts: &[Part]) -> Result<Self, RenderFault> {
        let mut writer = Writer::new();
        for part in parts {
            writer.add(&part.name, &part.bytes)?;
        }
        let bytes: Arc<[u8]> = writer.finish()?.into();
        ZipArchive::new(Cursor::new(bytes))
            .map(Self)
            .map_err(|error| failed(&error))
    }
}

fn failed(error: &zip::result::ZipError) -> RenderFault {
    RenderFault::Write(error.to_string())
}

/// A file that is being written.
pub(crate) struct Writer(ZipWriter<Cursor<Vec<u8>>>);

impl Writer {
    /// An empty file.
    pub(crate) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Adds a part.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), RenderFault> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(COMPRESSION))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        self.0.start_file(name, options).map_err(|error| failed(&error))?;
        self.0
            .write_all(bytes)
            .map_err(|error| RenderFault::Write(error.to_string()))
    }

    /// Adds a part that is already compressed; whether there is one of this name.
    pub(crate) fn copy(&mut self, store: &mut Store, name: &str) -> Result<bool, RenderFault> {
        let Some(at) = store.0.index_for_name(name) else {
            return Ok(false);
        };
        let file = store.0.by_index_raw(at).map_err(|error| failed(&error))?;
        self.0.raw_copy_file(file).map_err(|error| failed(&error))?;
        Ok(true)
    }

    /// The file's bytes.
    pub(crate) fn finish(self) -> Result<Vec<u8>, RenderFault> {
        Ok(self.0.finish().map_err(|error| failed(&error))?.into_inner())
    }
}
