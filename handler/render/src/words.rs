//! The plain words that stand for states, kinds and numbers, in British English. No word here names a document
//! type: a plan and a set of minutes are told alike.

use drafting::check::RunOutcome;
use drafting::claim::Time;
use drafting::draft::NotUsed;
use drafting::finding::Severity;
use drafting::record::Drafter;
use drafting::source::{Format, NoticeKind};
use jiff::civil::Date;

/// `28 September 2026`.
pub(crate) fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS
        .iter()
        .zip(1..)
        .find(|(_, number)| *number == date.month())
        .map_or("", |(name, _)| name);
    format!("{} {month} {}", date.day(), date.year())
}

/// The text with a capital at its start.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A message as a sentence: a capital at its start, a full stop at its end.
pub(crate) fn sentence(message: &str) -> String {
    let message = message.trim();
    let stop = if message.is_empty() || message.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    capital(message) + stop
}

/// The beginning of a text, at most so many characters in whole words, with a sign that it goes on.
pub(crate) fn beginning(text: &str, most: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let head = text.get(..cut).unwrap_or(text);
    let whole = head.rfind(char::is_whitespace).and_then(|end| head.get(..end));
    format!("{}\u{2026}", whole.unwrap_or(head).trim_end())
}

/// `1 page`, `3 pages`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `12,345`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The severity's name in class names.
pub(crate) fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Standard => "standard",
        Severity::Info => "info",
    }
}

/// The severity's name for a reader.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::Standard => "Standard",
        Severity::Info => "For information",
    }
}

/// What a severity means for the officer.
pub(crate) fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => {
            "Put these right first: the draft cannot count as ready while one of them stands."
        }
        Severity::Standard => "Look at each of these and decide.",
        Severity::Info => "Worth knowing; nothing has to be done.",
    }
}

/// The format's name.
pub(crate) fn format(format: Format) -> &'static str {
    match format {
        Format::Pdf => "PDF",
        Format::Picture => "Photo or picture",
        Format::Docx => "Word (DOCX)",
        Format::Odt => "OpenDocument (ODT)",
        Format::Rtf => "Rich text (RTF)",
        Format::Html => "Web page (HTML)",
        Format::Markdown => "Markdown",
        Format::Text => "Plain text",
    }
}

/// What must be known of words that do not hold now.
pub(crate) fn time(time: Time) -> Option<&'static str> {
    match time {
        Time::Current => None,
        Time::Past => Some("was so, and is no longer"),
        Time::Superseded => Some("replaced by a later source"),
    }
}

/// Why a sentence was not used, in a word or two; [`not_used_means`] says it in full.
pub(crate) fn not_used(why: NotUsed) -> &'static str {
    match why {
        NotUsed::Context => "context",
        NotUsed::Past => "past",
        NotUsed::Superseded => "replaced",
        NotUsed::OtherPerson => "about somebody else",
        NotUsed::InPlace => "in place already",
        NotUsed::Conflict => "conflict",
        NotUsed::Instruction => "an instruction",
        NotUsed::TakenOut => "taken out",
        NotUsed::HeldBack => "held back by screening",
        NotUsed::Detail => "detail",
        NotUsed::Unclaimed => "nothing was made of it",
    }
}

/// What a reason for not using a sentence means.
pub(crate) fn not_used_means(why: NotUsed) -> &'static str {
    match why {
        NotUsed::Context => "It names, dates or introduces something; no claim was found in it.",
        NotUsed::Past => "It was so and is no longer.",
        NotUsed::Superseded => "A later source replaces it.",
        NotUsed::OtherPerson => "It is about somebody else.",
        NotUsed::InPlace => "It tells of support already in place; the draft takes what is advised.",
        NotUsed::Conflict => "It gives one value of a conflict that is left open.",
        NotUsed::Instruction => "It speaks to the reader or to a machine; it was not obeyed.",
        NotUsed::TakenOut => {
            "A statement of it failed its checks and was taken out; a person should write it."
        }
        NotUsed::HeldBack => "Screening for harm holds back what was made of it; a person decides.",
        NotUsed::Detail => "It is detail beneath the statements that were chosen.",
        NotUsed::Unclaimed => {
            "It looks like a need, a recommendation or an outcome and no statement takes it up."
        }
    }
}

/// Whether a person should look at a sentence that was not used for this reason.
pub(crate) fn wants_a_look(why: NotUsed) -> bool {
    match why {
        NotUsed::Instruction | NotUsed::TakenOut | NotUsed::HeldBack | NotUsed::Unclaimed => true,
        NotUsed::Context
        | NotUsed::Past
        | NotUsed::Superseded
        | NotUsed::OtherPerson
        | NotUsed::InPlace
        | NotUsed::Conflict
        | NotUsed::Detail => false,
    }
}

/// What a reader noticed, and what to do about it.
pub(crate) fn notice(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::HiddenText => (
            "Hidden text, kept out",
            "A person would not see it on the page. Ask the author how it came there.",
        ),
        NoticeKind::TrackedDeletion => (
            "Text deleted in tracked changes, kept out",
            "Ask the author for a copy in which all changes are accepted or refused.",
        ),
        NoticeKind::TrackedInsertion => (
            "Text inserted in tracked changes, taken in",
            "Nobody has accepted it yet. Ask the author whether it stands.",
        ),
        NoticeKind::Comment => (
            "A comment, kept out",
            "Read it: it may say something that the text does not.",
        ),
        NoticeKind::Picture => (
            "A picture, not read",
            "Look at it in the file: it may hold text or a drawing that matters.",
        ),
        NoticeKind::PageWithoutText => (
            "A page without text, not read",
            "Look at it in the file. If it is a scan, ask for the original or run text recognition over it.",
        ),
        NoticeKind::PageNotRecognised => (
            "A scanned page, not read",
            "Read it in the file. Once the cause is mended, draft again.",
        ),
        NoticeKind::EmbeddedObject => (
            "An embedded file, not read",
            "Ask the author to send it as a document of its own.",
        ),
        NoticeKind::DamagedText => (
            "Many characters could not be read",
            "Compare the statements from this file with the file itself, or ask for a new copy.",
        ),
    }
}

/// How a run ended, in words.
pub(crate) struct Status {
    /// Its name in class names: `ready`, `review`, `none`.
    pub key: &'static str,
    /// One line: "Needs review: 2 critical, 14 standard".
    pub headline: String,
    /// What that means.
    pub meaning: String,
}

impl Status {
    /// The status of a run with these numbers of critical and standard findings.
    pub(crate) fn of(outcome: &RunOutcome, critical: usize, standard: usize) -> Self {
        let (key, headline, meaning) = match outcome {
            RunOutcome::Ready => (
                "ready",
                format!("Ready for your check: no critical finding, {standard} standard"),
                "A judge has read every statement beside its evidence and no critical finding stands. You still \
                 check, edit and own the document."
                    .to_owned(),
            ),
            RunOutcome::NeedsReview => (
                "review",
                match critical {
                    0 => format!("Needs review: no critical finding, {standard} standard"),
                    _ => format!("Needs review: {critical} critical, {standard} standard"),
                },
                review(critical).to_owned(),
            ),
            RunOutcome::Refused { reason } => ("none", "No draft was made".to_owned(), sentence(reason)),
            RunOutcome::Failed { stage } => (
                "none",
                "No draft was made: the run failed".to_owned(),
                format!("The routine failed at the stage \u{201c}{stage}\u{201d}. Ask for the draft again."),
            ),
        };
        Self {
            key,
            headline,
            meaning,
        }
    }
}

fn review(critical: usize) -> &'static str {
    if critical > 0 {
        "Start with the critical findings, then read each statement beside its evidence."
    } else {
        "Read each statement beside its evidence and look at the findings before you sign."
    }
}

/// Who drafted, in words.
pub(crate) fn drafter(drafter: &Drafter) -> String {
    match (&drafter.model, drafter.kind.as_str()) {
        (Some(model), kind) => format!("{model} ({kind})"),
        (None, "extractive") => "No language model: statements quote the sources word for word".to_owned(),
        (None, kind) => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (number, expected) in [
            (0, "0"),
            (12, "12"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!(count(1, "page", "pages"), "1 page");
        assert_eq!(count(0, "page", "pages"), "0 pages");
    }

    #[test]
    fn sentences() {
        for (message, expected) in [
            ("the file is empty", "The file is empty."),
            ("see \u{201c}coverage\u{201d}", "See \u{201c}coverage\u{201d}."),
            ("Why?", "Why?"),
            ("", ""),
            ("  ", ""),
            ("\u{e9}t\u{e9}", "\u{c9}t\u{e9}."),
        ] {
            assert_eq!(sentence(message), expected);
        }
    }

    #[test]
    fn beginnings() {
        for (text, expected) in [
            ("one two", "one two"),
            ("one two three", "one two\u{2026}"),
            (
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{2026}",
            ),
            ("", ""),
        ] {
            assert_eq!(beginning(text, 8), expected);
        }
    }

    #[test]
    fn every_outcome_has_its_words() {
        let reason = "no document could be read".to_owned();
        let stage = "rendering".to_owned();
        for (outcome, critical, key, headline, meaning) in [
            (
                RunOutcome::Ready,
                0,
                "ready",
                "Ready for your check: no critical finding, 7 standard",
                "You still check, edit and own the document.",
            ),
            (
                RunOutcome::NeedsReview,
                2,
                "review",
                "Needs review: 2 critical, 7 standard",
                "Start with the critical findings",
            ),
            (
                RunOutcome::NeedsReview,
                0,
                "review",
                "Needs review: no critical finding, 7 standard",
                "Read each statement beside its evidence",
            ),
            (
                RunOutcome::Refused { reason },
                1,
                "none",
                "No draft was made",
                "No document could be read.",
            ),
            (
                RunOutcome::Failed { stage },
                0,
                "none",
                "No draft was made: the run failed",
                "at the stage \u{201c}rendering\u{201d}",
            ),
        ] {
            let status = Status::of(&outcome, critical, 7);
            assert_eq!((status.key, status.headline.as_str()), (key, headline));
            assert!(status.meaning.contains(meaning), "{}", status.meaning);
        }
    }

    #[test]
    fn lists_and_days() {
        let items = |all: &[&str]| all.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
        assert_eq!(list(&items(&[])), "");
        assert_eq!(list(&items(&["a", "b", "c"])), "a, b and c");
        assert_eq!(day(jiff::civil::date(2026, 2, 1)), "1 February 2026");
    }
}
