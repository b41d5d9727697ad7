//! The grain of the finished film, after the encoder: it lives, and it moves.

use anyhow::{Context, Result};
use rushes_tests::{Drive, Home, Picture, graph, luma_frames};
use serde_json::json;

const PATCH: usize = 128;

/// BT.709 luma of a picture of red, green and blue.
fn luma(picture: &Picture) -> Result<Picture> {
    let (pixels, _) = picture.samples().as_chunks::<3>();
    let samples = pixels.iter().map(|[r, g, b]| 0.2126 * r + 0.7152 * g + 0.0722 * b).collect();
    Picture::new(picture.width(), picture.height(), 1, samples)
}

/// Left and top of the flattest patch that is neither dark nor bright.
fn flattest(picture: &Picture) -> Result<(usize, usize)> {
    let mut best: Option<(f64, (usize, usize))> = None;
    for top in (0..=picture.height() - PATCH).step_by(PATCH) {
        for left in (0..=picture.width() - PATCH).step_by(PATCH) {
            let patch = picture.crop(left, top, PATCH, PATCH)?;
            let deviation = patch.deviation();
            if (0.25..0.75).contains(&patch.mean()) && best.is_none_or(|(least, _)| deviation < least) {
                best = Some((deviation, (left, top)));
            }
        }
    }
    best.map(|(_, at)| at).context("the picture has no patch of middle brightness")
}

#[test]
fn grain_survives_the_encoder_and_no_frame_has_that_of_the_last() -> Result<()> {
    let home = Home::new()?;
    let mut drive = Drive::start(&home, &[&graph("realism").to_string_lossy()])?;
    let mut luma_of = |node: &str, frame: i64| -> Result<Picture> {
        let out = home.path(format!("{node}.png"));
        drive.ask("frame", json!({ "node": node, "frame": frame, "out": out, "bits": 16 }))?;
        luma(&Picture::open(&out)?)
    };
    let (left, top) = flattest(&luma_of("cut", 1)?)?;
    let before = luma_of("bind", 1)?;
    assert_eq!((before.width(), before.height()), (3840, 2160));
    let film = home.path("film.mp4");
    // Frames on both sides, so that the two that are measured are coded as most are.
    drive.ask("render", json!({ "out": film, "frames": [0, 4] }))?;
    let patch = |picture: &Picture| picture.crop(left, top, PATCH, PATCH);
    let coded: Vec<Picture> = luma_frames(&film)?.iter().map(patch).collect::<Result<_>>()?;
    let (one, two) = (coded.get(1).context("no frame 1")?, coded.get(2).context("no frame 2")?);
    // Luma codes run from 16 to 235 of 255.
    let after = one.deviation() * 255.0 / 219.0;
    let kept = after / patch(&before)?.deviation();
    assert!(kept >= 0.6, "{kept:.2} of the grain's deviation is left at {left}, {top}");
    let alike = one.correlation(two)?;
    assert!(alike < 0.2, "two frames in a row correlate by {alike:.2} at {left}, {top}");
    Ok(())
}
