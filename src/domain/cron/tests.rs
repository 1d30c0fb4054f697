use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

use super::*;

fn cron(text: &str, zone: &str) -> Cron {
    Cron::new(text, &TimeZone::get(zone).unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn slots(text: &str, zone: &str, from: &str, until: &str) -> Vec<String> {
    cron(text, zone).between(at(from), at(until)).map(|slot| slot.to_string()).collect()
}

#[test]
fn weekdays_at_half_past_eight_go_with_the_wall_clock() {
    // London puts its clocks back on Sunday 25 October 2026.
    assert_eq!(
        slots("30 8 * * MON-FRI", "Europe/London", "2026-10-23T00:00:00Z", "2026-10-27T23:00:00Z"),
        ["2026-10-23T07:30:00Z", "2026-10-26T08:30:00Z", "2026-10-27T08:30:00Z"],
    );
}

#[test]
fn in_the_hour_that_comes_twice_a_slot_is_due_the_first_time() {
    let (from, until) = ("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
    assert_eq!(
        slots("30 1 * * *", "Europe/London", from, until),
        ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
    );
    // From 02:00 summer time it is 01:00 again: those quarters have been due.
    assert_eq!(
        slots("*/15 0-2 25 10 *", "Europe/London", from, until),
        [
            "2026-10-24T23:00:00Z",
            "2026-10-24T23:15:00Z",
            "2026-10-24T23:30:00Z",
            "2026-10-24T23:45:00Z",
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:15:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T00:45:00Z",
            "2026-10-25T02:00:00Z",
            "2026-10-25T02:15:00Z",
            "2026-10-25T02:30:00Z",
            "2026-10-25T02:45:00Z",
        ],
    );
    let twice = cron("30 1 * * *", "Europe/London");
    for asked in ["2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"] {
        assert_eq!(twice.next_after(at(asked)), Some(at("2026-10-26T01:30:00Z")), "{asked}");
    }
}

#[test]
fn in_the_hour_that_is_left_out_a_slot_is_due_when_the_clocks_have_gone_forward() {
    // London puts its clocks forward on Sunday 29 March 2026 at 01:00.
    let (from, until) = ("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
    assert_eq!(
        slots("30 1 * * *", "Europe/London", from, until),
        ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
    );
    // Four quarters are left out; they and the full hour are one slot.
    assert_eq!(
        slots("*/30 0-2 29 3 *", "Europe/London", from, until),
        ["2026-03-29T00:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z",],
    );
}

#[test]
fn half_hours_and_whole_days_are_left_out_too() {
    // Lord Howe Island moves by half an hour: 02:00 becomes 02:30 on 4 October 2026.
    assert_eq!(
        slots("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T23:00:00Z"),
        ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"],
    );
    // Samoa had no 30 December 2011.
    assert_eq!(
        slots("30 8 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", "2011-12-31T00:00:00Z"),
        ["2011-12-29T18:30:00Z", "2011-12-30T10:00:00Z", "2011-12-30T18:30:00Z"],
    );
}

#[test]
fn days_of_the_month_and_of_the_week_are_read_as_cron_reads_them() {
    let days = |text: &str| -> Vec<String> {
        let cron = cron(text, "UTC");
        let found = cron.between(at("2026-11-01T00:00:00Z"), at("2027-01-31T00:00:00Z"));
        found.map(|slot| slot.strftime("%m-%d").to_string()).collect()
    };
    assert_eq!(days("0 9 * * MON#1"), ["11-02", "12-07", "01-04"]);
    assert_eq!(days("0 9 * * FRI#L"), ["11-27", "12-25", "01-29"]);
    assert_eq!(days("0 9 L * *"), ["11-30", "12-31"]);
    assert_eq!(days("0 9 13 * FRI").len(), 13 + 2, "either of the two");
    assert_eq!(days("0 9 29 2 *"), Vec::<String>::new());
}

#[test]
fn what_is_no_schedule_says_so() {
    let make = |text: &str| Cron::new(text, &TimeZone::UTC).map(drop);
    for wrong in ["", "* * * *", "60 * * * *", "0 30 8 * * MON", "soon"] {
        assert!(matches!(make(wrong), Err(CronError::Unreadable(_))), "{wrong}");
    }
    assert_eq!(make("0 9 30 2 *"), Err(CronError::Never("0 9 30 2 *".to_owned())));
    assert_eq!(make("0 9 29 2 *"), Ok(()));
}

#[test]
fn it_is_kept_as_two_texts() {
    let kept = serde_json::to_value(cron("30  8 * * MON-FRI", "Europe/London")).unwrap();
    assert_eq!(kept, serde_json::json!({"cron": "30 8 * * MON-FRI", "timezone": "Europe/London"}));
    let read: Cron = serde_json::from_value(kept).unwrap();
    assert_eq!(read, cron("30 8 * * MON-FRI", "Europe/London"));
    let wrong = serde_json::json!({"cron": "30 8 * * MON-FRI", "timezone": "Mars/Olympus"});
    assert!(serde_json::from_value::<Cron>(wrong).is_err());
}

const ZONES: [&str; 9] = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
];

fn some_cron() -> impl Strategy<Value = String> {
    let minute = prop_oneof!["[0-5][0-9]", Just("*/15".to_owned()), Just("0,30".to_owned())];
    let hour = prop_oneof!["[01][0-9]", Just("*".to_owned()), Just("0-3".to_owned()), Just("*/6".to_owned())];
    let days =
        prop_oneof![Just("* * *"), Just("* * MON-FRI"), Just("* * SUN"), Just("1,15 * *"), Just("31 * 0")];
    (minute, hour, days).prop_map(|(minute, hour, days)| format!("{minute} {hour} {days}"))
}

/// Every minute of the wall clock from one instant to another: what an onlooker would see.
fn seen(zone: &TimeZone, from: Timestamp, minutes: i64) -> Vec<(Timestamp, DateTime)> {
    let minute = |n| from.checked_add(SignedDuration::from_mins(n)).unwrap();
    (0..minutes).map(minute).map(|instant| (instant, zone.to_datetime(instant))).collect()
}

proptest! {
    #[test]
    fn slots_are_strictly_increasing_and_begin_after_the_instant(
        text in some_cron(), zone in prop::sample::select(&ZONES[..]), from in 0i64..2_200_000_000,
    ) {
        let (cron, from) = (cron(&text, zone), Timestamp::from_second(from).unwrap());
        let mut last = from;
        for _ in 0..40 {
            let next = cron.next_after(last).unwrap();
            prop_assert!(next > last);
            last = next;
        }
    }

    #[test]
    fn it_does_not_matter_from_where_one_looks(
        text in some_cron(), zone in prop::sample::select(&ZONES[..]), from in 0i64..2_200_000_000,
        within in 0.0..1.0f64,
    ) {
        let (cron, from) = (cron(&text, zone), Timestamp::from_second(from).unwrap());
        let next = cron.next_after(from).unwrap();
        #[allow(clippy::cast_possible_truncation)]
        let before = ((next.as_second() - from.as_second() - 1) as f64 * within) as i64;
        let between = Timestamp::from_second(from.as_second() + before).unwrap();
        prop_assert_eq!(cron.next_after(between), Some(next), "nothing lies between {} and {}", from, next);
    }

}

proptest! {
    // Each watches 4,320 minutes.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against an onlooker who watches the wall clock for three days around a change of it.
    #[test]
    fn every_time_on_the_wall_is_due_once_when_it_is_first_shown_or_passed(
        text in some_cron(), zone in prop::sample::select(&ZONES[..]), year in 1990i16..2037, nth in 0usize..2,
    ) {
        let (cron, zone) = (cron(&text, zone), TimeZone::get(zone).unwrap());
        let start = jiff::civil::date(year, 1, 1).to_zoned(zone.clone()).unwrap().timestamp();
        let change = zone.following(start).nth(nth).map_or(start, |change| change.timestamp());
        // Whole minutes, as the zones above have had since 1990.
        let from = Timestamp::from_second((change.as_second() - 36 * 3600).div_euclid(60) * 60).unwrap();
        let watched = seen(&zone, from, 3 * 24 * 60);
        let mut expected = Vec::new();
        let mut passed = watched[0].1;
        for (instant, wall) in watched.iter().skip(1).copied() {
            // Times that have not been shown or passed before, and now are.
            let mut fires = false;
            while passed < wall {
                passed = passed.checked_add(1.minute()).unwrap();
                fires |= cron.times.is_time_matching(&passed).unwrap();
            }
            if fires {
                expected.push(instant);
            }
        }
        let until = watched.last().unwrap().0;
        prop_assert_eq!(cron.between(from, until).collect::<Vec<_>>(), expected);
    }
}
