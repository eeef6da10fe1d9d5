//! `cargo xtask bench`: the release build against its limits.
//!
//! Machines differ and are noisy: each absolute figure is the median of several runs, and whatever compares does so in
//! one run, as a ratio. Processor times come from the kernel's own account of ended children, in steps of 10 ms.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::shell::{self, Failure, file_failure};

mod azurite;
mod crowd;
mod door;
mod model;
mod pages;
mod status;
mod steady;
mod trials;

/// Packages of the systems that are compared with, pinned.
const PYTHON: &[&str] = &["pypdf==7.1.0", "docxtpl==0.20.2"];
/// The kernel counts processor time in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// One figure beside its limit.
struct Figure {
    what: &'static str,
    value: f64,
    unit: &'static str,
    most: f64,
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Size of the program, its start, its memory at rest.
    Start,
    /// The sample case, on the command line.
    Sample,
    /// How time grows with documents and pages.
    Growth,
    /// Twenty cases at once.
    Crowd,
    /// One draft with a model.
    Model,
    /// Fifty drafts with a model at once.
    Models,
    /// Three hundred events of fifty cases at once, under the dev host.
    Events,
    /// A hundred kills at random moments, under the dev host.
    Kills,
    /// Memory over five hundred runs.
    Steady,
    /// What the status door costs.
    Status,
    /// Against programs in Python that do a part of the work.
    Peers,
}

/// Measures, prints each figure beside its limit, fails when one is over.
pub fn run(parts: &[Part]) -> Result<(), Failure> {
    build()?;
    let asked = |part: Part| parts.is_empty() || parts.contains(&part);
    let root = shell::root()?;
    let handler = root.join("target/release/handler");
    let cases = root.join("handler/tests/cases");
    let sample = cases.join("rowan/sources");
    let with_model = model::Parts {
        handler: &handler,
        model: &root.join("target/debug/scripted-model"),
        case: &cases.join("rowan"),
    };
    let mut figures = Vec::new();
    if asked(Part::Start) {
        figures.push(size(&handler)?);
        figures.extend(start(&handler)?);
    }
    if asked(Part::Sample) {
        figures.extend(sample_case(&handler, &sample)?);
    }
    if asked(Part::Growth) {
        figures.push(growth(&handler, &cases)?);
        figures.push(pages::growth(&handler)?);
    }
    if asked(Part::Crowd) {
        figures.extend(crowd::at_once(&handler, &cases)?);
    }
    if asked(Part::Model) {
        figures.extend(model::one(&with_model)?);
    }
    if asked(Part::Models) {
        figures.extend(model::many(&with_model)?);
    }
    if asked(Part::Events) {
        figures.extend(trials::events(&handler)?);
    }
    if asked(Part::Kills) {
        figures.extend(trials::kills(&handler)?);
    }
    if asked(Part::Steady) {
        figures.extend(steady::over_many_runs(&handler)?);
    }
    if asked(Part::Status) {
        figures.extend(status::door(&handler)?);
    }
    if asked(Part::Peers) {
        let python = shell::python_packages(&root.join("target/bench/venv"), PYTHON)?.join("python");
        figures.push(text_extraction(&handler, &sample, &python)?);
        figures.push(word_rendering(&root, &python)?);
    }
    report(&figures)
}

/// Builds what is measured and what measures.
fn build() -> Result<(), Failure> {
    let build = [
        "build",
        "--locked",
        "--release",
        "--package",
        "handler",
        "--bin",
        "handler",
    ];
    shell::run(shell::cargo()?.args(build), "install Rust by rustup")?;
    let examples = [
        "build",
        "--locked",
        "--release",
        "--package",
        "word",
        "--examples",
    ];
    shell::run(shell::cargo()?.args(examples), "install Rust by rustup")?;
    // The model that is measured against need not be quick itself.
    let model = [
        "build",
        "--locked",
        "--package",
        "evaluation",
        "--bin",
        "scripted-model",
    ];
    shell::run(shell::cargo()?.args(model), "install Rust by rustup")
}

fn report(figures: &[Figure]) -> Result<(), Failure> {
    let mut over = 0;
    println!("\n{:<58} {:>10} {:>10}", "", "measured", "limit");
    for Figure {
        what,
        value,
        unit,
        most,
    } in figures
    {
        let mark = if value > most { "  OVER" } else { "" };
        over += usize::from(value > most);
        println!(
            "{what:<58} {:>10} {:>10}{mark}",
            format!("{value:.2} {unit}"),
            format!("{most} {unit}")
        );
    }
    match over {
        0 => Ok(()),
        1 => Err(Failure::Other("1 figure is over its limit".into())),
        _ => Err(Failure::Other(format!("{over} figures are over their limits"))),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes and times of programs are far below 2^52"
)]
fn size(handler: &Path) -> Result<Figure, Failure> {
    let bytes = fs::metadata(handler).map_err(file_failure(handler))?.len();
    Ok(Figure {
        what: "size of the binary",
        value: bytes as f64 / 1e6,
        unit: "MB",
        most: 20.0,
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Spawn to the first answer, and memory when idle.
fn start(handler: &Path) -> Result<[Figure; 2], Failure> {
    let (mut times, mut memories) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let port = free_port()?;
        let begun = Instant::now();
        // Nothing listens there: the app must start without its storage.
        let mut app = serve(handler, port, "UseDevelopmentStorage=true")?;
        let answered = wait_for_answer(port);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_secs(1));
        memories.push(resident(app.id()));
        end(&mut app);
        answered?;
    }
    Ok([
        Figure {
            what: "spawn to first 200 (median of 7)",
            value: median(times),
            unit: "ms",
            most: 100.0,
        },
        Figure {
            what: "memory when idle (median of 7)",
            value: median(memories),
            unit: "MB",
            most: 25.0,
        },
    ])
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|cause| Failure::File("a free port".into(), cause))
}

fn serve(handler: &Path, port: u16, storage: &str) -> Result<Child, Failure> {
    Command::new(handler)
        .arg("serve")
        .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
        .env("DocumentStorage", storage)
        .env("RECIPES_PATH", shell::root()?.join("recipes"))
        .stdout(Stdio::null())
        .spawn()
        .map_err(|cause| Failure::File(handler.display().to_string(), cause))
}

fn wait_for_answer(port: u16) -> Result<(), Failure> {
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let asked = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let mut answer = [0; 12];
            if asked.and_then(|()| stream.read_exact(&mut answer)).is_ok() && answer.ends_with(b"200") {
                return Ok(());
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(Failure::Other("the app did not answer".into()))
}

fn end(child: &mut Child) {
    if child.kill().is_ok() && child.wait().is_err() {
        println!("a process could not be waited for");
    }
}

/// Megabytes of a process in memory; 0 when it has ended.
fn resident(pid: u32) -> f64 {
    of_status(pid, "VmRSS:")
}

/// Megabytes of a process and its children in memory. They are one program: what they read of its file is in memory
/// once.
fn resident_together(pid: u32) -> f64 {
    let all = family(pid);
    let own: f64 = all.iter().map(|pid| of_status(*pid, "RssAnon:")).sum();
    let shared = all.iter().map(|pid| of_status(*pid, "RssFile:"));
    own + shared.fold(0.0, f64::max)
}

/// Megabytes, from a line of the kernel's account of a process; 0 when it has ended.
fn of_status(pid: u32, line: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_else(|_| String::new());
    let found = status.lines().find_map(|all| all.strip_prefix(line));
    let kilobytes = found.and_then(|found| found.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or(0.0, |kilobytes| kilobytes / 1e3)
}

/// A process and its children.
fn family(pid: u32) -> Vec<u32> {
    let children =
        fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_else(|_| String::new());
    let all_tasks = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let of_tasks = all_tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let listed: Vec<u32> = std::iter::once(children)
        .chain(of_tasks)
        .flat_map(|text| {
            text.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect();
    let mut family = vec![pid];
    family.extend(listed);
    family.sort_unstable();
    family.dedup();
    family
}

/// Processor seconds of all children that have ended.
fn processor_of_ended_children() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")
        .map_err(|cause| Failure::File("/proc/self/stat".into(), cause))?;
    let after_name = stat.rsplit(')').next().unwrap_or("");
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // Fields 16 and 17 of the whole line: user and system time of waited-for children.
    let ticks: f64 = fields
        .iter()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Ok(ticks / TICKS_PER_SECOND)
}

/// Drafts once; gives processor seconds and peak megabytes, children included.
fn draft(handler: &Path, sources: &Path) -> Result<(f64, f64), Failure> {
    let out = shell::root()?.join("target/bench/out");
    let before = processor_of_ended_children()?;
    let mut child = shell::command(handler)?
        .arg("draft")
        .arg(sources)
        .args(["--date", "2026-11-02", "--out"])
        .arg(&out)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| Failure::File(handler.display().to_string(), cause))?;
    let mut peak = 0.0_f64;
    loop {
        peak = peak.max(resident_together(child.id()));
        match child.try_wait() {
            Ok(Some(status)) if status.success() => break,
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
            Ok(Some(_)) | Err(_) => return Err(Failure::Failed("handler draft".into())),
        }
    }
    Ok((processor_of_ended_children()? - before, peak))
}

fn sample_case(handler: &Path, sample: &Path) -> Result<[Figure; 2], Failure> {
    let mut runs = Vec::new();
    for _ in 0..9 {
        runs.push(draft(handler, sample)?);
    }
    Ok([
        Figure {
            what: "six PDF reports to five results, processor (median of 9)",
            value: median(runs.iter().map(|(seconds, _)| *seconds).collect()),
            unit: "s",
            most: 0.6,
        },
        Figure {
            what: "the same, peak memory with children (median of 9)",
            value: median(runs.iter().map(|(_, megabytes)| *megabytes).collect()),
            unit: "MB",
            most: 120.0,
        },
    ])
}

/// Processor seconds of a draft, the median of five.
fn cost(handler: &Path, sources: &Path) -> Result<f64, Failure> {
    let mut runs = Vec::new();
    for _ in 0..5 {
        runs.push(draft(handler, sources)?.0);
    }
    Ok(median(runs))
}

/// Eight times the documents against one time, over eight times the cost: 1 is linear.
fn growth(handler: &Path, cases: &Path) -> Result<Figure, Failure> {
    let reports = cases.join("amina/sources");
    let many = |copies: usize| -> Result<PathBuf, Failure> {
        let folder = shell::root()?.join(format!("target/bench/copies-{copies}"));
        fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
        for copy in 0..copies {
            for entry in fs::read_dir(&reports).map_err(file_failure(&reports))? {
                let path = entry.map_err(file_failure(&reports))?.path();
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                fs::copy(&path, folder.join(format!("{copy}-{name}"))).map_err(file_failure(&path))?;
            }
        }
        Ok(folder)
    };
    let (one, eight) = (many(1)?, many(8)?);
    let ratio = cost(handler, &eight)? / (8.0 * cost(handler, &one)?);
    Ok(Figure {
        what: "8 times the documents, over 8 times the processor time",
        value: ratio,
        unit: "x",
        most: 1.25,
    })
}

/// Our text with structure, child process included, against pypdf's bare text without its start.
fn text_extraction(handler: &Path, sample: &Path, python: &Path) -> Result<Figure, Failure> {
    const ROUNDS: u32 = 5;
    let files: Vec<PathBuf> = fs::read_dir(sample)
        .map_err(file_failure(sample))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    let jobs: Vec<PathBuf> = files.iter().map(|file| job(file)).collect::<Result<_, _>>()?;
    let before = processor_of_ended_children()?;
    for _ in 0..ROUNDS {
        for job in &jobs {
            let input = fs::File::open(job).map_err(file_failure(job))?;
            let mut reader = shell::command(handler)?;
            reader.arg("read-document").stdin(input).stdout(Stdio::null());
            shell::output(&mut reader, "it was built just now")?;
        }
    }
    let ours = (processor_of_ended_children()? - before) / f64::from(ROUNDS);
    let script = "import sys,time,pypdf\n\
        def run():\n for f in sys.argv[1:]:\n  for p in pypdf.PdfReader(f).pages: p.extract_text()\n\
        run()\nt=time.process_time()\nfor _ in range(5): run()\nprint((time.process_time()-t)/5)";
    let printed = shell::output(
        shell::command(python)?.args(["-c", script]).args(&files),
        "see above",
    )?;
    let theirs = number(&printed)?;
    Ok(Figure {
        what: "PDF text with structure, over pypdf's bare text",
        value: ours / theirs,
        unit: "x",
        most: 1.0,
    })
}

/// What the reader's process is given for a file: a line that says what is to be done, and the file.
fn job(file: &Path) -> Result<PathBuf, Failure> {
    let folder = shell::root()?.join("target/bench/jobs");
    fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
    let job = folder.join(file.file_name().unwrap_or_default());
    let bytes = fs::read(file).map_err(file_failure(file))?;
    fs::write(&job, [b"\"read\"\n", bytes.as_slice()].concat()).map_err(file_failure(&job))?;
    Ok(job)
}

/// One template and one set of values, rendered by ours and by docxtpl: the example runs both and says how many times
/// as fast ours is. Opening the template is not counted for ours: the app opens it once.
fn word_rendering(root: &Path, python: &Path) -> Result<Figure, Failure> {
    let example = root.join("target/release/examples/bench");
    let printed = shell::output(shell::command(example)?.arg(python), "it was built just now")?;
    let times = printed
        .lines()
        .find_map(|line| line.strip_prefix("fill:")?.strip_suffix("times as fast"));
    let times = times.ok_or_else(|| Failure::Other("docxtpl did not run".into()))?;
    Ok(Figure {
        what: "Word rendering, over docxtpl's",
        value: 1.0 / number(times)?,
        unit: "x",
        most: 0.1,
    })
}

/// The last number printed.
fn number(printed: &str) -> Result<f64, Failure> {
    let last = printed
        .split_whitespace()
        .rev()
        .find_map(|word| word.parse::<f64>().ok());
    last.ok_or_else(|| Failure::Other("a benchmark printed no number".into()))
}
