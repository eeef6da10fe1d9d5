//! What Word shows, and what it keeps beside it.

use drafting::source::{Content, Reading};
use reading::{Limits, parse};

use crate::forge::Docx;

/// A reading as lines: `h1`, `p` (bold parts in `*`), `li`, `head`, `row`, and `!` for notices.
pub fn shown(reading: &Reading) -> Vec<String> {
    let mut out = Vec::new();
    for block in &reading.blocks {
        match &block.content {
            Content::Heading { level, text } => out.push(format!("h{level} {text}")),
            Content::Paragraph { text, bold } => out.push(format!("p {}", starred(text, bold))),
            Content::ListItem {
                label,
                depth,
                text,
                bold,
            } => {
                let label = label.as_deref().unwrap_or("-");
                out.push(format!("li{depth} {label} {}", starred(text, bold)));
            }
            Content::Table { head, rows } => {
                out.extend(head.iter().map(|cells| format!("head {}", cells.join(" | "))));
                out.extend(rows.iter().map(|cells| format!("row {}", cells.join(" | "))));
            }
        }
    }
    let notice = |n: &drafting::source::Notice| format!("! {:?} {}", n.kind, n.text.as_deref().unwrap_or(""));
    out.extend(reading.notices.iter().map(|n| notice(n).trim_end().to_owned()));
    out
}

fn starred(text: &str, bold: &[(usize, usize)]) -> String {
    let mut out = text.to_owned();
    for (from, to) in bold.iter().rev() {
        out.insert(*to, '*');
        out.insert(*from, '*');
    }
    out
}

fn check_file(docx: &Docx, expected: &[&str]) {
    let reading = parse(&docx.bytes(), &Limits::default()).unwrap();
    assert_eq!(shown(&reading), expected);
}

fn check(body: &str, expected: &[&str]) {
    check_file(&Docx::body(body), expected);
}

/// A paragraph of one run, with properties of each.
fn p(paragraph: &str, run: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn plain(text: &str) -> String {
    p("", "", text)
}

#[test]
fn runs_make_a_line() {
    check(
        "<w:p><w:r><w:t xml:space=\"preserve\">di\u{fb03}cult </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>A &amp; B &lt; 7&#x30;</w:t></w:r>\
         <w:r><w:t>co</w:t><w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/><w:t>ed</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t>\
         <w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r></w:p>",
        &["p difficult *A & B < 70*coop-ed x y\u{2611}"],
    );
    check(
        "<w:p/><w:p><w:r><w:t>   </w:t></w:r></w:p><w:p><w:r><w:t>x</w:t></w:r></w:p>",
        &["p x"],
    );
}

#[test]
fn wrappers_are_looked_into() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    check(
        &format!(
            "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt><w:customXml>{}</w:customXml>\
             <w:p><w:hyperlink r:id=\"rId9\">{}</w:hyperlink><w:smartTag>{}</w:smartTag><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:p>",
            plain("one"),
            plain("two"),
            run("three "),
            run("four "),
            run("five"),
        ),
        &["p one", "p two", "p three four five"],
    );
    let prompt = format!(
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        plain("Click here")
    );
    check(&format!("{prompt}{}", plain("x")), &["p x"]);
}

#[test]
fn fields_show_their_result() {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = "<w:r><w:instrText>DATE</w:instrText></w:r>";
    let text = "<w:r><w:t>3 May</w:t></w:r>";
    check(
        &format!(
            "<w:p>{}{code}{}{text}{}</w:p>",
            mark("begin"),
            mark("separate"),
            mark("end")
        ),
        &["p 3 May"],
    );
    check(
        &format!("<w:p>{}{code}</w:p>{}", mark("begin"), plain("after")),
        &["p after"],
    );
    check(
        &format!("<w:p><w:fldSimple w:instr=\"DATE\">{text}</w:fldSimple></w:p>"),
        &["p 3 May"],
    );
    let tick = |on: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:default w:val=\"{on}\"/></w:checkBox></w:ffData></w:fldChar></w:r>{}",
            mark("end")
        )
    };
    check(
        &format!(
            "<w:p><w:r><w:t>Yes</w:t></w:r>{}<w:r><w:t>No</w:t></w:r>{}</w:p>",
            tick("1"),
            tick("0")
        ),
        &["p Yes\u{2612}No\u{2610}"],
    );
}

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

fn cell(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

fn row(properties: &str, cells: &[String]) -> String {
    format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat())
}

fn simple(texts: &[&str]) -> String {
    row(
        "",
        &texts
            .iter()
            .map(|text| cell("", &plain(text)))
            .collect::<Vec<_>>(),
    )
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}

#[test]
fn table_heads() {
    let body = [simple(&["a", "b"]), simple(&["c", "d"])];
    check(&table(&body), &["row a | b", "row c | d"]);
    let marked = row("<w:tblHeader/>", &[cell("", &plain("H")), cell("", &plain("I"))]);
    check(
        &table(&[marked.clone(), simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    check(&table(&[marked]), &["row H | I"]);
    let bold = row(
        "",
        &[cell("", &p("", "<w:b/>", "H")), cell("", &p("", "<w:b/>", "I"))],
    );
    check(
        &table(&[bold.clone(), simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    check(&table(&[bold.clone(), bold]), &["row H | I", "row H | I"]);
    let shade = "<w:shd w:val=\"clear\" w:fill=\"4472C4\"/>";
    let shaded = row("", &[cell(shade, &plain("H")), cell(shade, &plain("I"))]);
    check(
        &table(&[shaded, simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    let form = row(
        "",
        &[cell("", &p("", "<w:b/>", "Name")), cell("", &plain("Leila"))],
    );
    check(
        &table(&[form, simple(&["a", "b"])]),
        &["row Name | Leila", "row a | b"],
    );
    let style = "<w:style w:type=\"table\" w:styleId=\"G\"><w:name w:val=\"Grid\"/><w:tblStylePr w:type=\"firstRow\"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>";
    let styled = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"G\"/><w:tblLook w:val=\"04A0\"/></w:tblPr>{}{}</w:tbl>",
        simple(&["H", "I"]),
        simple(&["a", "b"])
    );
    check_file(
        &Docx::body(&styled).with("styles", style),
        &["head H | I", "row a | b"],
    );
}

#[test]
fn merged_cells_stand_once() {
    let span = "<w:gridSpan w:val=\"2\"/>";
    let rows = [
        simple(&["a", "b", "c"]),
        row("", &[cell(span, &plain("wide")), cell("", &plain("d"))]),
        row(
            "",
            &[
                cell("<w:vMerge w:val=\"restart\"/>", &plain("tall")),
                cell("", &plain("e")),
                cell("", &plain("f")),
            ],
        ),
        row(
            "",
            &[
                cell("<w:vMerge/>", "<w:p/>"),
                cell("", &plain("g")),
                cell("", &plain("h")),
            ],
        ),
        row("<w:gridBefore w:val=\"1\"/>", &[cell("", &plain("i"))]),
    ];
    let expected = [
        "row a | b | c",
        "row wide |  | d",
        "row tall | e | f",
        "row  | g | h",
        "row  | i | ",
    ];
    check(&table(&rows), &expected);
    let covered = [
        row(
            "",
            &[
                cell("<w:vMerge w:val=\"restart\"/>", &plain("tall")),
                cell("", &plain("e")),
            ],
        ),
        row(
            "",
            &[cell("<w:vMerge/>", &plain("covered")), cell("", &plain("g"))],
        ),
    ];
    check(
        &table(&covered),
        &["row tall | e", "row  | g", "! HiddenText covered"],
    );
}

#[test]
fn cells_and_nested_tables_are_one_line() {
    let inner = table(&[simple(&["x", "y"]), simple(&["z", ""])]);
    let rows = [row(
        "",
        &[
            cell("", &(plain("one") + &plain("two"))),
            cell("", &(plain("three") + &inner + "<w:p/>")),
        ],
    )];
    check(&table(&rows), &["row one two | three x y z"]);
}

#[test]
fn frames_give_their_blocks() {
    let framed = table(&[row(
        "",
        &[cell(
            "",
            &(p("<w:outlineLvl w:val=\"0\"/>", "", "Views") + &plain("He likes it.")),
        )],
    )]);
    check(&framed, &["h1 Views", "p He likes it."]);
    let title = row(
        "",
        &[cell("<w:gridSpan w:val=\"2\"/>", &p("", "<w:b/>", "Section 1"))],
    );
    check(
        &table(&[title, simple(&["a", "b"])]),
        &["p *Section 1*", "row a | b"],
    );
}

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

#[test]
fn formulas_and_rubies() {
    check(
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        &["p 1/2"],
    );
    check(
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>above</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
        &["p base"],
    );
}

#[test]
fn strict_files_and_other_prefixes() {
    let strict = Docx::body(&(p("", "<w:vanish/>", "secret") + &plain("x"))).changed(|xml| {
        xml.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    });
    check_file(&strict, &["p x", "! HiddenText secret"]);
    let other = Docx::body(&plain("x")).changed(|xml| {
        xml.replace("<w:", "<q:")
            .replace("</w:", "</q:")
            .replace("xmlns:w=", "xmlns:q=")
    });
    check_file(&other, &["p x"]);
}
