//! Archives of earlier versions of the app, which have fewer results: found, given again and served as they are.

use serde_json::{Value, json};

use crate::app::{App, RESULTS, output_json, report};

const QUIET: &[(&str, &str)] = &[("QUIET_SECONDS", "0")];
const DOCUMENT: &str = "Appendix B.txt";

/// Makes the archive of a run what it was before there were sheets of questions; gives the run.
async fn made_older(app: &App, outputs: &Value) -> String {
    let mut record = output_json(outputs, "record");
    let run = record["run"].as_str().unwrap().to_owned();
    assert!(
        record["outputs"]
            .as_object_mut()
            .unwrap()
            .remove("queries.docx")
            .is_some()
    );
    let archive = format!("ehcp/c1/{run}");
    assert!(
        app.storage
            .delete("runs", &format!("{archive}/queries.docx"))
            .await
            .unwrap()
    );
    let bytes = record.to_string().into_bytes();
    for (container, name) in [
        ("runs", format!("{archive}/record.json")),
        ("drafts", "ehcp/c1/record.json".into()),
    ] {
        app.storage
            .put(container, &name, bytes.clone(), azure::Put::default())
            .await
            .unwrap();
    }
    run
}

#[tokio::test]
async fn a_run_without_sheets_of_questions_is_given_again_and_served() {
    let app = App::start(QUIET).await;
    let outputs = app
        .upload_and_tell("c1", DOCUMENT, report("Ada Bell", "01/02/2018"))
        .await;
    let confirmation = app.write("c1", &outputs).await;
    let run = made_older(&app, &outputs).await;

    // The sheets that stand in `drafts/` are of another run: the four go out again, and what is not theirs goes.
    let again = app.uploaded("c1", DOCUMENT).await;
    let given: Vec<&str> = RESULTS
        .iter()
        .map(|(binding, _)| *binding)
        .filter(|binding| again[binding].is_string())
        .collect();
    assert_eq!(given, ["draft", "evidence", "report", "record"]);
    assert_eq!(output_json(&again, "record")["run"], run);
    assert_eq!(app.confirm(&confirmation).await, 200);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    assert_eq!(ready["run"], run);
    let left = app.storage.get("drafts", "ehcp/c1/queries.docx").await.unwrap();
    assert!(left.is_none(), "sheets of another run stand beside this draft");

    // It is published: nothing is left to do, and each of its results is served.
    assert_eq!(app.uploaded("c1", DOCUMENT).await, json!({}));
    for (_, file) in RESULTS {
        let (status, _, body) = app.get(&format!("drafts/ehcp/c1/{file}")).await;
        if file == "queries.docx" {
            let problem: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(status, 404);
            assert!(
                problem["detail"].as_str().unwrap().contains("`attempt`"),
                "{problem}"
            );
        } else {
            assert_eq!(status, 200, "{file}");
        }
    }
}
