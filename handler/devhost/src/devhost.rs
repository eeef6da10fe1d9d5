//! A host as its user sees it: start, ask, stop, kill.

use crate::counts::{Counts, Tally};
use crate::lives::{Lives, Request, State};
use crate::log::{Level, Log};
use crate::options::Options;
use crate::plan::{Plan, StartError};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// The host has stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host has stopped: {0}")]
pub struct Stopped(pub String);

/// A running host. Dropping it kills it.
#[derive(Debug)]
pub struct DevHost {
    address: SocketAddr,
    log: Log,
    counts: Counts,
    lines: Vec<String>,
    state: watch::Receiver<State>,
    requests: mpsc::UnboundedSender<Request>,
    thread: Option<JoinHandle<()>>,
}

impl DevHost {
    /// Starts a host on a thread of its own. It listens when this returns; the handler may take longer.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let listener = listen(options.port)?;
        let plan = Arc::new(Plan::read(options, &listener)?);
        let (state_sender, state) = watch::channel(State::default());
        let (requests, inbox) = mpsc::unbounded_channel();
        let lives = Lives {
            plan: Arc::clone(&plan),
            listener,
            state: state_sender,
            inbox,
        };
        let thread = std::thread::Builder::new()
            .name("devhost".to_owned())
            .spawn(move || lives.run());
        let prefix = &plan.file.extensions.http.route_prefix;
        Ok(Self {
            address: plan.address,
            log: plan.log.clone(),
            counts: plan.counts.clone(),
            lines: plan
                .functions
                .iter()
                .map(|function| function.line(plan.address, prefix))
                .collect(),
            state,
            requests,
            thread: Some(thread.map_err(StartError::System)?),
        })
    }

    /// `http://127.0.0.1:{port}`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One line a function: its name, trigger and address.
    #[must_use]
    pub fn functions(&self) -> &[String] {
        &self.lines
    }

    /// The log so far.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// How often a function ran.
    #[must_use]
    pub fn tally(&self, function: &str) -> Tally {
        self.counts.of(function)
    }

    /// The handler's process, while there is one.
    #[must_use]
    pub fn handler_pid(&self) -> Option<u32> {
        self.state.borrow().handler.pid
    }

    /// Waits until the handler has answered for the first time, or again after it ended.
    pub async fn wait_ready(&self) -> Result<(), Stopped> {
        let mut state = self.state.clone();
        let seen = state
            .wait_for(|state| state.handler.ready || state.stopped.is_some())
            .await;
        match seen.map(|state| state.stopped.clone()) {
            Ok(None) => Ok(()),
            Ok(Some(reason)) => Err(Stopped(reason)),
            Err(_) => Err(Stopped("its thread ended".to_owned())),
        }
    }

    /// Waits until the host has stopped, by itself or not, and says why.
    pub async fn wait_stopped(&self) -> Stopped {
        let mut state = self.state.clone();
        match state
            .wait_for(|state| state.stopped.is_some())
            .await
            .map(|state| state.clone())
        {
            Ok(State {
                stopped: Some(reason),
                ..
            }) => Stopped(reason),
            Ok(_) | Err(_) => Stopped("its thread ended".to_owned()),
        }
    }

    /// Ends the handler as a crash would; the host's rules for restarts decide what follows.
    pub fn crash_handler(&self) {
        self.request(Request::CrashHandler);
    }

    /// As SIGKILL would end it: nothing is finished, given back or written, and the handler dies with it.
    pub fn kill(mut self) {
        self.end(Request::Kill);
    }

    /// Lets what is running end, for ten seconds at most, then kills the handler.
    pub fn stop(mut self) {
        self.end(Request::Stop);
    }

    fn request(&self, request: Request) {
        if self.requests.send(request).is_err() {
            self.log.host(Level::Information, "The host has ended already.");
        }
    }

    fn end(&mut self, request: Request) {
        if let Some(thread) = self.thread.take() {
            if !thread.is_finished() {
                self.request(request);
            }
            if thread.join().is_err() {
                self.log.host(Level::Error, "The host's thread panicked.");
            }
        }
    }
}

impl Drop for DevHost {
    fn drop(&mut self) {
        self.end(Request::Kill);
    }
}

fn listen(port: u16) -> Result<TcpListener, StartError> {
    let listener =
        TcpListener::bind(("127.0.0.1", port)).map_err(|source| StartError::Port { port, source })?;
    listener.set_nonblocking(true).map_err(StartError::System)?;
    Ok(listener)
}
