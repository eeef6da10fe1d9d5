//! Export: all that is held about a case, in one archive that a person can read.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use azure::Put;
use drafting::hash::Digest;
use serde_json::{Value, json};

use crate::app::App;
use crate::erasure::{KEY, command, entries, published};
use crate::everything::signed;

/// The files of an archive.
fn files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_all_of_its_case_and_nothing_of_another_and_says_what_each_file_is() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    assert_eq!(app.get("drafts/ehcp/Zqcase-7/export").await.0, 404);
    let run = published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    published(&app, "Zqcase-70", "Other.txt", "Vxother Bell").await;
    let answers = "ehcp/Zqcase-7/answers/a.json";
    app.storage
        .put("runs", answers, b"{}".to_vec(), Put::default())
        .await
        .unwrap();
    let snapshot = "/sources/ehcp/Zqcase-7/Zqfile.txt";
    signed(
        app.azurite.endpoints().0.as_str(),
        "PUT",
        snapshot,
        "comp=snapshot",
    )
    .await;
    for case in ["Zqcase-7", "Zqcase-70"] {
        let request = json!({ "recipe": "ehcp", "case": case }).to_string();
        app.storage
            .send("draft-requests-poison", &request, Duration::ZERO)
            .await
            .unwrap();
    }

    let (status, kind, bytes) = app.get("drafts/ehcp/Zqcase-7/export").await;
    assert_eq!((status, kind.as_str()), (200, "application/zip"));
    let archive = files(&bytes);
    let manifest: Value = serde_json::from_slice(&archive["manifest.json"]).unwrap();
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(listed.len() + 1, archive.len());
    for one in listed {
        let bytes = &archive[one["name"].as_str().unwrap()];
        assert_eq!(one["sha256"], Digest::of(bytes).as_str(), "{one}");
        assert_eq!(one["bytes"], bytes.len(), "{one}");
        assert!(one["what"].as_str().unwrap().len() > 10, "{one}");
    }
    let read_me = String::from_utf8(archive["READ ME.txt"].clone()).unwrap();
    assert!(read_me.contains("published/"));
    // Everything that storage holds under the case is there, with the same bytes.
    for container in ["sources", "drafts", "runs"] {
        for item in app
            .storage
            .list(container, "ehcp/Zqcase-7/", 1_000)
            .await
            .unwrap()
        {
            let rest = item.name.strip_prefix("ehcp/Zqcase-7/").unwrap();
            if rest == "lock.json" {
                continue;
            }
            let held = app
                .storage
                .get(container, &item.name)
                .await
                .unwrap()
                .unwrap()
                .bytes;
            assert!(
                archive[&format!("{container}/{rest}")] == held,
                "{container}/{rest}"
            );
        }
    }
    for name in [
        format!("runs/{run}/record.json"),
        "queues/draft-requests-poison-1.json".into(),
    ] {
        assert!(archive.contains_key(&name), "{name}: {:?}", archive.keys());
    }
    assert!(archive.keys().any(|name| name.starts_with("snapshots/sources/")));
    let all = crate::everything::unpacked(&bytes);
    assert!(!all.contains("Vxother") && !all.contains("Zqcase-70"));

    // The export stands in the log, and the log's lines about this case stand in the export.
    let about = String::from_utf8(archive["audit.jsonl"].clone()).unwrap();
    let told: Vec<Value> = about
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let case = &told.last().unwrap()["case"];
    assert_eq!(told.last().unwrap()["event"], "exported");
    let own: Vec<Value> = entries(&app.storage)
        .await
        .into_iter()
        .filter(|one| one["case"] == *case)
        .collect();
    assert_eq!(told, own);
    assert!(told.len() >= 4, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_from_the_command_line_is_the_same_archive() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("case.zip");
    let run = |case: &str| {
        let arguments = [
            "export",
            "--recipe",
            "ehcp",
            "--case",
            case,
            "--out",
            out.to_str().unwrap(),
        ];
        let mut command = command(&app.azurite.connection_string(), &arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let none = run("nobody").await.unwrap();
    assert!(!none.status.success() && !out.exists());
    let output = run("Zqcase-7").await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let by_hand = files(&std::fs::read(&out).unwrap());
    let (_, _, bytes) = app.get("drafts/ehcp/Zqcase-7/export").await;
    let by_door = files(&bytes);
    assert_eq!(
        by_hand.keys().collect::<Vec<_>>(),
        by_door.keys().collect::<Vec<_>>()
    );
    assert!(by_hand["runs/status.json"] == by_door["runs/status.json"]);
}
