//! Faults planted in correct statements, one kind at a time.
//!
//! Which of several changes is made follows from the statement's own letters, so that every run plants the same.

use super::items::Item;
use super::rewrite::{Claim, Gold, item, plain, quote};

/// The kinds of fault, with what they are called.
pub const KINDS: &[(&str, &str)] = &[
    ("number", "a number changed"),
    ("ratio", "a ratio or group size changed"),
    ("frequency-invented", "a frequency invented"),
    ("frequency-changed", "a frequency changed"),
    ("duration", "a duration changed"),
    ("date", "a date changed"),
    ("name", "a name swapped or misspelt"),
    ("pronoun", "a pronoun swapped"),
    ("negation-dropped", "a denial dropped"),
    ("negation-added", "a denial added"),
    ("strengthened", "a possibility told as certain"),
    ("moved", "a need moved to another area"),
    (
        "parent-as-professional",
        "a parent's words told as a professional's",
    ),
    ("other-as-child", "a sibling's matter told of the child"),
    ("third-party", "another child or relative named"),
    ("unsupported", "a clause added that no source says"),
    ("historic", "what is over told as current"),
    ("present", "what is made now put among what is advised"),
    ("quotation", "a quotation altered"),
    ("lost-in-merging", "a specific lost when two were joined"),
];

/// What is needed to plant faults in one case.
#[derive(Clone, Debug)]
pub struct Planter<'g> {
    /// The gold annotation.
    pub gold: &'g Gold,
    /// The name that the child goes by.
    pub name: String,
    /// Whether the child's pronoun is "she".
    pub she: bool,
    /// All words of the child's own names.
    pub own: Vec<String>,
    /// Names of siblings and friends in the sources.
    pub others: Vec<String>,
    /// The areas of the recipe.
    pub areas: Vec<String>,
    /// What the sources say of a relative, each as it stands there.
    pub of_relatives: Vec<Item>,
}

/// A planted fault: its kind and the item.
pub type Planted = (&'static str, Item);

fn pick<'l, T>(list: &'l [T], text: &str) -> Option<&'l T> {
    let sum: usize = text.bytes().map(usize::from).sum();
    list.get(sum % list.len().max(1))
}

/// The first of `changes` whose left side stands in `text`, made once. The order begins at a place that the text tells.
pub(super) fn swapped(text: &str, changes: &[(&str, &str)]) -> Option<String> {
    let sum: usize = text.bytes().map(usize::from).sum();
    let from = sum % changes.len().max(1);
    let (later, sooner) = changes.split_at(from);
    sooner
        .iter()
        .chain(later)
        .find(|(from, _)| text.contains(from))
        .map(|(from, to)| text.replacen(from, to, 1))
}

const NUMBERS: &[(&str, &str)] = &[
    (" two ", " three "),
    (" three ", " five "),
    (" four ", " six "),
    (" five ", " seven "),
    (" six ", " nine "),
    (" seven ", " eight "),
    (" eight ", " four "),
    (" nine ", " six "),
    (" ten ", " twelve "),
    (" eleven ", " twenty-one "),
    (" fifteen", " fifty"),
    (" twenty-two", " thirty-two"),
    ("score 7", "score 8"),
    ("score 9", "score 6"),
    ("six of seven", "five of seven"),
    ("Key Stage 2", "Key Stage 3"),
    ("Year 5", "Year 6"),
    ("Year 11", "Year 10"),
    ("Level 2", "Level 3"),
    ("grade 2", "grade 4"),
    (" per cent", "5 per cent"),
    ("centile", "centile of 40"),
];
const RATIOS: &[(&str, &str)] = &[
    ("1:1", "1:2"),
    ("1:2", "1:4"),
    ("1:3", "1:1"),
    ("1:4", "1:6"),
    ("1:8", "1:3"),
    ("one-to-one", "two-to-one"),
    ("One-to-one", "Small-group, 1:3"),
    ("group of four", "group of eight"),
    ("group of six", "group of three"),
    ("one to one", "one to four"),
];
const FREQUENCIES: &[(&str, &str)] = &[
    ("twice weekly", "three times weekly"),
    ("three times weekly", "twice weekly"),
    ("four times weekly", "twice weekly"),
    ("three times each week", "twice each week"),
    ("twice each week", "once each week"),
    ("weekly", "monthly"),
    ("Weekly", "Daily"),
    ("daily", "weekly"),
    ("Daily", "Weekly"),
    ("each week", "each fortnight"),
    ("each half-term", "each week"),
    ("each term", "each year"),
    ("each year", "each term"),
    ("every four months", "every two months"),
    ("fortnightly", "weekly"),
    ("every four weeks", "every two weeks"),
    ("monthly", "weekly"),
    ("each day", "each week"),
    ("every six months", "every month"),
    ("once a term", "once a week"),
];
const DURATIONS: &[(&str, &str)] = &[
    ("20 minutes", "30 minutes"),
    ("30 minutes", "13 minutes"),
    ("15 minutes", "50 minutes"),
    ("45 minutes", "40 minutes"),
    ("40 minutes", "20 minutes"),
    ("60 minutes", "90 minutes"),
    ("90 minutes", "60 minutes"),
    ("ten minutes", "twenty minutes"),
    ("10 minutes", "15 minutes"),
    ("5 minutes", "25 minutes"),
    ("two hours", "three hours"),
    ("20 hours", "12 hours"),
    ("12.5 hours", "15 hours"),
    ("25 hours", "20 hours"),
    ("three hours", "two hours"),
    ("15 hours", "50 hours"),
    ("two terms", "three terms"),
    ("twelve weeks", "ten weeks"),
    ("ten weeks", "two weeks"),
    ("six months", "six weeks"),
    ("four minutes", "four hours"),
    ("fifteen minutes", "fifty minutes"),
    ("five minutes", "eight minutes"),
    ("sixty hours", "sixteen hours"),
    ("two minutes", "five minutes"),
    ("twelve months", "two months"),
];
const DATES: &[(&str, &str)] = &[
    ("2027", "2028"),
    ("2026", "2025"),
    ("2024", "2023"),
    ("2025", "2024"),
    ("July", "June"),
    ("September", "October"),
    ("March", "May"),
    ("February", "April"),
    ("January", "July"),
    ("November", "December"),
    ("June", "July"),
    ("May 2", "March 2"),
    ("autumn term", "spring term"),
    ("summer term", "autumn term"),
    ("spring", "summer"),
    ("Wednesday", "Thursday"),
    ("December", "September"),
    ("April", "August"),
];
pub(super) const DROPPED: &[(&str, &str)] = &[
    (" does not ", " does "),
    (" do not ", " do "),
    (" did not ", " did "),
    (" cannot ", " can "),
    (" is not ", " is "),
    (" are not ", " are "),
    (" has not ", " has "),
    (" was not ", " was "),
    (" were not ", " were "),
    (" will not ", " will "),
    (" no ", " "),
    ("No ", "Some "),
    (" without ", " with "),
    (" never ", " always "),
    (" could not ", " could "),
    (" no longer ", " still "),
    (" not ", " "),
];
const ADDED: &[(&str, &str)] = &[
    (" can ", " cannot "),
    (" is ", " is not "),
    (" will ", " will not "),
    (" are ", " are not "),
    (" has ", " does not have "),
    (" likes ", " does not like "),
    (" needs ", " does not need "),
    (" uses ", " does not use "),
    (" enjoys ", " does not enjoy "),
    (" with ", " without "),
    (" knows ", " does not know "),
    (" always ", " never "),
    (" takes ", " does not take "),
    (" was ", " was not "),
    (" responds ", " does not respond "),
];
const STRONGER: &[(&str, &str)] = &[
    ("may benefit from", "needs"),
    ("may need", "needs"),
    ("may be helpful", "is essential"),
    ("might ", "will "),
    (" may ", " will "),
    ("would benefit from", "requires"),
    ("should ", "must "),
    ("sometimes ", "always "),
    ("is recommended", "is required"),
    ("could ", "must "),
    ("often ", "always "),
    ("is suspected", "is confirmed"),
    ("appears to ", "does "),
    ("some of", "all of"),
    ("usually ", "always "),
];
const CLAUSES: &[&str] = &[
    ", and enjoys swimming lessons at the leisure centre on Saturdays",
    ", which has improved sleep and appetite over the holidays",
    " and was referred to a gastroenterology clinic",
    ", following a successful trial of coloured overlays",
    ", and is making rapid progress with phonics",
    " and has recently joined a trampolining squad",
    ", as shown on the Vineland scales",
    ", supported by a physiotherapist and a hydrotherapy pool",
];

impl Planter<'_> {
    /// All faults that can be planted in the correct items of single claims.
    #[must_use]
    pub fn all(&self, usable: impl Fn(&Item) -> bool) -> Vec<Planted> {
        let claims: Vec<&Claim> = self
            .gold
            .claims
            .iter()
            .filter(|claim| claim.quote.split_whitespace().count() > 3 && usable(&item(claim, String::new())))
            .collect();
        let mut planted = Vec::new();
        for claim in claims.iter().filter(|claim| claim.current) {
            let text = plain(&claim.quote);
            planted.extend(
                self.worded(claim, &text)
                    .into_iter()
                    .map(|(kind, text)| (kind, item(claim, text))),
            );
            planted.extend(self.placed(claim, &text));
            planted.extend(claim.is_made_now().then(|| ("present", item(claim, text))));
        }
        for claim in claims.iter().filter(|claim| !claim.current) {
            planted.extend(revived(&plain(&claim.quote)).map(|text| ("historic", item(claim, text))));
        }
        planted.extend(claims.windows(2).filter_map(lost));
        planted.extend(
            self.of_relatives
                .iter()
                .filter_map(|item| Some(("other-as-child", told_of(&self.name, item)?))),
        );
        planted
    }

    /// Whether a statement names another child or relative.
    #[must_use]
    pub fn names_another(&self, item: &Item) -> bool {
        let text = item.statement.as_deref().unwrap_or_default();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        self.others.iter().any(|other| words.contains(&other.as_str()))
    }

    /// Faults of wording.
    fn worded(&self, claim: &Claim, text: &str) -> Vec<(&'static str, String)> {
        let padded = format!(" {text} ");
        let changed = |changes| swapped(&padded, changes).map(|text| text.trim().to_owned());
        let mut all = Vec::new();
        let mut push = |kind, text: Option<String>| all.extend(text.map(|text| (kind, text)));
        push("number", changed(NUMBERS));
        push("ratio", changed(RATIOS));
        push("frequency-changed", changed(FREQUENCIES));
        push("duration", changed(DURATIONS));
        push("date", changed(DATES));
        push("negation-dropped", changed(DROPPED));
        let denied = [" not ", "No ", " no ", "cannot", "never", "without"]
            .iter()
            .any(|word| padded.contains(word));
        push("negation-added", (!denied).then(|| changed(ADDED)).flatten());
        push("strengthened", changed(STRONGER));
        push("name", self.renamed(text));
        push("pronoun", self.regendered(text));
        push("quotation", misquoted(text));
        let vague = !["week", "daily", "Daily", "each", "every", "term", "monthly"]
            .iter()
            .any(|word| text.contains(word));
        if claim.kind == "provision" && vague {
            let often = pick(
                &[
                    "twice weekly",
                    "daily",
                    "once a fortnight",
                    "three times a week",
                    "every half-term",
                ],
                text,
            );
            push(
                "frequency-invented",
                often.map(|often| format!("{}, {often}.", text.trim_end_matches('.'))),
            );
        }
        push(
            "unsupported",
            pick(CLAUSES, text).map(|clause| format!("{}{clause}.", text.trim_end_matches('.'))),
        );
        all
    }

    /// Faults of place and voice.
    fn placed(&self, claim: &Claim, text: &str) -> Vec<Planted> {
        let mut all = Vec::new();
        if claim.kind == "need" && claim.area != "none" {
            let other: Vec<&String> = self.areas.iter().filter(|area| **area != claim.area).collect();
            if let Some(area) = pick(&other, text) {
                let mut moved = item(claim, text.to_owned());
                moved.area = Some((*area).clone());
                all.push(("moved", moved));
            }
        }
        if claim.speaker == "parent" {
            let lead = pick(&["Assessment found that ", "The school reports that ", ""], text)
                .copied()
                .unwrap_or_default();
            let mut told = item(claim, format!("{lead}{text}"));
            told.section = Some("B".into());
            all.push(("parent-as-professional", told));
        }
        for other in &self.others {
            if text.starts_with(other.as_str()) {
                all.push((
                    "other-as-child",
                    item(claim, text.replacen(other.as_str(), &self.name, 1)),
                ));
            }
        }
        all
    }

    fn renamed(&self, text: &str) -> Option<String> {
        if !text.contains(&self.name) {
            return None;
        }
        let slip: String = self
            .name
            .chars()
            .enumerate()
            .map(|(at, c)| {
                if at == 2 {
                    if c == 'o' { 'a' } else { 'o' }
                } else {
                    c
                }
            })
            .collect();
        let foreign = ["Oliver", "Priya", "Imogen", "Callum"].map(str::to_owned);
        let mut names: Vec<String> = foreign
            .into_iter()
            .filter(|name| !self.own.contains(name))
            .collect();
        names.extend(self.others.first().cloned());
        names.push(slip);
        pick(&names, text).map(|name| text.replacen(&self.name, name, 1))
    }

    fn regendered(&self, text: &str) -> Option<String> {
        let changes: &[(&str, &str)] = if self.she {
            &[("She ", "He "), (" she ", " he "), (" her ", " his ")]
        } else {
            &[
                ("He ", "She "),
                (" he ", " she "),
                (" his ", " her "),
                (" him ", " her "),
            ]
        };
        changes
            .iter()
            .find(|(from, _)| text.contains(from))
            .map(|(from, to)| text.replace(from, to))
    }
}

/// A relative's matter told of the child: the name stands in place of the words for the relative.
fn told_of(name: &str, item: &Item) -> Option<Item> {
    let text = item.statement.as_deref()?;
    let (_, rest) = text.split_once(' ')?;
    let (_, rest) = rest.split_once(' ')?;
    Some(Item {
        statement: Some(format!("{name} {rest}")),
        ..item.clone()
    })
}

fn misquoted(text: &str) -> Option<String> {
    let mark = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}');
    let start = text.find(mark)?;
    let open = text.get(start..)?.chars().next()?.len_utf8();
    let rest = text.get(start + open..)?;
    let end = rest.find(mark)?;
    let inside = rest.get(..end)?;
    let mut words: Vec<&str> = inside.split(' ').collect();
    let last = words.len() - 1;
    if inside.len() % 2 == 0 && words.len() > 2 {
        words.remove(last / 2);
    } else {
        let slot = words.get_mut(last / 2)?;
        *slot = "really";
    }
    Some(format!(
        "{}{}{}",
        text.get(..start + open)?,
        words.join(" "),
        rest.get(end..)?
    ))
}

/// What is over, told as if it were not.
pub(super) fn revived(text: &str) -> Option<String> {
    let cells: Vec<&str> = text.split(", ").collect();
    if let Some(at) = cells
        .iter()
        .position(|cell| cell.starts_with("No. ") || cell.starts_with("Stopped"))
    {
        return Some(cells.get(..at)?.join(", "));
    }
    swapped(
        text,
        &[
            ("Until July 2026 she was", "She is"),
            ("attended a", "attends a"),
            (" which ended in December 2025", ""),
            ("has been discharged", "is seen"),
            ("are sufficient at this stage", "will continue"),
            (" should continue", " continues"),
        ],
    )
}

/// Two claims joined, the specifics of the second dropped.
fn lost(pair: &[&Claim]) -> Option<Planted> {
    let [first, second] = pair else { return None };
    if first.kind != second.kind
        || first.section != second.section
        || !first.current
        || !second.current
        || !matches!(first.section.as_str(), "F" | "G" | "H1" | "H2")
    {
        return None;
    }
    let text = plain(&second.quote);
    let specific = ["1:", " minutes", "weekly", "daily", "each week", "hours"];
    let at = specific.iter().filter_map(|word| text.find(word)).min()?;
    let head = text
        .get(..at)?
        .rsplit_once([',', '.'])
        .map(|(head, _)| head.to_owned())?;
    if head.split_whitespace().count() < 4 || specific.iter().any(|word| head.contains(word)) {
        return None;
    }
    let mut joined = item(first, format!("{} {head}.", plain(&first.quote)));
    joined.cited = Some(vec![quote(first), quote(second)]);
    Some(("lost-in-merging", joined))
}
