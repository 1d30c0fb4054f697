//! One request from words to digest: understand → plan → dispatch → join → synthesize. Read this first.

pub mod understand;
