//! Many cases at once on one instance: none fails and none mixes with another.
//!
//! Each is sent with its documents to the door of requests, as the Functions host would send it, over the storage
//! emulator. A draft is the same for the same documents, so what each case gives must be what its documents give when
//! they are drafted alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::azurite::Azurite;
use super::door::drafted;
use super::{Figure, draft, end, free_port, resident_together, serve, wait_for_answer};
use crate::shell::{self, Failure, file_failure};

/// Cases at once: five times what one instance drafts at a time.
const CASES: usize = 20;
/// The sample cases that they take turns in.
const SAMPLES: [&str; 3] = ["rowan", "amina", "tomas"];
/// The parts of a record that depend on the documents and on nothing else.
const PARTS: [&str; 7] = [
    "sections",
    "claims",
    "evidence",
    "findings",
    "conflicts",
    "queries",
    "coverage",
];

/// Wall time and peak memory of all, and how many failed or mixed.
pub fn at_once(handler: &Path, cases: &Path) -> Result<[Figure; 3], Failure> {
    let mut alone = BTreeMap::new();
    for sample in SAMPLES {
        let sources = cases.join(sample).join("sources");
        draft(handler, &sources)?;
        let path = shell::root()?.join("target/bench/out/record.json");
        let record = fs::read(&path).map_err(file_failure(&path))?;
        let record =
            serde_json::from_slice(&record).map_err(|_| Failure::Other("a record is no JSON".into()))?;
        alone.insert(sample, (order(&sources)?, parts(&record)));
    }
    let azurite = Azurite::start()?;
    let port = free_port()?;
    let mut app = serve(handler, port, &azurite.connection)?;
    let measured = measure(&mut app, port, &alone);
    end(&mut app);
    let (seconds, megabytes, wrong) = measured?;
    Ok([
        Figure {
            what: "20 cases at once: failed, or not as drafted alone",
            value: f64::from(wrong),
            unit: "",
            most: 0.0,
        },
        Figure {
            what: "20 cases at once, wall",
            value: seconds,
            unit: "s",
            most: 30.0,
        },
        Figure {
            what: "20 cases at once, peak memory with children",
            value: megabytes,
            unit: "MB",
            most: 300.0,
        },
    ])
}

type Alone<'a> = BTreeMap<&'a str, (String, Value)>;

/// Wall seconds, peak megabytes, and the number of cases that went wrong.
fn measure(app: &mut Child, port: u16, alone: &Alone) -> Result<(f64, f64, u32), Failure> {
    wait_for_answer(port)?;
    // The containers are made after the first answer.
    thread::sleep(Duration::from_secs(2));
    let done = AtomicBool::new(false);
    let pid = app.id();
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut peak = 0.0_f64;
            while !done.load(Ordering::Relaxed) {
                peak = peak.max(resident_together(pid));
                thread::sleep(Duration::from_millis(5));
            }
            peak
        });
        let begun = Instant::now();
        let all: Vec<_> = (0..CASES)
            .zip(SAMPLES.iter().cycle())
            .map(|(number, sample)| {
                let known = alone.get(sample);
                scope.spawn(move || known.is_some_and(|known| is_right(port, number, known)))
            })
            .collect();
        let right = all.into_iter().map(|case| case.join().unwrap_or(false));
        let wrong = right.map(|right| u32::from(!right)).sum();
        let seconds = begun.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        let peak = watch.join().unwrap_or(f64::NAN);
        Ok((seconds, peak, wrong))
    })
}

/// Whether a case gives what its documents give alone.
fn is_right(port: u16, number: usize, (order, expected): &(String, Value)) -> bool {
    drafted(port, &format!("crowd-{number}"), order).is_some_and(|record| parts(&record) == *expected)
}

/// The body of a request with these documents, whose sender waits.
fn order(sources: &Path) -> Result<String, Failure> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(sources).map_err(file_failure(sources))? {
        let path = entry.map_err(file_failure(sources))?.path();
        let bytes = fs::read(&path).map_err(file_failure(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        documents.push(json!({ "name": name, "content": STANDARD.encode(bytes) }));
    }
    Ok(json!({ "documents": documents, "wait": true }).to_string())
}

fn parts(record: &Value) -> Value {
    PARTS
        .iter()
        .map(|part| (*part, record.get(*part).cloned()))
        .collect()
}
