//! The settings of text recognition. Without [`OCR`] a scan is not read and is a finding.

use std::path::PathBuf;
use std::time::Duration;

use azure::Identity;
use recognition::{Address, Local, Settings};
use wire::{Credential, Secret};

use super::model_settings::identity;
use super::{Fault, Reader};

/// Who reads scanned pages: `off`, `tesseract` (a program of this machine) or `document-intelligence` (Azure's service, which
/// gets a picture of each such page). Default `off`.
pub const OCR: &str = "OCR";
/// Where tesseract is. Default: `tesseract` in the folders of `PATH`.
pub const OCR_PROGRAM: &str = "OCR_PROGRAM";
/// The languages that tesseract reads, joined by `+`: `eng+cym`. Default `eng`.
pub const OCR_LANGUAGES: &str = "OCR_LANGUAGES";
/// Seconds that tesseract may take for one page. Default 60.
pub const OCR_PAGE_SECONDS: &str = "OCR_PAGE_SECONDS";
/// Scanned pages that are read of one document. Default 100.
pub const OCR_PAGES: &str = "OCR_PAGES";
/// Where Azure AI Document Intelligence is: `https://name.cognitiveservices.azure.com`, in UK South.
pub const DOCUMENT_INTELLIGENCE_ENDPOINT: &str = "DOCUMENT_INTELLIGENCE_ENDPOINT";
/// The key of the service. Not set: a token of the app's identity, as in Azure it should be.
pub const DOCUMENT_INTELLIGENCE_KEY: &str = "DOCUMENT_INTELLIGENCE_KEY";
/// The client id of the user-assigned identity that asks the service. Not set: the system's own.
pub const DOCUMENT_INTELLIGENCE_CLIENT_ID: &str = "DOCUMENT_INTELLIGENCE_CLIENT_ID";
/// The scope of the tokens. Default `https://cognitiveservices.azure.com/.default`.
pub const DOCUMENT_INTELLIGENCE_SCOPE: &str = "DOCUMENT_INTELLIGENCE_SCOPE";
/// Requests under way at once on one instance. Default 4; the free tier takes one a second.
pub const DOCUMENT_INTELLIGENCE_CONCURRENT_CALLS: &str = "DOCUMENT_INTELLIGENCE_CONCURRENT_CALLS";
/// Seconds that one attempt at a request may take. Default 30.
pub const DOCUMENT_INTELLIGENCE_ATTEMPT_SECONDS: &str = "DOCUMENT_INTELLIGENCE_ATTEMPT_SECONDS";

/// The settings of this file.
pub(super) const SCANS: [&str; 11] = [
    OCR,
    OCR_PROGRAM,
    OCR_LANGUAGES,
    OCR_PAGE_SECONDS,
    OCR_PAGES,
    DOCUMENT_INTELLIGENCE_ENDPOINT,
    DOCUMENT_INTELLIGENCE_KEY,
    DOCUMENT_INTELLIGENCE_CLIENT_ID,
    DOCUMENT_INTELLIGENCE_SCOPE,
    DOCUMENT_INTELLIGENCE_CONCURRENT_CALLS,
    DOCUMENT_INTELLIGENCE_ATTEMPT_SECONDS,
];

/// The search path for programs, by its own name.
const PATH: &str = "PATH";
/// The program's own name.
const TESSERACT: &str = "tesseract";

/// How scanned pages are read.
#[derive(Clone, Debug)]
pub struct ScanReading {
    /// Who reads them.
    pub by: ReadBy,
    /// [`OCR_PAGES`].
    pub most_pages: usize,
}

/// Who reads scanned pages.
#[derive(Clone, Debug)]
pub enum ReadBy {
    /// A program of this machine.
    Local(Local),
    /// Azure's service.
    Service {
        /// What the client must be told.
        settings: Box<Settings>,
        /// Whose tokens are sent; none when there is a key.
        identity: Option<Identity>,
    },
}

impl Reader<'_> {
    /// How scanned pages are read; `None` when they are not, or when something is wrong, which is then reported.
    pub(super) fn scan_reading(&mut self) -> Option<ScanReading> {
        let faults = self.faults.len();
        let chosen = (self.source)(OCR);
        let local = self.local_recogniser();
        let service = self.document_intelligence();
        let most_pages = usize::try_from(self.number(OCR_PAGES, 100, 1, 1_000)).unwrap_or(100);
        let by = match chosen.as_deref().map(str::trim) {
            None | Some("off") => None,
            Some("tesseract") => Some(ReadBy::Local(local)),
            Some("document-intelligence") => {
                if service.is_none() && (self.source)(DOCUMENT_INTELLIGENCE_ENDPOINT).is_none() {
                    self.faults.push(Fault::NoDocumentIntelligence);
                }
                service
            }
            Some(_) => {
                self.faults.push(Fault::Ocr);
                None
            }
        };
        by.filter(|_| self.faults.len() == faults)
            .map(|by| ScanReading { by, most_pages })
    }

    fn local_recogniser(&mut self) -> Local {
        let languages =
            (self.source)(OCR_LANGUAGES).map_or_else(|| "eng".to_owned(), |text| text.trim().to_owned());
        let plain =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !languages.split('+').all(plain) {
            self.faults.push(Fault::OcrLanguages);
        }
        Local {
            program: self.tesseract(),
            languages,
            time: self.seconds(OCR_PAGE_SECONDS, 60, 1, 600),
            at_once: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }

    /// The program: where it is said to be, else in the search path, else where packages put it.
    fn tesseract(&self) -> PathBuf {
        if let Some(program) = (self.source)(OCR_PROGRAM) {
            return PathBuf::from(program.trim());
        }
        let path = (self.source)(PATH).unwrap_or_default();
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let mut programs = folders.map(|folder| folder.join(TESSERACT));
        programs
            .find(|program| program.is_file())
            .unwrap_or_else(|| PathBuf::from("/usr/bin").join(TESSERACT))
    }

    fn document_intelligence(&mut self) -> Option<ReadBy> {
        let source = self.source;
        let concurrent = self.number(DOCUMENT_INTELLIGENCE_CONCURRENT_CALLS, 4, 1, 64);
        let attempt = self.seconds(DOCUMENT_INTELLIGENCE_ATTEMPT_SECONDS, 30, 1, 300);
        let endpoint = match Address::parse(&source(DOCUMENT_INTELLIGENCE_ENDPOINT)?) {
            Ok(endpoint) => endpoint,
            Err(fault) => {
                self.faults.push(Fault::DocumentIntelligenceEndpoint(fault));
                return None;
            }
        };
        let key = source(DOCUMENT_INTELLIGENCE_KEY).map(|key| Secret::new(key.trim().to_owned()));
        let identity = key
            .is_none()
            .then(|| identity(source, DOCUMENT_INTELLIGENCE_CLIENT_ID));
        let scope = || source(DOCUMENT_INTELLIGENCE_SCOPE).unwrap_or_else(|| Credential::SCOPE.into());
        let credential = key.map_or_else(|| Credential::Entra { scope: scope() }, Credential::Key);
        let mut settings = Settings::new(endpoint, credential);
        settings.concurrent = usize::try_from(concurrent).unwrap_or(4);
        settings.timing.attempt = Duration::max(attempt, Duration::from_secs(1));
        Some(ReadBy::Service {
            settings: Box::new(settings),
            identity,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::local;

    const ENDPOINT: (&str, &str) = (
        DOCUMENT_INTELLIGENCE_ENDPOINT,
        "https://name.cognitiveservices.azure.com",
    );

    fn with(pairs: &[(&str, &str)]) -> Result<Option<ScanReading>, String> {
        let source = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        local(&source, None).map(|local| local.scans).map_err(|faults| {
            let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
            all.join("\n")
        })
    }

    #[test]
    fn scans_are_read_only_where_that_is_set() {
        assert!(with(&[]).unwrap().is_none());
        assert!(with(&[ENDPOINT, (OCR, "off")]).unwrap().is_none());
        let read = with(&[
            (OCR, "tesseract"),
            (OCR_PROGRAM, "/opt/t/tesseract"),
            (OCR_LANGUAGES, "eng+cym"),
        ]);
        let ScanReading {
            by: ReadBy::Local(local),
            most_pages,
        } = read.unwrap().unwrap()
        else {
            unreachable!("a program was chosen")
        };
        assert_eq!(
            (local.program, local.languages.as_str()),
            (PathBuf::from("/opt/t/tesseract"), "eng+cym")
        );
        assert_eq!((local.time, most_pages), (Duration::from_secs(60), 100));
    }

    #[test]
    fn an_endpoint_is_enough_for_the_service() {
        for (key, keyed) in [(None, false), (Some((DOCUMENT_INTELLIGENCE_KEY, "k")), true)] {
            let pairs: Vec<_> = [Some((OCR, "document-intelligence")), Some(ENDPOINT), key]
                .into_iter()
                .flatten()
                .collect();
            let Some(ScanReading {
                by: ReadBy::Service { identity, .. },
                ..
            }) = with(&pairs).unwrap()
            else {
                unreachable!("a service was chosen")
            };
            assert_eq!(identity.is_none(), keyed);
        }
    }

    #[test]
    fn what_is_wrong_is_named_without_values() {
        for (pairs, expected) in [
            (vec![(OCR, "SECRET")], OCR),
            (
                vec![(OCR, "document-intelligence")],
                DOCUMENT_INTELLIGENCE_ENDPOINT,
            ),
            (
                vec![
                    (OCR, "document-intelligence"),
                    (DOCUMENT_INTELLIGENCE_ENDPOINT, "http://SECRET.example.org"),
                ],
                DOCUMENT_INTELLIGENCE_ENDPOINT,
            ),
            (
                vec![(OCR, "tesseract"), (OCR_LANGUAGES, "eng; SECRET")],
                OCR_LANGUAGES,
            ),
            (vec![(OCR_PAGES, "SECRET")], OCR_PAGES),
            (vec![(OCR_PAGE_SECONDS, "0")], OCR_PAGE_SECONDS),
        ] {
            let told = with(&pairs).unwrap_err();
            assert!(told.contains(expected) && !told.contains("SECRET"), "{told}");
        }
    }
}
