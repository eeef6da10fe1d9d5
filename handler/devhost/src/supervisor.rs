//! Keeps one handler running: starts it, waits until it answers, starts it again.

use crate::launch::{Launch, Process};
use crate::log::{Level, Log};
use crate::options::ExitZero;
use crate::strikes::{End, Next, Strikes};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// Between two looks at the process and, until it is ready, two requests.
const TICK: Duration = Duration::from_millis(25);
/// A handler that takes the connection and says nothing is asked again after this.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// What is known of the handler's process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Handler {
    pub pid: Option<u32>,
    /// It has answered; the host believes so until it sees the process end.
    pub ready: bool,
}

/// What the supervisor is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// End the handler and start it anew, which is no crash.
    Restart,
    /// End the handler as a crash would.
    Crash,
    /// Leave it, but start no other: a terminal's Ctrl-C reaches the handler as well as the host.
    Finish,
}

/// The one who starts the handler.
pub(crate) struct Supervisor {
    pub launch: Launch,
    pub log: Log,
    pub http: reqwest::Client,
    pub address: String,
    pub initialization_timeout: Duration,
    pub exit_zero: ExitZero,
    pub state: watch::Sender<Handler>,
    pub orders: mpsc::UnboundedReceiver<Order>,
    pub finishing: bool,
}

impl Supervisor {
    /// Runs until the host has to give up; the answer says why.
    pub(crate) async fn run(mut self) -> String {
        let mut strikes = Strikes::default();
        loop {
            let end = self.one_process().await;
            if self.finishing {
                std::future::pending::<()>().await;
            }
            match strikes.judge(end, self.exit_zero, Instant::now()) {
                Next::Restart => self.log.host(Level::Information, "Restarting the handler."),
                Next::BlackHole => self.wait_for_restart().await,
                Next::GiveUp => {
                    return "Exceeded http worker restart retry count. Shutting down Functions Host"
                        .to_owned();
                }
            }
        }
    }

    async fn one_process(&mut self) -> End {
        let mut process = match self.launch.start(&self.log) {
            Ok(process) => process,
            Err(error) => {
                let program = self.launch.program().display();
                self.log
                    .host(Level::Error, format!("Failed to start `{program}`: {error}"));
                return End::NotReady;
            }
        };
        self.state.send_replace(Handler {
            pid: Some(process.id()),
            ready: false,
        });
        let end = self.watch(&mut process).await;
        if !(end == End::Exit(Some(0)) && self.exit_zero == ExitZero::BlackHole) {
            self.state.send_replace(Handler::default());
        }
        end
    }

    async fn watch(&mut self, process: &mut Process) -> End {
        let deadline = Instant::now() + self.initialization_timeout;
        let mut ready = false;
        loop {
            if let Some(end) = self.look(process) {
                return end;
            }
            if !ready && self.answers().await {
                ready = true;
                self.state.send_replace(Handler {
                    pid: Some(process.id()),
                    ready,
                });
                self.log.host(
                    Level::Information,
                    format!("The handler is ready (process {}).", process.id()),
                );
            }
            if !ready && Instant::now() > deadline {
                self.log
                    .host(Level::Error, "The handler did not answer `GET /` in time.");
                return End::NotReady;
            }
            tokio::select! {
                Some(order) = self.orders.recv() => match order {
                    Order::Restart => return End::Wanted,
                    Order::Crash => self.crash(process),
                    Order::Finish => self.finishing = true,
                },
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    fn look(&self, process: &mut Process) -> Option<End> {
        match process.ended() {
            Ok(None) => None,
            Ok(Some(status)) => {
                let quoted = process.last_errors();
                let level = if status.success() {
                    Level::Information
                } else {
                    Level::Error
                };
                self.log.host(
                    level,
                    format!("The handler ended with code {}. {quoted}", shown(status)),
                );
                Some(End::Exit(status.code()))
            }
            Err(error) => {
                self.log
                    .host(Level::Error, format!("The handler cannot be watched: {error}"));
                Some(End::Exit(None))
            }
        }
    }

    fn crash(&self, process: &mut Process) {
        if let Err(error) = process.kill() {
            self.log
                .host(Level::Error, format!("The handler cannot be killed: {error}"));
        }
    }

    /// Whether anything at all comes back from `GET /`.
    async fn answers(&self) -> bool {
        let request = self.http.get(&self.address).timeout(ANSWER_LIMIT).send();
        match request.await {
            Ok(_) => true,
            Err(error) => !(error.is_connect() || error.is_timeout()),
        }
    }

    async fn wait_for_restart(&mut self) {
        while let Some(order) = self.orders.recv().await {
            if order == Order::Restart {
                return;
            }
        }
    }
}

/// A signal shows as 128 and its number, as shells and .NET have it.
fn shown(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(-1)
}
