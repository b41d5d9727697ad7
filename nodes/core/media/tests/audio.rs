//! Sound by the sample equals what the `ffmpeg` program decodes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, folder, run};
use rushes_media::{AudioReader, ProbeOptions, probe};
use std::path::Path;

fn oracle(path: &Path, more: &[&str]) -> Vec<f32> {
    let mut args = vec!["-v", "error", "-i", path.to_str().unwrap(), "-map", "0:a:0"];
    args.extend(more);
    args.extend(["-c:a", "pcm_f32le", "-f", "f32le", "-"]);
    run("ffmpeg", &args).chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

const TONES: &str = "-f lavfi -i aevalsrc='sin(440*2*PI*t)*0.4|sin(553*2*PI*t*(1+t/9))*0.3':s=44100:d=1.7";

#[test]
fn every_codec_gives_the_samples_that_ffmpeg_gives() {
    for (name, args) in [
        ("a.wav", "-c:a pcm_s16le"),
        ("a.mov", "-c:a pcm_s24le"),
        ("a.flac", "-c:a flac"),
        ("a.m4a", "-c:a aac"),
        ("a.mp4", "-c:a alac"),
        ("a.mp3", "-c:a libmp3lame"),
        ("a.ogg", "-c:a libvorbis"),
        ("a.mkv", "-c:a libopus"),
        ("a.mka", "-c:a aac"),
        ("a.ts", "-c:a aac"),
        ("a.ac3", "-c:a ac3"),
        ("a.aiff", "-c:a pcm_s16be"),
    ] {
        let dir = folder();
        let path = at(&dir, name);
        ffmpeg(&format!("{TONES} {args}"), &path);
        let theirs = oracle(&path, &[]);
        let mut reader = AudioReader::open(&path, None, None).unwrap();
        let channels = usize::from(reader.form().channels);
        let ours = reader.read(0, 10_000_000).unwrap();
        assert_eq!(ours.len(), theirs.len(), "{name} {args}");
        let differ = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        assert_eq!(differ, None, "{name} {args}");
        let info = probe(&path, &ProbeOptions::default()).unwrap().audio.clone().unwrap();
        assert_eq!(info.samples, (theirs.len() / channels) as u64, "{name} {args}: counted over the packets");
        assert_eq!((usize::from(info.channels), info.layout.as_str()), (channels, "stereo"));
        // Pieces, forwards, backwards, and beyond the end.
        for (start, count) in
            [(0, 1), (1000, 777), (1777, 4096), (500, 10), (60_000, 1000), (0, 5), (200_000, 10)]
        {
            let piece = reader.read(start, count).unwrap();
            let from = (start as usize * channels).min(theirs.len());
            let to = (from + count * channels).min(theirs.len());
            assert!(piece == theirs[from..to], "{name} {args}: {start}+{count}");
        }
    }
}

#[test]
fn other_rates_and_layouts_are_converted_as_ffmpeg_does() {
    let dir = folder();
    let stereo = at(&dir, "stereo.flac");
    ffmpeg(TONES, &stereo);
    let surround = at(&dir, "surround.flac");
    ffmpeg(
        "-f lavfi -i aevalsrc='0.1*sin(t*400)|0.1*sin(t*500)|0.2*sin(t*600)|0.1*sin(t*90)|0.1*sin(t*700)|0.1*sin(t*800)':s=48000:d=1:c=5.1",
        &surround,
    );
    for (path, rate, channels) in [
        (&stereo, 48_000, 2),
        (&stereo, 44_100, 1),
        (&surround, 48_000, 2),
        (&surround, 44_100, 1),
        (&stereo, 22_050, 6),
    ] {
        let (ar, ac) = (rate.to_string(), channels.to_string());
        let theirs = oracle(path, &["-ar", &ar, "-ac", &ac]);
        let mut reader = AudioReader::open(path, Some(rate), Some(channels)).unwrap();
        let ours = reader.read(0, 1_000_000).unwrap();
        assert_eq!(ours.len(), theirs.len(), "{rate} {channels}");
        // FFmpeg's program resamples 16-bit codes and converts after; a code is 1/32768.
        let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= 2.0 / 32768.0, "{rate} {channels}: {worst}");
    }
}

#[test]
fn sound_that_begins_later_than_the_picture_says_by_how_much() {
    let dir = folder();
    let path = at(&dir, "a.mkv");
    ffmpeg(
        "-f lavfi -i testsrc2=size=64x36:rate=25:duration=1 -itsoffset 0.5 -f lavfi -i sine=duration=0.4:sample_rate=48000 \
         -c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le",
        &path,
    );
    let info = probe(&path, &ProbeOptions::default()).unwrap();
    let audio = info.audio.clone().unwrap();
    assert!((audio.offset_s - 0.5).abs() < 0.002, "{}", audio.offset_s);
    assert_eq!(audio.samples, 19_200);
    assert!(AudioReader::open(&at(&dir, "none.wav"), None, None).is_err());
    let silent = at(&dir, "silent.mp4");
    ffmpeg("-f lavfi -i testsrc2=size=64x36:duration=0.1 -c:v libx264 -pix_fmt yuv420p", &silent);
    assert!(AudioReader::open(&silent, None, None).err().unwrap().what().contains("no sound"));
}
