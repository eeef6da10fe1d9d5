//! Processes that die at the worst moment: the draft comes all the same and once, or the case officer is told.

use std::time::{Duration, Instant};

use azure::Put;
use devhost::DevHost;
use serde_json::Value;

use crate::app::{report, sample_files};
use crate::site::{Site, stop};

pub async fn kill(host: DevHost) {
    tokio::task::spawn_blocking(move || host.kill()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_or_host_killed_in_the_middle_still_ends_in_one_draft() {
    let site = Site::new().await;
    let settings = [("QUIET_SECONDS", "1")];
    let mut host = site.host(&settings).await;
    for case in ["handler", "host"] {
        for (name, bytes) in sample_files("tomas") {
            site.upload(case, &name, bytes).await;
        }
        site.until(case, "running").await;
        if case == "host" {
            kill(host).await;
            host = site.host(&settings).await;
        } else {
            host.crash_handler();
        }
        site.published(&host, case, 120).await;
        assert_eq!(site.runs(case).await, 1, "{case}");
    }
    site.nothing_failed(&host).await;
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_killed_between_the_answer_and_its_outputs_still_ends_in_one_draft() {
    let site = Site::new().await;
    let settings = [("QUIET_SECONDS", "0")];
    let host = site.host(&settings).await;
    // Somebody holds the blob that the host has to write: it can write the others at most.
    let lease = site
        .storage
        .acquire_lease("drafts", "ehcp/h1/draft.docx", 60)
        .await
        .unwrap()
        .unwrap();
    site.upload("h1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    site.until("h1", "publishing").await;
    kill(host).await;
    let there = site.storage.get("drafts", "ehcp/h1/draft.docx").await.unwrap();
    assert!(there.unwrap().bytes.is_empty(), "the host wrote it all the same");
    site.storage.release_lease(lease).await.unwrap();
    let host = site.host(&settings).await;
    site.published(&host, "h1", 120).await;
    assert_eq!(site.runs("h1").await, 1);
    site.nothing_failed(&host).await;
    stop(host).await;
}

/// Kills the handler whenever it drafts the case, until the case officer is told; gives the words and the number of
/// deaths.
async fn kill_until_told(site: &Site, host: &DevHost, case: &str) -> (String, usize) {
    let end = Instant::now() + Duration::from_secs(240);
    let status = format!("ehcp/{case}/status.json");
    let mut kills = 0;
    let mut ended = 0;
    loop {
        assert!(Instant::now() < end, "nobody is told, after {kills} deaths");
        let status = site.json("runs", &status).await.unwrap_or_default();
        let start = status["starts"]["count"].as_u64().unwrap_or(0);
        match status["state"].as_str() {
            // The status of the dead stays until somebody can take the case over, and what it was about to write may still be
            // written: only a new start is somebody.
            Some("running") if start > ended => {
                let killed = host.handler_pid();
                host.crash_handler();
                (kills, ended) = (kills + 1, start);
                while host.handler_pid() == killed {
                    assert!(Instant::now() < end, "no handler comes, after {kills} deaths");
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            Some("failed") => {
                let mark = site.json("drafts", &format!("ehcp/{case}/FAILED.json")).await;
                let stage = mark.unwrap()["outcome"]["stage"].as_str().unwrap().to_owned();
                return (stage, kills);
            }
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

/// The status, as a caller sees it.
async fn asked(host: &DevHost, case: &str) -> (u16, Value) {
    let answer = reqwest::get(format!("{}/api/drafts/ehcp/{case}", host.base_url()))
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_stops_the_app_every_time_is_given_up_told_and_can_be_tried_again() {
    let site = Site::new().await;
    let retry_at_once = "AzureFunctionsJobHost__extensions__queues__visibilityTimeout";
    let settings = [
        ("QUIET_SECONDS", "0"),
        ("MOST_STARTS", "2"),
        (retry_at_once, "00:00:01"),
    ];
    let host = site.host(&settings).await;
    site.upload("p1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let (reason, kills) = kill_until_told(&site, &host, "p1").await;
    assert_eq!((kills, reason.contains("several times")), (2, true), "{reason}");
    let (status, problem) = asked(&host, "p1").await;
    assert_eq!((status, problem["code"].as_str()), (500, Some("failed")));
    assert_eq!(site.runs("p1").await, 0);
    for queue in ["draft-requests", "draft-requests-poison"] {
        site.drained(queue).await;
    }

    // The cause is mended: the same document again is drafted.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    site.upload("p1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    site.published(&host, "p1", 60).await;
    let mark = site.storage.get("drafts", "ehcp/p1/FAILED.json").await.unwrap();
    assert!(mark.is_none(), "the failure is still told");
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_uses_up_the_host_s_tries_is_poisoned_and_told() {
    let site = Site::new().await;
    let queues = "AzureFunctionsJobHost__extensions__queues";
    let (tries, pause) = (
        format!("{queues}__maxDequeueCount"),
        format!("{queues}__visibilityTimeout"),
    );
    // The message comes again well after the dead run's lease has ended, so that each try is a start: one that came sooner would be
    // sent anew, with as many tries again. The uploads leave requests of
    // their own, which are not due on the slowest machine before all is over.
    let settings = [
        ("QUIET_SECONDS", "3600"),
        ("MOST_STARTS", "100"),
        (tries.as_str(), "2"),
        (pause.as_str(), "00:00:40"),
    ];
    let host = site.host(&settings).await;
    for (name, bytes) in sample_files("tomas") {
        site.storage
            .put("sources", &format!("ehcp/p2/{name}"), bytes, Put::default())
            .await
            .unwrap();
    }
    let request = r#"{"recipe":"ehcp","case":"p2","asked":true}"#;
    site.storage
        .send("draft-requests", request, Duration::ZERO)
        .await
        .unwrap();
    let (reason, kills) = kill_until_told(&site, &host, "p2").await;
    assert_eq!((kills, reason.as_str()), (2, "drafting failed every time"));
    assert_eq!(asked(&host, "p2").await.0, 500);
    stop(host).await;
}
