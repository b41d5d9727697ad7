//! What we write, as the `ffmpeg` and `ffprobe` programs see it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

mod common;

use common::{at, ffmpeg, ffprobe, folder, raw, run, source};
use rushes_engine::{ColorTags, ErrorKind, Layout, Matrix, Planes, Primaries, Rate, Sample, Transfer};
use rushes_media::{
    AudioTrack, EncodeFormat, EncodeSettings, Encoder, Media, Preset, ProbeOptions, SoundForm, probe,
};
use std::path::Path;
use std::sync::Arc;

const WIDTH: u32 = 160;
const HEIGHT: u32 = 96;

fn rate(text: &str) -> Option<Rate> {
    Some(text.parse().unwrap())
}

/// A smooth picture that moves with `n`, in the form the encoder wants; values from 1/8 to 7/8 of the codes.
fn picture(format: EncodeFormat, n: u32) -> Planes {
    let wave = |x: u32, y: u32, plane: usize| {
        let t = f64::from(x + n) / 40.0 + f64::from(y) / 30.0 + plane as f64;
        0.5 + 0.375 * t.sin() * (t / 3.0).cos()
    };
    let top = ((1_u32 << format.bits.min(16)) - 1) as f64;
    let mut store = Vec::new();
    let mut strides = Vec::new();
    for plane in 0..format.layout.planes() {
        let (w, h) = format.layout.plane_size(plane, format.width, format.height);
        // Padding behind the rows, as decoders have it.
        let stride = (w as usize + 5) * format.sample.size();
        let mut bytes = vec![0xaa; stride * h as usize];
        for (y, row) in bytes.chunks_exact_mut(stride).enumerate() {
            for (x, at) in row.chunks_exact_mut(format.sample.size()).take(w as usize).enumerate() {
                let v = wave(x as u32, y as u32, plane);
                match format.sample {
                    Sample::U8 => at[0] = (v * top).round() as u8,
                    Sample::U16 => at.copy_from_slice(&((v * top).round() as u16).to_ne_bytes()),
                    Sample::F16 => at.copy_from_slice(&half::f16::from_f64(v * 4.0 - 1.0).to_ne_bytes()),
                    Sample::F32 => at.copy_from_slice(&(v as f32 * 4.0 - 1.0).to_ne_bytes()),
                }
            }
        }
        store.push(bytes);
        strides.push(stride);
    }
    Planes { info: format.info(), strides, store: Arc::new(store) }
}

/// All samples without padding, plane after plane in the order given.
fn bytes(planes: &Planes, order: &[usize]) -> Vec<u8> {
    let rows = |&p: &usize| {
        let (_, height) = planes.info.plane_size(p);
        (0..height).flat_map(move |y| planes.row(p, y).to_vec())
    };
    order.iter().flat_map(rows).collect()
}

fn write(path: &Path, settings: &EncodeSettings, frames: u32) -> Vec<u8> {
    let mut encoder = Encoder::create(path, settings).unwrap();
    let mut sent = Vec::new();
    for n in 0..frames {
        let planes = picture(encoder.wants(), n);
        sent.extend(bytes(&planes, &(0..planes.info.layout.planes()).collect::<Vec<_>>()));
        encoder.write(&planes).unwrap();
    }
    let written = encoder.finish().unwrap();
    assert_eq!(written.frames, u64::from(frames));
    assert!(written.bytes > 0);
    sent
}

/// Peak signal to noise in decibels of samples of `size` bytes with `top` as the highest code.
fn psnr(a: &[u8], b: &[u8], size: usize, top: f64) -> f64 {
    assert_eq!(a.len(), b.len());
    let value =
        |c: &[u8]| if size == 1 { f64::from(c[0]) } else { f64::from(u16::from_ne_bytes([c[0], c[1]])) };
    let squares: f64 =
        a.chunks_exact(size).zip(b.chunks_exact(size)).map(|(a, b)| (value(a) - value(b)).powi(2)).sum();
    10.0 * (top * top / (squares / (a.len() / size) as f64).max(1e-12)).log10()
}

#[test]
fn clips_have_the_frames_rate_tags_and_picture_they_were_given() {
    // Preset, ending, rate, FFmpeg's pixel format, sample size, highest code, codec, least PSNR in dB.
    for (preset, ending, fps, format, size, top, codec, least) in [
        (Preset::H264, "mp4", "24", "yuv420p", 1, 255.0, "h264", 42.0),
        (Preset::H264, "mkv", "30000/1001", "yuv420p", 1, 255.0, "h264", 42.0),
        (Preset::H264, "mov", "24000/1001", "yuv420p", 1, 255.0, "h264", 42.0),
        (Preset::H265, "mp4", "25", "yuv420p", 1, 255.0, "hevc", 42.0),
        (Preset::H265TenBit, "mkv", "24", "yuv420p10le", 2, 1023.0, "hevc", 42.0),
        (Preset::H265TenBit, "mp4", "60000/1001", "yuv420p10le", 2, 1023.0, "hevc", 42.0),
        (Preset::ProRes422Hq, "mov", "24000/1001", "yuv422p10le", 2, 1023.0, "prores", 50.0),
        (Preset::ProRes4444, "mov", "24", "yuv444p10le", 2, 1023.0, "prores", 50.0),
    ] {
        let dir = folder();
        let path = at(&dir, &format!("a.{ending}"));
        let mut settings = EncodeSettings::new(preset, WIDTH, HEIGHT, rate(fps));
        settings.speed = "veryfast".to_owned();
        let sent = write(&path, &settings, 20);
        let told = |entry: &str| ffprobe(&path, "v:0", entry);
        let name = format!("{preset:?} {ending} {fps}");
        assert_eq!(told("codec_name"), codec, "{name}");
        assert_eq!(told("nb_read_frames"), "20", "{name}");
        let whole = if fps.contains('/') { fps.to_owned() } else { format!("{fps}/1") };
        assert_eq!(told("r_frame_rate"), whole, "{name}");
        if ending != "mkv" {
            assert_eq!(told("avg_frame_rate"), whole, "{name}");
        }
        assert_eq!(told("color_primaries,color_transfer,color_space"), "bt709,bt709,bt709", "{name}");
        if codec != "prores" {
            assert_eq!(told("color_range"), "tv", "{name}");
        }
        // Of ProRes 4444 FFmpeg says 12 bits whatever was put in.
        assert!(told("pix_fmt").starts_with(format.trim_end_matches("10le")), "{name}: {}", told("pix_fmt"));
        let decoded = raw(&path, format);
        let db = psnr(&sent, &decoded, size, top);
        assert!(db > least, "{name}: {db} dB");
        let info = probe(&path, &ProbeOptions::default()).unwrap();
        let clip = info.clip().unwrap();
        assert_eq!((clip.rate, clip.frames), (rate(fps), 20), "{name}");
        assert_eq!(clip.color, ColorTags::BT709, "{name}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "{name}: nothing is left behind");
    }
}

#[test]
fn alpha_lives_in_prores_4444() {
    let dir = folder();
    let path = at(&dir, "a.mov");
    let mut settings = EncodeSettings::new(Preset::ProRes4444, WIDTH, HEIGHT, rate("24"));
    settings.alpha = true;
    let sent = write(&path, &settings, 4);
    assert!(ffprobe(&path, "v:0", "pix_fmt").starts_with("yuva444p"));
    // The decoder gives 12 bits for alpha's sake; compare at the ten that were sent.
    let decoded = raw(&path, "yuva444p10le");
    assert!(psnr(&sent, &decoded, 2, 1023.0) > 50.0);
    let plane = (WIDTH * HEIGHT * 2) as usize;
    assert!(
        psnr(&sent[3 * plane..4 * plane], &decoded[3 * plane..4 * plane], 2, 1023.0) > 60.0,
        "alpha is lossless"
    );
}

#[test]
fn other_tags_are_written_too() {
    let dir = folder();
    let path = at(&dir, "hdr.mp4");
    let mut settings = EncodeSettings::new(Preset::H265TenBit, WIDTH, HEIGHT, rate("24"));
    settings.speed = "ultrafast".to_owned();
    settings.color = ColorTags {
        primaries: Primaries::Bt2020,
        transfer: Transfer::Pq,
        matrix: Matrix::Bt2020,
        ..ColorTags::BT709
    };
    write(&path, &settings, 3);
    let told = ffprobe(&path, "v:0", "color_primaries,color_transfer,color_space,color_range");
    assert_eq!(told, "tv,bt2020nc,smpte2084,bt2020");
    assert_eq!(probe(&path, &ProbeOptions::default()).unwrap().clip().unwrap().color, settings.color);
    // Pictures tagged as RGB are given a matrix that fits.
    settings.color = ColorTags::SRGB;
    assert_eq!(settings.format().color, ColorTags::BT709);
}

#[test]
fn pngs_are_exact_and_carry_the_graph() {
    let graph = "{\"rushes\":1,\"title\":\"Größe 你好\"}";
    for (preset, alpha, format) in [
        (Preset::Png8, false, "gbrp"),
        (Preset::Png8, true, "rgba"),
        (Preset::Png16, false, "gbrp16le"),
        (Preset::Png16, true, "rgba64le"),
    ] {
        let dir = folder();
        let path = at(&dir, "a.png");
        let mut settings = EncodeSettings::new(preset, 37, 23, None);
        (settings.alpha, settings.graph) = (alpha, Some(graph.to_owned()));
        let mut encoder = Encoder::create(&path, &settings).unwrap();
        let planes = picture(encoder.wants(), 0);
        encoder.write(&planes).unwrap();
        encoder.finish().unwrap();
        let order: &[usize] = if alpha { &[1, 2, 0, 3] } else { &[1, 2, 0] };
        let theirs = raw(&path, format);
        let theirs = if alpha { common::planar(&theirs, planes.info.sample.size()) } else { theirs };
        assert!(bytes(&planes, order) == theirs, "{preset:?} {alpha}");
        let info = probe(&path, &ProbeOptions::default()).unwrap();
        assert_eq!(info.graph.as_deref(), Some(graph));
        // And back through our own reader.
        let back = Media::default().own_reader(&path, &ProbeOptions::default()).unwrap().frame(0).unwrap();
        let channel = |p: &Planes, c: usize, x: usize| {
            let size = p.info.sample.size();
            let at = if p.info.layout == Layout::PackedRgba { x * 4 + c } else { x };
            let plane = if p.info.layout == Layout::PackedRgba { 0 } else { c };
            p.row(plane, 11)[at * size..(at + 1) * size].to_vec()
        };
        for x in 0..37 {
            for c in 0..order.len() {
                assert_eq!(channel(&back, c, x), channel(&planes, c, x));
            }
        }
    }
}

#[test]
fn open_exr_keeps_its_floats() {
    for (preset, exact) in [(Preset::ExrHalf, Sample::F16), (Preset::ExrFloat, Sample::F32)] {
        for alpha in [false, true] {
            let dir = folder();
            let path = at(&dir, "a.exr");
            let mut settings = EncodeSettings::new(preset, 37, 23, None);
            settings.alpha = alpha;
            let mut encoder = Encoder::create(&path, &settings).unwrap();
            assert_eq!(encoder.wants().sample, exact);
            let planes = picture(encoder.wants(), 0);
            encoder.write(&planes).unwrap();
            encoder.finish().unwrap();
            let order: &[usize] = if alpha { &[1, 2, 0, 3] } else { &[1, 2, 0] };
            let mut sent = bytes(&planes, order);
            if exact == Sample::F16 {
                let float = |b: &[u8]| half::f16::from_ne_bytes([b[0], b[1]]).to_f32().to_ne_bytes();
                sent = sent.chunks_exact(2).flat_map(float).collect();
            }
            let format = if alpha { "gbrapf32le" } else { "gbrpf32le" };
            assert!(sent == raw(&path, format), "{preset:?} {alpha}: values differ");
            let info = probe(&path, &ProbeOptions::default()).unwrap();
            assert_eq!(info.clip().unwrap().color.transfer, Transfer::Linear);
            assert_eq!((info.clip().unwrap().depth, info.clip().unwrap().alpha), (32, alpha));
        }
    }
}

#[test]
fn numbered_stills_come_back_as_a_sequence() {
    let dir = folder();
    let path = at(&dir, "shot_%04d.png");
    let mut settings = EncodeSettings::new(Preset::Png8, 32, 18, rate("25"));
    settings.first_number = 98;
    write(&path, &settings, 5);
    let mut names: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.first().unwrap(), "shot_0098.png");
    assert_eq!((names.len(), names.last().unwrap().as_str()), (5, "shot_0102.png"));
    let options = ProbeOptions { sequence_rate: "25".parse().unwrap(), ..ProbeOptions::default() };
    for place in [path.as_path(), dir.path()] {
        let media = Media::default();
        let pool = media.reader(place, &options).unwrap();
        assert_eq!(pool.info().clip().unwrap().frames, 5);
        assert_eq!(pool.info().clip().unwrap().rate, rate("25"));
        let third = pool.frame(2).unwrap();
        assert_eq!(third.row(0, 3), picture(settings.format(), 2).row(0, 3));
    }
    std::fs::remove_file(at(&dir, "shot_0100.png")).unwrap();
    let error = probe(&path, &options).unwrap_err();
    assert!(error.what().contains("shot_0100.png"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Missing);
}

#[test]
fn the_graph_rides_in_every_container() {
    let graph = "{\"rushes\":1,\"title\":\"Größe; a=b\\n\",\"nodes\":[]}";
    for name in ["a.mp4", "a.mov", "a.mkv"] {
        let dir = folder();
        let path = at(&dir, name);
        let mut settings = EncodeSettings::new(Preset::H264, 64, 36, rate("24"));
        settings.graph = Some(graph.to_owned());
        write(&path, &settings, 2);
        assert_eq!(probe(&path, &ProbeOptions::default()).unwrap().graph.as_deref(), Some(graph), "{name}");
        let p = path.to_str().unwrap();
        let told = run("ffprobe", &["-v", "error", "-show_entries", "format_tags", "-of", "json", p]);
        let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
        let tags = told["format"]["tags"].as_object().unwrap();
        let found = tags.iter().find(|(k, _)| k.eq_ignore_ascii_case("rushes_graph")).unwrap();
        assert_eq!(found.1, graph, "{name}");
    }
}

#[test]
fn sound_is_copied_where_it_fits_and_encoded_where_not() {
    let dir = folder();
    let sine = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=3";
    let (aac, wav) = (at(&dir, "s.m4a"), at(&dir, "s.wav"));
    ffmpeg(&format!("{sine} -ac 2 -c:a aac"), &aac);
    ffmpeg(&format!("{sine} -ac 2 -c:a pcm_s24le"), &wav);
    for (preset, name, from, codec) in [
        (Preset::H264, "a.mp4", &aac, "aac"),
        (Preset::H264, "b.mp4", &wav, "aac"),
        (Preset::ProRes422Hq, "c.mov", &wav, "pcm_s24le"),
        (Preset::H264, "d.mkv", &wav, "pcm_s24le"),
    ] {
        let path = at(&dir, name);
        let mut settings = EncodeSettings::new(preset, 64, 36, rate("24"));
        settings.audio = AudioTrack::File(from.clone());
        write(&path, &settings, 48);
        assert_eq!(ffprobe(&path, "a:0", "codec_name"), codec, "{name}");
        assert_eq!(ffprobe(&path, "v:0", "nb_read_frames"), "48", "{name}");
        let seconds = sound(&path).len() as f64 / 48_000.0;
        assert!((seconds - 2.0).abs() < 0.05, "{name}: {seconds} s of sound beside 2 s of picture");
        let (ours, theirs) = (sound(&path), sound(from));
        let worst = (2000..90_000).map(|i| (ours[i] - theirs[i]).abs()).fold(0.0, f32::max);
        assert!(worst < 0.02, "{name}: {worst}");
    }
}

/// The left channel at 48 kHz through the `ffmpeg` program.
fn sound(path: &Path) -> Vec<f32> {
    let p = path.to_str().unwrap();
    let bytes = run("ffmpeg", &["-v", "error", "-i", p, "-ac", "1", "-ar", "48000", "-f", "f32le", "-"]);
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

#[test]
fn samples_of_the_callers_become_sound() {
    let dir = folder();
    for (preset, name) in [(Preset::H264, "a.mp4"), (Preset::ProRes422Hq, "a.mov")] {
        let path = at(&dir, name);
        let mut settings = EncodeSettings::new(preset, 64, 36, rate("25"));
        settings.audio = AudioTrack::Samples(SoundForm { sample_rate: 48_000, channels: 1 });
        let mut encoder = Encoder::create(&path, &settings).unwrap();
        let wave: Vec<f32> = (0..48_000).map(|i| 0.5 * (i as f32 * 0.05).sin()).collect();
        for n in 0..25 {
            encoder.write(&picture(encoder.wants(), n)).unwrap();
            encoder.write_audio(&wave[n as usize * 1920..][..1920]).unwrap();
        }
        encoder.finish().unwrap();
        let heard = sound(&path);
        assert!(heard.len().abs_diff(48_000) < 1100, "{name}: {}", heard.len());
        let worst = (2000..45_000).map(|i| (heard[i] - wave[i]).abs()).fold(0.0, f32::max);
        assert!(worst < 0.03, "{name}: {worst}");
    }
}

#[test]
fn nothing_is_left_of_what_was_not_finished() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    std::fs::write(&path, b"precious").unwrap();
    let settings = EncodeSettings::new(Preset::H264, 64, 36, rate("24"));
    let mut encoder = Encoder::create(&path, &settings).unwrap();
    encoder.write(&picture(encoder.wants(), 0)).unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
    drop(encoder);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    let none = Encoder::create(&path, &settings).unwrap().finish().unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Usage);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    let frames = at(&dir, "f_%03d.png");
    let mut encoder = Encoder::create(&frames, &EncodeSettings::new(Preset::Png8, 8, 8, None)).unwrap();
    encoder.write(&picture(encoder.wants(), 0)).unwrap();
    drop(encoder);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_is_refused_with_help() {
    let dir = folder();
    let ok = |preset, w, h| EncodeSettings::new(preset, w, h, rate("24"));
    let refuse = |name: &str, settings: &EncodeSettings| {
        let error = Encoder::create(&at(&dir, name), settings).err().unwrap();
        assert!(!error.help_text().is_empty(), "{error}");
        error.kind()
    };
    assert_eq!(refuse("a.mp4", &ok(Preset::H264, 63, 36)), ErrorKind::Usage);
    assert_eq!(refuse("a.mp4", &ok(Preset::H264, 100_000, 100_000)), ErrorKind::Usage);
    assert_eq!(refuse("a.mp4", &ok(Preset::ProRes422Hq, 64, 36)), ErrorKind::Usage);
    assert_eq!(refuse("a.txt", &ok(Preset::H264, 64, 36)), ErrorKind::Usage);
    assert_eq!(refuse("none/a.mp4", &ok(Preset::H264, 64, 36)), ErrorKind::Missing);
    let mut still = ok(Preset::H264, 64, 36);
    still.rate = None;
    assert_eq!(refuse("a.mp4", &still), ErrorKind::Usage);
    let mut odd = ok(Preset::H264, 64, 36);
    odd.speed = "warp".to_owned();
    assert_eq!(refuse("a.mp4", &odd), ErrorKind::Usage);
    std::fs::write(at(&dir, "file"), b"").unwrap();
    assert_eq!(refuse("file/a.png", &ok(Preset::Png8, 64, 36)), ErrorKind::Missing);
    let path = at(&dir, "b.png");
    let mut encoder = Encoder::create(&path, &ok(Preset::Png8, 8, 8)).unwrap();
    let format = encoder.wants();
    encoder.write(&picture(format, 0)).unwrap();
    assert_eq!(
        encoder.write(&picture(format, 1)).unwrap_err().kind(),
        ErrorKind::Usage,
        "two frames in one still"
    );
    let wrong = EncodeFormat { width: 9, ..format };
    assert_eq!(encoder.write(&picture(wrong, 1)).unwrap_err().kind(), ErrorKind::Usage);
    let wrong = EncodeFormat { sample: Sample::U16, bits: 16, ..format };
    assert_eq!(encoder.write(&picture(wrong, 1)).unwrap_err().kind(), ErrorKind::Usage);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_an_error_of_the_machine() {
    // Not even root may make files there.
    let path = Path::new("/proc/self/a.mp4");
    let error = Encoder::create(path, &EncodeSettings::new(Preset::H264, 64, 36, rate("24"))).err().unwrap();
    assert!(matches!(error.kind(), ErrorKind::System | ErrorKind::Missing), "{error}");
    let path = Path::new("/proc/self/a.png");
    let error = Encoder::create(path, &EncodeSettings::new(Preset::Png8, 64, 36, None)).err().unwrap();
    assert!(matches!(error.kind(), ErrorKind::System | ErrorKind::Missing), "{error}");
}

#[test]
fn every_picture_of_a_clip_survives_the_round_trip_in_order() {
    let dir = folder();
    let path = at(&dir, "a.mp4");
    ffmpeg(&format!("{} -c:v libx264 -pix_fmt yuv420p -qp 0", source("64x36", "24", 24)), &path);
    let info = probe(&path, &ProbeOptions::default()).unwrap();
    let copy = at(&dir, "copy.mp4");
    let mut settings = EncodeSettings::new(Preset::H264, 64, 36, info.clip().unwrap().rate);
    settings.crf = Some(0);
    let media = Media::default();
    let mut reader = media.own_reader(&path, &ProbeOptions::default()).unwrap();
    let mut encoder = Encoder::create(&copy, &settings).unwrap();
    for n in 0..24 {
        encoder.write(&reader.frame(n).unwrap()).unwrap();
    }
    encoder.finish().unwrap();
    assert_eq!(common::framemd5(&copy, ""), common::framemd5(&path, ""), "crf 0 is lossless");
}
