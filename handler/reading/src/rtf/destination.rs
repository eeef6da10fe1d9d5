//! What a group is for, by the word that it begins with.

use drafting::source::{NoticeKind, Rejection};

use super::state::{Destination, Paragraph};
use super::{Interrupted, Reader};
use crate::story::{Aside, Track};

/// A tick box of a form, by the words of its field.
#[derive(Default)]
pub(crate) struct Tick {
    pub(crate) is_box: bool,
    pub(crate) result: Option<i32>,
    pub(crate) default: Option<i32>,
}

/// Groups whose text is not shown, or is shown elsewhere too.
const SKIPPED: [&str; 33] = [
    "info",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "ftnsep",
    "ftnsepc",
    "aftnsep",
    "aftnsepc",
    "ftncn",
    "aftncn",
    "tc",
    "tcn",
    "xe",
    "rxe",
    "sp",
    "sn",
    "sv",
    "shprslt",
    "nonshppict",
    "nonesttables",
    "xmlnstbl",
    "listtable",
    "revtbl",
    "rsidtbl",
    "mmathPict",
    "pnseclvl",
    "template",
    "filetbl",
];

impl Reader {
    /// Whether a word begins a group that is read in its own way; `starred` when it is the group's first.
    pub(super) fn begin(&mut self, name: &str, starred: Option<bool>) -> Result<bool, Rejection> {
        if starred.is_none() || self.state.destination == Destination::Skip {
            return Ok(false);
        }
        let destination = match name {
            "fonttbl" => Destination::Fonts,
            "colortbl" => Destination::Colours,
            "stylesheet" => Destination::Styles,
            "listtext" | "pntext" => {
                self.label = Some(String::new());
                Destination::Label
            }
            "fldinst" => {
                self.tick = Tick::default();
                Destination::Code
            }
            "formfield" if self.state.destination == Destination::Code => Destination::Code,
            "upr" => Destination::Twice,
            "ud" if self.state.destination == Destination::Twice => Destination::Body,
            "nesttableprops" => {
                self.is_nested = true;
                return Ok(true);
            }
            "shpinst" | "shppict" | "shpgrp" | "do" | "moMath" | "moMathPara" => return Ok(true),
            "footnote" => return self.begin_aside(Aside::Footnote),
            "annotation" => return self.begin_aside(Aside::Comment),
            "shptxt" | "dptxbxtext" => return self.begin_aside(Aside::Box),
            "pict" => self.unread(NoticeKind::Picture),
            "object" => self.unread(NoticeKind::EmbeddedObject),
            name if SKIPPED.contains(&name) => Destination::Skip,
            _ => return Ok(false),
        };
        self.state.destination = destination;
        Ok(true)
    }

    fn unread(&mut self, kind: NoticeKind) -> Destination {
        let shown = self.state.run.track != Track::Deleted && !self.state.run.vanish && !self.state.unseen;
        if shown && self.state.destination == Destination::Body {
            self.story.tell(kind, "");
        }
        Destination::Skip
    }

    fn begin_aside(&mut self, aside: Aside) -> Result<bool, Rejection> {
        self.story.open_aside(aside)?;
        self.interrupted.push(Interrupted {
            stack: std::mem::take(&mut self.stack),
            label: self.label.take(),
        });
        let run = self.state.run;
        let reference = run.vanish || run.track == Track::Deleted;
        self.state.unseen |= reference && aside != Aside::Comment;
        self.state.run = super::state::Run::default();
        self.state.paragraph = Paragraph::default();
        self.state.destination = Destination::Body;
        self.state.aside = true;
        Ok(true)
    }

    /// Ends a note, comment or box.
    pub(super) fn end_aside(&mut self) -> Result<(), Rejection> {
        self.end_paragraph();
        self.stack.leave(&mut self.story)?;
        self.story.close_aside();
        if let Some(before) = self.interrupted.pop() {
            self.stack = before.stack;
            self.label = before.label;
        }
        Ok(())
    }

    /// Ends the code of a field: a tick box has no text of its own.
    pub(super) fn end_code(&mut self) -> Result<(), Rejection> {
        const AS_DEFAULT: i32 = 25;
        let tick = std::mem::take(&mut self.tick);
        if !tick.is_box {
            return Ok(());
        }
        let chosen = tick
            .result
            .filter(|result| *result != AS_DEFAULT)
            .or(tick.default);
        self.say(if chosen == Some(1) { "\u{2612}" } else { "\u{2610}" })
    }
}
