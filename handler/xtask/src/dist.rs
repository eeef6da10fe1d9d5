//! `cargo xtask dist`: the function app as a Functions host wants it.
//!
//! The host looks for function folders only directly beside `host.json`, so the app is assembled from the
//! repository's own layout: `host.json`, one folder a function, `bin/handler`, `recipes/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::shell::{self, Failure, file_failure};

/// Where the app is assembled.
pub fn folder() -> Result<PathBuf, Failure> {
    Ok(shell::root()?.join("target/dist"))
}

/// Builds and assembles.
pub fn run(flex: bool, release: bool) -> Result<(), Failure> {
    let profile = if release { "release" } else { "quick" };
    let build = [
        "build",
        "--locked",
        "--package",
        "handler",
        "--bin",
        "handler",
        "--profile",
        profile,
    ];
    shell::run(shell::cargo()?.args(build), "install Rust by rustup")?;
    let folder = assemble(flex, &shell::root()?.join("target").join(profile).join("handler"))?;
    println!("the app is in {}", folder.display());
    Ok(())
}

/// Puts the app together around a binary that is built.
pub fn assemble(flex: bool, binary: &Path) -> Result<PathBuf, Failure> {
    let (root, dist) = (shell::root()?, folder()?);
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(file_failure(&dist))?;
    }
    make(&dist.join("bin"))?;
    copy(binary, &dist.join("bin/handler"))?;
    copy(&root.join("host.json"), &dist.join("host.json"))?;
    copy_folder(&root.join("recipes"), &dist.join("recipes"))?;
    copy_folder(&root.join("functions"), &dist)?;
    if flex {
        by_event_grid(&dist.join("draft-on-upload/function.json"))?;
    }
    let local = root.join("local.settings.json");
    let local = if local.exists() {
        local
    } else {
        root.join("local.settings.json.example")
    };
    copy(&local, &dist.join("local.settings.json"))?;
    Ok(dist)
}

/// On the Flex Consumption plan a blob trigger must be fed by Event Grid.
fn by_event_grid(file: &Path) -> Result<(), Failure> {
    let not_json = |_| Failure::Other(format!("{} is not JSON", file.display()));
    let text = fs::read_to_string(file).map_err(file_failure(file))?;
    let mut function: Value = serde_json::from_str(&text).map_err(not_json)?;
    let bindings = function
        .get_mut("bindings")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    for binding in bindings.filter_map(Value::as_object_mut) {
        if binding.get("type").and_then(Value::as_str) == Some("blobTrigger") {
            binding.insert("source".into(), "EventGrid".into());
        }
    }
    let text = serde_json::to_string_pretty(&function).map_err(not_json)?;
    fs::write(file, text).map_err(file_failure(file))
}

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(file_failure(folder))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to).map(|_| ()).map_err(file_failure(from))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    make(to)?;
    for entry in fs::read_dir(from).map_err(file_failure(from))? {
        let path = entry.map_err(file_failure(from))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}
