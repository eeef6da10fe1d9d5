//! The files under `handler/tests/wire` hold for this host.

use crate::answer::Answer;
use crate::binding_data::Sys;
use crate::firing::{Call, Delivery, Firing, blob_address};
use crate::functions::{DataType, Function, TriggerKind, parse};
use crate::http_output::Reply;
use crate::outputs::OutputValue;
use crate::settings::Settings;
use azure::{Blob, ETag, Url};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn wire(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/wire")
        .join(name)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).expect("a wire file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[derive(Deserialize)]
struct Request {
    row: String,
    function: String,
    given: Given,
    body: Value,
}

#[derive(Deserialize)]
struct Given {
    blob: Option<GivenBlob>,
    message: Option<GivenMessage>,
    call: Option<GivenCall>,
    sys: GivenSys,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenSys {
    utc_now: Timestamp,
    rand_guid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenBlob {
    endpoint: String,
    container: String,
    name: String,
    base64: String,
    content_type: String,
    etag: String,
    last_modified: Timestamp,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenMessage {
    text: String,
    dequeue_count: u32,
    id: String,
    pop_receipt: String,
    inserted: Timestamp,
    expires: Timestamp,
    next_visible: Timestamp,
}

#[derive(Deserialize)]
struct GivenCall {
    url: String,
    method: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, Vec<String>)>,
    params: Vec<(String, String)>,
    base64: Option<String>,
}

fn bytes(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64).expect("base64")
}

impl Request {
    fn firing(&self) -> Firing {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../functions")
            .join(&self.function);
        let file = std::fs::read_to_string(file.join("function.json")).expect("the function's bindings");
        let function = parse(&self.function, &file, &Settings::default()).expect("bindings");
        let function = Arc::new(function.expect("enabled"));
        let sys = Sys {
            method: self.function.clone(),
            now: self.given.sys.utc_now,
            guid: self.given.sys.rand_guid.clone(),
        };
        match (&self.given.blob, &self.given.message, &self.given.call) {
            (Some(blob), None, None) => blob.firing(&function, &sys),
            (None, Some(message), None) => Firing::queue(&function, &message.delivery(), &sys),
            (None, None, Some(call)) => Firing::http(&function, &call.call(), &sys),
            _ => panic!("{}: one thing is given", self.row),
        }
    }
}

impl GivenBlob {
    fn firing(&self, function: &Arc<Function>, sys: &Sys) -> Firing {
        let TriggerKind::Blob(trigger) = &function.trigger.kind else {
            panic!("a blob trigger")
        };
        let captures = trigger.pattern.captures(&self.name).expect("the path matches");
        let blob = Blob {
            bytes: bytes(&self.base64),
            etag: ETag::new(&self.etag),
            last_modified: self.last_modified,
            content_type: Some(self.content_type.clone()),
            metadata: self.metadata.clone(),
        };
        let address = blob_address(
            &self.endpoint.parse::<Url>().expect("an address"),
            &self.container,
            &self.name,
        );
        Firing::blob(function, &address, &blob, captures, sys)
    }
}

impl GivenMessage {
    fn delivery(&self) -> Delivery {
        Delivery {
            id: self.id.clone(),
            pop_receipt: self.pop_receipt.clone(),
            body: self.text.clone().into_bytes(),
            dequeue_count: self.dequeue_count,
            inserted: self.inserted,
            expires: self.expires,
            next_visible: self.next_visible,
        }
    }
}

impl GivenCall {
    fn call(&self) -> Call {
        Call {
            url: self.url.clone(),
            method: self.method.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            params: self.params.clone(),
            body: self.base64.as_deref().map(bytes),
        }
    }
}

#[test]
fn requests_are_what_the_files_say() {
    let mut seen = 0;
    for entry in std::fs::read_dir(wire("requests")).expect("folder") {
        let path = entry.expect("entry").path();
        let request: Request = read(&path);
        let body = request.firing().payload(&[]);
        if std::env::var("UPDATE_WIRE").is_ok() {
            let mut file: Value = read(&path);
            file["body"] = body;
            std::fs::write(&path, format!("{file:#}\n")).expect("written");
        } else {
            assert_eq!(body, request.body, "{}: {}", path.display(), request.row);
        }
        seen += 1;
    }
    assert!(seen >= 17, "{seen} files");
}

#[derive(Deserialize)]
struct Output {
    row: String,
    binding: Value,
    value: Value,
    result: Value,
}

#[test]
fn outputs_become_what_the_file_says() {
    for Output {
        row,
        binding,
        value,
        result,
    } in read::<Vec<Output>>(&wire("outputs.json"))
    {
        let data_type = if binding["dataType"] == "binary" {
            DataType::Binary
        } else {
            DataType::String
        };
        let value = OutputValue::new(value, data_type);
        let encoded = |bytes: Vec<u8>| STANDARD.encode(bytes);
        let became = match binding["type"].as_str() {
            Some("blob") => match value.into_blob() {
                Ok(Some(bytes)) => json!({ "blob": encoded(bytes) }),
                Ok(None) => json!({ "nothing": true }),
                Err(_) => json!({ "fault": true }),
            },
            _ => json!({ "messages": value.into_messages().into_iter().map(encoded).collect::<Vec<_>>() }),
        };
        assert_eq!(became, result, "{row}");
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenAnswer {
    row: String,
    status: u16,
    content_type: Option<String>,
    body: String,
    result: Value,
}

#[test]
fn answers_become_what_the_file_says() {
    for given in read::<Vec<GivenAnswer>>(&wire("answers.json")) {
        let answer = Answer::parse(given.status, given.content_type.as_deref(), given.body.as_bytes());
        let reply = answer
            .ok()
            .and_then(|answer| Reply::from_answer(&answer.with_returned(), "res").ok());
        let became = reply.map_or(json!({ "failure": true }), |reply| {
            let header = reply.headers.iter().find(|(name, _)| name == "content-type");
            let body = String::from_utf8(reply.body.clone()).expect("text");
            let content_type = header.map_or("", |(_, value)| value);
            json!({ "http": { "status": reply.status, "contentType": content_type, "body": body } })
        });
        assert_eq!(became, given.result, "{}", given.row);
    }
}
