//! Requests over the wire, each in as many attempts as it needs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::{TokenFault, Tokens};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use tokio::sync::Semaphore;

use super::layout;
use super::settings::{Credential, Settings, SettingsFault, Timing};
use crate::fault::Fault;

/// The connections, and where tokens come from.
pub(super) struct Wire {
    client: Client,
    credential: Credential,
    tokens: Option<Arc<dyn Tokens>>,
    timing: Timing,
    most_bytes: usize,
    places: Semaphore,
}

/// A request.
#[derive(Clone, Copy)]
pub(super) enum Sent<'a> {
    /// A page to be analysed.
    Page(&'a Url, &'a [u8]),
    /// A question for an analysis.
    Get(&'a Url),
    /// The deletion of one.
    Delete(&'a Url),
}

/// What came back.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    /// How long to wait before asking on.
    pub(super) after: Option<Duration>,
    /// Where the analysis will be.
    pub(super) operation: Option<String>,
}

impl Wire {
    pub(super) fn new(settings: &Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
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

    /// Asks until there is an answer, an attempt is not worth repeating, or time is up.
    pub(super) async fn ask(&self, sent: Sent<'_>, deadline: Instant) -> Result<Answer, Fault> {
        let mut failed = 0;
        let mut renew = false;
        loop {
            let fault = match self.attempt(sent, deadline, renew).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            failed += 1;
            tracing::warn!(
                attempt = failed,
                fault = fault.kind(),
                "Document Intelligence did not answer"
            );
            let pause = if fault == Fault::WrongKey
                && matches!(self.credential, Credential::Entra { .. })
                && !renew
            {
                renew = true;
                Some(Duration::ZERO)
            } else {
                self.pause(&fault, failed)
            };
            let next = pause.and_then(|pause| Instant::now().checked_add(pause));
            match next.filter(|next| failed < self.timing.attempts && *next < deadline) {
                Some(next) => tokio::time::sleep_until(next.into()).await,
                None => return Err(fault),
            }
        }
    }

    /// Asks once.
    pub(super) async fn once(&self, sent: Sent<'_>, deadline: Instant) -> Result<Answer, Fault> {
        self.attempt(sent, deadline, false).await
    }

    /// Asks once, beside the pages that are under way, and looks at nothing of the answer but its status.
    pub(super) async fn look(&self, at: &Url, deadline: Instant) -> Result<(), Fault> {
        let looked = tokio::time::timeout_at(deadline.into(), self.send(Sent::Get(at), false)).await;
        looked.unwrap_or(Err(Fault::Deadline)).map(|_| ())
    }

    /// Waits before an analysis is asked for again.
    pub(super) async fn rest(&self, asked: Option<Duration>, deadline: Instant) -> Result<(), Fault> {
        let pause = asked
            .unwrap_or(self.timing.between)
            .max(self.timing.between.min(Duration::from_millis(100)));
        let next = Instant::now().checked_add(pause).filter(|next| *next < deadline);
        tokio::time::sleep_until(next.ok_or(Fault::Deadline)?.into()).await;
        Ok(())
    }

    /// One attempt, within its own time and the deadline. The place is given back before a pause.
    async fn attempt(&self, sent: Sent<'_>, deadline: Instant, renew: bool) -> Result<Answer, Fault> {
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
        tokio::time::timeout(limit.min(left), self.send(sent, renew))
            .await
            .unwrap_or(Err(cut))
    }

    async fn send(&self, sent: Sent<'_>, renew: bool) -> Result<Answer, Fault> {
        let (name, value) = self.authorization(renew).await?;
        let request = match sent {
            Sent::Page(to, page) => self
                .client
                .post(to.clone())
                .header(CONTENT_TYPE, "application/octet-stream")
                .body(page.to_vec()),
            Sent::Get(from) => self.client.get(from.clone()),
            Sent::Delete(what) => self.client.delete(what.clone()),
        };
        let response = request
            .header(name, value)
            .send()
            .await
            .map_err(|_| Fault::Connection)?;
        let status = response.status().as_u16();
        let after = model::openai::asked_wait(response.headers(), super::now());
        let operation = operation(response.headers());
        let body = self.bounded(response).await?;
        if (200..300).contains(&status) {
            Ok(Answer {
                body,
                after,
                operation,
            })
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
            Fault::Connection | Fault::TimedOut { .. } | Fault::Token(TokenFault::Unavailable) => None,
            _ => return None,
        };
        let doubled = self
            .timing
            .first_pause
            .saturating_mul(1 << failed.saturating_sub(1).min(16));
        Some(
            asked
                .unwrap_or_default()
                .max(doubled.min(self.timing.longest_pause)),
        )
    }
}

fn operation(headers: &HeaderMap) -> Option<String> {
    headers
        .get("operation-location")?
        .to_str()
        .ok()
        .map(str::to_owned)
}

fn refused(status: u16, after: Option<Duration>, body: &[u8]) -> Fault {
    match status {
        300..=399 => Fault::Elsewhere,
        401 => Fault::WrongKey,
        403 => Fault::NoRights,
        404 => Fault::NotFound,
        429 => Fault::Throttled { after },
        408 | 500..=599 => Fault::Unavailable { status, after },
        _ => Fault::BadRequest {
            status,
            code: layout::code(body),
        },
    }
}
