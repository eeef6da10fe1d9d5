//! Who calls, and what they may do.
//!
//! A caller is known by what the platform's authentication says of them, where it is switched on, or by a token of the
//! organisation's tenant whose signature, issuer, audience and times are checked here. What they may do stands in the app
//! roles that the tenant gave them. How often they may do it is counted by [`Pace`].
//!
//! This crate does no IO and has no clock: keys and times are passed in. It keeps no name of a person and no token: of a
//! caller it knows the tenant's id, the object's id and the roles.

mod credentials;
mod keys;
mod pace;
mod platform;
mod principal;
mod refusal;
mod role;
mod token;

pub use credentials::{Credential, Presented};
pub use keys::{Key, KeyRing, KeysFault, LONGEST_ANSWER, Look, read_keys};
pub use pace::Pace;
pub use platform::principal as platform_principal;
pub use principal::Principal;
pub use refusal::Refusal;
pub use role::{Rights, Role};
pub use token::{Tenant, TenantFault, Token};
