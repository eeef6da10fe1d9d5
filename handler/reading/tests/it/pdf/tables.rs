//! Tables without lines, and what only looks like one.

use super::forge::{Forge, bold, line};
use super::{read, show};

/// Rows of cells that begin at these places, 14 points apart, from `y` downwards; the first row in bold if asked.
fn grid(xs: &[f64], y: f64, head: bool, rows: &[&[&str]]) -> String {
    let mut out = String::new();
    let mut y = y;
    for (n, cells) in rows.iter().enumerate() {
        for (x, text) in xs.iter().zip(*cells).filter(|(_, text)| !text.is_empty()) {
            let write = if head && n == 0 { bold } else { line };
            out += &write(*x, y, text);
        }
        y -= 14.0;
    }
    out
}

fn check(content: &str, expected: &[&str]) {
    assert_eq!(show(&Forge::page(content).bytes()), expected);
}

const XS: [f64; 3] = [60.0, 260.0, 400.0];
const ABOVE: &str = "This is what is in place for her at the school this term, as agreed in March.";
const BELOW: &str = "It was agreed with her parents, who asked that the school should write to them.";

#[test]
fn columns_by_their_places() {
    let rows: [&[&str]; 4] = [
        &["Provision", "How often", "Who"],
        &["Reading group", "Daily", "Teaching assistant"],
        &["Speech and language", "Weekly, 30 minutes", "Therapist"],
        &["Movement breaks", "Daily", "All staff"],
    ];
    let content = line(60.0, 780.0, ABOVE) + &grid(&XS, 740.0, true, &rows) + &line(60.0, 660.0, BELOW);
    let expected = [
        &format!("p {ABOVE}"),
        "head Provision | How often | Who",
        "row Reading group | Daily | Teaching assistant",
        "row Speech and language | Weekly, 30 minutes | Therapist",
        "row Movement breaks | Daily | All staff",
        &format!("p {BELOW}"),
    ];
    check(&content, &expected);
}

#[test]
fn plain_heads_need_a_difference() {
    let heads: [&[&str]; 3] = [
        &["Provision", "Minutes", "Who"],
        &["Reading group", "20", "Assistant"],
        &["Speech", "30", "Therapist"],
    ];
    check(
        &grid(&XS, 740.0, false, &heads),
        &[
            "head Provision | Minutes | Who",
            "row Reading group | 20 | Assistant",
            "row Speech | 30 | Therapist",
        ],
    );
    // The first of these people is no head.
    let people: [&[&str]; 4] = [
        &["Ms Ray", "Coordinator", "Elm Primary"],
        &["Dr Oh", "Psychologist", "County"],
        &["Mrs Lee", "Parent", "Home"],
        &["Mr Day", "Teacher", "Elm Primary"],
    ];
    check(
        &grid(&XS, 740.0, false, &people),
        &[
            "row Ms Ray | Coordinator | Elm Primary",
            "row Dr Oh | Psychologist | County",
            "row Mrs Lee | Parent | Home",
            "row Mr Day | Teacher | Elm Primary",
        ],
    );
}

#[test]
fn cells_of_several_lines() {
    // No gap parts the rows: the words tell.
    let rows: [&[&str]; 6] = [
        &["Provision", "How often", "Who"],
        &["Speech and language", "Weekly, 30 minutes", "Speech and language"],
        &["therapy in a small room", "in term time", "therapist"],
        &["Reading group", "Daily", "Teaching"],
        &["", "", "assistant"],
        &["Movement breaks", "Daily", "All staff"],
    ];
    check(
        &grid(&XS, 740.0, true, &rows),
        &[
            "head Provision | How often | Who",
            "row Speech and language therapy in a small room | Weekly, 30 minutes in term time | Speech and language therapist",
            "row Reading group | Daily | Teaching assistant",
            "row Movement breaks | Daily | All staff",
        ],
    );
    // Wider steps part them, whatever the words.
    let spaced = [
        grid(&XS, 740.0, true, &[&["Provision", "How often", "Who"]]),
        grid(
            &XS,
            716.0,
            false,
            &[
                &["Reading", "Daily", "Ms Ray"],
                &["Group B", "Mornings", "Mr Day"],
            ],
        ),
        grid(
            &XS,
            678.0,
            false,
            &[
                &["Speech", "Weekly", "Dr Oh"],
                &["Block one", "Fridays", "Ms Ray"],
            ],
        ),
    ];
    check(
        &spaced.concat(),
        &[
            "head Provision | How often | Who",
            "row Reading Group B | Daily Mornings | Ms Ray Mr Day",
            "row Speech Block one | Weekly Fridays | Dr Oh Ms Ray",
        ],
    );
}

#[test]
fn rules_between_rows() {
    let rows: [&[&str]; 4] = [
        &["Area", "Provision"],
        &["Reading", "Group with an adult"],
        &["", "Twenty minutes"],
        &["Speech", "Weekly session"],
    ];
    let rules = "60 735 400 0.5 re 60 707 400 0.5 re 60 693 400 0.5 re f\n";
    check(
        &(grid(&[60.0, 200.0], 740.0, true, &rows) + rules),
        &[
            "head Area | Provision",
            "row Reading | Group with an adult Twenty minutes",
            "row Speech | Weekly session",
        ],
    );
}

#[test]
fn two_columns_need_a_head() {
    let rows: [&[&str]; 3] = [
        &["Area", "Provision"],
        &["Reading", "Daily group"],
        &["Speech", "Weekly session"],
    ];
    let xs = [60.0, 200.0];
    check(
        &grid(&xs, 740.0, true, &rows),
        &[
            "head Area | Provision",
            "row Reading | Daily group",
            "row Speech | Weekly session",
        ],
    );
    let plain = show(&Forge::page(&grid(&xs, 740.0, false, &rows)).bytes());
    assert!(plain.iter().all(|line| !line.starts_with("row")), "{plain:?}");
    let form: [&[&str]; 3] = [
        &["Name:", "Leila"],
        &["Born:", "3 May 2017"],
        &["School:", "Elm Primary"],
    ];
    let shown = show(&Forge::page(&(line(60.0, 780.0, ABOVE) + &grid(&xs, 740.0, false, &form))).bytes());
    assert_eq!(
        shown[1..],
        ["p Name: Leila", "p Born: 3 May 2017", "p School: Elm Primary"]
    );
}

/// Lines of prose, some of which begin small, as those of a wrapped paragraph do.
const PROSE: [&str; 8] = [
    "Leila has worked with the same adult",
    "since the spring and has learned to",
    "ask for help with a card. She likes",
    "to read with her brother at home and",
    "to be read to before she goes to bed",
    "at night. Her teacher writes that she",
    "is now ready to sit with the group in",
    "the mornings and to share her books.",
];

#[test]
fn prose_in_columns_is_no_table() {
    let xs = [60.0, 310.0];
    let right: Vec<String> = PROSE
        .iter()
        .rev()
        .map(|line| line.replace("Leila", "She"))
        .collect();
    let rows: Vec<Vec<&str>> = PROSE
        .iter()
        .zip(&right)
        .map(|(a, b)| vec![*a, b.as_str()])
        .collect();
    for head in [
        vec!["Strengths", "Needs"],
        vec!["Home and family", "School and friends"],
    ] {
        let all: Vec<&[&str]> = std::iter::once(head.as_slice())
            .chain(rows.iter().map(Vec::as_slice))
            .collect();
        let shown = show(&Forge::page(&grid(&xs, 740.0, true, &all)).bytes());
        assert!(shown.iter().all(|line| !line.starts_with("row")), "{shown:#?}");
        assert!(
            shown
                .iter()
                .any(|line| line.contains("to ask for help with a card")),
            "{shown:#?}"
        );
    }
}

#[test]
fn justified_prose_is_no_table() {
    // Wide gaps between words, as a justified short line has them, at the same place in three lines.
    let rows: [&[&str]; 4] = [
        &["Leila reads", "simple books", "with an adult"],
        &["and she likes", "to tell them", "to her brother"],
        &["who then reads", "them to her", "once more and"],
        &["asks what she", "has liked best", "in the story."],
    ];
    let shown = show(&Forge::page(&grid(&[60.0, 160.0, 260.0], 740.0, false, &rows)).bytes());
    assert!(shown.iter().all(|line| !line.starts_with("row")), "{shown:#?}");
}

#[test]
fn numbered_lists_and_contents_are_no_tables() {
    let list: [&[&str]; 3] = [
        &["1.", "She will read"],
        &["2.", "She will write"],
        &["3.", "She will count"],
    ];
    let shown = show(&Forge::page(&grid(&[60.0, 90.0], 740.0, false, &list)).bytes());
    assert_eq!(
        shown,
        [
            "li0 1. She will read",
            "li0 2. She will write",
            "li0 3. She will count"
        ]
    );
    let contents: [&[&str]; 4] = [
        &["A", "Views", "2"],
        &["B", "Needs", "3"],
        &["C", "Health", "5"],
        &["D", "Care", "7"],
    ];
    let shown = show(&Forge::page(&grid(&XS, 740.0, false, &contents)).bytes());
    assert!(shown.iter().all(|line| !line.starts_with("row")), "{shown:#?}");
}

#[test]
fn text_below_is_not_the_last_row() {
    let rows: [&[&str]; 4] = [
        &["Provision", "How often", "Who"],
        &["Reading group", "Daily", "Assistant"],
        &["Speech", "Weekly", "Therapist"],
        &["Outcomes", "", ""],
    ];
    let shown = show(&Forge::page(&(grid(&XS, 740.0, true, &rows) + &line(60.0, 670.0, BELOW))).bytes());
    assert_eq!(shown[2], "row Speech | Weekly | Therapist");
    assert!(
        shown[3].contains("Outcomes") && !shown[3].starts_with("row"),
        "{shown:#?}"
    );
}

#[test]
fn a_table_goes_on_over_the_page() {
    let first: [&[&str]; 3] = [
        &["Provision", "How often", "Who"],
        &["Reading group", "Daily", "Assistant"],
        &["Speech and language", "Weekly in a quiet room", "Therapist"],
    ];
    let rest: [&[&str]; 2] = [
        &["", "with an adult", ""],
        &["Movement breaks", "Daily", "All staff"],
    ];
    let above = line(60.0, 400.0, ABOVE);
    let bytes = Forge::page(&(above + &grid(&XS, 160.0, true, &first)))
        .and_page(&grid(&XS, 700.0, false, &rest), "")
        .bytes();
    let expected = [
        &format!("p {ABOVE}"),
        "head Provision | How often | Who",
        "row Reading group | Daily | Assistant",
        "row Speech and language | Weekly in a quiet room with an adult | Therapist",
        "row Movement breaks | Daily | All staff",
    ];
    assert_eq!(show(&bytes), expected);
    let reading = read(&bytes).unwrap();
    let table = reading.blocks.last().unwrap();
    assert_eq!(
        (
            table.page,
            table.breaks.iter().map(|stop| (stop.at, stop.page)).collect()
        ),
        (Some(1), vec![(2, 2)])
    );
}

/// The lines of a ruled table.
fn ruled(xs: &[f64], ys: &[f64]) -> String {
    let (x0, x1) = (xs.first().unwrap(), xs.last().unwrap());
    let (y0, y1) = (ys.last().unwrap(), ys.first().unwrap());
    let flat = ys.iter().map(|y| format!("{x0} {y} m {x1} {y} l S\n"));
    let upright = xs.iter().map(|x| format!("{x} {y0} m {x} {y1} l S\n"));
    flat.chain(upright).collect()
}

#[test]
fn merged_cells_of_ruled_tables_stand_once() {
    let ys = [760.0, 740.0, 720.0, 700.0];
    // The first column's cell goes over two rows: its line between them is missing.
    let lines = "60 760 m 460 760 l S 60 740 m 460 740 l S 160 720 m 460 720 l S 60 700 m 460 700 l S\n"
        .to_owned()
        + &[60.0, 160.0, 460.0]
            .map(|x| format!("{x} 700 m {x} 760 l S\n"))
            .concat();
    let words = bold(64.0, ys[1] + 6.0, "Area")
        + &bold(164.0, ys[1] + 6.0, "Provision")
        + &line(64.0, 716.0, "Reading")
        + &line(164.0, ys[2] + 6.0, "Daily group")
        + &line(164.0, ys[3] + 6.0, "Books at home");
    check(
        &(lines + &words),
        &[
            "head Area | Provision",
            "row Reading | Daily group",
            "row  | Books at home",
        ],
    );
}

#[test]
fn a_row_cut_by_a_page_break_is_one() {
    let xs = [60.0, 160.0, 460.0];
    let head = bold(64.0, 126.0, "Area") + &bold(164.0, 126.0, "Provision");
    let first = ruled(&xs, &[140.0, 120.0, 100.0])
        + &head
        + &line(64.0, 106.0, "Reading")
        + &line(164.0, 106.0, "Daily group with the same adult");
    let second = ruled(&xs, &[780.0, 760.0, 740.0])
        + &line(164.0, 766.0, "and books at home")
        + &line(64.0, 746.0, "Speech")
        + &line(164.0, 746.0, "Weekly session");
    let bytes = Forge::page(&(line(60.0, 500.0, ABOVE) + &first))
        .and_page(&second, "")
        .bytes();
    assert_eq!(
        show(&bytes)[1..],
        [
            "head Area | Provision",
            "row Reading | Daily group with the same adult and books at home",
            "row Speech | Weekly session",
        ]
    );
}
