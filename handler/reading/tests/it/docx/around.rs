//! What stands beside the running text: boxes, notes, changes, comments, pictures.

use super::{cell, check, check_file, plain, row, simple, table};
use crate::forge::Docx;

#[test]
fn text_boxes_once() {
    let content = format!("<w:txbxContent>{}</w:txbxContent>", plain("boxed"));
    let drawing = format!(
        "<w:drawing><wp:anchor><a:graphic><a:graphicData uri=\"x\"><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    );
    let old = format!("<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>");
    let both = |requires: &str| {
        format!(
            "<w:p><w:r><w:t>text</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"{requires}\">{drawing}</mc:Choice>\
             <mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
    };
    check(&both("wps"), &["p text", "p boxed"]);
    let other = both("x").replacen("boxed", "not shown", 1);
    check(&other, &["p text", "p boxed"]);
    check(
        &table(&[row("", &[cell("", &both("wps")), cell("", &plain("b"))])]),
        &["row text boxed | b"],
    );
}

#[test]
fn notes_follow_their_block() {
    let notes = "<w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>Norms of 2019.</w:t></w:r></w:p></w:footnote>\
                 <w:footnote w:id=\"3\"><w:p><w:r><w:t>Not referred to.</w:t></w:r></w:p></w:footnote>";
    let body = format!(
        "<w:p><w:r><w:t>Score 70</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>{}",
        plain("Next")
    );
    check_file(
        &Docx::body(&body).with("footnotes", notes),
        &["p Score 70", "li0 footnote 1 Norms of 2019.", "p Next"],
    );
    let ends = "<w:endnote w:id=\"2\"><w:p><w:r><w:t>Seen twice.</w:t></w:r></w:p></w:endnote>";
    let body = body.replace("footnoteReference", "endnoteReference");
    check_file(
        &Docx::body(&body).with("endnotes", ends),
        &["p Score 70", "li0 endnote 1 Seen twice.", "p Next"],
    );
}

#[test]
fn tracked_changes() {
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let gone = |text: &str| format!("<w:r><w:delText xml:space=\"preserve\">{text}</w:delText></w:r>");
    check(
        &format!(
            "<w:p>{}<w:del>{}</w:del><w:ins>{}</w:ins></w:p>",
            run("He needs "),
            gone("ten"),
            run("five hours")
        ),
        &[
            "p He needs five hours",
            "! TrackedInsertion five hours",
            "! TrackedDeletion ten",
        ],
    );
    check(
        &format!(
            "<w:p><w:moveFrom>{}</w:moveFrom></w:p><w:p><w:moveTo>{}</w:moveTo></w:p>",
            run("moved"),
            run("moved")
        ),
        &["p moved", "! TrackedDeletion moved", "! TrackedInsertion moved"],
    );
    check(
        &format!(
            "<w:p>{}<w:ins><w:del>{}</w:del></w:ins></w:p>",
            run("kept"),
            gone("both")
        ),
        &["p kept", "! TrackedDeletion both"],
    );
    let rows = [
        simple(&["a", "b"]),
        row("<w:del/>", &[cell("", &plain("c")), cell("", &plain("d"))]),
    ];
    check(
        &table(&rows),
        &["row a | b", "! TrackedDeletion c", "! TrackedDeletion d"],
    );
}

#[test]
fn comments_are_told() {
    let comments = "<w:comment w:id=\"0\" w:author=\"A\"><w:p><w:r><w:t>Check</w:t></w:r></w:p><w:p><w:r><w:t>this</w:t></w:r></w:p></w:comment>";
    let body = "<w:p><w:commentRangeStart w:id=\"0\"/><w:r><w:t>Text</w:t></w:r><w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>";
    check_file(
        &Docx::body(body).with("comments", comments),
        &["p Text", "! Comment Check this"],
    );
}

#[test]
fn pictures_and_objects_are_told() {
    let picture =
        "<w:p><w:r><w:drawing><wp:inline><a:blip r:embed=\"rId1\"/></wp:inline></w:drawing></w:r></w:p>";
    check(&(plain("x") + picture), &["p x", "! Picture"]);
    let object = "<w:p><w:r><w:object><v:shape><v:imagedata r:id=\"rId1\"/></v:shape><o:OLEObject/></w:object></w:r></w:p>";
    check(&(plain("x") + object), &["p x", "! EmbeddedObject"]);
    check(
        &(plain("x") + "<w:altChunk r:id=\"rId1\"/>"),
        &["p x", "! EmbeddedObject"],
    );
}
