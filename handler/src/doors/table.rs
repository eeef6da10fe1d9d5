//! What each door asks of a caller: the one place that says so.
//!
//! A door that is not here lets nobody in: [`row`] finds nothing, and the caller is told that there is no such door. A new door
//! is one more line.

use who::Role;

/// What a caller must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Anybody whom the host let in: the door says nothing of any case.
    Nothing,
    /// Somebody with a role, whatever it is for.
    AnyRole,
    /// Somebody with a role for the recipe: results are read by whoever works with them.
    AnyRoleForRecipe,
    /// Somebody with this role for the recipe. Such calls change something, and are counted.
    Role(Role),
}

/// A door: method and route, as the host and the router have it, without the prefix `/api`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub method: &'static str,
    pub route: &'static str,
    pub need: Need,
}

const fn door(method: &'static str, route: &'static str, need: Need) -> Row {
    Row { method, route, need }
}

/// All doors for people and flows. Those of blobs, queues and timers are opened by the host alone.
pub(super) const DOORS: &[Row] = &[
    door("GET", "/health", Need::Nothing),
    door("GET", "/health/dependencies", Need::AnyRole),
    door("GET", "/recipes", Need::AnyRole),
    door("GET", "/drafts/{recipe}", Need::AnyRoleForRecipe),
    door("GET", "/drafts/{recipe}/{case}", Need::AnyRoleForRecipe),
    door("GET", "/drafts/{recipe}/{case}/{file}", Need::AnyRoleForRecipe),
    door("POST", "/drafts/{recipe}/{case}", Need::Role(Role::Drafter)),
    door(
        "DELETE",
        "/drafts/{recipe}/{case}/sources/{document}",
        Need::Role(Role::Drafter),
    ),
    door("DELETE", "/drafts/{recipe}/{case}/run", Need::Role(Role::Drafter)),
    door("PUT", "/drafts/{recipe}/{case}/edit", Need::Role(Role::Drafter)),
    door(
        "GET",
        "/drafts/{recipe}/{case}/edits/{id}/{file}",
        Need::AnyRoleForRecipe,
    ),
    door(
        "POST",
        "/drafts/{recipe}/{case}/approvals",
        Need::Role(Role::Reviewer),
    ),
    door("GET", "/drafts/{recipe}/{case}/approvals", Need::AnyRoleForRecipe),
    door(
        "GET",
        "/drafts/{recipe}/{case}/approvals/{version}/plan.docx",
        Need::AnyRoleForRecipe,
    ),
    door("GET", "/drafts/{recipe}/{case}/plan.docx", Need::AnyRoleForRecipe),
    door(
        "GET",
        "/drafts/{recipe}/{case}/export",
        Need::Role(Role::Administrator),
    ),
    door(
        "DELETE",
        "/drafts/{recipe}/{case}",
        Need::Role(Role::Administrator),
    ),
    door(
        "POST",
        "/drafts/{recipe}/{case}/replay",
        Need::Role(Role::Drafter),
    ),
    door("POST", "/replays/{recipe}", Need::Role(Role::Administrator)),
];

/// The door of a method and a route.
pub(super) fn row(method: &str, route: &str) -> Option<&'static Row> {
    // Whoever may get something may ask for its head.
    let method = if method == "HEAD" { "GET" } else { method };
    DOORS
        .iter()
        .find(|row| row.method == method && row.route == route)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    fn here() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    /// Method and route of every HTTP function of the host but the catch-all.
    fn functions() -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        for entry in fs::read_dir(here().join("../functions")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path().join("function.json")).unwrap();
            let function: serde_json::Value = serde_json::from_str(&text).unwrap();
            let trigger = &function["bindings"][0];
            if trigger["type"] != "httpTrigger" || trigger["route"] == "{*path}" {
                continue;
            }
            for method in trigger["methods"].as_array().unwrap() {
                let route = format!("/{}", trigger["route"].as_str().unwrap());
                found.insert((method.as_str().unwrap().to_uppercase(), route));
            }
        }
        found
    }

    /// Where the parenthesis closes that was opened before `text`.
    fn closing(text: &str) -> usize {
        let mut open = 1;
        let closes = |c: char| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open == 0
        };
        text.find(closes).unwrap()
    }

    /// Method and route of everything that the raw door routes: every `.route("…", get(…).put(…))` of its files.
    fn routes() -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        for entry in fs::read_dir(here().join("src/doors")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let code = text.split("\n#[cfg(test)]\n").next().unwrap();
            for rest in code.split(".route(").skip(1) {
                let (_, arguments) = rest[..closing(rest)].split_once('"').unwrap();
                let (route, handlers) = arguments.split_once('"').unwrap();
                for word in handlers.split(|c: char| !c.is_ascii_alphabetic()) {
                    if ["get", "put", "post", "delete", "patch", "any"].contains(&word) {
                        found.insert((word.to_uppercase(), route.to_owned()));
                    }
                }
            }
        }
        found
    }

    #[test]
    fn every_door_for_callers_has_its_line_and_every_line_its_door() {
        let lines: BTreeSet<_> = DOORS
            .iter()
            .map(|row| (row.method.to_owned(), row.route.to_owned()))
            .collect();
        assert_eq!(lines.len(), DOORS.len(), "a door stands there twice");
        let (functions, routes) = (functions(), routes());
        assert!(!functions.is_empty() && routes.len() >= 5);
        let doors: BTreeSet<_> = functions.union(&routes).cloned().collect();
        assert_eq!(lines, doors);
    }

    #[test]
    fn what_changes_something_needs_a_role_and_what_names_a_recipe_somebody_with_one_for_it() {
        for row in DOORS {
            assert!(
                row.method == "GET" || matches!(row.need, Need::Role(_)),
                "{row:?}"
            );
            let open = matches!(row.need, Need::Nothing | Need::AnyRole);
            assert!(!(open && row.route.contains("{recipe}")), "{row:?}");
            // Without a recipe in the address there is nothing to hold a role against.
            assert!(open || row.route.contains("{recipe}"), "{row:?}");
        }
    }

    #[test]
    fn a_door_that_is_not_in_the_table_is_not_found() {
        assert_eq!(row("HEAD", "/recipes"), row("GET", "/recipes"));
        for (method, route) in [
            ("PUT", "/recipes"),
            ("get", "/recipes"),
            ("GET", "/Recipes"),
            ("GET", ""),
        ] {
            assert_eq!(row(method, route), None);
        }
    }
}
