//! Screening of a draft before its documents are made, and of an officer's edit: what is rated, and what happens while the
//! service is away.
//!
//! What has to be rated and what the ratings mean are the core's decisions ([`drafting::screening`]); this module carries
//! texts to a [`Screen`] and ratings back.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use drafting::edit::Edit;
use drafting::id::RunId;
use drafting::record::Generated;
use drafting::screening::{Action, Assessment, Weighed};
use futures_util::StreamExt as _;
use futures_util::stream;
use screening::{Fault, Screen};

use crate::recipes::Usable;

/// How long the texts of an edit may wait to be screened: who hands it in is waiting.
pub(crate) const FOR_AN_EDIT: Duration = Duration::from_secs(60);

/// Texts that wait for an answer at once; the client bounds its requests for itself.
const AT_ONCE: usize = 16;

/// The draft without what is held back, and with what is to be known of it.
pub(crate) async fn screened(
    usable: &Usable,
    generated: Generated,
    screen: &dyn Screen,
    deadline: Instant,
) -> Generated {
    let passages = drafting::screening::passages(&usable.recipe, &generated);
    if passages.is_empty() {
        return generated;
    }
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let assessments = rated(screen, &texts, deadline).await;
    alert(usable, &generated.run, "holds back text of a draft", &assessments);
    drafting::screening::screened(&usable.recipe.screening, generated, &passages, &assessments)
}

/// The edit with what is to be known of what a person put in.
pub(crate) async fn edited(usable: &Usable, edit: Edit, screen: &dyn Screen, deadline: Instant) -> Edit {
    let texts = drafting::screening::edited_texts(&edit);
    let words: Vec<&str> = texts.iter().map(String::as_str).collect();
    let assessments = rated(screen, &words, deadline).await;
    alert(usable, &edit.run, "rates text of an edited draft", &assessments);
    drafting::screening::screened_edit(&usable.recipe.screening, edit, &texts, &assessments)
}

/// The assessment of each text, in their order.
async fn rated(screen: &dyn Screen, texts: &[&str], deadline: Instant) -> Vec<Assessment> {
    // A service that is away for one text is away for all.
    let away = OnceLock::new();
    // Made before the stream, which would otherwise hold the iterator over the texts while it waits.
    let rating: Vec<_> = texts
        .iter()
        .map(|text| assessed(screen, text, deadline, &away))
        .collect();
    stream::iter(rating).buffered(AT_ONCE).collect().await
}

async fn assessed(screen: &dyn Screen, text: &str, deadline: Instant, away: &OnceLock<Fault>) -> Assessment {
    if let Some(fault) = away.get() {
        return Assessment::NotAssessed(fault.to_string());
    }
    match screen.screen(text, deadline).await {
        Ok(ratings) => Assessment::Rated(ratings),
        Err(fault) => {
            let reason = fault.to_string();
            if fault.is_for_all() {
                // Whoever was first has said it.
                away.get_or_init(|| fault);
            }
            Assessment::NotAssessed(reason)
        }
    }
}

/// Logs that something calls for an alert: which run, which kind of harm, and no word of it.
fn alert(usable: &Usable, run: &RunId, what: &str, assessments: &[Assessment]) {
    let rated = assessments.iter().filter_map(|assessment| match assessment {
        Assessment::Rated(ratings) => Some(usable.recipe.screening.weigh(ratings)),
        Assessment::NotAssessed(_) => None,
    });
    for Weighed {
        category, severity, ..
    } in rated
        .flatten()
        .filter(|weighed| weighed.action == Action::BlockAndAlert)
    {
        let severity = u8::from(severity);
        tracing::warn!(
            target: "security",
            event = "screening.alert",
            run = %run,
            category = category.name(),
            severity,
            "screening {what} and calls for an alert"
        );
    }
}
