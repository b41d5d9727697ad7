//! Instructions of describing and keying a chain again, counted by valgrind's callgrind. Times of large graphs tell of the
//! machine's caches too; instructions tell how the work itself grows.

use super::{CHAINS, chain, child, keyed, set, write};
use crate::cli::say;
use crate::session::{Options, Session};
use rushes_engine::plan::Request;
use rushes_engine::{Cancel, Error, Result};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// The name of what callgrind counts in.
const COUNTED: &str = "rushes_counted_again";

/// Tells instructions a node, where there is valgrind.
pub(super) fn tell(folder: &Path, stop: &Cancel) -> Result<()> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return say("instructions are not counted: there is no valgrind");
    }
    say("instructions of the same, counted by valgrind")?;
    for count in CHAINS {
        stop.check()?;
        let name = format!("chain of {count}");
        match counted(folder, count) {
            Ok(all) => say(&format!("  {name:26} {:8.0} a node", all / count as f64))?,
            // It does not know every processor's instructions; the times stand without it.
            Err(error) => return say(&format!("  not counted: {error}")),
        }
    }
    Ok(())
}

/// Instructions of this program when it does [`work`].
fn counted(folder: &Path, count: usize) -> Result<f64> {
    let log = folder.join("counted.txt");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg(format!("--toggle-collect={COUNTED}")).arg(format!("--log-file={}", log.display()));
    command.arg(child::program()?).args(["bench", "graph", "--counted"]).arg(count.to_string());
    child::run(&mut command)?;
    let words = std::fs::read_to_string(&log).unwrap_or_default();
    collected(&words).ok_or_else(|| {
        Error::system("valgrind told no count").at(log.display()).help("see what `valgrind --version` says")
    })
}

/// The count in callgrind's words.
fn collected(words: &str) -> Option<f64> {
    let (_, count) = words.lines().find_map(|line| line.split_once("Collected : "))?;
    count.trim().parse().ok().filter(|count| *count > 0.0)
}

/// One edit in the middle of a chain, and what is counted after it.
pub(super) fn work(folder: &Path, count: usize) -> Result<()> {
    let path = folder.join("chain.json");
    write(&path, &chain(count).to_string())?;
    let mut session = Session::new(Options::default())?;
    session.open(&path)?;
    let request = Request::frame(format!("n{}", count - 1).parse()?, 0);
    keyed(&mut session, &request)?;
    set(&mut session, &format!("n{}", count / 4 * 2).parse()?, "exposure", json!(0.2))?;
    rushes_counted_again(&mut session, &request)
}

#[unsafe(no_mangle)]
#[inline(never)]
fn rushes_counted_again(session: &mut Session, request: &Request) -> Result<()> {
    keyed(session, request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_found_in_callgrinds_words() {
        let words = "==7== Events    : Ir\n==7== Collected : 140609413\n==7== \n";
        assert_eq!(collected(words), Some(140_609_413.0));
        assert_eq!(collected("==7== Collected : 0\n"), None);
        assert_eq!(collected("valgrind: no such tool"), None);
    }
}
