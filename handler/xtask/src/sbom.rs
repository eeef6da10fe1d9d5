//! `cargo xtask sbom`: what the program is made of, as a `CycloneDX` list.
//!
//! Made from what Cargo itself resolves for the program: the crates that are built into it or build it, with licence and checksum, and
//! none that only tests use. `cargo xtask judges infra` holds it against the schema of `CycloneDX`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::shell::{self, Failure, file_failure};

/// The package whose program is deployed.
const PROGRAM: &str = "handler";

/// Writes `target/sbom.json`, and says where.
pub fn run() -> Result<(), Failure> {
    let list = write()?;
    println!("what the program is made of is in {}", list.display());
    Ok(())
}

/// Writes `target/sbom.json`.
pub fn write() -> Result<PathBuf, Failure> {
    let root = shell::root()?;
    let mut metadata = shell::cargo()?;
    // What is built into the program on the platform that it is deployed to.
    metadata.args(["metadata", "--locked", "--format-version", "1"]);
    metadata.args(["--filter-platform", "x86_64-unknown-linux-gnu"]);
    let text = shell::output(&mut metadata, "install Rust by rustup")?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|_| Failure::Other("`cargo metadata` printed something else than JSON".into()))?;
    let lock = root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(file_failure(&lock))?;
    let list = list(&metadata, &checksums(&lock))?;
    let text = serde_json::to_string_pretty(&list).map_err(|fault| Failure::Other(fault.to_string()))?;
    let path = root.join("target/sbom.json");
    fs::write(&path, text + "\n").map_err(file_failure(&path))?;
    Ok(path)
}

/// The list, from what `cargo metadata` says and the lock file's checksums by name and version.
fn list(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Result<Value, Failure> {
    let packages = by_id(metadata.pointer("/packages"));
    let nodes = by_id(metadata.pointer("/resolve/nodes"));
    let program = packages
        .iter()
        .find(|(_, package)| text(package, "name") == PROGRAM)
        .map(|(id, _)| *id)
        .ok_or_else(|| Failure::Other(format!("Cargo knows no package `{PROGRAM}`")))?;
    let used = reached(program, &nodes);
    let part = |id: &str| packages.get(id).map(|package| component(package, checksums));
    let links = used.iter().map(|id| {
        let on: Vec<String> = needs(nodes.get(id).copied())
            .filter_map(|id| packages.get(id).map(|package| purl(package)))
            .collect();
        json!({ "ref": packages.get(id).map(|package| purl(package)), "dependsOn": on })
    });
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": part(program) },
        "components": used.iter().filter(|id| **id != program).filter_map(|id| part(id)).collect::<Vec<_>>(),
        "dependencies": links.collect::<Vec<_>>(),
    }))
}

fn by_id(list: Option<&Value>) -> BTreeMap<&str, &Value> {
    items(list)
        .filter_map(|entry| Some((entry.get("id")?.as_str()?, entry)))
        .collect()
}

fn items(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

/// The packages that a package needs to be built and run.
fn needs(node: Option<&Value>) -> impl Iterator<Item = &str> {
    items(node.and_then(|node| node.get("deps")))
        .filter(|needed| {
            let mut kinds = items(needed.get("dep_kinds"));
            kinds.any(|kind| kind.get("kind").is_none_or(|kind| kind != "dev"))
        })
        .filter_map(|needed| needed.get("pkg")?.as_str())
}

/// Everything that the program needs, itself included.
fn reached<'a>(program: &'a str, nodes: &BTreeMap<&'a str, &'a Value>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from([program]);
    let mut next = vec![program];
    while let Some(id) = next.pop() {
        let new: Vec<&str> = needs(nodes.get(id).copied())
            .filter(|id| found.insert(id))
            .collect();
        next.extend(new);
    }
    found
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(package, "name"), text(package, "version"));
    // An old way to write `OR`.
    let licence = package.get("license").and_then(Value::as_str);
    let licences = licence.map(|licence| json!([{ "expression": licence.replace('/', " OR ") }]));
    let sum = checksums.get(&(name.to_owned(), version.to_owned()));
    let hashes = sum.map(|sum| json!([{ "alg": "SHA-256", "content": sum }]));
    let kind = if name == PROGRAM { "application" } else { "library" };
    let fields = [
        ("type", Some(json!(kind))),
        ("bom-ref", Some(json!(purl(package)))),
        ("name", Some(json!(name))),
        ("version", Some(json!(version))),
        ("hashes", hashes),
        ("licenses", licences),
        ("purl", Some(json!(purl(package)))),
    ];
    let known = fields
        .into_iter()
        .filter_map(|(field, value)| Some((field.to_owned(), value?)));
    Value::Object(known.collect())
}

fn purl(package: &Value) -> String {
    // The mark of a build, behind `+`, must be escaped.
    let version = text(package, "version").replace('+', "%2B");
    format!("pkg:cargo/{}@{version}", text(package, "name"))
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The checksums of the crates of a lock file, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |package: &str, key: &str| {
        let start = format!("{key} = \"");
        let line = package.lines().find_map(|line| line.strip_prefix(&start))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    lock.split("[[package]]")
        .filter_map(|package| {
            let named = (field(package, "name")?, field(package, "version")?);
            Some((named, field(package, "checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_what_the_program_needs_and_not_what_its_tests_need() {
        let dependency = |id: &str, kind: Value| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                { "id": "h", "name": "handler", "version": "0.1.0", "license": "MIT" },
                { "id": "a", "name": "a", "version": "1.0.0+x", "license": "MIT/Apache-2.0" },
                { "id": "b", "name": "b", "version": "2.0.0" },
                { "id": "t", "name": "t", "version": "3.0.0" },
            ],
            "resolve": { "nodes": [
                { "id": "h", "deps": [dependency("a", Value::Null), dependency("t", json!("dev"))] },
                { "id": "a", "deps": [dependency("b", json!("build"))] },
                { "id": "b", "deps": [] },
                { "id": "t", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"b\"\nversion = \"2.0.0\"\nchecksum = \"00ff\"\n";
        let list = list(&metadata, &checksums(lock)).unwrap();
        let parts = list["components"].as_array().unwrap();
        let names: Vec<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(parts[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(parts[0]["purl"], "pkg:cargo/a@1.0.0%2Bx");
        assert_eq!(parts[1]["hashes"][0]["content"], "00ff");
        assert_eq!(list["metadata"]["component"]["name"], "handler");
        assert_eq!(list["dependencies"].as_array().unwrap().len(), 3);
    }
}
