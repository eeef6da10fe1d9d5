//! A service of Azure's as whoever sets it up knows it, and its faults in words for them.

use std::fmt;

use crate::fault::{Broken, Fault, Refused};

/// A service that is asked with the role `Cognitive Services User`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it is called within a sentence, and at the beginning of one: `the content safety service`.
    pub name: &'static str,
    /// The setting that holds its address.
    pub setting: &'static str,
}

/// A fault of a service, with what to do about it.
pub struct Told<'a> {
    service: Service,
    fault: &'a Fault,
}

impl Service {
    /// The fault in words.
    #[must_use]
    pub fn told(self, fault: &Fault) -> Told<'_> {
        Told { service: self, fault }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Broken(broken) => self.broken(broken, f),
            Fault::Refused(refused) => self.refused(refused, f),
        }
    }
}

impl Told<'_> {
    fn broken(&self, broken: &Broken, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Service { name, setting } = self.service;
        match broken {
            Broken::Token(fault) => write!(f, "{fault}"),
            Broken::Unsendable => self.refused(&Refused::WrongKey, f),
            Broken::Connection { .. } => write!(
                f,
                "there was no connection to {name}; check `{setting}`, name resolution and firewall"
            ),
            Broken::TooLarge { limit } => write!(f, "{name} sent more than {limit} bytes"),
            Broken::TimedOut { limit } => {
                write!(f, "{name} did not answer within {} seconds", limit.as_secs())
            }
            Broken::Deadline => write!(f, "the time for the run was over before {name} had answered"),
        }
    }

    fn refused(&self, refused: &Refused, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Service { name, setting } = self.service;
        match refused {
            Refused::Throttled { .. } => {
                write!(
                    f,
                    "{name} is over its rate limit; draft again later, or raise its tier"
                )
            }
            Refused::Unavailable { status, .. } => {
                write!(f, "{name} failed with status {status}; draft again later")
            }
            Refused::WrongKey => write!(
                f,
                "{name} refused the key or token; check that it belongs to `{setting}`"
            ),
            Refused::NoRights => write!(
                f,
                "{name} denies access; give this app's identity the role `Cognitive Services User` and check its network rules"
            ),
            Refused::NotFound => write!(
                f,
                "`{setting}` is not the address of {name}, or its region does not have this function"
            ),
            Refused::Redirected => write!(
                f,
                "{name} points to another address, which is not followed; set the final one"
            ),
            Refused::BadRequest { status, code } => {
                write!(f, "{name} refuses what it was sent: status {status}")?;
                code.as_ref().map_or(Ok(()), |code| write!(f, ", code `{code}`"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_whose_it_is_and_what_to_do() {
        let service = Service {
            name: "the content safety service",
            setting: "CONTENT_SAFETY_ENDPOINT",
        };
        let check = |fault: Fault, expected: &str| assert_eq!(service.told(&fault).to_string(), expected);
        check(
            Refused::WrongKey.into(),
            "the content safety service refused the key or token; check that it belongs to `CONTENT_SAFETY_ENDPOINT`",
        );
        check(
            Refused::BadRequest {
                status: 400,
                code: Some("InvalidContent".into()),
            }
            .into(),
            "the content safety service refuses what it was sent: status 400, code `InvalidContent`",
        );
        check(
            Broken::Deadline.into(),
            "the time for the run was over before the content safety service had answered",
        );
    }
}
