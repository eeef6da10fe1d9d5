//! A council's own template, unchanged: every key filled, every statement as often as it should stand.

use std::collections::BTreeSet;

use super::fixture;
use super::fixture::council::{
    AREAS, DETAILS, MAP, Planned, ROOM, council_files, council_recipe, council_run, council_template, opened,
};
use super::fixture::hostile::HOSTILE;
use super::word_files::{body, text};
use word::Template;
use word::build::{Document, Style};

const NEEDS: [usize; 6] = [13, 10, 3, 0, 27, 11];

/// The texts of the cells of every row of a document.
fn rows(file: &[u8]) -> Vec<Vec<String>> {
    let body = xml(file);
    let cell = |cell: &str| {
        let lines = cell.split("</w:tc>").next().unwrap().replace("<w:br/>", "\n");
        let pieces = lines
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, words)| words));
        pieces.collect::<String>()
    };
    let cells = |row: &str| row.split("<w:tc>").skip(1).map(cell).collect();
    body.split("<w:tr>").skip(1).map(cells).collect()
}

fn xml(file: &[u8]) -> String {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    xml
}

#[test]
fn the_recipe_maps_every_key_of_the_template() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    assert_eq!(template.placeholders().len(), 229);
    assert_eq!(template.keys(), &template.placeholders());
    assert_eq!(
        render::tried(&recipe, &template).unwrap().undefined,
        BTreeSet::new()
    );
    let warnings: Vec<String> = recipe
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(
        warnings,
        ["direct_payments", "advice_received"].map(|key| format!(
            "the template has no placeholder `{key}`: the field stands in the report alone"
        ))
    );
    let unmapped = council_recipe(&council_template(), "").map(|_| ()).unwrap_err();
    assert_eq!(unmapped.len(), 6 * 30 + 10, "{unmapped:#?}");
}

#[test]
fn every_statement_stands_as_often_as_it_should() {
    let bytes = council_template();
    let (recipe, template) = council_recipe(&bytes, MAP).unwrap();
    let (generated, all) = council_run(&recipe, NEEDS);
    let documents = render::documents(&recipe, &template, &generated).unwrap();
    assert_eq!(
        documents,
        render::documents(&recipe, &template, &generated).unwrap()
    );
    for (name, file) in [("draft", &documents.draft), ("evidence", &documents.evidence)] {
        let body = body(file);
        for Planned { words, serves, .. } in &all {
            assert_eq!(
                body.matches(words.as_str()).count(),
                serves.len().max(1),
                "{name}: {words}"
            );
        }
        for (number, key) in DETAILS.iter().enumerate() {
            let value = format!("detail-{number:02}-end");
            assert_eq!(body.matches(&value).count(), 1, "{name}: {key}");
        }
        assert!(!body.contains(['{', '}']), "{name}");
    }
    let notes = text(&documents.evidence, "word/footnotes.xml");
    // The words stand in the plan as their source has them, so that no note repeats them.
    let cited: usize = all.iter().map(|planned| planned.serves.len().max(1)).sum();
    assert_eq!(notes.matches("Word for word in ").count(), cited);
    assert_eq!(notes.matches("is detail-").count(), DETAILS.len());
    assert!(!text(&documents.draft, "word/footnotes.xml").contains("Point"));
}

/// The template has no `{{ banner }}`: the draft gets it all the same, on every page, and the recipe's owner is told.
#[test]
fn a_template_without_the_banner_makes_no_unmarked_draft() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    assert!(render::tried(&recipe, &template).unwrap().without_banner);
    let (generated, _) = council_run(&recipe, NEEDS);
    let documents = render::documents(&recipe, &template, &generated).unwrap();
    let banner = &recipe.wording.banner;
    for file in [&documents.draft, &documents.evidence] {
        assert!(
            text(file, "word/header1.xml")
                .trim_start()
                .starts_with(banner.as_str())
        );
    }
    let (recipe, shipped) = (
        fixture::recipe(),
        Template::open(&fixture::recipe().template).unwrap(),
    );
    assert!(!render::tried(&recipe, &shipped).unwrap().without_banner);
}

/// A council's own name for the banner is as good as ours.
#[test]
fn a_mapped_banner_is_a_banner() {
    let mut document = Document::new("Test");
    document.paragraph(Style::Normal, "{{ Draft mark }} {{ name }}");
    let map = "[template.map]\n\"Draft mark\" = \"banner\"\n";
    let (recipe, template) = council_recipe(&document.bytes().unwrap(), map).unwrap();
    assert!(!render::tried(&recipe, &template).unwrap().without_banner);
}

#[test]
fn the_address_of_the_second_parent_is_filled() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    let (generated, _) = council_run(&recipe, NEEDS);
    let draft = render::documents(&recipe, &template, &generated).unwrap().draft;
    let row = [
        "parent 2 home address if different to parent or carer 1",
        "detail-16-end",
    ];
    assert!(rows(&draft).contains(&row.map(str::to_owned).to_vec()));
}

/// The row of an area's need: need, what is provided, what for. All in the words' numbers.
fn numbers(cells: &[String], code: &str) -> Vec<Vec<String>> {
    let number = |line: &str| {
        let (lead, words) = line.split_once("Point ").unwrap();
        let words = words
            .strip_prefix(code)
            .unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap();
        format!("{lead}{words}")
    };
    cells
        .iter()
        .map(|cell| cell.lines().map(number).collect())
        .collect()
}

#[test]
fn what_serves_a_need_stands_in_its_row() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    let (generated, _) = council_run(&recipe, NEEDS);
    let draft = render::documents(&recipe, &template, &generated).unwrap().draft;
    let rows = rows(&draft);
    let area = |code: &str| -> Vec<Vec<Vec<String>>> {
        let at = AREAS.iter().position(|(_, own)| *own == code).unwrap();
        let before = 1 + DETAILS.len() + 1 + 7 + at * (ROOM + 1) + 1;
        rows[before..before + ROOM]
            .iter()
            .map(|cells| numbers(cells, code))
            .collect()
    };
    // Thirteen needs: provisions 1 to 10 for those that four does not divide, 11 to 14 for every third, 15 for none,
    // 16 for the first and the last.
    let talk = area("CI");
    assert_eq!(talk[0], [vec!["01"], vec!["01", "16"], vec!["01", "14"]]);
    assert_eq!(talk[2], [vec!["03"], vec!["03", "11"], vec!["03", "14"]]);
    assert_eq!(talk[3], [vec!["04"], vec![], vec!["04", "14"]]);
    assert_eq!(talk[9][0], ["10", "11. 11", "12. 12", "13. 13"]);
    assert_eq!(
        talk[9][1],
        ["08", "11. 09", "12. 14", "13. 10", "13. 16", "Not linked: 15"]
    );
    assert_eq!(
        talk[9][2],
        [
            "10", "14", "11. 11", "11. 14", "12. 12", "12. 14", "13. 13", "13. 14"
        ]
    );
    // Three needs: what serves none stands in the first row without one; the rest of the rows is empty.
    let feelings = area("SE");
    assert_eq!(feelings[3], [vec![], vec!["Not linked: 05"], Vec::<&str>::new()]);
    assert_eq!(feelings[4], [Vec::<&str>::new(), vec![], vec![]]);
    // No need at all.
    assert_eq!(
        area("SP")[0],
        [vec![], vec!["Not linked: 01"], vec!["Not linked: 01"]]
    );
    // Social care has two columns of provision.
    let care = area("SC");
    assert_eq!(
        care[0],
        [vec!["01"], vec!["01", "14"], vec!["01", "14"], vec!["01", "12"]]
    );
    assert_eq!(area("HC")[9][0].len(), 18);
}

/// The council's recipe by the conventions of a profile.
fn council_recipe_by(
    profile: &str,
    template: &[u8],
    more: &str,
) -> Result<(drafting::recipe::Recipe, Template), Vec<String>> {
    let mut files = council_files(template, more);
    let text = String::from_utf8(files.remove("recipe.toml").unwrap()).unwrap();
    let text = text.replacen("\ntitle = ", &format!("\nprofile = \"{profile}\"\ntitle = "), 1);
    files.insert("recipe.toml".to_owned(), text.into_bytes());
    opened(template, &files)
}

#[test]
fn an_area_without_needs_says_so_in_the_councils_sentence() {
    const SENTENCE: &str = "The advice describes no sensory or physical need.";
    let bytes = council_template();
    for (profile, times) in [(None, 0), (Some("needs-and-blanks"), 1)] {
        let (recipe, template) = match profile {
            None => council_recipe(&bytes, MAP).unwrap(),
            Some(profile) => council_recipe_by(profile, &bytes, MAP).unwrap(),
        };
        // The fourth area has no needs; those that have some do not say so.
        let (generated, _) = council_run(&recipe, NEEDS);
        let documents = render::documents(&recipe, &template, &generated).unwrap();
        for file in [&documents.draft, &documents.evidence] {
            assert_eq!(body(file).matches(SENTENCE).count(), times, "{profile:?}");
            assert_eq!(body(file).matches("The advice describes no ").count(), times);
        }
    }
}

#[test]
fn an_empty_draft_leaves_no_key_behind() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    let (_, generated) = fixture::empty();
    let draft = render::documents(&recipe, &template, &generated).unwrap().draft;
    let answers = rows(&draft).into_iter().skip(1).take(DETAILS.len());
    assert!(answers.into_iter().all(|cells| cells[1].is_empty()));
    assert!(!body(&draft).contains(['{', '}', '\u{ab}']));
}

#[test]
fn hostile_words_stay_words_in_a_councils_template() {
    let (recipe, template) = council_recipe(&council_template(), MAP).unwrap();
    let (_, generated) = fixture::hostile();
    let documents = render::documents(&recipe, &template, &generated).unwrap();
    for file in [&documents.draft, &documents.evidence] {
        let xml = xml(file);
        let relations = text(file, "word/_rels/document.xml.rels");
        for word in HOSTILE {
            let shown = word.replace('\u{202e}', "");
            assert!(body(file).contains(&shown), "{word}");
        }
        assert!(!xml.contains("w:hyperlink") && !xml.contains("w:instrText") && !xml.contains("<script"));
        assert!(!relations.contains("External"));
    }
}

/// A template with keys of its own, as a council would name them.
fn named(words: &str) -> Vec<u8> {
    let mut document = Document::new("Plan");
    document.paragraph(Style::Normal, words);
    document.bytes().unwrap()
}

#[test]
fn names_of_any_form_can_be_mapped() {
    let (_, generated) = fixture::rich();
    let check = |words: &str, map: &str, expected: &str| {
        let (recipe, template) = council_recipe(&named(words), &format!("[template.map]\n{map}")).unwrap();
        assert_eq!(
            render::tried(&recipe, &template).unwrap().undefined,
            BTreeSet::new(),
            "{words}"
        );
        let documents = render::documents(&recipe, &template, &generated).unwrap();
        assert_eq!(body(&documents.draft).trim(), expected, "{words}");
        assert_eq!(body(&documents.evidence).trim(), expected, "{words}");
    };
    let name = "Idris Tomos Vale";
    check("{{ Name of Child }}", "\"Name of Child\" = \"name\"", name);
    check("{{ full-name }}", "full-name = \"name\"", name);
    check("{{ Child\u{2019}s  name }}", "\"Child's name\" = \"name\"", name);
    check("{{ Name and title }}", "\"Name and title\" = \"name\"", name);
    check("{{ NAME }}", "NAME = \"name\"", name);
    check("{{ Name/s (legal)? }}", "\"Name/s (legal)?\" = \"name\"", name);
    check(
        "{% if NAME %}{{ NAME | upper }}{% endif %}",
        "NAME = \"name\"",
        "IDRIS TOMOS VALE",
    );
    check(
        "{{ Case }}, {{ name }}",
        "Case = \"case\"",
        "EHC-2026-0417, Idris Tomos Vale",
    );
    check(
        "{{ Need 1 }}{% for s in Needs %}|{{ s.text }}{% endfor %}",
        "\"Need {n}\" = \"semh_needs\"\nNeeds = \"semh_needs\"",
        "Idris becomes upset when plans change without warning. At such times he may hide under a table.|Idris becomes \
         upset when plans change without warning. At such times he may hide under a table.",
    );
}

#[test]
fn a_field_of_statements_shown_by_its_name_reads_on() {
    let (_, generated) = fixture::rich();
    let (recipe, template) = council_recipe(&named("{{ family_views }}"), "").unwrap();
    let documents = render::documents(&recipe, &template, &generated).unwrap();
    let words = body(&documents.draft);
    assert!(
        words.contains("(reported by the family)") && words.trim().lines().count() == 1,
        "{words}"
    );
    assert!(text(&documents.evidence, "word/footnotes.xml").contains("Appendix A.pdf, page"));
    let list = council_recipe(&named("{{ communication_interaction_needs }}"), "").unwrap();
    let list = render::documents(&list.0, &list.1, &generated).unwrap();
    assert_eq!(body(&list.draft).trim().lines().count(), 2);
}
