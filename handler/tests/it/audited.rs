//! The audit log over a real storage emulator: several writers, a rewound one, and bad hands.

use std::process::Command;

use audit::{Event, Keys, Note};
use azure::{Put, Storage};
use devhost::azurite::Azurite;
use handler::audit_log::{AuditLog, verify};

const KEY: &str = "a-key-that-only-the-tests-know-0123456789";

fn keys() -> Keys {
    Keys::parse(KEY).unwrap()
}

async fn emulator() -> (Azurite, Storage) {
    let azurite = tokio::task::spawn_blocking(Azurite::start)
        .await
        .unwrap()
        .unwrap();
    let storage = azurite.storage().unwrap();
    (azurite, storage)
}

async fn told(log: &AuditLog, entries: u64) {
    for number in 0..entries {
        log.tell(Note::of(Event::Drafted).with("critical", number))
            .await
            .unwrap();
    }
}

/// Names with sizes, in order.
async fn files(storage: &Storage) -> Vec<String> {
    let listed = storage.list("audit", "", 100).await.unwrap();
    listed.into_iter().map(|item| item.name).collect()
}

async fn bytes(storage: &Storage, name: &str) -> Vec<u8> {
    storage.get("audit", name).await.unwrap().unwrap().bytes
}

/// What the command says, and its exit code.
async fn commanded(azurite: &Azurite) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
    command
        .args(["audit", "verify"])
        .env_clear()
        .env("DocumentStorage", azurite.connection_string())
        .env("AUDIT_KEY", KEY);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_log_of_several_writers_is_whole_until_somebody_changes_it() {
    let (azurite, storage) = emulator().await;
    let (first, second) = (
        AuditLog::new(storage.clone(), keys()),
        AuditLog::new(storage.clone(), keys()),
    );
    told(&first, 3).await;
    let of_first = files(&storage).await.remove(0);
    tokio::join!(told(&first, 4), told(&second, 5));
    let checked = verify(&storage, &keys()).await.unwrap();
    assert_eq!((checked.files, checked.entries), (2, 14));
    let (code, said) = commanded(&azurite).await;
    assert_eq!(
        (code, said.contains("14 entries in 2 files")),
        (0, true),
        "{said}"
    );

    let whole = bytes(&storage, &of_first).await;
    let changed = String::from_utf8(whole.clone())
        .unwrap()
        .replacen("\"critical\":1", "\"critical\":0", 1);
    storage
        .put("audit", &of_first, changed.into_bytes(), Put::default())
        .await
        .unwrap();
    let (code, said) = commanded(&azurite).await;
    assert_eq!(code, 2);
    assert!(said.contains(&format!("{of_first}, line 3")), "{said}");
    assert!(!said.contains(KEY), "{said}");

    // The second writer has seen three notes of the first: a file that is gone or cut short is missed.
    storage.delete("audit", &of_first).await.unwrap();
    assert!(
        verify(&storage, &keys())
            .await
            .unwrap_err()
            .to_string()
            .contains(&of_first)
    );
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap();
    storage
        .put("audit", &of_first, whole[..=line].to_vec(), Put::default())
        .await
        .unwrap();
    assert!(
        verify(&storage, &keys())
            .await
            .unwrap_err()
            .to_string()
            .contains("ends before entry")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_of_the_audit_log_whose_end_was_moved_goes_on_in_a_file_of_its_own() {
    let (_azurite, storage) = emulator().await;
    let log = AuditLog::new(storage.clone(), keys());
    told(&log, 2).await;
    let name = files(&storage).await.remove(0);
    let at = bytes(&storage, &name).await.len() as u64;
    // Somebody adds a line that is none.
    storage
        .append("audit", &name, b"{}\n".to_vec(), at)
        .await
        .unwrap();
    told(&log, 2).await;
    assert_eq!(files(&storage).await.len(), 2);
    let fault = verify(&storage, &keys()).await.unwrap_err().to_string();
    assert!(fault.contains(&format!("{name}, line 4")), "{fault}");
    // With both broken it is the first of them that is named.
    let both = files(&storage).await;
    for file in &both {
        let at = bytes(&storage, file).await.len() as u64;
        storage.append("audit", file, b"{}\n".to_vec(), at).await.unwrap();
    }
    let fault = verify(&storage, &keys()).await.unwrap_err().to_string();
    assert!(fault.contains(&both[0]), "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_log_that_is_not_there_is_begun_and_an_empty_one_is_whole() {
    let (azurite, storage) = emulator().await;
    assert_eq!(verify(&storage, &keys()).await.unwrap().files, 0);
    assert_eq!(commanded(&azurite).await.0, 0);
    told(&AuditLog::new(storage.clone(), keys()), 1).await;
    // Another instance begins its file at this moment, or was killed when it had.
    storage
        .begin(
            "audit",
            "2026/11/22/101502-1f0c33aa.jsonl",
            "application/x-ndjson",
        )
        .await
        .unwrap();
    let checked = verify(&storage, &keys()).await.unwrap();
    assert_eq!((checked.files, checked.entries), (2, 2));
    assert_eq!(commanded(&azurite).await.0, 0);
}
