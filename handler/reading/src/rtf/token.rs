//! The tokens of RTF: groups, control words, characters.

/// Letters of a control word; Word takes 32.
const LONGEST_WORD: usize = 32;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'b> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name`, perhaps with a number.
    Word(&'b str, Option<i32>),
    /// `\` and a sign that is no letter.
    Sign(u8),
    /// `\'hh`
    Byte(u8),
    /// Bytes as they are.
    Text(&'b [u8]),
}

/// The tokens of a file.
pub(crate) struct Tokens<'b> {
    rest: &'b [u8],
}

impl<'b> Tokens<'b> {
    pub(crate) fn of(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether only white space and closing braces are left.
    pub(crate) fn is_done(&self) -> bool {
        self.rest
            .iter()
            .all(|b| b.is_ascii_whitespace() || matches!(b, b'}' | 0))
    }

    fn take(&mut self, count: usize) -> &'b [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn control(&mut self) -> Token<'b> {
        let letters = self
            .rest
            .iter()
            .take(LONGEST_WORD)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if letters == 0 {
            return self.sign();
        }
        let name = std::str::from_utf8(self.take(letters)).unwrap_or("");
        let number = self.number();
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        // Binary data is no text, whatever brace it holds.
        if name == "bin" {
            let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            self.take(length);
        }
        Token::Word(name, number)
    }

    fn sign(&mut self) -> Token<'b> {
        let sign = self.take(1).first().copied().unwrap_or(b' ');
        if sign != b'\'' {
            return Token::Sign(sign);
        }
        let digits = self
            .rest
            .get(..2)
            .filter(|two| two.iter().all(u8::is_ascii_hexdigit));
        let byte = digits
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match byte {
            Some(byte) => {
                self.take(2);
                Token::Byte(byte)
            }
            None => Token::Text(&[]),
        }
    }

    fn number(&mut self) -> Option<i32> {
        let minus = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self
            .rest
            .iter()
            .skip(minus)
            .take(11)
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits == 0 {
            return None;
        }
        let text = std::str::from_utf8(self.take(minus + digits)).ok()?;
        let number = text.parse::<i64>().ok()?;
        Some(i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX }))
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        let first = *self.rest.first()?;
        Some(match first {
            b'{' | b'}' => {
                self.take(1);
                if first == b'{' { Token::Open } else { Token::Close }
            }
            b'\\' => {
                self.take(1);
                self.control()
            }
            _ => {
                let length = memchr::memchr3(b'{', b'}', b'\\', self.rest).unwrap_or(self.rest.len());
                Token::Text(self.take(length))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &[u8], expected: &[Token<'_>]) {
        assert_eq!(Tokens::of(input).collect::<Vec<_>>(), expected, "{input:?}");
    }

    #[test]
    fn tokens() {
        use Token::{Byte, Close, Open, Sign, Text, Word};
        check(b"{\\rtf1 a}", &[Open, Word("rtf", Some(1)), Text(b"a"), Close]);
        check(b"\\li-360 x", &[Word("li", Some(-360)), Text(b"x")]);
        check(b"\\'e9\\~\\*", &[Byte(0xe9), Sign(b'~'), Sign(b'*')]);
        check(b"\\bin3 }}}x", &[Word("bin", Some(3)), Text(b"x")]);
        check(b"\\bin99 x", &[Word("bin", Some(99))]);
        check(b"\\'zz", &[Text(b""), Text(b"zz")]);
        check(b"\\u99999999999 ", &[Word("u", Some(i32::MAX))]);
        check(b"\\", &[Sign(b' ')]);
    }

    proptest! {
        #[test]
        fn tokens_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(Tokens::of(&bytes).count() <= bytes.len());
        }
    }
}
