//! Health: `GET /api/health`, which is cheap and open, and `GET /api/health/dependencies` for whoever has a role.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::Doors;
use crate::workflow::Condition;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/health", get(health))
        .route("/health/dependencies", get(dependencies))
}

/// Whether the app runs and has recipes; asks nobody, and says nothing of any case.
async fn health(State(doors): State<Arc<Doors>>) -> Response {
    let faulty = doors.workflow.faulty_recipes();
    let state = if faulty.is_empty() { "ok" } else { "recipes-faulty" };
    Json(json!({ "state": state, "version": VERSION, "faulty": faulty })).into_response()
}

/// What the app needs, each asked a moment ago: 503 while any of it is down.
async fn dependencies(State(doors): State<Arc<Doors>>) -> Response {
    let report = doors.workflow.dependencies().await;
    let mut all = Map::new();
    for dependency in &report.dependencies {
        let told = match dependency.standing {
            Condition::Up => json!({ "state": "up", "ms": dependency.ms }),
            Condition::Off => json!({ "state": "off" }),
            Condition::Down { why, hint } => {
                json!({ "state": "down", "ms": dependency.ms, "why": why, "hint": hint })
            }
        };
        all.insert(dependency.name.to_owned(), told);
    }
    let (status, state) = if report.is_up() {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "down")
    };
    let body = json!({
        "state": state, "version": VERSION, "seconds_ago": report.asked.elapsed().as_secs(), "dependencies": Value::Object(all),
    });
    (status, Json(body)).into_response()
}
