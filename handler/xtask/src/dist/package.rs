//! The zip that `func`, `azd` and the Azure CLI hand to a function app.
//!
//! Names in order, one fixed date and two fixed modes: the same files make the same bytes, on any machine.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::shell::{Failure, file_failure};

/// The program: the one entry that may be started.
const PROGRAM: &str = "bin/handler";
/// What may stand at the top beside the functions' folders.
const TOP: &[&str] = &["bin", "host.json", "recipes"];
/// Endings of files that hold settings or keys of a machine.
const PRIVATE: &[&str] = &[".env", ".key", ".pem", ".pfx", "local.settings.json"];

/// An entry as a host sees it.
#[derive(Debug)]
pub struct Entry {
    /// The path in the zip.
    pub name: String,
    /// Its permissions.
    pub mode: u32,
}

/// Writes the zip of a folder.
pub fn write(folder: &Path, zip: &Path) -> Result<(), Failure> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| (name(folder, &file), file))
        .collect();
    named.sort();
    let mut writer = ZipWriter::new(File::create(zip).map_err(file_failure(zip))?);
    let plain = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, file) in named {
        let mode = if name == PROGRAM { 0o755 } else { 0o644 };
        let bytes = fs::read(&file).map_err(file_failure(&file))?;
        writer
            .start_file(name, plain.unix_permissions(mode))
            .map_err(of(zip))?;
        writer.write_all(&bytes).map_err(file_failure(zip))?;
    }
    writer.finish().map(|_| ()).map_err(of(zip))
}

/// What is in a zip.
pub fn entries(zip: &Path) -> Result<Vec<Entry>, Failure> {
    let mut archive = open(zip)?;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(of(zip))?;
        found.push(Entry {
            name: entry.name().map_err(of(zip))?.into_owned(),
            mode: entry.unix_mode().unwrap_or_default() & 0o777,
        });
    }
    Ok(found)
}

/// Refuses a zip that the host would not start, or that holds what is no part of the app.
pub fn check(zip: &Path) -> Result<(), Failure> {
    let entries = entries(zip)?;
    let is_there = |name: &str| entries.iter().any(|entry| entry.name == name);
    for entry in &entries {
        let top = entry.name.split('/').next().unwrap_or_default();
        let known = TOP.contains(&top) || is_there(&format!("{top}/function.json"));
        let private = PRIVATE.iter().any(|ending| entry.name.ends_with(ending));
        if !known || private {
            return refuse(format!("`{}` is no part of the app", entry.name));
        }
        let expected = if entry.name == PROGRAM { 0o755 } else { 0o644 };
        if entry.mode != expected {
            return refuse(format!("`{}` has the mode {:o}", entry.name, entry.mode));
        }
        if entry.name.ends_with("function.json") {
            check_function(zip, &entry.name)?;
        }
    }
    let host = json(zip, "host.json")?;
    let path = host
        .pointer("/customHandler/description/defaultExecutablePath")
        .and_then(Value::as_str);
    match path {
        // The tools compare the text with the entry's name to make it executable.
        Some(path) if path == PROGRAM && is_there(path) => Ok(()),
        Some(path) => refuse(format!(
            "host.json starts `{path}`, and the program is `{PROGRAM}`"
        )),
        None => refuse("host.json has no `defaultExecutablePath`".into()),
    }
}

fn check_function(zip: &Path, name: &str) -> Result<(), Failure> {
    let function = json(zip, name)?;
    let bindings = function.get("bindings").and_then(Value::as_array);
    for binding in bindings.into_iter().flatten() {
        let says = |key: &str, value: &str| binding.get(key).is_some_and(|said| said == value);
        if says("type", "blobTrigger") && !says("source", "EventGrid") {
            return refuse(format!(
                "{name}: on Flex Consumption a blob trigger needs the source EventGrid"
            ));
        }
    }
    Ok(())
}

fn json(zip: &Path, name: &str) -> Result<Value, Failure> {
    let mut text = String::new();
    open(zip)?
        .by_name(name)
        .map_err(of(zip))?
        .read_to_string(&mut text)
        .map_err(file_failure(zip))?;
    serde_json::from_str(&text).map_err(|_| Failure::Other(format!("{name} is not JSON")))
}

fn open(zip: &Path) -> Result<ZipArchive<File>, Failure> {
    ZipArchive::new(File::open(zip).map_err(file_failure(zip))?).map_err(of(zip))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(file_failure(folder))? {
        let path = entry.map_err(file_failure(folder))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The path in the zip, with slashes on every system.
fn name(folder: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn of(zip: &Path) -> impl FnOnce(zip::result::ZipError) -> Failure + '_ {
    move |cause| Failure::Other(format!("{}: {cause}", zip.display()))
}

fn refuse(said: String) -> Result<(), Failure> {
    Err(Failure::Other(said))
}
