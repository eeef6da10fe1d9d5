//! Prints the processor time a page that reading files takes.

#![expect(clippy::print_stdout, reason = "printing is what it does")]

use std::time::{Duration, Instant};

/// Readings of each file, of which the fastest counts: other programs only make one slower.
const TURNS: u32 = 9;

fn main() -> std::io::Result<()> {
    let limits = reading::Limits::default();
    let (mut pages, mut time) = (0, Duration::ZERO);
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let mut best = Duration::MAX;
        let mut count = 0;
        for _ in 0..TURNS {
            let start = Instant::now();
            count = reading::parse(&bytes, &limits)
                .ok()
                .and_then(|reading| reading.pages)
                .unwrap_or(0);
            best = best.min(start.elapsed());
        }
        println!("{:8.2} ms {count:4} pages  {path}", best.as_secs_f64() * 1e3);
        (pages, time) = (pages + count, time + best);
    }
    println!(
        "{:8.2} ms a page over {pages} pages",
        time.as_secs_f64() * 1e3 / f64::from(pages.max(1))
    );
    Ok(())
}
