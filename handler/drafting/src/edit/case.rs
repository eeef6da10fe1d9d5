//! The case as far as its record holds it: enough to apply the rules again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::case::{Case, Manifest, Source, Subject};
use crate::document::{Document, Place, Sentence, SentenceId};
use crate::draft::FieldContent;
use crate::identity;
use crate::recipe::Recipe;
use crate::record::{EvidenceRecord, Record, SourceRecord, SourceState};
use crate::source::Format;

/// The case, and the sources that were kept out of its draft.
pub(super) fn of(recipe: &Recipe, record: &Record) -> (Case, BTreeSet<u16>) {
    let kept_out = record
        .sources
        .iter()
        .filter(|source| source.state == SourceState::KeptOut)
        .map(|source| source.number)
        .collect();
    let case = Case {
        id: record.case.clone(),
        manifest: Manifest {
            child: Some(subject(recipe, record).into()),
            choices: record.choices.clone().into(),
            ..Manifest::default()
        },
        sources: record.sources.iter().map(|own| source(record, own)).collect(),
        today: record.date,
    };
    (case, kept_out)
}

/// Who the case is about, as the draft says.
fn subject(recipe: &Recipe, record: &Record) -> Subject {
    let fields = record.sections.iter().flat_map(|section| &section.fields);
    let values: BTreeMap<&str, &str> = fields
        .filter_map(|field| match &field.content {
            FieldContent::Value(statement) => Some((field.key.as_str(), statement.text.as_str())),
            FieldContent::Empty | FieldContent::Open(_) | FieldContent::Statements(_) => None,
        })
        .collect();
    let value = |key: &Option<String>| {
        let value = key.as_deref().and_then(|key| values.get(key).copied());
        value.map(str::to_owned)
    };
    let keys = &recipe.lexicon.subject;
    Subject {
        name: value(&keys.name),
        preferred_name: value(&keys.preferred_name),
        date_of_birth: value(&keys.date_of_birth).and_then(|text| identity::date(&text)),
        pronouns: None,
        nhs_number: value(&keys.nhs_number),
    }
}

fn source(record: &Record, own: &SourceRecord) -> Source {
    let content = match &own.state {
        SourceState::Unreadable(rejection) => Err(rejection.clone()),
        SourceState::Used | SourceState::KeptOut => Ok(document(record, own)),
    };
    Source {
        number: own.number,
        name: own.name.clone(),
        digest: own.sha256.clone(),
        bytes: own.bytes,
        advice: own.advice.clone(),
        author_role: own.author_role.clone(),
        date: own.date,
        notices: own.notices.clone(),
        content,
    }
}

/// The sentences of a source that the record holds, at their own numbers; nothing stands at the others.
fn document(record: &Record, own: &SourceRecord) -> Document {
    let cited: BTreeMap<u32, &EvidenceRecord> = record
        .evidence
        .iter()
        .filter(|(id, _)| id.source == own.number)
        // A number beyond the source's sentences is not one of this program's records.
        .filter(|(id, _)| usize::try_from(id.number).is_ok_and(|number| number <= own.sentences))
        .map(|(id, evidence)| (id.number, evidence))
        .collect();
    let last = cited.keys().next_back().copied().unwrap_or(0);
    let nothing: Arc<[String]> = Arc::default();
    let sentences = (1..=last).map(|number| {
        let id = SentenceId {
            source: own.number,
            number,
        };
        match cited.get(&number) {
            Some(evidence) => sentence(id, evidence),
            None => Sentence {
                id,
                text: String::new(),
                span: (0, 0),
                page: None,
                block: 0,
                headings: Arc::clone(&nothing),
                place: Place::Paragraph,
                lead: None,
            },
        }
    });
    Document {
        source: own.number,
        format: own.format.unwrap_or(Format::Text),
        pages: own.pages,
        text: String::new(),
        sentences: sentences.collect(),
        headings: Vec::new(),
        recognition: None,
    }
}

fn sentence(id: SentenceId, evidence: &EvidenceRecord) -> Sentence {
    Sentence {
        id,
        text: evidence.quote.clone(),
        span: evidence.span,
        page: evidence.page,
        block: evidence.block,
        headings: evidence.headings.iter().cloned().collect(),
        place: evidence.place.clone().unwrap_or(Place::Paragraph),
        lead: evidence.lead.clone(),
    }
}
