//! The planes that a reader gives hold the samples that FFmpeg's own conversion to a planar format gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, raw, source};
use rushes_engine::{Cancel, Layout, Planes, Sample};
use rushes_media::{Media, ProbeOptions};
use std::path::Path;
use std::sync::Arc;

/// All samples, plane after plane, without padding; RGB in FFmpeg's planar order G, B, R, A.
fn bytes(planes: &Planes) -> Vec<u8> {
    let order: &[usize] = match planes.info.layout {
        Layout::Rgb => &[1, 2, 0],
        Layout::Rgba => &[1, 2, 0, 3],
        other => &[0, 1, 2, 3][..other.planes()],
    };
    let rows = |&p: &usize| {
        let (_, height) = planes.info.plane_size(p);
        (0..height).flat_map(move |y| planes.row(p, y).to_vec())
    };
    order.iter().flat_map(rows).collect()
}

fn first(path: &Path) -> Arc<Planes> {
    Media::default().own_reader(path, &ProbeOptions::default()).unwrap().frame(0).unwrap()
}

/// Makes a clip in a pixel format and compares its first frame with FFmpeg's conversion to `planar`.
fn compare(name: &str, args: &str, planar: &str, layout: Layout, sample: Sample, bits: u8) {
    let dir = folder();
    let path = at(&dir, name);
    ffmpeg(
        &format!("{} {args}", source(if args.contains("v210") { "38x23" } else { "37x23" }, "24", 1)),
        &path,
    );
    let planes = first(&path);
    assert_eq!((planes.info.layout, planes.info.sample, planes.info.bits), (layout, sample, bits), "{args}");
    let ours = bytes(&planes);
    // FFmpeg's conversion of packed formats with alpha to planes is not exact, to packed ones it is.
    let theirs = if planar == "gbrap" { common::planar(&raw(&path, "rgba"), 1) } else { raw(&path, planar) };
    assert_eq!(ours.len(), theirs.len(), "{args}");
    assert!(ours == theirs, "{args}: the samples differ");
}

#[test]
fn shared_and_unpacked_planes_hold_the_same_samples() {
    let raw = "-c:v rawvideo -pix_fmt";
    let yuv = |sub_x, sub_y| Layout::Yuv { sub_x, sub_y };
    let yuva = |sub_x, sub_y| Layout::Yuva { sub_x, sub_y };
    use Sample::{U8, U16};
    for (format, planar, layout, sample, bits) in [
        ("yuv420p", "yuv420p", yuv(1, 1), U8, 8),
        ("yuv410p", "yuv410p", yuv(2, 2), U8, 8),
        ("yuva444p", "yuva444p", yuva(0, 0), U8, 8),
        ("yuv422p10le", "yuv422p10le", yuv(1, 0), U16, 10),
        ("yuv422p10be", "yuv422p10le", yuv(1, 0), U16, 10),
        ("yuv444p12le", "yuv444p12le", yuv(0, 0), U16, 12),
        ("nv12", "nv12", Layout::SemiPlanar, U8, 8),
        ("nv21", "yuv420p", yuv(1, 1), U8, 8),
        ("uyvy422", "yuv422p", yuv(1, 0), U8, 8),
        ("yuyv422", "yuv422p", yuv(1, 0), U8, 8),
        ("rgb24", "gbrp", Layout::Rgb, U8, 8),
        ("bgr24", "gbrp", Layout::Rgb, U8, 8),
        ("bgr0", "gbrp", Layout::Rgb, U8, 8),
        ("argb", "gbrap", Layout::Rgba, U8, 8),
        ("rgba", "rgba", Layout::PackedRgba, U8, 8),
        ("rgb48be", "gbrp16le", Layout::Rgb, U16, 16),
        ("rgba64le", "rgba64le", Layout::PackedRgba, U16, 16),
        ("bgr48le", "gbrp16le", Layout::Rgb, U16, 16),
        ("gbrp10le", "gbrp10le", Layout::Rgb, U16, 10),
        ("gray", "gray", Layout::Gray, U8, 8),
        ("gray16be", "gray16le", Layout::Gray, U16, 16),
        ("gray12le", "gray12le", Layout::Gray, U16, 12),
    ] {
        compare("a.nut", &format!("{raw} {format}"), planar, layout, sample, bits);
    }
    compare("a.mov", "-c:v v210", "yuv422p10le", yuv(1, 0), U16, 10);
    compare("a.mov", "-c:v png -pix_fmt rgb48be", "gbrp16le", Layout::Rgb, U16, 16);
    compare("a.gif", "", "gbrap", Layout::Rgba, U8, 8);
    compare("a.avi", "-c:v rawvideo -pix_fmt pal8", "gbrap", Layout::Rgba, U8, 8);
}

#[test]
fn planes_of_usual_video_are_the_decoders_own_memory() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p", source("160x90", "24", 2)), &path);
    let media = Media::default();
    let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
    let (a, b) = (pool.frame(0).unwrap(), pool.frame(0).unwrap());
    assert_eq!(a.plane(0).as_ptr(), b.plane(0).as_ptr());
}

#[test]
fn an_upright_picture_is_the_one_that_ffmpeg_turns() {
    let dir = folder();
    let straight = at(&dir, "straight.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt gray", source("48x32", "24", 1)), &straight);
    for degrees in [0, 90, 180, 270] {
        let path = at(&dir, &format!("{degrees}.mp4"));
        ffmpeg(&format!("-i {} -c copy -metadata:s:v:0 rotate={degrees}", straight.display()), &path);
        let planes = first(&path);
        let turned = upright(&planes);
        let p = path.to_str().unwrap();
        let args = ["-v", "error", "-i", p, "-pix_fmt", "gray", "-f", "rawvideo", "-"];
        assert!(turned == common::run("ffmpeg", &args), "{degrees}");
        assert_eq!(planes.info.orientation.quarter_turns == 0, degrees == 0);
    }
}

/// The luma plane, mirrored and turned clockwise as its orientation says.
fn upright(planes: &Planes) -> Vec<u8> {
    let mut rows: Vec<Vec<u8>> = (0..planes.info.height).map(|y| planes.row(0, y).to_vec()).collect();
    if planes.info.orientation.mirrored {
        rows.iter_mut().for_each(|r| r.reverse());
    }
    for _ in 0..planes.info.orientation.quarter_turns {
        let width = rows[0].len();
        rows = (0..width).map(|x| rows.iter().rev().map(|r| r[x]).collect()).collect();
    }
    rows.concat()
}

#[test]
fn many_threads_share_a_file() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -g 24 -bf 3", source("160x90", "24", 60)), &path);
    let one: Vec<Vec<u8>> = {
        let mut reader = Media::default().own_reader(&path, &ProbeOptions::default()).unwrap();
        (0..60).map(|n| bytes(&reader.frame(n).unwrap())).collect()
    };
    let media = Media::default();
    std::thread::scope(|scope| {
        for thread in 0..6_u64 {
            let (media, one, path) = (&media, &one, &path);
            scope.spawn(move || {
                let pool = media.reader(path, &ProbeOptions::default()).unwrap();
                for i in 0..60 {
                    // Two threads go forwards side by side, one backwards, others jump.
                    let n = match thread {
                        0 | 1 => i,
                        2 => 59 - i,
                        _ => (i * 17 + thread * 7) % 60,
                    };
                    assert!(bytes(&pool.frame(n).unwrap()) == one[n as usize], "frame {n}");
                }
            });
        }
    });
    assert!(media.cached_bytes() > 0);
}

#[test]
fn a_cancelled_request_stops_and_the_next_one_works() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -g 60", source("160x90", "24", 60)), &path);
    let media = Media::default();
    let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(pool.frame_until(50, &cancel).unwrap_err().is_cancelled());
    assert!(pool.frame_until(50, &Cancel::new()).is_ok());
    assert!(pool.newest_frame(10).is_ok());
}

#[test]
fn the_cache_keeps_to_its_budget() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -g 30", source("160x90", "24", 60)), &path);
    let options = rushes_media::MediaOptions { cache_bytes: 150_000, ..Default::default() };
    let media = Media::new(options);
    let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
    for n in (0..60).rev() {
        pool.frame(n).unwrap();
        assert!(media.cached_bytes() <= 150_000);
    }
}
