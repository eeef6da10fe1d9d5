//! `docs/openapi.json` describes the doors of the table, all of them and no others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::table::{self, DOORS, Need};
use crate::paths::{Artifact, EditFile};

fn openapi() -> Value {
    serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap()
}

/// The operations by method and path.
fn operations(openapi: &Value) -> BTreeMap<(String, String), Value> {
    let mut found = BTreeMap::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.insert((method.to_uppercase(), path.clone()), operation.clone());
        }
    }
    found
}

/// The table's row behind an operation: one of its own, or that of the files of which it describes one.
fn row(method: &str, path: &str) -> Option<&'static table::Row> {
    table::row(method, path).or_else(|| {
        let (folder, file) = path.rsplit_once('/')?;
        let is_file = Artifact::named(file).is_some() || EditFile::named(file).is_some();
        is_file
            .then(|| table::row(method, &format!("{folder}/{{file}}")))
            .flatten()
    })
}

/// What `x-app-role` says of a need.
fn told(need: Need) -> String {
    match need {
        Need::Nothing => "none".into(),
        Need::AnyRole => "any".into(),
        Need::AnyRoleForRecipe => "any-for-recipe".into(),
        Need::Role(role) => role.value().into(),
    }
}

#[test]
fn the_description_has_every_door_with_the_role_that_it_asks_for_and_no_other() {
    let openapi = openapi();
    let operations = operations(&openapi);
    for ((method, path), operation) in &operations {
        let row = row(method, path).unwrap_or_else(|| panic!("{method} {path} is no door"));
        assert_eq!(operation["x-app-role"], told(row.need), "{method} {path}");
        let is_open = row.need == Need::Nothing;
        assert_eq!(
            operation["responses"].get("401").is_none(),
            is_open,
            "{method} {path}"
        );
        let is_counted = matches!(row.need, Need::Role(_));
        assert_eq!(
            operation["responses"].get("429").is_some(),
            is_counted,
            "{method} {path}"
        );
    }
    for row in DOORS {
        let door = (row.method.to_owned(), row.route.to_owned());
        assert!(operations.contains_key(&door), "{door:?} is not described");
    }
}

#[test]
fn the_description_names_every_file() {
    let operations = operations(&openapi());
    let check = |path: &str, expected: BTreeSet<&str>| {
        let parameters = &operations[&("GET".to_owned(), path.to_owned())]["parameters"];
        let file = parameters
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == "file")
            .unwrap();
        let named: BTreeSet<&str> = file["schema"]["enum"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(named, expected, "{path}");
    };
    let edits = || EditFile::ALL.map(EditFile::file_name);
    let results = Artifact::ALL
        .map(Artifact::file_name)
        .into_iter()
        .chain(edits())
        .collect();
    check("/drafts/{recipe}/{case}/{file}", results);
    check("/drafts/{recipe}/{case}/edits/{id}/{file}", edits().into());
}

#[test]
fn the_description_is_of_this_version() {
    assert_eq!(openapi()["info"]["version"], env!("CARGO_PKG_VERSION"));
}
