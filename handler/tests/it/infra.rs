//! What the deployment sets is what the app reads, and the other way round.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use handler::config;
use serde_json::Value;

/// Settings that a deployment to Azure never has.
const NEVER: &[(&str, &str)] = &[
    (config::RECIPES, "recipes lie beside the app"),
    (config::MODEL_KEY, "the app's identity asks"),
    (config::CONTENT_SAFETY_KEY, "the app's identity asks"),
    ("DOCUMENT_INTELLIGENCE_KEY", "the app's identity asks"),
    ("OCR_PROGRAM", "there is no program beside the app"),
    ("CALLBACK_LOOPBACK", "it is a developer's"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "Application Insights receives"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "Application Insights receives"),
];

fn text(file: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(file)).unwrap()
}

fn json(file: &str) -> Value {
    serde_json::from_str(&text(file)).unwrap()
}

/// The names of the settings in an object of `app.bicep`.
fn set_in(object: &str) -> BTreeSet<String> {
    let bicep = text("infra/modules/app.bicep");
    let start = format!("var {object} = {{\n");
    let (_, rest) = bicep.split_once(&start).unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    body.lines()
        .map(|line| line.split_once(':').unwrap().0.trim().to_owned())
        .collect()
}

fn limits() -> BTreeSet<String> {
    let limits = json("infra/settings.json");
    limits.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_setting_of_the_app_is_deployed_and_every_deployed_one_is_the_apps() {
    let (own, limits) = (set_in("ownSettings"), limits());
    let hosts = set_in("hostSettings");
    let twice: Vec<_> = own.intersection(&limits).collect();
    assert!(twice.is_empty(), "in app.bicep and in settings.json: {twice:?}");
    let known: BTreeSet<&str> = config::all().collect();
    for (never, reason) in NEVER {
        assert!(known.contains(never), "the app knows no `{never}` any more");
        assert!(
            !own.contains(*never) && !limits.contains(*never),
            "`{never}` is deployed, but {reason}"
        );
    }
    // The connection to the documents is several settings, by the host's own naming.
    let deployed: BTreeSet<&str> = own
        .iter()
        .chain(&limits)
        // Those of the host that the app reads too.
        .chain(hosts.iter().filter(|name| known.contains(name.as_str())))
        .map(|name| name.split_once("__").map_or(name.as_str(), |(name, _)| name))
        .collect();
    let never = NEVER.iter().map(|(name, _)| *name);
    let expected: BTreeSet<&str> = known
        .iter()
        .copied()
        .filter(|name| !never.clone().any(|never| never == *name))
        .collect();
    let missing: Vec<_> = expected.difference(&deployed).collect();
    let unknown: Vec<_> = deployed.difference(&expected).collect();
    assert!(
        missing.is_empty(),
        "neither infra/settings.json nor infra/modules/app.bicep sets {missing:?}"
    );
    assert!(
        unknown.is_empty(),
        "deployed, and no setting of the app: {unknown:?}"
    );
}

#[test]
fn the_deployed_limits_are_the_defaults() {
    let (limits, example) = (
        json("infra/settings.json"),
        json("local.settings.json.example")["Values"].clone(),
    );
    for (name, value) in limits.as_object().unwrap() {
        assert_eq!(&example[name], value, "`{name}`");
    }
}

#[test]
fn what_is_deployed_lets_the_app_start() {
    let own = [
        (
            "DocumentStorage__blobServiceUri",
            "https://stdocs0123456789abc.blob.core.windows.net",
        ),
        (
            "DocumentStorage__queueServiceUri",
            "https://stdocs0123456789abc.queue.core.windows.net",
        ),
        ("DocumentStorage__credential", "managedidentity"),
        (
            "DocumentStorage__clientId",
            "11111111-2222-3333-4444-555555555555",
        ),
        ("AUDIT_KEY", "0123456789abcdef0123456789abcdef"),
        ("PUBLIC_BASE_URL", "https://func-golden-thread.azurewebsites.net"),
        ("SIGN_IN", "required"),
        ("SIGN_IN_TENANT", "11111111-2222-3333-4444-555555555555"),
        ("SIGN_IN_AUDIENCE", "api://a b"),
        (
            "MODEL_BASE_URL",
            "https://oai-golden-thread.openai.azure.com/openai/v1",
        ),
        ("MODEL_DEPLOYMENT", "heavy"),
        ("MODEL_FAST_DEPLOYMENT", "fast"),
        ("MODEL_JUDGE_DEPLOYMENT", "heavy"),
        ("MODEL_NAME", "gpt-5.1-2025-11-13"),
        ("MODEL_FAST_NAME", "gpt-5-mini-2025-08-07"),
        ("MODEL_JUDGE_NAME", "gpt-5.1-2025-11-13"),
        ("MODEL_REASONING", "low"),
        ("MODEL_CLIENT_ID", "11111111-2222-3333-4444-555555555555"),
        ("SCREENING", "on"),
        ("PROMPT_SHIELDS", "on"),
        (
            "CONTENT_SAFETY_ENDPOINT",
            "https://cs-golden-thread.cognitiveservices.azure.com",
        ),
        ("CONTENT_SAFETY_CLIENT_ID", "11111111-2222-3333-4444-555555555555"),
        ("OCR", "document-intelligence"),
        (
            "DOCUMENT_INTELLIGENCE_ENDPOINT",
            "https://di-golden-thread.cognitiveservices.azure.com",
        ),
        (
            "DOCUMENT_INTELLIGENCE_CLIENT_ID",
            "11111111-2222-3333-4444-555555555555",
        ),
        ("CALLBACK_HOSTS", "*.example.org"),
        ("CALLBACK_KEY", "0123456789abcdef0123456789abcdef"),
    ];
    let names: BTreeSet<String> = own.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        names,
        set_in("ownSettings"),
        "give this test a value for what is new"
    );
    let limits = json("infra/settings.json");
    let source = |name: &str| match name {
        config::PORT => Some("7001".to_owned()),
        // What the platform sets where an identity is assigned.
        "IDENTITY_ENDPOINT" => Some("http://127.0.0.1:1/msi/token".to_owned()),
        _ => own
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
            .or_else(|| limits[name].as_str().map(str::to_owned))
            .filter(|value| !value.is_empty()),
    };
    let read = config::read(&source).unwrap();
    assert!(read.local.model.is_some() && read.local.content_safety.is_some());
    assert!(read.sign_in.is_configured());
}
