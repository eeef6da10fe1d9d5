//! One authorised, bounded call to a service of the cloud.
//!
//! | file | what |
//! |---|---|
//! | `address` | where a service may be: `https`, or `http` to this machine |
//! | `secret`, `tokens`, `credential` | as whom it is asked |
//! | `exchange` | one request and its whole answer, within a limit of bytes |
//! | `attempts` | how often, how long, with what pauses |
//! | `pause` | how long a service asks to wait |
//! | `line` | requests to one service: so many at once, each in as many attempts as it needs |
//! | `fault` | why there is no answer |
//! | `service` | the same in words for whoever runs the app; the model's says it in words of its own |
//!
//! What it must not know: what is asked and what an answer means, settings, recipes, cases, storage, Azure's SDK (tokens come
//! through the port [`Tokens`]). It follows no redirect, believes no announced length, and neither logs nor reports a word of
//! a request or an answer but codes of a narrow alphabet.

mod address;
mod attempts;
mod credential;
mod exchange;
mod fault;
mod line;
mod pause;
mod secret;
mod service;
mod tokens;

pub use address::{Address, AddressFault, is_loopback, percent_decode};
pub use attempts::{Again, Attempts, Timing};
pub use credential::{Credential, CredentialFault};
pub use exchange::{Reply, Wire, posted};
pub use fault::{Broken, Fault, Refused, Stage, code};
pub use line::{Line, LineFault, Terms};
pub use reqwest::{Method, Request, Url};
pub use secret::Secret;
pub use service::{Service, Told};
pub use tokens::{TokenFault, Tokens};
