//! `cargo xtask dist`: the function app as a Functions host wants it.
//!
//! The host looks for function folders only directly beside `host.json`, so the app is assembled from the
//! repository's own layout: `host.json`, one folder a function, `bin/handler`, `recipes/`. With `--flex` the folder is for Azure: no
//! settings of this machine, and a zip beside it.

use std::fs;
use std::path::{Path, PathBuf};

use drafting::hash::Digest;
use serde_json::Value;

use crate::shell::{self, Failure, file_failure};

mod glibc;
mod package;

/// What `cargo xtask dist` was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// For Azure: the blob trigger is fed by Event Grid, and there is a zip.
    pub flex: bool,
    /// With the release profile instead of the quick one.
    pub release: bool,
    /// Built twice, in folders of different names, and compared.
    pub twice: bool,
}

/// Where the app is assembled for a host on this machine.
pub fn folder() -> Result<PathBuf, Failure> {
    Ok(shell::root()?.join("target/dist"))
}

/// Builds and assembles.
pub fn run(wanted: Wanted) -> Result<(), Failure> {
    let root = shell::root()?;
    if !wanted.flex && !wanted.twice {
        let folder = assemble(&build(wanted, &root.join("target"))?)?;
        println!("the app is in {}", folder.display());
        return Ok(());
    }
    let zip = root.join("target/golden-thread.zip");
    let digest = make_package(wanted, &root.join("target"), &zip)?;
    println!(
        "the app is in {} and, as a zip, in",
        root.join("target/flex").display()
    );
    println!("{digest}  {}", zip.display());
    if wanted.twice {
        again(wanted, &root, &digest)?;
    }
    Ok(())
}

/// A second build, from nothing and in a folder of another name.
fn again(wanted: Wanted, root: &Path, digest: &Digest) -> Result<(), Failure> {
    let target = root.join("target/built-again-elsewhere");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(file_failure(&target))?;
    }
    let second = make_package(wanted, &target, &target.join("golden-thread.zip"))?;
    if second == *digest {
        println!("built twice, the same: {digest}");
        return Ok(());
    }
    let said = format!("two builds differ: {digest} and {second}; compare the two zips under target/");
    Err(Failure::Other(said))
}

/// Builds into `target`, assembles `target/flex` and writes the zip.
fn make_package(wanted: Wanted, target: &Path, zip: &Path) -> Result<Digest, Failure> {
    let binary = build(wanted, target)?;
    let bytes = fs::read(&binary).map_err(file_failure(&binary))?;
    glibc::check(&bytes)?;
    let folder = target.join("flex");
    assemble_flex(&binary, &folder)?;
    package::write(&folder, zip)?;
    package::check(zip)?;
    let bytes = fs::read(zip).map_err(file_failure(zip))?;
    Ok(Digest::of(&bytes))
}

fn build(wanted: Wanted, target: &Path) -> Result<PathBuf, Failure> {
    let profile = if wanted.release { "release" } else { "quick" };
    let mut cargo = shell::cargo()?;
    cargo.args(["build", "--locked", "--package", "handler", "--bin", "handler"]);
    cargo.args(["--profile", profile, "--target-dir"]).arg(target);
    if wanted.flex || wanted.twice {
        cargo.env("RUSTFLAGS", without_places(target)?);
    }
    shell::run(&mut cargo, "install Rust by rustup")?;
    Ok(target.join(profile).join("handler"))
}

/// Flags by which no path of this machine gets into the program: it would differ from machine to machine, and tell of it.
fn without_places(target: &Path) -> Result<String, Failure> {
    let mut sysroot = shell::command("rustc")?;
    let sysroot = shell::output(sysroot.args(["--print", "sysroot"]), "install Rust by rustup")?;
    // The last that fits holds.
    let places = [
        (shell::root()?.display().to_string(), "/src"),
        (target.display().to_string(), "/target"),
        (crates_home()?, "/cargo"),
        (sysroot.trim().to_owned(), "/rust"),
    ];
    let flags: Vec<String> = places
        .iter()
        .map(|(place, name)| format!("--remap-path-prefix={place}={name}"))
        .collect();
    Ok(flags.join(" "))
}

/// Where Cargo keeps the sources of crates, as `cargo metadata` tells it.
fn crates_home() -> Result<String, Failure> {
    let mut metadata = shell::cargo()?;
    metadata.args(["metadata", "--locked", "--format-version", "1"]);
    let text = shell::output(&mut metadata, "install Rust by rustup")?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|_| Failure::Other("`cargo metadata` printed something else than JSON".into()))?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let home = packages
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("manifest_path")?.as_str())
        .find_map(|path| path.split_once("/registry/src/"));
    home.map(|(home, _)| home.to_owned())
        .ok_or_else(|| Failure::Other("no crate of a registry is used".into()))
}

/// Puts the app together around a binary that is built, for a host on this machine.
pub fn assemble(binary: &Path) -> Result<PathBuf, Failure> {
    let (root, dist) = (shell::root()?, folder()?);
    lay_out(binary, &dist)?;
    let local = root.join("local.settings.json");
    let local = if local.exists() {
        local
    } else {
        root.join("local.settings.json.example")
    };
    copy(&local, &dist.join("local.settings.json"))?;
    Ok(dist)
}

/// The same for Azure, whose settings are its own.
fn assemble_flex(binary: &Path, folder: &Path) -> Result<(), Failure> {
    lay_out(binary, folder)?;
    by_event_grid(&folder.join("draft-on-upload/function.json"))
}

fn lay_out(binary: &Path, folder: &Path) -> Result<(), Failure> {
    let root = shell::root()?;
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(file_failure(folder))?;
    }
    make(&folder.join("bin"))?;
    copy(binary, &folder.join("bin/handler"))?;
    copy(&root.join("host.json"), &folder.join("host.json"))?;
    copy_folder(&root.join("recipes"), &folder.join("recipes"))?;
    copy_folder(&root.join("functions"), folder)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The app for Azure around a program that is none.
    fn packed(folder: &Path) -> PathBuf {
        let binary = folder.join("program");
        fs::write(&binary, b"\x7fELF GLIBC_2.17").unwrap();
        let app = folder.join("app");
        assemble_flex(&binary, &app).unwrap();
        let zip = folder.join("app.zip");
        package::write(&app, &zip).unwrap();
        zip
    }

    #[test]
    fn the_package_of_one_binary_is_the_same_twice_and_what_the_host_takes() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (first, second) = (packed(one.path()), packed(two.path()));
        assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
        package::check(&first).unwrap();
        let names = package::entries(&first).unwrap();
        let mode = |name: &str| names.iter().find(|entry| entry.name == name).unwrap().mode;
        assert_eq!((mode("bin/handler"), mode("host.json")), (0o755, 0o644));
        assert!(names.iter().all(|entry| entry.name != "local.settings.json"));
        assert!(names.iter().any(|entry| entry.name == "recipes/ehcp/recipe.toml"));
    }

    #[test]
    fn settings_of_a_machine_are_not_packed() {
        let scratch = tempfile::tempdir().unwrap();
        packed(scratch.path());
        let app = scratch.path().join("app");
        for secret in [
            "local.settings.json",
            "recipes/ehcp/.env",
            "recipes/key.pem",
            "target/x",
        ] {
            let file = app.join(secret);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "{}").unwrap();
            let zip = scratch.path().join("again.zip");
            package::write(&app, &zip).unwrap();
            assert!(
                package::check(&zip).unwrap_err().to_string().contains(secret),
                "{secret}"
            );
            fs::remove_file(&file).unwrap();
        }
    }

    #[test]
    fn a_package_that_the_host_would_not_start_is_refused() {
        let check = |file: &str, text: &str, said: &str| {
            let scratch = tempfile::tempdir().unwrap();
            packed(scratch.path());
            let app = scratch.path().join("app");
            fs::write(app.join(file), text).unwrap();
            let zip = scratch.path().join("again.zip");
            package::write(&app, &zip).unwrap();
            let refusal = package::check(&zip).unwrap_err().to_string();
            assert!(refusal.contains(said), "{refusal}");
        };
        let path = |path: &str| {
            format!(r#"{{"customHandler":{{"description":{{"defaultExecutablePath":"{path}"}}}}}}"#)
        };
        check("host.json", &path("./bin/handler"), "`./bin/handler`");
        check("host.json", &path("bin/other"), "`bin/other`");
        check("host.json", "{}", "defaultExecutablePath");
        let polled =
            r#"{"bindings":[{"type":"blobTrigger","direction":"in","name":"upload","path":"a/{b}"}]}"#;
        check("draft-on-upload/function.json", polled, "EventGrid");
        check("results/function.json", "not JSON", "results/function.json");
    }
}
