//! Files through a child process, and children that misbehave.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use drafting::source::{Content, Reading, Rejection};
use reading::sandbox::{ReaderUnavailable, Sandbox, SandboxLimits};

fn limits() -> SandboxLimits {
    SandboxLimits {
        time: Duration::from_secs(20),
        ..SandboxLimits::default()
    }
}

fn good() -> Sandbox {
    Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_reader")), Vec::new(), limits())
}

fn bad(conduct: &str, limits: SandboxLimits) -> Sandbox {
    Sandbox::new(
        PathBuf::from(env!("CARGO_BIN_EXE_bad_reader")),
        vec![conduct.into()],
        limits,
    )
}

fn text(reading: &Reading) -> &str {
    match &reading.blocks.first().unwrap().content {
        Content::Paragraph { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

async fn check(conduct: &str, limits: SandboxLimits, expected: &str) {
    let answer = bad(conduct, limits).read(vec![b'x'; 1 << 20]).await.unwrap();
    assert_eq!(
        answer,
        Err(Rejection::Hostile {
            what: expected.into()
        }),
        "{conduct}"
    );
}

#[tokio::test]
async fn files_are_read_as_in_process() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/amina/sources");
    let bytes = std::fs::read(format!("{folder}/Appendix A.docx")).unwrap();
    let direct = reading::parse(&bytes, &reading::Limits::default()).unwrap();
    assert_eq!(good().read(bytes).await, Ok(Ok(direct)));
    for extension in ["odt", "rtf", "html"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/converted");
        let bytes = std::fs::read(format!("{folder}/Appendix D - EP.{extension}")).unwrap();
        let direct = reading::parse(&bytes, &reading::Limits::default()).unwrap();
        assert_eq!(good().read(bytes).await, Ok(Ok(direct)), "{extension}");
    }
    assert_eq!(
        good().read(b"MZ\x90\0".to_vec()).await,
        Ok(Err(Rejection::Unsupported {
            what: "a program".into()
        }))
    );
    assert_eq!(good().read(Vec::new()).await, Ok(Err(Rejection::Empty)));
}

#[tokio::test]
async fn large_files_are_refused_unread() {
    let small = Sandbox::new(
        PathBuf::from("/nowhere"),
        Vec::new(),
        limits().with_file_bytes(10),
    );
    let answer = small.read(vec![b'x'; 11]).await.unwrap();
    assert!(matches!(answer, Err(Rejection::TooLarge { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_missing_reader_says_nothing_of_the_file() {
    let none = Sandbox::new(PathBuf::from("/nowhere/reader"), Vec::new(), limits());
    assert_eq!(none.read(b"x".to_vec()).await, Err(ReaderUnavailable::NotStarted));
}

#[tokio::test]
async fn misconduct_is_hostile() {
    check("hog", limits(), "memory").await;
    check("deep", limits(), "memory").await;
    check("panic", limits(), "the reader crashed").await;
    check("exit", limits(), "the reader crashed").await;
    check("garbage", limits(), "the reader crashed").await;
    check("silence", limits(), "the reader crashed").await;
    check(
        "flood",
        SandboxLimits {
            answer_bytes: 1 << 20,
            ..limits()
        },
        "output",
    )
    .await;
    check(
        "deaf",
        SandboxLimits {
            time: Duration::from_secs(1),
            ..limits()
        },
        "time",
    )
    .await;
}

#[tokio::test]
async fn endless_work_ends_by_the_childs_own_clock() {
    check(
        "loop",
        SandboxLimits {
            time: Duration::from_mins(3),
            ..limits()
        },
        "time",
    )
    .await;
}

#[tokio::test]
async fn a_child_has_nothing_but_its_pipes() {
    let answer = bad("report", limits())
        .read(b"x".to_vec())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        text(&answer),
        "file false socket false written false program false environment 0"
    );
}

#[tokio::test]
async fn a_crash_loses_one_file_only() {
    let sandbox = bad(
        "panic",
        SandboxLimits {
            children: 2,
            ..limits()
        },
    );
    let reads = (0..8).map(|_| {
        let sandbox = sandbox.clone();
        tokio::spawn(async move { sandbox.read(b"x".to_vec()).await })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(
            read.await.unwrap(),
            Ok(Err(Rejection::Hostile {
                what: "the reader crashed".into()
            }))
        );
    }
    assert!(good().read(b"He reads.".to_vec()).await.unwrap().is_ok());
}

/// Starting a child must not cost more than reading does.
#[tokio::test]
async fn a_child_starts_quickly() {
    let sandbox = good();
    let start = Instant::now();
    for _ in 0..20 {
        assert!(sandbox.read(b"He reads.".to_vec()).await.unwrap().is_ok());
    }
    let each = start.elapsed() / 20;
    assert!(each < Duration::from_millis(500), "{each:?}");
}
