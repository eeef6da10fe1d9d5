//! The automaton of one pattern, made for many short texts: most hold no match, and to see that must cost little.
//!
//! Whether and where a match ends is told by a deterministic automaton whose states are made as texts need them. The few texts
//! that hold one are read again by a slower machine when its groups are asked for. What `regex` adds to this (literals
//! looked for first, a second automaton that reads backwards) takes several times as long to make as a run looks.

use std::ops::Range;
use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::Input;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::pikevm::{self, PikeVM};
use regex_automata::nfa::thompson::{BuildError, Compiler, Config, NFA, WhichCaptures};
use regex_automata::util::captures::Captures;
use regex_automata::util::pool::Pool;
use regex_syntax::hir::Hir;

/// Memory of a search, which threads give one another.
type Caches<T> = Pool<T, Box<dyn Fn() -> T + Send + Sync + UnwindSafe + RefUnwindSafe>>;

/// Tells where matches end.
struct Ends {
    dfa: DFA,
    memory: Caches<dfa::Cache>,
}

impl Ends {
    fn of(nfa: &NFA) -> Option<Self> {
        let config = DFA::config().skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa.clone());
        let Ok(dfa) = dfa else { return None };
        let same = dfa.clone();
        Some(Self {
            dfa,
            memory: Pool::new(Box::new(move || same.create_cache())),
        })
    }

    /// Where the first match ends.
    #[expect(
        clippy::expect_used,
        reason = "it gives up on no byte and after no number of states, as it is not told to"
    )]
    fn first(&self, input: &Input<'_>) -> Option<usize> {
        let found = self.dfa.try_search_fwd(&mut self.memory.get(), input);
        Some(found.expect("it never gives up")?.offset())
    }
}

/// A compiled pattern.
pub(super) struct Automaton {
    /// None where the pattern asks for the borders of Unicode's words, which need more than the next byte.
    ends: Option<Ends>,
    groups: PikeVM,
    memory: Caches<pikevm::Cache>,
}

impl Automaton {
    /// Compiles a pattern. Matches of one with `unicode` begin and end between characters.
    pub(super) fn of(pattern: &Hir, unicode: bool) -> Result<Self, Box<BuildError>> {
        let captures = if unicode {
            WhichCaptures::All
        } else {
            WhichCaptures::Implicit
        };
        let nfa = Compiler::new()
            .configure(Config::new().utf8(unicode).which_captures(captures))
            .build_from_hir(pattern)?;
        let ends = Ends::of(&nfa);
        let groups = PikeVM::builder().build_from_nfa(nfa)?;
        let same = groups.clone();
        Ok(Self {
            ends,
            groups,
            memory: Pool::new(Box::new(move || same.create_cache())),
        })
    }

    /// Whether a match stands in the text.
    pub(super) fn found(&self, text: &[u8]) -> bool {
        let input = Input::new(text).earliest(true);
        match &self.ends {
            Some(ends) => ends.first(&input).is_some(),
            None => self.captures(&input).is_some(),
        }
    }

    /// Where the first match from `from` on ends, with what it and its groups took: the whole match first.
    pub(super) fn groups(&self, text: &[u8], from: usize) -> Option<Captures> {
        let input = Input::new(text).span(from..text.len());
        match &self.ends {
            Some(ends) => self.captures(&input.clone().range(from..ends.first(&input)?)),
            None => self.captures(&input),
        }
    }

    /// The first match from `from` on.
    pub(super) fn place(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        self.groups(text, from)?.get_match().map(|found| found.range())
    }

    /// How many matches stand beside one another in the text.
    pub(super) fn count(&self, text: &[u8]) -> usize {
        let mut from = 0;
        let mut count = 0;
        while from <= text.len() {
            let end = match &self.ends {
                Some(ends) => ends.first(&Input::new(text).span(from..text.len())),
                None => self.place(text, from).map(|found| found.end),
            };
            let Some(end) = end else { break };
            count += 1;
            from = end.max(from + 1);
        }
        count
    }

    fn captures(&self, input: &Input<'_>) -> Option<Captures> {
        let mut captures = self.groups.create_captures();
        self.groups.search(&mut self.memory.get(), input, &mut captures);
        captures.is_match().then_some(captures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex_syntax::ParserBuilder;

    fn automaton(pattern: &str, unicode: bool) -> Automaton {
        let parsed = ParserBuilder::new()
            .utf8(unicode)
            .unicode(unicode)
            .build()
            .parse(pattern);
        Automaton::of(&parsed.unwrap(), unicode).unwrap()
    }

    /// Where all matches stand, one behind the other.
    fn places(automaton: &Automaton, text: &str) -> Vec<Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(|| {
            let found = automaton.place(text.as_bytes(), from)?;
            from = found.end;
            Some(found)
        })
        .collect()
    }

    #[test]
    fn the_borders_of_unicodes_words_are_found_too() {
        let automaton = automaton(r"\b(Zo\w+)\b", true);
        assert!(automaton.found("it is Zoë.".as_bytes()) && !automaton.found("éZoë".as_bytes()));
        assert_eq!(automaton.count("Zoë and Zoe".as_bytes()), 2);
        let groups = automaton.groups("it is Zoë.".as_bytes(), 0).unwrap();
        assert_eq!(groups.get_group(1).unwrap().range(), 6..10);
    }

    #[test]
    fn an_empty_pattern_ends() {
        let empty = automaton("^(?:(?:)|a)$", false);
        assert!(empty.found(b"") && empty.found(b"a") && !empty.found(b"b"));
        assert_eq!(automaton("", false).count(b"ab"), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        #[test]
        fn it_finds_what_the_library_of_expressions_finds(
            phrases in proptest::collection::vec(
                prop::sample::select(vec!["a", "ab", "ab?", "a b", "(?:b|ba) c?a", "c+", "[ab] [^c]", r"\(a", r"b\b", "é", "(c) ?(a)?"]),
                1..5,
            ),
            text in "[abcé( ]{0,14}",
        ) {
            let pattern = format!(r"(?:^|(?-u:\b))(?:{})(?:(?-u:\b)|$)", phrases.join("|"));
            let ours = automaton(&pattern, true);
            let theirs = regex::Regex::new(&pattern).unwrap();
            let expected: Vec<_> = theirs.find_iter(&text).map(|found| found.range()).collect();
            prop_assert_eq!(ours.found(text.as_bytes()), theirs.is_match(&text));
            prop_assert_eq!(ours.count(text.as_bytes()), expected.len());
            prop_assert_eq!(places(&ours, &text), expected);
            let groups = ours.groups(text.as_bytes(), 0);
            let groups = groups.map(|all| all.iter().map(|one| one.map(|span| span.range())).collect::<Vec<_>>());
            let expected = theirs.captures(&text);
            let expected = expected.map(|all| all.iter().map(|one| one.map(|part| part.range())).collect::<Vec<_>>());
            prop_assert_eq!(groups, expected);
        }
    }
}
