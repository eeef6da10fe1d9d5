//! What a careful writer makes of a report's words, and the near miss beside it: amounts told otherwise, short forms spelt
//! out, denials in other words, conditions kept and dropped.

use super::told_otherwise::{At, NEED, PROVISION, VIEWS, check};

const NONE: &[&str] = &[];
const NUMBER: &[&str] = &["grounding.number"];
const NEGATION: &[&str] = &["grounding.negation"];
const STRENGTHENED: &[&str] = &["grounding.strengthened"];
const HISTORIC: &[&str] = &["grounding.historic"];
const UNSUPPORTED: &[&str] = &["grounding.unsupported"];

/// Evidence, what may be written from it, and what must not.
fn pairs(at: At, expected: &[&str], all: &[(&str, &str, &str)]) {
    for (line, right, wrong) in all {
        check(at, &[line], right, NONE);
        check(at, &[line], wrong, expected);
    }
}

#[test]
fn amounts_are_the_same_in_other_terms() {
    pairs(
        NEED,
        NUMBER,
        &[
            (
                "He was sick nearly every Sunday night.",
                "Rowan was sick almost weekly, on Sunday nights.",
                "Rowan was sick almost daily, on Sunday nights.",
            ),
            (
                "The family was on the waiting list for 22 months.",
                "The family was on the waiting list for almost two years.",
                "The family was on the waiting list for almost three years.",
            ),
            (
                "He writes at 7 wpm, expected 12 to 14.",
                "Rowan writes seven words a minute, about half of what is expected.",
                "Rowan writes nine words a minute, about half of what is expected.",
            ),
            (
                "He settles at about 22.30.",
                "Rowan settles at about half past ten.",
                "Rowan settles at about half past nine.",
            ),
            (
                "Standing frame, 30 mins x 3 p.w. at home.",
                "At home Rowan uses a standing frame three times a week for half an hour.",
                "At home Rowan uses a standing frame four times a week for half an hour.",
            ),
            (
                "His seat was last reviewed 11/25.",
                "Rowan's seat was last reviewed in November 2025.",
                "Rowan's seat was last reviewed in November 2024.",
            ),
            (
                "4 of 8 units are complete.",
                "Half of the eight units are complete.",
                "A quarter of the eight units are complete.",
            ),
            (
                "He was on task for 19 of 45 minutes.",
                "Rowan was on task for 19 minutes out of 45.",
                "Rowan was on task for 29 minutes out of 45.",
            ),
            (
                "He explained 2 of 10 idioms.",
                "Rowan explained two idioms out of ten.",
                "Rowan explained three idioms out of ten.",
            ),
            (
                "He scored 11 out of 25.",
                "Rowan scored 11/25.",
                "Rowan scored 12/25.",
            ),
            (
                "He matched 3 of 12 pictures and understood 2 of 10 idioms.",
                "Rowan understood two idioms out of ten and matched three pictures of twelve.",
                "Rowan understood three idioms out of ten.",
            ),
            (
                "He swims on Mondays and Thursdays.",
                "Rowan swims twice a week.",
                "Rowan swims three times a week.",
            ),
            (
                "He was seen on Monday 12 May.",
                "Rowan was seen on Monday 12 May.",
                "Rowan was seen weekly, on Mondays.",
            ),
            (
                "He attends on four mornings in the week.",
                "Rowan attends on four mornings a week.",
                "Rowan attends on three mornings a week.",
            ),
        ],
    );
    check(
        PROVISION,
        &["Questions to be sent to him 24 hours before a seminar so that he may prepare."],
        "Questions will be sent to Rowan a full day before a seminar, so that he can prepare.",
        NONE,
    );
    check(
        PROVISION,
        &["Daily programme by the TA: 2 x 15 mins on key words."],
        "Twice a day, for a quarter of an hour, Rowan will work with the TA on key words.",
        NONE,
    );
}

#[test]
fn one_child_and_a_group_are_not_changed() {
    check(
        NEED,
        &["Has 1:1 support in the library for 5 hours a week."],
        "Rowan has individual support in the library for five hours each week.",
        NONE,
    );
    check(
        NEED,
        &["Has 1:1 support in the library for 5 hours a week."],
        "Rowan has support in the library in a small group for five hours each week.",
        NUMBER,
    );
}

#[test]
fn short_forms_may_be_spelt_out() {
    check(
        NEED,
        &["Diagnosis: dyskinetic CP. He rates his PA highly."],
        "Rowan has dyskinetic cerebral palsy. He rates his personal assistant highly.",
        NONE,
    );
    check(
        NEED,
        &["Diagnosis: dyskinetic CP."],
        "Rowan has dyskinetic epilepsy.",
        &["grounding.sensitive"],
    );
}

#[test]
fn denials_in_other_words_deny_alike() {
    pairs(
        NEED,
        NEGATION,
        &[
            (
                "With unfamiliar adults he goes silent.",
                "Rowan goes silent with adults whom he does not know.",
                "Rowan does not go silent with unfamiliar adults.",
            ),
            (
                "Dropping to the floor appears to say \"I am not ready\", rather than defiance.",
                "When Rowan drops to the floor it is not defiance: it appears to say that he is not ready.",
                "When Rowan drops to the floor it appears to be defiance, and to say that he is ready.",
            ),
        ],
    );
    check(
        PROVISION,
        &["Weekly sensory integration therapy is not indicated."],
        "Rowan will have sensory integration therapy every week.",
        NEGATION,
    );
}

#[test]
fn conditions_are_kept() {
    let pair = |line, right, wrong| pairs(PROVISION, STRENGTHENED, &[(line, right, wrong)]);
    pair(
        "Food exploration at home led by the OT if he agrees.",
        "Provided that Rowan is willing, the OT will lead food exploration at home.",
        "The OT will lead food exploration at home, whether or not Rowan agrees.",
    );
    pair(
        "A trial without melatonin in the summer holiday if his sleep is better.",
        "Should his sleep be better, Rowan will have a trial without melatonin in the summer holiday.",
        "Rowan will have a trial without melatonin in the summer holiday.",
    );
    pair(
        "Lessons to be timetabled on the ground floor if the lift is out of use.",
        "Whenever the lift is out of use, Rowan's lessons will be timetabled on the ground floor.",
        "Rowan's lessons will be timetabled on the ground floor.",
    );
}

#[test]
fn what_is_queried_is_not_certain() {
    pairs(
        NEED,
        STRENGTHENED,
        &[
            (
                "Restricted eating, ?ARFID, under review.",
                "Rowan's eating is restricted; possible ARFID is under review.",
                "Rowan's eating is restricted; ARFID is under review.",
            ),
            (
                "The score probably under-represents what he can do.",
                "The score probably under-represents what Rowan can do.",
                "The score definitely under-represents what Rowan can do.",
            ),
        ],
    );
}

#[test]
fn what_has_ended_is_not_told_with_what_goes_on() {
    let lines = &[
        "He used a walking frame for short distances until 2019; no longer.",
        "He has a powerchair with a head array.",
    ];
    check(
        NEED,
        lines,
        "Rowan has a powerchair with a head array. He used a walking frame for short distances until 2019.",
        NONE,
    );
    check(
        NEED,
        lines,
        "Rowan has a powerchair with a head array and uses a walking frame for short distances.",
        HISTORIC,
    );
}

#[test]
fn who_thinks_and_who_delivers_is_kept() {
    check(
        VIEWS,
        &["Mr Hale is anxious that signing may hold back his speech."],
        "Mr Hale is anxious that signing may hold back Rowan's speech.",
        NONE,
    );
    check(
        NEED,
        &["Mr Hale is anxious that signing may hold back his speech."],
        "The educational psychologist is anxious that signing may hold back Rowan's speech.",
        &["grounding.attribution", "grounding.unsupported"],
    );
    check(
        PROVISION,
        &["Listening practice in a quiet room with a TA for 10 minutes daily."],
        "A TA will practise listening with Rowan in a quiet room for ten minutes a day.",
        NONE,
    );
    check(
        PROVISION,
        &["Listening practice in a quiet room with a TA for 10 minutes daily."],
        "A physiotherapist will practise listening with Rowan in a quiet room for ten minutes a day.",
        UNSUPPORTED,
    );
}

#[test]
fn amounts_told_one_by_one_or_as_a_multiple() {
    pairs(
        NEED,
        NUMBER,
        &[
            (
                "He writes 11 words a minute and types 29.",
                "Rowan types more than twice the 11 words a minute that are written by hand.",
                "Rowan types 31 words a minute, more than the 11 that are written by hand.",
            ),
            (
                "Attendance this year: 81.4% (last year 88.9%).",
                "Attendance stands at 81.4% and was 88.9% the year before.",
                "Attendance stands at 81.4% and was 86.9% the year before.",
            ),
            (
                "He is seen in clinic every four months.",
                "Rowan is seen in clinic at four-month intervals.",
                "Rowan is seen in clinic at six-month intervals.",
            ),
            (
                "The graze healed fully within a week.",
                "The graze had completely healed inside a week.",
                "The graze had completely healed inside two weeks.",
            ),
            (
                "Modafinil 100 mg on waking and 100 mg at noon.",
                "Rowan has two 100 mg doses of modafinil, on waking and at noon.",
                "Rowan has three 100 mg doses of modafinil, on waking and at noon.",
            ),
            (
                "At home he never stops chatting, in English and in Urdu.",
                "At home Rowan chats all the time in two languages, English and Urdu.",
                "At home Rowan chats all the time in three languages.",
            ),
        ],
    );
    pairs(
        PROVISION,
        NUMBER,
        &[
            (
                "Six fortnightly sessions of 50 minutes should be given.",
                "Rowan will have half a dozen 50-minute sessions, one every two weeks.",
                "Rowan will have a dozen 50-minute sessions, one every two weeks.",
            ),
            (
                "Training should be given by the end of September 2026.",
                "Training will be given by 30 September 2026.",
                "Training will be given by 30 October 2026.",
            ),
        ],
    );
}

#[test]
fn a_denial_goes_with_what_is_reported() {
    pairs(
        NEED,
        NEGATION,
        &[
            (
                "There is no sign that he has sensory processing difficulties.",
                "Rowan shows no sign of sensory processing difficulties.",
                "Rowan has sensory processing difficulties.",
            ),
            (
                "He is not depressed. He is overwhelmed by unpredictable noise.",
                "Rowan is not depressed; unpredictable noise overwhelms him.",
                "In the view of the service Rowan is depressed; noise that cannot be foreseen overwhelms him.",
            ),
            (
                "There is no evidence of distress at separation.",
                "Nothing shows that separation distresses Rowan.",
                "There is evidence that separation distresses Rowan.",
            ),
            (
                "He should not be lifted or moved during a seizure.",
                "Rowan should never be lifted or moved while a seizure lasts.",
                "Rowan will be lifted or moved while a seizure lasts.",
            ),
        ],
    );
}

#[test]
fn names_of_conditions_and_medicines_stand_in_the_evidence() {
    pairs(
        NEED,
        &["grounding.name"],
        &[
            (
                "He has dyspraxia and takes paracetamol before dressings are changed.",
                "Rowan has dyspraxia and takes paracetamol before dressings are changed.",
                "Rowan has dyspraxia and takes ibuprofen before dressings are changed.",
            ),
            (
                "His scoliosis is mild.",
                "Rowan has a mild scoliosis.",
                "Rowan has a mild kyphosis.",
            ),
        ],
    );
}

#[test]
fn times_and_ages_are_read_as_they_are_written() {
    pairs(
        NEED,
        NUMBER,
        &[
            (
                "First known to our service at 3;1 with late talking.",
                "Rowan was first known at the age of three years and one month.",
                "Rowan was first known at the age of three years and two months.",
            ),
            (
                "Reduced timetable: 10.15 to 12.00 on Tuesdays.",
                "On Tuesdays Rowan has a reduced timetable, from 10.15 to 12.00.",
                "On Tuesdays Rowan has a reduced timetable, from 10.45 to 12.00.",
            ),
            (
                "Ear infections have been rare: one in 2025.",
                "Rowan had one ear infection in 2025.",
                "Rowan had one ear infection in 2024.",
            ),
            (
                "In maths he is working at Year 3 level.",
                "In maths Rowan is working at a Year 3 level.",
                "In maths Rowan is working at a Year 4 level.",
            ),
            (
                "He followed 4 of 10 instructions in noise.",
                "In noise Rowan followed four instructions in every ten.",
                "In noise Rowan followed five instructions in every ten.",
            ),
            (
                "His mother came to 5 of the 6 sessions of the course.",
                "Rowan's mother came to five of the six sessions of the course.",
                "Rowan's mother came to all six sessions of the course.",
            ),
            (
                "Forest school takes place fortnightly for half a day.",
                "Rowan has forest school for half a day every fortnight.",
                "Rowan has forest school for half a day every week.",
            ),
        ],
    );
}

#[test]
fn names_of_kinds_and_tests_are_kept() {
    pairs(
        NEED,
        &["grounding.name"],
        &[(
            "He takes methylphenidate 27 mg each morning.",
            "Rowan takes 27 mg of methylphenidate each morning.",
            "Rowan takes 27 mg of lisdexamfetamine each morning.",
        )],
    );
    check(
        NEED,
        &["He has a sensorineural hearing loss."],
        "Rowan has a conductive hearing loss.",
        &["grounding.name", "grounding.unsupported"],
    );
    check(
        NEED,
        &["Rowan was assessed with the WIAT-III, on which Word Reading was 110."],
        "On the WISC-V Rowan's Word Reading was 110.",
        &["grounding.name"],
    );
}

#[test]
fn denials_in_other_words_are_kept() {
    pairs(
        NEED,
        NEGATION,
        &[
            (
                "He is not comfortable being told off in front of others.",
                "Rowan is uncomfortable when told off in front of others.",
                "Rowan is comfortable when told off in front of others.",
            ),
            (
                "He does not answer the register aloud; he holds up a green card.",
                "Rowan holds up a green card in place of answering the register aloud.",
                "Rowan answers the register aloud and holds up a green card.",
            ),
            (
                "Social care: not known.",
                "Rowan is not known to social care.",
                "Rowan is known to social care.",
            ),
        ],
    );
    check(
        NEED,
        &["Speech is hard to follow for people who do not know him. Familiar adults understand half of it."],
        "People who do not know Rowan find his speech hard to follow. Adults who know him understand half of it.",
        NONE,
    );
}

#[test]
fn fewer_adults_and_another_company_are_found() {
    pairs(
        PROVISION,
        NUMBER,
        &[(
            "Two adults, trained in moving and handling, for all hoist transfers.",
            "Two adults trained in moving and handling will help Rowan with all hoist transfers.",
            "One adult trained in moving and handling will help Rowan with all hoist transfers.",
        )],
    );
    check(
        PROVISION,
        &["Precision spelling with the teaching assistant, daily, 10 minutes, 1:3."],
        "Rowan will have individual precision spelling with the teaching assistant each day for ten minutes.",
        &["grounding.lost-specific", "grounding.number"],
    );
}
