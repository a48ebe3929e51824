//! What is wrong with a row, so that figures can be told by kind.

macro_rules! flaws {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// One thing that makes a row hard to match.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Flaw { $($(#[$doc])* $name),+ }
        impl Flaw {
            pub const ALL: &'static [Flaw] = &[$(Flaw::$name),+];
            pub const fn text(self) -> &'static str { match self { $(Flaw::$name => $text),+ } }
        }
    };
}

flaws! {
    SecondRecord = "second ACP record",
    WrongPersonsIdentifier = "identifier of another person",
    MangledIdentifier = "identifier mangled",
    Nickname = "nickname or known-as name",
    MiddleName = "middle name added",
    Initial = "initial only",
    GivenTypo = "given name mistyped",
    GivenMissing = "given name missing",
    FamilyTypo = "family name mistyped",
    Maiden = "former family name",
    DoubleBarrelled = "double-barrelled on one side",
    SwappedNames = "names swapped",
    BirthMissing = "date of birth missing",
    BirthDefault = "date of birth 1 January",
    BirthSwapped = "day and month swapped",
    BirthTypo = "date of birth mistyped",
    YearOff = "year of birth off by 1 or 10",
    NhsMissing = "NHS number missing",
    NhsTypo = "NHS number mistyped",
    MatesNhs = "NHS number of a house-mate",
    Moved = "moved house",
    PostcodeMissing = "postcode missing",
    PostcodeTypo = "postcode mistyped",
    OtherPhone = "another telephone number",
}

/// A set of flaws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flaws(u32);

impl Flaws {
    pub fn add(&mut self, flaw: Flaw) {
        self.0 |= 1 << flaw as u32;
    }

    pub const fn has(self, flaw: Flaw) -> bool {
        self.0 & 1 << flaw as u32 != 0
    }

    /// All that either row has.
    pub const fn or(self, other: Flaws) -> Flaws {
        Flaws(self.0 | other.0)
    }

    /// How many, what is missing left out.
    pub fn n_differences(self) -> usize {
        let is_difference = |flaw: &&Flaw| {
            self.has(**flaw)
                && !matches!(
                    flaw,
                    Flaw::SecondRecord
                        | Flaw::WrongPersonsIdentifier
                        | Flaw::MangledIdentifier
                        | Flaw::NhsMissing
                )
        };
        Flaw::ALL.iter().filter(is_difference).count()
    }
}
