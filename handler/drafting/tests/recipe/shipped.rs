//! The recipes of this repository.

use drafting::recipe::load::load;
use drafting::recipe::{Form, Recipe};

use super::{lines, shipped_files};

/// A recipe of this repository; a test that needs another one's sound form may use it too.
pub fn shipped(id: &str) -> Recipe {
    load(id, &shipped_files(id), None).unwrap_or_else(|faults| panic!("{}", lines(&faults).join("\n")))
}

/// A warning is for those who write a recipe; one that is shipped has been written.
#[test]
fn without_warnings() {
    for id in ["ehcp", "minutes", "annual-review"] {
        assert_eq!(lines(&shipped(id).warnings), [""; 0], "{id}");
    }
}

/// SEND Regulations 2014, reg 12(1) and (4); Children and Families Act 2014, s 38(5).
#[test]
fn sections_of_a_plan() {
    let recipe = shipped("ehcp");
    let ids: Vec<&str> = recipe
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    );
    let closed: Vec<&str> = recipe
        .sections
        .iter()
        .filter(|section| section.closed.is_some())
        .map(|section| section.id.as_str())
        .collect();
    assert_eq!(closed, ["I"]);
}

/// The keys of Section A are those that councils' Word templates use already.
#[test]
fn keys_of_personal_details() {
    let recipe = shipped("ehcp");
    let facts: Vec<&str> = recipe
        .fields()
        .filter(|(_, field)| field.form.is_fact())
        .map(|(_, field)| field.key.as_str())
        .collect();
    assert_eq!(
        facts,
        [
            "name",
            "preferred_name",
            "date_of_birth",
            "sex",
            "ethnicity",
            "child_or_young_person_first_language",
            "parent_or_carer_first_language",
            "parent_1_name",
            "parent_1_relationship",
            "parent_1_email",
            "parent_1_telephone_number",
            "parent_1_home_address",
            "parent_2_name",
            "parent_2_relationship",
            "parent_2_email",
            "parent_2_telephone_number",
            "parent_2_home_address_if_different_to_parent_or_carer_1",
            "education_setting",
            "gp_and_key_health_professional_where_applicable",
            "nhs_number_if_available",
            "known_to_social_care",
            "other_professionals_involved_with_this_childyoung_personfamily",
            "currently_a_looked_after_child",
            "has_been_a_looked_after_child",
            "is_there_a_one_page_profile_received_append",
            "child_or_young_person_moving_to_area_with_ehcp_from_a_different_local_authority",
        ]
    );
}

/// Every area has needs, outcomes and provision; the four areas of special educational needs have theirs in B and F.
#[test]
fn areas_of_a_plan() {
    let recipe = shipped("ehcp");
    for area in &recipe.areas {
        let of_area = |(_, field): &(_, &drafting::recipe::Field)| {
            field
                .form
                .select()
                .is_some_and(|select| select.area.as_ref() == Some(&area.id))
        };
        let kinds: Vec<&str> = recipe
            .fields()
            .filter(of_area)
            .filter_map(|(_, field)| match &field.form {
                Form::List(select) => select.kinds.first().map(String::as_str),
                _ => None,
            })
            .collect();
        let expected: &[&str] = match area.id.as_str() {
            "social_care" => &["need", "outcome", "provision", "provision"],
            _ => &["need", "outcome", "provision"],
        };
        assert_eq!(kinds, expected, "{}", area.id);
    }
}

/// Everything that a writer of Section F is given, in order.
#[test]
fn guidance_of_a_section() {
    let recipe = shipped("ehcp");
    let section = recipe.section("F").expect("the section");
    let titles: Vec<&str> = recipe
        .writing_guidance(section)
        .filter_map(|text| text.lines().next())
        .collect();
    assert_eq!(
        titles,
        [
            "# Writing the plan",
            "# Language and voice",
            "# Section F: special educational provision"
        ]
    );
    assert_eq!(recipe.reading_guidance().count(), 1);
}
