//! Examples of the rules that compare what a model wrote with its evidence.

use drafting::check::Wording;
use drafting::check::statement::MOST_BYTES;

use super::super::{claim, statement};
use super::{Example, Stage, of};

const PROVISION: &str = "communication_interaction_provisions";

/// Whether the rule finds something in a provision written from this evidence.
#[track_caller]
fn finds(rule: &str, evidence: &str, text: &str) -> bool {
    written(&[evidence], text).finds(rule)
}

fn written(lines: &[&str], text: &str) -> Stage {
    let all: Vec<u32> = (1..).zip(lines).map(|(number, _)| number).collect();
    let cited: Vec<u32> = if text.is_empty() { Vec::new() } else { all.clone() };
    let stage = Stage::of(lines).with(|stage| {
        stage.wording = Wording::Written;
        stage.claims = all
            .iter()
            .map(|number| drafting::claim::Claim {
                area: Some("communication_interaction".to_owned()),
                ..claim(*number, "provision", 1, *number)
            })
            .collect();
    });
    stage.filled(PROVISION, vec![statement("F.CI.1", text, &cited)])
}

const GROUP: &str = "A reading group, 1:3, for 20 minutes three times each week.";

/// The rule, the evidence and what is found there; likewise what passes; likewise the near miss.
const TEXTS: &[(&str, [(&str, &str); 3])] = &[
    (
        "grounding.number",
        [
            (
                GROUP,
                "A reading group, 1:4, for 20 minutes three times each week.",
            ),
            (
                GROUP,
                "A reading group, 1:3, for 20 minutes three times each week.",
            ),
            (
                GROUP,
                "A reading group of three, 3 times a week, twenty minutes each.",
            ),
        ],
    ),
    (
        "grounding.lost-specific",
        [
            (GROUP, "A reading group, 1:3, for 20 minutes."),
            (
                GROUP,
                "A reading group, 1:3, for 20 minutes three times each week.",
            ),
            (GROUP, "A reading group of three children, 20 mins, 3x per week."),
        ],
    ),
    (
        "grounding.negation",
        [
            (
                "He does not yet tell others when he is lost.",
                "Rowan tells others when he is lost.",
            ),
            (
                "He does not yet tell others when he is lost.",
                "Rowan does not yet tell others when he is lost.",
            ),
            (
                "He can lift no more than two books.",
                "Rowan can lift at most two books.",
            ),
        ],
    ),
    (
        "grounding.strengthened",
        [
            ("He may benefit from a quiet room.", "Rowan needs a quiet room."),
            (
                "He may benefit from a quiet room.",
                "Rowan might benefit from a quiet room.",
            ),
            ("He should have a quiet room.", "Rowan will have a quiet room."),
        ],
    ),
    (
        "grounding.weakened",
        [
            ("He will have a quiet room.", "Rowan may need a quiet room."),
            ("He will have a quiet room.", "Rowan will have a quiet room."),
            ("He may have a quiet room.", "Rowan might have a quiet room."),
        ],
    ),
    (
        "grounding.direction",
        [
            ("Up to six visits.", "At least six visits."),
            ("Up to six visits.", "Up to six visits."),
            ("Up to six visits.", "At most six visits."),
        ],
    ),
    (
        "grounding.name",
        [
            ("Rowan likes Mrs Ashdown.", "Rowan likes Mrs Ashdawn."),
            ("Rowan likes Mrs Ashdown.", "Rowan likes Mrs Ashdown."),
            ("Rowan likes Mrs Ashdown.", "Ro likes Mrs Ashdown."),
        ],
    ),
    (
        "grounding.pronoun",
        [
            ("Rowan is kind and he reads.", "Rowan is kind and she reads."),
            ("Rowan is kind and he reads.", "Rowan is kind and he reads."),
            (
                "His teacher says that she reads to Rowan.",
                "His teacher says that she reads to Rowan.",
            ),
        ],
    ),
    (
        "grounding.third-party",
        [
            (
                "His sister Nia likes swimming with him.",
                "Rowan's sister Nia likes swimming with him.",
            ),
            (
                "His sister Nia likes swimming with him.",
                "His sister likes swimming with him.",
            ),
            (
                "Rowan likes swimming with his sister.",
                "Ro likes swimming with his sister.",
            ),
        ],
    ),
    (
        "grounding.other-person",
        [
            (
                "His sister has asthma and uses a pump.",
                "Rowan has asthma and uses a pump.",
            ),
            (
                "Rowan has asthma and uses a pump.",
                "Rowan has asthma and uses a pump.",
            ),
            (
                "Rowan has asthma and his sister helps him.",
                "Rowan has asthma; his sister helps him.",
            ),
        ],
    ),
    (
        "grounding.attribution",
        [
            ("His parents believe that he hears well.", "Rowan hears well."),
            (
                "His parents believe that he hears well.",
                "His parents believe that Rowan hears well.",
            ),
            (
                "His parents believe that he hears well.",
                "His parents feel that Rowan hears well.",
            ),
        ],
    ),
    (
        "grounding.quotation",
        [
            (
                "He said: \"words get stuck in the tunnel\".",
                "Rowan says, \"words are stuck in a tunnel\".",
            ),
            (
                "He said: \"words get stuck in the tunnel\".",
                "Rowan said: \"words get stuck in the tunnel\".",
            ),
            (
                "He said: \u{201c}words get stuck in the tunnel\u{201d}.",
                "Rowan says, \"words get stuck in the tunnel\".",
            ),
        ],
    ),
    (
        "grounding.sensitive",
        [
            ("He is tired by noon.", "Rowan is tired by noon and has epilepsy."),
            (
                "He has epilepsy and is tired by noon.",
                "Rowan has epilepsy and is tired by noon.",
            ),
            ("He is tired by noon.", "By noon Rowan is tired."),
        ],
    ),
    (
        "grounding.unsupported",
        [
            (
                "An adult helps him to read.",
                "A speech therapist helps Rowan to read.",
            ),
            ("An adult helps him to read.", "An adult helps Rowan to read."),
            (
                "A speech and language therapist helps him to read.",
                "A SaLT helps Rowan to read.",
            ),
        ],
    ),
    (
        "grounding.historic",
        [
            (
                "He used to attend a nurture group.",
                "Rowan attends a nurture group.",
            ),
            ("He attends a nurture group.", "Rowan attends a nurture group."),
            (
                "He used to attend a nurture group.",
                "Rowan previously attended a nurture group.",
            ),
        ],
    ),
];

pub(super) fn examples() -> Vec<[Example; 3]> {
    let texts = TEXTS.iter().map(|(rule, texts)| {
        let [found, passing, near] = texts.map(|(evidence, text)| finds(rule, evidence, text));
        of(rule, found, passing, near)
    });
    texts
        .chain([merging(), too_long(), moved(), uncited(), wording()])
        .collect()
}

fn merging() -> [Example; 3] {
    let rule = "grounding.lost-in-merging";
    let lines = [
        "Rowan reads aloud with an adult each morning.",
        "Coloured scissors with a spring handle were tried in art lessons.",
    ];
    let one = ["Rowan reads aloud with an adult each morning."];
    of(
        rule,
        written(&lines, "Each morning Rowan reads aloud with an adult.").finds(rule),
        written(&lines, "Rowan reads aloud with an adult each morning; coloured scissors with a spring handle were tried in art lessons.").finds(rule),
        // One sentence cannot be lost in joining.
        written(&one, "Rowan listens.").finds(rule),
    )
}

fn too_long() -> [Example; 3] {
    let rule = "grounding.too-long";
    let long = |bytes: usize| format!("Rowan reads{}", " well".repeat((bytes - 11) / 5));
    let finds = |bytes| {
        let text = long(bytes);
        finds(rule, &text, &text.replacen("Rowan", "Ro", 1))
    };
    of(rule, finds(MOST_BYTES + 400), finds(200), finds(MOST_BYTES - 100))
}

/// What its evidence tells as a need, an author or a writer put among provision.
fn moved() -> [Example; 3] {
    let rule = "grounding.moved";
    let told = |kind: &str, evidence: &str, text: &str| {
        let stage = written(&[evidence], text).with(|stage| kind.clone_into(&mut stage.claims[0].kind));
        stage.finds(rule)
    };
    let need = "He cannot wait for his turn.";
    of(
        rule,
        told("need", need, "Rowan cannot wait for his turn."),
        told(
            "provision",
            "An adult waits with him.",
            "An adult waits with Rowan.",
        ),
        // The need stands there as what the provision is for.
        told(
            "provision",
            "An adult waits with him, because he cannot wait for his turn.",
            "An adult waits with Rowan, because he cannot wait for his turn.",
        ),
    )
}

fn uncited() -> [Example; 3] {
    let rule = "grounding.uncited";
    let line = "Rowan needs help.";
    let cited = |claims: &[u32], kept_out: bool| {
        let stage = Stage::of(&[line]).filled(super::NEEDS, vec![statement("B.CI.1", line, claims)]);
        stage
            .with(|stage| stage.kept_out.extend(kept_out.then_some(2)))
            .finds(rule)
    };
    // That another source was kept out is nothing against a statement of this one.
    of(rule, cited(&[7], false), cited(&[1], false), cited(&[1], true))
}

/// Statements made without a model have their sources' own words.
fn wording() -> [Example; 3] {
    let rule = "grounding.wording";
    let finds = |text: &str| {
        let stage = Stage::of(&["Rowan needs help, twice weekly."]);
        stage
            .filled(super::NEEDS, vec![statement("B.CI.1", text, &[1])])
            .finds(rule)
    };
    of(
        rule,
        finds("Rowan needs help daily."),
        finds("Rowan needs help, twice weekly."),
        finds("rowan needs help twice weekly"),
    )
}
