//! What screening for harm holds back: its words, how they were rated, and what they rest on.

use drafting::draft::Support;
use drafting::screening::HeldKind;
use serde::Serialize;

use super::findings::{self, Link};
use super::statements::{self, Evidence};
use crate::index::Index;

/// Words that are held back, as they are shown.
#[derive(Serialize)]
pub(super) struct HeldBackView<'a> {
    kind: &'static str,
    field: Option<Link>,
    id: Option<&'a str>,
    text: &'a str,
    why: Vec<String>,
    evidence: Vec<Evidence<'a>>,
}

/// All that is held back, statements first.
pub(super) fn held_back<'a>(index: &Index<'a>) -> Vec<HeldBackView<'a>> {
    let all = index.generated.checked.held_back().iter();
    all.map(|one| {
        let support = Support::Claims(one.claims.clone());
        let mut sentences = index.evidence(&support);
        sentences.extend(one.sentences.iter().copied());
        HeldBackView {
            kind: kind(one.kind),
            field: one
                .field
                .as_deref()
                .map(|field| findings::field_link(index, field)),
            id: one.statement.as_deref(),
            text: &one.text,
            why: one.why.iter().map(ToString::to_string).collect(),
            evidence: statements::evidence(index, &sentences, &statements::times(index, &support)),
        }
    })
    .collect()
}

fn kind(kind: HeldKind) -> &'static str {
    match kind {
        HeldKind::Statement => "Statement",
        HeldKind::Query => "Question",
        HeldKind::Conflict => "Conflict",
        HeldKind::TakenOut => "Taken out before",
        HeldKind::Finding => "Finding",
    }
}
