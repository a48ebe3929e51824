//! What a field keeps of a text.

use feed::{Field, Fields, NhsNumber, Text};
use jiff::civil::Date;

#[test]
fn a_plain_date_is_kept_exactly_when_the_day_exists() {
    for year in [1, 1900, 1936, 2000, 2026, 9999] {
        for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
            let text = Text::from(format!("{year:04}-{month:02}-{day:02}"));
            let exists = Date::new(year, month, day).is_ok();
            assert_eq!(Field::DateOfBirth.keep(text.clone()).ok(), exists.then_some(text));
        }
    }
}

#[test]
fn what_only_looks_like_a_date_is_not_kept() {
    for text in [
        "1938-11-4",
        "1938/11/04",
        "1938-11-04x",
        "x938-11-04",
        "19381-1-04",
        "\u{663}938-11-04",
        "04-11-1938",
    ] {
        assert!(Field::EndDate.read(text).is_err(), "{text}");
    }
}

#[test]
fn a_text_that_is_fit_is_the_same_as_it_came() {
    for field in Field::ALL.iter().filter(|field| !matches!(field, Field::NhsNumber)) {
        let text = match field {
            Field::DateOfBirth | Field::StartDate | Field::EndDate => "1938-11-04",
            _ => " O'Neill & S\u{f6}n ",
        };
        assert_eq!(field.read(text), field.keep(Text::from(text)));
        assert_eq!(field.read(text).unwrap(), text);
        assert_eq!(field.read("").unwrap(), "");
        assert!(field.read("a\0").is_err());
    }
}

#[test]
fn fields_come_out_in_the_order_of_the_list_however_they_went_in() {
    let values = [(Field::Branch, "North"), (Field::GivenName, "Ada"), (Field::Phone, "1")];
    let fields: Fields = values.into_iter().map(|(field, value)| (field, Text::from(value))).collect();
    let order: Vec<Field> = fields.into_iter().map(|(field, _)| field).collect();
    assert_eq!(order, [Field::GivenName, Field::Phone, Field::Branch]);
}

#[test]
fn an_nhs_number_has_ten_digits_and_the_right_last_one() {
    for (text, kept) in [
        ("999 000 0018", Some("9990000018")),
        ("999-000-0018", Some("9990000018")),
        ("999000001", None),
        ("99900000181", None),
        ("9990000019", None),
        ("999000001x", None),
    ] {
        assert_eq!(NhsNumber::read(text).ok().map(NhsNumber::digits).as_deref(), kept, "{text}");
    }
    let is_synthetic = |text| NhsNumber::read(text).unwrap().is_synthetic();
    assert!(is_synthetic("999 000 0018"));
    assert!(!is_synthetic("943 476 5919"));
}

#[test]
fn the_longest_text_is_a_thousand_characters_however_many_bytes() {
    for (n, is_kept) in [(999, true), (1000, true), (1001, false)] {
        for letter in ["n", "é"] {
            assert_eq!(Field::AddressLine1.read(&letter.repeat(n)).is_ok(), is_kept, "{n} times {letter}");
        }
    }
}

#[test]
fn fields_say_how_many_they_are() {
    let mut fields = Fields::default();
    assert!(fields.is_empty());
    for (n, field) in (1..).zip([Field::GivenName, Field::FamilyName, Field::Branch]) {
        fields.set(field, Text::from("x"));
        assert_eq!((fields.len(), fields.is_empty()), (n, false));
    }
    assert_eq!(fields.iter().size_hint(), (3, Some(3)));
}
