//! What goes over the wire, and what must not.

use drafting::prompt::{Prompt, Tier};
use model::openai::{BaseUrl, BaseUrlFault, Credential, Effort, OpenAi, Sampling, SettingsFault};
use model::{Fault, LanguageModel, Price, Secret};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, base_of, fitting, good, prompt, raw, settings, soon, success};

#[tokio::test]
async fn the_outgoing_body_is_the_agreed_one() {
    let fake = Fake::always(good()).await;
    fake.complete().await.unwrap();
    let golden = r#"{"model":"better","messages":[{"role":"system","content":"Use only the numbered sources."},{"role":"user","content":"S1: Bo reads. MARKER-PROMPT"}],"response_format":{"type":"json_schema","json_schema":{"name":"section","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["text","source_ids"],"properties":{"text":{"type":"string"},"source_ids":{"type":"array","items":{"type":"string"}}}}}},"max_completion_tokens":1500,"temperature":0,"seed":7}"#;
    let seen = fake.seen();
    assert_eq!(seen[0].body.to_string(), golden);
    assert_eq!(seen[0].path, "/openai/v1/chat/completions");
    assert_eq!(seen[0].headers["content-type"], "application/json");
    assert_eq!(seen[0].headers["api-key"], "k");
    assert!(!seen[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_reasoning_model_gets_no_temperature_and_room_to_think() {
    let fake = Fake::always(good()).await;
    let mut settings = settings(&fake.base(), &Credential::Bearer(Secret::new("k")));
    settings.heavy.sampling = Sampling::Reasoning {
        effort: Some(Effort::Low),
        thinking_tokens: 4000,
    };
    let client = OpenAi::new(settings, None).unwrap();
    client.complete(&prompt(), soon()).await.unwrap();
    let seen = fake.seen();
    let body = &seen[0].body;
    assert_eq!(body["max_completion_tokens"], 5500);
    assert_eq!(body["reasoning_effort"], "low");
    assert_eq!((body.get("temperature"), body.get("seed")), (None, None));
    assert_eq!(seen[0].headers["authorization"], "Bearer k");
    assert_eq!(client.name(Tier::Heavy), "openai:gpt-4.1:better:reasoning-low");
}

#[tokio::test]
async fn tiers_have_their_own_deployments_addresses_and_limits() {
    let (heavy, fast) = (Fake::always(good()).await, Fake::always(good()).await);
    let mut settings = settings(&heavy.base(), &Credential::Bearer(Secret::new("k")));
    settings.fast.base = BaseUrl::parse(&format!("http://{}/v1?api-version=2", fast.address)).unwrap();
    settings.fast.credential = Credential::ApiKey(Secret::new("f"));
    settings.fast.most_tokens = Some(800);
    settings.fast.price = Some(Price {
        prompt: 2,
        cached_prompt: 1,
        completion: 3,
    });
    let client = OpenAi::new(settings, None).unwrap();
    for tier in [Tier::Fast, Tier::Judge] {
        client
            .complete(&Prompt { tier, ..prompt() }, soon())
            .await
            .unwrap();
    }
    assert_eq!(client.price(Tier::Fast).map(|price| price.completion), Some(3));
    let (heavy, fast) = (heavy.seen(), fast.seen());
    assert_eq!((heavy.len(), fast.len()), (1, 1));
    assert_eq!(heavy[0].body["model"], "other");
    assert_eq!(fast[0].path, "/v1/chat/completions?api-version=2");
    assert_eq!(fast[0].body["model"], "quicker");
    assert_eq!(fast[0].body["max_completion_tokens"], 800);
    assert_eq!(fast[0].headers["api-key"], "f");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Fake::always(good()).await;
    for status in [301, 302, 307, 308] {
        let location = format!("http://{}/openai/v1/chat/completions", elsewhere.address);
        let fake = Fake::always(Reply::new(status, "").header("location", &location)).await;
        assert_eq!(fake.complete().await.unwrap_err(), Fault::Redirected);
        assert_eq!(fake.seen().len(), 1);
    }
    assert_eq!(elsewhere.seen().len(), 0);
}

#[tokio::test]
async fn a_huge_body_is_not_read() {
    let fake = Fake::always(Reply::new(200, vec![b' '; 5 * 1024 * 1024])).await;
    assert_eq!(
        fake.complete().await.unwrap_err(),
        Fault::TooLarge {
            limit: 4 * 1024 * 1024
        }
    );
    assert_eq!(fake.seen().len(), 1);
    let fake = Fake::always(Reply::new(503, vec![b' '; 5 * 1024 * 1024])).await;
    assert_eq!(
        fake.complete().await.unwrap_err(),
        Fault::TooLarge {
            limit: 4 * 1024 * 1024
        }
    );
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded_too() {
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(5 * 1024 * 1024, b'[');
    let settings = settings(
        &base_of(raw(endless).await),
        &Credential::Bearer(Secret::new("k")),
    );
    let client = OpenAi::new(settings, None).unwrap();
    let fault = client.complete(&prompt(), soon()).await.unwrap_err();
    assert_eq!(
        fault,
        Fault::TooLarge {
            limit: 4 * 1024 * 1024
        }
    );
}

#[tokio::test]
async fn a_body_just_within_the_limit_is_read() {
    let mut body = success(&Value::String(fitting().to_string()))
        .to_string()
        .into_bytes();
    body.resize(4 * 1024 * 1024, b' ');
    assert_eq!(
        Fake::always(Reply::new(200, body))
            .await
            .complete()
            .await
            .unwrap()
            .value,
        fitting()
    );
}

#[test]
fn base_urls_are_https_or_of_this_machine() {
    let check = |text: &str, expected: Result<bool, BaseUrlFault>| {
        assert_eq!(
            BaseUrl::parse(text).map(|base| base.is_azure()),
            expected,
            "{text}"
        );
    };
    check("https://name.openai.azure.com/openai/v1", Ok(true));
    check(" https://name.openai.azure.com/openai/v1/ ", Ok(true));
    check("https://name.services.ai.azure.com/openai/v1/", Ok(true));
    check("https://council.azure-api.net/models/openai/v1", Ok(true));
    check("https://bedrock-mantle.eu-west-2.api.aws/v1", Ok(false));
    check("https://openai.azure.com.example.org/v1", Ok(false));
    check("http://127.0.0.1:8080/v1", Ok(false));
    check("http://[::1]:8080/v1", Ok(false));
    check("http://localhost/v1", Ok(false));
    check("http://127.1/v1", Ok(false));
    check(
        "http://name.openai.azure.com/openai/v1",
        Err(BaseUrlFault::NotHttps),
    );
    check("http://localhost.example.org/v1", Err(BaseUrlFault::NotHttps));
    check("http://127.0.0.1.example.org/v1", Err(BaseUrlFault::NotHttps));
    check("http://10.0.0.4/v1", Err(BaseUrlFault::NotHttps));
    check("http://169.254.169.254/v1", Err(BaseUrlFault::NotHttps));
    check("ftp://127.0.0.1/v1", Err(BaseUrlFault::NotHttps));
    check(
        "https://me:secret@name.openai.azure.com/v1",
        Err(BaseUrlFault::Credentials),
    );
    check("data:text/plain,x", Err(BaseUrlFault::NotHttps));
    check("name.openai.azure.com", Err(BaseUrlFault::Malformed));
    check("", Err(BaseUrlFault::Malformed));
}

#[test]
fn a_key_goes_where_the_host_wants_it() {
    let header = |text: &str| match BaseUrl::parse(text).unwrap().credential(Secret::new("k")) {
        Credential::ApiKey(_) => "api-key",
        Credential::Bearer(_) => "bearer",
        Credential::Key(_) | Credential::Entra { .. } => "another",
    };
    assert_eq!(header("https://name.openai.azure.com/openai/v1"), "api-key");
    assert_eq!(header("https://api.example.org/v1"), "bearer");
}

#[test]
fn names_say_family_model_and_deployment() {
    let base = BaseUrl::parse("https://name.openai.azure.com/openai/v1").unwrap();
    let client = OpenAi::new(settings(&base, &Credential::ApiKey(Secret::new("k"))), None).unwrap();
    assert_eq!(client.name(Tier::Heavy), "azure-openai:gpt-4.1:better");
    assert_eq!(client.name(Tier::Fast), "azure-openai:gpt-4.1:quicker");
    assert_eq!(client.name(Tier::Judge), "azure-openai:gpt-4.1:other");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let base = BaseUrl::parse("https://name.openai.azure.com/openai/v1").unwrap();
    let with_key = |key: &str| OpenAi::new(settings(&base, &Credential::ApiKey(Secret::new(key))), None);
    assert!(matches!(with_key(""), Err(SettingsFault::Key)));
    assert!(matches!(with_key("abc\n"), Err(SettingsFault::Key)));
    let mut nameless = settings(&base, &Credential::ApiKey(Secret::new("k")));
    nameless.judge.name = String::new();
    assert!(matches!(
        OpenAi::new(nameless, None),
        Err(SettingsFault::Nameless)
    ));
    let mut never = settings(&base, &Credential::ApiKey(Secret::new("k")));
    never.timing.attempts = 0;
    assert!(matches!(OpenAi::new(never, None), Err(SettingsFault::Zero)));
}

#[test]
fn secrets_do_not_print() {
    let settings = settings(
        &BaseUrl::parse("https://name.openai.azure.com/openai/v1").unwrap(),
        &Credential::ApiKey(Secret::new("MARKER")),
    );
    let printed = format!(
        "{settings:?} {} {:#?}",
        Secret::new("MARKER"),
        Secret::new("MARKER")
    );
    assert!(
        printed.contains("***") && !printed.contains("MARKER"),
        "{printed}"
    );
}

#[test]
fn efforts_are_read_by_their_names() {
    for effort in [
        Effort::None,
        Effort::Minimal,
        Effort::Low,
        Effort::Medium,
        Effort::High,
    ] {
        assert_eq!(Effort::parse(effort.name()), Some(effort));
    }
    assert_eq!(Effort::parse("Low "), None);
}

#[test]
fn a_price_is_rounded_up() {
    let price = Price {
        prompt: 1_500_000,
        cached_prompt: 750_000,
        completion: 6_000_000,
    };
    let usage = |prompt, cached, completion| model::Usage {
        prompt_tokens: prompt,
        cached_prompt_tokens: cached,
        completion_tokens: completion,
        estimated: false,
    };
    assert_eq!(price.of(&usage(1_000_000, 0, 0)), 1_500_000);
    assert_eq!(price.of(&usage(1_000_000, 1_000_000, 0)), 750_000);
    assert_eq!(price.of(&usage(1, 0, 0)), 2);
    assert_eq!(price.of(&usage(0, 9, 0)), 0);
    assert_eq!(price.of(&usage(u64::MAX, 0, u64::MAX)), u64::MAX);
    assert_eq!(json!(price.of(&usage(412, 256, 96))), 1002);
}
