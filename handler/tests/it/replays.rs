//! Cases by how they stand, and those that failed done again.

use axum::http::StatusCode;
use azure::Put;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::app::{App, message, report};
use crate::tenant::Tenant;

const AT_ONCE: &[(&str, &str)] = &[("QUIET_SECONDS", "0")];

async fn put_status(app: &App, case: &str, status: Value) {
    let name = format!("ehcp/{case}/status.json");
    let bytes = status.to_string().into_bytes();
    app.storage
        .put("runs", &name, bytes, Put::default())
        .await
        .unwrap();
}

fn stood(state: &Value) -> Value {
    let mut status = json!({ "updated": "2026-11-01T00:00:00Z" });
    status
        .as_object_mut()
        .unwrap()
        .extend(state.as_object().unwrap().clone());
    status
}

fn failed() -> Value {
    stood(
        &json!({ "state": "failed", "reason": "a reason", "starts": { "fingerprint": "0".repeat(64), "count": 5 } }),
    )
}

async fn list(app: &App, query: &str) -> (u16, Value) {
    app.send("GET", &format!("drafts/ehcp{query}"), Vec::new()).await
}

fn cases(list: &Value) -> Vec<&str> {
    let cases = list["cases"].as_array().unwrap();
    cases.iter().map(|case| case["case"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn cases_are_listed_by_how_they_stand() {
    let app = App::start(&[]).await;
    let published = |outcome: Value| stood(&json!({ "state": "published", "outcome": outcome }));
    put_status(&app, "c1", published(json!({ "state": "ready" }))).await;
    put_status(&app, "c2", published(json!({ "state": "needs_review" }))).await;
    put_status(
        &app,
        "c3",
        published(json!({ "state": "refused", "reason": "scans" })),
    )
    .await;
    put_status(&app, "c4", failed()).await;
    put_status(&app, "c5", stood(&json!({ "state": "running" }))).await;
    put_status(
        &app,
        "c6",
        stood(&json!({ "state": "publishing", "outcome": { "state": "ready" } })),
    )
    .await;
    put_status(
        &app,
        "c7",
        stood(&json!({ "state": "waiting", "until": "2026-11-02T00:00:00Z" })),
    )
    .await;
    // What belongs to a case, or cannot be read, is no case.
    app.storage
        .put(
            "runs",
            "ehcp/c7/answers/status.json",
            b"{}".to_vec(),
            Put::default(),
        )
        .await
        .unwrap();
    put_status(&app, "c8", json!({ "state": "nonsense" })).await;
    let check = async |query: &str, expected: &[&str]| {
        let (status, list) = list(&app, query).await;
        assert_eq!((status, cases(&list)), (200, expected.to_vec()), "{query}");
        assert_eq!((&list["more"], &list["next"]), (&json!(false), &Value::Null));
    };
    check("", &["c1", "c2", "c3", "c4", "c5", "c6", "c7"]).await;
    check("?outcome=ready", &["c1"]).await;
    check("?outcome=needs-review", &["c2"]).await;
    check("?outcome=needs_review", &["c2"]).await;
    check("?outcome=refused", &["c3"]).await;
    check("?outcome=failed", &["c4"]).await;
    check("?outcome=running", &["c5", "c6"]).await;
    check("?outcome=waiting", &["c7"]).await;
    let (status, problem) = list(&app, "?outcome=Ready").await;
    assert_eq!((status, problem["code"].as_str()), (400, Some("outcome")));
    let (_, all) = list(&app, "?outcome=failed").await;
    assert_eq!(
        all["cases"][0],
        json!({ "case": "c4", "standing": "failed", "state": "failed", "reason": "a reason",
            "updated": "2026-11-01T00:00:00Z" })
    );
}

#[tokio::test]
async fn a_long_list_comes_in_parts_that_miss_and_repeat_nothing() {
    let app = App::start(&[("LOG_LEVEL", "info")]).await;
    let waiting = stood(&json!({ "state": "waiting", "until": "2026-11-02T00:00:00Z" }));
    let names: Vec<String> = (0..1_040).map(|number| format!("c{number:04}")).collect();
    let puts = names.iter().map(|case| put_status(&app, case, waiting.clone()));
    futures::stream::iter(puts)
        .buffer_unordered(32)
        .collect::<Vec<()>>()
        .await;
    let (_, first) = list(&app, "?outcome=waiting").await;
    assert_eq!(first["more"], true);
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("after", first["next"].as_str().unwrap())
        .finish();
    let (_, then) = list(&app, &format!("?outcome=waiting&{query}")).await;
    assert_eq!(then["more"], false);
    assert_eq!([cases(&first), cases(&then)].concat(), names);
    // Parts in which nothing fits are empty, and say that there are more.
    let (_, none) = list(&app, "?outcome=ready").await;
    assert_eq!((cases(&none).len(), &none["more"]), (0, &json!(false)));
}

#[tokio::test]
async fn a_failed_case_is_replayed_once_however_often_it_is_asked_for() {
    let app = App::start(AT_ONCE).await;
    assert_eq!(app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await.0, 404);
    // Complete or not: what failed was due.
    let listing = json!({ "documents": [{ "file": "Appendix B.txt" }, { "file": "Appendix C.txt" }] });
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    app.upload("c1", "case.json", listing.to_string().into_bytes())
        .await;
    let request = json!({ "recipe": "ehcp", "case": "c1", "failure": "the cause" });
    app.call("poisoned-requests", &message("message", &request)).await;
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 500);
    for _ in 0..3 {
        let (status, answer) = app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await;
        assert_eq!((status, answer["state"].as_str()), (202, Some("accepted")));
    }
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 202);
    let left = app.requests().await;
    assert_eq!(left, [json!({ "recipe": "ehcp", "case": "c1", "asked": true })]);
    let (_, outputs) = app.call("draft-queued", &message("request", &left[0])).await;
    assert_eq!(app.confirm(&app.write("c1", &outputs).await).await, 200);
    assert!(app.json("drafts", "ehcp/c1/FAILED.json").await.is_none());
    let (status, problem) = app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("not-failed")));
    assert!(problem["detail"].as_str().unwrap().contains("`needs-review`"));
}

/// What lies on poison queues, as the host leaves it there.
async fn poison(app: &App) {
    let request =
        |recipe: &str, case: &str| json!({ "recipe": recipe, "case": case, "tries": 60, "failure": "hours" });
    let blob =
        json!({ "Type": "BlobTrigger", "ContainerName": "sources", "BlobName": "ehcp/c4/Appendix B.txt" });
    let run = "0123456789abcdef0123456789abcdef";
    let confirmation = json!({ "recipe": "ehcp", "case": "c5", "run": run, "second": true, "tries": 61 });
    let callback = json!({ "recipe": "ehcp", "case": "c7", "delivery": "0".repeat(64), "tries": 3,
        "address": "https://hooks.example.org/", "since": "2026-11-01T00:00:00Z", "failure": "away" });
    for (queue, text) in [
        ("callbacks-poison", callback.to_string()),
        ("draft-requests-poison", request("ehcp", "c2").to_string()),
        ("draft-requests-poison", request("minutes", "c9").to_string()),
        ("draft-requests-poison", "nobody can read this".to_owned()),
        ("draft-requests-poison-poison", request("ehcp", "c3").to_string()),
        ("webjobs-blobtrigger-poison", blob.to_string()),
        ("confirmations-poison", confirmation.to_string()),
    ] {
        app.storage.ensure_queue(queue).await.unwrap();
        app.storage
            .send(queue, &text, std::time::Duration::ZERO)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn all_that_failed_of_a_recipe_is_replayed_the_host_s_poison_queues_included() {
    let app = App::start(AT_ONCE).await;
    for case in ["c1", "c6"] {
        app.upload(case, "Appendix B.txt", report("Ada Bell", "01/02/2018"))
            .await;
        put_status(&app, case, failed()).await;
    }
    poison(&app).await;
    let (status, answer) = app.send("POST", "replays/ehcp", Vec::new()).await;
    assert_eq!(
        (status, &answer),
        (
            202,
            &json!({ "recipe": "ehcp", "cases": 2, "messages": 5, "next": null })
        )
    );
    let again = app.send("POST", "replays/ehcp", Vec::new()).await.1;
    assert_eq!((&again["cases"], &again["messages"]), (&json!(0), &json!(0)));
    let mut left: Vec<String> = app.requests().await.iter().map(Value::to_string).collect();
    left.sort();
    let asked = |case: &str| json!({ "recipe": "ehcp", "case": case, "asked": true }).to_string();
    let plain = |case: &str| json!({ "recipe": "ehcp", "case": case }).to_string();
    let mut expected = [asked("c1"), plain("c2"), plain("c3"), plain("c4"), asked("c6")];
    expected.sort();
    assert_eq!(left, expected);
    let confirmations = app.messages("confirmations").await;
    assert_eq!((confirmations.len(), &confirmations[0]["tries"]), (1, &json!(0)));
    let callbacks = app.messages("callbacks").await;
    assert_eq!(
        (&callbacks[0]["tries"], callbacks[0].get("failure")),
        (&json!(0), None)
    );
    // Another recipe's, and what nobody can read, stay where they are.
    let stayed = app
        .storage
        .receive("draft-requests-poison", 32, std::time::Duration::from_secs(1))
        .await
        .unwrap();
    assert_eq!(stayed.len(), 2);
    assert_eq!(app.send("POST", "replays/nothing", Vec::new()).await.0, 404);
    for file in app.storage.list("audit", "", 10).await.unwrap() {
        let text = app.storage.get("audit", &file.name).await.unwrap().unwrap().bytes;
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches(r#""event":"replayed""#).count(), 7);
    }
}

#[tokio::test]
async fn who_drafts_replays_a_case_and_only_who_administers_all_of_them() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    let check = async |role: &str, path: &str, expected: u16| {
        let token = tenant.token(&[role]);
        let answer = app.ask("POST", path, &[("Authorization", token.as_str())]).await;
        assert_eq!(answer.status().as_u16(), expected, "{role} {path}");
    };
    let (one, all) = ("drafts/ehcp/c1/replay", "replays/ehcp");
    check("Drafts.Write", one, 404).await;
    check("Drafts.Write", all, 403).await;
    check("Drafts.Administer", one, 403).await;
    check("Drafts.Administer.ehcp", all, 202).await;
    check("Drafts.Administer.minutes", all, 404).await;
    check("Drafts.Review", one, 403).await;
}
