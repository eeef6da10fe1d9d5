//! Writes the report of an invented run, to look at: `cargo run -p render --example report -- out.html`. A second
//! argument names another run: `hostile`, `refused`, `empty`, `ready`, or a number of statements. A folder instead of
//! a file gets all four documents. `council` writes into a folder what comes of a council's own template, and the template.
//!
//! `cargo run --release -p render --example report -- scale` measures how time grows with the draft.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use drafting::recipe::Recipe;
use drafting::record::Generated;
use render::{DRAFT, EVIDENCE, RECORD, REPORT};
use word::Template;

#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "it belongs to the tests, where they are allowed"
)]
#[path = "../tests/fixture/mod.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["scale"] => scale(),
        [path] => write(Path::new(path), fixture::rich()),
        [path, "hostile"] => write(Path::new(path), fixture::hostile()),
        [path, "refused"] => write(Path::new(path), fixture::refused()),
        [path, "ready"] => write(Path::new(path), fixture::ready()),
        [path, "council"] => council(Path::new(path)),
        [path, "empty"] => write(Path::new(path), fixture::empty()),
        [path, number] if number.parse::<usize>().is_ok() => {
            write(Path::new(path), fixture::many(number.parse()?))
        }
        _ => Err("give a file, a folder or `scale`; see the head of the example".into()),
    }
}

fn council(folder: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fixture::council::council_template();
    let (recipe, template) = fixture::council::council_recipe(&bytes, fixture::council::MAP)
        .map_err(|faults| faults.join("\n"))?;
    let (generated, _) = fixture::council::council_run(&recipe, [13, 10, 3, 0, 27, 11]);
    let documents = render::documents(&recipe, &template, &generated)?;
    std::fs::write(folder.join(DRAFT), documents.draft)?;
    std::fs::write(folder.join(EVIDENCE), documents.evidence)?;
    Ok(std::fs::write(folder.join("template.docx"), bytes)?)
}

fn write(path: &Path, (recipe, generated): (Recipe, Generated)) -> Result<(), Box<dyn Error>> {
    let template = Template::open(&fixture::template(&recipe))?;
    let documents = render::documents(&recipe, &template, &generated)?;
    if !path.is_dir() {
        return Ok(std::fs::write(path, documents.report)?);
    }
    let record = render::record(&recipe, &generated, &documents, BTreeMap::new())?;
    let all = [
        (DRAFT, &documents.draft),
        (EVIDENCE, &documents.evidence),
        (REPORT, &documents.report),
        (RECORD, &record),
    ];
    for (name, bytes) in all {
        std::fs::write(path.join(name), bytes)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "it is what the measurement is for")]
fn scale() -> Result<(), Box<dyn Error>> {
    let mut before = None;
    for statements in [100, 1_000, 10_000] {
        let (recipe, generated) = fixture::large(statements);
        let template = Template::open(&fixture::template(&recipe))?;
        let begun = Instant::now();
        let documents = render::documents(&recipe, &template, &generated)?;
        let rendered = begun.elapsed();
        render::record(&recipe, &generated, &documents, BTreeMap::new())?;
        let recorded = begun.elapsed().saturating_sub(rendered);
        let ratio = before.map_or(String::new(), |before| {
            format!(", {:.1} times", rendered.as_secs_f64() / before)
        });
        println!(
            "{statements} statements, {} sentences: documents {rendered:.0?}{ratio}, record {recorded:.0?}, report {} KB",
            statements * 10,
            documents.report.len() / 1024
        );
        before = Some(rendered.as_secs_f64());
    }
    Ok(())
}
