use std::path::PathBuf;

use drafting::claim::Speaker;
use drafting::label;
use serde_json::{Value, json};

use super::prompt::Request;
use super::{Behaviour, Plant, Script, Verdicts, words};
use crate::folder;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn request(system: &str, user: &str, schema_name: &str, schema: &Value) -> Request {
    let body = json!({
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "response_format": {"json_schema": {"name": schema_name, "schema": schema}},
    });
    Request::read(&body).unwrap()
}

/// Every claim of the annotation is in a label of its kind that points at all of its words.
#[test]
fn the_labels_cover_the_annotation() {
    let recipe = folder::recipe(&root().join("recipes/ehcp")).unwrap();
    for name in ["rowan", "amina", "tomas"] {
        let path = root().join("handler/tests/cases").join(name);
        let case = folder::case(&recipe, &path).unwrap();
        let script = Script::read(&path).unwrap();
        let mut labelled: Vec<(String, Vec<String>)> = Vec::new();
        let readable: Vec<_> = case
            .sources
            .iter()
            .filter(|source| source.content.is_ok())
            .collect();
        for source in &readable {
            for asked in label::prompts(&recipe, source, &[]) {
                let prompt = &asked.prompt;
                let request = request(
                    &prompt.instructions,
                    &prompt.material,
                    prompt.schema_name,
                    &prompt.schema,
                );
                let answer = script.answer(&request, &Behaviour::default());
                let read = asked
                    .read(&recipe, &case, |_| Speaker::Professional, &answer)
                    .unwrap();
                assert_eq!(read.unusable, 0, "{name}");
                let document = source.content.as_ref().unwrap();
                labelled.extend(read.claims.into_iter().map(|claim| {
                    let texts = claim.sentences.iter().filter_map(|id| document.sentence(*id));
                    (
                        claim.kind,
                        texts.flat_map(|sentence| words::tokens(&sentence.text)).collect(),
                    )
                }));
            }
        }
        let of_readable = |document: &str| readable.iter().any(|source| source.name.as_str() == document);
        let wanted = script
            .claims
            .iter()
            .filter(|known| known.claim.document.as_deref().is_some_and(of_readable));
        let covered = |known: &&super::Known| {
            let own = labelled.iter().filter(|(kind, _)| *kind == known.claim.kind);
            own.clone()
                .any(|(_, text)| words::share(&known.words, text) >= 0.85)
        };
        let missed: Vec<_> = wanted
            .filter(|known| !covered(known))
            .map(|known| known.claim.id.clone())
            .collect();
        assert!(missed.is_empty(), "{name}: {missed:?}");
    }
}

const WRITING: &str = "<about>\nname: Ada Bell\npronouns: she/her\n</about>\n<fields>\n\
    1 Section B, Needs (list)\n2 Section A, Strengths (passage, at most 12 words)\n</fields>\n<claims>\n\
    -- Teacher, 2026-09-02; under: Needs\n\
    3 field 1 need (serves 2): (after: It began.) She therefore finds 3 things hard. \n\
    -- Parents; under: Home\n\
    4 field 2 strength: I love her. \n5 field 2 strength: She is kind to all of the people whom she meets every day. \n\
    </claims>\n";

fn written(plant: Option<Plant>) -> Value {
    let behaviour = Behaviour {
        plant,
        ..Behaviour::default()
    };
    Script::default().answer(&request("", WRITING, "statements", &json!({})), &behaviour)
}

#[test]
fn statements_are_in_other_words_and_fit_their_fields() {
    let answer = written(None);
    let expected = json!({"statements": [
        {"field": 1, "text": "Ada so finds 3 things hard.", "claims": [3]},
        {"field": 2, "text": "Ada's family say: \"I love her.\"", "claims": [4]},
    ], "left_out": [{"claim": 5, "reason": "detail"}]});
    assert_eq!(answer, expected);
}

#[test]
fn the_writer_errs_as_told() {
    let first = |answer: &Value| answer["statements"][0]["text"].as_str().unwrap().to_owned();
    let number = written(Some(Plant::WrongNumber { stubborn: false }));
    assert_eq!(first(&number), "Ada so finds 6 things hard.");
    let name = Plant::OtherName {
        name: "Bo".into(),
        stubborn: false,
    };
    assert!(first(&written(Some(name))).ends_with("This helps Bo too."));
    let forgot = written(Some(Plant::Forgets));
    assert_eq!(forgot["statements"].as_array().unwrap().len(), 1);
}

fn judged(more: &str, verdicts: Verdicts) -> Value {
    let user = format!(
        "<evidence>\ne1 Ada reads.\n</evidence>\n<statements>\n1 (Needs) Ada reads. [e1]\n2 (Needs) Ada can read well. [e1]\n\
         </statements>\n{more}"
    );
    let behaviour = Behaviour {
        verdicts,
        ..Behaviour::default()
    };
    Script::default().answer(&request("", &user, "verdicts", &json!({})), &behaviour)
}

#[test]
fn the_judge_judges_as_told() {
    let issues = |stubborn| Verdicts::Issues {
        verdict: "partly",
        each: 2,
        stubborn,
    };
    let silent = |stubborn| Verdicts::Silent { each: 2, stubborn };
    for (more, verdicts, entailed, issues) in [
        ("", Verdicts::Entailed, json!([1, 2]), 0),
        ("", issues(false), json!([1]), 1),
        ("This is look 2.\n", issues(false), json!([1, 2]), 0),
        ("This is look 2.\n", issues(true), json!([1]), 1),
        ("", silent(false), json!([1]), 0),
        (
            "No verdict could be read for these.\n",
            silent(false),
            json!([1, 2]),
            0,
        ),
        (
            "No verdict could be read for these.\n",
            silent(true),
            json!([1]),
            0,
        ),
        ("", Verdicts::Nonsense, json!([9_001, 9_002]), 0),
    ] {
        let answer = judged(more, verdicts);
        assert_eq!(answer["entailed"], entailed, "{verdicts:?} {more}");
        assert_eq!(
            answer["issues"].as_array().unwrap().len(),
            issues,
            "{verdicts:?} {more}"
        );
    }
}

#[test]
fn what_was_flagged_is_mended_in_the_words_of_its_sources() {
    let user = format!(
        "{WRITING}<statements>\n1 Ada finds 9 things hard. [3]\n  found: a number that is not there\n</statements>\n\
         <unused>5</unused>\n"
    );
    let answer = Script::default().answer(&request("", &user, "mended", &json!({})), &Behaviour::default());
    assert_eq!(
        answer["statements"],
        json!([{"statement": 1, "text": "She therefore finds 3 things hard.", "claims": [3]}])
    );
    assert_eq!(answer["added"][0]["claims"], json!([5]));
}
