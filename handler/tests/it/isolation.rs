//! Two children never mix, and nothing personal leaves by the log.

use serde_json::{Value, json};

use crate::app::{App, output_json, report, sample_files};

/// The visible words of an artifact, as far as they tell one child from another.
fn text(outputs: &Value, binding: &str) -> String {
    let record = output_json(outputs, binding);
    record.to_string()
}

#[tokio::test]
async fn cases_at_once_never_mix() {
    let app = std::sync::Arc::new(App::start(&[("QUIET_SECONDS", "0")]).await);
    let mut runs = Vec::new();
    for number in 0..20 {
        let app = std::sync::Arc::clone(&app);
        runs.push(tokio::spawn(async move {
            let (case, name) = (format!("c{number}"), format!("Zq{number}marker Vx{number}child"));
            let outputs = app
                .upload_and_tell(&case, "Appendix D.txt", report(&name, "01/02/2018"))
                .await;
            (number, text(&outputs, "record"))
        }));
    }
    let mut records = Vec::new();
    for run in runs {
        records.push(run.await.unwrap());
    }
    for (number, record) in &records {
        assert!(record.contains(&format!("Zq{number}marker")), "its own child");
        for other in (0..20).filter(|other| other != number) {
            assert!(
                !record.contains(&format!("Zq{other}marker")),
                "case {number} holds the child of {other}"
            );
        }
    }
}

#[tokio::test]
async fn a_report_about_another_child_is_kept_out() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    for (name, bytes) in sample_files("rowan") {
        app.upload("c1", &name, bytes).await;
    }
    let outputs = app
        .upload_and_tell("c1", "Appendix Z.txt", report("Quillon Zarpent", "05/06/2014"))
        .await;
    let record = output_json(&outputs, "record");
    let stranger: Vec<&Value> = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["rule"] == "source.other-subject")
        .collect();
    assert_eq!(stranger.len(), 1, "{}", record["findings"]);
    assert_eq!(
        (&stranger[0]["severity"], &stranger[0]["subject"]["source"]),
        (&json!("critical"), &json!("Appendix Z.txt"))
    );
    assert!(!record["sections"].to_string().contains("Quillon"));
    assert!(!record["evidence"].to_string().contains("Quillon"));
}

#[tokio::test]
async fn the_log_names_nobody() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let marker = "Zqmarkername";
    let outputs = app
        .upload_and_tell(
            "c1",
            "Zqmarkerfile.txt",
            report(&format!("{marker} Bell"), "01/02/2018"),
        )
        .await;
    let confirmation = app.write("c1", &outputs).await;
    app.confirm(&confirmation).await;
    app.upload_and_tell("c1", "Zqmarkerbroken.pdf", b"%PDF-1.7 Zqmarkertext".to_vec())
        .await;
    app.request(
        "ehcp",
        "Zqmarker.case",
        &json!({ "documents": [{ "name": "Zqmarker/x", "content": "" }] }),
    )
    .await;
    app.call(
        "draft-on-upload",
        &crate::app::blob_event("ehcp", "Zqmarker case", "Zqmarker.txt"),
    )
    .await;
    app.call(
        "draft-queued",
        &json!({ "Data": { "request": "Zqmarkermessage" } }),
    )
    .await;
    let log = app.log();
    assert!(log.contains("drafted"), "{log}");
    assert!(!log.contains("Zqmarker"), "{log}");
}
