//! One life of the host: everything its parts share, and how it ends.

use crate::functions::{Function, TriggerKind};
use crate::handler_client::HandlerClient;
use crate::log::Log;
use crate::plan::Plan;
use crate::supervisor::{Handler, Order};
use azure::{Storage, StorageError, Url};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// An invocation that finds no ready handler waits this many initialization timeouts.
const WAITS: u32 = 4;

/// Why a life of the host ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Asked to, after what was running had ended.
    Stopped,
    /// Asked to, at once.
    Killed,
    /// By a fault, in the host's own words.
    Failed(String),
}

/// A storage account in use.
#[derive(Clone)]
pub(crate) struct Connection {
    pub storage: Storage,
    pub blobs: Url,
}

/// The shared parts of a running host.
pub(crate) struct Host {
    pub plan: Arc<Plan>,
    pub connections: BTreeMap<String, Connection>,
    pub client: HandlerClient,
    pub handler: watch::Receiver<Handler>,
    pub orders: mpsc::UnboundedSender<Order>,
    pub endings: mpsc::UnboundedSender<Ending>,
    pub started: Instant,
    /// Whether somebody has asked that nothing fires until they say so; calls by HTTP are taken all the same.
    held: watch::Sender<bool>,
    draining: AtomicBool,
    running: AtomicUsize,
}

impl Host {
    pub(crate) fn new(
        plan: Arc<Plan>,
        client: HandlerClient,
        handler: watch::Receiver<Handler>,
        orders: mpsc::UnboundedSender<Order>,
        endings: mpsc::UnboundedSender<Ending>,
    ) -> Result<Self, StorageError> {
        let mut connections = BTreeMap::new();
        for (name, account) in &plan.accounts {
            let connection = Connection {
                storage: Storage::connect(account)?,
                blobs: account.blob_endpoint().clone(),
            };
            connections.insert(name.clone(), connection);
        }
        Ok(Self {
            plan,
            connections,
            client,
            handler,
            orders,
            endings,
            started: Instant::now(),
            held: watch::Sender::new(false),
            draining: AtomicBool::new(false),
            running: AtomicUsize::new(0),
        })
    }

    pub(crate) fn log(&self) -> &Log {
        &self.plan.log
    }

    /// The connection of that name. All that functions name were there when they were loaded.
    pub(crate) fn connection(&self, name: &str) -> Result<&Connection, StorageError> {
        self.connections.get(name).ok_or(StorageError::NotFound)
    }

    pub(crate) fn function(&self, name: &str) -> Option<&Arc<Function>> {
        self.plan
            .functions
            .iter()
            .find(|function| function.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn has_blob_triggers(&self) -> bool {
        self.plan
            .functions
            .iter()
            .any(|function| matches!(function.trigger.kind, TriggerKind::Blob(_)))
    }

    pub(crate) fn function_timeout(&self) -> Option<Duration> {
        self.plan
            .deviations
            .function_timeout
            .or(self.plan.file.function_timeout.0)
    }

    /// Waits for the handler; where it does not come, the host stops, as the real one does.
    pub(crate) async fn wait_for_handler(&self) -> bool {
        let mut handler = self.handler.clone();
        let limit = self.plan.initialization_timeout() * WAITS;
        let ready = tokio::time::timeout(limit, handler.wait_for(|handler| handler.ready)).await;
        let is_ready = matches!(ready, Ok(Ok(_)));
        if !is_ready {
            self.end(Ending::Failed(
                "Initialization timed out. Shutting down Functions Host".to_owned(),
            ));
        }
        is_ready
    }

    pub(crate) fn end(&self, ending: Ending) {
        if self.endings.send(ending).is_err() {
            self.log()
                .host(crate::log::Level::Information, "The host is ending already.");
        }
    }

    /// From now on no trigger fires.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// No trigger fires until [`Self::resume`]; what runs goes on.
    pub(crate) fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Triggers fire again.
    pub(crate) fn resume(&self) {
        self.held.send_replace(false);
    }

    pub(crate) fn is_held(&self) -> bool {
        *self.held.borrow()
    }

    /// Waits until triggers may fire.
    pub(crate) async fn until_resumed(&self) {
        let mut held = self.held.subscribe();
        // The sender lives as long as the host.
        let waited = held.wait_for(|held| !held).await;
        drop(waited);
    }

    /// What runs now.
    pub(crate) fn outstanding(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    /// Counts something as running until the answer is dropped.
    pub(crate) fn running(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(Arc::clone(self))
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.outstanding() == 0
    }
}

/// Something that runs.
pub(crate) struct Running(Arc<Host>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
