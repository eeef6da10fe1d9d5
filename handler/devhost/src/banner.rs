//! What is printed at the start: the functions, and where to find them.

use crate::functions::{Function, TriggerKind};
use std::net::SocketAddr;

impl Function {
    /// The trigger as `function.json` calls it.
    pub(crate) fn trigger_name(&self) -> &'static str {
        match self.trigger.kind {
            TriggerKind::Blob(_) => "blobTrigger",
            TriggerKind::Queue { .. } => "queueTrigger",
            TriggerKind::Http(_) => "httpTrigger",
            TriggerKind::Timer { .. } => "timerTrigger",
        }
    }

    /// One line of the list.
    pub(crate) fn line(&self, address: SocketAddr, prefix: &str) -> String {
        let name = &self.name;
        match &self.trigger.kind {
            TriggerKind::Http(trigger) => {
                let methods = trigger.methods.as_ref().map_or_else(String::new, |methods| {
                    format!("[{}] ", methods.iter().cloned().collect::<Vec<_>>().join(","))
                });
                let path: Vec<String> = [prefix.trim_matches('/').to_owned(), trigger.route.to_string()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect();
                format!(
                    "{name}: {methods}http://localhost:{}/{}",
                    address.port(),
                    path.join("/")
                )
            }
            TriggerKind::Blob(trigger) => {
                let source = if trigger.event_grid {
                    ", by Event Grid only"
                } else {
                    ""
                };
                format!("{name}: blobTrigger ({}{source})", trigger.path)
            }
            TriggerKind::Queue { queue, .. } => format!("{name}: queueTrigger ({queue})"),
            TriggerKind::Timer { .. } => format!("{name}: timerTrigger"),
        }
    }
}
