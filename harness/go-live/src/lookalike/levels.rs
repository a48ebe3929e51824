//! How two rows compare, field by field: a closed list of levels for each field, packed into one number, the pattern.
//! It knows no weights.

/// Declares a field's levels. Level 0 is always "cannot be compared".
macro_rules! levels {
    ($($(#[$doc:meta])* $name:ident { $($(#[$level_doc:meta])* $level:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name {
            /// One side is empty, so nothing follows.
            Missing,
            $($(#[$level_doc])* $level),+
        }
        impl $name {
            pub const ALL: &'static [$name] = &[$name::Missing, $($name::$level),+];
            const fn bits(self) -> u32 { self as u32 }
            const fn of(bits: u32) -> $name { $name::ALL[bits as usize % $name::ALL.len()] }
        }
    )+};
}

levels! {
    Given {
        Same,
        /// Bob and Robert; a known-as or middle name; one is the beginning of the other.
        Form,
        /// One side has an initial only, and it fits.
        Initial,
        /// One slip, or Jaro-Winkler from 0.92.
        Close,
        /// Jaro-Winkler from 0.80, or it sounds the same.
        Like,
        Differs,
        /// Given and family name have changed places; the family name is then [`Family::Missing`].
        Swapped,
    }
    Family {
        Same,
        /// One is a part of the other's double-barrelled name, or their former name.
        Part,
        Close,
        Like,
        Differs,
    }
    Birth {
        Same,
        /// Day and month have changed places.
        Swapped,
        /// One digit differs, or two neighbouring digits have changed places.
        Slip,
        /// The year is one or ten off, day and month are the same.
        YearOff,
        /// One side knows the year only, and it fits.
        Year,
        /// Two of day, month and year are the same.
        TwoOfThree,
        Differs,
    }
    Nhs {
        Same,
        /// The same digits, with a wrong check digit.
        SameInvalid,
        /// One slip, and not both check digits are right.
        Slip,
        /// Different, and not both check digits are right.
        DiffersInvalid,
        /// Two valid numbers: strong evidence for two people.
        Differs,
    }
    /// Address, postcode and telephone together, for they change together.
    Home {
        /// House, postcode and telephone are the same.
        All,
        /// House and postcode; a telephone is missing.
        House,
        /// House and postcode; the telephones differ.
        HouseOtherPhone,
        /// Postcode and telephone; the house is missing or differs.
        PostcodePhone,
        /// The postcode, and nothing else can be compared.
        Postcode,
        /// The postcode, but another house.
        NextDoor,
        /// House and street, but not the postcode.
        HouseOnly,
        /// The telephone only.
        Phone,
        /// The postcodes are one slip apart.
        PostcodeSlip,
        /// The same part of a town: the first half of the postcode.
        Near,
        /// Only telephones can be compared, and they differ.
        OtherPhone,
        Differs,
    }
    /// As titles tell it.
    Sex { Same, Differs }
}

/// How many fields there are.
pub(crate) const N_FIELDS: usize = 6;
/// How many levels each has, in the order of the pattern.
pub(crate) const N_LEVELS: [usize; N_FIELDS] =
    [Given::ALL.len(), Family::ALL.len(), Birth::ALL.len(), Nhs::ALL.len(), Home::ALL.len(), Sex::ALL.len()];
/// Which bit of the pattern each field starts at.
const AT: [u32; N_FIELDS] = [0, 3, 6, 9, 12, 16];
const WIDTH: [u32; N_FIELDS] = [3, 3, 3, 3, 4, 2];
/// All patterns are below this.
pub(crate) const N_PATTERNS: usize = 1 << 18;

/// All levels of one pair in 18 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub(crate) u32);

impl Pattern {
    pub const fn new(given: Given, family: Family, birth: Birth, nhs: Nhs, home: Home, sex: Sex) -> Pattern {
        Pattern(
            given.bits()
                | family.bits() << AT[1]
                | birth.bits() << AT[2]
                | nhs.bits() << AT[3]
                | home.bits() << AT[4]
                | sex.bits() << AT[5],
        )
    }

    /// The level of a field as a number: 0 cannot be compared.
    pub(crate) const fn level(self, field: usize) -> usize {
        (self.0 >> AT[field] & ((1 << WIDTH[field]) - 1)) as usize
    }

    pub const fn given(self) -> Given {
        Given::of(self.0 & 7)
    }

    pub const fn family(self) -> Family {
        Family::of(self.0 >> AT[1] & 7)
    }

    pub const fn birth(self) -> Birth {
        Birth::of(self.0 >> AT[2] & 7)
    }

    pub const fn nhs(self) -> Nhs {
        Nhs::of(self.0 >> AT[3] & 7)
    }

    pub const fn home(self) -> Home {
        Home::of(self.0 >> AT[4] & 15)
    }

    pub const fn sex(self) -> Sex {
        Sex::of(self.0 >> AT[5] & 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_keeps_every_level() {
        for &given in Given::ALL {
            for &home in Home::ALL {
                let it =
                    Pattern::new(given, Family::Differs, Birth::Differs, Nhs::Differs, home, Sex::Differs);
                assert_eq!((it.given(), it.home()), (given, home));
                assert_eq!((it.family(), it.birth()), (Family::Differs, Birth::Differs));
                assert_eq!((it.nhs(), it.sex()), (Nhs::Differs, Sex::Differs));
                assert_eq!(it.level(0), given as usize);
                assert_eq!(it.level(4), home as usize);
                assert!((it.0 as usize) < N_PATTERNS);
            }
        }
    }

    #[test]
    fn every_field_has_room_for_its_levels() {
        for (n_levels, width) in N_LEVELS.iter().zip(WIDTH) {
            assert!(*n_levels <= 1 << width);
        }
    }
}
