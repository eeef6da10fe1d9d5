//! Prints the blocks and notices of files.

#![expect(clippy::print_stdout, reason = "printing is what it does")]

use drafting::source::{Content, Reading};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        println!("=== {path}");
        match reading::parse(&std::fs::read(path)?, &reading::Limits::default()) {
            Ok(reading) => show(&reading),
            Err(rejection) => println!("{rejection:?}"),
        }
    }
    Ok(())
}

fn show(reading: &Reading) {
    for block in &reading.blocks {
        let place = format!(
            "{} {:?}",
            block.page.unwrap_or(0),
            block.breaks.iter().map(|b| (b.at, b.page)).collect::<Vec<_>>()
        );
        match &block.content {
            Content::Heading { level, text } => {
                println!("{place} {} {text}", "#".repeat(usize::from(*level)));
            }
            Content::Paragraph { text, bold } => println!("{place} P{bold:?} {text}"),
            Content::ListItem {
                label,
                depth,
                text,
                bold,
            } => println!("{place} L{depth} {label:?} {bold:?} {text}"),
            Content::Table { head, rows } => {
                println!("{place} TABLE head {head:?}");
                for row in rows {
                    println!("    {row:?}");
                }
            }
        }
    }
    for notice in &reading.notices {
        println!("NOTICE {notice:?}");
    }
}
