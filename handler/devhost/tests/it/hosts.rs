//! The handler's process: start, readiness, crashes, restarts, time limits, kill and stop.

use crate::stage::{LIMIT, Stage, client, ended, first, lives, logged, storage, until, within};
use devhost::{ExitZero, Level, Source};
use serde_json::json;
use std::time::Duration;

async fn pid_other_than(host: &devhost::DevHost, old: u32) -> u32 {
    until("a new process", async || {
        host.handler_pid().filter(|pid| *pid != old)
    })
    .await
}

#[tokio::test]
async fn a_handler_is_started_with_its_five_variables_and_any_answer_counts_as_ready() {
    let host = Stage::plain().http("hello", "hello").ready().await;
    logged(&host, "5 of 5 variables set").await;
    assert!(lives(host.handler_pid().expect("a process")));
    assert_eq!(host.functions().len(), 1);
    assert!(
        host.functions()[0].starts_with("hello: http://localhost:"),
        "{:?}",
        host.functions()
    );
    host.stop();
}

#[tokio::test]
async fn standard_error_is_error_and_the_third_crash_stops_the_host() {
    let host = Stage::new(json!({ "start": "crash" }))
        .http("hello", "hello")
        .start();
    let stopped = within(host.wait_stopped()).await;
    assert!(
        stopped.0.starts_with("Exceeded http worker restart retry count"),
        "{stopped}"
    );
    assert!(within(host.wait_ready()).await.is_err());
    let line = host.log().find("it crashed on purpose").expect("what it said");
    assert_eq!((line.level, line.source), (Level::Error, Source::Handler));
    assert_eq!(host.log().count("The handler ended with code 3."), 3);
}

#[tokio::test]
async fn an_outer_restart_starts_the_host_over() {
    let stage = Stage::new(json!({ "start": "crash" })).http("hello", "hello");
    let host = stage
        .deviating(|deviations| deviations.outer_restart = true)
        .start();
    let check = async || (host.log().count("The handler ended with code 3.") > 3).then_some(());
    until("a fourth start", check).await;
}

#[tokio::test]
async fn a_handler_that_never_answers_counts_as_crashed() {
    let stage = Stage::new(json!({ "start": "never" })).http("hello", "hello");
    let limit = Some(Duration::from_millis(150));
    let host = stage
        .deviating(|deviations| deviations.initialization_timeout = limit)
        .start();
    assert!(within(host.wait_stopped()).await.0.starts_with("Exceeded"));
    assert_eq!(host.log().count("did not answer `GET /` in time"), 3);
}

#[tokio::test]
async fn codes_200_and_0_start_it_again_without_a_strike() {
    for code in [200, 0] {
        let behaviours = json!([{ "exit": code }, { "exit": code }, { "exit": code }, { "answer": {} }]);
        // Each process starts its list anew, so every call ends one.
        let host = Stage::doing("hello", behaviours)
            .json_http("hello", "hello")
            .ready()
            .await;
        for _ in 0..4 {
            let old = host.handler_pid().expect("a process");
            let answer = client()
                .get(format!("{}/api/hello", host.base_url()))
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 500, "its answer was lost");
            pid_other_than(&host, old).await;
            within(host.wait_ready()).await.expect("ready again");
        }
    }
}

#[tokio::test]
async fn before_2026_code_0_was_a_black_hole() {
    let stage = Stage::doing("hello", json!([{ "exit": 0 }])).json_http("hello", "hello");
    let host = stage
        .deviating(|deviations| deviations.exit_zero = ExitZero::BlackHole)
        .ready()
        .await;
    let url = format!("{}/api/hello", host.base_url());
    for _ in 0..3 {
        assert_eq!(client().get(&url).send().await.expect("an answer").status(), 500);
    }
    assert_eq!(host.log().count("The handler is ready"), 1);
    assert_eq!(
        host.log()
            .count("the connection to the handler was refused or broke"),
        3
    );
}

#[tokio::test]
async fn a_crash_from_outside_is_survived_twice() {
    let host = Stage::plain().http("hello", "hello").ready().await;
    for _ in 0..2 {
        let old = host.handler_pid().expect("a process");
        host.crash_handler();
        pid_other_than(&host, old).await;
        within(host.wait_ready()).await.expect("ready again");
        assert!(!lives(old));
    }
    host.crash_handler();
    assert!(within(host.wait_stopped()).await.0.starts_with("Exceeded"));
    assert_eq!(host.log().count("The handler ended with code 137."), 3);
}

#[tokio::test]
async fn a_function_over_its_time_takes_all_others_down() {
    let behaviours = json!({ "functions": { "slow": [{ "hang": null }], "other": [{ "hang": null }] } });
    let behaviours =
        serde_json::from_str(&behaviours.to_string().replace("{\"hang\":null}", "\"hang\"")).expect("JSON");
    let stage = Stage::new(behaviours)
        .json_http("slow", "slow")
        .json_http("other", "other");
    let limit = Some(Duration::from_millis(1500));
    let host = stage
        .deviating(|deviations| deviations.function_timeout = limit)
        .ready()
        .await;
    let old = host.handler_pid().expect("a process");
    let get = |name: &str| client().get(format!("{}/api/{name}", host.base_url())).send();
    let late = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        get("other").await
    };
    let (slow, other) = tokio::join!(get("slow"), late);
    assert_eq!(
        (
            slow.expect("an answer").status(),
            other.expect("an answer").status()
        ),
        (
            500.try_into().expect("a status"),
            500.try_into().expect("a status")
        )
    );
    assert_ne!(pid_other_than(&host, old).await, old);
    logged(&host, "exceeded by function 'Functions.slow'").await;
    ended(&host, "other", 1).await;
    assert!(!lives(old));
}

#[tokio::test]
async fn a_killed_host_gives_nothing_back() {
    let storage = storage();
    storage.ensure_queue("killed").await.expect("queue");
    storage
        .send("killed", "work", Duration::ZERO)
        .await
        .expect("sent");
    let stage = Stage::doing("worker", json!([{ "slow": [60_000, {}] }])).queue("worker", "killed");
    let stage = stage.deviating(|deviations| deviations.visibility = Duration::from_secs(3));
    let host = stage.ready().await;
    first(&host, "worker").await;
    let pid = host.handler_pid().expect("a process");
    host.kill();
    assert!(!lives(pid));
    assert!(
        storage
            .receive("killed", 1, Duration::from_secs(1))
            .await
            .expect("received")
            .is_empty(),
        "still hidden"
    );
    let second = stage.ready().await;
    assert_eq!(
        first(&second, "worker").await["body"]["Metadata"]["DequeueCount"],
        "2"
    );
}

#[tokio::test]
async fn a_stopped_host_lets_what_is_running_end() {
    let storage = storage();
    storage.ensure_queue("stopped").await.expect("queue");
    storage
        .send("stopped", "work", Duration::ZERO)
        .await
        .expect("sent");
    let stage = Stage::doing("worker", json!([{ "slow": [700, {}] }])).queue("worker", "stopped");
    let host = stage.ready().await;
    first(&host, "worker").await;
    let (pid, log) = (host.handler_pid().expect("a process"), host.log().clone());
    host.stop();
    assert!(log.find("Executed 'Functions.worker' (Succeeded").is_some());
    assert!(!lives(pid));
    assert_eq!(storage.approximate_count("stopped").await.expect("counted"), 0);
}

#[tokio::test]
async fn a_function_in_error_does_not_keep_the_others() {
    let broken = json!([{ "type": "httpTrigger", "direction": "in", "name": "bad_name" }]);
    let host = Stage::plain()
        .function("broken", broken)
        .http("hello", "hello")
        .ready()
        .await;
    logged(
        &host,
        "The 'broken' function is in error: `bad_name` is no binding name",
    )
    .await;
    assert_eq!(host.functions().len(), 1);
    assert!(host.log().wait_for("The handler is ready", LIMIT).await.is_some());
}
