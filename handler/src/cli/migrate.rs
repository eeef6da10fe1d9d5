//! `handler migrate`.

use std::path::Path;
use std::process::ExitCode;

use audit::{Event, Note};
use azure::{Account, Storage};
use drafting::id::RecipeId;

use super::{MigrateArguments, complain, draft, print, say};
use crate::audit_log::AuditLog;
use crate::config::{self, AuditConfig};
use crate::migration::{self, Cases, Migration, MigrationFault, Step};
use crate::paths;

/// Exit code 0 when all is copied (or could be), 2 when the table or what is there forbids it, 1 when storage fails.
pub fn run(arguments: &MigrateArguments) -> ExitCode {
    let config = match config::audit(&config::environment) {
        Ok(config) => config,
        Err(faults) => return complain(&faults),
    };
    let checked = config::local(&config::environment, None)
        .map_err(|faults| {
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        })
        .and_then(|local| draft::usable(&arguments.recipe, &local));
    if let Err(fault) = checked {
        return complain(&[fault]);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&[cause]),
    };
    match runtime.block_on(attempt(arguments, config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stopped::Migration(MigrationFault::Refused(faults))) => {
            complain(&faults);
            say("nothing was copied");
            ExitCode::from(2)
        }
        Err(fault) => complain(&[fault]),
    }
}

/// Why the command ends early.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Migration(#[from] MigrationFault),
    #[error("{0}")]
    Told(String),
}

impl From<azure::StorageError> for Stopped {
    fn from(fault: azure::StorageError) -> Self {
        Self::Migration(fault.into())
    }
}

async fn attempt(arguments: &MigrateArguments, config: AuditConfig) -> Result<(), Stopped> {
    let recipe = RecipeId::parse(&arguments.recipe)
        .map_err(|fault| Stopped::Told(format!("the recipe's name {fault}")))?;
    let migration = Migration {
        from: Storage::connect(&earlier(&arguments.from)?)?,
        to: Storage::connect(&config.account)?,
    };
    let found = migration::found(&migration.from).await?;
    let Some(file) = &arguments.cases else {
        print(&migration::table(&found));
        return Ok(());
    };
    let plan = migration::plan(&found, &Cases::parse(&read(file)?)?, &recipe)?;
    let all = plan.steps.len();
    let audit = AuditLog::new(migration.to.clone(), config.keys);
    for container in [paths::SOURCES, paths::RUNS, paths::AUDIT] {
        migration.to.ensure_container(container).await?;
    }
    let steps = migration.remaining(plan.steps).await?;
    let there = all - steps.len();
    if !arguments.dry_run {
        copied(&migration, &audit, &steps).await?;
    }
    for step in &steps {
        print(&step.told());
    }
    let verb = if arguments.dry_run { "to copy" } else { "copied" };
    say(&format!(
        "{} files {verb}, {there} there already, {} left: no case is given for them",
        steps.len(),
        plan.left
    ));
    Ok(())
}

/// The audit log is told first, as of everything that is done.
async fn copied(migration: &Migration, audit: &AuditLog, steps: &[Step]) -> Result<(), Stopped> {
    for (key, files) in migration::by_case(steps) {
        let note = Note {
            case: Some(audit.case(key)),
            ..Note::of(Event::Received)
        };
        audit.tell(note.with("migrated", files)).await?;
    }
    for step in steps {
        migration.copy(step).await?;
    }
    Ok(())
}

/// The account of the earlier system, by its name or by the emulator's connection string.
fn earlier(from: &str) -> Result<Account, Stopped> {
    let setting = if from.contains('=') {
        "from"
    } else {
        "from__accountName"
    };
    let source = |name: &str| {
        if name == setting {
            Some(from.to_owned())
        } else {
            config::environment(name)
        }
    };
    Account::from_settings(source, "from").map_err(|_| {
        let fault = "`--from` is the name of a storage account, to which you or the app's identity have the role Storage Blob \
                     Data Reader; account keys are not taken";
        Stopped::Told(fault.into())
    })
}

fn read(file: &Path) -> Result<String, Stopped> {
    std::fs::read_to_string(file)
        .map_err(|cause| Stopped::Told(format!("`{}` cannot be read: {cause}", file.display())))
}
