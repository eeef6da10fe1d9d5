//! What can be wrong with a setting. Messages name settings and never their values.

use azure::AccountFault;
use model::openai::BaseUrlFault;
use wire::AddressFault;

use crate::callback::CallbackSettingsFault;
use crate::incoming::PrefixFault;

/// One setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A number that is not one, or out of range.
    #[error("`{setting}` must be a whole number from {least} to {most}")]
    Number {
        /// The setting.
        setting: &'static str,
        /// The least allowed value.
        least: u64,
        /// The greatest allowed value.
        most: u64,
    },
    /// A setting that must be there is not.
    #[error(
        "`{setting}` is not set; the Functions host sets it: start the app with `func start` or the dev host"
    )]
    Missing {
        /// The setting.
        setting: &'static str,
    },
    /// A reference to a key vault in place of what it refers to.
    #[error(
        "`{setting}` was not read from the key vault: the secret is missing there, or the app's identity may not read it; then let the platform read it again (docs/troubleshooting.md)"
    )]
    Unresolved {
        /// The setting.
        setting: &'static str,
    },
    /// Not an address of the web.
    #[error("`{setting}` must be an address such as `https://app.example.org`, without query")]
    Address {
        /// The setting.
        setting: &'static str,
    },
    /// No pairs of recipe and profile.
    #[error(
        "`RECIPE_PROFILES` must name a profile for each of some recipes, such as `ehcp=needs-and-blanks`, with commas between"
    )]
    Profiles,
    /// Not a level.
    #[error("`{setting}` must be `error`, `warn`, `info` or `debug`")]
    Level {
        /// The setting.
        setting: &'static str,
    },
    /// No address of a model service.
    #[error("`MODEL_BASE_URL` cannot be used: {0}")]
    ModelBaseUrl(BaseUrlFault),
    /// An address of a model service without a deployment.
    #[error("`MODEL_DEPLOYMENT` must name the deployment that writes, since `MODEL_BASE_URL` is set")]
    ModelDeployment,
    /// No address of a content safety service.
    #[error("`CONTENT_SAFETY_ENDPOINT` cannot be used: {0}")]
    ContentSafetyEndpoint(AddressFault),
    /// A switch without the service that it needs.
    #[error(
        "`CONTENT_SAFETY_ENDPOINT` must be the address of a content safety service, since `{setting}` is `on`"
    )]
    NoContentSafety {
        /// The switch.
        setting: &'static str,
    },
    /// Not a reader of scans.
    #[error("`OCR` must be `off`, `tesseract` or `document-intelligence`")]
    Ocr,
    /// Not languages.
    #[error("`OCR_LANGUAGES` must be names of tesseract's languages joined by `+`, such as `eng+cym`")]
    OcrLanguages,
    /// No address of a Document Intelligence service.
    #[error("`DOCUMENT_INTELLIGENCE_ENDPOINT` cannot be used: {0}")]
    DocumentIntelligenceEndpoint(AddressFault),
    /// A reader of scans without its service.
    #[error(
        "`DOCUMENT_INTELLIGENCE_ENDPOINT` must be the address of a Document Intelligence service, since `OCR` is `document-intelligence`"
    )]
    NoDocumentIntelligence,
    /// Neither on nor off.
    #[error("`{setting}` must be `on` or `off`")]
    Switch {
        /// The setting.
        setting: &'static str,
    },
    /// Not an effort of reasoning.
    #[error("`{setting}` must be `none`, `minimal`, `low`, `medium` or `high`, or not be set")]
    Effort {
        /// The setting.
        setting: &'static str,
    },
    /// Not a price.
    #[error(
        "`{setting}` must be three amounts for a million tokens, of prompt, cached prompt and answer: `2.00 0.50 8.00`"
    )]
    Price {
        /// The setting.
        setting: &'static str,
    },
    /// Not an amount of money.
    #[error("`{setting}` must be an amount such as `2.50`, with six decimal places at most")]
    Money {
        /// The setting.
        setting: &'static str,
    },
    /// No key for the audit log.
    #[error("`AUDIT_KEY`: {0}")]
    AuditKey(audit::KeyFault),
    /// Not a way to treat callers.
    #[error("`SIGN_IN` must be `required` or `as-configured`")]
    SignIn,
    /// Callers must be known, and cannot be.
    #[error(
        "`SIGN_IN` is `required`, and there is no way to sign in: set `PLATFORM_AUTHENTICATION`, or `SIGN_IN_TENANT` and `SIGN_IN_AUDIENCE`"
    )]
    SignInMissing,
    /// A tenant without an audience, or the other way round.
    #[error("`{setting}` must be set too: tokens are taken of one tenant, for one app")]
    SignInHalf {
        /// The setting that is missing.
        setting: &'static str,
    },
    /// Not a tenant.
    #[error("`SIGN_IN_TENANT` must be the tenant's id, such as `72f988bf-86f1-41af-91ab-2d7cd011db47`")]
    SignInTenant,
    /// Not an address of an authority.
    #[error("`SIGN_IN_AUTHORITY` must be an address such as `https://login.microsoftonline.com`")]
    SignInAuthority,
    /// The platform contradicts.
    #[error(
        "`PLATFORM_AUTHENTICATION` is `on`, and the platform says by `WEBSITE_AUTH_ENABLED` that its authentication is off: switch it on"
    )]
    PlatformAuthenticationOff,
    /// Not where documents may be taken from.
    #[error("`INCOMING_PREFIXES`: {0}")]
    Incoming(PrefixFault),
    /// Nobody can be called back.
    #[error(transparent)]
    Callbacks(CallbackSettingsFault),
    /// A developer's setting in the cloud.
    #[error("`CALLBACK_LOOPBACK` is for the storage emulator only")]
    CallbackLoopback,
    /// No collector.
    #[error("`{setting}` {fault}")]
    Collector {
        /// The setting.
        setting: &'static str,
        /// What is wrong with it.
        fault: telemetry::OtlpFault,
    },
    /// No Application Insights resource.
    #[error("`APPLICATIONINSIGHTS_CONNECTION_STRING` {0}")]
    ApplicationInsights(telemetry::ConnectionStringFault),
    /// The storage account's settings.
    #[error(transparent)]
    Account(#[from] AccountFault),
}
