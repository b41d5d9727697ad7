//! Stills of every kind, against what the `ffmpeg` program decodes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, framemd5};
use rushes_engine::{Cancel, ColorTags, Matrix, Range, Siting, Transfer};
use rushes_media::{Media, MediaKind, Order, ProbeOptions, hashes, probe};

#[test]
fn stills_equal_ffmpegs_own_reading() {
    for (name, args, depth, alpha) in [
        ("a.png", "-pix_fmt rgb24", 8, false),
        ("a.png", "-pix_fmt rgba", 8, true),
        ("a.png", "-pix_fmt rgb48be", 16, false),
        ("a.png", "-pix_fmt rgba64be", 16, true),
        ("a.png", "-pix_fmt gray16be", 16, false),
        ("a.png", "-pix_fmt ya8", 8, true),
        ("a.png", "-pix_fmt pal8", 8, true),
        ("a.jpg", "-pix_fmt yuvj420p -q:v 2", 8, false),
        ("a.jpeg", "-pix_fmt yuvj444p -q:v 2", 8, false),
        ("a.webp", "-c:v libwebp -lossless 0", 8, false),
        ("a.webp", "-c:v libwebp -lossless 1 -pix_fmt bgra", 8, true),
        ("a.tiff", "-pix_fmt rgb24", 8, false),
        ("a.tif", "-pix_fmt rgb48le", 16, false),
        ("a.exr", "-pix_fmt gbrpf32le -format half", 32, false),
        ("a.exr", "-pix_fmt gbrapf32le -format float", 32, true),
        ("a.bmp", "-pix_fmt bgr24", 8, false),
        ("a.dpx", "-pix_fmt gbrp10be", 10, false),
        ("a.jp2", "-pix_fmt rgb24", 8, false),
        ("a.ppm", "", 8, false),
    ] {
        let dir = folder();
        let path = at(&dir, name);
        ffmpeg(&format!("{} {args}", common::source("61x35", "25", 1)), &path);
        let info = probe(&path, &ProbeOptions::default()).unwrap();
        assert_eq!(info.kind, MediaKind::Still, "{name} {args}");
        let clip = info.clip().unwrap();
        assert!(clip.is_still() && (clip.width, clip.height, clip.frames) == (61, 35, 1), "{name} {args}");
        assert_eq!((clip.depth, clip.alpha), (depth, alpha), "{name} {args}");
        assert_eq!(
            clip.color.range,
            if name == "a.webp" && !alpha { Range::Limited } else { Range::Full },
            "{name} {args}"
        );
        assert!(!clip.color.guessed);
        let ours = hashes(&Media::default(), &path, Order::Forward, &Cancel::new()).unwrap();
        assert_eq!(ours, framemd5(&path, ""), "{name} {args}");
    }
}

#[test]
fn what_the_numbers_of_a_still_mean() {
    let dir = folder();
    let tags = |name: &str, args: &str| {
        let path = at(&dir, name);
        ffmpeg(&format!("-f lavfi -i testsrc2=size=64x36 -frames:v 1 {args}"), &path);
        let info = probe(&path, &ProbeOptions::default()).unwrap();
        (info.clip().unwrap().color, info.picture().unwrap().siting)
    };
    assert_eq!(tags("a.png", "-pix_fmt rgb24").0, ColorTags::SRGB);
    let (jpeg, siting) = tags("a.jpg", "-pix_fmt yuvj420p");
    assert_eq!((jpeg.matrix, jpeg.range, siting), (Matrix::Bt601, Range::Full, Siting::Center));
    assert_eq!(tags("a.exr", "-pix_fmt gbrpf32le").0.transfer, Transfer::Linear);
}

#[test]
fn a_still_that_is_cut_short_is_an_error() {
    let dir = folder();
    for (name, args) in [("a.png", ""), ("a.jpg", "-q:v 2"), ("a.exr", "-pix_fmt gbrpf32le"), ("a.tiff", "")]
    {
        let path = at(&dir, name);
        ffmpeg(&format!("-f lavfi -i testsrc2=size=320x180 -frames:v 1 {args}"), &path);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = probe(&path, &ProbeOptions::default()).err().unwrap_or_else(|| panic!("{name} was read"));
        assert_eq!(error.kind(), rushes_engine::ErrorKind::Media, "{name}: {error}");
        assert!(!error.help_text().is_empty(), "{name}");
    }
}

#[test]
fn a_sequence_of_different_sizes_names_the_odd_one() {
    let dir = folder();
    for (n, size) in [(1, "64x36"), (2, "64x36"), (3, "32x18")] {
        ffmpeg(&format!("-f lavfi -i testsrc2=size={size} -frames:v 1"), &at(&dir, &format!("s{n}.png")));
    }
    let media = Media::default();
    let pool = media.reader(dir.path(), &ProbeOptions::default()).unwrap();
    assert!(pool.frame(1).is_ok());
    let error = pool.frame(2).unwrap_err();
    assert!(error.place().contains("s3.png") && error.what().contains("32×18"), "{error}");
}
