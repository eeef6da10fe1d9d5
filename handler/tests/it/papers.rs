//! What the papers name exists: tests, settings, files, headings, commands.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// Settings of the platform that no file of this repository sets.
const OF_THE_PLATFORM: &[&str] = &["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// All files but those made by tools, and the invented reports.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ["target", "node_modules", ".git", ".schemathesis", "cases"].contains(&name.as_str())
            || path.is_symlink()
        {
            continue;
        }
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// The pages of the repository, and the text of everything else in it that is text.
fn repository() -> (Vec<(PathBuf, String)>, String) {
    let mut all = Vec::new();
    files(&root(), &mut all);
    let (mut pages, mut code) = (Vec::new(), String::new());
    for path in all {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push((path, text));
        } else {
            code.push_str(&text);
            code.push('\n');
        }
    }
    (pages, code)
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_setting(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains('_') && name.chars().all(allowed)
}

fn is_test(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.matches('_').count() >= 3 && name.chars().all(allowed)
}

#[test]
fn every_test_and_setting_that_a_page_names_exists() {
    let (pages, code) = repository();
    let known = words(&code);
    let (mut missing, mut checked) = (Vec::new(), 0);
    for (page, text) in &pages {
        for name in quoted(text).filter(|name| is_setting(name) || is_test(name)) {
            checked += 1;
            if !(known.contains(name) || OF_THE_PLATFORM.contains(&name)) {
                missing.push(format!("`{name}` in {}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "nowhere in the code:\n{}", missing.join("\n"));
    assert!(checked > 200, "only {checked} names were found");
}

/// What stands in backticks in the column of a page's tables that says what enforces a claim.
fn enforcers(markdown: &str) -> Vec<&str> {
    let (mut column, mut all) = (None, Vec::new());
    for line in markdown.lines() {
        let Some(row) = line.strip_prefix("| ") else {
            // A table whose rows are set apart goes on after a blank line.
            column = column.filter(|_| line.is_empty() || line.starts_with('|'));
            continue;
        };
        let cells: Vec<&str> = row.split(" | ").collect();
        let head = cells
            .iter()
            .position(|cell| ["enforced by", "held by"].contains(&cell.trim_end_matches(" |")));
        if head.is_some() {
            column = head;
        } else if let Some(cell) = column.and_then(|column| cells.get(column)) {
            all.extend(quoted(cell));
        }
    }
    all
}

#[test]
fn whatever_is_said_to_enforce_a_claim_exists() {
    let (pages, code) = repository();
    let known = words(&code);
    let (mut missing, mut checked) = (Vec::new(), 0);
    for (page, text) in &pages {
        for name in enforcers(text) {
            checked += 1;
            let last = name.rsplit("::").next().unwrap();
            if !(known.contains(last) || code.contains(name) || root().join(name).exists()) {
                missing.push(format!("`{name}` in {}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "nowhere:\n{}", missing.join("\n"));
    assert!(checked > 200, "only {checked} names were found");
}

/// A heading as a link's anchor, by GitHub's rule.
fn anchor(heading: &str) -> String {
    let kept = heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}

fn anchors(markdown: &str) -> BTreeSet<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

/// A path without `..`, where the page lies.
fn beside(page: &Path, link: &str) -> PathBuf {
    let mut path = page.parent().unwrap().to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => assert!(path.pop()),
            part => path.push(part),
        }
    }
    path
}

#[test]
fn every_link_of_every_page_leads_to_a_file_and_a_heading() {
    let (pages, _) = repository();
    let (mut broken, mut checked) = (Vec::new(), 0);
    for (page, text) in &pages {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                beside(page, file)
            };
            let found = target.exists()
                && (heading.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).contains(heading));
            if !found {
                broken.push(format!("{link} in {}", page.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "these links lead nowhere:\n{}",
        broken.join("\n")
    );
    assert!(checked > 50, "only {checked} links were found");
}

/// What a reader types: the lines of blocks of code.
fn typed(markdown: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    markdown.lines().filter_map(move |line| {
        if line.starts_with("```") {
            inside = !inside;
        }
        inside.then(|| line.strip_prefix("$ ").unwrap_or(line))
    })
}

/// The commands that `handler --help` lists.
fn commands() -> BTreeSet<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_handler"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:").nth(1).unwrap().lines();
    commands
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_of_the_program_that_a_page_names_exists() {
    let (pages, _) = repository();
    let known = commands();
    let mut checked = 0;
    for (page, text) in &pages {
        for line in typed(text).chain(quoted(text)) {
            let Some(command) = line
                .strip_prefix("handler ")
                .and_then(|rest| rest.split(' ').next())
            else {
                continue;
            };
            checked += 1;
            assert!(
                known.contains(command) || command == "--version",
                "`handler {command}` in {}",
                page.display()
            );
        }
    }
    assert!(checked > 10, "only {checked} commands were found");
}

/// Method and route of each door for callers, out of the table of doors.
fn doors() -> Vec<(String, String)> {
    let table = fs::read_to_string(root().join("handler/src/doors/table.rs")).unwrap();
    let rows = table.split(" door(").skip(1);
    let mut doors = Vec::new();
    for row in rows {
        let mut quoted = row.split('"').skip(1).step_by(2);
        if let (Some(method), Some(route)) = (quoted.next(), quoted.next()) {
            doors.push((method.to_owned(), route.to_owned()));
        }
    }
    doors
}

/// Whether an address is one of a route's. A file has a full stop in its name.
fn is_of(address: &str, route: &str) -> bool {
    let (address, route): (Vec<_>, Vec<_>) = (address.split('/').collect(), route.split('/').collect());
    let alike = |(part, of): (&&str, &&str)| match *of {
        "{file}" => part.contains('.'),
        of => part == &of || of.starts_with('{'),
    };
    address.len() == route.len() && address.iter().zip(&route).all(alike)
}

#[test]
fn every_call_that_a_page_makes_finds_its_door() {
    let (pages, _) = repository();
    let (doors, mut checked) = (doors(), 0);
    for (page, text) in &pages {
        for line in typed(text) {
            let Some((_, rest)) = line.split_once("$BASE/") else {
                continue;
            };
            let given = line.split(" -X ").nth(1).and_then(|rest| rest.split(' ').next());
            let posted = line.contains(" -d ") || line.ends_with('\\');
            let method = given.unwrap_or(if posted { "POST" } else { "GET" });
            let address = format!("/{}", rest.split([' ', '"', '?']).next().unwrap());
            checked += 1;
            assert!(
                doors
                    .iter()
                    .any(|(of, route)| of == method && is_of(&address, route)),
                "{method} {address} in {}",
                page.display()
            );
        }
    }
    assert!(checked > 15, "only {checked} calls were found");
}

#[test]
fn every_claim_of_the_readme_has_its_proof() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let claims = fs::read_to_string(root().join("docs/governance/claims.md")).unwrap();
    let rows: Vec<(&str, &str)> = claims
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .collect();
    let of_it = readme
        .split("**What it does**")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let bullets = of_it.lines().filter_map(|line| line.strip_prefix("- "));
    for bullet in bullets {
        let row = rows.iter().find(|(claim, _)| bullet.contains(claim));
        let (claim, proof) =
            row.unwrap_or_else(|| panic!("docs/governance/claims.md has no row for: {bullet}"));
        assert!(
            proof.contains('`'),
            "{claim}: no test or setting is named as its proof"
        );
    }
}
