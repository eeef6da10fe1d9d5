//! Retention by recipe: what is due is erased, what is not stays, and what moves is not due.

use std::path::Path;

use azure::Put;
use devhost::azurite::Azurite;
use handler::workflow::{Part, Workflow};
use handler::{application, config};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::app::App;
use crate::erasure::{KEY, draft, entries};
use crate::everything::{everything, places};

/// The shipped recipes with a table of retention for plans.
fn recipes(folder: &Path, retention: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes");
    copied(&from, folder);
    let file = folder.join("ehcp/recipe.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replacen("\n[", &format!("\n[retention]\n{retention}\n\n["), 1);
    std::fs::write(file, text).unwrap();
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

/// The app's own parts over an account, with a clock of the test's.
fn workflow(azurite: &Azurite, recipes: &Path) -> Workflow {
    let connection = azurite.connection_string();
    let settings = |name: &str| match name {
        config::STORAGE | "AzureWebJobsStorage" => Some(connection.clone()),
        config::RECIPES => Some(recipes.to_str().unwrap().to_owned()),
        config::AUDIT_KEY => Some(KEY.to_owned()),
        config::LEASE_SECONDS => Some("15".to_owned()),
        _ => None,
    };
    application::workflow(&config::administration(&settings).unwrap()).unwrap()
}

fn after(days: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(days * 24 + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_recipe_keeps_no_longer_is_erased_and_what_it_keeps_stays() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    let folder = tempfile::tempdir().unwrap();
    recipes(folder.path(), "sources = 100\ndrafts = 30\nruns = 200");
    // One case was approved, one was drafted, one only uploaded.
    for case in ["approved", "drafted"] {
        let outputs = app
            .upload_and_tell(
                case,
                "Zqfile.txt",
                crate::app::report("Zqchild Bell", "01/02/2018"),
            )
            .await;
        let confirmation = app.write(case, &outputs).await;
        app.confirm(&confirmation).await;
        if case == "approved" {
            let sha256 = drafting::hash::Digest::of(&draft(&outputs));
            let order =
                json!({ "run": confirmation["run"], "sha256": sha256, "by": "x", "accepts_critical": true });
            let path = "drafts/ehcp/approved/approvals";
            assert_eq!(
                app.send("POST", path, order.to_string().into_bytes()).await.0,
                201
            );
        }
    }
    app.upload("uploaded", "Zqfile.txt", b"Zqchild".to_vec()).await;
    let count = async |container: &str, case: &str| {
        let listed = app
            .storage
            .list(container, &format!("ehcp/{case}/"), 100)
            .await
            .unwrap();
        listed.len()
    };
    let workflow = workflow(&app.azurite, folder.path());
    let nothing = workflow.retain(after(29)).await.unwrap();
    assert_eq!((nothing.erased, nothing.left, nothing.more), (0, 0, false));

    let due = workflow.due(after(30)).await.unwrap();
    let due: Vec<(&str, Vec<Part>)> = due
        .iter()
        .map(|one| (one.key.case.as_str(), one.parts.iter().copied().collect()))
        .collect();
    assert_eq!(due, [("drafted", vec![Part::Drafted])]);
    assert_eq!(workflow.retain(after(30)).await.unwrap().erased, 1);
    assert_eq!(
        (
            count("sources", "drafted").await,
            count("drafts", "drafted").await,
            count("runs", "drafted").await
        ),
        (1, 0, 0)
    );
    assert!(count("runs", "approved").await > 5);
    // Looked through within the day: nothing more is done.
    assert_eq!(workflow.retain(after(30)).await.unwrap().erased, 0);

    // The documents of all, and with them the whole of what has nothing else.
    assert_eq!(workflow.retain(after(100)).await.unwrap().erased, 3);
    let found = everything(&app.storage, app.azurite.endpoints().0.as_str()).await;
    assert_eq!(
        places(&found, &["drafted/Zqfile", "uploaded", "ehcp/drafted"]),
        []
    );
    assert_eq!(count("sources", "approved").await, 0);
    assert_eq!(workflow.retain(after(200)).await.unwrap().erased, 1);
    assert_eq!(
        (count("runs", "approved").await, count("drafts", "approved").await),
        (0, 0)
    );
    assert_eq!(
        app.get("drafts/ehcp/approved/plan.docx").await.0,
        200,
        "what is not named is kept"
    );
    let log = entries(&app.storage).await;
    let causes: Vec<_> = log
        .iter()
        .filter(|one| one["event"] == "erased" && one["facts"]["stage"] == "done")
        .map(|one| {
            (
                one["facts"]["cause"].as_str().unwrap(),
                one["facts"]["parts"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(causes.len(), 5);
    assert!(
        causes.iter().all(|(cause, _)| *cause == "retention"),
        "{causes:?}"
    );
    assert_eq!(
        causes.iter().filter(|(_, parts)| *parts == "all").count(),
        2,
        "{causes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_to_which_something_happened_meanwhile_is_not_erased_by_retention() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    let folder = tempfile::tempdir().unwrap();
    recipes(folder.path(), "sources = 1\ndrafts = 1");
    app.upload("c1", "Old.txt", b"old".to_vec()).await;
    let workflow = workflow(&app.azurite, folder.path());
    let due = workflow.due(after(1)).await.unwrap();
    assert_eq!(due.len(), 1);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    app.upload("c1", "New.txt", b"new".to_vec()).await;
    assert!(!workflow.erase_due(&due[0]).await.unwrap());
    assert_eq!(
        app.storage.list("sources", "ehcp/c1/", 10).await.unwrap().len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_which_only_its_status_is_left_is_erased_when_its_time_is_up() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    let folder = tempfile::tempdir().unwrap();
    recipes(folder.path(), "drafts = 30");
    // Cancelled before it was drafted, and its document deleted by hand.
    app.upload("Zqcase", "Zqfile.txt", b"Zqchild".to_vec()).await;
    assert_eq!(
        app.send("DELETE", "drafts/ehcp/Zqcase/run", Vec::new()).await.0,
        200
    );
    app.storage
        .delete("sources", "ehcp/Zqcase/Zqfile.txt")
        .await
        .unwrap();
    let workflow = workflow(&app.azurite, folder.path());
    assert_eq!(workflow.retain(after(29)).await.unwrap().erased, 0);
    assert_eq!(workflow.retain(after(30)).await.unwrap().erased, 1);
    let found = everything(&app.storage, app.azurite.endpoints().0.as_str()).await;
    assert_eq!(places(&found, &["Zqcase"]), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retention_in_any_recipe_nothing_is_due_and_the_command_says_so() {
    let app = App::start(&[("AUDIT_KEY", KEY)]).await;
    app.storage
        .put("sources", "ehcp/c1/a.txt", b"a".to_vec(), Put::default())
        .await
        .unwrap();
    let mut command = crate::erasure::command(&app.azurite.connection_string(), &["retention", "--dry-run"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && said.contains("0 due; nothing was erased"),
        "{said}"
    );
    assert!(
        app.storage
            .get("sources", "ehcp/c1/a.txt")
            .await
            .unwrap()
            .is_some()
    );
}
