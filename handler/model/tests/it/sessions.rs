//! Budgets, calls at once, and the tally of a session.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use drafting::prompt::{Prompt, Purpose};
use model::{Budget, Fault, Limits, PurposeUsage, Session, Stage, Usage};

use crate::fake::{prompt, soon};
use crate::scripted::{Scripted, limits};

fn session(model: &Arc<Scripted>, limits: Limits) -> Session {
    Session::new(Arc::clone(model) as _, None, limits, soon())
}

/// A prompt that differs from the others.
fn numbered(number: u32) -> Prompt {
    Prompt {
        material: format!("S{number}: Bo reads."),
        ..prompt()
    }
}

/// How many calls of 100 and 20 tokens, set aside as some 150 and 1500, a budget allows, and what it then says.
async fn check(limits: Limits, allowed: usize, expected: Budget) {
    let model = Arc::new(Scripted::default());
    let session = session(&model, limits);
    let mut results = Vec::new();
    for number in 0..10 {
        results.push(session.ask(&numbered(number)).await);
    }
    let good = results.iter().take_while(|result| result.is_ok()).count();
    assert_eq!((good, model.called()), (allowed, allowed), "{expected}");
    assert!(
        results[good..]
            .iter()
            .all(|result| *result == Err(Fault::Budget(expected))),
        "{expected}"
    );
}

#[tokio::test]
async fn every_budget_is_kept_before_the_call() {
    check(Limits { calls: 3, ..limits() }, 3, Budget::Calls).await;
    check(Limits { calls: 0, ..limits() }, 0, Budget::Calls).await;
    check(
        Limits {
            prompt_tokens: 400,
            ..limits()
        },
        3,
        Budget::PromptTokens,
    )
    .await;
    check(
        Limits {
            prompt_tokens: 50,
            ..limits()
        },
        0,
        Budget::PromptTokens,
    )
    .await;
    check(
        Limits {
            completion_tokens: 1540,
            ..limits()
        },
        3,
        Budget::CompletionTokens,
    )
    .await;
    check(
        Limits {
            completion_tokens: 1499,
            ..limits()
        },
        0,
        Budget::CompletionTokens,
    )
    .await;
    // A call costs 60 + 20 + 80 = 160, and some 6 150 are set aside for it.
    check(
        Limits {
            money: Some(6_500),
            ..limits()
        },
        3,
        Budget::Money,
    )
    .await;
    check(
        Limits {
            money: Some(6_000),
            ..limits()
        },
        0,
        Budget::Money,
    )
    .await;
}

#[tokio::test]
async fn the_time_of_a_run_is_a_budget() {
    let model = Arc::new(Scripted {
        delay: Duration::from_secs(30),
        ..Scripted::default()
    });
    let session = session(
        &model,
        Limits {
            wall: Duration::from_millis(200),
            ..limits()
        },
    );
    let begun = Instant::now();
    assert_eq!(session.ask(&prompt()).await, Err(Fault::Budget(Budget::Wall)));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_deadline_holds_while_waiting_for_others() {
    let model = Arc::new(Scripted {
        delay: Duration::from_secs(30),
        ..Scripted::default()
    });
    let limits = Limits {
        concurrent: 1,
        ..limits()
    };
    let session = Session::new(
        Arc::clone(&model) as _,
        None,
        limits,
        Instant::now() + Duration::from_millis(200),
    );
    let (prompts, begun) = ([numbered(1), numbered(2)], Instant::now());
    let both = tokio::join!(session.ask(&prompts[0]), session.ask(&prompts[1]));
    assert_eq!(both, (Err(Fault::Deadline), Err(Fault::Deadline)));
    assert_eq!(model.called(), 1);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_limit_of_money_needs_a_price() {
    let model = Arc::new(Scripted {
        price: None,
        ..Scripted::default()
    });
    let fault = session(
        &model,
        Limits {
            money: Some(1_000_000),
            ..limits()
        },
    )
    .ask(&prompt())
    .await
    .unwrap_err();
    assert_eq!(fault, Fault::Unpriced { tier: "heavy" });
    let session = session(&model, limits());
    session.ask(&prompt()).await.unwrap();
    let usage = session.usage()[&Purpose::Write];
    assert_eq!((usage.cost, usage.unpriced), (0, 1));
}

#[tokio::test]
async fn calls_at_once_are_bounded() {
    let model = Arc::new(Scripted {
        delay: Duration::from_millis(30),
        ..Scripted::default()
    });
    let session = Arc::new(session(
        &model,
        Limits {
            concurrent: 3,
            ..limits()
        },
    ));
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let session = Arc::clone(&session);
            tokio::spawn(async move { session.ask(&numbered(number)).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(
        (model.called(), model.most_at_once.load(Ordering::SeqCst)),
        (12, 3)
    );
}

#[tokio::test]
async fn what_is_set_aside_counts_while_calls_are_under_way() {
    let model = Arc::new(Scripted {
        delay: Duration::from_millis(100),
        ..Scripted::default()
    });
    let session = session(
        &model,
        Limits {
            completion_tokens: 3100,
            ..limits()
        },
    );
    let prompts = [numbered(1), numbered(2), numbered(3)];
    let (one, two, three) = tokio::join!(
        session.ask(&prompts[0]),
        session.ask(&prompts[1]),
        session.ask(&prompts[2])
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(three, Err(Fault::Budget(Budget::CompletionTokens)));
    session.ask(&prompts[2]).await.unwrap();
}

#[tokio::test]
async fn the_same_prompt_at_once_is_one_call() {
    let model = Arc::new(Scripted {
        delay: Duration::from_millis(50),
        ..Scripted::default()
    });
    let session = session(&model, limits());
    let same = prompt();
    let (one, two) = tokio::join!(session.ask(&same), session.ask(&same));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((model.called(), one.replayed, two.replayed), (1, false, true));
    assert_eq!(one.value, two.value);
    let usage = session.usage()[&Purpose::Write];
    assert_eq!((usage.calls, usage.replayed, usage.prompt_tokens), (1, 1, 100));
}

#[tokio::test]
async fn a_fault_is_not_remembered() {
    let model = Arc::new(Scripted {
        result: Err(Fault::Throttled { after: None }),
        ..Scripted::default()
    });
    let session = session(&model, limits());
    for _ in 0..2 {
        assert_eq!(
            session.ask(&prompt()).await,
            Err(Fault::Throttled { after: None })
        );
    }
    assert_eq!((model.called(), session.usage()[&Purpose::Write].failed), (2, 2));
}

/// How many calls that end in `fault` a budget of four reservations allows.
async fn allowed(fault: Fault) -> usize {
    let model = Arc::new(Scripted {
        result: Err(fault),
        ..Scripted::default()
    });
    let session = session(
        &model,
        Limits {
            completion_tokens: 6000,
            ..limits()
        },
    );
    for number in 0..10 {
        session.ask(&numbered(number)).await.unwrap_err();
    }
    model.called()
}

#[tokio::test]
async fn faults_give_back_what_was_surely_not_billed() {
    let paid = Usage {
        completion_tokens: 1500,
        ..Usage::default()
    };
    assert_eq!(allowed(Fault::Throttled { after: None }).await, 10);
    assert_eq!(
        allowed(Fault::Connection {
            stage: Stage::Connecting
        })
        .await,
        10
    );
    assert_eq!(
        allowed(Fault::Connection {
            stage: Stage::Reading
        })
        .await,
        4
    );
    assert_eq!(
        allowed(Fault::TimedOut {
            limit: Duration::from_secs(1)
        })
        .await,
        4
    );
    assert_eq!(allowed(Fault::CutOff { paid }).await, 4);
}

#[tokio::test]
async fn what_a_dropped_call_set_aside_stays_taken() {
    let model = Arc::new(Scripted {
        delay: Duration::from_millis(200),
        ..Scripted::default()
    });
    let session = session(
        &model,
        Limits {
            completion_tokens: 1600,
            ..limits()
        },
    );
    let cut = tokio::time::timeout(Duration::from_millis(20), session.ask(&numbered(1))).await;
    assert!(cut.is_err());
    assert_eq!(
        session.ask(&numbered(2)).await,
        Err(Fault::Budget(Budget::CompletionTokens))
    );
}

#[tokio::test]
async fn usage_is_tallied_by_purpose() {
    let model = Arc::new(Scripted::default());
    let session = session(&model, limits());
    for number in 0..3 {
        session.ask(&numbered(number)).await.unwrap();
    }
    session
        .ask(&Prompt {
            purpose: Purpose::Judge,
            ..prompt()
        })
        .await
        .unwrap();
    let usage = session.usage();
    let expected = PurposeUsage {
        calls: 3,
        retries: 3,
        prompt_tokens: 300,
        cached_prompt_tokens: 120,
        completion_tokens: 60,
        cost: 480,
        ..PurposeUsage::default()
    };
    assert_eq!(usage[&Purpose::Write], expected);
    assert_eq!(usage[&Purpose::Judge].calls, 1);
    let written = serde_json::to_string(&usage).unwrap();
    assert!(
        written.starts_with(r#"{"write":{"calls":3,"replayed":0,"failed":0,"retries":3,"#),
        "{written}"
    );
}
