//! A screen of its own for a test of the window: an X server in memory, a hand and an eye.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A running Xvfb. It ends when dropped.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// Starts a screen of 24 bits on a free display number, and waits until it answers.
    ///
    /// # Errors
    /// If Xvfb is not installed or ends at once.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"]);
        command.arg(format!("{width}x{height}x24"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().context("Xvfb could not be started")?;
        let told = server.stdout.take().context("no stdout")?;
        let mut number = String::new();
        BufReader::new(told).read_line(&mut number)?;
        let screen = Self { server, display: format!(":{}", number.trim()) };
        if number.trim().is_empty() {
            bail!("Xvfb ended before it had a display");
        }
        Ok(screen)
    }

    /// Makes `command` draw here.
    pub fn show(&self, command: &mut Command) {
        command.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY");
    }

    /// Moves the mouse, types, finds windows: `xdotool` with `arguments`, and what it says.
    ///
    /// # Errors
    /// If xdotool is not installed or fails.
    pub fn hand(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("xdotool");
        command.args(arguments);
        self.show(&mut command);
        let output = command.output().context("xdotool could not be started")?;
        if !output.status.success() {
            bail!("xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Writes what the whole screen shows to a PNG.
    ///
    /// # Errors
    /// If ImageMagick is not installed or fails.
    pub fn look(&self, png: &Path) -> Result<()> {
        let mut command = Command::new("import");
        command.args(["-window", "root"]).arg(png);
        self.show(&mut command);
        let output = command.output().context("ImageMagick's import could not be started")?;
        if !output.status.success() {
            bail!("import: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nobody is left to hear that it had already ended.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
