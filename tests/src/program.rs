//! The program under test, run in a place of its own.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::root;

/// The `rushes` program: the one that `RUSHES_BIN` names, else the workspace's own, built if it is not up to
/// date.
///
/// # Errors
/// If `RUSHES_BIN` names no file, or the build fails; then every later call fails alike.
pub fn program() -> Result<PathBuf> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PROGRAM.get_or_init(|| find().map_err(|error| format!("{error:#}"))).clone().map_err(|what| anyhow!(what))
}

fn find() -> Result<PathBuf> {
    if let Some(named) = env::var_os("RUSHES_BIN") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("RUSHES_BIN names {}, which is no file", named.display());
        }
        return Ok(named);
    }
    build()
}

/// Builds with the profile of the running test, and lets cargo say where the program is. It is the gate's own build:
/// a narrower one would choose other features, and compile the window stack a second time.
fn build() -> Result<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["build", "--locked", "--quiet", "--workspace", "--bins", "--tests"]);
    cargo.arg("--message-format=json-render-diagnostics");
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the program does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["kind"][0] == "bin" && message["profile"]["test"] == false)
        .filter(|message| message["target"]["name"] == "rushes")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo built no program named rushes")
}

/// A place of its own for one test: a working folder and a data folder, both gone when it is dropped.
pub struct Home {
    folder: TempDir,
}

/// How a run of the program ended, and what it said.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; 128 and the signal's number where a signal ended it, as a shell tells it.
    pub code: i32,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
}

/// A run of the program that has not ended. It is killed when dropped.
pub struct Running {
    child: Option<Child>,
}

impl Home {
    /// An empty place.
    ///
    /// # Errors
    /// If the machine has no room for temporary folders.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("rushes-test-").tempdir()?;
        for part in ["work", "data"] {
            std::fs::create_dir(folder.path().join(part))?;
        }
        Ok(Self { folder })
    }

    /// The working folder; relative paths on the command line start here.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// What stands in for the platform's data folder (`RUSHES_HOME`).
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path in the working folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.work().join(name)
    }

    /// Writes a file into the working folder, and gives its path.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, content).with_context(|| path.display().to_string())?;
        Ok(path)
    }

    /// The names in the working folder, in order: what a failed run must not have added to.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.work())? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// The program, ready to start here; of the person's own settings it sees only `RUSHES_DEVICE`.
    ///
    /// # Errors
    /// As [`program`].
    pub fn command(&self) -> Result<Command> {
        Ok(self.command_of(program()?))
    }

    /// Another program, ready to start here as the program does, such as a shell that starts it.
    pub fn command_of(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env("RUSHES_HOME", self.data()).stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            let shown = name.to_string_lossy();
            if shown.starts_with("RUSHES_") && shown != "RUSHES_DEVICE" && shown != "RUSHES_HOME" {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Runs the program to its end.
    ///
    /// # Errors
    /// If it cannot be started. A bad end is not an error: it is in the [`Outcome`].
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Outcome> {
        let output = self.command()?.args(arguments).output().context("the program could not be started")?;
        Ok(outcome(&output))
    }

    /// Runs the program to a good end and gives its stdout.
    ///
    /// # Errors
    /// If it cannot be started or does not end with 0.
    pub fn must<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<String> {
        let outcome = self.run(arguments)?;
        if outcome.code != 0 {
            bail!("ended with {}: {}", outcome.code, outcome.stderr);
        }
        Ok(outcome.stdout)
    }

    /// Starts the program and returns at once.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Running> {
        let mut command = self.command()?;
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Running { child: Some(command.spawn().context("the program could not be started")?) })
    }
}

impl Outcome {
    /// Of a program that has ended.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        outcome(output)
    }

    /// Checks the form of a refusal: the exit code, one line `error: …`, one line `help: …`, no panic.
    ///
    /// # Errors
    /// With all the program said, if the form is another.
    pub fn refused(&self, code: i32) -> Result<()> {
        let lines: Vec<&str> = self.stderr.lines().collect();
        let errors = lines.iter().filter(|line| line.starts_with("error: ")).count();
        let helps = lines.iter().filter(|line| line.starts_with("help: ")).count();
        if self.code != code || errors != 1 || helps != 1 || self.stderr.contains("panicked") {
            bail!("not a refusal with {code}: {self:?}");
        }
        Ok(())
    }
}

impl Running {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Asks it to stop, as Ctrl-C (`"INT"`) or a service manager (`"TERM"`) does.
    ///
    /// # Errors
    /// If there is no such process or signal.
    pub fn signal(&self, name: &str) -> Result<()> {
        let status = Command::new("kill").args(["-s", name, &self.id().to_string()]).status()?;
        if !status.success() {
            bail!("the signal {name} could not be sent");
        }
        Ok(())
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// If its output cannot be read.
    pub fn end(mut self) -> Result<Outcome> {
        let child = self.child.take().context("already ended")?;
        Ok(outcome(&child.wait_with_output()?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Nobody is left to hear that it had already ended.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn outcome(output: &Output) -> Outcome {
    Outcome {
        code: code(output.status),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The exit code as a shell tells it.
#[cfg(unix)]
pub(crate) fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// The exit code as a shell tells it.
#[cfg(not(unix))]
pub(crate) fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}
