//! Templates of other people's making: names of any form, merge fields, content controls, and the inventory of all.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use word::{Inventory, Passage, Place, Properties, Shown, Sort, Template};

use crate::document::{
    check_well_formed, document, main_part, open, p, paragraphs, part, r, read, render, with,
};

/// A merge field as Word writes it: five runs, the words shown last in bold.
fn merge_field(code: &str, shown: &str) -> String {
    let sign = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    format!(
        "{}<w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r>{}\
         <w:r><w:rPr><w:b/></w:rPr><w:t>{shown}</w:t></w:r>{}",
        sign("begin"),
        sign("separate"),
        sign("end")
    )
}

fn control(properties: &str, content: &str) -> String {
    format!("<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>")
}

const PROMPT: &str = "<w:r><w:rPr><w:rStyle w:val=\"PlaceholderText\"/></w:rPr><w:t>Click or tap here to enter text.</w:t></w:r>";

#[test]
fn names_that_are_no_expressions_are_keys() {
    let check = |key: &str, name: &str| {
        let template = open(&document(&p(&format!("a {{{{ {key} }}}} b"))));
        assert_eq!(template.placeholders(), [name.to_owned()].into(), "{key}");
        let filled = template.render(&json!({name: "x"})).unwrap();
        assert_eq!(paragraphs(&filled.bytes), ["a x b"], "{key}");
        let empty = template.render(&json!({})).unwrap();
        assert_eq!(empty.undefined, [name.to_owned()].into(), "{key}");
        assert_eq!(paragraphs(&empty.bytes), ["a  b"], "{key}");
    };
    check("Name of child", "Name of child");
    check("NAME  OF\u{a0}CHILD", "NAME OF CHILD");
    check("date-of-birth", "date-of-birth");
    check("Parent/Carer", "Parent/Carer");
    check("Child\u{2019}s name", "Child's name");
    check("Name (in full)", "Name (in full)");
    check("Gr\u{f6}\u{df}e", "Gr\u{f6}\u{df}e");
    check("1st language", "1st language");
}

#[test]
fn keys_that_are_known_go_before_expressions() {
    let bytes = document(&p("{{ Strengths and needs }}"));
    assert_eq!(open(&bytes).placeholders().len(), 2);
    let template = Template::open_with(&bytes, &|key| key == "Strengths and needs").unwrap();
    let filled = template.render(&json!({"Strengths and needs": "x"})).unwrap();
    assert_eq!(paragraphs(&filled.bytes), ["x"]);
}

#[test]
fn names_that_the_template_gives_are_no_keys() {
    let body = p("{% for s in xs %}{{ s }}{{ loop.index }}{% endfor %}{{ name }}");
    let template = open(&document(&body));
    assert_eq!(template.keys(), &["name".to_owned()].into());
    let shown = Shown::from([(
        "s".to_owned(),
        vec![Passage {
            text: "no".into(),
            note: String::new(),
        }],
    )]);
    let data = json!({"xs": ["a", "b"], "name": "n"});
    let filled = template
        .render_shown(&data, &shown, &Properties::default())
        .unwrap();
    assert_eq!(paragraphs(&filled.bytes), ["a1b2n"]);
    assert!(Template::open(&document(&p("{% for s in xs %}{{ s text }}{% endfor %}"))).is_err());
}

#[test]
fn what_is_shown_goes_before_the_data_and_has_notes_in_the_body_alone() {
    let header = part("hdr", &p("{{ xs }}"));
    let template = open(&with(
        &p("{{ xs }}{% if xs %}!{% endif %}"),
        &[("header", &header)],
    ));
    let passage = |text: &str, note: &str| Passage {
        text: text.into(),
        note: note.into(),
    };
    let shown = Shown::from([(
        "xs".to_owned(),
        vec![passage("A & <b>", "one\u{4}f"), passage(" {{ y }}\n", "")],
    )]);
    let filled = template
        .render_shown(&json!({"xs": [1]}), &shown, &Properties::default())
        .unwrap();
    check_well_formed(&filled.bytes);
    assert_eq!(paragraphs(&filled.bytes), ["A & <b> {{ y }}\n!"]);
    assert_eq!(
        read(&filled.bytes, "word/footnotes.xml")
            .unwrap()
            .matches("onef")
            .count(),
        1
    );
    let header = crate::document::paragraphs_of(&read(&filled.bytes, "word/header.xml").unwrap());
    assert_eq!(header, ["A & <b> {{ y }}\n"]);
}

#[test]
fn merge_fields_are_keys() {
    let check = |body: &str, expected: &str| {
        let data = json!({"Full_Name": "Ash <b>", "Date of birth": "1 May", "n": "x"});
        let filled = render(&document(&format!("<w:p>{body}</w:p>")), &data);
        assert_eq!(paragraphs(&filled), [expected], "{body}");
        let xml = main_part(&filled);
        assert!(!xml.contains("MERGEFIELD") && !xml.contains("fldChar"), "{xml}");
    };
    check(
        &merge_field("MERGEFIELD Full_Name \\* MERGEFORMAT", "\u{ab}Full_Name\u{bb}"),
        "Ash <b>",
    );
    check(
        &merge_field("mergefield  \"Date of birth\" \\@ \"dd/MM/yyyy\"", "x"),
        "1 May",
    );
    check(
        &format!(
            "{}{}{}",
            r("a "),
            merge_field("MERGEFIELD n", "\u{ab}n\u{bb}"),
            r(" b {{ n }}")
        ),
        "a x b x",
    );
    check(
        "<w:fldSimple w:instr=\" MERGEFIELD n \"><w:r><w:t>\u{ab}n\u{bb}</w:t></w:r></w:fldSimple>",
        "x",
    );
    let one = "<w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>MERGEFIELD n</w:instrText>\
               <w:fldChar w:fldCharType=\"end\"/></w:r>";
    check(one, "x");
    let kept = document(&format!(
        "<w:p>{}</w:p>",
        merge_field("MERGEFIELD n", "\u{ab}n\u{bb}")
    ));
    assert!(main_part(&render(&kept, &json!({"n": "x"}))).contains("<w:rPr><w:b/></w:rPr>"));
    let page = document(&format!("<w:p>{}</w:p>", merge_field("PAGE", "1")));
    assert!(main_part(&render(&page, &json!({}))).contains("PAGE"));
}

#[test]
fn merge_fields_that_cannot_be_filled_are_faults() {
    let fault = |body: &str| {
        Template::open(&document(&format!("<w:p>{body}</w:p>")))
            .unwrap_err()
            .to_string()
    };
    let inside = merge_field(
        &format!(
            "IF </w:instrText></w:r>{}<w:r><w:instrText> = 1",
            merge_field("MERGEFIELD n", "n")
        ),
        "x",
    );
    assert!(
        fault(&inside).contains("inside another field"),
        "{}",
        fault(&inside)
    );
    assert!(fault(&merge_field("MERGEFIELD n \\b \"Dear \"", "n")).contains("`\\b`"));
    assert!(fault(&merge_field("MERGEFIELD", "n")).contains("names nothing"));
    let open =
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>MERGEFIELD n</w:instrText></w:r>";
    assert!(fault(open).contains("several paragraphs"));
}

#[test]
fn content_controls_are_keys_where_their_name_is_known() {
    let known = |key: &str| matches!(key, "name" | "Full name");
    let check = |body: &str, expected: &[&str]| {
        let template = Template::open_with(&document(body), &known).unwrap();
        let filled = template
            .render(&json!({"name": "Ash & Co", "Full name": "Ash"}))
            .unwrap();
        assert_eq!(filled.undefined, [].into(), "{body}");
        check_well_formed(&filled.bytes);
        assert_eq!(paragraphs(&filled.bytes), expected, "{body}");
        main_part(&filled.bytes)
    };
    let tag = "<w:tag w:val=\"name\"/>";
    let prompted = format!("{tag}<w:showingPlcHdr/><w:dataBinding w:xpath=\"/a\"/><w:text/>");
    let xml = check(
        &format!("<w:p>{}{}</w:p>", r("a "), control(&prompted, PROMPT)),
        &["a Ash & Co"],
    );
    assert!(
        xml.contains(tag) && !xml.contains("showingPlcHdr") && !xml.contains("dataBinding"),
        "{xml}"
    );
    assert!(!xml.contains("PlaceholderText"));
    let block = control(
        tag,
        &format!("<w:p><w:pPr><w:jc w:val=\"end\"/></w:pPr>{PROMPT}</w:p><w:p/>"),
    );
    assert!(check(&block, &["Ash & Co"]).contains("<w:jc w:val=\"end\"/>"));
    let cell = control(tag, &format!("<w:tc><w:tcPr/><w:p>{PROMPT}</w:p></w:tc>"));
    check(&format!("<w:tbl><w:tr>{cell}</w:tr></w:tbl>"), &["Ash & Co"]);
    check(
        &control("<w:alias w:val=\"Full name\"/><w:tag w:val=\"x1\"/>", &p("old")),
        &["Ash"],
    );
    check(&control("<w:tag w:val=\"other\"/>", &p("kept")), &["kept"]);
    check(&control(&format!("{tag}<w14:checkbox/>"), &p("[ ]")), &["[ ]"]);
    check(&control(tag, &p("{{ name }}!")), &["Ash & Co!"]);
    let nested = control(tag, &control("<w:tag w:val=\"Full name\"/>", &p("old")));
    check(&nested, &["Ash"]);
}

type Listed = (String, Sort, BTreeMap<Place, usize>);

fn listed(bytes: &[u8]) -> (Vec<Listed>, Vec<String>) {
    let inventory = Inventory::read(bytes, &|_| false).unwrap();
    let entries = inventory
        .entries
        .into_iter()
        .map(|entry| (entry.written, entry.sort, entry.places));
    (
        entries.collect(),
        inventory.faults.iter().map(ToString::to_string).collect(),
    )
}

#[test]
fn the_inventory_tells_what_stands_where() {
    let row = |words: &str| format!("<w:tr><w:tc>{}</w:tc></w:tr>", p(words));
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row("{%tr for n in needs %}"),
        row("{{ n.text }}{{ name }}"),
        row("{%tr endfor %}")
    );
    let boxed = format!(
        "<w:pict><w:txbxContent>{}</w:txbxContent></w:pict>",
        p("{{ name }}")
    );
    let twice = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice>{boxed}</mc:Choice><mc:Fallback>{boxed}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    );
    let runs = format!("<w:p>{}{}{}</w:p>", r("{"), r("{ na"), r("me }}"));
    let field = format!("<w:p>{}</w:p>", merge_field("MERGEFIELD Sex", "x"));
    let held = control("<w:tag w:val=\"Ethnicity\"/>", &p("?"));
    let body = [
        p("{{ name }}{% if name and not age %}x{% endif %}"),
        runs,
        table,
        twice,
        field,
        held,
    ]
    .concat();
    let (header, footer) = (
        part("hdr", &p("{{ name }}")),
        part("ftr", &p("{{ Case number }}{# note #}")),
    );
    let (entries, faults) = listed(&with(&body, &[("header", &header), ("footer", &footer)]));
    assert_eq!(faults, [""; 0]);
    let places = |places: &[(Place, usize)]| places.iter().copied().collect::<BTreeMap<_, _>>();
    let all = [
        (Place::Body, 2),
        (Place::Table, 1),
        (Place::TextBox, 1),
        (Place::Header, 1),
    ];
    assert_eq!(
        entries,
        [
            ("{{ name }}".to_owned(), Sort::Key, places(&all)),
            (
                "{% if name and not age %}".to_owned(),
                Sort::Condition,
                places(&[(Place::Body, 1)])
            ),
            (
                "{%tr for n in needs %}".to_owned(),
                Sort::Loop,
                places(&[(Place::Table, 1)])
            ),
            (
                "{{ n.text }}".to_owned(),
                Sort::Expression,
                places(&[(Place::Table, 1)])
            ),
            (
                "\u{ab}Sex\u{bb}".to_owned(),
                Sort::MergeField,
                places(&[(Place::Body, 1)])
            ),
            (
                "[Ethnicity]".to_owned(),
                Sort::Control,
                places(&[(Place::Body, 1)])
            ),
            (
                "{{ Case number }}".to_owned(),
                Sort::Key,
                places(&[(Place::Footer, 1)])
            ),
        ]
    );
    let names: Vec<_> = Inventory::read(&document(&body), &|_| false)
        .unwrap()
        .entries
        .into_iter()
        .map(|entry| entry.names.into_iter().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(names, ["name", "age name", "needs", "", "Sex", "Ethnicity"]);
}

#[test]
fn the_inventory_lists_all_that_can_never_be_filled() {
    let body = [
        p("{{ name"),
        p("{{ a }}"),
        p("{% frob %}"),
        format!("<w:p>{}</w:p>", merge_field("MERGEFIELD", "x")),
    ]
    .concat();
    let (entries, faults) = listed(&document(&body));
    assert_eq!((entries.len(), faults.len()), (1, 3), "{entries:?} {faults:?}");
    for (fault, words) in faults
        .iter()
        .zip(["names nothing", "not closed in its paragraph", "`frob`"])
    {
        assert!(fault.contains(words), "{faults:?}");
    }
    let (_, faults) = listed(&document(&p("{% if b %}")));
    assert!(
        faults.len() == 1 && faults[0].contains("{% if b %}"),
        "{faults:?}"
    );
    let (_, faults) = listed(&document(&p("{{ name | nofilter }}")));
    assert!(faults.len() == 1 && faults[0].contains("nofilter"), "{faults:?}");
    assert!(Inventory::read(b"no zip", &|_| false).is_err());
    assert_eq!(listed(&document(&p("plain words"))), (vec![], vec![]));
}

/// Rows grow with their list; the head stands once and repeats on every page; no name stands twice.
#[test]
fn a_hundred_rows() {
    let cell = |words: &str| format!("<w:tc>{}</w:tc>", p(words));
    let row = |properties: &str, cells: &[&str]| {
        format!(
            "<w:tr>{properties}{}</w:tr>",
            cells.iter().map(|words| cell(words)).collect::<String>()
        )
    };
    let marked = "<w:tc><w:p><w:bookmarkStart w:id=\"7\" w:name=\"need\"/><w:r><w:t>{{ n.text }}</w:t></w:r><w:bookmarkEnd w:id=\"7\"/></w:p></w:tc>";
    let body = format!(
        "<w:tbl><w:tblPr/><w:tblGrid/>{}{}<w:tr w14:paraId=\"00AB\">{}{marked}</w:tr>{}{}</w:tbl><w:p/>",
        row("<w:trPr><w:tblHeader/></w:trPr>", &["No.", "Need"]),
        row("", &["{%tr for n in needs %}", ""]),
        cell("{{ loop.index }}"),
        row("", &["{%tr endfor %}", ""]),
        row("", &["End", "{{ needs | length }}"]),
    );
    let needs: Vec<_> = (1..=100)
        .map(|at| json!({"text": format!("Need {at} <&>\nand a further line")}))
        .collect();
    let filled = render(&document(&body), &json!({"needs": needs}));
    let xml = main_part(&filled);
    assert_eq!(xml.matches("<w:tr>").count() + xml.matches("<w:tr ").count(), 102);
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    assert!(xml.find("<w:tblHeader/>") < xml.find("Need 1 "));
    assert_eq!(xml.matches("bookmark").count(), 0);
    assert!(!xml.contains("cantSplit") && !xml.contains("paraId"));
    let words = paragraphs(&filled);
    assert_eq!(words.len(), 2 + 200 + 2 + 1);
    assert_eq!(
        words[2 + 198..],
        ["100", "Need 100 <&>\nand a further line", "End", "100", ""]
    );
}

proptest! {
    /// Whatever a key is called and whatever stands there, it is filled or refused, and the document is sound.
    #[test]
    fn any_key_and_any_value(key in "[ -~\u{a0}-\u{ff}\u{2018}-\u{201d}\u{202e}]{1,30}", value in any::<String>()) {
        let shown = key.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let typed = p(&format!("{{{{ {shown} }}}}"));
        let field = format!("<w:p>{}</w:p>", merge_field(&format!("MERGEFIELD &quot;{shown}&quot;"), "x"));
        let held = control(&format!("<w:tag w:val=\"{shown}\"/>"), &p("x"));
        for body in [typed, field, held] {
            let bytes = document(&body);
            let Ok(inventory) = Inventory::read(&bytes, &|_| false) else { continue };
            let Ok(template) = Template::open_with(&bytes, &|_| true) else {
                prop_assert!(!inventory.faults.is_empty() || inventory.entries.is_empty() || body.contains("{{"));
                continue;
            };
            let data: serde_json::Map<_, _> = template.placeholders().into_iter().map(|name| (name, json!(value))).collect();
            if let Ok(filled) = template.render(&data.into()) {
                check_well_formed(&filled.bytes);
                prop_assert!(!main_part(&filled.bytes).contains("instrText"));
            }
        }
    }

    /// Whatever is done to a part, the inventory and the template agree on whether it can be used.
    #[test]
    fn any_words_in_an_inventory(words in "[{}%# a-z|'()ptr.-]{0,40}") {
        let bytes = document(&p(&words));
        let inventory = Inventory::read(&bytes, &|_| false).unwrap();
        prop_assert_eq!(inventory.faults.is_empty(), Template::open(&bytes).is_ok());
    }
}
