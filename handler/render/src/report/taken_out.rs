//! What was drafted and taken out again: its words, what was found against them, and what they were said to rest on.

use drafting::draft::Support;
use serde::Serialize;

use super::findings::{self, Link};
use super::statements::{self, Evidence};
use crate::index::Index;
use crate::words;

/// A statement that was taken out, as it is shown.
#[derive(Serialize)]
pub(super) struct TakenOutView<'a> {
    field: Link,
    id: Option<&'a str>,
    text: &'a str,
    why: Vec<String>,
    evidence: Vec<Evidence<'a>>,
}

/// All that was taken out, in the order in which it was.
pub(super) fn taken_out<'a>(index: &Index<'a>) -> Vec<TakenOutView<'a>> {
    let all = index.generated.checked.draft().taken_out.iter();
    all.map(|one| {
        let support = Support::Claims(one.claims.clone());
        TakenOutView {
            field: findings::field_link(index, &one.field),
            id: one.statement.as_deref(),
            text: &one.text,
            why: one.why.iter().map(|why| words::sentence(why)).collect(),
            evidence: statements::evidence(
                index,
                &index.evidence(&support),
                &statements::times(index, &support),
            ),
        }
    })
    .collect()
}
