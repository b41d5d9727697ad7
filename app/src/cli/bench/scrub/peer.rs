//! PyAV in a Python of its own, asked for frames over a pipe; it measures itself.

use super::Cost;
use rushes_engine::{Error, Result};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One second a line in, milliseconds of wall and of processor out.
const SCRIPT: &str = include_str!("seek.py");

/// A clip open in PyAV.
pub(super) struct Peer {
    python: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Of PyAV and of its FFmpeg.
    pub(super) version: String,
}

impl Peer {
    /// Opens `clip`; `None` where there is no such Python or it has no PyAV.
    pub(super) fn open(python: &Path, clip: &Path) -> Result<Option<Self>> {
        let mut command = Command::new(python);
        command.arg("-c").arg(SCRIPT).arg(clip);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else { return Ok(None) };
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else { return Ok(None) };
        let mut peer = Self { python: child, ask, answers: BufReader::new(answers), version: String::new() };
        peer.version = peer.line()?;
        Ok((!peer.version.is_empty()).then_some(peer))
    }

    /// Has the frame decoded that is shown `seconds` after the first.
    pub(super) fn visit(&mut self, seconds: f64) -> Result<Cost> {
        let lost = |e: std::io::Error| Error::system(format!("PyAV could not be asked: {e}"));
        writeln!(self.ask, "{seconds}").and_then(|()| self.ask.flush()).map_err(lost)?;
        let line = self.line()?;
        let mut numbers = line.split_whitespace().map_while(|word| word.parse().ok());
        match (numbers.next(), numbers.next()) {
            (Some(wall), Some(processor)) => Ok(Cost { wall, processor }),
            _ => Err(Error::system(format!("PyAV did not give the frame at {seconds} s"))
                .help("measure without it: name another Python with --python")),
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.map_err(|e| Error::system(format!("PyAV could not be heard: {e}")))?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.python.kill());
        drop(self.python.wait());
    }
}
