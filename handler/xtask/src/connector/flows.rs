//! The sample flows, as far as they can be checked without a tenant: their shape, what they call of the connector and with
//! what, and what their expressions refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use expression::calls;

const OWN: &str = "shared_goldenthread";
/// Kinds of actions that the flows use, with whether they call a connector.
const KINDS: [(&str, bool); 13] = [
    ("OpenApiConnection", true),
    ("OpenApiConnectionWebhook", true),
    ("AppendToArrayVariable", false),
    ("Compose", false),
    ("Foreach", false),
    ("If", false),
    ("InitializeVariable", false),
    ("Query", false),
    ("Request", false),
    ("SetVariable", false),
    ("Terminate", false),
    ("Until", false),
    ("Wait", false),
];

fn flows() -> Vec<(String, Value)> {
    let folder = shell::root().unwrap().join("infra/flows");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            found.push((
                path.file_stem().unwrap().to_str().unwrap().to_owned(),
                read(&path).unwrap(),
            ));
        }
    }
    assert!(found.len() >= 3);
    found
}

/// An action, and the names of those that have ended when it begins.
struct Action<'f> {
    name: &'f str,
    value: &'f Value,
    before: BTreeSet<&'f str>,
}

/// Adds the actions of a block and of all blocks in them; gives their names, those of inner blocks too.
fn block<'f>(
    actions: &'f Value,
    before: &BTreeSet<&'f str>,
    found: &mut Vec<Action<'f>>,
) -> BTreeSet<&'f str> {
    let mut ended: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let actions = actions.as_object().unwrap();
    // Each round takes up those whose predecessors are known; what is left at the end waits for itself or for nobody.
    while ended.len() < actions.len() {
        let known = ended.len();
        for (name, value) in actions
            .iter()
            .filter(|(name, _)| !ended.contains_key(name.as_str()))
            .collect::<Vec<_>>()
        {
            let after = value["runAfter"].as_object().unwrap();
            if !after.keys().all(|one| ended.contains_key(one.as_str())) {
                continue;
            }
            for state in after.values().flat_map(|states| states.as_array().unwrap()) {
                assert!(
                    ["Succeeded", "Failed", "Skipped", "TimedOut"].contains(&state.as_str().unwrap()),
                    "{name}"
                );
            }
            let mut seen = before.clone();
            seen.extend(after.keys().flat_map(|one| ended[one.as_str()].clone()));
            let mut inside = seen.clone();
            for inner in ["/actions", "/else/actions"] {
                if let Some(actions) = value.pointer(inner) {
                    inside.extend(block(actions, &seen, found));
                }
            }
            // A loop's own condition is asked when its actions have ended.
            let own = if value["type"] == "Until" {
                inside.clone()
            } else {
                seen
            };
            found.push(Action {
                name,
                value,
                before: own,
            });
            inside.insert(name);
            ended.insert(name, inside);
        }
        assert!(
            ended.len() > known,
            "actions wait for what is not in their block: {:?}",
            actions.keys()
        );
    }
    ended.into_values().flatten().collect()
}

/// All texts of a value but those of inner actions. A card has actions too, and a version.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(many) => many.iter().flat_map(texts).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| {
                !["actions", "else"].contains(&name.as_str()) || members.contains_key("version")
            })
            .flat_map(|(_, member)| texts(member))
            .collect(),
        _ => Vec::new(),
    }
}

fn actions(definition: &Value) -> Vec<Action<'_>> {
    let mut found = Vec::new();
    let all = block(&definition["actions"], &BTreeSet::new(), &mut found);
    assert_eq!(all.len(), found.len(), "two actions have the same name");
    found
}

#[test]
fn flows_have_the_shape_of_exported_ones_and_nothing_of_a_tenant() {
    for (flow, value) in flows() {
        let (definition, references) = (
            &value["properties"]["definition"],
            &value["properties"]["connectionReferences"],
        );
        assert_eq!(value["schemaVersion"], "1.0.0.0", "{flow}");
        assert!(
            definition["$schema"]
                .as_str()
                .unwrap()
                .contains("/2016-06-01/workflowdefinition.json"),
            "{flow}"
        );
        assert_eq!(definition["triggers"].as_object().unwrap().len(), 1, "{flow}");
        let mut used = BTreeSet::new();
        let trigger = definition["triggers"]
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap();
        let actions = actions(definition);
        for (name, action) in actions
            .iter()
            .map(|one| (one.name, one.value))
            .chain([("trigger", trigger)])
        {
            let kind = action["type"].as_str().unwrap();
            let known = KINDS.iter().find(|(own, _)| *own == kind);
            let (_, is_call) = known.unwrap_or_else(|| panic!("{flow}: {name}: {kind}"));
            let host = &action["inputs"]["host"];
            assert_eq!(host.is_object(), *is_call, "{flow}: {name}");
            if let Some(api) = host["connectionName"].as_str() {
                assert_eq!(references[api]["api"]["name"], api, "{flow}: {name}");
                assert!(
                    host["apiId"].as_str().unwrap().ends_with(&format!("/{api}")),
                    "{flow}: {name}"
                );
                used.insert(api);
            }
        }
        let named: BTreeSet<&str> = references
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(used, named, "{flow}");
        let text = value.to_string();
        for foreign in [
            "sharepoint.com",
            "onmicrosoft.com",
            "azurewebsites.net",
            "-0000-",
            "example.org",
        ] {
            assert!(!text.contains(foreign), "{flow}: {foreign}");
        }
        for parameter in definition["parameters"].as_object().unwrap().values().skip(2) {
            assert!(parameter["metadata"]["schemaName"].is_string(), "{flow}");
        }
    }
}

#[test]
fn flows_call_the_connectors_actions_with_what_they_take() {
    let (operations, definition) = (tests::operations(), swagger(&openapi()).unwrap());
    let mut called = BTreeSet::new();
    for (flow, value) in flows() {
        for action in actions(&value["properties"]["definition"]) {
            let inputs = &action.value["inputs"];
            if inputs["host"]["connectionName"] != OWN {
                continue;
            }
            let id = inputs["host"]["operationId"].as_str().unwrap();
            let operation = operations
                .get(id)
                .unwrap_or_else(|| panic!("{flow}: {id} is no action"));
            called.insert(id.to_owned());
            let given: BTreeSet<String> = inputs["parameters"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            let (mut takes, mut needs) = (BTreeSet::new(), BTreeSet::new());
            for parameter in operation["parameters"].as_array().unwrap() {
                let name = parameter["name"].as_str().unwrap();
                let members = parameter["schema"]["$ref"].as_str().map(|place| &place[1..]);
                let Some(members) = members.and_then(|place| definition.pointer(place)) else {
                    takes.insert(name.to_owned());
                    needs.extend((parameter["required"] == true).then(|| name.to_owned()));
                    continue;
                };
                takes.extend(
                    members["properties"]
                        .as_object()
                        .unwrap()
                        .keys()
                        .map(|member| format!("{name}/{member}")),
                );
                let required = members["required"].as_array().into_iter().flatten();
                needs.extend(required.map(|member| format!("{name}/{}", member.as_str().unwrap())));
            }
            assert!(
                given.is_subset(&takes) && needs.is_subset(&given),
                "{flow}: {}: {given:?}, {takes:?}, {needs:?}",
                action.name
            );
            for parameter in operation["parameters"].as_array().unwrap() {
                let literal = inputs["parameters"][parameter["name"].as_str().unwrap()].as_str();
                let Some(literal) = literal.filter(|literal| !literal.contains('@')) else {
                    continue;
                };
                let values = parameter["enum"].as_array();
                assert!(
                    values.is_none_or(|values| values.iter().any(|one| one == literal)),
                    "{flow}: {literal}"
                );
            }
        }
    }
    for needed in [
        "StartDraft",
        "GetStatus",
        "GetResult",
        "CheckEdit",
        "ApproveDocument",
    ] {
        assert!(called.contains(needed), "{needed}");
    }
}

/// Whether an answer of an operation, or the problem that it may be, has a member.
fn answers(definition: &Value, operation: &Value, member: &str) -> bool {
    operation["responses"]
        .as_object()
        .unwrap()
        .values()
        .any(|response| {
            let place = response["schema"]["$ref"]
                .as_str()
                .map_or("", |place| &place[1..]);
            let described = definition.pointer(place).filter(|_| !place.is_empty());
            described.is_some_and(|described| described["properties"].get(member).is_some())
        })
}

#[test]
fn what_expressions_refer_to_is_there_when_they_are_evaluated() {
    let (operations, connector) = (tests::operations(), swagger(&openapi()).unwrap());
    let mut read = 0;
    for (flow, value) in flows() {
        let definition = &value["properties"]["definition"];
        let parameters = definition["parameters"].as_object().unwrap();
        let actions = actions(definition);
        let by_name: BTreeMap<&str, &Action> = actions.iter().map(|action| (action.name, action)).collect();
        let variables: BTreeSet<&str> = actions
            .iter()
            .filter(|action| action.value["type"] == "InitializeVariable")
            .map(|action| action.value["inputs"]["variables"][0]["name"].as_str().unwrap())
            .collect();
        for action in &actions {
            for call in texts(action.value)
                .into_iter()
                .flat_map(|text| calls(text).unwrap())
            {
                let Some(name) = call.arguments.first().and_then(Option::as_deref) else {
                    continue;
                };
                let place = format!("{flow}: {}: {}('{name}')", action.name, call.function);
                match call.function.as_str() {
                    "parameters" => assert!(parameters.contains_key(name), "{place}"),
                    "variables" => assert!(variables.contains(name), "{place}"),
                    "items" => assert_eq!(by_name[name].value["type"], "Foreach", "{place}"),
                    "outputs" | "body" => {
                        assert!(action.before.contains(name), "{place}");
                        let host = &by_name[name].value["inputs"]["host"];
                        let member = if call.function == "body" {
                            call.members.first().map(String::as_str)
                        } else {
                            call.members
                                .first()
                                .and_then(|member| member.strip_prefix("body/"))
                        };
                        let (Some(member), true) = (member, host["connectionName"] == OWN) else {
                            continue;
                        };
                        let operation = &operations[host["operationId"].as_str().unwrap()];
                        assert!(answers(&connector, operation, member), "{place}: {member}");
                        read += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(read > 15);
}
