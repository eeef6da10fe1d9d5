use std::collections::BTreeMap;

use boon::{Compiler, SchemaIndex, Schemas};
use drafting::claim::{About, Speaker, Status, Strength, Time};
use drafting::draft::{NotUsed, QueryKind};
use drafting::finding::Severity;
use drafting::record::Record;
use drafting::source::{Format, NoticeKind, Rejection};
use serde_json::{Value, json};

use super::{documents, fixture, runs};

pub const SCHEMA: &str = include_str!("../../../../docs/record.schema.json");
const URL: &str = "urn:golden-thread:record:1";

/// The published schema, and parts of it.
pub struct Schema {
    url: &'static str,
    compiler: Compiler,
    schemas: Schemas,
}

impl Schema {
    pub fn published() -> Self {
        Self::of(URL, SCHEMA)
    }

    pub fn of(url: &'static str, schema: &str) -> Self {
        let mut compiler = Compiler::new();
        compiler
            .add_resource(url, serde_json::from_str(schema).unwrap())
            .unwrap();
        Self {
            url,
            compiler,
            schemas: Schemas::new(),
        }
    }

    fn part(&mut self, pointer: &str) -> SchemaIndex {
        self.compiler
            .compile(&format!("{}{pointer}", self.url), &mut self.schemas)
            .unwrap()
    }

    pub fn fault(&mut self, pointer: &str, value: &Value) -> Option<String> {
        let part = self.part(pointer);
        self.schemas
            .validate(value, part)
            .err()
            .map(|fault| format!("{fault:#}"))
    }
}

fn record(name: &str) -> Value {
    let (_, run) = runs().into_iter().find(|(known, _)| *known == name).unwrap();
    let timings = BTreeMap::from([("read".to_owned(), 12)]);
    let bytes = render::record(&run.0, &run.1, &documents(&run), timings).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn records_are_as_the_schema_says() {
    let mut schema = Schema::published();
    for (name, _) in runs() {
        assert_eq!(schema.fault("", &record(name)), None, "{name}");
    }
}

#[test]
fn what_is_no_record_is_refused() {
    let mut schema = Schema::published();
    let sound = record("rich");
    for (pointer, value) in [
        ("/schema", json!("golden-thread/record/2")),
        ("/run", json!("../x")),
        ("/outcome", json!({ "state": "done" })),
        ("/outcome", json!({ "state": "refused" })),
        ("/date", json!("5 October 2026")),
        ("/sources/0/sha256", json!("00")),
        (
            "/sources/4/state",
            json!({ "unreadable": { "reason": "scanned" } }),
        ),
        ("/sources/0/name", json!("a/b")),
        (
            "/sections/1/fields/1/content/statements/0/support",
            json!({ "claims": [] }),
        ),
        ("/sections/1/fields/1/content/statements/0/note", json!("x")),
        ("/claims/0/sentences", json!([])),
        ("/claims/0/strength", json!("certain")),
        ("/evidence/first", json!({})),
        ("/findings/0/severity", json!("fatal")),
        ("/coverage/0/fate", json!({ "not_used": "dull" })),
        ("/timings/read", json!(-1)),
        ("/extra", json!(true)),
    ] {
        let mut broken = sound.clone();
        let (above, key) = pointer.rsplit_once('/').unwrap();
        broken.pointer_mut(above).unwrap_or_else(|| panic!("{above}"))[key] = value;
        assert!(schema.fault("", &broken).is_some(), "{pointer}");
    }
    for key in sound.as_object().unwrap().keys() {
        let mut broken = sound.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(schema.fault("", &broken).is_some(), "without {key}");
    }
}

#[test]
fn the_schema_knows_every_kind_of_thing() {
    let mut schema = Schema::published();
    let mut check = |pointer: &str, values: Vec<Value>| {
        for value in values {
            assert_eq!(schema.fault(pointer, &value), None, "{value}");
        }
    };
    let what = String::from("what");
    check(
        "#/$defs/rejection",
        all(&[
            Rejection::Empty,
            Rejection::Scanned { pages: 3 },
            Rejection::Encrypted,
            Rejection::TooLarge { what: what.clone() },
            Rejection::Unsupported { what: what.clone() },
            Rejection::Damaged,
            Rejection::Hostile { what },
        ]),
    );
    check(
        "#/$defs/noticeKind",
        all(&[
            NoticeKind::HiddenText,
            NoticeKind::TrackedDeletion,
            NoticeKind::TrackedInsertion,
            NoticeKind::Comment,
            NoticeKind::Picture,
            NoticeKind::PageWithoutText,
            NoticeKind::EmbeddedObject,
            NoticeKind::DamagedText,
        ]),
    );
    check(
        "#/$defs/notUsed",
        all(&[
            NotUsed::Context,
            NotUsed::Past,
            NotUsed::Superseded,
            NotUsed::OtherPerson,
            NotUsed::InPlace,
            NotUsed::Conflict,
            NotUsed::Instruction,
            NotUsed::TakenOut,
            NotUsed::HeldBack,
            NotUsed::Detail,
            NotUsed::Unclaimed,
        ]),
    );
    check(
        "#/$defs/query/properties/kind",
        all(&[
            QueryKind::Specifics,
            QueryKind::Vague,
            QueryKind::Unmet,
            QueryKind::Aimless,
            QueryKind::Unlinked,
            QueryKind::Advice,
            QueryKind::Version,
            QueryKind::Conflict,
            QueryKind::Missing,
            QueryKind::Other,
        ]),
    );
    let claim = "#/$defs/claim/properties";
    check(
        &format!("{claim}/speaker"),
        all(&[Speaker::Subject, Speaker::Family, Speaker::Professional]),
    );
    check(
        &format!("{claim}/about"),
        all(&[About::Subject, About::Family, About::Other]),
    );
    check(
        &format!("{claim}/strength"),
        all(&[Strength::Firm, Strength::Recommended, Strength::Tentative]),
    );
    check(
        &format!("{claim}/time"),
        all(&[Time::Current, Time::Past, Time::Superseded]),
    );
    check(
        &format!("{claim}/status"),
        all(&[Status::InPlace, Status::Advised, Status::Ended, Status::Wished]),
    );
    check(
        "#/$defs/finding/properties/severity",
        all(&[Severity::Critical, Severity::Standard, Severity::Info]),
    );
    check(
        "#/$defs/source/properties/format",
        all(&[
            Format::Pdf,
            Format::Docx,
            Format::Odt,
            Format::Rtf,
            Format::Html,
            Format::Markdown,
            Format::Text,
        ]),
    );
}

fn all<T: serde::Serialize>(values: &[T]) -> Vec<Value> {
    values
        .iter()
        .map(|value| serde_json::to_value(value).unwrap())
        .collect()
}

#[test]
fn only_timings_differ() {
    let run = fixture::rich();
    let documents = documents(&run);
    let bytes = |milliseconds| {
        let timings = BTreeMap::from([("read".to_owned(), milliseconds)]);
        render::record(&run.0, &run.1, &documents, timings).unwrap()
    };
    assert_eq!(bytes(1), bytes(1));
    assert!(bytes(1).ends_with(b"}\n"));
    let parsed = |milliseconds| serde_json::from_slice::<Record>(&bytes(milliseconds)).unwrap();
    let (mut one, two) = (parsed(1), parsed(2));
    assert_ne!(one, two);
    one.timings.clone_from(&two.timings);
    assert_eq!(one, two);
}

#[test]
fn the_record_names_the_other_documents_by_their_digests() {
    let run = fixture::rich();
    let documents = documents(&run);
    let record = record("rich");
    for (name, bytes) in documents.by_name() {
        let digest = drafting::hash::Digest::of(bytes);
        assert_eq!(record["outputs"][name]["sha256"], json!(digest), "{name}");
        assert_eq!(record["outputs"][name]["bytes"], json!(bytes.len()), "{name}");
    }
}
