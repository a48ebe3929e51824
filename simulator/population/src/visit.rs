//! Visits: a roster that repeats week by week, at the same time on the wall whatever the clocks do.

use crate::draw::{About, Draw};
use crate::family_names;
use crate::household::PER_BLOCK;
use crate::person::external_id;
use fake::Fake;
use fake::faker::name::raw::FirstName;
use fake::locales::EN;
use feed::{ExternalId, Text, Timestamp, VisitId, london};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use std::ops::Range;

/// One planned visit of an invented person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventedVisit {
    /// The person's number, the date and the visit's place in the day: `V-000001-20260302-1`.
    pub id: VisitId,
    pub service_user: ExternalId,
    pub starts: Timestamp,
    pub lasts: SignedDuration,
    /// One of three carers who look after the people of a block.
    pub employee: Text,
}

/// A time of day, a length, and the days of the week on which it is due.
struct Slot {
    starts: Time,
    lasts: SignedDuration,
    /// Bit 0 is Monday.
    weekdays: u8,
}

const EVERY_DAY: u8 = 0b111_1111;
const MONDAY_WEDNESDAY_FRIDAY: u8 = 0b001_0101;

/// Carers for each block of sixteen people. *Assumed*.
const CARERS: u32 = 3;

/// The visits of these people on `n_days` days from `first` on, in London: person by person, day by day. Which
/// visits a person has depends on nobody else, and on no other day.
pub fn visits(
    seed: u64,
    people: Range<u32>,
    first: Date,
    n_days: u32,
) -> impl Iterator<Item = InventedVisit> {
    people.flat_map(move |number| {
        let mut draw = Draw::new(seed, About::Visits, number);
        let slots = package(&mut draw);
        let carer = carer(seed, number / PER_BLOCK, draw.below(CARERS));
        let days = (0..n_days).map_while(move |day| first.checked_add(jiff::Span::new().days(day)).ok());
        days.flat_map(move |day| on_day(number, day, &slots, &carer))
    })
}

fn on_day(number: u32, day: Date, slots: &[Slot], carer: &Text) -> Vec<InventedVisit> {
    let weekday = 1 << day.weekday().to_monday_zero_offset();
    let due = slots.iter().enumerate().filter(|(_, slot)| slot.weekdays & weekday != 0);
    due.filter_map(|(idx, slot)| {
        // A time that the clocks leave out is an hour later; one that comes twice is the first of the two.
        let starts = DateTime::from_parts(day, slot.starts).to_zoned(london().clone()).ok()?.timestamp();
        let (year, month, date) = (day.year(), day.month(), day.day());
        let nth = idx + 1;
        let id = format!("V-{:06}-{year:04}{month:02}{date:02}-{nth}", u64::from(number) + 1);
        Some(InventedVisit {
            id: VisitId::new(Text::from(id)),
            service_user: external_id(number),
            starts,
            lasts: slot.lasts,
            employee: carer.clone(),
        })
    })
    .collect()
}

/// What a person's week is made of. The shares are *assumed*.
fn package(draw: &mut Draw) -> Vec<Slot> {
    match draw.below(100) {
        0..12 => vec![morning(draw, 45), lunch(draw), tea(draw), evening(draw)],
        12..26 => vec![morning(draw, 45), lunch(draw), evening(draw)],
        26..50 => vec![morning(draw, 30), evening(draw)],
        50..78 => vec![morning(draw, 30)],
        78..88 => vec![Slot { weekdays: MONDAY_WEDNESDAY_FRIDAY, ..morning(draw, 60) }],
        88..98 => vec![Slot { weekdays: 1 << draw.below(7), ..morning(draw, 60) }],
        // Somebody sleeps there: nine hours, elapsed, and over the hours at which the clocks change.
        _ => vec![slot(draw, 22, 1, 9 * 60)],
    }
}

fn morning(draw: &mut Draw, minutes: i64) -> Slot {
    slot(draw, 7, 12, minutes)
}

fn lunch(draw: &mut Draw) -> Slot {
    slot(draw, 12, 6, 30)
}

fn tea(draw: &mut Draw) -> Slot {
    slot(draw, 16, 6, 30)
}

fn evening(draw: &mut Draw) -> Slot {
    slot(draw, 19, 10, 30)
}

/// Every day, from `hour` on, in one of so many quarters of an hour.
fn slot(draw: &mut Draw, hour: i8, n_quarters: u16, minutes: i64) -> Slot {
    let quarter = i8::try_from(draw.years(n_quarters)).unwrap_or(0);
    Slot {
        starts: Time::constant(hour + quarter / 4, quarter % 4 * 15, 0, 0),
        lasts: SignedDuration::from_mins(minutes),
        weekdays: EVERY_DAY,
    }
}

fn carer(seed: u64, block: u32, nth: u32) -> Text {
    let mut draw = Draw::new(seed, About::Carer, block);
    let mut name = Text::new();
    for _ in 0..=nth {
        let given: &str = FirstName(EN).fake_with_rng(draw.rng());
        name = Text::from(format!("{given} {}", draw.frequent(family_names::BRITISH)));
    }
    name
}
