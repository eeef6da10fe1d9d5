//! `edit.json` against its published form.

use std::cell::RefCell;

use drafting::edit::{Edit, SCHEMA};
use drafting::source::{Notice, NoticeKind};
use serde_json::{Value, json};

use super::edits::{paragraph, reviewed, texts};
use super::record::{self, Schema};

const PUBLISHED: &str = include_str!("../../../../docs/edit.schema.json");

thread_local! {
    static FORM: RefCell<Schema> = RefCell::new(Schema::of("urn:golden-thread:edit:1", PUBLISHED));
}

/// What the published form has against an edit.
pub fn fault(edit: &Edit) -> Option<String> {
    against(&serde_json::to_value(edit).unwrap())
}

fn against(edit: &Value) -> Option<String> {
    FORM.with_borrow_mut(|form| form.fault("", edit))
}

/// An edit of every kind at once.
fn busy() -> Value {
    let edit = reviewed(|edited| {
        for (at, text) in texts(edited).into_iter().enumerate() {
            match at % 9 {
                3 => text.clear(),
                5 => text.push_str(" for 977 minutes"),
                7 => text.push_str(" Zebras come on Mondays. I think so."),
                _ => {}
            }
        }
        edited.blocks.insert(0, paragraph("A word before all others."));
        edited.blocks.push(paragraph("He <b>likes</b> zebras."));
        edited.notices.push(Notice {
            kind: NoticeKind::Comment,
            page: None,
            text: Some("is this right?".into()),
        });
    });
    serde_json::to_value(edit).unwrap()
}

#[test]
fn an_edit_is_as_its_schema_says() {
    let busy = busy();
    for part in ["changed", "removed", "added", "around", "notices"] {
        assert_ne!(busy[part], json!([]), "{part}");
    }
    assert_eq!(against(&busy), None);
    assert_eq!(fault(&reviewed(|_| {})), None);
    assert_eq!(busy["schema"], SCHEMA);
}

#[test]
fn what_is_no_edit_is_refused() {
    let sound = busy();
    for (pointer, value) in [
        ("/schema", json!("golden-thread/edit/2")),
        ("/run", json!("../x")),
        ("/date", json!("5 October 2026")),
        ("/edited", json!("00")),
        ("/changed/0/bearing", json!("perhaps")),
        ("/changed/0/words/0/kind", json!("old")),
        ("/removed/0/note", json!("x")),
        ("/added/0/id", json!("B.1")),
        ("/moved", json!([1])),
        ("/unchanged", json!(-1)),
        ("/findings/old", json!([])),
        ("/not_assessed", json!({ "no rule": "why" })),
        ("/extra", json!(true)),
    ] {
        let mut broken = sound.clone();
        let (above, key) = pointer.rsplit_once('/').unwrap();
        broken.pointer_mut(above).unwrap_or_else(|| panic!("{above}"))[key] = value;
        assert!(against(&broken).is_some(), "{pointer}");
    }
    let optional = ["not_assessed", "notices"];
    for key in sound.as_object().unwrap().keys() {
        let mut broken = sound.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert_eq!(
            against(&broken).is_some(),
            !optional.contains(&key.as_str()),
            "without {key}"
        );
    }
}

/// What both forms name is one thing.
#[test]
fn edits_and_records_say_the_same_of_the_same() {
    let [own, of_record] =
        [PUBLISHED, record::SCHEMA].map(|text| serde_json::from_str::<Value>(text).unwrap());
    let shared = own["$defs"].as_object().unwrap().iter();
    let shared: Vec<_> = shared
        .filter_map(|(name, own)| Some((own, of_record["$defs"].get(name)?)))
        .collect();
    assert!(shared.len() > 8);
    assert!(shared.iter().all(|(own, other)| own == other));
}
