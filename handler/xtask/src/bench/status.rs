//! The status door, which flows ask again and again: its own processor time and its reads of storage.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::azurite::Azurite;
use super::door::http;
use super::steady::is_drafted;
use super::{Figure, TICKS_PER_SECOND, end, free_port, median, serve, wait_for_answer};
use crate::shell::Failure;

/// Questions, enough for a processor time that is counted in hundredths of a second.
const ASKED: u32 = 2_000;
/// Questions beside running drafts.
const ASKED_BESIDE: u32 = 200;
/// Drafts that run meanwhile, one after the other in each place.
const PLACES: usize = 4;

/// Milliseconds of processor, reads of storage, and milliseconds to an answer beside running drafts.
pub fn door(handler: &Path) -> Result<[Figure; 3], Failure> {
    let azurite = Azurite::start()?;
    let reads = Arc::new(AtomicU32::new(0));
    let connection = counted(&azurite.connection, &reads)?;
    let port = free_port()?;
    let mut app = serve(handler, port, &connection)?;
    let measured = measure(&app, port, &reads);
    end(&mut app);
    let (processor, reads, beside) = measured?;
    Ok([
        Figure {
            what: "the status door: processor of the app for a question",
            value: processor,
            unit: "ms",
            most: 1.0,
        },
        Figure {
            what: "the status door: reads of storage for a question",
            value: reads,
            unit: "",
            most: 1.0,
        },
        Figure {
            what: "the status door beside running drafts, wall (median)",
            value: beside,
            unit: "ms",
            most: 100.0,
        },
    ])
}

fn measure(app: &Child, port: u16, reads: &AtomicU32) -> Result<(f64, f64, f64), Failure> {
    wait_for_answer(port)?;
    // The containers are made after the first answer.
    thread::sleep(Duration::from_secs(2));
    let failed = || Failure::Other("the status door did not answer".into());
    if !is_drafted(port, "status") || ask(port).is_none() {
        return Err(failed());
    }
    let (before, read) = (processor(app.id())?, reads.load(Ordering::SeqCst));
    for _ in 0..ASKED {
        ask(port).ok_or_else(failed)?;
    }
    let processor = (processor(app.id())? - before) * 1e3 / f64::from(ASKED);
    let read = f64::from(reads.load(Ordering::SeqCst) - read) / f64::from(ASKED);
    Ok((processor, read, beside_drafts(port).ok_or_else(failed)?))
}

fn ask(port: u16) -> Option<Value> {
    http(port, "GET /api/drafts/ehcp/status", "")
}

/// The median of milliseconds to an answer, while drafts run.
fn beside_drafts(port: u16) -> Option<f64> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for place in 0..PLACES {
            let done = &done;
            scope.spawn(move || {
                let mut number = 0;
                while !done.load(Ordering::Relaxed) && is_drafted(port, &format!("beside-{place}-{number}")) {
                    number += 1;
                }
            });
        }
        let asked = (0..ASKED_BESIDE).map(|_| {
            let begun = Instant::now();
            ask(port).map(|_| begun.elapsed().as_secs_f64() * 1e3)
        });
        let times: Option<Vec<f64>> = asked.collect();
        done.store(true, Ordering::Relaxed);
        times.map(median)
    })
}

/// Processor seconds of a process, without its children's.
fn processor(pid: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).map_err(|cause| Failure::File(path, cause))?;
    let after_name = stat.rsplit(')').next().unwrap_or("");
    // Fields 14 and 15 of the whole line: its user and system time.
    let fields = after_name.split_whitespace().skip(11).take(2);
    let ticks: f64 = fields.filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_PER_SECOND)
}

/// The same storage by a way on which requests to its blobs are counted.
fn counted(connection: &str, reads: &Arc<AtomicU32>) -> Result<String, Failure> {
    let unusable = || Failure::Other("the storage emulator's address cannot be read".into());
    let address = connection
        .split("BlobEndpoint=http://")
        .nth(1)
        .ok_or_else(unusable)?;
    let target = address.split('/').next().ok_or_else(unusable)?.to_owned();
    let listener =
        TcpListener::bind("127.0.0.1:0").map_err(|cause| Failure::File("a free port".into(), cause))?;
    let port = listener
        .local_addr()
        .map_err(|cause| Failure::File("a free port".into(), cause))?
        .port();
    let connection = connection.replacen(&target, &format!("127.0.0.1:{port}"), 1);
    let reads = Arc::clone(reads);
    thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let (target, reads) = (target.clone(), Arc::clone(&reads));
            thread::spawn(move || pass(&near, &target, &reads));
        }
    });
    Ok(connection)
}

/// Passes everything on in both directions, and counts the requests.
fn pass(near: &TcpStream, target: &str, reads: &AtomicU32) {
    let Ok(far) = TcpStream::connect(target) else {
        return;
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            copy(near, &far, |piece| {
                // A request's head comes in one piece, and what the questions read has no body.
                if piece.starts_with(b"GET ") || piece.starts_with(b"HEAD ") {
                    reads.fetch_add(1, Ordering::SeqCst);
                }
            });
        });
        copy(&far, near, |_| {});
    });
}

fn copy(mut from: &TcpStream, mut to: &TcpStream, see: impl Fn(&[u8])) {
    let mut piece = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let Some(part) = piece.get(..length) else { break };
        see(part);
        if to.write_all(part).is_err() {
            break;
        }
    }
    // Whoever has hung up need not be told.
    if to.shutdown(Shutdown::Write).is_err() {}
}
