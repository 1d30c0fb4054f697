//! How many calls a vendor allows, kept to.
