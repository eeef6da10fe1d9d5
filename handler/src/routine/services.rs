//! Who does the routine's work beside the crate `drafting`, and how the record names them.

use std::sync::Arc;
use std::time::Duration;

use drafting::prompt::Tier;
use drafting::record::Drafter;
use drafting::write::Rounds;
use model::{LanguageModel, Limits};
use reading::sandbox::Sandbox;
use screening::{ContentSafety, Screen, Shield};

use crate::scanned::Scans;

/// What the routine needs beside its input.
#[derive(Clone)]
pub struct Services {
    /// Where foreign bytes are parsed.
    pub sandbox: Sandbox,
    /// The language model, where one is configured.
    pub model: Option<Arc<Modelled>>,
    /// Who rates drafts for harm, where that is on.
    pub screen: Option<Arc<dyn Screen>>,
    /// Who reads scanned pages, where that is on.
    pub scans: Option<Scans>,
}

/// A language model and how it is used.
pub struct Modelled {
    /// The kind of client, for the record.
    pub kind: &'static str,
    /// Who answers.
    pub model: Arc<dyn LanguageModel>,
    /// What one run may use.
    pub limits: Limits,
    /// How often flagged statements are written anew.
    pub rounds: Rounds,
    /// Whether answers are kept with the case.
    pub keep_answers: bool,
    /// How long a case waits for a service that is away before it is drafted without what was not answered.
    pub patience: Duration,
    /// Who looks at sources for attacks before they are sent, where that is on.
    pub shield: Option<Arc<dyn Shield>>,
}

impl Services {
    /// Who drafts: for the record and the fingerprint of runs.
    #[must_use]
    pub fn drafter(&self) -> Drafter {
        let model = self.model.as_deref();
        let does = [
            ("text", self.screen.is_some()),
            ("sources", model.is_some_and(|model| model.shield.is_some())),
        ];
        let does: Vec<&str> = does.iter().filter(|(_, on)| *on).map(|(what, _)| *what).collect();
        Drafter {
            screening: (!does.is_empty()).then(|| format!("{}: {}", ContentSafety::NAME, does.join(", "))),
            recognition: self.scans.as_ref().map(|scans| scans.recogniser.name()),
            ..drafter(model)
        }
    }
}
/// Who drafts: for the record and the fingerprint of runs.
pub(super) fn drafter(model: Option<&Modelled>) -> Drafter {
    let Some(modelled) = model else {
        return Drafter::extractive();
    };
    let tiers = [
        ("writing", Tier::Heavy),
        ("sorting", Tier::Fast),
        ("judging", Tier::Judge),
    ];
    let names: Vec<String> = tiers
        .iter()
        .map(|(name, tier)| format!("{name} {}", modelled.model.name(*tier)))
        .collect();
    let rounds = format!("rounds {}-{}", modelled.rounds.least, modelled.rounds.most);
    Drafter::with_model(modelled.kind, format!("{}, {rounds}", names.join(", ")))
}
