//! A call that was answered with 408, 429 or 5xx, or not at all, is made again: there is one draft, whatever had happened.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devhost::DevHost;
use serde_json::{Value, json};

use crate::app::report;
use crate::outage::{Away, Line, place};
use crate::site::{Site, stop};

/// A call as a connector makes it: with or without a key, and again as long as it is told to.
struct Caller<'a> {
    host: &'a DevHost,
    case: &'static str,
    key: Option<&'static str>,
    client: reqwest::Client,
}

impl<'a> Caller<'a> {
    fn of(host: &'a DevHost, case: &'static str, key: Option<&'static str>) -> Self {
        Self {
            host,
            case,
            key,
            client: reqwest::Client::new(),
        }
    }

    /// Calls once; 0 where no answer came.
    async fn call(&self, patience: Duration) -> (u16, bool) {
        let content = STANDARD.encode(report("Ada Bell", "01/02/2018"));
        let body = json!({ "documents": [{ "name": "Appendix B.txt", "content": content }] });
        let address = format!("{}/api/drafts/ehcp/{}", self.host.base_url(), self.case);
        let mut call = self.client.post(address).json(&body).timeout(patience);
        if let Some(key) = self.key {
            call = call.header("idempotency-key", key);
        }
        match call.send().await {
            Ok(answer) => (
                answer.status().as_u16(),
                answer.headers().contains_key("retry-after"),
            ),
            Err(_) => (0, false),
        }
    }

    async fn until_accepted(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let (status, again) = self.call(Duration::from_secs(60)).await;
            if status == 202 {
                assert!(again, "202 without `Retry-After`");
                return;
            }
            assert!(status == 0 || status >= 500, "{status}");
            assert!(Instant::now() < end, "never accepted: {status}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn ends_in_one_draft(&self, site: &Site) {
        let end = Instant::now() + Duration::from_secs(120);
        let address = format!("{}/api/drafts/ehcp/{}", self.host.base_url(), self.case);
        loop {
            let answer = self.client.get(&address).send().await.unwrap();
            let status = answer.status().as_u16();
            let body: Value = answer.json().await.unwrap_or_default();
            if status == 200 {
                break;
            }
            assert!(status == 202 || status == 503, "{status} {body}");
            assert!(Instant::now() < end, "{}: {body}", self.case);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        site.published(self.host, self.case, 60).await;
        assert_eq!(site.runs(self.case).await, 1, "{}", self.case);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_failed_at_any_point_is_made_again_and_there_is_one_draft() {
    const LONG: Duration = Duration::from_secs(60);
    let site = Site::new().await;
    let mut connection = site.azurite.connection_string();
    let mut lines = Vec::new();
    for service in ["BlobEndpoint", "QueueEndpoint"] {
        let target = place(&connection, service);
        let line = Line::to(target.clone(), Away::Busy).await;
        connection = connection.replace(&target, &format!("127.0.0.1:{}", line.port));
        lines.push(line);
    }
    // A call that dies between two documents must be made again before the first is drafted from alone.
    let host = site.host_over(&connection, &[("QUIET_SECONDS", "10")]).await;

    // 503 before anything was written, and after the documents were and the request was not.
    for (line, case, key) in [
        (&lines[0], "blobs-away", Some("k1")),
        (&lines[1], "queues-away", Some("k1")),
        (&lines[1], "queues-away-no-key", None),
    ] {
        let caller = Caller::of(&host, case, key);
        line.cut();
        assert_eq!(caller.call(LONG).await, (503, true), "{case}");
        line.mend();
        caller.until_accepted().await;
        caller.until_accepted().await;
        caller.ends_in_one_draft(&site).await;
    }

    // The handler dies over the call; the host answers for it.
    for (case, key) in [("killed", Some("k1")), ("killed-no-key", None)] {
        let caller = Caller::of(&host, case, key);
        let (_, ()) = tokio::join!(caller.call(LONG), async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            host.crash_handler();
        });
        caller.until_accepted().await;
        caller.ends_in_one_draft(&site).await;
    }

    // 408: the caller, or what stands between, gives up while the call goes on.
    for (case, key) in [("timed-out", Some("k1")), ("timed-out-no-key", None)] {
        let caller = Caller::of(&host, case, key);
        for patience in [5, 20, 60] {
            caller.call(Duration::from_millis(patience)).await;
        }
        caller.until_accepted().await;
        caller.ends_in_one_draft(&site).await;
    }
    site.nothing_failed(&host).await;
    stop(host).await;
}
