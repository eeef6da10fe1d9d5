//! The program of this machine, and programs that misbehave in its place.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reading::scan::Picture;
use recognition::{Fault, Local, LocalFault, Recogniser as _, Tesseract};

fn with(program: &str, languages: &str, time: Duration) -> Tesseract {
    let local = Local {
        program: PathBuf::from(program),
        languages: languages.to_owned(),
        time,
        at_once: 2,
    };
    Tesseract::new(PathBuf::from(env!("CARGO_BIN_EXE_recogniser")), Vec::new(), local)
}

fn bad(conduct: &str) -> Tesseract {
    with(
        env!("CARGO_BIN_EXE_bad_recogniser"),
        conduct,
        Duration::from_secs(2),
    )
}

fn picture(png: Vec<u8>) -> Picture {
    Picture {
        page: 1,
        width: 600,
        height: 400,
        dpi: 300.0,
        rules: Vec::new(),
        png,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

#[tokio::test]
async fn a_program_that_misbehaves_costs_one_page() {
    for (conduct, expected) in [
        (
            "hang",
            Fault::Slow {
                limit: Duration::from_secs(2),
            },
        ),
        ("flood", Fault::BrokeOff),
        ("hog", Fault::BrokeOff),
        ("quit", Fault::BrokeOff),
        ("garbage", Fault::Unreadable),
    ] {
        let answer = bad(conduct).recognise(&picture(vec![0; 100_000]), soon()).await;
        assert_eq!(answer, Err(expected), "{conduct}");
    }
}

#[tokio::test]
async fn the_deadline_of_the_run_ends_a_page() {
    let soon = Instant::now() + Duration::from_millis(300);
    let answer = bad("hang").recognise(&picture(vec![0; 10]), soon).await;
    assert_eq!(answer, Err(Fault::Deadline));
}

#[tokio::test]
async fn the_program_has_its_pipes_and_may_write_no_file() {
    let recognised = bad("look")
        .recognise(&picture(vec![7; 1234]), soon())
        .await
        .unwrap();
    // Its input was read whole, and of the environment there is the one word that it is given.
    assert_eq!(recognised.words[0].text, "true,1234,OMP_THREAD_LIMIT");
    let answer = bad("write").recognise(&picture(vec![7; 10]), soon()).await;
    assert_eq!(answer, Err(Fault::BrokeOff));
}

#[tokio::test]
async fn a_program_that_is_not_there_says_what_to_install() {
    for program in ["/nowhere/tesseract", "/bin/true", "/bin/echo"] {
        let missing = with(program, "eng", Duration::from_secs(2));
        assert_eq!(missing.check(), Err(LocalFault::Missing), "{program}");
        let answer = missing.recognise(&picture(Vec::new()), soon()).await;
        assert_eq!(answer, Err(Fault::Local(LocalFault::Missing)));
        assert!(answer.unwrap_err().to_string().contains("tesseract-ocr"));
    }
    let language = with(
        env!("CARGO_BIN_EXE_bad_recogniser"),
        "hang+xyz",
        Duration::from_secs(2),
    );
    assert_eq!(language.check(), Err(LocalFault::Language("xyz".into())));
}

/// Against the program itself.
#[tokio::test]
async fn a_page_that_is_no_picture_has_no_words() {
    let program = ["/usr/bin/tesseract", "/usr/local/bin/tesseract"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let program =
        program.expect("tesseract is not installed: run `cargo xtask test`, or install `tesseract-ocr`");
    let tesseract = with(program, "eng", Duration::from_secs(20));
    assert_eq!(tesseract.check(), Ok(()));
    assert!(
        tesseract.name().starts_with("tesseract ") && tesseract.name().ends_with(", eng"),
        "{}",
        tesseract.name()
    );
    for bytes in [b"no picture".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec(), Vec::new()] {
        let answer = tesseract.recognise(&picture(bytes), soon()).await;
        assert!(
            matches!(answer, Err(Fault::BrokeOff | Fault::Unreadable)),
            "{answer:?}"
        );
    }
}
