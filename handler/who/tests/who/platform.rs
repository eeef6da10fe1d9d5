//! The platform's header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::id::RecipeId;
use proptest::prelude::*;
use serde_json::{Value, json};
use who::{Refusal, Role, platform_principal};

use crate::signer::TENANT;

const OBJECT: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const LONG: &str = "http://schemas.microsoft.com/identity/claims/";
const ROLE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

fn header(provider: &str, claims: &[(&str, &str)]) -> String {
    let claims: Vec<Value> = claims
        .iter()
        .map(|(typ, val)| json!({ "typ": typ, "val": val }))
        .collect();
    let header = json!({ "auth_typ": provider, "name_typ": "name", "role_typ": ROLE, "claims": claims });
    STANDARD.encode(header.to_string())
}

fn check(header: &str, tenant: Option<&str>, expected: Result<bool, Refusal>) {
    let drafts = platform_principal(header, tenant).map(|principal| {
        assert_eq!(principal.id(), format!("{TENANT}/{OBJECT}"));
        principal
            .rights()
            .may(Role::Drafter, &RecipeId::parse("ehcp").unwrap())
    });
    assert_eq!(drafts, expected);
}

#[test]
fn the_platforms_header_says_who_and_what_roles() {
    let (object, tenant) = (format!("{LONG}objectidentifier"), format!("{LONG}tenantid"));
    let long = [
        (object.as_str(), OBJECT),
        (tenant.as_str(), TENANT),
        (ROLE, "Drafts.Write"),
    ];
    check(&header("aad", &long), None, Ok(true));
    let short = [
        ("oid", OBJECT),
        ("tid", TENANT),
        ("roles", "Other.Role"),
        ("roles", "Drafts.Write.ehcp"),
    ];
    check(&header("aad", &short), Some(TENANT), Ok(true));
    check(&header("aad", &short), Some(&TENANT.to_uppercase()), Ok(true));
    check(&header("aad", &short[..3]), None, Ok(false));
    // A name that looks like a role is none.
    check(
        &header(
            "aad",
            &[("oid", OBJECT), ("tid", TENANT), ("name", "Drafts.Write")],
        ),
        None,
        Ok(false),
    );
}

#[test]
fn a_header_that_names_nobody_for_sure_is_refused() {
    let good = [("oid", OBJECT), ("tid", TENANT), ("roles", "Drafts.Write")];
    check(&header("github", &good), None, Err(Refusal::Header));
    check(&header("aad", &good[1..]), None, Err(Refusal::Nobody));
    check(&header("aad", &[good[0], good[2]]), None, Err(Refusal::Tenant));
    check(
        &header("aad", &good),
        Some("99999999-2222-3333-4444-555555555555"),
        Err(Refusal::Tenant),
    );
    let two = [good[0], ("oid", "bbbbbbbb-0000-4000-8000-000000000002"), good[1]];
    check(&header("aad", &two), None, Err(Refusal::Nobody));
    check(
        &header("aad", &[("oid", "a b"), good[1]]),
        None,
        Err(Refusal::Nobody),
    );
    check(
        &header("aad", &[("oid", ""), good[1]]),
        None,
        Err(Refusal::Nobody),
    );
    for broken in [
        "",
        "e30",
        "e30=",
        "bm90IGpzb24=",
        "%%%",
        "eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6N30=",
    ] {
        check(broken, None, Err(Refusal::Header));
    }
    check(&"A".repeat(70_000), None, Err(Refusal::TooLong));
}

proptest! {
    #[test]
    fn any_header_is_read_or_refused(text in "\\PC{0,80}", json in "[{}\\[\\]\":,a-z_0-9]{0,80}") {
        prop_assert!(platform_principal(&text, None).is_err());
        prop_assert!(platform_principal(&STANDARD.encode(json), None).is_err());
    }
}
