//! The documents of invented runs, looked at from outside.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may, and so may what they are made of"
)]

use drafting::recipe::Recipe;
use drafting::record::Generated;
use render::Documents;
use word::Template;

#[path = "../fixture/mod.rs"]
mod fixture;
mod page;
mod record;
mod report;
mod word_files;

/// The documents of a run, by the template that shows everything.
fn documents((recipe, generated): &(Recipe, Generated)) -> Documents {
    let template = Template::open(&fixture::template(recipe)).unwrap();
    render::documents(recipe, &template, generated).unwrap()
}

/// All runs, by name.
fn runs() -> Vec<(&'static str, (Recipe, Generated))> {
    vec![
        ("rich", fixture::rich()),
        ("hostile", fixture::hostile()),
        ("refused", fixture::refused()),
        ("empty", fixture::empty()),
        ("large", fixture::large(40)),
    ]
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for (name, run) in runs() {
        assert_eq!(documents(&run), documents(&run), "{name}");
    }
}
