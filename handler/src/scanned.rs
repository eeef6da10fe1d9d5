//! Scanned pages: drawn in the sandbox, read by a recogniser, and laid out in the sandbox as any page is.
//!
//! Of a document only the pages without text leave the sandbox, as pictures, and only to the recogniser that is set. What it
//! does not read stays a finding, with the reason.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use drafting::recognised::{PageRead, Recognition, WordRead};
use drafting::source::{Notice, NoticeKind, Reading, Rejection};
use futures_util::StreamExt as _;
use futures_util::stream;
use reading::sandbox::{ReaderUnavailable, Sandbox};
use reading::scan::{Page, Picture, Word};
use recognition::{Fault, Recogniser};

/// Pages of one document that are under way at once; the recogniser bounds itself for the whole process.
const AT_ONCE: usize = 4;

/// Who reads scanned pages.
#[derive(Clone)]
pub struct Scans {
    /// The recogniser.
    pub recogniser: Arc<dyn Recogniser>,
    /// Pages that are read of one document.
    pub most_pages: usize,
}

/// A document that was read.
pub(crate) struct Read {
    /// Its text.
    pub reading: Reading,
    /// How its scanned pages were read, where any were, and which words are theirs.
    pub recognition: Option<(Recognition, Vec<Vec<Vec<WordRead>>>)>,
}

/// What became of a document.
pub(crate) struct Outcome {
    /// Its text, or why there is none.
    pub content: Result<Read, Rejection>,
    /// What is to be known of scanned pages that were not read.
    pub notices: Vec<Notice>,
}

impl Outcome {
    fn plain(content: Result<Reading, Rejection>) -> Self {
        Self {
            content: content.map(|reading| Read {
                reading,
                recognition: None,
            }),
            notices: Vec::new(),
        }
    }
}

/// Reads a document, its scanned pages too where there is somebody to read them.
pub(crate) async fn read(
    sandbox: &Sandbox,
    scans: Option<&Scans>,
    bytes: &[u8],
    deadline: Instant,
) -> Result<Outcome, ReaderUnavailable> {
    let plain = sandbox.read(bytes).await?;
    let Some(scans) = scans.filter(|_| has_scanned(&plain)) else {
        return Ok(Outcome::plain(plain));
    };
    let scanned = match sandbox.scanned(bytes).await? {
        Ok(pages) if !pages.is_empty() => pages,
        Ok(_) | Err(_) => return Ok(Outcome::plain(plain)),
    };
    let (pages, notices) = scans.pages(sandbox, bytes, &scanned, deadline).await?;
    if pages.is_empty() {
        return Ok(Outcome {
            notices,
            ..Outcome::plain(plain)
        });
    }
    let recognition = Recognition {
        by: scans.recogniser.name(),
        pages: pages.iter().map(page_read).collect(),
        words: Vec::new(),
    };
    let content = sandbox.read_recognised(bytes, pages).await?.map(|read| Read {
        reading: read.reading,
        recognition: Some((recognition, read.words)),
    });
    Ok(Outcome { content, notices })
}

/// Whether a document may have scanned pages.
fn has_scanned(read: &Result<Reading, Rejection>) -> bool {
    match read {
        Ok(reading) => reading
            .notices
            .iter()
            .any(|notice| notice.kind == NoticeKind::PageWithoutText),
        Err(rejection) => matches!(rejection, Rejection::Scanned { .. }),
    }
}

impl Scans {
    /// What was recognised on the pages, and a notice for each that was not read.
    async fn pages(
        &self,
        sandbox: &Sandbox,
        bytes: &[u8],
        scanned: &[u32],
        deadline: Instant,
    ) -> Result<(Vec<Page>, Vec<Notice>), ReaderUnavailable> {
        // What stands in the way of one page may stand in the way of all.
        let away: OnceLock<Fault> = OnceLock::new();
        let reading: Vec<_> = scanned
            .iter()
            .take(self.most_pages)
            .map(|page| self.page(sandbox, bytes, *page, deadline, &away))
            .collect();
        let results: Vec<_> = stream::iter(reading).buffered(AT_ONCE).collect().await;
        let (mut pages, mut notices) = (Vec::new(), Vec::new());
        for (number, result) in scanned.iter().zip(results) {
            match result? {
                Ok(page) => pages.push(page),
                Err(why) => notices.push(notice(*number, why)),
            }
        }
        let beyond = scanned.iter().skip(self.most_pages);
        notices.extend(beyond.map(|page| {
            let why = format!(
                "more than {} scanned pages; split the file or raise `OCR_PAGES`",
                self.most_pages
            );
            notice(*page, why)
        }));
        tracing::info!(
            pages = pages.len(),
            unread = notices.len(),
            by = self.recogniser.name(),
            "scanned pages were read"
        );
        Ok((pages, notices))
    }

    /// What was recognised on a page, or why nothing was.
    async fn page(
        &self,
        sandbox: &Sandbox,
        bytes: &[u8],
        page: u32,
        deadline: Instant,
        away: &OnceLock<Fault>,
    ) -> Result<Result<Page, String>, ReaderUnavailable> {
        let mut turn = 0;
        loop {
            if let Some(fault) = away.get() {
                return Ok(Err(fault.to_string()));
            }
            let picture = match sandbox.picture(bytes, page, turn).await? {
                Ok(Ok(picture)) => picture,
                Ok(Err(none)) => return Ok(Err(none.to_string())),
                Err(rejection) => return Ok(Err(rejection.advice())),
            };
            let recognised = match self.recogniser.recognise(&picture, deadline).await {
                Ok(recognised) => recognised,
                Err(fault) => {
                    let why = fault.to_string();
                    if fault.is_for_all() {
                        // Whoever was first has said it.
                        away.get_or_init(|| fault);
                    }
                    return Ok(Err(why));
                }
            };
            if turn == 0 && recognised.turn % 4 != 0 {
                turn = recognised.turn % 4;
                continue;
            }
            if !recognised
                .words
                .iter()
                .any(|word| word.text.contains(char::is_alphanumeric))
            {
                return Ok(Err("text recognition found no words on it".to_owned()));
            }
            return Ok(Ok(laid_out(picture, recognised.words, recognised.rules)));
        }
    }
}

/// A page for the sandbox: without its picture's file, and with the edges of tables that no ruled line shows.
fn laid_out(mut picture: Picture, words: Vec<Word>, edges: Vec<[f64; 4]>) -> Page {
    picture.png = Vec::new();
    if picture.rules.is_empty() {
        picture.rules = edges;
    }
    Page { picture, words }
}

fn notice(page: u32, why: String) -> Notice {
    Notice {
        kind: NoticeKind::PageNotRecognised,
        page: Some(page),
        text: Some(why),
    }
}

/// How sure the recogniser was of a page.
fn page_read(page: &Page) -> PageRead {
    let words: Vec<&Word> = page
        .words
        .iter()
        .filter(|word| word.text.contains(char::is_alphanumeric))
        .collect();
    let sum: usize = words.iter().map(|word| usize::from(word.confidence)).sum();
    PageRead {
        page: page.picture.page,
        words: words.len(),
        mean: sum
            .checked_div(words.len())
            .and_then(|mean| u8::try_from(mean).ok())
            .unwrap_or(0),
        lowest: words.iter().map(|word| word.confidence).min().unwrap_or(0),
        handwritten: words.iter().filter(|word| word.handwritten).count(),
    }
}
