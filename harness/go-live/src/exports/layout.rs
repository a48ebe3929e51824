//! Where the cells of a row come from: one cell of the file, several joined, or a part of one.

use super::dates::{DateOrder, Reading};
use super::place::Placement;
use super::split;
use super::{Column, Meaning, Side};
use jiff::civil::Date;
use std::borrow::Cow;

/// Where one cell of a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Cell(usize),
    /// Two cells, with a space between them.
    Joined(usize, usize),
    TitleIn(usize),
    GivenIn(usize),
    FamilyIn(usize),
    /// Line number 0 to 3 of a whole address.
    LineIn(usize, u8),
    PostcodeIn(usize),
}

impl Source {
    /// The place in the file that it mainly comes from.
    pub(super) const fn at(self) -> usize {
        match self {
            Source::Cell(at)
            | Source::Joined(_, at)
            | Source::TitleIn(at)
            | Source::GivenIn(at)
            | Source::FamilyIn(at)
            | Source::LineIn(at, _)
            | Source::PostcodeIn(at) => at,
        }
    }

    pub(super) fn text<'c>(self, cells: &'c [Cow<'_, str>]) -> Cow<'c, str> {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.as_ref());
        match self {
            Source::Cell(at) => Cow::Borrowed(cell(at)),
            Source::Joined(first, second) => match (cell(first).trim(), cell(second).trim()) {
                ("", other) | (other, "") => Cow::Borrowed(other),
                (first, second) => Cow::Owned(format!("{first} {second}")),
            },
            Source::TitleIn(at) => Cow::Borrowed(split::name(cell(at)).title),
            Source::GivenIn(at) => Cow::Borrowed(split::name(cell(at)).given),
            Source::FamilyIn(at) => Cow::Borrowed(split::name(cell(at)).family),
            Source::LineIn(at, line) => Cow::Borrowed(split::address(cell(at)).lines[usize::from(line)]),
            Source::PostcodeIn(at) => Cow::Borrowed(split::address(cell(at)).postcode),
        }
    }
}

/// How the rows of one file are read.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) side: Side,
    /// In ascending order, with the source of each.
    pub(super) sources: Vec<(Column, Source)>,
    /// So many cells have the headings.
    pub(super) n_cells: usize,
    /// So many cells a row has at least; some programs leave empty ones at the end out.
    pub(super) n_least: usize,
    pub(super) orders: [DateOrder; 3],
    pub(super) today: Date,
    pub(super) is_1904: bool,
}

/// Which of the three dates it is.
pub(super) const fn date_idx(column: Column) -> usize {
    match column {
        Column::StartDate => 1,
        Column::EndDate => 2,
        _ => 0,
    }
}

impl Layout {
    pub(super) fn columns(&self) -> Vec<Column> {
        self.sources.iter().map(|(column, _)| *column).collect()
    }

    /// How the dates of a column are read. People are born in the past; visits may start later.
    pub(super) fn reading(&self, column: Column) -> Reading {
        let years_on = if matches!(column, Column::DateOfBirth) { 0 } else { 20 };
        let latest = self.today.year() + years_on;
        Reading { order: self.orders[date_idx(column)], latest, is_1904: self.is_1904 }
    }

    pub(super) fn source(&self, column: Column) -> Option<Source> {
        self.sources.iter().find(|(it, _)| *it == column).map(|(_, source)| *source)
    }
}

/// The sources of every column that there is, in ascending order of columns. `has_titles`: whether whole names have
/// titles in them.
pub(super) fn sources(placement: &Placement, has_titles: bool) -> Vec<(Column, Source)> {
    let at = |meaning: Meaning| placement.placed.iter().find(|it| it.means == meaning).map(|it| it.at);
    let mut sources: Vec<(Column, Source)> = Vec::new();
    for placed in &placement.placed {
        if let Meaning::Column(column) = placed.means {
            sources.push((column, Source::Cell(placed.at)));
        }
    }
    let mut add = |column: Column, source: Source| {
        if !sources.iter().any(|(it, _)| *it == column) {
            sources.push((column, source));
        }
    };
    if let Some(at) = at(Meaning::FullName) {
        if has_titles {
            add(Column::Title, Source::TitleIn(at));
        }
        add(Column::GivenName, Source::GivenIn(at));
        add(Column::FamilyName, Source::FamilyIn(at));
    }
    if let Some(at) = at(Meaning::WholeAddress) {
        let lines = [Column::AddressLine1, Column::AddressLine2, Column::AddressLine3, Column::AddressLine4];
        (0..).zip(lines).for_each(|(line, column)| add(column, Source::LineIn(at, line)));
        add(Column::Postcode, Source::PostcodeIn(at));
    }
    if let Some(number) = at(Meaning::HouseNumber) {
        match sources.iter_mut().find(|(column, _)| *column == Column::AddressLine1) {
            Some((_, source @ Source::Cell(_))) => *source = Source::Joined(number, source.at()),
            Some(_) => {}
            None => sources.push((Column::AddressLine1, Source::Cell(number))),
        }
    }
    sources.sort_by_key(|(column, _)| *column);
    sources
}
