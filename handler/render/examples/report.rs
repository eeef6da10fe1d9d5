//! Writes the documents of an invented run, to look at: `cargo run -p render --example report -- out.html` and, for
//! the Word files too, `-- out.html draft.docx evidence.docx`.

use std::collections::BTreeMap;
use std::error::Error;

use word::Template;

#[path = "../tests/fixture/mod.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn Error>> {
    let (recipe, generated) = fixture::rich();
    let template = Template::open(&fixture::template(&recipe))?;
    let documents = render::documents(&recipe, &template, &generated)?;
    let record = render::record(&recipe, &generated, &documents, BTreeMap::new())?;
    let written = [&documents.report, &documents.draft, &documents.evidence, &record];
    for (path, bytes) in std::env::args().skip(1).zip(written) {
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
