//! `handler audit verify`.

use std::process::ExitCode;

use azure::Storage;

use super::{complain, say};
use crate::audit_log::{self, AuditFault};
use crate::config;

/// Exit code 0 when the log is whole, 2 when a link is broken, 1 when it cannot be read.
pub fn verify() -> ExitCode {
    let config = match config::audit(&config::environment) {
        Ok(config) => config,
        Err(faults) => return complain(&faults),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&[cause]),
    };
    let verified = runtime.block_on(async {
        let storage = Storage::connect(&config.account)?;
        audit_log::verify(&storage, &config.keys).await
    });
    match verified {
        Ok(checked) => {
            say(&format!(
                "the audit log is whole: {} entries in {} files",
                checked.entries, checked.files
            ));
            ExitCode::SUCCESS
        }
        Err(fault @ AuditFault::Broken(_)) => {
            say(&format!("error: {fault}"));
            ExitCode::from(2)
        }
        Err(fault @ AuditFault::Storage(_)) => complain(&[fault]),
    }
}
