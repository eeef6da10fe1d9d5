//! `cargo xtask connector`: the Power Platform connector, made of `docs/openapi.json`.
//!
//! Custom connectors take Swagger 2.0 only. What the two forms share is carried over; what Swagger cannot say is said in the
//! nearest way: of alternatives the first, of several media types bytes, and `default` beside the answers that are listed, as
//! the platform asks. Parameters and answers are written out where they are used: the platform's editor does not follow
//! references to them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};

use crate::shell::{self, Failure, file_failure};

/// What the connector is made for; placeholders without it.
#[derive(Args)]
pub struct Target {
    /// The app's host name, such as `name.azurewebsites.net`
    #[arg(long, requires = "out")]
    host: Option<String>,
    /// The tenant's id
    #[arg(long, requires = "out")]
    tenant: Option<String>,
    /// The client id of the connector's own registration
    #[arg(long, requires = "out")]
    client_id: Option<String>,
    /// The app's own registration, as its setting `SIGN_IN_AUDIENCE` has it, such as `api://golden-thread`
    #[arg(long, requires = "out")]
    audience: Option<String>,
    /// The folder for a connector of one's own; without it the repository's is made anew
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Methods that a path may have.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
/// What a JSON schema may say that Swagger 2.0 cannot.
const ONLY_NEWER: [&str; 5] = ["examples", "oneOf", "anyOf", "additionalProperties", "const"];
const BYTES: &str = "application/octet-stream";
const DEFINITION: &str = "apiDefinition.swagger.json";
const PROPERTIES: &str = "apiProperties.json";
const ICON: &str = "icon.png";

/// Writes the connector.
pub fn run(target: &Target) -> Result<(), Failure> {
    let home = shell::root()?.join("infra/connector");
    let mut definition = swagger(&read(&shell::root()?.join("docs/openapi.json"))?)?;
    let out = target.out.as_deref().unwrap_or(&home);
    fs::create_dir_all(out).map_err(file_failure(out))?;
    if let Some(host) = &target.host {
        set(&mut definition, "/host", host);
    }
    write(&out.join(DEFINITION), &definition)?;
    if target.out.is_some() {
        write(&out.join(PROPERTIES), &properties(target, &home)?)?;
        let icon = home.join(ICON);
        fs::copy(&icon, out.join(ICON)).map_err(file_failure(&icon))?;
    }
    println!("the connector is in {}", out.display());
    Ok(())
}

/// How callers sign in, with the tenant's own values.
fn properties(target: &Target, home: &Path) -> Result<Value, Failure> {
    const SETTINGS: &str = "/properties/connectionParameters/token/oAuthSettings";
    let mut properties = read(&home.join(PROPERTIES))?;
    let values = [
        ("/clientId", &target.client_id),
        ("/customParameters/tenantId/value", &target.tenant),
        ("/customParameters/resourceUri/value", &target.audience),
        ("/properties/AzureActiveDirectoryResourceId", &target.audience),
    ];
    for (place, value) in values {
        if let Some(value) = value {
            set(&mut properties, &format!("{SETTINGS}{place}"), value);
        }
    }
    Ok(properties)
}

fn set(value: &mut Value, place: &str, text: &str) {
    if let Some(place) = value.pointer_mut(place) {
        *place = Value::String(text.to_owned());
    }
}

fn read(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).map_err(file_failure(path))?;
    serde_json::from_str(&text).map_err(|fault| Failure::Other(format!("{}: {fault}", path.display())))
}

fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    fs::write(path, text(value)).map_err(file_failure(path))
}

/// As the file has it.
fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The description in the form of Swagger 2.0.
fn swagger(openapi: &Value) -> Result<Value, Failure> {
    let info = |key: &str| openapi.pointer(&format!("/info/{key}")).cloned();
    let mut paths = Map::new();
    for (path, item) in object(openapi.get("paths")) {
        let mut operations = Map::new();
        for method in METHODS {
            if let Some(described) = item.get(method) {
                operations.insert(method.to_owned(), operation(openapi, described)?);
            }
        }
        paths.insert(path.clone(), Value::Object(operations));
    }
    let mut definitions: Map<String, Value> = object(openapi.pointer("/components/schemas"))
        .map(|(name, described)| (name.clone(), schema(described)))
        .collect();
    // What only callbacks hold is not carried over, and neither is its form.
    let used = json!([paths, definitions]).to_string();
    definitions.retain(|name, _| used.contains(&format!("\"#/definitions/{name}\"")));
    Ok(json!({
        "swagger": "2.0",
        "info": {
            "title": info("title"), "description": info("description"), "version": info("version"), "contact": info("contact"),
        },
        "host": openapi.pointer("/servers/0/variables/host/default"),
        "basePath": "/api",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": openapi.get("tags"),
        "paths": paths,
        "definitions": definitions,
        "securityDefinitions": { "oauth2_auth": {
            "type": "oauth2", "flow": "accessCode",
            "authorizationUrl": openapi.pointer("/components/securitySchemes/entra/flows/authorizationCode/authorizationUrl"),
            "tokenUrl": openapi.pointer("/components/securitySchemes/entra/flows/authorizationCode/tokenUrl"),
            "scopes": {},
        } },
        "security": [{ "oauth2_auth": [] }],
        "x-ms-connector-metadata": openapi.get("x-ms-connector-metadata"),
    }))
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// What a reference means: itself where there is none.
fn resolved<'a>(openapi: &'a Value, value: &'a Value) -> Result<&'a Value, Failure> {
    let Some(place) = value.get("$ref").and_then(Value::as_str) else {
        return Ok(value);
    };
    place
        .strip_prefix('#')
        .and_then(|place| openapi.pointer(place))
        .ok_or_else(|| Failure::Other(format!("docs/openapi.json: nothing is at `{place}`")))
}

fn operation(openapi: &Value, described: &Value) -> Result<Value, Failure> {
    let mut told = Map::new();
    for (key, value) in object(Some(described)) {
        if ["operationId", "summary", "description", "tags"].contains(&key.as_str())
            || key.starts_with("x-ms-")
        {
            told.insert(key.clone(), value.clone());
        }
    }
    let mut parameters = Vec::new();
    for parameter in described
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        parameters.push(flat(resolved(openapi, parameter)?));
    }
    if let Some(body) = described.get("requestBody") {
        let (media, parameter) = body_parameter(body);
        told.insert("consumes".into(), json!([media]));
        parameters.push(parameter);
    }
    let (mut responses, mut media) = (Map::new(), Vec::new());
    for (status, response) in object(described.get("responses")) {
        let response = resolved(openapi, response)?;
        // An answer without a body, such as 304, is one that no flow asks for.
        if response.get("content").is_none() {
            continue;
        }
        media.extend(object(response.get("content")).map(|(media, _)| media.clone()));
        responses.insert(status.clone(), answer(response));
    }
    responses.insert(
        "default".into(),
        json!({ "description": "The call failed.", "schema": { "$ref": "#/definitions/Problem" } }),
    );
    media.sort_unstable();
    media.dedup();
    told.insert("produces".into(), json!(media));
    told.insert("parameters".into(), Value::Array(parameters));
    told.insert("responses".into(), Value::Object(responses));
    Ok(Value::Object(told))
}

/// A parameter with the members of its schema beside its own.
fn flat(parameter: &Value) -> Value {
    let mut told = Map::new();
    for (key, value) in object(Some(parameter)).filter(|(key, _)| *key != "schema") {
        told.insert(key.clone(), value.clone());
    }
    if let Some(Value::Object(described)) = parameter.get("schema").map(schema) {
        told.extend(described);
    }
    Value::Object(told)
}

/// The media type and the parameter of a body: bytes where bytes are taken.
fn body_parameter(body: &Value) -> (String, Value) {
    let content = || object(body.get("content"));
    let bytes = content().find(|(media, _)| *media == BYTES);
    let (media, described) = bytes
        .or_else(|| content().next())
        .map_or((BYTES, None), |(media, described)| {
            (media.as_str(), described.get("schema"))
        });
    let mut told = json!({
        "name": "body", "in": "body",
        "required": body.get("required").and_then(Value::as_bool).unwrap_or(false),
        "description": body.get("description"),
        "schema": described.map(schema),
    });
    if let (Some(told), Some(summary)) = (told.as_object_mut(), body.get("x-ms-summary")) {
        told.insert("x-ms-summary".into(), summary.clone());
    }
    (media.to_owned(), told)
}

fn answer(response: &Value) -> Value {
    let mut told = Map::new();
    told.extend(
        response
            .get("description")
            .map(|text| ("description".to_owned(), text.clone())),
    );
    told.extend(content(response).map(|described| ("schema".to_owned(), described)));
    let mut headers = Map::new();
    for (name, header) in object(response.get("headers")) {
        let mut header = flat(header);
        // Swagger cannot say that a header is always there.
        if let Some(header) = header.as_object_mut() {
            header.remove("required");
        }
        headers.insert(name.clone(), header);
    }
    if !headers.is_empty() {
        told.insert("headers".into(), Value::Object(headers));
    }
    Value::Object(told)
}

/// What an answer holds: of several media types the JSON whose members are described, else bytes.
fn content(response: &Value) -> Option<Value> {
    let described: Vec<&Value> = object(response.get("content"))
        .filter_map(|(_, described)| described.get("schema"))
        .collect();
    match described.as_slice() {
        [] => None,
        [one] => Some(schema(one)),
        several => {
            let form = several.iter().find(|one| one.get("$ref").is_some());
            Some(form.map_or_else(
                || json!({ "type": "string", "format": "binary" }),
                |form| schema(form),
            ))
        }
    }
}

/// A schema without what Swagger 2.0 does not know, and with its own references.
fn schema(described: &Value) -> Value {
    let Some(described) = described.as_object() else {
        return match described {
            Value::Array(many) => many.iter().map(schema).collect(),
            other => other.clone(),
        };
    };
    let mut told = Map::new();
    for (key, value) in described {
        let value = match (key.as_str(), value) {
            ("$ref", Value::String(place)) => {
                Value::String(place.replace("#/components/schemas/", "#/definitions/"))
            }
            // A map's values are described; that a request may have no other member is the app's to say.
            ("additionalProperties", Value::Object(_)) => schema(value),
            (key, _) if ONLY_NEWER.contains(&key) => continue,
            // A member may be called like a keyword.
            ("properties", Value::Object(members)) => members
                .iter()
                .map(|(name, member)| (name.clone(), schema(member)))
                .collect(),
            ("required", Value::Array(names)) if names.is_empty() => continue,
            ("type", Value::Array(types)) => {
                told.insert(
                    "x-nullable".into(),
                    Value::Bool(types.iter().any(|one| one == "null")),
                );
                types
                    .iter()
                    .find(|one| *one != "null")
                    .cloned()
                    .unwrap_or(Value::Null)
            }
            _ => schema(value),
        };
        told.insert(key.clone(), value);
    }
    let first = ["oneOf", "anyOf"]
        .iter()
        .find_map(|key| described.get(*key)?.get(0))
        .map(schema);
    if let Some(Value::Object(first)) = first {
        told.extend(first);
    }
    Value::Object(told)
}

#[cfg(test)]
mod expression;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod tests;

#[cfg(test)]
fn openapi() -> Value {
    read(&shell::root().unwrap().join("docs/openapi.json")).unwrap()
}
