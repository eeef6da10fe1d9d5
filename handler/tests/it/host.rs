//! From uploads and requests to published plans, under a Functions host.

use serde_json::Value;

use crate::app::{ODD_NAMES, report, sample_files};
use crate::site::{Site, stop};

#[tokio::test(flavor = "multi_thread")]
async fn uploads_become_a_published_plan() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "2")]).await;
    for (name, bytes) in sample_files("rowan") {
        site.upload("EHC-1", &name, bytes).await;
    }
    let ready = site.published(&host, "EHC-1", 60).await;
    let record: Value = serde_json::from_slice(&site.result(&host, "EHC-1", "record.json", 1).await).unwrap();
    assert_eq!(
        (&ready["run"], record["sources"].as_array().unwrap().len()),
        (&record["run"], 6)
    );
    // The same by HTTP, through the host's routes.
    let base = host.base_url();
    let status = reqwest::get(format!("{base}/api/drafts/ehcp/EHC-1"))
        .await
        .unwrap();
    assert_eq!(status.status().as_u16(), 200);
    let draft = reqwest::get(format!("{base}/api/drafts/ehcp/EHC-1/draft.docx"))
        .await
        .unwrap();
    assert_eq!(
        draft.bytes().await.unwrap().to_vec(),
        site.result(&host, "EHC-1", "draft.docx", 1).await
    );
    assert_eq!(
        site.runs("EHC-1").await,
        1,
        "one draft, however many events there were"
    );
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_http_becomes_a_published_plan() {
    use base64::Engine as _;
    let site = Site::new().await;
    let host = site.host(&[]).await;
    let client = reqwest::Client::new();
    let address = format!("{}/api/drafts/ehcp/EHC-2", host.base_url());
    let content = base64::engine::general_purpose::STANDARD.encode(report("Ada Bell", "01/02/2018"));
    let body = serde_json::json!({ "documents": [{ "name": "Appendix D.txt", "content": content }] });
    let answer = client.post(&address).json(&body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(location, address);
    site.published(&host, "EHC-2", 60).await;
    assert_eq!(client.get(&location).send().await.unwrap().status().as_u16(), 200);
    // What is proxied knows its caller's address as well, and not only the port that the host proxies to.
    let withdrawn = client
        .delete(format!("{address}/sources/Appendix%20D.txt"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            withdrawn.status().as_u16(),
            withdrawn.headers()["location"].to_str().unwrap()
        ),
        (202, address.as_str())
    );
    // A body without length is lost in the host: the caller is told.
    let chunks = reqwest::Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>("{}")]));
    assert_eq!(
        client
            .post(&address)
            .body(chunks)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        411
    );
    assert_eq!(
        client
            .post(format!("{}/api/drafts/ehcp/a.b", host.base_url()))
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        400
    );
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_kind_reach_the_plan() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "2")]).await;
    for name in ODD_NAMES {
        site.upload("n1", name, report("Ada Bell", "01/02/2018")).await;
    }
    site.upload("n1/deeper", "x.txt", report("Quillon Zarpent", "05/06/2014"))
        .await;
    site.published(&host, "n1", 60).await;
    let record = site.json("drafts", "ehcp/n1/record.json").await.unwrap();
    let mut names: Vec<&str> = record["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let mut expected = ODD_NAMES.to_vec();
    expected.sort_unstable();
    assert_eq!(names, expected);
    // Its event may come after the others'.
    let mut refused = 0;
    for _ in 0..100 {
        refused = site.storage.list("runs", "refused/", 10).await.unwrap().len();
        if refused > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(refused, 1);
    site.nothing_failed(&host).await;
    stop(host).await;
}
