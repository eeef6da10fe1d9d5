//! The documents of a run.
mod citation;
mod index;
mod report;
mod words;
pub fn report_only(recipe: &drafting::recipe::Recipe, generated: &drafting::record::Generated) -> Vec<u8> {
    report::render(&index::Index::of(recipe, generated)).unwrap()
}
pub(crate) fn refusal(index: &index::Index<'_>) -> Option<String> {
    use drafting::check::RunOutcome;
    match index.generated.checked.outcome() {
        RunOutcome::Refused { reason } => Some(index.recipe.wording.refused.replace("{reason}", reason)),
        RunOutcome::Failed { .. } => Some(index.status().meaning),
        RunOutcome::Ready | RunOutcome::NeedsReview => None,
    }
}
