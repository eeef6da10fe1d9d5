//! How a run ended, in each of the documents: nobody may take a draft that needs review, or none, for a finished one.

use drafting::check::RunOutcome;
use drafting::recipe::Recipe;
use drafting::record::Generated;
use word::Template;

use super::fixture;
use super::page::Page;
use super::word_files::{body, text};

/// The documents of a run by the recipe's own template, as words.
fn shipped(run: &(Recipe, Generated)) -> [(&'static str, String, String); 2] {
    let template = Template::open(&run.0.template).unwrap();
    let documents = render::documents(&run.0, &template, &run.1).unwrap();
    [("draft", documents.draft), ("evidence", documents.evidence)].map(|(name, file)| {
        let header = if run.1.checked.draft().sections.is_empty() {
            String::new()
        } else {
            text(&file, "word/header1.xml")
        };
        (name, body(&file), header)
    })
}

fn check(run: &(Recipe, Generated), outcome: &str, headline: &str, has_draft: bool) {
    let ended = match run.1.checked.outcome() {
        RunOutcome::Ready => "ready",
        RunOutcome::NeedsReview => "needs review",
        RunOutcome::Refused { .. } => "refused",
        RunOutcome::Failed { .. } => "failed",
    };
    assert_eq!(ended, outcome);
    let page = Page::of(run);
    let status = page.text(".outcome");
    assert!(status.contains(headline), "{outcome}: {status}");
    let banner = &run.0.wording.banner;
    assert_eq!(page.text("#summary").contains(banner), has_draft, "{outcome}");
    for (name, body, header) in shipped(run) {
        assert!(body.contains(headline), "{outcome} {name}: {body}");
        assert_eq!(header.contains(banner), has_draft, "{outcome} {name}: {header}");
        assert_eq!(body.contains("Section A"), has_draft, "{outcome} {name}");
    }
}

#[test]
fn each_document_says_how_the_run_ended() {
    check(
        &fixture::ready(),
        "ready",
        "Ready for your check: no critical finding",
        true,
    );
    check(&fixture::rich(), "needs review", "Needs review: 3 critical", true);
    check(&fixture::refused(), "refused", "No draft was made", false);
}

#[test]
fn a_draft_that_no_judge_has_read_is_never_called_ready() {
    let page = Page::of(&fixture::empty());
    assert!(page.text(".outcome").contains("Needs review"));
    assert!(
        page.text("#findings")
            .contains("No judge has read all of this draft")
    );
}
