//! Whatever the order of requests, whatever was left out or held on the way: the frames are those of FFmpeg.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, framemd5, source};
use rushes_engine::{Cancel, Planes};
use rushes_media::{Media, MediaOptions, Order, ProbeOptions, hashes};
use std::path::PathBuf;

/// Clips whose groups of pictures are longer than what is kept behind a frame.
const CLIPS: &[(&str, &str)] = &[
    ("long.mp4", "-c:v libx264 -pix_fmt yuv420p -g 90 -bf 3 -b_strategy 0 -sc_threshold 0"),
    (
        "pyramid.mkv",
        "-c:v libx264 -pix_fmt yuv420p -refs 5 -x264-params b-pyramid=normal:bframes=8:keyint=70",
    ),
    ("open.mp4", "-c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=40:bframes=3:scenecut=0"),
    ("open.ts", "-c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=40:bframes=3:scenecut=0"),
    ("slices.mp4", "-c:v libx264 -pix_fmt yuv420p -g 60 -bf 3 -x264-params slices=4"),
    ("fields.mp4", "-c:v libx264 -pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1:keyint=60"),
    ("weighted.mp4", "-c:v libx264 -pix_fmt yuv420p -g 60 -bf 3 -x264-params direct=temporal:weightb=1"),
    ("hevc.mp4", "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=60:bframes=4"),
    (
        "layers.mp4",
        "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=60:bframes=4:temporal-layers=1",
    ),
    (
        "open_hevc.mkv",
        "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:open-gop=1:keyint=40:bframes=3",
    ),
    ("mpeg2.ts", "-c:v mpeg2video -g 60 -bf 2"),
    ("closed_mpeg2.mxf", "-c:v mpeg2video -g 60 -bf 2"),
    ("vp9.webm", "-c:v libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 16 -g 60 -deadline realtime -cpu-used 8"),
    ("intra.mov", "-c:v prores_ks"),
    ("intra.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
];

fn clip(dir: &tempfile::TempDir, name: &str, words: &str) -> PathBuf {
    let path = at(dir, name);
    ffmpeg(&format!("{} {words}", source("96x64", "24", 120)), &path);
    path
}

/// A handle whose cache holds `frames` of these clips.
fn holding(frames: u64) -> Media {
    Media::new(MediaOptions { cache_bytes: frames * 13_000, ..MediaOptions::default() })
}

#[test]
fn any_order_gives_the_same_frames_however_little_is_held() {
    let dir = folder();
    for (name, words) in CLIPS {
        let path = clip(&dir, name, words);
        let oracle = framemd5(&path, "");
        assert_eq!(oracle.len(), 120, "{name}");
        for (held, order) in [
            (0, Order::Shuffled(3)),
            (4, Order::Shuffled(4)),
            (16, Order::Shuffled(5)),
            (16, Order::Reverse),
            (40, Order::Reverse),
            (4, Order::Forward),
        ] {
            let ours = hashes(&holding(held), &path, order, &Cancel::new()).unwrap();
            for (n, (ours, theirs)) in ours.iter().zip(&oracle).enumerate() {
                assert_eq!(ours, theirs, "{name}: frame {n}, {order:?}, {held} frames held");
            }
        }
    }
}

/// The bytes of all planes, without padding.
fn bytes(planes: &Planes) -> Vec<u8> {
    (0..planes.info.layout.planes())
        .flat_map(|p| {
            let (_, rows) = planes.info.plane_size(p);
            (0..rows).flat_map(move |y| planes.row(p, y).to_vec())
        })
        .collect()
}

#[test]
fn random_walks_of_several_threads_give_the_same_frames() {
    let dir = folder();
    for (name, words) in CLIPS.iter().take(4).chain(CLIPS.iter().rev().take(2)) {
        let path = clip(&dir, name, words);
        let options = ProbeOptions::default();
        let mut reader = holding(0).own_reader(&path, &options).unwrap();
        let one: Vec<Vec<u8>> = (0..120).map(|n| bytes(&reader.frame(n).unwrap())).collect();
        let media = holding(20);
        std::thread::scope(|scope| {
            for thread in 0..3_u64 {
                let (media, one, path) = (&media, &one, &path);
                scope.spawn(move || {
                    let pool = media.reader(path, &ProbeOptions::default()).unwrap();
                    let (mut n, mut state) = (60_i64, thread);
                    for step in 0..150 {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        let random = (state >> 33) as i64;
                        // Now a jump, mostly steps: one thread back, one on, one both ways.
                        n = match (random % 12, thread) {
                            (0, _) => random / 12 % 120,
                            (_, 0) => n - 1,
                            (_, 1) => n + 1,
                            _ => n + random / 12 % 9 - 4,
                        }
                        .rem_euclid(120);
                        // A request that is given up must not spoil the ones after it.
                        if random % 7 == 0 {
                            let cancel = Cancel::new();
                            cancel.cancel();
                            drop(pool.frame_until((n as u64 * 7) % 120, &cancel));
                        }
                        let frame = pool.frame(n as u64).unwrap();
                        assert!(bytes(&frame) == one[n as usize], "{name}: frame {n}, step {step}");
                    }
                });
            }
        });
    }
}

#[test]
fn frames_behind_a_step_back_come_by_themselves_and_a_jump_keeps_few() {
    let dir = folder();
    for (name, words) in [CLIPS[0], CLIPS[2], CLIPS[13]] {
        let path = clip(&dir, name, words);
        let media = Media::default();
        let pool = media.reader(&path, &ProbeOptions::default()).unwrap();
        pool.frame(85).unwrap();
        let one = media.cached_bytes() / if name == "intra.mov" { 1 } else { 8 };
        assert!(one < 60_000, "{name}: {one} bytes a frame, or more than eight frames were kept");
        pool.frame(84).unwrap();
        // Half of those behind, so that decoders of every kind are done.
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while media.cached_bytes() < 26 * one {
            assert!(std::time::Instant::now() < end, "{name}: {} of {one}", media.cached_bytes());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}
