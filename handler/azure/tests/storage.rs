//! Every operation against a real emulator.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use azure::{Account, Condition, Put, Storage, StorageError};
use devhost::azurite::Azurite;
use std::sync::OnceLock;
use std::time::Duration;

/// One emulator for the whole binary; it ends with this process.
fn storage() -> Storage {
    static AZURITE: OnceLock<Azurite> = OnceLock::new();
    AZURITE
        .get_or_init(|| Azurite::start().expect("azurite starts"))
        .storage()
        .expect("emulator account")
}

async fn container(name: &str) -> Storage {
    let storage = storage();
    storage.ensure_container(name).await.expect("container");
    storage
}

fn put(condition: Condition) -> Put<'static> {
    Put {
        condition,
        ..Put::default()
    }
}

#[tokio::test]
async fn a_blob_comes_back_as_it_was_written() {
    let storage = container("round").await;
    let name = "ehcp/c 1/Appendix B (2) ä%.docx";
    let typed = Put {
        content_type: Some("text/plain"),
        metadata: [("uploaded_by".to_owned(), "a flow".to_owned())].into(),
        ..Put::default()
    };
    let etag = storage
        .put("round", name, b"words".to_vec(), typed)
        .await
        .expect("put");
    let blob = storage.get("round", name).await.expect("get").expect("is there");
    assert_eq!((blob.bytes.as_slice(), &blob.etag), (b"words".as_slice(), &etag));
    assert_eq!(blob.content_type.as_deref(), Some("text/plain"));
    assert_eq!(blob.metadata["uploaded_by"], "a flow");
    let properties = storage
        .properties("round", name)
        .await
        .expect("properties")
        .expect("is there");
    assert_eq!(
        (properties.size, properties.etag, properties.last_modified),
        (5, etag, blob.last_modified)
    );
}

#[tokio::test]
async fn empty_and_large_blobs_come_back_whole() {
    let storage = container("sizes").await;
    for size in [0, 1, 9_000_001] {
        let bytes: Vec<u8> = (0..size)
            .map(|index| u8::try_from(index % 251).expect("small"))
            .collect();
        storage
            .put("sizes", "blob", bytes.clone(), Put::default())
            .await
            .expect("put");
        let blob = storage
            .get("sizes", "blob")
            .await
            .expect("get")
            .expect("is there");
        assert!(blob.bytes == bytes, "{size} bytes");
    }
}

#[tokio::test]
async fn what_is_absent_is_none_and_no_error() {
    let storage = container("absent").await;
    assert!(storage.get("absent", "no").await.expect("get").is_none());
    assert!(
        storage
            .properties("absent", "no")
            .await
            .expect("properties")
            .is_none()
    );
    assert!(
        storage
            .get("no-such-container", "no")
            .await
            .expect("get")
            .is_none()
    );
    assert!(!storage.delete("absent", "no").await.expect("delete"));
    assert_eq!(
        storage.list("no-such-container", "", 10).await.err(),
        Some(StorageError::NotFound)
    );
}

#[tokio::test]
async fn a_write_happens_only_under_its_condition() {
    let storage = container("conditions").await;
    let first = storage
        .put("conditions", "b", b"1".to_vec(), put(Condition::Absent))
        .await
        .expect("absent");
    let again = storage
        .put("conditions", "b", b"2".to_vec(), put(Condition::Absent))
        .await;
    assert_eq!(again, Err(StorageError::Precondition));
    let unchanged = Condition::Unchanged(first.clone());
    let second = storage
        .put("conditions", "b", b"3".to_vec(), put(unchanged))
        .await
        .expect("unchanged");
    assert_ne!(first, second);
    let stale = storage
        .put("conditions", "b", b"4".to_vec(), put(Condition::Unchanged(first)))
        .await;
    assert_eq!(stale, Err(StorageError::Precondition));
    let blob = storage
        .get("conditions", "b")
        .await
        .expect("get")
        .expect("is there");
    assert_eq!(blob.bytes, b"3");
}

#[tokio::test]
async fn a_content_type_can_be_set_afterwards() {
    let storage = container("types").await;
    storage
        .put("types", "b", b"{}".to_vec(), Put::default())
        .await
        .expect("put");
    storage
        .set_content_type("types", "b", "application/json")
        .await
        .expect("set");
    let blob = storage.get("types", "b").await.expect("get").expect("is there");
    assert_eq!(
        (blob.bytes, blob.content_type.as_deref()),
        (b"{}".to_vec(), Some("application/json"))
    );
}

#[tokio::test]
async fn a_listing_follows_prefix_and_limit_and_names_the_state() {
    let storage = container("listing").await;
    let mut etags = Vec::new();
    for name in ["a/1 & 2.txt", "a/3.txt", "b/4.txt"] {
        etags.push(
            storage
                .put("listing", name, vec![0; 7], Put::default())
                .await
                .expect("put"),
        );
    }
    let listed = storage.list("listing", "a/", 10).await.expect("list");
    let names: Vec<&str> = listed.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["a/1 & 2.txt", "a/3.txt"]);
    assert_eq!(
        listed[0].properties.etag, etags[0],
        "a listing's tag equals a header's"
    );
    assert_eq!(listed[0].properties.size, 7);
    assert_eq!(storage.list("listing", "", 2).await.expect("list").len(), 2);
    let first = storage.page("listing", "a/", None, 1).await.expect("page");
    assert!(first.items == listed[..1]);
    let then = storage
        .page("listing", "a/", first.next.as_deref(), 1)
        .await
        .expect("page");
    assert!(then.items == listed[1..] && then.next.is_none());
    assert!(storage.delete("listing", "a/3.txt").await.expect("delete"));
    assert_eq!(storage.list("listing", "a/", 10).await.expect("list").len(), 1);
}

#[tokio::test]
async fn a_lease_has_one_holder() {
    let storage = container("leases").await;
    let lease = storage
        .acquire_lease("leases", "lock", 15)
        .await
        .expect("acquire")
        .expect("free");
    assert!(
        storage
            .acquire_lease("leases", "lock", 15)
            .await
            .expect("acquire")
            .is_none()
    );
    assert_eq!(
        storage.put("leases", "lock", b"x".to_vec(), Put::default()).await,
        Err(StorageError::Leased),
        "a write without the lease is refused"
    );
    let under = Put {
        lease: Some(&lease.id),
        ..Put::default()
    };
    storage
        .put("leases", "lock", b"mine".to_vec(), under)
        .await
        .expect("a write with it");
    storage.renew_lease(&lease).await.expect("renew");
    storage.release_lease(lease.clone()).await.expect("release");
    assert_eq!(
        storage.renew_lease(&lease).await,
        Err(StorageError::Leased),
        "it is gone"
    );
    storage
        .release_lease(lease)
        .await
        .expect("releasing twice is no error");
    assert!(
        storage
            .acquire_lease("leases", "lock", 15)
            .await
            .expect("acquire")
            .is_some()
    );
}

#[tokio::test]
async fn a_message_is_held_hidden_and_deleted() {
    let storage = storage();
    storage.ensure_queue("held").await.expect("queue");
    storage.ensure_queue("held").await.expect("twice is no error");
    storage
        .send("held", "{\"case\":\"c1\"}", Duration::ZERO)
        .await
        .expect("send");
    assert_eq!(storage.approximate_count("held").await.expect("count"), 1);
    let mut held = storage
        .receive("held", 32, Duration::from_secs(30))
        .await
        .expect("receive");
    let mut message = held.pop().expect("one message");
    assert_eq!(message.decoded().expect("base64"), b"{\"case\":\"c1\"}");
    assert_eq!(message.dequeue_count, 1);
    assert!(
        storage
            .receive("held", 32, Duration::from_secs(30))
            .await
            .expect("receive")
            .is_empty()
    );
    storage
        .update_visibility("held", &mut message, Duration::ZERO)
        .await
        .expect("give back");
    let again = storage
        .receive("held", 1, Duration::from_secs(30))
        .await
        .expect("receive")
        .pop();
    let again = again.expect("visible again");
    assert_eq!(
        (again.dequeue_count, again.decoded()),
        (2, message.decoded()),
        "its text is kept"
    );
    storage.delete_message("held", &again).await.expect("delete");
    assert_eq!(storage.approximate_count("held").await.expect("count"), 0);
}

#[tokio::test]
async fn a_delayed_message_stays_hidden_and_never_expires() {
    let storage = storage();
    storage.ensure_queue("later").await.expect("queue");
    storage
        .send("later", "x", Duration::from_secs(2))
        .await
        .expect("send");
    assert!(
        storage
            .receive("later", 1, Duration::from_secs(1))
            .await
            .expect("receive")
            .is_empty()
    );
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let message = storage
        .receive("later", 1, Duration::from_secs(1))
        .await
        .expect("receive")
        .pop();
    let years = message
        .expect("visible now")
        .expires
        .duration_since(jiff::Timestamp::now())
        .as_hours()
        / 8766;
    assert!(years > 50, "expires in {years} years");
}

#[tokio::test]
async fn queues_and_messages_that_cannot_be_are_named() {
    let storage = storage();
    assert_eq!(
        storage.send("no-such-queue", "x", Duration::ZERO).await,
        Err(StorageError::NotFound)
    );
    storage.ensure_queue("large").await.expect("queue");
    let long = "x".repeat(70_000);
    assert_eq!(
        storage.send("large", &long, Duration::ZERO).await,
        Err(StorageError::TooLarge)
    );
}

#[tokio::test]
async fn an_account_that_is_not_there_is_a_passing_fault_found_within_seconds() {
    let settings = |name: &str| {
        (name == "AzureWebJobsStorage").then(|| {
            let account = storage_string();
            account.replace(":PORT", ":9")
        })
    };
    let account = Account::from_settings(settings, "").expect("account");
    let storage = Storage::connect(&account).expect("no request yet");
    let started = std::time::Instant::now();
    let error = storage.get("c", "b").await.err().expect("nobody listens");
    assert!(error.is_passing(), "{error}");
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

fn storage_string() -> String {
    "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;\
     BlobEndpoint=http://127.0.0.1:PORT/devstoreaccount1;QueueEndpoint=http://127.0.0.1:PORT/devstoreaccount1"
        .to_owned()
}

#[tokio::test]
async fn errors_hold_no_names() {
    let storage = container("quiet").await;
    let name = "marker-name.docx";
    storage
        .put("quiet", name, Vec::new(), Put::default())
        .await
        .expect("put");
    let lease = storage
        .acquire_lease("quiet", name, 15)
        .await
        .expect("acquire")
        .expect("free");
    let errors = [
        storage.put("quiet", name, Vec::new(), Put::default()).await.err(),
        storage
            .put("marker-missing", name, Vec::new(), Put::default())
            .await
            .err(),
        storage
            .put("Marker_Invalid", name, Vec::new(), Put::default())
            .await
            .err(),
        storage
            .put("quiet", name, Vec::new(), put(Condition::Absent))
            .await
            .err(),
        storage
            .send("marker-missing", "marker text", Duration::ZERO)
            .await
            .err(),
        storage.acquire_lease("quiet", "marker-other", 3).await.err(),
    ];
    for error in errors {
        let error = error.expect("refused");
        let printed = format!("{error} {error:?}").to_lowercase();
        assert!(!printed.contains("marker"), "{printed}");
    }
    storage.release_lease(lease).await.expect("release");
}

#[tokio::test]
async fn a_blob_that_grows_takes_each_piece_once() {
    let storage = container("grows").await;
    let name = "2026/11/22/a.jsonl";
    storage
        .begin("grows", name, "application/x-ndjson")
        .await
        .expect("begun");
    assert_eq!(
        storage.begin("grows", name, "application/x-ndjson").await,
        Err(StorageError::Precondition)
    );
    storage
        .append("grows", name, b"one\n".to_vec(), 0)
        .await
        .expect("first");
    storage
        .append("grows", name, b"two\n".to_vec(), 4)
        .await
        .expect("second");
    for at in [0, 4, 9] {
        let again = storage.append("grows", name, b"two\n".to_vec(), at).await;
        assert_eq!(again, Err(StorageError::Precondition), "at {at}");
    }
    let blob = storage.get("grows", name).await.expect("get").expect("is there");
    assert_eq!(blob.bytes, b"one\ntwo\n");
    assert_eq!(
        storage.append("grows", "none", b"x".to_vec(), 0).await,
        Err(StorageError::NotFound)
    );
}
