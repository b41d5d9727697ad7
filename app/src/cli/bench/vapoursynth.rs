//! VapourSynth, in a Python or as `vspipe`, and the scripts that it is given.

use super::{child, write};
use rushes_engine::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Tells the version and who reads clips. The last line is for `vspipe`, which wants something to look at.
const LOOK: &str = r#"import vapoursynth as vs
core = vs.core
sources = [name for name in ("bs", "ffms2", "lsmas") if hasattr(core, name)]
print("vapoursynth", vs.__version__.release_major, *sources[:1], flush=True)
core.std.BlankClip(length=1).set_output()
"#;

/// Photoshop's overlay at 30 %, on floats.
pub(super) const OVERLAY: &str = "x 0.5 < 2 x * y * 1 2 1 x - * 1 y - * - ? x - 0.3 * x +";

/// The script's last lines in a Python; `vspipe` has these within it.
const PYTHON_END: &str = r#"
import sys
if "y4m" in sys.argv:
    clip.output(sys.stdout.buffer, y4m=True)
else:
    for frame in clip.frames(close=True):
        pass
"#;

/// Who runs scripts.
#[derive(Clone, Debug, PartialEq)]
enum Runner {
    Python(PathBuf),
    Vspipe,
}

impl Runner {
    /// Runs a script whose frames go nowhere.
    fn silent(&self, script: &Path) -> Command {
        match self {
            Self::Python(python) => {
                let mut command = Command::new(python);
                command.arg(script);
                command
            }
            Self::Vspipe => {
                let mut command = Command::new("vspipe");
                command.arg(script).arg("--");
                command
            }
        }
    }
}

/// A VapourSynth that is installed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VapourSynth {
    runner: Runner,
    pub(super) version: String,
    /// What reads clips, where one of those that are known is installed.
    pub(super) source: Option<Source>,
}

/// A plugin that reads clips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Best,
    Ffms2,
    LSmash,
}

impl Source {
    fn of(name: &str) -> Option<Self> {
        match name {
            "bs" => Some(Self::Best),
            "ffms2" => Some(Self::Ffms2),
            "lsmas" => Some(Self::LSmash),
            _ => None,
        }
    }

    /// Its name, as people know it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Best => "BestSource",
            Self::Ffms2 => "FFMS2",
            Self::LSmash => "L-SMASH Works",
        }
    }

    /// The call that reads a clip; its index goes to `index`, away from the clip.
    pub(super) fn call(self, clip: &Path, index: &Path) -> String {
        let (clip, index) = (quoted(clip), quoted(index));
        match self {
            Self::Best => format!("core.bs.VideoSource({clip}, cachemode=4, cachepath={index})"),
            Self::Ffms2 => format!("core.ffms2.Source({clip}, cachefile={index})"),
            Self::LSmash => format!("core.lsmas.LWLibavSource({clip}, cachefile={index})"),
        }
    }
}

/// A path as a Python string; JSON's are a part of Python's.
pub(super) fn quoted(path: &Path) -> String {
    serde_json::Value::from(path.to_string_lossy().into_owned()).to_string()
}

impl VapourSynth {
    /// Looks for it in a Python, then as `vspipe`. `None` where neither has it.
    pub(super) fn find(folder: &Path, python: &Path) -> Result<Option<Self>> {
        let look = folder.join("look.vpy");
        write(&look, LOOK)?;
        let runners = [Runner::Python(python.to_owned()), Runner::Vspipe];
        Ok(runners.into_iter().find_map(|runner| {
            let told = child::told(&mut runner.silent(&look)).ok()?;
            let (version, source) = read(&told)?;
            Some(Self { runner, version, source })
        }))
    }

    /// Runs a script and gives what it prints.
    pub(super) fn told(&self, path: &Path, script: &str) -> Result<String> {
        write(path, &format!("{script}core.std.BlankClip(length=1).set_output()\n"))?;
        child::told(&mut self.runner.silent(path))
    }

    /// Has all frames of `clip` made, which `script` defines; as YUV4MPEG2 on standard output where `y4m` is set.
    pub(super) fn command(&self, path: &Path, script: &str, y4m: bool) -> Result<Command> {
        write(path, &self.text(script))?;
        let mut command = self.runner.silent(path);
        if y4m {
            match &self.runner {
                Runner::Python(_) => command.arg("y4m"),
                Runner::Vspipe => {
                    command = Command::new("vspipe");
                    command.args(["-c", "y4m"]).arg(path).arg("-")
                }
            };
        }
        Ok(command)
    }

    fn text(&self, script: &str) -> String {
        match self.runner {
            Runner::Python(_) => format!("{script}{PYTHON_END}"),
            Runner::Vspipe => format!("{script}clip.set_output()\n"),
        }
    }
}

/// The version and the source of what [`LOOK`] tells.
fn read(told: &str) -> Option<(String, Option<Source>)> {
    let mut words = told.lines().find_map(|line| line.strip_prefix("vapoursynth "))?.split_whitespace();
    Some((format!("R{}", words.next()?), words.next().and_then(Source::of)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_tells_of_itself_is_read() {
        assert_eq!(read("vapoursynth 81 bs\n"), Some(("R81".to_owned(), Some(Source::Best))));
        assert_eq!(read("a warning\nvapoursynth 70\nOutput 1 frames"), Some(("R70".to_owned(), None)));
        assert_eq!(read("Traceback"), None);
    }

    #[test]
    fn scripts_end_as_their_runner_wants() {
        let with = |runner| VapourSynth { runner, version: String::new(), source: None }.text("clip = a\n");
        assert_eq!(with(Runner::Vspipe), "clip = a\nclip.set_output()\n");
        assert!(with(Runner::Python("python3".into())).contains("clip.frames(close=True)"));
        let call = Source::Best.call(Path::new("a \"b\".mp4"), Path::new("i"));
        assert_eq!(call, r#"core.bs.VideoSource("a \"b\".mp4", cachemode=4, cachepath="i")"#);
    }
}
