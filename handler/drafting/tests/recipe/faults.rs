//! Every fault is named with its line, and all of them at once.

use drafting::recipe::load::Files;

use super::{lines, load_small, small};

/// One change to the small recipe: a file, words in it (none: the whole file), and what stands there instead.
pub type Edit<'a> = (&'a str, &'a str, &'a str);

pub const RECIPE: &str = "recipe.toml";

pub fn edited(edits: &[Edit]) -> Files {
    let mut files = small();
    for (file, old, new) in edits {
        let text = String::from_utf8(files.remove(*file).unwrap_or_default()).expect("text");
        assert!(text.contains(old), "`{old}` is not in {file}");
        let text = if old.is_empty() {
            (*new).to_owned()
        } else {
            text.replacen(old, new, 1)
        };
        files.insert((*file).to_owned(), text.into_bytes());
    }
    files
}

fn check(edits: &[Edit], expected: &[&str]) {
    let faults = load_small(&edited(edits))
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    assert_eq!(lines(&faults), expected, "{edits:?}");
}

/// One change to `recipe.toml` that may have other consequences besides the one looked for.
fn check_holds(old: &str, new: &str, expected: &str) {
    let faults = load_small(&edited(&[(RECIPE, old, new)]))
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    assert!(
        lines(&faults).contains(&expected.to_owned()),
        "{new}: {:?}",
        lines(&faults)
    );
}

fn check_warnings(edits: &[Edit], expected: &[&str]) {
    let recipe = load_small(&edited(edits))
        .map_err(|faults| lines(&faults))
        .expect("a fault");
    assert_eq!(lines(&recipe.warnings), expected, "{edits:?}");
}

#[test]
fn the_small_recipe_is_sound() {
    check_warnings(&[], &[]);
}

#[test]
fn form() {
    let head = "`title`, `version`, `completeness`, `wording`, `identity`, `guidance`, `rules`, `profile`, `screening`, `retention`, `recognition`, `template`, `advice`, `area`, \
                `kind`, `section`";
    for (old, new, expected) in [
        (
            "title = \"Plan\"",
            "title = ",
            vec!["recipe.toml:1: string values must be quoted, expected literal string"],
        ),
        ("title = \"Plan\"", "", vec!["recipe.toml:1: missing key `title`"]),
        (
            "[rules]",
            "[rule]",
            vec![&*format!(
                "recipe.toml:15: unknown key `rule`, expected one of {head}"
            )],
        ),
        (
            "\"quiet\"",
            "\"later\"",
            vec!["recipe.toml:3: unknown value `later`, expected `quiet` or `one_document`"],
        ),
        (
            "banner = \"DRAFT\"",
            "baner = \"DRAFT\"\ncolour = 2",
            vec![
                "recipe.toml:10: missing key `banner`",
                "recipe.toml:11: unknown key `baner`, expected one of `banner`, `disclosure`, `refused`, `differ`, `entered`, `not_linked`, `appendix`, `sign_off`, `sheets`",
                "recipe.toml:12: unknown key `colour`, expected one of `banner`, `disclosure`, `refused`, `differ`, `entered`, `not_linked`, `appendix`, `sign_off`, `sheets`",
            ],
        ),
        (
            "speaker = \"professional\"",
            "speaker = \"teacher\"",
            vec![
                "recipe.toml:22: unknown value `teacher`, expected one of `subject`, `family`, `professional`",
            ],
        ),
        (
            "form = \"index\"",
            "form = \"fact\"",
            vec!["recipe.toml:105: write `{ fact = {} }` or `{ facts = {} }`"],
        ),
        (
            "form = \"index\"",
            "form = \"list\"",
            vec!["recipe.toml:105: write `{ list = { kinds = [..] } }`"],
        ),
        (
            "\"index\"",
            "{ fact = {}, facts = {} }",
            vec!["recipe.toml:105: has two forms where one is wanted"],
        ),
        (
            "\"index\"",
            "{ list = { kinds = [\"need\"], areas = 3 } }",
            vec![
                "recipe.toml:105: unknown key `areas`, expected one of `kinds`, `area`, `speakers`, `status`, \
                 `placement`",
            ],
        ),
        (
            "= 50",
            "= -50",
            vec!["recipe.toml:80: invalid value: integer `-50`, expected a whole number"],
        ),
        ("[[area]]", "[area]", vec!["recipe.toml:40: duplicate key"]),
        (
            "identity = [\"born\"]",
            "identity = 1",
            vec!["recipe.toml:4: invalid type: integer `1`, expected a sequence"],
        ),
        (
            "[[section.field]]\nkey = \"received\"\nlabel = \"Sources\"\nform = \"index\"",
            "field = 1",
            vec!["recipe.toml:102: `field` is not a list of tables"],
        ),
        (
            "\"structure.words\" = \"info\"",
            "\"structure.words\" = \"loud\"",
            vec![
                "recipe.toml:16: unknown value `loud`, expected one of `off`, `critical`, `standard`, `info`",
            ],
        ),
    ] {
        check(&[(RECIPE, old, new)], &expected);
    }
}

/// A table that cannot be read does not hide the faults of the others, and whoever refers to it is not blamed.
#[test]
fn all_at_once() {
    check(
        &[
            (RECIPE, "\"1.0.0\"", "\"one\""),
            (RECIPE, "role = \"need\"", "role = \"want\""),
            (RECIPE, "area = \"care\"", "area = \"home\""),
            (RECIPE, "key = \"received\"", "key = \"help\""),
            (RECIPE, "code = \"C\"\n", ""),
            ("guidance/other.md", "", "Read by nobody."),
            ("notes.txt", "", "a"),
        ],
        &[
            "guidance/other.md: is read by nobody: name it in a section or under `[guidance]`, or delete it",
            "notes.txt: is no file of a recipe: a folder holds `recipe.toml`, `lexicon.toml`, `rules.toml`, `template.docx`, \
             `guidance/*.md` and `profiles/*.toml`, the names of these in `a` to `z`, `0` to `9`, `-` and `_`",
            "recipe.toml:2: is no version: write three numbers, `1.0.0`",
            "recipe.toml:40: missing key `code`",
            "recipe.toml:52: unknown value `want`, expected one of `fact`, `need`, `measure`, `outcome`, `passage`",
            "recipe.toml:84: `home` is the id of no area",
            "recipe.toml:102: `help` is the key of an earlier table: choose another",
        ],
    );
}

#[test]
fn head() {
    for (old, new, expected) in [
        (
            "\"1.0.0\"",
            "\"1.0\"",
            "recipe.toml:2: is no version: write three numbers, `1.0.0`",
        ),
        (
            "\"1.0.0\"",
            "\"1.01.0\"",
            "recipe.toml:2: is no version: write three numbers, `1.0.0`",
        ),
        (
            "\"Plan\"",
            "\" Plan\"",
            "recipe.toml:1: begins or ends with white space",
        ),
        (
            "\"Plan\"",
            "\"Pl\\nan\"",
            "recipe.toml:1: holds a line break or another control character",
        ),
        ("\"DRAFT\"", "\" \"", "recipe.toml:11: is empty"),
        (
            "{reason}",
            "why",
            "recipe.toml:13: must hold `{reason}` once: it is where the reason stands",
        ),
        (
            "[rules]\n",
            "differ = \"Sources differ.\"\n\n[rules]\n",
            "recipe.toml:15: must hold `{values}` once: it is where the values stand",
        ),
        (
            "[rules]\n",
            "[wording.sheets]\ntitle = \"Questions\"\n\n[rules]\n",
            "recipe.toml:16: must hold `{to}` once: it is where the role of who is asked stands",
        ),
        (
            "[rules]\n",
            "[wording.sheets]\nanswer = \"\"\n\n[rules]\n",
            "recipe.toml:16: is empty",
        ),
        (
            "[rules]\n",
            "sign_off = [\"Name\", \"\"]\n\n[rules]\n",
            "recipe.toml:15: is empty",
        ),
        (
            "[\"born\"]",
            "[\"name\"]",
            "recipe.toml:4: `name` is the key of no field",
        ),
        (
            "[\"born\"]",
            "[\"born\", \"born\"]",
            "recipe.toml:4: `born` stands here twice",
        ),
        (
            "[\"born\"]",
            "[\"needs\"]",
            "recipe.toml:4: `needs` is no fact: only a single value tells two subjects apart",
        ),
        (
            "\"sorting.md\"",
            "\"sort.md\"",
            "recipe.toml:7: `guidance/sort.md` is not there, or could not be read",
        ),
        (
            "structure.words",
            "structure.length",
            "recipe.toml:16: `structure.length` is the id of no rule",
        ),
    ] {
        check_holds(old, new, expected);
    }
}

#[test]
fn sorting() {
    for (old, new, expected) in [
        (
            "\"school\"",
            "\"School\"",
            "recipe.toml:19: is no id: use `a` to `z`, `0` to `9` and `_`, a letter first, at \
                                      most 100 characters",
        ),
        (
            "letter = \"B\"",
            "letter = \"BB\"",
            "recipe.toml:24: is no letter from `A` to `Z`",
        ),
        (
            "area = \"learning\"",
            "area = \"play\"",
            "recipe.toml:25: `play` is the id of no area",
        ),
        (
            "\"school report\"",
            "\"School report\"",
            "recipe.toml:26: is a cue with a capital letter: write cues in \
                                                    lower case",
        ),
        (
            "\"school report\"",
            "\"school advice\"",
            "recipe.toml:26: `school advice` is a cue of `school` already",
        ),
        (
            "= \"school\"\n\n",
            "= \"college\"\n\n",
            "recipe.toml:33: `college` is the id of no advice",
        ),
        (
            "required = \"the rules\"\n",
            "",
            "recipe.toml:32: `school` is not required, so nothing can stand for it",
        ),
        (
            "stands_for",
            "required = \"a rule\"\nstands_for",
            "recipe.toml:34: advice that is itself required cannot \
                                                             stand for another",
        ),
        (
            "id = \"care\"",
            "id = \"learning\"",
            "recipe.toml:41: `learning` is the id of an earlier table: choose \
                                                another",
        ),
        (
            "code = \"C\"",
            "code = \"L\"",
            "recipe.toml:43: `L` is the code of an earlier area",
        ),
        (
            "code = \"C\"",
            "code = \"c.1\"",
            "recipe.toml:43: is no code: use one to four of `A` to `Z` and `0` to `9`, \
                                            a letter first",
        ),
        (
            "role = \"measure\"",
            "role = \"measure\"\nstands_alone = true",
            "recipe.toml:59: only a kind with the role \
                                                                           `need` can stand alone",
        ),
    ] {
        check_holds(old, new, expected);
    }
}

#[test]
fn document() {
    for (old, new, expected) in [
        (
            "id = \"B\"\n",
            "id = \"b\"\n",
            "recipe.toml:71: is no code: use one to four of `A` to `Z` and `0` to `9`, a \
                                          letter first",
        ),
        (
            "id = \"B\"\n",
            "id = \"A\"\n",
            "recipe.toml:71: `A` is the id of an earlier table: choose another",
        ),
        ("nil = \"None.\"\n", "", "recipe.toml:97: is empty"),
        (
            "closed = ",
            "nil = \"None.\"\nclosed = ",
            "recipe.toml:95: a closed section has no nil sentence: `closed` \
                                                     stands in its place",
        ),
        (
            "nil = \"None.\"",
            "closed = \"Later.\"",
            "recipe.toml:103: a closed section has no fields",
        ),
        (
            "\"needs.md\"",
            "\"need.md\"",
            "recipe.toml:74: `guidance/need.md` is not there, or could not be read",
        ),
        (
            "key = \"received\"",
            "key = \"documents\"",
            "recipe.toml:103: `documents` means something else in every \
                                                      template: choose another key",
        ),
        (
            "key = \"received\"",
            "key = \"the sources\"",
            "recipe.toml:103: is no id: use `a` to `z`, `0` to `9` and \
                                                        `_`, a letter first, at most 100 characters",
        ),
        (
            "max_words = 50",
            "max_words = 0",
            "recipe.toml:80: is for a passage or a list, and more than none",
        ),
        (
            "form = \"index\"",
            "form = \"index\"\nmax_words = 9",
            "recipe.toml:106: is for a passage or a list, and \
                                                                 more than none",
        ),
        (
            "kinds = [\"need\"]",
            "kinds = []",
            "recipe.toml:79: names no kind of claim",
        ),
        (
            "kinds = [\"need\"]",
            "kinds = [\"want\"]",
            "recipe.toml:79: `want` is the id of no kind",
        ),
        (
            "kinds = [\"need\"]",
            "kinds = [\"need\", \"need\"]",
            "recipe.toml:79: `need` stands here twice",
        ),
        (
            "kinds = [\"need\"]",
            "kinds = [\"fact\"]",
            "recipe.toml:79: `fact` is a fact: a field takes it by its own \
                                                      key, with `fact` or `facts`",
        ),
        (
            "placement = \"B\"",
            "placement = \"H\"",
            "recipe.toml:85: `H` is the id of no section",
        ),
        (
            "{ kinds = [\"need\"] }",
            "{ kinds = [\"need\"], status = [\"advised\"] }",
            "recipe.toml:79: none of the \
         kinds has the role `measure`, so none has a status",
        ),
        (
            "role = \"fact\"",
            "role = \"passage\"",
            "recipe.toml:68: is a fact, and no kind has the role `fact`",
        ),
    ] {
        check_holds(old, new, expected);
    }
}

#[test]
fn what_no_field_takes() {
    check_warnings(
        &[(RECIPE, "identity = [\"born\"]\n", "")],
        &["recipe.toml:1: `identity` is empty: a document about somebody else cannot be noticed"],
    );
    check_warnings(
        &[(RECIPE, "kinds = [\"need\"]", "kinds = [\"help\"]")],
        &["recipe.toml:51: no field takes a claim of the kind `need`"],
    );
    check_warnings(
        &[(
            RECIPE,
            "kinds = [\"need\"]",
            "kinds = [\"need\"], area = \"care\"",
        )],
        &["recipe.toml:51: no field takes a claim of the kind `need` in the area `learning`"],
    );
}

#[test]
fn lexicon() {
    for (text, expected) in [
        ("[[topic]]\nid = 'x'\nwords = ['(']", "lexicon.toml:3: "),
        (
            "[[voice]]\nspeaker = 'family'\nkinds = ['want']",
            "lexicon.toml:3: `want` is the name of no kind of the recipe",
        ),
        (
            "fallback_area = 'home'",
            "lexicon.toml:1: `home` is the name of no area of the recipe",
        ),
        (
            "[[heading]]\nplacement = 'H'",
            "lexicon.toml:2: `H` is the name of no section of the recipe",
        ),
        (
            "[[fact]]\nkey = 'needs'",
            "lexicon.toml:2: `needs` is the name of no fact of the recipe",
        ),
        (
            "[[fact]]\nkey = 'born'\nadvice = ['gp']",
            "lexicon.toml:3: `gp` is the name of no advice of the recipe",
        ),
    ] {
        let files = edited(&[("lexicon.toml", "", text)]);
        let faults = load_small(&files)
            .map(|recipe| recipe.version)
            .expect_err("no fault");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(lines(&faults)[0].starts_with(expected), "{faults:?}");
    }
    let second = "key = \"received\"\nlabel = \"Sources\"\nform = { fact = {} }";
    check_warnings(
        &[
            (
                RECIPE,
                "key = \"received\"\nlabel = \"Sources\"\nform = \"index\"",
                second,
            ),
            ("lexicon.toml", "", "[[fact]]\nkey = 'born'"),
        ],
        &[
            "recipe.toml:103: the lexicon has no fact `received`: without a model only the officer can fill it",
            "recipe.toml:103: the template has no placeholder `received`: the field stands in the report alone",
        ],
    );
}
