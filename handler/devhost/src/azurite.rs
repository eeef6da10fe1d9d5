//! Azurite, the storage emulator, as a child of the process that needs it.

use azure::{Account, Storage, Url};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A busy machine has been seen to take more than ten seconds.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Where npm puts the emulator, under the folder that holds `package.json`.
const SCRIPT: &str = "node_modules/azurite/dist/src/azurite.js";
/// Azurite has no option for it: end when the parent does, however the parent ended.
const END_WITH_PARENT: &str = "data:text/javascript,process.stdin.resume().on('end',()=>process.exit())";
const ACCOUNT: &str = "devstoreaccount1";
/// The public key of the emulator's account, the same on every machine.
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum AzuriteError {
    /// npm has not been run.
    #[error("the storage emulator is not installed: run `npm ci` in the folder that holds `package.json`")]
    NotInstalled,
    /// There is no `node`.
    #[error("cannot start `node`; install Node.js 20 or later")]
    Node(#[source] std::io::Error),
    /// It ended at once or said nothing for a minute.
    #[error("the storage emulator did not start; are its ports taken?")]
    NotReady,
    /// It says it listens somewhere that cannot be.
    #[error("the storage emulator gave an unusable address")]
    Address,
}

/// How to run the emulator.
#[derive(Clone, Debug, Default)]
pub struct AzuriteOptions {
    /// The ports 10000 to 10002, which `UseDevelopmentStorage=true` means, instead of any free ones.
    pub usual_ports: bool,
    /// The folder to keep blobs in; none keeps them in memory and forgets them at the end.
    pub location: Option<PathBuf>,
    /// A certificate and its key, both in PEM: then it speaks https and takes bearer tokens, whose signature it
    /// does not check.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// A running emulator. It ends when this is dropped, and also when this process is killed.
#[derive(Debug)]
pub struct Azurite {
    process: Child,
    blob: Url,
    queue: Url,
}

impl Azurite {
    /// An emulator of its own on free ports, in memory. Blocks until it listens.
    pub fn start() -> Result<Self, AzuriteError> {
        Self::start_with(&AzuriteOptions::default())
    }

    /// An emulator as `options` say. Blocks until it listens.
    pub fn start_with(options: &AzuriteOptions) -> Result<Self, AzuriteError> {
        let mut process = command(&script()?, options).spawn().map_err(AzuriteError::Node)?;
        match addresses(&mut process) {
            Ok((blob, queue)) => Ok(Self { process, blob, queue }),
            Err(error) => {
                end(&mut process);
                Err(error)
            }
        }
    }

    /// What `AzureWebJobsStorage` has to be for this emulator.
    #[must_use]
    pub fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={};QueueEndpoint={}",
            self.blob, self.queue
        )
    }

    /// Where its blobs and its queues are.
    #[must_use]
    pub fn endpoints(&self) -> (&Url, &Url) {
        (&self.blob, &self.queue)
    }

    /// The account as the storage crate knows it.
    pub fn account(&self) -> Result<Account, azure::AccountFault> {
        Account::emulator(self.blob.clone(), self.queue.clone())
    }

    /// A connection to it.
    pub fn storage(&self) -> Result<Storage, azure::StorageError> {
        let account = self.account().map_err(|_| azure::StorageError::Unavailable)?;
        Storage::connect(&account)
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn end(process: &mut Child) {
    // A process that cannot be killed or waited for has ended already.
    if process.kill().is_ok() && process.wait().is_err() {
        process.stdin.take();
    }
}

/// Looks upwards from the present folder, which for tests is the crate's.
fn script() -> Result<PathBuf, AzuriteError> {
    let here = std::env::current_dir().map_err(|_| AzuriteError::NotInstalled)?;
    let above = here.ancestors().map(|folder| folder.join(SCRIPT));
    above
        .into_iter()
        .find(|path| path.is_file())
        .ok_or(AzuriteError::NotInstalled)
}

fn command(script: &Path, options: &AzuriteOptions) -> Command {
    let mut command = Command::new("node");
    command.args(["--import", END_WITH_PARENT]).arg(script);
    // The SDK speaks a newer version of the protocol than the emulator knows by name.
    command.args(["--silent", "--disableTelemetry", "--skipApiVersionCheck"]);
    match &options.location {
        Some(folder) => command.arg("--location").arg(folder),
        None => command.arg("--inMemoryPersistence"),
    };
    if let Some((certificate, key)) = &options.certificate {
        command.args(["--oauth", "basic", "--cert"]).arg(certificate);
        command.arg("--key").arg(key);
    }
    if !options.usual_ports {
        command.args(["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"]);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Reads the two addresses from what the emulator prints, and goes on reading so that it never blocks.
fn addresses(process: &mut Child) -> Result<(Url, Url), AzuriteError> {
    let output = process.stdout.take().ok_or(AzuriteError::NotReady)?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let blob = listening(&mut lines, "Blob");
        let both = blob.and_then(|blob| Ok((blob, listening(&mut lines, "Queue")?)));
        if sender.send(both).is_ok() {
            lines.for_each(drop);
        }
    });
    receiver
        .recv_timeout(START_LIMIT)
        .unwrap_or(Err(AzuriteError::NotReady))
}

fn listening(lines: &mut impl Iterator<Item = String>, service: &str) -> Result<Url, AzuriteError> {
    let wanted = format!("Azurite {service} service is successfully listening at ");
    let line = lines.find_map(|line| Some(line.strip_prefix(&wanted)?.trim().to_owned()));
    let address = line.ok_or(AzuriteError::NotReady)?;
    Url::parse(&format!("{address}/{ACCOUNT}")).map_err(|_| AzuriteError::Address)
}
