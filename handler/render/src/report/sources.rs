//! The sources: what each is, what became of it, and what its reader noticed.

use std::collections::BTreeMap;

use drafting::case::Source;
use drafting::finding::Subject;
use drafting::source::Notice;
use serde::Serialize;

use super::coverage::{percent, supporting};
use super::findings::{self, FindingView, Link};
use super::quality;
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
    /// What is to be said of its age.
    age: Option<String>,
    format: Option<&'static str>,
    pages: Option<u32>,
    words: String,
    sentences: usize,
    /// How many of its sentences support the draft, and in a hundred; none when it was not drafted from.
    used: Option<(usize, usize)>,
    /// The queries that ask for the specifics it leaves out.
    vague: Vec<Link>,
    /// `used`, `kept-out` or `unreadable`.
    key: &'static str,
    state: String,
    /// What is wrong and what to do, when it could not be read.
    advice: Option<String>,
    /// How its scanned pages were read.
    scan: Option<String>,
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

/// A document that the officer has withdrawn, as it is shown.
#[derive(Serialize)]
pub(super) struct WithdrawnView<'a> {
    file: &'a str,
    date: Option<String>,
    reason: Option<&'a str>,
    sha256: Option<&'a str>,
}

/// The documents that the officer has withdrawn.
pub(super) fn withdrawn<'a>(index: &Index<'a>) -> Vec<WithdrawnView<'a>> {
    let withdrawn = index.generated.case.manifest.withdrawn.iter();
    withdrawn
        .map(|said| WithdrawnView {
            file: said.file.as_str(),
            date: said.date.map(words::day),
            reason: said.reason.as_deref(),
            sha256: said.sha256.as_ref().map(drafting::hash::Digest::as_str),
        })
        .collect()
}

/// The sources in order of their names.
pub(super) fn sources<'a>(index: &Index<'a>) -> Vec<SourceView<'a>> {
    let (used, vague) = (supporting(index), quality::vague(index));
    let sources = index.generated.case.sources.iter();
    sources.map(|source| view(index, source, &used, &vague)).collect()
}

fn view<'a>(
    index: &Index<'a>,
    source: &'a Source,
    used: &BTreeMap<u16, usize>,
    vague: &BTreeMap<u16, Vec<usize>>,
) -> SourceView<'a> {
    let document = source.content.as_ref().ok();
    let sentences = document.map_or(0, |document| document.sentences.len());
    let (key, state) = state(index, source);
    let advice = source.advice.as_deref();
    let vague = vague.get(&source.number).map_or(&[] as &[usize], Vec::as_slice);
    SourceView {
        number: source.number,
        name: source.name.as_str(),
        kind: advice.map(|id| index.recipe.advice(id).map_or(id, |advice| advice.title.as_str())),
        author: source.author_role.as_deref(),
        date: source.date.map(words::day),
        age: quality::age(source.date, index.generated.case.today).words(),
        format: source.format().map(words::format),
        pages: document.and_then(|document| document.pages),
        words: document.map_or_else(String::new, |document| words::grouped(document.words())),
        sentences,
        used: index.is_drafted_from(source).then(|| {
            let used = used.get(&source.number).copied().unwrap_or(0);
            (used, percent(used, sentences))
        }),
        vague: vague.iter().map(|at| query_link(*at)).collect(),
        key,
        state,
        advice: source
            .content
            .as_ref()
            .err()
            .map(|rejection| words::sentence(&rejection.advice())),
        scan: document
            .and_then(|document| document.recognition.as_ref())
            .map(|recognition| words::sentence(&recognition.told())),
        digest: source.digest.as_str(),
        notices: source.notices.iter().map(notice).collect(),
        findings: findings::about(index, &Subject::Source(source.name.clone())),
    }
}

fn query_link(at: usize) -> Link {
    Link {
        target: Some(format!("query-{}", at + 1)),
        text: (at + 1).to_string(),
    }
}

/// A source's state, as a class name and in words.
pub(crate) fn state(index: &Index<'_>, source: &Source) -> (&'static str, String) {
    if source.content.is_err() {
        return ("unreadable", "Could not be read".to_owned());
    }
    if index.generated.kept_out.contains(&source.number) {
        return ("kept-out", "Kept out: about somebody else".to_owned());
    }
    if !index.has_draft() {
        return ("used", "Read; no draft was made".to_owned());
    }
    let state = match index.generated.newer(source) {
        Some(newer) => format!(
            "Replaced by {}; only details of its form were drafted from",
            newer.name
        ),
        None => "Read and drafted from".to_owned(),
    };
    ("used", state)
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
