//! What the service answers when it does not rate: none of it is a pass.

use std::time::{Duration, Instant};

use drafting::screening::{Category, Ratings};
use screening::{Address, ContentSafety, Fault, Screen as _};
use serde_json::{Value, json};
use wire::{Broken, Refused};

use crate::fake::{Fake, Says, rated, soon};

/// An error as the service writes it. Its message repeats what was sent.
fn error(code: &str) -> Value {
    json!({ "error": { "code": code, "message": "Zqmarker was sent", "target": "text", "details": [] } })
}

fn refused(fault: Refused) -> Fault {
    Fault::Service(fault.into())
}

fn broken(fault: Broken) -> Fault {
    Fault::Service(fault.into())
}

async fn asked(first: Vec<Says>) -> (Result<Ratings, Fault>, usize) {
    let fake = Fake::saying(first).await;
    let answer = fake.client().screen("Zqmarker reads.", soon()).await;
    (answer, fake.got().len())
}

#[tokio::test]
async fn every_error_has_its_name_and_is_asked_again_or_not() {
    let always = |says: Says| vec![says.clone(), says.clone(), says];
    let bad = |code: &str| {
        refused(Refused::BadRequest {
            status: 400,
            code: Some(code.into()),
        })
    };
    let unavailable = |status| refused(Refused::Unavailable { status, after: None });
    let rows = [
        (
            Says::body(400, &error("InvalidRequestBody")),
            bad("InvalidRequestBody"),
            1,
        ),
        (
            Says::body(
                400,
                &json!({ "error": { "code": "A", "innererror": { "code": "TextTooLong" } } }),
            ),
            bad("TextTooLong"),
            1,
        ),
        (Says::body(400, &json!({ "code": "Flat" })), bad("Flat"), 1),
        (
            Says::body(400, &error("Zq marker said")),
            refused(Refused::BadRequest {
                status: 400,
                code: None,
            }),
            1,
        ),
        (
            Says::body(413, &"<html>"),
            refused(Refused::BadRequest {
                status: 413,
                code: None,
            }),
            1,
        ),
        (Says::body(401, &error("401")), refused(Refused::WrongKey), 1),
        (
            Says::body(403, &error("PermissionDenied")),
            refused(Refused::NoRights),
            1,
        ),
        (Says::body(404, &error("404")), refused(Refused::NotFound), 1),
        (
            Says::body(307, &"").with("location", "https://elsewhere.example.org"),
            refused(Refused::Redirected),
            1,
        ),
        (
            Says::body(429, &error("429")),
            refused(Refused::Throttled { after: None }),
            3,
        ),
        (Says::body(408, &""), unavailable(408), 3),
        (Says::body(500, &error("InternalError")), unavailable(500), 3),
        (Says::body(503, &""), unavailable(503), 3),
        (
            Says::body(200, &"x".repeat(300_000)),
            broken(Broken::TooLarge { limit: 256 * 1024 }),
            1,
        ),
        (Says::body(200, &"<html>a proxy</html>"), Fault::Unreadable, 3),
        (Says::body(200, &json!({})), Fault::Unreadable, 3),
    ];
    for (says, expected, asks) in rows {
        let (answer, asked) = asked(always(says)).await;
        assert_eq!(answer, Err(expected.clone()));
        assert_eq!(asked, asks, "{expected:?}");
        let told = format!("{expected} {expected:?}");
        assert!(!told.contains("Zqmarker") && !told.contains("zqkey"), "{told}");
    }
}

#[tokio::test]
async fn a_category_without_a_usable_rating_is_no_pass() {
    let all = ["Hate", "SelfHarm", "Sexual", "Violence"];
    let answer = |left_out: &str, severity: Value| {
        let items: Vec<Value> = all
            .iter()
            .filter(|name| severity != Value::Null || **name != left_out)
            .map(|name| {
                let own = if *name == left_out {
                    &severity
                } else {
                    &Value::from(0)
                };
                json!({ "category": name, "severity": own })
            })
            .collect();
        Says::body(200, &json!({ "categoriesAnalysis": items }))
    };
    for (name, category) in all.into_iter().zip(Category::ALL) {
        for severity in [Value::Null, json!(1), json!(3), json!(7)] {
            let says = answer(name, severity.clone());
            let (answer, _) = asked(vec![says.clone(), says.clone(), says]).await;
            assert_eq!(answer, Err(Fault::Unrated { category }), "{name} {severity}");
        }
    }
    let without = Says::body(
        200,
        &json!({ "categoriesAnalysis": all.map(|name| json!({ "category": name })) }),
    );
    let (answer, _) = asked(vec![without.clone(), without.clone(), without]).await;
    assert_eq!(
        answer,
        Err(Fault::Unrated {
            category: Category::Hate
        })
    );
}

#[tokio::test]
async fn passing_faults_cost_a_retry_and_the_service_is_obeyed() {
    let (answer, asks) = asked(vec![Says::body(503, &""), Says::body(200, &"nonsense")]).await;
    assert_eq!((answer, asks), (Ok(Ratings::SAFE), 3));
    let begun = Instant::now();
    let (answer, asks) = asked(vec![Says::body(429, &error("429")).with("retry-after", "1")]).await;
    assert_eq!((answer, asks), (Ok(Ratings::SAFE), 2));
    assert!(begun.elapsed() >= Duration::from_secs(1), "it asked too soon");
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_waited_for() {
    let fake = Fake::saying(vec![Says::body(429, &"").with("retry-after", "60")]).await;
    let begun = Instant::now();
    let answer = fake
        .client()
        .screen("Words.", begun + Duration::from_secs(2))
        .await;
    let after = Some(Duration::from_secs(60));
    assert_eq!(answer, Err(refused(Refused::Throttled { after })));
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn time_is_bounded() {
    let slow = Says {
        delay: Duration::from_secs(5),
        ..rated(0, 0, 0, 0)
    };
    let fake = Fake::start(Vec::new(), move |_| slow.clone()).await;
    let limit = Duration::from_millis(400);
    let answer = fake.client().screen("Words.", soon()).await;
    assert_eq!(answer, Err(broken(Broken::TimedOut { limit })));
    let begun = Instant::now();
    let answer = fake
        .client()
        .screen("Words.", begun + Duration::from_millis(100))
        .await;
    assert_eq!(answer, Err(broken(Broken::Deadline)));
    let answer = fake.client().screen("Words.", begun).await;
    assert_eq!(answer, Err(broken(Broken::Deadline)));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_no_pass() {
    let fake = Fake::saying(Vec::new()).await;
    let mut settings = fake.settings();
    settings.endpoint = Address::parse("http://127.0.0.1:1").unwrap();
    let client = ContentSafety::new(settings, None).unwrap();
    let answer = client.screen("Words.", soon()).await;
    let unconnected = matches!(
        answer,
        Err(Fault::Service(wire::Fault::Broken(Broken::Connection { .. })))
    );
    assert!(unconnected, "{answer:?}");
}
