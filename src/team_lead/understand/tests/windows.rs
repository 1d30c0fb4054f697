//! Times as people write them. It is a quarter past ten on Wednesday, 18 November 2026.

use super::*;

const WINDOWS: &[(&str, &str)] = &[
    // The day by its numbers, where only one reading is past or possible.
    ("since 12/11/2026", "since=11-12T00:00"),
    ("since 11/12/2026", "since=11-12T00:00"),
    ("since 10.11.2026", "since=11-10T00:00"),
    ("since 31/10", "since=10-31T00:00"),
    ("since the 9th", "since=11-09T00:00"),
    ("since the 30th", "since=10-30T00:00"),
    // The first day and the last.
    ("9-13 November", "since=11-09T00:00 until=11-14T00:00"),
    ("from 9 to 13 November", "since=11-09T00:00 until=11-14T00:00"),
    // The hour before its day.
    ("since 9 this morning", "since=11-18T09:00"),
    ("since 3pm yesterday", "since=11-17T15:00"),
    ("since 9am on Monday", "since=11-16T09:00"),
    // Where a stretch begins.
    ("since the start of the week", "since=11-16T00:00"),
    ("since the beginning of the month", "since=11-01T00:00"),
    ("since Thursday of last week", "since=11-12T00:00"),
    ("since the day before yesterday", "since=11-16T00:00"),
    ("the last fortnight", "since=11-04T10:15"),
];

#[test]
fn times_are_read_as_people_write_them() {
    let vocabulary = vocabulary();
    let wrong: Vec<String> = WINDOWS
        .iter()
        .map(|(said, meant)| (said, meant, told(&vocabulary, &format!("full status {said}"), &now())))
        .filter(|(_, meant, told)| format!("full-status {meant}") != *told)
        .map(|(said, meant, told)| format!("{said:?}\n  meant {meant}\n  told  {told}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_time_that_may_be_two_is_asked_back() {
    for said in ["full status since 3/4/2026", "full status since 9"] {
        assert_eq!(told(&vocabulary(), said, &now()), "unclear", "{said}");
    }
}
