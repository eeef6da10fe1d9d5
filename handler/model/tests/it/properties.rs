//! Whatever a service sends: no panic, and no answer that does not fit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::openai::{Credential, OpenAi};
use model::{LanguageModel, Secret, check_schema};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, fitting, good, prompt, schema, settings, soon, success};

/// Runs `cases` replies through a client, and gives how many were taken as answers.
fn run(cases: u32, replies: impl Strategy<Value = (u16, Vec<u8>)>) -> usize {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let next = Arc::new(Mutex::new(good()));
    let (fake, client) = runtime.block_on(async {
        let script = Arc::clone(&next);
        let fake = Fake::start(move |_| script.lock().unwrap().clone()).await;
        let mut settings = settings(&fake.base(), &Credential::Bearer(Secret::new("k")));
        settings.timing.attempts = 2;
        settings.timing.first_pause = Duration::ZERO;
        (fake, OpenAi::new(settings, None).unwrap())
    });
    let taken = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&replies, |(status, body)| {
        *next.lock().unwrap() = Reply::new(status, body);
        if let Ok(completion) = runtime.block_on(client.complete(&prompt(), soon())) {
            prop_assert!(check_schema(&schema(), &completion.value).is_ok());
            prop_assert!((200..300).contains(&status));
            taken.set(taken.get() + 1);
        }
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    assert!(!fake.seen().is_empty());
    taken.get()
}

fn any_status() -> impl Strategy<Value = u16> {
    prop_oneof![3 => Just(200_u16), 1 => 200_u16..600]
        .prop_filter("an informational end", |status| *status != 304)
}

#[test]
fn arbitrary_bytes_are_no_answer() {
    assert_eq!(
        run(300, (any_status(), prop::collection::vec(any::<u8>(), 0..600))),
        0
    );
}

/// Any JSON of little depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(fitting()),
        Just(Value::String(fitting().to_string())),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop_oneof!["text", "source_ids", "[a-z]{1,6}"], inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

#[test]
fn arbitrary_contents_are_answers_only_when_they_fit() {
    let body = |content: Value| {
        success(&Value::String(content.to_string()))
            .to_string()
            .into_bytes()
    };
    let replies = (Just(200_u16), any_json().prop_map(body));
    assert!(run(300, replies) > 0, "some fit");
}

/// Places in the body of a success.
const PARTS: [&str; 13] = [
    "/choices",
    "/choices/0",
    "/choices/0/message",
    "/choices/0/message/content",
    "/choices/0/message/refusal",
    "/choices/0/finish_reason",
    "/choices/0/content_filter_results",
    "/choices/0/content_filter_results/hate",
    "/prompt_filter_results",
    "/prompt_filter_results/0",
    "/usage",
    "/usage/prompt_tokens",
    "/model",
];

#[test]
fn arbitrary_parts_of_a_body_never_panic() {
    let replies =
        (any_status(), prop::sample::select(&PARTS[..]), any_json()).prop_map(|(status, pointer, part)| {
            let mut body = success(&Value::String(fitting().to_string()));
            *body.pointer_mut(pointer).unwrap() = part;
            (status, body.to_string().into_bytes())
        });
    run(300, replies);
}

#[test]
fn arbitrary_errors_never_panic() {
    let replies =
        (300_u16..600, any_json(), any_json(), any_json()).prop_map(|(status, code, message, inner)| {
            let error =
                json!({"code": code, "message": message, "innererror": {"content_filter_result": inner}});
            (status, json!({"error": error}).to_string().into_bytes())
        });
    assert_eq!(
        run(
            200,
            replies.prop_filter("no body is allowed", |(status, _)| *status != 304)
        ),
        0
    );
}
