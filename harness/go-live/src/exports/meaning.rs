//! What one column of a file was found to be: a column as rows have it, or something that several of them come from.

use super::Column;

/// What a column of a file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    Column(Column),
    /// Given and family name in one cell: `Mary Jones`, `Jones, Mary`, `Mrs Mary Jones`.
    FullName,
    /// A house number or name that belongs in front of the first address line.
    HouseNumber,
    /// All of the address in one cell, with commas or line breaks in it.
    WholeAddress,
}

impl Meaning {
    /// As messages and the file of choices write it.
    pub const fn text(self) -> &'static str {
        match self {
            Meaning::Column(column) => column.text(),
            Meaning::FullName => "full name",
            Meaning::HouseNumber => "house number",
            Meaning::WholeAddress => "whole address",
        }
    }

    pub fn from_text(text: &str) -> Option<Meaning> {
        let others = [Meaning::FullName, Meaning::HouseNumber, Meaning::WholeAddress];
        let column = Column::from_text(text).map(Meaning::Column);
        column.or_else(|| others.into_iter().find(|it| it.text() == text))
    }

    pub fn all() -> impl Iterator<Item = Meaning> {
        let others = [Meaning::FullName, Meaning::HouseNumber, Meaning::WholeAddress];
        Column::ALL.iter().map(|column| Meaning::Column(*column)).chain(others)
    }
}

impl From<Column> for Meaning {
    fn from(column: Column) -> Meaning {
        Meaning::Column(column)
    }
}
