//! Fixed texts that stand in the documents, in the recipe's own language.

use serde::{Deserialize, Serialize};

/// Fixed texts. Those that may be left out have English words of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The banner on every page of a draft: "DRAFT ...".
    pub banner: String,
    /// What is said of how the draft was made.
    pub disclosure: String,
    /// What is said in the Word files when no draft was made; `{reason}` is replaced.
    pub refused: String,
    /// What stands in a field whose sources differ; `{values}` is replaced.
    #[serde(default = "differ")]
    pub differ: String,
    /// What is said in a citation's place of what the officer entered.
    #[serde(default = "entered")]
    pub entered: String,
    /// What stands before a measure or outcome at a numbered name of a template, although it serves nothing that is
    /// numbered there.
    #[serde(default = "not_linked")]
    pub not_linked: String,
    /// The word before an appendix's letter in the names of files: a file `Appendix F.pdf` is appendix F, whatever the
    /// letter of its kind of advice. None is looked for when it is empty.
    #[serde(default = "appendix")]
    pub appendix: String,
    /// The lines that the officer signs.
    #[serde(default = "sign_off")]
    pub sign_off: Vec<String>,
    /// The texts of the sheets on which questions are sent.
    #[serde(default)]
    pub sheets: Sheets,
}

/// The texts of the sheets on which questions are sent, one for each author who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sheets {
    /// The heading of a sheet; `{to}` is the role of who is asked.
    pub title: String,
    /// The heading of the sheet of questions that no one report's author can answer.
    pub nobody: String,
    /// What stands in the place of sheets when there is nothing to ask.
    pub none: String,
    /// What the answers are for, to whoever gives them.
    pub purpose: String,
    /// How to answer, at the end of a sheet.
    pub closing: String,
    /// The labels of the head: the case's reference.
    pub case: String,
    /// The day of asking.
    pub date: String,
    /// Who is asked.
    pub asked: String,
    /// A document of who is asked.
    pub report: String,
    /// What for.
    pub what_for: String,
    /// Where the answer goes, and by when: left open for the officer.
    pub reply: String,
    /// Who answered: left open for the author.
    pub answered: String,
    /// The heads of the columns: the question's number.
    pub number: String,
    /// The question.
    pub question: String,
    /// What it is about.
    pub about: String,
    /// The answer.
    pub answer: String,
}

impl Sheets {
    /// Every text with its key.
    #[must_use]
    pub fn texts(&self) -> [(&'static str, &str); 16] {
        [
            ("title", &self.title),
            ("nobody", &self.nobody),
            ("none", &self.none),
            ("purpose", &self.purpose),
            ("closing", &self.closing),
            ("case", &self.case),
            ("date", &self.date),
            ("asked", &self.asked),
            ("report", &self.report),
            ("what_for", &self.what_for),
            ("reply", &self.reply),
            ("answered", &self.answered),
            ("number", &self.number),
            ("question", &self.question),
            ("about", &self.about),
            ("answer", &self.answer),
        ]
    }
}

fn differ() -> String {
    "Open: sources differ: {values}".into()
}

fn entered() -> String {
    "Entered by the case officer.".into()
}

fn not_linked() -> String {
    "Not linked:".into()
}

fn appendix() -> String {
    "Appendix".into()
}

fn sign_off() -> Vec<String> {
    [
        "Name of the officer who checked this draft",
        "Role",
        "Date and signature",
    ]
    .map(str::to_owned)
    .into()
}

impl Default for Sheets {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            title: text("Questions to the {to}"),
            nobody: text("Questions for whoever can say"),
            none: text("There is nothing to ask: no question was left open."),
            purpose: text(
                "A document is being drafted from what was received, which leaves the points below open.",
            ),
            closing: text("Please answer each point in its own box, or say that it cannot be answered."),
            case: text("Case"),
            date: text("Date"),
            asked: text("Asked of"),
            report: text("Your report"),
            what_for: text("What for"),
            reply: text("Please reply to, and by"),
            answered: text("Answered by (role, date)"),
            number: text("No."),
            question: text("What is asked, and why"),
            about: text("What it is about"),
            answer: text("Your answer"),
        }
    }
}
