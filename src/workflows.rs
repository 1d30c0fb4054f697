//! The table of compound requests, as data, and the user's own.
