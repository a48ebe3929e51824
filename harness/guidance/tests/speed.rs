//! That no question walks everything: times are printed, and only the growth is checked.

mod common;

use acp::Origin;
use common::{Town, fields, planted, su};
use feed::{Fields, Settings, System};
use std::time::{Duration, Instant};

fn somebody(n: usize) -> Fields {
    let (given, family) = (format!("Ada{}", n % 700), format!("Okafor{}", n / 700));
    fields(&[
        ("given name", given.as_str()),
        ("family name", family.as_str()),
        ("date of birth", "1938-11-04"),
        ("branch", "Hull"),
    ])
}

/// Half of them in rostering too, and every fifth of those with a change on its way.
fn town(n_records: usize, somebody: fn(usize) -> Fields) -> Town {
    let external_id = |n: usize| format!("SU-{n}");
    let records = (0..n_records).map(|n| planted(Origin::Integration, Some(&external_id(n)), somebody(n), 1));
    let mut town = Town::with(Settings::default(), &[(System::PeoplePlanner, None)], records.collect());
    for n in 0..n_records / 2 {
        town.add(&external_id(n), somebody(n));
        if n % 5 == 0 {
            town.edit(&external_id(n), &[("branch", "North Leeds")]);
        }
    }
    town
}

/// The shortest of three runs.
#[expect(clippy::disallowed_methods, reason = "a test of speed needs a clock; no result depends on it")]
fn time<T>(what: impl Fn() -> T) -> Duration {
    let runs = (0..3).map(|_| {
        let start = Instant::now();
        std::hint::black_box(what());
        start.elapsed()
    });
    runs.min().expect("three runs")
}

#[test]
fn advice_on_everybody_grows_with_the_number_of_records_and_not_with_its_square() {
    let cases = [("different people", somebody as fn(usize) -> Fields), ("one person", |_| somebody(0))];
    for (name, make) in cases {
        let (small, large) = (town(500, make), town(4_000, make));
        let [on_small, on_large] = [&small, &large].map(|town| time(|| town.scene.advise_all(town.now)));
        println!("{name}: 500 records {on_small:?}, 4,000 records {on_large:?}");
        assert!(on_large < on_small * 30, "8 times the records took {on_small:?} to {on_large:?}");
    }
}

#[test]
fn advice_on_one_does_not_grow_with_the_others() {
    const TIMES: u32 = 200;
    let advise = |town: &Town, name: &str| {
        let (subject, now) = (su(name), town.now);
        time(|| (0..TIMES).map(|_| town.scene.advise(&subject, now).len()).sum::<usize>()) / TIMES
    };
    let (small, large) = (town(10, somebody), town(4_000, somebody));
    for name in ["SU-0", "SU-3"] {
        let (on_small, on_large) = (advise(&small, name), advise(&large, name));
        println!("{name}, one of 10: {on_small:?}; one of 4,000: {on_large:?}");
        assert!(on_large < on_small * 20, "{on_small:?} to {on_large:?}");
    }
}
