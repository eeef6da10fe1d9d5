//! What `cargo xtask demo` and `cargo xtask dev` run: the assembled app over the storage emulator and a Functions
//! host, `func` where it is installed and the dev host where it is not.

#![expect(clippy::print_stdout, reason = "it talks to the person at the terminal")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use azure::{Put, Storage};
use clap::Parser;
use devhost::azurite::{Azurite, AzuriteOptions};
use devhost::{DevHost, Options};
use serde_json::{Value, json};
use tokio::sync::mpsc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long the sample case may take, from the last upload to the end mark.
const PATIENCE: Duration = Duration::from_secs(120);
/// The case's reference: councils use numbers, not names.
const CASE: &str = "EHC-2026-0417";
const RESULTS: [&str; 5] = [
    "draft.docx",
    "evidence.docx",
    "report.html",
    "queries.docx",
    "record.json",
];

#[derive(Parser)]
struct Arguments {
    /// The assembled app
    #[arg(long)]
    app: PathBuf,
    /// The folder of the sample documents
    #[arg(long)]
    sample: Option<PathBuf>,
    /// Where the results go
    #[arg(long, default_value = "target/demo")]
    out: PathBuf,
    /// Leave the app running until Ctrl-C
    #[arg(long)]
    keep: bool,
    /// Upload nothing: run the app until Ctrl-C, or until whoever gives orders on standard input is gone
    #[arg(long)]
    only_serve: bool,
    /// A program to run beside the app, with the app's address in `APP_BASE_URL` and its storage in `APP_STORAGE`; the app
    /// ends with it
    #[arg(last = true, conflicts_with_all = ["sample", "keep", "only_serve"])]
    beside: Vec<String>,
}

enum Host {
    Func(Child),
    /// Ends when it is dropped.
    #[expect(dead_code, reason = "held, not used")]
    Dev(DevHost),
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Self::Func(child) = self {
            // It may have ended by itself.
            if child.kill().is_ok() && child.wait().is_err() {
                println!("`func` could not be stopped");
            }
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Outcome<()> {
    let azurite = start_azurite()?;
    let storage = azurite.storage()?;
    if arguments.only_serve {
        return serve(&arguments.app, &azurite).await;
    }
    let (host, base) = start_host(&arguments.app, &azurite, false).await?;
    if let [program, rest @ ..] = arguments.beside.as_slice() {
        run_beside(program, rest, &base, &azurite).await?;
        return end(host).await;
    }
    let sample = arguments.sample.as_deref().ok_or("`--sample` is missing")?;
    upload(&storage, sample).await?;
    let status = follow(&base).await?;
    fetch(&storage, &arguments.out).await?;
    explain(&base, &status, &arguments.out);
    if arguments.keep {
        println!("\nThe app runs at {base}; end it with Ctrl-C.");
        tokio::signal::ctrl_c().await?;
    }
    end(host).await
}

/// Runs the app until Ctrl-C or the end of standard input, so that it does not outlive who started it. Each line `restart` there
/// starts it anew over the same storage.
async fn serve(app: &Path, azurite: &Azurite) -> Outcome<()> {
    let mut orders = orders();
    loop {
        let (host, base) = start_host(app, azurite, true).await?;
        println!("\nThe app runs at {base}; end it with Ctrl-C.");
        let again = tokio::select! {
            ended = tokio::signal::ctrl_c() => { ended?; false }
            order = orders.recv() => order.is_some(),
        };
        end(host).await?;
        if !again {
            return Ok(());
        }
    }
}

/// The lines `restart` of standard input, as they come.
fn orders() -> mpsc::Receiver<()> {
    let (sender, orders) = mpsc::channel(1);
    // Standard input can be waited for by a thread only; it ends with its reader or with the program.
    std::thread::spawn(move || {
        let lines = std::io::stdin().lines().map_while(Result::ok);
        for _ in lines.filter(|line| line.trim() == "restart") {
            if sender.blocking_send(()).is_err() {
                return;
            }
        }
    });
    orders
}

/// Ending a host waits for its thread.
async fn end(host: Host) -> Outcome<()> {
    Ok(tokio::task::spawn_blocking(move || drop(host)).await?)
}

async fn run_beside(program: &str, arguments: &[String], base: &str, azurite: &Azurite) -> Outcome<()> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("APP_BASE_URL", base)
        .env("APP_STORAGE", azurite.connection_string());
    // The host works on other threads meanwhile.
    let status = tokio::task::spawn_blocking(move || command.status()).await??;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{program}` failed").into())
    }
}

/// On its usual ports where they are free: `UseDevelopmentStorage=true` means those.
fn start_azurite() -> Outcome<Azurite> {
    println!("starting the storage emulator (Azurite)");
    let usual = AzuriteOptions {
        usual_ports: true,
        ..AzuriteOptions::default()
    };
    let free = (10_000..=10_002).all(|port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok());
    Ok(if free {
        Azurite::start_with(&usual)?
    } else {
        Azurite::start()?
    })
}

async fn start_host(app: &Path, azurite: &Azurite, echo: bool) -> Outcome<(Host, String)> {
    let connection = azurite.connection_string();
    if let Some(child) = start_func(app, &connection) {
        let base = "http://localhost:7071".to_owned();
        wait_for(&format!("{base}/api/health")).await?;
        return Ok((Host::Func(child), base));
    }
    println!("starting the dev host (`func` is not installed)");
    let port = if std::net::TcpListener::bind(("127.0.0.1", 7071)).is_ok() {
        7071
    } else {
        0
    };
    let mut options = Options::new(app)
        .setting("AzureWebJobsStorage", &connection)
        .setting("DocumentStorage", &connection);
    options.port = port;
    options.echo = echo;
    // The example's address is that of the usual port.
    if port == 0 {
        options = options.setting("PUBLIC_BASE_URL", "");
    }
    let host = DevHost::start(options)?;
    host.wait_ready().await?;
    let base = host.base_url();
    for line in host.functions() {
        println!("  {line}");
    }
    wait_for(&format!("{base}/api/health")).await?;
    Ok((Host::Dev(host), base))
}

/// Azure Functions Core Tools, where they are installed.
fn start_func(app: &Path, connection: &str) -> Option<Child> {
    let there = Command::new("func")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        return None;
    }
    println!("starting `func start`");
    Command::new("func")
        .args(["start", "--port", "7071"])
        .current_dir(app)
        .stdin(Stdio::null())
        .env("AzureWebJobsStorage", connection)
        .env("DocumentStorage", connection)
        .spawn()
        .ok()
}

async fn wait_for(address: &str) -> Outcome<()> {
    let end = Instant::now() + Duration::from_secs(60);
    while !reqwest::get(address)
        .await
        .is_ok_and(|answer| answer.status().is_success())
    {
        if Instant::now() > end {
            return Err("the app did not answer within a minute".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Uploads the documents, and last the manifest that says which they are: the case is complete with it.
async fn upload(storage: &Storage, sample: &Path) -> Outcome<()> {
    storage.ensure_container("sources").await?;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(sample)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let blob = format!("ehcp/{CASE}/{name}");
        storage
            .put("sources", &blob, std::fs::read(&path)?, Put::default())
            .await?;
        println!("uploaded sources/{blob}");
        names.push(name);
    }
    let documents: Vec<Value> = names.iter().map(|name| json!({ "file": name })).collect();
    let manifest = json!({ "documents": documents }).to_string().into_bytes();
    storage
        .put(
            "sources",
            &format!("ehcp/{CASE}/case.json"),
            manifest,
            Put::default(),
        )
        .await?;
    println!("uploaded sources/ehcp/{CASE}/case.json");
    Ok(())
}

/// Asks for the status until the case has ended; shows each change.
async fn follow(base: &str) -> Outcome<Value> {
    let address = format!("{base}/api/drafts/ehcp/{CASE}");
    let begun = Instant::now();
    let mut last = String::new();
    while begun.elapsed() < PATIENCE {
        let answer = reqwest::get(&address).await?;
        let running = answer.status() == 202 || answer.status() == 404;
        let status: Value = answer.json().await?;
        let state = status
            .get("state")
            .and_then(Value::as_str)
            .unwrap_or("unknown")
            .to_owned();
        if state != last && status.get("status").is_none() {
            println!("{:5.1} s  {state}", begun.elapsed().as_secs_f32());
            last = state;
        }
        if !running {
            return Ok(status);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the case was not drafted in time; `cargo xtask dev` shows the app's log".into())
}

async fn fetch(storage: &Storage, out: &Path) -> Outcome<()> {
    std::fs::create_dir_all(out)?;
    for file in RESULTS {
        let blob = storage.get("drafts", &format!("ehcp/{CASE}/{file}")).await?;
        let blob = blob.ok_or("a result is missing")?;
        std::fs::write(out.join(file), blob.bytes)?;
    }
    Ok(())
}

fn explain(base: &str, status: &Value, out: &Path) {
    println!(
        "\noutcome: {}",
        status
            .pointer("/outcome/state")
            .and_then(Value::as_str)
            .unwrap_or("unknown")
    );
    for file in RESULTS {
        println!("  {}", out.join(file).display());
    }
    println!("\nwith the app running (`cargo xtask demo --keep`, or `cargo xtask dev` and an upload):");
    println!("  curl {base}/api/drafts/ehcp/{CASE}");
    println!("  curl -OJ {base}/api/drafts/ehcp/{CASE}/draft.docx");
    println!(
        "  curl -X POST {base}/api/drafts/ehcp/{CASE} -H 'Content-Type: application/json' -d '{{\"wait\":true}}'"
    );
    println!("  curl {base}/api/recipes");
}
