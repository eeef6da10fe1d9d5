//! The app's doors, called as the Functions host calls them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// An answer that is JSON; nothing when the call fails.
pub(super) fn http(port: u16, target: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "{target} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// The record of a case that is drafted while the caller waits; nothing when it is not drafted.
pub(super) fn drafted(port: u16, case: &str, order: &str) -> Option<Value> {
    let request = json!({
        "Url": format!("http://localhost:7071/api/drafts/ehcp/{case}"), "Method": "POST", "Query": {},
        "Params": { "recipe": "ehcp", "case": case }, "Identities": [], "Body": order,
        "Headers": { "Content-Type": ["application/json"], "Content-Length": [order.len().to_string()] },
    });
    let call = json!({ "Data": { "req": request }, "Metadata": {} }).to_string();
    let answer = http(port, "POST /draft-on-request", &call)?;
    let record = STANDARD
        .decode(answer.pointer("/Outputs/record")?.as_str()?)
        .ok()?;
    serde_json::from_slice(&record).ok()
}
