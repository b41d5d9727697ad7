//! Other programs run to their end, and what each of them took.
//!
//! Linux counts the memory of the process that starts a program into that program's peak, so whoever measures memory by
//! this holds no device and no pictures.

use super::median;
use rushes_engine::{Error, Result};
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

/// What programs took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// Seconds.
    pub(super) wall: f64,
    /// Seconds of processor, in the program and in the kernel for it, where the system tells.
    pub(super) processor: Option<f64>,
    /// The most memory at once, in bytes, where the system tells.
    pub(super) peak: Option<f64>,
}

impl Cost {
    /// Of each figure the median.
    pub(super) fn median(costs: &[Self]) -> Self {
        let of = |get: fn(&Self) -> Option<f64>| {
            let values: Vec<f64> = costs.iter().filter_map(get).collect();
            (!values.is_empty()).then(|| median(&values))
        };
        Self {
            wall: of(|c| Some(c.wall)).unwrap_or_default(),
            processor: of(|c| c.processor),
            peak: of(|c| c.peak),
        }
    }
}

/// This program, to start it once more.
pub(super) fn program() -> Result<PathBuf> {
    std::env::current_exe().map_err(|e| Error::system(format!("this program is not found: {e}")))
}

/// Runs a program to its end.
pub(super) fn run(command: &mut Command) -> Result<Cost> {
    command.stdout(Stdio::null());
    let begun = Instant::now();
    let ran = Running::start(command)?.end()?;
    Ok(Cost { wall: begun.elapsed().as_secs_f64(), ..ran })
}

/// Runs a program whose output is another's input, both to their end. Memory is the sum of both peaks.
pub(super) fn run_piped(from: &mut Command, to: &mut Command) -> Result<Cost> {
    from.stdout(Stdio::piped());
    to.stdout(Stdio::null());
    let begun = Instant::now();
    let mut from = Running::start(from)?;
    let pipe = from.child.stdout.take();
    let to = Running::start_on(to, pipe.map_or_else(Stdio::null, Stdio::from))?;
    // The one that reads goes first: where it fails the other one's pipe only breaks.
    let (to, from) = (to.end()?, from.end()?);
    let both = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
    Ok(Cost {
        wall: begun.elapsed().as_secs_f64(),
        processor: both(from.processor, to.processor),
        peak: both(from.peak, to.peak),
    })
}

/// Runs a program to its end and gives what it said on standard output.
pub(super) fn told(command: &mut Command) -> Result<String> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let mut text = String::new();
    if let Some(mut out) = running.child.stdout.take() {
        let lost = |e| Error::system(format!("{} could not be heard: {e}", running.name));
        out.read_to_string(&mut text).map_err(lost)?;
    }
    running.end()?;
    Ok(text)
}

/// A program under way.
struct Running {
    child: Child,
    name: String,
    /// Gathers what it says on standard error.
    words: Option<std::thread::JoinHandle<String>>,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        Self::start_on(command, Stdio::null())
    }

    fn start_on(command: &mut Command, input: Stdio) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(input).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|e| {
            Error::system(format!("{name} could not be started: {e}"))
                .help(format!("install {name}, or put it on the PATH"))
        })?;
        let words = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                // What came before the pipe broke is all that there is to tell.
                drop(stderr.read_to_end(&mut bytes));
                String::from_utf8_lossy(&bytes).into_owned()
            })
        });
        Ok(Self { child, name, words })
    }

    fn end(mut self) -> Result<Cost> {
        let name = &self.name;
        let waited = wait(&mut self.child);
        let words = self.words.take().and_then(|words| words.join().ok()).unwrap_or_default();
        match waited {
            Ok((status, cost)) if status.success() => Ok(cost),
            Ok((status, _)) => {
                let last = words.lines().rev().find(|line| !line.trim().is_empty());
                let said = last.map_or_else(String::new, |line| format!(": {}", line.trim()));
                Err(Error::system(format!("{name} ended with {status}{said}"))
                    .help("see what it needs, or measure without it"))
            }
            Err(e) => Err(Error::system(format!("{name} could not be waited for: {e}"))),
        }
    }
}

/// Waits for the end of a program; the cost has no wall yet.
#[cfg(unix)]
fn wait(child: &mut Child) -> std::io::Result<(ExitStatus, Cost)> {
    use std::os::unix::process::ExitStatusExt;
    let id = libc::pid_t::try_from(child.id()).map_err(std::io::Error::other)?;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    let mut status = 0;
    // SAFETY: both point to room for what is written, and the child was not waited for yet.
    while unsafe { libc::wait4(id, &raw mut status, 0, usage.as_mut_ptr()) } != id {
        let error = std::io::Error::last_os_error();
        if error.kind() != std::io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: it was zeroed, which is a valid value, and filled since.
    let usage = unsafe { usage.assume_init() };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
    let cost = Cost {
        wall: 0.0,
        processor: Some(seconds(usage.ru_utime) + seconds(usage.ru_stime)),
        peak: Some(usage.ru_maxrss as f64 * unit),
    };
    Ok((ExitStatus::from_raw(status), cost))
}

#[cfg(not(unix))]
fn wait(child: &mut Child) -> std::io::Result<(ExitStatus, Cost)> {
    Ok((child.wait()?, Cost::default()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_program_took_is_told() {
        let cost = run(&mut shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")).unwrap();
        assert!(cost.processor.unwrap() > 0.0 && cost.wall > 0.0 && cost.peak.unwrap() > 1e5, "{cost:?}");
        let cost = run_piped(&mut shell("echo word"), &mut shell("read a; test $a = word")).unwrap();
        assert!(cost.peak.unwrap() > 2e5, "{cost:?}");
        assert_eq!(told(&mut shell("echo word")).unwrap(), "word\n");
    }

    #[test]
    fn a_program_that_fails_says_why() {
        let error = run(&mut shell("echo no such clip >&2; exit 3")).unwrap_err();
        assert!(error.to_string().contains("no such clip"), "{error}");
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.help_text().contains("no-such-program"), "{error}");
    }

    #[test]
    fn medians_are_of_what_is_known() {
        let cost = |wall: f64, peak| Cost { wall, processor: None, peak };
        let median = Cost::median(&[cost(1.0, Some(5.0)), cost(9.0, None), cost(2.0, Some(7.0))]);
        assert_eq!(median, cost(2.0, Some(6.0)));
    }
}
