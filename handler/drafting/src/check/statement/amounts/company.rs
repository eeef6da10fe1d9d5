//! With whom a child works, and whether those who help are trained.

use super::super::number::THOUSAND;
use super::super::quantity::{Found, Quantity};
use super::super::words::any;
use super::super::{Cited, Remarks};
use super::given::Given;
use crate::check::rules;
use crate::recipe::Role;

/// One child without others.
pub(super) const BY_HERSELF: &[&str] = &[
    "by herself",
    "by himself",
    "by themselves",
    "on her own",
    "on his own",
    "on their own",
];

/// Work with one child is not told as work in a group, nor the other way round.
pub(super) fn check(cited: &Cited, given: &Given, remarks: &mut Remarks) {
    const ALONE: &[&str] = &["individual", "individually", "one-to-one", "alone", "solo"];
    const GROUP: &[&str] = &[
        "group*",
        "pair*",
        "peers",
        "classmate*",
        "class",
        "together",
        "others",
    ];
    let ratio = |found: &Found, alone: bool| matches!(found.quantity, Quantity::Ratio(adults, children) if (adults > 0 && children <= THOUSAND) == alone);
    let own = |alone: bool| cited.text.quantities.iter().any(|found| ratio(found, alone));
    let theirs = |alone: bool| given.all.iter().any(|found| ratio(found, alone));
    let own_alone = own(true) || cited.holds(ALONE) || cited.holds(BY_HERSELF);
    let own_group = own(false)
        || cited.holds(&[
            "small group",
            "in a group",
            "group work",
            "in groups",
            "in small groups",
        ]);
    let given_alone = theirs(true) || cited.evidence_holds(ALONE);
    let given_group = theirs(false) || cited.evidence_holds(GROUP);
    let told = match () {
        () if own_group && !own_alone && given_alone && !given_group => {
            "one to one, the statement in a group"
        }
        () if own_alone && !own_group && !given_alone && grouped(cited) => {
            "in a group, the statement one to one"
        }
        () => return,
    };
    remarks.add(&rules::NUMBER, format!("the evidence has it {told}"));
}

/// Whether the evidence says of a measure that it is for a group.
fn grouped(cited: &Cited) -> bool {
    cited.purpose == Some(Role::Measure) && cited.evidence_holds(&["group", "groups", "pairs"])
        || cited.evidence_holds(&[
            "small group",
            "group of",
            "groups of",
            "in a group",
            "in groups",
            "in pairs",
        ])
}

/// "a trained assistant" told as an assistant: the expertise is a specific of a measure too.
pub(super) fn untrained(cited: &Cited, remarks: &mut Remarks) {
    const TRAINED: &[&str] = &["trained", "qualified", "accredited"];
    let kept = cited.holds(&[
        "train*",
        "qualif*",
        "accredit*",
        "specialis*",
        "experienc*",
        "expert*",
    ]);
    let given = cited
        .evidence
        .iter()
        .any(|evidence| evidence.shared > 2 && any(&evidence.part().tokens, TRAINED).is_some());
    if cited.purpose == Some(Role::Measure) && given && !kept {
        remarks.add(
            &rules::LOST_SPECIFIC,
            "the evidence gives a training that the statement leaves out".into(),
        );
    }
}
