//! The fields that a service user and a record have, who owns each, and what may stand in it. Every value is
//! text, kept as written; [`Field::read`] says whether a text is fit for its field.

use crate::{NhsNumber, Settings, Text};
use jiff::civil::Date;
use std::iter::Zip;
use thin_vec::ThinVec;

/// Who owns a field, by the guidance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// Rostering controls it: ACP's value is overwritten at the next sync. Article 14300960.
    Rostering,
    /// It starts from rostering, then ACP keeps its own edits (setting `contact_details`).
    StartsFromRostering,
    /// Rostering controls it where the integration manages it (setting `managed_demographics`).
    WhereManaged,
    /// ACP controls it: no update carries it.
    Acp,
}

impl Owner {
    pub const fn text(self) -> &'static str {
        match self {
            Owner::Rostering => "rostering controls this field",
            Owner::StartsFromRostering => "this field starts from rostering, then ACP keeps its own edits",
            Owner::WhereManaged => "rostering controls this field where the integration manages it",
            Owner::Acp => "ACP controls this field",
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $owner:ident, sent: $sent:literal;)+) => {
        /// A field of a service user or record. Sent fields: article 12008687.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field { $($(#[$doc])* $name),+ }
        impl Field {
            pub const ALL: &'static [Field] = &[$(Field::$name),+];
            /// As files and reports write it.
            pub const fn text(self) -> &'static str { match self { $(Field::$name => $text),+ } }
            pub const fn owner(self) -> Owner { match self { $(Field::$name => Owner::$owner),+ } }
            /// Whether the published list of sent fields has it. `nhs number` is sent only where the
            /// integration manages it; `gender` and `email` never (article 12008687 lacks all three).
            pub const fn is_sent(self) -> bool { match self { $(Field::$name => $sent),+ } }
        }
    };
}

fields! {
    Title = "title", Rostering, sent: true;
    GivenName = "given name", Rostering, sent: true;
    FamilyName = "family name", Rostering, sent: true;
    DateOfBirth = "date of birth", WhereManaged, sent: true;
    NhsNumber = "nhs number", WhereManaged, sent: true;
    Gender = "gender", Acp, sent: false;
    /// Ownership of the dates, area, PIN, QR code, key safe and access details is not published; that
    /// rostering controls them is *assumed*.
    StartDate = "start date", Rostering, sent: true;
    EndDate = "end date", Rostering, sent: true;
    AddressLine1 = "address line 1", StartsFromRostering, sent: true;
    AddressLine2 = "address line 2", StartsFromRostering, sent: true;
    AddressLine3 = "address line 3", StartsFromRostering, sent: true;
    AddressLine4 = "address line 4", StartsFromRostering, sent: true;
    County = "county", StartsFromRostering, sent: true;
    Postcode = "postcode", StartsFromRostering, sent: true;
    Phone = "phone", StartsFromRostering, sent: true;
    SecondPhone = "second phone", StartsFromRostering, sent: true;
    Email = "email", Acp, sent: false;
    Area = "area", Rostering, sent: true;
    Pin = "pin", Rostering, sent: true;
    QrCode = "qr code", Rostering, sent: true;
    KeySafe = "key safe", Rostering, sent: true;
    AccessDetails = "access details", Rostering, sent: true;
    Branch = "branch", Rostering, sent: true;
    /// Sent only where a Care Rostering service order names one; else it follows from the branch.
    Service = "service", Rostering, sent: true;
}

/// Why a text is not fit for its field. `what` fits after "… is".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub what: String,
    pub instead: &'static str,
}

/// The longest text that a field holds, in characters. *Assumed.*
const LONGEST: usize = 1000;

impl Field {
    pub fn from_text(text: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.text() == text)
    }

    /// Whether the field is about how to reach somebody (phone, e-mail, address): who owns it goes by
    /// provenance.
    pub const fn is_contact(self) -> bool {
        matches!(self.owner(), Owner::StartsFromRostering) || matches!(self, Field::Email)
    }

    /// The text as the field keeps it. Names and addresses stay byte for byte; an NHS number is kept as ten
    /// digits, a date as `2026-03-02`. An empty text is fit for every field: it clears it.
    pub fn read(self, raw: &str) -> Result<Text, Unfit> {
        Ok(self.fit(raw)?.unwrap_or_else(|| Text::from(raw)))
    }

    /// As [`Field::read`], for a text that is one already.
    pub fn keep(self, raw: Text) -> Result<Text, Unfit> {
        Ok(self.fit(&raw)?.unwrap_or(raw))
    }

    /// As [`Field::read`]; none where the text is fit as it stands, so that nobody has to copy it.
    pub fn fit(self, raw: &str) -> Result<Option<Text>, Unfit> {
        if raw.as_bytes().contains(&0) {
            return Err(Unfit { what: "text with a NUL character in it".into(), instead: "take it out" });
        }
        if raw.len() > LONGEST && raw.chars().nth(LONGEST).is_some() {
            return Err(Unfit { what: format!("longer than {LONGEST} characters"), instead: "shorten it" });
        }
        match self {
            _ if raw.is_empty() => Ok(None),
            Field::DateOfBirth | Field::StartDate | Field::EndDate => fit_date(raw),
            Field::NhsNumber => NhsNumber::read(raw).map(|number| Some(number.digits())),
            _ => Ok(None),
        }
    }

    /// Whether an update may write the field under these settings, provenance apart.
    pub fn is_written_by_sync(self, settings: &Settings) -> bool {
        self.is_sent() && settings.managed_demographics.manages(self)
    }
}

fn fit_date(raw: &str) -> Result<Option<Text>, Unfit> {
    if is_plain_date(raw.as_bytes()) {
        return Ok(None);
    }
    match raw.parse::<Date>() {
        Ok(date) => Ok(Some(Text::from(date.to_string()))),
        Err(_) => Err(Unfit { what: "not a date".into(), instead: "write it as 1938-11-04" }),
    }
}

/// Whether it is a date that exists, written as `2026-03-02`. Nearly every date is, so a million of them need
/// no parser.
fn is_plain_date(raw: &[u8]) -> bool {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = raw else { return false };
    if ![y1, y2, y3, y4, m1, m2, d1, d2].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let two = |tens: u8, ones: u8| ((tens - b'0') * 10 + (ones - b'0')).cast_signed();
    let year = i16::from(two(y1, y2)) * 100 + i16::from(two(y3, y4));
    Date::new(year, two(m1, m2), two(d1, d2)).is_ok()
}

/// Which fields there are, one bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Which(u32);

const _: () = assert!(Field::ALL.len() <= u32::BITS as usize, "one bit for each field");

impl Which {
    const fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// How many of them come before a field.
    const fn n_before(self, field: Field) -> usize {
        (self.0 & ((1 << field as u8) - 1)).count_ones() as usize
    }

    const fn with(self, field: Field) -> Which {
        Which(self.0 | 1 << field as u8)
    }

    const fn without(self, field: Field) -> Which {
        Which(self.0 & !(1 << field as u8))
    }
}

/// Which fields there are, one after the other in the order of [`Field::ALL`].
#[derive(Debug)]
struct Each(Which);

impl Iterator for Each {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let next = *Field::ALL.get(self.0.0.trailing_zeros() as usize)?;
        self.0 = self.0.without(next);
        Some(next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let n = self.0.0.count_ones() as usize;
        (n, Some(n))
    }
}

impl ExactSizeIterator for Each {}

/// Values by field, sparse, in the order of [`Field::ALL`]. On the wire an empty value says "cleared" and a
/// field that is not there says nothing: absent is not the same as cleared.
///
/// There are two for every service user, so it is 16 bytes, and 16 for each value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fields {
    which: Which,
    /// Of those fields, in their order.
    values: ThinVec<Text>,
}

impl Fields {
    pub fn new() -> Fields {
        Fields::default()
    }

    pub fn with_capacity(n_fields: usize) -> Fields {
        Fields { which: Which::default(), values: ThinVec::with_capacity(n_fields) }
    }

    pub fn get(&self, field: Field) -> Option<&Text> {
        if self.which.has(field) { self.values.get(self.which.n_before(field)) } else { None }
    }

    /// The value, or "" where there is none.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", Text::as_str)
    }

    pub fn set(&mut self, field: Field, value: Text) {
        let idx = self.which.n_before(field);
        if self.which.has(field) {
            self.values[idx] = value;
        } else {
            self.which = self.which.with(field);
            self.values.insert(idx, value);
        }
    }

    /// Keeps the fields of which `f` says so; it may change their values on the way.
    pub fn retain(&mut self, mut f: impl FnMut(Field, &mut Text) -> bool) {
        let mut fields = Each(self.which);
        self.values.retain_mut(|value| {
            let Some(field) = fields.next() else { return false };
            let keeps = f(field, value);
            if !keeps {
                self.which = self.which.without(field);
            }
            keeps
        });
    }

    pub fn remove(&mut self, field: Field) -> Option<Text> {
        if !self.which.has(field) {
            return None;
        }
        let idx = self.which.n_before(field);
        self.which = self.which.without(field);
        Some(self.values.remove(idx))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Field, &Text)> {
        Each(self.which).zip(&self.values)
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Given and family name with one space between, or whichever there is.
    pub fn full_name(&self) -> String {
        let (given, family) = (self.text(Field::GivenName), self.text(Field::FamilyName));
        match (given.is_empty(), family.is_empty()) {
            (false, false) => format!("{given} {family}"),
            (false, true) => given.to_owned(),
            (true, _) => family.to_owned(),
        }
    }
}

/// Fields and their values, in the order of [`Field::ALL`].
#[derive(Debug)]
pub struct IntoIter(Zip<Each, thin_vec::IntoIter<Text>>);

impl Iterator for IntoIter {
    type Item = (Field, Text);

    fn next(&mut self) -> Option<(Field, Text)> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for IntoIter {}

impl IntoIterator for Fields {
    type Item = (Field, Text);
    type IntoIter = IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(Each(self.which).zip(self.values))
    }
}

impl FromIterator<(Field, Text)> for Fields {
    fn from_iter<T: IntoIterator<Item = (Field, Text)>>(iter: T) -> Self {
        let iter = iter.into_iter();
        let n_at_most = iter.size_hint().1.unwrap_or(0).min(Field::ALL.len());
        // One more, because a record's branch brings its service.
        let mut fields = Fields::with_capacity(n_at_most + 1);
        for (field, value) in iter {
            fields.set(field, value);
        }
        fields
    }
}
