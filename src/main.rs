//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let Ok(runtime) =
        runtime.inspect_err(|error| caughtup::cli::say_on_stderr(&format!("caughtup: {error}")))
    else {
        return ExitCode::FAILURE;
    };
    let code = runtime.block_on(caughtup::cli::main());
    // Whoever still thinks is not waited for: a process that is told to end ends in time.
    runtime.shutdown_background();
    code
}
