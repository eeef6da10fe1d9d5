//! One heap for all threads.
//!
//! The C library of Linux (glibc) gives threads heaps of their own, up to eight a processor, and what a run has freed in
//! one serves no run in another: fifty runs at once take a quarter more memory than with one heap, and no less time. It
//! reads how many it may make once, from its environment, before the program begins; so the program starts itself anew, in
//! the same process.

use crate::config;

/// The heaps that a serving program has: its threads move bytes and wait, and few of them compute.
const HEAPS: &str = "1";

/// Starts the program anew with one heap, unless the environment says already how many. Where that cannot be done it
/// goes on with those it has.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn one() {
    use std::os::unix::process::CommandExt as _;

    if config::environment(config::HEAPS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let fault = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(config::HEAPS, HEAPS)
        .exec();
    // Only a failure comes back. There is no log yet.
    super::say(&format!("warning: the memory is not kept low: {fault}"));
}

/// Other C libraries have no such heaps.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn one() {}
