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
            "and one other",
            "and another pupil",
            "and another child",
            "with one other",
        ]);
    let given_alone = theirs(true) || cited.evidence_holds(ALONE);
    let given_group = theirs(false) || cited.evidence_holds(GROUP);
    let told = match () {
        () if own_group && !own_alone && given_alone && !given_group => {
            "one to one, the statement in a group"
        }
        () if own_alone && !own_group && !given_alone && grouped(cited, given) => {
            "in a group, the statement one to one"
        }
        () => return,
    };
    remarks.add(&rules::NUMBER, format!("the evidence has it {told}"));
}

/// Fewer adults than the evidence has: "one adult" of two.
pub(super) fn fewer(cited: &Cited, given: &Given, remarks: &mut Remarks) {
    const ONE: &[&str] = &[
        "one adult",
        "one person",
        "one member",
        "one assistant",
        "one carer",
        "a single adult",
    ];
    let several = given.all.iter().any(|found| {
        let adults = |noun: &String| {
            ["adult", "person", "people", "member", "assist", "carer"]
                .iter()
                .any(|head| noun.starts_with(head))
        };
        matches!(&found.quantity, Quantity::Count(n, nouns) if *n > THOUSAND && nouns.iter().any(adults))
    });
    if several && cited.holds(ONE) && !cited.evidence_holds(ONE) && !given.alone {
        remarks.add(&rules::NUMBER, "the evidence has more than one adult".into());
    }
}

/// "all six sessions" of "5 of the 6 sessions".
pub(super) fn all_of(cited: &Cited, given: &Given, remarks: &mut Remarks) {
    let all = |at: usize| {
        let before = |back: usize| at.checked_sub(back).and_then(|at| cited.text.tokens.get(at));
        let is_all = |back: usize| before(back).is_some_and(|token| token.low == "all");
        is_all(1) || is_all(2) && before(1).is_some_and(|token| matches!(token.low.as_str(), "of" | "the"))
    };
    for found in cited.text.quantities.iter().filter(|found| all(found.start)) {
        let Quantity::Count(n, _) = &found.quantity else {
            continue;
        };
        let part = given
            .quantities()
            .any(|q| matches!(q, Quantity::Of(some, of) if of == n && some < n));
        let whole = given
            .quantities()
            .any(|q| matches!(q, Quantity::Count(own, _) | Quantity::Of(own, _) if own == n));
        if part && !whole {
            remarks.add(
                &rules::NUMBER,
                "the evidence has it of a part, the statement of all".into(),
            );
        }
    }
}

/// Whether the evidence says of a measure that it is for a group.
fn grouped(cited: &Cited, given: &Given) -> bool {
    let several =
        |found: &&Found| matches!(found.quantity, Quantity::Ratio(_, children) if children > THOUSAND);
    cited.purpose == Some(Role::Measure) && given.all.iter().any(several)
        || cited.purpose == Some(Role::Measure) && cited.evidence_holds(&["group", "groups", "pairs"])
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
