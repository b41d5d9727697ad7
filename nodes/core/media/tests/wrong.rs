//! Wrong and damaged files: one line, the right kind, what to do; never silence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, source};
use rushes_engine::{Cancel, Error, ErrorKind};
use rushes_media::{Media, Order, ProbeOptions, hashes, probe};
use std::path::Path;

fn refused(path: &Path) -> Error {
    let error = probe(path, &ProbeOptions::default()).unwrap_err();
    assert!(!error.to_string().contains('\n') && !error.help_text().is_empty(), "{error}");
    assert!(error.place().contains(path.file_name().unwrap().to_str().unwrap()), "{error}");
    error
}

#[test]
fn what_is_no_media_is_refused() {
    let dir = folder();
    assert_eq!(refused(&at(&dir, "none.mp4")).kind(), ErrorKind::Missing);
    let write = |name: &str, bytes: &[u8]| {
        let path = at(&dir, name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = refused(&write("empty.mp4", b""));
    assert_eq!(empty.kind(), ErrorKind::Media);
    assert!(empty.what().contains("empty"));
    let text = refused(&write("text.mp4", b"Once upon a time there was a text.\n"));
    assert_eq!(text.kind(), ErrorKind::Media);
    assert!(text.what().contains("not media"), "{text}");
    let noise: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(refused(&write("noise.mov", &noise)).kind(), ErrorKind::Media);
}

#[test]
fn playlists_are_refused_by_name_whatever_the_file_is_called() {
    let dir = folder();
    let clip = at(&dir, "clip.ts");
    ffmpeg(&format!("{} -c:v mpeg2video", source("64x36", "25", 5)), &clip);
    let lists = [
        (
            "hls.mp4",
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\nclip.ts\n#EXT-X-ENDLIST\n",
        ),
        ("concat.mp4", "ffconcat version 1.0\nfile clip.ts\n"),
        (
            "dash.mp4",
            "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" type=\"static\"></MPD>",
        ),
    ];
    for (name, text) in lists {
        let path = at(&dir, name);
        std::fs::write(&path, text).unwrap();
        let error = refused(&path);
        assert_eq!(error.kind(), ErrorKind::Media);
        assert!(error.what().contains("playlist"), "{name}: {error}");
    }
}

/// Cuts a clip, reads it in three orders, and gives the first error of reading forwards.
fn truncated(name: &str, args: &str, keep: f64) -> (u64, Error) {
    let dir = folder();
    let path = at(&dir, name);
    ffmpeg(&format!("{} {args}", source("160x90", "24", 48)), &path);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..(bytes.len() as f64 * keep) as usize]).unwrap();
    let media = Media::default();
    let info = media.probe(&path, &ProbeOptions::default()).unwrap();
    let picture = info.picture().unwrap();
    assert_eq!(picture.frames, 48, "{name}: the container's own count");
    let mut reader = media.own_reader(&path, &ProbeOptions::default()).unwrap();
    let (bad, error) = (0..48).find_map(|n| reader.frame(n).err().map(|e| (n, e))).unwrap();
    assert!(bad > 3, "{name}: frames before the cut are whole");
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(error.what().contains(&format!("frame {bad} of 48")), "{name}: {error}");
    assert!(!error.help_text().is_empty());
    for order in [Order::Forward, Order::Reverse] {
        assert_eq!(
            hashes(&Media::default(), &path, order, &Cancel::new()).unwrap_err().kind(),
            ErrorKind::Media
        );
    }
    (bad, error)
}

#[test]
fn a_truncated_clip_names_the_frame_that_fails() {
    truncated("a.mp4", "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 0 -movflags +faststart", 0.6);
    truncated("a.mp4", "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3 -movflags +faststart", 0.6);
    truncated("a.mov", "-c:v prores_ks -movflags +faststart", 0.5);
    truncated("a.mkv", "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3", 0.5);
    truncated("a.avi", "-c:v mjpeg -pix_fmt yuvj420p", 0.5);
}

#[test]
fn a_file_cut_before_its_index_says_so() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p", source("160x90", "24", 48)), &path);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = refused(&path);
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(error.what().contains("truncated"), "{error}");
}

#[test]
fn a_damaged_frame_is_an_error_and_the_others_are_read() {
    let dir = folder();
    let path = at(&dir, "a.mov");
    ffmpeg(&format!("{} -c:v prores_ks", source("160x90", "24", 20)), &path);
    let whole = common::framemd5(&path, "");
    let mut bytes = std::fs::read(&path).unwrap();
    // The frame's own header word, so that the decoder knows.
    let tags: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| w == b"icpf").map(|(i, _)| i).collect();
    assert_eq!(tags.len(), 20);
    bytes[tags[7]..tags[7] + 4].copy_from_slice(b"xxxx");
    std::fs::write(&path, bytes).unwrap();
    let media = Media::default();
    let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
    for n in 0..whole.len() as u64 {
        match pool.frame(n) {
            Ok(_) => assert_ne!(n, 7),
            Err(error) => {
                assert_eq!(n, 7, "{error}");
                assert!(error.what().contains("frame 7 of 20"), "{error}");
            }
        }
    }
}

#[test]
fn frames_beyond_the_end_and_sound_without_picture_are_refused() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p", source("64x36", "24", 5)), &path);
    let media = Media::default();
    let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
    assert_eq!(pool.frame(5).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(pool.frame(u64::MAX).unwrap_err().kind(), ErrorKind::Usage);
    let sound = at(&dir, "a.wav");
    ffmpeg("-f lavfi -i sine=duration=0.2", &sound);
    assert!(media.reader(&sound, &ProbeOptions::default()).is_err());
}

#[test]
fn a_picture_too_large_for_any_device_is_refused_before_it_is_decoded() {
    let dir = folder();
    let path = at(&dir, "huge.png");
    ffmpeg("-f lavfi -i color=black:size=16x16 -frames:v 1", &path);
    let mut bytes = std::fs::read(&path).unwrap();
    // The header's width and height, with its checksum.
    bytes[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    std::fs::write(&path, bytes).unwrap();
    let error = probe(&path, &ProbeOptions::default()).unwrap_err();
    assert!(!error.to_string().is_empty() && !error.help_text().is_empty(), "{error}");
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, &byte: &u8| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn random_damage_gives_errors_for_people_and_whole_frames_beside() {
    for (name, args) in [
        ("a.mp4", "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 2"),
        ("a.mkv", "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=10"),
        ("a.ts", "-c:v mpeg2video -g 10 -bf 2"),
        ("a.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
        ("a.webm", "-c:v libvpx -g 10 -deadline realtime -cpu-used 8"),
        ("a.mov", "-c:v prores_ks"),
        ("a.gif", ""),
        ("a.png", "-frames:v 1"),
    ] {
        let dir = folder();
        let path = at(&dir, name);
        ffmpeg(&format!("{} {args}", source("96x64", "24", 24)), &path);
        let whole = std::fs::read(&path).unwrap();
        for seed in 1..=6_u64 {
            let mut bytes = whole.clone();
            let mut state = seed;
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 20) as usize % bytes.len();
                bytes[at] ^= (state >> 56) as u8 | 1;
            }
            std::fs::write(&path, bytes).unwrap();
            let media = Media::default();
            let person = |error: &Error| {
                let plain = !error.to_string().contains('\n') && !error.help_text().is_empty();
                assert!(plain && error.kind() != ErrorKind::Usage, "{name} {seed}: {error}");
            };
            match media.reader(&path, &ProbeOptions::default()) {
                Err(error) => person(&error),
                Ok(pool) => {
                    for n in (0..pool.info().picture().unwrap().frames.min(60)).rev() {
                        if let Err(error) = pool.frame(n) {
                            person(&error);
                        }
                    }
                }
            }
        }
    }
}
