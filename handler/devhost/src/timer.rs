//! Timer triggers: six-field cron expressions, seconds first, in UTC; or a time span.

use crate::binding_data::Sys;
use crate::firing::Firing;
use crate::functions::Function;
use crate::host::Host;
use crate::host_file::Span;
use crate::log::Level;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// When a timer fires.
#[derive(Clone, Debug)]
pub(crate) enum Schedule {
    Cron(Box<Cron>),
    Every(Duration),
}

impl Schedule {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(Span(span)) = Span::parse(text) {
            return (!span.is_zero()).then_some(Self::Every(span));
        }
        let parser = CronParser::builder().seconds(Seconds::Required).build();
        Some(Self::Cron(Box::new(parser.parse(text).ok()?)))
    }

    /// How long from `now` to the next firing; none for a date that never comes.
    pub(crate) fn wait(&self, now: Timestamp) -> Option<Duration> {
        match self {
            Self::Every(span) => Some(*span),
            Self::Cron(cron) => {
                let from = chrono::DateTime::from_timestamp(now.as_second(), 0)?;
                let next = cron.find_next_occurrence(&from, false).ok()?;
                let next = Timestamp::from_second(next.timestamp()).ok()?;
                Duration::try_from(next.duration_since(now)).ok()
            }
        }
    }
}

/// Fires a function by its schedule, one firing after the other, never two at once.
pub(crate) async fn run(host: Arc<Host>, function: Arc<Function>, schedule: Schedule, at_start: bool) {
    if at_start {
        fire(&host, &function).await;
    }
    while let Some(wait) = schedule.wait(Timestamp::now()) {
        tokio::time::sleep(wait).await;
        if host.is_draining() {
            return;
        }
        if host.is_held() {
            continue;
        }
        fire(&host, &function).await;
    }
    host.log().host(
        Level::Warning,
        format!("'Functions.{}' will never fire again.", function.name),
    );
}

async fn fire(host: &Arc<Host>, function: &Arc<Function>) {
    let running = host.running();
    let firing = Firing::timer(function, &Sys::now(&function.name));
    if host.invoke(&firing).await.is_err() {
        host.log().host(
            Level::Information,
            format!("'Functions.{}' is not tried again.", function.name),
        );
    }
    drop(running);
}

/// The trigger's value. This host keeps no memory of earlier firings, so none is ever past due.
pub(crate) fn value() -> Value {
    json!({ "Schedule": { "AdjustForDST": true }, "ScheduleStatus": null, "IsPastDue": false })
}

#[cfg(test)]
mod tests {
    use super::Schedule;
    use jiff::Timestamp;

    #[test]
    fn a_schedule_says_how_long_to_wait() {
        let now: Timestamp = "2026-11-22T08:59:50Z".parse().expect("a Sunday");
        let check = |text: &str, seconds: Option<u64>| {
            let wait = Schedule::parse(text).and_then(|schedule| schedule.wait(now));
            assert_eq!(wait.map(|wait| wait.as_secs()), seconds, "{text}");
        };
        check("0 0 9 * * *", Some(10));
        check("*/20 * * * * *", Some(10));
        check("0 0 9 * * 0", Some(10));
        check("0 0 9 * * Mon", Some(86_410));
        check("00:00:30", Some(30));
        check("* * * * *", None);
        check("rubbish", None);
        check("00:00:00", None);
    }
}
