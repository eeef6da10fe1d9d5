//! One measurement: all cases, tuned and held out.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use drafting::case::Case;
use drafting::check::statement::Reader;
use drafting::recipe::Recipe;

use super::case;
use super::fault::Planter;
use super::items::{Answer, Bench, Item, Quote};
use super::rewrite::{self, Gold, GoldDraft};
use super::table::Counts;
use crate::folder::{self, FolderFault};

/// The cases by which the rules were tuned. All others are held out.
pub const TUNED: &[&str] = &["rowan", "amina"];

/// Where the table stands in a Markdown file.
const OPEN: &str = "<!-- verify-the-verifier -->";
const CLOSE: &str = "<!-- /verify-the-verifier -->";

/// The sample cases of the repository that have a gold annotation.
fn samples(root: &Path) -> Vec<PathBuf> {
    let folders = [
        "handler/tests/cases",
        "handler/evaluation/tests/gold/cases",
        "handler/drafting/tests/gold/cases",
    ];
    let mut all: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(root.join(folder)).ok())
        .flat_map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())))
        .filter(|path| path.join("gold.json").is_file())
        .collect();
    all.sort();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|path| seen.insert(path.file_name().map(ToOwned::to_owned)));
    all
}

/// Plants faults in every case and counts. What was missed or wrongly found is put into `list`.
///
/// # Errors
/// When a case cannot be read, or there is none.
pub fn measure(
    recipe: &Recipe,
    cases: &[PathBuf],
    root: &Path,
    list: &mut String,
) -> Result<String, FolderFault> {
    let folders = if cases.is_empty() {
        samples(root)
    } else {
        cases.to_vec()
    };
    let (mut tuned, mut held_out) = (Counts::default(), Counts::default());
    for folder in &folders {
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let counts = counted(recipe, folder, list)?;
        if TUNED.contains(&name) {
            tuned.merge(&counts);
        } else {
            held_out.merge(&counts);
        }
    }
    if folders.is_empty() {
        return Err(FolderFault::NoCase {
            path: root.to_owned(),
        });
    }
    let mut out = String::new();
    for (title, counts) in [
        ("Cases by which the rules were tuned", &tuned),
        ("Cases held out", &held_out),
    ] {
        if counts.alarms.all > 0 {
            // Writing to a string cannot fail.
            _ = write!(out, "{title}:\n\n{}\n", counts.markdown());
        }
    }
    Ok(out)
}

fn counted(recipe: &Recipe, folder: &Path, list: &mut String) -> Result<Counts, FolderFault> {
    let case = case::read(recipe, folder)?;
    let gold: Gold = folder::json(&folder.join("gold.json"))?;
    let claims = case::claims(recipe, &case);
    let reader = Reader::new(recipe, &case, &claims);
    let bench = Bench::new(&reader, &case);
    let usable = |item: &Item| {
        !bench
            .answer(item)
            .findings
            .iter()
            .any(|found| found.rule == "grounding.uncited")
    };
    let planter = planter(recipe, &case, &gold);
    let mut counts = Counts::default();
    let mut correct = rewrite::correct(&gold, &planter.name, usable);
    let by_hand = folder.join("gold_draft.json");
    if by_hand.is_file() {
        let draft: GoldDraft = folder::json(&by_hand)?;
        correct.extend(rewrite::drafted(&gold, &draft, |key| place(recipe, key)));
    }
    let mut faulty = planter.all(usable);
    // A plan says "his sister": who names her breaks a rule, however true.
    let (named, correct): (Vec<Item>, Vec<Item>) =
        correct.into_iter().partition(|item| planter.names_another(item));
    faulty.extend(named.into_iter().map(|item| ("third-party", item)));
    for item in &correct {
        let answer = bench.answer(item);
        counts.alarms.add(!answer.findings.is_empty());
        if !answer.findings.is_empty() {
            told(list, "ALARM", item, &answer);
        }
    }
    for (kind, item) in faulty {
        let answer = bench.answer(&item);
        counts
            .faults
            .entry(kind)
            .or_default()
            .add(!answer.findings.is_empty());
        if answer.findings.is_empty() {
            told(list, &format!("MISSED {kind}"), &item, &answer);
        }
    }
    Ok(counts)
}

fn planter<'g>(recipe: &Recipe, case: &Case, gold: &'g Gold) -> Planter<'g> {
    let child = case.manifest.child.as_ref();
    let name = child
        .and_then(|child| child.name.as_deref())
        .and_then(|name| name.split(' ').next());
    let documents = case
        .sources
        .iter()
        .filter_map(|source| source.content.as_ref().ok());
    let mut others: Vec<String> = documents
        .flat_map(|document| &document.sentences)
        .flat_map(|sentence| recipe.lexicon.people.others.all(&sentence.text))
        .map(str::to_owned)
        .collect();
    others.sort();
    others.dedup();
    // "his sister, he" names nobody; neither does a word that is written small elsewhere.
    let own: Vec<String> = child
        .iter()
        .flat_map(|child| child.name.iter().chain(&child.preferred_name))
        .flat_map(|name| name.split_whitespace().map(str::to_owned))
        .collect();
    let small = |name: &str| {
        let low = format!(" {}", name.to_lowercase());
        let sources = case
            .sources
            .iter()
            .filter_map(|source| source.content.as_ref().ok());
        sources.into_iter().any(|document| document.text.contains(&low))
    };
    others.retain(|other| other.len() > 2 && !own.contains(other) && !small(other));
    Planter {
        gold,
        name: name.unwrap_or("The child").to_owned(),
        she: child
            .and_then(|child| child.pronouns.as_deref())
            .is_some_and(|pronouns| pronouns.starts_with("she")),
        own,
        others,
        areas: recipe.areas.iter().map(|area| area.id.clone()).collect(),
        of_relatives: of_relatives(case),
    }
}

/// Sentences of the sources about a relative: "Her brother has asthma."
fn of_relatives(case: &Case) -> Vec<Item> {
    const RELATIVES: &[&str] = &[
        "sister ",
        "brother ",
        "mother ",
        "father ",
        "cousin ",
        "grandmother ",
        "husband ",
    ];
    const SAYS: &[&str] = &[
        "say",
        "said",
        "told",
        "report",
        "feel",
        "would like",
        "want",
        "hope",
        "worr",
        "describe",
        "think",
        "believe",
    ];
    let about = |text: &str| {
        let rest = ["His ", "Her ", "Their ", "My "]
            .iter()
            .find_map(|head| text.strip_prefix(head))?;
        let named = RELATIVES.iter().any(|relative| rest.starts_with(relative));
        let telling = !SAYS.iter().any(|verb| rest.contains(verb)) && rest.split(' ').count() > 5;
        (named && telling).then_some(())
    };
    let mut all = Vec::new();
    for source in &case.sources {
        let Ok(document) = &source.content else { continue };
        for sentence in document
            .sentences
            .iter()
            .filter(|sentence| about(&sentence.text).is_some())
        {
            all.push(Item {
                id: all.len().into(),
                statement: Some(sentence.text.clone()),
                section: Some("B".to_owned()),
                area: None,
                cited: Some(vec![Quote {
                    document: Some(source.name.as_str().to_owned()),
                    page: None,
                    quote: Some(sentence.text.clone()),
                }]),
            });
        }
    }
    all
}

/// The section and area of a field of a draft made by hand, whose keys end in a number.
fn place(recipe: &Recipe, key: &str) -> Option<(String, Option<String>)> {
    let area = recipe
        .areas
        .iter()
        .find(|area| key.starts_with(area.id.as_str()))
        .map(|area| area.id.clone());
    let section = match () {
        () if key.starts_with("h1_") => "H1",
        () if key.starts_with("h2_") => "H2",
        () if key.contains("_outcome_") => "E",
        () if key.contains("health_care_provision") => "G",
        () if key.contains("_provision_") => "F",
        () if key.starts_with("health_care") => "C",
        () if key.starts_with("social_care") => "D",
        () if area.is_some() => "B",
        () if [
            "history",
            "communication",
            "child_views",
            "family_views",
            "interests",
            "strengths",
            "aspirations",
        ]
        .contains(&key) =>
        {
            "A"
        }
        () => return None,
    };
    Some((section.to_owned(), area))
}

fn told(list: &mut String, what: &str, item: &Item, answer: &Answer) {
    let rules: Vec<String> = answer
        .findings
        .iter()
        .map(|found| format!("{}: {}", found.rule, found.message))
        .collect();
    let quotes: Vec<&str> = item
        .cited
        .iter()
        .flatten()
        .filter_map(|quote| quote.quote.as_deref())
        .collect();
    // Writing to a string cannot fail.
    _ = writeln!(
        list,
        "{what} [{} {:?} {}]\n   S: {}\n   Q: {}\n   {}",
        item.section.as_deref().unwrap_or_default(),
        item.area.as_deref().unwrap_or_default(),
        item.id,
        item.statement.as_deref().unwrap_or_default(),
        quotes.join(" // "),
        rules.join("\n   ")
    );
}

/// Puts `table` between the markers of a Markdown file.
///
/// # Errors
/// When the file cannot be read or written, or has no markers.
pub fn write_between(path: &Path, table: &str) -> Result<(), FolderFault> {
    let text = String::from_utf8_lossy(&folder::bytes(path)?).into_owned();
    let unmarked = || FolderFault::Unreadable {
        path: path.to_owned(),
        cause: std::io::Error::other(format!("it has no `{OPEN}` and `{CLOSE}`")),
    };
    let (head, rest) = text.split_once(OPEN).ok_or_else(unmarked)?;
    let (_, tail) = rest.split_once(CLOSE).ok_or_else(unmarked)?;
    let whole = format!("{head}{OPEN}\n{}\n{CLOSE}{tail}", table.trim_end());
    std::fs::write(path, whole).map_err(|cause| FolderFault::Unreadable {
        path: path.to_owned(),
        cause,
    })
}
