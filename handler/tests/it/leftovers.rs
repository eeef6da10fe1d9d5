//! What is left behind: nothing by whoever asks for what is not there, and nothing of an erased case wherever settings let its
//! documents lie.

use azure::Put;
use serde_json::{Value, json};

use crate::app::{App, message, report};
use crate::erasure::{KEY, published};

/// Blobs of all containers and messages that name the case.
async fn named(app: &App, case: &str) -> Vec<String> {
    let found = crate::everything::everything(&app.storage, app.azurite.endpoints().0.as_str()).await;
    let about = found.into_iter().filter(|(at, _)| at.contains(case));
    about.map(|(at, _)| at).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_case_that_is_not_there_leaves_nothing_that_names_it() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    let nothing = "0".repeat(32);
    let approval = json!({ "run": nothing, "sha256": nothing.repeat(2), "by": "x" }).to_string();
    for (method, path, body) in [
        ("GET", "", ""),
        ("GET", "/draft.docx", ""),
        ("GET", "/plan.docx", ""),
        ("GET", "/approvals", ""),
        ("GET", "/export", ""),
        ("DELETE", "/run", ""),
        ("DELETE", "/sources/a.pdf", ""),
        ("PUT", "/edit", "PK"),
        ("POST", "/approvals", approval.as_str()),
        ("POST", "/replay", ""),
    ] {
        let path = format!("drafts/ehcp/Zqcase-7{path}");
        let (code, _) = app.send(method, &path, body.as_bytes().to_vec()).await;
        assert!(
            code == 404 || code == 422 || path.ends_with("/approvals"),
            "{method} {path} {code}"
        );
        assert_eq!(named(&app, "Zqcase-7").await, [""; 0], "{method} {path}");
    }
    let headers =
        json!({ "Content-Type": ["application/json"], "Content-Length": ["0"], "Idempotency-Key": ["k"] });
    let (code, _, problem) = app.http("ehcp", "Zqcase-7", &headers, None).await;
    assert_eq!((code, &problem["code"]), (409, &json!("no-documents")));
    let request = json!({ "recipe": "ehcp", "case": "Zqcase-7", "asked": true });
    assert_eq!(
        app.call("draft-queued", &message("request", &request)).await,
        (200, json!({}))
    );
    assert_eq!(named(&app, "Zqcase-7").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_flows_put_elsewhere_are_exported_and_erased_with_their_case() {
    let prefixes = "flows/in/{recipe}/{case}/, shared/{recipe}/";
    let app = App::start(&[
        ("QUIET_SECONDS", "0"),
        ("AUDIT_KEY", KEY),
        ("INCOMING_PREFIXES", prefixes),
    ])
    .await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    for name in [
        "in/ehcp/Zqcase-7/a.txt",
        "in/ehcp/Zqcase-7/deeper/b.txt",
        "in/ehcp/Zqcase-70/a.txt",
    ] {
        app.storage
            .put(
                "flows",
                name,
                report("Zqchild Bell", "01/02/2018"),
                Put::default(),
            )
            .await
            .unwrap();
    }
    let (code, _, archive) = app.get("drafts/ehcp/Zqcase-7/export").await;
    assert_eq!(code, 200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let own = (0..archive.len()).filter(|at| {
        let file = archive.by_index(*at).unwrap();
        file.name().unwrap().starts_with("flows/")
    });
    assert_eq!(own.count(), 2);
    let order = json!({ "erase": "Zqcase-7" }).to_string().into_bytes();
    let (code, told) = app.send("DELETE", "drafts/ehcp/Zqcase-7", order).await;
    assert_eq!(
        (code, &told["complete"], &told["erased"]["blobs"]["flows"]),
        (200, &Value::Bool(true), &json!(2))
    );
    assert!(
        told["not_seen"].to_string().contains("`shared/ehcp/`"),
        "{told:#}"
    );
    let left = named(&app, "Zqcase-7").await;
    assert!(
        left.iter().all(|at| at.contains("Zqcase-70")) && left.len() == 1,
        "{left:?}"
    );
}
