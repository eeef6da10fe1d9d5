//! What the sources themselves give cause to say.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, View, recognised, rules};
use crate::case::Source;
use crate::document::Place;
use crate::draft::{Draft, NotUsed, SentenceUse};
use crate::finding::Subject;
use crate::label::speaks_to_machine;
use crate::source::{Notice, NoticeKind};

pub(super) fn check(view: &View, findings: &mut Findings) {
    recognised::check_sources(view, findings);
    for source in &view.case.sources {
        if let Err(rejection) = &source.content {
            findings.add(
                &rules::UNREADABLE,
                Subject::Source(source.name.clone()),
                rejection.advice(),
                Some("upload a readable copy under the same name; the plan is drafted again".into()),
            );
        }
        for (kind, notices) in by_kind(&source.notices) {
            findings.add(
                &rules::NOTICE,
                Subject::Source(source.name.clone()),
                notice_message(kind, &notices),
                None,
            );
        }
        if around(source).any(|words| speaks_to_machine(view.recipe, words)) {
            findings.add(
                &rules::INSTRUCTION,
                Subject::Source(source.name.clone()),
                "a heading, a table's head or the author's role gives instructions to whoever drafts; it was not obeyed".into(),
                Some("ask the author of the report how it came there".into()),
            );
        }
    }
    check_manifest(view, findings);
    check_advice(view, findings);
}

/// The words of a source that are no sentences but stand around them.
fn around(source: &Source) -> impl Iterator<Item = &str> {
    let document = source.content.as_ref().ok();
    let headings = document.into_iter().flat_map(|document| &document.headings);
    let cells = document.into_iter().flat_map(|document| &document.sentences);
    let heads = cells.filter_map(|sentence| match &sentence.place {
        Place::Cell { column_head, .. } => column_head.as_deref(),
        Place::Paragraph | Place::ListItem { .. } => None,
    });
    let headings = headings.map(|(_, heading, _)| heading.as_str());
    // A column's head stands beside each of its cells.
    let heads: BTreeSet<&str> = heads.collect();
    headings.chain(heads).chain(source.author_role.as_deref())
}

fn by_kind(notices: &[Notice]) -> BTreeMap<&'static str, Vec<&Notice>> {
    let mut kinds: BTreeMap<&'static str, Vec<&Notice>> = BTreeMap::new();
    for notice in notices {
        kinds.entry(words_for(notice.kind)).or_default().push(notice);
    }
    kinds
}

fn words_for(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::HiddenText => "text that a person would not see was found and kept out",
        NoticeKind::TrackedDeletion => "text deleted in tracked changes was kept out",
        NoticeKind::TrackedInsertion => "text inserted in tracked changes, not yet accepted, was taken in",
        NoticeKind::Comment => "comments were kept out",
        NoticeKind::Picture => "pictures were not read",
        NoticeKind::PageWithoutText => "pages without text were not read",
        NoticeKind::PageNotRecognised => "text recognition did not read scanned pages",
        NoticeKind::EmbeddedObject => "embedded files were not read",
        NoticeKind::DamagedText => "many characters could not be read",
    }
}

fn notice_message(words: &str, notices: &[&Notice]) -> String {
    let first = notices
        .first()
        .filter(|notice| notice.kind == NoticeKind::PageNotRecognised);
    // What this program says of them, and no words of the page.
    let why = first.and_then(|notice| notice.text.as_ref());
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    let mut pages: Vec<u32> = notices.iter().filter_map(|notice| notice.page).collect();
    pages.dedup();
    if pages.is_empty() {
        let places = if notices.len() == 1 { "place" } else { "places" };
        return format!("{words} ({} {places}){why}", notices.len());
    }
    let what = if pages.len() == 1 { "page" } else { "pages" };
    let pages: Vec<String> = pages.iter().map(u32::to_string).collect();
    format!("{words} ({what} {}){why}", pages.join(", "))
}

fn check_manifest(view: &View, findings: &mut Findings) {
    let manifest = &view.case.manifest;
    for document in &manifest.documents {
        if !view
            .case
            .sources
            .iter()
            .any(|source| source.name == document.file)
        {
            findings.add(
                &rules::NOT_ARRIVED,
                Subject::Source(document.file.clone()),
                "the manifest names this document and it has not arrived".into(),
                Some("upload it, or take it out of case.json".into()),
            );
        }
    }
    for key in manifest.values.keys().chain(manifest.choices.keys()) {
        if view.recipe.field(key).is_none()
            && !(view.recipe.section(key).is_some() && manifest.says_none(key))
        {
            findings.add(
                &rules::UNKNOWN_KEY,
                Subject::Field(key.clone()),
                "case.json gives a value for a field that the recipe does not have".into(),
                Some("correct the key, or take it out of case.json".into()),
            );
        }
    }
}

fn check_advice(view: &View, findings: &mut Findings) {
    let present = |id: &str| {
        view.case.sources.iter().any(|source| {
            let kind = source
                .advice
                .as_deref()
                .and_then(|advice| view.recipe.advice(advice));
            kind.is_some_and(|kind| kind.counts_as(id))
                && source.content.is_ok()
                && !view.kept_out.contains(&source.number)
        })
    };
    for advice in &view.recipe.advice {
        let Some(law) = &advice.required else { continue };
        if !present(&advice.id) {
            findings.add(
                &rules::MISSING_ADVICE,
                Subject::Case,
                format!("{} is missing or could not be read ({law})", advice.title),
                Some(format!(
                    "ask the {} for it, or record why there is none",
                    advice.author
                )),
            );
        }
    }
}

/// Sentences that speak to the reader, and those that no claim was made of.
pub(super) fn check_coverage(view: &View, draft: &Draft, findings: &mut Findings) {
    let mut unclaimed: BTreeMap<u16, usize> = BTreeMap::new();
    for entry in &draft.coverage {
        match entry.fate {
            SentenceUse::NotUsed(NotUsed::Instruction) => findings.add(
                &rules::INSTRUCTION,
                Subject::Sentence(entry.sentence),
                "this sentence gives instructions to whoever drafts; it was not obeyed and not used".into(),
                Some("ask the author of the report how it came there".into()),
            ),
            SentenceUse::NotUsed(NotUsed::Unclaimed) => {
                *unclaimed.entry(entry.sentence.source).or_default() += 1;
            }
            SentenceUse::Used(_) | SentenceUse::Merged(_) | SentenceUse::NotUsed(_) => {}
        }
    }
    for (number, count) in unclaimed {
        let Some(source) = view.source(number) else {
            continue;
        };
        findings.add(
            &rules::UNCLAIMED,
            Subject::Source(source.name.clone()),
            unclaimed_message(count),
            Some("look at what is marked in the report's list of every sentence, and add by hand what belongs in the draft".into()),
        );
    }
}

fn unclaimed_message(count: usize) -> String {
    let (sentences, are) = if count == 1 {
        ("sentence looks", "is")
    } else {
        ("sentences look", "are")
    };
    format!("{count} {sentences} like a need, a recommendation or an outcome and {are} not in the draft")
}
