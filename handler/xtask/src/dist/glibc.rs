//! Which C library the program needs: one that is newer than the image's does not start there.

use crate::shell::Failure;

/// What the images of the Functions host and of the Dockerfile have at least: Debian 12 has 2.36, Azure Linux 3 has 2.38. Debian 11
/// (2.31) is too old for what Rust's own library and this machine's linker make of the program.
const NEWEST: Version = Version(2, 36);

/// A version of the GNU C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

/// Refuses a program that asks for more than the images have.
pub fn check(program: &[u8]) -> Result<(), Failure> {
    let Some(needed) = needed(program) else {
        println!("the program needs no GNU C library");
        return Ok(());
    };
    let (Version(major, minor), Version(_, most)) = (needed, NEWEST);
    println!("the program needs glibc {major}.{minor}; the images have 2.{most} or later");
    if needed <= NEWEST {
        return Ok(());
    }
    Err(Failure::Other(format!(
        "the program needs glibc {major}.{minor}, and the images may have no more than 2.{most}: build on Debian 12, as the Dockerfile does"
    )))
}

/// The highest version named in the program. Versions stand as text in its table of strings; one that stood there for another
/// reason could only make the answer too strict.
fn needed(program: &[u8]) -> Option<Version> {
    const MARK: &[u8] = b"GLIBC_";
    let mut found = None;
    let mut rest = program;
    while let Some(start) = rest.windows(MARK.len()).position(|window| window == MARK) {
        rest = rest.get(start + MARK.len()..).unwrap_or_default();
        found = found.max(version(rest));
    }
    found
}

fn version(text: &[u8]) -> Option<Version> {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit() && *byte != b'.')
        .unwrap_or(text.len());
    let text = std::str::from_utf8(text.get(..end)?).ok()?;
    let mut numbers = text.split('.');
    Some(Version(
        numbers.next()?.parse().ok()?,
        numbers.next()?.parse().ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_counts() {
        let finds = |program: &[u8], expected: Option<Version>| assert_eq!(needed(program), expected);
        finds(b"", None);
        finds(b"GLIBC_", None);
        finds(b"GLIBC_PRIVATE\0GLIBC_2", None);
        finds(
            b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.4\0GLIBC_PRIVATE\0",
            Some(Version(2, 34)),
        );
        finds(b"GLIBC_2.9\0GLIBC_2.10", Some(Version(2, 10)));
    }

    #[test]
    fn a_newer_library_than_the_images_have_is_refused() {
        assert!(check(b"GLIBC_2.36").is_ok());
        assert!(check(b"GLIBC_2.38").is_err());
    }
}
