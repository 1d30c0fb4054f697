//! Schedules made, listed and changed by talking.
