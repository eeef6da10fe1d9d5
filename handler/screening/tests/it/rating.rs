//! Text that is rated: the request, its parts, the answer.

use std::sync::Arc;

use async_trait::async_trait;
use drafting::screening::{Level, Ratings};
use screening::{Address, ContentSafety, Credential, Fault, LineFault, Screen as _};
use serde_json::json;
use wire::{Refused, Secret, TokenFault, Tokens};

use crate::fake::{Fake, Says, rated, soon};

#[tokio::test]
async fn a_text_is_sent_as_the_service_wants_it_and_rated_by_name() {
    let fake = Fake::saying(vec![rated(0, 6, 2, 4)]).await;
    let ratings = fake.client().screen("He was hurt.", soon()).await.unwrap();
    assert_eq!(
        ratings,
        Ratings {
            hate: Level::Safe,
            self_harm: Level::High,
            sexual: Level::Low,
            violence: Level::Medium,
        }
    );
    let got = fake.got();
    assert_eq!(got[0].path, "/contentsafety/text:analyze");
    assert_eq!(got[0].query, "api-version=2024-09-01");
    assert_eq!(got[0].headers["ocp-apim-subscription-key"], "zqkey");
    assert_eq!(
        got[0].body,
        json!({
            "text": "He was hurt.", "categories": ["Hate", "SelfHarm", "Sexual", "Violence"],
            "outputType": "FourSeverityLevels",
        })
    );
}

#[tokio::test]
async fn every_part_of_a_long_text_is_rated_and_the_worst_counts() {
    let fake = Fake::start(Vec::new(), |body| {
        let harm = body["text"].as_str().unwrap().contains("harm");
        rated(0, if harm { 4 } else { 0 }, 0, 0)
    })
    .await;
    let mut settings = fake.settings();
    settings.most_characters = 40;
    let client = ContentSafety::new(settings, None).unwrap();
    let text = format!(
        "{} There was harm. {}",
        "She reads well. ".repeat(20),
        "He writes. ".repeat(20)
    );
    let ratings = client.screen(&text, soon()).await.unwrap();
    assert_eq!(ratings.self_harm, Level::Medium);
    let got = fake.got();
    let mut sent: Vec<&str> = got.iter().map(|one| one.body["text"].as_str().unwrap()).collect();
    assert!(sent.iter().all(|part| part.chars().count() <= 40), "{sent:?}");
    sent.sort_by_key(|part| text.find(part));
    let words: usize = sent.iter().map(|part| part.split_whitespace().count()).sum();
    assert_eq!(words, text.split_whitespace().count());
}

#[tokio::test]
async fn a_text_without_words_is_not_sent() {
    let fake = Fake::saying(Vec::new()).await;
    assert_eq!(fake.client().screen(" \n", soon()).await, Ok(Ratings::SAFE));
    assert!(fake.got().is_empty());
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let peak = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&peak);
    let fake = Fake::start(Vec::new(), move |_| {
        seen.fetch_add(1, Ordering::SeqCst);
        Says {
            delay: std::time::Duration::from_millis(60),
            ..rated(0, 0, 0, 0)
        }
    })
    .await;
    let mut settings = fake.settings();
    settings.concurrent = 2;
    let client = Arc::new(ContentSafety::new(settings, None).unwrap());
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { client.screen("Words.", soon()).await })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    assert!(peak.load(Ordering::SeqCst) <= 2, "more than two at once");
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(Ratings::SAFE));
    }
    assert_eq!(peak.load(Ordering::SeqCst), 6);
}

/// Tokens of which the first is refused.
struct Turned(std::sync::atomic::AtomicUsize);

#[async_trait]
impl Tokens for Turned {
    async fn token(&self, scope: &str) -> Result<Secret, TokenFault> {
        assert_eq!(scope, Credential::SCOPE);
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(Secret::new(format!("token{number}")))
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let refused = || {
        Says::body(
            401,
            &json!({ "error": { "code": "401", "message": "Access denied." } }),
        )
    };
    for (first, expected) in [
        (vec![refused()], Ok(Ratings::SAFE)),
        (
            vec![refused(), refused()],
            Err(Fault::Service(Refused::WrongKey.into())),
        ),
    ] {
        let fake = Fake::saying(first).await;
        let mut settings = fake.settings();
        settings.credential = Credential::Entra {
            scope: Credential::SCOPE.into(),
        };
        let tokens: Arc<dyn Tokens> = Arc::new(Turned(0.into()));
        let client = ContentSafety::new(settings, Some(tokens)).unwrap();
        assert_eq!(client.screen("Words.", soon()).await, expected);
        let got = fake.got();
        assert_eq!(got.len(), 2);
        assert_eq!(got[1].headers["authorization"], "Bearer token1");
    }
}

#[test]
fn endpoints_are_https_or_of_this_machine() {
    let check = |text: &str, expected: bool| assert_eq!(Address::parse(text).is_ok(), expected, "{text}");
    check("https://name.cognitiveservices.azure.com", true);
    check("https://name.cognitiveservices.azure.com/", true);
    check("http://127.0.0.1:4000", true);
    check("http://localhost:4000", true);
    check("http://name.cognitiveservices.azure.com", false);
    check("https://user:word@name.cognitiveservices.azure.com", false);
    check("name.cognitiveservices.azure.com", false);
    check("", false);
}

#[test]
fn a_client_without_a_usable_credential_is_not_made() {
    let endpoint = || Address::parse("https://name.cognitiveservices.azure.com").unwrap();
    let made = |credential| ContentSafety::new(screening::Settings::new(endpoint(), credential), None);
    let scope = Credential::SCOPE.into();
    assert!(matches!(
        made(Credential::Entra { scope }),
        Err(LineFault::NoTokens(_))
    ));
    for key in ["", "a\nb"] {
        assert!(matches!(
            made(Credential::Key(Secret::new(key))),
            Err(LineFault::Key(_))
        ));
    }
}
