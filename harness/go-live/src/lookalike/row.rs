//! One row of an export, as its reader understood the columns. Nothing is cleaned yet, and nothing is owned: the
//! text stays where the reader put it.

use jiff::civil::Date;

/// A service user of rostering, or a record of ACP. What a file does not have is empty, and empty is never
/// evidence for or against.
#[derive(Clone, Copy, Default)]
pub struct Row<'a> {
    /// The external identifier, exactly as in the file.
    pub identifier: &'a str,
    /// ACP's record ID. It is only used to break ties, so that the order of rows does not matter.
    pub record: &'a str,
    pub title: &'a str,
    /// The given name, with middle names if the file has them here. A whole name may stand here or in `family`
    /// if the other one is empty: `Jones, Mary` and `Mary Jones` are both understood.
    pub given: &'a str,
    pub family: &'a str,
    pub known_as: &'a str,
    pub born: Option<Date>,
    pub nhs: &'a str,
    pub postcode: &'a str,
    pub phones: [&'a str; 2],
    pub address: [&'a str; 3],
    /// A hash of all that the row says, identifiers and known-as name left out, if whoever read it has one; else 0. Like
    /// `record` it only breaks ties.
    pub says: u64,
}

/// All rows of one export, made one at a time when they are looked at: a million rows need not exist at once.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub n_rows: usize,
    /// The row of this number, from 0. Asked from several threads, and more than once.
    pub row: &'a (dyn Fn(usize) -> Row<'a> + Sync),
}

impl std::fmt::Debug for Row<'_> {
    /// Personal data stays out of panics and logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row(..)")
    }
}
