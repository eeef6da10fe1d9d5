//! One request over the wire, in as many attempts as it needs.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use model::{TokenFault, Tokens};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use tokio::sync::Semaphore;

use crate::answer;
use crate::fault::Fault;
use crate::settings::{Credential, Settings, SettingsFault, Timing};

/// The connections, and where tokens come from.
pub(crate) struct Wire {
    client: Client,
    credential: Credential,
    tokens: Option<Arc<dyn Tokens>>,
    timing: Timing,
    most_bytes: usize,
    places: Semaphore,
}

impl Wire {
    pub(crate) fn new(settings: &Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.timing.attempt.min(Duration::from_secs(10)))
            .referer(false)
            .user_agent(concat!("golden-thread/", env!("CARGO_PKG_VERSION")));
        if settings.endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build().map_err(SettingsFault::Client)?,
            credential: settings.credential.clone(),
            tokens,
            timing: settings.timing,
            most_bytes: settings.most_bytes,
            places: Semaphore::new(settings.concurrent),
        })
    }

    /// Asks until an answer can be read, an attempt is not worth repeating, or time is up.
    pub(crate) async fn ask<T>(
        &self,
        to: &Url,
        body: &[u8],
        deadline: Instant,
        read: impl Fn(&[u8]) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut failed = 0;
        let mut renew = false;
        loop {
            let begun = Instant::now();
            let answer = self.attempt(to, body, deadline, renew).await;
            let fault = match answer.and_then(|body| read(&body)) {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            failed += 1;
            let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                attempt = failed,
                ms,
                fault = fault.kind(),
                "content safety did not answer"
            );
            let pause = if fault == Fault::WrongKey && self.has_tokens() && !renew {
                renew = true;
                Duration::ZERO
            } else {
                let Some(pause) = self.pause(&fault, failed) else {
                    return Err(fault);
                };
                pause
            };
            let next = begun.max(Instant::now()).checked_add(pause);
            if failed >= self.timing.attempts || next.is_none_or(|next| next >= deadline) {
                return Err(fault);
            }
            tokio::time::sleep(pause).await;
        }
    }

    fn has_tokens(&self) -> bool {
        matches!(self.credential, Credential::Entra { .. })
    }

    /// One attempt, within its own time and the deadline. The place is given back before a pause.
    async fn attempt(&self, to: &Url, body: &[u8], deadline: Instant, renew: bool) -> Result<Vec<u8>, Fault> {
        let waiting = tokio::time::timeout_at(deadline.into(), self.places.acquire()).await;
        // Nobody closes the semaphore.
        let _place = waiting.ok().and_then(Result::ok).ok_or(Fault::Deadline)?;
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = self.timing.attempt;
        let cut = if left < limit {
            Fault::Deadline
        } else {
            Fault::TimedOut { limit }
        };
        tokio::time::timeout(limit.min(left), self.send(to, body, renew))
            .await
            .unwrap_or(Err(cut))
    }

    async fn send(&self, to: &Url, body: &[u8], renew: bool) -> Result<Vec<u8>, Fault> {
        let (name, value) = self.authorization(renew).await?;
        let response = self
            .client
            .post(to.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(body.to_vec())
            .send()
            .await
            .map_err(|_| Fault::Connection)?;
        let status = response.status().as_u16();
        let after = model::openai::asked_wait(response.headers(), SystemTime::now());
        let body = self.bounded(response).await?;
        if (200..300).contains(&status) {
            Ok(body)
        } else {
            Err(refused(status, after, &body))
        }
    }

    async fn authorization(&self, renew: bool) -> Result<(HeaderName, HeaderValue), Fault> {
        let (name, text) = match &self.credential {
            Credential::Key(key) => (
                HeaderName::from_static("ocp-apim-subscription-key"),
                key.expose().to_owned(),
            ),
            Credential::Entra { scope } => {
                let tokens = self.tokens.as_ref().ok_or(TokenFault::Absent)?;
                let token = if renew {
                    tokens.renewed(scope).await?
                } else {
                    tokens.token(scope).await?
                };
                (AUTHORIZATION, format!("Bearer {}", token.expose()))
            }
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| Fault::WrongKey)?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    /// The body, as long as it is within the limit: a length that is announced is not believed.
    async fn bounded(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| Fault::Connection)? {
            if body.len() + chunk.len() > self.most_bytes {
                return Err(Fault::TooLarge {
                    limit: self.most_bytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// How long to wait before the same is asked again; none when that is of no use.
    fn pause(&self, fault: &Fault, failed: u32) -> Option<Duration> {
        let asked = match fault {
            Fault::Throttled { after } | Fault::Unavailable { after, .. } => *after,
            Fault::Connection
            | Fault::TimedOut { .. }
            | Fault::Unreadable
            | Fault::Unrated { .. }
            | Fault::Token(TokenFault::Unavailable) => None,
            Fault::Deadline
            | Fault::WrongKey
            | Fault::NoRights
            | Fault::NotFound
            | Fault::Token(TokenFault::Absent | TokenFault::Refused)
            | Fault::BadRequest { .. }
            | Fault::Redirected
            | Fault::TooLarge { .. } => return None,
        };
        let doubled = self
            .timing
            .first_pause
            .saturating_mul(1 << failed.saturating_sub(1).min(16));
        let own = doubled
            .min(self.timing.longest_pause)
            .mul_f64(0.5 + fastrand::f64() / 2.0);
        Some(asked.unwrap_or_default().max(own))
    }
}

fn refused(status: u16, after: Option<Duration>, body: &[u8]) -> Fault {
    match status {
        300..=399 => Fault::Redirected,
        401 => Fault::WrongKey,
        403 => Fault::NoRights,
        404 => Fault::NotFound,
        429 => Fault::Throttled { after },
        408 | 500..=599 => Fault::Unavailable { status, after },
        _ => Fault::BadRequest {
            status,
            code: answer::code(body),
        },
    }
}
