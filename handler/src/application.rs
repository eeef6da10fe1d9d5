//! Wiring: the one place that names every adapter.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use azure::{Identity, Storage};
use model::openai::OpenAi;
use reading::sandbox::{Sandbox, SandboxLimits};
use recognition::{DocumentIntelligence, Recogniser, Tesseract};
use screening::{Screen, Shield};
use wire::{Secret, TokenFault, Tokens};

use crate::audit_log::AuditLog;
use crate::config::{self, Config, ContentSafety, HostStorage, Local, Model, ReadBy, ScanReading, SignIn};
use crate::doors::{self, Doors, Entrance, Incident};
use crate::recipes::{Shelf, ShelfFault};
use crate::routine::{Modelled, Services};
use crate::scanned::Scans;
use crate::tenant_keys::TenantKeys;
use crate::workflow::{HostAccount, Workflow};
use crate::{measured, places};

/// Why the app cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The recipes.
    #[error(transparent)]
    Shelf(#[from] ShelfFault),
    /// The storage account.
    #[error("storage: {0}")]
    Storage(#[from] azure::StorageError),
    /// The language model's client.
    #[error("the language model: {0}")]
    Model(#[from] model::openai::SettingsFault),
    /// The client of content safety or of Document Intelligence.
    #[error(transparent)]
    Service(#[from] wire::LineFault),
    /// The identity that asks a service.
    #[error("the identity for the language model, content safety, Document Intelligence or telemetry: {0}")]
    Identity(#[from] azure::TokenError),
    /// The client that fetches the tenant's keys.
    #[error("the client for the tenant's keys: {0}")]
    TenantKeys(reqwest::Error),
    /// Telemetry.
    #[error(transparent)]
    Telemetry(#[from] telemetry::StartFault),
    /// Opening ended without a result.
    #[error("reading the recipes stopped; the log has the reason")]
    Stopped,
    /// The port or the program itself.
    #[error("{what}: {cause}")]
    System {
        /// What could not be done.
        what: &'static str,
        /// Why.
        cause: std::io::Error,
    },
}

/// The services of the routine, on this machine.
pub fn services(local: &Local) -> Result<Services, StartFault> {
    let program = std::env::current_exe().map_err(|cause| StartFault::System {
        what: "the app's own program cannot be found",
        cause,
    })?;
    let limits = SandboxLimits::default().with_file_bytes(local.document_bytes);
    let safety = local.content_safety.as_ref().map(content_safety).transpose()?;
    let screen = local
        .content_safety
        .as_ref()
        .filter(|safety| safety.screening)
        .and(safety.clone());
    Ok(Services {
        scans: local
            .scans
            .as_ref()
            .map(|scans| reader_of_scans(&program, scans))
            .transpose()?,
        sandbox: Sandbox::new(program, vec![crate::cli::READER.into()], limits),
        model: with_shield(local, safety)?,
        screen: screen.map(|client| client as Arc<dyn Screen>),
    })
}

/// Who reads scanned pages. A program that cannot be used is no reason not to start: each scan says why it was not read.
fn reader_of_scans(program: &Path, scans: &ScanReading) -> Result<Scans, StartFault> {
    let recogniser: Arc<dyn Recogniser> = match &scans.by {
        ReadBy::Local(local) => Arc::new(tesseract(program, local)),
        ReadBy::Service { settings, identity } => {
            let tokens = tokens(identity.as_ref())?;
            Arc::new(DocumentIntelligence::new(settings.as_ref().clone(), tokens)?)
        }
    };
    Ok(Scans {
        recogniser,
        most_pages: scans.most_pages,
    })
}

/// Tesseract as this program uses it: `program` is this one, which limits itself before it becomes it.
pub fn tesseract(program: &Path, local: &recognition::Local) -> Tesseract {
    let arguments = vec![crate::cli::RECOGNISER.into()];
    let tesseract = Tesseract::new(program.to_owned(), arguments, local.clone());
    if let Err(fault) = tesseract.check() {
        tracing::error!(%fault, "scans cannot be read");
    }
    tesseract
}

fn content_safety(settings: &ContentSafety) -> Result<Arc<screening::ContentSafety>, StartFault> {
    let tokens = tokens(settings.identity.as_ref())?;
    Ok(Arc::new(screening::ContentSafety::new(
        settings.settings.clone(),
        tokens,
    )?))
}

/// The language model, where one is configured.
pub fn model(local: &Local) -> Result<Option<Arc<Modelled>>, StartFault> {
    let safety = local.content_safety.as_ref().map(content_safety).transpose()?;
    with_shield(local, safety)
}

fn with_shield(
    local: &Local,
    safety: Option<Arc<screening::ContentSafety>>,
) -> Result<Option<Arc<Modelled>>, StartFault> {
    let shields = local.content_safety.as_ref().is_some_and(|safety| safety.shields);
    let shield = safety.filter(|_| shields).map(|client| client as Arc<dyn Shield>);
    let modelled = local.model.as_ref().map(|model| modelled(model, shield));
    Ok(modelled.transpose()?.map(Arc::new))
}

fn modelled(settings: &Model, shield: Option<Arc<dyn Shield>>) -> Result<Modelled, StartFault> {
    let tokens = tokens(settings.identity.as_ref())?;
    Ok(Modelled {
        kind: settings.kind(),
        model: Arc::new(OpenAi::new(settings.settings.clone(), tokens)?),
        limits: settings.limits,
        rounds: settings.rounds,
        keep_answers: settings.keep_answers,
        patience: settings.patience,
        shield,
    })
}

/// Whoever gives tokens of an identity; none where there is a key.
fn tokens(identity: Option<&Identity>) -> Result<Option<Arc<dyn Tokens>>, StartFault> {
    let tokens = identity.map(azure::Tokens::new).transpose()?;
    Ok(tokens.map(|tokens| Arc::new(EntraTokens(tokens)) as Arc<dyn Tokens>))
}

/// Tokens of the app's identity, for services.
struct EntraTokens(azure::Tokens);

#[async_trait]
impl Tokens for EntraTokens {
    async fn token(&self, scope: &str) -> Result<Secret, TokenFault> {
        // The SDK does not tell a missing identity from an endpoint that is down: trying again is the safe reading.
        let token = self.0.token(scope).await.map_err(|_| TokenFault::Unavailable)?;
        Ok(Secret::new(token.secret()))
    }
}

/// Serves until the process is told to stop.
pub async fn serve(config: Config) -> Result<(), StartFault> {
    // Bound first: the host asks every 25 ms, and gives up after 30 s.
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))
        .await
        .map_err(|cause| StartFault::System {
            what: "the port of the Functions host cannot be bound",
            cause,
        })?;
    let telling = telling(&config.telemetry)?;
    let (opened, doors) = tokio::sync::watch::channel(None);
    let serving = axum::serve(listener, doors::front(doors)).with_graceful_shutdown(told_to_stop());
    let opening = async {
        let router = tokio::task::spawn_blocking(|| open(config))
            .await
            .map_err(|_| StartFault::Stopped)??;
        opened.send_replace(Some(router));
        // Open for as long as the app serves.
        std::future::pending::<Result<Infallible, StartFault>>().await
    };
    let served = tokio::select! {
        served = serving => served.map_err(|cause| StartFault::System { what: "serving stopped", cause }),
        fault = opening => fault.map(|never| match never {}),
    };
    if let Some(telling) = telling {
        telling.end(LAST_WORDS).await;
    }
    served
}

/// How long the end of the process waits for the last of its telemetry.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Begins to tell of the app's work, where somebody receives it.
fn telling(telemetry: &config::Telemetry) -> Result<Option<telemetry::Ending>, StartFault> {
    Ok(telemetry::start(
        &telemetry.receivers,
        tokens(telemetry.identity.as_ref())?,
    )?)
}

/// What all that is done for cases goes through, with an audit log of its own: for the command line.
pub fn workflow(config: &Config) -> Result<Workflow, StartFault> {
    let storage = Storage::connect(&config.account)?;
    let audit = Arc::new(AuditLog::new(storage.clone(), config.audit.clone()));
    let workflow = Workflow::new(
        storage,
        Arc::new(Shelf::open(&config.local.recipe_folders, &config.local.profiles)?),
        services(&config.local)?,
        config.limits.clone(),
        config.local.clone(),
        audit,
    );
    let host = host_account(&config.host_storage)?;
    Ok(workflow.for_flows(config.flows.clone()).beside(host))
}

fn host_account(host: &HostStorage) -> Result<HostAccount, StartFault> {
    Ok(match host {
        HostStorage::Documents => HostAccount::Documents,
        HostStorage::Own(account) => HostAccount::Own(Storage::connect(account)?),
        HostStorage::Unknown => HostAccount::Unknown,
    })
}

/// Reads the recipes and opens the doors.
fn open(config: Config) -> Result<Router, StartFault> {
    let shelf = Shelf::open(&config.local.recipe_folders, &config.local.profiles)?;
    measured::know(&shelf);
    for (id, recipe) in shelf.iter() {
        match recipe {
            Ok(usable) => tracing::info!(recipe = %id, version = usable.recipe.version, "a recipe is ready"),
            Err(faults) => {
                tracing::error!(recipe = %id, faults = faults.len(), "a recipe has faults; see `handler check-recipe`");
            }
        }
    }
    let storage = Storage::connect_told(&config.account, places::template)?;
    let services = services(&config.local)?;
    let audit = Arc::new(AuditLog::new(storage.clone(), config.audit));
    let entrance =
        entrance(config.sign_in, config.account.identity().is_none())?.telling(incidents(Arc::clone(&audit)));
    let workflow = Workflow::new(
        storage,
        Arc::new(shelf),
        services,
        config.limits,
        config.local,
        audit,
    );
    let workflow = workflow
        .for_flows(config.flows)
        .beside(host_account(&config.host_storage)?);
    let workflow = Arc::new(workflow);
    tokio::spawn(prepare(Arc::clone(&workflow)));
    tracing::info!(port = config.port, "the doors are open");
    Ok(Doors::new(workflow, entrance, config.public_base_url).router())
}

/// Incidents that wait to be written; more than that at once are in the app's own log alone.
const MOST_INCIDENTS: usize = 256;

/// Writes incidents at the entrance into the audit log, beside whoever was not let in and need not wait for it.
fn incidents(audit: Arc<AuditLog>) -> impl Fn(&Incident) + Send + Sync + 'static {
    let (sender, mut waiting) = tokio::sync::mpsc::channel::<audit::Note>(MOST_INCIDENTS);
    let log = Arc::clone(&audit);
    tokio::spawn(async move {
        while let Some(note) = waiting.recv().await {
            if let Err(fault) = log.tell(note).await {
                tracing::warn!(%fault, "an incident could not be noted in the audit log");
            }
        }
    });
    move |incident| {
        if sender.try_send(incident.note(|id| audit.person(id))).is_err() {
            tracing::warn!("an incident could not be noted in the audit log: too many wait");
        }
    }
}

/// Who is let in. Only the emulator is reached without an identity: then this is a developer's machine.
fn entrance(sign_in: SignIn, development: bool) -> Result<Entrance, StartFault> {
    if !development && !sign_in.is_configured() {
        tracing::warn!(
            "who calls is not known: whoever has a function key may do everything; set `SIGN_IN` and its fellows"
        );
    }
    if !development
        && sign_in
            .platform
            .as_ref()
            .is_some_and(|platform| !platform.confirmed)
    {
        tracing::warn!(
            "`PLATFORM_AUTHENTICATION` is `on`, and the platform does not say so itself: make sure that it is"
        );
    }
    let keys = sign_in.tokens.as_ref().map(TenantKeys::of).transpose();
    Ok(Entrance::new(
        sign_in,
        keys.map_err(StartFault::TenantKeys)?,
        development,
    ))
}

/// Creates what is missing in the account, until it works: a new account may still be on its way.
async fn prepare(workflow: Arc<Workflow>) {
    let mut pause = Duration::from_secs(1);
    while let Err(error) = workflow.prepare().await {
        tracing::warn!(%error, "the containers and queues cannot be made yet");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(60));
    }
}

/// Ends when the process is asked to terminate. The host itself kills without asking.
async fn told_to_stop() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(cause) => {
                tracing::warn!(%cause, "cannot listen for the signal to terminate");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminate => {}
        interrupted = tokio::signal::ctrl_c() => {
            if let Err(cause) = interrupted {
                tracing::warn!(%cause, "cannot listen for the interrupt");
                std::future::pending::<()>().await;
            }
        }
    }
    tracing::info!("told to stop");
}
