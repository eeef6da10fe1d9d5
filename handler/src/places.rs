//! Places in storage as telemetry tells them: with placeholders, so that no name of a blob leaves.

/// What stands for a path of no known kind.
const ELSEWHERE: &str = "elsewhere";

/// Every kind of path that the app asks storage for. The first that fits counts, and a placeholder takes anything.
const PLACES: &[&str] = &[
    "",
    "sources",
    "drafts",
    "runs",
    "published",
    "audit",
    "incoming",
    "azure-webjobs-hosts",
    "draft-requests",
    "draft-requests/messages",
    "draft-requests-poison",
    "draft-requests-poison/messages",
    "confirmations",
    "confirmations/messages",
    "confirmations-poison",
    "confirmations-poison/messages",
    "callbacks",
    "callbacks/messages",
    "callbacks-poison",
    "callbacks-poison/messages",
    "source-events",
    "source-events/messages",
    "source-events-poison",
    "source-events-poison/messages",
    "webjobs-blobtrigger-poison",
    "webjobs-blobtrigger-poison/messages",
    "sources/{recipe}/{case}/case.json",
    "sources/{recipe}/{case}/{document}",
    "incoming/{recipe}/{case}/{document}",
    "drafts/{recipe}/{case}/draft.docx",
    "drafts/{recipe}/{case}/evidence.docx",
    "drafts/{recipe}/{case}/report.html",
    "drafts/{recipe}/{case}/queries.docx",
    "drafts/{recipe}/{case}/record.json",
    "drafts/{recipe}/{case}/READY.json",
    "drafts/{recipe}/{case}/FAILED.json",
    "runs/refused/{upload}",
    "runs/erased/{case}",
    "runs/retention.json",
    "runs/sweep/lock.json",
    "runs/sweep/cursor.json",
    "runs/{recipe}/{case}/status.json",
    "runs/{recipe}/{case}/lock.json",
    "runs/{recipe}/{case}/answers/{answer}",
    "runs/{recipe}/{case}/keys/{key}",
    "runs/{recipe}/{case}/callbacks/{callback}",
    "runs/{recipe}/{case}/edits/{edit}/{file}",
    "runs/{recipe}/{case}/{run}/draft.docx",
    "runs/{recipe}/{case}/{run}/evidence.docx",
    "runs/{recipe}/{case}/{run}/report.html",
    "runs/{recipe}/{case}/{run}/queries.docx",
    "runs/{recipe}/{case}/{run}/record.json",
    "published/{recipe}/{case}/plan.docx",
    "published/{recipe}/{case}/approval.json",
    "published/{recipe}/{case}/versions/{version}/plan.docx",
    "published/{recipe}/{case}/versions/{version}/approval.json",
    "audit/{year}/{month}/{day}/{file}",
];

/// The kind of a path such as `runs/ehcp/c1/status.json`.
#[must_use]
pub fn template(path: &str) -> &'static str {
    let fits = |place: &&&str| {
        let (mut place, mut path) = (place.split('/'), path.split('/'));
        loop {
            match (place.next(), path.next()) {
                (None, None) => return true,
                (Some(own), Some(part)) if own == part || own.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    PLACES.iter().find(fits).copied().unwrap_or(ELSEWHERE)
}

#[cfg(test)]
mod tests {
    use drafting::hash::Digest;
    use drafting::id::{CaseId, EditId, RecipeId, RunId, SourceName};

    use super::*;
    use crate::paths::{Artifact, CaseKey, EditFile};

    #[test]
    fn every_blob_of_a_case_has_its_place_and_none_shows_its_name() {
        let key = CaseKey {
            recipe: RecipeId::parse("zqrecipe").unwrap(),
            case: CaseId::parse("zqcase").unwrap(),
        };
        let digest = Digest::of(b"zq");
        let run = RunId::of(&digest, 2);
        let mut names = vec![
            ("sources", key.source(&SourceName::parse("zq file.pdf").unwrap())),
            ("sources", key.manifest()),
            ("drafts", key.ready()),
            ("drafts", key.failed()),
            ("published", key.plan()),
            ("published", key.current()),
            ("published", key.version(1)),
            ("published", key.approval(1)),
            ("runs", key.status()),
            ("runs", key.lock()),
            ("runs", key.answer(&digest)),
            ("runs", key.keyed(&digest)),
            ("runs", crate::paths::refused(&digest)),
            ("runs", crate::paths::SWEEP_LOCK.to_owned()),
            ("runs", crate::paths::SWEEP_CURSOR.to_owned()),
            ("runs", crate::paths::RETENTION.to_owned()),
        ];
        names.extend(Artifact::ALL.map(|file| ("drafts", key.result(file))));
        names.extend(Artifact::ALL.map(|file| ("runs", key.archived(&run, file))));
        names.extend(EditFile::ALL.map(|file| ("runs", key.edit(&EditId::of(&digest), file))));
        for (container, name) in names {
            let told = template(&format!("{container}/{name}"));
            assert!(told != ELSEWHERE && told.starts_with(container), "{told}");
            assert!(!told.contains("zq"), "{told}");
        }
        for odd in [
            "zqcontainer",
            "sources/zq",
            "runs/a/b/c/zq.json",
            "runs/a/b/zq.json/",
        ] {
            assert_eq!(template(odd), ELSEWHERE, "{odd}");
        }
    }
}
