//! Reports of invented drafts, small, large and none, for the browser to look at as a review desk.

use std::fs;
use std::path::PathBuf;

use crate::shell::{self, Failure, file_failure};

/// What the example `report` is asked for: a number of statements, or how the run ended.
const RUNS: &[&str] = &["100", "1000", "hostile", "refused", "empty", "ready"];

/// The reports, in a folder of their own; pictures of them are left beside them.
pub fn reports() -> Result<Vec<PathBuf>, Failure> {
    let folder = pictures()?;
    let mut reports = Vec::new();
    for run in RUNS {
        let report = folder.join(format!("{run}.html"));
        let mut draw = shell::cargo()?;
        draw.args(["run", "--quiet", "--locked", "--package", "render"])
            .args(["--example", "report", "--"])
            .arg(&report)
            .arg(run);
        shell::run(&mut draw, "see above")?;
        reports.push(report);
    }
    Ok(reports)
}

/// Where the pictures are left.
pub fn pictures() -> Result<PathBuf, Failure> {
    let folder = shell::root()?.join("target/judges/desk");
    fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
    Ok(folder)
}
