//! Tokens: one that is good, and every way to be bad.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use drafting::id::RecipeId;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;
use who::{Principal, Refusal, Role, Tenant, Token, read_keys};

use crate::signer::{AUDIENCE, Signer, TENANT, claims, unsigned};

const AUTHORITY: &str = "https://login.microsoftonline.com";
const NOW: u64 = 1_790_000_000;

static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new("key-1"));

fn tenant() -> Tenant {
    Tenant::new(AUTHORITY, TENANT, vec![AUDIENCE.into(), "another-name".into()]).unwrap()
}

/// What the token is taken for, with the keys that the tenant lists.
fn looked_at(text: &str) -> Result<Principal, Refusal> {
    let keys = read_keys(json!({ "keys": [SIGNER.listed()] }).to_string().as_bytes()).unwrap();
    let token = Token::parse(text)?;
    let key = keys.get(token.key_id()).ok_or(Refusal::Key)?;
    token.verify(key, &tenant(), NOW)
}

/// A good token's claims with one of them set, or taken away where it is null.
fn with(name: &str, value: Value) -> Value {
    let mut changed = claims(AUTHORITY, NOW, &["Drafts.Write"]);
    match value {
        Value::Null => drop(changed.as_object_mut().unwrap().remove(name)),
        value => changed[name] = value,
    }
    changed
}

/// A token of these claims, rightly signed, is taken or refused.
fn check(claims: &Value, expected: Result<(), Refusal>) {
    let taken = looked_at(&SIGNER.token(claims));
    assert_eq!(taken.map(|_| ()), expected, "{claims}");
}

#[test]
fn a_good_token_says_who_and_what_roles() {
    let token = SIGNER.token(&claims(AUTHORITY, NOW, &["Drafts.Review.ehcp", "Else"]));
    let principal = looked_at(&token).unwrap();
    assert_eq!(
        principal.id(),
        format!("{TENANT}/aaaaaaaa-0000-4000-8000-000000000001")
    );
    let may = |role, recipe| principal.rights().may(role, &RecipeId::parse(recipe).unwrap());
    assert!(may(Role::Reviewer, "ehcp"));
    assert!(!may(Role::Reviewer, "minutes") && !may(Role::Drafter, "ehcp"));
    let shown = format!("{principal:?}");
    assert!(
        !shown.contains("Ottoline") && !shown.contains("ottoline"),
        "{shown}"
    );
}

#[test]
fn claims_of_another_issuer_audience_or_tenant_are_refused() {
    let other = "99999999-2222-3333-4444-555555555555";
    check(&with("aud", json!("another-name")), Ok(()));
    check(
        &with("aud", json!("https://graph.microsoft.com")),
        Err(Refusal::Audience),
    );
    check(&with("aud", json!("")), Err(Refusal::Audience));
    // A list of audiences is not what the tenant sends.
    check(&with("aud", json!([AUDIENCE, "x"])), Err(Refusal::Form));
    check(&with("aud", Value::Null), Err(Refusal::Form));
    check(
        &with("iss", json!(format!("{AUTHORITY}/{other}/v2.0"))),
        Err(Refusal::Issuer),
    );
    check(
        &with("iss", json!(format!("https://sts.windows.net/{TENANT}/"))),
        Ok(()),
    );
    check(
        &with("iss", json!(format!("{AUTHORITY}.evil.example/{TENANT}/v2.0"))),
        Err(Refusal::Issuer),
    );
    check(
        &with("iss", json!([format!("{AUTHORITY}/{TENANT}/v2.0")])),
        Err(Refusal::Form),
    );
    check(&with("iss", Value::Null), Err(Refusal::Form));
    check(&with("tid", json!(other)), Err(Refusal::Tenant));
    check(&with("tid", Value::Null), Err(Refusal::Form));
}

#[test]
fn tokens_out_of_their_time_are_refused() {
    check(&with("exp", json!(NOW + 1)), Ok(()));
    check(&with("exp", json!(NOW - 59)), Ok(()));
    check(&with("exp", json!(NOW - 60)), Err(Refusal::Expired));
    check(&with("exp", json!(0)), Err(Refusal::Expired));
    check(&with("exp", json!(u64::MAX)), Ok(()));
    check(&with("exp", Value::Null), Err(Refusal::Form));
    check(&with("exp", json!("9999999999")), Err(Refusal::Form));
    check(&with("exp", json!(-1)), Err(Refusal::Form));
    check(&with("nbf", json!(NOW + 60)), Ok(()));
    check(&with("nbf", json!(NOW + 61)), Err(Refusal::NotYet));
    check(&with("nbf", json!(u64::MAX)), Err(Refusal::NotYet));
    check(&with("nbf", Value::Null), Ok(()));
}

#[test]
fn a_token_that_names_nobody_or_only_says_who_signed_in_is_refused() {
    check(&with("oid", Value::Null), Err(Refusal::Nobody));
    check(&with("oid", json!("")), Err(Refusal::Nobody));
    check(&with("oid", json!("a/../b")), Err(Refusal::Nobody));
    // An id token has the app as its audience too, and roles, but nobody asked for it to call the app.
    check(&with("azp", Value::Null), Err(Refusal::NotAccess));
    let mut first = with("azp", Value::Null);
    first["appid"] = json!("a-flow");
    check(&first, Ok(()));
    check(&with("roles", Value::Null), Ok(()));
    check(&with("roles", json!("Drafts.Write")), Err(Refusal::Form));
}

#[test]
fn a_token_signed_otherwise_is_refused() {
    let claims = claims(AUTHORITY, NOW, &["Drafts.Write"]);
    let refused = |text: &str, expected: Refusal| assert_eq!(looked_at(text), Err(expected), "{text}");
    // No algorithm, spelt in every way, with and without something in the signature's place.
    for none in ["none", "None", "NONE", ""] {
        for signature in ["", "AAAA"] {
            let head = json!({ "alg": none, "kid": "key-1" });
            refused(
                &format!("{}.{signature}", unsigned(&head, &claims)),
                Refusal::Form,
            );
        }
    }
    // The public key as a secret.
    let head = json!({ "alg": "HS256", "kid": "key-1" });
    let text = unsigned(&head, &claims);
    let listed = SIGNER.listed();
    let public = listed["n"].as_str().unwrap();
    for secret in [
        URL_SAFE_NO_PAD.decode(public).unwrap(),
        public.as_bytes().to_vec(),
    ] {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
        let mac = URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes()));
        refused(&format!("{text}.{mac}"), Refusal::Algorithm);
        let same = unsigned(&json!({ "alg": "RS256", "kid": "key-1" }), &claims);
        refused(&format!("{same}.{mac}"), Refusal::Signature);
    }
    for other in ["RS384", "RS512", "PS256", "ES256", "HS512"] {
        refused(
            &SIGNER.signed(&json!({ "alg": other, "kid": "key-1" }), &claims),
            Refusal::Algorithm,
        );
    }
    // Somebody else's key: under its own id, under the tenant's, and brought along in the head.
    let forger = Signer::new("key-2");
    refused(&forger.token(&claims), Refusal::Key);
    refused(
        &forger.signed(&json!({ "alg": "RS256", "kid": "key-1" }), &claims),
        Refusal::Signature,
    );
    let brought =
        json!({ "alg": "RS256", "kid": "key-1", "jwk": forger.listed(), "jku": "https://evil.example/keys" });
    assert!(looked_at(&forger.signed(&brought, &claims)).is_err());
    refused(&SIGNER.signed(&json!({ "alg": "RS256" }), &claims), Refusal::Key);
    refused(
        &SIGNER.signed(&json!({ "alg": "RS256", "kid": "" }), &claims),
        Refusal::Key,
    );
    let critical = json!({ "alg": "RS256", "kid": "key-1", "crit": ["b64"], "b64": false });
    refused(&SIGNER.signed(&critical, &claims), Refusal::Form);
}

#[test]
fn a_token_changed_after_it_was_signed_is_refused() {
    let good = SIGNER.token(&claims(AUTHORITY, NOW, &["Drafts.Review"]));
    let parts: Vec<&str> = good.split('.').collect();
    let raised = unsigned(
        &json!({ "alg": "RS256", "kid": "key-1" }),
        &claims(AUTHORITY, NOW, &["Drafts.Administer"]),
    );
    assert_eq!(
        looked_at(&format!("{raised}.{}", parts[2])),
        Err(Refusal::Signature)
    );
    for broken in [
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{good}.{}", parts[2]),
        format!("{good}="),
        format!(" {good}"),
        good.replace('.', ".."),
        String::new(),
        "..".into(),
    ] {
        assert!(looked_at(&broken).is_err(), "{broken}");
    }
    // A claim that stands there twice: readers that take the first and readers that take the last would differ.
    let claims = claims(AUTHORITY, NOW, &["Drafts.Write"]).to_string();
    let twice = claims.replacen('{', &format!("{{\"tid\":\"{TENANT}\","), 1);
    let raw = |text: &str| SIGNER.signed_raw(&json!({ "alg": "RS256", "kid": "key-1" }), text);
    assert_eq!(looked_at(&raw(&twice)), Err(Refusal::Form));
    assert!(looked_at(&raw(&claims)).is_ok());
}

#[test]
fn a_token_too_long_to_be_one_is_not_looked_at() {
    let mut long = claims(AUTHORITY, NOW, &["Drafts.Write"]);
    long["pad"] = json!("x".repeat(16_000));
    assert_eq!(looked_at(&SIGNER.token(&long)), Err(Refusal::TooLong));
    let head = json!({ "alg": "RS256", "kid": "k".repeat(201) });
    assert_eq!(looked_at(&SIGNER.signed(&head, &long["none"])), Err(Refusal::Key));
}

#[test]
fn a_tenant_is_an_id_and_an_app_has_a_name() {
    for word in [
        "common",
        "organizations",
        "example.org",
        "",
        "11111111222233334444555555555555",
        &format!("{TENANT}/x"),
    ] {
        assert!(
            Tenant::new(AUTHORITY, word, vec![AUDIENCE.into()]).is_err(),
            "{word}"
        );
    }
    assert!(Tenant::new(AUTHORITY, TENANT, vec![]).is_err());
    assert!(Tenant::new(AUTHORITY, TENANT, vec![" ".into()]).is_err());
    assert_eq!(
        tenant().keys_address(),
        format!("https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys")
    );
    // Another cloud's tokens of version 1 have no issuer of ours.
    let elsewhere = Tenant::new("https://login.microsoftonline.us/", TENANT, vec![AUDIENCE.into()]).unwrap();
    let keys = read_keys(json!({ "keys": [SIGNER.listed()] }).to_string().as_bytes()).unwrap();
    let text = SIGNER.token(&with("iss", json!(format!("https://sts.windows.net/{TENANT}/"))));
    let token = Token::parse(&text).unwrap();
    assert_eq!(
        token.verify(&keys["key-1"], &elsewhere, NOW),
        Err(Refusal::Issuer)
    );
}

proptest! {
    #[test]
    fn any_text_is_refused(text in "\\PC{0,60}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,30}", 1..5)) {
        prop_assert!(looked_at(&text).is_err());
        prop_assert!(looked_at(&parts.join(".")).is_err());
    }

    #[test]
    fn any_change_of_a_good_token_is_refused(at in 0_usize..700, to in "[A-Za-z0-9_.-]") {
        static GOOD: LazyLock<String> = LazyLock::new(|| SIGNER.token(&claims(AUTHORITY, NOW, &["Drafts.Write"])));
        let at = at % GOOD.len();
        let mut changed = GOOD.clone();
        changed.replace_range(at..=at, &to);
        prop_assert!(changed == *GOOD || looked_at(&changed).is_err());
    }
}
