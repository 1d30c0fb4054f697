//! Single flight: each thing is asked once per run.
