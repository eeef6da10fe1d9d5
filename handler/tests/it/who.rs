//! Who may: the doors with callers who are known, and with those who only say so.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::site::{Site, stop};
use crate::tenant::signer::{self, AUDIENCE, Signer, TENANT};
use crate::tenant::{SIGNER, Tenant, asked, document, now, ordered, platform_header, security};

#[tokio::test]
async fn a_platform_header_opens_nothing_where_the_platform_does_not_write_it() {
    let header = platform_header(&["Drafts.Write", "Drafts.Review", "Drafts.Administer"]);
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    assert_eq!(
        asked(&app, "recipes", &[("X-MS-CLIENT-PRINCIPAL", &header)]).await,
        (401, "sign-in".into())
    );
    let (status, _, body) = ordered(
        &app,
        "ehcp",
        "c1",
        json!({ "X-MS-CLIENT-PRINCIPAL": [header] }),
        &document(),
    )
    .await;
    assert_eq!((status, body["code"].as_str()), (401, Some("sign-in")));
    // Nor does it spoil what is good.
    let token = tenant.token(&["Drafts.Write"]);
    let both = [
        ("X-MS-CLIENT-PRINCIPAL", header.as_str()),
        ("Authorization", token.as_str()),
    ];
    assert_eq!(asked(&app, "recipes", &both).await.0, 200);
    assert!(app.storage.list("sources", "", 10).await.unwrap().is_empty());
}

/// An app in front of which the platform signs people in.
async fn behind_the_platform() -> App {
    App::start(&[
        ("PLATFORM_AUTHENTICATION", "on"),
        ("WEBSITE_AUTH_ENABLED", "True"),
        ("SIGN_IN", "required"),
        ("SIGN_IN_TENANT", TENANT),
    ])
    .await
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_with_a_persons_sign_in() {
    let app = behind_the_platform().await;
    let writes = platform_header(&["Drafts.Write"]);
    let sent = async |site: &str| {
        let headers = json!({ "x-ms-client-principal": [writes], "Sec-Fetch-Site": [site] });
        let (status, _, body) = ordered(&app, "ehcp", "c1", headers, &document()).await;
        (status, body["code"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(sent("cross-site").await, (403, "other-site".into()));
    assert!(app.storage.list("sources", "", 10).await.unwrap().is_empty());
    // To look is no change, and what the app's own pages and flows send comes in.
    let elsewhere = [
        ("x-ms-client-principal", writes.as_str()),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    assert_eq!(asked(&app, "drafts/ehcp", &elsewhere).await.0, 200);
    assert_eq!(sent("same-origin").await.0, 202);
}

#[tokio::test]
async fn where_the_platform_stands_in_front_its_header_says_who_calls() {
    let app = behind_the_platform().await;
    let writes = platform_header(&["Drafts.Write"]);
    let get = async |headers: &[(&str, &str)]| asked(&app, "drafts/ehcp", headers).await;
    assert_eq!(get(&[("x-ms-client-principal", &writes)]).await.0, 200);
    assert_eq!(get(&[]).await, (401, "sign-in".into()));
    assert_eq!(get(&[("x-ms-client-principal", "e30=")]).await.0, 401);
    // Two: the caller's own, and the platform's. Which is which cannot be told.
    assert_eq!(
        get(&[
            ("x-ms-client-principal", &writes),
            ("X-MS-CLIENT-PRINCIPAL", &writes)
        ])
        .await
        .0,
        401
    );
    // Tokens are the platform's to look at.
    let tenant = Tenant::start(StatusCode::OK).await;
    assert_eq!(
        get(&[("Authorization", &tenant.token(&["Drafts.Write"]))])
            .await
            .0,
        401
    );
    assert_eq!(
        get(&[("x-ms-client-principal", &platform_header(&[]))]).await,
        (403, "no-role".into())
    );
    // In the host's envelope: names in any case, values in lists or alone.
    for headers in [
        json!({ "x-ms-client-principal": [writes] }),
        json!({ "X-Ms-Client-Principal": writes }),
    ] {
        let (status, _, body) = ordered(&app, "ehcp", "c1", headers, &json!({})).await;
        assert_eq!((status, body["code"].as_str()), (409, Some("no-documents")));
    }
    for headers in [
        json!({}),
        json!({ "x-ms-client-principal": [writes, writes] }),
        json!({ "x-ms-client-principal": [writes], "X-MS-CLIENT-PRINCIPAL": [writes] }),
        json!({ "x-ms-client-principal": [7] }),
    ] {
        let (status, outputs, _) = ordered(&app, "ehcp", "c1", headers, &document()).await;
        assert_eq!(status, 401);
        let challenge = outputs["res"]["headers"]["www-authenticate"].as_str().unwrap();
        assert!(challenge.starts_with("Bearer"), "{challenge}");
    }
}

#[tokio::test]
async fn only_tokens_of_the_tenant_for_this_app_open_doors_and_no_other_tells_why() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    assert_eq!(
        asked(
            &app,
            "drafts/ehcp",
            &[("Authorization", &tenant.token(&["Drafts.Review"]))]
        )
        .await
        .0,
        200
    );
    let with = |name: &str, value: Value| {
        let mut claims = tenant.claims(&["Drafts.Write"]);
        claims[name] = value;
        SIGNER.token(&claims)
    };
    let good = tenant.claims(&["Drafts.Write"]);
    let head = |alg: &str| json!({ "alg": alg, "kid": "key-1" });
    let forger = Signer::new("key-9");
    let bad = [
        (with("aud", json!("api://another")), "audience"),
        (with("iss", json!("https://login.example.org/v2.0")), "issuer"),
        (
            with("tid", json!("99999999-2222-3333-4444-555555555555")),
            "tenant",
        ),
        (with("exp", json!(now() - 3_600)), "expired"),
        (with("nbf", json!(now() + 3_600)), "not-yet-valid"),
        (with("pad", json!("x".repeat(16_000))), "too-long"),
        (with("azp", Value::Null), "not-an-access-token"),
        (
            format!("{}.", signer::unsigned(&head("none"), &good)),
            "token-form",
        ),
        (SIGNER.signed(&head("HS256"), &good), "algorithm"),
        (forger.signed(&head("RS256"), &good), "signature"),
        (forger.token(&good), "unknown-key"),
        ("not.a.token".into(), "token-form"),
    ];
    let mut answers = BTreeSet::new();
    for (token, reason) in &bad {
        let value = format!("Bearer {token}");
        assert_eq!(
            asked(&app, "drafts/ehcp", &[("Authorization", &value)]).await,
            (401, "sign-in".into()),
            "{reason}"
        );
        let response = app.ask("GET", "drafts/ehcp", &[("Authorization", &value)]).await;
        answers.insert(response.text().await.unwrap());
        let (status, _, _) = ordered(
            &app,
            "ehcp",
            "c1",
            json!({ "authorization": [value] }),
            &document(),
        )
        .await;
        assert_eq!(status, 401, "{reason}");
    }
    assert_eq!(answers.len(), 1, "all are answered alike: {answers:?}");
    assert!(app.storage.list("sources", "", 10).await.unwrap().is_empty());
    // The log says why, and neither who nor with what.
    let told = security(&app, 3 * bad.len()).await;
    let reasons: BTreeSet<&str> = told.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, bad.iter().map(|(_, reason)| *reason).collect());
    let log = app.log();
    for secret in [
        "Ottoline",
        "aaaaaaaa-0000",
        "eyJ",
        "Bearer",
        "not.a.token",
        TENANT,
    ] {
        assert!(!log.contains(secret), "`{secret}` in the log");
    }
    // One key that nobody has, however often, and many of them: the tenant was asked once.
    assert_eq!(tenant.fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_tenant_whose_keys_cannot_be_had_is_the_apps_fault_and_not_the_callers() {
    let tenant = Tenant::start(StatusCode::INTERNAL_SERVER_ERROR).await;
    let app = tenant.app(&[]).await;
    for _ in 0..3 {
        let token = tenant.token(&["Drafts.Write"]);
        let response = app.ask("GET", "recipes", &[("Authorization", &token)]).await;
        assert_eq!(
            (
                response.status().as_u16(),
                response.headers().contains_key("retry-after")
            ),
            (503, true)
        );
    }
    assert_eq!(tenant.fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_but_health_is_told_to_strangers() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    assert_eq!(asked(&app, "health", &[]).await.0, 200);
    for path in [
        "recipes",
        "drafts/ehcp",
        "drafts/ehcp/c1",
        "drafts/ehcp/c1/draft.docx",
        "drafts/nosuch",
        "drafts/ehcp/a.b",
    ] {
        assert_eq!(asked(&app, path, &[]).await, (401, "sign-in".into()), "{path}");
        assert_eq!(app.ask("HEAD", path, &[]).await.status().as_u16(), 401, "{path}");
    }
    for method in ["PUT", "POST", "DELETE", "PATCH", "OPTIONS"] {
        let status = app.ask(method, "drafts/ehcp/c1", &[]).await.status().as_u16();
        assert!([401, 404, 405].contains(&status), "{method}: {status}");
    }
}

#[tokio::test]
async fn without_a_role_for_a_recipe_its_cases_cannot_be_told_from_missing_ones() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    let (writes, other) = (
        tenant.token(&["Drafts.Write.ehcp"]),
        tenant.token(&["Drafts.Write.minutes"]),
    );
    let (status, _, _) = ordered(
        &app,
        "ehcp",
        "there",
        json!({ "authorization": [writes] }),
        &document(),
    )
    .await;
    assert_eq!(status, 202);
    assert_eq!(
        asked(&app, "drafts/ehcp/there", &[("Authorization", &writes)])
            .await
            .0,
        202
    );
    // What somebody with roles for another recipe is told of cases that are there, are not, or cannot be.
    let answers = async |token: &str| {
        let mut answers = BTreeSet::new();
        for path in [
            "drafts/ehcp/there",
            "drafts/ehcp/gone",
            "drafts/ehcp/a.b",
            "drafts/ehcp/there/draft.docx",
            "drafts/ehcp",
            "drafts/nosuch",
            "drafts/nosuch/there",
            "drafts/EHCP/there",
            "drafts/%00/there",
        ] {
            let response = app.ask("GET", path, &[("Authorization", token)]).await;
            answers.insert((response.status().as_u16(), response.text().await.unwrap()));
        }
        for (recipe, case) in [
            ("ehcp", "there"),
            ("ehcp", "gone"),
            ("ehcp", "a.b"),
            ("nosuch", "there"),
        ] {
            let (status, outputs, _) = ordered(
                &app,
                recipe,
                case,
                json!({ "authorization": [token] }),
                &document(),
            )
            .await;
            answers.insert((status, outputs["res"]["body"].as_str().unwrap().to_owned()));
        }
        answers
    };
    let told = answers(&other).await;
    let (status, body) = told.first().unwrap();
    assert!(
        told.len() == 1 && *status == 404 && body.contains("no-such-recipe"),
        "{told:?}"
    );
    let nothing = answers(&tenant.token(&["Elsewhere.Role"])).await;
    assert!(
        nothing.len() == 1 && nothing.first().unwrap().0 == 403,
        "{nothing:?}"
    );
    // Of recipes, too, only one's own are listed.
    let response = app.ask("GET", "recipes", &[("Authorization", &other)]).await;
    let list: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(
        (
            list["recipes"].as_array().unwrap().len(),
            &list["recipes"][0]["id"]
        ),
        (1, &json!("minutes"))
    );
}

#[tokio::test]
async fn a_reviewer_reads_and_does_not_draft() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    for role in ["Drafts.Review", "Drafts.Administer", "Drafts.Review.ehcp"] {
        let token = tenant.token(&[role, "Drafts.Write.minutes"]);
        assert_eq!(
            asked(&app, "drafts/ehcp", &[("Authorization", &token)]).await.0,
            200
        );
        for case in ["c1", "a.b"] {
            let (status, _, body) = ordered(
                &app,
                "ehcp",
                case,
                json!({ "Authorization": [token] }),
                &document(),
            )
            .await;
            assert_eq!((status, body["code"].as_str()), (403, Some("role")), "{role}");
        }
    }
    assert!(app.storage.list("sources", "", 10).await.unwrap().is_empty());
    let told = security(&app, 6).await;
    assert!(told.iter().all(|line| line["reason"] == "other-role"), "{told:?}");
}

#[tokio::test]
async fn calls_that_change_something_are_counted_for_each_caller_and_reading_is_not() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[("CALLS_PER_MINUTE", "2")]).await;
    let order = async |token: &str| {
        ordered(
            &app,
            "ehcp",
            "c1",
            json!({ "authorization": [token] }),
            &json!({}),
        )
        .await
    };
    // Whether by an old or a new token, it is the same caller.
    for _ in 0..2 {
        assert_eq!(order(&tenant.token(&["Drafts.Write"])).await.0, 409);
    }
    let token = tenant.token(&["Drafts.Write", "Drafts.Review"]);
    let (status, outputs, body) = order(&token).await;
    assert_eq!((status, body["code"].as_str()), (429, Some("too-many-calls")));
    let wait: u64 = outputs["res"]["headers"]["retry-after"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    for _ in 0..5 {
        assert_eq!(
            asked(&app, "drafts/ehcp", &[("Authorization", &token)]).await.0,
            200
        );
    }
    assert_eq!(
        order(&tenant.token_of("bbbbbbbb-0000-4000-8000-000000000002", &["Drafts.Write"]))
            .await
            .0,
        409
    );
    // Whoever may not is not counted.
    let reviewer = tenant.token_of("cccccccc-0000-4000-8000-000000000003", &["Drafts.Review"]);
    for _ in 0..4 {
        assert_eq!(order(&reviewer).await.0, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_passes_the_host_by_envelope_and_by_proxy() {
    let tenant = Tenant::start(StatusCode::OK).await;
    let site = Site::new().await;
    let settings = [
        ("SIGN_IN", "required"),
        ("SIGN_IN_TENANT", TENANT),
        ("SIGN_IN_AUDIENCE", AUDIENCE),
        ("SIGN_IN_AUTHORITY", &tenant.authority),
    ];
    let host = site.host(&settings).await;
    let client = reqwest::Client::new();
    let address = format!("{}/api/drafts/ehcp/EHC-7", host.base_url());
    let token = tenant.token(&["Drafts.Write.ehcp"]);
    for stranger in [client.post(&address).json(&document()), client.get(&address)] {
        let answer = stranger.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 401);
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let order = client
        .post(&address)
        .header("authorization", &token)
        .json(&document());
    assert_eq!(order.send().await.unwrap().status().as_u16(), 202);
    site.published(&host, "EHC-7", 60).await;
    let draft = client
        .get(format!("{address}/draft.docx"))
        .header("authorization", &token);
    assert_eq!(draft.send().await.unwrap().status().as_u16(), 200);
    stop(host).await;
}

/// An app as a process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn in_a_cloud_account_without_sign_in_the_app_warns_once_and_counts_all_callers_as_one() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let recipes = concat!(env!("CARGO_MANIFEST_DIR"), "/../recipes");
    let mut child = Command::new(env!("CARGO_BIN_EXE_handler"))
        .arg("serve")
        .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
        .env("DocumentStorage__accountName", "goldenthreadtests")
        .env("AUDIT_KEY", "0123456789abcdef0123456789abcdef")
        .env("RECIPES_PATH", recipes)
        .env("CALLS_PER_MINUTE", "3")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let process = Process(child);
    // Up to the line that says that the doors are open.
    let start = tokio::task::spawn_blocking(move || {
        let mut start = Vec::new();
        for line in lines.map_while(Result::ok) {
            let open = line.contains("the doors are open");
            start.push(line);
            if open {
                break;
            }
        }
        start
    });
    let start = tokio::time::timeout(Duration::from_secs(30), start)
        .await
        .unwrap()
        .unwrap();
    let warned = start
        .iter()
        .filter(|line| line.contains("who calls is not known"));
    assert_eq!(warned.count(), 1, "{start:?}");
    let client = reqwest::Client::new();
    let mut codes = Vec::new();
    for remote in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
        let request = json!({ "Url": "http://localhost/", "Headers": { "X-Forwarded-For": [remote] },
            "Params": { "recipe": "nosuch", "case": "c1" }, "Body": "{}" });
        let response = client
            .post(format!("http://127.0.0.1:{port}/draft-on-request"))
            .body(json!({ "Data": { "req": request }, "Metadata": {} }).to_string())
            .send()
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        codes.push(answer["Outputs"]["res"]["statusCode"].as_u64().unwrap());
    }
    assert_eq!(codes, [404, 404, 404, 429]);
    drop(process);
}

#[tokio::test]
async fn on_a_developers_machine_nobody_signs_in_and_nothing_is_counted() {
    let app = App::start(&[("CALLS_PER_MINUTE", "1")]).await;
    for _ in 0..5 {
        assert_eq!(app.request("ehcp", "c1", &json!({})).await.0, 409);
    }
    assert_eq!(asked(&app, "drafts/ehcp", &[]).await.0, 200);
    assert!(!app.log().contains("who calls is not known"));
}

#[test]
fn an_app_that_must_know_its_callers_does_not_start_without_a_way_to() {
    let run = |settings: &[(&str, &str)]| {
        let output = Command::new(env!("CARGO_BIN_EXE_handler"))
            .arg("serve")
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", "1")
            .env("DocumentStorage", "UseDevelopmentStorage=true")
            .env("SIGN_IN", "required")
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&[]).contains("there is no way to sign in"));
    let off = run(&[
        ("PLATFORM_AUTHENTICATION", "on"),
        ("WEBSITE_AUTH_ENABLED", "False"),
    ]);
    assert!(off.contains("WEBSITE_AUTH_ENABLED"), "{off}");
}
