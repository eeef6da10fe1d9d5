//! The sources: what each is, what became of it, and what its reader noticed.

use drafting::case::Source;
use drafting::finding::Subject;
use drafting::source::Notice;
use serde::Serialize;

use super::findings::{self, FindingView};
use crate::index::Index;
use crate::words;

/// A source as it is shown.
#[derive(Serialize)]
pub(super) struct SourceView<'a> {
    number: u16,
    name: &'a str,
    kind: Option<&'a str>,
    author: Option<&'a str>,
    date: Option<String>,
    format: Option<&'static str>,
    pages: Option<u32>,
    sentences: String,
    words: String,
    /// `used`, `kept-out` or `unreadable`.
    key: &'static str,
    state: &'static str,
    /// What is wrong and what to do, when it could not be read.
    advice: Option<String>,
    digest: &'a str,
    notices: Vec<NoticeView<'a>>,
    findings: Vec<FindingView<'a>>,
}

/// A notice as it is shown.
#[derive(Serialize)]
struct NoticeView<'a> {
    what: &'static str,
    advice: &'static str,
    page: Option<u32>,
    text: Option<&'a str>,
}

/// The sources in order of their names.
pub(super) fn sources<'a>(index: &Index<'a>) -> Vec<SourceView<'a>> {
    index
        .generated
        .case
        .sources
        .iter()
        .map(|source| view(index, source))
        .collect()
}

fn view<'a>(index: &Index<'a>, source: &'a Source) -> SourceView<'a> {
    let document = source.content.as_ref().ok();
    let (key, state) = state(index, source);
    let advice = source.advice.as_deref();
    SourceView {
        number: source.number,
        name: source.name.as_str(),
        kind: advice.map(|id| index.recipe.advice(id).map_or(id, |advice| advice.title.as_str())),
        author: source.author_role.as_deref(),
        date: source.date.map(words::day),
        format: source.format().map(words::format),
        pages: document.and_then(|document| document.pages),
        sentences: document.map_or_else(String::new, |document| words::grouped(document.sentences.len())),
        words: document.map_or_else(String::new, |document| words::grouped(document.words())),
        key,
        state,
        advice: source
            .content
            .as_ref()
            .err()
            .map(|rejection| words::sentence(&rejection.advice())),
        digest: source.digest.as_str(),
        notices: source.notices.iter().map(notice).collect(),
        findings: findings::about(index, &Subject::Source(source.name.clone())),
    }
}

/// A source's state, as a class name and in words.
pub(crate) fn state(index: &Index<'_>, source: &Source) -> (&'static str, &'static str) {
    if source.content.is_err() {
        ("unreadable", "Could not be read")
    } else if index.generated.kept_out.contains(&source.number) {
        ("kept-out", "Kept out: about somebody else")
    } else if !index.has_draft() {
        ("used", "Read; no draft was made")
    } else {
        ("used", "Read and drafted from")
    }
}

fn notice(notice: &Notice) -> NoticeView<'_> {
    let (what, advice) = words::notice(notice.kind);
    NoticeView {
        what,
        advice,
        page: notice.page,
        text: notice.text.as_deref(),
    }
}
