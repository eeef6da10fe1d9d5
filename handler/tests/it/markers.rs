//! Privacy by construction, tried: words that only reports, names of files, calls, models and services hold are looked for in
//! everything that leaves the app beside its results - over every door, good calls and bad ones, faults included.
//!
//! Doors are not listed here: they are read from where they are declared, so that a new one is tried by being there.

use std::fs;
use std::path::PathBuf;

use axum::Router;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::hash::Digest;
use evaluation::scripted::{Behaviour, Fault, Faults, Plant, When};
use serde_json::{Value, json};

use crate::app::{App, blob_event, message, report};
use crate::collector::Collector;
use crate::grounded::stage::{model, settings};
use crate::screening::service::{Sees, Service};
use crate::tenant::Tenant;

/// What every marker begins with. Nothing of the app's own holds it.
const MARKER: &str = "Zqmarker";
/// Where the app writes; what lies in `sources` was named by uploaders.
const OWN_CONTAINERS: [&str; 4] = ["drafts", "runs", "published", "audit"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn holds(text: &[u8]) -> bool {
    text.windows(MARKER.len())
        .any(|part| part.eq_ignore_ascii_case(MARKER.as_bytes()))
}

/// The functions of the host with the first of their bindings, which calls them.
fn functions() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("functions")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(path.join("function.json")).unwrap();
        let function: Value = serde_json::from_str(&text).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        found.push((name, function["bindings"][0].clone()));
    }
    assert!(found.len() >= 8);
    found
}

/// Method and route of every door for people and flows.
fn doors() -> Vec<(String, String)> {
    let table = fs::read_to_string(root().join("handler/src/doors/table.rs")).unwrap();
    let (_, lines) = table.split_once("DOORS: &[Row] = &[").unwrap();
    let (lines, _) = lines.split_once("];").unwrap();
    let doors: Vec<(String, String)> = lines
        .split("door(")
        .skip(1)
        .map(|line| {
            let mut words = line.split('"');
            (words.nth(1).unwrap().to_owned(), words.nth(1).unwrap().to_owned())
        })
        .collect();
    assert!(
        doors.len() >= 14 && doors.iter().all(|(_, route)| route.starts_with('/')),
        "{doors:?}"
    );
    doors
}

/// What an answer must not do: quote what was sent or stored, unless it is a result that was asked for.
fn quotes_nothing(what: &str, status: u16, answer: &str) {
    assert!(
        status < 400 || !holds(answer.as_bytes()),
        "{what}: {status} {answer}"
    );
}

/// Calls a function as the host does, with markers where a caller could put them.
async fn called(app: &App, function: &str, payload: &str) -> (u16, Value) {
    let response = app
        .client
        .post(format!("{}/{function}", app.base))
        .header("content-type", "application/json; charset=utf-8")
        .header("X-Azure-Functions-InvocationId", "Zqmarkerinvocation")
        .header("traceparent", "00-Zqmarkertrace-Zqmarkerspan-01")
        .header("tracestate", "zq=Zqmarkerstate")
        .body(payload.to_owned())
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    quotes_nothing(function, status, &text);
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    if status == 200 {
        // What the host itself would write into its log.
        assert_eq!(
            (&answer["Logs"], &answer["ReturnValue"]),
            (&json!([]), &Value::Null),
            "{function}"
        );
        let told = &answer["Outputs"]["res"];
        let code = u16::try_from(told["statusCode"].as_u64().unwrap_or(200)).unwrap();
        quotes_nothing(function, code, &told.to_string());
    }
    (status, answer["Outputs"].clone())
}

/// Every raw door with addresses, headers and bodies that hold markers; `token` is who calls.
async fn knock(app: &App, token: &str) {
    let addresses = [
        ("ehcp", "c1"),
        ("ehcp", "nosuch"),
        ("ehcp", "Zqmarker.case"),
        ("Zqmarkerrecipe", "c1"),
    ];
    for (method, route) in doors() {
        for (recipe, case) in addresses {
            let path = route
                .replace("{recipe}", recipe)
                .replace("{case}", case)
                .replace("{document}", "Zqmarkerabsent.txt")
                .replace("{file}", "Zqmarkerfile")
                .replace("{version}", "Zqmarkerversion");
            // Whatever other placeholder a new door has.
            let path = path.split('/').map(|part| {
                if part.starts_with('{') {
                    "Zqmarkerpart"
                } else {
                    part
                }
            });
            let path = path.collect::<Vec<_>>().join("/");
            for body in [
                "Zqmarkerbody",
                r#"{"Zqmarkerkey":"Zqmarkervalue","run":"Zqmarkerrun","sha256":7}"#,
                "",
            ] {
                for (method, path) in [
                    (method.as_str(), path.clone()),
                    ("PATCH", path.clone()),
                    (&method, format!("{path}/Zqmarkerextra")),
                ] {
                    raw(app, method, &path, token, body).await;
                }
            }
        }
    }
    for odd in [
        "/Zqmarkernowhere",
        "/drafts/ehcp/%ffZqmarker",
        "/drafts/%ffZqmarker/c1",
    ] {
        raw(app, "GET", odd, token, "").await;
    }
}

async fn raw(app: &App, method: &str, path: &str, token: &str, body: &str) {
    let address = format!(
        "{}/api{path}?zq=Zqmarkerquery&run=Zqmarkerrun&wait=Zqmarkerwait",
        app.base
    );
    let response = app
        .client
        .request(method.parse().unwrap(), address)
        .header("authorization", token)
        .header("x-zq", "Zqmarkerheader")
        .header("if-match", "\"Zqmarkertag\"")
        .header("idempotency-key", "Zqmarkeridempotency")
        .header("x-ms-client-principal", "Zqmarkerprincipal")
        .header("tracestate", "zq=Zqmarkerstate")
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    let headers = format!("{:?}", response.headers());
    let answer = response.text().await.unwrap();
    quotes_nothing(
        &format!("{method} {path}"),
        status,
        &format!("{headers} {answer}"),
    );
    if status >= 400 && method != "HEAD" {
        assert!(headers.contains("json"), "{method} {path}: {headers}");
    }
}

/// An HTTP call in the host's envelope.
fn http(recipe: &str, case: &str, token: &str, body: &str) -> String {
    let request = json!({
        "Url": format!("http://localhost:7071/api/drafts/{recipe}/{case}?code=Zqmarkerfunctionkey"),
        "Method": "POST", "Query": { "zq": "Zqmarkerquery", "wait": "Zqmarkerwait" },
        "Headers": {
            "Content-Type": ["application/json"], "Content-Length": [body.len().to_string()],
            "Authorization": [token], "X-Zq": ["Zqmarkerheader"], "Idempotency-Key": ["Zqmarkeridempotency"],
        },
        "Params": { "recipe": recipe, "case": case }, "Body": body,
    });
    json!({ "Data": { "req": request }, "Metadata": {} }).to_string()
}

/// Payloads that are wrong in all the ways in which they can be, by what calls the function.
fn bad_payloads(trigger: &Value, token: &str) -> Vec<String> {
    let binding = trigger["name"].as_str().unwrap();
    let mut payloads = vec![
        "Zqmarkernojson".to_owned(),
        r#"{"Data":{"Zqmarker":1}}"#.to_owned(),
    ];
    match trigger["type"].as_str().unwrap() {
        "blobTrigger" => {
            for (recipe, case, name) in [
                ("ehcp", "Zqmarker case", "Zqmarker.txt"),
                ("Zqmarkerrecipe", "c1", "Zqmarker.txt"),
                ("ehcp", "c1", "sub/Zqmarker.txt"),
            ] {
                payloads.push(blob_event(recipe, case, name).to_string());
            }
            let odd = json!({ "Data": {}, "Metadata": { "Uri": "\"Zqmarkeraddress\"" } });
            payloads.push(odd.to_string());
        }
        "queueTrigger" => {
            for text in [
                json!("Zqmarkertext"),
                json!({ "recipe": "ehcp", "case": "Zqmarker.case", "run": "Zqmarkerrun" }),
                json!({ "recipe": "Zqmarkerrecipe", "case": "c1", "run": "Zqmarkerrun" }),
                json!({ "recipe": "ehcp", "case": "c9", "run": "Zqmarkerrun", "failure": "Zqmarkerfailure", "newest": "Zqmarkernewest" }),
                json!({ "FunctionId": "Zqmarkerhost", "ContainerName": "sources", "BlobName": "ehcp/Zqmarker case/Zqmarker.pdf" }),
                json!({ "FunctionId": "Zqmarkerhost", "ContainerName": "sources", "BlobName": "ehcp/c1/Zqmarkerfile.txt" }),
            ] {
                payloads.push(message(binding, &text).to_string());
            }
        }
        "httpTrigger" => {
            let document = |name: &str, content: &str| {
                json!({ "documents": [{ "name": name, "content": content }] }).to_string()
            };
            for (recipe, case, body) in [
                ("ehcp", "Zqmarker.case", "{}".to_owned()),
                ("Zqmarkerrecipe", "c1", "{}".to_owned()),
                ("ehcp", "c1", "Zqmarkerbody".to_owned()),
                ("ehcp", "c1", r#"{"Zqmarkerkey":"Zqmarkervalue"}"#.to_owned()),
                ("ehcp", "c1", document("Zqmarker/name", "")),
                ("ehcp", "c1", document("Zqmarker\u{7}name", "eA==")),
                ("ehcp", "c1", document("Zqmarkername.txt", "Zqmarker%")),
                ("ehcp", "c1", r#"{"case":"Zqmarkermanifest"}"#.to_owned()),
                (
                    "ehcp",
                    "c1",
                    r#"{"case":{"child":{"Zqmarkerkey":["Zqmarkervalue"]},"documents":"Zqmarker"}}"#
                        .to_owned(),
                ),
                ("ehcp", "empty", "{}".to_owned()),
            ] {
                payloads.push(http(recipe, case, token, &body));
            }
        }
        _ => payloads.push(
            json!({ "Data": { binding: { "Zqmarkertimer": "Zqmarker" } }, "Metadata": {} }).to_string(),
        ),
    }
    payloads
}

/// Every function of the host with payloads that are wrong.
async fn deliver(app: &App, token: &str) {
    for (function, trigger) in functions() {
        if trigger["route"] == "{*path}" {
            continue;
        }
        for payload in bad_payloads(&trigger, token) {
            called(app, &function, &payload).await;
        }
    }
}

/// What is good: a report, its draft, an edit, an approval, a withdrawal, all with markers in them.
async fn a_whole_life(app: &App) {
    let text = report("Zqmarkerchild Bell", "01/02/2018");
    app.upload("c1", "Zqmarkerfile.txt", text.clone()).await;
    let (_, outputs) = called(
        app,
        "draft-on-upload",
        &blob_event("ehcp", "c1", "Zqmarkerfile.txt").to_string(),
    )
    .await;
    let confirmation = app.write("c1", &outputs).await;
    let published = called(
        app,
        "draft-confirmed",
        &message("confirmation", &confirmation).to_string(),
    )
    .await;
    assert_eq!(published.0, 200);
    let draft = STANDARD.decode(outputs["draft"].as_str().unwrap()).unwrap();
    let (status, _) = app.send("PUT", "drafts/ehcp/c1/edit", draft.clone()).await;
    assert!(status < 300, "{status}");
    let approval = json!({ "run": confirmation["run"], "sha256": Digest::of(&draft).to_string(), "by": "Zqmarkerofficer", "accepts_critical": true });
    let (status, answer) = app
        .send(
            "POST",
            "drafts/ehcp/c1/approvals",
            approval.to_string().into_bytes(),
        )
        .await;
    assert_eq!(status, 201, "{answer}");
    let order = json!({ "documents": [{ "name": "Zqmarkerother.txt", "content": STANDARD.encode(&text) }],
        "case": { "child": { "name": "Zqmarkerchild Bell" } }, "wait": true });
    called(
        app,
        "draft-on-request",
        &http("ehcp", "c4", "", &order.to_string()),
    )
    .await;
    app.upload("c5", "Zqmarkerbroken.pdf", b"%PDF-1.7 Zqmarkertext".to_vec())
        .await;
    called(
        app,
        "draft-on-upload",
        &blob_event("ehcp", "c5", "Zqmarkerbroken.pdf").to_string(),
    )
    .await;
    let reason = br#"{"reason":"Zqmarkerreason"}"#.to_vec();
    let (status, _) = app
        .send("DELETE", "drafts/ehcp/c1/sources/Zqmarkerfile.txt", reason)
        .await;
    assert_eq!(status, 202);
    for file in [
        "",
        "/draft.docx",
        "/report.html",
        "/edit.json",
        "/approvals",
        "/plan.docx",
    ] {
        app.get(&format!("drafts/ehcp/c1{file}")).await;
    }
}

/// What the app wrote itself and somebody spoiled.
async fn spoiled(app: &App) {
    let put = async |container: &str, name: &str, text: &str| {
        let put = azure::Put::default();
        app.storage
            .put(container, name, text.to_owned(), put)
            .await
            .unwrap();
    };
    put("runs", "ehcp/c6/status.json", "Zqmarkerstatus").await;
    put("sources", "ehcp/c6/Zqmarkera.txt", "Zqmarkertext").await;
    put("sources", "ehcp/c7/case.json", "{Zqmarkermanifest").await;
    put("sources", "ehcp/c7/Zqmarkerb.txt", "Zqmarkertext").await;
    let run = "1f3870be274f6c49b3e31a0c6728957f";
    let status = json!({ "state": "published", "outcome": { "state": "ready" }, "published": run, "run": run, "updated": "2026-11-22T12:00:00Z" });
    put("runs", "ehcp/c8/status.json", &status.to_string()).await;
    put("runs", &format!("ehcp/c8/{run}/record.json"), "Zqmarkerrecord").await;
    put("sources", "ehcp/c8/Zqmarkerc.txt", "Zqmarkertext").await;
    for case in ["c6", "c7", "c8"] {
        app.get(&format!("drafts/ehcp/{case}")).await;
        app.get(&format!("drafts/ehcp/{case}/record.json")).await;
        let request = json!({ "recipe": "ehcp", "case": case, "asked": true });
        called(app, "draft-queued", &message("request", &request).to_string()).await;
        let confirmation = json!({ "recipe": "ehcp", "case": case, "run": run });
        called(
            app,
            "draft-confirmed",
            &message("confirmation", &confirmation).to_string(),
        )
        .await;
    }
}

/// Nothing that left the app beside its results holds a marker.
async fn left_nothing(app: &mut App, collector: &Collector) {
    for container in OWN_CONTAINERS {
        for blob in app.storage.list(container, "", 5_000).await.unwrap() {
            assert!(
                !holds(blob.name.as_bytes()),
                "a name in {container}: {}",
                blob.name
            );
        }
    }
    for file in app.storage.list("audit", "", 100).await.unwrap() {
        let log = app.storage.get("audit", &file.name).await.unwrap().unwrap();
        assert!(!holds(&log.bytes), "{}", String::from_utf8_lossy(&log.bytes));
    }
    assert_eq!(app.ended().await, Some(200));
    for (what, text) in [("standard output", app.log()), ("standard error", app.errors())] {
        let line = text.lines().find(|line| holds(line.as_bytes()));
        assert_eq!(line, None, "{what}");
    }
    assert!(!app.log().is_empty());
    let told = collector.bytes();
    for path in ["/v1/traces", "/v1/metrics", "/v2.1/track"] {
        let own: Vec<_> = told.iter().filter(|(to, _)| to == path).collect();
        assert!(!own.is_empty(), "nothing came to {path}");
        for (_, body) in own {
            assert!(!holds(body), "{path}: {}", String::from_utf8_lossy(body));
        }
    }
}

/// Settings that send telemetry to both kinds of receiver.
fn told_to(collector: &Collector) -> Vec<(&'static str, String)> {
    let connection = format!(
        "InstrumentationKey=00000000-1111-2222-3333-444444444444;IngestionEndpoint={}/",
        collector.base
    );
    let mut all = vec![("APPLICATIONINSIGHTS_CONNECTION_STRING", connection)];
    all.extend(collector.settings().map(|(name, value)| (name, value.to_owned())));
    all
}

fn borrowed<'a>(all: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    all.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_marker_leaves_by_any_door_log_trace_metric_name_or_fault() {
    let collector = Collector::start().await;
    let model = model(Behaviour {
        plant: Some(Plant::OtherName {
            name: "Zqmarkerinvented Quill".into(),
            stubborn: true,
        }),
        faults: vec![
            Faults::of("label", "", When::Nth(2), Fault::Malformed),
            Faults::of("judge", "", When::Nth(1), Fault::Refusal),
        ],
        ..Behaviour::default()
    })
    .await;
    let mut all = told_to(&collector);
    all.extend(settings(&model));
    all.push(("QUIET_SECONDS", "0".into()));
    all.push(("MODEL_PATIENCE_SECONDS", "0".into()));
    let mut app = App::start(&borrowed(&all)).await;
    a_whole_life(&app).await;
    spoiled(&app).await;
    knock(&app, "Bearer Zqmarkertoken").await;
    deliver(&app, "Bearer Zqmarkertoken").await;
    left_nothing(&mut app, &collector).await;
}

/// A model's service that quotes what it was sent, and more, wherever a service may.
async fn quoting_model() -> String {
    let router = Router::new().fallback(async || {
        let error = json!({ "error": { "message": "Zqmarkermessage in Zqmarkertext", "code": "Zqmarkercode",
            "param": "Zqmarkerparam", "type": "Zqmarkertype" } });
        (
            StatusCode::BAD_REQUEST,
            [("x-zq", "Zqmarkerheader")],
            error.to_string(),
        )
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    base
}

#[tokio::test(flavor = "multi_thread")]
async fn no_marker_leaves_where_services_quote_what_they_are_sent() {
    let (collector, base) = (Collector::start().await, quoting_model().await);
    let service = Service::start(Sees {
        down: true,
        ..Sees::default()
    })
    .await;
    let mut all = told_to(&collector);
    all.extend(
        service
            .settings("SCREENING")
            .map(|(name, value)| (name, value.to_owned())),
    );
    all.extend([
        ("QUIET_SECONDS", "0".to_owned()),
        ("MODEL_BASE_URL", base),
        ("MODEL_DEPLOYMENT", "writer".to_owned()),
        ("MODEL_KEY", "none".to_owned()),
    ]);
    let mut app = App::start(&borrowed(&all)).await;
    app.upload(
        "c1",
        "Zqmarkerfile.txt",
        report("Zqmarkerchild Bell", "01/02/2018"),
    )
    .await;
    let (status, outputs) = called(
        &app,
        "draft-on-upload",
        &blob_event("ehcp", "c1", "Zqmarkerfile.txt").to_string(),
    )
    .await;
    assert!(status == 200 && outputs["draft"].is_string());
    app.get("health/dependencies").await;
    left_nothing(&mut app, &collector).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_marker_leaves_where_callers_sign_in() {
    let collector = Collector::start().await;
    let tenant = Tenant::start(StatusCode::OK).await;
    let all = told_to(&collector);
    let mut app = tenant.app(&borrowed(&all)).await;
    let mut claims = tenant.claims(&["Drafts.Review"]);
    claims["name"] = json!("Zqmarkerofficer");
    claims["preferred_username"] = json!("zqmarker@example.org");
    let known = format!("Bearer {}", crate::tenant::SIGNER.token(&claims));
    for token in ["Bearer Zqmarkertoken", known.as_str()] {
        knock(&app, token).await;
        deliver(&app, token).await;
    }
    assert!(app.log().contains("a caller was not let in"));
    left_nothing(&mut app, &collector).await;
}
