//! Form fields and notes.

use drafting::source::Rejection;

use super::forge::{Forge, line, stream};
use super::{read, show};

/// A page with "Name:" at the height of the field's place, and these annotations (objects 5 and up).
fn with(annotations: &[&str], form: &str) -> Forge {
    let numbers: Vec<String> = (5..5 + annotations.len()).map(|n| format!("{n} 0 R")).collect();
    let page = Forge::page(&(line(60.0, 700.0, "Name:") + &line(60.0, 640.0, "She reads.")))
        .with_entries(&format!("/Annots[{}]", numbers.join(" ")))
        .with_catalog(&format!("/AcroForm<</Fields[5 0 R]{form}>>"));
    annotations
        .iter()
        .fold(page, |page, annotation| page.with_object(annotation))
}

fn check(annotations: &[&str], expected: &[&str]) {
    assert_eq!(show(&with(annotations, "").bytes()), expected);
}

fn text(more: &str) -> String {
    format!("<</Type/Annot/Subtype/Widget/FT/Tx/Rect[100 694 300 712]{more}>>")
}

fn drawn(words: &str) -> String {
    stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 200 18]/Resources<</Font<</F 3 0 R>>>>",
        &format!("BT /F 10 Tf 2 6 Td ({words}) Tj ET"),
    )
}

#[test]
fn values_are_read_at_their_place() {
    check(
        &[&text("/V(Leila Example)/DA(/F 10 Tf)")],
        &["p Name: Leila Example", "p She reads."],
    );
    check(
        &[&text("/V(Leila Example)/AP<</N 6 0 R>>"), &drawn("Leila Example")],
        &["p Name: Leila Example", "p She reads."],
    );
    // A value that is inherited, in UTF-16.
    check(
        &[
            "<</Subtype/Widget/Parent 6 0 R/Rect[100 694 300 712]>>",
            "<</FT/Tx/V<FEFF00410064>>>",
        ],
        &["p Name: Ad", "p She reads."],
    );
    // Large letters of an answer do not make it a heading.
    check(
        &[&text("/V(Leila)/DA(/F 24 Tf)")],
        &["p Name: Leila", "p She reads."],
    );
}

#[test]
fn stale_drawings_give_way() {
    let both = [text("/V(New name)/AP<</N 6 0 R>>"), drawn("Old name")];
    let both = [both[0].as_str(), both[1].as_str()];
    assert_eq!(
        show(&with(&both, "/NeedAppearances true").bytes()),
        ["p Name: New name", "p She reads."]
    );
    // Without that wish a person sees the drawing, and is told of the value.
    check(
        &both,
        &["p Name: Old name", "p She reads.", "! HiddenText New name"],
    );
}

#[test]
fn lists_show_their_entry_and_boxes_their_tick() {
    check(
        &["<</Subtype/Widget/FT/Ch/V(2)/Opt[[(1)(Year 1)][(2)(Year 2)]]/Rect[100 694 300 712]>>"],
        &["p Name: Year 2", "p She reads."],
    );
    let tick = |state: &str| format!("<</Subtype/Widget/FT/Btn/AS/{state}/Rect[100 696 110 708]>>");
    check(&[&tick("Yes")], &["p Name: \u{2612}", "p She reads."]);
    check(&[&tick("Off")], &["p Name: \u{2610}", "p She reads."]);
}

#[test]
fn long_answers_are_lines() {
    let answer = "She likes to read with her brother and to go to the park on the way home from school";
    let field = format!("<</Subtype/Widget/FT/Tx/Ff 4096/V({answer})/DA(/F 10 Tf)/Rect[60 560 200 620]>>");
    check(&[&field], &["p Name:", "p She reads.", &format!("p {answer}")]);
}

#[test]
fn hidden_fields_are_told() {
    check(
        &[&text("/V(secret)/F 2")],
        &["p Name:", "p She reads.", "! HiddenText secret"],
    );
    // A password is nobody's business.
    check(&[&text("/V(secret)/Ff 8192")], &["p Name:", "p She reads."]);
}

#[test]
fn notes_are_told_and_typed_words_are_text() {
    let note = |kind: &str| format!("<</Subtype/{kind}/Rect[10 10 20 20]/Contents(Ask again)>>");
    for kind in ["Text", "Highlight", "StrikeOut", "Ink", "Square", "Redact"] {
        check(
            &[&note(kind)],
            &["p Name:", "p She reads.", "! Comment Ask again"],
        );
    }
    check(&[&note("Link")], &["p Name:", "p She reads."]);
    let typed = "<</Subtype/FreeText/Rect[100 694 300 712]/Contents(Leila)/DA(/F 10 Tf)>>";
    check(&[typed], &["p Name: Leila", "p She reads."]);
    let callout = typed.replace("/Contents", "/IT/FreeTextCallout/Contents");
    check(&[&callout], &["p Name:", "p She reads.", "! Comment Leila"]);
}

#[test]
fn forms_of_adobe_alone() {
    let beside = with(&[&text("/V(Leila)")], "/XFA(x)");
    assert_eq!(
        show(&beside.clone().bytes()),
        ["p Name: Leila", "p She reads.", "! EmbeddedObject"]
    );
    let only = beside.with_catalog("/NeedsRendering true").bytes();
    assert!(matches!(read(&only), Err(Rejection::Unsupported { .. })));
}
