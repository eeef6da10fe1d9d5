//! OpenDocument text: what LibreOffice shows, and what it keeps beside it.

use drafting::source::Rejection;
use reading::{Limits, parse};

use crate::forge::{archive, blanks};
use crate::shown::shown;

const NAMES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\" \
    xmlns:field=\"urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0\"";

const TYPE: &[u8] = b"application/vnd.oasis.opendocument.text";

fn content(styles: &str, text: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{text}</office:text></office:body></office:document-content>"
    )
}

fn file(styles: &str, text: &str) -> Vec<u8> {
    let named = format!(
        "<office:document-styles {NAMES}><office:styles><style:default-style style:family=\"paragraph\"><style:text-properties fo:font-size=\"12pt\" fo:color=\"#000000\"/></style:default-style>\
         <style:style style:name=\"Title\" style:family=\"paragraph\"/><style:style style:name=\"Heading_20_2\" style:display-name=\"Heading 2\" style:family=\"paragraph\"/>\
         <style:style style:name=\"Contents_20_1\" style:family=\"paragraph\"/></office:styles></office:document-styles>"
    );
    archive(&[
        ("mimetype", TYPE),
        ("content.xml", content(styles, text).as_bytes()),
        ("styles.xml", named.as_bytes()),
    ])
}

fn check_with(styles: &str, text: &str, expected: &[&str]) {
    let reading = parse(&file(styles, text), &Limits::default()).unwrap();
    assert_eq!(shown(&reading), expected, "{text}");
}

fn check(text: &str, expected: &[&str]) {
    check_with("", text, expected);
}

fn p(text: &str) -> String {
    format!("<text:p>{text}</text:p>")
}

fn style(family: &str, name: &str, inner: &str) -> String {
    format!("<style:style style:family=\"{family}\" style:name=\"{name}\">{inner}</style:style>")
}

fn looks(properties: &str) -> String {
    style("text", "T1", &format!("<style:text-properties {properties}/>"))
}

#[test]
fn blocks() {
    check_with(
        &(looks("fo:font-weight=\"bold\"")
            + "<style:style style:family=\"paragraph\" style:name=\"P1\" style:parent-style-name=\"Heading_20_2\"/>"),
        "<text:h text:outline-level=\"1\">1. Needs</text:h><text:p>He  reads\n<text:span text:style-name=\"T1\">well</text:span>.</text:p>\
         <text:p text:style-name=\"P1\">Speech</text:p><text:p text:style-name=\"Title\">Advice</text:p><text:p text:style-name=\"Contents_20_1\">Needs<text:tab/>3</text:p>\
         <text:table-of-content><text:index-body><text:p>Needs 4</text:p></text:index-body></text:table-of-content>\
         <text:p>a<text:s text:c=\"3\"/>b<text:line-break/>Born: c</text:p>",
        &[
            "h1 1. Needs",
            "p He reads *well*.",
            "h2 Speech",
            "h1 Advice",
            "p a b",
            "p Born: c",
        ],
    );
}

#[test]
fn lists() {
    let levels = "<text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\"/>\
        <text:list-level-style-number text:level=\"2\" style:num-format=\"a\" loext:num-list-format=\"%1%.%2%)\"/></text:list-style>\
        <text:list-style style:name=\"L2\"><text:list-level-style-bullet text:level=\"1\"/></text:list-style>";
    let item = |text: &str| format!("<text:list-item>{}</text:list-item>", p(text));
    let list = |attributes: &str, inner: &str| format!("<text:list {attributes}>{inner}</text:list>");
    let nested = format!(
        "<text:list-item>{}{}</text:list-item>",
        p("b"),
        list("", &(item("c") + &item("d")))
    );
    let body = [
        list("text:style-name=\"L1\" xml:id=\"l1\"", &(item("a") + &nested)),
        p("between"),
        list("text:style-name=\"L1\" text:continue-list=\"l1\"", &item("e")),
        list("text:style-name=\"L1\"", &(item("f") + "<text:list-item text:start-value=\"7\"><text:p>g</text:p><text:p>h</text:p></text:list-item>")),
        list("text:style-name=\"L1\" text:continue-numbering=\"true\"", &item("i")),
        list("text:style-name=\"L2\"", &item("j")),
    ]
    .concat();
    check_with(
        levels,
        &body,
        &[
            "li0 1. a",
            "li0 2. b",
            "li1 2.a) c",
            "li1 2.b) d",
            "p between",
            "li0 3. e",
            "li0 1. f",
            "li0 7. g",
            "p h",
            "li0 8. i",
            "li0 - j",
        ],
    );
}

#[test]
fn tables() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}>{}</table:table-cell>", p(text))
    };
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let covered = "<table:covered-table-cell/>".to_owned();
    let table = |inner: &str| format!("<table:table>{inner}</table:table>");
    check(
        &table(
            &(format!(
                "<table:table-header-rows>{}</table:table-header-rows>",
                row(&[
                    cell("", "a"),
                    cell("table:number-columns-spanned=\"2\"", "b"),
                    covered.clone()
                ])
            ) + &row(&[
                cell("table:number-rows-spanned=\"2\"", "c"),
                cell("", "d"),
                cell("", "e"),
            ]) + &row(&[covered.clone(), cell("", "f"), cell("", "g")])),
        ),
        &["head a | b | ", "row c | d | e", "row  | f | g"],
    );
    let gone = "<table:covered-table-cell><text:p>secret</text:p></table:covered-table-cell>".to_owned();
    check(
        &table(
            &(row(&[cell("table:number-rows-spanned=\"2\"", "a"), cell("", "b")])
                + &row(&[gone, cell("", "c")])),
        ),
        &["row a | b", "row  | c", "! HiddenText secret"],
    );
    let inner = table(&row(&[cell("", "x"), cell("", "y")]));
    check(
        &table(&row(&[
            cell("", "a"),
            format!("<table:table-cell>{inner}</table:table-cell>"),
        ])),
        &["row a | x y"],
    );
}

#[test]
fn text_that_nobody_sees() {
    let span = "<text:p>x<text:span text:style-name=\"T1\">secret</text:span></text:p>";
    for properties in [
        "text:display=\"none\"",
        "fo:color=\"#ffffff\"",
        "fo:color=\"#ffffff\" fo:background-color=\"transparent\"",
        "fo:font-size=\"1pt\"",
        "style:text-scale=\"1%\"",
        "loext:opacity=\"0%\"",
        "fo:background-color=\"#000000\"",
    ] {
        check_with(&looks(properties), span, &["p x", "! HiddenText secret"]);
    }
    for properties in [
        "fo:color=\"#ffffff\" fo:background-color=\"#002060\"",
        "fo:color=\"#ffffff\" style:use-window-font-color=\"true\"",
        "fo:font-size=\"8pt\"",
        "fo:font-size=\"58%\"",
    ] {
        check_with(&looks(properties), span, &["p xsecret"]);
    }
    check(
        "<text:section text:display=\"none\"><text:p>a</text:p></text:section><text:section text:display=\"condition\" text:is-hidden=\"true\"><text:p>b</text:p></text:section>\
         <text:p>x<text:hidden-text text:is-hidden=\"true\" text:string-value=\"c\">c</text:hidden-text></text:p><text:p><text:hidden-paragraph text:is-hidden=\"true\"/>d</text:p>",
        &[
            "p x",
            "! HiddenText a",
            "! HiddenText b",
            "! HiddenText c",
            "! HiddenText d",
        ],
    );
}

#[test]
fn changes_comments_notes() {
    let changes = "<text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><office:change-info><dc:creator>Ann</dc:creator></office:change-info><text:p>ten</text:p></text:deletion></text:changed-region>\
        <text:changed-region text:id=\"c2\"><text:insertion/></text:changed-region><text:changed-region text:id=\"c3\"><text:deletion><text:p>lost</text:p></text:deletion></text:changed-region></text:tracked-changes>";
    check_with(
        &looks("style:text-line-through-style=\"solid\""),
        &format!(
            "{changes}<text:p>He needs <text:change text:change-id=\"c1\"/><text:change-start text:change-id=\"c2\"/>five <text:change-end text:change-id=\"c2\"/>hours <text:span text:style-name=\"T1\">old</text:span></text:p>"
        ),
        &[
            "p He needs five hours",
            "! TrackedInsertion five",
            "! TrackedDeletion ten old",
            "! TrackedDeletion lost",
        ],
    );
    let note = |class: &str, text: &str| {
        format!(
            "<text:note text:note-class=\"{class}\"><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body></text:note>",
            p(text)
        )
    };
    check(
        &(format!(
            "<text:p>Score 70{}{}</text:p>",
            note("footnote", "Norms of 2019."),
            note("endnote", "At the end.")
        ) + &p("Next")),
        &[
            "p Score 70",
            "li0 footnote 1 Norms of 2019.",
            "li0 endnote 1 At the end.",
            "p Next",
        ],
    );
    check(
        "<text:p>Text<office:annotation><dc:creator>Ann</dc:creator><dc:date>1</dc:date><text:p>Is this so?</text:p></office:annotation> goes on</text:p>",
        &["p Text goes on", "! Comment Is this so?"],
    );
}

#[test]
fn around_the_text() {
    check(
        "<text:p>a<draw:frame><draw:image xlink:href=\"http://example.org/x.png\"/></draw:frame><draw:frame><draw:object xlink:href=\"./Object 1\"/><draw:image/></draw:frame>\
         <draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>shaped</text:p></draw:custom-shape> b</text:p>",
        &["p a b", "p boxed", "p shaped", "! Picture", "! EmbeddedObject"],
    );
    check(
        "<text:p><field:fieldmark field:type=\"vnd.oasis.opendocument.field.FORMCHECKBOX\"><field:param field:name=\"Checkbox_Checked\" field:value=\"true\"/></field:fieldmark> yes</text:p>",
        &["p \u{2612} yes"],
    );
}

fn refused(bytes: &[u8]) -> Rejection {
    parse(bytes, &Limits::default()).unwrap_err()
}

#[test]
fn refusals() {
    let hostile = |what: &str| Rejection::Hostile { what: what.into() };
    let unsupported = |what: &str| Rejection::Unsupported { what: what.into() };
    let manifest = "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked = archive(&[
        ("mimetype", TYPE),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", b"\x8f\x01\xff"),
    ]);
    assert_eq!(refused(&locked), Rejection::Encrypted);
    assert_eq!(refused(&file("", "")), Rejection::Empty);
    assert_eq!(
        refused(&file(
            "",
            "<text:p><draw:frame><draw:image/></draw:frame></text:p>"
        )),
        Rejection::Scanned { pages: 1 }
    );
    assert_eq!(refused(&archive(&[("mimetype", TYPE)])), Rejection::Damaged);
    let whole = file("", &p("x"));
    assert_eq!(refused(&whole[..whole.len() / 2]), Rejection::Damaged);
    assert_eq!(
        refused(&archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b"<a/>")
        ])),
        unsupported("an OpenDocument spreadsheet")
    );
    assert_eq!(
        refused(&archive(&[(
            "mimetype",
            b"application/vnd.oasis.opendocument.presentation"
        )])),
        unsupported("an OpenDocument presentation")
    );
    let entity = content("", &p("&l;")).replacen("?>", "?><!DOCTYPE x [<!ENTITY l \"lol\">]>", 1);
    assert_eq!(
        refused(&archive(&[
            ("mimetype", TYPE),
            ("content.xml", entity.as_bytes())
        ])),
        hostile("a document type definition")
    );
    let deep = "<text:section>".repeat(1000) + &"</text:section>".repeat(1000);
    assert_eq!(refused(&file("", &deep)), hostile("the depth of its nesting"));
    let wide = "<table:table><table:table-row><table:table-cell table:number-columns-repeated=\"999999\"/><table:table-cell/></table:table-row></table:table>";
    assert_eq!(
        refused(&file("", wide)),
        hostile("the number of columns of a table")
    );
    assert_eq!(refused(&bomb()), hostile("memory"));
    let small = Limits {
        unzipped_bytes: 100,
        ..Limits::default()
    };
    assert!(matches!(parse(&whole, &small), Err(Rejection::TooLarge { .. })));
}

/// An archive whose text is a gigabyte of blanks.
fn bomb() -> Vec<u8> {
    use std::io::{Cursor, Write as _};
    let mut writer = zip::ZipWriter::new_append(Cursor::new(blanks("content.xml", 1000))).unwrap();
    writer
        .start_file("mimetype", zip::write::SimpleFileOptions::default())
        .unwrap();
    writer.write_all(TYPE).unwrap();
    writer.finish().unwrap().into_inner()
}
