//! Two exports as real ones are: the rostering system's service users and ACP's records, typed by different people
//! at different times, with a truth that says which rows are the same person.
//!
//! The shares are *assumed*, from published studies of linkage in health care and from what implementation teams
//! describe; they were set before the look-alike finder was measured on them and are not fitted to it. Every row is
//! drawn from a stream of its own, so exports of one seed agree whatever their size. It knows no file format.

mod flaw;
mod identifier;
mod nickname;
mod spoil;
mod standing;
mod typo;

pub use flaw::{Flaw, Flaws};
pub use spoil::Rates;
pub use standing::{EXPORTED_ON, Standing, Standings};

use crate::draw::{About, Draw};
use crate::{Invented, Kin, branch_of, branches, people};
use feed::Field;
use jiff::civil::Date;

/// What to make.
#[derive(Clone, Debug)]
pub struct Mess {
    /// Who the people are.
    pub people_seed: u64,
    /// What was done to them on the way into each export. Another seed, another mess of the same people.
    pub seed: u64,
    /// How many people there are in all; each export has about 94 in 100 of them.
    pub n_people: u32,
    pub shape: Shape,
}

/// Which kind of customer it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    #[default]
    Usual,
    /// Nobody lives with anybody, and nobody in a scheme.
    NoHouseholds,
    /// Twice as much is missing, half the typing errors, telephone numbers shared by many.
    Sparse,
}

/// One row of an export, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The truth: the number of the person.
    pub person: u32,
    /// How this row differs from the person, and other things that make it hard.
    pub flaws: Flaws,
    pub identifier: String,
    /// ACP's record ID; empty in the rostering export.
    pub record: String,
    pub title: String,
    pub given: String,
    pub family: String,
    pub known_as: String,
    pub born: Option<Date>,
    pub nhs: String,
    pub postcode: String,
    pub phones: [String; 2],
    pub address: [String; 3],
    pub branch: String,
}

/// What a person's names say about where in the world they come from, for counting.
pub fn origin_of(family_name: &str) -> &'static str {
    crate::names::origin_of(family_name)
}

/// How those who live with this person belong together, for counting.
pub fn kin_of(mess: &Mess, person: u32) -> Kin {
    people(mess.people_seed, person..person + 1).next().map_or(Kin::Alone, |it| it.kin)
}

/// Of 1000 people: in rostering only.
const ROSTERING_ONLY: u32 = 60;
/// In ACP only: leavers mostly.
const ACP_ONLY: u32 = 60;
/// Of 1000 people in ACP: have a second record.
const SECOND_RECORD: u32 = 13;

/// The rostering system's export: one row a service user.
pub fn rostering(mess: &Mess) -> impl Iterator<Item = Exported> {
    let mess = mess.clone();
    let names = branches(mess.people_seed, N_BRANCHES);
    everybody(&mess).filter_map(move |person| {
        let number = number_of(&person);
        let place = Place::of(&mess, number);
        (place != Place::Acp).then(|| {
            let mut draw = draw(&mess, Side::Rostering, number);
            let mut row = as_exported(&person, number, &names, mess.people_seed);
            row.identifier = identifier::of(&mess, number);
            let rates = Rates::rostering().drawn(mess.shape, &mut draw);
            spoil::spoil(&mut row, &person, &mess, &rates, &mut draw);
            row
        })
    })
}

/// ACP's export: one row a record; some people have two.
pub fn acp(mess: &Mess) -> impl Iterator<Item = Exported> {
    let mess = mess.clone();
    let names = branches(mess.people_seed, N_BRANCHES);
    everybody(&mess).flat_map(move |person| {
        let number = number_of(&person);
        let place = Place::of(&mess, number);
        let mut rows = Vec::new();
        if place == Place::Rostering {
            return rows;
        }
        let mut draw = draw(&mess, Side::Acp, number);
        let n_records = if draw.below(1000) < SECOND_RECORD { 2 } else { 1 };
        for record in 0..n_records {
            let mut row = as_exported(&person, number, &names, mess.people_seed);
            row.record = record_id(number, record);
            if record > 0 {
                row.flaws.add(Flaw::SecondRecord);
            }
            identifier::mangle(&mut row, &person, &mess, place == Place::Both, record > 0, &mut draw);
            let rates = Rates::acp().drawn(mess.shape, &mut draw);
            spoil::spoil(&mut row, &person, &mess, &rates, &mut draw);
            rows.push(row);
        }
        rows
    })
}

/// The same people without any mess: everybody is in both exports, and under one identifier.
pub fn tidy(mess: &Mess, has_records: bool) -> impl Iterator<Item = Exported> {
    let mess = mess.clone();
    let names = branches(mess.people_seed, N_BRANCHES);
    everybody(&mess).map(move |person| {
        let number = number_of(&person);
        let mut row = as_exported(&person, number, &names, mess.people_seed);
        row.identifier = identifier::of(&mess, number);
        if has_records {
            row.record = record_id(number, 0);
        }
        row
    })
}

/// How many people there have to be in all for so many service users in rostering.
pub fn people_for(mess: &Mess, n_service_users: u32) -> u32 {
    let mut n_found = 0;
    let mut numbers = 0..u32::MAX;
    while n_found < n_service_users
        && let Some(number) = numbers.next()
    {
        n_found += u32::from(Place::of(mess, number) != Place::Acp);
    }
    numbers.start
}

fn record_id(number: u32, record: u64) -> String {
    format!("{}", 1_000_000 + u64::from(number) * 2 + record)
}

const N_BRANCHES: u32 = 40;

#[derive(Clone, Copy)]
enum Side {
    Rostering,
    Acp,
    Place,
}

fn draw(mess: &Mess, side: Side, number: u32) -> Draw {
    // A seed of its own per side: what is drawn for one row changes no other.
    let seed = mess.seed.wrapping_mul(3).wrapping_add(side as u64) ^ 0x6d65_7373_0000_0000;
    Draw::new(seed, About::Person, number)
}

/// Which exports a person is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Both,
    Rostering,
    Acp,
}

impl Place {
    fn of(mess: &Mess, number: u32) -> Place {
        match draw(mess, Side::Place, number).below(1000) {
            0..ROSTERING_ONLY => Place::Rostering,
            drawn if drawn < ROSTERING_ONLY + ACP_ONLY => Place::Acp,
            _ => Place::Both,
        }
    }
}

/// Everybody in the order of their numbers.
fn everybody(mess: &Mess) -> Box<dyn Iterator<Item = Invented>> {
    let all = people(mess.people_seed, 0..mess.n_people);
    if mess.shape != Shape::NoHouseholds {
        return Box::new(all);
    }
    // Flats of schemes have a second line.
    Box::new(all.filter(|it| it.place == 0 && it.fields.text(Field::AddressLine2).is_empty()))
}

/// The number of a person; the identifier holds the number plus one.
fn number_of(person: &Invented) -> u32 {
    person.household + u32::from(person.place)
}

/// NHS numbers of the invented are unique up to here; people above have none in exports.
const UNIQUE_NHS: u32 = 1_000_000;

fn as_exported(person: &Invented, number: u32, branches: &[feed::Text], seed: u64) -> Exported {
    let text = |field: Field| person.fields.text(field).to_owned();
    let branch = branch_of(seed, person, N_BRANCHES).and_then(|idx| branches.get(idx as usize));
    Exported {
        person: number,
        title: text(Field::Title),
        given: text(Field::GivenName),
        family: text(Field::FamilyName),
        born: person.fields.text(Field::DateOfBirth).parse().ok(),
        nhs: if number < UNIQUE_NHS { text(Field::NhsNumber) } else { String::new() },
        postcode: text(Field::Postcode),
        phones: [text(Field::Phone), text(Field::SecondPhone)],
        address: [text(Field::AddressLine1), text(Field::AddressLine2), text(Field::AddressLine3)],
        branch: branch.map(ToString::to_string).unwrap_or_default(),
        ..Exported::default()
    }
}
