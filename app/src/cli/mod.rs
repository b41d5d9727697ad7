//! The command line: thin commands over the same document and evaluator as the window.

pub(crate) mod args;
mod bench;
mod bundle;
mod check;
mod diff;
mod doctor;
pub mod drive;
mod fmt;
mod frame;
mod jobs;
pub(crate) mod keys;
mod nodes;
mod plan;
mod probe;
mod progress;
mod render;
mod schema;
mod stats;

use crate::interrupt::Interrupt;
use clap::Parser;
use rushes_engine::{Cancel, Error};
use std::io::Write;
use std::process::ExitCode;

/// Reads the command line, does what it says and tells how it went.
pub fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return usage(&e),
    };
    crate::logging::start();
    let interrupt = Interrupt::listen();
    match run(cli, &interrupt.flag) {
        Ok(code) => code,
        Err(e) if e.is_cancelled() => exit(interrupt.exit_code()),
        Err(e) => fail(&e),
    }
}

fn run(cli: args::Cli, stop: &Cancel) -> rushes_engine::Result<ExitCode> {
    use args::Command;
    match cli.command {
        None => {
            if let Some(file) = cli.files.iter().find(|f| !f.exists()) {
                return Err(Error::usage(format!("there is no file and no command “{}”", file.display()))
                    .help("see rushes --help for the commands"));
            }
            crate::editor::open(&cli.files, stop)?;
            stop.check()?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Render(args)) => render::run(&args, stop),
        Some(Command::Frame(args)) => frame::run(&args, stop),
        Some(Command::Drive(args)) => drive::run(&args, stop),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Plan(args)) => plan::run(&args),
        Some(Command::Nodes(args)) => nodes::run(&args),
        Some(Command::Probe(args)) => probe::run(&args, stop),
        Some(Command::Bench(args)) => bench::run(&args, stop),
        Some(Command::Doctor(args)) => doctor::run(&args),
        Some(Command::Fmt(args)) => fmt::run(&args),
        Some(Command::Bundle(args)) => bundle::run(&args, stop),
        Some(Command::Diff(args)) => diff::run(&args),
        Some(Command::Schema) => schema::run(),
        Some(Command::Keys { kind }) => keys::run(&kind, stop),
        Some(Command::Jobs { kind }) => jobs::run(&kind, stop),
    }
}

/// Tells an error on standard error, in two lines, and gives its exit code.
fn fail(error: &Error) -> ExitCode {
    let mut stderr = std::io::stderr().lock();
    let told = writeln!(stderr, "error: {error}").and_then(|()| match error.help_text() {
        "" => Ok(()),
        help => writeln!(stderr, "help: {help}"),
    });
    if told.is_err() {
        log::debug!("nobody reads standard error");
    }
    exit(error.kind().exit_code())
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Clap's own words in our form; help and version are no errors.
fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or("").trim_start_matches("error: ").to_owned();
    fail(&Error::usage(first).help("see rushes --help"))
}

/// Writes to standard output; a reader that left (as `head` does) is no error.
pub(crate) fn say(text: &str) -> rushes_engine::Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::system(format!("standard output cannot be written: {e}")))
        }
        _ => Ok(()),
    }
}
