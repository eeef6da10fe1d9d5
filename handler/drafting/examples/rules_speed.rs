//! How long the statement rules take: a reader of a case, and a hundred statements, each with the two sentences that it
//! cites; and all rules on a whole draft. `cargo run --release -p drafting --example rules_speed -- handler/tests/cases/rowan`

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use drafting::case::{Case, Manifest, Source};
use drafting::check::statement::{Citation, Reader, Written};
use drafting::check::{self, Judged};
use drafting::compose::compose;
use drafting::document::{Document, Sentence};
use drafting::extract;
use drafting::finding::Subject;
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::recipe::{Recipe, load};
use drafting::reconcile::reconcile;

/// How many statements a plan of usual length has.
const STATEMENTS: usize = 100;
/// How often each is measured; the least counts.
const ROUNDS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| root.join("handler/tests/cases/rowan"), PathBuf::from);
    let recipe = recipe(&root.join("recipes/ehcp"))?;
    let case = case(&folder)?;
    let documents = case
        .sources
        .iter()
        .filter_map(|source| source.content.as_ref().ok());
    let sentences: Vec<&Sentence> = documents.flat_map(|document| &document.sentences).collect();
    let mut least = [f64::MAX; 2];
    let mut findings = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let reader = Reader::new(&recipe, &case, []);
        let read = start.elapsed().as_secs_f64() * 1000.0;
        let start = Instant::now();
        findings = found(&reader, &sentences);
        let checked = start.elapsed().as_secs_f64() * 1000.0;
        least = [least[0].min(read), least[1].min(checked)];
    }
    writeln!(
        std::io::stdout(),
        "{} sentences: a reader in {:.1} ms, {STATEMENTS} statements in {:.1} ms ({findings} findings), all rules on a draft in {:.1} ms",
        sentences.len(),
        least[0],
        least[1],
        whole(&recipe, &case),
    )?;
    Ok(())
}

/// The least time that all rules take on the draft that is made without a model, in milliseconds.
fn whole(recipe: &Recipe, case: &Case) -> f64 {
    let extracted = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest));
    let all = reconcile(recipe, case, extracted.collect());
    let draft = compose(recipe, case, &all);
    let once = |_| {
        let draft = draft.clone();
        let start = Instant::now();
        let none = BTreeSet::new();
        let checked = check::check(recipe, case, &all.claims, &none, Vec::new(), draft, Judged::No);
        std::hint::black_box(checked);
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..ROUNDS).map(once).fold(f64::MAX, f64::min)
}

/// Statements made of neighbours, in the order of the second and the first.
fn found(reader: &Reader, sentences: &[&Sentence]) -> usize {
    let step = (sentences.len() / STATEMENTS).max(1);
    let pairs = sentences.windows(2).step_by(step).take(STATEMENTS);
    let found = pairs.filter_map(|pair| {
        let [first, second] = pair else { return None };
        let text = format!("{} {}", second.text, first.text);
        let written = Written {
            text: &text,
            section: Some("B"),
            area: None,
            citations: [first, second]
                .into_iter()
                .map(|sentence| Citation { sentence, part: None })
                .collect(),
        };
        Some(
            reader
                .findings(&Subject::Statement("1".to_owned()), &written)
                .len(),
        )
    });
    found.sum()
}

fn recipe(folder: &Path) -> Result<Recipe, Box<dyn Error>> {
    let mut files = load::Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.strip_prefix(folder)?.to_str() {
                files.insert(name.replace('\\', "/"), fs::read(&path)?);
            }
        }
    }
    load::load("ehcp", &files, None)
        .map_err(|faults| format!("the recipe has {} faults", faults.len()).into())
}

fn case(folder: &Path) -> Result<Case, Box<dyn Error>> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join("case.json"))?)?;
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder.join("sources"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let bytes = fs::read(&path)?;
        let number = u16::try_from(sources.len() + 1)?;
        sources.push(Source {
            number,
            name: SourceName::parse(name)?,
            digest: Digest::of(&bytes),
            bytes: u64::try_from(bytes.len())?,
            advice: None,
            author_role: None,
            date: None,
            notices: Vec::new(),
            content: reading::parse(&bytes, &reading::Limits::default())
                .map(|reading| Document::number(number, &reading)),
        });
    }
    Ok(Case {
        id: CaseId::parse("speed")?,
        manifest,
        sources,
        today: jiff::civil::Date::ZERO,
    })
}
