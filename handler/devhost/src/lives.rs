//! The host's thread: one life after another, until somebody ends it or nothing starts it over.

use crate::blob_trigger;
use crate::functions::TriggerKind;
use crate::handler_client::HandlerClient;
use crate::host::{Ending, Host};
use crate::http;
use crate::log::Level;
use crate::plan::Plan;
use crate::queue_listener::QueueListener;
use crate::supervisor::{Handler, Order, Supervisor};
use crate::timer;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How long a stopping host waits for what is running.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// For the last answers to leave.
const FLUSH: Duration = Duration::from_millis(50);
/// Before a host that gave up is started over.
const OUTER_PAUSE: Duration = Duration::from_secs(1);

/// What a caller may learn while the host runs on its own thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub handler: Handler,
    pub stopped: Option<String>,
}

/// What the user asks of a running host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Stop,
    Kill,
    CrashHandler,
}

/// The host's thread: one life after another.
pub(crate) struct Lives {
    pub plan: Arc<Plan>,
    pub listener: TcpListener,
    pub state: watch::Sender<State>,
    pub inbox: mpsc::UnboundedReceiver<Request>,
}

impl Lives {
    pub(crate) fn run(mut self) {
        let reason = loop {
            match self.life() {
                Ok(Ending::Stopped) => break "it was stopped".to_owned(),
                Ok(Ending::Killed) => break "it was killed".to_owned(),
                Ok(Ending::Failed(reason)) if self.plan.deviations.outer_restart => {
                    self.plan
                        .log
                        .host(Level::Error, format!("{reason}; the platform starts it over."));
                    std::thread::sleep(OUTER_PAUSE);
                }
                Ok(Ending::Failed(reason)) => break reason,
                Err(error) => break error.to_string(),
            }
        };
        self.plan
            .log
            .host(Level::Information, format!("The host has stopped: {reason}."));
        self.state.send_modify(|state| {
            state.handler = Handler::default();
            state.stopped = Some(reason);
        });
    }

    /// A life has a runtime of one thread: once its end is decided nothing of it moves any more, and dropping the
    /// runtime drops every invocation where it stands.
    fn life(&mut self) -> std::io::Result<Ending> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let ending = runtime.block_on(self.live());
        runtime.shutdown_background();
        ending
    }

    async fn live(&mut self) -> std::io::Result<Ending> {
        let client = HandlerClient::new(self.plan.launch.port).map_err(std::io::Error::other)?;
        let (handler_sender, handler) = watch::channel(Handler::default());
        let (orders, order_inbox) = mpsc::unbounded_channel();
        let (endings, mut ending_inbox) = mpsc::unbounded_channel();
        let supervisor = Supervisor {
            launch: self.plan.launch.clone(),
            log: self.plan.log.clone(),
            http: client.http().clone(),
            address: format!("{}/", client.address),
            initialization_timeout: self.plan.initialization_timeout(),
            exit_zero: self.plan.deviations.exit_zero,
            state: handler_sender,
            orders: order_inbox,
            finishing: false,
        };
        let host = Host::new(Arc::clone(&self.plan), client, handler.clone(), orders, endings);
        let host = Arc::new(host.map_err(std::io::Error::other)?);
        let listener = tokio::net::TcpListener::from_std(self.listener.try_clone()?)?;
        start_triggers(&host);
        let served = axum::serve(listener, http::router(Arc::clone(&host)));
        let mut told = self.state.clone();
        tokio::select! {
            biased;
            ending = serve_requests(&mut self.inbox, &host) => Ok(ending),
            Some(ending) = ending_inbox.recv() => Ok(ending),
            reason = supervise(supervisor, &self.plan) => Ok(Ending::Failed(reason)),
            served = served => served.map(|()| Ending::Stopped),
            () = tell(handler, &mut told) => Ok(Ending::Stopped),
        }
    }
}

/// Without functions there is nothing to run a handler for, and the real host starts none.
async fn supervise(supervisor: Supervisor, plan: &Plan) -> String {
    if plan.functions.is_empty() {
        plan.log.host(
            Level::Warning,
            "No functions were found; the handler is not started.",
        );
        std::future::pending::<()>().await;
    }
    supervisor.run().await
}

/// Passes on what is known of the handler, for as long as the host lives.
async fn tell(mut handler: watch::Receiver<Handler>, state: &mut watch::Sender<State>) {
    loop {
        let known = *handler.borrow_and_update();
        state.send_modify(|state| state.handler = known);
        if handler.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// What the user asks for; ends with the request that ends the host.
async fn serve_requests(inbox: &mut mpsc::UnboundedReceiver<Request>, host: &Host) -> Ending {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::CrashHandler => host.order(Order::Crash),
            Request::Kill => return Ending::Killed,
            Request::Stop => {
                host.drain();
                host.order(Order::Finish);
                let idle = async {
                    while !host.is_idle() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                };
                let ended = tokio::time::timeout(DRAIN_LIMIT, idle).await;
                if ended.is_err() {
                    host.log().host(
                        Level::Warning,
                        "Functions were still running when the host stopped.",
                    );
                }
                tokio::time::sleep(FLUSH).await;
                return Ending::Stopped;
            }
        }
    }
    Ending::Killed
}

fn start_triggers(host: &Arc<Host>) {
    for function in &host.plan.functions {
        match &function.trigger.kind {
            TriggerKind::Blob(trigger) if trigger.event_grid => {}
            TriggerKind::Blob(trigger) => {
                tokio::spawn(blob_trigger::scan(
                    Arc::clone(host),
                    Arc::clone(function),
                    trigger.clone(),
                ));
            }
            TriggerKind::Queue { queue, connection } => {
                if let Ok(found) = host.connection(connection) {
                    let listener = QueueListener::of_queue(host, &found.storage, queue, function);
                    tokio::spawn(Arc::new(listener).listen());
                }
            }
            TriggerKind::Timer { schedule, at_start } => {
                let schedule = schedule.clone();
                tokio::spawn(timer::run(
                    Arc::clone(host),
                    Arc::clone(function),
                    schedule,
                    *at_start,
                ));
            }
            TriggerKind::Http(_) => {}
        }
    }
    if host.has_blob_triggers()
        && let Ok(own) = host.connection("")
    {
        tokio::spawn(Arc::new(QueueListener::of_blobs(host, &own.storage)).listen());
    }
}
