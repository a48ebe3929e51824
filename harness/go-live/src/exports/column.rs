//! What a column of an export may stand for. Knows no heading and no file.

use feed::Field;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $field:expr;)+) => {
        /// What a column stands for, in the order in which rows keep their cells: fields in that of [`Field::ALL`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Column { $($(#[$doc])* $name),+ }
        impl Column {
            pub const ALL: &'static [Column] = &[$(Column::$name),+];
            /// As messages and the file of choices write it.
            pub const fn text(self) -> &'static str { match self { $(Column::$name => $text),+ } }
            /// The field of a service user or record that it fills; none where it is about something else.
            pub const fn field(self) -> Option<Field> { match self { $(Column::$name => $field),+ } }
        }
    };
}

columns! {
    /// The rostering system's key, on either side.
    ExternalId = "external id", None;
    /// ACP's own key.
    RecordId = "record id", None;
    Title = "title", Some(Field::Title);
    GivenName = "given name", Some(Field::GivenName);
    FamilyName = "family name", Some(Field::FamilyName);
    KnownAs = "known as", None;
    DateOfBirth = "date of birth", Some(Field::DateOfBirth);
    NhsNumber = "nhs number", Some(Field::NhsNumber);
    Gender = "gender", Some(Field::Gender);
    StartDate = "start date", Some(Field::StartDate);
    EndDate = "end date", Some(Field::EndDate);
    AddressLine1 = "address line 1", Some(Field::AddressLine1);
    AddressLine2 = "address line 2", Some(Field::AddressLine2);
    AddressLine3 = "address line 3", Some(Field::AddressLine3);
    AddressLine4 = "address line 4", Some(Field::AddressLine4);
    County = "county", Some(Field::County);
    Postcode = "postcode", Some(Field::Postcode);
    Phone = "phone", Some(Field::Phone);
    SecondPhone = "second phone", Some(Field::SecondPhone);
    Email = "email", Some(Field::Email);
    Area = "area", Some(Field::Area);
    Pin = "pin", Some(Field::Pin);
    QrCode = "qr code", Some(Field::QrCode);
    KeySafe = "key safe", Some(Field::KeySafe);
    AccessDetails = "access details", Some(Field::AccessDetails);
    Branch = "branch", Some(Field::Branch);
    /// The service of ACP, or the one that a service order names.
    Service = "service", Some(Field::Service);
    Status = "status", None;
    /// Yes or no; with [`Column::Status`] beside it, archived wins.
    Archived = "archived", None;
    /// By hand or by the integration.
    Origin = "origin", None;
    CareHistory = "care history", None;
}

impl Column {
    pub const N: usize = Column::ALL.len();

    pub fn from_text(text: &str) -> Option<Column> {
        Column::ALL.iter().copied().find(|column| column.text() == text)
    }

    /// The column that fills a field.
    pub fn of_field(field: Field) -> Option<Column> {
        Column::OF_FIELDS[field as usize]
    }

    const OF_FIELDS: [Option<Column>; Field::ALL.len()] = {
        let (mut columns, mut at) = ([None; Field::ALL.len()], 0);
        while at < Column::N {
            if let Some(field) = Column::ALL[at].field() {
                columns[field as usize] = Some(Column::ALL[at]);
            }
            at += 1;
        }
        columns
    };

    pub const fn is_date(self) -> bool {
        matches!(self, Column::DateOfBirth | Column::StartDate | Column::EndDate)
    }

    /// Whether a value says who somebody is or how to reach them, so that it is left out where personal data must be.
    pub const fn is_personal(self) -> bool {
        !matches!(
            self,
            Column::ExternalId
                | Column::RecordId
                | Column::Branch
                | Column::Service
                | Column::StartDate
                | Column::EndDate
                | Column::Area
                | Column::Status
                | Column::Archived
                | Column::Origin
                | Column::CareHistory
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_their_order_and_each_is_found_by_its_field() {
        let fields: Vec<Field> = Column::ALL.iter().filter_map(|column| column.field()).collect();
        assert!(fields.is_sorted_by(|one, other| one < other));
        for field in fields {
            assert_eq!(Column::of_field(field).and_then(Column::field), Some(field));
        }
    }
}
