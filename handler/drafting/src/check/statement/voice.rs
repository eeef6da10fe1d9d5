//! Who says it (rules G05, L01): what a parent tells is told as a parent's, and quotation marks hold what was said.

use super::english::{FAMILY, PROFESSIONAL, SAYS};
use super::sayers::{is_family, titled};
use super::words::{Token, any, plain, tokens};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::claim::Speaker;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    attribution(cited, remarks);
    wishes(cited, remarks);
    quotations(cited, remarks);
}

const OPINIONS: &[&str] = &[
    "believ*",
    "think*",
    "thought",
    "feel",
    "feels",
    "felt",
    "would like",
    "want*",
    "wish*",
    "hope*",
    "view*",
    "opinion",
    "concern*",
    "worri*",
    "report*",
    "say",
    "says",
    "said",
    "told",
    "tells",
    "describ*",
];

/// "The family has", "his parents would": whom the statement is about.
fn begins_with_family(cited: &Cited) -> bool {
    let words = cited.text.tokens.iter().map(|token| token.low.as_str());
    let mut words = words.filter(|word| !matches!(*word, "the" | "his" | "her" | "their" | "both"));
    words.next().is_some_and(|word| {
        matches!(
            word,
            "family" | "parents" | "mother" | "father" | "carers" | "grandparents"
        )
    })
}

fn attribution(cited: &Cited, remarks: &mut Remarks) {
    if told_by_professional(cited) {
        remarks.add(
            &rules::ATTRIBUTION,
            "what the family says is told as a professional's finding".into(),
        );
        return;
    }
    let family = cited
        .evidence
        .iter()
        .all(|evidence| evidence.speaker != Speaker::Professional);
    let told = cited.holds(SAYS) || cited.holds(&["at home"]) && cited.of_family;
    // What the family itself wants, does and has, it alone can tell.
    let of_themselves = begins_with_family(cited);
    if family {
        if any(&cited.text.tokens, PROFESSIONAL).is_some_and(|phrase| {
            let diagnosed = phrase.contains("diagnos") && cited.evidence_holds(&["diagnos*"]);
            !diagnosed && !cited.evidence_holds(&[phrase])
        }) {
            remarks.add(
                &rules::ATTRIBUTION,
                "what the family says is told as a professional's finding".into(),
            );
        } else if !cited.of_family && !says_whose(cited) && !of_themselves {
            remarks.add(
                &rules::ATTRIBUTION,
                "what the family says stands without saying that it is theirs".into(),
            );
        }
        return;
    }
    if cited.holds(FAMILY) && cited.holds(SAYS) && tells(&cited.text.tokens, FAMILY) {
        let names_them = |evidence: &Evidence| {
            evidence
                .texts()
                .chain(&evidence.headings)
                .chain(&evidence.before)
                .any(|text| (0..text.tokens.len()).any(|at| is_family(cited, &text.tokens, at)))
        };
        let theirs = cited
            .evidence
            .iter()
            .any(|evidence| evidence.speaker != Speaker::Professional || names_them(evidence));
        if !theirs {
            remarks.add(
                &rules::ATTRIBUTION,
                "the statement has the family say what a professional says".into(),
            );
        }
    }
    let both = cited.holds(&[
        "both parents",
        "both of",
        "parents both",
        "both think",
        "both feel",
    ]);
    if both
        && !cited.evidence_holds(&["both", "we", "us", "our", "parents", "they", "each", "two"])
        && any(&cited.text.tokens, SAYS).is_some()
    {
        remarks.add(
            &rules::ATTRIBUTION,
            "both are said to think what the evidence has from one".into(),
        );
    }
    if professional_feels(cited)
        && cited
            .evidence
            .iter()
            .any(|evidence| titled_feels(&evidence.part().tokens))
    {
        remarks.add(
            &rules::ATTRIBUTION,
            "what somebody else thinks is told as a professional's opinion".into(),
        );
        return;
    }
    let opinion = |evidence: &&Evidence| {
        evidence.speaker != Speaker::Family && says_most(evidence) && opinion(cited, &evidence.part().tokens)
    };
    if !told
        && !cited.holds(FAMILY)
        && cited.evidence.iter().any(|evidence| opinion(&evidence))
        && cited
            .evidence
            .iter()
            .all(|evidence| !says_most(evidence) || opinion(&evidence))
    {
        remarks.add(
            &rules::ATTRIBUTION,
            "what a parent believes or tells stands as a fact".into(),
        );
    }
}

/// Words of thinking and feeling.
const FEELS: &[&str] = &[
    "think*", "thought", "believ*", "feel*", "felt", "anxious", "worr*", "fear*", "afraid", "hope*",
    "opinion", "view", "concern*",
];

/// Whether the statement has a professional, and nobody else, think or feel something.
fn professional_feels(cited: &Cited) -> bool {
    let of_role = super::english::ROLES.iter().any(|family| cited.holds(family));
    of_role
        && cited.holds(FEELS)
        && !cited.holds(FAMILY)
        && !cited.holds(&[
            "mr", "mrs", "ms", "miss", "mother*", "father*", "mum", "dad", "parent*",
        ])
}

/// "Mr Tawfiq thinks": somebody with a title, who is no doctor.
fn titled_feels(all: &[Token]) -> bool {
    all.windows(4).any(|window| match window {
        [title, name, rest @ ..] => {
            matches!(title.low.as_str(), "mr" | "mrs" | "ms" | "miss")
                && name.is_capital()
                && any(rest, FEELS).is_some()
        }
        _ => false,
    })
}

/// Whether the statement says whose words it gives.
fn says_whose(cited: &Cited) -> bool {
    const SPEAKS: &[&str] = &[
        "say that",
        "says that",
        "said that",
        "says she",
        "says he",
        "said she",
        "said he",
        "says :",
        "said :",
        "says ,",
        "said ,",
        "says \"",
        "said \"",
        "tell*",
        "told",
        "report*",
        "describ*",
        "feels",
        "would like",
        "want*",
        "hope*",
        "wish*",
        "explain*",
        "wrote",
        "express*",
        "think*",
        "view*",
    ];
    let all = &cited.text.tokens;
    let child = all.iter().enumerate().any(|(at, token)| {
        let behind = all.get(at + 1..(at + 5).min(all.len())).unwrap_or_default();
        cited.who.may_be_subject(&token.low) && any(behind, SPEAKS).is_some()
    });
    // "At home she hears what we say" names nobody who says it.
    let named = || {
        all.iter()
            .any(|token| token.low != "home" && FAMILY.iter().any(|word| matches(token, word)))
    };
    child || tells(all, FAMILY) || cited.holds(&["according to"]) || cited.holds(SAYS) && named()
}

/// Whether a statement from what the family wrote has a setting, a professional or an assessment say it.
fn told_by_professional(cited: &Cited) -> bool {
    const TELLERS: &[&str] = &[
        "school",
        "nursery",
        "college",
        "staff",
        "teacher*",
        "senco",
        "psychologist",
        "therapist*",
        "professional*",
        "assessment*",
        "paediatrician",
        "doctor*",
        "nurse",
        "setting",
        "keyworker",
        "practitioner*",
        "report*",
        "observation*",
        "evidence",
        "preschool",
        "specialist*",
        "worker",
        "academy",
    ];
    const FINDS: &[&str] = &[
        "report*",
        "found",
        "finds",
        "show*",
        "identif*",
        "observ*",
        "indicat*",
        "confirm*",
        "state*",
        "note*",
        "conclud*",
        "establish*",
        "says",
        "said",
        "describe*",
        "advise*",
        "assess*",
        "recommend*",
        "think*",
        "thought",
        "believe*",
        "feel*",
        "worr*",
        "fear*",
        "suspect*",
        "consider*",
    ];
    if !cited
        .evidence
        .iter()
        .all(|evidence| evidence.speaker == Speaker::Family)
    {
        return false;
    }
    cited.text.tokens.iter().enumerate().any(|(at, token)| {
        let behind = cited
            .text
            .tokens
            .get(at + 1..(at + 4).min(cited.text.tokens.len()))
            .unwrap_or_default();
        TELLERS
            .iter()
            .any(|teller| matches(token, teller) && !cited.evidence_holds(&[teller]))
            && any(behind, FINDS).is_some()
    })
}

/// Whether the statement says enough of a sentence to be taken from it.
fn says_most(evidence: &Evidence) -> bool {
    evidence.shared >= 2 || evidence.shared == 1 && evidence.part().senses.len() <= 5
}

/// Whether somebody of `people` says something: the verb stands close behind.
fn tells(all: &[Token], people: &[&str]) -> bool {
    all.iter().enumerate().any(|(at, token)| {
        people.iter().any(|person| matches(token, person))
            && any(
                all.get(at + 1..(at + 5).min(all.len())).unwrap_or_default(),
                OPINIONS,
            )
            .is_some()
    })
}

/// Whether a sentence begins with what a parent thinks or says.
fn opinion(cited: &Cited, all: &[Token]) -> bool {
    let opening = all.get(..8.min(all.len())).unwrap_or_default();
    let named = (0..opening.len().min(3)).any(|at| {
        titled(opening, at)
            && is_family(cited, opening, at)
            && any(opening.get(at + 1..).unwrap_or_default(), OPINIONS).is_some()
    });
    named
        || tells(
            opening,
            &["parents", "mother", "father", "mum", "dad", "family", "carer*"],
        )
}

fn matches(token: &Token, word: &str) -> bool {
    match word.strip_suffix('*') {
        Some(head) => token.low.starts_with(head),
        None => token.low == word,
    }
}

/// Whose wish or statement of will it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wisher {
    Subject,
    Family,
    Professional,
}

/// Professionals and settings, as whose wish one may be told.
const SETTINGS: &[&str] = &[
    "school",
    "nursery",
    "college",
    "staff",
    "teacher*",
    "senco",
    "psychologist*",
    "therapist*",
    "paediatrician*",
    "professional*",
    "keyworker*",
];

const WISHES: &[&str] = &[
    "hope",
    "hopes",
    "want",
    "wants",
    "wanted",
    "wish",
    "wishes",
    "would like",
    "aspires",
    "worry",
    "worries",
    "worried",
];

/// What the parents hope is not what the child hopes, nor the reverse.
fn wishes(cited: &Cited, remarks: &mut Remarks) {
    let own = wishers(cited, &cited.text.tokens, Speaker::Professional, false);
    let mut given = Vec::new();
    for evidence in &cited.evidence {
        let spoken = evidence
            .raw
            .trim_start()
            .starts_with(['"', '\u{201c}', '\'', '\u{2018}'])
            || evidence
                .claims
                .iter()
                .any(|claim| claim.speaker == Speaker::Subject);
        given.extend(wishers(cited, &evidence.part().tokens, evidence.speaker, spoken));
        // A form of the family has a page for the child: whose "I" it is, its heading tells.
        let of_child = evidence.frame.iter().chain(&evidence.headings).any(|text| {
            text.tokens.iter().any(|token| {
                cited.who.may_be_subject(&token.low)
                    || matches!(token.low.as_str(), "i" | "my" | "child" | "views" | "young")
            })
        });
        if of_child && any(&evidence.part().tokens, &["i", "my"]).is_some() {
            given.push(Wisher::Subject);
        }
    }
    if given.is_empty() {
        return;
    }
    if own.iter().any(|wisher| !given.contains(wisher)) {
        remarks.add(
            &rules::ATTRIBUTION,
            "the wish is somebody else's in the evidence".into(),
        );
    }
}

fn wishers(cited: &Cited, all: &[Token], speaker: Speaker, spoken: bool) -> Vec<Wisher> {
    let mut found = Vec::new();
    for (at, _) in all.iter().enumerate() {
        let here = all.get(at..).unwrap_or_default();
        let wishes = WISHES
            .iter()
            .any(|wish| super::words::begin(here.get(..2.min(here.len())).unwrap_or_default(), wish));
        if !wishes {
            continue;
        }
        for place in (at.saturating_sub(3)..at).rev() {
            let Some(token) = all.get(place).filter(|token| !token.is_mark()) else {
                break;
            };
            let word = token.low.as_str();
            if is_family(cited, all, place) && word != "home" {
                found.push(Wisher::Family);
                break;
            }
            if SETTINGS.iter().any(|person| matches(token, person)) {
                found.push(Wisher::Professional);
                break;
            }
            if matches!(word, "we" | "i") {
                match speaker {
                    _ if spoken => found.push(Wisher::Subject),
                    Speaker::Subject => found.push(Wisher::Subject),
                    Speaker::Family => found.push(Wisher::Family),
                    Speaker::Professional => {}
                }
                break;
            }
            if cited.who.may_be_subject(word)
                && !titled(all, place)
                && !matches!(word, "his" | "her" | "their" | "they")
            {
                found.push(Wisher::Subject);
                break;
            }
        }
    }
    found
}

/// Every quoted span stands so in the evidence. A cut ("...") or an insertion ("[he]") divides it.
fn quotations(cited: &Cited, remarks: &mut Remarks) {
    let given: Vec<String> = cited
        .evidence
        .iter()
        .map(|evidence| spelling(evidence.raw))
        .collect();
    let joined = format!(" {} ", given.join(" "));
    for span in spans(&plain(cited.raw)) {
        for part in span
            .split(['\u{2026}', '[', ']'])
            .flat_map(|part| part.split("..."))
        {
            let words = spelling(part);
            if !words.is_empty() && !joined.contains(&format!(" {words} ")) {
                remarks.add(
                    &rules::QUOTATION,
                    format!("\u{201c}{}\u{201d} is not said so in the evidence", part.trim()),
                );
            }
        }
    }
}

fn spelling(text: &str) -> String {
    let all = tokens(text);
    let words: Vec<&str> = all
        .iter()
        .filter(|token| !token.is_mark())
        .map(|token| token.low.as_str())
        .collect();
    words.join(" ")
}

/// The spans between quotation marks of [`plain`] text.
fn spans(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, &c) in chars.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| chars.get(at))
            .copied()
            .unwrap_or(' ');
        let behind = chars.get(at + 1).copied().unwrap_or(' ');
        match (c, open) {
            ('"', None) => open = Some((at + 1, c)),
            ('\'', None) if !before.is_alphanumeric() && behind.is_alphanumeric() => open = Some((at + 1, c)),
            ('"', Some((start, '"'))) => {
                all.push(chars.get(start..at).unwrap_or_default().iter().collect());
                open = None;
            }
            ('\'', Some((start, '\''))) if !behind.is_alphanumeric() => {
                all.push(chars.get(start..at).unwrap_or_default().iter().collect());
                open = None;
            }
            _ => {}
        }
    }
    all
}
