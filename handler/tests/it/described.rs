//! Answers are of the kinds that `docs/openapi.json` describes, those that no door of ours gives among them.

use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn what_the_framework_refuses_by_itself_is_told_as_a_problem() {
    let app = App::start(&[]).await;
    let check = async |method: &str, path: &str, body: Vec<u8>, expected: (u16, &str)| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let address = format!("{}/api/{path}", app.base);
        let response = app
            .client
            .request(method, address)
            .body(body)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        let problem: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(
            (status, &problem["code"]),
            (expected.0, &json!(expected.1)),
            "{path}"
        );
        assert_eq!(problem["status"], status);
    };
    let plan = "drafts/ehcp/c1/approvals";
    for version in ["x", "-1", "4294967296"] {
        check(
            "GET",
            &format!("{plan}/{version}/plan.docx"),
            Vec::new(),
            (404, "not-approved"),
        )
        .await;
    }
    // Not UTF-8.
    check("GET", "drafts/%FF", Vec::new(), (400, "address")).await;
    check("GET", "drafts/ehcp/%FF", Vec::new(), (400, "address")).await;
    let long = vec![b' '; 17_000];
    for (method, path) in [
        ("DELETE", "drafts/ehcp/c1/sources/a.pdf"),
        ("POST", "drafts/ehcp/c1/approvals"),
    ] {
        check(method, path, long.clone(), (413, "too-large")).await;
    }
}

#[tokio::test]
async fn an_edit_tells_the_hash_that_its_approval_names() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let report = crate::app::report("Ada Bell", "01/02/2018");
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", report).await;
    let confirmation = app.write("c1", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    let (_, _, draft) = app.get("drafts/ehcp/c1/draft.docx").await;
    let digest = drafting::hash::Digest::of(&draft);
    let (status, edit) = app.send("PUT", "drafts/ehcp/c1/edit", draft).await;
    assert_eq!((status, &edit["sha256"]), (200, &json!(digest)), "{edit}");
    let approval = json!({
        "edit": edit["edit"], "sha256": edit["sha256"], "by": "Case officer 7", "accepts_critical": true,
    });
    let (status, version) = app
        .send(
            "POST",
            "drafts/ehcp/c1/approvals",
            approval.to_string().into_bytes(),
        )
        .await;
    assert_eq!((status, &version["version"]), (201, &json!(1)), "{version}");
}
