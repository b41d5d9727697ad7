//! Every frame of every kind of clip, by its number, equals what the `ffmpeg` program decodes from the start.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, framemd5, source};
use rushes_engine::Cancel;
use rushes_media::{Media, MediaInfo, Order, ProbeOptions, hashes};
use std::path::Path;
use std::sync::Arc;

/// Compares all frames in three orders and gives what the probe says.
fn same(path: &Path, decoder: &str) -> Arc<MediaInfo> {
    let oracle = framemd5(path, decoder);
    assert!(!oracle.is_empty());
    let info = Media::default().probe(path, &ProbeOptions::default()).unwrap();
    let picture = info.picture().unwrap();
    assert_eq!(picture.frames, oracle.len() as u64, "frames");
    assert_eq!(picture.missing, 0);
    for order in [Order::Forward, Order::Reverse, Order::Shuffled(7)] {
        // A handle of its own each, so that no frame comes from another order's cache.
        let ours = hashes(&Media::default(), path, order, &Cancel::new()).unwrap();
        for (n, (ours, theirs)) in ours.iter().zip(&oracle).enumerate() {
            assert_eq!(ours, theirs, "frame {n} {order:?}");
        }
    }
    info
}

/// Makes a clip and compares it; returns rate and whether it is variable.
fn clip(name: &str, words: &str) -> (Arc<MediaInfo>, String) {
    clip_with(name, words, "")
}

fn clip_with(name: &str, words: &str, decoder: &str) -> (Arc<MediaInfo>, String) {
    let dir = folder();
    let path = at(&dir, name);
    ffmpeg(words, &path);
    let info = same(&path, decoder);
    let timing = &info.picture().unwrap().timing;
    let rate = format!("{}{}", timing.rate().unwrap(), if timing.is_variable() { " variable" } else { "" });
    (info, rate)
}

macro_rules! matrix {
    ($($test:ident: $name:literal, $size:literal, $rate:literal, $frames:literal, $args:literal => $is:literal;)*) => {
        $(#[test]
        fn $test() {
            let words = format!("{} {}", source($size, $rate, $frames), $args);
            let (_, rate) = clip($name, &words);
            assert_eq!(rate, $is);
        })*
    };
}

matrix! {
    h264_long_gop_b_frames: "a.mp4", "160x90", "24", 60, "-c:v libx264 -pix_fmt yuv420p -g 40 -bf 3 -b_strategy 0" => "24";
    h264_open_gop: "a.mp4", "160x90", "24000/1001", 60, "-c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=12:bframes=3:scenecut=0" => "24000/1001";
    h264_open_gop_matroska: "a.mkv", "160x90", "24000/1001", 60, "-c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=12:bframes=3:scenecut=0" => "24000/1001";
    h264_open_gop_transport_stream: "a.ts", "160x90", "30000/1001", 60, "-c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=15:bframes=3" => "30000/1001";
    h264_intra_refresh: "a.mp4", "160x90", "25", 60, "-c:v libx264 -pix_fmt yuv420p -x264-params intra-refresh=1:keyint=15" => "25";
    h264_pyramid_references: "a.mp4", "160x90", "60000/1001", 60, "-c:v libx264 -pix_fmt yuv420p -refs 5 -x264-params b-pyramid=normal:bframes=8:keyint=25" => "60000/1001";
    h264_10_bit_422: "a.mov", "160x90", "25", 40, "-c:v libx264 -pix_fmt yuv422p10le -g 12" => "25";
    h264_444_lossless: "a.mkv", "160x90", "25", 30, "-c:v libx264 -pix_fmt yuv444p -qp 0" => "25";
    h264_rgb: "a.mkv", "160x90", "25", 30, "-c:v libx264rgb -qp 0" => "25";
    h264_gray: "a.mp4", "160x90", "25", 30, "-c:v libx264 -pix_fmt gray" => "25";
    h264_odd_size: "a.mkv", "161x91", "24", 40, "-c:v libx264 -pix_fmt yuv444p -g 12" => "24";
    h264_interlaced: "a.mp4", "160x96", "25", 40, "-c:v libx264 -pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1:keyint=12" => "25";
    h264_bare: "a.h264", "160x90", "25", 50, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3" => "25";
    h264_avi: "a.avi", "160x90", "25", 50, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3" => "25";
    h264_flv: "a.flv", "160x90", "30", 50, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 2" => "30";
    h264_one_frame: "a.mp4", "160x90", "24", 1, "-c:v libx264 -pix_fmt yuv420p" => "24";
    h264_one_frame_a_second: "a.mp4", "160x90", "1", 20, "-c:v libx264 -pix_fmt yuv420p -g 8" => "1";
    h265_8_bit: "a.mp4", "160x90", "25", 50, "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=15:bframes=4" => "25";
    h265_10_bit_open_gop: "a.mp4", "160x90", "24000/1001", 50, "-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=none:open-gop=1:keyint=12:bframes=3" => "24000/1001";
    h265_12_bit: "a.mkv", "160x90", "24", 40, "-c:v libx265 -pix_fmt yuv422p12le -x265-params log-level=none:keyint=12" => "24";
    h265_bare: "a.h265", "160x90", "25", 50, "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=12" => "25";
    h265_transport_stream: "a.ts", "160x90", "50", 50, "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=12" => "50";
    h265_odd_size_420: "a.mp4", "162x90", "25", 30, "-c:v libx265 -pix_fmt yuv420p -x265-params log-level=none:keyint=8" => "25";
    prores_422: "a.mov", "160x90", "24", 30, "-c:v prores_ks -profile:v hq" => "24";
    prores_4444_alpha: "a.mov", "160x90", "24", 30, "-vf format=rgba,colorchannelmixer=aa=0.5 -c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le" => "24";
    prores_interlaced: "a.mov", "160x96", "25", 30, "-c:v prores_ks -profile:v 2 -flags +ildct" => "25";
    vp8_hidden_frames: "a.webm", "160x90", "25", 60, "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -arnr-maxframes 7 -g 30 -b:v 200k" => "25";
    vp9: "a.webm", "160x90", "30000/1001", 60, "-c:v libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 16 -g 30 -deadline realtime -cpu-used 8" => "30000/1001";
    vp9_odd_size: "a.webm", "161x91", "24", 40, "-c:v libvpx-vp9 -pix_fmt yuv420p -g 16 -deadline realtime -cpu-used 8" => "24";
    vp9_ivf: "a.ivf", "160x90", "24", 40, "-c:v libvpx-vp9 -pix_fmt yuv420p -g 16 -deadline realtime -cpu-used 8" => "24";
    av1: "a.mp4", "160x90", "24", 30, "-c:v libsvtav1 -preset 12 -g 12" => "24";
    av1_matroska_10_bit: "a.mkv", "160x90", "24000/1001", 30, "-c:v libsvtav1 -preset 12 -g 12 -pix_fmt yuv420p10le" => "24000/1001";
    mpeg2_transport_stream: "a.ts", "160x90", "25", 50, "-c:v mpeg2video -g 12 -bf 2" => "25";
    mpeg2_program_stream: "a.mpg", "160x90", "30000/1001", 50, "-c:v mpeg2video -g 12 -bf 2" => "30000/1001";
    mpeg2_material_exchange: "a.mxf", "160x90", "25", 50, "-c:v mpeg2video -g 12 -bf 2" => "25";
    mpeg2_bare: "a.m2v", "160x90", "25", 50, "-c:v mpeg2video -g 12 -bf 2" => "25";
    mpeg2_interlaced: "a.ts", "160x96", "25", 40, "-c:v mpeg2video -g 12 -bf 2 -flags +ildct+ilme" => "25";
    mpeg4_avi_b_frames: "a.avi", "160x90", "25", 50, "-c:v mpeg4 -g 12 -bf 2" => "25";
    mpeg4_mp4_b_frames: "a.mp4", "160x90", "30", 50, "-c:v mpeg4 -g 12 -bf 2" => "30";
    motion_jpeg: "a.mov", "160x90", "25", 30, "-c:v mjpeg -pix_fmt yuvj422p" => "25";
    motion_jpeg_avi_odd_size: "a.avi", "161x91", "25", 30, "-c:v mjpeg -pix_fmt yuvj420p" => "25";
    dnxhr: "a.mov", "256x120", "24", 20, "-c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p" => "24";
    dnxhr_444: "a.mxf", "256x120", "24", 20, "-c:v dnxhd -profile:v dnxhr_444 -pix_fmt yuv444p10le" => "24";
    ffv1_12_bit: "a.mkv", "160x90", "24", 40, "-c:v ffv1 -pix_fmt yuv420p12le -g 10" => "24";
    ffv1_16_bit_rgb: "a.mkv", "160x90", "24", 20, "-c:v ffv1 -pix_fmt gbrp16le" => "24";
    ffv1_alpha_odd_size: "a.mkv", "161x91", "24", 20, "-vf format=yuva420p -c:v ffv1 -pix_fmt yuva420p" => "24";
    huffyuv: "a.avi", "160x90", "25", 30, "-c:v huffyuv -pix_fmt yuv422p" => "25";
    ffvhuff_context: "a.mkv", "160x90", "25", 30, "-c:v ffvhuff -context 1 -pix_fmt yuv420p" => "25";
    animation_rle_rgb: "a.mov", "160x90", "24", 30, "-c:v qtrle -pix_fmt rgb24" => "24";
    animation_rle_alpha: "a.mov", "160x90", "24", 30, "-vf format=argb,colorchannelmixer=aa=0.5 -c:v qtrle -pix_fmt argb" => "24";
    png_in_quicktime: "a.mov", "160x90", "24", 20, "-c:v png -pix_fmt rgba" => "24";
    png_16_bit_in_quicktime: "a.mov", "160x90", "24", 20, "-c:v png -pix_fmt rgb48be" => "24";
    v210: "a.mov", "160x90", "24", 20, "-c:v v210" => "24";
    raw_packed_yuv: "a.mov", "160x90", "24", 20, "-c:v rawvideo -pix_fmt uyvy422" => "24";
    raw_nv12_nut: "a.nut", "160x90", "24", 20, "-c:v rawvideo -pix_fmt nv12" => "24";
    raw_bgr_avi: "a.avi", "160x90", "24", 20, "-c:v rawvideo -pix_fmt bgr24" => "24";
    raw_palette: "a.avi", "160x90", "24", 20, "-c:v rawvideo -pix_fmt pal8" => "24";
    yuv4mpeg: "a.y4m", "161x91", "30000/1001", 30, "-pix_fmt yuv420p" => "30000/1001";
    jpeg2000: "a.mxf", "160x90", "24", 10, "-c:v jpeg2000 -pix_fmt yuv422p10le" => "24";
    gif: "a.gif", "160x90", "25", 30, "" => "25";
    theora: "a.ogv", "160x96", "25", 40, "-c:v libtheora -g 12 -q:v 6" => "25";
    flash_video: "a.flv", "160x90", "25", 40, "-c:v flv -g 12" => "25";
    windows_media: "a.wmv", "160x90", "25", 40, "-c:v wmv2 -g 12" => "25";
    negative_start: "a.mkv", "160x90", "25", 40, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3 -output_ts_offset -0.5 -avoid_negative_ts disabled" => "25";
    late_start: "a.ts", "160x90", "25", 40, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3 -output_ts_offset 100" => "25";
    fragmented: "a.mp4", "160x90", "25", 60, "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3 -movflags frag_keyframe+empty_moov" => "25";
}

#[test]
fn alpha_of_vp8_and_vp9_comes_from_the_libvpx_decoder() {
    let alpha = "-vf format=yuva420p,colorchannelmixer=aa=0.5 -pix_fmt yuva420p -auto-alt-ref 0";
    for (encoder, decoder) in [("libvpx", "libvpx"), ("libvpx-vp9", "libvpx-vp9")] {
        let words = format!(
            "{} {alpha} -c:v {encoder} -g 12 -deadline realtime -cpu-used 8",
            source("160x90", "24", 40)
        );
        let (info, _) = clip_with("a.webm", &words, &format!("-c:v {decoder}"));
        assert!(info.clip().unwrap().alpha, "{encoder}");
    }
}

#[test]
fn rotations_are_told_and_the_stored_frames_stay_as_they_are() {
    let dir = folder();
    let straight = at(&dir, "straight.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -g 12", source("160x90", "24", 30)), &straight);
    for (degrees, size) in [(90, (90, 160)), (180, (160, 90)), (270, (90, 160))] {
        let path = at(&dir, &format!("{degrees}.mp4"));
        ffmpeg(&format!("-i {} -c copy -metadata:s:v:0 rotate={degrees}", straight.display()), &path);
        let info = same(&path, "");
        let picture = info.picture().unwrap();
        assert_eq!((picture.width, picture.height), (160, 90));
        let clip = info.clip().unwrap();
        assert_eq!((clip.width, clip.height), size);
    }
}

#[test]
fn a_cut_with_an_edit_list_gives_the_frames_of_the_cut() {
    let dir = folder();
    let whole = at(&dir, "whole.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -g 20 -bf 3", source("160x90", "24", 60)), &whole);
    for (name, start) in [("a.mp4", "0.6"), ("b.mov", "1.0"), ("c.mkv", "0.7"), ("d.ts", "1.3")] {
        let path = at(&dir, name);
        ffmpeg(&format!("-ss {start} -i {} -c copy", whole.display()), &path);
        same(&path, "");
    }
}

#[test]
fn a_stream_that_begins_inside_a_group_gives_what_can_be_decoded() {
    let dir = folder();
    let whole = at(&dir, "whole.ts");
    let open = "-x264-params open-gop=1:keyint=12:bframes=3:scenecut=0";
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p {open}", source("160x90", "25", 60)), &whole);
    let bytes = std::fs::read(&whole).unwrap();
    let cut = at(&dir, "cut.ts");
    std::fs::write(&cut, &bytes[188 * (bytes.len() / 188 / 3)..]).unwrap();
    let oracle = framemd5(&cut, "");
    assert!(oracle.len() < 60);
    same(&cut, "");
}

#[test]
fn a_variable_rate_keeps_every_stored_frame() {
    let dir = folder();
    for name in ["a.mp4", "a.mkv"] {
        let path = at(&dir, name);
        let drop = "-vf select='not(mod(n\\,3))+not(mod(n\\,7))' -fps_mode passthrough";
        ffmpeg(
            &format!(
                "-f lavfi -i testsrc2=size=160x90:rate=30 {drop} -frames:v 40 -c:v libx264 -pix_fmt yuv420p -g 12"
            ),
            &path,
        );
        let info = same(&path, "");
        let timing = &info.picture().unwrap().timing;
        assert!(timing.is_variable(), "{name}");
        // Frames 0, 3, 6, 7, 9 of thirty a second.
        let rate = "30".parse().unwrap();
        let shown: Vec<u64> = (0..10).map(|n| timing.conform_index(rate, n)).collect();
        assert_eq!(shown, [0, 0, 0, 1, 1, 1, 2, 3, 3, 4], "{name}");
    }
}

#[test]
fn interlace_is_reported() {
    let fields = format!("{} -flags +ildct+ilme -c:v mpeg2video -g 12", source("160x96", "25", 20));
    let (info, _) = clip("a.ts", &fields);
    assert!(info.picture().unwrap().interlaced);
    let (info, _) = clip("a.ts", &format!("{} -c:v mpeg2video -g 12", source("160x96", "25", 20)));
    assert!(!info.picture().unwrap().interlaced);
}

#[test]
fn sound_beside_the_picture_changes_no_frame() {
    let dir = folder();
    for (name, codecs) in [
        ("a.mp4", "-c:v libx264 -bf 3 -c:a aac"),
        ("a.mov", "-c:v prores_ks -c:a pcm_s16le"),
        ("a.mkv", "-c:v libx264 -bf 3 -c:a flac"),
        ("a.avi", "-c:v mpeg4 -c:a mp3"),
        ("a.ts", "-c:v mpeg2video -bf 2 -c:a mp2"),
        ("a.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus"),
    ] {
        let path = at(&dir, name);
        let picture = source("160x90", "25", 50);
        let (input, frames) = picture.split_once(" -frames:v").unwrap();
        // Three seconds of sound beside two of picture.
        let sound = "-f lavfi -i sine=sample_rate=48000:duration=3";
        ffmpeg(
            &format!(
                "{input} {sound} -frames:v {frames} -g 12 -pix_fmt {} {codecs}",
                if name == "a.mov" { "yuv422p10le" } else { "yuv420p" }
            ),
            &path,
        );
        let info = same(&path, "");
        assert_eq!(info.audio.as_ref().unwrap().sample_rate, 48_000, "{name}");
    }
}

#[test]
fn conforming_shows_the_frames_of_ffmpegs_rate_filter() {
    let dir = folder();
    let (even, uneven) = (at(&dir, "even.mp4"), at(&dir, "uneven.mp4"));
    let codec = "-c:v libx264 -pix_fmt yuv420p -g 12";
    ffmpeg(&format!("{} {codec}", source("64x36", "24000/1001", 48)), &even);
    let drop = "-vf select='not(mod(n\\,3))+not(mod(n\\,7))' -fps_mode passthrough";
    ffmpeg(&format!("-f lavfi -i testsrc2=size=64x36:rate=30 {drop} -frames:v 40 {codec}"), &uneven);
    for path in [&even, &uneven] {
        let stored = framemd5(path, "");
        let info = Media::default().probe(path, &ProbeOptions::default()).unwrap();
        let timing = &info.picture().unwrap().timing;
        for rate in ["24", "25", "30000/1001", "60", "12"] {
            let p = path.to_str().unwrap();
            // A frame is shown from the first tick at or after its time: rounding up.
            let filter = format!("fps={rate}:round=up");
            let args =
                ["-v", "error", "-i", p, "-vf", &filter, "-fps_mode", "passthrough", "-f", "framemd5", "-"];
            let text = String::from_utf8(common::run("ffmpeg", &args)).unwrap();
            let lines = text.lines().filter(|l| !l.starts_with('#'));
            let theirs: Vec<&str> = lines.map(|l| l.rsplit(',').next().unwrap().trim()).collect();
            let rate: rushes_engine::Rate = rate.parse().unwrap();
            assert!(theirs.len().abs_diff(timing.conform_len(rate) as usize) <= 1, "{rate}");
            for (n, md5) in theirs.iter().enumerate() {
                let ours = &stored[timing.conform_index(rate, n as i64) as usize];
                assert_eq!(ours, md5, "{} at {rate}: frame {n}", path.display());
            }
        }
    }
}
