//! From the five containers of the council's earlier system into this layout: copied and compared, nothing is deleted.
//!
//! That system held one case at a time in `source-docs`, `processed-docs`, `outputs` and `final-document`, and copies of earlier
//! cases under `run-archive/{run}/{folder}/`. Whose case a run was stands nowhere in them: a person says so, in a table.
//!
//! What is kept goes below the case's own prefix, so that it is exported and erased with the case. Documents of a case that is to
//! be drafted here go to where documents arrive, and start it.

use std::collections::{BTreeMap, BTreeSet};

use azure::{Blob, Condition, Put, Storage, StorageError};
use drafting::id::{CaseId, RecipeId, SourceName};

use crate::paths::{self, CaseKey};

/// What stands in the table for the case whose files lie in the containers themselves.
pub const CURRENT: &str = "current";
/// The first line of a table.
pub const HEAD: &str = "run,case,draft,files";

const ARCHIVE: &str = "run-archive";
/// The folder of documents, in the archive's own words.
const DOCUMENTS: &str = "source_docs";
/// For what lies in a run of the archive and in no folder.
const LOOSE: &str = "other";
/// The containers of the present case, and what the archive calls them.
const PRESENT: [(&str, &str); 4] = [
    ("source-docs", DOCUMENTS),
    ("processed-docs", "processed_docs"),
    ("outputs", "outputs"),
    ("final-document", "final_document"),
];
/// Files of one container. An account that holds more is not one of that system.
const MOST_FILES: usize = 1_000_000;

/// Why nothing was migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrationFault {
    /// The table, or what it asks for, cannot be followed.
    #[error("{}", .0.join("\n"))]
    Refused(Vec<String>),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What was written is not what was read.
    #[error("a copy is not what was copied: nothing more was copied; ask again")]
    Unlike,
}

/// A file of the earlier system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    container: &'static str,
    name: String,
    size: u64,
}

/// Where a file of the earlier system belongs.
struct Place<'f> {
    run: &'f str,
    folder: &'f str,
    file: &'f str,
}

impl Found {
    /// The archive's files by run and folder; those in the containers themselves by the folder they lie in, if any.
    fn place(&self) -> Option<Place<'_>> {
        let (run, folder, file) = if self.container == ARCHIVE {
            let (run, rest) = self.name.split_once('/')?;
            let (folder, file) = rest.split_once('/').unwrap_or((LOOSE, rest));
            (run, folder, file)
        } else {
            let (_, folder) = PRESENT.into_iter().find(|(own, _)| *own == self.container)?;
            let (run, file) = self.name.split_once('/').unwrap_or((CURRENT, &self.name));
            (run, folder, file)
        };
        Some(Place { run, folder, file })
    }

    fn address(&self) -> String {
        format!("{}/{}", self.container, self.name)
    }
}

/// All files in the five containers. A container that is not there is empty.
pub async fn found(from: &Storage) -> Result<Vec<Found>, StorageError> {
    let mut all = Vec::new();
    for container in PRESENT
        .map(|(container, _)| container)
        .into_iter()
        .chain([ARCHIVE])
    {
        match from.list(container, "", MOST_FILES).await {
            Ok(items) => all.extend(items.into_iter().map(|item| Found {
                container,
                name: item.name,
                size: item.properties.size,
            })),
            Err(StorageError::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(all)
}

/// A table to be filled in: the runs that were found, with the number of their files.
#[must_use]
pub fn table(found: &[Found]) -> String {
    let mut runs = BTreeMap::<&str, usize>::new();
    for place in found.iter().filter_map(Found::place) {
        *runs.entry(place.run).or_default() += 1;
    }
    let lines = runs.iter().map(|(run, files)| format!("\n{run},,no,{files}"));
    std::iter::once(HEAD.to_owned()).chain(lines).collect()
}

/// What a person says of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Belongs {
    case: CaseId,
    drafted: bool,
}

/// Whose case each run was, as a person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases(BTreeMap<String, Belongs>);

impl Cases {
    /// Reads a table: [`HEAD`], then a line a run. A run without a case is left where it is. All faults are told at once.
    pub fn parse(table: &str) -> Result<Self, MigrationFault> {
        let mut lines = table.trim_start_matches('\u{feff}').lines().zip(1..);
        let head = lines.next().map(|(line, _)| line.trim());
        if !head.is_some_and(|line| line.starts_with("run,case,draft")) {
            let fault = format!("line 1: the table begins with `{HEAD}`");
            return Err(MigrationFault::Refused(vec![fault]));
        }
        let (mut cases, mut faults) = (BTreeMap::new(), Vec::new());
        for (line, number) in lines {
            match row(line) {
                Ok(Some((run, belongs))) if !cases.contains_key(&run) => {
                    cases.insert(run, belongs);
                }
                Ok(Some(_)) => faults.push(format!("line {number}: this run has a line already")),
                Ok(None) => {}
                Err(fault) => faults.push(format!("line {number}: {fault}")),
            }
        }
        if faults.is_empty() {
            Ok(Self(cases))
        } else {
            Err(MigrationFault::Refused(faults))
        }
    }
}

fn row(line: &str) -> Result<Option<(String, Belongs)>, String> {
    let mut cells = line.split(',').map(str::trim);
    let mut cell = || cells.next().unwrap_or("");
    let (run, case, draft) = (cell(), cell(), cell());
    if case.is_empty() {
        return Ok(None);
    }
    let case = CaseId::parse(case).map_err(|fault| format!("the case's reference {fault}"))?;
    let drafted = match draft {
        "yes" => true,
        "no" | "" => false,
        _ => return Err("`draft` is `yes` or `no`".into()),
    };
    Ok(Some((run.to_owned(), Belongs { case, drafted })))
}

/// One file to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    found: Found,
    key: CaseKey,
    container: &'static str,
    name: String,
}

impl Step {
    /// From where to where, for the person who asks.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{} -> {}/{}", self.found.address(), self.container, self.name)
    }
}

/// All that is to be copied, and how many files are left where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In this order: what starts a draft comes last, case by case.
    pub steps: Vec<Step>,
    /// Files of no run, or of a run without a case.
    pub left: usize,
}

/// Says where each file goes. Two files for one place, a name that can be none here, and a run that was not found are refused.
pub fn plan(found: &[Found], cases: &Cases, recipe: &RecipeId) -> Result<Plan, MigrationFault> {
    let (mut plan, mut faults) = (Plan::default(), Vec::new());
    let (mut seen, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for file in found {
        let run = file.place().map(|place| place.run);
        let Some((run, belongs)) = run.and_then(|run| cases.0.get_key_value(run)) else {
            plan.left += 1;
            continue;
        };
        seen.insert(run);
        match step(file, belongs, recipe) {
            Err(fault) => faults.push(format!("{}: {fault}", file.address())),
            Ok(step) if !taken.insert((step.container, step.name.clone())) => {
                faults.push(format!("{}: another file goes there already", step.told()));
            }
            Ok(step) => plan.steps.push(step),
        }
    }
    let missing = cases.0.keys().filter(|run| !seen.contains(run));
    faults.extend(missing.map(|run| format!("{run}: no file of this run was found")));
    if !faults.is_empty() {
        return Err(MigrationFault::Refused(faults));
    }
    plan.steps.sort_by(|a, b| {
        (a.container == paths::SOURCES, &a.key).cmp(&(b.container == paths::SOURCES, &b.key))
    });
    Ok(plan)
}

fn step(found: &Found, belongs: &Belongs, recipe: &RecipeId) -> Result<Step, String> {
    let place = found.place().ok_or("it lies where that system puts nothing")?;
    let part = |text: &str| SourceName::parse(text).map_err(|fault| fault.to_string());
    let (run, folder, file) = (part(place.run)?, part(place.folder)?, part(place.file)?);
    let key = CaseKey {
        recipe: recipe.clone(),
        case: belongs.case.clone(),
    };
    let starts = belongs.drafted && place.folder == DOCUMENTS;
    if starts && place.file == paths::MANIFEST {
        return Err("a document of this name would be read as the manifest".into());
    }
    let (container, name) = if starts {
        (paths::SOURCES, key.source(&file))
    } else {
        (paths::RUNS, key.migrated(&run, &folder, &file))
    };
    Ok(Step {
        found: found.clone(),
        key,
        container,
        name,
    })
}

/// The two accounts; they may be one.
pub struct Migration {
    /// Of the earlier system. It is only read.
    pub from: Storage,
    /// Of this one.
    pub to: Storage,
}

impl Migration {
    /// What is still to be copied. A file that is there already with other content is refused, before anything is copied.
    pub async fn remaining(&self, steps: Vec<Step>) -> Result<Vec<Step>, MigrationFault> {
        let (mut remaining, mut faults) = (Vec::new(), Vec::new());
        for step in steps {
            match self.to.properties(step.container, &step.name).await? {
                None => remaining.push(step),
                Some(there) if there.size == step.found.size && self.is_copied(&step).await? => {}
                Some(_) => faults.push(format!("{}: another file lies there", step.told())),
            }
        }
        if faults.is_empty() {
            Ok(remaining)
        } else {
            Err(MigrationFault::Refused(faults))
        }
    }

    /// Copies one file, and compares the copy.
    pub async fn copy(&self, step: &Step) -> Result<(), MigrationFault> {
        let Blob {
            bytes,
            content_type,
            last_modified,
            ..
        } = self.read(step).await?;
        let put = Put {
            content_type: content_type.as_deref(),
            condition: Condition::Absent,
            metadata: BTreeMap::from([("written".to_owned(), last_modified.to_string())]),
            ..Put::default()
        };
        match self.to.put(step.container, &step.name, bytes, put).await {
            // There since the look, by whoever else migrates, or by a write whose answer was lost.
            Ok(_) | Err(StorageError::Precondition) => {}
            Err(fault) => return Err(fault.into()),
        }
        if self.is_copied(step).await? {
            Ok(())
        } else {
            Err(MigrationFault::Unlike)
        }
    }

    async fn is_copied(&self, step: &Step) -> Result<bool, StorageError> {
        let there = self.to.get(step.container, &step.name).await?;
        let here = self.read(step).await?;
        Ok(there.is_some_and(|there| there.bytes == here.bytes))
    }

    async fn read(&self, step: &Step) -> Result<Blob, StorageError> {
        let read = self.from.get(step.found.container, &step.found.name).await?;
        read.ok_or(StorageError::NotFound)
    }
}

/// How many of the steps are of each case, in order of the cases.
#[must_use]
pub fn by_case(steps: &[Step]) -> BTreeMap<&CaseKey, usize> {
    let mut cases = BTreeMap::new();
    for step in steps {
        *cases.entry(&step.key).or_default() += 1;
    }
    cases
}
