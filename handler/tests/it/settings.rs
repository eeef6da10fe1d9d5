//! The settings, their example and their documentation say the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use handler::config;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn json(file: &str) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(root().join(file)).unwrap()).unwrap()
}

#[test]
fn the_example_names_settings_that_exist_and_all_that_have_a_default() {
    let example = json("local.settings.json.example");
    let values = example["Values"].as_object().unwrap();
    let of_the_host = BTreeSet::from(["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"]);
    let given: BTreeSet<&str> = values
        .keys()
        .map(String::as_str)
        .filter(|key| !of_the_host.contains(key))
        .collect();
    // Recipes lie beside the app: naming their folder is for special cases.
    let known: BTreeSet<&str> = config::all().filter(|name| *name != config::RECIPES).collect();
    assert_eq!(given, known);
}

#[test]
fn the_example_is_sound_and_says_the_defaults() {
    let example = json("local.settings.json.example");
    let with_port = |name: &str| match name {
        config::PORT => Some("7001".to_owned()),
        // What is empty is not set, as in the environment.
        _ => example["Values"][name]
            .as_str()
            .filter(|value| !value.is_empty())
            .map(str::to_owned),
    };
    let least = |name: &str| match name {
        config::PORT => Some("7001".to_owned()),
        config::STORAGE => Some("UseDevelopmentStorage=true".to_owned()),
        _ => None,
    };
    let (example, defaults) = (config::read(&with_port).unwrap(), config::read(&least).unwrap());
    assert_eq!(example.limits, defaults.limits);
    assert_eq!(example.account, defaults.account);
    assert!(example.local.model.is_none() && defaults.local.model.is_none());
    assert_eq!(
        (
            example.local.document_bytes,
            example.local.case_documents,
            example.local.log_level
        ),
        (
            defaults.local.document_bytes,
            defaults.local.case_documents,
            defaults.local.log_level
        )
    );
}

#[test]
fn every_setting_is_documented() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for setting in config::all() {
        assert!(
            readme.contains(&format!("`{setting}`")),
            "README.md does not document `{setting}`"
        );
    }
}

#[test]
fn a_run_ends_before_the_host_ends_it() {
    let host = json("host.json");
    assert_eq!(host["functionTimeout"], "00:10:00");
    let least = |name: &str| match name {
        config::PORT => Some("7001".to_owned()),
        config::STORAGE => Some("UseDevelopmentStorage=true".to_owned()),
        _ => None,
    };
    // Before a run up to 20 s go by, and after it up to 80 s until its request is left behind.
    assert!(config::read(&least).unwrap().limits.run.as_secs() + 100 < 600);
}

#[test]
fn the_host_logs_no_trigger_details() {
    // At Information the host logs the reason of each invocation, which names the blob.
    let levels = json("host.json")["logging"]["logLevel"].clone();
    assert_eq!(levels["default"], "Warning");
    for (category, level) in levels.as_object().unwrap() {
        let quiet = ["Warning", "Error", "Critical", "None"].contains(&level.as_str().unwrap());
        assert!(
            quiet || ["Host.Function.Console", "Host.Aggregator"].contains(&category.as_str()),
            "{category}"
        );
    }
}

#[test]
fn outputs_have_no_data_type_and_every_door_has_its_function() {
    let mut functions = BTreeSet::new();
    for entry in fs::read_dir(root().join("functions")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let function: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path.join("function.json")).unwrap()).unwrap();
        for binding in function["bindings"].as_array().unwrap() {
            // With `dataType` binary the host would write our base64 as it stands.
            assert!(
                binding["direction"] == "in" || binding.get("dataType").is_none(),
                "{name}"
            );
        }
        let is_http = function["bindings"][0]["type"] == "httpTrigger";
        functions.insert((name, is_http));
    }
    let doors = [
        "draft-on-upload",
        "draft-on-event",
        "draft-on-request",
        "draft-queued",
        "draft-confirmed",
        "call-back",
        "poisoned-uploads",
        "poisoned-events",
        "poisoned-requests",
        "poisoned-confirmations",
        "poisoned-callbacks",
        "results",
        "sweep",
    ];
    let names: Vec<&str> = functions.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(doors).into_iter().collect::<Vec<_>>());
    // The host tries routes in the order of function names: the catch-all must come last.
    let last_route = functions.iter().rfind(|(_, is_http)| *is_http);
    assert_eq!(last_route.map(|(name, _)| name.as_str()), Some("results"));
}
