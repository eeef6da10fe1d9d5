//! `handler export`, `handler erase` and `handler retention`: what administrators do with whole cases, with the app's settings.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use drafting::id::{CaseId, RecipeId};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::{CaseArguments, complain, print, say};
use crate::paths::CaseKey;
use crate::workflow::Workflow;
use crate::{application, config};

/// Runs work over the workflow that the settings describe.
fn over(work: impl AsyncFnOnce(Arc<Workflow>) -> Result<ExitCode, String>) -> ExitCode {
    let config = match config::administration(&config::environment) {
        Ok(config) => config,
        Err(faults) => return complain(&faults),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&[cause]),
    };
    let done = runtime.block_on(async {
        let workflow = application::workflow(&config).map_err(|fault| fault.to_string())?;
        work(Arc::new(workflow)).await
    });
    done.unwrap_or_else(|fault| complain(&[fault]))
}

fn key(arguments: &CaseArguments) -> Result<CaseKey, String> {
    let recipe = RecipeId::parse(&arguments.recipe).map_err(|fault| format!("the recipe's name {fault}"))?;
    let case = CaseId::parse(&arguments.case).map_err(|fault| format!("the case's reference {fault}"))?;
    Ok(CaseKey { recipe, case })
}

/// Writes all that is held about a case into one archive.
pub fn export(arguments: &CaseArguments, out: &Path) -> ExitCode {
    over(async |workflow| {
        let key = key(arguments)?;
        let export = workflow.export(&key, None, None).await;
        let mut export = export.map_err(|refusal| refusal.to_string())?;
        let mut file = File::create(out)
            .await
            .map_err(|cause| format!("`{}` cannot be written: {cause}", out.display()))?;
        while let Some(piece) = export.pieces.recv().await {
            let piece = piece.map_err(|fault| fault.to_string())?;
            file.write_all(&piece).await.map_err(|cause| cause.to_string())?;
        }
        file.flush().await.map_err(|cause| cause.to_string())?;
        print(&out.display().to_string());
        Ok(ExitCode::SUCCESS)
    })
}

/// Erases all that is held about a case, and prints the report. Exit code 2 when something is still there.
pub fn erase(arguments: &CaseArguments, confirmed: &str) -> ExitCode {
    over(async |workflow| {
        let key = key(arguments)?;
        if confirmed != key.case.as_str() {
            return Err("`--confirm` must repeat the case's reference".into());
        }
        let erased = workflow
            .erase(&key, None)
            .await
            .map_err(|fault| fault.to_string())?;
        let erased =
            erased.ok_or("the case is being worked on, and nothing was erased; try again in a moment")?;
        print(String::from_utf8_lossy(&erased.bytes).trim_end());
        say(&format!(
            "SHA-256 of the report, as it stands in the audit log: {}",
            erased.sha256
        ));
        Ok(if erased.report.complete {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        })
    })
}

/// Erases what the recipes keep no longer; with `dry_run` lists it only. Exit code 2 when something due is still there.
pub fn retention(dry_run: bool) -> ExitCode {
    over(async |workflow| {
        let now = jiff::Timestamp::now();
        if !dry_run {
            let finished = workflow.finish_erasures(now).await;
            let finished = finished.map_err(|fault| fault.to_string())?;
            say(&format!(
                "{finished} unfinished erasures were brought to their end"
            ));
        }
        let due = workflow.due(now).await;
        let due = due.map_err(|fault| fault.to_string())?;
        let mut left = 0;
        for one in &due {
            let parts: Vec<String> = one
                .parts
                .iter()
                .map(|part| format!("{part:?}").to_lowercase())
                .collect();
            print(&format!(
                "{}/{}: {} (nothing since {})",
                one.key.recipe,
                one.key.case,
                parts.join(", "),
                one.newest
            ));
            if !dry_run {
                let erased = workflow.erase_due(one).await.map_err(|fault| fault.to_string())?;
                left += usize::from(!erased);
            }
        }
        if dry_run {
            say(&format!("{} due; nothing was erased", due.len()));
        } else {
            say(&format!("{} due; {left} left, in whole or in part", due.len()));
        }
        Ok(if left == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        })
    })
}
