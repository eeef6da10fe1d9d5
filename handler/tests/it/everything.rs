//! Everything that an emulator holds, to be searched: all containers with earlier copies, and all queues.

use std::io::{Cursor, Read as _};

use aws_lc_rs::hmac;
use azure::{Storage, decoded};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The emulator's public key.
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A call that the product never makes, such as listing containers or taking a snapshot; gives the body.
pub async fn signed(blobs: &str, method: &str, path: &str, query: &str) -> String {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&jiff::Timestamp::now())
        .unwrap();
    let base = url::Url::parse(blobs).unwrap();
    let headers = format!("x-ms-date:{date}\nx-ms-version:2021-08-06");
    let account = base.path();
    let resource = format!("{account}{account}{path}\n{}", query.replace('=', ":"));
    let text = format!("{method}\n\n\n\n\n\n\n\n\n\n\n\n{headers}\n{resource}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(KEY).unwrap());
    let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
    let answer = reqwest::Client::new()
        .request(method.parse().unwrap(), format!("{blobs}{path}?{query}"))
        .header("x-ms-date", date)
        .header("x-ms-version", "2021-08-06")
        .header("content-length", "0")
        .header("authorization", format!("SharedKey devstoreaccount1:{signature}"))
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{method} {path}?{query}: {status} {body}");
    body
}

/// All that is held, by place: names, types and contents, Word files unpacked; messages as far as they can be looked at.
pub async fn everything(storage: &Storage, blobs: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let listed = signed(blobs, "GET", "", "comp=list").await;
    let containers: Vec<&str> = listed
        .split("<Name>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    for expected in ["sources", "drafts", "runs", "published", "audit"] {
        assert!(containers.contains(&expected), "{containers:?}");
    }
    for container in containers {
        for blob in storage.held(container, "").await.unwrap().blobs {
            let content = storage.get_held(container, &blob).await.unwrap().unwrap();
            let metadata = format!("{:?} {:?}", content.metadata, content.content_type);
            let text = unpacked(&content.bytes);
            found.push((
                format!("{container}/{} {:?}", blob.name, blob.copy),
                metadata + &text,
            ));
        }
    }
    for queue in storage.queue_names("").await.unwrap() {
        for raw in storage.peek(&queue).await.unwrap() {
            let text = String::from_utf8_lossy(&decoded(&raw).unwrap_or_default()).into_owned();
            found.push((format!("queue {queue}"), raw + &text));
        }
    }
    found
}

/// The text of a file; of an archive, of all that is in it.
pub fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut part = Vec::new();
            archive.by_index(at).unwrap().read_to_end(&mut part).unwrap();
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

/// Where any of these words stands in a name or a content. A word counts where no letter or digit follows it: `EHC-1` does not
/// stand in `EHC-10`.
pub fn places<'f>(found: &'f [(String, String)], words: &[&str]) -> Vec<(&'f str, String)> {
    let stands = |text: &str, word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let after = text[at + word.len()..].chars().next();
            !after.is_some_and(char::is_alphanumeric)
        })
    };
    let mut all = Vec::new();
    for (place, text) in found {
        for word in words {
            if stands(place, word) || stands(text, word) {
                all.push((place.as_str(), (*word).to_owned()));
            }
        }
    }
    all
}
