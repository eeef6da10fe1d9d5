//! The reader through its public edges.

mod docx;
mod forge;
mod hostile;
mod refusals;
mod samples;
mod sandbox;
