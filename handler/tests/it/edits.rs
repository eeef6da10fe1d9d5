//! The officer's own edit: compared with its record, kept, and never written over in silence.

use std::io::{Cursor, Read as _, Write as _};
use std::time::Duration;

use azure::Put;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evaluation::scripted::{Behaviour, Latency};
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report};
use crate::grounded::stage;
use crate::site::{Site, stop};

const QUIET: &[(&str, &str)] = &[("QUIET_SECONDS", "0")];

/// A Word file with words of its text replaced, packed anew as another program does.
pub fn edited(draft: &[u8], replaced: &[(&str, &str)]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(draft)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == "word/document.xml" {
            let mut text = String::from_utf8(bytes).unwrap();
            for (from, to) in replaced {
                assert!(text.contains(from), "{from}");
                text = text.replace(from, to);
            }
            bytes = text.into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// A published case of one report, and its draft.
async fn published(app: &App, case: &str) -> (Value, Vec<u8>) {
    let outputs = app
        .upload_and_tell(case, "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let confirmation = app.write(case, &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    let draft = STANDARD.decode(outputs["draft"].as_str().unwrap()).unwrap();
    (outputs, draft)
}

async fn in_place(app: &App, case: &str, bytes: &[u8]) {
    let name = format!("ehcp/{case}/draft.docx");
    app.storage
        .put("drafts", &name, bytes.to_vec(), Put::default())
        .await
        .unwrap();
}

async fn there(app: &App, container: &str, name: &str) -> Option<Vec<u8>> {
    app.storage
        .get(container, name)
        .await
        .unwrap()
        .map(|blob| blob.bytes)
}

async fn status(app: &App, case: &str) -> Value {
    let (_, _, body) = app.get(&format!("drafts/ehcp/{case}")).await;
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn an_edit_is_checked_against_the_evidence_of_each_statement() {
    let app = App::start(QUIET).await;
    let (outputs, draft) = published(&app, "c1").await;
    let run = output_json(&outputs, "record")["run"].clone();
    let changes = [
        ("20 minutes", "30 minutes"),
        ("long instructions.", "long instructions. He likes zanderflutes."),
    ];
    let bytes = edited(&draft, &changes);
    let (code, answer) = app.send("PUT", "drafts/ehcp/c1/edit", bytes.clone()).await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!((&answer["run"], &answer["newest"]), (&run, &json!(true)));
    let counts = ["changed", "lost", "removed", "added"].map(|count| answer[count].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 0, 1], "{answer}");

    let (code, kind, account) = app.get("drafts/ehcp/c1/edit.json").await;
    assert_eq!((code, kind.as_str()), (200, "application/json"));
    let account: Value = serde_json::from_slice(&account).unwrap();
    assert_eq!(account["changed"][0]["bearing"], "lost");
    assert_eq!(account["changed"][0]["findings"][0]["rule"], "grounding.number");
    assert_eq!(account["added"][0]["text"], "He likes zanderflutes.");
    let id = answer["edit"].as_str().unwrap();
    for path in ["edit.html".to_owned(), format!("edits/{id}/edit.html")] {
        let (code, kind, page) = app.get(&format!("drafts/ehcp/c1/{path}")).await;
        let page = String::from_utf8(page).unwrap();
        assert_eq!((code, kind.as_str()), (200, "text/html; charset=utf-8"));
        assert!(page.contains("zanderflutes") && !page.contains("Not the newest draft"));
    }
    let (_, _, kept) = app.get("drafts/ehcp/c1/edited.docx").await;
    assert_eq!(kept, bytes);
    let told = &status(&app, "c1").await["edit"];
    assert_eq!(
        (&told["id"], &told["of"], &told["newest"]),
        (&json!(id), &run, &json!(true))
    );
    // The same again is the same edit; the draft where it lies was not touched.
    assert_eq!(app.send("PUT", "drafts/ehcp/c1/edit", bytes).await.1["edit"], id);
    assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), draft);
    assert!(!app.log().contains("zanderflute") && !app.log().contains("Ada"));
}

#[tokio::test]
async fn an_edit_of_an_older_draft_says_so() {
    let app = App::start(QUIET).await;
    let (first, draft) = published(&app, "c1").await;
    let other = "# Medical advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\n\n## Needs\n\nAda has difficulty with sleeping through the night.\n";
    let second = app.upload_and_tell("c1", "Appendix C.md", other.into()).await;
    app.confirm(&app.write("c1", &second).await).await;
    let bytes = edited(&draft, &[("twice weekly", "three times weekly")]);
    let (code, answer) = app.send("PUT", "drafts/ehcp/c1/edit", bytes.clone()).await;
    // It is most like the draft that it was made of.
    assert_eq!(
        (code, &answer["run"]),
        (200, &output_json(&first, "record")["run"]),
        "{answer}"
    );
    assert_eq!(answer["newest"], false);
    let (_, _, page) = app.get("drafts/ehcp/c1/edit.html").await;
    assert!(String::from_utf8(page).unwrap().contains("Not the newest draft"));
    // Named, the run is the one that it is compared with.
    let newer = output_json(&second, "record")["run"].as_str().unwrap().to_owned();
    let (code, answer) = app
        .send("PUT", &format!("drafts/ehcp/c1/edit?run={newer}"), bytes)
        .await;
    assert_eq!((code, answer["run"].as_str()), (200, Some(newer.as_str())));
    assert!(answer["removed"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn what_is_no_edit_is_refused_with_a_stable_code() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("DOCUMENT_MEGABYTES", "1")]).await;
    let (_, draft) = published(&app, "c1").await;
    let unknown = format!("ehcp/c1/edit?run={}", "0".repeat(32));
    for (path, body, code, name) in [
        ("ehcp/c1/edit", Vec::new(), 400, "body"),
        (
            "ehcp/c1/edit",
            b"PK\x03\x04 and nothing more".to_vec(),
            422,
            "unreadable",
        ),
        (
            "ehcp/c1/edit",
            report("Quillon Zarpent", "05/06/2014"),
            422,
            "not-comparable",
        ),
        ("ehcp/c1/edit", vec![b'a'; 1_000_001], 413, "too-large"),
        ("ehcp/c1/edit?run=..", draft.clone(), 400, "run-id"),
        (unknown.as_str(), draft.clone(), 404, "no-such-run"),
        ("ehcp/c2/edit", draft.clone(), 404, "no-such-run"),
        ("ehcp/c.2/edit", draft.clone(), 400, "case-id"),
        ("nosuch/c1/edit", draft.clone(), 404, "no-such-recipe"),
    ] {
        let (got, answer) = app.send("PUT", &format!("drafts/{path}"), body).await;
        assert_eq!(
            (got, answer["code"].as_str()),
            (code, Some(name)),
            "{path} {answer}"
        );
    }
    for path in ["edit.html", "edits/x/edit.json", "edits/..%2Fx/edit.json"] {
        let (code, _, body) = app.get(&format!("drafts/ehcp/c1/{path}")).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (code, body["code"].as_str()),
            (404, Some("no-such-edit")),
            "{path}"
        );
    }
    assert!(!app.log().contains("Quillon"));
}

#[tokio::test]
async fn an_edit_in_place_stands_until_a_new_draft_and_is_then_set_aside() {
    let app = App::start(QUIET).await;
    let (outputs, draft) = published(&app, "c1").await;
    let confirmation = output_json(&outputs, "confirmation");
    let bytes = edited(&draft, &[("20 minutes", "25 minutes")]);
    in_place(&app, "c1", &bytes).await;
    // The second look, and whoever asks again: neither writes over it.
    assert_eq!(app.confirm(&confirmation).await, 200);
    assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), bytes);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    assert_eq!(ready["edit"]["origin"], "standing", "{ready}");
    let id = ready["edit"]["id"].as_str().unwrap().to_owned();
    assert_eq!(app.uploaded("c1", "Appendix D.txt").await, json!({}));
    // Another result is missing: the results go out again without the draft.
    app.storage.delete("drafts", "ehcp/c1/report.html").await.unwrap();
    let again = app.uploaded("c1", "Appendix D.txt").await;
    assert!(again["draft"].is_null() && again["report"].is_string());
    assert_eq!(app.confirm(&output_json(&again, "confirmation")).await, 200);
    assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), bytes);
    assert!(there(&app, "drafts", "ehcp/c1/report.html").await.is_some());

    // A new document: the edit is kept before the new draft is given to the host.
    let other = "# Medical advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\n\n## Needs\n\nAda has difficulty with sleeping through the night.\n";
    let next = app.upload_and_tell("c1", "Appendix C.md", other.into()).await;
    let kept = format!("ehcp/c1/edits/{id}");
    assert_eq!(
        there(&app, "runs", &format!("{kept}/edited.docx")).await.unwrap(),
        bytes
    );
    let account = app.json("runs", &format!("{kept}/edit.json")).await.unwrap();
    assert_eq!(account["changed"][0]["bearing"], "lost");
    let record = output_json(&next, "record");
    assert_eq!(record["changes"]["since"]["edit"], json!(id));
    let report = STANDARD.decode(next["report"].as_str().unwrap()).unwrap();
    assert!(
        String::from_utf8(report)
            .unwrap()
            .contains(&format!("edit <code>{id}</code>"))
    );
    let run = record["run"].clone();
    // The host dies and writes nothing: the confirmation brings the new draft all the same.
    assert_eq!(app.confirm(&output_json(&next, "confirmation")).await, 200);
    let new = STANDARD.decode(next["draft"].as_str().unwrap()).unwrap();
    assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), new);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    assert_eq!(
        (
            &ready["run"],
            &ready["edit"]["origin"],
            &ready["edit"]["replaced_by"]
        ),
        (&run, &json!("set_aside"), &run)
    );
    let told = &status(&app, "c1").await["edit"];
    assert_eq!(
        (&told["id"], &told["newest"]),
        (&json!(id), &json!(false)),
        "{told}"
    );
}

/// A draft with a model takes minutes, and the officer goes on editing meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_made_while_the_next_draft_is_written_is_named_in_its_report() {
    let model = stage::model(Behaviour::default()).await;
    let own = stage::settings(&model);
    let mut settings: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    settings.push(("QUIET_SECONDS", "0"));
    let app = App::start(&settings).await;
    let (_, draft) = published(&app, "c1").await;
    let bytes = edited(&draft, &[("20 minutes", "25 minutes")]);
    model.forget();
    model.behave(Behaviour {
        latency: Latency {
            first: Duration::from_millis(600),
            token: Duration::ZERO,
        },
        ..Behaviour::default()
    });
    let other = "# Medical advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\n\n## Needs\n\nAda has difficulty with sleeping through the night.\n";
    let editing = async {
        // Its sources are sorted: what they say is being written.
        while model.recorded().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        in_place(&app, "c1", &bytes).await;
    };
    let (next, ()) = tokio::join!(app.upload_and_tell("c1", "Appendix C.md", other.into()), editing);
    let record = output_json(&next, "record");
    let told = &status(&app, "c1").await["edit"];
    assert!(told["id"].is_string(), "{told}");
    assert_eq!(record["changes"]["since"]["edit"], told["id"]);
}

#[tokio::test]
async fn an_old_run_that_comes_back_sets_an_edit_of_a_newer_one_aside() {
    let app = App::start(QUIET).await;
    let (first, _) = published(&app, "c1").await;
    let other = "# Medical advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\n\n## Needs\n\nAda has difficulty with sleeping through the night.\n";
    let second = app.upload_and_tell("c1", "Appendix C.md", other.into()).await;
    app.confirm(&app.write("c1", &second).await).await;
    let newer = STANDARD.decode(second["draft"].as_str().unwrap()).unwrap();
    let bytes = edited(&newer, &[("20 minutes", "25 minutes")]);
    in_place(&app, "c1", &bytes).await;
    app.storage
        .delete("sources", "ehcp/c1/Appendix C.md")
        .await
        .unwrap();
    let request = json!({ "recipe": "ehcp", "case": "c1", "asked": true });
    let (_, again) = app.call("draft-queued", &message("request", &request)).await;
    assert_eq!(
        again["record"], first["record"],
        "a finished run gives its archive"
    );
    app.confirm(&app.write("c1", &again).await).await;
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    assert_eq!(ready["edit"]["replaced_by"], ready["run"]);
    let id = ready["edit"]["id"].as_str().unwrap();
    let kept = there(&app, "runs", &format!("ehcp/c1/edits/{id}/edited.docx")).await;
    assert_eq!(kept.unwrap(), bytes);
}

#[tokio::test]
async fn what_a_host_left_behind_is_no_edit() {
    let app = App::start(QUIET).await;
    let (outputs, draft) = published(&app, "c1").await;
    let confirmation = output_json(&outputs, "confirmation");
    for stale in [
        Vec::new(),
        draft[..draft.len() / 2].to_vec(),
        b"of no kind".to_vec(),
    ] {
        in_place(&app, "c1", &stale).await;
        assert_eq!(app.confirm(&confirmation).await, 200);
        assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), draft);
    }
    assert!(
        app.storage
            .list("runs", "ehcp/c1/edits/", 5)
            .await
            .unwrap()
            .is_empty()
    );
    // A Word file that cannot be read is somebody's work all the same.
    let locked = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[7; 600]].concat();
    in_place(&app, "c1", &locked).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    assert_eq!(there(&app, "drafts", "ehcp/c1/draft.docx").await.unwrap(), locked);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    let id = ready["edit"]["id"].as_str().unwrap();
    let kept = there(&app, "runs", &format!("ehcp/c1/edits/{id}/edited.docx")).await;
    assert_eq!(kept.unwrap(), locked);
    let account = app
        .json("runs", &format!("ehcp/c1/edits/{id}/edit.json"))
        .await
        .unwrap();
    assert_eq!(account["compared"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_host_an_edit_is_taken_and_one_in_place_is_kept_when_the_case_is_drafted_again() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "1")]).await;
    site.upload("c1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let first = site.published(&host, "c1", 60).await;
    let draft = site.result(&host, "c1", "draft.docx", 1).await;
    let bytes = edited(&draft, &[("20 minutes", "25 minutes")]);
    let address = format!("{}/api/drafts/ehcp/c1/edit", host.base_url());
    let answer = reqwest::Client::new()
        .put(address)
        .body(bytes.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    site.storage
        .put("drafts", "ehcp/c1/draft.docx", bytes.clone(), Put::default())
        .await
        .unwrap();
    site.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while site
        .json("drafts", "ehcp/c1/READY.json")
        .await
        .is_none_or(|ready| ready["run"] == first["run"])
    {
        assert!(std::time::Instant::now() < end, "the case is never drafted again");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let ready = site.published(&host, "c1", 60).await;
    assert_eq!(ready["edit"]["origin"], "set_aside", "{ready}");
    let id = ready["edit"]["id"].as_str().unwrap();
    let kept = site
        .storage
        .get("runs", &format!("ehcp/c1/edits/{id}/edited.docx"))
        .await;
    assert_eq!(kept.unwrap().unwrap().bytes, bytes);
    site.nothing_failed(&host).await;
    stop(host).await;
}
