//! Which column of a file is what: by what the user chose, else by heading, else by content. Sets aside the others, and
//! says why.

use super::choices::{Choices, Chosen};
use super::content::{self, Looks};
use super::dates::DateOrder;
use super::headings::{self, Sure};
use super::say::{self, Told};
use super::{Because, Column, Meaning, Placed, SetAside, Side};

/// The first rows of a file, headings apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'a> {
    pub(super) headings: &'a [String],
    pub(super) rows: &'a [Vec<String>],
}

impl Sample<'_> {
    fn cells(&self, at: usize) -> Vec<&str> {
        self.rows.iter().filter_map(|row| row.get(at)).map(String::as_str).collect()
    }
}

/// Where the columns of a file went.
#[derive(Clone, Debug, Default)]
pub(super) struct Placement {
    /// In the order of the file.
    pub(super) placed: Vec<Placed>,
    pub(super) set_aside: Vec<SetAside>,
    /// What the user or the heading says of the order of a date: (place, order).
    pub(super) orders: Vec<(usize, DateOrder)>,
}

impl Placement {
    pub(super) fn has(&self, meaning: impl Into<Meaning>) -> bool {
        let meaning = meaning.into();
        self.placed.iter().any(|it| it.means == meaning)
    }

    pub(super) fn heading(&self, meaning: impl Into<Meaning>) -> Option<&str> {
        let meaning = meaning.into();
        self.placed.iter().find(|it| it.means == meaning).map(|it| it.heading.as_str())
    }
}

/// How many cells of a row are headings that are known by name. Finds the row of the headings.
pub(super) fn n_known(cells: &[String], side: Side, choices: &Choices) -> usize {
    let is_known =
        |cell: &&String| choices.of(side, cell).is_some() || headings::meaning(cell, side).is_some();
    cells.iter().filter(is_known).count()
}

/// One column while it is looked for.
struct Candidate {
    at: usize,
    heading: String,
    looks: Looks,
    taken: Option<(Meaning, Because)>,
    why_not: String,
}

pub(super) fn place(
    sample: Sample<'_>,
    side: Side,
    this_year: i16,
    choices: &Choices,
    told: &mut Told,
) -> Placement {
    let mut columns: Vec<Candidate> = (0..)
        .zip(sample.headings)
        .map(|(at, heading)| Candidate {
            at,
            heading: heading.trim().to_owned(),
            looks: content::looks(&sample.cells(at), this_year),
            taken: None,
            why_not: String::new(),
        })
        .collect();
    let mut orders: Vec<(usize, DateOrder)> =
        columns.iter().filter_map(|it| order_in_heading(&it.heading).map(|order| (it.at, order))).collect();
    by_choice(&mut columns, side, choices, &mut orders, told);
    by_heading(&mut columns, side, told);
    by_content(&mut columns, told);
    families(&mut columns, told);
    finish(columns, orders)
}

fn finish(columns: Vec<Candidate>, orders: Vec<(usize, DateOrder)>) -> Placement {
    let mut placement = Placement { orders, ..Placement::default() };
    for column in columns {
        match column.taken {
            Some((means, because)) => {
                placement.placed.push(Placed { at: column.at, heading: name_of(&column), means, because });
            }
            None if column.heading.is_empty() && column.looks == Looks::Empty => {}
            None => {
                let why = if column.why_not.is_empty() {
                    "it is nothing that is compared or sent"
                } else {
                    &column.why_not
                };
                let (at, heading, why) = (column.at, name_of(&column), why.to_owned());
                placement.set_aside.push(SetAside { at, heading, why });
            }
        }
    }
    placement
}

fn name_of(column: &Candidate) -> String {
    if column.heading.is_empty() { letters(column.at) } else { column.heading.clone() }
}

/// `A`, `B`, ..., `AA`: as workbooks call a column.
pub(super) fn letters(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

/// `Date of birth (mm/dd/yyyy)`
fn order_in_heading(heading: &str) -> Option<DateOrder> {
    let heading: String = heading.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    if heading.contains("ddmmyy") {
        Some(DateOrder::DayFirst)
    } else if heading.contains("mmddyy") {
        Some(DateOrder::MonthFirst)
    } else {
        None
    }
}

fn by_choice(
    columns: &mut [Candidate],
    side: Side,
    choices: &Choices,
    orders: &mut Vec<(usize, DateOrder)>,
    told: &mut Told,
) {
    for choice in choices.of_side(side) {
        let wanted = headings::squash(&choice.heading);
        let mut with_heading = columns.iter_mut().filter(|it| {
            it.taken.is_none() && (it.heading == choice.heading || headings::squash(&name_of(it)) == wanted)
        });
        let Some(column) = with_heading.next() else {
            told.file(say::not_there(&choice.heading));
            continue;
        };
        match choice.chosen {
            Chosen::Meaning(meaning) => column.taken = Some((meaning, Because::Chosen)),
            Chosen::SetAside => "you set it aside".clone_into(&mut column.why_not),
        }
        if let Some(order) = choice.order {
            orders.retain(|(at, _)| *at != column.at);
            orders.push((column.at, order));
        }
    }
}

fn is_open(column: &Candidate) -> bool {
    column.taken.is_none() && column.why_not.is_empty()
}

fn by_heading(columns: &mut [Candidate], side: Side, told: &mut Told) {
    for sure in [Sure::Name, Sure::Stripped, Sure::Wide, Sure::Nearly] {
        for idx in 0..columns.len() {
            if !is_open(&columns[idx]) {
                continue;
            }
            let heading = columns[idx].heading.clone();
            let meant = match sure {
                Sure::Nearly => headings::nearly(&heading, side).map(|meaning| (meaning, Sure::Nearly)),
                _ => headings::meaning(&heading, side),
            };
            let Some((meaning, found)) = meant.filter(|(_, found)| *found == sure) else { continue };
            take(columns, idx, (meaning, found), told);
        }
    }
}

/// Gives a column its meaning, unless another one has it.
fn take(columns: &mut [Candidate], idx: usize, (meaning, sure): (Meaning, Sure), told: &mut Told) {
    let meaning = refined(meaning, &columns[idx]);
    let taken = |meaning: Meaning| columns.iter().find(|it| it.taken.is_some_and(|(it, _)| it == meaning));
    let is_covered = match meaning {
        Meaning::FullName => {
            taken(Column::GivenName.into()).is_some() && taken(Column::FamilyName.into()).is_some()
        }
        Meaning::WholeAddress => taken(Column::AddressLine1.into()).is_some(),
        _ => false,
    };
    if is_covered {
        "the same is in other columns".clone_into(&mut columns[idx].why_not);
        return;
    }
    let meaning = match meaning {
        Meaning::Column(Column::Phone) if taken(meaning).is_some() => Meaning::Column(Column::SecondPhone),
        // A town after four numbered lines, or beside another.
        Meaning::Column(Column::AddressLine3) if taken(meaning).is_some() => {
            Meaning::Column(Column::AddressLine4)
        }
        meaning => meaning,
    };
    if let Some(other) = taken(meaning) {
        let other = other.heading.clone();
        if sure <= Sure::Stripped {
            told.file(say::twice(&name_of(&columns[idx]), meaning.text(), &other));
        }
        columns[idx].why_not = format!("\"{}\" is already the {}", say::shown(&other), meaning.text());
        return;
    }
    // A wide name is only believed where the cells do not say something else.
    if sure == Sure::Wide
        && matches!(columns[idx].looks, Looks::Like(_) | Looks::Dates)
        && !fits(&columns[idx], meaning)
    {
        return;
    }
    if sure == Sure::Nearly {
        told.file(say::nearly(&name_of(&columns[idx]), meaning.text()));
    }
    if !fits(&columns[idx], meaning) {
        told.file(say::not_so(&name_of(&columns[idx]), meaning.text()));
    }
    columns[idx].taken = Some((meaning, Because::Heading));
}

/// A heading that means one thing or another, by what the cells are.
fn refined(meaning: Meaning, column: &Candidate) -> Meaning {
    match (meaning, column.looks) {
        // `Address` above single lines is the first line.
        (Meaning::WholeAddress, Looks::Like(Meaning::WholeAddress) | Looks::Empty) => meaning,
        (Meaning::WholeAddress, _) => Column::AddressLine1.into(),
        // `Name` above single words is a family name.
        (Meaning::FullName, Looks::Words { .. }) => Column::FamilyName.into(),
        // `State` above Active and Inactive.
        (Meaning::Column(Column::County), Looks::Like(Meaning::Column(Column::Status))) => {
            Column::Status.into()
        }
        _ => meaning,
    }
}

/// Whether cells may be what the heading says. Only columns with a form of their own can be told.
fn fits(column: &Candidate, meaning: Meaning) -> bool {
    match (meaning, column.looks) {
        (_, Looks::Empty) => true,
        (Meaning::Column(it), Looks::Like(Meaning::Column(Column::DateOfBirth)) | Looks::Dates) => {
            it.is_date()
        }
        // Serial numbers and the like are no words.
        (Meaning::Column(it), Looks::Words { .. }) => {
            !it.is_date() && !matches!(it, Column::NhsNumber | Column::Phone | Column::Email)
        }
        (Meaning::Column(Column::SecondPhone), Looks::Like(Meaning::Column(Column::Phone))) => true,
        (
            Meaning::Column(Column::GivenName | Column::FamilyName | Column::Branch | Column::Postcode),
            Looks::Like(Meaning::Column(it)),
        ) => meaning == Meaning::Column(it),
        _ => true,
    }
}

/// Columns whose heading says nothing and whose cells say what they are.
fn by_content(columns: &mut [Candidate], told: &mut Told) {
    for idx in 0..columns.len() {
        if !is_open(&columns[idx]) {
            continue;
        }
        let Looks::Like(meaning) = columns[idx].looks else { continue };
        let taken = |wanted: Meaning| columns.iter().any(|it| it.taken.is_some_and(|(it, _)| it == wanted));
        let meaning = match meaning {
            Meaning::Column(Column::Phone) if taken(meaning) => Meaning::Column(Column::SecondPhone),
            meaning => meaning,
        };
        let is_covered = taken(meaning)
            || (meaning == Meaning::FullName
                && (taken(Column::GivenName.into()) || taken(Column::FamilyName.into())))
            || (meaning == Meaning::WholeAddress && taken(Column::AddressLine1.into()));
        if !is_covered {
            told.file(say::by_content(&name_of(&columns[idx]), meaning.text()));
            columns[idx].taken = Some((meaning, Because::Content));
        }
    }
}

/// One name is there and beside it stands a column of different words: that is the other name.
fn families(columns: &mut [Candidate], told: &mut Told) {
    let place_of = |columns: &[Candidate], column: Column| {
        columns.iter().position(|it| it.taken.is_some_and(|(it, _)| it == Meaning::Column(column)))
    };
    for (there, missing) in [(Column::GivenName, Column::FamilyName), (Column::FamilyName, Column::GivenName)]
    {
        let (Some(at), None) = (place_of(columns, there), place_of(columns, missing)) else { continue };
        let beside = [at.wrapping_sub(1), at + 1];
        let is_it = |idx: &usize| {
            columns.get(*idx).is_some_and(|it| is_open(it) && it.looks == Looks::Words { is_varied: true })
        };
        if let Some(idx) = beside.into_iter().find(is_it) {
            told.file(say::by_content(&name_of(&columns[idx]), missing.text()));
            columns[idx].taken = Some((missing.into(), Because::Content));
        }
    }
}
