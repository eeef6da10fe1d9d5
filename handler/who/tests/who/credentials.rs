//! Which header counts.

use who::{Credential, Presented, Refusal};

fn check(
    principal: &[&str],
    authorization: &[&str],
    (platform, tokens): (bool, bool),
    expected: Result<Credential, Refusal>,
) {
    let presented = Presented {
        principal: principal.to_vec(),
        authorization: authorization.to_vec(),
    };
    assert_eq!(
        presented.choose(platform, tokens),
        expected,
        "{presented:?} {platform} {tokens}"
    );
}

#[test]
fn the_platforms_header_counts_only_where_the_platform_writes_it() {
    let (on, off) = ((true, true), (false, true));
    check(&["p"], &[], on, Ok(Credential::Platform("p")));
    check(&["p"], &["Bearer t"], on, Ok(Credential::Platform("p")));
    check(&["p", "p"], &["Bearer t"], on, Err(Refusal::Twice));
    check(&["p"], &[], off, Err(Refusal::Nothing));
    check(&["p"], &["Bearer t"], off, Ok(Credential::Bearer("t")));
    check(&["p", "q"], &["Bearer t"], off, Ok(Credential::Bearer("t")));
    check(&["p"], &["Bearer t"], (false, false), Err(Refusal::Nothing));
}

#[test]
fn one_bearer_token_counts_and_no_other_scheme() {
    let on = (false, true);
    check(&[], &["Bearer t"], on, Ok(Credential::Bearer("t")));
    check(&[], &["bEARER   t "], on, Ok(Credential::Bearer("t")));
    check(&[], &["Bearer t", "Bearer t"], on, Err(Refusal::Twice));
    check(&[], &["Bearer t"], (true, false), Err(Refusal::Nothing));
    for other in ["", "Bearer", "Basic dTpw", "t", "Bearert", "DPoP t"] {
        check(&[], &[other], on, Err(Refusal::Nothing));
    }
}
