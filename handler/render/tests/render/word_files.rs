use std::io::{Cursor, Read as _};

use drafting::draft::FieldContent;
use drafting::recipe::Recipe;
use render::RenderFault;
use word::Template;
use word::build::{Document, Style};

use super::fixture;
use super::fixture::hostile::HOSTILE;
use super::{documents, runs};

/// The words of a part of a Word file, each paragraph on a line.
pub fn text(file: &[u8], part: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut xml = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut xml).unwrap();
    let lines = xml.replace("</w:p>", "\n").replace("<w:br/>", "\n");
    let mut words = String::new();
    for piece in lines.split('<') {
        words.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    ["&lt;=<", "&gt;=>", "&quot;=\"", "&apos;='", "&#39;='", "&amp;=&"]
        .iter()
        .fold(words, |words, pair| {
            let (entity, character) = pair.split_once('=').unwrap();
            words.replace(entity, character)
        })
}

/// What a Word file holds of a text: signs that turn the direction of writing are taken out.
fn plain(text: &str) -> String {
    text.replace('\u{202e}', "")
}

pub fn body(file: &[u8]) -> String {
    text(file, "word/document.xml")
}

#[test]
fn both_copies_hold_every_statement_and_one_its_citations() {
    for (name, run) in runs() {
        let documents = documents(&run);
        let (draft, evidence) = (body(&documents.draft), body(&documents.evidence));
        let notes = text(&documents.evidence, "word/footnotes.xml");
        assert!(
            !text(&documents.draft, "word/footnotes.xml").contains('\u{201c}'),
            "{name}"
        );
        let generated = &run.1;
        let evidence_of = generated.evidence();
        for (_, field, statement) in generated.checked.draft().statements() {
            for line in plain(&statement.text).lines() {
                assert!(
                    draft.contains(line) && evidence.contains(line),
                    "{name} {} {line}",
                    statement.id
                );
            }
            for id in evidence_of.sentences(&statement.support) {
                let (source, sentence) = generated.sentence(id).unwrap();
                match &field.content {
                    FieldContent::Open(_) => {
                        assert!(evidence.contains(&format!("{} ({}", statement.text, source.name)));
                    }
                    // A note repeats the words of a source unless the statement has them as they are.
                    _ => assert!(
                        notes.contains(&plain(&sentence.text))
                            || statement.text.contains(&sentence.text)
                                && notes.contains(&format!("{}, ", plain(source.name.as_str()))),
                        "{name} {id}"
                    ),
                }
            }
        }
    }
}

#[test]
fn what_the_word_files_say() {
    let documents = documents(&fixture::rich());
    let (draft, evidence) = (body(&documents.draft), body(&documents.evidence));
    let open =
        "Date of birth: Open: sources differ: 02/05/2018 (Appendix A.pdf) / 05/02/2018 (Appendix C.pdf)\n";
    let notes = text(&documents.evidence, "word/footnotes.xml");
    for (part, expected) in [
        (&draft, "Full name: Idris Tomos Vale\n"),
        (&draft, open),
        (&draft, "Ethnicity: \n"),
        (
            &draft,
            "No social care needs related to special educational needs",
        ),
        (&draft, "Social care advice is missing or could not be read"),
        (
            &draft,
            "Conflict, hours of support each week: the sources differ: 12 hours (Appendix B.docx, paragraph 10) / 15 hours",
        ),
        (&draft, "Needs review: 3 critical"),
        (&draft, "Could not be read"),
        (&draft, "Kept out: about somebody else"),
        (&evidence, "Sex: Male\n"),
        (&evidence, "Full name: Idris Tomos Vale\n"),
        (&evidence, "Known to social care: Yes\n"),
        (&notes, "Entered by the case officer."),
        (&notes, "Appendix A.pdf, page 1, row"),
        (&evidence, open),
        (
            &evidence,
            "Questions to Educational Psychologist: 2, about F.SE.2, F.SE.1. Ready to send in queries.docx.",
        ),
        (
            &notes,
            "Word for word in Appendix D.pdf, page 2, under \u{201c}3. Provision\u{201d}",
        ),
        (&notes, "Appendix B.docx, paragraph 12, under"),
    ] {
        assert!(part.contains(expected), "{expected}");
    }
    assert!(!evidence.contains("[Appendix"));
}

#[test]
fn hostile_words_stay_words() {
    let documents = documents(&fixture::hostile());
    let draft = body(&documents.draft);
    for words in HOSTILE {
        assert!(
            draft.contains(&plain(&format!("Idris said {words} at school"))),
            "{words}"
        );
    }
}

#[test]
fn a_refusal_is_no_empty_plan() {
    let documents = documents(&fixture::refused());
    assert_eq!(documents.draft, documents.evidence);
    let draft = body(&documents.draft);
    for expected in [
        "no draft was made",
        "No draft was made: none of the 2 documents could be read. No earlier draft should be used in its place.",
        "Appendix A.pdf",
        "scan of 4 pages",
        "The file is protected by a password",
        "Views of the parents",
    ] {
        assert!(draft.contains(expected), "{expected}");
    }
    assert!(!draft.contains("Section A"));
}

/// A template of one paragraph.
fn template(words: &str) -> Template {
    let mut document = Document::new("Test");
    document.paragraph(Style::Normal, words);
    Template::open(&document.bytes().unwrap()).unwrap()
}

#[test]
fn a_template_that_asks_for_what_no_draft_has_is_refused() {
    let (recipe, generated) = fixture::rich();
    let check = |words: &str, expected: &[&str]| {
        let template = template(words);
        let undefined: Vec<String> = render::tried(&recipe, &template)
            .unwrap()
            .undefined
            .into_iter()
            .collect();
        assert_eq!(undefined, expected, "{words}");
        match render::documents(&recipe, &template, &generated) {
            Ok(_) => assert!(expected.is_empty(), "{words}"),
            Err(fault) => assert_eq!(
                fault,
                RenderFault::Undefined(undefined.into_iter().collect()),
                "{words}"
            ),
        }
    };
    check(
        "{{ name }} {% for s in history %}{{ s.text }}{{ footnote(s.sources) }}{% endfor %}",
        &[],
    );
    check(
        "{{ title }} {% for p in open_points %}{{ p }}{% endfor %}{{ sources.name }}{{ nil.A }}{{ closed.I }}",
        &[],
    );
    check("{{ nmae }}", &["nmae"]);
    check("{% for s in history %}{{ s.words }}{% endfor %}", &["s.words"]);
}

#[test]
fn values_are_cited_in_footnotes_where_the_template_asks_for_them() {
    let (recipe, generated) = fixture::rich();
    let template = template("{{ name }}{{ footnote(sources.name) }}");
    let documents = render::documents(&recipe, &template, &generated).unwrap();
    assert_eq!(body(&documents.evidence).trim(), "Idris Tomos Vale");
    let notes = text(&documents.evidence, "word/footnotes.xml");
    assert!(
        notes.contains("Word for word in Appendix A.pdf, page 1, row \u{201c}"),
        "{notes}"
    );
    assert!(notes.contains("Appendix D.pdf, page 1"), "{notes}");
    assert!(!text(&documents.draft, "word/footnotes.xml").contains("Appendix"));
}

#[test]
fn the_shipped_template_asks_for_nothing_that_no_draft_has() {
    let recipe: Recipe = fixture::recipe();
    let template = Template::open(&recipe.template).unwrap();
    assert_eq!(
        render::tried(&recipe, &template).unwrap().undefined,
        std::collections::BTreeSet::new()
    );
}
