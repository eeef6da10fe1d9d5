//! The five containers of the council's earlier system, taken over by the command.

use std::process::Command;

use azure::{Put, Storage};
use devhost::azurite::Azurite;

const KEY: &str = "a-key-that-only-the-tests-know-0123456789";

/// An emulator that holds one account, in which the earlier system's containers lie beside the app's own.
struct Account {
    azurite: Azurite,
    storage: Storage,
    folder: tempfile::TempDir,
}

impl Account {
    async fn start() -> Self {
        let azurite = tokio::task::spawn_blocking(Azurite::start)
            .await
            .unwrap()
            .unwrap();
        let storage = azurite.storage().unwrap();
        for container in [
            "source-docs",
            "outputs",
            "run-archive",
            "sources",
            "runs",
            "audit",
        ] {
            storage.ensure_container(container).await.unwrap();
        }
        Self {
            azurite,
            storage,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn put(&self, container: &str, name: &str, text: &str) {
        let bytes = text.as_bytes().to_vec();
        self.storage
            .put(container, name, bytes, Put::default())
            .await
            .unwrap();
    }

    async fn names(&self, container: &str) -> Vec<String> {
        let listed = self.storage.list(container, "", 100).await.unwrap();
        listed.into_iter().map(|item| item.name).collect()
    }

    /// Runs the command with a table, if there is one: exit code, output, and what is said.
    async fn migrate(&self, table: Option<&str>, flags: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
        command
            .args(["migrate", "--from", &self.azurite.connection_string()])
            .args(flags)
            .env_clear()
            .env("DocumentStorage", self.azurite.connection_string())
            .env("RECIPES_PATH", concat!(env!("CARGO_MANIFEST_DIR"), "/../recipes"))
            .env("AUDIT_KEY", KEY);
        if let Some(table) = table {
            let path = self.folder.path().join("cases.csv");
            std::fs::write(&path, table).unwrap();
            command.arg("--cases").arg(path);
        }
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }
}

async fn filled() -> Account {
    let account = Account::start().await;
    account.put("source-docs", "Appendix A.pdf", "present").await;
    account.put("outputs", "output_s1_i2.md", "section").await;
    for run in ["20260102_030405_ab12", "20260203_040506_cd34"] {
        account
            .put("run-archive", &format!("{run}/source_docs/Appendix A.pdf"), run)
            .await;
        account
            .put("run-archive", &format!("{run}/outputs/draft_EHCP.docx"), run)
            .await;
    }
    account
}

#[tokio::test(flavor = "multi_thread")]
async fn five_containers_are_copied_by_a_persons_table_and_nothing_is_deleted() {
    let account = filled().await;
    let (code, table, _) = account.migrate(None, &[]).await;
    assert_eq!(code, 0);
    assert_eq!(
        table.trim_end().lines().collect::<Vec<_>>(),
        [
            "run,case,draft,files",
            "20260102_030405_ab12,,no,2",
            "20260203_040506_cd34,,no,2",
            "current,,no,2",
        ]
    );

    // As a spreadsheet writes it: with a mark of its encoding and line ends of its own.
    let table = "\u{feff}run,case,draft,files\r\n20260102_030405_ab12,EHC-1,no,2\r\n20260203_040506_cd34,,no,2\r\n\
                 current,EHC-2,yes,2\r\n";
    let (code, planned, said) = account.migrate(Some(table), &["--dry-run"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("4 files to copy, 0 there already, 2 left"),
        "{said}"
    );
    assert!(
        planned.contains("source-docs/Appendix A.pdf -> sources/ehcp/EHC-2/Appendix A.pdf"),
        "{planned}"
    );
    assert!(account.names("sources").await.is_empty());

    let before = (account.names("run-archive").await, account.names("outputs").await);
    let (code, _, said) = account.migrate(Some(table), &[]).await;
    assert_eq!((code, said.contains("4 files copied")), (0, true), "{said}");
    assert_eq!(account.names("sources").await, ["ehcp/EHC-2/Appendix A.pdf"]);
    assert_eq!(
        account.names("runs").await,
        [
            "ehcp/EHC-1/migrated/20260102_030405_ab12/outputs/draft_EHCP.docx",
            "ehcp/EHC-1/migrated/20260102_030405_ab12/source_docs/Appendix A.pdf",
            "ehcp/EHC-2/migrated/current/outputs/output_s1_i2.md",
        ]
    );
    assert_eq!(
        (account.names("run-archive").await, account.names("outputs").await),
        before
    );

    let (code, _, said) = account.migrate(Some(table), &[]).await;
    assert_eq!(
        (code, said.contains("0 files copied, 4 there already")),
        (0, true),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_lie_in_one_place_is_refused_before_anything_is_copied() {
    let account = filled().await;
    // Two runs of one child, both to be drafted from: their reports of one name may differ.
    let both = "run,case,draft\n20260102_030405_ab12,EHC-1,yes\n20260203_040506_cd34,EHC-1,yes\n";
    let (code, _, said) = account.migrate(Some(both), &[]).await;
    assert_eq!(code, 2);
    assert!(said.contains("another file goes there already"), "{said}");

    account
        .put("sources", "ehcp/EHC-2/Appendix A.pdf", "newer!!")
        .await;
    let there = "run,case,draft\ncurrent,EHC-2,yes\n";
    let (code, _, said) = account.migrate(Some(there), &[]).await;
    assert_eq!(code, 2);
    assert!(said.contains("another file lies there"), "{said}");
    assert!(account.names("runs").await.is_empty());

    let wrong = "run,case,draft\nunknown,EHC-1,no\n";
    let (code, _, said) = account.migrate(Some(wrong), &[]).await;
    assert_eq!(
        (code, said.contains("unknown: no file of this run was found")),
        (2, true),
        "{said}"
    );
    let wrong = "run,case,draft\ncurrent,Jane Doe,no\ncurrent,EHC-1,perhaps\n";
    let (code, _, said) = account.migrate(Some(wrong), &[]).await;
    assert_eq!(code, 2);
    assert!(said.contains("line 2: the case's reference"), "{said}");
    assert!(said.contains("line 3: `draft` is `yes` or `no`"), "{said}");
    assert!(!said.contains("Jane"), "{said}");
}
