//! Programs that others wrote, to measure against: Python with numpy and its kin, FFmpeg.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::picture::Picture;
use crate::root;

/// Runs a Python script on the pinned oracles with `arguments` in `sys.argv[1:]` and `input` on its stdin, and
/// gives its stdout.
///
/// # Errors
/// If the oracles are not installed, or the script does not end with 0: its stderr is told.
pub fn python(script: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
    let mut command = Command::new(interpreter()?);
    command.args(["-c", script]).args(arguments);
    feed(command, input)
}

/// The interpreter that has numpy, scipy, Pillow and OpenCV.
fn interpreter() -> Result<PathBuf> {
    let oracles = root().join("target").join("oracles");
    ["bin/python", "Scripts/python.exe"]
        .iter()
        .map(|name| oracles.join(name))
        .find(|python| python.is_file())
        .context("target/oracles holds no Python: run `sh tests/setup.sh test`")
}

/// Runs `ffmpeg` quietly, never asking, and gives its stdout.
///
/// # Errors
/// If it is not installed or fails: its stderr is told.
pub fn ffmpeg<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Result<Vec<u8>> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]).args(arguments);
    feed(command, &[])
}

/// Makes a clip of 4:2:0 in 8 bits from a source of FFmpeg's, such as `testsrc2=s=96x54:r=24:d=0.5`; a name with `%d`
/// in it makes a sequence of pictures.
///
/// # Errors
/// If FFmpeg is not installed or fails.
pub fn clip(path: &Path, source: &str) -> Result<()> {
    let out = path.to_string_lossy();
    ffmpeg(["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", &*out]).map(drop)
}

/// What `ffprobe` tells of a file's first video stream: `codec_name`, `width`, `nb_read_frames`,
/// `color_space` and so on.
///
/// # Errors
/// If it is not installed, fails, or finds no video.
pub fn ffprobe(path: &Path) -> Result<Value> {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-select_streams", "v:0", "-count_frames", "-show_streams", "-of", "json"]);
    command.arg(path);
    let told: Value = serde_json::from_slice(&feed(command, &[])?)?;
    match &told["streams"][0] {
        Value::Null => bail!("{} has no video stream", path.display()),
        stream => Ok(stream.clone()),
    }
}

/// The frames of a file as FFmpeg decodes them, unrotated, in the pixel format named, planes one after another.
///
/// # Errors
/// If FFmpeg fails, or its output is no whole number of frames.
pub fn raw_frames(path: &Path, pixel_format: &str) -> Result<Vec<Vec<u8>>> {
    let count = frames(&ffprobe(path)?)?;
    let file = path.to_string_lossy();
    let raw = ffmpeg([
        "-noautorotate",
        "-i",
        &*file,
        "-map",
        "0:v:0",
        "-fps_mode",
        "passthrough",
        "-pix_fmt",
        pixel_format,
        "-f",
        "rawvideo",
        "-",
    ])?;
    if count == 0 || raw.len() % count != 0 {
        bail!("{} bytes are no {count} frames", raw.len());
    }
    Ok(raw.chunks_exact(raw.len() / count).map(<[u8]>::to_vec).collect())
}

/// The luma planes of a YUV file as coded, codes divided by the largest one, untouched by any conversion.
///
/// # Errors
/// As [`raw_frames`]; or if the file is not YUV of 8, 10 or 12 bits.
pub fn luma_frames(path: &Path) -> Result<Vec<Picture>> {
    let stream = ffprobe(path)?;
    let format = stream["pix_fmt"].as_str().unwrap_or_default().to_owned();
    if !format.starts_with("yuv") {
        bail!("{} is {format}, not YUV", path.display());
    }
    let bits: u32 = match format.split_once('p') {
        Some((_, "")) => 8,
        Some((_, "10le")) => 10,
        Some((_, "12le")) => 12,
        _ => bail!("{} is {format}, of which the luma is not read here", path.display()),
    };
    let side = |name: &str| stream[name].as_u64().and_then(|side| usize::try_from(side).ok());
    let (width, height) = side("width").zip(side("height")).context("ffprobe tells no size")?;
    let largest = f32::from(u16::try_from((1_u32 << bits) - 1)?);
    let length = width * height;
    raw_frames(path, &format)?
        .iter()
        .map(|frame| {
            let codes: Vec<f32> = if bits == 8 {
                frame.iter().take(length).map(|&code| f32::from(code) / largest).collect()
            } else {
                let (pairs, _) = frame.as_chunks::<2>();
                pairs.iter().take(length).map(|&pair| f32::from(u16::from_le_bytes(pair)) / largest).collect()
            };
            Picture::new(width, height, 1, codes)
        })
        .collect()
}

fn frames(stream: &Value) -> Result<usize> {
    let told = stream["nb_read_frames"].as_str().context("ffprobe counted no frames")?;
    told.parse().with_context(|| format!("ffprobe counted {told:?} frames"))
}

/// Writes all of `input` while reading all of stdout, so that neither side waits on a full pipe.
fn feed(mut command: Command, input: &[u8]) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{name} could not be started"))?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            // A program may end without having read everything; its exit code then tells whether that is well.
            drop(stdin.write_all(input));
        });
        child.wait_with_output()
    })?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}
