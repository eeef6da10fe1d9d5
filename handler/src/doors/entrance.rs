//! The entrance: every call by a person or a flow passes here before anything is done for it.
//!
//! Who calls is asked first, then whether they may, then how often they did. A caller without a role for a recipe is
//! answered as if the recipe were not here, before any case is looked for: whether a case exists cannot be learnt from
//! answers, nor from how long they take. A caller with another role for it may read its cases anyway, and is told which
//! role is missing.

use std::hash::{BuildHasher as _, RandomState};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use drafting::id::RecipeId;
use telemetry::{Attribute, Counter, add, key};
use who::{Credential, Pace, Presented, Principal, Refusal, Role, Tenant, Token, platform_principal};

use super::Doors;
use super::envelope::{EnvelopeFault, HttpCall, Invocation};
use super::incident::{Denial, Incident, What};
use super::problem::Problem;
use super::table::{self, Need, Row};
use crate::config::{Platform, SignIn};
use crate::tenant_keys::TenantKeys;

/// Callers whose calls are counted at once.
const MOST_CALLERS: usize = 1_024;
/// Incidents of each kind that are told in a minute: who knocks without end fills neither log.
const TOLD_A_MINUTE: u32 = 60;
const PRINCIPAL: &str = "x-ms-client-principal";
const AUTHORIZATION: &str = "authorization";
const FORWARDED: &str = "x-forwarded-for";
/// What browsers say of the page that sends a call (W3C, Fetch Metadata Request Headers).
const FETCH_SITE: &str = "sec-fetch-site";

/// Who came in.
#[derive(Clone, Debug)]
pub struct Visitor(Option<Arc<Principal>>);

impl Visitor {
    /// The caller, where callers are known.
    #[must_use]
    pub fn principal(&self) -> Option<&Principal> {
        self.0.as_deref()
    }

    /// What tells the caller from all others, where callers are known; for the audit log, which keeps a keyed hash of it.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.principal().map(Principal::id)
    }

    /// Whether the caller may know of a recipe's cases.
    #[must_use]
    pub fn sees(&self, recipe: &RecipeId) -> bool {
        self.principal().is_none_or(|who| who.rights().sees(recipe))
    }

    /// Whether the visitor may come in: else why not, if that is an incident, and what they are told.
    fn may(&self, row: &Row, recipe: Option<&str>) -> Result<(), (Option<Denial>, Problem)> {
        let Some(who) = self.principal() else {
            return Ok(());
        };
        if who.rights().is_empty() {
            return Err((Some(Denial::NoRole), no_role()));
        }
        let needed = match row.need {
            Need::Nothing | Need::AnyRole => return Ok(()),
            Need::AnyRoleForRecipe => None,
            Need::Role(role) => Some(role),
        };
        let Some(recipe) = recipe.and_then(|recipe| RecipeId::parse(recipe).ok()) else {
            return Err((None, Problem::no_such_recipe()));
        };
        if !who.rights().sees(&recipe) {
            return Err((Some(Denial::OtherRecipe), Problem::no_such_recipe()));
        }
        match needed {
            Some(role) if !who.rights().may(role, &recipe) => {
                Err((Some(Denial::OtherRole), other_role(role)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Whose calls are counted together: a principal's; where callers are not known, everybody's.
type Counted = Option<String>;
/// What is done about an incident.
type Told = Box<dyn Fn(&Incident) + Send + Sync>;

/// Who is let in.
pub struct Entrance {
    /// Whether callers must be known. Not told by what follows: what is missing there must let nobody in.
    known: bool,
    platform: Option<Platform>,
    tokens: Option<(Tenant, TenantKeys)>,
    /// None where calls are not counted: nobody is known, and the app runs on a developer's machine.
    pace: Option<Mutex<Pace<Counted>>>,
    failures: Mutex<Telling>,
    denials: Mutex<Telling>,
    told: Told,
    /// Hashes a remote address with a key of this process, so that one address's tries are seen to be one's.
    marks: RandomState,
    began: Instant,
}

/// Keeps the telling of one kind of incident within bounds.
struct Telling {
    pace: Pace<()>,
    untold: u64,
}

impl Telling {
    fn new() -> Mutex<Self> {
        Mutex::new(Self {
            pace: Pace::new(TOLD_A_MINUTE, 1),
            untold: 0,
        })
    }

    /// Whether one more is told now, and how many were not before it.
    fn one_more(&mut self, now: Duration) -> Option<u64> {
        if self.pace.take((), now).is_err() {
            self.untold += 1;
            return None;
        }
        Some(std::mem::take(&mut self.untold))
    }
}

/// What of a request tells who sends it.
struct Knock<'h> {
    presented: Presented<'h>,
    remote: Option<&'h str>,
    /// The recipe that the address names.
    recipe: Option<&'h str>,
    /// A browser says that a page of another site sends it.
    from_elsewhere: bool,
}

impl<'h> Knock<'h> {
    fn of(values: impl Fn(&str) -> Vec<&'h str>, recipe: Option<&'h str>) -> Self {
        Self {
            presented: Presented {
                principal: values(PRINCIPAL),
                authorization: values(AUTHORIZATION),
            },
            // Whatever a caller writes there, the platform adds its own at the end.
            remote: values(FORWARDED).last().and_then(|list| list.rsplit(',').next()),
            recipe,
            from_elsewhere: values(FETCH_SITE).contains(&"cross-site"),
        }
    }

    fn of_headers(headers: &'h HeaderMap, recipe: Option<&'h str>) -> Self {
        // A value that is no text stands for itself: it counts, and is nothing that is taken.
        let values = |name: &str| {
            headers
                .get_all(name)
                .iter()
                .map(|value| value.to_str().unwrap_or(""))
                .collect()
        };
        Self::of(values, recipe)
    }
}

impl Entrance {
    /// An entrance. `development` says that the app runs on a developer's machine.
    #[must_use]
    pub fn new(sign_in: SignIn, keys: Option<TenantKeys>, development: bool) -> Self {
        let known = sign_in.is_configured();
        let counts = known || !development;
        Self {
            known,
            pace: counts.then(|| Mutex::new(Pace::new(sign_in.calls_per_minute, MOST_CALLERS))),
            platform: sign_in.platform,
            tokens: sign_in.tokens.zip(keys),
            failures: Telling::new(),
            denials: Telling::new(),
            told: Box::new(|_| {}),
            marks: RandomState::new(),
            began: Instant::now(),
        }
    }

    /// Tells of incidents here as well as in the log; it must not block. [`Incident::note`] is what the audit log writes.
    #[must_use]
    pub fn telling(mut self, told: impl Fn(&Incident) + Send + Sync + 'static) -> Self {
        self.told = Box::new(told);
        self
    }

    /// The HTTP call in an envelope of the host, let in by the door of `method` and `route`. The only way to such a call.
    pub(super) async fn called(
        &self,
        (method, route): (&str, &str),
        envelope: &[u8],
    ) -> Result<Result<(HttpCall, Visitor), Problem>, EnvelopeFault> {
        let call = Invocation::http(envelope)?;
        let recipe = call.params.get("recipe").map(String::as_str);
        let knock = Knock::of(|name| call.values(name), recipe);
        let admitted = self.admit(table::row(method, route), &knock).await;
        Ok(admitted.map(|visitor| (call, visitor)))
    }

    async fn admit(&self, row: Option<&'static Row>, knock: &Knock<'_>) -> Result<Visitor, Problem> {
        let Some(row) = row else {
            return Err(Problem::no_such_door());
        };
        if row.need == Need::Nothing {
            return Ok(Visitor(None));
        }
        let visitor = match self.identify(&knock.presented).await {
            Ok(visitor) => visitor,
            Err(refusal) => {
                self.tell(What::SignInFailed(refusal), row, knock);
                return Err(unknown(refusal));
            }
        };
        let admitted = self
            .sent_by_itself(row, knock)
            .and_then(|()| visitor.may(row, knock.recipe))
            .and_then(|()| self.count(row, &visitor));
        match admitted {
            Ok(()) => Ok(visitor),
            Err((denial, problem)) => {
                if let Some(denial) = denial {
                    let who = visitor.principal().cloned();
                    self.tell(What::Denied(denial, who), row, knock);
                }
                Err(problem)
            }
        }
    }

    async fn identify(&self, presented: &Presented<'_>) -> Result<Visitor, Refusal> {
        if !self.known {
            return Ok(Visitor(None));
        }
        let credential = presented.choose(self.platform.is_some(), self.tokens.is_some())?;
        let principal = match credential {
            Credential::Platform(header) => {
                let tenant = self
                    .platform
                    .as_ref()
                    .and_then(|platform| platform.tenant.as_deref());
                platform_principal(header, tenant)?
            }
            Credential::Bearer(text) => self.bearer(text).await?,
        };
        Ok(Visitor(Some(Arc::new(principal))))
    }

    async fn bearer(&self, text: &str) -> Result<Principal, Refusal> {
        let (tenant, keys) = self.tokens.as_ref().ok_or(Refusal::Nothing)?;
        let token = Token::parse(text)?;
        let key = keys.key(token.key_id()).await?;
        let now = u64::try_from(jiff::Timestamp::now().as_second()).map_err(|_| Refusal::NotYet)?;
        token.verify(&key, tenant, now)
    }

    /// A browser adds the platform's cookie to what any page sends: a call that changes something comes from no page of
    /// another site. Whoever adds a token means to (OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata).
    fn sent_by_itself(&self, row: &Row, knock: &Knock) -> Result<(), (Option<Denial>, Problem)> {
        let by_cookie = self.platform.is_some() && knock.presented.authorization.is_empty();
        if by_cookie && knock.from_elsewhere && matches!(row.need, Need::Role(_)) {
            return Err((Some(Denial::OtherSite), other_site()));
        }
        Ok(())
    }

    /// Counts calls that change something.
    fn count(&self, row: &Row, visitor: &Visitor) -> Result<(), (Option<Denial>, Problem)> {
        let (Need::Role(_), Some(pace)) = (row.need, &self.pace) else {
            return Ok(());
        };
        let caller = visitor.principal().map(Principal::id);
        let taken = held(pace).take(caller, self.began.elapsed());
        taken.map_err(|wait| (Some(Denial::TooManyCalls), too_many(wait)))
    }

    fn tell(&self, what: What, row: &Row, knock: &Knock) {
        let reason = Attribute::new(key::REASON, what.reason());
        add(Counter::SignInFailures, 1, &[reason]);
        let telling = match what {
            What::SignInFailed(_) => &self.failures,
            What::Denied(..) => &self.denials,
        };
        let Some(untold) = held(telling).one_more(self.began.elapsed()) else {
            return;
        };
        let incident = Incident {
            what,
            door: (row.method, row.route),
            untold,
        };
        let remote = knock.remote.map(|remote| self.mark(remote));
        tracing::warn!(
            target: "security",
            reason = incident.reason(),
            method = row.method,
            door = row.route,
            remote,
            untold,
            "a caller was not let in"
        );
        (self.told)(&incident);
    }

    /// What stands for a remote address in the log of this process.
    fn mark(&self, remote: &str) -> String {
        let remote = remote.trim();
        let address = remote
            .parse::<SocketAddr>()
            .map_or_else(|_| remote.to_owned(), |socket| socket.ip().to_string());
        format!("{:016x}", self.marks.hash_one(address))
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while one is held.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stands before every route of the raw door.
pub(super) async fn guard(
    State(doors): State<Arc<Doors>>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let recipe = params
        .iter()
        .find(|(name, _)| *name == "recipe")
        .map(|(_, value)| value);
    let route = request.extensions().get::<MatchedPath>();
    let route = route.and_then(|route| route.as_str().strip_prefix(super::PREFIX));
    let row = route.and_then(|route| table::row(request.method().as_str(), route));
    let knock = Knock::of_headers(request.headers(), recipe);
    match doors.entrance.admit(row, &knock).await {
        Ok(visitor) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Every failed sign-in is answered alike: why it failed stands in the log.
fn unknown(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::KeysAway => Problem {
            detail: "the tenant's keys cannot be had now, so that no token can be looked at; try again"
                .into(),
            ..Problem::passing()
        },
        Refusal::Nothing => challenge("Bearer"),
        _ => challenge(r#"Bearer error="invalid_token""#),
    }
}

fn challenge(value: &'static str) -> Problem {
    Problem {
        challenge: Some(value),
        ..Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign-in",
            "sign in: send a token of the organisation's tenant for this app as `Authorization: Bearer`",
        )
    }
}

fn no_role() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "no-role",
        "you are signed in and have no role in this app: ask its administrator for one, such as `Drafts.Write`",
    )
}

fn other_role(role: Role) -> Problem {
    let detail = format!("this needs the role `{}` for the recipe", role.value());
    Problem::new(StatusCode::FORBIDDEN, "role", detail)
}

fn other_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "other-site",
        "a page of another site sent this with your sign-in; if you meant it, call from the app's own address or from a flow",
    )
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-calls",
            "too many calls that change something; wait as long as `Retry-After` says",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in(platform: Option<Platform>) -> SignIn {
        SignIn {
            platform,
            tokens: None,
            calls_per_minute: 10,
        }
    }

    fn entrance() -> Entrance {
        let platform = Platform {
            tenant: None,
            confirmed: true,
        };
        Entrance::new(sign_in(Some(platform)), None, true)
    }

    #[tokio::test]
    async fn who_knocks_without_end_fills_no_log() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        let entrance = entrance().telling(move |incident| held(&kept).push(incident.clone()));
        let knock = Knock::of(|_| Vec::new(), Some("ehcp"));
        for _ in 0..500 {
            let refused = entrance.admit(table::row("GET", "/recipes"), &knock).await;
            assert_eq!(refused.unwrap_err().status, StatusCode::UNAUTHORIZED);
        }
        let told = held(&told);
        // One more for each second that this took, and none is forgotten: the next says how many there were.
        assert!((60..80).contains(&told.len()), "{}", told.len());
        let untold: u64 = told.iter().map(|incident| incident.untold).sum();
        let waiting = held(&entrance.failures).untold;
        assert_eq!(told.len() as u64 + untold + waiting, 500);
        assert_eq!(told[0].what, What::SignInFailed(Refusal::Nothing));
        assert_eq!(told[0].door, ("GET", "/recipes"));
    }

    #[tokio::test]
    async fn a_door_that_is_not_in_the_table_lets_nobody_in() {
        let open = Entrance::new(sign_in(None), None, true);
        let knock = Knock::of(|_| Vec::new(), None);
        let refused = open
            .admit(table::row("PUT", "/drafts/{recipe}/{case}"), &knock)
            .await;
        assert_eq!(refused.unwrap_err().code, "no-such-door");
        assert!(open.admit(table::row("GET", "/recipes"), &knock).await.is_ok());
    }

    #[tokio::test]
    async fn a_tenant_whose_keys_nobody_fetches_lets_nobody_in() {
        let mut configured = sign_in(None);
        let id = "11111111-2222-3333-4444-555555555555";
        configured.tokens = Some(Tenant::new("https://login.example.org", id, vec!["a".into()]).unwrap());
        let entrance = Entrance::new(configured, None, true);
        let knock = Knock::of(|_| Vec::new(), None);
        let refused = entrance.admit(table::row("GET", "/recipes"), &knock).await;
        assert_eq!(refused.unwrap_err().code, "sign-in");
    }

    #[test]
    fn a_remote_address_is_one_mark_and_cannot_be_read_from_it() {
        let entrance = entrance();
        let mark = entrance.mark("198.51.100.7:40001");
        assert_eq!(mark, entrance.mark(" 198.51.100.7:40002"));
        assert_eq!(mark, entrance.mark("198.51.100.7"));
        assert_ne!(mark, entrance.mark("198.51.100.8"));
        assert_eq!(entrance.mark("[2001:db8::1]:443"), entrance.mark("2001:db8::1"));
        assert!(mark.len() == 16 && !mark.contains('.'), "{mark}");
    }

    #[test]
    fn the_remote_address_is_the_one_that_the_platform_added() {
        let headers = |name: &str| match name {
            FORWARDED => vec!["203.0.113.1, 203.0.113.2", "203.0.113.3,198.51.100.7:40001"],
            _ => Vec::new(),
        };
        assert_eq!(Knock::of(headers, None).remote, Some("198.51.100.7:40001"));
    }
}
