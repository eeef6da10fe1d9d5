//! How the handler's process is started, and what becomes of what it prints.

use crate::host_file::{CustomHandler, Description};
use crate::log::{Level, Log, Source};
use crate::settings::Settings;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// A crash report quotes this many of the last lines on standard error.
const QUOTED: usize = 3;

/// The command line, folder and environment, the same at every start.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    errors_only: bool,
    /// Where the handler has to listen, the same over restarts.
    pub port: u16,
}

impl Launch {
    pub(crate) fn new(
        root: &Path,
        handler: &CustomHandler,
        settings: &Settings,
        address: SocketAddr,
    ) -> std::io::Result<Self> {
        let description = &handler.description;
        let port = handler.port.map_or_else(free_port, Ok)?;
        Ok(Self {
            program: program(root, description, settings),
            arguments: arguments(description, settings),
            folder: root.join(&description.working_directory),
            environment: environment(root, settings, port, address),
            errors_only: description.use_std_error_stream_for_errors_only.unwrap_or(true),
            port,
        })
    }

    pub(crate) fn start(&self, log: &Log) -> std::io::Result<Process> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let last_errors = LastErrors::default();
        if let Some(output) = child.stdout.take() {
            pump(output, log.clone(), |_| Level::Information, LastErrors::default());
        }
        if let Some(errors) = child.stderr.take() {
            let level = if self.errors_only {
                level_of_error
            } else {
                level_of_mixed
            };
            pump(errors, log.clone(), level, last_errors.clone());
        }
        Ok(Process { child, last_errors })
    }

    pub(crate) fn program(&self) -> &Path {
        &self.program
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A path to a file below the root is taken from there; anything else is looked for by the system.
fn program(root: &Path, description: &Description, settings: &Settings) -> PathBuf {
    let path = settings.expand_or_remove(&description.default_executable_path);
    let below = root.join(&description.worker_directory).join(&path);
    if below.is_file() {
        below
    } else {
        PathBuf::from(path)
    }
}

/// The host joins everything with spaces into one line, which the system's rules for quotes take apart again.
fn arguments(description: &Description, settings: &Settings) -> Vec<String> {
    let path = &description.default_worker_path;
    let quoted = if path.is_empty() {
        String::new()
    } else {
        format!("\"{path}\"")
    };
    let parts = description
        .arguments
        .iter()
        .chain([&quoted])
        .chain(&description.worker_arguments);
    let line = parts
        .map(|part| settings.expand_or_remove(part))
        .collect::<Vec<_>>()
        .join(" ");
    split(&line)
}

fn split(line: &str) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if !open {
                    arguments.push(String::new());
                }
                open = true;
            }
            c if c.is_whitespace() && !quoted => open = false,
            c => {
                match arguments.last_mut().filter(|_| open) {
                    Some(argument) => argument.push(c),
                    None => arguments.push(c.to_string()),
                }
                open = true;
            }
        }
    }
    arguments
}

fn environment(root: &Path, settings: &Settings, port: u16, address: SocketAddr) -> Vec<(String, String)> {
    let id = uuid::Uuid::new_v4().to_string();
    let own = [
        ("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()),
        ("FUNCTIONS_HTTPWORKER_PORT", port.to_string()),
        ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", id.clone()),
        ("FUNCTIONS_HTTPWORKER_ID", id),
        ("FUNCTIONS_APP_ROOT_PATH", root.display().to_string()),
        // Where callers reach the host, by the name that Core Tools and the platform use.
        ("WEBSITE_HOSTNAME", address.to_string()),
    ];
    let settings = settings
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    settings
        .chain(own.map(|(name, value)| (name.to_owned(), value)))
        .collect()
}

/// The last lines that a process wrote to standard error as errors.
#[derive(Clone, Debug, Default)]
struct LastErrors(Arc<Mutex<Vec<String>>>);

impl LastErrors {
    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == QUOTED {
            lines.remove(0);
        }
        lines.push(line.to_owned());
    }

    fn quote(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join(" | ")
    }
}

fn pump(stream: impl Read + Send + 'static, log: Log, level: fn(&str) -> Level, last: LastErrors) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            let level = level(&text);
            if level == Level::Error {
                last.push(&text);
            }
            log.write(level, Source::Handler, text);
            line.clear();
        }
    });
}

fn level_of_error(line: &str) -> Level {
    if line.to_lowercase().contains("warn") {
        Level::Warning
    } else {
        Level::Error
    }
}

fn level_of_mixed(line: &str) -> Level {
    let line = line.to_lowercase();
    let grave = ["error", "fail", "severe", "unhandled exception"];
    match grave.iter().any(|word| line.contains(word)) {
        true => Level::Error,
        false if line.contains("warn") => Level::Warning,
        false => Level::Information,
    }
}

/// A running handler. Dropping it kills it, as the real host does: no warning, SIGKILL.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    last_errors: LastErrors,
}

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    pub(crate) fn kill(&mut self) -> std::io::Result<()> {
        self.child.kill()
    }

    pub(crate) fn last_errors(&self) -> String {
        self.last_errors.quote()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only for a process that has ended and been waited for.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, level_of_error, level_of_mixed, split};

    #[test]
    fn a_line_is_taken_apart_by_quotes() {
        let check = |line: &str, expected: &[&str]| assert_eq!(split(line), expected, "{line}");
        check("", &[]);
        check("  a  b ", &["a", "b"]);
        check(r#"--db "a b" c"d e"f """#, &["--db", "a b", "cd ef", ""]);
    }

    #[test]
    fn lines_on_standard_error_have_levels() {
        let check = |line: &str, errors_only, mixed| {
            assert_eq!(
                (level_of_error(line), level_of_mixed(line)),
                (errors_only, mixed),
                "{line}"
            );
        };
        check("thread panicked", Level::Error, Level::Information);
        check("WARN low memory", Level::Warning, Level::Warning);
        check("it failed", Level::Error, Level::Error);
    }
}
