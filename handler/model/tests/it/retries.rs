//! When the client tries again, how long it waits, and when it gives up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use model::openai::{Credential, OpenAi, SettingsFault};
use model::{Fault, LanguageModel, Secret, Stage, TokenFault, Tokens};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, base_of, fitting, good, prompt, raw, settings, soon, success};

/// Between the first and the second request.
fn gap(fake: &Fake) -> Duration {
    let seen = fake.seen();
    assert_eq!(seen.len(), 2);
    seen[1].at - seen[0].at
}

/// After a 429 with this header the client waits so many milliseconds, and not much longer.
async fn waits(name: &'static str, value: &str, milliseconds: u64) {
    let fake = Fake::sequence(vec![Reply::new(429, "").header(name, value), good()]).await;
    let completion = fake.complete().await.unwrap();
    assert_eq!((completion.value, completion.retries), (fitting(), 1));
    let gap = gap(&fake);
    assert!(gap >= Duration::from_millis(milliseconds), "{gap:?} for {value}");
    assert!(
        gap < Duration::from_millis(milliseconds + 1500),
        "{gap:?} for {value}"
    );
}

#[tokio::test]
async fn retry_after_in_milliseconds() {
    waits("retry-after-ms", "700", 700).await;
}

#[tokio::test]
async fn retry_after_in_seconds() {
    waits("retry-after", "1", 1000).await;
}

#[tokio::test]
async fn retry_after_as_a_date() {
    // Dates have whole seconds: three from now is more than two.
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    waits("retry-after", &date, 1900).await;
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let fake = Fake::always(Reply::new(429, "").header("retry-after", "60")).await;
    let begun = Instant::now();
    let fault = fake
        .client()
        .complete(&prompt(), begun + Duration::from_secs(5))
        .await
        .unwrap_err();
    assert_eq!(
        fault,
        Fault::Throttled {
            after: Some(Duration::from_secs(60))
        }
    );
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(fault.to_string().contains("wait 60 seconds"), "{fault}");
}

#[tokio::test]
async fn a_slow_service_is_cut_at_the_deadline() {
    let fake = Fake::always(good().after(Duration::from_secs(30))).await;
    let begun = Instant::now();
    let fault = fake
        .client()
        .complete(&prompt(), begun + Duration::from_millis(300))
        .await
        .unwrap_err();
    assert_eq!(fault, Fault::Deadline);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let fake = Fake::always(good()).await;
    let fault = fake
        .client()
        .complete(&prompt(), Instant::now())
        .await
        .unwrap_err();
    assert_eq!((fault, fake.seen().len()), (Fault::Deadline, 0));
}

#[tokio::test]
async fn a_slow_attempt_is_given_up_and_tried_again() {
    let fake = Fake::sequence(vec![good().after(Duration::from_secs(30)), good()]).await;
    let mut settings = settings(&fake.base(), &Credential::Bearer(Secret::new("k")));
    settings.timing.attempt = Duration::from_millis(400);
    let client = OpenAi::new(settings, None).unwrap();
    assert_eq!(client.complete(&prompt(), soon()).await.unwrap().retries, 1);
}

#[tokio::test]
async fn slow_attempts_end_as_a_time_out() {
    let fake = Fake::always(good().after(Duration::from_secs(30))).await;
    let mut settings = settings(&fake.base(), &Credential::Bearer(Secret::new("k")));
    settings.timing.attempt = Duration::from_millis(100);
    let client = OpenAi::new(settings, None).unwrap();
    let fault = client.complete(&prompt(), soon()).await.unwrap_err();
    assert_eq!(
        fault,
        Fault::TimedOut {
            limit: Duration::from_millis(100)
        }
    );
    assert_eq!(fake.seen().len(), 3);
}

#[tokio::test]
async fn nobody_listening_is_a_connection_fault() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    check_raw(closed, Stage::Connecting).await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_connection_fault() {
    check_raw(raw(Vec::new()).await, Stage::Asking).await;
    let body = success(&json!("{}")).to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let half = [head.as_bytes(), &body.as_bytes()[..body.len() / 2]].concat();
    check_raw(raw(half).await, Stage::Reading).await;
    check_raw(
        raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec()).await,
        Stage::Reading,
    )
    .await;
    check_raw(raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()).await, Stage::Asking).await;
}

async fn check_raw(address: std::net::SocketAddr, stage: Stage) {
    let settings = settings(&base_of(address), &Credential::Bearer(Secret::new("k")));
    let client = OpenAi::new(settings, None).unwrap();
    let fault = client.complete(&prompt(), soon()).await.unwrap_err();
    assert_eq!(fault, Fault::Connection { stage });
    assert!(fault.is_passing());
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_once_more() {
    let unfit = Reply::json(200, &success(&json!("{\"text\": 1}")));
    let fake = Fake::sequence(vec![unfit, good()]).await;
    let completion = fake.complete().await.unwrap();
    assert_eq!((completion.value, completion.retries), (fitting(), 1));
    assert_eq!(completion.usage.completion_tokens, 2 * 96);
    let seeds: Vec<Value> = fake.seen().iter().map(|seen| seen.body["seed"].clone()).collect();
    assert_eq!(seeds, [7, 8]);
}

#[tokio::test]
async fn attempts_are_bounded_across_kinds_of_faults() {
    let unfit = Reply::json(200, &success(&json!("{}")));
    let fake = Fake::sequence(vec![Reply::new(503, ""), unfit, Reply::new(503, ""), good()]).await;
    assert_eq!(
        fake.complete().await.unwrap_err(),
        Fault::Unavailable {
            status: 503,
            after: None
        }
    );
    assert_eq!(fake.seen().len(), 3);
}

/// Tokens `t0`, `t1`, ...: a new one each time.
#[derive(Default)]
struct Numbered {
    given: AtomicU32,
    failures: u32,
}

#[async_trait]
impl Tokens for Numbered {
    async fn token(&self, scope: &str) -> Result<Secret, TokenFault> {
        assert_eq!(scope, Credential::SCOPE);
        let number = self.given.fetch_add(1, Ordering::SeqCst);
        if number < self.failures {
            Err(TokenFault::Unavailable)
        } else {
            Ok(Secret::new(format!("t{number}")))
        }
    }
}

async fn with_tokens(fake: &Fake, failures: u32) -> Result<Vec<String>, Fault> {
    let scope = Credential::SCOPE.to_owned();
    let tokens = Arc::new(Numbered {
        failures,
        ..Numbered::default()
    });
    let client = OpenAi::new(settings(&fake.base(), &Credential::Entra { scope }), Some(tokens)).unwrap();
    client.complete(&prompt(), soon()).await?;
    let seen = fake.seen();
    Ok(seen
        .iter()
        .map(|seen| seen.headers["authorization"].to_str().unwrap().to_owned())
        .collect())
}

#[tokio::test]
async fn every_attempt_asks_for_its_token() {
    let fake = Fake::sequence(vec![Reply::new(503, ""), Reply::new(429, ""), good()]).await;
    assert_eq!(
        with_tokens(&fake, 0).await.unwrap(),
        ["Bearer t0", "Bearer t1", "Bearer t2"]
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let fake = Fake::sequence(vec![Reply::new(401, ""), good()]).await;
    assert_eq!(with_tokens(&fake, 0).await.unwrap(), ["Bearer t0", "Bearer t1"]);
    let fake = Fake::always(Reply::new(401, "")).await;
    assert_eq!(with_tokens(&fake, 0).await.unwrap_err(), Fault::WrongKey);
    assert_eq!(fake.seen().len(), 2);
}

#[tokio::test]
async fn an_identity_that_does_not_answer_is_asked_again() {
    let fake = Fake::always(good()).await;
    assert_eq!(with_tokens(&fake, 2).await.unwrap(), ["Bearer t2"]);
    let fault = with_tokens(&fake, 9).await.unwrap_err();
    assert_eq!(fault, Fault::Token(TokenFault::Unavailable));
    assert!(fault.is_passing());
}

#[tokio::test]
async fn a_token_needs_someone_who_gives_it() {
    let fake = Fake::always(good()).await;
    let scope = Credential::SCOPE.to_owned();
    let refused = OpenAi::new(settings(&fake.base(), &Credential::Entra { scope }), None);
    assert!(matches!(refused, Err(SettingsFault::NoTokens)));
}
