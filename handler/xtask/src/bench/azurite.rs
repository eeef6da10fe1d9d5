//! The storage emulator, for as long as a figure needs it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::shell::{self, Failure};

/// The public account of the emulator, the same on every machine.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A running emulator that keeps everything in memory.
pub struct Azurite {
    process: Child,
    /// Held open: it ends when it can no longer write.
    _output: BufReader<ChildStdout>,
    /// What `DocumentStorage` has to be for it.
    pub connection: String,
}

impl Azurite {
    /// Starts it on free ports; it listens when this returns.
    pub fn start() -> Result<Self, Failure> {
        shell::node_packages()?;
        let mut process = Command::new("node")
            .arg(shell::root()?.join("node_modules/azurite/dist/src/azurite.js"))
            .args([
                "--silent",
                "--disableTelemetry",
                "--skipApiVersionCheck",
                "--inMemoryPersistence",
            ])
            .args(["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|_| Failure::Missing {
                program: "node".into(),
                hint: "install Node.js 20 or later",
            })?;
        let mut output = process.stdout.take().map(BufReader::new);
        let connection = output.as_mut().and_then(connection);
        if let (Some(output), Some(connection)) = (output, connection) {
            return Ok(Self {
                process,
                _output: output,
                connection,
            });
        }
        super::end(&mut process);
        Err(Failure::Other("the storage emulator did not start".into()))
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        super::end(&mut self.process);
    }
}

/// The connection string, from what it prints when it listens.
fn connection(output: &mut BufReader<ChildStdout>) -> Option<String> {
    let mut lines = output.lines().map_while(Result::ok);
    let mut address = |service: &str| {
        let wanted = format!("Azurite {service} service is successfully listening at ");
        lines.find_map(|line| Some(line.strip_prefix(&wanted)?.trim().to_owned()))
    };
    let (blob, queue) = (address("Blob")?, address("Queue")?);
    Some(format!(
        "DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};\
         BlobEndpoint={blob}/{ACCOUNT};QueueEndpoint={queue}/{ACCOUNT}"
    ))
}
