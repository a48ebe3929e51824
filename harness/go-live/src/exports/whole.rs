//! What only shows over the whole of a file: IDs that lost zeros, IDs that stand twice, columns that are not what they are
//! called, days and months.

use super::dates::DateOrder;
use super::layout::{Layout, date_idx};
use super::place::Placement;
use super::rows::{DateTally, Tally};
use super::say::{self, Findings, Oddity, Told, is_invisible};
use super::table::{RowText, Table};
use super::{Column, Meaning, Side};
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

pub(super) const DATES: [Column; 3] = [Column::DateOfBirth, Column::StartDate, Column::EndDate];

/// The order of day and month that the dates of a column have, and whether something says so.
pub(super) fn order_of(column: DateTally, all: DateTally) -> (DateOrder, bool) {
    let says = |tally: DateTally| match tally.day_first.cmp(&tally.month_first) {
        std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        std::cmp::Ordering::Equal => (tally.day_first > 0).then_some(DateOrder::DayFirst),
    };
    // One program writes all dates of a file in one way.
    match says(column).or_else(|| says(all)) {
        Some(order) => (order, true),
        None => (DateOrder::DayFirst, false),
    }
}

pub(super) fn all_dates(tally: &Tally) -> DateTally {
    let mut all = DateTally::default();
    tally.dates.iter().for_each(|it| all.append(*it));
    all
}

/// Says what the dates of the file leave open.
pub(super) fn dates(tally: &Tally, layout: &Layout, placement: &Placement, told: &mut Told) {
    for column in DATES {
        let (Some(heading), Some(source)) = (placement.heading(column), layout.source(column)) else {
            continue;
        };
        let dates = tally.dates[date_idx(column)];
        let is_told = placement.orders.iter().any(|(at, _)| *at == source.at());
        if dates.day_first > 0 && dates.month_first > 0 {
            told.file(say::mixed_order(heading, dates.day_first, dates.month_first));
        } else if dates.neither > 0 && !is_told && !order_of(dates, all_dates(tally)).1 {
            told.file(say::which_first(heading));
        }
    }
}

/// Columns in which hardly anything is what it should be, or nothing at all is.
pub(super) fn columns(
    tally: &Tally,
    placement: &Placement,
    findings: &mut Findings,
    n_rows: usize,
    told: &mut Told,
) {
    let codes = ["NHS-1", "NHS-2", "NHS-3", "NHS-4"];
    let n_bad: u32 = codes.iter().map(|code| findings.count(code, Column::NhsNumber)).sum();
    let n_filled = tally.filled.0[Column::NhsNumber as usize];
    if let Some(heading) = placement.heading(Column::NhsNumber)
        && n_bad > 5
        && n_bad * 2 > n_filled
    {
        told.file(say::hardly_nhs(heading, n_bad, u64::from(n_filled)));
        for code in codes {
            findings.forget(code, Column::NhsNumber);
        }
    }
    for placed in &placement.placed {
        if let Meaning::Column(column) = placed.means
            && n_rows > 0
            && tally.filled.0[column as usize] == 0
            && matches!(column, Column::ExternalId | Column::FamilyName | Column::GivenName | Column::Branch)
        {
            told.file(say::empty_column(&placed.heading, column.text()));
        }
    }
}

/// IDs of digits that are shorter than nearly all others, where those have zeros in front.
pub(super) fn lost_zeros(table: &Table, tally: &Tally, findings: &mut Findings) {
    for (idx, column) in [Column::ExternalId, Column::RecordId].into_iter().enumerate() {
        let lengths = &tally.ids[idx];
        let total: u32 = lengths.with_zero.iter().chain(&lengths.without_zero).sum();
        let Some(usual) = (1..24).max_by_key(|n| lengths.with_zero[*n] + lengths.without_zero[*n]) else {
            continue;
        };
        let n_usual = lengths.with_zero[usual] + lengths.without_zero[usual];
        // Zeros in front make the length a form; without any, nearly all have to have it.
        let share = if lengths.with_zero[usual] > 0 { 50 } else { 90 };
        let n_short: u32 = lengths.without_zero[..usual].iter().sum();
        if n_short == 0 || usual < 4 || u64::from(n_usual) * 100 < u64::from(total) * share {
            continue;
        }
        let is_short = |row: &RowText<'_>| {
            let id = row.cell(column).unwrap_or("");
            let is_short = !id.is_empty() && id.len() < usual && !id.starts_with('0');
            is_short && id.bytes().all(|byte| byte.is_ascii_digit())
        };
        let rows = (0..table.n_rows()).into_par_iter().map(|at| table.row(at));
        for row in rows.filter(is_short).collect::<Vec<_>>() {
            let id = row.cell(column).unwrap_or("");
            let oddity = Oddity::IdShort { has: id.len(), others: usual };
            findings.add(row.number, Some(column), oddity, id);
        }
    }
}

/// IDs that stand in more than one row, exactly or but for case and spaces at the ends. In ACP only the record's own:
/// one external ID on two records is for the plan to tell.
pub(super) fn twice(table: &Table, side: Side, mut ids: Vec<HashedId>, findings: &mut Findings) {
    let column = own_id(side);
    ids.par_sort_unstable();
    let id = |at: u32| table.row(at as usize).cell(column).unwrap_or("");
    let mut doubles: Vec<(u32, u32)> = Vec::new();
    for group in ids.chunk_by(|a, b| a.hash == b.hash).filter(|group| group.len() > 1) {
        let first = group[0].at;
        let is_same = |at: u32| canon(id(at)).eq_ignore_ascii_case(canon(id(first)));
        doubles.extend(group[1..].iter().map(|it| it.at).filter(|at| is_same(*at)).map(|at| (at, first)));
    }
    doubles.sort_unstable();
    for (at, first) in doubles {
        let first_row = table.row(first as usize).number;
        let oddity = if id(at) == id(first) {
            Oddity::IdTwice { first: first_row }
        } else {
            Oddity::IdAlike { first: first_row }
        };
        findings.add(table.row(at as usize).number, Some(column), oddity, id(at));
    }
}

/// The column of IDs that stand for the row itself.
pub(super) const fn own_id(side: Side) -> Column {
    match side {
        Side::Rostering => Column::ExternalId,
        Side::Acp => Column::RecordId,
    }
}

/// The ID of a row, hashed while it is read: who looks for equals among a million fetches no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HashedId {
    hash: u32,
    /// The place of the row, from 0.
    pub(super) at: u32,
}

impl HashedId {
    /// The same, so many rows on.
    pub(super) fn after(self, n_rows: usize) -> HashedId {
        HashedId { at: self.at + u32::try_from(n_rows).unwrap_or(0), ..self }
    }

    /// None where the ID is blank.
    pub(super) fn new(id: &str, at: u32) -> Option<HashedId> {
        let id = canon(id);
        let mut hasher = FxHasher::default();
        for byte in id.bytes() {
            hasher.write_u8(byte.to_ascii_uppercase());
        }
        let hash = hasher.finish();
        #[expect(clippy::cast_possible_truncation, reason = "half of the bits, mixed with the other half")]
        (!id.is_empty()).then_some(HashedId { hash: (hash ^ hash >> 32) as u32, at })
    }
}

fn canon(id: &str) -> &str {
    id.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}
