//! Where a matter stands: what is made now is not yet advised, what is replaced is not current, and what is still being
//! looked into is not settled.

use super::english::{PENDING, SENSITIVE, SETTLED, UNSETTLED};
use super::quantity::Quantity;
use super::words::{any, begin, place_of};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::claim::{Status, Time};
use crate::recipe::Role;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    addressed(cited, remarks);
    unsettled(cited, remarks);
    if cited.purpose == Some(Role::Measure) {
        superseded(cited, remarks);
        not_advised(cited, remarks);
        expired(cited, remarks);
        referred(cited, remarks);
    }
}

/// The cited sentences that the statement takes something from.
fn meant<'c>(cited: &'c Cited) -> impl Iterator<Item = &'c Evidence<'c>> {
    cited.evidence.iter().filter(|evidence| evidence.shared > 0)
}

/// Whether there is any such sentence, and each of them is so.
fn each(cited: &Cited, is_so: impl Fn(&Evidence) -> bool) -> bool {
    meant(cited).next().is_some() && meant(cited).all(is_so)
}

/// What was written to whoever drafts is no evidence of anything.
fn addressed(cited: &Cited, remarks: &mut Remarks) {
    if cited.evidence.iter().any(|evidence| evidence.addressed) {
        remarks.add(
            &rules::INSTRUCTION,
            "it rests on words that give instructions to whoever drafts".into(),
        );
    }
}

/// A condition that is looked into, or was looked for and not found, is not told as there. What any cited sentence says
/// firmly is settled, whatever another looks into.
fn unsettled(cited: &Cited, remarks: &mut Remarks) {
    let opened = any(&cited.text.tokens, UNSETTLED).is_some() || any(&cited.text.tokens, PENDING).is_some();
    let settled = cited
        .evidence
        .iter()
        .any(|evidence| any(&evidence.whole.tokens, SETTLED).is_some());
    let open = || {
        cited
            .evidence
            .iter()
            .any(|evidence| any(&evidence.whole.tokens, UNSETTLED).is_some())
    };
    if opened || settled || !open() || !affirms(cited) {
        return;
    }
    let named = SENSITIVE
        .iter()
        .find_map(|family| Some((family, any(&cited.text.tokens, family)?)));
    let Some((family, condition)) = named else {
        return;
    };
    if cited.evidence.iter().any(|evidence| is_there(evidence, family)) {
        return;
    }
    remarks.add(
        &rules::SENSITIVE,
        format!(
            "the evidence does not settle \u{201c}{}\u{201d}, the statement does",
            condition.trim_end_matches('*')
        ),
    );
}

/// Whether a cited sentence itself says that a condition is there: "he has a hearing loss and waits for new aids", or at its
/// head "Epilepsy; EEG awaited".
fn is_there(evidence: &Evidence, family: &[&str]) -> bool {
    const OPEN: &[&str] = &[
        "possible",
        "possibly",
        "suspect*",
        "query",
        "queried",
        "not",
        "no",
        "may",
        "might",
        "could",
        "assess*",
        "for",
        "whether",
        "if",
        "refer*",
        "pathway",
        "investigat*",
        "like",
    ];
    const THERE: &[&str] = &["has", "have", "is", "lives"];
    /// "Autism: social communication was considered."
    const WEIGHED: &[&str] = &["consider*", "assess*", "investigat*", "explor*", "discuss*"];
    const NEAR: usize = 7;
    let all = &evidence.whole.tokens;
    let Some(at) = any(all, family).and_then(|word| place_of(all, word)) else {
        return false;
    };
    let before = all.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
    let headed = at < 3 && any(all, WEIGHED).is_none();
    any(before, OPEN).is_none() && (headed || any(before, THERE).is_some())
}

/// Whether a condition is told of the subject: "Ada has", "she is".
fn affirms(cited: &Cited) -> bool {
    const TELLS: &[&str] = &["has", "is", "has been", "was", "lives with", "with"];
    cited.text.tokens.iter().enumerate().any(|(at, token)| {
        let behind = cited.text.tokens.get(at + 1..).unwrap_or_default();
        cited.who.may_be_subject(&token.low) && TELLS.iter().any(|verb| begin(behind, verb))
    })
}

fn superseded(cited: &Cited, remarks: &mut Remarks) {
    let replaced = |evidence: &Evidence| {
        !evidence.claims.is_empty() && evidence.claims.iter().all(|claim| claim.time == Time::Superseded)
    };
    if each(cited, replaced) {
        remarks.add(
            &rules::HISTORIC,
            "a later source replaces what the evidence says".into(),
        );
    }
}

/// What is made now, has ended or is wished for is no advice to make it.
fn not_advised(cited: &Cited, remarks: &mut Remarks) {
    let told = |evidence: &Evidence| {
        let mut standing = evidence.claims.iter().filter_map(|claim| claim.status).peekable();
        let by_claims = standing.peek().is_some() && standing.all(|status| status != Status::Advised);
        by_claims || matches!(evidence.standing, Some(Status::InPlace | Status::Ended))
    };
    // What is said to be made now, and not that it will be, says no more than the source.
    let now = any(
        &cited.text.tokens,
        &["currently", "at present", "is given", "already", "at the moment"],
    )
    .is_some()
        && any(
            &cited.text.tokens,
            &["will", "should", "must", "shall", "need*", "require*"],
        )
        .is_none();
    if each(cited, told) && !now {
        remarks.add(
            &rules::MOVED,
            "the source tells what is made now, has ended or is wished for, and does not advise it".into(),
        );
    }
}

/// "Until July 2026" in a plan that is drafted in November.
fn expired(cited: &Cited, remarks: &mut Remarks) {
    let now = i64::from(cited.today.year()) * 12 + i64::from(cited.today.month());
    let over = cited.text.quantities.iter().any(|found| match &found.quantity {
        Quantity::Date(date) => date
            .year
            .zip(date.month)
            .is_some_and(|(year, month)| year * 12 + month < now),
        _ => false,
    });
    if over && any(&cited.text.tokens, &["until"]).is_some() {
        remarks.add(&rules::HISTORIC, "it was to last until a day that is past".into());
    }
}

/// Somebody was asked, and nobody knows yet whether they will come.
fn referred(cited: &Cited, remarks: &mut Remarks) {
    // "10 seconds of waiting time" are for an answer.
    let asked = |evidence: &Evidence| {
        any(&evidence.whole.tokens, PENDING).is_some_and(|found| {
            found != "waiting time" || any(&evidence.whole.tokens, &["seconds"]).is_none()
        })
    };
    if each(cited, asked) && any(&cited.text.tokens, PENDING).is_none() {
        remarks.add(
            &rules::STRENGTHENED,
            "the evidence tells of a referral or a waiting list, the statement of provision".into(),
        );
    }
}
