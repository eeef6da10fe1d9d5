//! How good the drafts and the checks are: gold annotations, measures, planted faults.

pub mod folder;
pub mod gold;
pub mod measure;
pub mod planting;
pub mod scripted;
