//! The measurement of frames by their number comes to its end and tells every row. What it tells is for people.

use anyhow::Result;
use rushes_tests::Home;

const ROWS: [&str; 4] = ["first visit", "second visit", "step forward", "step back"];

fn home() -> Result<Home> {
    let home = Home::new()?;
    rushes_tests::clip(&home.path("clip.mp4"), "testsrc2=s=64x36:r=24:d=2")?;
    Ok(home)
}

/// The numbers behind each row's name, and behind that of the other side under it.
fn row<'a>(told: &'a str, name: &str) -> (Vec<&'a str>, Option<Vec<&'a str>>) {
    let mut lines = told.lines().skip_while(|line| !line.starts_with(name));
    let ours = lines.next().and_then(|line| line.strip_prefix(name)).unwrap_or_default();
    let theirs = lines.next().and_then(|line| line.trim_start().strip_prefix("PyAV"));
    let words = |line: &'a str| line.split_whitespace().collect::<Vec<_>>();
    (words(ours), theirs.map(words))
}

#[test]
fn every_row_is_told_of_a_short_clip() -> Result<()> {
    let home = home()?;
    let short =
        ["bench", "scrub", "clip.mp4", "--visits", "5", "--places", "2", "--python", "no-such-python"];
    let told = home.must(short)?;
    assert!(told.contains("clip.mp4: 64 × 36, 48 frames, h264"), "{told}");
    assert!(told.contains(" cores") && told.contains(", FFmpeg "), "{told}");
    assert!(told.contains("no PyAV beside it"), "{told}");
    for (name, frames) in ROWS.into_iter().zip(["5", "5", "94", "94"]) {
        let (ours, theirs) = row(&told, name);
        assert_eq!((ours.len(), ours.first(), theirs), (4, Some(&frames), None), "{name}: {told}");
    }
    assert_eq!(home.names()?, ["clip.mp4"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_other_side_is_asked_for_the_same_frames() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let home = home()?;
    let python = home.write("python", "#!/bin/sh\necho 1.0\nwhile read -r time; do echo 8 4; done\n")?;
    std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755))?;
    let short = ["bench", "scrub", "clip.mp4", "--visits", "5", "--places", "1", "--python", "./python"];
    let told = home.must(short)?;
    assert!(told.contains("beside it PyAV 1.0"), "{told}");
    for (name, frames) in ROWS.into_iter().zip(["5", "5", "47", "47"]) {
        let (ours, theirs) = row(&told, name);
        // Ours has the ratio too.
        assert_eq!(ours.len(), 5, "{name}: {told}");
        assert_eq!(theirs, Some(vec![frames, "8.00", "8.00", "4.00"]), "{name}: {told}");
    }
    let silent = home.write("python", "#!/bin/sh\necho 1.0\n")?;
    let outcome = home.run(["bench", "scrub", "clip.mp4", "--python", "./python"])?;
    assert!(silent.exists() && outcome.code == 1, "{outcome:?}");
    Ok(())
}
