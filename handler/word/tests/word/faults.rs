//! What is refused, and in which words.

use proptest::prelude::*;
use serde_json::json;
use word::{RenderFault, Template, TemplateFault};

use crate::document::{document, file, open, p, part, relations, types};

fn refused(bytes: &[u8]) -> String {
    Template::open(bytes)
        .expect_err("the template is faulty")
        .to_string()
}

fn check(body: &str, words: &[&str]) {
    let fault = refused(&document(body));
    for word in words.iter().chain(&["`word/document.xml`"]) {
        assert!(fault.contains(word), "{body}: {fault}");
    }
}

#[test]
fn faulty_tags() {
    check(&p("Dear {{ name"), &["near `{{ name`", "not closed"]);
    check(&p("{{ name * }}"), &["near `{{ name * }}`", "unexpected"]);
    check(&p("{{ name | nofilter }}"), &["nofilter"]);
    check(&p("{% if x %}"), &["near `{% if x %}`", "{%p"]);
    check(
        &[p("{% if x %}"), p("{% endif %}")].concat(),
        &["near `{% if x %}`"],
    );
    check(&p("{% endif %}"), &["no such block is open"]);
    check(&p("{% if x %}{% endfor %}{% endif %}"), &["near `{% endfor %}`"]);
    check(
        &p("{% for x in y %}{% elif x %}{% endfor %}"),
        &["near `{% elif x %}`"],
    );
    check(&p("{%tr if x %}"), &["outside a table"]);
    check(
        &[p("{%p if x %} and words"), p("{%p endif %}")].concat(),
        &["would be lost"],
    );
    check(&p("{% include 'x' %}"), &["`include` is no statement"]);
    check(&p("{% macro x() %}{% endmacro %}"), &["`macro` is no statement"]);
    check(
        "<w:p><w:r><w:t>{{ a</w:t><w:drawing/><w:t>b }}</w:t></w:r></w:p>",
        &["no text"],
    );
    check(
        "<w:p><w:r><w:instrText>REF {{ a }}</w:instrText></w:r></w:p>",
        &["near `{{ a }}`", "`w:instrText`"],
    );
    check(
        "<w:p><w:r><w:drawing w:descr=\"{% if x %}\"/></w:r></w:p>",
        &["`w:drawing`"],
    );
    let section = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{%p if x %}</w:t></w:r></w:p>";
    check(&[section, &p("{%p endif %}")].concat(), &["would be lost"]);
}

#[test]
fn faulty_parts() {
    check("<w:p></w:q>", &["damaged"]);
    check("<w:p>&nbsp;</w:p>", &["not defined"]);
    check("<w:p w:a=\"1\" w:a=\"2\"/>", &["damaged"]);
    check("<w:p><w:t>&#1;</w:t></w:p>", &["does not allow"]);
    check(
        &format!("{}{}", "<w:p>".repeat(300), "</w:p>".repeat(300)),
        &["too deeply"],
    );
}

/// A document whose main part is given whole.
fn main_as(main: &str) -> Vec<u8> {
    let (types, root) = (types(&[]), relations(&[("officeDocument", "word/document.xml")]));
    file(&[
        ("[Content_Types].xml", &types),
        ("_rels/.rels", &root),
        ("word/document.xml", main),
    ])
}

#[test]
fn hostile_and_foreign_files() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:document/>";
    assert!(refused(&main_as(bomb)).contains("document type"));
    let strict = "<w:document xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"/>";
    assert!(refused(&main_as(strict)).contains("Strict"));
    assert!(refused(b"plain text").contains("not a Word document"));
    assert!(refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).contains("password"));
    assert!(refused(&file(&[("a.txt", "x")])).contains("[Content_Types].xml"));
    assert!(refused(&file(&[("../a", "x")])).contains("unsafe"));
    let macros = types(&[]).replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    );
    let root = relations(&[("officeDocument", "word/document.xml")]);
    let main = part("document", "<w:body/>");
    let file = file(&[
        ("[Content_Types].xml", &macros),
        ("_rels/.rels", &root),
        ("word/document.xml", &main),
    ]);
    assert_eq!(Template::open(&file).unwrap_err(), TemplateFault::Macros);
}

#[test]
fn a_file_that_unpacks_to_too_much() {
    let zeros = "0".repeat(70 * 1024 * 1024);
    assert!(matches!(
        Template::open(&file(&[("a", &zeros)])).unwrap_err(),
        TemplateFault::TooLarge(_)
    ));
    let names: Vec<String> = (0..1100).map(|at| format!("part{at}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert!(matches!(
        Template::open(&file(&many)).unwrap_err(),
        TemplateFault::TooLarge(_)
    ));
}

#[test]
fn a_template_in_words_template_format_gives_a_document() {
    let types = types(&[]).replace("document.main", "template.main");
    let root = relations(&[("officeDocument", "word/document.xml")]);
    let main = part("document", &format!("<w:body>{}</w:body>", p("{{ x }}")));
    let file = file(&[
        ("[Content_Types].xml", &types),
        ("_rels/.rels", &root),
        ("word/document.xml", &main),
    ]);
    let rendered = open(&file).render(&json!({"x": "y"})).unwrap();
    let types = crate::document::read(&rendered.bytes, "[Content_Types].xml").unwrap();
    assert!(types.contains("document.main") && !types.contains("template.main"));
}

#[test]
fn faults_of_filling_do_not_repeat_the_data() {
    let fails = |words: &str| {
        open(&document(&p(words)))
            .render(&json!({"list": ["SECRET"], "s": "SECRET"}))
            .unwrap_err()
    };
    for words in [
        "{{ list }}",
        "{{ s + 1 }}",
        "{{ s | int }}",
        "{{ s.x() }}",
        "{% for x in 1 %}{% endfor %}",
    ] {
        let fault = fails(words).to_string();
        assert!(
            fault.contains("`word/document.xml` near") && !fault.contains("SECRET"),
            "{words}: {fault}"
        );
        assert!(fault.contains(&words[..8]), "{words}: {fault}");
    }
    assert_eq!(
        open(&document(&p("x"))).render(&json!([1])).unwrap_err(),
        RenderFault::NotAnObject
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever bytes come, a template opens or is refused; it never panics.
    #[test]
    fn damaged_files_are_refused(at in 0..4000_usize, byte: u8, cut in 0..4000_usize) {
        let mut bytes = document(&[p("{%p for n in needs %}"), p("{{ n }}"), p("{%p endfor %}")].concat());
        let (at, cut) = (at % bytes.len(), cut % bytes.len());
        bytes[at] = byte;
        let _whole = Template::open(&bytes);
        prop_assert!(Template::open(&bytes[..cut]).is_err());
    }

    /// Whatever becomes of a part, what is filled is well formed.
    #[test]
    fn damaged_parts_give_no_damaged_documents(from in 0..9000_usize, length in 0..200_usize, to in 0..9000_usize) {
        let whole = crate::document::main_part(&crate::made::plan().bytes().unwrap());
        let at = |place: usize| (0..=place % whole.len()).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let (from, to) = (at(from), at(to));
        let piece = &whole[from..at(from.saturating_add(length).min(whole.len() - 1)).max(from)];
        for main in [whole.replacen(piece, "", 1), format!("{}{piece}{}", &whole[..to], &whole[to..])] {
            let rendered = Template::open(&main_as(&main)).map(|template| template.render(&json!({"needs": [{}]})));
            if let Ok(Ok(rendered)) = rendered {
                crate::document::check_well_formed(&rendered.bytes);
            }
        }
    }

    /// Whatever stands in a paragraph, opening and filling never panic.
    #[test]
    fn any_words_in_a_template(words in "[{}%# a-z|'\"ptrc.()\\[\\]-]{0,40}") {
        let mut body = String::from("<w:p><w:r><w:t>");
        body.extend(words.chars().map(|c| if c == '"' { "&quot;".to_owned() } else { c.to_string() }));
        body.push_str("</w:t></w:r></w:p>");
        let rendered = Template::open(&document(&body)).map(|template| template.render(&json!({"a": "b"})));
        if let Ok(Ok(rendered)) = rendered {
            crate::document::check_well_formed(&rendered.bytes);
        }
    }
}
