//! An edited draft against its record: what a word processor and a person do to the text between.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use drafting::draft::Support;
use drafting::edit::{Bearing, Edit, EditFault, likeness, review};
use drafting::hash::Digest;
use drafting::recipe::Recipe;
use drafting::record::Record;
use drafting::source::{Block, Content, Notice, NoticeKind, Reading};

use super::{documents, fixture};

struct Drafted {
    recipe: Recipe,
    record: Record,
    draft: Reading,
}

static DRAFTED: LazyLock<Drafted> = LazyLock::new(|| {
    let run = fixture::rich();
    let draft = reading::parse(&documents(&run).draft, &reading::Limits::default()).unwrap();
    let record = Record::of(&run.0, &run.1, &BTreeMap::new(), BTreeMap::new());
    Drafted {
        recipe: run.0,
        record,
        draft,
    }
});

/// Every text of a reading, to be edited.
pub fn texts(reading: &mut Reading) -> Vec<&mut String> {
    let mut all = Vec::new();
    for block in &mut reading.blocks {
        match &mut block.content {
            Content::Heading { text, .. }
            | Content::Paragraph { text, .. }
            | Content::ListItem { text, .. } => {
                all.push(text);
            }
            Content::Table { head, rows } => {
                all.extend(head.iter_mut().flatten().chain(rows.iter_mut().flatten()));
            }
        }
    }
    all
}

pub fn reviewed(edit: impl FnOnce(&mut Reading)) -> Edit {
    let Drafted {
        recipe,
        record,
        draft,
    } = &*DRAFTED;
    let mut edited = draft.clone();
    edit(&mut edited);
    review(recipe, record, Some(draft), &edited, Digest::of(b"edited")).unwrap()
}

/// What an edit came to: changed, removed, added, moved.
fn counts(edit: &Edit) -> [usize; 4] {
    [
        edit.changed.len(),
        edit.removed.len(),
        edit.added.len(),
        edit.moved.len(),
    ]
}

/// The statements of lists with more than eight words and evidence.
fn statements() -> Vec<(String, String)> {
    let fields = DRAFTED.record.sections.iter().flat_map(|section| &section.fields);
    let long = fields
        .flat_map(|field| field.content.statements())
        .filter(|statement| {
            matches!(statement.support, Support::Claims(_)) && statement.text.split_whitespace().count() > 8
        });
    long.map(|statement| (statement.id.clone(), statement.text.clone()))
        .collect()
}

pub fn paragraph(text: &str) -> Block {
    Block {
        page: None,
        breaks: Vec::new(),
        content: Content::Paragraph {
            text: text.into(),
            bold: Vec::new(),
        },
    }
}

#[test]
fn a_draft_that_was_only_saved_again_is_as_it_was() {
    let same = reviewed(|_| {});
    assert_eq!(counts(&same), [0; 4], "{same:#?}");
    assert!(same.around.is_empty() && same.findings.new.is_empty() && same.findings.gone.is_empty());
    // What programs do to quotation marks, dashes and spaces.
    let typographic = reviewed(|edited| {
        for text in texts(edited) {
            *text = text
                .replace('\'', "\u{2019}")
                .replace(" \"", " \u{201c}")
                .replace('-', "\u{2011}")
                .replace("  ", "\u{a0} ");
        }
    });
    assert_eq!(counts(&typographic), [0; 4], "{typographic:#?}");
}

#[test]
fn each_statement_is_found_whatever_was_done_to_one() {
    for (id, text) in statements() {
        let one = |with: &str| {
            reviewed(|edited| {
                let mut found = texts(edited).into_iter().filter(|own| own.contains(&text));
                let own = found.next().unwrap_or_else(|| panic!("{id} is not in the draft"));
                *own = own.replacen(&text, with, 1);
            })
        };
        let gone = one("");
        assert_eq!(
            gone.removed.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
            [id.as_str()]
        );
        let number = one(&format!("{} for 977 minutes", text.trim_end_matches('.')));
        assert_eq!(number.changed.len(), 1, "{id}");
        assert_eq!(
            (number.changed[0].id.as_str(), number.changed[0].bearing),
            (id.as_str(), Bearing::Lost)
        );
        let own = one(&format!(
            "{}. Zebras come on Mondays.",
            text.trim_end_matches('.')
        ));
        assert!(
            own.added
                .iter()
                .any(|added| added.text == "Zebras come on Mondays."),
            "{id}: {own:#?}"
        );
    }
}

/// An amount that is cut off leaves only words of the evidence, in its own order.
#[test]
fn what_a_hand_takes_out_of_a_statement_is_weighed() {
    const AMOUNT: &str = " for five minutes every morning";
    let of_an_amount: Vec<_> = statements()
        .into_iter()
        .filter(|(_, text)| text.contains(AMOUNT))
        .collect();
    assert!(!of_an_amount.is_empty());
    for (id, text) in of_an_amount {
        let edit = reviewed(|edited| {
            for own in texts(edited) {
                *own = own.replace(&text, &text.replacen(AMOUNT, "", 1));
            }
        });
        assert_eq!(edit.changed.len(), 1, "{id}");
        assert_eq!(edit.changed[0].bearing, Bearing::Lost, "{id}");
    }
}

#[test]
fn paragraphs_may_be_moved_split_and_joined() {
    let (id, text) = statements().pop().unwrap();
    let moved = reviewed(|edited| {
        for own in texts(edited) {
            *own = own.replace(&text, "");
        }
        edited.blocks.insert(1, paragraph(&text));
    });
    assert_eq!(
        (counts(&moved), moved.moved[0].as_str()),
        ([0, 0, 0, 1], id.as_str()),
        "{moved:#?}"
    );
    // Another template: no tables, no numbers, each statement a paragraph.
    let flat = reviewed(|edited| {
        let rows = texts(edited).iter().map(|text| paragraph(text)).collect();
        edited.blocks = rows;
    });
    assert_eq!(
        (flat.changed.len(), flat.removed.len(), flat.added.len()),
        (0, 0, 0),
        "{flat:#?}"
    );
}

#[test]
fn tracked_changes_and_comments_are_told() {
    let edit = reviewed(|edited| {
        edited.notices.push(Notice {
            kind: NoticeKind::Comment,
            page: None,
            text: Some("is this right?".into()),
        });
    });
    assert_eq!(edit.notices.len(), 1);
    let page = render::edit(&DRAFTED.recipe, &edit, None).unwrap();
    assert!(String::from_utf8(page).unwrap().contains("is this right?"));
}

#[test]
fn another_document_is_no_edit_of_the_draft() {
    let Drafted {
        recipe,
        record,
        draft,
    } = &*DRAFTED;
    let mut other = draft.clone();
    other.blocks = vec![paragraph("Minutes of the allotment society.")];
    let fault = review(recipe, record, Some(draft), &other, Digest::of(b"x")).unwrap_err();
    assert_eq!(fault, EditFault::Unlike);
    assert!(likeness(record, &other) < 0 && likeness(record, draft) > 0);
    let mut long = draft.clone();
    long.blocks = vec![paragraph("x"); 20_001];
    assert_eq!(
        review(recipe, record, Some(draft), &long, Digest::of(b"x")).unwrap_err(),
        EditFault::TooLarge
    );
    let mut refused = record.clone();
    refused.sections.clear();
    assert_eq!(
        review(recipe, &refused, None, draft, Digest::of(b"x")).unwrap_err(),
        EditFault::NoDraft
    );
}

#[test]
fn the_page_shows_the_edit_and_nothing_of_it_becomes_markup() {
    let (_, text) = statements().swap_remove(0);
    let edit = reviewed(|edited| {
        for own in texts(edited) {
            *own = own.replace(&text, &format!("{text} <script>alert(1)</script> 977 times"));
        }
    });
    let newer = drafting::id::RunId::parse("0123").unwrap();
    let page = String::from_utf8(render::edit(&DRAFTED.recipe, &edit, Some(&newer)).unwrap()).unwrap();
    assert!(page.contains("977") && page.contains("Not the newest draft") && page.contains("0123"));
    assert_eq!(page.matches("<script").count(), 0);
    assert!(page.contains("default-src") && !page.contains("http://") && !page.contains("https://"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    /// Whatever comes back, each statement has one fate, and nothing panics.
    #[test]
    fn every_statement_has_one_fate(seed in proptest::collection::vec((0_usize..400, 0_u8..4, ".{0,30}"), 0..12)) {
        let total = DRAFTED.record.sections.iter().flat_map(|s| &s.fields).map(|f| f.content.statements().len()).sum::<usize>();
        let edit = reviewed(|edited| {
            for (at, what, words) in &seed {
                let mut all = texts(edited);
                let at = at % all.len();
                match what {
                    0 => all[at].clear(),
                    1 => all[at].push_str(words),
                    2 => { let other = all[(at * 7 + 1) % all.len()].clone(); all[at].push_str(&other); }
                    _ => edited.blocks.insert(0, paragraph(words)),
                }
            }
        });
        proptest::prop_assert_eq!(super::edit_schema::fault(&edit), None);
        proptest::prop_assert_eq!(edit.changed.len() + edit.removed.len() + edit.unchanged, total);
    }
}
