//! Requests to one service: so many at once, each in as many attempts as it needs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Request;
use tokio::sync::Semaphore;

use crate::attempts::{Again, Attempts, Timing};
use crate::credential::{Credential, CredentialFault};
use crate::exchange::{Reply, Wire};
use crate::fault::{Broken, Fault, Refused};
use crate::service::Service;
use crate::tokens::{TokenFault, Tokens};

/// What is agreed with a service before it is asked.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Which it is.
    pub service: Service,
    /// Whether it is a service of this machine, which no proxy leads to.
    pub direct: bool,
    /// As whom it is asked.
    pub credential: Credential,
    /// When to wait and when to give up.
    pub timing: Timing,
    /// Requests under way at once, for the whole process.
    pub concurrent: usize,
    /// Bytes that are read of one answer.
    pub most_bytes: usize,
}

/// Terms under which nothing can be asked. Each names the service.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    /// A token is wanted and nobody gives tokens.
    #[error("{0} is to be asked with a token, but no identity is set up; set one up or set a key")]
    NoTokens(&'static str),
    /// A key that no header can hold.
    #[error("the key of {0} is empty or holds a character that no header may; copy it again")]
    Key(&'static str),
    /// A limit of zero.
    #[error("the attempts, times and limits of {0} must be more than zero")]
    Zero(&'static str),
    /// The HTTP client could not be made.
    #[error("the HTTP client for {0} could not be made; check the certificates of this machine")]
    Client(&'static str, #[source] reqwest::Error),
}

/// Requests to one service.
pub struct Line {
    terms: Terms,
    wire: Wire,
    places: Semaphore,
}

impl Line {
    /// A line under these terms; `tokens` is needed when the credential is an identity's.
    pub fn new(terms: Terms, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, LineFault> {
        let service = terms.service.name;
        let credential = terms.credential.check(tokens.is_some());
        credential.map_err(|fault| match fault {
            CredentialFault::Key => LineFault::Key(service),
            CredentialFault::NoTokens => LineFault::NoTokens(service),
        })?;
        if terms.timing.is_never() || terms.concurrent == 0 || terms.most_bytes == 0 {
            return Err(LineFault::Zero(service));
        }
        let wire = Wire::new(terms.direct, terms.timing.attempt, terms.most_bytes, tokens);
        Ok(Self {
            places: Semaphore::new(terms.concurrent),
            wire: wire.map_err(|fault| LineFault::Client(service, fault))?,
            terms,
        })
    }

    /// Asks until an answer can be read, an attempt is not worth repeating, or time is up. A success that cannot be read is
    /// asked for again.
    pub async fn ask<T, F: From<Fault>>(
        &self,
        request: impl Fn() -> Request,
        deadline: Instant,
        read: impl Fn(Reply) -> Result<T, F>,
    ) -> Result<T, F> {
        let mut attempts = Attempts::new(self.terms.timing, deadline);
        loop {
            let begun = Instant::now();
            let renew = attempts.renews();
            let (again, fault) = match self.attempt(request(), deadline, renew).await {
                Ok(reply) => match read(reply) {
                    Ok(value) => return Ok(value),
                    Err(fault) => {
                        self.log(attempts.failed(), begun, "unreadable", None);
                        (Again::Later(None), fault)
                    }
                },
                Err(fault) => {
                    let cause = match &fault {
                        Fault::Broken(broken) => broken.cause(),
                        Fault::Refused(_) => None,
                    };
                    self.log(attempts.failed(), begun, fault.kind(), cause);
                    (self.again(&fault), fault.into())
                }
            };
            match attempts.pause(again) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault),
            }
        }
    }

    /// Asks once.
    pub async fn once(&self, request: Request, deadline: Instant) -> Result<Reply, Fault> {
        self.attempt(request, deadline, false).await
    }

    /// Asks once without waiting for a place: whether the service answers at all, while others are under way.
    pub async fn beside(&self, request: Request, deadline: Instant) -> Result<Reply, Fault> {
        let exchange = self.exchange(request, false);
        self.terms.timing.within(deadline.into(), exchange).await
    }

    /// One attempt, within its own time and the deadline. The place is given back before a pause.
    async fn attempt(&self, request: Request, deadline: Instant, renew: bool) -> Result<Reply, Fault> {
        let waiting = tokio::time::timeout_at(deadline.into(), self.places.acquire()).await;
        // Nobody closes the semaphore.
        let _place = waiting.ok().and_then(Result::ok).ok_or(Broken::Deadline)?;
        let exchange = self.exchange(request, renew);
        self.terms.timing.within(deadline.into(), exchange).await
    }

    async fn exchange(&self, request: Request, renew: bool) -> Result<Reply, Fault> {
        let credential = Some(&self.terms.credential);
        let reply = self.wire.exchange(request, credential, renew).await?;
        if reply.is_success() {
            Ok(reply)
        } else {
            Err(Refused::of(reply.status, reply.after, &reply.body).into())
        }
    }

    fn again(&self, fault: &Fault) -> Again {
        let renewable = self.terms.credential.is_renewable();
        match fault {
            Fault::Refused(Refused::Throttled { after } | Refused::Unavailable { after, .. }) => {
                Again::Later(*after)
            }
            Fault::Broken(
                Broken::Connection { .. } | Broken::TimedOut { .. } | Broken::Token(TokenFault::Unavailable),
            ) => Again::Later(None),
            Fault::Refused(Refused::WrongKey) | Fault::Broken(Broken::Unsendable) if renewable => {
                Again::WithAnotherToken
            }
            Fault::Refused(
                Refused::WrongKey
                | Refused::NoRights
                | Refused::NotFound
                | Refused::Redirected
                | Refused::BadRequest { .. },
            )
            | Fault::Broken(
                Broken::Unsendable
                | Broken::TooLarge { .. }
                | Broken::Deadline
                | Broken::Token(TokenFault::Absent | TokenFault::Refused),
            ) => Again::Never,
        }
    }

    fn log(&self, failed: u32, begun: Instant, fault: &'static str, cause: Option<&str>) {
        let service = self.terms.service.name;
        let ms = milliseconds(begun.elapsed());
        tracing::warn!(
            service,
            attempt = failed + 1,
            ms,
            fault,
            cause,
            "a service did not answer"
        );
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
