//! Layers of a file that are switched off.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};

/// The layers (optional content groups) that a viewer does not show.
#[derive(Default)]
pub(super) struct Layers {
    off: HashSet<ObjectIdentifier>,
}

impl Layers {
    pub(super) fn of(catalog: &Dict<'_>) -> Self {
        let Some(properties) = catalog.get::<Dict<'_>>("OCProperties") else {
            return Self::default();
        };
        let Some(config) = properties.get::<Dict<'_>>("D") else {
            return Self::default();
        };
        let mut off = HashSet::new();
        if config
            .get::<Name<'_>>("BaseState")
            .is_some_and(|state| state.as_ref() == b"OFF")
        {
            off.extend(references(&properties, "OCGs"));
        }
        for on in references(&config, "ON") {
            off.remove(&on);
        }
        off.extend(references(&config, "OFF"));
        Self { off }
    }

    /// Whether content is hidden that belongs to what `key` of `holder` names.
    pub(super) fn hide(&self, holder: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if holder
            .get_ref(key)
            .is_some_and(|group| self.off.contains(&group.into()))
        {
            return true;
        }
        // A membership of several groups is shown when any of them is.
        let members = holder
            .get::<Dict<'_>>(key)
            .map(|membership| references(&membership, "OCGs"));
        members
            .is_some_and(|groups| !groups.is_empty() && groups.iter().all(|group| self.off.contains(group)))
    }
}

fn references(dict: &Dict<'_>, key: &str) -> Vec<ObjectIdentifier> {
    if let Some(single) = dict.get_ref(key)
        && dict.get::<Array<'_>>(key).is_none()
    {
        return vec![single.into()];
    }
    let array = dict.get::<Array<'_>>(key);
    array
        .iter()
        .flat_map(Array::raw_iter)
        .filter_map(|item| item.as_obj_ref())
        .map(Into::into)
        .collect()
}
