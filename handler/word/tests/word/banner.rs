//! A document never leaves without the banner that is asked for.

use std::collections::BTreeSet;

use serde_json::json;
use word::build::{Document, Paragraph, Style};
use word::{Banner, Properties, Shown, Template};

use crate::document::{check_well_formed, open, p, paragraphs, paragraphs_of, part, read, with};

const TEXT: &str = "DRAFT <not> issued & unsigned";

/// A document with the banner, whether it was added, and how often its words stand in the body and in a header.
fn check(template: &[u8], names: &[&str], added: bool, body: usize, header: usize) {
    let names: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
    let banner = Banner {
        text: TEXT,
        names: &names,
    };
    let template: Template = open(template);
    let data = json!({"banner": TEXT, "mark": TEXT, "yes": true, "no": false, "name": "Ash"});
    let rendered = template
        .render_bannered(&data, &Shown::new(), &Properties::default(), Some(banner))
        .unwrap_or_else(|fault| panic!("{fault}"));
    check_well_formed(&rendered.bytes);
    assert_eq!(rendered.banner_added, added);
    let count = |paragraphs: &[String]| {
        paragraphs
            .iter()
            .filter(|words| words.contains("<not> issued &"))
            .count()
    };
    assert_eq!(count(&paragraphs(&rendered.bytes)), body);
    let headers = ["word/header.xml", "word/header1.xml"].map(|name| read(&rendered.bytes, name));
    let headers: Vec<String> = headers
        .iter()
        .flatten()
        .flat_map(|xml| paragraphs_of(xml))
        .collect();
    assert_eq!(count(&headers), header);
}

/// A document of this body whose only section has a header of this type.
fn headed(body: &str, kind: &str, header: &str, more: &str) -> Vec<u8> {
    let reference = format!(
        "<w:headerReference xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         w:type=\"{kind}\" r:id=\"r0\"/>"
    );
    let header = part("hdr", header);
    with(
        &format!("{}<w:sectPr>{reference}{more}</w:sectPr>", p(body)),
        &[("header", &header)],
    )
}

#[test]
fn a_template_that_shows_the_banner_is_left_as_it_is() {
    check(
        &headed("{{ name }}", "default", &p("{{ banner }}"), ""),
        &["banner"],
        false,
        0,
        1,
    );
    check(
        &with(&p("{{ banner }} {{ name }}"), &[]),
        &["banner"],
        false,
        1,
        0,
    );
    check(
        &with(&p("{{ banner | upper }}{{ banner }}"), &[]),
        &["banner"],
        false,
        1,
        0,
    );
    check(&with(&p("{{ mark }}"), &[]), &["banner", "mark"], false, 1, 0);
}

#[test]
fn a_template_without_the_banner_gets_it() {
    // Into the body where no header is on every page, into every header where there are any.
    check(&headed("{{ name }}", "default", "", ""), &["banner"], true, 0, 1);
    check(&with(&p("{{ name }}"), &[]), &["banner"], true, 1, 0);
    check(
        &headed("{{ name }}", "default", &p("A council"), ""),
        &["banner"],
        true,
        0,
        1,
    );
    check(
        &headed("{{ name }}", "default", &p("A council"), "<w:titlePg/>"),
        &["banner"],
        true,
        1,
        1,
    );
}

#[test]
fn a_banner_that_nobody_would_see_counts_as_none() {
    check(
        &with(&p("{% if no %}{{ banner }}{% endif %}{{ name }}"), &[]),
        &["banner"],
        true,
        1,
        0,
    );
    check(
        &with(&p("{{ banner if no else \"\" }}{{ name }}"), &[]),
        &["banner"],
        true,
        1,
        0,
    );
    // The header of the first page of a section that has no first page of its own, and of even pages.
    check(
        &headed("{{ name }}", "first", &p("{{ banner }}"), ""),
        &["banner"],
        true,
        1,
        2,
    );
    check(
        &headed("{{ name }}", "even", &p("{{ banner }}"), ""),
        &["banner"],
        true,
        1,
        2,
    );
}

#[test]
fn words_of_a_source_are_no_banner() {
    // A value that reads like the banner does not stand in for it.
    check(&with(&p("{{ mark }}"), &[]), &["banner"], true, 2, 0);
}

#[test]
fn a_made_document_has_it_in_its_header() {
    let mut document = Document::new("Plan");
    document.header = vec![Paragraph::new(Style::Header, "A council").into()];
    document.paragraph(Style::Normal, "{{ name }}");
    check(&document.bytes().unwrap(), &["banner"], true, 0, 1);
}
