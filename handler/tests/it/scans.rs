//! Scanned documents: read by a recogniser where one is set, and a finding where none is.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::app::sample;

/// Drafts from the scan of a sample case, with these settings.
fn draft(sources: &Path, out: &Path, settings: &[(&str, &str)]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_handler"))
        .args([
            "draft",
            sources.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--date",
            "2026-11-02",
        ])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_clear()
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let record = std::fs::read(out.join("record.json")).unwrap_or_else(|_| {
        panic!("no record: {}", String::from_utf8_lossy(&output.stderr));
    });
    (output, serde_json::from_slice(&record).unwrap())
}

/// Where tesseract is. These tests are of no use without it, so that they fail.
fn tesseract() -> &'static str {
    let found = [
        "/usr/bin/tesseract",
        "/usr/local/bin/tesseract",
        "/opt/homebrew/bin/tesseract",
    ];
    found
        .into_iter()
        .find(|program| Path::new(program).exists())
        .unwrap_or_else(|| {
            panic!(
                "tesseract is not installed: run `cargo xtask test`, or install the package `tesseract-ocr`"
            )
        })
}

fn local() -> Vec<(&'static str, &'static str)> {
    vec![("OCR", "tesseract"), ("OCR_PROGRAM", tesseract())]
}

fn scan(record: &Value) -> &Value {
    let sources = record["sources"].as_array().unwrap();
    sources
        .iter()
        .find(|source| source["name"] == "Appendix C.pdf")
        .unwrap()
}

fn findings<'r>(record: &'r Value, rule: &str) -> Vec<&'r Value> {
    let all = record["findings"].as_array().unwrap().iter();
    all.filter(|finding| finding["rule"] == rule).collect()
}

/// What supports the draft, from a file.
fn quotes(record: &Value, file: &str) -> Vec<String> {
    let evidence = record["evidence"].as_object().unwrap().values();
    let own = evidence.filter(|one| one["source"] == file);
    own.map(|one| one["quote"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_scan_of_a_case_is_drafted_from() {
    let out = tempfile::tempdir().unwrap();
    let (output, record) = draft(&sample("tomas").join("sources"), out.path(), &local());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let scan = scan(&record);
    assert_eq!(scan["state"], "used", "{scan}");
    assert_eq!(scan["pages"], 2);
    assert!(scan["words"].as_u64().unwrap() > 350, "{scan}");
    // Its form was read as a table: what stands in it is known.
    assert_eq!(
        (scan["advice"].as_str(), scan["date"].as_str()),
        (Some("medical"), Some("2026-10-08")),
        "{scan}"
    );
    let recognition = &scan["recognition"];
    assert!(
        recognition["by"].as_str().unwrap().starts_with("tesseract "),
        "{recognition}"
    );
    assert_eq!(recognition["pages"].as_array().unwrap().len(), 2);
    for page in recognition["pages"].as_array().unwrap() {
        assert!(
            page["mean"].as_u64().unwrap() > 85 && page["words"].as_u64().unwrap() > 150,
            "{page}"
        );
    }
    assert_eq!(record["drafter"]["recognition"], recognition["by"]);
    let quotes = quotes(&record, "Appendix C.pdf");
    for words in [
        "Review by the dietitian.",
        "A blood test for iron in January 2027.",
        "He has no awareness of danger, and puts stones and sand into his mouth.",
        "Tomas will eat ten different foods.",
    ] {
        assert!(
            quotes.iter().any(|quote| quote == words),
            "`{words}` supports nothing: {quotes:#?}"
        );
    }
    assert!(findings(&record, "source.unreadable").is_empty());
    assert_eq!(findings(&record, "source.recognised").len(), 1);
    assert_eq!(record["outcome"]["state"], "needs_review");
    let evidence = record["evidence"].as_object().unwrap().values();
    for one in evidence {
        assert_eq!(
            one.get("confidence").is_some(),
            one["source"] == "Appendix C.pdf",
            "{one}"
        );
    }
    let page = std::fs::read_to_string(out.path().join("report.html")).unwrap();
    for told in [
        "Read from a scan by text recognition",
        "read from the scan, at least",
    ] {
        assert!(page.contains(told), "`{told}` is not in the report");
    }
}

#[test]
fn the_same_scan_gives_the_same_draft() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for out in [&one, &two] {
        draft(
            &sample("tomas").join("sources/Appendix C.pdf"),
            out.path(),
            &local(),
        );
    }
    for file in ["draft.docx", "evidence.docx", "report.html"] {
        let bytes = |out: &tempfile::TempDir| std::fs::read(out.path().join(file)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{file} differs");
    }
}

#[test]
fn without_a_recogniser_a_scan_stays_a_finding() {
    let out = tempfile::tempdir().unwrap();
    let (_, record) = draft(&sample("tomas").join("sources"), out.path(), &[]);
    assert_eq!(scan(&record)["state"]["unreadable"]["reason"], "scanned");
    assert_eq!(findings(&record, "source.unreadable").len(), 1);
    assert!(record["drafter"].get("recognition").is_none());
}

#[test]
fn a_recogniser_that_is_not_there_says_what_to_install() {
    let out = tempfile::tempdir().unwrap();
    let settings = [("OCR", "tesseract"), ("OCR_PROGRAM", "/nowhere/tesseract")];
    let (_, record) = draft(&sample("tomas").join("sources"), out.path(), &settings);
    assert_eq!(scan(&record)["state"]["unreadable"]["reason"], "scanned");
    let notices = findings(&record, "source.notice");
    let told = notices
        .iter()
        .any(|finding| finding["message"].as_str().unwrap().contains("install it"));
    assert!(told, "{notices:#?}");
}

#[test]
fn the_settings_are_checked_with_the_program() {
    let check = |program: &str, languages: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_handler"))
            .arg("check-config")
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env_clear()
            .envs([
                ("DocumentStorage", "UseDevelopmentStorage=true"),
                ("OCR", "tesseract"),
                ("OCR_PROGRAM", program),
                ("OCR_LANGUAGES", languages),
            ])
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert_eq!(
        check(tesseract(), "eng"),
        (true, "the settings have no faults\n".to_owned())
    );
    let (sound, told) = check("/nowhere/tesseract", "eng");
    assert!(
        !sound && told.contains("tesseract-ocr") && told.contains("OCR_PROGRAM"),
        "{told}"
    );
    let (sound, told) = check(tesseract(), "xyz");
    assert!(!sound && told.contains("tesseract-ocr-xyz"), "{told}");
}

/// A page with text before a scanned page, as when somebody scans a signature sheet into a report.
#[test]
fn only_the_pages_without_text_are_read_from_their_pictures() {
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let scan = std::fs::read(sample("tomas").join("sources/Appendix C.pdf")).unwrap();
    std::fs::write(
        sources.path().join("Mixed.pdf"),
        with_text_on_the_first_page(&scan),
    )
    .unwrap();
    let (_, record) = draft(sources.path(), out.path(), &local());
    let source = &record["sources"][0];
    let pages = source["recognition"]["pages"].as_array().unwrap();
    assert_eq!(
        pages
            .iter()
            .map(|page| page["page"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [2]
    );
    assert!(source["words"].as_u64().unwrap() > 150, "{source}");
}

/// The sample scan with the content of its first page replaced by a line of text, through an update at its end.
fn with_text_on_the_first_page(scan: &[u8]) -> Vec<u8> {
    let content =
        "BT /F1 12 Tf 72 720 Td (Child: Tomas Kestrick is four years old and plays by the water.) Tj ET";
    let page = "1 0 obj\n<< /Type /Page /Parent 6 0 R /MediaBox [0 0 595 842] /Contents 90 0 R /Resources << /Font << /F1 << \
                /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>\nendobj\n";
    let text = format!(
        "90 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n",
        content.len()
    );
    let mut file = scan.to_vec();
    file.push(b'\n');
    let first = file.len();
    file.extend(page.as_bytes());
    let second = file.len();
    file.extend(text.as_bytes());
    let table = file.len();
    let before = String::from_utf8_lossy(scan)
        .rsplit("startxref")
        .next()
        .unwrap()
        .lines()
        .nth(1)
        .unwrap()
        .trim()
        .to_owned();
    file.extend(
        format!(
            "xref\n1 1\n{first:010} 00000 n \n90 1\n{second:010} 00000 n \ntrailer\n<< /Size 91 /Root 5 0 R /Prev {before} >>\nstartxref\n{table}\n%%EOF\n"
        )
        .as_bytes(),
    );
    file
}

#[test]
fn no_word_of_a_scan_is_in_the_log() {
    let out = tempfile::tempdir().unwrap();
    let mut settings = local();
    settings.push(("LOG_LEVEL", "debug"));
    let (output, _) = draft(&sample("tomas").join("sources"), out.path(), &settings);
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    for word in ["Tomas", "KESTRICK", "Osierby", "Quillfeather", "dietitian"] {
        assert!(!told.contains(word), "{word}");
    }
}

/// The picture of the sample scan's first page, as a camera would have made it.
fn photo() -> Vec<u8> {
    let scan = std::fs::read(sample("tomas").join("sources/Appendix C.pdf")).unwrap();
    let start = scan
        .windows(3)
        .position(|bytes| bytes == b"\xff\xd8\xff")
        .unwrap();
    let length = scan[start..]
        .windows(9)
        .position(|bytes| bytes == b"endstream")
        .unwrap();
    scan[start..start + length].to_vec()
}

#[test]
fn a_photo_of_a_page_is_drafted_from() {
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(sources.path().join("IMG_0417.jpg"), photo()).unwrap();
    let (_, record) = draft(sources.path(), out.path(), &[]);
    assert_eq!(
        record["sources"][0]["state"]["unreadable"]["reason"], "scanned",
        "{record}"
    );
    let (_, record) = draft(sources.path(), out.path(), &local());
    let source = &record["sources"][0];
    assert_eq!(
        (source["state"].as_str(), source["format"].as_str()),
        (Some("used"), Some("picture")),
        "{source}"
    );
    assert!(source["words"].as_u64().unwrap() > 150, "{source}");
    assert!(!quotes(&record, "IMG_0417.jpg").is_empty());
    assert_eq!(record["outcome"]["state"], "needs_review");
}

/// A Word file into which somebody pasted pictures of pages.
fn pasted() -> Vec<u8> {
    use std::io::Write as _;
    let drawing = "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed=\"rId1\"/>\
                   </pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>{drawing}{drawing}</w:body></w:document>"
    );
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", types.as_bytes().to_vec()),
        (
            "_rels/.rels",
            relations("officeDocument", "word/document.xml").into_bytes(),
        ),
        ("word/document.xml", document.into_bytes()),
        (
            "word/_rels/document.xml.rels",
            relations("image", "media/image1.jpeg").into_bytes(),
        ),
        ("word/media/image1.jpeg", photo()),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_word_file_of_pictures_is_a_finding() {
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(sources.path().join("Appendix C.docx"), pasted()).unwrap();
    std::fs::write(
        sources.path().join("Appendix D.txt"),
        "Tomas needs help with eating.",
    )
    .unwrap();
    for settings in [Vec::new(), local()] {
        let (_, record) = draft(sources.path(), out.path(), &settings);
        assert_eq!(
            record["sources"][0]["state"]["unreadable"]["reason"], "scanned",
            "{record}"
        );
        let told = findings(&record, "source.unreadable");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["severity"], "critical");
        assert!(
            told[0]
                .to_string()
                .contains("save a Word file of pictures as PDF"),
            "{told:#?}"
        );
    }
}
