//! What date it is in London.

use feed::{Timestamp, date_in_london, london};

#[test]
fn the_date_is_the_one_on_the_wall_all_year_and_in_old_and_future_years() {
    let first: Timestamp = "1940-01-01T00:00:00Z".parse().unwrap();
    // Two hours less a minute, so that every minute of the day has its turn.
    for second in (0..86_400 * 365 * 120_i64).step_by(1_021 * 7) {
        let at = Timestamp::from_second(first.as_second() + second).unwrap();
        assert_eq!(date_in_london(at), london().to_datetime(at).date(), "{at}");
    }
}
