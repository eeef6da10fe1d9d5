//! HTTP functions, the admin addresses and timers.

use crate::stage::{Stage, client, ended, first, logged, storage};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

fn drafts() -> Stage {
    let answer =
        json!({ "Outputs": { "res": { "statusCode": 202, "headers": { "x-run": "r1" }, "body": "begun" } } });
    Stage::doing("draft-on-request", json!([{ "answer": answer }]))
        .json_http("draft-on-request", "drafts/{recipe}/{case}")
}

#[tokio::test]
async fn json_mode_sends_the_request_as_an_object_and_replies_as_told() {
    let host = drafts().ready().await;
    let url = format!("{}/api/drafts/ehcp/c%201?wait=true", host.base_url());
    let call = client()
        .post(&url)
        .header("content-type", "application/json")
        .body("{\"a\":1}");
    let reply = call
        .header(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
        .send();
    let reply = reply.await.expect("a reply");
    assert_eq!(
        (reply.status(), &reply.headers()["x-run"]),
        (StatusCode::ACCEPTED, &"r1".parse().expect("a value"))
    );
    assert_eq!(reply.text().await.expect("text"), "begun");
    let sent = first(&host, "draft-on-request").await;
    let req = &sent["body"]["Data"]["req"];
    assert_eq!(req["Params"], json!({ "recipe": "ehcp", "case": "c 1" }));
    assert_eq!(
        (&req["Body"], &req["Query"]),
        (&json!("{\"a\":1}"), &json!({ "wait": "true" }))
    );
    assert_eq!(req["Headers"]["Content-Type"], json!(["application/json"]));
    assert_eq!(req["Url"], json!(url));
    assert_eq!(sent["body"]["Metadata"]["case"], "\"c 1\"");
    assert_eq!(
        sent["headers"]["traceparent"],
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    );
}

#[tokio::test]
async fn a_chunked_body_is_dropped() {
    let host = drafts().ready().await;
    let chunks = futures::stream::iter([Ok::<_, std::convert::Infallible>("{\"a\":1}")]);
    let url = format!("{}/api/drafts/ehcp/c1", host.base_url());
    let body = reqwest::Body::wrap_stream(chunks);
    assert_eq!(
        client()
            .post(url)
            .body(body)
            .send()
            .await
            .expect("a reply")
            .status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(
        first(&host, "draft-on-request").await["body"]["Data"]["req"].get("Body"),
        None
    );
}

#[tokio::test]
async fn answers_that_would_hang_the_real_host_fail_loudly() {
    let raw = |text: &str| json!({ "raw": ["application/json", text] });
    let behaviours =
        json!([raw("null"), raw(""), { "status": 204 }, { "raw": ["text/plain", "{}"] }, raw("{}")]);
    let host = Stage::doing("hello", behaviours)
        .json_http("hello", "hello")
        .ready()
        .await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let reply = client()
            .get(format!("{}/api/hello", host.base_url()))
            .send()
            .await
            .expect("a reply");
        statuses.push(reply.status().as_u16());
    }
    assert_eq!(statuses, [500, 500, 500, 500, 200]);
    assert_eq!(
        host.log().count("the real host would hang until functionTimeout"),
        3
    );
    assert_eq!(host.log().count("only `application/json` is read"), 1);
}

/// Which function a request ends in, by what the handler was sent.
async fn taken_by(stage: Stage, names: [&str; 2], method: reqwest::Method, path: &str) -> Option<usize> {
    let host = stage.ready().await;
    let sent = client()
        .request(method, format!("{}{path}", host.base_url()))
        .send()
        .await
        .expect("a reply");
    let by = names.iter().position(|name| host.tally(name).started > 0);
    assert_eq!(by.is_none(), sent.status() == StatusCode::NOT_FOUND);
    by
}

#[tokio::test]
async fn routes_are_tried_in_the_order_of_function_names() {
    let stage = |catch_all: &str| {
        Stage::plain()
            .json_http(catch_all, "{*path}")
            .json_http("draft-on-request", "drafts/{recipe}/{case}")
    };
    let drafts = "/api/drafts/ehcp/c1";
    let post = || reqwest::Method::POST;
    assert_eq!(
        taken_by(stage("api"), ["api", "draft-on-request"], post(), drafts).await,
        Some(0),
        "swallowed"
    );
    assert_eq!(
        taken_by(stage("results"), ["results", "draft-on-request"], post(), drafts).await,
        Some(1)
    );
    assert_eq!(
        taken_by(stage("results"), ["results", "draft-on-request"], post(), "/api").await,
        Some(0)
    );
    assert_eq!(
        taken_by(
            stage("results"),
            ["results", "draft-on-request"],
            post(),
            "/drafts/a/b"
        )
        .await,
        None
    );
}

#[tokio::test]
async fn a_method_that_is_not_listed_passes_by() {
    let trigger =
        json!({ "type": "httpTrigger", "direction": "in", "name": "req", "route": "x", "methods": ["POST"] });
    let stage = || {
        Stage::plain()
            .function("only-post", json!([trigger]))
            .json_http("rest", "{*path}")
    };
    let names = ["only-post", "rest"];
    assert_eq!(
        taken_by(stage(), names, reqwest::Method::POST, "/api/x").await,
        Some(0)
    );
    assert_eq!(
        taken_by(stage(), names, reqwest::Method::GET, "/api/x").await,
        Some(1)
    );
}

async fn raw(flag: &str, chunked: bool) -> (StatusCode, reqwest::header::HeaderMap, Vec<u8>, String) {
    let stage = Stage::plain()
        .host_file(json!({ "customHandler": { flag: true } }))
        .http("results", "{*path}");
    let host = stage.ready().await;
    let request = client().put(format!("{}/api/a%20b?x=1", host.base_url()));
    let request = if chunked {
        let chunks = futures::stream::iter([Ok::<_, std::convert::Infallible>("12345")]);
        request.body(reqwest::Body::wrap_stream(chunks))
    } else {
        request.body("12345")
    };
    let reply = request.send().await.expect("a reply");
    assert_eq!(host.tally("results").succeeded, 1);
    let (status, headers) = (reply.status(), reply.headers().clone());
    (
        status,
        headers,
        reply.bytes().await.expect("bytes").to_vec(),
        host.base_url(),
    )
}

#[tokio::test]
async fn raw_http_goes_through_untouched() {
    for (flag, chunked, length) in [
        ("enableProxyingHttpRequest", false, "5"),
        ("enableProxyingHttpRequest", true, "5"),
        ("enableForwardingHttpRequest", false, "5"),
        ("enableForwardingHttpRequest", true, "0"),
    ] {
        let (status, headers, body, base) = raw(flag, chunked).await;
        assert_eq!(status, StatusCode::IM_A_TEAPOT, "any status is a success");
        assert_eq!(headers["x-line"], "PUT /api/a%20b?x=1");
        assert_eq!(
            (&headers["x-has-id"], &headers["x-length"]),
            (
                &"true".parse().expect("a value"),
                &length.parse().expect("a value")
            ),
            "{flag} {chunked}"
        );
        let forwarded = headers["x-host"].to_str().expect("text") == base.trim_start_matches("http://");
        assert_eq!(
            forwarded,
            flag == "enableForwardingHttpRequest",
            "whose name is in Host"
        );
        assert_eq!(body, b"\xff\x00raw");
    }
}

#[tokio::test]
async fn a_key_is_asked_for_only_when_told_to() {
    let stage = Stage::plain().json_http("hello", "hello");
    let host = stage
        .deviating(|deviations| deviations.key = Some("k3y".to_owned()))
        .ready()
        .await;
    let url = |path: &str| format!("{}{path}", host.base_url());
    let status =
        async |request: reqwest::RequestBuilder| request.send().await.expect("a reply").status().as_u16();
    assert_eq!(status(client().get(url("/api/hello"))).await, 401);
    assert_eq!(status(client().get(url("/api/hello?code=wrong"))).await, 401);
    assert_eq!(status(client().get(url("/api/hello?code=k3y"))).await, 200);
    assert_eq!(
        status(client().get(url("/api/hello")).header("x-functions-key", "k3y")).await,
        200
    );
    assert_eq!(status(client().get(url("/admin/host/status"))).await, 401);
}

#[tokio::test]
async fn the_admin_addresses_show_and_fire() {
    let blob = json!({ "type": "blobTrigger", "direction": "in", "name": "doc", "path": "admin-in/{name}",
        "source": "EventGrid" });
    let timer =
        json!({ "type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "0 0 0 1 1 *" });
    let stage = Stage::plain()
        .queue("worker", "admin")
        .function("draft", json!([blob]))
        .function("clock", json!([timer]));
    let host = stage.http("hello", "hello").ready().await;
    let url = |path: &str| format!("{}/admin/{path}", host.base_url());
    let status: Value = client()
        .get(url("host/status"))
        .send()
        .await
        .expect("sent")
        .json()
        .await
        .expect("JSON");
    assert_eq!(status["state"], "Running");
    assert_eq!(
        client()
            .post(url("host/ping"))
            .send()
            .await
            .expect("sent")
            .status(),
        200
    );
    let fire = async |name: &str, body: &str| {
        let sent = client()
            .post(url(&format!("functions/{name}")))
            .body(body.to_owned())
            .send();
        sent.await.expect("sent").status().as_u16()
    };
    let storage = storage();
    storage.ensure_container("admin-in").await.expect("container");
    storage
        .put("admin-in", "a.txt", b"words".to_vec(), azure::Put::default())
        .await
        .expect("put");
    assert_eq!(fire("worker", r#"{"input":"by hand"}"#).await, 202);
    assert_eq!(fire("draft", r#"{"input":"admin-in/a.txt"}"#).await, 202);
    assert_eq!(fire("clock", r#"{"input":""}"#).await, 202);
    assert_eq!(fire("nobody", "{}").await, 404);
    assert_eq!((fire("worker", "").await, fire("hello", "{}").await), (400, 400));
    for name in ["worker", "draft", "clock"] {
        ended(&host, name, 1).await;
    }
    assert_eq!(
        first(&host, "worker").await["body"]["Data"]["item"],
        "\"by hand\""
    );
    assert_eq!(first(&host, "draft").await["body"]["Data"]["doc"], "\"words\"");
    assert_eq!(
        first(&host, "clock").await["body"]["Data"]["timer"]["IsPastDue"],
        false
    );
}

#[tokio::test]
async fn a_timer_fires_at_the_start_and_by_its_schedule() {
    let timer = json!({ "type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "* * * * * *",
        "runOnStartup": true });
    let host = Stage::plain().function("clock", json!([timer])).ready().await;
    ended(&host, "clock", 3).await;
    assert_eq!(host.tally("clock").failed, 0);
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_end_the_work() {
    let host = Stage::doing("hello", json!([{ "slow": [600, {}] }]))
        .json_http("hello", "hello")
        .ready()
        .await;
    let call = client()
        .get(format!("{}/api/hello", host.base_url()))
        .timeout(Duration::from_millis(200));
    assert!(call.send().await.is_err());
    ended(&host, "hello", 1).await;
    assert_eq!(host.tally("hello").succeeded, 1);
    logged(&host, "Executed 'Functions.hello' (Succeeded").await;
}
