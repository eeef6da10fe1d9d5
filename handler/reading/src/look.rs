//! How a run of text looks, as far as it decides whether a person would see it: bold, hidden, colour, size.

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    /// The program's choice, which can be read on any ground.
    Auto,
    /// Red, green, blue.
    Rgb(u8, u8, u8),
    /// One that depends on a theme or a picture; taken for readable.
    Unknown,
}

impl Colour {
    fn parts(self) -> Option<[u8; 3]> {
        match self {
            Self::Rgb(red, green, blue) => Some([red, green, blue]),
            Self::Auto | Self::Unknown => None,
        }
    }
}

/// The colour of paper.
pub(crate) const WHITE: Colour = Colour::Rgb(255, 255, 255);

/// Text smaller than this cannot be read: 3 points, in half-points.
const LEAST_SIZE: u32 = 6;
/// Letters narrower than this share of their width, in per cent, cannot be read.
const LEAST_WIDTH: u32 = 10;
/// Colours whose parts all differ by less than this look the same: #F0F0F0 on white.
const LEAST_CONTRAST: u8 = 20;

/// What a set of run properties says of a run; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) bold: Option<bool>,
    pub(crate) vanish: Option<bool>,
    /// Struck through: what a person reads as taken back.
    pub(crate) strike: Option<bool>,
    pub(crate) colour: Option<Colour>,
    pub(crate) ground: Option<Colour>,
    /// In half-points.
    pub(crate) size: Option<u32>,
    /// In per cent of the letters' own width.
    pub(crate) width: Option<u32>,
}

impl Face {
    /// The same, with what it leaves open taken from another.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self {
            bold: self.bold.or(other.bold),
            vanish: self.vanish.or(other.vanish),
            strike: self.strike.or(other.strike),
            colour: self.colour.or(other.colour),
            ground: self.ground.or(other.ground),
            size: self.size.or(other.size),
            width: self.width.or(other.width),
        }
    }

    /// Two styles on one run: what both switch on is off again (ECMA-376 part 1, 17.7.3).
    pub(crate) fn toggled(&self, other: &Self) -> Self {
        let toggle = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(a), Some(b)) => Some(a != b),
            (a, b) => a.or(b),
        };
        Self {
            bold: toggle(self.bold, other.bold),
            vanish: toggle(self.vanish, other.vanish),
            ..self.or(other)
        }
    }

    /// Whether a person would not see text of this face on a ground.
    pub(crate) fn is_unseen(&self, ground: Colour) -> bool {
        self.vanish == Some(true)
            || self.size.is_some_and(|size| size < LEAST_SIZE)
            || self.width.is_some_and(|width| width < LEAST_WIDTH)
            || self
                .colour
                .is_some_and(|colour| same(colour, self.ground.unwrap_or(ground)))
    }
}

/// Whether text of a colour cannot be told from its ground.
fn same(text: Colour, ground: Colour) -> bool {
    let ground = if ground == Colour::Auto { WHITE } else { ground };
    let (Some(text), Some(ground)) = (text.parts(), ground.parts()) else {
        return false;
    };
    text.iter()
        .zip(ground)
        .all(|(one, other)| one.abs_diff(other) < LEAST_CONTRAST)
}

/// "FFFFFF", "auto", or the "#fff" and "white" of the older drawings.
pub(crate) fn hex(value: &str) -> Colour {
    let digits = value.trim_start_matches('#');
    let part = |range| digits.get(range).and_then(|two| u8::from_str_radix(two, 16).ok());
    match (part(0..2), part(2..4), part(4..6)) {
        (Some(r), Some(g), Some(b)) => Colour::Rgb(r, g, b),
        _ if value == "auto" => Colour::Auto,
        _ if digits.eq_ignore_ascii_case("fff") || value.eq_ignore_ascii_case("white") => WHITE,
        _ => Colour::Unknown,
    }
}
