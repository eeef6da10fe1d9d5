//! Headings, lists, bold leads, lines of forms, and what is left out.

use super::{check, check_file, p, plain, simple, table};
use crate::forge::Docx;

#[test]
fn headings_by_style_and_outline() {
    let style = |id: &str, name: &str, more: &str| {
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{more}</w:style>")
    };
    let styles = [
        style("berschrift1", "heading 1", ""),
        style("T", "Title", ""),
        style("House", "House Heading", "<w:basedOn w:val=\"berschrift2\"/>"),
        style("berschrift2", "Heading 2", "<w:basedOn w:val=\"House\"/>"),
        style(
            "Outlined",
            "Outlined",
            "<w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>",
        ),
    ]
    .concat();
    let of = |id: &str, text: &str| p(&format!("<w:pStyle w:val=\"{id}\"/>"), "", text);
    let long = "He finds it hard to wait for his turn in a game with other children. ".repeat(3);
    let body = [
        of("T", "Advice"),
        of("berschrift1", "1. Needs"),
        of("House", "Speech"),
        of("Outlined", "Words"),
        p("<w:outlineLvl w:val=\"0\"/>", "", "Direct"),
        p(
            "<w:pStyle w:val=\"berschrift1\"/><w:outlineLvl w:val=\"9\"/>",
            "",
            "Text",
        ),
        p("", "<w:b/>", "Bold line"),
        of("berschrift1", &long),
    ]
    .concat();
    let long = format!("p {}", long.trim());
    let expected = [
        "h1 Advice",
        "h1 1. Needs",
        "h2 Speech",
        "h3 Words",
        "h1 Direct",
        "p Text",
        "p *Bold line*",
        &long,
    ];
    check_file(&Docx::body(&body).with("styles", &styles), &expected);
}

#[test]
fn contents_lines_are_left_out() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"TOC1\"><w:name w:val=\"toc 1\"/></w:style>";
    let body = p("<w:pStyle w:val=\"TOC1\"/>", "", "Needs 3") + &plain("Needs");
    check_file(&Docx::body(&body).with("styles", styles), &["p Needs"]);
}

#[test]
fn bold_leads_and_lines_of_forms() {
    check(
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Parent 1:</w:t></w:r><w:r><w:t xml:space=\"preserve\"> Leila</w:t><w:br/></w:r>\
         <w:r><w:rPr><w:b/></w:rPr><w:t>Born:</w:t></w:r><w:r><w:t xml:space=\"preserve\"> 3 May</w:t></w:r></w:p>",
        &["p *Parent 1:* Leila", "p *Born:* 3 May"],
    );
    check(
        "<w:p><w:r><w:t>12 High Street</w:t><w:br/><w:t>Kelderby</w:t></w:r></w:p>",
        &["p 12 High Street Kelderby"],
    );
    check(&plain("\u{2022} reads"), &["li0 - reads"]);
    check(&plain("2. He reads well."), &["li0 2. He reads well."]);
    check(
        &plain("12.5 hours each week are needed."),
        &["p 12.5 hours each week are needed."],
    );
    check(
        &table(&[simple(&["88.1 per cent", "1. He reads."])]),
        &["row 88.1 per cent | 1. He reads."],
    );
    check(&plain("2. Reading"), &["p 2. Reading"]);
    check(&p("", "<w:b/>", "2. He reads well."), &["p *2. He reads well.*"]);
}

#[test]
fn bold_is_toggled_by_styles() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"P\"><w:name w:val=\"P\"/><w:rPr><w:b/></w:rPr></w:style>\
                  <w:style w:type=\"character\" w:styleId=\"C\"><w:name w:val=\"C\"/><w:rPr><w:b/></w:rPr></w:style>";
    let body = p("<w:pStyle w:val=\"P\"/>", "", "bold")
        + &p("<w:pStyle w:val=\"P\"/>", "<w:rStyle w:val=\"C\"/>", "not")
        + &p("<w:pStyle w:val=\"P\"/>", "<w:b w:val=\"0\"/>", "nor");
    check_file(
        &Docx::body(&body).with("styles", styles),
        &["p *bold*", "p not", "p nor"],
    );
}

#[test]
fn lists_are_counted_as_word_prints_them() {
    let level = |at: u8, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:abstractNum w:abstractNumId=\"0\">{}{}{}</w:abstractNum><w:abstractNum w:abstractNumId=\"1\">{}</w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>",
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "%1.%2)"),
        level(2, "lowerRoman", "(%3)"),
        level(0, "bullet", "\u{f0b7}"),
    );
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"L\"><w:name w:val=\"List Bullet\"/><w:pPr><w:numPr><w:numId w:val=\"2\"/></w:numPr></w:pPr></w:style>";
    let item = |list: u8, level: u8, text: &str| {
        p(
            &format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>"),
            "",
            text,
        )
    };
    let body = [
        item(1, 0, "a"),
        item(1, 1, "b"),
        item(1, 1, "c"),
        item(1, 2, "d"),
        item(1, 0, "e"),
        item(1, 1, "f"),
        item(2, 0, "g"),
        item(3, 0, "h"),
        item(1, 0, "i"),
        p("<w:pStyle w:val=\"L\"/>", "", "j"),
        p(
            "<w:pStyle w:val=\"L\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>",
            "",
            "k",
        ),
        item(9, 0, "l"),
    ]
    .concat();
    let expected = [
        "li0 1. a",
        "li1 1.a) b",
        "li1 1.b) c",
        "li2 (i) d",
        "li0 2. e",
        "li1 2.a) f",
        "li0 - g",
        "li0 1. h",
        "li0 2. i",
        "li0 - j",
        "p k",
        "p l",
    ];
    check_file(
        &Docx::body(&body)
            .with("numbering", &numbering)
            .with("styles", styles),
        &expected,
    );
}
