//! JSON lines on standard output, one per event.
//!
//! The host reads standard output line by line and files it at level Information; standard error it files as
//! errors. Events carry ids of runs and invocations, never names, file names or text. What libraries write, and what
//! services and panics say, is not ours: every line is scrubbed before it is written ([`drafting::scrub`]).

use std::any::Any;
use std::io::{self, Write};
use std::panic::PanicHookInfo;

use drafting::scrub;
use serde_json::Value;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging for the whole process, panics included. A second call does nothing.
pub fn start(level: tracing::Level) {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(true)
        .with_writer(|| Scrubbing(io::stdout()));
    // The Azure crates log whole requests at debug: their own level stays at warn, whatever ours is.
    let targets = tracing_subscriber::filter::Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("handler", level);
    if tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .try_init()
        .is_err()
    {
        tracing::debug!("logging was started before");
        return;
    }
    std::panic::set_hook(Box::new(log_panic));
}

/// The hook of the standard library writes the whole message to standard error, and a message can hold the text that the
/// program was working on.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let said = said(panic.payload());
    tracing::error!(place, said, "the program panicked");
}

/// What a panic says: a literal is the program's own; of anything else what is quoted stays out.
fn said(payload: &(dyn Any + Send)) -> String {
    if let Some(literal) = payload.downcast_ref::<&str>() {
        return scrub::scrub(literal);
    }
    payload
        .downcast_ref::<String>()
        .map_or_else(String::new, |text| scrub::message(text))
}

/// Writes lines without what tells who somebody is. The subscriber writes each event at once.
struct Scrubbing<W>(W);

impl<W: Write> Write for Scrubbing<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(scrubbed(line).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// An event's line with each of its texts scrubbed by itself: in JSON's own spelling a line end before a number would
/// look like a letter.
fn scrubbed(line: &[u8]) -> String {
    let Ok(mut event) = serde_json::from_slice::<Value>(line) else {
        return scrub::scrub(&String::from_utf8_lossy(line));
    };
    scrub_all(&mut event);
    format!("{event}\n")
}

fn scrub_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = scrub::scrub(text),
        Value::Array(items) => items.iter_mut().for_each(scrub_all),
        Value::Object(fields) => fields.values_mut().for_each(scrub_all),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_line_is_scrubbed_and_the_rest_stays() {
        let check = |line: &str, expected: &str| {
            let mut out = Vec::new();
            Scrubbing(&mut out).write_all(line.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(
            "{\"timestamp\":\"2026-11-22T12:05:47.123456Z\",\"ms\":9990000018,\"message\":\"to a@b.org\\n07700 900123\"}\n",
            "{\"timestamp\":\"2026-11-22T12:05:47.123456Z\",\"ms\":9990000018,\"message\":\"to [email]\\n[phone]\"}\n",
        );
        check(
            "{\"span\":{\"run\":\"1f3870be274f6c49\"},\"all\":[\"SW1A 1AA\"]}\n",
            "{\"span\":{\"run\":\"1f3870be274f6c49\"},\"all\":[\"[postcode]\"]}\n",
        );
        check("no JSON from a@b.org\n", "no JSON from [email]\n");
    }

    #[test]
    fn a_panic_does_not_say_what_the_program_was_working_on() {
        let panicked = |work: fn()| {
            let payload = std::panic::catch_unwind(work).unwrap_err();
            said(payload.as_ref())
        };
        let cut = panicked(|| {
            let text = std::hint::black_box("éZqmarker lives at SW1A 1AA");
            assert!(text.get(1..).is_none());
            let (_, _) = text.split_at(1);
        });
        assert!(!cut.contains("Zqmarker") && !cut.contains("SW1A"), "{cut}");
        let told = panicked(|| {
            let fault: Result<(), String> = Err("Zqmarker a@b.org".to_owned());
            assert!(fault.is_ok(), "`{fault:?}` for a@b.org");
        });
        assert!(
            told.contains("for [email]") && !told.contains("Zqmarker"),
            "{told}"
        );
        assert_eq!(said(&"a literal"), "a literal");
        assert_eq!(said(&7_u32), "");
    }
}
