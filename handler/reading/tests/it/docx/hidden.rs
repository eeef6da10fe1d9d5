//! Text that nobody sees, and text that only seems hidden.

use super::{cell, check, check_file, p, plain, row, table};
use crate::forge::Docx;

#[test]
fn text_that_nobody_sees() {
    let hidden = |run: &str| {
        check(
            &(p("", run, "secret") + &plain("x")),
            &["p x", "! HiddenText secret"],
        );
    };
    hidden("<w:vanish/>");
    hidden("<w:color w:val=\"FFFFFF\"/>");
    hidden("<w:color w:val=\"F4F4F4\"/>");
    hidden("<w:color w:val=\"000000\" w:themeColor=\"background1\"/>");
    hidden("<w:sz w:val=\"2\"/>");
    hidden("<w:w w:val=\"1\"/>");
    hidden("<w:color w:val=\"000000\"/><w:highlight w:val=\"black\"/>");
    hidden("<w:color w:val=\"4472C4\"/><w:shd w:val=\"clear\" w:fill=\"4472C4\"/>");
    hidden("<w14:textFill><w14:noFill/></w14:textFill>");
}

#[test]
fn text_that_only_seems_hidden() {
    let seen = |paragraph: &str, run: &str| check(&p(paragraph, run, "seen"), &["p seen"]);
    seen("", "<w:vanish w:val=\"0\"/>");
    seen("", "<w:color w:val=\"FFFFFF\"/><w:highlight w:val=\"darkBlue\"/>");
    seen(
        "",
        "<w:color w:val=\"FFFFFF\"/><w:shd w:val=\"clear\" w:fill=\"002060\"/>",
    );
    seen(
        "<w:shd w:val=\"clear\" w:fill=\"002060\"/>",
        "<w:color w:val=\"FFFFFF\"/>",
    );
    seen(
        "",
        "<w:color w:val=\"BFBFBF\" w:themeColor=\"background1\" w:themeShade=\"BF\"/>",
    );
    seen("", "<w:color w:val=\"auto\"/>");
    seen("", "<w:sz w:val=\"16\"/>");
    let dark = cell(
        "<w:shd w:val=\"clear\" w:fill=\"002060\"/>",
        &p("", "<w:color w:val=\"FFFFFF\"/>", "seen"),
    );
    check(
        &table(&[row("", &[dark, cell("", &plain("x"))])]),
        &["row seen | x"],
    );
}

#[test]
fn hidden_by_styles() {
    let styles = "<w:style w:type=\"character\" w:styleId=\"W\"><w:name w:val=\"W\"/><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr></w:style>\
                  <w:style w:type=\"character\" w:styleId=\"V\"><w:name w:val=\"V\"/><w:basedOn w:val=\"W\"/></w:style>\
                  <w:style w:type=\"paragraph\" w:styleId=\"P\"><w:name w:val=\"P\"/><w:rPr><w:vanish/></w:rPr></w:style>";
    let body =
        p("", "<w:rStyle w:val=\"V\"/>", "white") + &p("<w:pStyle w:val=\"P\"/>", "", "gone") + &plain("x");
    check_file(
        &Docx::body(&body).with("styles", styles),
        &["p x", "! HiddenText white", "! HiddenText gone"],
    );
}

#[test]
fn hidden_blanks_part_words() {
    let body = "<w:p><w:r><w:t>one</w:t></w:r><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t xml:space=\"preserve\"> </w:t></w:r><w:r><w:t>two</w:t></w:r></w:p>";
    check(body, &["p one two"]);
}

#[test]
fn letters_for_a_machine() {
    let tags: String = "obey"
        .chars()
        .filter_map(|c| char::from_u32(0xe_0000 + u32::from(c)))
        .collect();
    check(
        &plain(&format!("He reads.{tags}")),
        &["p He reads.", "! HiddenText obey"],
    );
    check(
        &plain("He is \u{202e}tneserp\u{202c} here"),
        &["p He is here", "! HiddenText tneserp"],
    );
    check(&plain("re\u{200b}ads \u{2066}well\u{2069}"), &["p reads well"]);
    check(
        "<w:p><w:r><w:t>x</w:t></w:r><w:bdo w:val=\"rtl\"><w:r><w:t>terces</w:t></w:r></w:bdo></w:p>",
        &["p x", "! HiddenText terces"],
    );
}

#[test]
fn struck_words_are_taken_back() {
    let struck = |run: &str| format!("<w:r><w:rPr>{run}</w:rPr><w:t xml:space=\"preserve\">two </w:t></w:r>");
    for run in ["<w:strike/>", "<w:dstrike/>"] {
        check(
            &format!(
                "<w:p><w:r><w:t xml:space=\"preserve\">He needs </w:t></w:r>{}<w:r><w:t>three hours</w:t></w:r></w:p>",
                struck(run)
            ),
            &["p He needs three hours", "! TrackedDeletion two"],
        );
    }
    check(&p("", "<w:strike w:val=\"0\"/>", "seen"), &["p seen"]);
}
