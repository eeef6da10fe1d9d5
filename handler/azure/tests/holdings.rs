//! What erasing and exporting need, against a real emulator: all that is held under a prefix, and queues looked at without taking.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use azure::{Copy, Put, Storage, decoded};
use devhost::azurite::Azurite;
use std::time::Duration;

fn emulator() -> (Azurite, Storage) {
    let azurite = Azurite::start().expect("azurite starts");
    let storage = azurite.storage().expect("emulator account");
    (azurite, storage)
}

#[tokio::test]
async fn all_that_is_held_under_a_prefix_is_listed_read_and_deleted_and_nothing_beside_it() {
    let (_azurite, storage) = emulator();
    assert!(
        storage
            .held("none", "")
            .await
            .expect("no container")
            .blobs
            .is_empty()
    );
    storage.ensure_container("held").await.expect("container");
    for name in ["a/1", "a/2", "ab/1"] {
        storage
            .put("held", name, name.as_bytes().to_vec(), Put::default())
            .await
            .expect("put");
    }
    let held = storage.held("held", "a/").await.expect("held");
    assert!(held.with_copies);
    let names: Vec<&str> = held.blobs.iter().map(|blob| blob.name.as_str()).collect();
    assert_eq!(names, ["a/1", "a/2"]);
    for blob in &held.blobs {
        assert_eq!((&blob.copy, blob.deleted, blob.size), (&Copy::Present, false, 3));
        let read = storage
            .get_held("held", blob)
            .await
            .expect("read")
            .expect("there");
        assert_eq!(read.bytes, blob.name.as_bytes());
        assert!(storage.delete_held("held", blob, None).await.expect("delete"));
        assert!(!storage.delete_held("held", blob, None).await.expect("gone"));
        assert!(storage.get_held("held", blob).await.expect("read").is_none());
    }
    let mut left = Vec::new();
    storage
        .walk("held", "", |blob| left.push(blob.name))
        .await
        .expect("walk");
    assert_eq!(left, ["ab/1"]);
}

#[tokio::test]
async fn a_lock_is_deleted_by_its_holder_and_by_nobody_else() {
    let (_azurite, storage) = emulator();
    storage.ensure_container("locks").await.expect("container");
    let lease = storage.acquire_lease("locks", "x", 15).await.expect("lease");
    let lease = lease.expect("free");
    assert!(storage.delete("locks", "x").await.is_err());
    let stale = lease.clone();
    assert!(storage.delete_leased(lease).await.expect("delete"));
    assert!(!storage.delete_leased(stale.clone()).await.expect("gone"));
    // Somebody else begins anew: the one before has nothing to delete.
    let other = storage.acquire_lease("locks", "x", 15).await.expect("lease");
    assert!(other.is_some() && !storage.delete_leased(stale).await.expect("not ours"));
    assert!(storage.properties("locks", "x").await.expect("look").is_some());
}

#[tokio::test]
async fn queues_are_found_by_name_and_looked_at_without_counting_as_a_try() {
    let (_azurite, storage) = emulator();
    for queue in ["draft-a", "draft-b", "other"] {
        storage.ensure_queue(queue).await.expect("queue");
    }
    assert_eq!(
        storage.queue_names("draft-").await.expect("names"),
        ["draft-a", "draft-b"]
    );
    storage
        .send("draft-a", "one", Duration::ZERO)
        .await
        .expect("send");
    storage
        .send("draft-a", "later", Duration::from_mins(1))
        .await
        .expect("send");
    let shown = storage.peek("draft-a").await.expect("peek");
    let texts: Vec<_> = shown.iter().filter_map(|raw| decoded(raw)).collect();
    assert_eq!(texts, [b"one".to_vec()]);
    let taken = storage
        .receive("draft-a", 32, Duration::from_secs(5))
        .await
        .expect("take");
    assert_eq!(taken.iter().map(|one| one.dequeue_count).collect::<Vec<_>>(), [1]);
}
