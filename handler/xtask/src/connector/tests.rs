use std::collections::BTreeMap;

use super::*;

fn home() -> PathBuf {
    shell::root().unwrap().join("infra/connector")
}

#[test]
fn the_connector_is_made_of_the_description_as_it_is() {
    let made = text(&swagger(&openapi()).unwrap());
    let there = fs::read_to_string(home().join(DEFINITION)).unwrap();
    assert!(made == there, "run `cargo xtask connector`");
}

#[test]
fn what_swagger_cannot_say_is_said_in_the_nearest_way() {
    let check = |described: Value, expected: Value| assert_eq!(schema(&described), expected, "{described}");
    check(
        json!({ "$ref": "#/components/schemas/Status" }),
        json!({ "$ref": "#/definitions/Status" }),
    );
    check(
        json!({ "description": "a", "oneOf": [{ "type": "string" }, { "type": "object" }] }),
        json!({ "description": "a", "type": "string" }),
    );
    check(
        json!({ "type": "object", "required": [], "additionalProperties": false }),
        json!({ "type": "object" }),
    );
    // Members that are called like keywords stay.
    check(
        json!({ "properties": { "required": { "type": "string", "examples": ["a"] } } }),
        json!({ "properties": { "required": { "type": "string" } } }),
    );
    check(
        json!({ "type": ["string", "null"] }),
        json!({ "x-nullable": true, "type": "string" }),
    );
    check(
        json!({ "additionalProperties": { "type": "string", "examples": ["a"] } }),
        json!({ "additionalProperties": { "type": "string" } }),
    );
}

/// The operations of the connector by id.
pub(super) fn operations() -> BTreeMap<String, Value> {
    let definition = swagger(&openapi()).unwrap();
    let mut found = BTreeMap::new();
    for (path, item) in object(definition.get("paths")) {
        for (method, operation) in object(Some(item)) {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(found.insert(id, operation.clone()).is_none(), "{method} {path}");
        }
    }
    found
}

#[test]
fn every_list_of_values_comes_from_an_action_that_gives_it() {
    let (operations, definition) = (operations(), swagger(&openapi()).unwrap());
    let mut lists = 0;
    for operation in operations.values() {
        for parameter in operation["parameters"].as_array().unwrap() {
            let Some(values) = parameter.get("x-ms-dynamic-values") else {
                continue;
            };
            let source = &operations[values["operationId"].as_str().unwrap()];
            let answer = source["responses"]["200"]["schema"]["$ref"].as_str().unwrap();
            let answer = definition.pointer(answer.strip_prefix('#').unwrap()).unwrap();
            let listed = &answer["properties"][values["value-collection"].as_str().unwrap()];
            let item = listed["items"]["$ref"].as_str().unwrap();
            let item = definition.pointer(item.strip_prefix('#').unwrap()).unwrap();
            for key in ["value-path", "value-title"] {
                assert!(
                    item["properties"].get(values[key].as_str().unwrap()).is_some(),
                    "{values}"
                );
            }
            // What the list needs is a parameter of the action that shows it.
            let takes = source["parameters"].as_array().unwrap().iter();
            let needed: Vec<&str> = takes
                .filter(|one| one["required"] == true)
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let given = values
                .get("parameters")
                .map_or(0, |given| given.as_object().unwrap().len());
            assert_eq!(needed.len(), given, "{values}");
            for (name, from) in object(values.get("parameters")) {
                assert!(needed.contains(&name.as_str()));
                let shown = operation["parameters"].as_array().unwrap();
                assert!(
                    shown.iter().any(|one| one["name"] == from["parameter"]),
                    "{values}"
                );
            }
            lists += 1;
        }
    }
    assert!(lists > 20);
}

#[test]
fn a_connector_of_ones_own_has_the_tenants_values_and_no_placeholder() {
    let folder = std::env::temp_dir().join(format!("connector-{}", std::process::id()));
    let value = |text: &str| Some(text.to_owned());
    let target = Target {
        host: value("drafts.example.net"),
        tenant: value("11111111-2222-3333-4444-555555555555"),
        client_id: value("66666666-7777-8888-9999-000000000000"),
        audience: value("api://drafts"),
        out: Some(folder.clone()),
    };
    run(&target).unwrap();
    let definition = read(&folder.join(DEFINITION)).unwrap();
    assert_eq!(definition["host"], "drafts.example.net");
    let properties = fs::read_to_string(folder.join(PROPERTIES)).unwrap();
    for own in ["11111111-2222", "66666666-7777", "api://drafts"] {
        assert!(properties.contains(own), "{properties}");
    }
    assert!(
        !properties.contains("00000000-0000-0000-0000-000000000000"),
        "{properties}"
    );
    assert!(folder.join(ICON).exists());
    fs::remove_dir_all(folder).unwrap();
}
