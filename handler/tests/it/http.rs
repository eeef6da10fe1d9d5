//! The doors for people and flows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report};

fn problem(outputs: &Value) -> (&str, String) {
    let body: Value = serde_json::from_str(outputs["res"]["body"].as_str().unwrap()).unwrap();
    (
        outputs["res"]["headers"]["content-type"].as_str().unwrap(),
        body["code"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn what_a_caller_can_do_wrong_has_a_stable_code() {
    let app = App::start(&[]).await;
    let content = STANDARD.encode("x");
    let document = |name: &str| json!({ "documents": [{ "name": name, "content": content }] });
    let table = [
        ("ehcp", "a.b", json!({}), 400, "case-id"),
        ("nosuch", "c1", json!({}), 404, "no-such-recipe"),
        ("EHCP", "c1", json!({}), 404, "no-such-recipe"),
        ("ehcp", "c1", json!({}), 409, "no-documents"),
        ("ehcp", "c1", json!([1]), 400, "body"),
        ("ehcp", "c1", json!({ "colour": 1 }), 400, "body"),
        ("ehcp", "c1", document("../x"), 400, "document-name"),
        ("ehcp", "c1", document("case.json"), 400, "document-name"),
        (
            "ehcp",
            "c1",
            json!({ "documents": [{ "name": "a", "content": "%" }] }),
            400,
            "document-content",
        ),
        (
            "ehcp",
            "c1",
            json!({ "case": { "documents": 7 } }),
            400,
            "manifest",
        ),
    ];
    for (recipe, case, body, status, code) in table {
        let (got, outputs, _) = app.request(recipe, case, &body).await;
        assert_eq!(
            (got, problem(&outputs)),
            (status, ("application/problem+json", code.to_owned())),
            "{body}"
        );
    }
    // A body that begins with a byte order mark is read, one of nothing is no order.
    for body in ["\u{feff}{\"colour\":1}", "\u{feff}{}", " ", ""] {
        let headers =
            json!({ "Content-Length": [body.len().to_string()], "Content-Type": ["application/json"] });
        let (status, _, _) = app.http("ehcp", "c1", &headers, Some(body)).await;
        assert_eq!(
            status,
            if body.contains("colour") { 400 } else { 409 },
            "{body:?}"
        );
    }
    let chunked = json!({ "Transfer-Encoding": ["chunked"], "Content-Type": ["application/json"] });
    let (status, outputs, _) = app.http("ehcp", "c1", &chunked, None).await;
    assert_eq!((status, problem(&outputs).1.as_str()), (411, "length-required"));
    for (path, status) in [
        ("drafts/ehcp/a.b", 400),
        ("drafts/ehcp/c1", 404),
        ("drafts/nosuch/c1", 404),
        ("drafts/ehcp/c1/x", 404),
        ("x/y", 404),
    ] {
        let (got, kind, _) = app.get(path).await;
        assert_eq!(
            (got, kind.as_str()),
            (status, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn documents_in_the_body_are_drafted_from_by_the_queue() {
    let app = App::start(&[("PUBLIC_BASE_URL", "https://app.example.org")]).await;
    let content = STANDARD.encode(report("Ada Bell", "01/02/2018"));
    let body = json!({ "documents": [
        { "name": "Appendix B.txt", "content": content },
        { "name": "Appendix D.txt", "content": { "$content-type": "text/plain", "$content": content } },
    ]});
    let (status, outputs, answer) = app.request("ehcp", "c1", &body).await;
    assert_eq!(status, 202);
    assert_eq!(
        outputs["res"]["headers"]["location"],
        "https://app.example.org/api/drafts/ehcp/c1"
    );
    assert!(outputs["res"]["headers"]["retry-after"].is_string() && outputs["record"].is_null());
    assert_eq!(
        answer["links"]["draft"],
        "https://app.example.org/api/drafts/ehcp/c1/draft.docx"
    );
    let manifest = app.json("sources", "ehcp/c1/case.json").await.unwrap();
    assert_eq!(manifest["documents"].as_array().unwrap().len(), 2);
    let etag = app
        .storage
        .properties("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap()
        .etag;

    // The same call again changes nothing in storage.
    assert_eq!(app.request("ehcp", "c1", &body).await.0, 202);
    let again = app
        .storage
        .properties("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap()
        .etag;
    assert_eq!(etag, again);

    let requests = app.messages("draft-requests").await;
    assert_eq!(requests.len(), 2);
    let (_, outputs) = app.call("draft-queued", &message("request", &requests[0])).await;
    let confirmation = app.write("c1", &outputs).await;
    app.confirm(&confirmation).await;
    let (status, _, body) = app.get("drafts/ehcp/c1").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, body["outcome"]["state"].as_str()),
        (200, Some("needs_review"))
    );
    assert_eq!(
        app.call("draft-queued", &message("request", &requests[1])).await,
        (200, json!({}))
    );
    let (_, _, list) = app.get("drafts/ehcp").await;
    let list: Value = serde_json::from_slice(&list).unwrap();
    assert_eq!(
        (list["cases"][0]["case"].as_str(), list["more"].as_bool()),
        (Some("c1"), Some(false))
    );
}

#[tokio::test]
async fn a_caller_who_waits_gets_the_results_at_once() {
    let app = App::start(&[]).await;
    let content = STANDARD.encode(report("Ada Bell", "01/02/2018"));
    let body = json!({ "wait": true, "documents": [{ "name": "Appendix B.txt", "content": content }] });
    let (status, outputs, answer) = app.request("ehcp", "c1", &body).await;
    assert_eq!(
        (status, answer["outcome"]["state"].as_str()),
        (200, Some("needs_review")),
        "{answer}"
    );
    assert_eq!(output_json(&outputs, "record")["run"], answer["run"]);
    // Wanted a second time although nothing changed: another run of the same inputs.
    let mut again = body;
    again["attempt"] = json!(2);
    let (_, outputs, _) = app.request("ehcp", "c1", &again).await;
    assert_eq!(
        output_json(&outputs, "record")["run"],
        format!("{}-2", answer["run"].as_str().unwrap())
    );
}

#[tokio::test]
async fn a_case_that_cannot_be_read_is_refused_with_reasons_everywhere() {
    let app = App::start(&[]).await;
    let documents = json!([
        { "name": "Appendix C.pdf", "content": STANDARD.encode(crate::app::sample_files("tomas").pop().unwrap().1) },
        { "name": "old.doc", "content": STANDARD.encode(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on") },
    ]);
    let (status, outputs, answer) = app
        .request("ehcp", "c1", &json!({ "wait": true, "documents": documents }))
        .await;
    assert_eq!(
        (status, answer["outcome"]["state"].as_str()),
        (422, Some("refused")),
        "{answer}"
    );
    assert_eq!(
        problem(&outputs),
        ("application/problem+json", "refused".to_owned())
    );
    let record = output_json(&outputs, "record");
    let reasons: Vec<&Value> = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["rule"] == "source.unreadable")
        .collect();
    assert_eq!(reasons.len(), 2, "{record}");
    let confirmation = app.write("c1", &outputs).await;
    app.confirm(&confirmation).await;
    assert!(app.json("drafts", "ehcp/c1/READY.json").await.is_none());
    assert_eq!(
        app.json("drafts", "ehcp/c1/FAILED.json").await.unwrap()["outcome"]["state"],
        "refused"
    );
    let (status, kind, _) = app.get("drafts/ehcp/c1").await;
    assert_eq!((status, kind.as_str()), (422, "application/problem+json"));
    let (status, kind, _) = app.get("drafts/ehcp/c1/report.html").await;
    assert_eq!((status, kind.as_str()), (200, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn recipes_and_health_are_told() {
    let app = App::start(&[]).await;
    let (status, _, body) = app.get("recipes").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let ids: Vec<_> = body["recipes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|recipe| recipe["id"].as_str().unwrap())
        .collect();
    assert_eq!((status, ids), (200, vec!["annual-review", "ehcp", "minutes"]));
    let (status, _, body) = app.get("health").await;
    assert_eq!(
        (
            status,
            serde_json::from_slice::<Value>(&body).unwrap()["state"].as_str()
        ),
        (200, Some("ok"))
    );
}

#[tokio::test]
async fn a_broken_recipe_is_refused_with_its_faults_and_the_others_work() {
    let folder = tempfile::tempdir().unwrap();
    let recipes = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../recipes")
        .canonicalize()
        .unwrap();
    std::os::unix::fs::symlink(recipes.join("ehcp"), folder.path().join("ehcp")).unwrap();
    std::fs::create_dir(folder.path().join("broken")).unwrap();
    std::fs::write(folder.path().join("broken/recipe.toml"), "title = 7\n").unwrap();
    let app = App::start(&[("RECIPES_PATH", folder.path().to_str().unwrap())]).await;
    let (_, _, body) = app.get("recipes").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&body["recipes"][0]["id"], &body["recipes"][0]["usable"]),
        (&json!("broken"), &json!(false))
    );
    assert!(
        body["recipes"][0]["faults"].to_string().contains("recipe.toml:1"),
        "{body}"
    );
    let content = STANDARD.encode(report("Ada Bell", "01/02/2018"));
    let order = json!({ "wait": true, "documents": [{ "name": "Appendix B.txt", "content": content }] });
    let (status, outputs, _) = app.request("broken", "c1", &order).await;
    assert_eq!(
        (status, problem(&outputs)),
        (500, ("application/problem+json", "failed".to_owned()))
    );
    let poisoned = app.messages("draft-requests-poison").await;
    assert_eq!(
        app.call("poisoned-requests", &message("message", &poisoned[0]))
            .await
            .0,
        200
    );
    let mark = app.json("drafts", "broken/c1/FAILED.json").await.unwrap();
    assert!(
        mark["outcome"]["stage"]
            .as_str()
            .unwrap()
            .contains("check-recipe"),
        "{mark}"
    );
    assert_eq!(app.request("ehcp", "c1", &order).await.0, 200);
}
