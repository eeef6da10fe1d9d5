//! Kept answers: replayed as they were, ignored when they are damaged.

use std::sync::Arc;

use drafting::prompt::{Prompt, Purpose};
use model::{Completion, LanguageModel, PurposeUsage, Session};
use proptest::prelude::*;
use serde_json::json;

use crate::fake::{prompt, soon};
use crate::scripted::{Memory, Scripted, answered, limits};

fn session(model: &Arc<Scripted>, answers: &Arc<Memory>) -> Session {
    Session::new(
        Arc::clone(model) as Arc<dyn LanguageModel>,
        Some(Arc::clone(answers) as _),
        limits(),
        soon(),
    )
}

/// One prompt in a session of its own.
async fn asked(model: &Arc<Scripted>, answers: &Arc<Memory>, prompt: &Prompt) -> (Completion, PurposeUsage) {
    let session = session(model, answers);
    let completion = session.ask(prompt).await.unwrap();
    (completion, session.usage()[&prompt.purpose])
}

fn only(answers: &Memory) -> Vec<u8> {
    let kept = answers.kept.lock().unwrap();
    assert_eq!(kept.len(), 1);
    kept.values().next().unwrap().clone()
}

fn overwrite(answers: &Memory, bytes: &[u8]) {
    answers
        .kept
        .lock()
        .unwrap()
        .values_mut()
        .for_each(|kept| bytes.clone_into(kept));
}

#[tokio::test]
async fn a_kept_answer_is_replayed_and_costs_nothing_more() {
    let (model, answers) = (Arc::new(Scripted::default()), Arc::default());
    let (first, paid) = asked(&model, &answers, &prompt()).await;
    let bytes = only(&answers);
    let (second, replayed) = asked(&model, &answers, &prompt()).await;
    assert_eq!(model.called(), 1);
    assert_eq!(
        second,
        Completion {
            replayed: true,
            ..first.clone()
        }
    );
    assert_eq!(second.value.to_string(), first.value.to_string());
    assert_eq!(only(&answers), bytes);
    assert_eq!(
        replayed,
        PurposeUsage {
            calls: 0,
            replayed: 1,
            retries: 0,
            ..paid
        }
    );
    assert_eq!(paid.cost, 160);
}

#[tokio::test]
async fn another_model_or_prompt_has_another_answer() {
    let (model, answers) = (Arc::new(Scripted::default()), Arc::default());
    asked(&model, &answers, &prompt()).await;
    let material = format!("{} ", prompt().material);
    asked(&model, &answers, &Prompt { material, ..prompt() }).await;
    asked(
        &model,
        &answers,
        &Prompt {
            purpose: Purpose::Repair,
            ..prompt()
        },
    )
    .await;
    assert_eq!(model.called(), 3);
    let other = Arc::new(Scripted {
        name: "scripted:two",
        ..Scripted::default()
    });
    asked(&other, &answers, &prompt()).await;
    assert_eq!((other.called(), answers.kept.lock().unwrap().len()), (1, 4));
}

#[tokio::test]
async fn a_damaged_answer_is_asked_for_again_and_mended() {
    let (model, answers) = (Arc::new(Scripted::default()), Arc::new(Memory::default()));
    asked(&model, &answers, &prompt()).await;
    let whole = only(&answers);
    let text = String::from_utf8(whole.clone()).unwrap();
    let damaged = [
        String::new(),
        "{}".to_owned(),
        text[..text.len() / 2].to_owned(),
        text.replace("Bo reads.", "Bo swims."),
        text.replace("\"version\":1", "\"version\":0"),
    ];
    for (number, bytes) in damaged.iter().enumerate() {
        assert_ne!(*bytes, text);
        overwrite(&answers, bytes.as_bytes());
        let (completion, usage) = asked(&model, &answers, &prompt()).await;
        assert_eq!(
            (completion, usage.unreadable, usage.calls),
            (answered(), 1, 1),
            "{number}"
        );
        assert_eq!(only(&answers), whole, "{number}");
    }
}

#[tokio::test]
async fn an_answer_under_the_name_of_another_is_not_taken() {
    let (model, answers) = (Arc::new(Scripted::default()), Arc::new(Memory::default()));
    asked(&model, &answers, &prompt()).await;
    let of_one = only(&answers);
    let other = Prompt {
        material: "S1: Ada sings.".to_owned(),
        ..prompt()
    };
    asked(&model, &answers, &other).await;
    overwrite(&answers, &of_one);
    let (_, usage) = asked(&model, &answers, &other).await;
    assert_eq!((usage.unreadable, usage.calls), (1, 1));
}

#[tokio::test]
async fn a_store_that_does_not_work_costs_only_the_replay() {
    let (model, answers) = (
        Arc::new(Scripted::default()),
        Arc::new(Memory {
            broken: true,
            ..Memory::default()
        }),
    );
    let (completion, usage) = asked(&model, &answers, &prompt()).await;
    assert_eq!((completion, usage.calls, usage.unreadable), (answered(), 1, 1));
}

#[tokio::test]
async fn a_kept_answer_that_no_longer_fits_is_not_taken() {
    let misfit = Completion {
        value: json!({"text": 1}),
        ..answered()
    };
    let model = Arc::new(Scripted {
        result: Ok(misfit),
        ..Scripted::default()
    });
    let answers = Arc::default();
    asked(&model, &answers, &prompt()).await;
    let (_, usage) = asked(&model, &answers, &prompt()).await;
    assert_eq!((usage.unreadable, usage.calls), (1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One changed byte anywhere is noticed, or changes nothing.
    #[test]
    fn a_changed_byte_never_changes_an_answer(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let completion = runtime.block_on(async {
            let (model, answers) = (Arc::new(Scripted::default()), Arc::new(Memory::default()));
            asked(&model, &answers, &prompt()).await;
            let mut bytes = only(&answers);
            let place = place.index(bytes.len());
            bytes[place] = byte;
            overwrite(&answers, &bytes);
            asked(&model, &answers, &prompt()).await.0
        });
        prop_assert_eq!(Completion { replayed: false, ..completion }, answered());
    }
}
