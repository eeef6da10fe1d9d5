//! `cargo xtask fuzz`: the targets of `handler/fuzz` under libFuzzer, each for a while.
//!
//! The instrumentation is LLVM's and needs no other compiler than the stable one; only the sanitizers of `cargo fuzz` do, and safe
//! Rust has little use for them. What a target finds lies in `target/fuzz/found` and comes again with its path as an argument.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::shell::{self, Failure, file_failure};

/// The targets, as `handler/fuzz/Cargo.toml` names them.
const TARGETS: &[&str] = &[
    "audit", "document", "envelope", "manifest", "recipe", "record", "scrub", "template", "token",
];
/// What the compiler is to put in: counters of edges, and what is compared with what.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
/// The longest input that is tried, in bytes; larger ones are refused by size before anything reads them.
const LONGEST: &str = "-max_len=65536";
/// What one input may take, in seconds.
const SLOWEST: &str = "-timeout=20";
/// What the whole process may hold, in megabytes.
const LARGEST: &str = "-rss_limit_mb=2048";

/// Builds the targets and runs each of those named, or all, for `seconds`.
pub fn run(names: &[String], seconds: u32) -> Result<(), Failure> {
    if let Some(name) = names.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        return Err(Failure::Other(format!(
            "there is no target `{name}`; there are {}",
            TARGETS.join(", ")
        )));
    }
    let root = shell::root()?;
    let built = build(&root)?;
    for target in TARGETS {
        if names.is_empty() || names.iter().any(|name| name == target) {
            try_one(&root, &built.join(target), target, seconds)?;
        }
    }
    Ok(())
}

/// Where the targets were built.
fn build(root: &Path) -> Result<PathBuf, Failure> {
    let host = shell::output(shell::cargo()?.args(["-vV"]), "`cargo -vV` names no host")?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::Other("`cargo -vV` names no host".into()))?;
    let into = root.join("target/fuzz");
    let mut build = shell::cargo()?;
    build
        .args([
            "build",
            "--release",
            "--bins",
            "--target",
            host,
            "--manifest-path",
        ])
        .arg(root.join("handler/fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(&into)
        .env("RUSTFLAGS", INSTRUMENTED);
    shell::run(&mut build, "the fuzz targets do not build: see above")?;
    Ok(into.join(host).join("release"))
}

fn try_one(root: &Path, program: &Path, target: &str, seconds: u32) -> Result<(), Failure> {
    let corpus = root.join("target/fuzz/corpus").join(target);
    let found = root.join("target/fuzz/found").join(target);
    for folder in [&corpus, &found] {
        fs::create_dir_all(folder).map_err(file_failure(folder))?;
    }
    for (name, bytes) in seeds(root, target)? {
        let path = corpus.join(name);
        fs::write(&path, bytes).map_err(file_failure(&path))?;
    }
    let mut run = shell::command(program)?;
    run.arg(&corpus)
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-max_total_time={seconds}"))
        .args([LONGEST, SLOWEST, LARGEST, "-print_final_stats=1", "-verbosity=0"]);
    shell::run(
        &mut run,
        "a fuzz target failed: its input lies in target/fuzz/found",
    )
}

/// Where a target begins: the samples of the repository that it reads.
fn seeds(root: &Path, target: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let cases = root.join("handler/tests/cases");
    let named = |name: &str, bytes: Vec<u8>| vec![(name.to_owned(), bytes)];
    Ok(match target {
        "document" => {
            let mut all = files(&root.join("handler/reading/tests/data/converted"))?;
            for case in ["amina", "rowan", "tomas"] {
                all.extend(files(&cases.join(case).join("sources"))?);
            }
            all
        }
        "template" => read(
            &root.join("recipes"),
            &["ehcp/template.docx", "minutes/template.docx"],
        )?,
        "recipe" => {
            let parts = read(&root.join("recipes/minutes"), &["recipe.toml", "lexicon.toml"])?;
            let parts: Vec<Vec<u8>> = parts.into_iter().map(|(_, bytes)| bytes).collect();
            named("minutes", parts.join(&0))
        }
        "manifest" => read(&cases, &["amina/case.json", "rowan/case.json", "tomas/case.json"])?,
        "envelope" => {
            let request = json!({ "recipe": "ehcp", "case": "c1" }).to_string();
            let message = json!({ "Data": { "request": json!(request).to_string() }, "Metadata": {} });
            let blob = json!({ "Data": { "upload": "" }, "Metadata": {
                "Uri": "\"http://localhost/devstoreaccount1/sources/ehcp/c1/a.txt\"", "recipe": "\"ehcp\"",
                "case": "\"c1\"", "document": "\"a.txt\"" } });
            let http = json!({ "Data": { "req": { "Url": "http://localhost/api/drafts/ehcp/c1", "Method": "POST",
                "Query": {}, "Headers": { "Content-Type": ["application/json"] },
                "Params": { "recipe": "ehcp", "case": "c1" }, "Identities": [], "Body": "{}" } }, "Metadata": {} });
            let all = [("message", message), ("blob", blob), ("http", http)];
            all.map(|(name, call)| (name.to_owned(), call.to_string().into_bytes()))
                .into()
        }
        "scrub" => named(
            "text",
            b"Ring 01632 960123 or write to a.b@example.org, SW1A 1AA, 943 476 5919".to_vec(),
        ),
        "token" => named(
            "token",
            b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJhdWQiOiJhIn0.c2ln".to_vec(),
        ),
        "record" => named("record", b"{\"schema\":\"golden-thread/record/1\"}".to_vec()),
        _ => named(
            "line",
            b"{\"n\":0,\"at\":\"2026-11-22T00:00:00Z\",\"event\":\"begun\"}\n".to_vec(),
        ),
    })
}

fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(file_failure(folder))? {
        let path = entry.map_err(file_failure(folder))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        all.push((name, fs::read(&path).map_err(file_failure(&path))?));
    }
    Ok(all)
}

fn read(folder: &Path, names: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let each = names.iter().map(|name| {
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(file_failure(&path))?;
        Ok((name.replace('/', "-"), bytes))
    });
    each.collect()
}
