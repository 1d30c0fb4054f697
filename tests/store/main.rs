//! What a store promises, asked of every store there is: memory, a SQLite file, and a real Redis server.

mod digests;
mod jobs;
mod places;
mod redis;
mod scans;
mod schedules;
mod server;
mod sqlite;
