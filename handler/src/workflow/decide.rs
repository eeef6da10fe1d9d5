//! Whether a case is to be drafted now: a pure function over what is known.

use std::time::Duration;

use drafting::recipe::Completeness;
use jiff::Timestamp;

use super::{CaseState, DraftRequest};
use crate::config::Limits;

/// What to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No document is there.
    Nothing,
    /// A newer upload came since; its own request is on its way.
    Stale,
    /// The case may still grow: look again after this long.
    Wait(Duration),
    /// Draft it now.
    Draft,
}

/// Decides by the state of the case, the request, the recipe and the clock.
#[must_use]
pub fn decide(
    state: &CaseState,
    request: &DraftRequest,
    completeness: Completeness,
    limits: &Limits,
    now: Timestamp,
) -> Decision {
    let Some(newest) = &state.newest else {
        return Decision::Nothing;
    };
    if request.newest.as_ref().is_some_and(|asked| asked < newest) {
        return Decision::Stale;
    }
    if request.asked {
        // With the last document withdrawn, the draft of it must not stand: the run says that nothing is left.
        return if state.documents.is_empty() && !state.has_withdrawals() {
            Decision::Nothing
        } else {
            Decision::Draft
        };
    }
    let age = u64::try_from(now.as_second() - newest.modified.as_second()).unwrap_or(0);
    let left = |limit: Duration| limit.saturating_sub(Duration::from_secs(age));
    let wait_or_draft = |left: Duration| {
        if left.is_zero() {
            Decision::Draft
        } else {
            Decision::Wait(left)
        }
    };
    match &state.manifest {
        Some(manifest) if !manifest.documents.is_empty() => {
            if state.missing().is_empty() {
                Decision::Draft
            } else {
                wait_or_draft(left(limits.manifest))
            }
        }
        // Nothing but a manifest: its documents are still on their way.
        _ if state.documents.is_empty() => Decision::Nothing,
        _ => match completeness {
            Completeness::OneDocument => Decision::Draft,
            Completeness::Quiet => wait_or_draft(left(limits.quiet)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Newest, state::Listed};
    use super::*;
    use crate::paths::CaseKey;
    use azure::ETag;
    use drafting::case::Manifest;
    use drafting::id::{CaseId, RecipeId, SourceName};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn state(names: &[&str], manifest: Option<&[&str]>) -> CaseState {
        CaseState {
            documents: names
                .iter()
                .map(|name| Listed {
                    name: SourceName::parse(name).unwrap(),
                    modified: at(1_000),
                    etag: ETag::new("1"),
                    bytes: 1,
                })
                .collect(),
            manifest: manifest.map(|files| {
                let documents: Vec<_> = files
                    .iter()
                    .map(|file| serde_json::json!({ "file": file }))
                    .collect();
                serde_json::from_value::<Manifest>(serde_json::json!({ "documents": documents })).unwrap()
            }),
            manifest_fault: None,
            manifest_digest: None,
            manifest_modified: None,
            newest: Some(Newest {
                modified: at(1_000),
                name: "b.pdf".into(),
            }),
            too_many: false,
        }
    }

    /// The case with `b.pdf` withdrawn.
    fn withdrawn(mut state: CaseState) -> CaseState {
        let manifest = state.manifest.as_mut().unwrap();
        manifest.withdrawn = serde_json::from_value(serde_json::json!([{ "file": "b.pdf" }])).unwrap();
        state
    }

    fn request(newest: Option<(i64, &str)>, asked: bool) -> DraftRequest {
        let key = CaseKey {
            recipe: RecipeId::parse("ehcp").unwrap(),
            case: CaseId::parse("c1").unwrap(),
        };
        let newest = newest.map(|(second, name)| Newest {
            modified: at(second),
            name: name.into(),
        });
        DraftRequest {
            asked,
            ..DraftRequest::new(&key, newest)
        }
    }

    #[test]
    fn decisions() {
        use Completeness::{OneDocument, Quiet};
        let two = ["a.pdf", "b.pdf"];
        let wait = |seconds| Decision::Wait(Duration::from_secs(seconds));
        let table = [
            (
                "within the quiet period",
                state(&two, None),
                request(None, false),
                Quiet,
                1_030,
                wait(90),
            ),
            (
                "after it",
                state(&two, None),
                request(None, false),
                Quiet,
                1_120,
                Decision::Draft,
            ),
            (
                "the clock stands before the upload",
                state(&two, None),
                request(None, false),
                Quiet,
                900,
                wait(120),
            ),
            (
                "one document is a case",
                state(&two, None),
                request(None, false),
                OneDocument,
                1_000,
                Decision::Draft,
            ),
            (
                "manifest satisfied",
                state(&two, Some(&two)),
                request(None, false),
                Quiet,
                1_000,
                Decision::Draft,
            ),
            (
                "manifest not satisfied",
                state(&two[..1], Some(&two)),
                request(None, false),
                Quiet,
                2_000,
                wait(85_400),
            ),
            (
                "its deadline is over",
                state(&two[..1], Some(&two)),
                request(None, false),
                Quiet,
                90_000,
                Decision::Draft,
            ),
            (
                "manifest without list",
                state(&two, Some(&[])),
                request(None, false),
                Quiet,
                1_030,
                wait(90),
            ),
            (
                "only a manifest",
                state(&[], Some(&[])),
                request(None, false),
                Quiet,
                9_000,
                Decision::Nothing,
            ),
            (
                "asked for",
                state(&two[..1], Some(&two)),
                request(None, true),
                Quiet,
                1_000,
                Decision::Draft,
            ),
            (
                "asked for and empty",
                state(&[], Some(&two)),
                request(None, true),
                Quiet,
                1_000,
                Decision::Nothing,
            ),
            (
                "asked for, and the last document was withdrawn",
                withdrawn(state(&[], Some(&[]))),
                request(None, true),
                Quiet,
                1_000,
                Decision::Draft,
            ),
            (
                "what is withdrawn is not waited for",
                withdrawn(state(&two[..1], Some(&two))),
                request(None, false),
                Quiet,
                1_000,
                Decision::Draft,
            ),
            (
                "a newer upload by time",
                state(&two, None),
                request(Some((999, "z.pdf")), false),
                Quiet,
                9_000,
                Decision::Stale,
            ),
            (
                "a newer upload by name",
                state(&two, None),
                request(Some((1_000, "a.pdf")), false),
                Quiet,
                9_000,
                Decision::Stale,
            ),
            (
                "this upload",
                state(&two, None),
                request(Some((1_000, "b.pdf")), false),
                Quiet,
                9_000,
                Decision::Draft,
            ),
            (
                "the newest was deleted since",
                state(&two, None),
                request(Some((2_000, "c.pdf")), false),
                Quiet,
                9_000,
                Decision::Draft,
            ),
        ];
        for (what, state, request, completeness, now, expected) in table {
            assert_eq!(
                decide(&state, &request, completeness, &Limits::usual(), at(now)),
                expected,
                "{what}"
            );
        }
    }
}
