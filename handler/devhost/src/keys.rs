//! The host's keys: which opens what, and the addresses by which they are read and changed.

use crate::host::Host;
use crate::http::body;
use axum::Json;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::form_urlencoded;
use uuid::Uuid;

/// The name of the key that opens everything.
const MASTER: &str = "_master";
/// The key of the webhook for blob events.
pub(crate) const BLOBS: &str = "blobs_extension";

type Named = BTreeMap<String, String>;

/// What a request asks to open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door<'d> {
    /// A function of the level `function`.
    Function(&'d str),
    /// The webhook of an extension, by the name of its key.
    Webhook(&'d str),
    /// The admin addresses, and functions of the level `admin`.
    Admin,
}

/// Whose keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope<'s> {
    /// They open every function.
    Host,
    /// They open webhooks.
    System,
    /// They open this function.
    Function(&'s str),
}

/// All keys. Clones are the same keys; they are forgotten with the last.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Mutex<Store>>);

struct Store {
    /// Whether anybody is asked for a key.
    asked: bool,
    master: String,
    host: Named,
    system: Named,
    functions: BTreeMap<String, Named>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// What a key is set to.
#[derive(Default, Deserialize)]
struct Wanted {
    value: Option<String>,
}

fn fresh() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn named(name: &str) -> Named {
    BTreeMap::from([(name.to_owned(), fresh())])
}

impl Store {
    fn of(&mut self, scope: Scope<'_>) -> Option<&mut Named> {
        match scope {
            Scope::Host => Some(&mut self.host),
            Scope::System => Some(&mut self.system),
            Scope::Function(name) => self.functions.get_mut(&name.to_ascii_lowercase()),
        }
    }
}

impl Keys {
    /// Keys for these functions. Without a master key nobody is asked for any.
    pub(crate) fn new<'n>(master: Option<&str>, functions: impl Iterator<Item = &'n str>) -> Self {
        let functions = functions.map(|name| (name.to_ascii_lowercase(), named("default")));
        Self(Arc::new(Mutex::new(Store {
            asked: master.is_some(),
            master: master.map_or_else(fresh, str::to_owned),
            host: named("default"),
            system: named(BLOBS),
            functions: functions.collect(),
        })))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the request has a key that opens the door, where one is asked for.
    pub(crate) fn open(&self, door: Door<'_>, request: &Request) -> bool {
        let mut store = self.store();
        if !store.asked {
            return true;
        }
        let header = request.headers().get("x-functions-key");
        let header = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let query = request.uri().query().unwrap_or("");
        let query = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
        let Some(given) = header.or_else(|| query.map(|(_, value)| value.into_owned())) else {
            return false;
        };
        let fits = |keys: Option<&mut Named>| keys.is_some_and(|keys| keys.values().any(|key| *key == given));
        store.master == given
            || match door {
                Door::Function(name) => fits(store.of(Scope::Host)) || fits(store.of(Scope::Function(name))),
                Door::Webhook(name) => store.system.get(name) == Some(&given),
                Door::Admin => false,
            }
    }

    fn list(&self, scope: Scope<'_>) -> Option<Value> {
        let mut store = self.store();
        let keys = store.of(scope)?.iter();
        let keys: Vec<Value> = keys
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        Some(json!({ "keys": keys, "links": [] }))
    }

    fn get(&self, scope: Scope<'_>, name: &str) -> Option<String> {
        let mut store = self.store();
        if scope == Scope::Host && name == MASTER {
            return Some(store.master.clone());
        }
        store.of(scope)?.get(name).cloned()
    }

    /// Says whether there was none of the name; nothing where there is no such function.
    fn set(&self, scope: Scope<'_>, name: &str, value: String) -> Option<bool> {
        let mut store = self.store();
        if scope == Scope::Host && name == MASTER {
            store.master = value;
            return Some(false);
        }
        Some(store.of(scope)?.insert(name.to_owned(), value).is_none())
    }

    fn delete(&self, scope: Scope<'_>, name: &str) -> StatusCode {
        if scope == Scope::Host && name == MASTER {
            return StatusCode::BAD_REQUEST;
        }
        let deleted = self.store().of(scope).and_then(|keys| keys.remove(name));
        deleted.map_or(StatusCode::NOT_FOUND, |_| StatusCode::NO_CONTENT)
    }
}

/// `…/keys` and `…/keys/{name}`, for whoever may ask.
pub(crate) async fn serve(host: &Host, scope: Scope<'_>, name: Option<&str>, request: Request) -> Response {
    let keys = &host.plan.keys;
    let not_found = || StatusCode::NOT_FOUND.into_response();
    match (request.method().clone(), name) {
        (Method::GET, None) => keys
            .list(scope)
            .map_or_else(not_found, |list| Json(list).into_response()),
        (Method::GET, Some(name)) => match keys.get(scope, name) {
            Some(value) => Json(json!({ "name": name, "value": value })).into_response(),
            None => not_found(),
        },
        (Method::DELETE, Some(name)) => keys.delete(scope, name).into_response(),
        (Method::POST, Some(name)) => written(keys, scope, name, &fresh()),
        (Method::PUT, Some(name)) => {
            let body = match body(host, request).await {
                Ok(body) => body,
                Err(response) => return response,
            };
            match serde_json::from_slice::<Wanted>(&body) {
                Ok(wanted) => written(keys, scope, name, &wanted.value.unwrap_or_else(fresh)),
                Err(_) => StatusCode::BAD_REQUEST.into_response(),
            }
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn written(keys: &Keys, scope: Scope<'_>, name: &str, value: &str) -> Response {
    let status = match keys.set(scope, name, value.to_owned()) {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(true) => StatusCode::CREATED,
        Some(false) => StatusCode::OK,
    };
    (status, Json(json!({ "name": name, "value": value }))).into_response()
}
