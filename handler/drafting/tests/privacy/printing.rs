//! Types that hold personal data print none of it.

use std::collections::BTreeMap;

use drafting::case::{Case, Manifest, Source, Subject};
use drafting::claim::Fact;
use drafting::document::Document;
use drafting::draft::{ConflictValue, Query, Statement, Support, TakenOut};
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::prompt::{Prompt, Purpose, Tier};
use drafting::record::EvidenceRecord;
use drafting::screening::{HeldBack, HeldKind, Passage};
use drafting::sensitive::Sensitive;
use drafting::source::{Block, Content, Format, Reading};
use jiff::civil::date;

const MARKER: &str = "Zqmarker";

fn marked() -> String {
    MARKER.to_owned()
}

fn silent(value: &impl std::fmt::Debug) {
    let printed = format!("{value:?} {value:#?}");
    assert!(!printed.contains(MARKER), "{printed}");
}

fn document() -> Document {
    let block = |content| Block {
        page: Some(1),
        breaks: Vec::new(),
        content,
    };
    let reading = Reading {
        format: Format::Text,
        pages: None,
        blocks: vec![
            block(Content::Heading {
                level: 1,
                text: marked(),
            }),
            block(Content::Paragraph {
                text: format!("{MARKER} reads well."),
                bold: Vec::new(),
            }),
        ],
        notices: Vec::new(),
    };
    Document::number(1, &reading)
}

fn manifest() -> Manifest {
    let named = BTreeMap::from([(marked(), marked())]);
    let child = Subject {
        name: Some(marked()),
        nhs_number: Some(marked()),
        ..Subject::default()
    };
    Manifest {
        child: Some(child.into()),
        values: named.clone().into(),
        choices: named.into(),
        unknown: BTreeMap::from([(marked(), marked().into())]).into(),
        ..Manifest::default()
    }
}

#[test]
fn a_case_prints_no_word_of_its_sources_and_its_manifest() {
    let document = document();
    silent(&document.sentences[0]);
    silent(&document);
    silent(&manifest());
    silent(&Case {
        id: CaseId::parse("c1").unwrap(),
        manifest: manifest(),
        sources: vec![Source {
            number: 1,
            name: SourceName::parse("Appendix D.txt").unwrap(),
            digest: Digest::of(b""),
            bytes: 0,
            advice: None,
            author_role: None,
            date: None,
            notices: Vec::new(),
            content: Ok(document),
        }],
        today: date(2026, 11, 2),
    });
}

#[test]
fn what_is_drafted_prints_no_word_of_it() {
    silent(&Statement {
        id: "B.CI.1".into(),
        text: marked(),
        support: Support::Officer,
        serves: Vec::new(),
        marks: vec![marked()],
    });
    silent(&Fact {
        key: "name".into(),
        value: marked(),
    });
    silent(&ConflictValue {
        value: marked(),
        sentences: Vec::new(),
    });
    silent(&Query {
        question: marked(),
        reason: marked(),
        ..Query::default()
    });
    silent(&TakenOut {
        field: "needs".into(),
        statement: None,
        text: marked(),
        claims: Vec::new(),
        why: vec![marked()],
    });
    silent(&HeldBack {
        kind: HeldKind::Statement,
        field: None,
        statement: None,
        text: marked(),
        claims: Vec::new(),
        sentences: Vec::new(),
        why: Vec::new(),
    });
    silent(&Passage {
        text: marked(),
        parts: Vec::new(),
    });
    silent(&EvidenceRecord {
        source: SourceName::parse("Appendix D.txt").unwrap(),
        page: None,
        block: 1,
        headings: vec![marked()],
        span: (0, 1),
        place: None,
        lead: Some(marked()),
        confidence: None,
        quote: marked(),
    });
    silent(&Prompt {
        purpose: Purpose::Label,
        tier: Tier::Fast,
        instructions: marked(),
        material: marked(),
        schema_name: "labels",
        schema: serde_json::Value::String(marked()),
        most_tokens: 1,
    });
}

#[test]
fn what_is_sensitive_is_used_and_written_as_it_is_and_never_printed() {
    let name = Sensitive::new(marked());
    assert_eq!(format!("{name} {name:?}"), "*** ***");
    assert_eq!(name.len(), MARKER.len());
    assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{MARKER}\""));
    let manifest: Manifest = serde_json::from_value(serde_json::to_value(manifest()).unwrap()).unwrap();
    assert_eq!(manifest, self::manifest());
}
