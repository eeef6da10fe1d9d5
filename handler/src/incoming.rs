//! Which blobs a call may name instead of sending them: those under prefixes that the settings allow, of the app's own
//! account. Nothing else is ever fetched, so that a call cannot make the app ask an address of its choice.

use crate::paths::{self, CaseKey};

/// Characters of a reference: a blob's name has 1,024 at most.
const MOST_CHARACTERS: usize = 2_000;

/// Where calls may refer to. Each prefix names the recipe, and best the case too, so that a call for one case cannot take a
/// document of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    prefixes: Vec<Prefix>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prefix {
    container: String,
    folders: Vec<Piece>,
}

/// One part of a prefix between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Is(String),
    Recipe,
    Case,
}

/// Why a prefix cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrefixFault {
    /// Not `container/folder/…/`.
    #[error("a prefix is `container/folder/…/`, with a final slash")]
    Form,
    /// It does not say whose the documents are.
    #[error("a prefix must hold `{{recipe}}` as a folder, and best `{{case}}` too")]
    Recipe,
    /// A container of the app's own or of the host's.
    #[error("a prefix cannot be in a container of the app's own or of the Functions host's")]
    Own,
}

/// A blob that a call may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The container.
    pub container: String,
    /// The blob's name.
    pub blob: String,
}

/// Why what a call names is not fetched. None of them tells whether it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceFault {
    /// No path, or not one of the account's.
    #[error(
        "`from` must be `container/path` of the app's own storage account, or that blob's address there without a query"
    )]
    Form,
    /// Outside of what is allowed.
    #[error("`from` is outside of where documents of this case may be taken from")]
    Outside,
}

impl Default for Incoming {
    fn default() -> Self {
        let prefix = Prefix {
            container: paths::INCOMING.to_owned(),
            folders: vec![Piece::Recipe, Piece::Case],
        };
        Self {
            prefixes: vec![prefix],
        }
    }
}

impl Incoming {
    /// Reads prefixes, separated by commas.
    pub fn parse(text: &str) -> Result<Self, PrefixFault> {
        let prefixes = text.split(',').map(|prefix| self::prefix(prefix.trim()));
        Ok(Self {
            prefixes: prefixes.collect::<Result<_, _>>()?,
        })
    }

    /// The containers that prefixes are in.
    pub fn containers(&self) -> impl Iterator<Item = &str> {
        self.prefixes.iter().map(|prefix| prefix.container.as_str())
    }

    /// Where documents of the case lie, container and prefix, besides the place that is every case's own.
    #[must_use]
    pub fn of_case(&self, key: &CaseKey) -> Vec<(String, String)> {
        let own = key.prefix();
        let places = self.prefixes.iter().filter_map(|prefix| {
            let folders = prefix.of_case(key)?;
            let is_own = prefix.container == paths::INCOMING && folders.starts_with(&own);
            (!is_own).then_some((prefix.container.clone(), folders))
        });
        let mut places: Vec<_> = places.collect();
        // One within another holds nothing more.
        places.sort();
        places.dedup_by(|next, kept| next.0 == kept.0 && next.1.starts_with(&kept.1));
        places
    }

    /// The prefixes under which it cannot be told whose a document is, as far as they go for every case.
    #[must_use]
    pub fn of_any_case(&self, key: &CaseKey) -> Vec<String> {
        let shared = self
            .prefixes
            .iter()
            .filter(|prefix| prefix.of_case(key).is_none());
        shared
            .map(|prefix| format!("{}/{}", prefix.container, prefix.named(key)))
            .collect()
    }

    /// The blob that a call for this case names. `account` is the address of the account's blobs.
    pub fn place(&self, text: &str, key: &CaseKey, account: &url::Url) -> Result<Place, PlaceFault> {
        let parts = parts(text, account).ok_or(PlaceFault::Form)?;
        let (container, blob) = parts.split_first().ok_or(PlaceFault::Form)?;
        let allowed = self.prefixes.iter().any(|prefix| {
            let folders = prefix.folders.iter().map(|piece| piece.of(key));
            prefix.container == *container
                && blob.len() > prefix.folders.len()
                && folders.zip(blob).all(|(folder, part)| folder == part)
        });
        if !allowed {
            return Err(PlaceFault::Outside);
        }
        Ok(Place {
            container: container.clone(),
            blob: blob.join("/"),
        })
    }
}

impl Piece {
    /// What stands in its place for a case.
    fn of<'p>(&'p self, key: &'p CaseKey) -> &'p str {
        match self {
            Self::Is(name) => name,
            Self::Recipe => key.recipe.as_str(),
            Self::Case => key.case.as_str(),
        }
    }
}

impl Prefix {
    /// Its folders for a case, with a final slash.
    fn named(&self, key: &CaseKey) -> String {
        let folders: Vec<&str> = self.folders.iter().map(|piece| piece.of(key)).collect();
        folders.join("/") + "/"
    }

    /// The same, where the case is among them.
    fn of_case(&self, key: &CaseKey) -> Option<String> {
        self.folders.contains(&Piece::Case).then(|| self.named(key))
    }
}

fn prefix(text: &str) -> Result<Prefix, PrefixFault> {
    let folders = text.strip_suffix('/').ok_or(PrefixFault::Form)?;
    let pieces: Vec<Piece> = folders
        .split('/')
        .map(|part| match part {
            "{recipe}" => Piece::Recipe,
            "{case}" => Piece::Case,
            part => Piece::Is(part.to_owned()),
        })
        .collect();
    let plain = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        is_plain(part) && part.chars().all(allowed)
    };
    let sound = pieces.iter().all(|piece| match piece {
        Piece::Is(part) => plain(part),
        Piece::Recipe | Piece::Case => true,
    });
    let Some(Piece::Is(container)) = pieces.first().filter(|_| sound) else {
        return Err(PrefixFault::Form);
    };
    let own = [
        paths::SOURCES,
        paths::DRAFTS,
        paths::RUNS,
        paths::PUBLISHED,
        paths::AUDIT,
    ];
    if own.contains(&container.as_str())
        || container.starts_with("azure-webjobs")
        || container.starts_with('$')
    {
        return Err(PrefixFault::Own);
    }
    if !pieces.contains(&Piece::Recipe) {
        return Err(PrefixFault::Recipe);
    }
    Ok(Prefix {
        container: container.clone(),
        folders: pieces.into_iter().skip(1).collect(),
    })
}

/// Container and folders, decoded where `text` is an address of the account.
fn parts(text: &str, account: &url::Url) -> Option<Vec<String>> {
    if text.len() > MOST_CHARACTERS {
        return None;
    }
    let parts: Vec<String> = if text.contains("://") {
        // Compared as it is written: a parser would have mended what is not plain already.
        let base = account.as_str().trim_end_matches('/');
        let path = text.strip_prefix(base)?.strip_prefix('/')?;
        if path.contains(['?', '#']) {
            return None;
        }
        path.split('/').map(wire::percent_decode).collect::<Option<_>>()?
    } else {
        text.split('/').map(str::to_owned).collect()
    };
    parts.iter().all(|part| is_plain(part)).then_some(parts)
}

/// Whether a part of a path stands for itself, however often somebody on the way decodes it.
fn is_plain(part: &str) -> bool {
    let mut decoded = part.to_owned();
    for _ in 0..3 {
        let special = decoded.is_empty()
            || decoded == "."
            || decoded == ".."
            || decoded.contains(['/', '\\'])
            || decoded.chars().any(char::is_control);
        if special {
            return false;
        }
        match wire::percent_decode(&decoded) {
            Some(again) => decoded = again,
            // A per cent sign that encodes nothing stands for itself.
            None => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use drafting::id::{CaseId, RecipeId};

    use super::*;

    fn key() -> CaseKey {
        CaseKey {
            recipe: RecipeId::parse("ehcp").unwrap(),
            case: CaseId::parse("c1").unwrap(),
        }
    }

    #[test]
    fn only_blobs_under_an_allowed_prefix_are_fetched() {
        let account = url::Url::parse("https://docs.blob.core.windows.net/").unwrap();
        let check = |prefixes: Option<&str>, text: &str, expected: Result<&str, PlaceFault>| {
            let incoming = prefixes.map_or_else(Incoming::default, |text| Incoming::parse(text).unwrap());
            let place = incoming.place(text, &key(), &account);
            let place = place.map(|place| format!("{}/{}", place.container, place.blob));
            assert_eq!(place, expected.map(str::to_owned), "{text}");
        };
        let form = || Err(PlaceFault::Form);
        let outside = || Err(PlaceFault::Outside);
        check(None, "incoming/ehcp/c1/A b.pdf", Ok("incoming/ehcp/c1/A b.pdf"));
        check(
            None,
            "incoming/ehcp/c1/x/100%.pdf",
            Ok("incoming/ehcp/c1/x/100%.pdf"),
        );
        let own = "https://docs.blob.core.windows.net/incoming/ehcp/c1/A%20b.pdf";
        check(None, own, Ok("incoming/ehcp/c1/A b.pdf"));
        for text in [
            // Another case, recipe or container; the app's own containers; the folder itself.
            "incoming/ehcp/c2/a.pdf",
            "incoming/ehcp/c10/a.pdf",
            "incoming/ehcp/C1/a.pdf",
            "incoming/minutes/c1/a.pdf",
            "incoming/a.pdf",
            "incoming/ehcp/c1",
            "other/ehcp/c1/a.pdf",
            "sources/ehcp/c2/a.pdf",
            "runs/ehcp/c1/status.json",
            "audit/ehcp/c1/x",
            "https://docs.blob.core.windows.net/sources/ehcp/c1/a.pdf",
            "a.pdf",
        ] {
            check(None, text, outside());
        }
        for text in [
            "",
            "/incoming/ehcp/c1/a.pdf",
            "incoming//ehcp/c1/a.pdf",
            "incoming/ehcp/c1/",
            "incoming/ehcp/c1/../c2/a.pdf",
            "incoming/ehcp/c1/./a.pdf",
            "incoming/ehcp/c1/%2e%2e/c2/a.pdf",
            "incoming/ehcp/c1/%252E%252e/c2/a.pdf",
            "incoming/ehcp/c1/..%2fc2/a.pdf",
            "incoming/ehcp/c1/..\\c2\\a.pdf",
            "incoming/ehcp/c1/a\n.pdf",
            "https://docs.blob.core.windows.net/incoming/ehcp/c1/%2e%2e/c2/a.pdf",
            "https://docs.blob.core.windows.net/incoming/ehcp/c1/a.pdf?sig=x",
            "https://docs.blob.core.windows.net/incoming/ehcp/c1/a.pdf#x",
            "https://docs.blob.core.windows.net.evil.example/incoming/ehcp/c1/a.pdf",
            "https://docs.blob.core.windows.net@evil.example/incoming/ehcp/c1/a.pdf",
            "https://docs.blob.core.windows.net:8443/incoming/ehcp/c1/a.pdf",
            "http://docs.blob.core.windows.net/incoming/ehcp/c1/a.pdf",
            "https://other.blob.core.windows.net/incoming/ehcp/c1/a.pdf",
            "http://169.254.169.254/metadata/identity/oauth2/token",
            "http://localhost:7071/admin/host/keys",
            "file:///etc/passwd",
            "gopher://127.0.0.1:10000/incoming/ehcp/c1/a.pdf",
        ] {
            check(None, text, form());
        }
        let wide = Some("incoming/{recipe}/, flows/in/{recipe}/{case}/");
        check(wide, "incoming/ehcp/any/a.pdf", Ok("incoming/ehcp/any/a.pdf"));
        check(wide, "flows/in/ehcp/c1/a.pdf", Ok("flows/in/ehcp/c1/a.pdf"));
        check(wide, "flows/in/ehcp/c2/a.pdf", outside());
        check(wide, "incoming/minutes/any/a.pdf", outside());
    }

    #[test]
    fn documents_of_a_case_lie_where_prefixes_name_it() {
        let check = |prefixes: &str, own: &[(&str, &str)], shared: &[&str]| {
            let incoming = Incoming::parse(prefixes).unwrap();
            let places = incoming.of_case(&key());
            let places: Vec<(&str, &str)> = places
                .iter()
                .map(|(at, folders)| (at.as_str(), folders.as_str()))
                .collect();
            assert_eq!(
                (places.as_slice(), incoming.of_any_case(&key())),
                (own, shared.iter().map(ToString::to_string).collect())
            );
        };
        check("incoming/{recipe}/{case}/", &[], &[]);
        check("incoming/{recipe}/{case}/new/", &[], &[]);
        check("incoming/{recipe}/", &[], &["incoming/ehcp/"]);
        check(
            "flows/{case}/{recipe}/x/, flows/{case}/{recipe}/, a/{recipe}/{case}/",
            &[("a", "ehcp/c1/"), ("flows", "c1/ehcp/")],
            &[],
        );
    }

    #[test]
    fn prefixes_say_whose_documents_they_are() {
        for (text, fault) in [
            ("incoming/", PrefixFault::Recipe),
            ("incoming/{case}/", PrefixFault::Recipe),
            ("incoming/{recipe}", PrefixFault::Form),
            ("{recipe}/x/", PrefixFault::Form),
            ("", PrefixFault::Form),
            ("incoming/../{recipe}/", PrefixFault::Form),
            ("https://x/{recipe}/", PrefixFault::Form),
            ("sources/{recipe}/", PrefixFault::Own),
            ("runs/{recipe}/{case}/", PrefixFault::Own),
            ("azure-webjobs-secrets/{recipe}/", PrefixFault::Own),
        ] {
            assert_eq!(Incoming::parse(text), Err(fault), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_named_lies_under_the_case(text in ".{0,80}", tail in "[a-c/.%2eE\\\\]{0,20}") {
            let account = url::Url::parse("https://docs.blob.core.windows.net/").unwrap();
            for text in [text, format!("incoming/ehcp/c1/{tail}")] {
                if let Ok(place) = Incoming::default().place(&text, &key(), &account) {
                    assert_eq!(place.container, "incoming");
                    assert!(place.blob.starts_with("ehcp/c1/"));
                    assert!(place.blob.split('/').all(|part| !["", ".", ".."].contains(&part)));
                }
            }
        }
    }
}
