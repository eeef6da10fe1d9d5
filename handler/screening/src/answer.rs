//! Bodies: what is sent, and what an answer says.

use drafting::screening::{Category, Level, Ratings};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// The body of `text:analyze`.
#[derive(Serialize)]
pub(crate) struct Analyze<'a> {
    text: &'a str,
    categories: [&'static str; 4],
    #[serde(rename = "outputType")]
    output_type: &'static str,
}

impl<'a> Analyze<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self {
            text,
            categories: Category::ALL.map(service_name),
            output_type: "FourSeverityLevels",
        }
    }
}

/// The body of `text:shieldPrompt`, without the prompt of a user, which may be left out: there is no user.
#[derive(Serialize)]
pub(crate) struct ShieldPrompt<'a> {
    documents: &'a [&'a str],
}

impl<'a> ShieldPrompt<'a> {
    pub(crate) fn of(documents: &'a [&'a str]) -> Self {
        Self { documents }
    }
}

/// A category as the service names it. Answers come by name and in any order.
fn service_name(category: Category) -> &'static str {
    match category {
        Category::Hate => "Hate",
        Category::SelfHarm => "SelfHarm",
        Category::Sexual => "Sexual",
        Category::Violence => "Violence",
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    categories_analysis: Vec<Rated>,
}

#[derive(Deserialize)]
struct Rated {
    category: String,
    #[serde(default)]
    severity: Option<u8>,
}

/// The ratings of an answer; every category must be there with a severity that is one.
pub(crate) fn ratings(body: &[u8]) -> Result<Ratings, Fault> {
    let analysis: Analysis = serde_json::from_slice(body).map_err(|_| Fault::Unreadable)?;
    let rating = |category: Category| {
        let own = |one: &&Rated| one.category == service_name(category);
        let levels = analysis.categories_analysis.iter().filter(own).map(|one| {
            let level = one.severity.and_then(|number| Level::try_from(number).ok());
            level.ok_or(Fault::Unrated { category })
        });
        let levels: Vec<Level> = levels.collect::<Result<_, _>>()?;
        levels.into_iter().max().ok_or(Fault::Unrated { category })
    };
    Ok(Ratings {
        hate: rating(Category::Hate)?,
        self_harm: rating(Category::SelfHarm)?,
        sexual: rating(Category::Sexual)?,
        violence: rating(Category::Violence)?,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shielded {
    documents_analysis: Vec<Looked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Looked {
    attack_detected: bool,
}

/// Of each of `documents` texts whether it attacks.
pub(crate) fn attacks(body: &[u8], documents: usize) -> Result<Vec<bool>, Fault> {
    let shielded: Shielded = serde_json::from_slice(body).map_err(|_| Fault::Unreadable)?;
    let attacks: Vec<bool> = shielded
        .documents_analysis
        .iter()
        .map(|one| one.attack_detected)
        .collect();
    if attacks.len() == documents {
        Ok(attacks)
    } else {
        Err(Fault::Unreadable)
    }
}
