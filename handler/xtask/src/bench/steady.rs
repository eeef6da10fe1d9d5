//! Memory over many runs, one after the other: what one run needed the next one needs no more of.

use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::azurite::Azurite;
use super::door::drafted;
use super::{Figure, end, free_port, resident, serve, wait_for_answer};
use crate::shell::Failure;

/// Runs, each of a case of its own.
const RUNS: usize = 500;
/// Runs after which everything that is kept on purpose is there.
const WARM: usize = 100;

/// Megabytes that the app holds more after all runs than after the first of them.
pub fn over_many_runs(handler: &Path) -> Result<[Figure; 2], Failure> {
    let azurite = Azurite::start()?;
    let port = free_port()?;
    let mut app = serve(handler, port, &azurite.connection)?;
    let measured = measure(&app, port);
    end(&mut app);
    let (grown, failed) = measured?;
    Ok([
        Figure {
            what: "500 runs one after the other: failed",
            value: failed,
            unit: "",
            most: 0.0,
        },
        Figure {
            what: "the same: memory after the last, over that after 100",
            value: grown,
            unit: "MB",
            most: 8.0,
        },
    ])
}

fn measure(app: &Child, port: u16) -> Result<(f64, f64), Failure> {
    wait_for_answer(port)?;
    // The containers are made after the first answer.
    thread::sleep(Duration::from_secs(2));
    let (mut warm, mut failed) = (f64::NAN, 0.0);
    for number in 0..RUNS {
        if number == WARM {
            warm = resident(app.id());
        }
        if !is_drafted(port, &format!("steady-{number}")) {
            failed += 1.0;
        }
    }
    Ok((resident(app.id()) - warm, failed))
}

/// Whether a case of one report is drafted.
pub(super) fn is_drafted(port: u16, case: &str) -> bool {
    let content = STANDARD.encode(format!(
        "Educational Psychology Advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\n\nNeeds\n\n\
         Ada has difficulty with long instructions, seen in {case}.\n\n\
         Provision\n\nA teaching assistant will work with Ada 1:1 for 20 minutes twice weekly.\n"
    ));
    let documents = json!([{ "name": "Appendix D.txt", "content": content }]);
    let order = json!({ "documents": documents, "wait": true }).to_string();
    drafted(port, case, &order).is_some()
}
