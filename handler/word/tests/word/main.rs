//! The crate through its public edge. The modules are marked as tests so that lints see their helpers as such.

#[cfg(test)]
mod banner;
#[cfg(test)]
mod document;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod made;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod tags;
#[cfg(test)]
mod values;
