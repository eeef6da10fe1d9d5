//! How much of a gold annotation stands in the drafts that are made without a model.

#[path = "gold/case.rs"]
mod case;
#[path = "gold/measure.rs"]
mod measure;

use drafting::compose::compose;
use drafting::extract;
use drafting::recipe::Recipe;
use drafting::reconcile::reconcile;
use measure::Measured;

fn run(recipe: &Recipe, name: &str) -> Measured {
    let gold = case::load(recipe, name);
    let began = std::time::Instant::now();
    let extracted = gold
        .case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &gold.case.manifest));
    let all = reconcile(recipe, &gold.case, extracted.collect());
    let draft = compose(recipe, &gold.case, &all);
    let took = began.elapsed();
    let measured = measure::measure(recipe, &gold.case, &gold.gold, &all, &draft);
    println!(
        "{name}: needs {} provisions {} outcomes {} all {}",
        measured.needs,
        measured.provisions,
        measured.outcomes,
        measured.recall()
    );
    println!(
        "  areas {} facts {} precision {} links {} right {} words {} in {took:?}",
        measured.areas,
        measured.facts,
        measured.precision,
        measured.links,
        measured.link_precision,
        measured.words
    );
    println!(
        "  claims {} merges {} conflicts {} queries {}",
        all.claims.len(),
        all.merges.len(),
        draft.conflicts.len(),
        draft.queries.len()
    );
    if let Ok(dump) = std::env::var("GOLD_DUMP") {
        std::fs::create_dir_all(&dump).unwrap();
        let mut text = String::new();
        for line in measured.missed.iter() {
            text += &format!("MISSED {line}\n");
        }
        for line in measured.wrong.iter() {
            text += &format!("WRONG {line}\n");
        }
        for line in measured.traps.iter() {
            text += &format!("TRAP {line}\n");
        }
        for line in measured.threads.iter() {
            text += &format!("LINK {line}\n");
        }
        for (section, field, s) in draft.statements() {
            text += &format!(
                "DRAFT {} {} {} | {} | {:?} {:?}\n",
                section.id, field.key, s.id, s.text, s.serves, s.marks
            );
        }
        for c in &draft.conflicts {
            text += &format!("CONFLICT {c:?}\n");
        }
        for c in &draft.queries {
            text += &format!("QUERY {c:?}\n");
        }
        for c in &draft.coverage {
            let t = gold
                .case
                .sources
                .iter()
                .find_map(|s| s.content.as_ref().ok()?.sentence(c.sentence))
                .unwrap();
            text += &format!("COVER {} {:?} | {}\n", c.sentence, c.fate, t.text);
        }
        for c in &all.claims {
            text += &format!("CLAIM {c:?}\n");
        }
        std::fs::write(format!("{dump}/{name}.txt"), text).unwrap();
    }
    measured
}

#[test]
fn gold() {
    let recipe = case::recipe("ehcp");
    for name in ["rowan", "tomas", "amina", "leo", "nadia", "ivy"] {
        run(&recipe, name);
    }
}
