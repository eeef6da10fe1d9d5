//! The checker of the strict subset.

use model::check_schema;
use proptest::prelude::*;
use serde_json::{Value, json};

/// `expected` is the message of the misfit; none for a value that fits.
fn check(schema: &Value, value: &Value, expected: Option<&str>) {
    let found = check_schema(schema, value).err().map(|misfit| misfit.to_string());
    assert_eq!(found.as_deref(), expected, "{schema} {value}");
}

fn claims() -> Value {
    json!({"type": "object", "additionalProperties": false, "required": ["claims"], "properties": {"claims": {
        "type": "array", "maxItems": 2, "items": {"$ref": "#/$defs/claim"}}},
        "$defs": {"claim": {"type": "object", "additionalProperties": false, "required": ["kind", "note"],
            "properties": {"kind": {"type": "string", "enum": ["need", "outcome"]},
                "note": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 3}]}}}}})
}

#[test]
fn values_are_held_against_the_schema() {
    let of = |claims: Value| json!({"claims": claims});
    check(&claims(), &of(json!([])), None);
    check(
        &claims(),
        &of(json!([{"kind": "need", "note": null}, {"kind": "outcome", "note": "abc"}])),
        None,
    );
    check(&claims(), &json!([]), Some("`$` is of another type"));
    check(&claims(), &json!({}), Some("`$.claims` is missing"));
    check(&claims(), &of(json!({})), Some("`$.claims` is of another type"));
    check(
        &claims(),
        &of(json!([{"kind": "need"}])),
        Some("`$.claims[0].note` is missing"),
    );
    check(
        &claims(),
        &of(json!([{"kind": "dream", "note": null}])),
        Some("`$.claims[0].kind` is none of the listed values"),
    );
    check(
        &claims(),
        &of(json!([{"kind": "need", "note": 3}])),
        Some("`$.claims[0].note` has none of the possible forms"),
    );
    check(
        &claims(),
        &of(json!([{"kind": "need", "note": "long"}])),
        Some("`$.claims[0].note` has none of the possible forms"),
    );
    let three = json!({"kind": "need", "note": null});
    check(
        &claims(),
        &of(json!([three, three, three])),
        Some("`$.claims` has too few or too many items"),
    );
    let secret = json!({"kind": "need", "note": null, "MARKER": 1});
    check(
        &claims(),
        &of(json!([secret])),
        Some("`$.claims[0]` holds a property that the schema does not name"),
    );
}

#[test]
fn types_are_those_of_json_schema() {
    let is = |name: &str, value: Value| check(&json!({"type": name}), &value, None);
    let is_not =
        |name: &str, value: Value| check(&json!({"type": name}), &value, Some("`$` is of another type"));
    is("integer", json!(-3));
    is("number", json!(1.5));
    is("number", json!(1));
    is_not("integer", json!(1.5));
    is("boolean", json!(false));
    is_not("boolean", json!("false"));
    is("null", json!(null));
    is_not("string", json!(null));
    check(&json!({"type": ["string", "null"]}), &json!(null), None);
    check(
        &json!({"type": ["string", "null"]}),
        &json!(1),
        Some("`$` is of another type"),
    );
}

#[test]
fn bounds_hold_on_both_sides() {
    let length = json!({"type": "string", "minLength": 1, "maxLength": 2});
    check(&length, &json!("éé"), None);
    check(&length, &json!(""), Some("`$` is too short or too long"));
    check(&length, &json!("ééé"), Some("`$` is too short or too long"));
    let range = json!({"type": "integer", "minimum": 0, "maximum": 5});
    check(&range, &json!(5), None);
    check(&range, &json!(-1), Some("`$` is out of range"));
    check(
        &json!({"type": "array", "minItems": 1, "items": {}}),
        &json!([]),
        Some("`$` has too few or too many items"),
    );
    check(
        &json!({"const": "a"}),
        &json!("b"),
        Some("`$` is none of the listed values"),
    );
}

#[test]
fn what_cannot_be_checked_does_not_pass() {
    let unknown = Some("`$` has a schema that cannot be checked here");
    check(&json!({"type": "string", "pattern": "^a"}), &json!("a"), unknown);
    check(&json!({"oneOf": []}), &json!("a"), unknown);
    check(&json!({"additionalProperties": true}), &json!({}), unknown);
    check(
        &json!({"$ref": "https://example.org/schema"}),
        &json!({}),
        unknown,
    );
    check(&json!({"$ref": "#/$defs/none"}), &json!({}), unknown);
    check(&json!(true), &json!({}), unknown);
    check(
        &json!({"$ref": "#"}),
        &json!({}),
        Some("`$` is nested too deeply"),
    );
}

proptest! {
    #[test]
    fn no_schema_and_no_value_panic(schema in ".{0,80}", value in ".{0,40}") {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|_| json!({"type": text}));
        let found = check_schema(&read(&schema), &read(&value));
        prop_assert!(found.is_ok() || !found.unwrap_err().to_string().is_empty());
    }
}
