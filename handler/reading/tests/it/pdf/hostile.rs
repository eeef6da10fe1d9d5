//! PDF files made to hurt their reader, in a child.

use drafting::source::Rejection;

use super::forge::{Forge, WORDS, line, pages, stream};
use super::{bytes, in_child, joined, read};

#[tokio::test]
async fn a_plain_file_is_read_in_a_child() {
    assert_eq!(
        joined(&in_child(pages(1, WORDS, &[])).await.unwrap()),
        "She reads."
    );
}

#[tokio::test]
async fn damaged_files_are_refused() {
    let whole = pages(2, WORDS, &[]);
    for part in [5, whole.len() / 2, whole.len() - 20] {
        assert!(
            matches!(
                in_child(whole[..part].to_vec()).await,
                Err(Rejection::Damaged | Rejection::Empty)
            ),
            "{part}"
        );
    }
    assert_eq!(in_child(pages(0, WORDS, &[])).await, Err(Rejection::Damaged));
}

#[tokio::test]
async fn long_files_are_refused() {
    let refused = in_child(pages(300, WORDS, &[])).await;
    assert_eq!(
        refused,
        Err(Rejection::TooLarge {
            what: "300 pages, at most 250".into()
        })
    );
}

#[tokio::test]
async fn forms_that_contain_themselves_end() {
    let form = |more: &str| {
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>",
            more,
        )
    };
    let again = pages(1, &format!("{WORDS} /X Do"), &[form("/X Do /X Do")]);
    let end = in_child(again).await;
    assert!(
        end.as_ref().is_ok_and(|reading| joined(reading) == "She reads."),
        "{end:?}"
    );
    let fan: Vec<String> = (6..=11)
        .map(|next| {
            let next = format!(
                "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X {next} 0 R>>>>"
            );
            stream(&next, &"/X Do ".repeat(40))
        })
        .collect();
    let fan = pages(1, &format!("{WORDS} /X Do"), &fan);
    let end = in_child(fan).await;
    assert!(
        matches!(end, Err(Rejection::TooLarge { .. } | Rejection::Hostile { .. })),
        "{end:?}"
    );
}

#[tokio::test]
async fn a_content_that_unpacks_without_end_costs_one_file() {
    // 3 GB of spaces, packed three times.
    let end = in_child(bytes("tests/data/bomb.pdf")).await;
    assert!(
        matches!(
            end,
            Err(Rejection::Hostile { .. } | Rejection::TooLarge { .. } | Rejection::Damaged)
        ),
        "{end:?}"
    );
}

#[test]
fn absurd_sizes_are_no_panic() {
    let far = "BT /F 10 Tf 1 0 0 1 1e30 -1e30 Tm (far) Tj 1e30 0 0 1e30 60 700 Tm (big) Tj ET";
    for sheet in [
        "[0 0 1e30 1e30]",
        "[-2147483648 -2147483648 2147483647 2147483647]",
        "[0 0 0 0]",
        "[9 9 1 1]",
    ] {
        let page =
            Forge::page(&(line(60.0, 700.0, "She reads.") + far)).with_entries(&format!("/MediaBox{sheet}"));
        let twice = page.and_page(far, &format!("/MediaBox{sheet}"));
        // Read or not: what counts is that there is an answer.
        assert!(
            !matches!(read(&twice.bytes()), Err(Rejection::Hostile { .. })),
            "{sheet}"
        );
    }
}
