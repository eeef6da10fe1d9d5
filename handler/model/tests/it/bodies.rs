//! Every body that a service sends, and what it is read as.

use std::time::Duration;

use model::{Category, Completion, Fault, Filtering, Finish, Flagged, Severity, Usage};
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, fitting, good, success};

const PAID: Usage = Usage {
    prompt_tokens: 412,
    cached_prompt_tokens: 256,
    completion_tokens: 96,
    estimated: false,
};

/// The fault of a service that always answers so, and how often it was asked.
async fn fault(reply: Reply) -> (Fault, usize) {
    let fake = Fake::always(reply).await;
    let fault = fake.complete().await.unwrap_err();
    let asked = fake.seen().len();
    assert!(!fault.to_string().contains("MARKER"), "{fault}");
    (fault, asked)
}

/// `reply` gives the fault `expected` after `asked` requests.
async fn check(reply: Reply, expected: Fault, asked: usize) {
    assert_eq!(fault(reply).await, (expected, asked));
}

fn changed(pointer: &str, value: Value) -> Value {
    let mut body = success(&Value::String(fitting().to_string()));
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

async fn completion(body: &Value) -> Completion {
    Fake::always(Reply::json(200, body))
        .await
        .complete()
        .await
        .unwrap()
}

#[tokio::test]
async fn an_answer_is_read_whole() {
    let expected = Completion {
        value: fitting(),
        usage: PAID,
        finish: Finish::Stop,
        filtered: Filtering::Checked,
        model: "gpt-4.1-2025-04-14".to_owned(),
        retries: 0,
        replayed: false,
    };
    assert_eq!(Fake::always(good()).await.complete().await.unwrap(), expected);
}

#[tokio::test]
async fn an_answer_without_extras_is_read() {
    let body = json!({"choices": [{"message": {"content": fitting().to_string()}}]});
    let completion = completion(&body).await;
    assert_eq!(completion.value, fitting());
    assert_eq!(completion.finish, Finish::Unsaid);
    assert_eq!(completion.filtered, Filtering::Unreported);
    assert_eq!(completion.model, "");
    assert!(completion.usage.estimated);
    assert!(
        completion.usage.prompt_tokens > 60 && completion.usage.completion_tokens > 5,
        "{:?}",
        completion.usage
    );
}

#[tokio::test]
async fn usage_that_cannot_be_read_does_not_cost_the_answer() {
    for usage in [
        json!(null),
        json!("many"),
        json!({"prompt_tokens": -1, "completion_tokens": null}),
    ] {
        let completion = completion(&changed("/usage", usage)).await;
        assert_eq!((completion.value, completion.usage.estimated), (fitting(), true));
    }
}

#[tokio::test]
async fn a_filter_that_did_not_run_is_said() {
    let failed = json!({"error": {"code": 500, "message": "MARKER the filter timed out"}});
    for pointer in [
        "/choices/0/content_filter_results",
        "/prompt_filter_results/0/content_filter_results",
    ] {
        let completion = completion(&changed(pointer, failed.clone())).await;
        assert_eq!(
            (completion.filtered, completion.value),
            (Filtering::NotRun, fitting()),
            "{pointer}"
        );
    }
}

#[tokio::test]
async fn a_filtered_prompt_is_not_sent_again() {
    let body = json!({"error": {"message": "MARKER The response was filtered", "type": null, "param": "prompt",
        "code": "content_filter", "status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation",
        "content_filter_result": {"jailbreak": {"detected": true, "filtered": true},
            "violence": {"filtered": false, "severity": "low"},
            "self_harm": {"filtered": true, "severity": "medium"},
            "MARKER": {"filtered": true, "severity": "MARKER"}}}}});
    let (fault, asked) = fault(Reply::json(400, &body)).await;
    let categories = vec![
        Flagged {
            category: Category::Jailbreak,
            severity: None,
        },
        Flagged {
            category: Category::SelfHarm,
            severity: Some(Severity::Medium),
        },
        Flagged {
            category: Category::Other,
            severity: Some(Severity::Unknown),
        },
    ];
    assert!(fault.to_string().contains("self-harm: medium"), "{fault}");
    assert_eq!((fault, asked), (Fault::PromptFiltered { categories }, 1));
}

#[tokio::test]
async fn a_filtered_answer_is_not_asked_again() {
    let mut body = changed("/choices/0/finish_reason", json!("content_filter"));
    body["choices"][0]["content_filter_results"]["violence"] = json!({"filtered": true, "severity": "high"});
    let categories = vec![Flagged {
        category: Category::Violence,
        severity: Some(Severity::High),
    }];
    check(
        Reply::json(200, &body),
        Fault::AnswerFiltered {
            categories,
            paid: PAID,
        },
        1,
    )
    .await;
}

#[tokio::test]
async fn spoilt_answers_are_faults() {
    let twice = PAID.and(PAID);
    let body = |pointer, value| Reply::json(200, &changed(pointer, value));
    check(
        body("/choices/0/finish_reason", json!("length")),
        Fault::CutOff { paid: PAID },
        1,
    )
    .await;
    check(
        body("/choices/0/message/refusal", json!("MARKER I cannot")),
        Fault::Refusal { paid: PAID },
        1,
    )
    .await;
    check(
        body("/choices/0/message/content", json!(null)),
        Fault::Empty { paid: twice },
        2,
    )
    .await;
    check(
        body("/choices/0/message/content", json!(" \n")),
        Fault::Empty { paid: twice },
        2,
    )
    .await;
    check(body("/choices", json!([])), Fault::Empty { paid: twice }, 2).await;
    check(
        body("/choices/0/message/content", json!("MARKER {")),
        Fault::NotJson { paid: twice },
        2,
    )
    .await;
    check(
        body("/choices/0/message/content", json!("{}{}")),
        Fault::NotJson { paid: twice },
        2,
    )
    .await;
    check(body("/choices", json!("none")), Fault::NotACompletion, 2).await;
    check(
        Reply::new(200, "<html>MARKER sign in</html>"),
        Fault::NotACompletion,
        2,
    )
    .await;
    check(
        Reply::json(200, &json!({"error": {"message": "MARKER"}})),
        Fault::NotACompletion,
        2,
    )
    .await;
    check(Reply::new(204, ""), Fault::NotACompletion, 2).await;
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_where() {
    let content = json!({"text": "MARKER", "source_ids": ["S1", 2]}).to_string();
    let (fault, asked) = fault(Reply::json(200, &success(&Value::String(content)))).await;
    assert_eq!(fault.paid(), Some(PAID.and(PAID)));
    assert_eq!(fault.kind(), "misfit");
    assert_eq!(asked, 2);
    assert!(
        fault.to_string().contains("`$.source_ids[1]` is of another type"),
        "{fault}"
    );
}

#[tokio::test]
async fn refused_requests_are_told_apart() {
    let flat = |status: u16, body: Value| Reply::json(status, &body);
    let error = |status: u16, body: Value| Reply::json(status, &json!({"error": body}));
    let bad = |code: Option<&str>, parameter: Option<&str>| Fault::BadRequest {
        status: 400,
        code: code.map(str::to_owned),
        parameter: parameter.map(str::to_owned),
    };
    let too_long = json!({"message": "MARKER maximum context length is 128000 tokens.", "type": "invalid_request_error",
        "param": "messages", "code": "context_length_exceeded"});
    check(error(400, too_long), Fault::ContextTooLong, 1).await;
    let vllm = json!({"object": "error", "message": "This model's maximum context length is 4096 tokens", "code": 400});
    check(flat(400, vllm), Fault::ContextTooLong, 1).await;
    let bedrock = json!({"message": "ValidationException: Input is too long for requested model."});
    check(flat(400, bedrock), Fault::ContextTooLong, 1).await;
    let temperature = json!({"message": "MARKER", "type": "invalid_request_error", "param": "temperature",
        "code": "unsupported_value"});
    check(
        error(400, temperature),
        bad(Some("unsupported_value"), Some("temperature")),
        1,
    )
    .await;
    let quoting = json!({"message": "MARKER", "param": "MARKER words of a report", "code": "MARKER words"});
    check(error(400, quoting), bad(None, None), 1).await;
    check(Reply::new(400, "MARKER"), bad(None, None), 1).await;
    let key = json!({"code": "401", "message": "Access denied due to invalid subscription key or wrong API endpoint."});
    check(error(401, key), Fault::WrongKey, 1).await;
    let apim = json!({"statusCode": 401, "message": "Access denied due to missing subscription key."});
    check(flat(401, apim), Fault::WrongKey, 1).await;
    let principal =
        json!({"code": "PermissionDenied", "message": "MARKER The principal lacks the data action"});
    check(error(401, principal), Fault::NoRights, 1).await;
    let firewall = json!({"code": "403", "message": "Access denied due to Virtual Network/Firewall rules."});
    check(error(403, firewall), Fault::NoRights, 1).await;
    let volume = json!({"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 01:00:00."});
    check(flat(403, volume), Fault::QuotaExhausted, 1).await;
    let unknown = Fault::DeploymentNotFound {
        deployment: "better".to_owned(),
    };
    let deployment = json!({"code": "DeploymentNotFound", "message": "The API deployment does not exist."});
    check(error(404, deployment), unknown.clone(), 1).await;
    check(
        flat(404, json!({"statusCode": 404, "message": "Resource not found"})),
        unknown,
        1,
    )
    .await;
    let quota = json!({"message": "You exceeded your current quota", "type": "insufficient_quota", "param": null,
        "code": "insufficient_quota"});
    check(error(429, quota), Fault::QuotaExhausted, 1).await;
}

#[tokio::test]
async fn throttling_in_every_form_is_tried_again() {
    let throttled = |after: Option<u64>| Fault::Throttled {
        after: after.map(Duration::from_millis),
    };
    let azure = json!({"error": {"code": "429", "message": "MARKER Requests to the ChatCompletions_Create Operation have \
        exceeded token rate limit. Please retry after 0.01 seconds."}});
    check(Reply::json(429, &azure), throttled(Some(10)), 3).await;
    let gateway = json!({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 0 seconds."});
    check(Reply::json(429, &gateway), throttled(Some(0)), 3).await;
    check(Reply::new(429, ""), throttled(None), 3).await;
    let amazon = Reply::json(429, &json!({"message": "Too many requests"}))
        .header("x-amzn-errortype", "ThrottlingException");
    check(amazon, throttled(None), 3).await;
}

#[tokio::test]
async fn failures_of_the_service_are_tried_again() {
    for status in [408, 409, 500, 502, 503, 504, 529] {
        check(
            Reply::new(status, "<html>MARKER</html>"),
            Fault::Unavailable { status, after: None },
            3,
        )
        .await;
    }
}

#[test]
fn only_what_may_mend_itself_is_passing() {
    let passing = [
        Fault::Throttled { after: None },
        Fault::Deadline,
        Fault::Unavailable {
            status: 503,
            after: None,
        },
    ];
    assert!(passing.iter().all(Fault::is_passing));
    let lasting = [
        Fault::WrongKey,
        Fault::QuotaExhausted,
        Fault::CutOff { paid: PAID },
        Fault::ContextTooLong,
    ];
    assert!(!lasting.iter().any(Fault::is_passing));
}
