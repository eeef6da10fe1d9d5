//! Screening of a draft before its documents are made: what is rated, and what happens while the service is away.
//!
//! What has to be rated and what the ratings mean are the core's decisions ([`drafting::screening`]); this module carries
//! texts to a [`Screen`] and ratings back.

use std::sync::OnceLock;
use std::time::Instant;

use drafting::record::Generated;
use drafting::screening::{Action, Assessment, Passage, Weighed};
use futures_util::StreamExt as _;
use futures_util::stream;
use screening::{Fault, Screen};

use crate::recipes::Usable;

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
    // A service that is away for one text is away for all.
    let away = OnceLock::new();
    // Made before the stream, which would otherwise hold the iterator over the passages while it waits.
    let rating: Vec<_> = passages
        .iter()
        .map(|passage| assessed(screen, passage, deadline, &away))
        .collect();
    let assessments: Vec<Assessment> = stream::iter(rating).buffered(AT_ONCE).collect().await;
    alert(usable, &generated, &assessments);
    drafting::screening::screened(&usable.recipe.screening, generated, &passages, &assessments)
}

async fn assessed(
    screen: &dyn Screen,
    passage: &Passage,
    deadline: Instant,
    away: &OnceLock<Fault>,
) -> Assessment {
    if let Some(fault) = away.get() {
        return Assessment::NotAssessed(fault.to_string());
    }
    match screen.screen(&passage.text, deadline).await {
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
fn alert(usable: &Usable, generated: &Generated, assessments: &[Assessment]) {
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
            run = %generated.run,
            category = category.name(),
            severity,
            "screening holds back text of a draft and calls for an alert"
        );
    }
}
