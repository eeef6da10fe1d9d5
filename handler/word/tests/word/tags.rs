//! Every form of tag.

use serde_json::{Value, json};

use crate::document::{document, main_part, open, p, paragraphs, paragraphs_of, part, r, read, render, with};

fn data() -> Value {
    json!({
        "name": "Ash",
        "yes": true,
        "no": false,
        "empty": [],
        "count": 3,
        "half": 0.5,
        "nothing": null,
        "needs": [{"id": "B.1", "text": "one", "marks": ["a", "b"]}, {"id": "B.2", "text": "two", "marks": []}],
        "nil": {"J": "None."},
    })
}

fn check(body: &str, expected: &[&str]) {
    assert_eq!(paragraphs(&render(&document(body), &data())), expected, "{body}");
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |words: &&str| format!("<w:tc>{}</w:tc>", p(words));
    let row = |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    format!(
        "<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>",
        rows.iter().map(row).collect::<String>()
    )
}

#[test]
fn values_stand_inside_words() {
    check(
        &p("Dear {{ name }}, you have {{count}} or {{ half }}."),
        &["Dear Ash, you have 3 or 0.5."],
    );
    check(&p("{{ name }}"), &["Ash"]);
    check(&p("{{ nothing }}"), &[""]);
    check(&p("{{ nil.J }} {{ needs[1].text }}"), &["None. two"]);
    check(&p("{{ needs | length }}{{ name | upper }}"), &["2ASH"]);
    check(&p("a{# a note #}b"), &["ab"]);
    check(&p("{% set x = name ~ '!' %}{{ x }}"), &["Ash!"]);
    check(
        &p("{{ &quot;}}&quot; }} &amp; {{ '&lt;w:p/&gt;' }}"),
        &["}} & <w:p/>"],
    );
    check(&p("{ } {x} } }} %} #}"), &["{ } {x} } }} %} #}"]);
    check(&p("ends with {"), &["ends with {"]);
}

#[test]
fn tags_may_be_split_over_runs() {
    check(
        &format!("<w:p>{}{}{}</w:p>", r("Dear {"), r("{ na"), r("me }} and")),
        &["Dear Ash and"],
    );
    check(
        &format!(
            "<w:p>{}<w:proofErr w:type=\"spellStart\"/>{}<w:r><w:tab/></w:r></w:p>",
            r("{{"),
            r("name}}")
        ),
        &["Ash\t"],
    );
    check(
        "<w:p><w:r><w:t>a {{ name</w:t><w:br/><w:t>}} b</w:t><w:br/><w:t>c</w:t></w:r></w:p>",
        &["a Ash b\nc"],
    );
    check(
        &format!(
            "<w:p>{}<w:hyperlink>{}</w:hyperlink></w:p>",
            r("{{ na"),
            r("me }} link")
        ),
        &["Ash link"],
    );
    check(
        &format!(
            "<w:p><w:ins w:id=\"1\" w:author=\"x\">{}</w:ins>{}</w:p>",
            r("{{"),
            r(" name }}.")
        ),
        &["Ash."],
    );
}

#[test]
fn every_character_in_its_own_run() {
    let runs: String = "{% if yes %}{{ name }}{% else %}-{% endif %}!"
        .chars()
        .map(|c| r(&c.to_string()))
        .collect();
    check(&format!("<w:p>{runs}</w:p>"), &["Ash!"]);
}

#[test]
fn a_value_has_the_format_of_its_name() {
    let bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>name</w:t></w:r>";
    let body = format!("<w:p>{}{bold}{}</w:p>", r("Dear {{ "), r(" }}."));
    let xml = main_part(&render(&document(&body), &data()));
    assert!(
        xml.contains("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">Ash</w:t></w:r>"),
        "{xml}"
    );
}

#[test]
fn statements_inside_words() {
    check(&p("{% if yes %}on{% else %}off{% endif %}."), &["on."]);
    check(
        &p("{% if no %}a{% elif count &gt; 2 %}b{% else %}c{% endif %}"),
        &["b"],
    );
    check(
        &p("{% for n in needs %}{{ n.id }} {% endfor %}end"),
        &["B.1 B.2 end"],
    );
    check(&p("{% for n in empty %}x{% else %}none{% endfor %}"), &["none"]);
    check(&p("{%- with x = 1 -%}{{ x }}{%- endwith -%}"), &["1"]);
    check(
        &format!(
            "<w:p>{}<w:r><w:rPr><w:i/></w:rPr><w:t>it</w:t></w:r>{}</w:p>",
            r("{% if no %}"),
            r("{% endif %}.")
        ),
        &["."],
    );
}

#[test]
fn statements_in_the_place_of_paragraphs() {
    let body = [
        p("{%p for n in needs %}"),
        p("{{ n.text }}"),
        p("{%p endfor %}"),
        p("end"),
    ]
    .concat();
    check(&body, &["one", "two", "end"]);
    let body = [
        p("{%p if no %}"),
        p("x"),
        p("{%p else %}"),
        p("y"),
        p("{%p endif %}"),
    ]
    .concat();
    check(&body, &["y"]);
    check(
        &[p("{%p if no %}"), table(&[&["x"]]), p("{%p endif %}"), p("end")].concat(),
        &["end"],
    );
    // Several in one paragraph, and a paragraph that begins and ends its own loop.
    check(
        &[
            p("{%p if yes %}{%p for n in needs %}"),
            p("x"),
            p("{%p endfor %}{%p endif %}"),
        ]
        .concat(),
        &["x", "x"],
    );
    check(
        &p("{%p for n in needs %}{{ n.id }}{%p endfor %}"),
        &["B.1", "B.2"],
    );
    check(&[p("{%p set x = 7 %}"), p("{{ x }}")].concat(), &["7"]);
}

#[test]
fn statements_in_the_place_of_rows_and_cells() {
    let loops = table(&[
        &["No.", "Need"],
        &["{%tr for n in needs %}", ""],
        &["{{ n.id }}", "{{ n.text }}"],
        &["", "{%tr endfor %}"],
    ]);
    check(&loops, &["No.", "Need", "B.1", "one", "B.2", "two"]);
    check(
        &table(&[&["{%tr for n in needs %}{{ n.id }}", "{{ n.text }}{%tr endfor %}"]]),
        &["B.1", "one", "B.2", "two"],
    );
    check(
        &table(&[
            &["{%tr if no %}"],
            &["x"],
            &["{%tr else %}"],
            &["y"],
            &["{%tr endif %}"],
        ]),
        &["y"],
    );
    check(
        &table(&[&["{%tc for n in needs %}", "{{ n.id }}", "{%tc endfor %}"]]),
        &["B.1", "B.2"],
    );
}

#[test]
fn nothing_empty_is_left_behind() {
    let rows = |xml: &str| (xml.matches("<w:tbl>").count(), xml.matches("<w:tr>").count());
    let gone = table(&[&["{%tr for n in empty %}"], &["x"], &["{%tr endfor %}"]]);
    assert_eq!(rows(&main_part(&render(&document(&gone), &data()))), (0, 0));
    let inner = format!("<w:tbl><w:tr><w:tc>{gone}{}</w:tc></w:tr></w:tbl>", p("kept"));
    assert_eq!(rows(&main_part(&render(&document(&inner), &data()))), (1, 1));
    let cells = table(&[
        &["{%tc for n in empty %}", "x", "{%tc endfor %}"],
        &["y", "z", ""],
    ]);
    assert_eq!(rows(&main_part(&render(&document(&cells), &data()))), (1, 1));
}

#[test]
fn a_cell_always_ends_with_a_paragraph() {
    let cell = format!(
        "<w:tbl><w:tr><w:tc>{}{}{}</w:tc></w:tr></w:tbl>",
        p("{%p if no %}"),
        p("x"),
        p("{%p endif %}")
    );
    let xml = main_part(&render(&document(&cell), &data()));
    assert!(xml.contains("<w:tc><w:p></w:p></w:tc>"), "{xml}");
    let header = part(
        "hdr",
        &[p("{%p for n in empty %}"), p("x"), p("{%p endfor %}")].concat(),
    );
    let filled = render(&with(&p("body"), &[("header", &header)]), &data());
    assert_eq!(paragraphs_of(&read(&filled, "word/header.xml").unwrap()), [""]);
}

#[test]
fn headers_footers_notes_and_text_boxes() {
    let (header, footer) = (part("hdr", &p("{{ name }} h")), part("ftr", &p("{{ name }} f")));
    let footnotes = part(
        "footnotes",
        &format!("<w:footnote w:id=\"1\">{}</w:footnote>", p("{{ name }} n")),
    );
    let boxed = format!(
        "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
        p("{{ name }} b")
    );
    let template = with(
        &boxed,
        &[
            ("header", &header),
            ("footer", &footer),
            ("footnotes", &footnotes),
        ],
    );
    let filled = render(&template, &data());
    assert_eq!(paragraphs(&filled), ["Ash b", ""]);
    for (name, expected) in [("header", "Ash h"), ("footer", "Ash f"), ("footnotes", "Ash n")] {
        assert_eq!(
            paragraphs_of(&read(&filled, &format!("word/{name}.xml")).unwrap()),
            [expected]
        );
    }
}

#[test]
fn what_a_template_asks_for_is_known() {
    let header = part("hdr", &p("{{ banner }}"));
    let body = [
        p("{{ name }} {{ field(\"k\", nil.J) }} {{ footnote(range(3) | join) }}"),
        p("{%p for s in history | batch(5) %}"),
        p("{% for x in s %}{{ x.text }}{{ loop.index }}{% endfor %}{% if note is defined %}{% endif %}"),
        p("{%p endfor %}"),
    ];
    let template = open(&with(&body.concat(), &[("header", &header)]));
    let expected = ["banner", "history", "name", "nil", "note"].map(str::to_owned);
    assert_eq!(template.placeholders(), expected.into());
}

#[test]
fn words_that_were_deleted_are_no_tags() {
    let deleted = "<w:del w:id=\"1\" w:author=\"x\"><w:r><w:delText>{{ old }}</w:delText></w:r></w:del>";
    check(&format!("<w:p>{deleted}{}</w:p>", r("{{ name }}")), &["Ash"]);
}

#[test]
fn one_template_serves_many_threads() {
    let template = open(&document(&p("{{ x }}{{ footnote(x) }}")));
    std::thread::scope(|scope| {
        for at in 0..4 {
            let template = &template;
            scope.spawn(move || {
                let words = format!("value {at}");
                let filled = template.render(&json!({"x": words})).unwrap();
                assert_eq!(paragraphs(&filled.bytes), [words]);
            });
        }
    });
}

#[test]
fn what_the_data_lacks_is_told() {
    let template = open(&document(&p(
        "{{ name }} {{ nil.K }} {{ absent }} {{ field('x', nil.Z ~ name) }}{{ nothing }}",
    )));
    let rendered = template.render(&data()).unwrap();
    assert_eq!(rendered.undefined, ["absent", "nil.K"].map(str::to_owned).into());
}

#[test]
fn bookmarks_are_not_repeated_and_traces_of_editing_go() {
    let marked = "<w:p w:rsidR=\"00AB\"><w:bookmarkStart w:id=\"4\" w:name=\"n\"/><w:r w:rsidRPr=\"1\"><w:t>x</w:t></w:r><w:bookmarkEnd w:id=\"4\"/></w:p>";
    let body = [p("{%p for n in needs %}"), marked.to_owned(), p("{%p endfor %}")].concat();
    let xml = main_part(&render(&document(&body), &data()));
    assert!(!xml.contains("bookmark") && !xml.contains("rsid"), "{xml}");
    let xml = main_part(&render(&document(&marked.replace('x', "{{ name }}")), &data()));
    assert_eq!(xml.matches("w:name=\"n\"").count(), 1, "{xml}");
}
