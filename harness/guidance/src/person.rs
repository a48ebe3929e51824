//! The one-person rule: when two descriptions count as one person for guidance. It is deliberately plain; weighing
//! evidence is the go-live planner's job. Knows nothing of identifiers: those decide what a sync does, not who
//! somebody is.

use acp::Record;
use feed::{Field, Fields, NhsNumber, Text};

/// What the rule looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) nhs_number: Option<NhsNumber>,
    pub(crate) birth_and_name: Option<BirthAndName>,
}

/// Date of birth as the field keeps it, folded given name, folded family name; none of them blank.
pub(crate) type BirthAndName = (Text, String, String);

impl Marks {
    pub(crate) fn of_record(record: &Record) -> Marks {
        Marks::of(|field| record.synced.text(field))
    }

    pub(crate) fn of_fields(fields: &Fields) -> Marks {
        Marks::of(|field| fields.text(field))
    }

    fn of<'a>(text: impl Fn(Field) -> &'a str) -> Marks {
        Marks {
            nhs_number: NhsNumber::read(text(Field::NhsNumber)).ok(),
            birth_and_name: birth_and_name(
                text(Field::DateOfBirth),
                text(Field::GivenName),
                text(Field::FamilyName),
            ),
        }
    }

    /// The same valid NHS number; or the same date of birth and the same folded given and family name. Two
    /// different valid NHS numbers are never one person, and nothing blank is ever equal. *Assumed*: the article
    /// gives signs of a duplicate, not a rule.
    pub(crate) fn is_same_person(&self, other: &Marks) -> bool {
        match (self.nhs_number, other.nhs_number) {
            (Some(one), Some(another)) => one == another,
            _ => self.birth_and_name.is_some() && self.birth_and_name == other.birth_and_name,
        }
    }
}

/// None where a part is blank, or the date is not one.
fn birth_and_name(date_of_birth: &str, given: &str, family: &str) -> Option<BirthAndName> {
    let date = Field::DateOfBirth.read(date_of_birth).ok().filter(|date| !date.is_empty())?;
    let (given, family) = (fold(given), fold(family));
    (!given.is_empty() && !family.is_empty()).then_some((date, given, family))
}

/// A name without case, diacritics, punctuation and spaces: `O'Neill-Å` and `ONEILL A` are alike.
///
/// Diacritics are taken off Latin letters only (Western and Central European, Welsh, Irish, Turkish, Vietnamese as
/// far as they are written with combining marks). It does not transliterate other alphabets, does not know that
/// `ü` is also written `ue`, and knows no nicknames.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(letters) => folded.push_str(letters),
            None if c.is_alphanumeric() && !is_combining(c) => folded.push(c),
            None => {}
        }
    }
    folded
}

/// Combining Diacritical Marks, as a decomposed letter carries them. Unicode block U+0300 to U+036F.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The plain letters of a lower-case Latin letter with a diacritic, or of a ligature. Unicode blocks Latin-1
/// Supplement, Latin Extended-A and, for Welsh and Romanian, a few of Extended-B and Extended Additional.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'a'..='z' => return None,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Marks, fold};
    use feed::{Field, Fields};

    fn marks(nhs_number: &str, born: &str, given: &str, family: &str) -> Marks {
        Marks::of_fields(&Fields::from_iter([
            (Field::NhsNumber, nhs_number.into()),
            (Field::DateOfBirth, born.into()),
            (Field::GivenName, given.into()),
            (Field::FamilyName, family.into()),
        ]))
    }

    #[track_caller]
    fn check(one: [&str; 4], other: [&str; 4], same: bool) {
        let [a, b] = [one, other].map(|[nhs, born, given, family]| marks(nhs, born, given, family));
        assert_eq!(a.is_same_person(&b), same, "{one:?} {other:?}");
        assert_eq!(b.is_same_person(&a), same, "the rule is the same both ways");
    }

    const ADA: [&str; 4] = ["", "1938-11-04", "Ada", "Okafor"];

    #[test]
    fn date_of_birth_and_folded_names_make_one_person() {
        check(ADA, ["", "1938-11-04", "ADA", "okafor "], true);
        check(ADA, ["", "1938-11-05", "Ada", "Okafor"], false);
    }

    #[test]
    fn twins_are_two_people() {
        check(ADA, ["", "1938-11-04", "Ida", "Okafor"], false);
    }

    #[test]
    fn one_valid_nhs_number_is_enough_and_two_different_ones_never_match() {
        check(["9990000018", "", "Ada", ""], ["999 000 0018", "1950-01-01", "Adaeze", "Obi"], true);
        check(
            ["9990000018", "1938-11-04", "Ada", "Okafor"],
            ["9990000026", "1938-11-04", "Ada", "Okafor"],
            false,
        );
    }

    #[test]
    fn an_invalid_nhs_number_counts_for_nothing() {
        check(["9990000019", "", "A", "B"], ["9990000019", "", "A", "B"], false);
        check(["9990000019", "1938-11-04", "Ada", "Okafor"], ADA, true);
    }

    #[test]
    fn blank_is_never_equal_to_blank() {
        check(["", "", "Ada", "Okafor"], ["", "", "Ada", "Okafor"], false);
        check(["", "1938-11-04", "", "Okafor"], ["", "1938-11-04", "", "Okafor"], false);
        check(["", "", "", ""], ["", "", "", ""], false);
    }

    #[test]
    fn folding_takes_off_case_marks_punctuation_and_spaces() {
        for (name, folded) in [
            ("O'Neill", "oneill"),
            ("O\u{2019}NEILL", "oneill"),
            ("de la Cruz", "delacruz"),
            ("Siân", "sian"),
            ("Sia\u{302}n", "sian"),
            ("Łukasz", "lukasz"),
            ("Straße", "strasse"),
            ("Ŷnyr-Æsc", "ynyraesc"),
            ("İpek", "ipek"),
            ("Αδά", "αδά"),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }
}
