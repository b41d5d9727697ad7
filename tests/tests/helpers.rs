//! The measuring tools, measured: a wrong ruler would pass every other test.

use std::process::Command;

use anyhow::{Context, Result};
use rushes_tests::{Drive, Home, Picture, Screen, ffmpeg, ffprobe, luma_frames, python, raw_frames};
use serde_json::json;

/// Speaks the protocol of `rushes drive`: `echo` gives its fields back, `slow` tells progress and is answered
/// only after the next request, `bad` is refused.
const PEER: &str = r#"
import json, sys
held = None
say = lambda line: print(json.dumps(line), flush=True)
for line in sys.stdin:
    try:
        ask = json.loads(line)
    except ValueError:
        say({"id": None, "ok": False, "error": "not JSON", "help": "one object a line"})
        continue
    verb, of = ask["do"], ask["id"]
    if verb == "slow":
        for part in (0.25, 0.75):
            say({"id": of, "progress": part, "message": "on the way"})
        held = of
        continue
    if verb == "bad":
        say({"id": of, "ok": False, "code": "usage", "error": "no such node", "help": "add it"})
    else:
        say({"id": of, "ok": True, "result": ask})
    if held is not None:
        say({"id": held, "ok": True, "result": "late"})
        held = None
    if verb == "quit":
        sys.exit(7)
"#;

fn peer() -> Result<Drive> {
    let mut command = Command::new("python3");
    command.args(["-c", PEER]);
    Drive::over(command)
}

#[test]
fn replies_find_their_requests() -> Result<()> {
    let mut drive = peer()?;
    let slow = drive.send("slow", json!({}))?;
    let echo = drive.ask("echo", json!({ "node": "grain", "value": 0.4 }))?;
    assert_eq!(echo, json!({ "id": 2, "do": "echo", "node": "grain", "value": 0.4 }));
    assert_eq!(drive.reply(slow)?, Ok(json!("late")));
    assert_eq!(drive.progress(slow), [0.25, 0.75]);

    let refusal = drive.refuse("bad", json!({}))?;
    assert_eq!((refusal.code.as_str(), refusal.help.as_str()), ("usage", "add it"));
    assert!(drive.ask("bad", json!({})).is_err(), "a refusal passed as an answer");
    assert!(drive.refuse("echo", json!({})).is_err(), "an answer passed as a refusal");

    drive.line("{oops")?;
    assert_eq!(drive.next_line()?["id"], json!(null));
    assert_eq!(drive.quit()?, 7);
    Ok(())
}

#[test]
fn a_peer_that_dies_is_an_error() -> Result<()> {
    let mut command = Command::new("python3");
    command.args(["-c", "import sys; sys.exit('gone')"]);
    let mut drive = Drive::over(command)?;
    let told = drive.next_line().err().context("silence passed as an answer")?;
    assert!(told.to_string().contains("the program ended"), "{told}");
    Ok(())
}

/// Two pictures of 8x6 with three channels that are neither flat nor alike.
fn two_pictures() -> Result<(Picture, Picture)> {
    let samples = |step: u16| (0..8 * 6 * 3).map(|at: u16| f32::from(at * step % 251) / 251.0).collect();
    Ok((Picture::new(8, 6, 3, samples(37))?, Picture::new(8, 6, 3, samples(91))?))
}

#[test]
fn figures_agree_with_numpy() -> Result<()> {
    let (one, two) = two_pictures()?;
    let script = "
import sys, numpy as np
a, b = np.frombuffer(sys.stdin.buffer.read(), '<f4').astype('f8').reshape(2, 6, 8, 3)
c = a[1:5, 2:7]
print(a.mean(), a.std(), abs(a - b).max(), -10 * np.log10(((a - b) ** 2).mean()),
      np.corrcoef(a.ravel(), b.ravel())[0, 1], c.mean(), c.std())";
    let input: Vec<u8> =
        one.samples().iter().chain(two.samples()).flat_map(|sample| sample.to_le_bytes()).collect();
    let told = String::from_utf8(python(script, &[], &input)?)?;
    let theirs: Vec<f64> = told.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let part = one.crop(2, 1, 5, 4)?;
    let ours = [
        one.mean(),
        one.deviation(),
        one.max_difference(&two)?,
        one.psnr(&two)?,
        one.correlation(&two)?,
        part.mean(),
        part.deviation(),
    ];
    assert_eq!(ours.len(), theirs.len());
    for (our, their) in ours.iter().zip(&theirs) {
        assert!((our - their).abs() < 1e-9, "{ours:?} and {theirs:?}");
    }
    assert!(one.crop(4, 0, 5, 1).is_err());
    assert!(one.psnr(&part).is_err());
    Ok(())
}

#[test]
fn pictures_are_read_code_by_code() -> Result<()> {
    let home = Home::new()?;
    for (format, largest) in [("gray", 255_u16), ("rgb24", 255), ("rgba", 255), ("rgb48be", 65535)] {
        let png = home.path(format!("{format}.png"));
        let name = png.to_string_lossy();
        let source = "testsrc2=size=32x18:rate=1:duration=1";
        ffmpeg(["-f", "lavfi", "-i", source, "-pix_fmt", format, &*name])?;
        let codes: Vec<u16> = match largest {
            255 => raw_frames(&png, format)?.concat().into_iter().map(u16::from).collect(),
            _ => raw_frames(&png, format)?
                .concat()
                .as_chunks()
                .0
                .iter()
                .map(|&pair| u16::from_be_bytes(pair))
                .collect(),
        };
        let picture = Picture::open(&png)?;
        assert_eq!((picture.width(), picture.height()), (32, 18));
        let expected: Vec<f32> = codes.iter().map(|&code| f32::from(code) / f32::from(largest)).collect();
        let expected = Picture::new(32, 18, picture.channels(), expected)?;
        assert!(picture.max_difference(&expected)? < 1e-7, "{format}");
    }
    Ok(())
}

#[test]
fn luma_is_what_was_coded() -> Result<()> {
    let home = Home::new()?;
    for (format, code) in [("yuv420p", 100.0 / 255.0), ("yuv422p10le", 400.0 / 1023.0)] {
        let clip = home.path(format!("{format}.nut"));
        let name = clip.to_string_lossy();
        let expression = if format == "yuv420p" { "lum=100:cb=128:cr=128" } else { "lum=400:cb=512:cr=512" };
        let filter = format!("format={format},geq={expression}");
        let source = "color=size=16x10:rate=24:duration=0.125";
        ffmpeg(["-f", "lavfi", "-i", source, "-vf", &*filter, "-c:v", "rawvideo", &*name])?;
        assert_eq!(ffprobe(&clip)?["pix_fmt"], json!(format));
        let frames = luma_frames(&clip)?;
        assert_eq!(frames.len(), 3);
        for frame in frames {
            assert!((frame.mean() - code).abs() < 1e-6 && frame.deviation() < 1e-6, "{}", frame.mean());
        }
    }
    Ok(())
}

#[test]
fn oracles_that_fail_say_so() {
    let told = python("raise SystemExit('no such thing')", &[], &[]).expect_err("a failure passed");
    assert!(told.to_string().contains("no such thing"), "{told}");
    assert!(python("import cv2, numpy, PIL, scipy", &[], &[]).is_ok());
    assert!(ffmpeg(["-i", "missing.mp4", "-f", "null", "-"]).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_screen_shows_and_is_touched() -> Result<()> {
    let home = Home::new()?;
    let screen = Screen::start(320, 200)?;
    screen.hand(&["mousemove", "30", "40"])?;
    assert!(screen.hand(&["getmouselocation"])?.contains("x:30 y:40"));
    let png = home.path("screen.png");
    screen.look(&png)?;
    let picture = Picture::open(&png)?;
    assert_eq!((picture.width(), picture.height()), (320, 200));
    assert!(screen.hand(&["no-such-verb"]).is_err());
    Ok(())
}

#[test]
fn every_home_is_its_own() -> Result<()> {
    let (one, two) = (Home::new()?, Home::new()?);
    one.write("a/b.txt", "x")?;
    assert_eq!(one.names()?, ["a"]);
    assert_eq!(two.names()?, Vec::<String>::new());
    assert_ne!(one.data(), two.data());
    let place = one.work();
    drop(one);
    assert!(!place.exists());
    Ok(())
}
