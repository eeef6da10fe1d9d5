//! Trials that need a whole Functions host: tests of the repository, with more of everything, over the release build.

use std::path::Path;

use super::Figure;
use crate::shell::{self, Failure};

/// Kills of the handler and of the host.
const KILLS: &str = "100";
/// Cases that get their events at once; each has three documents, and each document two events.
const CASES: &str = "50";

/// Kills at random moments: the test ends in a failure unless each case ends in the one draft that it would have been.
pub fn kills(handler: &Path) -> Result<[Figure; 2], Failure> {
    let test =
        "killed_at_random::killed_at_any_moment_each_case_ends_in_the_same_draft_and_pays_no_call_again";
    let told = trial(handler, test, ("KILLS", KILLS))?;
    println!("{told} (AT_WORK: those that came just after a model's answer)");
    Ok([
        Figure {
            what: "killed 100 times: kills that came in no trial",
            value: 100.0 - number(&told, "KILLED")?,
            unit: "",
            most: 0.0,
        },
        Figure {
            what: "the same: model calls paid again, all in flight at a kill",
            value: number(&told, "PAID_AGAIN")?,
            unit: "",
            most: 100.0,
        },
    ])
}

/// Events twice and out of order: the test ends in a failure unless each case is drafted once of its own documents.
pub fn events(handler: &Path) -> Result<[Figure; 2], Failure> {
    let test =
        "crowded::duplicate_events_in_a_crowd_and_out_of_order_are_one_draft_a_case_of_its_own_documents";
    let told = trial(handler, test, ("CROWD_CASES", CASES))?;
    Ok([
        Figure {
            what: "50 cases by 300 events: events that came to no door",
            value: (300.0 - number(&told, "EVENTS")?).max(0.0),
            unit: "",
            most: 0.0,
        },
        Figure {
            what: "50 cases by 300 events: until the last is published",
            value: number(&told, "SECONDS")?,
            unit: "s",
            most: 120.0,
        },
    ])
}

/// Runs one test; gives the line in which it says what it measured.
fn trial(handler: &Path, test: &str, (setting, value): (&str, &str)) -> Result<String, Failure> {
    let mut run = shell::cargo()?;
    run.args([
        "test",
        "--locked",
        "--package",
        "handler",
        "--test",
        "it",
        "--",
        "--exact",
        "--nocapture",
        test,
    ]);
    run.env("HANDLER_PROGRAM", handler).env(setting, value);
    println!("$ {setting}={value} cargo test … {test}");
    let printed = shell::output(&mut run, "install Rust by rustup")?;
    let line = printed
        .lines()
        .find(|line| ["KILLED ", "EVENTS "].iter().any(|word| line.contains(word)));
    line.map(str::to_owned)
        .ok_or_else(|| Failure::Other(format!("the test `{test}` did not say what it measured")))
}

/// The number after a word.
fn number(line: &str, word: &str) -> Result<f64, Failure> {
    let mut words = line.split_whitespace().skip_while(|found| *found != word).skip(1);
    words
        .next()
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Failure::Other(format!("a test did not say its `{word}`")))
}
