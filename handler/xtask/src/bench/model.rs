//! Drafting with a language model: what one draft asks, and what the app itself takes for it.
//!
//! The model is the scripted one of the crate `evaluation`, a server on this machine that is as slow as a middling service.
//! Processor time and memory are the app's with its children; the model's own count in neither.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::azurite::Azurite;
use super::door::{drafted, http};
use super::{Figure, end, family, free_port, processor_of_ended_children, resident, wait_for_answer};
use crate::shell::{self, Failure, file_failure};

/// Runs at once on one instance.
const RUNS: u32 = 50;
/// What the model takes for each answer then, in seconds.
const ANSWER_SECONDS: &str = "2";

/// Where the parts are.
pub struct Parts<'a> {
    /// The app.
    pub handler: &'a Path,
    /// The binary `scripted-model` of the crate `evaluation`.
    pub model: &'a Path,
    /// The folder of a sample case.
    pub case: &'a Path,
}

/// A scripted model that listens.
struct Model {
    process: Child,
    port: u16,
    settings: Vec<(String, String)>,
}

impl Drop for Model {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

impl Model {
    fn start(parts: &Parts, more: &[&str]) -> Result<Self, Failure> {
        let port = free_port()?;
        let mut process = Command::new(parts.model)
            .arg("--case")
            .arg(parts.case)
            .args(["--port", &port.to_string()])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(file_failure(parts.model))?;
        let mut line = String::new();
        let read = process
            .stdout
            .take()
            .map(|out| BufReader::new(out).read_line(&mut line));
        if !matches!(read, Some(Ok(_))) {
            return Err(Failure::Other("the scripted model did not start".into()));
        }
        let pairs = line.split_whitespace().filter_map(|pair| pair.split_once('='));
        let settings = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Self {
            process,
            port,
            settings,
        })
    }

    fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was asked since the start.
    fn statistics(&self) -> Result<Value, Failure> {
        let fault = || Failure::Other("the scripted model gave no figures".into());
        http(self.port, "GET /statistics", "").ok_or_else(fault)
    }
}

/// Wall and processor seconds, and the most megabytes, of one draft on the command line.
struct Draft {
    wall: f64,
    processor: f64,
    megabytes: f64,
}

fn draft(parts: &Parts, model: &Model) -> Result<Draft, Failure> {
    let out = shell::root()?.join("target/bench/out-model");
    let before = processor_of_ended_children()?;
    let begun = Instant::now();
    let mut child = shell::command(parts.handler)?
        .arg("draft")
        .arg(parts.case.join("sources"))
        .arg(parts.case.join("case.json"))
        .args(["--date", "2026-11-02", "--out"])
        .arg(&out)
        .envs(model.settings())
        .stderr(Stdio::null())
        .spawn()
        .map_err(file_failure(parts.handler))?;
    let mut megabytes = 0.0_f64;
    loop {
        megabytes = megabytes.max(family(child.id()).into_iter().map(resident).sum());
        match child.try_wait() {
            Ok(Some(status)) if status.success() => break,
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Ok(Some(_)) | Err(_) => return Err(Failure::Failed("handler draft, with a model".into())),
        }
    }
    Ok(Draft {
        wall: begun.elapsed().as_secs_f64(),
        processor: processor_of_ended_children()? - before,
        megabytes,
    })
}

/// One draft with a model as slow as a middling service.
pub fn one(parts: &Parts) -> Result<Vec<Figure>, Failure> {
    let model = Model::start(parts, &["--latency", "1"])?;
    let drafted = draft(parts, &model)?;
    let asked = model.statistics()?;
    let number = |name: &str| asked.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let repaired = asked.pointer("/purposes/repair").is_some();
    let figure = |what, value, unit, most| Figure {
        what,
        value,
        unit,
        most,
    };
    Ok(vec![
        figure("with a model, six reports: calls", number("calls"), "", 28.0),
        figure(
            "the same: longest chain of calls (7 with a mending)",
            number("chain"),
            "",
            if repaired { 7.0 } else { 5.0 },
        ),
        figure("the same: prompt tokens", number("prompt_tokens"), "", 110_000.0),
        figure(
            "the same: answer tokens",
            number("completion_tokens"),
            "",
            18_000.0,
        ),
        figure(
            "the same: wall, model at 0.8 s + tokens/80",
            drafted.wall,
            "s",
            50.0,
        ),
        figure("the same: own processor", drafted.processor, "s", 0.6),
        figure(
            "the same: peak memory with children",
            drafted.megabytes,
            "MB",
            120.0,
        ),
    ])
}

/// Many runs at once on one instance, with a model that takes two seconds an answer: waiting must cost nothing.
pub fn many(parts: &Parts) -> Result<Vec<Figure>, Failure> {
    let model = Model::start(parts, &["--seconds", ANSWER_SECONDS, "--guess-tokens"])?;
    let alone = draft(parts, &model)?;
    let azurite = Azurite::start()?;
    let port = free_port()?;
    let before = processor_of_ended_children()?;
    let mut app = serve(parts, &model, port, &azurite.connection)?;
    let crowd = crowd(&app, port, &order(parts)?);
    end(&mut app);
    // Model and storage run on the same processors: their share is part of what a run waits for.
    drop(model);
    drop(azurite);
    let processor = processor_of_ended_children()? - before;
    let crowd = crowd?;
    let cores = thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
    let fair = alone.wall.max(processor / f64::from(cores));
    Ok(vec![
        Figure {
            what: "50 runs at once: failed",
            value: f64::from(crowd.failed),
            unit: "",
            most: 0.0,
        },
        Figure {
            what: "50 runs at once: wall, over one run's or all processor time's",
            value: crowd.wall / fair,
            unit: "x",
            most: 1.5,
        },
        Figure {
            what: "50 runs at once: memory for each, without children",
            value: crowd.megabytes / f64::from(RUNS),
            unit: "MB",
            most: 3.0,
        },
    ])
}

fn serve(parts: &Parts, model: &Model, port: u16, storage: &str) -> Result<Child, Failure> {
    let runs = RUNS.to_string();
    Command::new(parts.handler)
        .arg("serve")
        .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
        .env("DocumentStorage", storage)
        .env("RECIPES_PATH", shell::root()?.join("recipes"))
        .env("CONCURRENT_RUNS", runs)
        .envs(model.settings())
        .stdout(Stdio::null())
        .spawn()
        .map_err(file_failure(parts.handler))
}

/// What the runs took together.
struct Crowd {
    wall: f64,
    /// Beyond what the app held before.
    megabytes: f64,
    failed: u32,
}

fn crowd(app: &Child, port: u16, order: &str) -> Result<Crowd, Failure> {
    wait_for_answer(port)?;
    // The containers are made after the first answer.
    thread::sleep(Duration::from_secs(2));
    let idle = resident(app.id());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut peak = 0.0_f64;
            while !done.load(Ordering::Relaxed) {
                peak = peak.max(resident(app.id()));
                thread::sleep(Duration::from_millis(20));
            }
            peak
        });
        let begun = Instant::now();
        let all: Vec<_> = (0..RUNS)
            .map(|number| scope.spawn(move || is_drafted(port, number, order)))
            .collect();
        let failed = all
            .into_iter()
            .map(|run| u32::from(!run.join().unwrap_or(false)))
            .sum();
        let wall = begun.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        Ok(Crowd {
            wall,
            megabytes: watch.join().unwrap_or(f64::NAN) - idle,
            failed,
        })
    })
}

/// Whether a case is drafted with the model and gives its record.
fn is_drafted(port: u16, number: u32, order: &str) -> bool {
    let record = drafted(port, &format!("model-{number}"), order);
    record.is_some_and(|record| record.pointer("/usage/write").is_some())
}

/// The body of a request with the case's documents, whose sender waits.
fn order(parts: &Parts) -> Result<String, Failure> {
    let sources = parts.case.join("sources");
    let mut documents = Vec::new();
    for path in files(&sources)? {
        let bytes = fs::read(&path).map_err(file_failure(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        documents.push(json!({ "name": name, "content": STANDARD.encode(bytes) }));
    }
    Ok(json!({ "documents": documents, "wait": true }).to_string())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(file_failure(folder))? {
        paths.push(entry.map_err(file_failure(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}
