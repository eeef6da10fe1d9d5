//! The settings of the language model. Without [`MODEL_BASE_URL`] there is none, and drafts quote their sources.

use std::time::Duration;

use azure::Identity;
use drafting::write::Rounds;
use model::openai::{BaseUrl, Credential, Deployment, Effort, Sampling, Settings};
use model::{Limits, Price, Secret};

use super::{Fault, Reader, Source};

/// Where the model is: `https://name.openai.azure.com/openai/v1`, or the base address of any service that speaks chat
/// completions. Not set: no model.
pub const MODEL_BASE_URL: &str = "MODEL_BASE_URL";
/// The deployment that writes; elsewhere than on Azure the model's name.
pub const MODEL_DEPLOYMENT: &str = "MODEL_DEPLOYMENT";
/// The deployment that sorts sentences: a quicker and cheaper one will do. Default: the one that writes.
pub const MODEL_FAST_DEPLOYMENT: &str = "MODEL_FAST_DEPLOYMENT";
/// The deployment that judges, best a model of another family. Default: the one that writes.
pub const MODEL_JUDGE_DEPLOYMENT: &str = "MODEL_JUDGE_DEPLOYMENT";
/// The model and version behind [`MODEL_DEPLOYMENT`], for records and kept answers. Default: the deployment's name.
pub const MODEL_NAME: &str = "MODEL_NAME";
/// The same for [`MODEL_FAST_DEPLOYMENT`].
pub const MODEL_FAST_NAME: &str = "MODEL_FAST_NAME";
/// The same for [`MODEL_JUDGE_DEPLOYMENT`].
pub const MODEL_JUDGE_NAME: &str = "MODEL_JUDGE_NAME";
/// The key of the service. Not set: a token of the app's identity, as in Azure it should be.
pub const MODEL_KEY: &str = "MODEL_KEY";
/// The client id of the user-assigned identity that asks the model. Not set: the system's own.
pub const MODEL_CLIENT_ID: &str = "MODEL_CLIENT_ID";
/// The scope of the tokens. Default `https://cognitiveservices.azure.com/.default`.
pub const MODEL_SCOPE: &str = "MODEL_SCOPE";
/// For reasoning models, which refuse a temperature: `none`, `minimal`, `low`, `medium` or `high`.
pub const MODEL_REASONING: &str = "MODEL_REASONING";
/// Tokens that a reasoning model may think, for each answer. Default 8,000.
pub const MODEL_REASONING_TOKENS: &str = "MODEL_REASONING_TOKENS";
/// The price of [`MODEL_DEPLOYMENT`] for a million tokens: prompt, cached prompt, answer: `2.00 0.50 8.00`.
pub const MODEL_PRICE: &str = "MODEL_PRICE";
/// The same for [`MODEL_FAST_DEPLOYMENT`].
pub const MODEL_FAST_PRICE: &str = "MODEL_FAST_PRICE";
/// The same for [`MODEL_JUDGE_DEPLOYMENT`].
pub const MODEL_JUDGE_PRICE: &str = "MODEL_JUDGE_PRICE";
/// Money that one run may cost, in the currency of the prices: `2.50`. Not set: no limit. Needs prices.
pub const MODEL_RUN_MONEY: &str = "MODEL_RUN_MONEY";
/// Calls that one run may make. Default 600.
pub const MODEL_RUN_CALLS: &str = "MODEL_RUN_CALLS";
/// Thousands of prompt tokens that one run may use. Default 3,000.
pub const MODEL_RUN_PROMPT_KTOKENS: &str = "MODEL_RUN_PROMPT_KTOKENS";
/// Thousands of answer tokens that one run may use. Default 600.
pub const MODEL_RUN_ANSWER_KTOKENS: &str = "MODEL_RUN_ANSWER_KTOKENS";
/// Calls that one run makes at once. Default 8.
pub const MODEL_CONCURRENT_CALLS: &str = "MODEL_CONCURRENT_CALLS";
/// Seconds that one attempt at a call may take. Default 180.
pub const MODEL_ATTEMPT_SECONDS: &str = "MODEL_ATTEMPT_SECONDS";
/// Rounds in which flagged statements are written anew, at most; 0 to 3. Default 3.
pub const MODEL_ROUNDS: &str = "MODEL_ROUNDS";
/// Looks that are taken again even when nothing was flagged; 0 to 3. Default 0.
pub const MODEL_LEAST_ROUNDS: &str = "MODEL_LEAST_ROUNDS";
/// `on` keeps the model's answers with the case, so that a run that was interrupted, or one more report, does not pay
/// again; `off` does not. Default `on`.
pub const MODEL_KEEP_ANSWERS: &str = "MODEL_KEEP_ANSWERS";
/// Seconds that a case waits for a model service that is throttled, down or slow before it is drafted without what was not
/// answered. Default 1,800; 0 does not wait. Needs [`MODEL_KEEP_ANSWERS`], without which every try would be paid for.
pub const MODEL_PATIENCE_SECONDS: &str = "MODEL_PATIENCE_SECONDS";

/// The settings of this file.
pub(super) const MODEL: [&str; 25] = [
    MODEL_BASE_URL,
    MODEL_DEPLOYMENT,
    MODEL_FAST_DEPLOYMENT,
    MODEL_JUDGE_DEPLOYMENT,
    MODEL_NAME,
    MODEL_FAST_NAME,
    MODEL_JUDGE_NAME,
    MODEL_KEY,
    MODEL_CLIENT_ID,
    MODEL_SCOPE,
    MODEL_REASONING,
    MODEL_REASONING_TOKENS,
    MODEL_PRICE,
    MODEL_FAST_PRICE,
    MODEL_JUDGE_PRICE,
    MODEL_RUN_MONEY,
    MODEL_RUN_CALLS,
    MODEL_RUN_PROMPT_KTOKENS,
    MODEL_RUN_ANSWER_KTOKENS,
    MODEL_CONCURRENT_CALLS,
    MODEL_ATTEMPT_SECONDS,
    MODEL_ROUNDS,
    MODEL_LEAST_ROUNDS,
    MODEL_KEEP_ANSWERS,
    MODEL_PATIENCE_SECONDS,
];

/// The platform's mark that a managed identity can be asked; set by Azure.
const IDENTITY_ENDPOINT: &str = "IDENTITY_ENDPOINT";

/// A language model and how it is used.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the client must be told.
    pub settings: Settings,
    /// Whose tokens are sent; none when there is a key.
    pub identity: Option<Identity>,
    /// What one run may use.
    pub limits: Limits,
    /// How often flagged statements are written anew.
    pub rounds: Rounds,
    /// [`MODEL_KEEP_ANSWERS`].
    pub keep_answers: bool,
    /// [`MODEL_PATIENCE_SECONDS`]; zero where answers are not kept.
    pub patience: Duration,
}

impl Model {
    /// The kind of client, for records.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.settings.heavy.base.is_azure() {
            "azure-openai"
        } else {
            "openai-compatible"
        }
    }
}

impl Reader<'_> {
    /// The model; `None` when none is set, or when something is wrong with its settings, which is then reported.
    pub(super) fn model(&mut self) -> Option<Model> {
        let source = self.source;
        let text = source(MODEL_BASE_URL)?;
        let faults = self.faults.len();
        let base = BaseUrl::parse(&text)
            .map_err(|fault| self.faults.push(Fault::ModelBaseUrl(fault)))
            .ok();
        let key = source(MODEL_KEY).map(|key| Secret::new(key.trim().to_owned()));
        let identity = key.is_none().then(|| identity(source, MODEL_CLIENT_ID));
        let sampling = self.sampling();
        let limits = self.model_limits();
        let rounds = Rounds {
            least: self.small(MODEL_LEAST_ROUNDS, 0, 3),
            most: self.small(MODEL_ROUNDS, 3, 3),
        };
        let keep_answers = self.switch(MODEL_KEEP_ANSWERS, true);
        let patience = self.seconds(MODEL_PATIENCE_SECONDS, 1_800, 0, 21_600);
        let attempt = self.seconds(MODEL_ATTEMPT_SECONDS, 180, 1, 900);
        let heavy = source(MODEL_DEPLOYMENT);
        if heavy.is_none() {
            self.faults.push(Fault::ModelDeployment);
        }
        let prices = [MODEL_PRICE, MODEL_FAST_PRICE, MODEL_JUDGE_PRICE].map(|setting| self.price(setting));
        if rounds.least > rounds.most {
            self.faults.push(Fault::Number {
                setting: MODEL_LEAST_ROUNDS,
                least: 0,
                most: u64::from(rounds.most),
            });
        }
        let (base, heavy) = (base?, heavy?);
        if self.faults.len() > faults {
            return None;
        }
        let credential = || match &key {
            Some(key) => base.credential(key.clone()),
            None => Credential::Entra {
                scope: source(MODEL_SCOPE).unwrap_or_else(|| Credential::SCOPE.into()),
            },
        };
        let [price, fast_price, judge_price] = prices;
        let deployment = |setting: &str, name: &str, price: Option<Price>| {
            let own = source(setting);
            let model = source(name).or_else(|| own.is_none().then(|| source(MODEL_NAME)).flatten());
            let name = own.clone().unwrap_or_else(|| heavy.clone());
            let model = model.unwrap_or_else(|| name.clone());
            Deployment {
                price,
                sampling,
                ..Deployment::new(base.clone(), credential(), name, model)
            }
        };
        let mut settings = Settings::new(
            deployment(MODEL_DEPLOYMENT, MODEL_NAME, price),
            deployment(MODEL_FAST_DEPLOYMENT, MODEL_FAST_NAME, fast_price.or(price)),
            deployment(MODEL_JUDGE_DEPLOYMENT, MODEL_JUDGE_NAME, judge_price.or(price)),
        );
        settings.timing.attempt = attempt;
        Some(Model {
            settings,
            identity,
            limits,
            rounds,
            keep_answers,
            patience: if keep_answers { patience } else { Duration::ZERO },
        })
    }

    fn model_limits(&mut self) -> Limits {
        let money = self.money(MODEL_RUN_MONEY);
        Limits {
            prompt_tokens: self.number(MODEL_RUN_PROMPT_KTOKENS, 3_000, 1, 1_000_000) * 1_000,
            completion_tokens: self.number(MODEL_RUN_ANSWER_KTOKENS, 600, 1, 1_000_000) * 1_000,
            calls: self.number(MODEL_RUN_CALLS, 600, 1, 100_000),
            money,
            // The run's own deadline is the limit of time.
            wall: Duration::from_secs(1_800),
            concurrent: usize::try_from(self.number(MODEL_CONCURRENT_CALLS, 8, 1, 64)).unwrap_or(8),
        }
    }

    fn small(&mut self, setting: &'static str, default: u8, most: u8) -> u8 {
        u8::try_from(self.number(setting, u64::from(default), 0, u64::from(most))).unwrap_or(default)
    }

    pub(super) fn switch(&mut self, setting: &'static str, default: bool) -> bool {
        match (self.source)(setting).as_deref().map(str::trim) {
            None => default,
            Some("on") => true,
            Some("off") => false,
            Some(_) => {
                self.faults.push(Fault::Switch { setting });
                default
            }
        }
    }

    fn sampling(&mut self) -> Sampling {
        let thinking = self.number(MODEL_REASONING_TOKENS, 8_000, 0, 200_000);
        let Some(word) = (self.source)(MODEL_REASONING) else {
            return Sampling::Fixed;
        };
        let effort = Effort::parse(word.trim());
        if effort.is_none() {
            self.faults.push(Fault::Effort {
                setting: MODEL_REASONING,
            });
        }
        Sampling::Reasoning {
            effort,
            thinking_tokens: u32::try_from(thinking).unwrap_or(8_000),
        }
    }

    /// Three amounts of money: prompt, cached prompt, answer.
    fn price(&mut self, setting: &'static str) -> Option<Price> {
        let text = (self.source)(setting)?;
        let amounts: Option<Vec<u64>> = text.split_whitespace().map(millionths).collect();
        let Some([prompt, cached_prompt, completion]) = amounts.as_deref() else {
            self.faults.push(Fault::Price { setting });
            return None;
        };
        Some(Price {
            prompt: *prompt,
            cached_prompt: *cached_prompt,
            completion: *completion,
        })
    }

    fn money(&mut self, setting: &'static str) -> Option<u64> {
        let text = (self.source)(setting)?;
        let amount = millionths(text.trim());
        if amount.is_none() {
            self.faults.push(Fault::Money { setting });
        }
        amount
    }
}

/// "2.50" as 2 500 000 millionths; at most six places.
fn millionths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(part)
}

/// On the platform its identity; on a laptop whoever is signed in.
pub(super) fn identity(source: Source, client_id: &str) -> Identity {
    if source(IDENTITY_ENDPOINT).is_some() {
        Identity::Managed {
            client_id: source(client_id),
        }
    } else {
        Identity::Developer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::local;

    fn with(pairs: &[(&str, &str)]) -> Result<Option<Model>, Vec<String>> {
        let source = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        local(&source, None)
            .map(|local| local.model)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn without_an_address_there_is_no_model() {
        assert!(with(&[(MODEL_DEPLOYMENT, "gpt")]).unwrap().is_none());
    }

    #[test]
    fn an_address_and_a_deployment_are_enough() {
        let model = with(&[
            (MODEL_BASE_URL, "https://name.openai.azure.com/openai/v1"),
            (MODEL_DEPLOYMENT, "writer"),
            (MODEL_JUDGE_DEPLOYMENT, "other"),
            (MODEL_PRICE, "2 0.5 8.25"),
        ])
        .unwrap()
        .unwrap();
        assert_eq!(model.kind(), "azure-openai");
        assert_eq!(model.settings.fast.name, "writer");
        assert_eq!(model.settings.judge.name, "other");
        assert_eq!(model.settings.judge.price.unwrap().completion, 8_250_000);
        assert!(matches!(model.identity, Some(Identity::Developer)));
        assert!(matches!(
            model.settings.heavy.credential,
            Credential::Entra { .. }
        ));
    }

    #[test]
    fn on_the_platform_its_identity_is_asked() {
        let model = with(&[
            (MODEL_BASE_URL, "https://name.openai.azure.com/openai/v1"),
            (MODEL_DEPLOYMENT, "writer"),
            (MODEL_CLIENT_ID, "00000000-0000-0000-0000-000000000001"),
            (IDENTITY_ENDPOINT, "http://localhost:4000/token"),
        ])
        .unwrap()
        .unwrap();
        let Some(Identity::Managed { client_id }) = model.identity else {
            unreachable!("{:?}", model.identity)
        };
        assert_eq!(client_id.as_deref(), Some("00000000-0000-0000-0000-000000000001"));
    }

    #[test]
    fn all_faults_come_at_once_and_without_values() {
        let faults = with(&[
            (MODEL_BASE_URL, "http://SECRET.example.org"),
            (MODEL_KEY, "SECRET"),
            (MODEL_REASONING, "SECRET"),
            (MODEL_PRICE, "SECRET"),
            (MODEL_RUN_MONEY, "SECRET"),
            (MODEL_KEEP_ANSWERS, "SECRET"),
            (MODEL_ROUNDS, "9"),
        ])
        .unwrap_err()
        .join("\n");
        for name in [
            MODEL_BASE_URL,
            MODEL_DEPLOYMENT,
            MODEL_REASONING,
            MODEL_PRICE,
            MODEL_RUN_MONEY,
            MODEL_KEEP_ANSWERS,
            MODEL_ROUNDS,
        ] {
            assert!(faults.contains(name), "{name} in {faults}");
        }
        assert!(!faults.contains("SECRET"), "{faults}");
    }

    #[test]
    fn money_has_six_places_at_most() {
        for (text, expected) in [
            ("2", Some(2_000_000)),
            ("0.50", Some(500_000)),
            ("0.000001", Some(1)),
            ("0.0000001", None),
            (".5", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }
}
