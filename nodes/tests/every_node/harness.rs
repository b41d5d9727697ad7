//! Tests that are not known until the program runs: one a tool. It answers to what `cargo test` and nextest ask of a
//! test program: `--list`, `--exact`, `--skip` and names.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Runs the wanted ones of the trials. A trial answers with all that is wrong.
pub fn run<F: Fn() -> Vec<String>>(trials: &[(&'static str, F)]) -> ExitCode {
    let wish = Wish::read(std::env::args().skip(1));
    let wanted = trials.iter().filter(|(name, _)| wish.takes(name));
    if wish.list {
        wanted.for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let (mut passed, mut failed) = (0, 0);
    for (name, trial) in wanted {
        let wrong = catch_unwind(AssertUnwindSafe(trial)).unwrap_or_else(|_| vec!["it panicked".into()]);
        println!("test {name} ... {}", if wrong.is_empty() { "ok" } else { "FAILED" });
        wrong.iter().for_each(|what| eprintln!("{name}: {what}"));
        *if wrong.is_empty() { &mut passed } else { &mut failed } += 1;
    }
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the runner asks for.
#[derive(Default)]
struct Wish {
    list: bool,
    /// Only tests that are switched off; there are none.
    ignored: bool,
    exact: bool,
    names: Vec<String>,
    skipped: Vec<String>,
}

impl Wish {
    fn read(mut words: impl Iterator<Item = String>) -> Self {
        let mut wish = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--list" => wish.list = true,
                "--ignored" => wish.ignored = true,
                "--exact" => wish.exact = true,
                "--skip" => wish.skipped.extend(words.next()),
                "--format" | "--color" | "--test-threads" | "-Z" | "--logfile" => drop(words.next()),
                _ if word.starts_with('-') => {}
                _ => wish.names.push(word),
            }
        }
        wish
    }

    fn takes(&self, name: &str) -> bool {
        let is = |wanted: &String| if self.exact { name == wanted } else { name.contains(wanted.as_str()) };
        !self.ignored && (self.names.is_empty() || self.names.iter().any(is)) && !self.skipped.iter().any(is)
    }
}
