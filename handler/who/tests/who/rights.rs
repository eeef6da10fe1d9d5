//! What app roles allow.

use drafting::id::RecipeId;
use proptest::prelude::*;
use who::{Rights, Role};

fn recipe(id: &str) -> RecipeId {
    RecipeId::parse(id).unwrap()
}

/// `value` gives exactly `expected`: for the recipe `ehcp`, and for `minutes`.
fn check(value: &str, expected: [&[Role]; 2]) {
    let rights = Rights::of([value]);
    for (id, roles) in ["ehcp", "minutes"].into_iter().zip(expected) {
        for role in Role::ALL {
            assert_eq!(
                rights.may(role, &recipe(id)),
                roles.contains(&role),
                "{value} {role:?} {id}"
            );
        }
        assert_eq!(rights.sees(&recipe(id)), !roles.is_empty(), "{value} {id}");
    }
}

#[test]
fn roles_hold_for_all_recipes_or_for_one_and_nothing_else_is_a_role() {
    use Role::{Administrator, Drafter, Reviewer};
    check("Drafts.Write", [&[Drafter], &[Drafter]]);
    check("Drafts.Review", [&[Reviewer], &[Reviewer]]);
    check("Drafts.Administer", [&[Administrator], &[Administrator]]);
    check("Drafts.Write.ehcp", [&[Drafter], &[]]);
    check("Drafts.Review.minutes", [&[], &[Reviewer]]);
    for value in [
        "",
        "Drafts",
        "Drafts.",
        "drafts.write",
        "Drafts.Write.",
        "Drafts.Writeehcp",
        "Drafts.Write.*",
        "Drafts.Write.EHCP",
        "Drafts.Write.ehcp.",
        "Drafts.Write.ehcp.more",
        "Drafts.Write ",
        " Drafts.Write",
        "Drafts.Write.ehc",
        "Drafts.Write\u{0}",
        "Drafts.Review,Drafts.Write",
        "Drafts.Administer.Write.ehcp",
    ] {
        check(value, [&[], &[]]);
    }
}

#[test]
fn no_role_holds_another() {
    for role in Role::ALL {
        let rights = Rights::of([role.value()]);
        let held: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|other| rights.may(*other, &recipe("ehcp")))
            .collect();
        assert_eq!(held, [role]);
    }
}

proptest! {
    #[test]
    fn only_exact_values_give_rights(values in prop::collection::vec("(Drafts\\.(Write|Review|Administer)?[.a-z*]{0,6}|\\PC{0,12})", 0..6)) {
        let rights = Rights::of(values.iter().map(String::as_str));
        for role in Role::ALL {
            let exact = values.iter().any(|value| value == role.value() || *value == format!("{}.ehcp", role.value()));
            prop_assert_eq!(rights.may(role, &recipe("ehcp")), exact);
        }
    }
}
