//! Footnotes, comments, content controls and properties.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use word::{Properties, control_tag};

use crate::document::{
    check_well_formed, document, main_part, names, open, p, paragraphs, paragraphs_of, part, r, read, render,
    with,
};

fn data() -> Value {
    json!({"x": "words", "note": "Appendix B, page 2", "other": "A & B", "none": "", "long": "one\n\ntwo"})
}

fn filled(body: &str) -> Vec<u8> {
    render(&document(body), &data())
}

#[test]
fn footnotes_are_added_to_a_template_without_any() {
    let filled = filled(&p(
        "{{ x }}{{ footnote(note) }} and {{ x }}{{ footnote(other) }}{{ footnote(none) }}",
    ));
    let (xml, notes) = (main_part(&filled), read(&filled, "word/footnotes.xml").unwrap());
    assert_eq!(xml.matches("<w:footnoteReference ").count(), 2);
    assert!(
        xml.contains("<w:footnoteReference w:id=\"1\"/>")
            && xml.contains("<w:footnoteReference w:id=\"2\"/>")
    );
    assert_eq!(paragraphs_of(&notes), ["", "", " Appendix B, page 2", " A & B"]);
    let styles = read(&filled, "word/styles.xml").unwrap();
    assert!(
        styles.contains("w:styleId=\"FootnoteText\"") && styles.contains("w:styleId=\"FootnoteReference\"")
    );
    let (types, relations) = (
        read(&filled, "[Content_Types].xml").unwrap(),
        read(&filled, "word/_rels/document.xml.rels").unwrap(),
    );
    assert!(types.contains("/word/footnotes.xml") && types.contains("/word/styles.xml"));
    assert!(relations.contains("Target=\"footnotes.xml\"") && relations.contains("relationships/footnotes"));
}

#[test]
fn footnotes_join_those_of_the_template() {
    let own = part(
        "footnotes",
        &format!("<w:footnote w:id=\"5\">{}</w:footnote>", p("{{ x }}")),
    );
    let styles = part(
        "styles",
        "<w:style w:styleId=\"Funote\"><w:name w:val=\"footnote text\"/></w:style>",
    );
    let filled = render(
        &with(
            &p("{{ footnote(note) }}"),
            &[("footnotes", &own), ("styles", &styles)],
        ),
        &data(),
    );
    assert!(main_part(&filled).contains("<w:footnoteReference w:id=\"6\"/>"));
    let notes = read(&filled, "word/footnotes.xml").unwrap();
    assert_eq!(paragraphs_of(&notes), ["words", " Appendix B, page 2"]);
    assert!(notes.contains("w:pStyle w:val=\"Funote\""), "{notes}");
    assert_eq!(
        read(&filled, "word/styles.xml")
            .unwrap()
            .matches("<w:style ")
            .count(),
        2
    );
}

#[test]
fn comments_stand_on_their_words() {
    let filled = filled(&p(
        "a {{ x | comment(note) }} b {{ x | comment(none) }} {{ x | comment(other) }}",
    ));
    let xml = main_part(&filled);
    let first = "<w:commentRangeStart w:id=\"0\"/><w:r><w:t xml:space=\"preserve\">words</w:t></w:r><w:commentRangeEnd w:id=\"0\"/>";
    assert!(xml.contains(first), "{xml}");
    assert_eq!(xml.matches("<w:commentReference ").count(), 2);
    let comments = read(&filled, "word/comments.xml").unwrap();
    assert_eq!(paragraphs_of(&comments), ["Appendix B, page 2", "A & B"]);
    assert!(
        comments.contains("w:author=\"Drafting system\" w:initials=\"Ds\"") && !comments.contains("w:date")
    );
}

#[test]
fn comments_nest_and_span_paragraphs() {
    let filled = filled(&p(
        "{{ (x ~ (x | comment(note)) ~ (long | markdown)) | comment(other) }}",
    ));
    assert_eq!(paragraphs(&filled), ["wordswordsone", "two"]);
    let xml = main_part(&filled);
    for sign in ["commentRangeStart", "commentRangeEnd", "commentReference"] {
        for id in 0..2 {
            assert_eq!(
                xml.matches(&format!("<w:{sign} w:id=\"{id}\"/>")).count(),
                1,
                "{sign} {id}: {xml}"
            );
        }
    }
    assert_eq!(
        paragraphs_of(&read(&filled, "word/comments.xml").unwrap()),
        ["A & B", "Appendix B, page 2"]
    );
}

#[test]
fn notes_become_words_where_they_may_not_stand() {
    let header = part("hdr", &p("{{ x }}{{ footnote(note) }}{{ x | comment(other) }}"));
    let boxed = format!(
        "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
        p("{{ x }}{{ footnote(note) }}")
    );
    let filled = render(&with(&boxed, &[("header", &header)]), &data());
    let words = paragraphs_of(&read(&filled, "word/header.xml").unwrap());
    assert_eq!(words, ["words [Appendix B, page 2]words [A & B]"]);
    assert_eq!(paragraphs(&filled)[0], "words [Appendix B, page 2]");
    assert!(
        !names(&filled)
            .iter()
            .any(|name| name.contains("footnotes") || name.contains("comments"))
    );
}

#[test]
fn fields_are_content_controls() {
    let xml = main_part(&filled(&p("No. {{ field('B.CI.1', x ~ footnote(note)) }}.")));
    assert!(xml.contains("<w:sdt><w:sdtPr><w:tag w:val=\"B.CI.1\"/></w:sdtPr><w:sdtContent><w:r><w:t xml:space=\"preserve\">words</w:t></w:r><w:r>"), "{xml}");
    let xml = main_part(&filled(&p("{{ field('k', long | markdown) }}")));
    assert!(
        xml.contains("<w:body><w:sdt><w:sdtPr><w:tag w:val=\"k\"/></w:sdtPr><w:sdtContent><w:p>"),
        "{xml}"
    );
    assert!(
        xml.contains("two</w:t></w:r></w:p></w:sdtContent></w:sdt></w:body>"),
        "{xml}"
    );
    let xml = main_part(&filled(&p("a {{ field('k', long | markdown) }}")));
    assert!(
        xml.contains("<w:p><w:r><w:t xml:space=\"preserve\">a </w:t></w:r><w:sdt>"),
        "{xml}"
    );
    let xml = main_part(&filled(&p("{{ field('k', none) }}{{ field('', x) }}")));
    assert!(
        xml.contains("<w:sdtContent><w:r><w:t></w:t></w:r></w:sdtContent></w:sdt><w:r>"),
        "{xml}"
    );
    let xml = main_part(&filled(&p("{{ field(other, x) }}")));
    assert!(xml.contains("<w:tag w:val=\"A &amp; B\"/>"), "{xml}");
}

#[test]
fn tags_of_controls_fit_into_word() {
    let key = "child_or_young_person_moving_to_area_with_ehcp_from_a_different_local_authority";
    assert_eq!(control_tag("B.CI.1"), "B.CI.1");
    assert_eq!(control_tag(&key[..64]), key[..64]);
    assert_eq!(control_tag(key), format!("{}~1e02a5a4", &key[..55]));
    assert_ne!(control_tag(&format!("{key}a")), control_tag(&format!("{key}b")));
}

#[test]
fn notes_inside_markdown_come_after_it() {
    let filled = filled(&p("{{ (long ~ footnote(note)) | markdown }}"));
    assert_eq!(paragraphs(&filled), ["one", "two"]);
    assert!(
        main_part(&filled).contains("two</w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/>")
    );
}

#[test]
fn a_document_says_what_it_is_and_nothing_personal() {
    let core = "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Plan</dc:title><dc:creator>Jo Person</dc:creator><cp:lastModifiedBy>Jo Person</cp:lastModifiedBy></cp:coreProperties>";
    let app =
        "<Properties xmlns=\"x\"><Company>Jo and Sons</Company><Manager>Jo Person</Manager></Properties>";
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"b\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"c\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>";
    let types = crate::document::types(&[]);
    let main = part(
        "document",
        &format!("<w:body><w:p>{}</w:p></w:body>", r("{{ x }}")),
    );
    let template = crate::document::file(&[
        ("[Content_Types].xml", &types),
        ("_rels/.rels", rels),
        ("docProps/core.xml", core),
        ("docProps/app.xml", app),
        ("word/document.xml", &main),
    ]);
    let properties = Properties {
        description: "AI drafted <with> no decision".to_owned(),
        custom: BTreeMap::from([("AI drafted".to_owned(), "yes & checked".to_owned())]),
        ..Properties::default()
    };
    let filled = open(&template).render_as(&data(), &properties).unwrap().bytes;
    check_well_formed(&filled);
    let all: String = names(&filled)
        .iter()
        .map(|name| read(&filled, name).unwrap())
        .collect();
    assert!(!all.contains("Jo "), "{all}");
    let core = read(&filled, "docProps/core.xml").unwrap();
    for words in [
        "<dc:title>Plan</dc:title>",
        "<dc:language>en-GB</dc:language>",
        "AI drafted &lt;with&gt; no decision",
    ] {
        assert!(core.contains(words), "{core}");
    }
    let custom = read(&filled, "docProps/custom.xml").unwrap();
    assert!(
        custom.contains("name=\"AI drafted\"><vt:lpwstr>yes &amp; checked<"),
        "{custom}"
    );
    assert!(
        read(&filled, "_rels/.rels")
            .unwrap()
            .contains("custom-properties")
    );
}
