//! Settings become an account by the host's naming, or a fault that says what to set.

use azure::{Account, AccountFault, Identity};
use proptest::prelude::*;

const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

fn account(settings: &[(&str, &str)], connection: &str) -> Result<Account, AccountFault> {
    let get = |name: &str| {
        settings
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Account::from_settings(get, connection)
}

fn managed(client_id: Option<&str>) -> Identity {
    Identity::Managed {
        client_id: client_id.map(str::to_owned),
    }
}

#[test]
fn settings_name_an_account() {
    let check = |settings: &[(&str, &str)], connection, blob: &str, identity: Option<Identity>| {
        let account = account(settings, connection).unwrap_or_else(|fault| panic!("{settings:?}: {fault}"));
        assert_eq!(
            account.blob_endpoint().as_str().trim_end_matches('/'),
            blob,
            "{settings:?}"
        );
        assert_eq!(account.identity(), identity.as_ref(), "{settings:?}");
    };
    let emulator = "http://127.0.0.1:10000/devstoreaccount1";
    let development = "UseDevelopmentStorage=true";
    check(&[("AzureWebJobsStorage", development)], "", emulator, None);
    check(
        &[("AzureWebJobsStorage", "usedevelopmentstorage=True;")],
        "AzureWebJobsStorage",
        emulator,
        None,
    );
    check(&[("Docs", development)], "Docs", emulator, None);
    check(
        &[("AzureWebJobsDocs", development), ("Docs", "AccountKey=x")],
        "Docs",
        emulator,
        None,
    );
    check(
        &[("Docs", development), ("Docs__accountName", "acct")],
        "Docs",
        emulator,
        None,
    );
    let azurite = format!(
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={KEY};\
         BlobEndpoint=http://localhost:5/devstoreaccount1/;QueueEndpoint=http://[::1]:6/devstoreaccount1;"
    );
    check(
        &[("S", &azurite)],
        "S",
        "http://localhost:5/devstoreaccount1",
        None,
    );

    let cloud = "https://acct.blob.core.windows.net";
    check(
        &[("S__accountName", "acct")],
        "S",
        cloud,
        Some(Identity::Developer),
    );
    check(
        &[("S__accountName", "acct"), ("IDENTITY_ENDPOINT", "http://x")],
        "S",
        cloud,
        Some(managed(None)),
    );
    check(
        &[
            ("S__accountName", "acct"),
            ("S__credential", "ManagedIdentity"),
            ("S__clientId", "id"),
        ],
        "S",
        cloud,
        Some(managed(Some("id"))),
    );
    let both = [
        ("S__blobServiceUri", cloud),
        ("S__queueServiceUri", "https://acct.queue.core.windows.net/"),
    ];
    check(&both, "S", cloud, Some(Identity::Developer));
    let mixed = [
        ("S__accountName", "other"),
        ("S__blobServiceUri", cloud),
        ("AZURE_CLIENT_ID", "unused"),
    ];
    check(&mixed, "S", cloud, Some(Identity::Developer));
}

#[test]
fn settings_that_name_none_say_what_to_do() {
    let check = |settings: &[(&str, &str)], expected: &str| {
        let fault = account(settings, "S").expect_err("refused").to_string();
        assert!(fault.contains(expected), "{settings:?}: {fault}");
        assert!(!fault.contains("marker"), "{fault}");
    };
    check(&[], "S__accountName");
    check(&[("S", " ")], "S__accountName");
    check(
        &[("S", "AccountName=acct;AccountKey=markerkey==")],
        "keys are not taken",
    );
    check(
        &[("S", "BlobEndpoint=https://acct/;SharedAccessSignature=marker")],
        "keys are not taken",
    );
    check(&[("S__blobServiceUri", "https://marker")], "S__queueServiceUri");
    check(&[("S__queueServiceUri", "https://marker")], "S__blobServiceUri");
    check(
        &[
            ("S__blobServiceUri", "http://marker"),
            ("S__queueServiceUri", "https://marker"),
        ],
        "S__blobServiceUri",
    );
    check(&[("S__accountName", "mark er")], "S__accountName");
    check(&[("S__accountName", "evil.example/marker")], "S__accountName");
    check(
        &[("S__accountName", "acct"), ("S__credential", "marker")],
        "S__credential",
    );
    let elsewhere = format!(
        "AccountName=devstoreaccount1;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://marker.net/a"
    );
    check(&[("S", &elsewhere)], "loopback");
    let half = format!("AccountName=devstoreaccount1;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:1/a");
    check(&[("S", &half)], "QueueEndpoint");
}

proptest! {
    #[test]
    fn no_text_yields_the_public_key_for_another_machine(host in "[a-z0-9.-]{1,20}", port in 1u16.., tail in ".{0,40}") {
        let text = format!(
            "AccountName=devstoreaccount1;AccountKey={KEY};BlobEndpoint=http://{host}:{port}/a;QueueEndpoint=http://{host}/a;{tail}"
        );
        if let Ok(account) = account(&[("S", &text)], "S") {
            let name = account.blob_endpoint().host_str().unwrap_or_default();
            prop_assert!(name == "localhost" || name == "[::1]" || name.starts_with("127."), "{name}");
        }
    }

    #[test]
    fn any_connection_string_is_read_or_refused(text in ".{0,200}") {
        if let Err(fault) = account(&[("S", &text)], "S") {
            prop_assert!(!fault.to_string().is_empty());
        }
    }
}
