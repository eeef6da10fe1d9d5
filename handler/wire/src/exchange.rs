//! One request and its whole answer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Request, Response, Url, redirect};

use crate::credential::Credential;
use crate::fault::{Broken, Stage};
use crate::pause;
use crate::tokens::Tokens;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The connections, and where tokens come from.
pub struct Wire {
    client: Client,
    tokens: Option<Arc<dyn Tokens>>,
    most_bytes: usize,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The wait that the headers ask for.
    pub after: Option<Duration>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Reply {
    /// Whether the status is a success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A request that carries a body.
#[must_use]
pub fn posted(to: Url, content_type: &'static str, body: Vec<u8>) -> Request {
    let mut request = Request::new(Method::POST, to);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    *request.body_mut() = Some(body.into());
    request
}

impl Wire {
    /// A client that follows no redirect and tells no address where it comes from. `direct` passes proxies by, for services of
    /// this machine; an attempt that may take less than ten seconds bounds the wait for its connection, too.
    pub fn new(
        direct: bool,
        attempt: Duration,
        most_bytes: usize,
        tokens: Option<Arc<dyn Tokens>>,
    ) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(attempt.min(CONNECT))
            .referer(false)
            .user_agent(concat!("golden-thread/", env!("CARGO_PKG_VERSION")));
        if direct {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build()?,
            tokens,
            most_bytes,
        })
    }

    /// Sends a request as `credential`, or as nobody, and reads the whole answer. `renew` asks for another token than the one
    /// that was refused.
    pub async fn exchange(
        &self,
        request: Request,
        credential: Option<&Credential>,
        renew: bool,
    ) -> Result<Reply, Broken> {
        let response = self.send(request, credential, renew).await?;
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            after: pause::asked(response.headers(), SystemTime::now()),
            body: self.body(response).await?,
        })
    }

    /// Sends a request and does not read the answer's body.
    pub async fn send(
        &self,
        mut request: Request,
        credential: Option<&Credential>,
        renew: bool,
    ) -> Result<Response, Broken> {
        if let Some(credential) = credential {
            let (name, value) = credential.header(self.tokens.as_deref(), renew).await?;
            request.headers_mut().insert(name, value);
        }
        let sent = self.client.execute(request).await;
        sent.map_err(|error| Broken::connection(&error, Stage::Asking))
    }

    /// The body, as long as it is within the limit: a length that is announced is not believed.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Broken> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Broken::connection(&error, Stage::Reading))?
        {
            if body.len() + chunk.len() > self.most_bytes {
                return Err(Broken::TooLarge {
                    limit: self.most_bytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
