//! PDF files: text with its structure.
//!
//! The file's syntax and its fonts are read by `hayro-syntax` and `hayro-font`; what is done with the placed letters is
//! ours, because a reader of forms and reports needs what general extractors leave out: which words a person does
//! not see, where tables go on over a page, which lines only run along the edge of every page. Pictures are never
//! decoded.

use std::collections::BTreeMap;

use drafting::recognised::WordRead;
use drafting::source::{Block, Format, Notice, NoticeKind, Reading, Rejection};
use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::aligned::{Aligned, Drawn};
use self::blocks::Told;
use self::columns::Item;
use self::content::{Shared, TooMuch};
use self::flow::Flow;
use self::grid::Grid;
use self::ink::{Fill, Ink, Letter};
use self::plane::Area;
use self::recognised::Seen;
use self::rows::Piece;
use crate::kind::unsupported;
use crate::scan::{NoPicture, Page, Picture};
use crate::{Limits, NOTICE_CHARS, raster};

mod aligned;
mod bands;
mod blocks;
mod colour;
mod columns;
mod content;
mod flow;
mod fonts;
mod furniture;
mod grid;
mod hidden;
mod ink;
mod layers;
mod outline;
mod pictures;
mod plane;
mod recognised;
mod rows;
mod samples;
mod state;
mod strings;
mod table;
mod words;

/// Instructions run for one file, at most: some 40 times those of 250 dense pages.
const MOST_INSTRUCTIONS: usize = 50_000_000;
/// Notices of one kind, at most: the first say enough.
const MOST_NOTICES: usize = 40;

/// What is kept of a page until all are read.
struct Sheet {
    area: Area,
    pieces: Vec<Piece>,
    turned: Vec<Piece>,
    rules: Vec<Area>,
    fills: Vec<Fill>,
}

/// Reads a PDF. It may use much memory and time on a hostile file: call it in a limited process.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, Rejection> {
    read_with(bytes, limits, &[]).map(|read| read.reading)
}

/// A reading, and which words of its texts were recognised, by block and text.
pub(crate) struct ReadWith {
    pub(crate) reading: Reading,
    pub(crate) words: Vec<Vec<Vec<WordRead>>>,
}

/// Opens a PDF whole, within the limits.
fn open(bytes: &[u8], limits: &Limits) -> Result<(Pdf, u32), Rejection> {
    if !is_whole(bytes) {
        return Err(Rejection::Damaged);
    }
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Rejection::Encrypted,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => Rejection::Damaged,
    })?;
    let pages = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
    if pages > limits.pages {
        return Err(Rejection::TooLarge {
            what: format!("{pages} pages, at most {}", limits.pages),
        });
    }
    if pages == 0 {
        return Err(Rejection::Damaged);
    }
    Ok((pdf, pages))
}

/// Reads a PDF with what was recognised on pages of it that have no text.
pub(crate) fn read_with(bytes: &[u8], limits: &Limits, recognised: &[Page]) -> Result<ReadWith, Rejection> {
    let (pdf, pages) = open(bytes, limits)?;
    let mut notices = Vec::new();
    let sheets = sheets(&pdf, limits, &mut notices, recognised::pages(recognised))?;
    let (blocks, words): (Vec<Block>, Vec<_>) = arrange(sheets)
        .into_iter()
        .map(|told| (told.block, told.read))
        .unzip();
    if blocks.is_empty() {
        return Err(Rejection::Scanned { pages });
    }
    let reading = Reading {
        format: Format::Pdf,
        pages: Some(pages),
        blocks,
        notices,
    };
    Ok(ReadWith { reading, words })
}

/// The share of a sheet that a picture covers at least where it may be a scanned page.
const PICTURED: f64 = 0.08;

/// The pages that have no text a person sees, and a picture.
pub(crate) fn scanned(bytes: &[u8], limits: &Limits) -> Result<Vec<u32>, Rejection> {
    let (pdf, _) = open(bytes, limits)?;
    let mut shared = shared(&pdf, limits);
    let mut scanned = Vec::new();
    for (number, page) in (1_u32..).zip(pdf.pages().iter()) {
        let ink = content::ink(page, &mut shared).map_err(|TooMuch| too_much(limits))?;
        let area = content::sheet(page);
        let covered: f64 = ink.pictures.iter().map(|picture| picture.meet(area).size()).sum();
        let seen = hidden::part(&ink, area).seen;
        if covered > PICTURED * area.size() && !seen.iter().any(|letter| letter.c.is_alphanumeric()) {
            scanned.push(number);
        }
    }
    Ok(scanned)
}

/// The picture of a page, quarter-turned clockwise so many times.
pub(crate) fn picture(
    bytes: &[u8],
    limits: &Limits,
    number: u32,
    turn: u8,
) -> Result<Result<Picture, NoPicture>, Rejection> {
    let (pdf, _) = open(bytes, limits)?;
    let index = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    let Some(page) = index.and_then(|index| pdf.pages().get(index)) else {
        return Ok(Err(NoPicture::Blank));
    };
    let mut shared = shared(&pdf, limits);
    let placed = content::placed(page, &mut shared).map_err(|TooMuch| too_much(limits))?;
    Ok(pictures::drawn(&placed, content::sheet(page)).and_then(|drawn| {
        let fit = raster::fit(&drawn.grey.turned(turn), drawn.dpi).ok_or(NoPicture::Blank)?;
        let side = |dots| u32::try_from(dots).map_err(|_| NoPicture::Unread);
        Ok(Picture {
            page: number,
            width: side(fit.width)?,
            height: side(fit.height)?,
            dpi: fit.dpi,
            rules: fit.rules,
            png: fit.png,
        })
    }))
}

fn too_much(limits: &Limits) -> Rejection {
    Rejection::TooLarge {
        what: format!(
            "more than {} characters, or a drawing without end",
            limits.text_chars
        ),
    }
}

fn catalog(pdf: &Pdf) -> Dict<'_> {
    pdf.xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .unwrap_or_default()
}

fn shared<'a>(pdf: &'a Pdf, limits: &Limits) -> Shared<'a> {
    let catalog = catalog(pdf);
    let form = catalog.get::<Dict<'_>>("AcroForm");
    Shared {
        fonts: fonts::Fonts::new(),
        layers: layers::Layers::of(&catalog),
        instructions: MOST_INSTRUCTIONS,
        letters: limits.text_chars,
        redraws: form.as_ref().is_some_and(redraws),
    }
}

/// Whether the file has its end. The library would mend a file that was cut off, and pages would be missing unsaid.
fn is_whole(bytes: &[u8]) -> bool {
    const TAIL: usize = 2048;
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    tail.windows(5).any(|window| window == b"%%EOF")
}

fn sheets(
    pdf: &Pdf,
    limits: &Limits,
    notices: &mut Vec<Notice>,
    mut recognised: BTreeMap<u32, Seen>,
) -> Result<Vec<Sheet>, Rejection> {
    let catalog = catalog(pdf);
    let form = catalog.get::<Dict<'_>>("AcroForm");
    if form.as_ref().is_some_and(|form| form.contains_key("XFA")) {
        if catalog.get::<bool>("NeedsRendering") == Some(true) {
            return Err(unsupported("a form that only Adobe's programs can draw (XFA)"));
        }
        notice(notices, NoticeKind::EmbeddedObject, None, None);
    }
    let mut shared = shared(pdf, limits);
    if catalog
        .get::<Dict<'_>>("Names")
        .is_some_and(|names| names.contains_key("EmbeddedFiles"))
    {
        notice(notices, NoticeKind::EmbeddedObject, None, None);
    }
    let mut sheets = Vec::new();
    for (number, page) in (1_u32..).zip(pdf.pages().iter()) {
        let mut ink = content::ink(page, &mut shared).map_err(|TooMuch| too_much(limits))?;
        let mut area = content::sheet(page);
        if let Some(seen) = recognised.remove(&number) {
            area = seen.area;
            ink.show(seen);
        }
        if page.raw().contains_key("Contents") && page.page_stream().is_none() {
            notice(notices, NoticeKind::DamagedText, Some(number), None);
        }
        sheets.push(sheet(ink, area, number, notices));
    }
    Ok(sheets)
}

/// Whether viewers are asked to draw fields anew from their values, so that the drawings in the file may be stale.
fn redraws(form: &Dict<'_>) -> bool {
    form.get::<bool>("NeedAppearances") == Some(true)
}

/// Adds a notice, unless there are many of its kind.
fn notice(notices: &mut Vec<Notice>, kind: NoticeKind, page: Option<u32>, text: Option<String>) {
    if notices.iter().filter(|notice| notice.kind == kind).count() < MOST_NOTICES {
        notices.push(Notice { kind, page, text });
    }
}

fn sheet(ink: Ink, area: Area, number: u32, notices: &mut Vec<Notice>) -> Sheet {
    let page = Some(number);
    let parted = hidden::part(&ink, area);
    let hidden = hidden::words(&parted.hidden, NOTICE_CHARS);
    if hidden.chars().any(char::is_alphanumeric) {
        notice(notices, NoticeKind::HiddenText, page, Some(hidden));
    }
    for words in &ink.kept_out {
        let words = words.chars().take(NOTICE_CHARS).collect();
        notice(notices, NoticeKind::HiddenText, page, Some(words));
    }
    let (letters, words) = (parted.seen, |letter: &&Letter| letter.c.is_alphanumeric());
    let readable = letters.iter().filter(words).count();
    let pictured: f64 = ink
        .pictures
        .iter()
        .map(|picture| picture.meet(area).size())
        .fold(0.0, f64::max);
    if readable == 0 {
        notice(notices, NoticeKind::PageWithoutText, page, None);
    } else if pictured > PICTURED * area.size() && !parted.recognised {
        notice(notices, NoticeKind::Picture, page, None);
    }
    if letters.iter().filter(|letter| letter.c == '\u{fffd}').count() > 20 + readable / 20 {
        notice(notices, NoticeKind::DamagedText, page, None);
    }
    for comment in ink.comments {
        notice(
            notices,
            NoticeKind::Comment,
            page,
            Some(comment.chars().take(NOTICE_CHARS).collect()),
        );
    }
    if ink.attachments > 0 {
        notice(notices, NoticeKind::EmbeddedObject, page, None);
    }
    let (upright, turned): (Vec<Letter>, Vec<Letter>) = letters.iter().partition(|letter| letter.turn == 0);
    Sheet {
        area,
        pieces: rows::pieces(&upright),
        turned: rows::turned(&turned),
        rules: ink.rules,
        fills: ink.fills,
    }
}

/// What is kept of a page beside the pieces outside of its ruled tables.
struct Rest {
    grids: Vec<Grid>,
    rules: Vec<Area>,
    fills: Vec<Fill>,
    turned: Vec<Piece>,
}

/// The columns of the table with which a page ends, if it ends with one that has no rules.
fn last_edges(tables: &[Aligned], pieces: &[Piece], grids: &[Area]) -> Option<Vec<f64>> {
    let last = tables.last()?;
    let below =
        pieces.iter().any(|piece| piece.y > last.area.y1) || grids.iter().any(|grid| grid.y0 > last.area.y1);
    (!below).then(|| last.edges.clone())
}

/// All pages' text in reading order.
fn arrange(sheets: Vec<Sheet>) -> Vec<Told> {
    let mut loose = Vec::new();
    let mut rest = Vec::new();
    for sheet in sheets {
        let mut grids = grid::grids(&sheet.rules);
        grids.sort_by(|a, b| a.area.size().total_cmp(&b.area.size()));
        let mut outside = Vec::new();
        for piece in sheet.pieces {
            outside.extend(grids.iter_mut().try_fold(piece, |piece, grid| grid.take(piece)));
        }
        loose.push((sheet.area, outside));
        rest.push(Rest {
            grids,
            rules: sheet.rules,
            fills: sheet.fills,
            turned: sheet.turned,
        });
    }
    furniture::remove(&mut loose);
    let mut flow = Flow::default();
    let mut open: Option<Vec<f64>> = None;
    for (number, ((_, pieces), rest)) in (1_u32..).zip(loose.into_iter().zip(rest)) {
        let grids: Vec<Area> = rest.grids.iter().map(|grid| grid.area).collect();
        let drawn = Drawn {
            rules: &rest.rules,
            fills: &rest.fills,
            grids: &grids,
        };
        let (pieces, tables) = aligned::tables(pieces, drawn, open.as_deref());
        open = last_edges(&tables, &pieces, &grids);
        let items = pieces
            .into_iter()
            .map(Item::Piece)
            .chain(rest.grids.into_iter().map(Item::Grid))
            .chain(tables.into_iter().map(Item::Aligned))
            .collect();
        let mut regions = columns::regions(items);
        regions.extend(
            rest.turned
                .into_iter()
                .map(|piece| columns::Region::Rows(rows::rows(vec![piece]))),
        );
        flow.add(number, regions, &rest.fills);
    }
    flow.settle_margins();
    blocks::blocks(flow)
}
