//! The walls between the parts: each is a rule that a grep can decide.

use std::fs;
use std::path::{Path, PathBuf};

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file: comments out, and everything from its unit tests on.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let before_tests = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// No file of `folder` but those in `except` may hold any of `words`.
fn check(folder: &str, except: &[&str], words: &[&str]) {
    let root = here();
    let mut checked = 0;
    for path in sources(&root.join(folder)) {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        if except.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        checked += 1;
        let code = code(&path);
        for word in words {
            assert!(!code.contains(word), "`{word}` in {name}");
        }
    }
    assert!(checked > 0, "nothing was checked in {folder}");
}

#[test]
fn the_core_has_no_io_clock_or_randomness() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::io",
        "std::time",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "async fn",
        ".await",
        "println!",
        "rand::",
    ];
    check("drafting/src", &[], &words);
    let manifest = fs::read_to_string(here().join("drafting/Cargo.toml")).unwrap();
    let normal = manifest.split("[dev-dependencies]").next().unwrap();
    for crate_name in [
        "tokio",
        "axum",
        "azure",
        "reqwest",
        "hyper",
        "zip",
        "quick-xml",
        "tracing",
        "telemetry",
        "opentelemetry",
        "word",
        "reading",
    ] {
        let line = format!("\n{crate_name}");
        assert!(!normal.contains(&line), "the core depends on {crate_name}");
    }
}

#[test]
fn azure_crates_are_named_in_one_place() {
    for folder in [
        "src",
        "drafting/src",
        "reading/src",
        "render/src",
        "word/src",
        "devhost/src",
        "xtask/src",
    ] {
        check(folder, &[], &["azure_core", "azure_identity", "azure_storage"]);
    }
}

#[test]
fn the_environment_is_read_in_one_place() {
    check("src", &["src/config.rs"], &["env::var", "env::vars", "set_var"]);
    for folder in [
        "drafting/src",
        "reading/src",
        "render/src",
        "word/src",
        "azure/src",
    ] {
        check(folder, &[], &["env::var(", "env::var_os", "env::vars", "set_var"]);
    }
}

#[test]
fn status_codes_live_in_the_doors() {
    check("src", &["src/doors"], &["StatusCode"]);
}

#[test]
fn http_calls_come_through_the_entrance() {
    let allowed = ["src/doors/entrance.rs", "src/doors/envelope.rs"];
    check("src", &allowed, &["Invocation::http"]);
    check(
        "src",
        &["src/config/sign_in.rs"],
        &["WEBSITE_AUTH_ENABLED\"", "X-MS-CLIENT-PRINCIPAL\""],
    );
}

#[test]
fn who_may_is_decided_without_io_clock_or_randomness() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "RandomState",
        "async fn",
        ".await",
    ];
    check("who/src", &[], &words);
}

#[test]
fn blob_names_are_made_of_typed_ids() {
    // Whoever calls storage names a blob through `paths`; a literal with a slash would be a path made by hand.
    check(
        "src",
        &["src/paths.rs", "src/places.rs"],
        &["\"sources/", "\"drafts/", "\"runs/"],
    );
}

#[test]
fn nothing_of_this_product_is_unsafe_or_unfinished() {
    for folder in [
        "src",
        "drafting/src",
        "reading/src",
        "render/src",
        "who/src",
        "word/src",
        "azure/src",
        "devhost/src",
        "xtask/src",
    ] {
        check(
            folder,
            &[],
            &["unsafe {", "todo!(", "unimplemented!(", "#[allow("],
        );
    }
}

#[test]
fn telemetry_is_told_through_one_crate_and_names_come_from_settings_and_recipes_alone() {
    for folder in [
        "src",
        "audit/src",
        "azure/src",
        "drafting/src",
        "model/src",
        "reading/src",
        "render/src",
        "screening/src",
        "who/src",
        "wire/src",
        "word/src",
    ] {
        check(
            folder,
            &[],
            &["opentelemetry::", "opentelemetry_", "tracing_opentelemetry"],
        );
        // A text that lives for ever could be told.
        check(folder, &[], &["::leak(", ".leak(", "String::leak"]);
        let may_name = [
            "src/measured.rs",
            "src/config/telemetry_settings.rs",
            "model/src/openai.rs",
        ];
        check(folder, &may_name, &["Label::configured"]);
    }
    check(
        "telemetry/src",
        &["telemetry/src/value.rs"],
        &["::leak(", ".leak("],
    );
    // Nothing is told but what is made of values: no events, no links, no errors' own words.
    check(
        "telemetry/src",
        &[],
        &[
            "add_event",
            "record_error",
            "add_link",
            "update_name",
            "KeyValue::new(format",
            "baggage",
        ],
    );
}
