//! A panic says where it was and not what the program was working on: in a process of its own, since its hook is the process's.

use std::process::Command;

const CHILD: &str = "panics::a_program_that_panics_over_a_report";

#[test]
#[ignore = "it is the child of the test below"]
fn a_program_that_panics_over_a_report() {
    handler::logs::start(tracing::Level::DEBUG);
    let report = std::hint::black_box("éZqmarkerchild lives at 1 Zqmarker Street");
    let cut = std::thread::spawn(move || report.split_at(1).0.len()).join();
    let told = std::thread::spawn(move || {
        let fault: Result<(), String> = Err(report.to_owned());
        fault.map_or_else(|text| panic!("`{text}` could not be read"), |()| 0)
    });
    assert!(cut.is_err() && told.join().is_err());
}

#[test]
fn a_forced_panic_quotes_no_word_of_a_report() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            CHILD,
            "--ignored",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("the program panicked").count(), 2, "{said}");
    assert!(!said.contains("Zqmarker"), "{said}");
}
