//! Everything that is told, by name: attributes and instruments. `docs/telemetry.md` explains each.

/// The name of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(&'static str);

impl Key {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

macro_rules! keys {
    ($($name:ident = $text:literal, $meaning:literal;)*) => {
        /// The attributes.
        pub mod key {
            use super::Key;
            $(#[doc = $meaning] pub const $name: Key = Key($text);)*
            /// All of them.
            pub const ALL: &[Key] = &[$($name),*];
        }
    };
}

keys! {
    ERROR_TYPE = "error.type", "Why something failed, in a word of this program.";
    FAAS_COLDSTART = "faas.coldstart", "Whether the invocation was the first of this process.";
    FAAS_INVOCATION = "faas.invocation_id", "The host's id of the invocation.";
    FAAS_INVOKED = "faas.invoked_name", "The function.";
    FAAS_TRIGGER = "faas.trigger", "What called: `http`, `datasource` (a blob), `pubsub` (a queue) or `timer`.";
    FINISH_REASONS = "gen_ai.response.finish_reasons", "How the model ended its answer.";
    HTTP_METHOD = "http.request.method", "The method of an HTTP call.";
    HTTP_ROUTE = "http.route", "The door of an HTTP call, with placeholders.";
    HTTP_STATUS = "http.response.status_code", "The status of an HTTP answer.";
    INPUT_TOKENS = "gen_ai.usage.input_tokens", "Tokens of the prompt.";
    MODEL = "gen_ai.request.model", "The deployment that was asked, as the settings name it.";
    OPERATION = "gen_ai.operation.name", "Always `chat`.";
    OUTCOME = "golden_thread.outcome", "How it ended.";
    OUTPUT_TOKENS = "gen_ai.usage.output_tokens", "Tokens of the answer.";
    PROVIDER = "gen_ai.provider.name", "The kind of service that was asked.";
    PURPOSE = "golden_thread.purpose", "What the model was asked for.";
    REASON = "golden_thread.reason", "Why a caller, an upload or a sign-in was refused.";
    RECIPE = "golden_thread.recipe", "The recipe, as its folder is named.";
    RESEND = "http.request.resend_count", "How often the same was asked before.";
    RULE = "golden_thread.rule", "The rule that made a finding.";
    RUN = "golden_thread.run", "The run's id.";
    SEVERITY = "golden_thread.severity", "How much a finding weighs.";
    STAGE = "golden_thread.stage", "A stage of the routine.";
    TOKEN_TYPE = "gen_ai.token.type", "`input` or `output`.";
    URL_TEMPLATE = "url.template", "Where in storage, with placeholders.";
    VERIFIED = "golden_thread.verified", "Whether the evidence of a statement stood up to the check.";
}

/// An instrument's name, unit and meaning.
pub(crate) struct Instrument {
    pub name: &'static str,
    pub unit: &'static str,
    pub meaning: &'static str,
    /// The upper bounds of a histogram's classes.
    pub bounds: &'static [f64],
}

macro_rules! instruments {
    ($(#[$doc:meta])* $kind:ident { $($name:ident = $text:literal, $unit:literal, $bounds:expr, $meaning:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $(#[doc = $meaning] $name,)* }

        impl $kind {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub(crate) const fn instrument(self) -> Instrument {
                match self {
                    $(Self::$name => Instrument { name: $text, unit: $unit, meaning: $meaning, bounds: $bounds },)*
                }
            }

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.instrument().name
            }

            /// The unit (UCUM).
            #[must_use]
            pub const fn unit(self) -> &'static str {
                self.instrument().unit
            }
        }
    };
}

const NONE: &[f64] = &[];
/// Those that the conventions give for calls of models.
const CALLS: &[f64] = &[
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
/// Likewise for their tokens.
const TOKENS: &[f64] = &[
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16384.0,
    65536.0,
    262_144.0,
    1_048_576.0,
];
const SECONDS: &[f64] = &[
    0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0,
];
const SHARE: &[f64] = &[0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999];
const MONEY: &[f64] = &[
    0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0,
];
const FEW: &[f64] = &[0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0];
const DELAY: &[f64] = &[
    0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14400.0,
];

instruments! {
    /// What is counted.
    Counter {
        Runs = "golden_thread.runs", "{run}", NONE, "Runs that ended, by outcome and recipe.";
        Findings = "golden_thread.findings", "{finding}", NONE, "Findings, by rule, severity and recipe.";
        Queries = "golden_thread.queries", "{query}", NONE, "Questions to professionals that drafts raised, by recipe.";
        Statements = "golden_thread.statements", "{statement}", NONE, "Statements that were made, by whether their evidence stood up to the check, and recipe.";
        Omissions = "golden_thread.omissions", "{omission}", NONE, "What sources say and a draft leaves out without saying why, by recipe.";
        Refusals = "golden_thread.refusals", "{call}", NONE, "Calls and uploads that were refused, by reason.";
        Callbacks = "golden_thread.callbacks", "{call}", NONE, "Calls to whoever asked to be called back, by what became of them and recipe.";
        SignInFailures = "golden_thread.sign_in.failures", "{call}", NONE, "Callers who were not known or not let in, by reason.";
    }
}

instruments! {
    /// What is measured.
    Histogram {
        StageDuration = "golden_thread.stage.duration", "s", SECONDS, "How long a stage of the routine took, by stage and recipe.";
        RunCost = "golden_thread.run.cost", "{currency}", MONEY, "What a run's model calls cost, kept answers included, in the currency of the prices, by recipe.";
        VerifiedShare = "golden_thread.run.verified_share", "1", SHARE, "Of a draft's statements the share whose evidence stood up to the check, by recipe.";
        RepairRounds = "golden_thread.run.repair_rounds", "{round}", FEW, "Rounds in which statements of one area were written anew, by recipe.";
        QueueDelay = "golden_thread.queue.delay", "s", DELAY, "How long after it was due a request was taken up.";
        InvokeDuration = "faas.invoke_duration", "s", SECONDS, "How long an invocation took, by function, trigger and outcome.";
        StorageDuration = "http.client.request.duration", "s", SECONDS, "How long a call of storage took, retries included, by place, method and status.";
        TokenUsage = "gen_ai.client.token.usage", "{token}", TOKENS, "Tokens of a call of a model, by type, model and purpose.";
        OperationDuration = "gen_ai.client.operation.duration", "s", CALLS, "How long a call of a model took, by model and purpose.";
    }
}
