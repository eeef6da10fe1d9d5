//! What values say, and that they stay words.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::document::{document, main_part, open, p, paragraphs, part, r, read, render, with};

fn check(value: &str, expected: &[&str]) {
    let found = paragraphs(&render(&document(&p("{{ x }}")), &json!({"x": value})));
    assert_eq!(found, expected, "{value:?}");
    let inside: String = expected.concat();
    let found = paragraphs(&render(&document(&p("a {{ x }} b")), &json!({"x": value})));
    assert_eq!(found, [format!("a {inside} b")], "{value:?}");
}

#[test]
fn values_stay_words() {
    check("A & B < C > \"D\" 'E'", &["A & B < C > \"D\" 'E'"]);
    check("score < 70", &["score < 70"]);
    check(
        "{{ nothing }} {% if x %} {# y #}",
        &["{{ nothing }} {% if x %} {# y #}"],
    );
    check("</w:t></w:r></w:p><w:p/>", &["</w:t></w:r></w:p><w:p/>"]);
    check(
        "<![CDATA[x]]> &amp; &#10; <!-- -->",
        &["<![CDATA[x]]> &amp; &#10; <!-- -->"],
    );
    check(
        "one\ntwo\r\nthree\rfour\u{b}five",
        &["one\ntwo\nthree\nfour\nfive"],
    );
    check("a\tb", &["a\tb"]);
    check("  kept  ", &["  kept  "]);
    check(
        "a\u{0}b\u{1}2\u{2}c\u{3}d\u{4}f\u{5}e\u{6}f\u{7}g\u{8}p\u{1f}h\u{fffe}i\u{ffff}j",
        &["ab2cdfefgphij"],
    );
    check("12\u{202e}34\u{202c}\u{2066}5\u{200f}", &["12345\u{200f}"]);
    check("**not bold** _nor_ this", &["**not bold** _nor_ this"]);
    check(
        "\u{1f600} \u{e000} Zo\u{eb} \u{5e9}",
        &["\u{1f600} \u{e000} Zo\u{eb} \u{5e9}"],
    );
    check(
        "=SUM(A1) HYPERLINK \"http://x\" { PAGE }",
        &["=SUM(A1) HYPERLINK \"http://x\" { PAGE }"],
    );
    check("", &[""]);
}

#[test]
fn keys_of_data_are_cleaned_too() {
    let data = json!({"rows": {"a\u{1}b": "x"}});
    let template = document(&p("{% for key in rows %}{{ key }}{% endfor %}"));
    assert_eq!(paragraphs(&render(&template, &data)), ["ab"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Any text survives: the document holds it, less what XML does not allow, in every place and form.
    #[test]
    fn any_text_survives(text in any::<String>(), rest in "[\\x00-\\x20<>&{}%#\\]\\r\\n\\t]{0,12}") {
        let value = format!("{text}{rest}");
        let expected = cleaned(&value);
        for body in ["{{ x }}", "{{ field('k', x) }}", "{{ footnote('n') }}{{ x }}", "{{ x | comment('c') }}"] {
            let filled = render(&document(&p(body)), &json!({"x": value}));
            prop_assert_eq!(paragraphs(&filled), [expected.as_str()], "{}", body);
        }
        let filled = render(&document(&p("{{ footnote(x ~ '.') }}")), &json!({"x": value}));
        let notes = crate::document::paragraphs_of(&read(&filled, "word/footnotes.xml").unwrap());
        prop_assert_eq!(notes.last().cloned(), Some(format!(" {expected}.")));
    }

    /// Any text is well-formed as Markdown, wherever it stands.
    #[test]
    fn any_markdown_is_well_formed(text in "[-*_#>`\\[\\]()!<&a1. \\n\\t\\\\]{0,60}") {
        let bodies = [p("{{ x | markdown }}"), p("a {{ x | markdown }} b"), p("{{ field('k', x | markdown) }}")];
        let filled = render(&document(&bodies.concat()), &json!({"x": text}));
        prop_assert!(paragraphs(&filled).len() >= 3);
    }
}

/// What a document can hold of a text: the rule of the property above, in other words than the product's.
fn cleaned(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}'], "\n");
    let allowed = |c: &char| matches!(c, '\n' | '\t' | ' '..='\u{fffd}' | '\u{10000}'..);
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    lines.chars().filter(|c| allowed(c) && !turns(c)).collect()
}

fn markdown(body: &str, source: &str) -> Vec<u8> {
    render(&document(&p(body)), &json!({"x": source}))
}

#[test]
fn markdown_becomes_paragraphs() {
    let check = |source: &str, expected: &[&str]| {
        assert_eq!(
            paragraphs(&markdown("{{ x | markdown }}", source)),
            expected,
            "{source}"
        );
    };
    check("one\ntwo\n\nthree", &["one two", "three"]);
    check(
        "**bold** and *it* and ***both*** `code`",
        &["bold and it and both code"],
    );
    check("# Heading\ntext", &["Heading", "text"]);
    check("- a\n- b\n  - c\n- d", &["a", "b", "c", "d"]);
    check("1. a\n2. b\n\ntext\n\n1. c", &["a", "b", "text", "c"]);
    check(
        "[words](http://x.example) <http://y.example>",
        &["words (http://x.example) http://y.example"],
    );
    check("a < b & c <script>x</script>", &["a < b & c <script>x</script>"]);
    check("```\nx = 1\ny = 2\n```", &["x = 1\ny = 2"]);
    check("", &[""]);
}

#[test]
fn markdown_keeps_emphasis() {
    let xml = main_part(&markdown("{{ x | markdown }}", "a **b** *c*"));
    assert!(
        xml.contains("<w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space=\"preserve\">b<"),
        "{xml}"
    );
    assert!(
        xml.contains("<w:rPr><w:i/><w:iCs/></w:rPr><w:t xml:space=\"preserve\">c<"),
        "{xml}"
    );
    let styled = "<w:p><w:r><w:rPr><w:rFonts w:ascii=\"X\"/><w:b w:val=\"0\"/><w:color w:val=\"FF0000\"/></w:rPr><w:t>{{ x | markdown }}</w:t></w:r></w:p>";
    let xml = main_part(&render(&document(styled), &json!({"x": "***b***"})));
    let ordered = "<w:rFonts w:ascii=\"X\"/><w:b/><w:bCs/><w:i/><w:iCs/><w:color w:val=\"FF0000\"/>";
    assert!(xml.contains(ordered), "{xml}");
}

#[test]
fn numbered_lists_begin_anew_and_nest() {
    let filled = markdown("{{ x | markdown }}", "1. a\n2. b\n   - n\n\ntext\n\n3. c");
    let (xml, numbering) = (main_part(&filled), read(&filled, "word/numbering.xml").unwrap());
    for (level, list) in [(0, 1), (1, 2), (0, 3)] {
        let number = format!("<w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/>");
        assert!(xml.contains(&number), "{number}: {xml}");
    }
    assert!(numbering.contains("<w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"3\"/>"), "{numbering}");
    assert!(numbering.find("<w:num ").unwrap() > numbering.rfind("<w:abstractNum ").unwrap());
}

#[test]
fn lists_join_the_numbering_of_the_template() {
    let own = part(
        "numbering",
        "<w:abstractNum w:abstractNumId=\"7\"/><w:num w:numId=\"9\"><w:abstractNumId w:val=\"7\"/></w:num>",
    );
    let filled = render(
        &with(&p("{{ x | markdown }}"), &[("numbering", &own)]),
        &json!({"x": "- a"}),
    );
    let numbering = read(&filled, "word/numbering.xml").unwrap();
    assert!(
        numbering.contains("w:abstractNumId=\"8\"") && numbering.contains("w:numId=\"10\""),
        "{numbering}"
    );
    assert!(main_part(&filled).contains("<w:numId w:val=\"10\"/>"));
}

#[test]
fn markdown_inside_words_divides_the_paragraph() {
    let found = paragraphs(&markdown("a {{ x | markdown }} b", "one\n\ntwo\n\n- three"));
    assert_eq!(found, ["a one", "two", "three b"]);
    let link = format!(
        "<w:p><w:hyperlink>{}</w:hyperlink></w:p>",
        r("{{ x | markdown }}")
    );
    let found = paragraphs(&render(
        &document(&link),
        &json!({"x": "one\n\n1. two\n2. three\n- four"}),
    ));
    assert_eq!(found, ["one\n1. two\n2. three\n\u{2022} four"]);
}

#[test]
fn a_value_in_a_loop_keeps_its_paragraph() {
    let styled = "<w:p><w:pPr><w:pStyle w:val=\"S\"/><w:ind w:left=\"9\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>{{ x | markdown }}</w:t></w:r></w:p>";
    let xml = main_part(&render(
        &document(styled),
        &json!({"x": "one\n\n- two\n\n  three"}),
    ));
    assert!(
        xml.contains("<w:pPr><w:pStyle w:val=\"S\"/><w:ind w:left=\"9\"/><w:jc w:val=\"center\"/></w:pPr>"),
        "{xml}"
    );
    assert!(
        xml.contains(
            "<w:pStyle w:val=\"S\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:jc"
        ),
        "{xml}"
    );
    assert!(
        xml.contains("<w:pStyle w:val=\"S\"/><w:ind w:left=\"360\"/><w:jc"),
        "{xml}"
    );
}

#[test]
fn equal_data_gives_equal_bytes() {
    let template = document(
        &[
            p("{{ x | markdown }}"),
            p("{{ footnote(x) }}{{ x | comment(x) }}"),
        ]
        .concat(),
    );
    let data: Value = json!({"x": "- a\n- b"});
    let (first, second) = (render(&template, &data), render(&template, &data));
    assert_eq!(first, second);
    let opened = open(&template);
    assert_eq!(
        opened.render(&data).unwrap().bytes,
        opened.render(&data).unwrap().bytes
    );
}
