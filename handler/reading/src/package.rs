//! The file as a zip archive of parts, unpacked within limits and only as far as text is wanted.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use drafting::source::Rejection;
use zip::ZipArchive;

use crate::Limits;
use crate::kind::hostile;
use crate::xml::{self, Element};

/// Most entries of an archive; Word's own files have about 20, with many pictures some hundreds.
const MOST_ENTRIES: usize = 10_000;
/// A part that unpacks to more than this many times its size is a bomb; reports and templates stay below 35.
const MOST_RATIO: u64 = 100;
/// Smaller parts may unpack at any ratio. In bytes.
const SMALL: u64 = 8_000_000;

/// An archive of parts.
pub(crate) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Index by name in lower case, as Word compares names.
    names: HashMap<String, usize>,
    left: u64,
}

/// A reference from a part to another.
pub(crate) struct Relation {
    /// The last step of its type: "styles", "footnotes".
    pub(crate) kind: String,
    /// The name of the other part.
    pub(crate) target: String,
}

impl<'b> Package<'b> {
    /// Opens an archive.
    pub(crate) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, Rejection> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Rejection::Damaged)?;
        if archive.len() > MOST_ENTRIES {
            return Err(hostile("the number of files in it"));
        }
        let mut names = HashMap::new();
        for (index, name) in archive.file_names().enumerate() {
            let name = name.map_err(|_| Rejection::Damaged)?;
            if names.insert(plain_name(&name), index).is_some() {
                return Err(hostile("two parts of one name"));
            }
        }
        Ok(Self {
            archive,
            names,
            left: limits.unzipped_bytes,
        })
    }

    /// Whether there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&plain_name(name))
    }

    /// Whether there is a part under this folder.
    pub(crate) fn has_under(&self, folder: &str) -> bool {
        self.names.keys().any(|name| name.starts_with(folder))
    }

    /// The text of a part, if there is such a part.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Rejection> {
        let Some(&index) = self.names.get(&plain_name(name)) else {
            return Ok(None);
        };
        let bytes = self.unpack(index)?;
        let text = crate::text::decode_unicode(&bytes).ok_or(Rejection::Damaged)?;
        Ok(Some(text.into_owned()))
    }

    fn unpack(&mut self, index: usize) -> Result<Vec<u8>, Rejection> {
        let options = zip::read::ZipReadOptions::new();
        let mut file = self
            .archive
            .by_index_with_options(index, options)
            .map_err(|error| match error {
                zip::result::ZipError::UnsupportedArchive(what) if what.contains("assword") => {
                    Rejection::Encrypted
                }
                _ => Rejection::Damaged,
            })?;
        if file.encrypted() {
            return Err(Rejection::Encrypted);
        }
        let bomb = file.compressed_size().saturating_mul(MOST_RATIO).max(SMALL);
        let most = self.left.min(bomb);
        if file.size() > most {
            return Err(too_much(most == bomb, self.left));
        }
        let mut bytes = Vec::new();
        (&mut file)
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Rejection::Damaged)?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(too_much(most == bomb, self.left));
        }
        self.left -= length;
        Ok(bytes)
    }

    /// The root of an XML part, if there is such a part.
    pub(crate) fn xml(&mut self, name: &str) -> Result<Option<Element>, Rejection> {
        self.text(name)?.map(|text| xml::parse(&text)).transpose()
    }

    /// The parts that a part refers to; `""` is the archive itself. References out of the archive are left out.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Rejection> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let up = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let Some(root) = self.xml(&format!("{up}_rels/{file}.rels"))? else {
            return Ok(Vec::new());
        };
        Ok(root
            .elements()
            .filter_map(|element| relation(element, folder))
            .collect())
    }
}

fn relation(element: &Element, folder: &str) -> Option<Relation> {
    if element.attribute("TargetMode") == Some("External") {
        return None;
    }
    let kind = element.attribute("Type")?.rsplit('/').next()?.to_owned();
    let target = resolve(folder, element.attribute("Target")?);
    Some(Relation { kind, target })
}

fn too_much(bomb: bool, left: u64) -> Rejection {
    if bomb {
        return hostile("memory");
    }
    Rejection::TooLarge {
        what: format!(
            "it unpacks to more than the {} MB that are left to it",
            left / 1_000_000
        ),
    }
}

/// The name of a part as it is compared. Some programs write the separators of Windows.
fn plain_name(name: &str) -> String {
    name.trim_start_matches('/')
        .replace('\\', "/")
        .to_ascii_lowercase()
}

/// A target as written in a part of `folder`, from the root of the archive.
fn resolve(folder: &str, target: &str) -> String {
    let (base, rest) = match target.strip_prefix('/') {
        Some(rest) => ("", rest),
        None => (folder, target),
    };
    let mut steps: Vec<&str> = base.split('/').filter(|step| !step.is_empty()).collect();
    for step in rest.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}
